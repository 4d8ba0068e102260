"""Hosts to audit: a home of the server, edited as a case says, and what `facts` tells of it.

A control's test file says its cases by edits of a host, and gets a test for each:

    CASES = audited.Cases(panel_open.CONTROL, fails={...}, passes={...}, others={...})
    test_cases = CASES.test

Unit tests run them on a made-up home, and tests/sandbox on the real distributions. Where a fault
comes with a policy, `settings` writes that, and the control has to pass then.
"""

from __future__ import annotations

import copy
import shutil
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import look as _look
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    unit as _unit,
)
from ansible_collections.streamward.antmedia.plugins.modules import facts, settings
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    control as _control,
    run as _run,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.evidence import (
    Evidence,
)

from . import calling, madeup

# Where the machine is looked at and not the home, a host in good order.
TIDY: dict[str, Any] = {
    "machine": {
        "name": "web1",
        "root": True,
        "account": "root",
        "inside": False,
        "server_inside": False,
        "operator": "198.51.100.7",
        "memory": 8 << 30,
    },
    "listens": [],
    "account": {
        "uid": 996,
        "name": "antmedia",
        "running": True,
        "shell": "/bin/false",
        "home": "/usr/local/antmedia",
        "groups": ["antmedia"],
        "password": "none",
    },
    "sudo": [],
    "unit": None,
    "java": {"now": [], "next": None},
    "clock": {"now": 1_790_000_000},
}
RUNNING = {"pid": 4711, "started": 1_790_000_000.0}
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<beans xmlns="http://www.springframework.org/schema/beans">
  <bean id="valve.remote" class="org.apache.catalina.valves.RemoteIpValve" />
</beans>
"""
ADDRESS = "antmedia_"
# What `settings` does not take: it gets secrets itself.
_STORES = ("antmedia_secret_store", "antmedia_secrets")


class Host:
    """A host: its home, and what is changed of what facts tells."""

    def __init__(self, home: Path, call: calling.Caller) -> None:
        self.home, self._call = home, call
        self._told: dict[str, Any] = {}
        self.more: dict[str, Any] = {}

    @property
    def version(self) -> tuple[int, ...]:
        return _installation.observe(str(self.home)).version

    @property
    def app_name(self) -> str:
        """The application that cases are about: both have it."""
        return "LiveApp"

    def server(self, values: Mapping[str, str | None]) -> None:
        """Set keys of the server's file; None takes a key out."""
        self._set(self.home / "conf" / "red5.properties", values)

    def app(self, values: Mapping[str, str | None], name: str = "") -> None:
        """Set settings of an application, by their newest names."""
        path = self.home / "webapps" / (name or self.app_name) / "WEB-INF/red5-web.properties"
        keys = {}
        for setting, text in values.items():
            row = _catalogue.by_name(_catalogue.APP, setting)
            if not row.exists_in(self.version):
                pytest.skip(f"this version has no {setting}")
            keys[row.key(self.version) or setting] = text
            keys.update(dict.fromkeys(row.twins(self.version)))
        self._set(path, keys)

    def apps(self, values: Mapping[str, str | None]) -> None:
        """Set settings of every application."""
        for name in _installation.app_names(str(self.home)):
            self.app(values, name)

    def _set(self, path, values):
        document, raw = Document.parse(path.read_bytes()), b""
        for key, text in values.items():
            if text is None:
                document.remove(key)
            elif "{" in text:  # which the collection would not write
                document.remove(key)
                raw += f"\n{key}={text}\n".encode()
            else:
                document.set(key, text)
        path.write_bytes(document.dump() + raw)

    def only(self, *names: str) -> None:
        """Leave no other applications."""
        for name in _installation.app_names(str(self.home)):
            if name not in names:
                shutil.rmtree(self.home / "webapps" / name)

    def enterprise(self) -> None:
        """Make it the Enterprise edition, by what facts tells it by."""
        (self.home / "plugins").mkdir(exist_ok=True)
        (self.home / "plugins" / "ant-media-enterprise.jar").write_bytes(b"")

    def pretend(self, version: str) -> None:
        """Make it a server of another version."""
        with zipfile.ZipFile(self.home / _installation.JAR, "w") as jar:
            jar.writestr("META-INF/MANIFEST.MF", f"Implementation-Version: {version}\r\n")

    def path(self, name: str) -> Path:
        """A path below the home."""
        return self.home / name

    def tell(self, **facts: Any) -> None:
        """Have facts tell something else; mappings are changed where they are named."""
        _merge(self._told, facts)

    def facts(self) -> dict[str, Any]:
        """What the module tells."""
        result = self._call(facts, home=str(self.home), evidence=True)
        assert not result["failed"], result
        found = result["ansible_facts"]["antmedia"]
        _merge(found, self._told)
        return found

    def evidence(self, name: str = "web1") -> Evidence:
        """What the audit has of it."""
        return Evidence(name, self.facts(), **self.more)

    def secure(self, policy: Mapping[str, Any]) -> None:
        """Have the collection write a policy into its files, as the lines of a remedy say it."""
        options = {
            name.removeprefix(ADDRESS): copy.deepcopy(value)
            for name, value in policy.items()
            if name not in _STORES
        }
        words = {name: text for name, text in madeup.SECRETS.items() if name != "management"}
        secrets = {"management": madeup.SECRETS["management"], "app_defaults": words}
        result = self._call(
            settings,
            home=str(self.home),
            secrets=secrets,
            apply="defer",
            service_manager="none",
            allow_lockout=True,
            **options,
        )
        assert not result["failed"], result["msg"]


def _merge(whole, part):
    for key, value in part.items():
        if isinstance(value, Mapping) and isinstance(whole.get(key), dict) and value:
            _merge(whole[key], value)
        else:
            whole[key] = value


