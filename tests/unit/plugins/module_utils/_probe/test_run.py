"""The whole proof of a host, against servers on loopback that enforce just what they are told."""

from __future__ import annotations

import json
import re

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    cidr as _cidr,
    filters as _filters,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import process as _process
from ansible_collections.streamward.antmedia.plugins.module_utils._host.wiring import Wired
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile
from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    run as _run,
    start as _start,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import unseen as _unseen

APPS = ("LiveApp", "events")
VERSION = {"versionName": "2.17.1"}


class Model:
    """A server's rules, and what it answers by them."""

    def __init__(self, fake, web, rtmp):
        self.secrets = dict(fake.SECRETS)
        self.panel = "127.0.0.1,203.0.113.0/24"
        self.believes = True
        self.rest = dict.fromkeys(APPS, "127.0.0.1,198.51.100.0/24")
        self.rest_jwt = dict.fromkeys(APPS, True)
        self.guarded = dict.fromkeys(APPS, True)
        self.web, self.rtmp = web, rtmp
        web.answers = self
        rtmp.publish, rtmp.play = self.publish, self.play

    def get(self, key, default):
        return lambda request: self.answer(request)

    def address(self, request):
        forwarded = request["headers"].get("X-Forwarded-For")
        return forwarded if forwarded and self.believes else request["source"]

    def valid(self, token, word, **claims):
        try:
            found = jwt.decode(token or "", self.secrets[word], ["HS256"])
        except jwt.PyJWTError:
            return False
        return all(found.get(name) == value for name, value in claims.items())

    def answer(self, request):
        path, _mark, query = request["path"].partition("?")
        token = query.partition("token=")[2]
        if path.startswith("/rest/"):
            return self.management(request, path)
        app, kind = re.fullmatch("/([^/]+)/([^/]+)/.*", path).groups()
        if kind == "streams":
            stream = path.rpartition("/")[2].partition(".")[0]
            good = self.valid(token, "stream", streamId=stream, type="play")
            return (404, b"") if good or not self.guarded[app] else self.no("Invalid JWT Token")
        if kind == "chunked":
            inside = _cidr.contains(self.rest[app], self.address(request))
            return (404, b"") if inside else self.no("Not allowed IP")
        if self.rest_jwt[app] and not self.valid(request["headers"].get("Authorization"), "rest"):
            return self.no("Invalid App JWT Token")
        if not _cidr.contains(self.rest[app], self.address(request)):
            return self.no("Not allowed IP")
        if "broadcasts/list" in path:
            return 200, [
                {"streamId": "on", "status": "broadcasting"},
                {"streamId": "off", "status": "created"},
            ]
        return 200, VERSION

    def management(self, request, path):
        if not _cidr.contains(self.panel, self.address(request)):
            return self.no("Not allowed IP")
        if path.endswith("liveness"):
            return 200, {"status": "ok"}
        if not self.valid(request["headers"].get("ProxyAuthorization"), "management"):
            return self.no("Not authenticated user")
        return 200, VERSION

    def publish(self, app, stream, peer):
        name, _mark, token = stream.partition("?token=")
        if not self.guarded[app] or self.valid(token, "stream", streamId=name, type="publish"):
            return "accepted"
        return "refused"

    def play(self, app, stream, peer):
        name, _mark, token = stream.partition("?token=")
        if not self.guarded[app] or self.valid(token, "stream", streamId=name, type="play"):
            return "accepted"
        return "refused"

    @staticmethod
    def no(text):
        return 403, f"<p><b>Message</b> {text}</p>".encode()


POLICY = {
    "dashboard_cidrs": ["127.0.0.1", "203.0.113.0/24"],
    "management_jwt": True,
    "app_defaults": {
        "rest_cidrs": ["198.51.100.0/24"],
        "rest_jwt": True,
        "play": "jwt",
        "publish": "jwt",
    },
}


@pytest.fixture
def model(fake, web, rtmp, listens):
    return Model(fake, web, rtmp)


