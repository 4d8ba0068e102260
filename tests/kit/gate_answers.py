"""The answers of the gate's daemon alone, as a process of its own: gate_answers.py POLICY SOCKET."""

from __future__ import annotations

import asyncio
import os
import sys

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    answers as _answers,
    desk as _desk,
    routes as _routes,
    watch as _watch,
)


async def main(policy: str, path: str) -> None:
    desk = _desk.Desk(lambda line: print(line, flush=True))
    watch = _watch.Watch(policy, os.getuid())
    server = _answers.Server(_routes.Routes(desk).answer, lambda why: None)
    desk.take(*(watch.look() or (None, "")))
    await server.listen(_answers.unix_socket(path))
    while True:
        await asyncio.sleep(0.1)
        changed = watch.look()
        if changed:
            desk.take(*changed)
        desk.tick()
        server.sweep()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
