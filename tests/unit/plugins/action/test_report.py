from __future__ import annotations

import yaml
from ansible_collections.streamward.antmedia.plugins.action import report as action
from ansible_collections.streamward.antmedia.plugins.modules import report as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report import formats


def test_formats_are_those_there_are():
    assert action.argument_spec()["formats"]["choices"] == list(formats.FORMATS)


def test_the_documentation_parses():
    assert yaml.safe_load(module.EXAMPLES)
    assert {"outcome", "failed_hosts", "files"} <= set(yaml.safe_load(module.RETURN))


class HostVars(dict):
    def raw_get(self, host):
        return self[host]


def result(outcome):
    control = {
        "app": "",
        "control": "panel-address",
        "wants": "nobody",
        "outcome": outcome,
        "reason": "",
        "probes": 1,
        "right": 1,
        "milliseconds": 1.0,
    }
    return {"controls": [control], "probes": []}


ARGS = {
    "results_from": "r",
    "vantages_from": "v",
    "hosts": ["a", "b"],
    "only_asked": False,
    "accept": [],
    "title": "t",
}


def test_results_are_collected_from_all_hosts():
    loop = {"results": [{"item": "far", **result("not enforced")}, {"item": "x", "skipped": True}]}
    hostvars = HostVars(a={"r": result("enforced"), "v": loop}, b={})
    report = action.ActionModule._collect(ARGS, hostvars)
    first, second = report.hosts
    assert [(c.seen_from, c.outcome) for c in first.controls] == [
        ("", "enforced"),
        ("far", "not enforced"),
    ]
    assert second.problem
    # A play without vantages skips the loop.
    hostvars["a"]["v"] = {"skipped": True, "changed": False}
    assert len(action.ActionModule._collect(ARGS, hostvars).hosts[0].controls) == 1


def test_a_front_that_nobody_asks_is_noted():
    endpoint = {"host": "live.example.org"}
    loop = {"results": [{"item": "far", **result("enforced")}]}
    hostvars = HostVars(
        a={"r": result("enforced"), "antmedia_endpoint": endpoint},
        b={"r": result("enforced"), "antmedia_endpoint": endpoint, "v": loop},
        c={"r": result("enforced")},
    )
    hosts = action.ActionModule._collect(dict(ARGS, hosts=["a", "b", "c"]), hostvars).hosts
    assert [host.notes for host in hosts] == [(action.FRONT_NOT_ASKED,), (), ()]


def test_who_was_not_asked_can_be_left_out():
    hostvars = HostVars(a={"r": result("enforced")}, b={}, c={"r": {"skipped": True}})
    args = dict(ARGS, hosts=["a", "b", "c"], only_asked=True)
    assert [host.name for host in action.ActionModule._collect(args, hostvars).hosts] == ["a", "c"]
