from __future__ import annotations

import os
import platform
import time

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.module_utils._host import cutover as _cutover
from ansible_collections.streamward.antmedia.plugins.modules import cutover

HOST = platform.node()


@pytest.fixture
def cut_over(call, home):
    def run(check=False, **arguments):
        return call(cutover, check, home=str(home), **arguments)

    return run


@pytest.fixture
def left(home):
    """A process that waits, until so many seconds from now, to return a result; its id."""
    pids = []

    def start(seconds, result, given_up=None):
        moment = time.time() + seconds
        pids.append(_cutover.start(str(home), moment, lambda: result, lambda: given_up or {}))
        return pids[-1]

    yield start
    for pid in pids:
        os.waitpid(pid, 0)


def test_no_cutover_to_collect(cut_over):
    result = cut_over(timeout=0)
    assert result["failed"]
    assert result["msg"] == f"{HOST}: no cutover has ended within 0 s"


def test_what_came_of_it_can_be_collected_again(cut_over, left):
    left(0, {"changed": True, "way": "live", "warnings": ["a warning"]})
    for _again in range(2):
        result = cut_over(timeout=20)
        assert (result["failed"], result["changed"], result["way"]) == (False, True, "live")
        assert result["warnings"] == ["a warning"]


def test_a_failure_is_one(cut_over, left):
    left(0, {"failed": True, "changed": True, "msg": f"{HOST}: no", "warnings": []})
    result = cut_over(timeout=20)
    assert (result["failed"], result["changed"], result["msg"]) == (True, True, f"{HOST}: no")


def test_one_that_waits_is_called_off_if_that_is_said(cut_over, left):
    done, off = {"changed": True, "warnings": []}, {"changed": False, "warnings": []}
    left(60, done, off)
    assert cut_over(timeout=0)["failed"]
    assert not cut_over(state="called_off", timeout=20)["changed"]


def test_one_whose_instant_has_come_goes_on(cut_over, left):
    left(0, {"changed": True, "warnings": []})
    assert cut_over(timeout=20)["changed"]
    assert cut_over(state="called_off", timeout=20)["changed"]


def test_check_mode_calls_nothing_off(cut_over, left, home):
    left(1, {"changed": True, "warnings": []})
    assert cut_over(True, state="called_off", timeout=20)["skipped"]
    assert cut_over(timeout=20)["changed"]


@pytest.mark.parametrize("timeout", [-1, 604801])
def test_a_time_that_cannot_be_meant(cut_over, timeout):
    result = cut_over(timeout=timeout)
    assert result["faults"] == [f"timeout: {timeout} is not 0 to 604800 (seconds)"]
    assert result["msg"].startswith(f"{HOST}: the options are not valid, nothing was changed:\n")


def test_the_options_are_documented_as_they_are_taken():
    documented = yaml.safe_load(cutover.DOCUMENTATION)["options"]
    for option in documented.values():
        del option["description"]
    assert documented == cutover.argument_spec()
