from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import verdict as _verdict
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    Control,
    Probe,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import Source
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.surfaces import SURFACES
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import (
    CANNOT_TELL,
    ENFORCED,
    NOT_ENFORCED,
    Result,
)
from hypothesis import given, strategies as st

IN, OUT, WHAT = "let in", "refused", "unclear"


def result(expected, came, case="case", surface="rest-token", address="127.0.0.1", way="direct"):
    probe = Probe(case, expected, SURFACES[surface], Source(address, way))
    return Result(probe, came, "answer")


def outcome(results, alive=True, believed="believed", **about):
    control = Control("rest-jwt", "LiveApp", "jwt", [r.probe for r in results], **about)
    return _verdict.judge(control, results, alive, believed)


def test_both_sides_right():
    assert outcome([result(OUT, OUT), result(IN, IN)]) == (ENFORCED, "")


def test_a_refusal_alone_proves_nothing():
    assert outcome([result(OUT, OUT)], alive=False)[0] == CANNOT_TELL
    # That the application runs does not say why it refused.
    assert outcome([result(OUT, OUT)], alive=True)[0] == CANNOT_TELL
    assert outcome([result(OUT, OUT)], excuse="a vantage") == (CANNOT_TELL, "a vantage")
    assert outcome([], alive=True)[0] == CANNOT_TELL


def test_whoever_gets_in_is_named():
    found = outcome([result(OUT, IN, "no token"), result(IN, IN)])
    assert found == (NOT_ENFORCED, "lets in: no token")
    # Who lets somebody in shows by that alone that it runs.
    assert outcome([result(OUT, IN)], alive=False)[0] == NOT_ENFORCED


def test_a_good_one_refused_is_not_the_policy():
    results = [result(OUT, OUT), result(IN, OUT, "a good token")]
    assert outcome(results)[0] == NOT_ENFORCED
    assert "a good token: answer" in outcome(results)[1]
    # 403 to everything is what a server says that starts, or whose application is broken.
    assert outcome(results, alive=False)[0] == CANNOT_TELL
    assert outcome(results, excuse="no address of this host")[0] == CANNOT_TELL


def test_an_open_application_needs_a_sign_of_life_where_a_server_without_it_says_the_same():
    results = [result(OUT, IN, surface="hls"), result(IN, IN, surface="hls")]
    assert outcome(results, alive=False)[0] == CANNOT_TELL
    assert outcome(results, alive=True)[0] == NOT_ENFORCED


def test_nobody_at_all():
    # A list that lets nobody in has no counterpart of its own.
    assert outcome([result(OUT, OUT)], alive=True, one_sided=True) == (ENFORCED, "")
    assert outcome([result(OUT, OUT)], alive=False, one_sided=True)[0] == CANNOT_TELL


def test_unclear_is_never_green():
    results = [result(OUT, OUT), result(IN, IN), result(OUT, WHAT, "an expired token")]
    assert outcome(results) == (
        CANNOT_TELL,
        "an expired token: answer; ask again, and look into the server's log",
    )


def test_silence_is_never_green():
    assert outcome([], silent="because") == (CANNOT_TELL, "because")


ANY = st.lists(
    st.builds(result, st.sampled_from([IN, OUT]), st.sampled_from([IN, OUT, WHAT])), max_size=6
)


@given(ANY, st.booleans(), st.booleans(), st.sampled_from(["believed", "ignored", "unknown"]))
def test_green_only_if_all_was_right_and_something_was_let_in(results, alive, one, believed):
    found, reason = outcome(results, alive, believed, one_sided=one)
    right = bool(results) and all(r.right for r in results)
    shown = (alive and one) or any(r.came == IN for r in results)
    assert (found == ENFORCED) == (right and shown)
    assert bool(reason) == (found != ENFORCED)


@given(ANY)
def test_whoever_is_let_in_wrongly_shows(results):
    wrong = any(r.probe.expected == OUT and r.came == IN for r in results)
    if wrong:
        assert outcome(results)[0] == NOT_ENFORCED


def far(expected, came):
    return result(expected, came, address="203.0.113.77", way="forwarded")


def near(expected, came, address="127.0.0.9"):
    return result(expected, came, address=address)


@pytest.mark.parametrize(
    ("group", "state"),
    [
        ([near(IN, IN, "127.0.0.1"), near(OUT, OUT), far(IN, IN), far(OUT, OUT)], "believed"),
        ([near(IN, IN, "127.0.0.1"), near(OUT, OUT), far(IN, IN), far(OUT, IN)], "ignored"),
        # An open server answers alike from everywhere.
        ([near(IN, IN, "127.0.0.1"), near(OUT, IN), far(IN, IN), far(OUT, IN)], "unknown"),
        ([near(IN, WHAT, "127.0.0.1"), far(OUT, OUT)], "unknown"),
        ([near(IN, IN, "127.0.0.1"), near(OUT, OUT)], "unknown"),
    ],
)
def test_whether_the_header_is_believed(group, state):
    assert _verdict.forwarded_for([group]) == state


def test_a_header_nobody_believes_proves_nothing():
    group = [near(IN, IN, "127.0.0.1"), near(OUT, OUT), far(IN, IN), far(OUT, IN)]
    assert outcome(group, believed="ignored")[0] == ENFORCED
    assert outcome(group, believed="believed")[0] == NOT_ENFORCED
    group = [near(OUT, OUT), far(IN, OUT), far(OUT, OUT)]
    assert outcome(group, believed="unknown")[0] == CANNOT_TELL
    assert outcome(group, believed="believed")[0] == NOT_ENFORCED


def test_a_whole_is_as_good_as_its_worst_part():
    assert _verdict.worst([ENFORCED, CANNOT_TELL, NOT_ENFORCED]) == NOT_ENFORCED
    assert _verdict.worst([ENFORCED, CANNOT_TELL]) == CANNOT_TELL
    assert _verdict.worst([ENFORCED]) == ENFORCED
    assert _verdict.worst([]) == CANNOT_TELL
