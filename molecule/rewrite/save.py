# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Save an application's and the server's settings over REST as the web panel does: save.py HOST"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from tests.kit.outside import Server, sign

HERE = Path(__file__).resolve().parent


def save(server: Server, path: str, token: str, **changes) -> None:
    content = server.request(path, ProxyAuthorization=token).json()
    content.update(changes)
    answer = server.request(path, body=content, ProxyAuthorization=token)
    if answer.status != 200 or not answer.json()["success"]:
        raise SystemExit(f"{server.name}: saving {path} answers {answer}")


if __name__ == "__main__":
    variables = yaml.safe_load((HERE / "inventory.yml").read_text())["all"]["vars"]
    server = Server(sys.argv[1])
    token = sign(variables["antmedia_secrets"]["management"])
    save(server, "/rest/v2/applications/settings/LiveApp", token, hlsTime="3")
    save(server, "/rest/v2/server-settings", token, serverName="media.example")
