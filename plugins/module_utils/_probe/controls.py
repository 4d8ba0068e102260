# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From the settings a policy wants to the questions that show whether a server enforces them.

Pure: settings and an installation in, controls with their probes out; nothing is asked here.
Tokens are described and made when they are sent, so that they live for a minute at most.

PRIVATE to the collection.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field

from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    hashed as _hashed,
    versions as _versions,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import sources as _sources
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.sources import (
    DIRECT,
    FORWARDED,
    Source,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    hs256 as _hs256,
)

LET_IN = "let in"
REFUSED = "refused"

# What is asked: each has its own way to say yes and no, see _probe_answers.
PANEL = "panel"
MANAGEMENT = "management"
REST_ADDRESS = "rest-address"
REST_TOKEN = "rest-token"
CLUSTER = "cluster"
HLS = "hls"
RTMP = "rtmp"
RTMP_KNOWN = "rtmp-known"
WEBRTC = "webrtc"
# Enter the application over RTMP and leave: whether it runs at all.
ENTER = "enter"

NO_TOKEN = "no token"
GOOD_TOKEN = "a good token"

TOKEN_SECONDS = 60
MOST_PEERS = 4
HERE = Source("127.0.0.1", DIRECT)
CLUSTER_KEY = _words.SECRETS["cluster"].setting
# Kinds of which a good token is made; one-time tokens and codes are not.
MADE = ("jwt", "hash")


def fresh():
    """A name no stream, and a key no server, ever had: 32 hexadecimal digits."""
    return os.urandom(16).hex()


@dataclass(frozen=True)
class Jwt:
    """A token to be made when it is sent; ``seconds`` from then on it expires."""

    secret: str = field(repr=False)
    claims: dict = field(default_factory=dict)
    seconds: int = TOKEN_SECONDS
    unsigned: bool = False

    def text(self, now):
        """The token at a moment in Unix seconds."""
        claims = dict(self.claims, exp=int(now) + self.seconds)
        if self.unsigned:
            token = _hs256.sign(claims, self.secret, {"alg": "none", "typ": "JWT"})
            return token.rpartition(".")[0] + "."
        return _hs256.sign(claims, self.secret)


@dataclass(frozen=True)
class Plain:
    """A token that is the same whenever it is sent."""

    value: str = field(repr=False)

    def text(self, dummy):
        """The token."""
        return self.value


@dataclass(frozen=True)
class Probe:
    """One question.

    case: what is special about it, in words. expected: ``let in`` or ``refused``. surface: what
    is asked. source: from where. token: what is shown, None for nothing. path: of an HTTP request.
    stream: of a publisher, behind
    its application, or of a WebRTC viewer. extra: further parameters of a stream's query.
    """

    case: str
    expected: str
    surface: str
    source: Source = HERE
    token: object = None
    path: str = ""
    stream: str = ""
    extra: str = field(default="", repr=False)


@dataclass
class Control:
    """One thing a policy asks for, and the probes that show it.

    app: empty for the server itself. wants: what the policy asks for, in words. silent: why there
    is nothing to ask, so that nothing can be told. excuse: why a server that enforces the policy
    may refuse what should be let in. one_sided: nothing can be sent that must be let in, but the
    words of a refusal are those of this very control; any other sign of life has to do. note: what
    the reader should know.
    """

    name: str
    app: str
    wants: str
    probes: list = field(default_factory=list)
    silent: str = ""
    excuse: str = ""
    one_sided: bool = False
    note: str = ""


class Asked:
    """What is to be true of a server: the policy, and where it is silent, the server's files.

    :arg wanted: a :class:`_compile.Wanted`.
    :arg installation: an :class:`_installation.Installation`.
    """

    def __init__(self, wanted, installation):
        self.wanted = wanted
        self.installation = installation

    def names(self, app, name):
        """Whether the policy names a setting."""
        return name in self.wanted.of(app)

    def text(self, app, name):
        """The text a setting should have; an empty one for none."""
        wanted = self.wanted.of(app)
        if name in wanted:
            return wanted[name] or ""
        return self.installation.effective(app, name) or ""

    def on(self, app, name):
        """Whether a setting should be on."""
        return _catalogue.on(self.text(app, name))


@dataclass
class Options:
    """How to ask. own: further addresses of this host. previous: secrets that must no longer be
    accepted, as (app, setting) to text. known: a stream off air of each application that lets in
    known ones only. hooks: whether a probe may make the server call its authorisation hook.
    """

    own: tuple = ()
    previous: dict = field(default_factory=dict, repr=False)
    known: dict = field(default_factory=dict)
    hooks: bool = False


