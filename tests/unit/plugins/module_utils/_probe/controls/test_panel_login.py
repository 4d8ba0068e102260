from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import files as _files
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)

CONTAINER = b"""<beans xmlns="http://www.springframework.org/schema/beans">
<bean class="org.apache.catalina.valves.RemoteIpValve" /></beans>"""


@pytest.mark.parametrize(
    "policy",
    [
        {"dashboard_cidrs": ["203.0.113.0/24"]},
        {"apps": {"LiveApp": {"rest_jwt": True}}},
        {"trusted_proxies": []},
    ],
    ids=lambda policy: next(iter(policy)),
)
def test_who_has_not_logged_in_is_refused_whatever_the_policy_names(compile_, cases, policy):
    on = {"container": _files.PlainFile("/ams/conf/jee-container.xml", CONTAINER)}
    control = compile_(on=on, **policy)["panel-login"]
    assert cases(control) == {"no log-in": REFUSED, "no log-in is needed here": LET_IN}
    assert {probe.token for probe in control.probes} == {None}
    asked = {probe.surface.name: probe.path for probe in control.probes}
    assert asked == {"management": "/rest/v2/version", "panel": "/rest/v2/liveness"}


def test_it_is_asked_from_an_address_that_the_list_lets_in(compile_):
    control = compile_(dashboard_cidrs=["203.0.113.0/24"])["panel-login"]
    assert {probe.source.address for probe in control.probes} == {"203.0.113.77"}


def test_an_old_server_has_another_open_address(compile_):
    control = compile_(on={"version": "2.4.3"}, dashboard_cidrs=["127.0.0.1"])["panel-login"]
    assert control.probes[1].path == "/rest/v2/first-login-status"


def test_a_policy_of_management_tokens_asks_the_same(compile_):
    for wanted in (True, False):
        assert "panel-login" not in compile_(management_jwt=wanted)


def test_nobody_to_ask_as_and_nothing_named(compile_):
    assert "panel-login" not in compile_(dashboard_cidrs="deny_all")
    assert "panel-login" not in compile_()
