from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import fingerprint

from tests.kit.token_tasks import (
    NOW,
    REST,
    Edge,
    faults,
    mint_one,
    slurped,
    stream,
)


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


def test_a_gate_in_front_of_the_server():
    def at(**variables):
        edge = Edge({"ansible_host": "203.0.113.9", "antmedia_gate": True, **variables})
        names = ["websocket", "rtmp", *(["rtmps"] if "antmedia_gate_tls" in variables else [])]
        found = stream(edge, strings=names)["strings"]
        return {name: text.partition("/LiveApp")[0] for name, text in found.items()}

    plain = at()
    assert plain["websocket"] == "ws://203.0.113.9:5080"
    assert plain["rtmp"] == "rtmp://203.0.113.9"
    tls = {"certificate": "/etc/ssl/a.pem", "key": "/etc/ssl/a.key"}
    secure = at(antmedia_gate_tls=tls, antmedia_gate_ports={"https": 443})
    assert secure["websocket"] == "wss://203.0.113.9"
    assert secure["rtmps"] == "rtmps://203.0.113.9:8443"
    assert at(antmedia_gate="no")["websocket"] == "wss://203.0.113.9:5443"
    named = at(antmedia_endpoint={"host": "live.example.org", "http_port": 80})
    assert named["websocket"] == "ws://live.example.org"


def test_cap():
    edge = Edge({"antmedia_token_max_lifetime": "30m"})
    assert "max_lifetime" in faults(mint_one, edge, app="LiveApp", stream="s", type="play")[0]
    assert stream(edge, lifetime="30m")["expires"] == NOW + 1800
    assert stream(edge, max_lifetime="2h")["expires"] == NOW + 3600
    assert faults(mint_one, edge, max_lifetime="0s", app="LiveApp", stream="s", type="play") == [
        "max_lifetime: '0s' is zero: the token would never work"
    ]


def test_secrets():
    assert stream(secret="Another_secret-0123456789abcdefghij")["secret_origin"] == (
        "the option secret"
    )
    (fault,) = faults(mint_one, secret="short", app="LiveApp", stream="s", type="play")
    assert "has 5 characters" in fault
    (fault,) = faults(
        mint_one, secret="zautXStXM9iW3aD3FuyPH0TdK4GHPmHq", app="LiveApp", stream="s", type="play"
    )
    assert "published sample" in fault
    (fault,) = faults(mint_one, app="events", stream="s", type="play")
    assert fault.startswith("app events: no stream secret; set antmedia_secrets.apps.events.stream")
    assert "(apps with secrets here: LiveApp)" in fault
    (fault,) = faults(mint_one, secret_version="pending", app="LiveApp", stream="s", type="play")
    assert "no pending stream secret" in fault


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
    assert mint_one(edge, realm="management", read_host=["secret"], strings=[])["token"]
    assert "rotate it" in edge.warnings[0]
    empty = slurped(**{"conf/red5.properties": "server.jwtServerSecretKey=\n"})
    assert (
        "holds no management secret"
        in faults(mint_one, Edge(answers=[empty]), realm="management", read_host=["secret"])[0]
    )
    missing = Edge(answers=[slurped()])
    (fault,) = faults(mint_one, missing, realm="rest", app="nosuch", read_host=["secret"])
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
