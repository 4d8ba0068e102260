"""The configuration of the gate's nginx, as a text; real servers behind it are elsewhere."""

from __future__ import annotations

import dataclasses
import ipaddress
import re

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import (
    nginx as _nginx,
    policy as _policy,
)

PLACES = _nginx.Places("/run/x", "/run/x/cache", "/run/y/answers.sock", "/t/c.pem", "/t/k.pem")
# Younger than nginx 1.18, which Debian 11 and Ubuntu 22.04 have.
TOO_YOUNG = (
    *("ssl_reject_handshake", "ssl_conf_command", "proxy_cookie_flags", "keepalive_time "),
    *("http2 on", "proxy_ssl_conf_command", "ssl_proxy_reject", "auth_delay", "resolver_status"),
    *("worker_rlimit_nofile", " quic", "http3", "proxy_bind_dynamic", "max_headers"),
)


@pytest.fixture
def policy(text):
    return _policy.read(text)


def conf(policy, ipv6=True):
    return _nginx.text(policy, PLACES, ipv6)


def location(text, where):
    """The lines of a location."""
    lines = text.splitlines()
    begin = lines.index(f"        location {where} {{")
    end = lines.index("        }", begin)
    return [line.strip() for line in lines[begin + 1 : end]]


def changed(policy, name="LiveApp", **changes):
    apps = dict(policy.applications)
    apps[name] = dataclasses.replace(apps[name], **changes)
    return dataclasses.replace(policy, applications=apps)


def networks(*texts):
    return tuple(map(ipaddress.ip_network, texts))


def matches(text, name, target):
    """What a map of the text says of a request's target, as nginx finds it."""
    block = re.search(rf"map \S+ \${name} {{(.*?)\n    }}", text, re.DOTALL).group(1)
    for pattern, value in re.findall(r'^        "(~.*)" "(.*)";$', block, re.MULTILINE):
        pattern = pattern.replace("\\\\", "\\").replace("++", "+").replace("*+", "*")
        pattern = pattern.replace(r"\z", r"\Z")
        flags = re.IGNORECASE if pattern.startswith("~*") else 0
        pattern = pattern.lstrip("~*").replace("(?<streamward", "(?P<streamward")
        # nginx's lookbehind takes alternatives of several lengths.
        found = re.match(r"(.*)\(\?<=((?:\\\.\w+\|?)+)\)(.*)", pattern)
        if found:
            pattern = f"{found.group(1)}(?:{found.group(2)}){found.group(3)}"
        hit = re.search(pattern, target, flags)
        if hit:
            return hit.group(value[1:]) if value.startswith("$") else value
    return re.search('default "(.*)";', block).group(1)


def test_the_same_policy_is_the_same_text_and_another_one_another(policy):
    text = conf(policy)
    assert text == conf(policy)
    text.encode("ascii")
    assert re.fullmatch("[0-9a-f]{16}", _nginx.mark(text))
    assert f'return 200 "{_nginx.mark(text)}\\n";' in text
    other = conf(dataclasses.replace(policy, panel=None))
    assert _nginx.mark(other) != _nginx.mark(text)
    assert _nginx.mark("") == ""


def test_no_directive_is_younger_than_the_oldest_nginx(policy):
    text = conf(policy)
    assert [word for word in TOO_YOUNG if word in text] == []


def test_every_block_is_closed_and_every_line_ended(policy):
    text = conf(policy)
    assert text.count("{\n") == len(re.findall(r"^ *}$", text, re.MULTILINE))
    for line in text.splitlines():
        assert not line or line.rstrip()[-1] in "{};'" or line.startswith("#") or "#" in line, line


def test_no_secret_is_in_it(policy):
    text = conf(policy)
    for app in policy.applications.values():
        for secret in (*app.publish.secrets, *app.play.secrets):
            assert secret.secret not in text


