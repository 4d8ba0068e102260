# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration of the gate's nginx: a policy as the text of nginx.conf. Pure.

Two things carry it. Whatever is not spelled plainly is refused before anything looks at it, so that
nginx and the server read one path alike. And a decision is remembered under the whole request as it
was sent, which no part of nginx has changed.

No directive is younger than nginx 1.18. PRIVATE to the collection.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
from dataclasses import dataclass
from typing import Iterable, Iterator

from ansible_collections.streamward.antmedia.plugins.module_utils._gate import policy as _policy

# Paths that the gate answers itself; no application can have this name.
OWN = "streamward-gate"
STATE_PATH = f"/{OWN}/state"
ASK_PATH = f"/{OWN}/ask"

# What is asked twice within so many seconds is answered once.
ALLOWED_SECONDS = 3
REFUSED_SECONDS = 1
# Until the daemon has answered: a frozen one closes the gate.
ANSWER_SECONDS = 2
CONNECTIONS_AN_ADDRESS = 1024

_APPLICATION = re.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)
_PATH = re.compile(r"/[A-Za-z0-9_./-]{1,200}", re.ASCII)
_LOG = re.compile(r"off|(?:syslog:server=unix:)?/[A-Za-z0-9_./,=:-]{1,200}", re.ASCII)

# A path: no empty part, none that begins with a dot, nothing encoded that need not be, nothing that
# separates anything, no control character. Quantifiers give nothing back, so that no path is slow.
_ENCODED = (
    "%(?:2[0-246-9A-Ca-c]|3[Aac-eC-E]|40|5[BbDdEe]|60|7[B-Eb-e]"
    "|[89ABab][0-9A-Fa-f]|[Cc][2-9A-Fa-f]|[DEde][0-9A-Fa-f]|[Ff][0-4])"
)
_SAFE = r"A-Za-z0-9_~@:+,!*=$'()&-"
_END = r"\z"  # a $ would let a line end follow
_QUERY = rf"(?:\?[\x21\x22\x24-\x7e]*+)?{_END}"
_PLAIN = r"/[A-Za-z0-9_-][A-Za-z0-9_.-]*+"
_MEDIA = "m3u8 ts fmp4 mp4 webm mpd m4s m4a m4v"
_PAGES = (
    "html htm css js mjs map json txt ico png jpg jpeg gif svg webp woff woff2 ttf eot"
    " wasm tflite binarypb deepar"
)
_PLAYLISTS = "application/vnd.apple.mpegurl application/x-mpegurl audio/mpegurl"

# What a client can say to be taken for another one, or its request for another one.
_DROPPED = (
    *("Forwarded", "X-Forwarded-Host", "X-Forwarded-Port", "X-Forwarded-Server"),
    *("X-Forwarded-Prefix", "X-Forwarded-Ssl", "X-Forwarded-Scheme", "X-Forwarded-Protocol"),
    *("X-Forwarded-By", "X-Forwarded-User", "X-Forwarded-Uri", "X-Forwarded-Method"),
    *("X-Forwarded-Client-Cert", "X-Forwarded", "X-Url-Scheme", "Front-End-Https", "Via"),
    *("X-Client-IP", "Client-IP", "X-Cluster-Client-IP", "X-ProxyUser-IP", "True-Client-IP"),
    *("CF-Connecting-IP", "X-Remote-IP", "X-Remote-Addr", "X-Remote-User", "X-Original-URL"),
    *("X-Original-URI", "X-Original-Method", "X-Rewrite-URL", "X-HTTP-Method-Override"),
    *("X-HTTP-Method", "X-Method-Override", "X-Gate-Target", "X-Gate-Method", "X-Gate-Address"),
    *("ClusterAuthorization", "Proxy", "Proxy-Connection", "Trailer", "TE"),
)


_HERE = ("127.0.0.1", "::1")


class Unfit(ValueError):
    """A policy that no configuration is written for; the text has every fault."""


@dataclass(frozen=True)
class Places:
    """Where things are on the host.

    run: a folder of nginx's own, with its pid. cache: another one, in memory. answers: the
    daemon's socket. certificate, key: copies that nginx can read. log: where refusals and failures
    are told.
    """

    run: str
    cache: str
    answers: str
    certificate: str
    key: str
    log: str = "syslog:server=unix:/dev/log,facility=daemon,tag=streamward_gate_nginx,nohostname"


