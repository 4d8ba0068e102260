from __future__ import annotations

import base64
import csv
import json

import jwt
import pytest
from ansible_collections.streamward.antmedia.plugins.action import token as action
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import task as _task

NOW = 1_800_000_000
STREAM = "StreamStreamStreamStream0123456789"
REST = "RestRestRestRestRestRest0123456789"
MANAGEMENT = "ManagementManagement0123456789abcd"
HASH = "HashHashHashHashHashHash0123456789"
SECRETS = {
    "management": MANAGEMENT,
    "apps": {"LiveApp": {"stream": STREAM, "rest": REST, "hash": HASH}},
}
DEFAULTS = {name: option.get("default") for name, option in action.argument_spec().items()}


class Vault:
    secrets = (("ops", "ops-secret"), ("dev", "dev-secret"))

    def encrypt(self, data, secret, vault_id):
        return f"{secret} {vault_id} ".encode() + data[::-1]


class Edge:
    """Ansible's side, played."""

    store_context = None

    def __init__(self, variables=None, check_mode=False, answers=()):
        self.host = "edge1"
        self.check_mode = check_mode
        self.vault = Vault()
        self.variables = {"antmedia_secrets": SECRETS, **(variables or {})}
        self.answers = list(answers)
        self.asked = []
        self.warnings = []
        self.said = []
        self.told = []
        self.warn, self.say, self.tell = self.warnings.append, self.said.append, self.told.append

    def variable(self, name):
        return self.variables.get(name)

    def path(self, path):
        return path

    def on_host(self, module, arguments):
        self.asked.append((module, arguments))
        answer = self.answers.pop(0)
        return answer(arguments) if callable(answer) else answer


def run(edge=None, **args):
    return _task.Task({**DEFAULTS, **args}, edge or Edge(), NOW).run()


def stream(edge=None, **args):
    return run(edge, **{"app": "LiveApp", "stream": "stream1", "type": "publish", **args})


def faults(edge=None, **args):
    with pytest.raises(ValueError) as caught:
        run(edge, **args)
    return getattr(caught.value, "faults", None) or [str(caught.value)]


def test_single():
    edge = Edge({"antmedia_endpoint": {"host": "live.example.org"}})
    result = stream(edge, lifetime="2h")
    assert jwt.decode(result["token"], STREAM, ["HS256"], options={"verify_exp": False}) == {
        "streamId": "stream1",
        "type": "publish",
        "exp": NOW + 7200,
    }
    assert result["fingerprint"] == fingerprint(STREAM)
    assert result["secret_origin"] == "antmedia_secrets.apps.LiveApp.stream"
    assert result["strings"]["rtmp"].startswith("rtmp://live.example.org/LiveApp/stream1?token=")
    assert result["changed"] is False
    assert result["_ansible_no_log"] is True
    assert not any(result["token"] in text for text in edge.warnings + edge.said + edge.told)


def test_exposed():
    assert "_ansible_no_log" not in stream(expose=True)


def test_shown():
    edge = Edge()
    result = stream(edge, expose=True, show=True)
    (text,) = edge.said
    assert text.startswith("LiveApp stream1 publish jwt, expires 2027-01-15T09:00:00Z, in 1 hour\n")
    assert f"RTMP URL          {result['strings']['rtmp']}" in text.splitlines()


def test_api_realms():
    rest = run(realm="rest", app="LiveApp")
    assert jwt.decode(rest["token"], REST, ["HS256"], options={"verify_exp": False}) == {
        "exp": NOW + 3600
    }
    management = run(realm="management")
    assert management["strings"]["header"] == f"ProxyAuthorization: {management['token']}"


