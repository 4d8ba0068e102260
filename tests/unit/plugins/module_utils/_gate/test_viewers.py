"""One token, so many viewers: who falls silent makes room, and there is a bound to all of it."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._gate.viewers import Viewers
from hypothesis import given, strategies as st


def test_a_token_is_good_for_one_address_until_it_is_silent():
    viewers = Viewers(silence=20)
    assert viewers.admit(b"t", "a", 1, 0)
    assert not viewers.admit(b"t", "b", 1, 1)
    assert viewers.admit(b"t", "a", 1, 20)
    assert not viewers.admit(b"t", "b", 1, 40)
    assert viewers.admit(b"t", "b", 1, 40.1)
    assert not viewers.admit(b"t", "a", 1, 41)
    assert viewers.admit(b"other", "a", 1, 41)


def test_who_is_refused_does_not_keep_a_place():
    viewers = Viewers(silence=20)
    assert viewers.admit(b"t", "a", 1, 0)
    for moment in range(1, 21):
        assert not viewers.admit(b"t", "b", 1, moment)
    assert viewers.admit(b"t", "c", 1, 20.1)


def test_a_token_is_good_for_some_addresses():
    viewers = Viewers(silence=20)
    assert all(viewers.admit(b"t", name, 3, 0) for name in "abcabc")
    assert not viewers.admit(b"t", "d", 3, 0)
    assert viewers.admit(b"t", "a", 3, 15)
    assert viewers.admit(b"t", "d", 3, 21)  # in the place of b, which is silent
    assert viewers.admit(b"t", "e", 3, 21)
    assert not viewers.admit(b"t", "b", 3, 21)


def test_a_smaller_limit_counts_at_once():
    viewers = Viewers(silence=20)
    assert all(viewers.admit(b"t", name, 3, 0) for name in "abc")
    assert viewers.admit(b"t", "a", 1, 1)
    assert not viewers.admit(b"t", "d", 1, 1)


def test_there_is_a_bound():
    viewers = Viewers(most=2, silence=20)
    assert viewers.admit(b"1", "a", 1, 0)
    assert viewers.admit(b"2", "a", 1, 10)
    assert not viewers.admit(b"3", "a", 1, 11)
    assert viewers.admit(b"1", "a", 1, 12)
    assert viewers.admit(b"3", "a", 1, 31)  # 2 is silent
    assert not viewers.admit(b"2", "a", 1, 31)
    assert len(viewers) == 2


def test_silent_tokens_are_forgotten():
    viewers = Viewers(silence=20)
    for number in range(100):
        viewers.admit(b"%d" % number, "a", 1, number / 10)
    viewers.forget(25.05)
    assert len(viewers) == 49
    viewers.forget(1000)
    assert len(viewers) == 0


@given(
    st.lists(
        st.tuples(st.sampled_from([b"1", b"2", b"3"]), st.sampled_from("abcd"), st.integers(0, 15)),
        max_size=60,
    ),
    st.integers(1, 3),
)
def test_as_a_plain_table_would_say(asked, limit):
    viewers, table, now = Viewers(most=2, silence=20), {}, 0
    for token, address, later in asked:
        now += later
        table = {key: seen for key, seen in table.items() if now - seen <= 20}
        others = {who for one, who in table if one == token} - {address}
        known = {one for one, _who in table}
        good = len(others) < limit if (token, address) not in table else True
        good = good and (token in known or len(known) < 2)
        assert viewers.admit(token, address, limit, now) is good
        if good:
            table[token, address] = now
