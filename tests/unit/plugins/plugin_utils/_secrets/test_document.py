from __future__ import annotations

import re

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import (
    faults,
    fingerprint,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import document as s
from hypothesis import given, strategies as st

A = "A-first-secret-of-43-characters-0123456789x"
B = "B-other-secret-of-43-characters-0123456789x"
NOW = 1795525494.0


def entry(secret, **more):
    return {"secret": secret, "created": s.stamp(0), "fingerprint": fingerprint(secret), **more}


@given(st.integers(32, 47))
def test_generated_secrets_are_carried_unharmed_by_everything(length):
    secret = s.generate(length)
    assert len(secret) == length and faults(secret) == []
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]+", secret)


def test_generated_secrets_differ():
    assert len({s.generate() for _ in range(500)}) == 500
    assert len(s.generate()) == 43


@pytest.mark.parametrize("length", [0, 31, 48, -1])
def test_lengths_the_server_or_signers_mistake_are_refused(length):
    with pytest.raises(s.SecretError, match="32 to 47"):
        s.generate(length)


@pytest.mark.parametrize(
    "text, parts",
    [
        ("fleet/LiveApp/stream", ("fleet", "LiveApp", "stream")),
        ("a-b.c/x_y/rest", ("a-b.c", "x_y", "rest")),
        ("fleet/_default/stream", ("fleet", "_default", "stream")),
        ("fleet/management", ("fleet", "", "management")),
        ("fleet/cluster", ("fleet", "", "cluster")),
    ],
)
def test_scopes_are_read_and_written(text, parts):
    assert tuple(s.Scope.parse(text)) == parts
    assert str(s.Scope.parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "fleet", "fleet/stream", "fleet/a/management", "fleet/a/b/stream", "/a/stream",
     "fleet/../stream", "fleet//stream", "fl eet/a/rest", "fleet/a/rest/",
     "f/" + "a" * 65 + "/rest", "fleet\n/management",
     "fleet/a/stream\n", None],
)  # fmt: skip
def test_anything_else_is_no_scope(text):
    with pytest.raises(s.SecretError, match="is no scope"):
        s.Scope.parse(text)


@given(st.integers(0, 4102444800))
def test_a_stamp_is_read_back(moment):
    assert s.unix(s.stamp(moment)) == moment


def test_a_text_that_is_no_time_is_long_ago():
    assert s.unix("yesterday") == s.unix("") == 0.0
    assert s.unix("1970-01-01T00:00:10") == 10.0


def test_present_makes_one_and_leaves_it():
    first = s.present({}, NOW, lambda: A)
    assert first == {"current": entry(A, created=s.stamp(NOW))}
    assert s.present(first, NOW + 9, lambda: B) == first


def test_present_with_an_own_secret():
    document = {"current": entry(A)}
    assert s.present(document, NOW, lambda: A, given=True) == document
    with pytest.raises(s.Conflict, match="rotate to change it"):
        s.present(document, NOW, lambda: B, given=True)


def test_present_waits_for_a_first_rotation():
    with pytest.raises(s.Conflict, match="first secret is pending"):
        s.present({"pending": entry(A)}, NOW, lambda: B)


def test_a_whole_rotation():
    document = s.present({"note": "kept"}, NOW, lambda: A)
    document = s.stage(document, NOW + 1, lambda: B)
    assert s.fingerprints(document) == {"current": fingerprint(A), "pending": fingerprint(B)}
    assert s.stage(document, NOW + 2, lambda: A) == document
    document = s.promote(document, NOW + 3)
    assert s.fingerprints(document) == {"current": fingerprint(B), "previous": fingerprint(A)}
    assert document["previous"]["superseded"] == s.stamp(NOW + 3)
    assert s.promote(document, NOW + 4) == document
    document = s.retire(document)
    assert s.fingerprints(document) == {"current": fingerprint(B)}
    assert s.retire(document) == document
    assert s.retired(document) == [fingerprint(A)]
    assert document["note"] == "kept"