def test_where_the_server_is():
    def host(edge=None, **args):
        return stream(edge, strings=["whip"], **args)["strings"]["whip"].partition("/LiveApp")[0]

    assert host(Edge({"ansible_host": "203.0.113.9"})) == "https://203.0.113.9:5443"
    assert host() == "https://edge1:5443"
    loopback = Edge({"ansible_host": "127.0.0.1"})
    assert host(loopback) == "http://127.0.0.1:5080"
    assert "endpoint.host is not given" in loopback.warnings[0]
    variable = {"antmedia_endpoint": {"host": "live.example.org", "https_port": 443}}
    assert host(Edge(variable)) == "https://live.example.org"
    assert host(Edge(variable), endpoint={"https_port": 8443, "host": ""}) == (
        "https://live.example.org:8443"
    )


def test_warnings():
    edge = Edge()
    stream(edge, lifetime="none", strings=["obs_key"])
    assert edge.warnings == ["the token never expires: it works until its secret is rotated"]
    edge = Edge()
    stream(edge, stream="cam_1", type="play", strings=["hls", "vod"])
    (text,) = edge.warnings
    assert text.startswith(
        "vod: the server takes the file's name for that of stream 'cam', not 'cam_1'"
    )
    edge = Edge()
    stream(edge, strings=["rtmp"])
    assert "some cameras take 128" in edge.warnings[0]


def test_tokens_that_the_policy_does_not_want():
    edge = Edge({"antmedia_app_defaults": {"publish": "hash", "rest_jwt": False}})
    stream(edge, strings=[])
    run(edge, realm="rest", app="LiveApp", strings=[])
    stream(edge, type="play", strings=[])
    stream(edge, kind="hash", strings=[])
    assert edge.warnings == [
        "the policy of this host wants hash for publish, not jwt",
        "the policy of this host wants none for rest, not jwt",
    ]


def test_cap():
    edge = Edge({"antmedia_token_max_lifetime": "30m"})
    assert "max_lifetime" in faults(edge, app="LiveApp", stream="s", type="play")[0]
    assert stream(edge, lifetime="30m")["expires"] == NOW + 1800
    assert stream(edge, max_lifetime="2h")["expires"] == NOW + 3600
    assert faults(edge, max_lifetime="0s", app="LiveApp", stream="s", type="play") == [
        "max_lifetime: '0s' is zero: the token would never work"
    ]


def test_secrets():
    assert stream(secret="Another_secret-0123456789abcdefghij")["secret_origin"] == (
        "the option secret"
    )
    (fault,) = faults(secret="short", app="LiveApp", stream="s", type="play")
    assert "has 5 characters" in fault
    (fault,) = faults(
        secret="zautXStXM9iW3aD3FuyPH0TdK4GHPmHq", app="LiveApp", stream="s", type="play"
    )
    assert "published sample" in fault
    (fault,) = faults(app="events", stream="s", type="play")
    assert fault.startswith("app events: no stream secret; set antmedia_secrets.apps.events.stream")
    assert "(apps with secrets here: LiveApp)" in fault
    (fault,) = faults(secret_version="pending", app="LiveApp", stream="s", type="play")
    assert "no pending stream secret" in fault


def test_kinds():
    assert len(stream(kind="hash")["token"]) == 64
    secret = "JBSWY3DPEHPK3PXP"
    result = stream(kind="totp", subscriber="sub1", subscriber_secret=secret)
    assert len(result["token"]) == 6
    assert "fingerprint" not in result
    assert "subscriberCode=" + result["token"] in result["strings"]["rtmp"]
    assert (
        "base32"
        in faults(
            kind="totp",
            subscriber="sub1",
            subscriber_secret="x",
            app="LiveApp",
            stream="s",
            type="play",
        )[0]
    )


