"""Options that ask for no setting are checked all the same."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    "widest, said",
    [
        ({"ipv4": -1}, ["antmedia_widest_prefix.ipv4: -1 is not 0 to 32 (bits)"]),
        ({"ipv4": 33}, ["antmedia_widest_prefix.ipv4: 33 is not 0 to 32 (bits)"]),
        ({"ipv6": 129}, ["antmedia_widest_prefix.ipv6: 129 is not 0 to 128 (bits)"]),
        ({"ipv6": 1.5}, ["antmedia_widest_prefix.ipv6: 1.5 is not a whole number"]),
        ({"ipv4": True}, ["antmedia_widest_prefix.ipv4: True is not a number"]),
        ({"ipv5": 8}, ["antmedia_widest_prefix.ipv5: is not known; known are ipv4, ipv6"]),
        ([8], ["antmedia_widest_prefix: [8] is not a mapping"]),
        (-1, ["antmedia_widest_prefix: -1 is not a mapping"]),
    ],
)
def test_the_widest_prefix_is_checked_even_where_no_block_is(faults, widest, said):
    assert faults(widest_prefix=widest) == said


def test_the_widest_prefix(faults, compile_):
    policy = {"dashboard_cidrs": ["10.0.0.0/8"], "widest_prefix": {"ipv4": 16, "ipv6": 32}}
    (fault,) = faults(**policy)
    assert fault.startswith("antmedia_dashboard_cidrs: '10.0.0.0/8' is wider than")
    assert compile_(**dict(policy, widest_prefix={"ipv4": 8})).server


def test_operators_are_checked_even_where_there_is_no_list_to_be_inside_of(faults):
    (fault,) = faults(operator_cidrs=["10.0.0.1/8"])
    assert fault.startswith("antmedia_operator_cidrs: '10.0.0.1/8' has host bits set")


def test_faults_in_the_operators_addresses(faults):
    (fault,) = faults(dashboard_cidrs=["127.0.0.1"], operator_cidrs=["localhost"])
    assert fault.startswith("antmedia_operator_cidrs: 'localhost' is a host name")


@pytest.mark.parametrize("option", ["management_jwt", "allow_lockout"])
def test_switches(faults, compile_, option):
    assert faults(**{option: "perhaps"}) == [
        f"antmedia_{option}: 'perhaps' is not a boolean; write true or false"
    ]
    compile_(**{option: "no"})
