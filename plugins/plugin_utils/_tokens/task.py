# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One run of the module token, whoever calls: options in, a result out.

All that belongs to Ansible comes through an *edge*: ``host``, ``check_mode``, ``vault``,
``store_context()``, ``variable(name)``, ``path(path)``, ``on_host(module, arguments)``,
``warn(text)``, ``say(text)``, and ``tell(text)`` for what only a verbose run shows.

PRIVATE to the collection.
"""

from __future__ import annotations

import base64
import ipaddress
import os
import time

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import visible as _visible
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import source as _source
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import (
    batch as _batch,
    host as _host,
    inspect as _inspect,
    lifetime as _lifetime,
    mint as _mint,
    served as _served,
    server as _server,
    support as _support,
    totp as _totp,
    urls as _urls,
)

DEFAULT_HOME = "/usr/local/antmedia"
_ALL = "all"
# What a string is called where it is printed to be copied.
LABELS = {
    "rtmp": "RTMP URL",
    "rtmps": "RTMPS URL",
    "obs_server": "OBS server",
    "obs_server_rtmps": "OBS server (RTMPS)",
    "obs_key": "OBS stream key",
    "srt": "SRT URL",
    "srt_streamid": "SRT stream id",
    "websocket": "WebRTC WebSocket",
    "webrtc": "WebRTC message",
    "whip": "WHIP URL",
    "whip_header": "WHIP header",
    "whip_curl": "WHIP by curl",
    "hls": "HLS",
    "hls_adaptive": "HLS, adaptive",
    "dash": "DASH",
    "vod": "Recording",
    "embed": "Player page",
    "embed_hls": "Player page, HLS",
    "embed_dash": "Player page, DASH",
    "embed_vod": "Player page, recording",
    "iframe": "To embed",
    "base": "API",
    "header": "Header",
    "curl": "By curl",
}


class Faults(ValueError):
    """What stops the task. ``faults`` holds every reason, one text each, none with a secret."""

    def __init__(self, faults):
        self.faults = list(faults)
        super().__init__("; ".join(self.faults))


def is_loopback(host):
    """Whether a host name or address means the machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


