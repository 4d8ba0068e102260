# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""OpenBao or HashiCorp Vault, key/value engine version 2, by hvac.

PRIVATE to the collection.

One scope is one key, ``<mount>/data/<path>/<scope>``, whose data is the scope's document. All its
versions of the secret are in the newest key version, so every step is one write, and the engine's
check-and-set guards it. Fingerprints and dates are repeated in the key's custom metadata, for
people and policies that must not see secrets; nothing is decided by them.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    ConfigError,
    Context,
    Damaged,
    Missed,
    Option,
    Store,
    Unavailable,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores._bao import Server

# What this store writes into a key's custom metadata, beside what others keep there.
OURS = re.compile(r"(state|locked_by|(pending|current|previous)_\w+)\Z")
LOOPBACK = ("localhost", "127.0.0.1", "::1")


class Kept(Store):
    """See the module. The needed policy is in docs/rotation.md."""

    OPTIONS: ClassVar[dict] = {
        "url": Option(required=True, env=("BAO_ADDR", "VAULT_ADDR")),
        "auth": Option(choices=("token", "approle")),
        "token": Option(secret=True, env=("BAO_TOKEN", "VAULT_TOKEN")),
        "token_file": Option(env=("BAO_TOKEN_FILE",)),
        "role_id": Option(secret=True, env=("BAO_ROLE_ID", "VAULT_ROLE_ID")),
        "secret_id": Option(secret=True, env=("BAO_SECRET_ID", "VAULT_SECRET_ID")),
        "approle_mount": Option(default="approle"),
        "namespace": Option(env=("BAO_NAMESPACE", "VAULT_NAMESPACE")),
        "mount": Option(default="secret"),
        "path": Option(default="antmedia"),
        "ca_cert": Option(env=("BAO_CACERT", "VAULT_CACERT")),
        "timeout": Option(float, 10.0, least=0.001, most=600),
    }

    def __init__(self, options: dict, context: Context) -> None:
        super().__init__(options, context)
        options["path"] = options["path"].strip("/")
        options["mount"] = options["mount"].strip("/")
        faults = list(self._faults(options))
        if faults:
            raise ConfigError(faults)
        self._server = Server(options, context.base, self.where(), self.notes)

    @staticmethod
    def _faults(options: Mapping[str, Any]) -> Iterator[str]:
        url = urlsplit(options["url"])
        if url.scheme not in ("http", "https") or not url.hostname:
            yield f"url {options['url']!r} is not an http(s) address"
        elif url.scheme == "http" and url.hostname not in LOOPBACK:
            yield f"url {options['url']!r} would carry secrets in clear: use https"
        if url.username or url.password:
            yield "url must not hold credentials"
        approle = bool(options["role_id"])
        if options["auth"] == "approle" and not (options["role_id"] and options["secret_id"]):
            yield "auth approle needs role_id and secret_id (or BAO_ROLE_ID, BAO_SECRET_ID)"
        if options["auth"] != "approle" and approle and not options["secret_id"]:
            yield "role_id is given without secret_id"

    def where(self) -> str:
        options = self.options
        space = f"{options['namespace'].strip('/')}/" if options["namespace"] else ""
        return f"{options['url'].rstrip('/')} {space}{options['mount']}/{options['path']}"

    def load(self, scope: str) -> tuple[dict, Any]:
        with self._server.told(f"reading {scope}"):
            answer = self._read(scope)
        if answer is None:
            return {}, 0
        metadata = answer["metadata"]
        if answer.get("data") is None:
            # Taking this for "no secret yet" would make a new one and cut every host off.
            state = "destroyed" if metadata.get("destroyed") else "deleted"
            raise Damaged(
                f"{self.where()}/{scope}: its newest version ({metadata['version']}) is {state}; "
                "undelete it, or remove the key with its metadata to start anew"
            )
        wrong = _document.check(answer["data"])
        if wrong:
            raise Damaged(f"{self.where()}/{scope} {wrong}")
        return _document.normalise(answer["data"]), metadata["version"]

    def _read(self, scope):
        from hvac.exceptions import InvalidPath

        try:
            answer = self._server.kv().read_secret_version(
                path=self._key(scope),
                mount_point=self.options["mount"],
                raise_on_deleted_version=True,
            )
        except InvalidPath as error:
            if error.errors:  # no such mount
                raise
            answer = error.json or {}
        return answer.get("data")

    def save(self, scope: str, document: dict, token: Any) -> None:
        from hvac.exceptions import InvalidRequest

        with self._server.told(f"writing {scope}", write=True):
            try:
                self._server.kv().create_or_update_secret(
                    path=self._key(scope),
                    secret=document,
                    cas=token,
                    mount_point=self.options["mount"],
                )
            except InvalidRequest as error:
                if "check-and-set" in str(error):
                    raise Missed(f"{scope} was changed by somebody else meanwhile") from None
                raise
        self._annotate(scope, document)

    def _annotate(self, scope, document):
        """Repeat in the key's metadata what may be seen. Failing to is no failure."""
        seen = {"state": "staged" if document.get("pending") else "idle"}
        for version, entry in _document.describe(document).items():
            seen.update({f"{version}_{name}": text for name, text in entry.items()})
        if document.get("lock"):
            seen["locked_by"] = str(document["lock"].get("who", "?"))[:500]
        try:
            with self._server.told(f"writing the metadata of {scope}"):
                kept = (self._metadata(scope) or {}).get("custom_metadata") or {}
                others = {name: text for name, text in kept.items() if not OURS.match(name)}
                self._server.kv().update_metadata(
                    path=self._key(scope),
                    mount_point=self.options["mount"],
                    custom_metadata={**others, **seen},
                )
        except Unavailable as error:
            self.notes.append(str(error))

    def scopes(self, fleet: str | None = None) -> list[str]:
        start = f"{fleet}/" if fleet else ""
        with self._server.told("listing"):
            found = list(self._walk(start))
        known = []
        for scope in sorted(found):
            with contextlib.suppress(_document.SecretError):  # other things may live beside ours
                known.append(str(_document.Scope.parse(scope)))
        return known

    def _walk(self, start):
        from hvac.exceptions import InvalidPath

        try:
            answer = self._server.kv().list_secrets(
                path=self._key(start), mount_point=self.options["mount"]
            )
        except InvalidPath:
            return
        for name in answer["data"]["keys"]:
            if name.endswith("/"):
                yield from self._walk(start + name)
            else:
                yield start + name

    def load_all(self, fleet: str | None = None) -> dict[str, dict]:
        loaded = {scope: self.load(scope)[0] for scope in self.scopes(fleet)}
        return {scope: document for scope, document in loaded.items() if document}

    def purge(self, scope: str) -> bool:
        """Destroy every key version before the newest: they hold secrets that are retired."""
        with self._server.told(f"destroying old versions of {scope}"):
            answer = self._metadata(scope)
            newest = answer["current_version"] if answer else 0
            old = [
                int(number)
                for number, seen in (answer or {}).get("versions", {}).items()
                if int(number) < newest and not seen["destroyed"]
            ]
            if old:
                self._server.kv().destroy_secret_versions(
                    path=self._key(scope), versions=old, mount_point=self.options["mount"]
                )
        return bool(old)

    def _metadata(self, scope):
        from hvac.exceptions import InvalidPath

        try:
            return self._server.kv().read_secret_metadata(
                path=self._key(scope), mount_point=self.options["mount"]
            )["data"]
        except InvalidPath:
            return None

    def _key(self, scope):
        return f"{self.options['path']}/{scope}" if self.options["path"] else scope

    def close(self) -> None:
        self._server.close()