def test_abort_drops_the_pending_one():
    document = s.stage({"current": entry(A)}, NOW, lambda: B)
    assert s.retire(document, "pending") == {"current": entry(A), "retired": [fingerprint(B)]}
    with pytest.raises(s.SecretError, match="only previous and pending"):
        s.retire(document, "current")


def test_a_few_retired_secrets_are_remembered_by_fingerprint():
    document = {"current": entry(A), "retired": "not ours"}
    assert s.retired(document) == []
    for number in range(25):
        document = s.stage(document, NOW, lambda number=number: f"{B}{number}")
        document = s.promote(document, NOW)
    assert len(s.retired(document)) == 20
    assert s.retired(document)[-1] == fingerprint(f"{B}22")
    assert B not in repr(s.retired(document))


def test_a_used_secret_is_no_new_one():
    with pytest.raises(s.Conflict, match="needs a new one"):
        s.stage({"current": entry(A)}, NOW, lambda: A)
    with pytest.raises(s.Conflict, match="needs a new one"):
        s.stage({"current": entry(B), "previous": entry(A)}, NOW, lambda: A)


def test_at_most_one_is_pending():
    document = {"current": entry(A), "pending": entry(B)}
    assert s.stage(document, NOW, lambda: B, given=True) == document
    with pytest.raises(s.Conflict, match="finish or abort"):
        s.stage(document, NOW, lambda: A[::-1], given=True)


def test_promoting_nothing():
    with pytest.raises(s.Conflict, match="neither"):
        s.promote({}, NOW)


@pytest.mark.parametrize(
    "secret", ["short", "has a blank in it and is of good length 1", "${x}" * 9]
)
def test_unfit_secrets_are_refused_without_being_shown(secret):
    for step in (s.present, s.stage):
        with pytest.raises(s.SecretError) as told:
            step({}, NOW, lambda: secret, given=True)
        assert secret not in str(told.value)


def test_adopting():
    adopted = s.adopt({}, NOW, "weak")
    assert adopted["current"]["secret"] == "weak" and adopted["current"]["adopted"] is True
    assert s.adopt(adopted, NOW + 1, "weak") == adopted
    with pytest.raises(s.Conflict) as told:
        s.adopt(adopted, NOW, A)
    assert fingerprint(A) in str(told.value) and fingerprint("weak") in str(told.value)
    assert A not in str(told.value)
    with pytest.raises(s.SecretError, match="no secret"):
        s.adopt({}, NOW, "")


def test_expectations():
    document = {"current": entry(A), "pending": entry(B)}
    s.expecting(document, None)
    s.expecting(document, {"current": fingerprint(A), "previous": ""})
    with pytest.raises(s.Conflict) as told:
        s.expecting(document, {"current": fingerprint(B), "previous": fingerprint(A)})
    assert "current is " in str(told.value) and "previous is absent" in str(told.value)


def test_nothing_that_is_described_is_a_secret():
    document = s.promote({"current": entry(A), "pending": entry(B)}, NOW)
    assert A not in repr(s.describe(document)) and B not in repr(s.describe(document))
    assert set(s.describe(document)) == {"current", "previous"}


@pytest.mark.parametrize(
    "document, reason",
    [
        ([], "is no mapping"),
        ({"current": "text"}, "no text 'secret'"),
        ({"current": {"secret": 5}}, "no text 'secret'"),
        ({"pending": {"secret": ""}}, "empty secret"),
        ({"current": {**entry(A), "secret": B}}, "one of the two was edited"),
    ],
)
def test_documents_that_cannot_be_trusted(document, reason):
    assert reason in s.check(document)
    assert A not in s.check(document)


def test_what_a_person_leaves_out_is_filled_in():
    assert s.check({"current": {"secret": A}, "pending": None}) is None
    assert s.normalise({"current": {"secret": A}, "pending": None, "x": 1}) == {
        "current": entry(A),
        "x": 1,
    }


