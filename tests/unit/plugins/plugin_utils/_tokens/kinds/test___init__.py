from __future__ import annotations

from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import kinds as _kinds
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.kind import Kind


def test_every_word_has_its_file_and_every_file_its_word():
    files = {path.stem for path in Path(_kinds.__file__).parent.glob("[a-z]*.py")}
    assert files == set(_words.KINDS)
    assert all(isinstance(_kinds.of(word), Kind) for word in _words.KINDS)


def test_whoever_has_a_secret_can_make_every_kind_that_is_made_from_one():
    made_from = {word for word, kind in _words.KINDS.items() if kind.secrets}
    assert made_from == {word for word in _words.KINDS if not _kinds.of(word).kept}


def test_what_the_server_makes_when_asked():
    assert _kinds.asked() == ["jwt", "one_time", "totp"]


@pytest.mark.parametrize(
    ("token", "word"),
    [
        ("123456", "totp"),
        ("1234567", "jwt"),
        ("0aF" * 21 + "0", "hash"),
        ("0aF" * 21 + "00", "one_time"),
        ("12345678", "one_time"),
        ("a.b.c", "jwt"),
        ("", "jwt"),
    ],
)
def test_kinds_by_their_looks(token, word):
    assert _kinds.seen(token) == word
