# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module token: Ansible's side of it, the controller's."""

from __future__ import annotations

import base64
import ipaddress
import os
import time
from collections.abc import Mapping

import yaml
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible_collections.streamward.antmedia.plugins.module_utils import _policy, _secret
from ansible_collections.streamward.antmedia.plugins.modules.token import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils import (
    _host_settings,
    _lifetime,
    _secret_source,
    _support,
    _tokens,
    _tokens_batch,
    _tokens_inspect,
    _tokens_server,
    _totp,
    _urls,
)

SECRET_OPTIONS = frozenset(("secret", "secrets", "subscriber_secret", "token"))
DEFAULT_HOME = "/usr/local/antmedia"
_SPEC_KEYS = ("type", "elements", "choices", "default", "required")


class Faults(ValueError):
    """What stops the task. ``faults`` holds every reason, one text each, none with a secret."""

    def __init__(self, faults):
        super().__init__("; ".join(faults))
        self.faults = list(faults)


def argument_spec():
    """The options as the module's documentation declares them."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    options = yaml.load(DOCUMENTATION, Loader=loader)["options"]
    spec = {
        name: {key: option[key] for key in _SPEC_KEYS if key in option}
        for name, option in options.items()
    }
    for name in SECRET_OPTIONS:
        spec[name]["no_log"] = True
    return spec


def plain(value):
    """A templated value as plain Python: no tags, no lazy containers, vault texts decrypted."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def is_loopback(host):
    """Whether a host name or address means the machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class ActionModule(ActionBase):
    """Mints and verifies on the controller."""

    TRANSFERS_FILES = False

    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        del tmp
        # A batch may have 100,000 of them, which the validator would copy again and again.
        streams = self._task.args.pop("streams", None)
        try:
            _valid, args = self.validate_argument_spec(argument_spec())
        finally:
            if streams is not None:
                self._task.args["streams"] = streams
        args["streams"] = streams
        host = (task_vars or {}).get("inventory_hostname", "localhost")
        try:
            result.update(_Work(self, args, task_vars or {}).run())
        except ValueError as error:
            faults = getattr(error, "faults", None) or [str(error)]
            raise AnsibleActionFail(
                f"host {host}: " + (f"{len(faults)} faults: " if len(faults) > 1 else "")
                + "; ".join(faults)
            ) from None
        return result


class _Work:
    """One task for one host."""

    def __init__(self, action, args, task_vars):
        self.action, self.args, self.vars = action, args, task_vars
        self.display = action._display
        self.now = int(time.time())
        self.host = str(task_vars.get("inventory_hostname", "localhost"))
        self.version = _host_settings.parse_version(args["version"]) if args["version"] else ()
        self._secrets = {}
        self._files = {}
        self._source = None
        self._endpoint = None

    def run(self):
        if self.args["state"] == "verified":
            return self._verify()
        self._refuse_mixes()
        return self._batch() if self._is_batch() else self._single()

    def _is_batch(self):
        return self.args["streams"] is not None or bool(self.args["streams_file"])

    def _refuse_mixes(self):
        args, faults = self.args, []
        if args["streams"] is not None and args["streams_file"]:
            faults.append("streams, streams_file: give one of them")
        if args["encrypt"] and not args["dest"]:
            faults.append("encrypt: encrypts dest, which is not given")
        if args["show"] and not args["expose"]:
            faults.append("show: prints tokens, so it needs expose: true")
        if args["show"] and self._is_batch():
            faults.append("show: is for a single token; write a batch to dest")
        if self._is_batch() and args["realm"] != "stream":
            faults.append("realm: a batch is of streams")
        if args["source"] == "server" and (args["kind"] == "hash" or args["realm"] != "stream"):
            faults.append("source: the server makes kinds jwt, one_time and totp of the stream realm")
        if args["kind"] == "one_time" and args["source"] != "server":
            faults.append("kind: only the server makes one-time tokens, as it keeps them: source: server")
        if args["vod_file"]:
            faults += _urls.file_faults(args["vod_file"])
        if faults:
            raise Faults(faults)

    # -- options and variables ------------------------------------------------------------------

    def setting(self, name, default=None):
        """An option, else the variable of the same name with the collection's prefix."""
        value = self.args.get(name)
        if value is None:
            value = self.variable("antmedia_" + name)
        return default if value is None else plain(value)

    def variable(self, name):
        if name not in self.vars:
            return None
        return plain(self.action._templar.template(self.vars[name]))

    @property
    def source(self):
        if self._source is None:
            loader = self.action._loader
            self._source = _secret_source.Source(
                {
                    "antmedia_secrets": self.setting("secrets"),
                    "antmedia_secret_store": self.setting("secret_store"),
                    "antmedia_fleet": self.setting("fleet"),
                },
                context={
                    "base": loader.get_basedir(),
                    "vault_secrets": getattr(loader._vault, "secrets", None) or (),
                },
            )
        return self._source

    def cap(self):
        text = self.args["max_lifetime"]
        if text is None:
            text = self.variable("antmedia_token_max_lifetime")
        if text is None:
            return None
        try:
            return _lifetime.duration(text)
        except _lifetime.LifetimeError as error:
            raise Faults([f"max_lifetime: {error}"]) from None

    def warn(self, text):
        # Not in the result: one that is hidden would hide its warnings too.
        self.display.warning(f"host {self.host}: {text}")

    # -- secrets --------------------------------------------------------------------------------

    def secret(self, order):
        """The secret for an order, and where it came from."""
        if order.kind == "totp" and self.args["subscriber_secret"]:
            return _totp.subscriber_key(str(self.args["subscriber_secret"])), "subscriber_secret"
        key = (order.secret_word, order.app)
        if key not in self._secrets:
            self._secrets[key] = self._find_secret(*key)
        return self._secrets[key]

    def _find_secret(self, word, app):
        own_risk = False
        if self.args["secret"] is not None:
            secret, origin = str(self.args["secret"]), "the option secret"
        elif "secret" in self.args["read_host"]:
            path = _host_settings.secret_file(word, app)
            data = self._host_file(path, app)
            secret = _host_settings.secret(data, word, app, self.version)
            origin, own_risk = f"{path} on the host", word in ("rest", "management")
            if not secret:
                raise Faults([f"read_host: {path} on the host holds no {word} secret"])
        else:
            secret, origin = self.source.need(word, app, self.args["secret_version"])
        faults = _secret.faults(secret)
        if faults and own_risk:
            # The server works with it, and a support engineer needs the token now.
            self.warn(f"{origin}: the {word} secret {' and '.join(faults)}; rotate it")
        elif faults:
            raise Faults([f"{origin}: the {word} secret {fault}" for fault in faults])
        return secret, origin

    def _host_file(self, path, app=""):
        if path not in self._files:
            home = str(self.setting("home", DEFAULT_HOME))
            full = os.path.join(home, path)
            answer = self._on_host("ansible.builtin.slurp", {"src": full})
            if answer.get("failed") or "content" not in answer:
                hint = f"; is there an app {app}?" if app else "; is antmedia_home right?"
                raise Faults([f"read_host: {full} cannot be read on the host{hint}"])
            self._files[path] = base64.b64decode(answer["content"])
        return self._files[path]

    def _on_host(self, module, arguments):
        # Connections print what modules answer at -vvv, and these answers hold secrets.
        play = self.action._play_context
        before, play.no_log = play.no_log, True
        try:
            return self.action._execute_module(
                module_name=module, module_args=arguments, task_vars=self.vars
            )
        finally:
            play.no_log = before

    # -- where the server is --------------------------------------------------------------------

    def endpoint(self):
        if self._endpoint is None:
            values = {}
            if "endpoint" in self.args["read_host"]:
                values = _host_settings.endpoint(
                    self._host_file(_host_settings.SERVER_FILE),
                    self._host_file(_host_settings.CONTAINER_FILE),
                )
            for part in (self.variable("antmedia_endpoint"), plain(self.args["endpoint"])):
                if part is not None and not isinstance(part, dict):
                    raise Faults(["endpoint: must be a mapping"])
                values.update({key: value for key, value in (part or {}).items() if value is not None})
            if not values.get("host"):
                values["host"] = str(self.variable("ansible_host") or self.host)
                if is_loopback(values["host"]):
                    self.warn("endpoint.host is not given: the strings are for this machine itself")
            values.setdefault("tls", not is_loopback(str(values["host"])))
            self._endpoint = _urls.Endpoint.of(values)
        return self._endpoint

    # -- minting --------------------------------------------------------------------------------

    def order(self):
        args = self.args
        return _tokens.Order(
            realm=args["realm"],
            kind=args["kind"],
            app=str(args["app"]),
            stream=str(args["stream"]),
            type=str(args["type"]),
            lifetime=str(args["lifetime"]),
            room=str(args["room"]),
            subscriber=str(args["subscriber"]),
            claims=plain(args["claims"]),
            time_claims=tuple(map(str, args["time_claims"])),
        )

    def mint(self):
        period = self.args["totp_period"]
        if period < 1:
            raise Faults(["totp_period: must be at least one second"])
        return _tokens.Mint(self.now, self.cap(), period)

    def _supported(self):
        args = self.args
        faults = _support.faults(
            args["realm"],
            args["kind"],
            self.version,
            args["edition"] or "",
            registered=bool(args["subscriber_secret"]),
        )
        if faults and self.setting("unenforceable", "fail") == "warn":
            for fault in faults:
                self.warn(fault)
        elif faults:
            raise Faults(faults)

    def _single(self):
        order, mint = self.order(), self.mint()
        faults = mint.faults(order)
        if faults:
            raise Faults(faults)
        self._supported()
        names = self.args["strings"]
        if self._skips_server(order):
            return {"changed": True, "count": 1, **_tokens.Minted(order, "", None).summary()}
        minted = self._make(order, mint)
        strings = self._strings(minted, ["all"] if names is None else names)
        self._single_warnings(minted, strings)
        result = {"changed": order.kind == "one_time", "count": 1, **minted.summary()}
        if self.args["source"] == "local":
            secret, origin = self.secret(order)
            result["secret_origin"] = origin
            if isinstance(secret, str):
                result["fingerprint"] = _secret.fingerprint(secret)
        if self.args["dest"]:
            columns = _tokens_batch.columns(order, strings)
            return {**result, **self._write([(minted, [])], columns, list(strings))}
        if self.args["show"]:
            self.display.display("\n".join(_paste(minted, strings)))
        return {**result, "token": minted.value, "strings": strings, **self._hidden()}

    def _make(self, order, mint):
        if self.args["source"] == "server":
            return self._ask(order, mint)
        secret, _origin = self.secret(order)
        return mint.mint(order, secret)

    def _hidden(self):
        return {} if self.args["expose"] else {"_ansible_no_log": True}

    def _strings(self, minted, names):
        """The strings of a token by name, those asked for."""
        if not names:
            return {}
        order, endpoint = minted.order, self.endpoint()
        if order.realm == "rest":
            made = _urls.rest(endpoint, order.app, minted.value)
        elif order.realm == "management":
            made = _urls.management(endpoint, minted.value)
        else:
            proof = (
                _urls.credentials(subscriber=order.subscriber, code=minted.value)
                if order.kind == "totp"
                else _urls.credentials(minted.value)
            )
            if order.type == "publish":
                made = _urls.publish(endpoint, order.app, order.stream, proof, order.room)
            else:
                made = _urls.play(
                    endpoint, order.app, order.stream, proof, order.room, self.args["vod_file"]
                )
        made = _support.usable(made, self.version)
        if "all" in names:
            return made
        unknown = [name for name in names if name not in made]
        if unknown:
            raise Faults(
                f"strings: {name!r} is none of {', '.join(made)}, all" for name in unknown
            )
        return {name: made[name] for name in names}

    def _single_warnings(self, minted, strings):
        order = minted.order
        if minted.expires is None and order.kind == "jwt":
            self.warn("the token never expires; it works until its secret is rotated")
        for text in _urls.length_warnings(strings):
            self.warn(text)
        if order.realm == "stream" and order.type == "play" and order.kind != "totp":
            wrong = _served(order, self.args["vod_file"])
            for name, read in wrong.items():
                if name in strings:
                    self.warn(_served_words(order.stream, name, read))

    # -- batches --------------------------------------------------------------------------------

    def _batch(self):
        args, base, mint = self.args, self.order(), self.mint()
        self._supported()
        keep = [str(name) for name in args["keep_columns"]]
        clash = sorted(set(keep) & {*_tokens_batch.COLUMNS, "token", "expires", "expires_at"})
        if clash:
            raise Faults(f"keep_columns: {name!r} is a column of its own" for name in clash)
        names = [str(name) for name in args["strings"] or []]
        if names:
            names = self._batch_strings(base, names)
        if args["streams_file"]:
            rows = _tokens_batch.rows_of_file(self._local(args["streams_file"]), keep)
        else:
            streams = self._batch_streams()
            rows = _tokens_batch.rows_of_list(streams, keep)
        made = _tokens_batch.mint_all(
            _tokens_batch.orders(rows, base, keep), self._batch_mint(mint), self._progress
        )
        notes = _Notes()
        made = notes.watch(made)
        if args["dest"]:
            columns = _tokens_batch.columns(base, names, keep)
            result = self._write(made, columns, names)
        else:
            tokens = [
                {
                    **minted.summary(),
                    **dict(zip(keep, kept)),
                    "token": minted.value,
                    **({"strings": self._strings(minted, names)} if names else {}),
                }
                for minted, kept in made
            ]
            result = {"changed": False, "tokens": tokens, **self._hidden()}
        for text in notes.texts():
            self.warn(text)
        summary = {"count": notes.count, "realm": base.realm, "kind": base.kind}
        return {**summary, **result}

    def _batch_streams(self):
        streams = self.args["streams"]
        if isinstance(streams, str) or not isinstance(streams, (list, tuple)):
            raise Faults(["streams: must be a list of stream ids or mappings"])
        return streams

    def _batch_strings(self, base, names):
        """The names of the strings, checked against a row that does not exist."""
        sample = _tokens.Minted(
            _tokens.variant(base, app="x", stream="x", type=base.type or "play"), "x", None
        )
        return list(self._strings(sample, names))

    def _batch_mint(self, mint):
        if self.args["source"] == "server":
            return lambda order: self._asked_in_batch(order, mint)
        if self.args["subscriber_secret"]:
            raise Faults(["subscriber_secret: is one subscriber's own, not a batch's"])

        def make(order):
            try:
                secret, _origin = self.secret(order)
            except ValueError as error:
                faults = mint.faults(order) + (getattr(error, "faults", None) or [str(error)])
                raise _tokens.TokenError(faults) from None
            return mint.mint(order, secret)

        return make

    def _asked_in_batch(self, order, mint):
        faults = mint.faults(order)
        if faults:
            raise _tokens.TokenError(faults)
        return self._ask(order, mint)

    def _progress(self, count):
        self.display.display(f"token: {count:,} minted so far for {self.host}")

    def _write(self, made, columns, names):
        args = self.args
        path = self._local(args["dest"])
        fixed = _Fixed(columns, names)
        encrypt = self._encrypt() if args["encrypt"] else None

        def rows():
            for minted, kept in made:
                strings = self._strings(minted, names) if names else {}
                yield fixed.row(minted, kept, strings)

        faults = []
        if os.path.isdir(path):
            faults.append(f"dest: {path} is a folder")
        elif not os.path.isdir(os.path.dirname(os.path.realpath(path))):
            faults.append(f"dest: the folder of {path} does not exist")
        if faults:
            raise Faults(faults)
        if self.action._task.check_mode:
            for _row in rows():
                pass
            return {"changed": True, "dest": path}
        try:
            _tokens_batch.write(path, rows(), columns, args["format"], encrypt)
        except OSError as error:
            raise Faults([f"dest: {path}: {error.strerror}"]) from None
        return {"changed": True, "dest": path}

    def _local(self, path):
        return self.action._loader.path_dwim(str(path))

    def _encrypt(self):
        vault = self.action._loader._vault
        wanted = self.args["vault_id"]
        held = list(getattr(vault, "secrets", None) or [])
        for name, secret in held:
            if wanted in (None, name):
                return lambda data: vault.encrypt(data, secret=secret, vault_id=wanted)
        raise Faults(
            [
                f"vault_id: the run has no vault identity {wanted!r}, but {', '.join(n for n, _s in held)}"
                if held
                else "encrypt: the run has no vault password; give --vault-id or --vault-password-file"
            ]
        )

    # -- asking the server ----------------------------------------------------------------------

    def _skips_server(self, order):
        return self.action._task.check_mode and order.kind == "one_time"

    def _ask(self, order, mint):
        expires = mint.expiry(order.lifetime) if order.kind != "totp" else self._period_end()
        if expires is None:
            raise _tokens.TokenError(["lifetime: the server makes no token without an end"])
        url = self._server_url() + f"/{order.app}" + _tokens_server.question(order, expires)
        headers = {}
        rest = self.source.find("rest", order.app).current
        if rest:
            asking = _tokens.Order(
                realm="rest", app=order.app, lifetime=f"{_tokens_server.ASKING_SECONDS}s"
            )
            headers["Authorization"] = _tokens.Mint(time.time()).mint(asking, rest).value
        ask = self._ask_host if self.args["ask_from"] == "host" else self._ask_here
        status, body = ask(url, headers)
        return _tokens_server.answer(order, expires, status, body)

    def _period_end(self):
        period = self.args["totp_period"]
        return (self.now // period + 1) * period

    def _server_url(self):
        if self.args["server_url"]:
            return str(self.args["server_url"]).rstrip("/")
        if self.args["ask_from"] == "controller":
            return self.endpoint().http
        return f"http://127.0.0.1:{self.endpoint().http_port}"

    def _ask_host(self, url, headers):
        answer = self._on_host(
            "ansible.builtin.uri",
            {
                "url": url,
                "headers": headers,
                "return_content": True,
                "validate_certs": self.args["validate_certs"],
                "timeout": 20,
            },
        )
        status = answer.get("status")
        if not status or status < 0:
            return None, str(answer.get("msg", "no reason given"))
        return status, str(answer.get("content") or "")

    def _ask_here(self, url, headers):
        from urllib.error import HTTPError

        from ansible.module_utils.urls import open_url

        try:
            answer = open_url(
                url,
                headers=headers,
                timeout=20,
                validate_certs=self.args["validate_certs"],
                use_proxy=False,
            )
            return answer.status, answer.read().decode("utf-8", "replace")
        except HTTPError as error:
            return error.code, error.read().decode("utf-8", "replace")
        except Exception as error:
            return None, str(getattr(error, "reason", error))

    # -- verifying ------------------------------------------------------------------------------

    def _verify(self):
        args = self.args
        if not args["token"]:
            raise Faults(["token: is needed to judge it"])
        order = self.order()
        faults = [fault for fault in order.faults() if not fault.startswith(("subscriber:", "claims"))]
        if faults:
            raise Faults(faults)
        secrets = self._all_secrets(order)
        if order.realm == "stream" and order.app:
            others = ()
        others = self._policy_apps()
        secrets = secrets if args["secret"] else {**self.source.everything([order.app, *others]), **secrets}
        verdict = _tokens_inspect.inspect(
            str(args["token"]), self._wanted(order), secrets, self.now
        )
        return {
            "changed": False,
            "realm": order.realm,
            "kind": verdict.kind,
            "accepted": verdict.accepted,
            "verdict": verdict.sentence(),
            "reasons": [{"code": code, "text": text} for code, text in verdict.reasons],
            "notes": [{"code": code, "text": text} for code, text in verdict.warnings],
            "signed_by": verdict.signed_by,
            "header": verdict.header,
            "claims": verdict.claims,
            "expires": verdict.expires,
            "expires_at": "never" if verdict.expires is None else _lifetime.utc(verdict.expires),
        }
