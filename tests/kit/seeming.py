"""Processes that look like a server."""

from __future__ import annotations

import subprocess
import sys
import time

# Looks to others like the server of a home, and answers like one of which nobody is admin yet.
SERVER = """
# All that is ever imported: the account need not be able to read it.
import email.generator, email.parser, encodings.idna, http.server, json, os, sys, traceback
port, uid = map(int, sys.argv[1:3])
if uid:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)

class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self):
        size = int(self.headers.get("Content-Length") or 0)
        heard = [self.command, self.path, str(self.headers), self.rfile.read(size).decode()]
        print(json.dumps(heard), flush=True)
        body = json.dumps({"success": True, "status": "ok", "versionName": "x"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer

    def log_message(self, *_ignored):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


class Seeming:
    """A process with the command line of the server of a home; `heard` is what it was sent.

    named: whether its arguments name the home; else it only runs there.
    """

    def __init__(self, home, heard, port=0, uid=0, named=True):
        self.path = heard
        with open(heard, "wb") as stream:
            code = [sys.executable, "-c", SERVER, str(port), str(uid)]
            where = home if named else "."
            seems = [f"-Dcatalina.home={where}", "org.red5.server.Bootstrap", "9999"]
            cwd = "/" if named else home
            self.process = subprocess.Popen([*code, *seems], stdout=stream, cwd=cwd)
        deadline = time.monotonic() + 20
        while not heard.read_text().endswith("\n"):
            assert self.process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        self.pid = self.process.pid
        self.port = int(heard.read_text())

    @property
    def heard(self):
        return self.path.read_text().splitlines()[1:]

    def stop(self):
        self.process.kill()
        self.process.wait()