def compile_probes(wanted, installation, options=None):
    """The controls of a policy, each with its probes.

    :arg wanted: a :class:`_compile.Wanted`.
    :arg installation: an :class:`_installation.Installation`.
    :kwarg options: :class:`Options`.
    :returns: a list of :class:`Control`.
    """
    asked = Asked(wanted, installation)
    options = options or Options()
    makers = (_panel_address, _management_jwt, _trusted_proxies)
    controls = [make(asked, options) for make in makers]
    for app in wanted.apps:
        controls.extend(make(asked, options, app) for make in _APP_CONTROLS)
    return [control for control in controls if control]


def enter(app):
    """The probe that shows whether an application runs at all."""
    return Probe("enters over RTMP", LET_IN, ENTER, stream=app)


def unprobed(wanted):
    """Access settings a policy names and no probe asks about, as (app, name)."""
    found = []
    for app, settings in (("", wanted.server), *wanted.apps.items()):
        kind = _catalogue.APP if app else _catalogue.SERVER
        for name in settings:
            setting = _catalogue.by_name(kind, name)
            if setting.realm and not setting.secret and name not in PROBED:
                found.append((app, name))
    return found


# -- the server -----------------------------------------------------------------------------------


def panel_path(version):
    """An address of the panel that answers everybody its list lets in."""
    known = version >= _versions.LIVENESS
    return "/rest/v2/liveness" if known else "/rest/v2/first-login-status"


def _panel_address(asked, options):
    name = "server.allowed_dashboard_CIDR"
    if not asked.names("", name):
        return None
    text = asked.text("", name)
    path = panel_path(asked.installation.version)
    probes = _address_probes(text, options.own, PANEL, path=path)
    return Control("panel-address", "", only(text), probes, one_sided=not text)


def _management_jwt(asked, options):
    name = "server.jwtServerControlEnabled"
    if not asked.names("", name):
        return None
    wanted = asked.on("", name)
    control = Control("management-jwt", "", "jwt" if wanted else "no tokens")
    secret = asked.text("", "server.jwtServerSecretKey")
    if asked.text("", "server.jwksURL"):
        control.silent = "tokens are signed by whoever server.jwksURL names"
        return control
    inside = _sources.samples(asked.text("", "server.allowed_dashboard_CIDR"))[0]
    if not inside:
        control.silent = "the panel's list lets nobody in"
        return control
    if not wanted and not secret:
        control.silent = "there is no secret to sign a token with"
        return control
    previous = options.previous.get(("", "server.jwtServerSecretKey"))
    for case, expected, token in _jwt_cases(secret, {}, previous):
        if not wanted:
            expected = REFUSED
        control.probes.append(
            Probe(case, expected, MANAGEMENT, inside[0], token, path="/rest/v2/version")
        )
    if not wanted:
        path = panel_path(asked.installation.version)
        control.probes.append(Probe("no token is needed here", LET_IN, PANEL, inside[0], path=path))
    if wanted and asked.installation.version < _versions.MANAGEMENT_JWT:
        control.note = "this version knows no management tokens unless web.xml is changed"
    return control


def _trusted_proxies(asked, options):
    """Whether peers the policy does not trust can pass for somebody else.

    127.0.0.1 is always trusted. As shipped, so are the rest of the loopback and every other private
    address; they are the peers that must no longer be believed.
    """
    if asked.wanted.proxies is None:
        return None
    control = Control("trusted-proxies", "", "X-Forwarded-For of the proxies of the list only")
    text = asked.text("", "server.allowed_dashboard_CIDR")
    inside, outside = _sources.samples(text, options.own)
    peers = [
        source.address
        for source in outside
        if source.way == DIRECT and not re.fullmatch(asked.wanted.proxies, source.address)
    ]
    if not inside or not peers:
        control.silent = "the panel lets in every address of this host anyway, or none at all"
        return control
    claimed = inside[0].address
    path = panel_path(asked.installation.version)
    trusted = Source(claimed, FORWARDED)
    control.probes = [Probe("from " + str(trusted), LET_IN, PANEL, trusted, path=path)]
    for peer in peers[:MOST_PEERS]:
        source = Source(claimed, FORWARDED, peer)
        control.probes.append(Probe("from " + str(source), REFUSED, PANEL, source, path=path))
    return control


# -- the REST API of an application ---------------------------------------------------------------


def rest_path(app):
    """An address of an application's REST API that changes nothing."""
    return "/{0}/rest/v2/version".format(app)


