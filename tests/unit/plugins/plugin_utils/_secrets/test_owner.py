from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import owner as _owner


def _child(queue):
    queue.put((_owner.key("x"), _owner.identity()))


def test_a_forked_worker_is_the_same_run():
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    worker = context.Process(target=_child, args=(queue,))
    worker.start()
    key, identity = queue.get(timeout=10)
    worker.join()
    assert key == _owner.key("x")
    assert identity == _owner.identity()
    assert identity["pid"] == os.getpid()


def test_keys_are_apart_by_purpose_and_not_the_shared_one():
    assert _owner.key("a") != _owner.key("b")
    assert bytes(multiprocessing.current_process().authkey) != _owner.key("a")
    assert len(_owner.key("a")) == 32


def test_this_run_is_alive():
    assert _owner.alive(_owner.identity())


def test_a_process_that_ended_is_gone():
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()
    assert not _owner.alive({**_owner.identity(), "pid": done.pid})


def test_a_process_id_that_was_used_again_is_gone():
    assert not _owner.alive({**_owner.identity(), "started": 1})


def test_a_reboot_ends_every_run():
    assert not _owner.alive({**_owner.identity(), "boot": "another"})


def test_what_cannot_be_seen_may_live():
    ended = {**_owner.identity(), "pid": 2**22 - 1}
    assert _owner.alive({**ended, "host": "elsewhere"})
    assert _owner.alive({**ended, "pids": "pid:[1]"})
    assert _owner.alive({**ended, "pid": "x"})
    assert _owner.alive({})


def test_a_machine_without_an_id_cannot_be_told_from_another(monkeypatch):
    """As containers are that share an image: the same name, another kernel's boot id."""
    monkeypatch.setattr(_owner, "_text", lambda path: "" if "machine-id" in path else "a boot")
    theirs = {**_owner.identity(), "boot": "another", "pid": 2**22 - 1}
    assert _owner.alive(theirs)
