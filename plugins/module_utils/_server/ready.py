# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Telling a server that is ready and holds its settings from one that only runs.

A running process, an open port and a 403 prove nothing. And from 2.15.0 on an application that gets
a request while it loads can come up with every setting at its default, its security off. So no
request goes to an application before the server says that it has started, and then what it holds is
compared with what its file says.

PRIVATE to the collection.
"""

from __future__ import annotations

import json
import socket
import time

from ansible_collections.streamward.antmedia.plugins.module_utils import _json
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import log as _log
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    hs256 as _hs256,
    http as _http,
    listener as _listener,
    management as _management,
)

POLL_SECONDS = 0.25
# A start on a busy machine pauses; one that has said nothing for so long is stuck.
SILENCE_SECONDS = 60
# A process that is to be there after a start may need a moment to show.
FORK_SECONDS = 5
TOKEN_SECONDS = 60
# RTMP opens before the last application has started; a little later at most.
RTMP_SECONDS = 15
# A server that has run for so long is past its start, whatever its log says.
START_SECONDS = 300

TRUE = "true"

# Three numbers an encoder in a file, and JSON in the server's answers.
ENCODERS = "encoderSettingsString"


class NotReady(RuntimeError):
    """The server is not ready; the text says what is missing."""


def wait_started(installation, service, log, management, deadline, started=None):
    """Wait until the server and all its applications have started, without asking an application.

    :arg log: a :class:`_log.Log` made before the start.
    :arg management: a :class:`_management.Management`.
    :arg deadline: a time of ``time.monotonic()``.
    :kwarg started: called once with the name of each application that has started, as soon as the
        management API answers too.
    :raises NotReady: when the process ends, says nothing more, or the deadline passes.
    """
    begin = heard = time.monotonic()
    state, alive, told = None, False, set()
    while True:
        now = time.monotonic()
        if not service.process() and now - begin > FORK_SECONDS:
            raise NotReady(
                "the server ended by itself; it does so, without an error code, when"
                " conf/red5.properties has a value it cannot read"
            )
        alive = alive or management.alive()
        missing = sorted(set(installation.apps) - log.started())
        if alive and started:
            for app in sorted(set(installation.apps) - set(missing) - told):
                told.add(app)
                started(app)
        if alive and not missing:
            return
        if alive and management.accessible and _listed(management, installation.apps):
            return
        before, state = state, log.state()
        if state != before:
            heard = now
        if now > deadline or now - heard > SILENCE_SECONDS:
            what = "; ".join(
                [management.foreign or "the management API does not answer"] * (not alive)
                + [f"application {app} has not started" for app in missing]
            )
            raise NotReady(f"{what} after {now - begin:.0f} s")
        time.sleep(POLL_SECONDS)


def wait_settled(installation, process, management, seconds):
    """Wait until a server that somebody else started is past its start.

    :arg seconds: how long at most.
    :raises NotReady: when it still starts then.
    """
    deadline = time.monotonic() + seconds
    log = _log.Tail(*_log.log_path(installation.home), whole=True)
    while time.time() - process.started < START_SECONDS:
        if set(installation.apps) <= log.started_since(process.started):
            return
        if management.accessible and _listed(management, installation.apps):
            return
        if time.monotonic() > deadline:
            raise NotReady(management.foreign or "the server is starting and does not get ready")
        time.sleep(POLL_SECONDS)


def _listed(management, apps):
    """Whether the server lists every application; for servers that log warnings only."""
    try:
        return set(apps) <= set(management.applications())
    except _management.RestError:
        return False


def ask_app(installation, app, token=True, path="rest/v2/version"):
    """Ask an application's REST API from this host, in a way its file lets in.

    Nobody but the server of the installation's home is asked.

    :kwarg token: whether to send a token where the file asks for one.
    :returns: an :class:`_http.Answer`.
    """
    headers = {}
    source, forwarded = _way_in(installation, app) or (None, None)
    if forwarded:
        headers["X-Forwarded-For"] = forwarded
    if token and guarded(installation, app):
        claims = {"exp": int(time.time()) + TOKEN_SECONDS}
        headers["Authorization"] = _hs256.sign(claims, installation.effective(app, "jwtSecretKey"))
    port = installation.number("http.port", 5080)
    return _http.request(
        port,
        "GET",
        f"/{app}/{path}",
        host=installation.host("http.host"),
        source=source,
        headers=headers,
        peer=_listener.of(installation.home),
    )


def _way_in(installation, app):
    name = "remoteAllowedCIDR" if app else "server.allowed_dashboard_CIDR"
    return _management.way_in(installation.effective(app, name) or "")


def shut(installation):
    """Applications that cannot be asked since they let nobody in; an empty name is the panel."""
    return [app for app in ("", *installation.apps) if _way_in(installation, app) is None]


def guarded(installation, app):
    """Whether an application's file asks for REST tokens that can be made from its secret."""
    return (
        _on(installation, app, "jwtControlEnabled")
        and bool(installation.effective(app, "jwtSecretKey"))
        and not installation.effective(app, "jwksURL")
    )


def _on(installation, app, name):
    setting = _catalogue.by_name(_catalogue.APP, name)
    return _catalogue.same(setting, installation.effective(app, name), TRUE)


