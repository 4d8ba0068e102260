from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.inputs import Inputs
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
)

HERE = {"antmedia_secret_store": {"kind": "vault_file", "path": "here"}}
THERE = {"antmedia_secret_store": {"kind": "vault_file", "path": "there"}}


def made(hostvars, **args):
    return Inputs({"hosts": list(hostvars), **args}, hostvars, Context())


@pytest.mark.parametrize(
    ("hostvars", "said"),
    [
        ({}, "^there are no hosts$"),
        ({"h1": HERE, "h2": {}}, "^antmedia_secret_store is not set for h2$"),
        (
            {"h1": HERE, "h2": HERE, "h3": THERE},
            r"^antmedia_secret_store differs between h1 \(2 hosts\) and h3 \(1 hosts\): ",
        ),
        (
            {"h1": HERE, "h2": THERE, "h3": {}},
            "^antmedia_secret_store is not set for h3; antmedia_secret_store differs",
        ),
        ({"h1": {"antmedia_secret_store": {"kind": "x"}}}, "^antmedia_secret_store: kind is 'x'"),
    ],
)
def test_hosts_that_have_not_one_store(hostvars, said):
    with pytest.raises(ValueError, match=said):
        made(hostvars)


def test_each_host_is_of_its_fleet():
    hosts = {"h1": HERE, "h2": {**HERE, "antmedia_fleet": "eu"}, "h3": HERE}
    inputs = made(hosts, looks_from=None)
    assert inputs.fleets == ["eu", "fleet"]
    assert [host.fleet for host in inputs.hosts([]).values()] == ["fleet", "eu", "fleet"]


def test_what_hosts_have_registered():
    asked = {"failed": True, "msg": "a\x1b[2Jb"}
    inputs = made({"h1": {**HERE, "x": asked}, "h2": HERE, "h3": {**HERE, "x": "no result"}})
    assert inputs.results("x") == {"h1": {"failed": True, "msg": "a\\x1b[2Jb"}}
    assert inputs.results(None) == inputs.results("") == {}


def test_of_several_calls_the_last_counts_that_was_made():
    done, skipped, failed = {"way": "live"}, {"skipped": True}, {"failed": True}
    inputs = made(
        {
            "h1": {**HERE, "first": done, "second": skipped},
            "h2": {**HERE, "first": done, "second": failed},
            "h3": {**HERE, "first": skipped, "second": skipped},
        },
        changes_from=["first", "second"],
    )
    assert inputs.changes() == {"h1": done, "h2": failed, "h3": skipped}