def test_decisions_are_remembered_under_the_whole_request_only(policy):
    for text in (conf(policy), conf(changed(policy, viewers_per_token=2))):
        lines = location(text, "= /streamward-gate/ask")
        assert 'proxy_cache_key "$request_method $streamward_viewer $request_uri";' in lines
        assert "internal;" in lines
        assert "proxy_pass_request_headers off;" in lines
        assert "proxy_cache_use_stale off;" in lines
        assert f"proxy_cache_valid 200 {_nginx.ALLOWED_SECONDS}s;" in lines
        assert f"proxy_cache_valid 403 {_nginx.REFUSED_SECONDS}s;" in lines
        assert _nginx.REFUSED_SECONDS < _nginx.ALLOWED_SECONDS <= 5
        assert "$arg_" not in text
        assert "$args" not in text
        assert "$uri" not in text


def test_what_is_remembered_has_room(policy):
    """With room for 8,000 keys 1 request in 14,000 failed that was let in (measured)."""
    (line,) = (line for line in conf(policy).splitlines() if "proxy_cache_path" in line)
    found = re.search(r"keys_zone=streamward:(\d+)m .* inactive=(\d+)s", line)
    keys, seconds = int(found.group(1)) * 8000, int(found.group(2))
    assert keys > 2 * 7000 * seconds
    assert seconds >= _nginx.ALLOWED_SECONDS


def test_each_request_meets_the_checks_in_their_order(policy):
    text = conf(policy)
    plain = "        if ($streamward_plain != 1) { return 403; }\n"
    assert text.index(plain) < text.index("location ")
    lines = location(text, '^~ "/LiveApp/streams"')
    assert lines[:5] == [
        "if ($streamward_media != 1) { return 403; }",
        'if ($request_method = "OPTIONS") { return 418; }',
        'if ($request_method !~ "^(?:GET|HEAD)$") { return 403; }',
        "proxy_pass_request_body off;",
        'set $streamward_viewer "-";',
    ]
    assert 'proxy_set_header Accept-Encoding "";' in lines
    assert 'proxy_set_header Content-Length "";' in lines
    assert location(text, '^~ "/open/streams"')[:2] == lines[1:3]
    ask = location(text, "= /streamward-gate/ask")
    assert f"proxy_read_timeout {_nginx.ANSWER_SECONDS}s;" in ask
    assert "proxy_connect_timeout 1s;" in ask
    state = location(text, "= /streamward-gate/state")
    assert state[0] == "if ($streamward_peer != host) { return 403; }"
    for where in ("@refused", "@closed"):
        told = location(text, where)
        assert "add_header Access-Control-Allow-Origin * always;" in told
        assert "add_header Cache-Control no-store always;" in told
    for where in ('^~ "/LiveApp/rest"', "/"):
        assert "client_max_body_size 0;" in location(text, where)
        assert "proxy_request_buffering off;" in location(text, where)


def test_whose_viewers_are_counted_is_asked_for_by_address(policy):
    lines = location(conf(policy), '^~ "/LiveApp/streams"')
    assert 'set $streamward_viewer "-";' in lines
    lines = location(conf(changed(policy, viewers_per_token=1)), '^~ "/LiveApp/streams"')
    assert 'set $streamward_viewer "$remote_addr";' in lines
    assert lines.index("auth_request /streamward-gate/ask;") > 0


def test_what_is_not_guarded_is_not_asked_for(policy):
    text = conf(policy)
    assert "auth_request /streamward-gate/ask;" in location(text, '^~ "/LiveApp/streams"')
    assert not [line for line in location(text, '^~ "/open/streams"') if "auth_request" in line]
    assert text.count("auth_request ") == 1


