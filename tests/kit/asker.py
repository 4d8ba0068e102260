"""Ask for one path again and again until told to end; tell every answer's time and kind.

    asker.py HOST PORT PATH PAUSE [SOURCE]      PAUSE in seconds between two requests

Prints one line of JSON when its input is closed: runs of equal answers in order, each as status,
the Unix time of its first and last request, and their number. Status 0 is no answer.
"""

from __future__ import annotations

import http.client
import json
import select
import sys
import time


def ask(host, port, path, source):
    connection = http.client.HTTPConnection(
        host, port, timeout=3, source_address=(source, 0) if source else None
    )
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def main():
    host, port, path, pause, *source = sys.argv[1:]
    runs = []
    while not select.select([sys.stdin], [], [], float(pause))[0]:
        begin = time.time()
        status = ask(host, int(port), path, source[0] if source else None)
        if not runs or runs[-1][0] != status:
            runs.append([status, begin, begin, 0])
        runs[-1][2] = time.time()
        runs[-1][3] += 1
    print(json.dumps(runs))


main()