@pytest.fixture
def prove(fake, web, rtmp, model):
    def run(edition="community", wired=None, files=None, **policy):
        server = f"http.port={web.port}\nrtmp.port={rtmp.port}\nrtmp.host=0.0.0.0\n"
        installation = fake.installation(server=server.encode(), edition=edition, apps=files)
        words = {word: secret for word, secret in fake.SECRETS.items() if word != "management"}
        params = {
            "ready_timeout": 1,
            "secrets": {"management": fake.SECRETS["management"], "app_defaults": words},
            **POLICY,
            **policy,
        }
        return _run.Run(params, installation, wired).run()

    return run


def outcomes(result):
    return {(c["app"], c["control"]): c["outcome"] for c in result["controls"]}


def test_a_server_that_enforces_its_policy(prove):
    result = prove()
    found = outcomes(result)
    assert {
        outcome for (_app, name), outcome in found.items() if not name.startswith("webrtc")
    } == {"enforced"}
    assert len(found) == 2 + 2 * 6
    assert result["forwarded_for"] == "believed"
    assert any("antmedia_trusted_proxies" in note for note in result["notes"])
    assert result["installation"]["version"] == "2.17.1"


def test_a_list_that_a_spelling_passes_is_named(prove, model):
    assert not any("spelling" in note for note in prove()["notes"])
    answer = model.answer

    def lax(request):
        past = "/rest/v2/acm/" in request["path"]
        return (404, b"") if past else answer(request)

    model.answer = lax
    assert any("spelling of /chunked" in note for note in prove()["notes"])


def test_a_token_that_opens_other_streams_is_named(prove, model):
    assert not any("every other of the application" in note for note in prove()["notes"])
    answer = model.answer

    def lax(request):
        past = "streams/../" in request["path"] and "token=" in request["path"]
        return (404, b"") if past else answer(request)

    model.answer = lax
    notes = prove()["notes"]
    assert sum("every other of the application" in note for note in notes) == 1
    policy = {"play": "none", "publish": "none"}
    notes = prove(app_defaults=policy)["notes"]
    assert not any("every other of the application" in note for note in notes)


def test_what_is_not_asked_is_named_with_the_reason(prove):
    assert not any("not asked" in note for note in prove()["notes"])
    notes = prove(edition="enterprise")["notes"]
    assert sum(note.startswith("publish: not asked: ") for note in notes) == 2
    assert sum(note.startswith("play: not asked: ") for note in notes) == 1
    notes = prove(edition="enterprise", app_defaults={"play": "none"})["notes"]
    assert not any("not asked" in note for note in notes)


HOOK = {"publish": "hook", "publish_hook": {"url": "http://127.0.0.1:9/", "known_stream": "on"}}


def test_a_hook(prove, model):
    model.rtmp.publish = lambda app, stream, peer: "accepted" if stream == "on" else "closed"
    result = prove(app_defaults=HOOK)
    assert outcomes(result)["LiveApp", "publish-hook"] == "enforced"
    assert ("LiveApp", "publish") not in outcomes(result)
    model.rtmp.publish = lambda app, stream, peer: "closed"
    reasons = {c["control"]: c["reason"] for c in prove(app_defaults=HOOK)["controls"]}
    assert (
        "the hook cannot be reached from this host: Connection refused" in reasons["publish-hook"]
    )
    model.rtmp.publish = lambda app, stream, peer: "accepted"
    assert outcomes(prove(app_defaults=HOOK))["LiveApp", "publish-hook"] == "not enforced"


def test_one_half_of_a_hook_does_for_a_proof_and_is_said(prove, model):
    model.rtmp.publish = lambda app, stream, peer: "closed"
    policy = {**HOOK, "publish_hook": "http://127.0.0.1:9/"}
    (control,) = (c for c in prove(app_defaults=policy)["controls"] if c["app"] == "events")
    assert (control["control"], control["outcome"]) == ("publish-hook", "enforced")
    assert "only refusals were asked for: name a stream" in control["note"]


def test_a_hook_that_may_not_be_called_is_a_note(prove, model):
    policy = {"settings": {"webhookAuthenticateURL": "http://127.0.0.1:9/"}, "publish": "none"}
    result = prove(app_defaults=policy)
    assert ("LiveApp", "publish-hook") not in outcomes(result)
    assert sum("asking would call the hook" in note for note in result["notes"]) == 2
    assert model.rtmp.asked == []


