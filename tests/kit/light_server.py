"""A light stand-in for one Ant Media Server, for fleets larger than a test machine can hold.

NOT the real server, and no proof of what that does: it knows the management REST API, the tokens of
the management, of an application's REST API and of HLS players, holds its settings in memory from
its start on, takes them live, and writes its files itself, as the real one does. Started as

    python light_server.py org.red5.server.Bootstrap -Dcatalina.home=HOME

so that it is found as the real one is.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

HOME = Path(next(word for word in sys.argv if word.startswith("-Dcatalina.home=")).split("=", 1)[1])
APP_FIELDS = {
    "jwtControlEnabled": False,
    "jwtSecretKey": "",
    "playJwtControlEnabled": False,
    "publishJwtControlEnabled": False,
    "jwtStreamSecretKey": "",
    "remoteAllowedCIDR": "127.0.0.1",
    "ipFilterEnabled": True,
    "hlsTime": "2",
}


def properties(path):
    lines = (line.partition("=") for line in path.read_text().splitlines())
    return {name.strip(): value for name, found, value in lines if found}


def accepts(token, secret, **claims):
    """Whether a token is signed with a secret, has not expired, and says certain things."""
    try:
        head, body, signature = token.split(".")
        wanted = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
        decoded = json.loads(_decode(body))
        return (
            bool(secret)
            and json.loads(_decode(head))["alg"] == "HS256"
            and hmac.compare_digest(wanted, _decode(signature))
            and decoded.get("exp", time.time() + 1) > time.time()
            and all(decoded.get(name) == value for name, value in claims.items())
        )
    except (ValueError, KeyError):
        return False


def _decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


class Memory:
    """What the server read when it started, and what it was given since."""

    def __init__(self):
        self.server = properties(HOME / "conf" / "red5.properties")
        self.files = {
            path.parts[-3]: path
            for path in (HOME / "webapps").glob("*/WEB-INF/red5-web.properties")
            if path.parts[-3] != "root"
        }
        self.apps = {}
        for app, path in self.files.items():
            found = properties(path)
            self.apps[app] = {
                name: (found.get(name, str(default)).lower() == "true")
                if isinstance(default, bool)
                else found.get(name, default)
                for name, default in APP_FIELDS.items()
            }

    def take(self, app, content):
        self.apps[app].update((n, content[n]) for n in APP_FIELDS if n in content)
        kept = {**properties(self.files[app]), **self.apps[app]}
        text = "#written by the server\n" + "".join(
            f"{name}={str(value).lower() if isinstance(value, bool) else value}\n"
            for name, value in kept.items()
        )
        self.files[app].write_text(text)


class Handler(BaseHTTPRequestHandler):
    memory = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args):
        pass

    def say(self, content, status=200):
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, message):
        data = f"<html><p><b>Message</b> {message}</p></html>".encode()
        self.send_response(403)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def managed(self):
        secret = self.memory.server.get("server.jwtServerSecretKey", "")
        return accepts(self.headers.get("ProxyAuthorization", ""), secret)

    def do_GET(self):
        url = urlsplit(self.path)
        parts = url.path.strip("/").split("/")
        if url.path.startswith("/rest/v2/"):
            return self.management(parts[2:])
        app = self.memory.apps.get(parts[0])
        if app is None:
            return self.say({}, 404)
        if parts[1:3] == ["rest", "v2"]:
            token = self.headers.get("Authorization", "")
            if app["jwtControlEnabled"] and not accepts(token, app["jwtSecretKey"]):
                return self.refuse("Invalid App JWT Token")
            return self.say({"versionName": "2.17.1", "versionType": "Enterprise Edition"})
        if parts[1] == "streams":
            stream = parts[2].rpartition(".")[0]
            token = parse_qs(url.query).get("token", [""])[0]
            good = accepts(token, app["jwtStreamSecretKey"], streamId=stream, type="play")
            if app["playJwtControlEnabled"] and not good:
                return self.refuse("Invalid JWT Token")
        return self.say({}, 404)

    def management(self, parts):
        if parts == ["liveness"]:
            return self.say({"status": "ok"})
        if parts == ["first-login-status"]:
            return self.say({"success": False})
        if not self.managed():
            return self.refuse("Not authenticated user")
        if parts == ["applications"]:
            return self.say({"applications": sorted(self.memory.apps)})
        if parts == ["server-settings"]:
            held = self.memory.server
            return self.say(
                {
                    "jwtServerControlEnabled": held["server.jwtServerControlEnabled"] == "true",
                    "jwtServerSecretKey": held["server.jwtServerSecretKey"],
                    "allowedDashboardCIDR": held["server.allowed_dashboard_CIDR"],
                }
            )
        if parts[:2] == ["applications", "settings"]:
            return self.say(self.memory.apps.get(parts[2]))
        return self.say({"versionName": "2.17.1"})

    def do_POST(self):
        length = int(self.headers.get("Content-Length", 0))
        content = json.loads(self.rfile.read(length) or b"{}")
        parts = self.path.strip("/").split("/")[2:]
        if not self.managed() or parts[:2] != ["applications", "settings"]:
            return self.say({"success": False}, 403)
        self.memory.take(parts[2], content)
        return self.say({"success": True})


def main():
    Handler.memory = Memory()
    port = int(Handler.memory.server["http.port"])
    ThreadingHTTPServer.daemon_threads = True
    ThreadingHTTPServer.handle_error = lambda *_: None  # clients that hang up
    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    os.chdir(HOME)
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    server.serve_forever()


def _end_with(parent):
    """Do not outlive a test run that was killed."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


if __name__ == "__main__":
    main()