def test_editions_and_versions():
    args = {"app": "LiveApp", "stream": "s", "type": "play", "edition": "community"}
    assert "Community edition does not check" in faults(**args)[0]
    edge = Edge({"antmedia_unenforceable": "warn"})
    assert run(edge, **args, strings=[])["token"]
    assert "Community edition" in edge.warnings[0]
    assert "2.5.0" in faults(realm="management", version="2.4.3")[0]
    assert "whip" not in stream(version="2.9.0")["strings"]
    assert "such as 2.17.1" in faults(version="new", realm="management")[0]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"encrypt": True}, "encrypt: encrypts dest"),
        ({"show": True}, "needs expose: true"),
        ({"show": True, "expose": True, "streams": []}, "single token"),
        ({"streams": [], "realm": "rest"}, "a batch is of streams"),
        ({"streams": [], "streams_file": "x"}, "give one"),
        ({"kind": "one_time"}, "set source: server"),
        ({"kind": "hash", "source": "server"}, "the server makes"),
        ({"realm": "rest", "source": "server"}, "the server makes"),
        ({"totp_period": 0}, "totp_period"),
        ({"vod_file": "../x"}, "vod_file"),
        ({"streams": "a,b"}, "must be a list"),
        ({"streams": [], "subscriber_secret": "x"}, "one subscriber's own"),
    ],
)
def test_mixes(args, words):
    assert words in faults(**{"app": "LiveApp", "type": "play", **args})[0]


def test_strings_by_name():
    assert list(stream(strings=["srt", "rtmp"])["strings"]) == ["srt", "rtmp"]
    assert stream(strings=[])["strings"] == {}
    (fault,) = faults(strings=["hls"], app="LiveApp", stream="s", type="publish")
    assert fault.startswith("strings: 'hls' is none of rtmp, ")


# -- batches


def test_batch(tmp_path):
    path = tmp_path / "t.csv"
    edge = Edge({"antmedia_endpoint": {"host": "h.example"}})
    result = run(
        edge,
        app="LiveApp",
        type="publish",
        streams=[
            "a",
            {"stream": "b", "type": "play", "lifetime": "none"},
            {"stream": "c", "site": 7},
        ],
        keep_columns=["site"],
        strings=["websocket"],
        dest=str(path),
    )
    assert result == {
        "realm": "stream",
        "kind": "jwt",
        "changed": True,
        "dest": str(path),
        "count": 3,
    }
    rows = list(csv.DictReader(path.open()))
    assert [row["site"] for row in rows] == ["", "", "7"]
    assert rows[1]["expires_at"] == "never"
    assert {row["websocket"] for row in rows} == {"wss://h.example:5443/LiveApp/websocket"}
    assert edge.warnings == [
        "the token never expires: it works until its secret is rotated (1 of 3 tokens)"
    ]


def test_batch_in_the_result():
    result = run(app="LiveApp", type="play", streams=["a", "b"])
    assert [row["stream"] for row in result["tokens"]] == ["a", "b"]
    assert result["_ansible_no_log"] is True
    assert result["count"] == 2
    assert result["changed"] is False


def test_batch_of_a_file(tmp_path):
    source, path = tmp_path / "s.csv", tmp_path / "t.json"
    source.write_text("stream,type\na,play\nb,publish\n")
    run(app="LiveApp", streams_file=str(source), dest=str(path), format="json")
    assert [row["type"] for row in json.loads(path.read_text())["tokens"]] == ["play", "publish"]


def test_encrypted(tmp_path):
    path = tmp_path / "t.json"
    args = {"app": "LiveApp", "type": "play", "streams": ["a"], "dest": str(path), "format": "json"}
    run(**args, encrypt=True)
    assert path.read_bytes().startswith(b"ops-secret None ")
    run(**args, encrypt=True, vault_id="dev")
    assert path.read_bytes().startswith(b"dev-secret dev ")
    assert "has ops, dev" in faults(**args, encrypt=True, vault_id="x")[0]
    edge = Edge()
    edge.vault.secrets = ()
    assert "no vault password" in faults(edge, **args, encrypt=True)[0]


