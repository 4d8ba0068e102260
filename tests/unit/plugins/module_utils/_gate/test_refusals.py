"""What the log says of refusals: whom and why, so many lines, and nothing that opens anything."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    decide as _decide,
    refusals as _refusals,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import hs256 as _hs256
from hypothesis import given, strategies as st

TOKEN = _hs256.sign({"streamId": "s1", "type": "play", "exp": 1}, "s" * 40)


def ask(app="LiveApp", stream="s1", token=TOKEN, address="203.0.113.7"):
    return _decide.Ask("play", app, stream, token, address, "http")


def test_a_line():
    line = _refusals.Refusals().line(ask(), "expired", True, 0)
    assert line == "refused: play LiveApp/s1 by http from 203.0.113.7: expired"


def test_a_line_of_less():
    line = _refusals.Refusals().line(ask(stream="", address=None), "no media", True, 0)
    assert line == "refused: play LiveApp by http: no media"


@pytest.mark.parametrize("where", ["app", "stream"])
@pytest.mark.parametrize("before", ["", "x", "s1/", "?token="])
def test_a_token_that_is_in_the_wrong_place(where, before):
    for token in (TOKEN, TOKEN[:-5], TOKEN + "x", TOKEN.rpartition(".")[0] + "."):
        line = _refusals.Refusals().line(ask(**{where: before + token}), "x", False, 0)
        assert "(a token)" in line
        assert token.split(".")[1] not in line
        assert TOKEN not in line


def test_what_steers_a_terminal_is_shown():
    line = _refusals.Refusals().line(ask(stream="a\n\x1b[2J", address="\r" * 99), "x", True, 0)
    assert line.isprintable()
    assert len(line) < 300


def test_so_many_lines_then_their_number():
    refusals = _refusals.Refusals()
    lines = [refusals.line(ask(), "expired", True, 1) for _ in range(25)]
    assert all(lines[:10])
    assert not any(lines[10:])
    assert refusals.line(ask(), "no token", True, 2)  # another reason is told all the same
    assert refusals.line(ask(app="other"), "expired", True, 2)
    assert list(refusals.ended(10.9)) == []
    assert list(refusals.ended(11)) == ["refused: 15 more of LiveApp: expired"]
    assert list(refusals.ended(100)) == []
    assert refusals.line(ask(), "expired", True, 100)


def test_what_others_name_does_not_make_lines():
    refusals = _refusals.Refusals()
    lines = [refusals.line(ask(app=f"x{n}"), "unknown application", False, 0) for n in range(50)]
    assert sum(line is not None for line in lines) == 10
    assert list(refusals.ended(50)) == ["refused: 40 more: unknown application"]


def test_there_is_a_bound():
    refusals = _refusals.Refusals()
    lines = [refusals.line(ask(app=f"x{n}"), "expired", True, 0) for n in range(1000)]
    assert sum(line is not None for line in lines) == _refusals.MOST_KINDS + _refusals.MOST_LINES
    assert list(refusals.ended(50)) == ["refused: 790 more: other reasons"]


@given(st.text(), st.text(), st.none() | st.text())
def test_any_line_is_one_line(app, stream, address):
    line = _refusals.Refusals().line(ask(app, stream, TOKEN, address), "expired", False, 0)
    assert line.isprintable()
    assert TOKEN not in line
