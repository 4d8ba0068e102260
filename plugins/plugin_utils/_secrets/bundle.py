# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Secrets of a store in the shape of the variable ``antmedia_secrets``.

PRIVATE to the collection.
"""

from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.changes import generate
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.document import (
    DEFAULT_APP,
    VERSIONS,
    Scope,
    SecretError,
)

# The version of a secret that nobody keeps, to try what a change would do.
TRIAL = "trial"


def bundle(documents: dict, fleet: str, version: str = "current") -> dict:
    """The secrets of one fleet in the shape of the variable ``antmedia_secrets``.

    :arg documents: ``{scope: document}``.
    :arg version: ``current``; ``pending``, which means the pending one where there is one and else
        the current one, so what the fleet is about to hold; or ``previous``, only where there is
        one.
    """
    order = {"current": ("current",), "pending": ("pending", "current"), "previous": ("previous",)}
    if version not in order:
        raise SecretError(f"{version!r} is not a version: " + ", ".join(VERSIONS))
    found: dict = {}
    for text in sorted(documents):
        scope = Scope.parse(text)
        entry = next(filter(None, (documents[text].get(name) for name in order[version])), None)
        if scope.fleet != fleet or not entry:
            continue
        if not scope.app:
            found[scope.realm] = entry["secret"]
        elif scope.app == DEFAULT_APP:
            found.setdefault("app_defaults", {})[scope.realm] = entry["secret"]
        else:
            found.setdefault("apps", {}).setdefault(scope.app, {})[scope.realm] = entry["secret"]
    return found


def chosen(documents: dict, uses: list[dict]) -> dict:
    """Certain secrets in the shape of the variable ``antmedia_secrets``.

    :arg uses: mappings with ``scope``, ``version``, ``realm`` and ``app``, the latter empty for the
        server itself. The version ``trial`` is a secret that nobody keeps, to try what a change
        would do. A version that is not there is left out.
    """
    found: dict = {}
    for use in uses:
        entry = documents.get(use["scope"], {}).get(use["version"])
        if use["version"] == TRIAL:
            entry = {"secret": generate()}
        if not entry:
            continue
        part = found
        if use["realm"] in _words.APP_REALMS:
            part = found.setdefault("apps", {}).setdefault(use["app"], {})
        part[use["realm"]] = entry["secret"]
    return found
