# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The gate's daemon: it decides who publishes and who plays, and is itself the gate of RTMP.

    gate.pyz [POLICY]    with the folder for its socket in RUNTIME_DIRECTORY

It says what it does on its standard error, for the journal: a line each, with a priority before it.
While there is no right policy it keeps its ports and lets in nobody: a server that came up with its
files as shipped cannot have them. A policy with other ports is taken, but for these: whoever wants
them starts the gate again, which drops who is connected.

PRIVATE to the collection.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import Any, Callable, Sequence

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    answers as _answers,
    certificate as _certificate,
    decide as _decide,
    desk as _desk,
    notify as _notify,
    policy as _policy,
    ports as _ports,
    routes as _routes,
    rtmp_relay as _relay,
    watch as _watch,
)

NAME = "streamward-gate"
UNIT = NAME + ".service"
POLICY = _policy.PATH
RUNTIME = "/run/" + NAME
SOCKET = "answers.sock"
TICK_SECONDS = 1

# The ports that are held before there ever was a right policy: those that most servers have.
UNTOLD = _policy.Listen(http=5080, https=None, rtmp=1935, rtmps=None, answers=9400)
RESTART = "other ports are in the policy; start the gate again to have them"
_INFO, _WARNING = 6, 4


def say(text: str) -> None:
    """A line for the journal."""
    level = _INFO if text.startswith(("listening", "policy: in force")) else _WARNING
    sys.stderr.write(f"<{level}>{text}\n")
    sys.stderr.flush()


class Gate:
    """The parts of a running gate, and what is due each second."""

    def __init__(self, path: str, runtime: str, owner: int = 0) -> None:
        """
        :arg path: of the policy. :arg runtime: the folder for the socket that fronts ask.
        :kwarg owner: the account that the policy has to belong to.
        """
        self.desk = _desk.Desk(say)
        self._watch = _watch.Watch(path, owner)
        self._socket = os.path.join(runtime, SOCKET)
        routes = _routes.Routes(self.desk, self._state)
        self._answers = _answers.Server(routes.answer, self._broken)
        self._tls = _certificate.Tls()
        self._manager = _notify.Manager()
        self._listen = UNTOLD
        self._told = False
        # What ends each listener, by its name.
        self._listeners: dict[str, Callable[[], object]] = {}
        self._faults: dict[str, str] = {}
        self._ready = False
        self._end = asyncio.Event()
        self._relay = _relay.Relay(self.desk, self._upstream, _relay.Limits(), self.desk.counts)

    async def run(self) -> None:
        """Work until somebody ends it."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._end.set)
        loop.add_signal_handler(signal.SIGHUP, self.look, True)
        await self._answers.listen(_answers.unix_socket(self._socket))
        try:
            while not self._end.is_set():
                await self.tick()
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(self._end.wait(), TICK_SECONDS)
        finally:
            self._manager.tell(STOPPING=1)
            await self._stop_listening()
            self._relay.close()
            self._answers.close()

    def look(self, again: bool = False) -> None:
        """Look at the policy, and at the certificate that it names.

        :kwarg again: read them whether they have changed or not.
        """
        try:
            found = self._watch.look(again)
            if found:
                self.desk.take(*found)
                self._relay.review(lambda ask: _decide.stays(self.desk.policy, ask))
            if self.desk.policy:
                self._tls.look(self.desk.policy.certificate, again)
        except Exception as error:  # whatever it is: nobody gets in, and who is in stays
            self.desk.take(None, f"a fault of the gate: {type(error).__name__}")

    async def tick(self) -> None:
        """What is due each second."""
        self.look()
        policy = self.desk.policy
        if policy and not self._told:
            self._told = True
            if policy.listen != self._listen:
                await self._stop_listening()
                self._listen = policy.listen
        await self._start_listening()
        self._relay.tick()
        self._answers.sweep()
        self.desk.counts.put("answers_connections", len(self._answers.connections))
        self.desk.tick()
        self._tell()

    async def _start_listening(self) -> None:
        """Start the listeners that are not there yet, as far as their ports can be had."""
        starts = {"answers": self._start_answers, "rtmp": self._start_rtmp}
        if self._listen.rtmps:
            starts["rtmps"] = self._start_rtmps
        faults = {}
        for name in sorted(starts.keys() - self._listeners.keys()):
            port = getattr(self._listen, name)
            try:
                self._listeners[name] = await starts[name](port)
                say(f"listening: {name} on port {port}")
            except OSError as error:
                faults[name] = f"port {port}: {error.strerror or error}"
        for name in faults.keys() - self._faults.keys():
            say(f"not listening: {name} on {faults[name]}")
        self._faults = faults

    async def _stop_listening(self) -> None:
        for end in self._listeners.values():
            end()
        self._listeners.clear()

    async def _start_answers(self, port: int) -> Callable[[], object]:
        return (await self._answers.listen(_ports.local(port))).close

    async def _start_rtmp(self, port: int) -> Callable[[], object]:
        return self._relay.listen(_ports.public(port))

    async def _start_rtmps(self, port: int) -> Callable[[], object]:
        if not self._tls.context:
            raise OSError(self._tls.why or "there is no certificate")
        return self._relay.listen(_ports.public(port), lambda: self._tls.context)

    def _upstream(self) -> tuple[str, int]:
        policy = self.desk.policy
        if not policy:
            raise ConnectionRefusedError("no policy")
        return _ports.LOOPBACK, policy.upstream.rtmp

    def _tell(self) -> None:
        ready = not {"answers", "rtmp"} & self._faults.keys()
        if ready and not self._ready:
            self._ready = True
            self._manager.tell(READY=1)
        why = [self.desk.why, self._tls.why, *self._faults.values()]
        self._manager.tell(STATUS="; ".join(filter(None, why)) or "open", WATCHDOG=1)

    def _state(self) -> dict[str, Any]:
        policy = self.desk.policy
        faults = dict(self._faults)
        if self._tls.why:
            faults["certificate"] = self._tls.why
        if policy and policy.listen != self._listen:
            faults["listen"] = RESTART
        return {
            "listening": {name: getattr(self._listen, name) for name in sorted(self._listeners)},
            "faults": faults,
        }

    def _broken(self, why: str) -> None:
        self.desk.counts.add("answers_broken_total", reason=why)


async def _run(path: str, runtime: str, owner: int) -> None:
    await Gate(path, runtime, owner).run()


def main(arguments: Sequence[str] | None = None, owner: int = 0) -> int:
    """Run the gate until somebody ends it; returns the exit code.

    :kwarg owner: the account that the policy has to belong to.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    if len(arguments) > 1 or any(word.startswith("-") for word in arguments):
        sys.stderr.write("usage: gate [POLICY]\n")
        return 2
    path = arguments[0] if arguments else POLICY
    runtime = os.environ.get("RUNTIME_DIRECTORY", RUNTIME).partition(":")[0]
    try:
        asyncio.run(_run(path, runtime, owner))
    except OSError as error:
        say(f"the gate ends, and nobody gets in: {error}")
        return 1
    return 0