def rest_way(asked, app):
    """How to be let in to an application's REST API: a pair of a source and a token.

    The source is None when its list lets nobody in.
    """
    token = None
    if asked.on(app, "jwtControlEnabled") and not asked.text(app, "jwksURL"):
        token = Jwt(asked.text(app, "jwtSecretKey"))
    source = HERE
    if asked.on(app, "ipFilterEnabled"):
        inside = _sources.samples(asked.text(app, "remoteAllowedCIDR"))[0]
        source = inside[0] if inside else None
    return source, token


def _rest_address(asked, options, app):
    if not any(asked.names(app, name) for name in ("remoteAllowedCIDR", "ipFilterEnabled")):
        return None
    text = asked.text(app, "remoteAllowedCIDR")
    if not asked.on(app, "ipFilterEnabled"):
        text = "0.0.0.0/0,::/0"
    control = Control("rest-address", app, only(text), one_sided=not text)
    if asked.on(app, "jwtControlEnabled") and asked.text(app, "jwksURL"):
        control.silent = "the REST API asks for tokens signed by whoever jwksURL names"
        return control
    token = rest_way(asked, app)[1]
    control.probes = _address_probes(
        text, options.own, REST_ADDRESS, token=token, path=rest_path(app)
    )
    return control


def _rest_jwt(asked, options, app):
    if not asked.names(app, "jwtControlEnabled"):
        return None
    wanted = asked.on(app, "jwtControlEnabled")
    control = Control("rest-jwt", app, "jwt" if wanted else "no tokens")
    # From an address that is refused too, the token is judged first and the answer tells.
    source = rest_way(asked, app)[0] or HERE
    path = rest_path(app)
    if not wanted:
        control.probes = [Probe(NO_TOKEN, LET_IN, REST_TOKEN, source, path=path)]
    elif asked.text(app, "jwksURL"):
        control.wants = "jwt of jwksURL"
        control.silent = "tokens are signed by whoever jwksURL names"
    else:
        secret = asked.text(app, "jwtSecretKey")
        previous = options.previous.get((app, "jwtSecretKey"))
        control.probes = [
            Probe(case, expected, REST_TOKEN, source, token, path=path)
            for case, expected, token in _jwt_cases(secret, {}, previous)
        ]
    return control


def _cluster_key(asked, options, app):
    """Whether the key of the nodes opens the REST API, where nothing else would."""
    if not asked.names(app, CLUSTER_KEY):
        return None
    control = Control("cluster-key", app, "the key that nodes share")
    source = _refused_without_token(asked, options, app)
    if asked.installation.version < _versions.CLUSTER_TOKENS:
        control.silent = "before 2.14.0 no request shows which key a server has"
    elif not source:
        control.silent = "the REST API refuses nobody on this host, with or without the key"
    else:
        previous = options.previous.get((app, CLUSTER_KEY))
        control.probes = [
            Probe(case, expected, CLUSTER, source, token, path=rest_path(app))
            for case, expected, token in _jwt_cases(asked.text(app, CLUSTER_KEY), {}, previous)
        ]
    return control


def _refused_without_token(asked, options, app):
    """From where an application's REST API refuses whoever shows no token, None for nowhere."""
    if asked.on(app, "jwtControlEnabled"):
        return rest_way(asked, app)[0] or HERE
    if asked.on(app, "ipFilterEnabled"):
        outside = _sources.samples(asked.text(app, "remoteAllowedCIDR"), options.own)[1]
        return next((source for source in outside if source.way == DIRECT), None)
    return None


# -- streams --------------------------------------------------------------------------------------


def guard_of(asked, app, direction):
    """Which kinds of tokens guard a direction, and whether the policy says anything about it."""
    guards = _words.SWITCHES[direction]
    kinds = [kind for kind, name in guards.items() if asked.on(app, name)]
    return kinds, any(asked.names(app, name) for name in guards.values())


def _play(asked, options, app):
    kinds, named = guard_of(asked, app, "play")
    if not named:
        return None
    stream = fresh()
    path = "/{0}/streams/{1}.m3u8"
    if not kinds:
        open_path = path.format(app, stream)
        return Control("play", app, "open", [Probe(NO_TOKEN, LET_IN, HLS, path=open_path)])
    control = Control("play", app, " and ".join(kinds))
    cases = _stream_cases(asked, options, app, "play", kinds, stream)
    for case, expected, token, extra in cases:
        control.probes.append(
            Probe(case, expected, HLS, HERE, token, path.format(app, stream), extra=extra)
        )
    recording = "/{0}/streams/{1}.mp4".format(app, fresh())
    control.probes.append(Probe("no token, a recording", REFUSED, HLS, path=recording))
    _one_sided(control, kinds)
    return control


