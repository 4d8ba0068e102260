"""Plays an HLS stream like a player: one session, the playlist again and again, every segment once.

Ends when its input does, or after some seconds, and prints what it saw as one line of JSON.
"""

from __future__ import annotations

import http.client
import http.cookiejar
import json
import select
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urljoin


def main(url, seconds):
    opener = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    seen, failures, requests = set(), [], 0
    begin = time.monotonic()
    deadline = begin + float(seconds)

    def failed(what, error):
        reason = getattr(error, "code", error)
        failures.append(f"{time.monotonic() - begin:.0f} s {what}: {reason}")

    while time.monotonic() < deadline and not select.select([sys.stdin], [], [], 0)[0]:
        try:
            requests += 1
            playlist = opener.open(url, timeout=10).read().decode()
        except (OSError, http.client.HTTPException) as error:
            failed("playlist", error)
            time.sleep(0.5)
            continue
        lines = [line for line in playlist.splitlines() if line and not line.startswith("#")]
        for line in lines[-3:]:  # a player starts near the live edge
            segment = urljoin(url, line)
            if segment in seen:
                continue
            seen.add(segment)
            try:
                requests += 1
                opener.open(segment, timeout=10).read()
            except (OSError, http.client.HTTPException) as error:
                failed("segment", error)
        time.sleep(0.5)
    print(json.dumps({"requests": requests, "segments": len(seen), "failures": failures}))


if __name__ == "__main__":
    main(*sys.argv[1:3])