def test_a_lock_keeps_others_out_until_it_expires_or_its_owner_is_gone():
    mine, other = {"run": "1", "who": "me"}, {"run": "2", "who": "you"}
    locked = s.lock({}, mine, NOW, 60, lambda _: True)
    with pytest.raises(s.Locked, match="me works on it since"):
        s.lock(locked, other, NOW + 59, 60, lambda _: True)
    assert s.lock(locked, other, NOW + 60, 60, lambda _: True)["lock"]["run"] == "2"
    assert s.lock(locked, other, NOW + 1, 60, lambda _: False)["lock"]["run"] == "2"


def test_a_lock_is_renewed_and_given_back_by_its_owner_only():
    locked = s.lock({"a": 1}, {"run": "1"}, NOW, 60, lambda _: True)
    renewed = s.lock(locked, {"run": "1"}, NOW + 30, 60, lambda _: True)
    assert renewed["lock"]["since"] == s.stamp(NOW)
    assert renewed["lock"]["expires"] == s.stamp(NOW + 90)
    assert s.unlock(renewed, "2") == renewed
    assert s.unlock(renewed, "1") == {"a": 1}
    assert s.unlock({"a": 1}, "1") == {"a": 1}


def test_the_bundle_has_the_shape_of_the_variable():
    documents = {
        "fleet/LiveApp/stream": {"current": entry(A), "pending": entry(B)},
        "fleet/LiveApp/rest": {"current": entry("r" * 9)},
        "fleet/_default/stream": {"current": entry("d" * 9), "previous": entry("p" * 9)},
        "fleet/management": {"current": entry("m" * 9)},
        "fleet/new/rest": {"pending": entry("n" * 9)},
        "other/LiveApp/stream": {"current": entry("o" * 9)},
    }
    assert s.bundle(documents, "fleet") == {
        "management": "m" * 9,
        "app_defaults": {"stream": "d" * 9},
        "apps": {"LiveApp": {"stream": A, "rest": "r" * 9}},
    }
    pending = s.bundle(documents, "fleet", "pending")
    assert pending["apps"] == {"LiveApp": {"stream": B, "rest": "r" * 9}, "new": {"rest": "n" * 9}}
    assert s.bundle(documents, "fleet", "previous") == {"app_defaults": {"stream": "p" * 9}}
    assert s.bundle(documents, "none") == {}
    with pytest.raises(s.SecretError, match="is no version"):
        s.bundle(documents, "fleet", "newest")


def test_what_a_rotation_chooses_has_the_shape_of_the_variable():
    documents = {
        "fleet/_default/rest": {"current": {"secret": "r"}},
        "fleet/cluster": {"current": {"secret": "c"}, "pending": {"secret": "d"}},
        "fleet/management": {"current": {"secret": "m"}},
    }

    def use(scope, realm, app="", version="current"):
        return {"scope": scope, "version": version, "app": app, "realm": realm}

    uses = [
        use("fleet/_default/rest", "rest", "LiveApp"),
        use("fleet/cluster", "cluster", "LiveApp", "pending"),
        use("fleet/cluster", "cluster", "live", "pending"),
        use("fleet/management", "management", version="previous"),
    ]
    assert s.chosen(documents, uses) == {
        "apps": {"LiveApp": {"rest": "r"}},
        "cluster": "d",
    }
    trial = s.chosen(documents, [use("fleet/cluster", "cluster", "live", "trial")])
    assert set(trial) == {"cluster"} and len(trial["cluster"]) == 43


def test_nothing_is_staged_where_there_is_nothing_to_replace():
    """A scope of its own that no server uses would stand in the way of every later rotation."""
    with pytest.raises(s.Conflict, match="no current secret that a pending one"):
        s.stage({}, 0.0, s.generate)
