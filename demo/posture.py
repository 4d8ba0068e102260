# Copyright (c) 2026 Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the demo's server lets in and what it refuses, by real requests.

An operator calls from 127.0.0.1 and a stranger from 127.0.0.9: both are this machine, but the
server sees two addresses. Every refusal has a twin that must be let in, or a dead server would
look secure.
"""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass

import jwt

OPERATOR = "127.0.0.1"
STRANGER = "127.0.0.9"

LET_IN = "let in"
REFUSED = "refused"


@dataclass(frozen=True)
class Attempt:
    """One request, and what should come of it once the policy is in force.

    Requests that say the same to a person (each application's REST) have the same `what`.
    """

    what: str
    path: str
    source: str
    wanted: str
    header: str = ""
    token: str = ""  # which kind of token, see `tokens`


def attempts(apps: list[str]) -> list[Attempt]:
    """Everything the demo tries. No application is reached from here before it has started."""
    found = [
        Attempt("web panel, operator", "/index.html", OPERATOR, LET_IN),
        Attempt("web panel, stranger", "/index.html", STRANGER, REFUSED),
        Attempt(
            "claim the first admin account, stranger",
            "/rest/v2/first-login-status",
            STRANGER,
            REFUSED,
        ),
    ]
    management = (
        "server management",
        "/rest/v2/server-settings",
        "ProxyAuthorization",
        "management",
    )
    rest = [
        ("applications' REST", f"/{app}/rest/v2/broadcasts/count", "Authorization", "rest")
        for app in apps
    ]
    for what, path, header, realm in (management, *rest):
        for kind, wanted in (
            ("good", LET_IN),
            ("no", REFUSED),
            ("wrong", REFUSED),
            ("expired", REFUSED),
        ):
            found.append(
                Attempt(f"{what}, {kind} token", path, OPERATOR, wanted, header, f"{realm}:{kind}")
            )
        found.append(
            Attempt(
                f"{what}, good token, stranger", path, STRANGER, REFUSED, header, f"{realm}:good"
            )
        )
    return found


def tokens(secrets: dict[str, str]) -> dict[str, str]:
    """A good, a wrong and an expired token for each realm, none for `no`."""
    now = int(time.time())
    made = {}
    for realm, secret in secrets.items():
        for kind, key, expires in (
            ("good", secret, now + 300),
            ("wrong", secret[::-1], now + 300),
            ("expired", secret, now - 300),
        ):
            claims = {"sub": "demo", "exp": expires}
            made[f"{realm}:{kind}"] = jwt.encode(claims, key, algorithm="HS256")
    return made


def observe(port: int, tried: list[Attempt], made: dict[str, str]) -> list[str]:
    """What came of each attempt: let in, refused, or the status that is neither."""
    return [_observe(port, attempt, made.get(attempt.token, "")) for attempt in tried]


def _observe(port: int, attempt: Attempt, token: str) -> str:
    connection = http.client.HTTPConnection(
        "127.0.0.1", port, timeout=20, source_address=(attempt.source, 0)
    )
    try:
        connection.request("GET", attempt.path, headers={attempt.header: token} if token else {})
        status = connection.getresponse().status
    except OSError as error:
        return f"no answer ({error})"
    finally:
        connection.close()
    return {200: LET_IN, 403: REFUSED}.get(status, f"HTTP {status}")


def table(tried: list[Attempt], before: list[str], after: list[str]) -> tuple[list[str], bool]:
    """The two postures side by side, a line for each `what`, and whether all is as wanted."""
    rows: dict[str, tuple[set, set, set]] = {}
    for attempt, *outcomes in zip(tried, before, after, strict=True):
        row = rows.setdefault(attempt.what, (set(), set(), set()))
        for column, outcome in zip(row, (*outcomes, attempt.wanted), strict=True):
            column.add(outcome)
    width = max(map(len, rows))
    lines = [f"{'who tries what':{width}}  {'before':8}  now"]
    for what, (first, second, wanted) in rows.items():
        now = _together(second) + ("" if second == wanted else "   <- WRONG")
        lines.append(f"{what:{width}}  {_together(first):8}  {now}")
    return lines, all(second == wanted for _, second, wanted in rows.values())


def _together(outcomes: set[str]) -> str:
    return " / ".join(sorted(outcomes))
