"""The policy file: what is right is read whole, and what is not is not read at all."""

from __future__ import annotations

import copy
import ipaddress
import json

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import policy as _policy
from hypothesis import given, strategies as st

from .conftest import NOW, POLICY, PREVIOUS, SECRET

APP = ("applications", "LiveApp")


def changed(value, *path):
    """The policy with another value at a path; an ellipsis takes it out."""
    whole = copy.deepcopy(POLICY)
    place = whole
    for key in path[:-1]:
        place = place[key]
    if value is ...:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return whole


def faults(value):
    with pytest.raises(_policy.Broken) as broken:
        _policy.read(value if isinstance(value, str) else json.dumps(value))
    assert "test-only" not in str(broken.value)
    return broken.value.faults


def test_all_of_it_is_read(text):
    policy = _policy.read(text)
    assert policy.home == "/usr/local/antmedia"
    assert policy.version == (2, 17, 1)
    assert vars(policy.upstream) == {"http": 15080, "rtmp": 11935}
    assert vars(policy.listen) == POLICY["listen"]
    assert policy.certificate is None
    assert policy.proxies == (ipaddress.ip_network("10.0.0.5/32"),)
    assert policy.panel == (ipaddress.ip_network("127.0.0.1/32"),)
    assert set(policy.applications) == {"LiveApp", "open"}
    app = policy.applications["LiveApp"]
    assert app.publish == _policy.Direction("jwt", (_policy.Secret(SECRET),))
    assert app.play.secrets[1] == _policy.Secret(PREVIOUS, NOW + 60)
    assert app.play.rtmp == "refused"
    assert app.publishers == tuple(map(ipaddress.ip_network, ("198.51.100.0/24", "2001:db8::/32")))
    assert (app.rest, app.viewers_per_token) == (None, 0)
    other = policy.applications["open"]
    assert (other.publishers, other.rest, other.play.rtmp) == (None, (), "asked")


def test_no_secret_is_shown(text):
    assert "test-only" not in repr(_policy.read(text))


def test_written_and_read_again(text):
    policy = _policy.read(text)
    assert json.loads(_policy.written(policy)) == POLICY
    assert _policy.read(_policy.written(policy)) == policy
    assert _policy.written(policy) == _policy.written(_policy.read(_policy.written(policy)))


def test_written_with_all_that_may_be_there(plain):
    plain["certificate"] = {"certificate": "/etc/x.pem", "key": "/etc/x.key"}
    plain["listen"].update(https=5443, rtmps=8443)
    plain["panel"] = {"cidrs": None}
    policy = _policy.read(json.dumps(plain))
    assert json.loads(_policy.written(policy)) == plain
    assert policy.panel is None


def test_cut_off_at_every_byte_it_is_no_policy(text):
    text = _policy.written(_policy.read(text)).rstrip("\n")
    for end in range(len(text)):
        assert faults(text[:end]), end


@given(st.data())
def test_a_part_of_another_policy_behind_it_is_no_policy(data):
    text = json.dumps(POLICY)
    other = json.dumps(changed("/opt/another/antmedia", "home"))
    start = data.draw(st.integers(0, len(other) - 1))
    assert faults(text + other[start:])


EVERY_PATH = [
    (),
    *[(key,) for key in POLICY],
    *[("upstream", key) for key in POLICY["upstream"]],
    *[("listen", key) for key in POLICY["listen"]],
    ("panel", "cidrs"),
    APP,
    *[(*APP, key) for key in POLICY["applications"]["LiveApp"]],
    *[(*APP, "play", key) for key in ("kind", "secrets", "rtmp")],
    *[(*APP, "publish", key) for key in ("kind", "secrets")],
    *[(*APP, "play", "secrets", 1, key) for key in ("secret", "until")],
    (*APP, "rest", "cidrs"),
    (*APP, "publishers", 0),
]


@pytest.mark.parametrize("path", EVERY_PATH[1:], ids=str)
def test_nothing_may_miss(path):
    whole = changed(..., *path)
    if path in (APP, (*APP, "publishers", 0)):  # of these there may be any number
        _policy.read(json.dumps(whole))
    else:
        assert faults(whole)


@pytest.mark.parametrize("path", EVERY_PATH, ids=str)
@pytest.mark.parametrize(
    "value", [True, 1.5, "x", -1, 10**30, [[]], [1], {"x": 1}, [None], "\ud800"], ids=repr
)
def test_nothing_is_anything_else(path, value):
    if path in ((*APP, "play", "secrets", 1, "until"),) and value == 10**30:
        return  # far away, but a second
    if path == (*APP, "play", "secrets", 1, "secret") and value == "x":
        return  # a text; that it is too short for tokens, the decision says
    assert faults(changed(value, *path) if path else value)


