# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A YAML file encrypted with Ansible's own vault.

PRIVATE to the collection.

In clear it looks like this, and may hold anything else beside ``scopes``::

    scopes:
      fleet/LiveApp/stream:
        current: {secret: ..., created: 2026-11-24T15:00:00Z, fingerprint: fp:...}

It is replaced as a whole, so it is always either the old or the new one. ``ansible-vault view`` and
``edit`` work on it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, is_encrypted, match_encrypt_secret
from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import (
    files as _files,
    lock as _lock,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    document as _document,
    owner as _owner,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import (
    ConfigError,
    Context,
    Damaged,
    Done,
    Missed,
    Option,
    Store,
    Unavailable,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.stores._content import (
    HEADER,
    Content,
)

# Thousands of secrets; more would be no store.
MOST = 16 * _files.MIB


class Kept(Store):
    """See the module.

    Options: ``path``, relative to the folder of the run's first inventory; ``vault_id``, the
    identity to encrypt with, by default the one that opened the file, else Ansible's own choice;
    ``lock_timeout``, seconds to wait for another run's write.
    """

    OPTIONS: ClassVar[dict] = {
        "path": Option(required=True),
        "vault_id": Option(),
        "lock_timeout": Option(float, 30.0, least=0, most=3600),
    }

    def __init__(self, options: dict, context: Context) -> None:
        super().__init__(options, context)
        path = os.path.join(context.base or ".", os.path.expanduser(options["path"]))
        self._refuse_read_by_ansible(os.path.abspath(path))
        self._given = path
        self.path = os.path.realpath(path)  # for people; see _settle

    def _refuse_read_by_ansible(self, path):
        """Ansible would take the file for variables or an inventory, and show it to everybody."""
        folders = os.path.dirname(path).split(os.sep)
        if {"group_vars", "host_vars"} & set(folders):
            raise ConfigError(
                [f"path {path} is in a folder that Ansible loads as variables: put it elsewhere"]
            )
        for inventory in self.context.inventories:
            inside = os.path.relpath(path, os.path.abspath(inventory))
            if not any(part.startswith(".") for part in inside.split(os.sep)):
                raise ConfigError(
                    [
                        f"path {path} is in {inventory}, where Ansible reads every file as "
                        "inventory: put it beside that folder, or in a hidden one, for example "
                        f".secrets/{os.path.basename(path)}"
                    ]
                )

    def where(self) -> str:
        return self.path

    def mark(self) -> str:
        try:
            seen = os.stat(self.path)
        except OSError:
            return "absent"
        return f"{seen.st_ino}.{seen.st_size}.{seen.st_mtime_ns}"

    def scopes(self, fleet: str | None = None) -> list[str]:
        return sorted(self.load_all(fleet))

    def load(self, scope: str) -> tuple[dict, Any]:
        content = self._read()
        return content.documents.get(scope, {}), content.digest

    def load_all(self, fleet: str | None = None) -> dict[str, dict]:
        documents = self._read().documents
        return {
            scope: documents[scope]
            for scope in sorted(documents)
            if fleet is None or scope.startswith(fleet + "/")
        }

    def _settle(self):
        """Where the file is now, reached by links that may be followed."""
        try:
            self.path = _files.settled(self._given)
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be used: {error.strerror}") from None

    def save(self, scope: str, document: dict, token: Any) -> None:
        with self._locked():
            content = self._read()
            if content.digest != token:
                raise Missed(f"{self.path} has changed meanwhile")
            self._write(content, {scope: document})

    def update(self, change: Mapping[str, Callable[[dict], dict]]) -> Done:
        """All or nothing, with one reading and at most one writing."""
        with self._locked():
            content = self._read()
            done = {}
            for scope, transform in change.items():
                before = content.documents.get(scope, {})
                done[scope] = (before, transform(before))
            changed = {scope: after for scope, (before, after) in done.items() if after != before}
            if changed:
                self._write(content, changed)
        return done

    def _read(self):
        self._settle()
        try:
            sealed = _files.read(self.path, MOST)
        except FileNotFoundError:
            return Content(b"", HEADER, None)
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be read: {error.strerror}") from None
        if not is_encrypted(sealed):
            raise Damaged(
                f"{self.path} is not encrypted by Ansible's vault; if it is the right file, treat "
                "its secrets as known to others, and encrypt it: ansible-vault encrypt"
            )
        clear, used = self._decrypt(sealed)
        try:
            text = clear.decode("utf-8")
        except UnicodeDecodeError:
            raise Damaged(f"{self.path} holds no UTF-8 text") from None
        return Content(sealed, text, used, self.path)

    def _decrypt(self, sealed):
        self._need_secrets("opened")
        try:
            clear, vault_id, secret = VaultLib(
                list(self.context.vault_secrets)
            ).decrypt_and_get_vault_id(sealed)
        except (AnsibleError, ValueError) as error:
            if "no vault secrets were found that could decrypt" not in str(error):
                raise Damaged(f"{self.path} is a broken vault file, nothing was changed") from None
            ids = ", ".join(str(vault_id) for vault_id, _secret in self.context.vault_secrets)
            raise Damaged(
                f"{self.path} cannot be opened with any vault password of this run (identities: "
                f"{ids}): the password is another one, or the file was changed from outside"
            ) from None
        return bytes(clear), (vault_id, secret)

    def _need_secrets(self, what):
        if not self.context.vault_secrets:
            raise Unavailable(
                f"{self.path} cannot be {what} without a vault password: use --vault-id, "
                "--vault-password-file or ANSIBLE_VAULT_PASSWORD_FILE"
            )

    def _encrypt(self, clear, used):
        """By the configured identity, else the one that opened the file, else Ansible's choice."""
        self._need_secrets("written")
        secrets = list(self.context.vault_secrets)
        wanted = self.options.get("vault_id")
        if wanted:
            found = [(vault_id, secret) for vault_id, secret in secrets if vault_id == wanted]
            if not found:
                ids = ", ".join(str(vault_id) for vault_id, _secret in secrets)
                raise ConfigError(
                    [f"vault_id {wanted!r} is not one of this run's identities: {ids}"]
                )
            used = found[0]
        try:
            vault_id, secret = used or match_encrypt_secret(
                secrets, encrypt_vault_id=C.DEFAULT_VAULT_ENCRYPT_IDENTITY
            )
            return VaultLib(secrets).encrypt(clear, secret, vault_id=vault_id)
        except AnsibleError as error:
            raise Unavailable(f"{self.path} cannot be encrypted: {error}") from None

    def _write(self, content, changed):
        sealed = self._encrypt(content.merged(changed, self.path).encode("utf-8"), content.used)
        try:
            others = self._other_names()
            with _files.replaced(self.path, 0o600, keep_owner=True, alone=True) as file:
                file.write(sealed)
                file.flush()
                if self._digest() != content.digest:
                    raise Missed(f"{self.path} was changed by somebody else meanwhile, run again")
        except OSError as error:
            raise Unavailable(
                f"{self.path} cannot be written: {error.strerror}; it is as it was before"
            ) from None
        self.notes.extend(others)

    def _other_names(self):
        """A note where the file has other names: those keep what is replaced here."""
        try:
            seen = os.stat(self.path)
        except FileNotFoundError:
            return []
        if seen.st_nlink < 2:
            return []
        return [
            f"{self.path} had another name (a hard link), under which the old secrets stay, even"
            f" retired ones: remove what find -inum {seen.st_ino} shows"
        ]

    def _digest(self):
        try:
            return hashlib.sha256(_files.read(self.path, MOST)).hexdigest()
        except FileNotFoundError:
            return Content(b"", "", None).digest

    @contextlib.contextmanager
    def _locked(self):
        """Hold the file against other writers."""
        seconds = self.options["lock_timeout"]
        self._settle()
        folder, name = os.path.split(self.path)
        lock = os.path.join(folder, f".{name}.lock")
        with contextlib.ExitStack() as stack:
            try:
                who = _owner.identity()["who"]
                stack.enter_context(_lock.locked(lock, seconds, who, make=0o700))
            except _lock.Held as held:
                raise _document.Locked(
                    f"{self.path} is being written by {held}, for {seconds:g} s or more"
                ) from None
            except OSError as error:
                raise Unavailable(f"{self.path} cannot be locked: {error.strerror}") from None
            yield
