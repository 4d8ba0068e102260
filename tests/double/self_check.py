# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Prove that the enforcement double in a running server enforces, and fail loud if it does not.

Asked of the server from outside, by ffmpeg and curl, which share no code with the collection.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import subprocess
import time

HTTP = "http://127.0.0.1:5080"
RTMP = "rtmp://127.0.0.1:1935"
BUSY_TRIES = 20
SETTINGS = {
    "publishJwtControlEnabled": "true",
    "playJwtControlEnabled": "true",
    "jwtStreamSecretKey": "self-check-self-check-self-check-0",
}


def token(secret: str, **claims: object) -> str:
    def part(value: bytes) -> bytes:
        return base64.urlsafe_b64encode(value).rstrip(b"=")

    body = b".".join(
        part(json.dumps(value).encode()) for value in ({"alg": "HS256", "typ": "JWT"}, claims)
    )
    return (body + b"." + part(hmac.digest(secret.encode(), body, hashlib.sha256))).decode()


def play(inside: list[str], application: str, stream: str, value: str) -> str:
    url = f"{HTTP}/{application}/streams/{stream}.m3u8" + (f"?token={value}" if value else "")
    command = [*inside, "curl", "-s", "-m", "10", "-o", "/dev/null", "-w", "%{http_code}", url]
    status = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout
    return {"404": "accepted", "403": "refused"}.get(status, "HTTP " + status)


def publish(inside: list[str], application: str, stream: str, value: str) -> str:
    url = f"{RTMP}/{application}/{stream}" + (f"?token={value}" if value else "")
    source = ["-f", "lavfi", "-i", "color=size=64x64:rate=10", "-t", "0.5", "-c:v", "flv"]
    command = [*inside, "ffmpeg", "-loglevel", "error", *source, "-f", "flv", url]
    for _ in range(BUSY_TRIES):
        run = subprocess.run(command, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        if "resources" not in run.stderr:  # the server's CPU guard: it says nothing about tokens
            break
        time.sleep(1)
    if run.returncode == 0:
        return "accepted"
    reason = run.stderr.replace(value, "TOKEN") if value else run.stderr
    return "refused" if "You are not allowed to publish" in reason else reason.strip()


def faults(inside: list[str], applications: list[str], secret: str) -> list[str]:
    """Return what the double got wrong in applications that have SETTINGS."""
    found = []
    for application in applications:
        for kind, ask, other in (("publish", publish, "play"), ("play", play, "publish")):
            for label, key, claims, expected in (
                ("a valid token", secret, {}, "accepted"),
                ("no token", "", {}, "refused"),
                ("another secret", secret[::-1], {}, "refused"),
                ("another stream", secret, {"streamId": "other"}, "refused"),
                ("another type", secret, {"type": other}, "refused"),
                ("an expired token", secret, {"exp": 1}, "refused"),
            ):
                # Never the same stream twice: one that is still live is refused for that alone.
                stream = "check" + secrets.token_hex(6)
                value = key and token(key, **{"streamId": stream, "type": kind, **claims})
                seen = ask(inside, application, stream, value)
                if seen != expected:
                    found.append(f"{application}: {kind} with {label} was {seen}, not {expected}")
    return found


def check(inside: list[str], applications: list[str], secret: str) -> None:
    """Raise SystemExit unless the double enforces; `inside` prefixes commands into its network."""
    found = faults(inside, applications, secret)
    if found:
        raise SystemExit("THE ENFORCEMENT DOUBLE DOES NOT ENFORCE:\n  " + "\n  ".join(found))
