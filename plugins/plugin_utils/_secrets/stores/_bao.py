# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The server behind the store openbao: logging in to it, and what its errors mean.

PRIVATE to the collection.
"""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.streamward.antmedia.plugins.plugin_utils._files import files as _files
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Unavailable

MOST_TOKEN = 1 << 16


class Server:
    """A server, reached when it is needed first.

    :arg options: of the store.
    :arg base: the folder that relative paths start from.
    :arg where: the place, for messages.
    :arg notes: where to put what the operator had better know.
    """

    def __init__(self, options: Mapping[str, Any], base: str, where: str, notes: list[str]) -> None:
        self._options, self._base, self._where, self._notes = options, base, where, notes
        self.client: Any = None
        self._own_token = False

    def kv(self) -> Any:
        """hvac's view of the key/value engine, logged in."""
        if self.client is None:
            with self.told("logging in"):
                self.client = self._connect()
        return self.client.secrets.kv.v2

    def _connect(self):
        try:
            import hvac
        except ImportError:
            raise Unavailable(
                "the store openbao needs hvac on the controller: pip install hvac"
            ) from None
        options = self._options
        client = hvac.Client(
            url=options["url"],
            token="",
            namespace=options["namespace"],
            verify=os.path.expanduser(options["ca_cert"]) if options["ca_cert"] else True,
            timeout=options["timeout"],
            allow_redirects=False,
            session=self._session(),
        )
        if options["auth"] == "approle" or (options["auth"] is None and options["role_id"]):
            client.auth.approle.login(
                role_id=options["role_id"],
                secret_id=options["secret_id"],
                mount_point=options["approle_mount"],
            )
            self._own_token = True
        else:
            client.token = self.token()
        self._need_version_2(client)
        return client

    def _session(self):
        """None for hvac's own, which a proxy of the environment may stand in for."""
        if not self._options["url"].startswith("http:"):
            return None
        import requests

        session = requests.Session()
        session.trust_env = False  # in clear to this machine is not in clear to a proxy
        return session

    def _need_version_2(self, client):
        """Version 1 would take the same requests, without check-and-set, in another meaning."""
        from hvac.exceptions import Forbidden

        mount = self._options["mount"]
        try:
            seen = client.adapter.get(f"/v1/sys/internal/ui/mounts/{mount}")["data"]
        except Forbidden:
            # The answer for a mount that is not there, and for a token without any right on it.
            raise Unavailable(
                f"{self._where}: there is no mount {mount!r}, or the token is not valid or has no "
                "right on it"
            ) from None
        if seen.get("type") != "kv" or (seen.get("options") or {}).get("version") != "2":
            raise Unavailable(f"{self._where}: {mount!r} is not a key/value engine of version 2")

    def token(self) -> str:
        """The token to log in with."""
        if self._options["token"]:
            return self._options["token"]
        path = os.path.expanduser(self._options["token_file"] or "~/.vault-token")
        path = os.path.join(self._base, path)
        try:
            with _files.opened(path, MOST_TOKEN) as file:
                if os.fstat(file.fileno()).st_mode & stat.S_IROTH:
                    self._notes.append(f"everybody may read the token in {path}: chmod o-r {path}")
                return file.read().decode("ascii").strip()
        except UnicodeDecodeError:
            raise Unavailable(f"{self._where}: {path} holds no token") from None
        except OSError as error:
            raise Unavailable(
                f"{self._where}: no way to log in: give token, token_file or role_id and "
                "secret_id, or BAO_TOKEN, or log in by `bao login` "
                f"({path} cannot be read: {error.strerror})"
            ) from None

    @contextlib.contextmanager
    def told(self, doing: str, write: bool = False) -> Iterator[None]:
        """Turn what hvac and requests raise into one line with a remedy and without a secret."""
        try:
            import hvac.exceptions as vault
            import requests.exceptions as http
        except ImportError:
            yield
            return
        unsure = "; it may have happened all the same, the next run looks" if write else ""
        reasons = (
            (vault.VaultDown, "is sealed or in standby: unseal it"),
            (vault.Forbidden, "does not allow it to this token (or the token is not valid)"),
            (vault.Unauthorized, "does not accept the credentials"),
            (vault.InvalidPath, "has no such mount or path (is it a key/value engine version 2?)"),
            (vault.RateLimitExceeded, "limits the rate, try later"),
            (vault.InvalidRequest, "refuses the request"),
            (vault.VaultError, "failed" + unsure),
            (http.SSLError, "shows a certificate that is not trusted (ca_cert, BAO_CACERT)"),
            (http.ConnectTimeout, f"does not answer within {self._options['timeout']:g} s"),
            (http.Timeout, f"does not answer within {self._options['timeout']:g} s{unsure}"),
            (http.ConnectionError, "cannot be reached" + unsure),
            (http.RequestException, "cannot be asked" + unsure),
        )
        try:
            yield
        except (vault.VaultError, http.RequestException, OSError) as error:
            reason = next((text for kind, text in reasons if isinstance(error, kind)), str(error))
            detail = ", ".join(str(line).strip() for line in getattr(error, "errors", None) or ())
            raise Unavailable(
                f"{self._where} {reason}, {doing}" + (f": {detail}" if detail else "")
            ) from None

    def close(self) -> None:
        """Let go of the connection, and of a token that was made for it."""
        if self.client and self._own_token:
            with contextlib.suppress(Exception):  # it expires by itself
                self.client.auth.token.revoke_self()
        if self.client:
            self.client.adapter.close()
            self.client = None
