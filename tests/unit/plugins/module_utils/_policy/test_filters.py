from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    filters as _filters,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host.wiring import Wired
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    filters as _needed,
)

PANEL, LOGIN, IP, JWT, TOKEN, CSP = (
    f"io.antmedia.{name}"
    for name in (
        "filter.IPFilterDashboard",
        "console.rest.AuthenticationFilter",
        "filter.IPFilter",
        "filter.JWTFilter",
        "filter.TokenFilterManager",
        "filter.ContentSecurityPolicyHeaderFilter",
    )
)


@pytest.fixture
def compiled(fake):
    """An installation that has no filter at all, and what a policy wants of it."""

    def make(version="2.17.1", **policy):
        installation = fake.installation(version=version)
        words = {word: text for word, text in fake.SECRETS.items() if word != "management"}
        policy.setdefault(
            "secrets", {"management": fake.SECRETS["management"], "app_defaults": words}
        )
        policy.update(unenforceable="warn", allow_lockout=True)
        number = _versions.parse(version)
        wired = {
            app: Wired("W", dict.fromkeys(_filters.of(where, number), "/f/web.xml has no filter F"))
            for app, where in (("", "panel"), ("LiveApp", "application"), ("events", "application"))
        }
        return _compile.compile_policy(policy, installation), installation, wired

    return make


@pytest.fixture
def needs(compiled):
    """The filters that a policy needs, as pairs of an application and a class."""

    def run(**policy):
        wanted, _installation, wired = compiled(**policy)
        return {(each.app, each.filter.name) for each in _needed.missing(wanted, wired)}

    return run


LIVE = "LiveApp"


@pytest.mark.parametrize(
    ("policy", "names"),
    [
        ({"dashboard_cidrs": ["127.0.0.1"]}, {("", PANEL)}),
        ({"dashboard_cidrs": "any"}, set()),
        ({"dashboard_cidrs": "deny_all"}, {("", PANEL)}),
        ({"management_jwt": True}, set()),
        ({"apps": {LIVE: {"rest_cidrs": ["127.0.0.1"]}}}, {(LIVE, IP)}),
        ({"apps": {LIVE: {"rest_cidrs": "deny_all"}}}, {(LIVE, IP)}),
        ({"apps": {LIVE: {"settings": {"ipFilterEnabled": True}}}}, {(LIVE, IP)}),
        ({"apps": {LIVE: {"settings": {"ipFilterEnabled": False}}}}, set()),
        (
            {
                "apps": {
                    LIVE: {
                        "settings": {"ipFilterEnabled": False, "remoteAllowedCIDR": ["127.0.0.1"]}
                    }
                }
            },
            set(),
        ),
        ({"apps": {LIVE: {"rest_jwt": True}}}, {(LIVE, JWT)}),
        ({"apps": {LIVE: {"rest_jwt": False}}}, set()),
        ({"apps": {LIVE: {"play": "jwt"}}}, {(LIVE, TOKEN)}),
        ({"apps": {LIVE: {"play": "one_time"}}}, {(LIVE, TOKEN)}),
        ({"apps": {LIVE: {"play": "hash"}}}, {(LIVE, TOKEN)}),
        ({"apps": {LIVE: {"play": "totp"}}}, {(LIVE, TOKEN)}),
        ({"apps": {LIVE: {"play": "none"}}}, set()),
        ({"apps": {LIVE: {"publish": "jwt"}}}, set()),
        (
            {"apps": {LIVE: {"settings": {"contentSecurityPolicyHeaderValue": "default-src"}}}},
            {(LIVE, CSP)},
        ),
        ({"apps": {LIVE: {"settings": {"hlsTime": 2}}}}, set()),
        ({"app_defaults": {"rest_jwt": True}}, {(LIVE, JWT), ("events", JWT)}),
    ],
)
def test_what_a_policy_needs(needs, policy, names):
    """The log-in of the panel always: who is let in there can undo the rest."""
    assert needs(**policy) == names | {("", LOGIN)}


def test_everybody_in_an_applications_list_needs_no_filter(needs):
    # Everybody, and so 127.0.0.1, which is kept.
    assert needs(apps={LIVE: {"rest_cidrs": "any"}}) == {("", LOGIN)}


def test_a_policy_that_names_nothing_needs_nothing(needs):
    assert needs() == set()


def test_a_fault_names_application_file_filter_and_remedy(compiled):
    faults = _needed.faults(*compiled(apps={LIVE: {"rest_jwt": True}}))
    assert faults == [
        "the panel: /f/web.xml has no filter F, so nothing asks for a log-in or a token at the"
        " management API (server.jwtServerControlEnabled); have it as the archive of Ant Media"
        " Server 2.17.1 has it, and restart the server",
        "app LiveApp: /f/web.xml has no filter F, so nothing asks for a token at the REST API"
        " (jwtControlEnabled); have it as StreamApp-2.17.1.war in /ams has it, and restart the"
        " server",
    ]


def test_a_version_that_ships_without_it(compiled):
    policy = {"settings": {"contentSecurityPolicyHeaderValue": "default-src"}}
    *_others, fault = _needed.faults(*compiled(version="2.12.0", apps={LIVE: policy}))
    assert fault.endswith("Ant Media Server 2.12.0 ships without it; add it there, and restart the"
                          " server")  # fmt: skip