def _publish(asked, options, app):
    kinds, named = guard_of(asked, app, "publish")
    if not named:
        return None
    control = Control("publish", app, " and ".join(kinds) or "open")
    stream = _publish_stream(asked, options, app, control)
    source = _publisher_inside(asked, options, app, control)
    place = "{0}/{1}".format(app, stream)
    if control.silent:
        return control
    if not kinds:
        control.probes = [Probe(NO_TOKEN, LET_IN, RTMP, source, stream=place)]
        return control
    control.probes = [
        Probe(case, expected, RTMP, source, token, stream=place, extra=extra)
        for case, expected, token, extra in _stream_cases(
            asked, options, app, "publish", kinds, stream
        )
    ]
    _one_sided(control, kinds)
    return control


def _publish_stream(asked, options, app, control):
    """A stream one may ask to publish; says in the control why there is none."""
    if asked.text(app, "webhookAuthenticateURL") and not options.hooks:
        control.silent = (
            "asking would call the hook at webhookAuthenticateURL; allow it with call_hooks"
        )
    if not asked.on(app, "acceptOnlyStreamsInDataStore"):
        return fresh()
    known = options.known.get(app)
    if not known and not control.silent:
        control.silent = (
            "acceptOnlyStreamsInDataStore refuses every stream that is not registered, and none"
            " that is registered is off air"
        )
    return known or ""


def _publisher_inside(asked, options, app, control):
    """An address one may publish from; says in the control why there may be none."""
    text = asked.text(app, "allowedPublisherCIDR")
    if not text:
        return HERE
    inside = [s for s in _sources.samples(text, options.own)[0] if s.way == DIRECT]
    if inside:
        return inside[0]
    control.excuse = "allowedPublisherCIDR lets no address of this host publish; ask from a vantage"
    return HERE


def _publisher_address(asked, options, app):
    text = asked.text(app, "allowedPublisherCIDR")
    if not asked.names(app, "allowedPublisherCIDR") or not text:
        return None
    control = Control("publisher-address", app, only(text))
    kinds = guard_of(asked, app, "publish")[0]
    stream = _publish_stream(asked, options, app, control)
    token = _publish_token(asked, options, app, kinds, stream, control)
    place = "{0}/{1}".format(app, stream)
    if control.silent:
        return control
    for expected, sources in zip((LET_IN, REFUSED), _sources.samples(text, options.own)):
        control.probes.extend(
            Probe("from " + str(source), expected, RTMP, source, token, stream=place)
            for source in sources
            if source.way == DIRECT
        )
    if not any(probe.expected == LET_IN for probe in control.probes):
        control.excuse = "the list lets no address of this host publish; ask from a vantage"
    return control


def _publish_token(asked, options, app, kinds, stream, control):
    """A token one may publish with, None for none; says in the control why there is none."""
    if not kinds or control.silent:
        return None
    cases = _stream_cases(asked, options, app, "publish", kinds, stream)
    good = [token for dummy, expected, token, dummy in cases if expected == LET_IN]
    if not good:
        control.silent = "publishing needs a token of a kind that asking would use up"
        return None
    return good[0]


def _known_streams(asked, options, app):
    name = "acceptOnlyStreamsInDataStore"
    if not asked.names(app, name) or not asked.on(app, name):
        return None
    control = Control("known-streams", app, "only registered streams")
    known = _publish_stream(asked, options, app, control)
    kinds = guard_of(asked, app, "publish")[0]
    source = _publisher_inside(asked, options, app, control)
    if control.silent:
        return control
    for case, expected, stream in (
        ("a registered stream", LET_IN, known),
        ("an unknown stream", REFUSED, fresh()),
    ):
        token = _publish_token(asked, options, app, kinds, stream, control)
        if control.silent:
            return control
        place = "{0}/{1}".format(app, stream)
        control.probes.append(Probe(case, expected, RTMP_KNOWN, source, token, stream=place))
    return control


def _webrtc(direction):
    def make(asked, dummy, app):
        kinds, named = guard_of(asked, app, direction)
        if not named or not kinds:
            return None
        control = Control("webrtc-" + direction, app, " and ".join(kinds))
        if asked.installation.edition != "enterprise":
            control.silent = "the Community edition answers WebRTC alike with and without a token"
        elif direction == "publish":
            control.silent = "asking would start a stream"
        else:
            control.probes = [
                Probe(case, expected, WEBRTC, HERE, token, "/{0}/websocket".format(app), stream)
                for stream in (fresh(),)
                for case, expected, token, extra in _stream_cases(
                    asked, Options(), app, "play", kinds, stream
                )
                if not extra
            ]
            _one_sided(control, kinds)
        return control

    return make


