from __future__ import annotations

import io
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import jar as _jar


def archive(**files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return made


def test_files_that_an_archive_lists():
    made = archive(
        **{"red5.xml": "x", "inner/red5-core.xml": "x", "jee.xml.old": "red5.properties"}
    )
    assert _jar.lists(made, ["red5.xml", "red5-core.xml", "jee.xml", "red5.properties"]) == [
        "red5.xml"
    ]
    assert _jar.lists(made, ["inner/red5-core.xml", "red5.xm"]) == ["inner/red5-core.xml"]


def test_an_archive_with_something_before_it():
    made = io.BytesIO(b"#!/bin/sh\n" + archive(a="x").getvalue())
    assert _jar.lists(made, ["a"]) == ["a"]


def test_what_is_no_archive():
    with pytest.raises(ValueError, match="is not a zip file"):
        _jar.lists(io.BytesIO(b"x" * 1000), ["a"])
