"""A publisher by librtmp, which OBS and many encoders have in them: the system's library."""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from pathlib import Path


def library():
    """The library, or None."""
    name = ctypes.util.find_library("rtmp") or "librtmp.so.1"
    try:
        found = ctypes.CDLL(name)
    except OSError:
        return None
    found.RTMP_Alloc.restype = ctypes.c_void_p
    for call in ("Init", "SetupURL", "EnableWrite", "Connect", "ConnectStream", "Close", "Free"):
        getattr(found, f"RTMP_{call}").argtypes = [ctypes.c_void_p]
    found.RTMP_SetupURL.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    found.RTMP_Connect.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    found.RTMP_ConnectStream.argtypes = [ctypes.c_void_p, ctypes.c_int]
    found.RTMP_Write.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int]
    return found


def publish(url, flv):
    """Publish the bytes of an FLV file; whether all went."""
    rtmp = library()
    talk = rtmp.RTMP_Alloc()
    rtmp.RTMP_Init(talk)
    kept = ctypes.create_string_buffer(f"{url} live=1".encode())
    try:
        if not rtmp.RTMP_SetupURL(talk, kept):
            return False
        rtmp.RTMP_EnableWrite(talk)
        if not rtmp.RTMP_Connect(talk, None) or not rtmp.RTMP_ConnectStream(talk, 0):
            return False
        return rtmp.RTMP_Write(talk, flv, len(flv)) == len(flv)
    finally:
        rtmp.RTMP_Close(talk)
        rtmp.RTMP_Free(talk)


if __name__ == "__main__":
    sys.exit(not publish(sys.argv[1], Path(sys.argv[2]).read_bytes()))
