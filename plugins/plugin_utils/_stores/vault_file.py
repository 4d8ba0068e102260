# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A YAML file encrypted with Ansible's own vault.

PRIVATE to the collection.

In clear it looks like this, and may hold anything else beside ``scopes``::

    scopes:
      fleet/LiveApp/stream:
        current: {secret: ..., created: 2026-11-24T15:00:00Z, fingerprint: fp:...}

It is replaced as a whole: a new file beside it, flushed to the disk, then renamed over it. So it is
always either the old or the new one. ``ansible-vault view`` and ``edit`` work on it.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import hashlib
import os
import tempfile
import time
from typing import ClassVar

import yaml
from ansible import constants as C
from ansible.errors import AnsibleError
from ansible.parsing.vault import VaultLib, is_encrypted, match_encrypt_secret
from ansible_collections.streamward.antmedia.plugins.plugin_utils import _run, _secrets
from ansible_collections.streamward.antmedia.plugins.plugin_utils._stores import (
    ConfigError,
    Damaged,
    Missed,
    Option,
    Store,
    Unavailable,
)

HEADER = """\
# Secrets of Ant Media Servers, kept by the collection streamward.antmedia.
# Look with `ansible-vault view`. Lines outside `scopes` stay as they are.
"""
TAG = "tag:yaml.org,2002:"


class Kept(Store):
    """See the module.

    Options: ``path``, relative to the folder of the run's first inventory; ``vault_id``, the
    identity to encrypt with, by default the one that opened the file, else Ansible's own choice;
    ``lock_timeout``, seconds to wait for another run's write.
    """

    OPTIONS: ClassVar[dict] = {
        "path": Option(required=True),
        "vault_id": Option(),
        "lock_timeout": Option(float, 30.0),
    }

    def __init__(self, options, context):
        super().__init__(options, context)
        path = os.path.join(context.base or ".", os.path.expanduser(options["path"]))
        self._refuse_read_by_ansible(os.path.abspath(path))
        self.path = os.path.realpath(path)

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
                        f"path {path} is in {inventory}, of which Ansible reads every file as "
                        "inventory: put it beside that folder, or into a hidden one, for example "
                        f".secrets/{os.path.basename(path)}"
                    ]
                )

    def where(self):
        return self.path

    def mark(self):
        try:
            seen = os.stat(self.path)
        except OSError:
            return "absent"
        return f"{seen.st_ino}.{seen.st_size}.{seen.st_mtime_ns}"

    def scopes(self, fleet=None):
        return sorted(self.load_all(fleet))

    def load(self, scope):
        content = self._read()
        return content.documents.get(scope, {}), content.digest

    def load_all(self, fleet=None):
        documents = self._read().documents
        return {
            scope: documents[scope]
            for scope in sorted(documents)
            if fleet is None or scope.startswith(fleet + "/")
        }

    def save(self, scope, document, token):
        with self._locked():
            content = self._read()
            if content.digest != token:
                raise Missed(f"{self.path} has changed meanwhile")
            self._write(content, {scope: document})

    def update(self, change):
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
        try:
            with open(self.path, "rb") as file:
                sealed = file.read()
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
                raise ConfigError([f"vault_id {wanted!r} is none of this run's identities: {ids}"])
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
        folder, name = os.path.split(self.path)
        temporary = ""
        try:
            for left in glob.glob(os.path.join(glob.escape(folder), f".{glob.escape(name)}.*.new")):
                os.unlink(left)  # of a run that was killed; writers hold the lock
            handle, temporary = tempfile.mkstemp(".new", f".{name}.", folder)  # mode 0600
            with os.fdopen(handle, "wb") as file:
                self._keep_owner(handle)
                file.write(sealed)
                file.flush()
                os.fsync(handle)
            if self._digest() != content.digest:
                raise Missed(f"{self.path} was changed by somebody else meanwhile, run again")
            os.replace(temporary, self.path)
            temporary = ""
            self._sync_folder(folder)
        except OSError as error:
            raise Unavailable(
                f"{self.path} cannot be written: {error.strerror}; it is as it was before"
            ) from None
        finally:
            if temporary:
                with contextlib.suppress(OSError):
                    os.unlink(temporary)

    def _keep_owner(self, handle):
        with contextlib.suppress(OSError):  # only root can, and only then it matters
            seen = os.stat(self.path)
            os.fchown(handle, seen.st_uid, seen.st_gid)

    @staticmethod
    def _sync_folder(folder):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems
                raise
        finally:
            os.close(handle)

    def _digest(self):
        try:
            with open(self.path, "rb") as file:
                return hashlib.sha256(file.read()).hexdigest()
        except FileNotFoundError:
            return Content(b"", "", None).digest

    @contextlib.contextmanager
    def _locked(self):
        """Hold the file against other writers. The kernel lets go when a process dies."""
        folder, name = os.path.split(self.path)
        path = os.path.join(folder, f".{name}.lock")
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
            handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise Unavailable(f"{self.path} cannot be locked: {error.strerror}") from None
        try:
            self._wait(handle)
            with contextlib.suppress(OSError):  # for people only: a full disk must not stop here
                os.ftruncate(handle, 0)
                os.pwrite(handle, _run.identity()["who"].encode(), 0)
            yield
        finally:
            os.close(handle)

    def _wait(self, handle):
        deadline = time.monotonic() + self.options["lock_timeout"]
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    who = os.pread(handle, 200, 0).decode("utf-8", "replace") or "another process"
                    raise _secrets.Locked(
                        f"{self.path} is being written by {who}, for "
                        f"{self.options['lock_timeout']:g} s or more"
                    ) from None
                time.sleep(0.05)
            except OSError as error:
                raise Unavailable(f"{self.path} cannot be locked: {error.strerror}") from None


