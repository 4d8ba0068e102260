"""The whole of a policy: all its faults at once, whatever comes."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    app as _app,
    compile as _compile,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from hypothesis import given, strategies as st

BOTH = ("LiveApp", "events")


def test_an_empty_policy_asks_for_nothing(compile_):
    wanted = compile_()
    assert wanted == Wanted({}, {"LiveApp": {}, "events": {}}, [])
    assert wanted.of("") is wanted.server
    assert wanted.of("events") is wanted.apps["events"]


UNFIT = {
    "half\ud800": "holds half a character (a lone surrogate), which no file can hold",
    "__omit_place_holder__0123456789abcdef0123456789abcdef01234567": (
        "holds what omit leaves behind where it is not the value of a key as a whole; leave it out"
    ),
    "<<Omit>>": (
        "holds what omit leaves behind where it is not the value of a key as a whole; leave it out"
    ),
}


PLACES = {
    "antmedia_dashboard_cidrs": lambda text: {"dashboard_cidrs": ["10.0.0.1", [text]]},
    "antmedia_management_jwt": lambda text: {"management_jwt": text},
    "antmedia_trusted_proxies": lambda text: {"trusted_proxies": [text]},
    "antmedia_operator_cidrs": lambda text: {"operator_cidrs": [text]},
    "antmedia_unenforceable": lambda text: {"unenforceable": text},
    "antmedia_widest_prefix.ipv4": lambda text: {"widest_prefix": {"ipv4": text}},
    "antmedia_server_settings.server.name": lambda text: {"server_settings": {"server.name": text}},
    "antmedia_app_defaults.rest_cidrs": lambda text: {"app_defaults": {"rest_cidrs": [text]}},
    "antmedia_apps.LiveApp.play": lambda text: {"apps": {"LiveApp": {"play": text}}},
    "antmedia_apps.LiveApp.settings.gopSize": lambda text: {
        "apps": {"LiveApp": {"settings": {"gopSize": text}}}
    },
    "antmedia_secrets.management": lambda text: {
        "management_jwt": True,
        "secrets": {"management": text},
    },
    "antmedia_secrets.apps.LiveApp.rest": lambda text: {
        "app_defaults": {"rest_jwt": True},
        "secrets": {"apps": {"LiveApp": {"rest": text}, "events": {"rest": FIT}}},
    },
}


FIT = "fIt-for-everything-0123456789-abcdef"


@pytest.mark.parametrize("text", UNFIT)
@pytest.mark.parametrize("variable", PLACES)
def test_what_is_no_text_is_one_fault_that_names_the_variable(faults, variable, text):
    on = {"container": b"<beans/>"} if "proxies" in variable else {}
    found = [f for f in faults(on=on, **PLACES[variable](text)) if "jee-container" not in f]
    assert found == [f"{variable}: {UNFIT[text]}"]


@pytest.mark.parametrize(
    "policy, variable",
    [
        ({"apps": {"a\ud800": {}}}, r"antmedia_apps.a\ud800"),
        ({"app_defaults": {"\ud800": 1}}, r"antmedia_app_defaults.\ud800"),
        (
            {"apps": {"LiveApp": {"settings": {"\ud800": 1}}}},
            r"antmedia_apps.LiveApp.settings.\ud800",
        ),
        ({"secrets": {"\ud800": "x"}}, r"antmedia_secrets.\ud800"),
    ],
)
def test_a_name_that_is_no_text(faults, policy, variable):
    (fault,) = faults(**policy)
    assert fault.startswith(f"{variable}: the name holds half a character")
    assert fault.encode()


def test_what_is_nested_without_end(faults):
    value = []
    for _level in range(100_000):
        value = [value]
    assert faults(dashboard_cidrs=value) == [
        "antmedia_dashboard_cidrs: is nested more than 50 deep"
    ]
    while value:  # Python itself would fall over it
        value = value[0]


def test_a_fault_of_the_defaults_is_told_once(faults):
    found = faults(app_defaults={"rest_cidr": [], "settings": {"hlsTme": 1}, "rest_jwt": "maybe"})
    assert len(found) == 3


def test_every_fault_in_one_error(faults, fake):
    found = faults(
        dashboard_cidrs=["10.1.2.3/8"],
        server_settings={"http.port": "many"},
        app_defaults={"rest_jwt": "maybe", "rest_cidrs": []},
        apps={"nope": {}, "LiveApp": {"play": "jwt", "settings": {"hlsTme": 1}}},
        secrets={"management": "sh0rt-One", "apps": {"LiveApp": {"stream": "sh0rt-Two"}}},
    )
    for variable in (
        "antmedia_dashboard_cidrs: ",
        "antmedia_server_settings.http.port: ",
        "antmedia_app_defaults.rest_jwt: ",
        "antmedia_app_defaults.rest_cidrs: ",
        "antmedia_apps.nope: ",
        "antmedia_apps.LiveApp.play: ",
        "antmedia_apps.LiveApp.settings.hlsTme: ",
        "antmedia_secrets.management: ",
        "antmedia_secrets.apps.LiveApp.stream: ",
    ):
        assert [fault for fault in found if fault.startswith(variable)], variable
    assert len(found) == 9


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


WORDS = st.sampled_from([*_app.WORDS, "x"])
NAMES = st.sampled_from([s.name for s in _catalogue.of_file(_catalogue.APP)])


KEYS = st.dictionaries(WORDS, JSON | st.dictionaries(NAMES, JSON, max_size=3), max_size=4)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "dashboard_cidrs": JSON,
            "management_jwt": st.none() | st.booleans(),
            "server_settings": JSON,
            "app_defaults": KEYS | JSON,
            "apps": st.dictionaries(st.sampled_from([*BOTH, "x"]), KEYS | JSON, max_size=3) | JSON,
            "secrets": st.none()
            | st.dictionaries(
                st.sampled_from(["management", "apps", "app_defaults", "settings", "x"]),
                JSON | st.dictionaries(st.sampled_from([*BOTH, "rest", "settings"]), JSON),
            ),
        },
    ),
)
def test_whatever_comes_is_compiled_or_refused(fake, policy):
    """Never another error; and what is compiled is what the server can read."""
    found = fake.installation(edition="enterprise")
    try:
        wanted = _compile.compile_policy(policy, found)
    except _compile.PolicyError as error:
        assert error.faults
        return
    for app in ("", *BOTH):
        for name, text in wanted.of(app).items():
            setting = _catalogue.by_name(_catalogue.APP if app else _catalogue.SERVER, name)
            assert setting.key(found.version)
            assert _catalogue.same(setting, text, text)
            assert "${" not in text
            assert "#{" not in text