def text(policy: _policy.Policy, places: Places, ipv6: bool = True) -> str:
    """The text of nginx.conf.

    :kwarg ipv6: whether the host has IPv6 at all.
    :raises Unfit: when something of the policy cannot stand in it.
    """
    faults = list(_faults(policy, places))
    if faults:
        raise Unfit("; ".join(faults))
    unmarked = "\n".join(_whole(policy, places, ipv6, ""))
    found = hashlib.sha256(unmarked.encode("ascii")).hexdigest()[:16]
    return "\n".join(_whole(policy, places, ipv6, found)) + "\n"


def mark(conf: str) -> str:
    """What a configuration answers at :data:`STATE_PATH`: no other one answers the same."""
    found = re.search("^# Mark: ([0-9a-f]{16})$", conf, re.MULTILINE)
    return found.group(1) if found else ""


def _faults(policy: _policy.Policy, places: Places) -> Iterator[str]:
    for name in policy.applications:
        if not _APPLICATION.fullmatch(name) or name in (*_policy.NOT_APPLICATIONS, OWN):
            yield f"application {name!r}: no name that can stand in a configuration of nginx"
    for path in (places.run, places.cache, places.answers, places.certificate, places.key):
        if not _PATH.fullmatch(path):
            yield f"path {path!r}: cannot stand in a configuration of nginx"
    if not _LOG.fullmatch(places.log):
        yield f"log {places.log!r}: cannot stand in a configuration of nginx"
    ports = (policy.listen.http, policy.listen.https, policy.upstream.http)
    for port in ports:
        if port is not None and not (isinstance(port, int) and 0 < port < 65536):
            yield f"port {port!r}: is none"
    if policy.listen.https is not None and policy.certificate is None:
        yield "https: needs a certificate"


def _guarded(app: _policy.Application) -> tuple[bool, bool]:
    """Whether the gate guards publishing, and playing, of an application."""
    return app.publish.kind != _policy.NONE or app.publishers is not None, (
        app.play.kind != _policy.NONE
    )


def _whole(policy: _policy.Policy, places: Places, ipv6: bool, mark: str) -> list[str]:
    return [
        "# Written by streamward.antmedia; what is changed here by hand is lost at its next run.",
        f"# Mark: {mark}",
        "worker_processes auto;",
        f'pid "{places.run}/nginx.pid";',
        # What a request is about must not get into a log: its line there has the query.
        "error_log stderr notice;",
        "events {",
        "    worker_connections 16384;",
        "}",
        "http {",
        *_indented(_http(policy, places, ipv6, mark)),
        "}",
    ]


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" if line else line for line in lines)


def _http(policy: _policy.Policy, places: Places, ipv6: bool, mark: str) -> Iterator[str]:
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    yield from (
        "error_log stderr emerg;",
        *(f'{name}_temp_path "{places.cache}/{name}";' for name in temporary),
        # Room for more keys than the daemon answers until they are forgotten: where there is none,
        # nginx fails now and then.
        f'proxy_cache_path "{places.cache}/answers" levels=1:2 keys_zone=streamward:8m'
        " max_size=64m inactive=3s use_temp_path=off"
        " manager_files=1000 manager_threshold=200ms manager_sleep=50ms;",
        "limit_conn_zone $binary_remote_addr zone=streamward_addresses:4m;",
        "default_type application/octet-stream;",
        "server_tokens off;",
        "merge_slashes off;",
        "ignore_invalid_headers on;",
        "underscores_in_headers off;",
        "absolute_redirect off;",
        "recursive_error_pages off;",
        "",
        "client_header_timeout 10s;",
        "client_body_timeout 30s;",
        "send_timeout 30s;",
        "keepalive_timeout 30s;",
        "keepalive_requests 1000;",
        "reset_timedout_connection on;",
        "client_header_buffer_size 2k;",
        "large_client_header_buffers 4 8k;",
        "client_body_buffer_size 16k;",
        "client_max_body_size 64k;",
        f"limit_conn streamward_addresses {CONNECTIONS_AN_ADDRESS};",
        "limit_conn_status 429;",
        "limit_conn_log_level info;",
        "",
        *_maps(policy),
        "",
        "log_format streamward escape=default '$remote_addr $request_method $streamward_told'",
        "    ' $status server=$upstream_status $request_time s';",
        f'access_log "{places.log}" streamward if=$streamward_noted;'
        if places.log != "off"
        else "access_log off;",
        "",
        "upstream streamward_server {",
        f"    server 127.0.0.1:{policy.upstream.http} max_fails=0;",
        "    keepalive 64;",
        "}",
        "upstream streamward_server_once {",
        f"    server 127.0.0.1:{policy.upstream.http} max_fails=0;",
        "}",
        "upstream streamward_answers {",
        f'    server "unix:{places.answers}" max_fails=0;',
        "    keepalive 32;",
        "}",
        "",
        "server {",
        *_indented(_server(policy, places, ipv6, mark)),
        "}",
    )