class Content:
    """The file in clear: its text, and the documents found in it."""

    def __init__(self, sealed, text, used, path=""):
        self.digest = hashlib.sha256(sealed).hexdigest()
        self.text = text
        self.used = used
        self.root = self._compose(text, path)
        self.documents = self._documents(path)

    @staticmethod
    def _compose(text, path):
        try:
            root = yaml.compose(text, yaml.SafeLoader)
        except yaml.YAMLError as error:
            # The message of the parser would quote the text, so only the place is told.
            mark = getattr(error, "problem_mark", None)
            line = f" in line {mark.line + 1}" if mark else ""
            raise Damaged(f"{path} is no YAML{line} once opened") from None
        if root is not None and not isinstance(root, yaml.MappingNode):
            raise Damaged(f"{path} holds no mapping once opened")
        return root

    def _scopes(self):
        """The node of ``scopes`` and its key's, or None."""
        for key, value in self.root.value if self.root else ():
            if key.value == "scopes":
                return value
        return None

    def _documents(self, path):
        node = self._scopes()
        if node is None or node.tag == TAG + "null":
            return {}
        try:
            found = _construct(node)
        except yaml.YAMLError:
            found = None
        if not isinstance(found, dict):
            raise Damaged(f"{path}: scopes is no mapping of scopes")
        for scope, document in found.items():
            try:
                _secrets.Scope.parse(scope)
                wrong = _secrets.check(document)
            except _secrets.SecretError as error:
                raise Damaged(f"{path}: {error}") from None
            if wrong:
                raise Damaged(f"{path}: {scope} {wrong}")
        return {scope: _secrets.normalise(document) for scope, document in found.items()}

    def merged(self, changed, path):
        """The text with some documents changed; what is outside ``scopes`` stays byte for byte."""
        documents = {**self.documents, **changed}
        documents = {scope: documents[scope] for scope in sorted(documents) if documents[scope]}
        block = yaml.dump(
            {"scopes": documents}, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=1000
        )
        text = self._spliced(block)
        try:
            if (
                Content(b"", text, None, path).documents == documents
                and self._others() == Content(b"", text, None, path)._others()
            ):
                return text
        except Damaged:
            pass
        raise Damaged(f"{path} is laid out in a way that cannot be edited safely")

    def _others(self):
        return [
            (key.value, yaml.serialize(value, Dumper=_Dumper))
            for key, value in (self.root.value if self.root else ())
            if key.value != "scopes"
        ]

    def _spliced(self, block):
        """The text with the lines of ``scopes`` replaced."""
        for key, value in self.root.value if self.root else ():
            if key.value == "scopes":
                start, end = key.start_mark.index, _last(value)
                rest = self.text[end:]
                line_end = rest.find("\n")
                rest = rest[line_end + 1 :] if line_end >= 0 else ""
                return self.text[:start] + block + rest
        text = self.text
        return (text if not text or text.endswith("\n") else text + "\n") + block


def _last(node):
    """The index after the last character that belongs to a node itself."""
    if isinstance(node, yaml.MappingNode) and node.value and not node.flow_style:
        return _last(node.value[-1][1])
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        return _last(node.value[-1])
    return node.end_mark.index


class _Foreign:
    """A value with a tag nobody here knows, carried along as it is."""

    def __init__(self, node):
        self.node = node

    def __eq__(self, other):
        return isinstance(other, _Foreign) and yaml.serialize(self.node) == yaml.serialize(
            other.node
        )

    __hash__ = None


class _Constructor(yaml.constructor.SafeConstructor):
    """Knows every tag: texts, numbers, booleans; dates stay the text they are."""


_Constructor.add_constructor(None, lambda _self, node: _Foreign(node))
_Constructor.add_constructor(TAG + "timestamp", lambda self, node: self.construct_scalar(node))


class _Dumper(yaml.SafeDumper):
    """Writes what :class:`_Constructor` made of it."""


_Dumper.add_representer(_Foreign, lambda _self, data: data.node)
# Texts that look like a date are written plain, as they were read.
_Dumper.yaml_implicit_resolvers = {
    first: [(tag, expression) for tag, expression in resolvers if tag != TAG + "timestamp"]
    for first, resolvers in yaml.SafeDumper.yaml_implicit_resolvers.items()
}


def _construct(node):
    return _Constructor().construct_document(node)