def _one_sided(control, kinds):
    if not any(probe.expected == LET_IN for probe in control.probes):
        control.one_sided = True
        control.note = "only refusals were asked for: a {0} token would be used up".format(
            " or ".join(kinds)
        )


# -- cases ----------------------------------------------------------------------------------------


def _address_probes(text, own, surface, **about):
    inside, outside = _sources.samples(text, own)
    return [
        Probe("from " + str(source), expected, surface, source, **about)
        for expected, sources in ((LET_IN, inside), (REFUSED, outside))
        for source in sources
    ]


def _jwt_cases(secret, claims, previous=None):
    """Tokens of a realm: (case, expected, token)."""
    yield NO_TOKEN, REFUSED, None
    yield GOOD_TOKEN, LET_IN, Jwt(secret, claims)
    yield "an expired token", REFUSED, Jwt(secret, claims, -TOKEN_SECONDS)
    yield "a token of a wrong key", REFUSED, Jwt(fresh(), claims)
    yield "an unsigned token", REFUSED, Jwt(fresh(), claims, unsigned=True)
    if previous and previous != secret:
        yield "a token of the previous key", REFUSED, Jwt(previous, claims)


def _stream_cases(asked, options, app, direction, kinds, stream):
    made = len(kinds) == 1 and kinds[0] in MADE
    name = _words.SECRETS[_words.KINDS[kinds[0]].secrets[direction]].setting if made else None
    secret = asked.text(app, name) if name else ""
    previous = options.previous.get((app, name))
    return stream_cases(kinds, secret, direction, stream, previous)


def stream_cases(kinds, secret, direction, stream, previous=None):
    """Tokens for a direction of a stream.

    :arg kinds: which kinds of tokens guard it.
    :arg secret: what a good one is made with.
    :kwarg previous: a secret that must no longer be accepted.
    :returns: tuples of the case, ``let in`` or ``refused``, the token, and further parameters.
    """
    other = "publish" if direction == "play" else "play"
    kind = kinds[0] if len(kinds) == 1 else "several"
    if kind == "jwt":
        for case in _jwt_cases(secret, {"streamId": stream, "type": direction}, previous):
            yield (*case, "")
        wrong = Jwt(secret, {"streamId": fresh(), "type": direction})
        yield "a token of another stream", REFUSED, wrong, ""
        wrong = Jwt(secret, {"streamId": stream, "type": other})
        yield "a token of the other direction", REFUSED, wrong, ""
    elif kind == "hash":
        yield NO_TOKEN, REFUSED, None, ""
        yield GOOD_TOKEN, LET_IN, _hash(stream, direction, secret), ""
        yield "a token of a wrong key", REFUSED, _hash(stream, direction, fresh()), ""
        yield "a token of another stream", REFUSED, _hash(fresh(), direction, secret), ""
        yield "a token of the other direction", REFUSED, _hash(stream, other, secret), ""
    else:
        yield NO_TOKEN, REFUSED, None, ""
        yield "an unknown token", REFUSED, Plain(fresh()), ""
        if kind != "one_time":
            extra = "subscriberId={0}&subscriberCode=000000".format(fresh())
            yield "an unknown subscriber", REFUSED, None, extra


def _hash(stream, direction, secret):
    return Plain(_hashed.token(stream, direction, secret))


def only(text):
    """A list of addresses in words, shortened."""
    if not text:
        return "nobody"
    entries = text.split(",")
    shown = ",".join(entries[:3])
    return shown + (",+{0}".format(len(entries) - 3) if len(entries) > 3 else "")


_APP_CONTROLS = (
    _rest_address,
    _rest_jwt,
    _cluster_key,
    _play,
    _publish,
    _publisher_address,
    _known_streams,
    _webrtc("play"),
    _webrtc("publish"),
)

# Settings some probe asks about, or that only say how another one works.
PROBED = frozenset(
    (
        "server.allowed_dashboard_CIDR",
        "server.jwtServerControlEnabled",
        "server.jwksURL",
        "remoteAllowedCIDR",
        "ipFilterEnabled",
        "jwtControlEnabled",
        "jwksURL",
        "allowedPublisherCIDR",
        "acceptOnlyStreamsInDataStore",
        "timeTokenPeriod",
        "timeTokenSubscriberOnly",
        *(name for guards in _words.SWITCHES.values() for name in guards.values()),
    )
)
