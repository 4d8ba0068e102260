from __future__ import annotations

import multiprocessing
import os
import time

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import cache as _cache
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.cache import RunCache

CANARY = "canary-of-the-cache"


class Source:
    """Counts how often it is read, over all processes."""

    def __init__(self, value=CANARY, error=None):
        self.read = multiprocessing.get_context("fork").Value("i", 0)
        self.value, self.error = value, error

    def __call__(self):
        with self.read.get_lock():
            self.read.value += 1
        time.sleep(0.05)
        if self.error:
            raise self.error
        return {"secret": self.value}


@pytest.mark.parametrize("mark", ["1", ""])
def test_forty_workers_read_once(tmp_path, mark):
    source, context = Source(), multiprocessing.get_context("fork")

    def work():
        assert RunCache(str(tmp_path)).get("store", mark, source) == {"secret": CANARY}

    workers = [context.Process(target=work) for _ in range(40)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0] * 40
    assert source.read.value == 1


def test_nothing_clear_is_on_the_disk_and_only_the_owner_may_look(tmp_path):
    RunCache(str(tmp_path)).get("store", "1", Source())
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    for path in files:
        assert CANARY.encode() not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0
    assert (tmp_path / "streamward").stat().st_mode & 0o077 == 0


def test_another_run_cannot_open_it(tmp_path, monkeypatch):
    source, cache = Source(), RunCache(str(tmp_path))
    cache.get("store", "1", source)
    monkeypatch.setattr(multiprocessing.current_process(), "authkey", os.urandom(32))
    cache.get("store", "1", source)
    assert source.read.value == 2


def test_a_changed_mark_another_name_or_forgetting_reads_again(tmp_path):
    source, cache = Source(), RunCache(str(tmp_path))
    cache.get("store", "1", source)
    cache.get("store", "1", source)
    assert source.read.value == 1
    cache.get("store", "2", source)
    assert source.read.value == 2
    cache.get("other", "2", source)
    assert source.read.value == 3
    cache.forget("store")
    cache.get("store", "2", source)
    assert source.read.value == 4


def test_what_has_no_mark_lasts_a_minute(tmp_path, monkeypatch):
    source, cache, begin = Source(), RunCache(str(tmp_path)), time.time()
    reads = []
    for seconds in (0, 55, 65, 100, 130):
        monkeypatch.setattr(_cache.time, "time", lambda seconds=seconds: begin + seconds)
        cache.get("store", "", source)
        cache.get("file", "1", source)
        reads.append(source.read.value)
    assert reads == [2, 2, 3, 3, 4]


def test_values_cannot_be_swapped_between_names(tmp_path):
    cache = RunCache(str(tmp_path))
    cache.get("a", "", lambda: "of a")
    cache.get("b", "", lambda: "of b")
    os.replace(cache._path("a"), cache._path("b"))
    assert cache.get("b", "", lambda: "made again") == "made again"


def test_a_failure_is_shared_for_a_while(tmp_path, monkeypatch):
    source, cache = Source(error=ValueError("sealed")), RunCache(str(tmp_path))
    for _ in range(3):
        with pytest.raises(ValueError, match="sealed"):
            cache.get("store", "", source)
    assert source.read.value == 1
    late = time.time() + _cache.FAILURE_LASTS + 1
    monkeypatch.setattr(_cache.time, "time", lambda: late)
    with pytest.raises(ValueError, match="sealed"):
        cache.get("store", "", source)
    assert source.read.value == 2


def test_a_broken_or_lost_file_reads_again(tmp_path):
    source, cache = Source(), RunCache(str(tmp_path))
    cache.get("store", "", source)
    with open(cache._path("store"), "wb") as file:
        file.write(b"half")
    assert cache.get("store", "", source) == {"secret": CANARY}
    assert source.read.value == 2


def test_without_a_folder_it_just_reads(tmp_path):
    source = Source()
    assert RunCache("").get("store", "", source) == {"secret": CANARY}
    (tmp_path / "file").write_text("")
    assert RunCache(str(tmp_path / "file")).get("store", "", source) == {"secret": CANARY}
    RunCache("").forget("store")
    assert source.read.value == 2
