# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From a policy in the operator's words to the settings that carry it out.

Pure: a policy and an installation in, the wanted settings or every fault out.

PRIVATE to the collection.
"""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    cidr as _cidr,
    pattern as _pattern,
    secret as _secret,
    secrets as _secrets,
    valve as _valve,
    versions as _versions,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import proxies as _proxies

_EVERYBODY = ",".join(_cidr.WORDS["any"])

# Both ways, since a variable wins over the store and a rotation leaves it alone.
_REMEDY = (
    "the playbook streamward.antmedia.secrets makes it where antmedia_secret_store is set, else"
    " set {0}"
)

# Settings of the server that have a variable of their own, with checks of their own.
_OWN_VARIABLES = {
    "server.allowed_dashboard_CIDR": "antmedia_dashboard_cidrs",
    "server.jwtServerControlEnabled": "antmedia_management_jwt",
}
# What Java's int holds.
_INTS = range(-(2**31), 2**31)
_LONGS = range(-(2**63), 2**63)
_PORTS = range(1, 2**16)


class PolicyError(ValueError):
    """The policy cannot be carried out. ``faults`` holds every reason, one text each."""

    def __init__(self, faults):
        super().__init__("; ".join(faults))
        self.faults = faults


@dataclass
class Wanted:
    """The settings a policy asks for, by canonical name, as texts; the rest is absent."""

    server: dict = field(default_factory=dict, repr=False)
    apps: dict = field(default_factory=dict, repr=False)
    warnings: list = field(default_factory=list)
    # An expression for the proxies to believe; None leaves them alone.
    proxies: str | None = None

    def of(self, app):
        """The settings of an application, or of the server for an empty name."""
        return self.apps[app] if app else self.server


def compile_policy(policy, installation, connected_from=()):
    """Compile a policy for an installation.

    :arg policy: the module's options as a mapping; see the ``policy`` documentation fragment.
    :arg installation: an :class:`_installation.Installation`.
    :kwarg connected_from: addresses the operator's connection came from, as texts.
    :returns: a :class:`Wanted`.
    :raises PolicyError: with every fault.
    """
    unfit = {}
    for option in _options.policy_spec():
        unfit.update(_options.unfit(policy.get(option), _options.variable(option)))
    faults = [f"{name}: {why}" for name, why in unfit.items()]
    if _options.TOO_DEEP in unfit.values():
        raise PolicyError(faults)
    compiler = _Compiler(policy, installation)
    compiler.options()
    compiler.server(connected_from)
    compiler.proxies()
    compiler.apps()
    compiler.same_secret_twice()
    # What is no text at all is a fault of other kinds as well.
    told = tuple(name + ":" for name in unfit)
    more = map(_options.printable, compiler.faults)
    # A fault in the defaults is found for every application again.
    faults = list(
        dict.fromkeys([*faults, *(fault for fault in more if not fault.startswith(told))])
    )
    if faults:
        raise PolicyError(faults)
    return compiler.wanted


def _nulls(policy):
    """Faults of what is null in a policy, other than an option that is not given."""
    spec, found = _options.policy_spec(), []
    for option, given in policy.items():
        name = _options.variable(option)
        if given is None:
            # The module's own value is none where there is no default.
            found += [name] if spec.get(option, {}).get("default") is not None else []
        elif option in _words.LAYERS:
            parts = {name: given} if option == "app_defaults" else {}
            if not parts and isinstance(given, Mapping):
                parts = {f"{name}.{app}": part for app, part in given.items()}
            for origin, part in parts.items():
                found += _nulls_of_part(part, origin)
        elif option == "server_settings":
            found += _nulls_of_settings(given, name)
        elif option in ("secrets", "widest_prefix"):
            found += _options.nulls(given, name)
    return [f"{name}: {_options.IS_NULL}" for name in found]


def _nulls_of_part(part, origin):
    """Names of what is null in a layer for an application; a setting may have nulls inside."""
    if part is None:
        return [origin]
    found = []
    for key, value in part.items() if isinstance(part, Mapping) else ():
        name = f"{origin}.{key}"
        if value is None:
            found.append(name)
        elif key == "settings":
            found += _nulls_of_settings(value, name)
    return found


def _nulls_of_settings(settings, name):
    pairs = settings.items() if isinstance(settings, Mapping) else ()
    return [f"{name}.{key}" for key, value in pairs if value is None]


def merge_layers(policy, names):
    """Merge the layers of a policy for each application; what is null says nothing.

    :arg names: the applications found.
    :returns: a tuple of the merged policy by application and key, each value a pair of the
        variable it came from and the value, and of the faults.
    """
    faults = []
    merged = {name: {} for name in names}
    for layer in _words.LAYERS:
        variable = "antmedia_" + layer
        value = policy.get(layer)
        if value is None:
            continue
        if not isinstance(value, Mapping):
            faults.append(f"{variable}: {_options.shown(value)} is no mapping")
            continue
        parts = [(name, variable, value) for name in names]
        if layer != "app_defaults":
            parts, found = _named_parts(variable, value, names)
            faults.extend(found)
        for name, origin, part in parts:
            if isinstance(part, Mapping):
                _merge(merged[name], part, origin)
            elif part is not None:
                faults.append(f"{origin}: {_options.shown(part)} is no mapping")
    return merged, faults


def _named_parts(variable, value, names):
    parts, faults, seen = [], [], {}
    for key, part in value.items():
        name = str(key).strip()
        origin = f"{variable}.{key}"
        if name in seen:
            faults.append(f"{origin}: names the application {name} a second time")
        elif name not in names:
            faults.append(
                "{}: there is no application {} on this host; it has {}".format(
                    origin, _options.shown(str(key)), ", ".join(names) or "none"
                )
            )
        else:
            parts.append((name, origin, part))
        seen[name] = True
    return parts, faults


def _merge(into, part, origin):
    for key, value in part.items():
        key = str(key)
        if value is None:
            continue
        if key == "settings" and isinstance(value, Mapping):
            known = into.get(key, (origin, {}))[1]
            pairs = dict(known) if isinstance(known, Mapping) else {}
            pairs.update((str(name), (origin, text)) for name, text in value.items())
            into[key] = (origin, pairs)
        else:
            into[key] = (origin, value)


def text_of(setting, value):
    """The text of a value given in YAML for a setting of the catalogue.

    :raises ValueError: with the reason, when it is of the wrong type or would break the file.
    """
    kind = setting.type
    if isinstance(value, int) and value not in _LONGS:
        raise ValueError("is beyond what the server can hold")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("is no number")
    if kind == "bool":
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            try:
                return _catalogue.normal(setting, value)
            except ValueError:
                pass
        raise ValueError("is no boolean; write true or false")
    if kind in ("int", "float"):
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise ValueError("is no number")
        return _number(setting, value)
    if kind == "json":
        try:
            value = json.loads(value) if isinstance(value, str) else value
            text = json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False)
        except (TypeError, ValueError, RecursionError):
            raise ValueError("is no JSON object") from None
        if not isinstance(value, Mapping):
            raise ValueError("is no JSON object")
        return _plain(text)
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int, float)):
        raise ValueError("is no text")
    text = _plain(str(value))
    if kind == "url" and text and not text.startswith(("http://", "https://")):
        raise ValueError("is no address that starts with http:// or https://")
    return text


def _number(setting, value):
    if setting.type == "float":
        try:
            return _catalogue.normal(setting, str(value))
        except ValueError:
            raise ValueError("is no decimal number") from None
    if isinstance(value, float) and value == int(value):
        value = int(value)
    try:
        text = _catalogue.normal(setting, str(value))
    except ValueError:
        raise ValueError("is no whole number") from None
    if setting.name.lower().endswith("port") and int(text) not in _PORTS:
        raise ValueError("is no port; a port is a number from 1 to 65535")
    if int(text) not in _INTS:
        raise ValueError("is beyond what the server can hold, 2147483647")
    return text


def _plain(text):
    if text != text.strip():
        raise ValueError("has blanks at an end, which the server would keep")
    if any(ord(char) < 32 or ord(char) == 127 for char in text):
        raise ValueError("has control characters")
    if "${" in text or "#{" in text:
        raise ValueError("has ${ or #{, which the server would expand or execute")
    return text


class _Compiler:
    """Collects wanted settings and faults; one method a part of the policy."""

    def __init__(self, policy, installation):
        self.policy = policy
        self.installation = installation
        self.names = list(installation.apps)
        self.wanted = Wanted()
        self.faults = []
        self.named_secrets = []  # (variable, realm, secret)
        self.widest = {}

    # -- options that are no part of the policy itself ------------------------------------------

    def options(self):
        policy = self.policy
        self.faults.extend(_nulls(policy))
        unenforceable = policy.get("unenforceable")
        if unenforceable not in (None, "fail", "warn"):
            self.faults.append(
                f"antmedia_unenforceable: {_options.shown(unenforceable)} is none of fail, warn"
            )
        self._widest("antmedia_widest_prefix", policy.get("widest_prefix"))
        self.lockout = self._flag("antmedia_allow_lockout", policy.get("allow_lockout"))
        operators = policy.get("operator_cidrs")
        self.operators = self._cidrs("antmedia_operator_cidrs", operators) if operators else None

    def _widest(self, variable, given):
        if given is None:
            return
        if not isinstance(given, Mapping):
            self.faults.append(f"{variable}: {_options.shown(given)} is no mapping")
            return
        self.faults.extend(_options.out_of_bounds({"widest_prefix": given}))
        for family, bits in given.items():
            where = f"{variable}.{family}"
            if family not in ("ipv4", "ipv6"):
                self.faults.append(f"{where}: is not known; known are ipv4, ipv6")
            elif isinstance(bits, int) and not isinstance(bits, bool):
                self.widest[family] = bits
            elif bits is not None and not any(fault.startswith(where) for fault in self.faults):
                self.faults.append(f"{where}: {_options.shown(bits)} is no whole number")

    def _flag(self, variable, value):
        """A boolean of the policy, None where it says nothing or has a fault."""
        if value is None or isinstance(value, bool):
            return value
        setting = _catalogue.by_name(_catalogue.APP, "jwtControlEnabled")
        text = self._text(variable, setting, value)
        return None if text is None else text == "true"

    # -- the server ---------------------------------------------------------------------------

    def server(self, connected_from):
        policy, wanted = self.policy, self.wanted.server
        if self.installation.version < _versions.OLDEST:
            self.faults.append(
                f"antmedia_home: Ant Media Server {self.installation.version_text} is too old;"
                " upgrade it to 2.4.0 or newer"
            )
        if policy.get("dashboard_cidrs") is not None:
            text = self._cidrs("antmedia_dashboard_cidrs", policy["dashboard_cidrs"])
            if text is not None:
                wanted["server.allowed_dashboard_CIDR"] = text
                self._no_lockout(text, connected_from)
        jwt = self._flag("antmedia_management_jwt", policy.get("management_jwt"))
        if jwt is not None:
            wanted["server.jwtServerControlEnabled"] = "true" if jwt else "false"
            if jwt and self.installation.version < _versions.MANAGEMENT_JWT:
                self.wanted.warnings.append(
                    f"antmedia_management_jwt: Ant Media Server {self.installation.version_text}"
                    " does not look at such tokens unless its web.xml is changed"
                )
        self._hatch("", "antmedia_server_settings", policy.get("server_settings"))
        self._secret_words()
        self._secret_settings("", "antmedia_secrets.settings", self._secrets().get("settings"))
        secret = self._secrets().get("management")
        if secret is not None:
            self._secret(
                "", "antmedia_secrets.management", "management", secret, "server.jwtServerSecretKey"
            )
        if jwt:
            self._needs_secret(
                "",
                "antmedia_management_jwt",
                "server.jwtServerSecretKey",
                "antmedia_secrets.management",
            )
            if self._will_be("", "server.jwksURL"):
                self.faults.append(
                    "antmedia_management_jwt: server.jwksURL is set, so the secret would not be"
                    " used; set antmedia_server_settings: {server.jwksURL: ''}"
                )

    def _no_lockout(self, text, connected_from):
        if self.lockout:
            return
        blocks = [(address, "the address this connection came from") for address in connected_from]
        inner = (self.operators or "").split(",")
        blocks += [(block, "antmedia_operator_cidrs") for block in inner]
        for block, variable in blocks:
            if block and not _cidr.contains(text, block):
                self.faults.append(
                    f"antmedia_dashboard_cidrs: would lock out {block} ({variable}); add it, or set"
                    " antmedia_allow_lockout: true"
                )

    def proxies(self):
        variable, entries = "antmedia_trusted_proxies", self.policy.get("trusted_proxies")
        if entries is None:
            return
        file = self.installation.container
        if file is None:
            self.faults.append(
                f"{variable}: this host has no conf/jee-container.xml; leave the variable out"
            )
            return
        try:
            value = _proxies.compile_proxies(entries, self.widest)
            self.wanted.proxies = _pattern.of(value)
            _valve.edit(file.data, self.wanted.proxies)
        except _cidr.CidrError as error:
            self.faults.extend(f"{variable}: {fault}" for fault in error.faults)
        except _valve.ValveError as error:
            self.faults.append(f"{variable}: {file.path} {error}")

    # -- applications -------------------------------------------------------------------------

    def apps(self):
        merged, faults = merge_layers(self.policy, self.names)
        self.faults.extend(faults)
        for app, keys in merged.items():
            self.wanted.apps[app] = {}
            # Further settings last, so that they are held against all that the words say.
            for key, (origin, value) in sorted(
                keys.items(), key=lambda pair: pair[0] == "settings"
            ):
                word = _WORDS.get(key)
                if word is None:
                    self._unknown_word(origin, key)
                elif value is not None:
                    word(self, app, f"{origin}.{key}", value)
            self._one_kind(app, keys)
            self._cluster_secret(app)
            self._app_secrets(app)
            self._needed_secrets(app, keys)

    def _unknown_word(self, origin, key):
        name = _catalogue.nearest(_catalogue.APP, key)
        close = difflib.get_close_matches(key.lower(), _WORDS, n=1)
        remedy = "known are {}".format(", ".join(sorted(_WORDS)))
        if close:
            remedy = f"did you mean {close[0]}?"
        elif name:
            remedy = f"for the server's setting {name} write settings: {{{name}: ...}}"
        self.faults.append(f"{origin}.{key}: is not known; {remedy}")

    def rest_cidrs(self, app, variable, value):
        text = self._cidrs(variable, value, keep_loopback=True)
        if text is not None:
            self.wanted.apps[app]["remoteAllowedCIDR"] = text
            self.wanted.apps[app]["ipFilterEnabled"] = "true"

    def publisher_cidrs(self, app, variable, value):
        if value in ([], _words.DENY_ALL):
            self.faults.append(
                f"{variable}: {_options.shown(value)}: an empty list lets everybody publish; write"
                " any if that is meant, or 127.0.0.1 for nobody from outside"
            )
            return
        text = self._cidrs(variable, value)
        if text is not None:
            if text != _EVERYBODY:
                self._enforceable(app, variable, value, "allowedPublisherCIDR")
            self.wanted.apps[app]["allowedPublisherCIDR"] = text

    def rest_jwt(self, app, variable, value):
        text = self._text(variable, _catalogue.by_name(_catalogue.APP, "jwtControlEnabled"), value)
        if text is not None:
            self.wanted.apps[app]["jwtControlEnabled"] = text

    def guard(self, app, variable, value):
        direction = variable.rpartition(".")[2]
        guards = _words.SWITCHES[direction]
        if isinstance(value, (list, tuple)):
            self.faults.append(
                "{}: {}: the server takes one kind of token a direction; name one of none,"
                " {}".format(variable, _options.shown(list(value)), ", ".join(guards))
            )
            return
        if not isinstance(value, str) or (value != "none" and value not in guards):
            self.faults.append(
                "{}: {} is none of none, {}".format(
                    variable, _options.shown(value), ", ".join(guards)
                )
            )
            return
        if value != "none":
            self._enforceable(app, variable, value, guards[value])
        for kind, name in guards.items():
            self.wanted.apps[app][name] = "true" if kind == value else "false"

    def settings(self, app, variable, value):
        self._hatch(app, variable, value)

    def _hatch(self, app, variable, value):
        if value is None:
            return
        if not isinstance(value, Mapping):
            self.faults.append(f"{variable}: {_options.shown(value)} is no mapping")
            return
        kind = _catalogue.APP if app else _catalogue.SERVER
        wanted = self.wanted.of(app)
        for name, given in value.items():
            origin, given = given if isinstance(given, tuple) else (None, given)
            if given is None:
                continue
            name = str(name)
            where = "{}.{}".format(origin + ".settings" if origin else variable, name)
            try:
                setting = _catalogue.by_name(kind, name)
            except KeyError:
                close = _catalogue.nearest(kind, name)
                self.faults.append(
                    "{}: is no setting of the server{}".format(
                        where, f"; did you mean {close}?" if close else ""
                    )
                )
                continue
            if setting.secret:
                self.faults.append(
                    f"{where}: is a secret; put it into {_secret_variable(app, name)}"
                )
            elif name in _OWN_VARIABLES:
                self.faults.append(f"{where}: write {_OWN_VARIABLES[name]} instead")
            elif self._readable(where, setting):
                self._setting(app, where, setting, given, wanted)

    def _readable(self, where, setting):
        """Whether this version reads a setting; a fault if it does not."""
        version = self.installation.version
        if setting.exists_in(version) and setting.key(version) is not None:
            return True
        self.faults.append(
            f"{where}: Ant Media Server {self.installation.version_text} does not read"
            f" it{_since(setting, version)}"
        )
        return False

    def _setting(self, app, where, setting, given, wanted):
        if setting.name == "allowedPublisherCIDR" and given in ([], _words.DENY_ALL):
            self.publisher_cidrs(app, where, given)
            return
        if setting.type == "cidrs":
            text = self._cidrs(where, given, keep_loopback=setting.realm == "rest")
        else:
            text = self._text(where, setting, given)
        if text is None:
            return
        if setting.name in wanted and wanted[setting.name] != text:
            self.faults.append(
                f"{where}: {_options.shown(given)} contradicts what the policy says elsewhere about"
                " this setting"
            )
            return
        if setting.realm == "stream" and text not in ("", "false", _EVERYBODY):
            default = setting.default_in(self.installation.version)
            if setting.type == "bool" or not _catalogue.same(setting, text, default):
                self._enforceable(app, where, given, setting.name)
        wanted[setting.name] = text

    def _one_kind(self, app, keys):
        """The server takes one kind of token a direction, whoever turned it on."""
        wanted = self.wanted.apps[app]
        for direction, guards in _words.SWITCHES.items():
            names = [guards[kind] for kind in _words.EXCLUSIVE if self._on(app, guards[kind])]
            if len(names) > 1 and any(wanted.get(name) == "true" for name in names):
                self.faults.append(
                    "{}: {} would be on together for application {}, and the server takes one"
                    " kind of token a direction; write {}: with one of none, {}".format(
                        _origin(keys, (direction,)),
                        " and ".join(names),
                        app,
                        direction,
                        ", ".join(guards),
                    )
                )

    # -- secrets ------------------------------------------------------------------------------

    def _secrets(self):
        return _mapping(self.policy.get("secrets"))

    def _secret_words(self):
        """Faults in how the secrets are laid out; their values are never shown."""
        secrets = self._secrets()
        if not isinstance(self.policy.get("secrets"), (Mapping, type(None))):
            self.faults.append("antmedia_secrets: is no mapping")
        for word in sorted(set(map(str, secrets)) - _words.TOP_WORDS):
            self.faults.append(
                "antmedia_secrets.{}: is not known; known are {}".format(
                    word, ", ".join(sorted(_words.TOP_WORDS))
                )
            )
        parts = [
            (word, secrets.get(word)) for word in ("apps", "app_defaults", "admin", "settings")
        ]
        parts += [(f"apps.{app}", part) for app, part in _mapping(parts[0][1]).items()]
        for word, part in parts:
            if part is not None and not isinstance(part, Mapping):
                self.faults.append(f"antmedia_secrets.{word}: is no mapping")
        admin = _mapping(secrets.get("admin"))
        for word in ("email", "password"):
            if admin.get(word, "") is None:  # told already
                continue
            if admin and not (isinstance(admin.get(word), str) and admin[word]):
                self.faults.append(f"antmedia_secrets.admin: has no {word}")

    def _cluster_secret(self, app):
        variable, secret = "antmedia_secrets.cluster", self._secrets().get("cluster")
        setting = _catalogue.by_name(_catalogue.APP, _words.SECRETS["cluster"].setting)
        if secret is not None and setting.exists_in(self.installation.version):
            self._secret(app, variable, "cluster", secret, setting.name)
        elif secret is not None:
            warning = "app {0}: {1}: Ant Media Server {2} keeps no such key; it is left out"
            self.wanted.warnings.append(
                warning.format(app, variable, self.installation.version_text)
            )

    def _app_secrets(self, app):
        part = {
            word: (_secrets.variable(held.path), held.value)
            for word, held in _secrets.part(self._secrets(), app).items()
        }
        known = {*_words.APP_SECRETS, "settings"}
        for word in sorted(set(part) - known, key=str):
            self.faults.append(
                "{}: is not known; known are {}".format(part[word][0], ", ".join(sorted(known)))
            )
        for word, about in _words.APP_SECRETS.items():
            if word in part and any(self._on(app, name) for name in about.switches.values()):
                variable, secret = part[word]
                self._secret(app, variable, about.setting, secret, about.setting)
        self._secret_settings(app, *part.get("settings", ("", None)))

    def _secret_settings(self, app, variable, pairs):
        """Secrets by the server's own names; they are for others, so any text will do."""
        kind = _catalogue.APP if app else _catalogue.SERVER
        for name, secret in _mapping(pairs).items():
            if secret is None:
                continue
            where = f"{variable}.{name}"
            setting = _catalogue.by_key(kind, str(name))
            if setting is None or setting.name != name or not setting.secret:
                owner = "an application" if app else "the server"
                self.faults.append(f"{where}: is no secret of {owner}")
            elif _has_word(name):
                self.faults.append(f"{where}: put it into {_secret_variable(app, name)}")
            elif not isinstance(secret, str):
                self.faults.append(f"{where}: is no text; put it in quotes")
            elif self._readable(where, setting):
                try:
                    self.wanted.of(app)[name] = _plain(secret)
                except ValueError as error:
                    self.faults.append(f"{where}: {error}")

    def _secret(self, app, variable, realm, secret, name):
        if not isinstance(secret, str):
            self.faults.append(f"{variable}: is no text; put it in quotes")
            return
        reasons = _secret.faults(secret)
        self.faults.extend(f"{variable}: {reason}" for reason in reasons)
        setting = _catalogue.by_name(_catalogue.APP if app else _catalogue.SERVER, name)
        if not reasons and setting.key(self.installation.version) is not None:
            self.wanted.of(app)[name] = secret
            self.named_secrets.append((variable, realm, secret))

    def _needed_secrets(self, app, keys):
        wanted = self.wanted.apps[app]
        for word, about in _words.APP_SECRETS.items():
            causes = [name for name in about.switches.values() if wanted.get(name) == "true"]
            if not causes or not about.needed:
                continue
            if word == "rest" and self._will_be(app, "jwksURL"):
                if (wanted.get("jwksURL") or "") == "":
                    self.faults.append(
                        f"{_origin(keys, about.switches)}: jwksURL is set on this host, so the"
                        " secret would not be used; set settings: {jwksURL: ''}, or name the"
                        " address there to keep it"
                    )
                continue
            variable = _origin(keys, about.switches)
            self._needs_secret(app, variable, about.setting, _secret_variable(app, about.setting))

    def _needs_secret(self, app, variable, name, remedy):
        given = [remedy]
        if app:
            given.append("antmedia_secrets.app_defaults.{}".format(remedy.rpartition(".")[2]))
        if name in self.wanted.of(app) or any(map(self._has_fault, given)):
            return
        present = self.installation.effective(app, name)
        if not present:
            self.faults.append(f"{variable}: needs a secret; {_REMEDY.format(remedy)}")
        elif _secret.faults(present):
            self.faults.append(
                f"{variable}: the secret on this host {_secret.faults(present)[0]};"
                f" {_REMEDY.format(remedy)}"
            )
        else:
            where = "the secret on this host for {}".format(app or "the management")
            self.named_secrets.append((where, name if app else "management", present))

    def _has_fault(self, variable):
        """Whether something was wrong with a variable, or with what it is part of."""
        places = {fault.partition(":")[0] for fault in self.faults}
        parts = variable.split(".")
        return any(".".join(parts[:count]) in places for count in range(1, len(parts) + 1))

    def same_secret_twice(self):
        realms = {}
        for variable, realm, secret in self.named_secrets:
            realms.setdefault(secret, {}).setdefault(realm, variable)
        for variables in realms.values():
            if len(variables) > 1:
                self.faults.append(
                    "{}: the same secret serves two realms; give each its own".format(
                        ", ".join(sorted(variables.values()))
                    )
                )

    # -- helpers ------------------------------------------------------------------------------

    def _will_be(self, app, name):
        """The text a setting will have when the policy is carried out."""
        wanted = self.wanted.of(app)
        return wanted[name] if name in wanted else self.installation.effective(app, name)

    def _on(self, app, name):
        setting = _catalogue.by_name(_catalogue.APP, name)
        return _catalogue.same(setting, self._will_be(app, name), "true")

    def _enforceable(self, app, variable, value, name):
        setting = _catalogue.by_name(_catalogue.APP, name)
        if setting.edition != "enterprise" or self.installation.edition == "enterprise":
            return
        text = (
            f"{variable}: {_options.shown(value)}: the Community edition accepts {name} and does"
            " not enforce it"
        )
        if self.policy.get("unenforceable", "fail") == "warn":
            self.wanted.warnings.append(f"app {app}: {text}")
        else:
            self.faults.append(
                text + "; use the Enterprise edition, or set antmedia_unenforceable: warn"
            )

    def _cidrs(self, variable, value, keep_loopback=False):
        deny_all = value == _words.DENY_ALL
        try:
            return _cidr.compile_cidrs(
                [] if deny_all else value,
                deny_all=deny_all,
                widest=self.widest,
                keep_loopback=keep_loopback,
            )
        except _cidr.CidrError as error:
            self.faults.extend(f"{variable}: {fault}" for fault in error.faults)
            return None

    def _text(self, variable, setting, value):
        try:
            return text_of(setting, value)
        except ValueError as error:
            self.faults.append(f"{variable}: {_options.shown(value)} {error}")
            return None


def _origin(keys, words):
    """The variable that said something by one of some words, or by the settings themselves."""
    for word in words:
        if word in keys and keys[word][1] not in (None, "none"):
            return f"{keys[word][0]}.{word}"
    return keys["settings"][0] + ".settings"


def _secret_variable(app, name):
    """Where in the inventory a secret belongs."""
    word = _words.WORD_OF[name] if _has_word(name) else "settings." + name
    return f"antmedia_secrets.{f'apps.{app}.' if app else ''}{word}"


def _has_word(name):
    """Whether a setting's secret stands under a word of its own, for this very application."""
    word = _words.WORD_OF.get(name)
    return word is not None and _words.SECRETS[word].kept != _words.EVERY_APP


def _mapping(value):
    return value if isinstance(value, Mapping) else {}


def _since(setting, version):
    if setting.since > version:
        return "; it came with " + ".".join(str(part) for part in setting.since)
    return ""


_WORDS = {
    "rest_cidrs": _Compiler.rest_cidrs,
    "rest_jwt": _Compiler.rest_jwt,
    "publish": _Compiler.guard,
    "play": _Compiler.guard,
    "publisher_cidrs": _Compiler.publisher_cidrs,
    "settings": _Compiler.settings,
}