def test_faults_of_rows(tmp_path):
    path = tmp_path / "t.csv"
    found = faults(
        app="LiveApp",
        streams=[
            "a b",
            {"stream": "x", "app": "events", "type": "play"},
            {"stream": "y", "type": "z"},
        ],
        type="play",
        dest=str(path),
    )
    assert [fault.partition(": ")[0] for fault in found] == ["row 1", "row 2", "row 3"]
    assert "no stream secret" in found[1]
    assert not path.exists()


def test_bad_dest(tmp_path):
    args = {"app": "LiveApp", "type": "play", "streams": ["a"]}
    assert "is a folder" in faults(**args, dest=str(tmp_path))[0]
    assert "does not exist" in faults(**args, dest=str(tmp_path / "no" / "t.csv"))[0]


def test_check_mode(tmp_path):
    path = tmp_path / "t.csv"
    edge = Edge(check_mode=True)
    result = run(edge, app="LiveApp", type="play", streams=["a"], dest=str(path))
    assert (result["changed"], result["count"]) == (True, 1)
    assert not path.exists()
    assert faults(
        Edge(check_mode=True), app="LiveApp", type="play", streams=["a b"], dest=str(path)
    )
    assert stream(Edge(check_mode=True))["token"]
    edge = Edge(check_mode=True)
    result = stream(edge, kind="one_time", source="server")
    assert (result["changed"], edge.asked) == (True, [])


def test_single_to_a_file(tmp_path):
    path = tmp_path / "t.csv"
    result = stream(dest=str(path), strings=["obs_server", "obs_key"])
    assert "token" not in result
    assert "_ansible_no_log" not in result
    (row,) = csv.DictReader(path.open())
    assert row["obs_key"] == f"stream1?token={row['token']}"


# -- the host's own settings


def slurped(**files):
    def answer(arguments):
        for name, text in files.items():
            if arguments["src"].endswith(name.replace("_", ".") if "." not in name else name):
                return {"content": base64.b64encode(text.encode()).decode()}
        return {"failed": True, "msg": "file not found"}

    return answer


def test_secret_from_the_host():
    app = slurped(**{"webapps/LiveApp/WEB-INF/red5-web.properties": f"jwtStreamSecretKey={REST}\n"})
    edge = Edge({"antmedia_home": "/opt/ams"}, answers=[app])
    result = stream(edge, read_host=["secret"])
    assert result["fingerprint"] == fingerprint(REST)
    assert edge.asked == [
        (
            "ansible.builtin.slurp",
            {"src": "/opt/ams/webapps/LiveApp/WEB-INF/red5-web.properties"},
        )
    ]
    weak = slurped(**{"conf/red5.properties": "server.jwtServerSecretKey=weak\n"})
    edge = Edge(answers=[weak])
    assert run(edge, realm="management", read_host=["secret"], strings=[])["token"]
    assert "rotate it" in edge.warnings[0]
    empty = slurped(**{"conf/red5.properties": "server.jwtServerSecretKey=\n"})
    assert (
        "holds no management secret"
        in faults(Edge(answers=[empty]), realm="management", read_host=["secret"])[0]
    )
    missing = Edge(answers=[slurped()])
    (fault,) = faults(missing, realm="rest", app="nosuch", read_host=["secret"])
    assert "is there an app nosuch?" in fault


def test_endpoint_from_the_host():
    files = slurped(
        **{
            "conf/red5.properties": "http.port=6080\nrtmp.port=1940\nserver.name=h.example\n",
            "conf/jee-container.xml": "<x/>",
        }
    )
    edge = Edge(answers=[files, files])
    strings = stream(edge, read_host=["endpoint"])["strings"]
    assert strings["rtmp"].startswith("rtmp://h.example:1940/")
    assert strings["whip"].startswith("http://h.example:6080/")


# -- the server makes it


