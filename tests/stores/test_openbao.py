"""The store openbao against the real server: stopped, sealed, slow, killed, and by other hands."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import Conflict
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
    Damaged,
    Missed,
    Store,
    StoreError,
    Unavailable,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores import (
    open_store,
    openbao,
)

from tests.kit.kept import present, read, stage

SCOPE = "fleet/LiveApp/stream"
OTHER = "fleet/LiveApp/rest"
STEPS = {"stage": stage, "promote": Store.promote, "retire": Store.retire}
POLICY = """
path "{mount}/data/antmedia/*" {{ capabilities = ["create", "read", "update"] }}
path "{mount}/metadata/antmedia/*" {{ capabilities = ["create", "read", "update", "list"] }}
path "{mount}/destroy/antmedia/*" {{ capabilities = ["update"] }}
"""


def opened(bao, **options):
    """The store; an option that is None is left out."""
    config = {
        "kind": "openbao",
        "url": bao.url,
        "ca_cert": bao.ca_cert,
        "mount": bao.mount,
        "timeout": 20,
        "token": bao.root,
        **options,
    }
    given = {name: value for name, value in config.items() if value is not None}
    return open_store(given, Context(environ={}))


def kv(bao):
    return bao.client().secrets.kv.v2


def raw(bao, scope=SCOPE):
    return kv(bao).read_secret_version(
        f"antmedia/{scope}", mount_point=bao.mount, raise_on_deleted_version=True
    )["data"]


def role(bao, name, policy=POLICY):
    """An AppRole with the policy of the documentation."""
    client = bao.client()
    if "approle/" not in client.sys.list_auth_methods()["data"]:
        client.sys.enable_auth_method("approle")
    client.sys.create_or_update_policy(name, policy.format(mount=bao.mount))
    client.auth.approle.create_or_update_approle(name, token_policies=[name], token_ttl="60s")
    return {
        "auth": "approle",
        "token": None,
        "role_id": client.auth.approle.read_role_id(name)["data"]["role_id"],
        "secret_id": client.auth.approle.generate_secret_id(name)["data"]["secret_id"],
    }


def test_a_rotation(bao):
    store = opened(bao)
    assert store.list() == {} and store.scopes("fleet") == [] and store.load_all() == {}
    first = present(store, SCOPE)["current"]
    staged = stage(store, SCOPE, expect={"current": first["fingerprint"]})["pending"]
    store.promote(SCOPE, expect={"pending": staged["fingerprint"]})
    found = read(opened(bao), SCOPE)
    assert found["current"]["secret"] == staged["secret"]
    assert found["previous"]["secret"] == first["secret"]
    present(store, OTHER)
    present(store, "fleet/management")
    assert store.scopes() == [OTHER, SCOPE, "fleet/management"] and store.scopes("flee") == []
    assert set(store.load_all("fleet")) == {OTHER, SCOPE, "fleet/management"}
    assert store.list()[SCOPE]["current"]["fingerprint"] == staged["fingerprint"]
    store.close()


def test_a_retired_secret_is_destroyed_in_every_old_version_of_the_key(bao):
    store = opened(bao)
    first = present(store, SCOPE)["current"]["secret"]
    stage(store, SCOPE)
    store.promote(SCOPE)
    assert read(store, SCOPE)["previous"]["secret"] == first
    store.retire(SCOPE)
    seen = kv(bao).read_secret_metadata(f"antmedia/{SCOPE}", mount_point=bao.mount)["data"]
    newest = str(seen["current_version"])
    assert {n for n, v in seen["versions"].items() if not v["destroyed"]} == {newest}
    assert first not in str(raw(bao))
    assert store.purge(SCOPE) is False and store.purge("fleet/none/rest") is False


def test_a_purge_cut_off_is_finished_by_the_next_retiring(bao, monkeypatch):
    store = opened(bao)
    present(store, SCOPE)
    stage(store, SCOPE)
    store.promote(SCOPE)
    monkeypatch.setattr(openbao.Kept, "purge", lambda self, scope: False)
    store.retire(SCOPE)
    monkeypatch.undo()
    store.retire(SCOPE)
    seen = kv(bao).read_secret_metadata(f"antmedia/{SCOPE}", mount_point=bao.mount)["data"]
    assert sum(not version["destroyed"] for version in seen["versions"].values()) == 1


def test_state_and_fingerprints_are_in_the_metadata_and_secrets_are_not(bao):
    store = opened(bao)
    made = [present(store, SCOPE)["current"], stage(store, SCOPE)["pending"]]
    store.lock([SCOPE])
    seen = kv(bao).read_secret_metadata(f"antmedia/{SCOPE}", mount_point=bao.mount)["data"]
    told = seen["custom_metadata"]
    assert told["state"] == "staged" and "process" in told["locked_by"]
    assert told["current_fingerprint"] == made[0]["fingerprint"]
    assert told["pending_fingerprint"] == made[1]["fingerprint"]
    assert not any(entry["secret"] in str(seen) for entry in made)
    store.unlock([SCOPE])
    store.promote(SCOPE)
    seen = kv(bao).read_secret_metadata(f"antmedia/{SCOPE}", mount_point=bao.mount)["data"]
    assert seen["custom_metadata"]["state"] == "idle" and "locked_by" not in seen["custom_metadata"]


def test_what_others_keep_in_the_metadata_stays(bao):
    store = opened(bao)
    present(store, SCOPE)
    theirs = {"owner": "the video team", "state": "theirs, where it can be"}
    kv(bao).update_metadata(f"antmedia/{SCOPE}", mount_point=bao.mount, custom_metadata=theirs)
    stage(store, SCOPE)
    seen = kv(bao).read_secret_metadata(f"antmedia/{SCOPE}", mount_point=bao.mount)["data"]
    told = seen["custom_metadata"]
    assert told["owner"] == "the video team" and told["state"] == "staged"
    assert told["pending_fingerprint"]


def test_an_approle_with_the_documented_policy_is_enough_and_its_token_is_revoked(bao):
    store = opened(bao, **role(bao, "rotator"))
    present(store, SCOPE)
    stage(store, SCOPE)
    store.promote(SCOPE)
    store.retire(SCOPE)
    assert store.scopes() == [SCOPE]
    token, notes = store._server.client.token, store.notes
    store.close()
    with pytest.raises(Exception, match="permission denied"):
        bao.client(token).auth.token.lookup_self()
    assert notes == []


def test_a_role_that_may_not_annotate_still_rotates_and_a_note_says_so(bao):
    policy = POLICY.replace('"create", "read", "update", "list"', '"read", "list"')
    store = opened(bao, **role(bao, "narrow", policy))
    present(store, SCOPE)
    assert "does not allow it" in store.notes[0] and "metadata" in store.notes[0]


def test_a_namespace(bao):
    client = bao.client()
    client.adapter.post("/v1/sys/namespaces/team")
    inside = bao.client()
    inside.adapter.namespace = "team"
    inside.sys.enable_secrets_engine("kv", path=bao.mount, options={"version": "2"})
    time.sleep(0.5)
    made = present(opened(bao, namespace="team"), SCOPE)["current"]["secret"]
    assert read(opened(bao), SCOPE) == {}
    assert read(opened(bao, namespace="team"), SCOPE)["current"]["secret"] == made
    with pytest.raises(Unavailable):
        read(opened(bao, namespace="nobody"), SCOPE)


def test_tls_is_verified(bao):
    with pytest.raises(Unavailable, match="certificate that is not trusted"):
        read(opened(bao, ca_cert=None), SCOPE)
    with pytest.raises(Unavailable):
        read(opened(bao, ca_cert="/nowhere/ca.pem"), SCOPE)


@pytest.mark.parametrize(
    "options, said",
    [
        ({"token": "s.wrong"}, "token is not valid"),
        ({"mount": "none"}, "there is no mount 'none'"),
        ({"auth": "approle", "role_id": "r", "secret_id": "s-canary"}, "invalid role"),
    ],
)
def test_a_login_that_fails_is_told_without_the_credential(bao, options, said):
    with pytest.raises(Unavailable) as told:
        present(opened(bao, **options), SCOPE)
    assert said in str(told.value) and "canary" not in str(told.value)
    assert bao.root not in str(told.value) and bao.url in str(told.value)


def test_no_way_to_log_in_is_told(bao, tmp_path):
    with pytest.raises(Unavailable, match="no way to log in: give token"):
        read(opened(bao, token=None, token_file=str(tmp_path / "none")), SCOPE)
    (tmp_path / "token").write_text(bao.root + "\n")
    assert read(opened(bao, token=None, token_file=str(tmp_path / "token")), SCOPE) == {}


def test_an_engine_of_version_1_is_refused(bao):
    bao.client().sys.enable_secrets_engine("kv", path=bao.mount + "1", options={"version": "1"})
    with pytest.raises(Unavailable, match="is not a key/value engine of version 2"):
        present(opened(bao, mount=bao.mount + "1"), SCOPE)


def test_compare_and_set_by_the_server(bao):
    store = opened(bao)
    present(store, SCOPE)
    document, token = store.load(SCOPE)
    stage(opened(bao), SCOPE)
    with pytest.raises(Missed):
        store.save(SCOPE, document, token)
    with pytest.raises(Conflict, match="pending is fp:"):
        stage(store, SCOPE, expect={"pending": ""})
    with pytest.raises(Missed):
        store.save(OTHER, document, 3)


def test_two_staging_at_once_stage_one_secret(bao):
    present(opened(bao), SCOPE)
    found, barrier = [], threading.Barrier(6)

    def work():
        store = opened(bao)
        read(store, SCOPE)
        barrier.wait()
        found.append(stage(store, SCOPE)["pending"]["fingerprint"])

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(found) == 6 and len(set(found)) == 1


@pytest.mark.parametrize("gone", ["delete", "destroy"])
def test_a_deleted_secret_is_not_taken_for_none(bao, gone):
    store = opened(bao)
    present(store, SCOPE)
    if gone == "delete":
        kv(bao).delete_latest_version_of_secret(f"antmedia/{SCOPE}", mount_point=bao.mount)
    else:
        kv(bao).destroy_secret_versions(f"antmedia/{SCOPE}", [1], mount_point=bao.mount)
    with pytest.raises(Damaged, match=r"newest version \(1\) is (deleted|destroyed); undelete it"):
        present(store, SCOPE)


def test_a_tampered_document_is_noticed(bao):
    present(opened(bao), SCOPE)
    document = raw(bao)["data"]
    document["current"]["secret"] = "canary-of-43-characters-0123456789-abcdefgh"
    kv(bao).create_or_update_secret(f"antmedia/{SCOPE}", document, mount_point=bao.mount)
    with pytest.raises(Damaged, match="one of the two was edited") as told:
        stage(opened(bao), SCOPE)
    assert "canary" not in str(told.value)


def test_other_keys_beside_ours_are_left_alone(bao):
    kv(bao).create_or_update_secret("antmedia/fleet/notes", {"a": 1}, mount_point=bao.mount)
    present(opened(bao), SCOPE)
    assert opened(bao).scopes() == [SCOPE]


def test_unknown_content_is_kept(bao):
    kv(bao).create_or_update_secret(
        f"antmedia/{SCOPE}",
        {"owner": "somebody", "current": {"secret": "A-first-secret-of-43-characters-0123456789x"}},
        mount_point=bao.mount,
    )
    store = opened(bao)
    stage(store, SCOPE)
    store.promote(SCOPE)
    store.retire(SCOPE)
    assert raw(bao)["data"]["owner"] == "somebody"


def test_stopped(bao):
    store = opened(bao)
    made = present(store, SCOPE)
    bao.stop()
    for step, kept in ((read, store), (stage, store), (Store.retire, store), (read, opened(bao))):
        with pytest.raises(Unavailable, match="cannot be reached"):
            step(kept, SCOPE)
    bao.start()
    assert read(opened(bao), SCOPE) == made


def test_sealed_in_the_middle(bao):
    store = opened(bao)
    present(store, SCOPE)
    staged = stage(store, SCOPE)
    bao.seal()
    for step, kept in ((read, store), (Store.promote, store), (read, opened(bao))):
        with pytest.raises(Unavailable, match="is sealed or in standby: unseal it"):
            step(kept, SCOPE)
    bao.unseal()
    assert read(opened(bao), SCOPE) == staged
    assert opened(bao).promote(SCOPE)["current"]["secret"] == staged["pending"]["secret"]


def test_slow(bao):
    store = opened(bao, timeout=2)
    made = present(store, SCOPE)
    bao.pause()
    try:
        with pytest.raises(Unavailable, match="does not answer within 2 s"):
            read(store, SCOPE)
        with pytest.raises(Unavailable, match="does not answer within 2 s, logging in"):
            read(opened(bao, timeout=2), SCOPE)
    finally:
        bao.resume()
    assert read(opened(bao), SCOPE) == made


def test_an_answer_that_never_came_may_have_been_a_write(bao, monkeypatch):
    store = opened(bao, timeout=2)
    present(store, SCOPE)
    real = openbao.Kept.save

    def save(self, scope, document, token):
        bao.pause()
        timer = threading.Timer(3, bao.resume)
        timer.start()
        try:
            return real(self, scope, document, token)
        finally:
            timer.join()

    monkeypatch.setattr(openbao.Kept, "save", save)
    with pytest.raises(Unavailable, match="may have happened all the same, the next run looks"):
        stage(store, SCOPE)
    monkeypatch.undo()
    time.sleep(0.5)
    again = stage(opened(bao), SCOPE)["pending"]
    assert raw(bao)["data"]["pending"]["secret"] == again["secret"]


def _killed(bao, step, call, after):
    """Run a step in a process that is killed at a request, before it or after its answer."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        store = opened(bao)
        read(store, SCOPE)
        real, left = store._server.client.session.request, [call]

        def request(*args, **more):
            left[0] -= 1
            if left[0] == 0 and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            answer = real(*args, **more)
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return answer

        store._server.client.session.request = request
        STEPS[step](store, SCOPE)
        os._exit(0)
    finally:
        os._exit(1)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "step, call",
    [("stage", 1), ("stage", 2), ("stage", 3), ("promote", 2), ("promote", 3), ("retire", 2),
     ("retire", 3), ("retire", 4), ("retire", 5)],
)  # fmt: skip
def test_killed_at_every_request_nothing_is_lost(bao, step, call, after):
    store = opened(bao)
    present(store, SCOPE)
    if step != "stage":
        stage(store, SCOPE)
    if step == "retire":
        store.promote(SCOPE)
    before = read(store, SCOPE)
    assert _killed(bao, step, call, after) == -signal.SIGKILL
    between = read(opened(bao), SCOPE)
    secrets = {entry["secret"] for entry in before.values()}
    kept = {entry["secret"] for entry in between.values()}
    assert between["current"]["secret"] in secrets and (step == "retire" or secrets <= kept)
    STEPS[step](opened(bao), SCOPE)
    done = read(opened(bao), SCOPE)
    names = {"stage": {"current", "pending"}, "promote": {"current", "previous"}}
    assert set(done) == names.get(step, {"current"})
    if step == "retire":
        seen = kv(bao).read_secret_metadata(f"antmedia/{SCOPE}", mount_point=bao.mount)["data"]
        assert sum(not version["destroyed"] for version in seen["versions"].values()) == 1


