from __future__ import annotations

import re

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import (
    faults,
    fingerprint,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    changes as _changes,
    document as _document,
)
from hypothesis import given, strategies as st

from tests.kit.kept import FIRST as A, SECOND as B, entry

NOW = 1795525494.0


@given(st.integers(32, 47))
def test_generated_secrets_are_carried_unharmed_by_everything(length):
    secret = _changes.generate(length)
    assert len(secret) == length and faults(secret) == []
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]+", secret)


def test_generated_secrets_differ():
    assert len({_changes.generate() for _ in range(500)}) == 500
    assert len(_changes.generate()) == 43


@pytest.mark.parametrize("length", [0, 31, 48, -1])
def test_lengths_the_server_or_signers_mistake_are_refused(length):
    with pytest.raises(_document.SecretError, match="32 to 47"):
        _changes.generate(length)


def test_present_makes_one_and_leaves_it():
    first = _changes.present({}, NOW, lambda: A)
    assert first == {"current": entry(A, created=_document.stamp(NOW))}
    assert _changes.present(first, NOW + 9, lambda: B) == first


def test_present_with_an_own_secret():
    document = {"current": entry(A)}
    assert _changes.present(document, NOW, lambda: A, given=True) == document
    with pytest.raises(_document.Conflict, match="rotate to change it"):
        _changes.present(document, NOW, lambda: B, given=True)


def test_present_waits_for_a_first_rotation():
    with pytest.raises(_document.Conflict, match="first secret is pending"):
        _changes.present({"pending": entry(A)}, NOW, lambda: B)


def test_a_whole_rotation():
    document = _changes.present({"note": "kept"}, NOW, lambda: A)
    document = _changes.stage(document, NOW + 1, lambda: B)
    assert _document.fingerprints(document) == {
        "current": fingerprint(A),
        "pending": fingerprint(B),
    }
    assert _changes.stage(document, NOW + 2, lambda: A) == document
    document = _changes.promote(document, NOW + 3)
    assert _document.fingerprints(document) == {
        "current": fingerprint(B),
        "previous": fingerprint(A),
    }
    assert document["previous"]["superseded"] == _document.stamp(NOW + 3)
    assert _changes.promote(document, NOW + 4) == document
    document = _changes.retire(document)
    assert _document.fingerprints(document) == {"current": fingerprint(B)}
    assert _changes.retire(document) == document
    assert _document.retired(document) == [fingerprint(A)]
    assert document["note"] == "kept"


def test_abort_drops_the_pending_one():
    document = _changes.stage({"current": entry(A)}, NOW, lambda: B)
    assert _changes.retire(document, "pending") == {
        "current": entry(A),
        "retired": [fingerprint(B)],
    }
    with pytest.raises(_document.SecretError, match="only previous and pending"):
        _changes.retire(document, "current")


def test_a_few_retired_secrets_are_remembered_by_fingerprint():
    document = {"current": entry(A), "retired": "not ours"}
    assert _document.retired(document) == []
    for number in range(25):
        document = _changes.stage(document, NOW, lambda number=number: f"{B}{number}")
        document = _changes.promote(document, NOW)
    assert len(_document.retired(document)) == 20
    assert _document.retired(document)[-1] == fingerprint(f"{B}22")
    assert B not in repr(_document.retired(document))


def test_a_used_secret_is_no_new_one():
    with pytest.raises(_document.Conflict, match="needs a new one"):
        _changes.stage({"current": entry(A)}, NOW, lambda: A)
    with pytest.raises(_document.Conflict, match="needs a new one"):
        _changes.stage({"current": entry(B), "previous": entry(A)}, NOW, lambda: A)


def test_at_most_one_is_pending():
    document = {"current": entry(A), "pending": entry(B)}
    assert _changes.stage(document, NOW, lambda: B, given=True) == document
    with pytest.raises(_document.Conflict, match="finish or abort"):
        _changes.stage(document, NOW, lambda: A[::-1], given=True)


def test_promoting_nothing():
    with pytest.raises(_document.Conflict, match="neither"):
        _changes.promote({}, NOW)


@pytest.mark.parametrize(
    "secret", ["short", "has a blank in it and is of good length 1", "${x}" * 9]
)
def test_unfit_secrets_are_refused_without_being_shown(secret):
    for step in (_changes.present, _changes.stage):
        with pytest.raises(_document.SecretError) as told:
            step({}, NOW, lambda: secret, given=True)
        assert secret not in str(told.value)


def test_adopting():
    adopted = _changes.adopt({}, NOW, "weak")
    assert adopted["current"]["secret"] == "weak" and adopted["current"]["adopted"] is True
    assert _changes.adopt(adopted, NOW + 1, "weak") == adopted
    with pytest.raises(_document.Conflict) as told:
        _changes.adopt(adopted, NOW, A)
    assert fingerprint(A) in str(told.value) and fingerprint("weak") in str(told.value)
    assert A not in str(told.value)
    with pytest.raises(_document.SecretError, match="no secret"):
        _changes.adopt({}, NOW, "")


def test_expectations():
    document = {"current": entry(A), "pending": entry(B)}
    _changes.expecting(document, None)
    _changes.expecting(document, {"current": fingerprint(A), "previous": ""})
    with pytest.raises(_document.Conflict) as told:
        _changes.expecting(document, {"current": fingerprint(B), "previous": fingerprint(A)})
    assert "current is " in str(told.value) and "previous is absent" in str(told.value)


def test_nothing_is_staged_where_there_is_nothing_to_replace():
    """A scope of its own that no server uses would stand in the way of every later rotation."""
    with pytest.raises(_document.Conflict, match="no current secret that a pending one"):
        _changes.stage({}, 0.0, _changes.generate)