def _map(source: str, name: str, default: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"map {source} ${name} {{"
    yield f'    default "{default}";'
    for pattern, value in rows:
        quoted = pattern.replace("\\", "\\\\").replace('"', '\\"')
        yield f'    "{quoted}" "{value}";'
    yield "}"


def _maps(policy: _policy.Policy) -> Iterator[str]:
    """What is known of a request by its line as it was sent: nothing of it is read anew later."""
    guarded = sorted(name for name, app in policy.applications.items() if any(_guarded(app)))
    players = sorted(name for name in guarded if _guarded(policy.applications[name])[1])
    encoded = rf"(?:[{_SAFE}]|{_ENCODED})(?:[.{_SAFE}]++|{_ENCODED})*+"
    yield from _map(
        "$request_uri",
        "streamward_plain",
        "0",
        (
            # The server's own list of addresses lets pass whatever has this in its path.
            (r"~*^[^?]*rest/v2/acm", "0"),
            (rf"~^(?=[^?]{{1,2000}}(?:\?|{_END}))(?:/{encoded})*+/?{_QUERY}", "1"),
        ),
    )
    yield from _map(
        "$request_uri",
        "streamward_media",
        "0",
        ((_file(players, rf"/streams(?:{_PLAIN})+", _MEDIA), "1"),) if players else (),
    )
    yield from _map(
        "$request_uri",
        "streamward_page",
        "0",
        (
            (
                rf"~^/(?:{_either(guarded)})(?:/|(?:{_PLAIN})*/|/analytic(?:{_PLAIN})*){_QUERY}",
                "1",
            ),
            (_file(guarded, rf"(?:{_PLAIN})+", _PAGES), "1"),
        )
        if guarded
        else (),
    )
    # Only what can be a token is ever written into a playlist.
    yield from _map(
        "$request_uri",
        "streamward_token",
        "",
        (
            (
                rf"~[?&]token=(?<streamward_shown>[A-Za-z0-9_.-]+)(?:&|{_END})",
                "$streamward_shown",
            ),
        ),
    )
    # A token can be anywhere in an address that somebody has put together wrong.
    yield from _map(
        "$request_uri",
        "streamward_told",
        "(not a plain path)",
        (
            ("~^[^?]*eyJ", "(a token in the path)"),
            (
                rf"~^(?<streamward_path>/[A-Za-z0-9_./-]{{0,300}})(?:\?|{_END})",
                "$streamward_path",
            ),
        ),
    )
    yield from _map("$status", "streamward_noted", "0", (("~^4(?!04)", "1"), ("~^5", "1")))
    yield from _map("$http_upgrade", "streamward_upgrade", "", (("~*^websocket$", "websocket"),))
    yield from _map(
        "$streamward_upgrade", "streamward_connection", "close", (("websocket", "upgrade"),)
    )
    # Who has opened the connection: this host, a proxy, or anybody else.
    yield "geo $realip_remote_addr $streamward_peer {"
    yield '    default "else";'
    for network in policy.proxies:
        if not network.is_loopback:
            yield f'    {ipaddress.ip_network(str(network))} "proxy";'
    yield '    127.0.0.0/8 "host";'
    yield '    ::1 "host";'
    yield "}"
    yield from _map(
        '"$streamward_peer $http_x_forwarded_proto"',
        "streamward_scheme",
        "$scheme",
        (("proxy https", "https"), ("proxy http", "http")),
    )
    if policy.listen.https is not None:
        yield from _map(
            '"$scheme $streamward_peer"', "streamward_secure", "1", (("http else", "0"),)
        )
        if policy.hsts:
            age = f"max-age={policy.hsts}"
            yield from _map("$scheme", "streamward_hsts", "", (("https", age),))


def _either(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in names)


def _file(names: Iterable[str], middle: str, endings: str) -> str:
    """A pattern of files of applications, by their endings."""
    before = "|".join(rf"\.{ending}" for ending in endings.split())
    return rf"~^/(?:{_either(names)}){middle}(?<={before}){_QUERY}"


def _server(policy: _policy.Policy, places: Places, ipv6: bool, mark: str) -> Iterator[str]:
    for port, more in ((policy.listen.http, ""), (policy.listen.https, " ssl")):
        if port is not None:
            yield f"listen 0.0.0.0:{port}{more} default_server backlog=4096;"
            if ipv6:
                yield f"listen [::]:{port}{more} default_server ipv6only=on backlog=4096;"
    yield 'server_name "_";'
    if policy.listen.https is not None:
        yield from (
            f'ssl_certificate "{places.certificate}";',
            f'ssl_certificate_key "{places.key}";',
            "ssl_protocols TLSv1.2 TLSv1.3;",
            "ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20:!aNULL:!SHA1;",
            "ssl_prefer_server_ciphers off;",
            "ssl_session_cache shared:streamward_tls:4m;",
            "ssl_session_timeout 1h;",
            "ssl_session_tickets off;",
        )
        if policy.hsts:
            # Where it is empty, as by HTTP, there is no such header.
            yield "add_header Strict-Transport-Security $streamward_hsts always;"
    # A program on this host can be 127.0.0.1 as it likes; the proofs are such a program.
    yield "real_ip_header X-Forwarded-For;"
    yield "real_ip_recursive on;"
    for network in (*_HERE, *policy.proxies):
        yield f"set_real_ip_from {ipaddress.ip_network(str(network))};"
    yield ""
    # A variable that cannot be told is empty, and so refuses.
    yield "if ($streamward_plain != 1) { return 403; }"
    if policy.listen.https is not None:
        yield "if ($streamward_secure != 1) {"
        yield f"    return 307 https://$host:{policy.listen.https}$request_uri;"
        yield "}"
    yield from (
        'if ($request_method !~ "^(?:GET|HEAD|OPTIONS|POST|PUT|DELETE|PATCH)$") { return 403; }',
        "error_page 403 @refused;",
        "error_page 418 = @preflight;",
        "error_page 500 =503 @closed;",
        "",
        *_proxied(),
        "proxy_http_version 1.1;",
        "proxy_connect_timeout 5s;",
        "proxy_send_timeout 60s;",
        "proxy_read_timeout 60s;",
        "proxy_max_temp_file_size 0;",
        "proxy_redirect http://$http_host/ /;",
        "proxy_redirect https://$http_host/ /;",
        "proxy_ignore_headers X-Accel-Redirect X-Accel-Expires X-Accel-Limit-Rate"
        " X-Accel-Buffering X-Accel-Charset;",
        "",
        *_location("@refused", _told(403, "Refused by the gate.")),
        *_location("@closed", _told(503, "The gate is closed.")),
        *_location(
            "@preflight",
            (
                "proxy_pass_request_body off;",
                *_proxied(("Content-Length", '""'), ("Connection", '""')),
                "proxy_pass http://streamward_server;",
            ),
        ),
        *_location(f"= {ASK_PATH}", _ask()),
        *_location(
            f"= {STATE_PATH}",
            (
                "if ($streamward_peer != host) { return 403; }",
                "access_log off;",
                "default_type text/plain;",
                f'return 200 "{mark}\\n";',
            ),
        ),
    )
    for name, app in sorted(policy.applications.items()):
        yield from _application(name, app)
    yield from _location("/", (*_only(policy.panel), *_streamed()))


def _location(where: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"location {where} {{"
    yield from _indented(lines)
    yield "}"


def _proxied(*more: tuple[str, str]) -> Iterator[str]:
    """What the server is told of a request: whose it is, and nothing that he says of that."""
    headers = {
        "Host": "$http_host",
        "X-Forwarded-For": "$remote_addr",
        "X-Real-IP": "$remote_addr",
        "X-Forwarded-Proto": "$streamward_scheme",
        "Connection": "close",
        **{name: '""' for name in _DROPPED},
        **dict(more),
    }
    return (f"proxy_set_header {name} {value};" for name, value in headers.items())


def _told(status: int, words: str) -> Iterator[str]:
    """A refusal that the script of a page on another site sees as what it is, as the server's."""
    yield "default_type text/plain;"
    yield "add_header Access-Control-Allow-Origin * always;"
    yield "add_header Cache-Control no-store always;"
    yield f'return {status} "{words}\\n";'


def _ask() -> Iterator[str]:
    """The question to the daemon, of which nothing but the whole request is the client's."""
    yield from (
        "internal;",
        "access_log off;",
        "proxy_pass http://streamward_answers/ask;",
        "proxy_method GET;",
        "proxy_pass_request_body off;",
        "proxy_pass_request_headers off;",
        "proxy_set_header Host gate;",
        'proxy_set_header Connection "";',
        'proxy_set_header Content-Length "";',
        "proxy_set_header X-Gate-Target $request_uri;",
        "proxy_set_header X-Gate-Method $request_method;",
        "proxy_set_header X-Gate-Address $remote_addr;",
        "proxy_connect_timeout 1s;",
        "proxy_send_timeout 1s;",
        f"proxy_read_timeout {ANSWER_SECONDS}s;",
        # A connection that the daemon has just ended is another one's turn, nothing else is.
        "proxy_next_upstream error;",
        "proxy_ignore_headers X-Accel-Redirect Cache-Control Expires Set-Cookie Vary;",
        "proxy_cache streamward;",
        # Parts of the request, such as $arg_token, would be those of this question: the same for
        # everybody.
        'proxy_cache_key "$request_method $streamward_viewer $request_uri";',
        f"proxy_cache_valid 200 {ALLOWED_SECONDS}s;",
        f"proxy_cache_valid 403 {REFUSED_SECONDS}s;",
        "proxy_cache_use_stale off;",
        "proxy_cache_lock off;",
    )


def _only(networks: tuple[_policy.Network, ...] | None) -> Iterator[str]:
    """The addresses that are let in, as the real client's."""
    if networks is not None:
        for network in networks:
            yield f"allow {ipaddress.ip_network(str(network))};"
        yield "deny all;"


def _streamed() -> Iterator[str]:
    """Passed on as it comes, however much it is: uploads of recordings, applications, certificates.

    Each on a connection of its own, so that what a body may leave behind is nobody else's request.
    """
    yield "client_max_body_size 0;"
    yield "client_body_timeout 60s;"
    yield "proxy_request_buffering off;"
    yield "proxy_read_timeout 300s;"
    yield "proxy_send_timeout 300s;"
    yield "proxy_pass http://streamward_server_once;"


_CLOSED = ("return 403;",)
_READING = 'if ($request_method !~ "^(?:GET|HEAD)$") { return 403; }'


def _application(name: str, app: _policy.Application) -> Iterator[str]:
    publishing, playing = _guarded(app)
    yield ""
    # Without a slash at the end: nginx would send whoever asks so to the address with one.
    yield from _location(f'^~ "/{name}/streams"', _streams(app, playing))
    yield from _location(f'^~ "/{name}/rest"', (*_only(app.rest), *_streamed()))
    for door in ("chunked", "hls-upload"):
        shut = publishing or playing
        yield from _location(
            f'^~ "/{name}/{door}"', _CLOSED if shut else (*_only(app.rest), *_streamed())
        )
    yield from _location(f'^~ "/{name}/previews"', _CLOSED if playing else _passed())
    yield from _location(f'^~ "/{name}/whip"', _CLOSED if publishing else _passed())
    yield from _location(f'^~ "/{name}/websocket"', _CLOSED if publishing else _websocket())
    yield from _location(f'= "/{name}"', _passed())
    page = ("if ($streamward_page != 1) { return 403; }",) if publishing or playing else ()
    yield from _location(f'^~ "/{name}/"', (*page, *_passed()))


def _streams(app: _policy.Application, playing: bool) -> Iterator[str]:
    if playing:
        yield "if ($streamward_media != 1) { return 403; }"
    yield 'if ($request_method = "OPTIONS") { return 418; }'
    yield _READING
    yield "proxy_pass_request_body off;"
    headers = [("Content-Length", '""'), ("Connection", '""')]
    if playing:
        # Who has the token is one of several viewers only where they are counted.
        viewer = "$remote_addr" if app.viewers_per_token else "-"
        yield f'set $streamward_viewer "{viewer}";'
        yield f"auth_request {ASK_PATH};"
        # Playlists of versions that do not pass the token on themselves; others have none that
        # ends so.
        headers.append(("Accept-Encoding", '""'))
        yield f"sub_filter_types {_PLAYLISTS};"
        yield "sub_filter_once off;"
        for ending in ("ts", "fmp4", "m4s", "mp4", "m3u8"):
            yield f'sub_filter ".{ending}\\n" ".{ending}?token=$streamward_token\\n";'
    yield from _proxied(*headers)
    yield "proxy_pass http://streamward_server;"


def _passed() -> Iterator[str]:
    yield "client_max_body_size 1m;"
    yield "proxy_pass http://streamward_server_once;"


def _websocket() -> Iterator[str]:
    yield from _proxied(
        ("Upgrade", "$streamward_upgrade"), ("Connection", "$streamward_connection")
    )
    yield "proxy_read_timeout 1h;"
    yield "proxy_send_timeout 1h;"
    yield "proxy_pass http://streamward_server_once;"