@pytest.mark.parametrize(
    ("changes", "closed"),
    [
        ({}, {"chunked", "hls-upload", "previews", "whip", "websocket"}),
        (
            {"play": _policy.Direction("none"), "publishers": None},
            {"chunked", "hls-upload", "whip", "websocket"},
        ),
        (
            {"publish": _policy.Direction("none"), "publishers": None},
            {"chunked", "hls-upload", "previews"},
        ),
        (
            {"publish": _policy.Direction("none"), "play": _policy.Direction("none")},
            {"chunked", "hls-upload", "whip", "websocket"},
        ),
        (
            {
                "publish": _policy.Direction("none"),
                "play": _policy.Direction("none"),
                "publishers": None,
            },
            set(),
        ),
    ],
)
def test_doors_are_closed_where_their_direction_is_guarded(policy, changes, closed):
    text = conf(changed(policy, **changes))
    doors = ("chunked", "hls-upload", "previews", "whip", "websocket")
    found = {d for d in doors if location(text, f'^~ "/LiveApp/{d}"') == ["return 403;"]}
    assert found == closed
    pages = location(text, '^~ "/LiveApp/"')
    assert ("if ($streamward_page != 1) { return 403; }" in pages) == bool(closed)


def test_lists_of_addresses(policy):
    text = conf(changed(policy, rest=networks("198.51.100.0/24", "2001:db8::/32")))
    rest = location(text, '^~ "/LiveApp/rest"')
    assert rest[:3] == ["allow 198.51.100.0/24;", "allow 2001:db8::/32;", "deny all;"]
    assert location(text, '^~ "/open/rest"')[0] == "deny all;"
    assert location(text, "/")[:2] == ["allow 127.0.0.1/32;", "deny all;"]
    everybody = conf(dataclasses.replace(changed(policy, rest=None), panel=None))
    for where in ('^~ "/LiveApp/rest"', "/"):
        assert not [x for x in location(everybody, where) if x.startswith(("allow", "deny"))]


def test_only_proxies_say_where_others_come_from(policy):
    for proxies, more in ((policy.proxies, ["10.0.0.5/32"]), ((), [])):
        text = conf(dataclasses.replace(policy, proxies=proxies))
        # A program of this host can be 127.0.0.1 as it likes: no other of its addresses is one.
        trusted = re.findall("set_real_ip_from (.*);", text)
        assert trusted == ["127.0.0.1/32", "::1/128", *more]
        assert "real_ip_recursive on;" in text


def test_what_a_client_says_of_itself_is_dropped_at_every_door(policy):
    text = conf(policy)
    told = ("X-Forwarded-For $remote_addr", "X-Real-IP $remote_addr")
    dropped = ("X-Original-URL", "X-Rewrite-URL", "ClusterAuthorization", "Forwarded")
    more = ("X-Forwarded-Host", "X-HTTP-Method-Override", "X-Gate-Target", "Proxy")
    lists = re.split(r"proxy_set_header Host \$http_host;", text)[1:]
    # A list of headers that a location has takes the place of the one above it.
    assert len(lists) == text.count("proxy_set_header X-Real-IP")
    for found in lists:
        for line in (*told, *(f'{name} ""' for name in (*dropped, *more))):
            assert f"proxy_set_header {line};" in found.partition("proxy_pass http")[0], line


def test_with_tls(policy):
    secure = dataclasses.replace(
        policy,
        listen=dataclasses.replace(policy.listen, https=5443),
        certificate=_policy.Certificate("/etc/x/a.pem", "/etc/x/a.key"),
    )
    text = conf(secure)
    assert "listen 0.0.0.0:5443 ssl default_server backlog=4096;" in text
    assert 'ssl_certificate_key "/t/k.pem";' in text
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in text
    assert "return 307 https://$host:5443$request_uri;" in text
    assert '"http else" "0";' in text
    assert "/etc/x" not in text
    assert "ssl" not in conf(policy)
    assert "307" not in conf(policy)
    assert "Strict-Transport-Security" not in text
    insisting = conf(dataclasses.replace(secure, hsts=60))
    assert "add_header Strict-Transport-Security $streamward_hsts always;" in insisting
    assert '"https" "max-age=60";' in insisting
    assert "Strict" not in conf(dataclasses.replace(policy, hsts=60))


def test_a_host_without_ipv6(policy):
    assert "listen [::]:5080 default_server ipv6only=on backlog=4096;" in conf(policy)
    assert "[::]" not in conf(policy, ipv6=False)