def test_a_door_that_something_else_closes_is_not_asked(prove, model):
    model.rtmp.play = lambda *asked: "accepted"
    assert outcomes(prove())["LiveApp", "play"] == "not enforced"
    result = prove(closed_doors=["rtmp-play"])
    assert outcomes(result)["LiveApp", "play"] == "enforced"
    assert any(note.startswith("rtmp-play: not asked: something else") for note in result["notes"])


@pytest.mark.parametrize("door", ["a file by /chunked", "the REST API, which makes tokens"])
def test_a_list_that_lets_everybody_in_opens_publishing(prove, model, door):
    model.rest["events"] = "0.0.0.0/0"
    model.rest_jwt["events"] = "API" not in door
    policy = {**POLICY["app_defaults"], "rest_cidrs": ["any"], "rest_jwt": "API" not in door}
    result = prove(apps={"events": policy})
    reasons = {c["control"]: c["reason"] for c in result["controls"] if c["app"] == "events"}
    assert f"no token, {door}" in reasons["publish"]


@pytest.mark.parametrize("door", ["over RTMP", "DASH", "LL-HLS", "another file"])
def test_no_door_may_be_open(prove, model, door):
    answer, play = model.answer, model.play
    paths = {"DASH": ".mpd", "LL-HLS": "/ll-hls/", "another file": ".mkv"}

    def open_there(request):
        return (404, b"") if paths.get(door, "nowhere") in request["path"] else answer(request)

    model.answer = open_there
    model.rtmp.play = lambda *asked: "accepted" if door == "over RTMP" else play(*asked)
    reasons = {c["control"]: c["reason"] for c in prove()["controls"] if c["app"] == "events"}
    assert f"lets in: no token, {door}" in reasons["play"]


def test_no_secret_in_a_result(prove, fake):
    text = json.dumps(prove())
    assert not any(secret in text for secret in fake.SECRETS.values())
    assert "eyJ" not in text


def test_a_result_is_plain_data(prove):
    result = prove()
    assert json.loads(json.dumps(result)) == result
    probe = result["probes"][0]
    assert set(probe) == {
        "app", "control", "case", "asked", "expected", "came", "answer", "milliseconds"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda m: m.rest_jwt.update(events=False), ("events", "rest-jwt")),
        (lambda m: m.rest.update(events="0.0.0.0/0"), ("events", "rest-address")),
        (lambda m: m.rest.update(events="127.0.0.1,198.51.100.0/23"), ("events", "rest-address")),
        (lambda m: m.rest.update(events="127.0.0.1"), ("events", "rest-address")),
        (lambda m: m.guarded.update(events=False), ("events", "play")),
        (lambda m: m.guarded.update(events=False), ("events", "publish")),
        (lambda m: setattr(m, "panel", "127.0.0.0/8,203.0.113.0/24"), ("", "panel-address")),
        (lambda m: m.secrets.update(management="x" * 40), ("", "management-jwt")),
    ],
)
def test_a_server_that_does_not(prove, model, change, where):
    change(model)
    result = prove()
    assert outcomes(result)[where] == "not enforced"
    assert result["outcome"] == "not enforced"
    assert outcomes(result).get(("LiveApp", where[1]), "enforced") == "enforced"


@pytest.fixture
def lacking(fake):
    """How applications are wired that lack a filter: `lacking(events=".IPFilter")`."""

    def make(**apps):
        return {
            app: Wired(
                f"/ams/webapps/{app}/WEB-INF/web.xml",
                {
                    row: f"/ams/webapps/{app}/WEB-INF/web.xml has no filter {row.name}"
                    for where in ("panel", "application")
                    for row in _filters.of(where, (2, 17, 1))
                    if row.name.endswith(name)
                },
            )
            for app, name in apps.items()
        }

    return make


