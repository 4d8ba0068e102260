from __future__ import annotations

from types import SimpleNamespace

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import xml as _xml
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    files as _files,
    scene as _scene,
)


@pytest.fixture
def scene():
    return _scene.Scene(SimpleNamespace(home="/srv/ams"), None)


def test_a_file_is_looked_at_once(scene):
    assert scene.first_time("/srv/ams/conf/logback.xml")
    assert not scene.first_time("/srv/ams/conf/logback.xml")
    assert scene.first_time("/srv/ams/conf/other.xml")


def test_files_that_name_ever_more_of_them_come_to_an_end(scene):
    """Each may name a hundred, and each of those as many again."""
    looked = sum(scene.first_time(f"/srv/{number}.xml") for number in range(50 * _files.MOST))
    assert looked == 10 * _files.MOST
    assert scene.files.unread == ["/srv/ams: names more than 1000 files; others were left out"]


def test_what_came_after_the_start_holds_for_the_next(scene):
    file = SimpleNamespace(changed=1000.0)
    assert scene.when(file) == _entry.NEXT
    for started, when in ((999.0, _entry.ALWAYS), (998.0, _entry.ALWAYS), (997.9, _entry.NEXT)):
        scene.process = SimpleNamespace(started=started)
        assert scene.when(file) == when


def test_what_is_not_understood_is_told(scene):
    assert scene.understood(SimpleNamespace(data=b"<a/>", path="x"), _xml.parse).name == "a"
    assert scene.understood(SimpleNamespace(data=b"<a>", path="/srv/x.xml"), _xml.parse) is None
    assert any("/srv/x.xml" in text and "XML" in text for text in scene.files.unread)