@pytest.mark.parametrize(
    "path", [(), ("upstream",), ("listen",), ("panel",), APP, (*APP, "play"), (*APP, "rest"),
             (*APP, "publish"), (*APP, "play", "secrets", 0)], ids=str,
)  # fmt: skip
def test_what_is_unknown_is_a_fault(path):
    (fault,) = faults(changed(1, *path, "another"))
    assert "another, which is unknown" in fault


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("format",), 2, "format: is not 1"),
        (("format",), True, "format: is not 1"),
        (("home",), "usr", "home: is not an absolute path"),
        (("home",), '/a"b', "home: is not an absolute path"),
        (("home",), "/a\nb", "home: is not an absolute path"),
        (("server_version",), "new", "server_version: is not a version"),
        (("listen", "http"), None, "listen.http: is not a port"),
        (("listen", "rtmp"), 65536, "listen.rtmp: is not a port"),
        (("listen", "rtmp"), 0, "listen.rtmp: is not a port"),
        (("listen", "answers"), 1935, "listen, upstream: one port is there more than once"),
        (("upstream", "rtmp"), 1935, "listen, upstream: one port is there more than once"),
        (("listen", "https"), 5443, "certificate: https and rtmps need one"),
        (("listen", "rtmps"), 8443, "certificate: https and rtmps need one"),
        (("proxies",), None, "proxies: is not a list"),
        (("panel", "cidrs"), "any", "panel.cidrs: is not a list"),
        (("proxies",), ["10.0.0.5/8"], "proxies: 10.0.0.5/8 is neither an address nor a block"),
        (("proxies",), ["localhost"], "proxies: localhost is neither an address nor a block"),
        (("proxies",), ["::FFFF"], "proxies: ::FFFF is to be written ::ffff/128"),
        (("proxies",), ["::ffff:10.0.0.1"], "proxies: ::ffff:10.0.0.1 is IPv4 in"),
        (("proxies",), [3232235777], "proxies: 3232235777 is neither an address nor a block"),
        (("applications",), [], "applications: is not an object"),
        ((*APP, "publish", "kind"), "hash", "applications.LiveApp.publish.kind: is neither"),
        ((*APP, "play", "rtmp"), "open", "applications.LiveApp.play.rtmp: is neither"),
        ((*APP, "viewers_per_token"), 1001, "applications.LiveApp.viewers_per_token: is no"),
        ((*APP, "viewers_per_token"), True, "applications.LiveApp.viewers_per_token: is no"),
        ((*APP, "play", "secrets", 0, "until"), 1.0, "it is not JSON"),
        ((*APP, "play", "secrets", 0, "until"), False, "until is not a Unix second"),
        ((*APP, "play", "secrets", 0, "secret"), 1, "a secret is not a text"),
    ],
)  # fmt: skip
def test_what_is_said(path, value, fault):
    assert any(fault in each for each in faults(changed(value, *path)))


@pytest.mark.parametrize("name", ["", ".", "..", ".git", "a/b", "a b", "root", "rest", "a\n", "ä",
                                  "a" * 101, "-x", "a;x", "%41"])  # fmt: skip
def test_names_that_no_application_has(name):
    app = POLICY["applications"]["LiveApp"]
    assert "is not an application's name" in faults(changed(app, "applications", name))[0]


@pytest.mark.parametrize("name", ["a", "WebRTCAppEE", "live-1", "a.b", "_x", "1", "a" * 100])
def test_names_of_applications(name):
    app = POLICY["applications"]["LiveApp"]
    policy = _policy.read(json.dumps(changed(app, "applications", name)))
    assert name in policy.applications


def test_every_fault_is_told_at_once():
    whole = changed("x", "home")
    whole["listen"]["rtmp"] = whole["upstream"]["http"] = "1"
    whole["applications"]["LiveApp"]["play"]["kind"] = "x"
    assert len(faults(whole)) == 4


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "it is not JSON, or not all of it is there"),
        ("null", "policy: is not an object"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"format": 1, "format": 1}', "it has format twice in one place"),
        ('{"format": NaN}', "it is not JSON, or not all of it is there"),
        ('{"format": %s}' % ("1" * 5000), "it is not JSON, or not all of it is there"),
    ],
    ids=lambda text: text[:20],
)
def test_what_is_no_policy_at_all(text, fault):
    assert faults(text) == [fault]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(EVERY_PATH), JSON)
def test_whatever_is_somewhere_it_is_read_or_it_has_faults(path, value):
    try:
        policy = _policy.read(json.dumps(changed(value, *path) if path else value))
    except _policy.Broken as broken:
        assert broken.faults
    else:
        assert _policy.read(_policy.written(policy)) == policy


@pytest.mark.parametrize(
    ("secret", "until", "counts"),
    [
        ("x" * 32, None, True),
        ("x" * 31, None, False),
        ("", None, False),
        ("x" * 32, NOW + 1, True),
        ("x" * 32, NOW, False),
        ("x" * 32, 0, False),
    ],
)
def test_which_secrets_count(secret, until, counts):
    assert _policy.Secret(secret, until).counts(NOW) is counts