Edit = Callable[[Host], Any]


class Watched(Evidence):
    """The evidence of a host of which the files of one application could not be read."""

    looked = False

    @property
    def apps(self):
        """The others; who looks at them has to say that one is missing."""
        self.looked = True
        return Evidence(self.host, self.facts).apps


UNREAD = "/ams/webapps/hidden/WEB-INF/red5-web.properties: Permission denied"


def shipped(host: Host) -> None:
    """The edit that changes nothing."""


def app(**settings: str) -> Edit:
    """Have the application that cases are about hold settings."""
    return lambda host: host.app(settings)


def apps(**settings: str) -> Edit:
    """Have every application hold settings."""
    return lambda host: host.apps(settings)


def enterprise(**settings: str) -> Edit:
    """Make it the Enterprise edition, with settings of every application."""

    def edit(host):
        host.enterprise()
        host.apps(settings)

    return edit


def server(values: Mapping[str, str | None]) -> Edit:
    """Have the server's file hold keys."""
    return lambda host: host.server(values)


def told(**facts: Any) -> Edit:
    """Have facts tell something else."""
    return lambda host: host.tell(**copy.deepcopy(facts))


def seen(**evidence: Any) -> Edit:
    """Have facts tell something else of the host around the server."""
    return told(evidence=evidence)


def both(*edits: Edit) -> Edit:
    """Several edits, one after the other."""

    def edit(host):
        for each in edits:
            each(host)

    return edit


class Cases:
    """The cases of a control: edits by name.

    fails, passes: after which it fails, and passes; one that fails may be a pair of an edit and of
    what the line of a fault has to say. others: edits that come out otherwise, each with its
    outcome. unmended: names of those that fail and that no file can show as mended.

    What passes must not pass where an application could not be read that the control is about.
    """

    def __init__(
        self,
        control: _control.Control,
        fails: Mapping[str, Edit | tuple[Edit, str]],
        passes: Mapping[str, Edit],
        others: Mapping[str, tuple[Edit, str]] | None = None,
        unmended: tuple[str, ...] = (),
    ) -> None:
        self.control = control
        self.unmended = unmended
        self.says = {name: row[1] for name, row in fails.items() if isinstance(row, tuple)}
        edits = {name: row[0] if isinstance(row, tuple) else row for name, row in fails.items()}
        self.rows: dict[str, tuple[Edit, str]] = {
            **{name: (edit, _control.FAIL) for name, edit in edits.items()},
            **{name: (edit, _control.PASS) for name, edit in passes.items()},
            **(others or {}),
        }
        count = len(fails) + len(passes) + len(others or {})
        assert len(self.rows) == count, "two cases have one name"

    @property
    def test(self) -> Callable:
        """The test of all of them."""

        @pytest.mark.parametrize("name", self.rows)
        def test_cases(name, audited_host):
            self.check(name, audited_host)

        return test_cases

    def check(self, name: str, host: Host) -> None:
        """Try one case on a host."""
        edit, outcome = self.rows[name]
        edit(host)
        found = self.judge(host)
        assert found.outcome == outcome, found
        assert found.faults or found.lines
        says = self.says.get(name, "")
        assert not says or any(says in fault.text for fault in found.faults), found
        if outcome == _control.PASS:
            self._one_unread(host)
        policy = _control.merged(fault.policy for fault in found.faults)
        if not policy or name in self.unmended:
            return
        assert self.control.mends
        panel = policy.get("antmedia_dashboard_cidrs")
        assert panel is None or {"127.0.0.1", TIDY["machine"]["operator"]} <= set(panel)
        host.secure(policy)
        after = self.judge(host)
        left = [fault for fault in after.faults if fault.policy]
        assert not left, after

    def _one_unread(self, host: Host) -> None:
        host.tell(faults=[UNREAD])
        evidence = Watched("web1", host.facts(), **host.more)
        found = _run.finding(self.control, evidence)
        if evidence.looked:
            assert (found.outcome, found.lines) == (_control.CANNOT_TELL, (UNREAD,)), found

    def judge(self, host: Host) -> _control.Finding:
        """What the control finds, as an audit would have it."""
        return _run.finding(self.control, host.evidence())


def stub(monkeypatch) -> None:
    """Have the machine that tests run on be a host in good order, on which no server runs."""
    parts = {name: lambda _scene, name=name: copy.deepcopy(TIDY[name]) for name in _look.OF_HOST}
    monkeypatch.setattr(_look, "OF_HOST", parts)
    monkeypatch.setattr(_process, "find", lambda home: None)
    monkeypatch.setattr(_unit, "look", lambda files, home: None)


def made_up(root: Path, call: calling.Caller, version: str = "2.17.1") -> Host:
    """A host with a made-up home of two applications."""
    home = madeup.home(root / "antmedia", version)
    (home / "conf" / "jee-container.xml").write_text(CONTAINER)
    return Host(home, call)


def real(tree: Path, root: Path, call: calling.Caller) -> Host:
    """A host with the files of a real distribution that decide anything, copied from its tree."""
    home = root / "antmedia"
    for pattern in ("conf/*", "webapps/*/WEB-INF/*.xml", "webapps/*/WEB-INF/*.properties"):
        for path in tree.glob(pattern):
            if path.is_file():
                target = home / path.relative_to(tree)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, target)
    shutil.copy2(tree / _installation.JAR, home / _installation.JAR)
    return Host(home, call)


__all__ = [
    "RUNNING",
    "TIDY",
    "Cases",
    "Host",
    "app",
    "apps",
    "both",
    "enterprise",
    "made_up",
    "real",
    "seen",
    "server",
    "shipped",
    "stub",
    "told",
]