@pytest.mark.parametrize(
    "name",
    [
        *("a b", "a;b", 'a"b', "a{", "a}", "../x", "rest", "root", "streamward-gate", "", "a\nb"),
        *("a$b", "é", ".x", "a" * 101, "a\\b", "a/b", "a#b", "-x"),
    ],
)
def test_an_application_that_a_configuration_cannot_hold(policy, name):
    apps = {"LiveApp": policy.applications["LiveApp"], name: policy.applications["LiveApp"]}
    with pytest.raises(_nginx.Unfit) as fault:
        conf(dataclasses.replace(policy, applications=apps))
    assert repr(name) in str(fault.value)
    assert "LiveApp" not in str(fault.value)


def test_other_faults_are_all_named(policy):
    wrong = dataclasses.replace(
        policy,
        listen=dataclasses.replace(policy.listen, http="80; x", https=443),
        upstream=dataclasses.replace(policy.upstream, http=0),
    )
    places = dataclasses.replace(PLACES, run="/run/x; y", log="syslog:server=unix:/dev/log; x")
    with pytest.raises(_nginx.Unfit) as fault:
        _nginx.text(wrong, places)
    for words in ("'80; x'", "port 0", "https", "'/run/x; y'", "log "):
        assert words in str(fault.value)


def test_an_applications_name_is_no_pattern(policy):
    apps = {"Live.App": policy.applications["LiveApp"]}
    text = conf(dataclasses.replace(policy, applications=apps))
    assert matches(text, "streamward_media", "/Live.App/streams/s1.m3u8") == "1"
    assert matches(text, "streamward_media", "/LivexApp/streams/s1.m3u8") == "0"


def test_a_policy_without_applications(policy):
    text = conf(dataclasses.replace(policy, applications={}))
    assert matches(text, "streamward_media", "/LiveApp/streams/s1.m3u8") == "0"
    assert matches(text, "streamward_page", "/LiveApp/x.html") == "0"


PLAIN = (
    *("/", "/LiveApp", "/LiveApp/", "/LiveApp/streams/s1.m3u8", "/a/b?c=d;e#"[:-1], "/x?"),
    *("/LiveApp/rest/v2/x@y.z", "/LiveApp/rest/a%20b", "/LiveApp/rest/%C3%A9", "/a-b_c~d/e.f"),
    *("/a?%2e%2e/;/..", "/LiveApp/rest/v2/broadcasts/list/0/10?x=//"),
)
ODD = (
    *("", "*", "LiveApp", "//", "//x", "/a//b", "/.", "/..", "/a/.", "/a/..", "/a/./b", "/a/../b"),
    *("/.x", "/a/.x", "/a;b", "/a;", "/;", "/a\\b", "/a%2fb", "/a%2Fb", "/a%5cb", "/a%2eb"),
    *("/%2e%2e/x", "/a%3bb", "/a%00", "/a%0a", "/a%25b", "/a%41", "/a%7f", "/a%2d", "/a%5f"),
    *("/a%", "/a%2", "/a%zz", "/a%c0%ae", "/a%C1%81", "/a%f8", "/a b", "/a\tb", "/a\n", "/a#b"),
    *("/a?b#c", "/a?b c", "/a?\x7f", "/a?\xe9", "/a\xe9", "/a<b", "/a>b", '/a"b', "/a|b", "/a^b"),
    *("/a`b", "/a{b", "/a}b", "/a[b", "/a%3f", "/a%23", "/" + "a" * 2001, "/a?\n", "/a%uff0e"),
    *(
        "/a?token=x\n",
        "/LiveApp/rest/v2/acm",
        "/LiveApp/rest/v2/acm/x",
        "/x/rest/v2/ACM/y",
        "/rest/v2/acm",
    ),
    *("/rest/v2/acmx?y", "/LiveApp/streams/rest/v2/acm/s1.m3u8"),
)