class Task:
    """One task for one host.

    :arg args: the module's options, plain values.
    :arg edge: see above.
    """

    def __init__(self, args, edge, now=None):
        self.args, self.edge = args, edge
        self.now = int(time.time() if now is None else now)
        self.version = _host.parse_version(args["version"]) if args["version"] else ()
        self.names = args["strings"]
        self._secrets = {}
        self._files = {}
        self._endpoint = None
        self.source = _source.Source(
            {
                "antmedia_" + name: self.setting(name)
                for name in ("secrets", "secret_store", "fleet")
            },
            context=edge.store_context,
        )

    def run(self):
        """:returns: the result, as the module's documentation has it.
        :raises ValueError: with every fault; many have them as ``faults``.
        """
        if self.args["state"] == "verified":
            return self._verify()
        self._refuse_mixes()
        return self._batch() if self._is_batch() else self._single()

    def _is_batch(self):
        return self.args["streams"] is not None or bool(self.args["streams_file"])

    def _refuse_mixes(self):
        args, batch = self.args, self._is_batch()
        mixes = (
            (
                args["streams"] is not None and args["streams_file"],
                "streams, streams_file: give one",
            ),
            (args["encrypt"] and not args["dest"], "encrypt: encrypts dest, which is not given"),
            (args["show"] and not args["expose"], "show: prints tokens, so it needs expose: true"),
            (args["show"] and batch, "show: is for a single token; write a batch to dest"),
            (batch and args["realm"] != "stream", "realm: a batch is of streams"),
            (batch and args["subscriber_secret"], "subscriber_secret: is one subscriber's own"),
            (
                args["source"] == "server"
                and (args["kind"] == "hash" or args["realm"] != "stream"),
                "source: the server makes jwt, one_time and totp tokens of the stream realm",
            ),
            (
                args["kind"] == "one_time" and args["source"] != "server",
                "kind: only the server makes one-time tokens, as it keeps them; set source: server",
            ),
        )
        faults = [text for wrong, text in mixes if wrong]
        faults += _options.out_of_bounds({"totp_period": args["totp_period"]})
        if args["vod_file"]:
            faults += _urls.file_faults(args["vod_file"])
        if faults:
            raise Faults(faults)

    # -- options, variables, secrets ------------------------------------------------------------

    def setting(self, name, default=None):
        """An option, else the variable of the same name with the collection's prefix."""
        value = self.args.get(name)
        if value is None:
            value = self.edge.variable("antmedia_" + name)
        return default if value is None else value

    def cap(self):
        """The longest lifetime in seconds, or ``None``."""
        text = self.args["max_lifetime"] or self.edge.variable("antmedia_token_max_lifetime")
        if text is None:
            return None
        try:
            return _lifetime.duration(text)
        except _lifetime.LifetimeError as error:
            raise Faults([f"max_lifetime: {error}"]) from None

    def order(self):
        args = self.args
        fields = (
            "realm",
            "kind",
            "app",
            "stream",
            "type",
            "lifetime",
            "room",
            "subscriber",
            "claims",
        )
        return _mint.Order(
            **{name: args[name] for name in fields}, time_claims=tuple(args["time_claims"])
        )

    def secret(self, order):
        """The secret for an order, and where it came from."""
        if order.kind == "totp" and self.args["subscriber_secret"]:
            return _totp.subscriber_key(self.args["subscriber_secret"]), "subscriber_secret"
        key = (order.secret_word, order.app)
        if key not in self._secrets:
            self._secrets[key] = self._find_secret(*key)
        return self._secrets[key]

    def _find_secret(self, word, app):
        in_use = False
        if self.args["secret"] is not None:
            secret, origin = self.args["secret"], "the option secret"
        elif "secret" in self.args["read_host"]:
            origin = _host.secret_file(word, app) + " on the host"
            secret = self._host_secret(word, app)
            in_use = word in ("rest", "management")
        else:
            secret, origin = self.source.need(word, app, self.args["secret_version"])
        faults = " and ".join(_secret.faults(secret))
        if faults and in_use:
            # The server works with it, and a support engineer needs the token now.
            self.edge.warn(f"{origin}: the {word} secret {faults}; rotate it")
        elif faults:
            raise Faults([f"{origin}: the {word} secret {faults}"])
        return secret, origin

    def _host_secret(self, word, app):
        path = _host.secret_file(word, app)
        secret = _host.secret(self._host_file(path, app), word, app, self.version)
        if not secret:
            raise Faults([f"read_host: {path} on the host holds no {word} secret"])
        return secret

    def _host_file(self, path, app=""):
        if path not in self._files:
            full = os.path.join(str(self.setting("home", DEFAULT_HOME)), path)
            answer = self.edge.on_host("ansible.builtin.slurp", {"src": full})
            if answer.get("failed") or "content" not in answer:
                hint = f"is there an app {app}?" if app else "is antmedia_home right?"
                raise Faults([f"read_host: {full} cannot be read on the host; {hint}"])
            self._files[path] = base64.b64decode(answer["content"])
        return self._files[path]

    # -- where the server is, and what to paste --------------------------------------------------

    def endpoint(self):
        if self._endpoint is None:
            values = {}
            if "endpoint" in self.args["read_host"]:
                values = _host.endpoint(
                    self._host_file(_host.SERVER_FILE),
                    self._host_file(_host.CONTAINER_FILE),
                )
            for part in (self.edge.variable("antmedia_endpoint"), self.args["endpoint"]):
                if part is not None and not isinstance(part, dict):
                    raise Faults(["endpoint: must be a mapping"])
                # An empty text is what a template makes of a variable that is not given.
                values.update(
                    (key, value) for key, value in (part or {}).items() if value not in (None, "")
                )
            if not values.get("host"):
                values["host"] = str(self.edge.variable("ansible_host") or self.edge.host)
                if is_loopback(values["host"]):
                    self.edge.warn("endpoint.host is not given: the strings are for this machine")
            values.setdefault("tls", not is_loopback(str(values["host"])))
            self._endpoint = _urls.Endpoint.of(values)
        return self._endpoint

    def strings(self, minted, names):
        """The strings of a token by name, those asked for."""
        if not names:
            return {}
        made = _support.usable(self._every_string(minted), self.version)
        if _ALL in names:
            return made
        unknown = [name for name in names if name not in made]
        if unknown:
            known = ", ".join((*made, _ALL))
            raise Faults(f"strings: {name!r} is none of {known}" for name in unknown)
        return {name: made[name] for name in names}

    def _every_string(self, minted):
        order, endpoint = minted.order, self.endpoint()
        if order.realm == "rest":
            return _urls.rest(endpoint, order.app, minted.value)
        if order.realm == "management":
            return _urls.management(endpoint, minted.value)
        if order.kind == "totp":
            proof = _urls.credentials(subscriber=order.subscriber, code=minted.value)
        else:
            proof = _urls.credentials(minted.value)
        if order.type == "publish":
            return _urls.publish(endpoint, order.app, order.stream, proof, order.room)
        return _urls.play(
            endpoint, order.app, order.stream, proof, order.room, self.args["vod_file"]
        )

    def _notes(self, minted, strings):
        """What to know about a token; texts that do not name it, so that a batch can count them."""
        order = minted.order
        if minted.expires is None and order.kind == "jwt":
            yield "the token never expires: it works until its secret is rotated"
        yield from _urls.length_warnings(strings)
        if strings and order.realm == "stream" and order.type == "play":
            wrong = _served.mismatches(order.app, order.stream, self.args["vod_file"])
            for name, read in wrong.items():
                if name in strings:
                    yield (
                        f"{name}: the server takes the file's name for that of stream {read!r}, not"
                        f" {order.stream!r}, and will refuse the token there"
                    )

    # -- minting --------------------------------------------------------------------------------

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
                self.edge.warn(fault)
        elif faults:
            raise Faults(faults)

    def _warn_of_policy(self, order):
        """A token of another kind than the policy wants is no fault: it may change tomorrow."""
        guard, jwks = self._guard(order)
        place = order.type or order.realm
        if guard not in ("", order.kind):
            self.edge.warn(f"the policy of this host wants {guard} for {place}, not {order.kind}")
        if jwks:
            self.edge.warn("a JWKS address is set there, so no token signed by a secret counts")

    def _single(self):
        order, mint = self.order(), _mint.Mint(self.now, self.cap(), self.args["totp_period"])
        faults = mint.faults(order)
        if faults:
            raise Faults(faults)
        self._supported()
        self._warn_of_policy(order)
        if self.edge.check_mode and order.kind == "one_time":
            return {"changed": True, "count": 1, **_mint.Minted(order, "", None).summary()}
        minted = self._make(order, mint)
        strings = self.strings(minted, [_ALL] if self.names is None else self.names)
        for text in self._notes(minted, strings):
            self.edge.warn(text)
        result = {"changed": order.kind == "one_time", "count": 1, **minted.summary()}
        if self.args["source"] == "local":
            secret, result["secret_origin"] = self.secret(order)
            if isinstance(secret, str):
                result["fingerprint"] = _secret.fingerprint(secret)
        if self.args["dest"]:
            columns = _batch.columns(order, strings)
            return {**result, **self._write([(minted, strings, [])], columns)}
        if self.args["show"]:
            self.edge.say(paste(minted, strings, self.now))
        self.edge.tell(f"token: {result.get('fingerprint', 'the server')} for {title(minted)}")
        return {**result, "token": minted.value, "strings": strings, **self._hidden()}

    def _make(self, order, mint):
        if self.args["source"] == "server":
            return self._ask(order, mint)
        return mint.mint(order, self.secret(order)[0])

    def _hidden(self):
        return {} if self.args["expose"] else {"_ansible_no_log": True}

    # -- batches --------------------------------------------------------------------------------

    def _batch(self):
        args, base = self.args, self.order()
        mint = _mint.Mint(self.now, self.cap(), args["totp_period"])
        self._supported()
        keep = args["keep_columns"]
        clash = sorted({*keep} & {*_batch.COLUMNS, "token", "expires", "expires_at"})
        if clash:
            raise Faults(f"keep_columns: {name!r} is a column of its own" for name in clash)
        names = self._batch_names(base)
        rows = self._rows(keep)
        notes = _Counted()
        made = self._made(_batch.orders(rows, base, keep), mint, names, notes)
        result = {"realm": base.realm, "kind": base.kind}
        if args["dest"]:
            result.update(self._write(made, _batch.columns(base, names, keep)))
        else:
            result["changed"] = base.kind == "one_time"
            result["tokens"] = [
                {
                    **minted.summary(),
                    **dict(zip(keep, kept)),
                    "token": minted.value,
                    "strings": strings,
                }
                for minted, strings, kept in made
            ]
            result.update(self._hidden())
        for text in notes.texts():
            self.edge.warn(text)
        return {**result, "count": notes.rows}

    def _rows(self, keep):
        streams, path = self.args["streams"], self.args["streams_file"]
        if path:
            return _batch.rows_of_file(self.edge.path(path), keep)
        if isinstance(streams, str) or not isinstance(streams, (list, tuple)):
            raise Faults(["streams: must be a list of stream ids or mappings"])
        return _batch.rows_of_list(streams, keep)

    def _batch_names(self, base):
        """The names of the strings, checked with a token that does not exist."""
        if not self.names:
            return []
        order = _mint.variant(base, app="x", stream="x", type=base.type or "play")
        return list(self.strings(_mint.Minted(order, "x", None), self.names))

    def _made(self, orders, mint, names, notes):
        """Tuples of token, strings and what is carried along, one a row."""
        make = self._batch_make(mint)
        for minted, kept in _batch.mint_all(orders, make, self._progress):
            strings = self.strings(minted, names) if names else {}
            notes.rows += 1
            notes.count(self._notes(minted, strings))
            yield minted, strings, kept

    def _batch_make(self, mint):
        def make(order):
            try:
                if self.args["source"] == "server":
                    faults = mint.faults(order)
                    if faults:
                        raise Faults(faults)
                return self._make(order, mint)
            except _mint.TokenError:
                raise
            except ValueError as error:
                faults = getattr(error, "faults", None) or [str(error)]
                raise _mint.TokenError(dict.fromkeys(mint.faults(order) + faults)) from None

        return make

    def _progress(self, count):
        self.edge.say(f"token: {count:,} made so far for {self.edge.host}")

    def _write(self, made, columns):
        path = self.edge.path(self.args["dest"])
        if os.path.isdir(path):
            raise Faults([f"dest: {path} is a folder"])
        if not os.path.isdir(os.path.dirname(os.path.realpath(path))):
            raise Faults([f"dest: the folder of {path} does not exist"])
        encrypt = self._encrypt() if self.args["encrypt"] else None
        rows = (_batch.values(columns, *row) for row in made)
        if self.edge.check_mode:
            for _row in rows:
                pass
        else:
            try:
                _batch.write(path, rows, columns, self.args["format"], encrypt)
            except OSError as error:
                raise Faults([f"dest: {path}: {error.strerror}"]) from None
        return {"changed": True, "dest": path}

    def _encrypt(self):
        wanted = self.args["vault_id"]
        held = list(getattr(self.edge.vault, "secrets", None) or [])
        for name, secret in held:
            if wanted in (None, name):
                return lambda data: self.edge.vault.encrypt(data, secret=secret, vault_id=wanted)
        if held:
            names = ", ".join(name for name, _secret in held)
            raise Faults([f"vault_id: the run has no vault identity {wanted!r}, it has {names}"])
        raise Faults(["encrypt: the run has no vault password; give --vault-password-file"])

    # -- asking the server ----------------------------------------------------------------------

    def _ask(self, order, mint):
        if order.kind == "totp":
            expires = (self.now // self.args["totp_period"] + 1) * self.args["totp_period"]
        else:
            expires = mint.expiry(order.lifetime)
        if expires is None:
            raise _mint.TokenError(["lifetime: the server makes no token without an end"])
        url = f"{self._server_url()}/{order.app}{_server.question(order, expires)}"
        headers = {}
        rest = self.source.find("rest", order.app).current
        if rest:
            asking = _mint.Order(realm="rest", app=order.app, lifetime=_server.ASKING)
            headers["Authorization"] = _mint.Mint(time.time()).mint(asking, rest).value
        ask = self._ask_host if self.args["ask_from"] == "host" else self._ask_here
        return _server.answer(order, expires, *ask(url, headers))

    def _server_url(self):
        if self.args["server_url"]:
            return self.args["server_url"].rstrip("/")
        if self.args["ask_from"] == "controller":
            return self.endpoint().http
        return f"http://127.0.0.1:{self.endpoint().http_port}"

    def _ask_host(self, url, headers):
        answer = self.edge.on_host(
            "ansible.builtin.uri",
            {
                "url": url,
                "headers": headers,
                "return_content": True,
                "validate_certs": self.args["validate_certs"],
                "timeout": _server.TIMEOUT,
                "use_proxy": False,
            },
        )
        status = answer.get("status") or 0
        if status <= 0:
            return None, str(answer.get("msg", "no reason given"))
        return status, str(answer.get("content") or "")

    def _ask_here(self, url, headers):
        return _server.fetch(url, headers, self.args["validate_certs"])

    # -- verifying ------------------------------------------------------------------------------

    def _verify(self):
        args, order = self.args, self.order()
        faults = [] if args["token"] else ["token: is needed to judge it"]
        faults += [fault for fault in order.faults() if not fault.startswith("subscriber:")]
        if faults:
            raise Faults(faults)
        verdict = _inspect.inspect(
            args["token"], self._wanted(order), self._known_secrets(order), self.now
        )
        found = {
            "changed": False,
            "realm": order.realm,
            "kind": verdict.kind,
            "accepted": verdict.accepted,
            "verdict": _visible.line(verdict.sentence()),
            "reasons": [{"code": code, "text": text} for code, text in verdict.reasons],
            "notes": [{"code": code, "text": text} for code, text in verdict.warnings],
            "signed_by": verdict.signed_by,
            "header": verdict.header,
            "claims": verdict.claims,
            "expires": verdict.expires,
            "expires_at": "never" if verdict.expires is None else _lifetime.utc(verdict.expires),
        }
        return _visible.values(found)  # whoever made the token has written most of it

    def _known_secrets(self, order):
        key = (order.app, order.secret_word)
        if self.args["secret"] is not None:
            return {key: _source.Secrets("the option secret", current=self.args["secret"])}
        apps = {order.app}
        for layer in _words.LAYERS[1:]:
            apps.update(map(str, self.edge.variable("antmedia_" + layer) or ()))
        known = self.source.everything(apps)
        if "secret" in self.args["read_host"]:
            held = self._host_secret(order.secret_word, order.app)
            known[key] = _source.Secrets("the host's own settings", current=held)
        return known

    def _wanted(self, order):
        guard, jwks = self._guard(order)
        return _inspect.Wanted(
            order.realm,
            order.app,
            order.stream,
            order.type,
            order.subscriber,
            guard,
            self.cap(),
            jwks,
            self.args["totp_period"],
        )

    def _guard(self, order):
        """The kind of token that the policy wants, empty if it does not say; whether JWKS is on."""
        if order.realm == "management":
            switch = self.edge.variable("antmedia_management_jwt")
            settings = self.edge.variable("antmedia_server_settings") or {}
            return _switch(switch), bool(settings.get("server.jwksURL"))
        policy = {layer: self.edge.variable("antmedia_" + layer) for layer in _words.LAYERS}
        # Faults of the policy are not this module's business.
        merged = _compile.merge_layers(policy, [order.app])[0][order.app]
        settings = merged.get("settings", (None, {}))[1]
        jwks = settings.get("jwksURL", (None, ""))[1] if isinstance(settings, dict) else ""
        if order.realm == "rest":
            return _switch(merged.get("rest_jwt", (None, None))[1]), bool(jwks)
        return str(merged.get(order.type, (None, ""))[1] or ""), False


def _switch(value):
    if value is None:
        return ""
    return "jwt" if _catalogue.on(value) else _words.UNGUARDED


class _Counted:
    """Notes of many rows, each told once with how many rows it is about."""

    SHOWN = 10

    def __init__(self):
        self.rows = 0
        self._counts = {}

    def count(self, texts):
        for text in texts:
            self._counts[text] = self._counts.get(text, 0) + 1

    def texts(self):
        for text, count in list(self._counts.items())[: self.SHOWN]:
            yield f"{text} ({count:,} of {self.rows:,} tokens)"
        if len(self._counts) > self.SHOWN:
            yield f"and {len(self._counts) - self.SHOWN:,} more notes of this kind"


def title(minted):
    """A token in words, nothing of it secret."""
    order, end = minted.order, minted.expires
    words = (order.app or order.realm, order.stream, order.type, order.subscriber, order.kind)
    until = "never expires" if end is None else f"expires {_lifetime.utc(end)}"
    return " ".join(filter(None, words)) + ", " + until


def paste(minted, strings, now):
    """The strings of a token as lines to copy from.

    :arg minted: the token.
    :arg strings: its strings by name.
    :arg now: Unix seconds.
    :returns: one text.
    """
    left = "" if minted.expires is None else f", in {_lifetime.words(minted.expires - now)}"
    lines = [("", title(minted) + left), ("Token", minted.value)]
    lines += [(LABELS.get(name, name), text) for name, text in strings.items()]
    width = max(len(label) for label, _text in lines)
    return "\n".join(f"{label:<{width}}  {text}" if label else text for label, text in lines)