@pytest.mark.parametrize(
    ("name", "controls"),
    [
        (".IPFilter", {"rest-address"}),
        (".JWTFilter", {"rest-jwt"}),
        (".TokenFilterManager", {"play"}),
        (".SubscriberBlockFilter", set()),
    ],
)
def test_no_control_is_enforced_by_a_filter_that_files_lack(prove, lacking, name, controls):
    """What was asked for was refused: it may be the only address that is."""
    result = prove(wired=lacking(events=name))
    found = {key: outcome for key, outcome in outcomes(result).items() if outcome == "cannot tell"}
    webrtc = {key for key in found if key[1].startswith("webrtc")}
    assert set(found) - webrtc == {("events", control) for control in controls}
    for each in result["controls"]:
        if (each["app"], each["control"]) in set(found) - webrtc:
            assert each["reason"].startswith("what was asked is enforced, but /ams/webapps/events")
    notes = [note for note in result["notes"] if "has no filter" in note]
    assert [note.partition(":")[0] for note in notes] == ["app events"] * len(controls)


def test_what_gets_in_is_not_enforced_whatever_the_files_say(prove, model, lacking):
    model.rest_jwt.update(events=False)
    result = prove(wired=lacking(events=".JWTFilter"))
    assert outcomes(result)["events", "rest-jwt"] == "not enforced"


def test_values_that_are_none_and_that_the_policy_does_not_name(prove, fake):
    broken = b"\nhlsTime=abc\nremoteAllowedCIDR=bogus!\n"
    files = {app: fake.app_text(app) + broken * (app == "events") for app in APPS}
    notes = [note for note in prove(files=files)["notes"] if note.startswith("app ")]
    assert notes == [
        "app events: hlsTime: 'abc' is not a whole number from 1 on; with it the server makes no"
        " HLS,"
        " or saves no setting of the application"
    ]


def test_no_more_notes_of_values_than_anybody_reads(prove, fake):
    keys = ("mp4MuxingEnabled", "h264Enabled", "gopSize", "vp8Enabled", "webRTCEnabled")
    broken = "".join(f"\n{key}=x" for key in keys).encode()
    files = {f"app{number}": fake.app_text("x") + broken for number in range(9)}
    notes = prove(files=files, app_defaults={})["notes"]
    found = [note for note in notes if note.startswith("app ")]
    # And what the server's own file lacks.
    assert len(found) < _run.MOST_REMARKS < len(keys) * len(files)
    assert notes[-1] == f"{len(keys) * len(files) - len(found)} more values that are none"


def test_the_log_in_of_the_panel(prove, model, lacking):
    policy = {"management_jwt": None}
    assert outcomes(prove(**policy))["", "panel-login"] == "enforced"
    wired = {"": lacking(root="AuthenticationFilter")["root"]}
    assert outcomes(prove(wired=wired, **policy))["", "panel-login"] == "cannot tell"
    model.valid = lambda *_arguments, **_claims: True
    result = prove(**policy)
    assert outcomes(result)["", "panel-login"] == "not enforced"
    reasons = {each["control"]: each["reason"] for each in result["controls"]}
    assert reasons["panel-login"] == "lets in: no log-in"


def test_a_stock_community_server_says_why(prove, model):
    model.guarded = dict.fromkeys(APPS, False)
    reasons = {c["control"]: c["reason"] for c in prove()["controls"] if c["app"] == "LiveApp"}
    assert reasons["play"].endswith("the Community edition does not check it")
    assert "Community" not in reasons["rest-jwt"]
    reasons = {c["control"]: c["reason"] for c in prove(edition="enterprise")["controls"]}
    assert "Community" not in reasons["play"]


def test_a_server_that_does_not_believe_the_header(prove, model):
    model.believes = False
    result = prove()
    assert result["forwarded_for"] == "ignored"
    assert outcomes(result)["", "panel-address"] == "enforced"
    assert any("vantages" in note for note in result["notes"])


def test_previous_secrets(prove, model):
    model.secrets["stream"] = old = "an-old-secret-of-streams-0123456789"
    result = prove(previous_secrets={"app_defaults": {"stream": old}})
    reasons = {c["control"]: c["reason"] for c in result["controls"] if c["app"] == "events"}
    assert "lets in: a token of the previous key" in reasons["play"]
    assert old not in json.dumps(result)


