"""Files of a home that a transaction replaces, and what they are then."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    installation as _installation,
)

NEW = {"": b"server=new\n", "LiveApp": b"live=new\n", "events": b"events=new\n"}


def plan_of(home, data=None, **access):
    """New files for everything of a home."""
    found = _installation.observe(str(home))
    return [
        _files.NewFile(
            app,
            file,
            (data or NEW)[app],
            access.get("mode", file.mode),
            access.get("uid", file.uid),
            access.get("gid", file.gid),
        )
        for app, file in found.files()
    ]


def paths_of(home):
    return [file.path for _app, file in _installation.observe(str(home)).files()]


def read(path):
    with open(path, "rb") as stream:
        return stream.read()


def contents(home):
    return [read(path) for path in paths_of(home)]


def left_over(home):
    return sorted(path.name for path in home.rglob(".*streamward*"))
