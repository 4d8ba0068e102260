"""From a policy for a host to that of its gate, with the secrets of an overlap."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    compile as _compile,
    policy as _policy,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import files as _files
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _host_policy,
)
from hypothesis import given, strategies as st

NOW = 1_800_000_000.5
BEANS = (
    b'<beans xmlns="http://www.springframework.org/schema/beans">'
    b'<bean class="org.apache.catalina.valves.RemoteIpValve" /></beans>'
)
CONTAINER = _files.PlainFile("/ams/conf/jee-container.xml", BEANS)
NEXT = "nExt-secret-0123456789-abcdefghij-xx"


@pytest.fixture
def compiled(fake):
    """The policy of a gate for a policy given as keywords; `on` are options of the installation."""

    def compile_policy(on=None, held=None, now=NOW, secret=fake.SECRETS["stream"], **policy):
        installation = fake.installation(**(on or {}))
        secrets = {"app_defaults": {"stream": secret, "rest": fake.SECRETS["rest"]}}
        policy = {"gate": True, "secrets": secrets, **policy}
        wanted = _host_policy.compile_policy(policy, installation)
        return _compile.compile_policy(wanted.gate, wanted, installation, held, now)

    return compile_policy


def app(**words):
    return {"apps": {"LiveApp": words}}


def test_what_the_policy_says(compiled, fake):
    found = compiled(
        on={
            "version": "2.6.1",
            "container": _files.PlainFile("/ams/conf/jee-container.xml", BEANS),
        },
        dashboard_cidrs=["203.0.113.0/24"],
        trusted_proxies=["10.0.0.5"],
        gate_viewers_per_token=2,
        **app(
            publish="jwt",
            play="none",
            publisher_cidrs=["198.51.100.0/24"],
            rest_cidrs=["10.1.0.0/16"],
        ),
    )
    live = found.applications["LiveApp"]
    assert live.publish == _policy.Direction("jwt", (_policy.Secret(fake.SECRETS["stream"]),))
    assert live.play == _policy.Direction("none", (), "refused")
    assert list(map(str, live.publishers)) == ["198.51.100.0/24"]
    assert list(map(str, live.rest)) == ["10.1.0.0/16", "127.0.0.1/32"]
    assert live.viewers_per_token == 2
    assert list(map(str, found.panel)) == ["203.0.113.0/24"]
    assert list(map(str, found.proxies)) == ["10.0.0.5/32"]
    assert (found.server_version, found.upstream) == ("2.6.1", _policy.Upstream(15080, 11935))
    assert found.listen == _policy.Listen(5080, None, 1935, None, 9400)
    assert _policy.read(_policy.written(found)) == found


def test_tls(compiled):
    tls = {"certificate": "/etc/ssl/a.pem", "key": "/etc/ssl/a.key"}
    found = compiled(gate_tls={**tls, "hsts": 60})
    assert found.certificate == _policy.Certificate(*tls.values()) and found.hsts == 60
    assert (found.listen.https, found.listen.rtmps) == (5443, 8443)
    assert compiled(gate_tls={"hsts": 60}).hsts == 0


def test_what_it_does_not_name_is_as_the_files_have_it(compiled, fake):
    held = f"""playJwtControlEnabled=yes
jwtStreamSecretKey={fake.SECRETS["stream"]}
allowedPublisherCIDR=
ipFilterEnabled=false
""".encode()
    live = compiled(on={"apps": {"LiveApp": held}}).applications["LiveApp"]
    assert live.play.kind == "jwt" and live.play.secrets[0].secret == fake.SECRETS["stream"]
    assert live.publish.kind == "none"
    assert live.publishers is None and live.rest is None


@pytest.mark.parametrize(
    ("version", "switch", "rtmp"),
    [
        ("2.4.3", None, "asked"),  # which has no switch, and plays
        ("2.6.1", False, "refused"),
        ("2.6.1", True, "asked"),
        ("2.17.1", False, "refused"),  # what the server does not keep, the gate does
        ("2.17.1", True, "asked"),
    ],
)
def test_play_over_rtmp(compiled, version, switch, rtmp):
    settings = {} if switch is None else {"rtmpPlaybackEnabled": switch}
    found = compiled(on={"version": version}, **app(play="jwt", settings=settings))
    assert found.applications["LiveApp"].play.rtmp == rtmp


def test_a_list_that_nobody_can_read_lets_nobody_in(compiled):
    held = b"remoteAllowedCIDR=nonsense\n"
    assert compiled(on={"apps": {"LiveApp": held}}).applications["LiveApp"].rest == ()


def test_a_new_secret_overlaps_with_the_old_one(compiled, fake):
    first = compiled(**app(publish="jwt", play="jwt"))
    second = compiled(held=first, secret=NEXT, gate_overlap=60, **app(publish="jwt", play="jwt"))
    old = _policy.Secret(fake.SECRETS["stream"], int(NOW) + 60)
    for direction in (second.applications["LiveApp"].publish, second.applications["LiveApp"].play):
        assert direction.secrets == (_policy.Secret(NEXT), old)
    later = NOW + 59
    assert (
        compiled(
            held=second, secret=NEXT, now=later, gate_overlap=60, **app(publish="jwt", play="jwt")
        )
        == second
    )
    gone = compiled(held=second, secret=NEXT, now=NOW + 60, **app(publish="jwt", play="jwt"))
    assert gone.applications["LiveApp"].play.secrets == (_policy.Secret(NEXT),)


SECRETS = st.sampled_from(["a", "b", "c", "d"])


@given(
    st.lists(st.tuples(SECRETS, st.integers(0, 50), st.integers(0, 100)), min_size=1, max_size=12)
)
def test_laws_of_an_overlap(changes):
    """The newest is good for ever, no other beyond its overlap, none twice, and runs agree."""
    now, held, left = 1000, (), {}
    for secret, passed, overlap in changes:
        now += passed
        known = dict(left)
        held = _compile.with_previous(secret, held, overlap, now)
        assert held[0] == _policy.Secret(secret)
        assert len({each.secret for each in held}) == len(held)
        assert all(now < each.until <= now + overlap for each in held[1:])
        for each in held[1:]:
            assert each.until <= known.get(each.secret, each.until)
        assert _compile.with_previous(secret, held, overlap, now) == held
        left = {each.secret: each.until for each in held[1:]}