def test_previous_secrets_by_application():
    given = {
        "management": "m",
        "apps": {"events": {"rest": "r"}},
        "app_defaults": {"rest": "d", "stream": "s"},
        "cluster": "c",
    }
    assert _run.previous_secrets(given, APPS) == {
        ("LiveApp", "clusterCommunicationKey"): "c",
        ("events", "clusterCommunicationKey"): "c",
        ("", "server.jwtServerSecretKey"): "m",
        ("LiveApp", "jwtSecretKey"): "d",
        ("LiveApp", "jwtStreamSecretKey"): "s",
        ("events", "jwtSecretKey"): "r",
        ("events", "jwtStreamSecretKey"): "s",
    }
    assert _run.previous_secrets(None, APPS) == {}


@pytest.mark.parametrize(
    ("signs", "said"), [("", "no server runs from "), ("a port answers", "a port answers")]
)
def test_no_server_nothing_asked(prove, web, rtmp, monkeypatch, signs, said):
    monkeypatch.setattr(_process, "find", lambda home: None)
    monkeypatch.setattr(_unseen, "signs", lambda installation: signs)
    result = prove()
    assert set(outcomes(result).values()) == {"cannot tell"}
    assert result["controls"][0]["reason"].startswith(said)
    assert web.requests == [] and rtmp.asked == []


def test_an_application_that_starts_is_left_alone(prove, web, rtmp, monkeypatch):
    monkeypatch.setattr(_start, "wait", lambda *_asked: {"events"})
    found = outcomes(prove())
    assert {o for (app, _name), o in found.items() if app == "events"} == {"cannot tell"}
    assert found["LiveApp", "rest-jwt"] == "enforced"
    assert not any("/events/" in request["path"] for request in web.requests)
    assert {app for app, *_more in rtmp.asked} == {"LiveApp"}


def test_only_registered_streams(prove, rtmp, model):
    publish = model.publish

    def known_only(app, stream, peer):
        return publish(app, stream, peer) if stream.startswith("off?") else "closed"

    rtmp.publish = lambda app, stream, peer: (
        known_only(app, stream, peer) if stream.partition("?")[0] != "off" or "?" in stream
        else "refused"
    )  # fmt: skip
    policy = {**POLICY["app_defaults"], "settings": {"acceptOnlyStreamsInDataStore": True}}
    result = prove(app_defaults=policy)
    assert outcomes(result)["LiveApp", "known-streams"] == "enforced"
    assert outcomes(result)["LiveApp", "publish"] == "enforced"


def test_a_policy_that_cannot_be_carried_out(prove):
    with pytest.raises(_compile.PolicyError):
        prove(apps={"nosuch": {}})


def test_what_overrules_the_files_is_named(prove, listens):
    listens.environ.update({"JWTSECRETKEY": "hidden", "HLSTIME": "9"})

    def overruling(**policy):
        return [note for note in prove(**policy)["notes"] if "overrules" in note]

    (note,) = overruling()
    assert note.startswith("the server's environment has JWTSECRETKEY, which overrules the files")
    assert "hidden" not in note
    assert overruling(app_defaults={"settings": {"hlsListSize": 7}}) == []
    (note,) = overruling(app_defaults={"settings": {"hlsTime": 4}})
    assert "has HLSTIME, which" in note


def test_a_policy_that_asks_for_nothing(prove):
    result = prove(dashboard_cidrs=None, management_jwt=None, app_defaults={})
    assert result["outcome"] == "cannot tell"
    assert "nothing" in result["notes"][0]


def test_what_another_machine_needs(prove, fake):
    plan = prove(app_defaults={**POLICY["app_defaults"], "publisher_cidrs": ["127.0.0.1"]})["plan"]
    assert plan["panel"] == "127.0.0.1,203.0.113.0/24"
    assert plan["alive"] is True
    assert plan["apps"]["events"] == {
        "rest": "127.0.0.1,198.51.100.0/24",
        "rest_token": True,
        "publisher": "127.0.0.1",
        "publish_token": ["jwt"],
        "alive": True,
        "publishes": True,
    }
    assert not any(secret in json.dumps(plan) for secret in fake.SECRETS.values())
