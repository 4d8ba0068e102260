from __future__ import annotations

import datetime

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    waivers as _waivers,
)

from tests.kit import judged

GOOD = {
    "control": "rest-open",
    "reason": "a backend without a fixed address",
    "owner": "jane@example.net",
    "expires": "2027-01-31",
}
DAY = datetime.date(2027, 1, 31)


def test_a_waiver():
    (found,), faults = _waivers.read([{**GOOD, "apps": "events", "hosts": ["web*"]}], "web1")
    assert faults == []
    assert (found.control, found.owner, found.expires) == ("rest-open", "jane@example.net", DAY)
    assert (found.apps, found.hosts, found.groups) == (("events",), ("web*",), ())


@pytest.mark.parametrize("given", [None, [], ()])
def test_none(given):
    assert _waivers.read(given, "web1") == ((), [])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"control": "rest-opn"}, "control: there is no control rest-opn; did you mean rest-open?"),
        ({"control": 7}, "control: is not a text"),
        ({"reason": " "}, "reason: is missing"),
        ({"owner": None}, "owner: is missing"),
        ({"expires": "soon"}, "expires: soon is not a day, as 2027-01-31"),
        ({"expires": "2027-02-30"}, "expires: 2027-02-30 is not a day, as 2027-01-31"),
        ({"expire": "2027-01-31"}, "expire: is not a word of a waiver; did you mean expires?"),
        ({"apps": {"a": 1}}, "apps: is not a list of names"),
        ({"hosts": [1]}, "hosts: is not a list of names"),
        ({"\x1b": 1}, "\\x1b: is not a word of a waiver; a waiver has"),
    ],
)
def test_a_mistake_is_named_with_its_place(change, fault):
    found, faults = _waivers.read([GOOD, {**GOOD, **change}], "web1")
    assert len(found) == 1
    (text,) = faults
    assert text.startswith(f"web1: antmedia_audit_waivers, entry 2: {fault}")


@pytest.mark.parametrize(
    ("given", "fault"),
    [("x", "web1: antmedia_audit_waivers: is not a list"), ([1], "is not a mapping")],
)
def test_what_is_no_list_of_mappings(given, fault):
    assert fault in _waivers.read(given, "web1")[1][0]


def test_the_last_day_counts():
    waiver = judged.waiver(days=0)
    assert not waiver.expired(waiver.expires)
    assert waiver.expired(waiver.expires + datetime.timedelta(days=1))


@pytest.mark.parametrize(
    ("narrowed", "covered"),
    [
        ({}, True),
        ({"apps": ("events",)}, True),
        ({"apps": ("LiveApp",)}, False),
        ({"hosts": ("web*",)}, True),
        ({"hosts": ("db*",)}, False),
        ({"groups": ("edges", "none")}, True),
        ({"groups": ("none",)}, False),
        ({"control": "rest-*"}, True),
        ({"control": "panel-*"}, False),
    ],
)
def test_whom_it_is_for(narrowed, covered):
    waiver = judged.waiver(**narrowed)
    assert waiver.covers("rest-open", "web1", ("edges",), "events") is covered


def test_a_waiver_of_applications_covers_no_fault_of_the_server():
    assert not judged.waiver(apps=("events",)).covers("panel-open", "web1", (), "")
    assert judged.waiver(apps=("*",)).covers("panel-open", "web1", (), "")


def test_the_one_that_lasts_longest_is_chosen():
    day = judged.waiver().expires
    soon, late, over = judged.waiver(days=1), judged.waiver(days=9), judged.waiver(days=-3)
    chosen = _waivers.choose([soon, late, over], "x", "web1", (), "", day)
    assert chosen == (late, over)
    assert _waivers.choose([over], "x", "web1", (), "", day) == (None, over)
    assert _waivers.choose([], "x", "web1", (), "", day) == (None, None)