def wait_answering(installation, deadline):
    """Wait until every application answers its REST API as its file says.

    :raises NotReady: when one does not, or answers without the token its file asks for.
    """
    closed = shut(installation)
    for app in installation.apps:
        if _on(installation, app, "jwtControlEnabled") and not guarded(installation, app):
            continue  # signed by somebody else's key: there is nothing to ask with
        if app in closed:
            continue
        while True:
            answer = ask_app(installation, app)
            if answer.status == 200 and isinstance(answer.json(), dict):
                break
            if time.monotonic() > deadline:
                raise NotReady(
                    "application {} answers {} to a request that its settings let in".format(
                        app, answer.error or f"HTTP {answer.status}"
                    )
                )
            time.sleep(POLL_SECONDS)


def takes_rtmp(installation):
    """Whether something listens where an installation's file says that RTMP publishers come in."""
    address = installation.host("rtmp.host"), installation.number("rtmp.port", 1935)
    try:
        socket.create_connection(address, 5.0).close()
    except (OSError, OverflowError):
        return False
    return True


def wait_rtmp(installation, deadline):
    """Wait until RTMP publishers can come in; the server runs on without, and says so in its log.

    :raises NotReady: when the port does not open.
    """
    grace = min(deadline, time.monotonic() + RTMP_SECONDS)
    while not takes_rtmp(installation):
        if time.monotonic() > grace:
            raise NotReady(
                "nothing listens for RTMP publishers on port {}".format(
                    installation.server.document.get("rtmp.port")
                )
            )
        time.sleep(POLL_SECONDS)


def open_apps(installation):
    """Applications that answer without the token their file asks for."""
    return [
        app
        for app in installation.apps
        if guarded(installation, app) and ask_app(installation, app, token=False).status == 200
    ]


def held_text(value):
    """A value of the server's REST answers as the text it would have in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    return str(value)


def differences(installation, app, held, names=()):
    """Settings that the running server holds otherwise than a file says.

    Looked at are the access settings that the file has, and those that are named.

    :arg app: an application's name, empty for the server itself.
    :arg held: what the server holds, by field.
    :kwarg names: canonical names of further settings, which may hold by default.
    :returns: a list of :class:`_catalogue.Setting`.
    """
    return [
        setting
        for setting in _catalogue.of_file(_catalogue.APP if app else _catalogue.SERVER)
        if setting.exists_in(installation.version)
        and setting.field in held
        and (
            setting.name in names
            or (setting.realm is not None and _present(installation, app, setting))
        )
        and _differs(setting, installation.effective(app, setting.name), held)
    ]


def _differs(setting, text, held):
    """Whether a setting is held otherwise than as a text of a file; None says nothing."""
    value = held_text(held[setting.field])
    if text is None or text == value or _catalogue.same(setting, text, value):
        return False
    return setting.name != ENCODERS or _encoders(text) != _encoders(value)


def _encoders(text):
    """The encoders of a text, which the server holds as JSON when they have been posted once."""
    known = {"height": 0, "videoBitrate": 0, "audioBitrate": 0, "forceEncode": True}
    try:
        if text.startswith("["):
            return [dict(known, **entry) for entry in _json.parse(text)]
        numbers = iter([_json.whole(number) for number in text.split(",") if number.strip()])
        return [dict(known, **dict(zip(known, three))) for three in zip(*[numbers] * 3)]
    except (TypeError, ValueError):
        return text


def missed(installation, app, before, held):
    """Settings of a file that have changed and that the running server does not hold as they are.

    :arg before: what the file held, as a mapping.
    :arg held: what the server holds, by field.
    :returns: a list of :class:`_catalogue.Setting`.
    """
    version = installation.version

    def late(setting):
        text = installation.effective(app, setting.name)
        old = _catalogue.effective(setting, version, before)
        old = setting.default_in(version) if old is None else old
        return not _catalogue.same(setting, old, text) and (
            setting.field not in held or _differs(setting, text, held)
        )

    settings = _catalogue.of_file(_catalogue.APP if app else _catalogue.SERVER)
    return [setting for setting in settings if setting.exists_in(version) and late(setting)]


def in_file(installation, app):
    """Canonical names of the settings that a file has."""
    settings = _catalogue.of_file(_catalogue.APP if app else _catalogue.SERVER)
    return {setting.name for setting in settings if _present(installation, app, setting)}


def _present(installation, app, setting):
    document = (installation.apps[app] if app else installation.server).document
    return _catalogue.effective(setting, installation.version, document) is not None


def typed(setting, text):
    """A text of a file as the value it has in the server's REST API."""
    if setting.type == "bool":
        return _catalogue.normal(setting, text) == TRUE
    if setting.type == "int":
        return int(text)
    if setting.type == "float":
        return float(text)
    if setting.type == "json":
        return _json.parse(text) if text else None  # the server writes nothing for nothing
    return text


def healed(installation, app, held):
    """What a running application should hold: its file's values, defaults where the file is silent.

    :arg held: what it holds, by field.
    :returns: the whole object to post.
    """
    names = [
        setting.name
        for setting in _catalogue.of_file(_catalogue.APP)
        # What means the same stays: the server tells null from an empty text, a file does not.
        if setting.field in held
        and (setting.type != "json" or _present(installation, app, setting))
        and _differs(setting, installation.effective(app, setting.name), held)
    ]
    return merged(installation, app, held, names)


def merged(installation, app, held, names):
    """What a running application holds, but named settings as its file says.

    :arg held: what it holds, by field.
    :arg names: canonical names.
    :returns: the whole object to post.
    """
    result = dict(held)
    for name in names:
        setting = _catalogue.by_name(_catalogue.APP, name)
        result[setting.field] = typed(setting, installation.effective(app, name))
    if ENCODERS in names:
        result.pop("encoderSettings", None)  # the same in another form, which would win
    return result
