"""Hosts and a store for rotations: what hosts report, and hosts that do what they are told."""

from __future__ import annotations

import copy
import json
import time

from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation import (
    conclusion as _conclusion,
    evidence as _evidence,
    exchange as _exchange,
    passes as _passes,
    proofs as _proofs,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._rotation.asked import (
    Options,
    Selection,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    Context,
    Store,
)

from tests.kit.kept import present

STREAM, REST, MANAGEMENT = "fleet/LiveApp/stream", "fleet/_default/rest", "fleet/management"
CLUSTER = "fleet/cluster"
SCOPES = [STREAM, "fleet/_default/stream", REST, MANAGEMENT]
ALL = Selection(("stream", "rest", "management"))


def _app(name, **settings):
    return {
        "file": f"/ams/{name}",
        "writable_by_server": True,
        "settings": {"jwtControlEnabled": "true", "playJwtControlEnabled": "true", **settings},
    }


def look(**more):
    """What the module facts reports of a host, some of its facts otherwise."""
    facts = {
        "version": "2.17.1",
        "edition": "enterprise",
        "process": {"pid": 1},
        "overruled": [],
        "server": {"settings": {"server.jwtServerControlEnabled": "true"}},
        "apps": {
            "LiveApp": _app("LiveApp", publishJwtControlEnabled="TRUE"),
            "other": _app("other", playJwtControlEnabled="false"),
        },
        "fingerprints": {
            "management": "fp:m",
            "apps": {
                "LiveApp": {"stream": "fp:s", "rest": "fp:r"},
                "other": {"stream": "fp:x", "rest": "fp:r"},
            },
        },
        "memory": {"known": True, "differs": {}, "unfinished": False, "overrides": []},
    }
    return {"ansible_facts": {"antmedia": {**copy.deepcopy(facts), **more}}}


def cluster_look(**more):
    """The same of a host one of whose applications shows nodes a key."""
    found = look(**more)
    facts = found["ansible_facts"]["antmedia"]
    facts["apps"]["LiveApp"]["settings"]["clusterCommunicationKey"] = "fp:c"
    facts["fingerprints"]["apps"]["LiveApp"]["cluster"] = "fp:c"
    return found


class Memory(Store):
    """A store without a disk."""

    def __init__(self):
        super().__init__({}, Context())
        self.kept, self.purged = {}, []

    def where(self):
        return "memory"

    def load(self, scope):
        return self.kept.get(scope, {}), None

    def save(self, scope, document, token):
        self.kept[scope] = document

    def scopes(self, fleet=None):
        return sorted(self.kept)

    def purge(self, scope):
        self.purged.append(scope)
        return True


class Fleet:
    """Hosts that do what they are told, as the modules would report it."""

    def __init__(self, *names, scopes=(STREAM, MANAGEMENT)):
        self.store = Memory()
        for scope in scopes:
            present(self.store, scope)
        self.held = {name: {s: self.mark(s, "current") for s in scopes} for name in names}
        self.troubles, self.ways, self.failing = {}, {}, {}

    def mark(self, scope, version):
        return self.store.kept[scope].get(version, {}).get("fingerprint", "")

    @property
    def hosts(self):
        return {
            name: _evidence.Host(
                "fleet",
                self.troubles.get(name, ""),
                ()
                if self.troubles.get(name)
                else tuple(
                    _evidence.Use(
                        scope,
                        "LiveApp" if scope == STREAM else "",
                        _document.Scope.parse(scope).realm,
                        mark,
                        True,
                        ("play",) if scope == STREAM else ("management_jwt",),
                    )
                    for scope, mark in marks.items()
                ),
                "enterprise",
            )
            for name, marks in self.held.items()
        }

    def plan(self, mode="auto", selection=ALL, **options):
        passes, refusals = _passes.make_passes(
            self.store.kept, self.hosts, Options(mode, **options), selection, time.time()
        )
        return json.loads(json.dumps(passes)), refusals  # as it comes back through Ansible

    def begin(self, work, quorum="all", lead=None, batches=(1,), check=False):
        preflight = {
            host: {"way": self.ways.get(host, "live"), **self.failing.get(host, {})}
            for host in work["hosts"]
        }
        return json.loads(
            json.dumps(
                _exchange.begin(
                    self.store, work, self.hosts, preflight, quorum,
                    _exchange.Timing(None, lead, time.time), list(batches), check,
                )
            )
        )  # fmt: skip

    def exchange(self, begun, skip=()):
        """Give every host its secrets; returns what settings and probe report."""
        before = self.hosts
        changes, proofs = {}, {}
        for host, orders in begun["hosts"].items():
            if host in skip:
                continue
            for use in orders["give"]:
                self.held[host][use["scope"]] = self.mark(use["scope"], use["version"])
            if orders["give"]:
                changes[host] = {
                    "fingerprints": {
                        "management": self.held[host].get(MANAGEMENT, ""),
                        "apps": {"LiveApp": {"stream": self.held[host].get(STREAM, "")}},
                    },
                    "switched_at": 1000.0 + 0.1 * len(changes),
                }
            proofs[host] = self.proof()
        self.before = before
        return changes, proofs

    @staticmethod
    def proof(outcome="enforced"):
        names = (("LiveApp", "play"), ("", "management-jwt"))
        return {
            "controls": [
                {"app": app, "control": control, "outcome": outcome, "reason": "why"}
                for app, control in names
            ],
            "probes": [
                {"app": app, "control": control, "case": _proofs.PREVIOUS_CASE, "came": "refused"}
                for app, control in names
            ],
        }

    def finish(self, begun, changes, proofs, mode="auto", **options):
        return _conclusion.finish(
            self.store, begun, self.before, changes, proofs, Options(mode, **options), False,
            time.time,
        )  # fmt: skip
