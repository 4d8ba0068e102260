from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    leftovers as _leftovers,
    transaction as _transaction,
)

from tests.unit.plugins.module_utils._host.replaced import NEW, contents, paths_of


def test_proved_files_are_forgotten(home, changed):
    transaction, _old = changed
    transaction.prepare()
    transaction.commit()
    _leftovers.forget_old(paths_of(home))
    _transaction.put_back(paths_of(home))
    assert contents(home) == list(NEW.values())


def test_what_is_left_over(home, changed):
    transaction, _old = changed
    paths = paths_of(home)
    assert not _leftovers.left_over(paths)
    transaction.prepare()
    assert _leftovers.left_over(paths, old=False)
    transaction.commit()
    assert _leftovers.left_over(paths)
    assert not _leftovers.left_over(paths, old=False)
    _leftovers.stopping(paths)
    assert _leftovers.stopped_here(paths)
    assert not _leftovers.left_over(paths, old=False)
    _leftovers.clean(paths, old=False)
    assert not _leftovers.stopped_here(paths)
    assert _leftovers.left_over(paths)
    _leftovers.clean(paths)
    assert not _leftovers.left_over(paths)


def test_no_old_file_to_read(home):
    with pytest.raises(FileNotFoundError):
        _leftovers.read_old(str(home / "conf" / "red5.properties"))
