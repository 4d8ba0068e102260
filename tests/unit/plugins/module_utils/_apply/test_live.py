from __future__ import annotations

import contextlib
import errno

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import (
    guard as _guard,
    prove as _prove,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    leftovers as _leftovers,
    transaction as _transaction,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    heal as _heal,
    management as _management,
)
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    BAD,
    OPEN,
    bad_port,
    error_of,
    left_over,
)


def test_a_refused_post_is_taken_back(carry_out, ams, manageable, home, fake):
    before = fake.snapshot(home / "webapps")
    memory = {app: dict(held) for app, held in ams.memory.items()}
    ams.refusing = {"events": 1}
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error) == (
        "application events: the server refused: not today; the files and what the server holds"
        " are as before"
    )
    assert fake.snapshot(home / "webapps") == before
    assert ams.memory == memory
    assert ams.started == 0


def test_a_refused_post_that_cannot_be_taken_back(carry_out, ams, manageable, home, fake):
    before = fake.snapshot(home / "webapps")
    ams.refusing = {"events": 9}
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error).endswith("files are as before, but what events holds in memory is not known")
    assert fake.snapshot(home / "webapps") == before


def test_a_server_that_does_not_do_what_it_says(carry_out, ams, manageable):
    ams.deaf = ["LiveApp"]
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error).startswith(
        "application LiveApp does not hold jwtControlEnabled, jwtSecretKey after it was posted; the"
    )


def test_a_full_disk_while_live_is_taken_back_without_any_space(
    carry_out, ams, manageable, monkeypatch, home, fake
):
    before = fake.snapshot(home / "webapps")
    memory = {app: dict(held) for app, held in ams.memory.items()}

    def fail(file):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(_heal, "rewrite", fail)
    error = error_of(carry_out, **OPEN, **manageable)
    assert str(error).endswith(
        "No space left on device; the files and what the server holds are as before"
    )
    assert fake.snapshot(home / "webapps") == before
    assert ams.memory == memory


@pytest.fixture
def half_open(ams, home, carry_out, manageable):
    """LiveApp came up open, its file is right; the next change is one of events, and refused."""
    carry_out(**OPEN, **manageable)
    ams.memory["LiveApp"].update(jwtControlEnabled=False, jwtSecretKey=None)
    ams.refusing = {"events": 9}
    return {**OPEN, **manageable, "apps": {"events": {"settings": {"hlsTime": 9}}}}


def test_what_was_healed_stays_healed_when_the_rest_is_taken_back(
    carry_out, ams, home, fake, half_open
):
    before = fake.snapshot(home / "webapps")
    ams.refusing = {"events": 1}
    error = error_of(carry_out, **half_open)
    assert str(error) == (
        "application events: the server refused: not today; the files and what the server holds"
        " are as before, but that LiveApp holds again what its file says"
    )
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert ams.memory["LiveApp"]["jwtSecretKey"] == fake.SECRETS["rest"]
    assert ams.memory["events"]["hlsTime"] == "2"
    assert fake.snapshot(home / "webapps") == before


@pytest.mark.parametrize("post", [1, 2, 3, 4])  # two forth, two back
def test_a_run_killed_at_a_post_leaves_every_file_beside_what_the_server_wrote(
    run, carry_out, ams, home, fake, half_open, monkeypatch, post
):
    path = _installation.app_path(str(home), "LiveApp")
    with open(path, "rb") as stream:
        text = stream.read()
    posts = []
    made = run(**half_open)
    made.prepare()
    real_post = made.seen.management.post_settings
    with monkeypatch.context() as patch:

        def post_settings(app, content):
            posts.append(app)
            if len(posts) == post:
                with contextlib.suppress(_management.RestError):
                    real_post(app, content)
                raise KeyboardInterrupt
            real_post(app, content)

        patch.setattr(made.seen.management, "post_settings", post_settings)
        with pytest.raises(KeyboardInterrupt):
            made.put_in_force()
    assert _leftovers.read_old(path) == text
    ams.refusing = {}
    carry_out(**half_open)
    with open(path, "rb") as stream:
        found = Document.parse(stream.read()).as_dict()
    assert Document.parse(text).as_dict().items() <= found.items()
    assert ams.memory["LiveApp"]["jwtSecretKey"] == fake.SECRETS["rest"]
    assert left_over(home) == []


def test_an_application_made_between_plan_and_run_is_none_of_its_business(
    run, ams, home, manageable, fake
):
    made = run(**OPEN, **manageable)
    made.prepare()
    folder = home / "webapps" / "new" / "WEB-INF"
    folder.mkdir(parents=True)
    (folder / "red5-web.properties").write_bytes(fake.app_text("new"))
    made.put_in_force()
    assert ams.memory["LiveApp"]["jwtControlEnabled"] is True
    assert left_over(home) == []


def test_a_file_that_cannot_be_read_any_more_is_taken_back_live(run, ams, home, manageable, fake):
    before = fake.snapshot(home / "webapps" / "events")
    made = run(**OPEN, **manageable)
    made.prepare()
    folder = home / "webapps" / "new" / "WEB-INF"
    folder.mkdir(parents=True)
    (folder / "red5-web.properties").write_bytes(b"\\u1")
    assert "the files and what the server holds are as before" in str(error_of(made.put_in_force))
    assert fake.snapshot(home / "webapps" / "events") == before


def test_old_files_that_cannot_be_taken_back(carry_out, ams, manageable, monkeypatch):
    def refuse(paths):
        raise _transaction.TransactionError("/x", "could not be put back", restored=False)

    ams.refusing = {"events": 9}
    monkeypatch.setattr(_transaction, "put_back", refuse)
    assert str(error_of(carry_out, **OPEN, **manageable)).endswith("; /x: could not be put back")


def test_a_guard_that_cannot_be_ended_after_a_rollback_hides_nothing(carry_out, ams, monkeypatch):
    def refuse(_home):
        raise _guard.GuardError("the guard stays")

    monkeypatch.setattr(_guard, "release", refuse)
    monkeypatch.setattr(_prove, "untold", lambda *_arguments: "")
    ams.trouble = bad_port
    error = error_of(carry_out, **BAD)
    assert str(error).startswith("the server ended by itself")
    assert str(error).endswith(
        "the previous files were put back and the server runs with them, but the guard stays"
    )
