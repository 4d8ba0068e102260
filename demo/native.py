# Copyright (c) 2026 Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stand-ins for two desktop libraries that the server's native code is linked against.

The media library inside the server names libX11 and libvdpau among what it needs, so the server
does not boot on a machine without a desktop, though nothing it does here ever opens a screen. Where
the machine has the real libraries they are used. Where it has not, a minimal shared object of the
same name is written: it exports the functions that are linked, and each of them returns 0, which
reads as "no display". This needs no compiler, no root and no network.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from pathlib import Path

LIBRARIES = {
    "libX11.so.6": (
        "XCloseDisplay",
        "XDefaultScreen",
        "XDisplayName",
        "XDisplayString",
        "XOpenDisplay",
        "XQueryKeymap",
    ),
    "libvdpau.so.1": ("vdp_device_create_x11",),
}

# ELF machine number and the code of `return 0`.
MACHINES = {
    "x86_64": (62, bytes.fromhex("31c0c3")),
    "aarch64": (183, bytes.fromhex("000080d2c0035fd6")),
}

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_SYMBOL = struct.Struct("<IBBHQQ")
_DYNAMIC = struct.Struct("<qQ")
_PAGE = 0x10000


def missing() -> list[str]:
    """Names of the libraries that the dynamic linker does not find."""
    absent = []
    for name in LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            absent.append(name)
    return absent


def provide(folder: Path) -> list[str]:
    """Write a stand-in into folder for each missing library and return their names.

    Raises RuntimeError, with the remedy, on a machine type there is no code for.
    """
    names = missing()
    if names:
        folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        target = folder / name
        image = shared_object(name, LIBRARIES[name], platform.machine())
        temporary = target.with_name(target.name + ".tmp")
        temporary.write_bytes(image)
        os.replace(temporary, target)
    return names


def shared_object(soname: str, functions: tuple[str, ...], machine: str) -> bytes:
    """A shared object called soname whose functions all return 0."""
    if machine not in MACHINES:
        raise RuntimeError(
            "the server needs {} on this {} machine; on Debian and Ubuntu: "
            "apt-get install libx11-6 libvdpau1".format(" and ".join(LIBRARIES), machine)
        )
    number, code = MACHINES[machine]

    strings = b"\0"
    offsets = []
    for text in (soname, *functions):
        offsets.append(len(strings))
        strings += text.encode("ascii") + b"\0"

    # One read-only executable segment, one writable one for the dynamic section, which the
    # linker edits. Symbols: the empty one, then the functions; one hash bucket chains them all.
    count = len(functions) + 1
    code_at = _HEADER.size + 4 * _SEGMENT.size
    code_at += -code_at % 16
    symbols_at = code_at + len(code)
    symbols_at += -symbols_at % 8
    hash_at = symbols_at + count * _SYMBOL.size
    hash_words = [1, count, count - 1, 0, *range(count - 1)]
    strings_at = hash_at + 4 * len(hash_words)
    text_end = strings_at + len(strings)
    dynamic_at = text_end + -text_end % 16
    dynamic_address = dynamic_at + _PAGE

    symbols = _SYMBOL.pack(0, 0, 0, 0, 0, 0)
    for offset in offsets[1:]:
        symbols += _SYMBOL.pack(offset, 0x12, 0, 1, code_at, len(code))
    dynamic = b"".join(
        _DYNAMIC.pack(tag, value)
        for tag, value in (
            (14, offsets[0]),  # DT_SONAME
            (4, hash_at),  # DT_HASH
            (5, strings_at),  # DT_STRTAB
            (6, symbols_at),  # DT_SYMTAB
            (10, len(strings)),  # DT_STRSZ
            (11, _SYMBOL.size),  # DT_SYMENT
            (0, 0),
        )
    )

    ident = b"\x7fELF\x02\x01\x01".ljust(16, b"\0")
    header = _HEADER.pack(
        ident, 3, number, 1, 0, _HEADER.size, 0, 0, _HEADER.size, _SEGMENT.size, 4, 64, 0, 0
    )
    segments = b"".join(
        _SEGMENT.pack(kind, flags, at, address, address, size, size, align)
        for kind, flags, at, address, size, align in (
            (1, 5, 0, 0, text_end, _PAGE),
            (1, 6, dynamic_at, dynamic_address, len(dynamic), _PAGE),
            (2, 6, dynamic_at, dynamic_address, len(dynamic), 8),
            (0x6474E551, 6, 0, 0, 0, 16),  # PT_GNU_STACK: the stack need not be executable
        )
    )

    image = bytearray(dynamic_at)
    for at, part in (
        (0, header + segments),
        (code_at, code),
        (symbols_at, symbols),
        (hash_at, struct.pack(f"<{len(hash_words)}I", *hash_words)),
        (strings_at, strings),
    ):
        image[at : at + len(part)] = part
    return bytes(image + dynamic)