def test_the_server_killed_while_it_writes_nothing_confirmed_is_lost(bao):
    store = opened(bao)
    present(store, SCOPE)
    confirmed, failures, stop = {}, [], threading.Event()

    def work():
        mine, number = opened(bao), 0
        while not stop.is_set():
            number += 1
            scope = f"fleet/app{number}/rest"
            try:
                confirmed[scope] = present(mine, scope)["current"]["secret"]
            except StoreError as error:
                failures.append(str(error))
                return

    for _ in range(3):
        worker = threading.Thread(target=work)
        worker.start()
        before = len(confirmed)
        while len(confirmed) < before + 8 and worker.is_alive():
            time.sleep(0.05)
        bao.stop()
        worker.join()
        bao.start()
    assert len(failures) == 3 and len(confirmed) >= 24
    after = opened(bao)
    for scope, secret in confirmed.items():
        assert read(after, scope)["current"]["secret"] == secret


def test_reading_a_fleet_is_one_request_a_scope_and_one_a_folder(bao):
    store = opened(bao)
    for number in range(5):
        present(store, f"fleet/app{number}/rest")
    before = len(bao.requests())
    assert len(opened(bao).load_all("fleet")) == 5
    asked = bao.requests()[before:]
    assert len(asked) == 1 + 1 + 5 + 5, asked  # the mount; fleet/; fleet/app*/; the scopes
