# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Files of a Java archive, read without believing what the archive says of their size.

PRIVATE to the collection.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO, Iterable

NAME = "META-INF/MANIFEST.MF"
MOST_BYTES = 1 << 16
# What lists the archive's files. That of the server's archive has less than a tenth of it.
MOST_DIRECTORY = 4 << 20

# As zipfile looks for it: the record at the archive's end, and before it that of large archives.
_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_LARGE_MARK = b"PK\x06\x07"
_LARGE_SIZE = 20
_LONGEST_COMMENT = 1 << 16
# What stands before the name of a file in the list of files.
_ENTRY = struct.Struct("<4s24xH16x")
_ENTRY_MARK = b"PK\x01\x02"


def manifest(archive: BinaryIO) -> str:
    """The text of an archive's manifest.

    :arg archive: a file that can be read at any place.
    :raises ValueError: when it has none, or is made to take more memory than it should.
    :raises OSError: when it cannot be read.
    """
    data = look(archive, NAME, "manifest")[1]
    if data is None:
        raise ValueError(f"it has no {NAME}")
    return data.decode("utf-8", "replace")


def look(archive: BinaryIO, name: str, called: str) -> tuple[frozenset[str], bytes | None]:
    """The names of an archive's files, and what one of them holds; None if it is not there.

    :arg called: what an error calls that one.
    :raises ValueError, OSError: as :func:`manifest`.
    """
    _check_directory(archive)
    try:
        with zipfile.ZipFile(archive) as jar:
            names = frozenset(jar.namelist())
            if name not in names:
                return names, None
            entry = jar.getinfo(name)
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError(f"its {called} is packed in a way that archives of Java are not")
            with jar.open(entry) as stream:
                data = stream.read(MOST_BYTES + 1)
    except (OSError, ValueError):
        raise
    except Exception as error:  # of a broken archive, whatever zipfile and zlib come upon
        raise ValueError(str(error) or type(error).__name__) from error
    if len(data) > MOST_BYTES:
        raise ValueError(f"its {called} has more than {MOST_BYTES >> 10} KiB")
    return names, data


def _check_directory(archive: BinaryIO) -> tuple[int, int]:
    """Where what lists the files begins, and its size."""
    size = archive.seek(0, 2)
    begin = max(0, size - _LONGEST_COMMENT - _END.size - _LARGE_SIZE)
    archive.seek(begin)
    tail = archive.read(size - begin)
    at = len(tail) - _END.size
    if tail[at : at + 4] != _END_MARK or tail[-2:] != b"\0\0":
        at = tail.rfind(_END_MARK)
    if at < 0 or at + _END.size > len(tail):
        raise ValueError("File is not a zip file")
    directory = _END.unpack_from(tail, at)[5]
    large = tail[max(0, at - _LARGE_SIZE) : at].startswith(_LARGE_MARK)
    if large or directory > MOST_DIRECTORY:
        raise ValueError(f"it lists more files than {MOST_DIRECTORY >> 20} MiB hold")
    return max(0, begin + at - directory), directory


def lists(archive: BinaryIO, names: Iterable[str]) -> list[str]:
    """Those of some names that an archive has files of, by what lists its files and no more.

    :raises ValueError: when it is none.
    :raises OSError: when it cannot be read.
    """
    offset, size = _check_directory(archive)
    archive.seek(offset)
    directory = archive.read(size)
    return [name for name in names if _is_listed(directory, name.encode("utf-8"))]


def _is_listed(directory, name):
    at = directory.find(name)
    while at >= 0:
        before = directory[max(0, at - _ENTRY.size) : at]
        if len(before) == _ENTRY.size and _ENTRY.unpack(before) == (_ENTRY_MARK, len(name)):
            return True
        at = directory.find(name, at + 1)
    return False