@pytest.mark.parametrize("target", PLAIN)
def test_what_is_plain_passes(policy, target):
    assert matches(conf(policy), "streamward_plain", target) == "1"


@pytest.mark.parametrize("target", ODD)
def test_what_could_be_read_in_two_ways_does_not(policy, target):
    assert matches(conf(policy), "streamward_plain", target) == "0"


@pytest.mark.parametrize(
    ("target", "media"),
    [
        ("/LiveApp/streams/s1.m3u8", "1"),
        ("/LiveApp/streams/s1.m3u8?token=x", "1"),
        ("/LiveApp/streams/a/b/s1.mp4", "1"),
        ("/LiveApp/streams/ll-hls/s1/s1__master.m3u8", "1"),
        ("/LiveApp/streams/s1.png", "0"),
        ("/LiveApp/streams/s1.m3u8x", "0"),
        ("/LiveApp/streams/s1.m3u8\n", "0"),
        ("/LiveApp/streams/s1m3u8", "0"),
        ("/LiveApp/streams/", "0"),
        ("/LiveApp/streams/.m3u8", "0"),
        ("/LiveApp/streams/.x.m3u8", "0"),
        ("/LiveApp/streams/.x/s1.m3u8", "0"),
        ("/LiveApp/streams/s%31.m3u8", "0"),
        ("/LiveApp/streams/s1@x.m3u8", "0"),
        ("/LiveApp/streamsx/s1.m3u8", "0"),
        ("/open/streams/s1.m3u8", "0"),
        ("/x/LiveApp/streams/s1.m3u8", "0"),
    ],
)
def test_what_is_media(policy, target, media):
    assert matches(conf(policy), "streamward_media", target) == media


@pytest.mark.parametrize(
    ("target", "page"),
    [
        ("/LiveApp/", "1"),
        ("/LiveApp/?x", "1"),
        ("/LiveApp/play.html?id=s1", "1"),
        ("/LiveApp/js/a.b.js", "1"),
        ("/LiveApp/samples/", "1"),
        ("/LiveApp/analytic/v1/events", "1"),
        ("/LiveApp/x.m4s", "0"),
        ("/LiveApp/x.mpd", "0"),
        ("/LiveApp/x.mp4", "0"),
        ("/LiveApp/WEB-INF/web.xml", "0"),
        ("/LiveApp/x.jsp", "0"),
        ("/LiveApp/x", "0"),
        ("/open/x.html", "0"),
    ],
)
def test_what_is_a_page_of_a_guarded_application(policy, target, page):
    assert matches(conf(policy), "streamward_page", target) == page


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("/LiveApp/streams/s1.m3u8?token=x", "/LiveApp/streams/s1.m3u8"),
        ("/LiveApp/streams/eyJhbGciOiJIUzI1NiJ9.e30.x", "(a token in the path)"),
        ("/LiveApp/streams/s1.m3u8;token=x", "(not a plain path)"),
        ("/LiveApp/streams/s1.m3u8%3ftoken=x", "(not a plain path)"),
    ],
)
def test_what_is_told_of_a_request(policy, target, told):
    text = conf(policy)
    assert matches(text, "streamward_told", target) == told
    (line,) = re.findall(r"log_format .*?;", text, re.DOTALL)
    assert "$request_uri" not in line
    assert "$request " not in line
    assert "error_log stderr emerg;" in text


@pytest.mark.parametrize(
    ("target", "token"),
    [
        ("/x?token=a.b-c_d", "a.b-c_d"),
        ("/x?a=b&token=abc&c=d", "abc"),
        ("/x?nottoken=abc", ""),
        ("/x?token=", ""),
        ("/x?token=a%0ab", ""),
        ("/x?token=a\nb", ""),
        ("/x?token=a\n", ""),
        ('/x?token=a"b', ""),
        ("/x?Token=abc", ""),
    ],
)
def test_what_is_written_into_a_playlist(policy, target, token):
    assert matches(conf(policy), "streamward_token", target) == token
