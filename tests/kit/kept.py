"""Secrets in a store: documents of them, and steps on one of them, as tests take them."""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    changes as _changes,
    document as _document,
)

FIRST = "A-first-secret-of-43-characters-0123456789x"
SECOND = "B-other-secret-of-43-characters-0123456789x"


def entry(secret, **more):
    """A version of a secret in its document."""
    made = {"secret": secret, "created": _document.stamp(0), "fingerprint": fingerprint(secret)}
    return {**made, **more}


def read(store, scope):
    """The versions of a secret."""
    return _document.versions(store.load(scope)[0])


def present(store, scope, secret=None, expect=None):
    """Have a current secret, a given one or a new one; returns the versions there are then."""
    return _take(store, scope, secret, expect, _changes.present)


def stage(store, scope, secret=None, expect=None):
    """Have a pending secret, see :func:`present`."""
    return _take(store, scope, secret, expect, _changes.stage)


def _take(store, scope, secret, expect, step):
    def make():
        return secret or _changes.generate()

    def take(document, now):
        return step(document, now, make, bool(secret))

    done = store.change([scope], take, {scope: expect} if expect else None)
    return _document.versions(done[scope][1])