def test_asking_the_server():
    edge = Edge(answers=[{"status": 200, "content": '{"tokenId":"a.b.c"}'}])
    result = stream(edge, source="server", endpoint={"host": "h.example", "http_port": 6080})
    assert result["token"] == "a.b.c"
    assert result["strings"]["rtmp"] == "rtmp://h.example/LiveApp/stream1?token=a.b.c"
    ((module, arguments),) = edge.asked
    assert module == "ansible.builtin.uri"
    assert arguments["url"] == (
        "http://127.0.0.1:6080/LiveApp/rest/v2/broadcasts/stream1/jwt-token"
        f"?expireDate={NOW + 3600}&type=publish"
    )
    claims = jwt.decode(arguments["headers"]["Authorization"], REST, ["HS256"])
    assert list(claims) == ["exp"]


def test_one_time():
    edge = Edge(answers=[{"status": 200, "content": '{"tokenId":"731249"}'}])
    result = stream(edge, kind="one_time", source="server")
    assert (result["changed"], result["token"]) == (True, "731249")


def test_what_the_server_refuses():
    answer = {
        "status": 400,
        "failed": True,
        "content": '{"message":"It may be a mock token service"}',
    }
    args = {"app": "LiveApp", "stream": "s", "type": "play", "kind": "one_time", "source": "server"}
    assert "Community edition" in faults(Edge(answers=[answer]), **args)[0]
    down = {"status": -1, "failed": True, "msg": "Connection refused"}
    assert "Connection refused" in faults(Edge(answers=[down]), **args)[0]
    assert "without an end" in faults(Edge(), **args, lifetime="none")[0]


def test_batch_from_the_server():
    answers = [{"status": 200, "content": json.dumps({"tokenId": f"t{n}"})} for n in range(2)]
    result = run(
        Edge(answers=answers), app="LiveApp", type="play", source="server", streams=["a", "b"]
    )
    assert [row["token"] for row in result["tokens"]] == ["t0", "t1"]


# -- judging


def test_verified():
    token = stream()["token"]
    result = stream(state="verified", token=token)
    assert (result["accepted"], result["reasons"], result["notes"]) == (True, [], [])
    assert result["signed_by"]["version"] == "current"
    result = stream(state="verified", token=token, type="play")
    assert result["accepted"] is False
    assert result["reasons"] == [{"code": "type", "text": "its type is 'publish', not 'play'"}]
    assert token not in json.dumps(result)


def test_verified_against_the_policy():
    token = stream()["token"]
    policy = {
        "antmedia_app_defaults": {"publish": "jwt", "rest_jwt": True},
        "antmedia_host_apps": {"LiveApp": {"publish": "one_time"}, "other": {}},
        "antmedia_management_jwt": False,
    }
    result = stream(Edge(policy), state="verified", token=token)
    assert [reason["code"] for reason in result["reasons"]] == ["kind"]
    api = run(realm="management")["token"]
    result = run(Edge(policy), state="verified", realm="management", token=api)
    assert [reason["code"] for reason in result["reasons"]] == ["off"]
    jwks = {"antmedia_apps": {"LiveApp": {"settings": {"jwksURL": "https://x.example"}}}}
    result = run(Edge(jwks), state="verified", realm="rest", app="LiveApp", token=api)
    assert [reason["code"] for reason in result["reasons"]] == ["jwks", "realm"]


def test_verified_with_a_given_secret():
    token = stream()["token"]
    result = stream(state="verified", token=token, secret=REST)
    assert [reason["code"] for reason in result["reasons"]] == ["signature"]


def test_verified_with_the_hosts_secret():
    token = stream()["token"]
    app = slurped(**{"webapps/LiveApp/WEB-INF/red5-web.properties": f"jwtStreamSecretKey={REST}\n"})
    result = stream(Edge(answers=[app]), state="verified", token=token, read_host=["secret"])
    assert result["accepted"] is False


def test_bad_questions():
    assert faults(state="verified", app="LiveApp") == [
        "token: is needed to judge it",
        "stream: is empty",
        "type: '' is neither publish nor play",
    ]
