# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Real Ant Media Servers in systemd containers, in seconds.

    host up NAME[=VARIANT] ... [--version 2.17.1] [--double] [--apps LiveApp,events]
                               [--address 192.0.2.11/24] [--no-start]
    host exec NAME COMMAND ...      run a command in the host (as root)
    host net NAME COMMAND ...       run a command of THIS machine in the host's network
    host restart NAME ...           restart the server, wait until every application answers
    host wait NAME ...              wait until every application answers
    host inventory NAME ...         print an Ansible inventory
    host list
    host down NAME ... | --all

A host is what the distribution's own installer leaves: /usr/local/antmedia, user antmedia, the
shipped unit enabled and running. It sees nothing but its own loopback or, with --address, the other
hosts that have one. Needs root and podman. Only the standard library is used.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.double import self_check

from .image import build
from .image.build import podman
from .image.trees import GID, HOME, UID, VARIANTS, tree

COMMAND = str(Path(__file__).with_name("host"))  # the same for other processes
LABEL = "streamward.variant"
SWITCH = "streamward"  # the network namespace that joins hosts with an address
AT_ONCE = 3  # boots; more only wait for each other on two cores
PATIENCE = 180  # seconds; the worst boot seen on a busy box took 75


def pid(name: str) -> int:
    number = podman("inspect", "--format={{.State.Pid}}", name).stdout.strip()
    if number == "0":
        raise SystemExit(f"{name} is not running")
    return int(number)


def root(name: str) -> Path:
    """The host's file system as this machine's root sees it."""
    return Path(f"/proc/{pid(name)}/root")


def home(name: str) -> Path:
    return root(name) / HOME.lstrip("/")


def inside(name: str, *command: str) -> list[str]:
    """A command of this machine in the host's network."""
    return ["nsenter", f"--net=/proc/{pid(name)}/ns/net", *command]


def call(name: str, *command: str, check: bool = True) -> str:
    """Run a command in the host and return what it prints."""
    return podman("exec", name, *command, check=check).stdout


def applications(name: str) -> list[str]:
    return sorted(
        folder.name
        for folder in (home(name) / "webapps").iterdir()
        if folder.name != "root" and (folder / "WEB-INF/red5-web.properties").is_file()
    )


def give(path: Path) -> None:
    for part in (path, *path.rglob("*")):
        os.chown(part, UID, GID, follow_symlinks=False)


def lay_out(name: str, wanted: list[str]) -> None:
    """Leave exactly the wanted applications; make new ones as the server's create_app.sh does."""
    webapps = home(name) / "webapps"
    for application in set(wanted) - set(applications(name)):
        folder = webapps / application
        shutil.copytree(webapps / "LiveApp", folder)
        for file, edits in {
            "red5-web.properties": {
                r"(?m)^webapp\.dbName=.*$": f"webapp.dbName={application.lower()}.db",
                r"(?m)^webapp\.contextPath=.*$": f"webapp.contextPath=/{application}",
                r"(?m)^db\.app\.name=.*$": f"db.app.name={application}",
                r"(?m)^db\.name=.*$": f"db.name={application.lower()}",
            },
            "web.xml": {
                r"<display-name>LiveApp": f"<display-name>{application}",
                r"<param-value>/LiveApp": f"<param-value>/{application}",
            },
        }.items():
            path = folder / "WEB-INF" / file
            text = path.read_text("iso-8859-1")
            for old, new in edits.items():
                text = re.sub(old, new, text)
            path.write_text(text, "iso-8859-1")
        give(folder)
    for application in set(applications(name)) - set(wanted):
        shutil.rmtree(webapps / application)


def plug(name: str, address: str) -> None:
    """Join the host to the other hosts that have an address; nothing else is on that network."""
    if not Path("/run/netns", SWITCH).exists():
        subprocess.run(["ip", "netns", "add", SWITCH], check=True)
        script = "link add br0 type bridge\nlink set br0 up\nlink set lo up\n"
        subprocess.run(["ip", "-n", SWITCH, "-b", "-"], input=script, text=True, check=True)
    process, port = pid(name), f"v{pid(name)}"
    script = (
        f"link add {port} type veth peer name eth0 netns {process}\nlink set {port} master br0 up\n"
    )
    subprocess.run(["ip", "-n", SWITCH, "-b", "-"], input=script, text=True, check=True)
    script = f"addr add {address} dev eth0 nodad\nlink set eth0 up\n"
    subprocess.run(inside(name, "ip", "-b", "-"), input=script, text=True, check=True)


def create(name: str, variant: str, apps: list[str] | None = None, address: str = "") -> None:
    """Start the host with the server's unit enabled but not yet running."""
    if podman("container", "exists", name, check=False).returncode == 0:
        label = f'--format={{{{index .Config.Labels "{LABEL}"}}}}'
        have = podman("inspect", label, name).stdout.strip()
        if have != tree(variant).name:
            raise SystemExit(f"{name} is there already, with {have or 'something else'} in it")
        return
    podman(
        *("run", "--detach", "--quiet", f"--name={name}", f"--hostname={name}"),
        *("--systemd=always", "--network=none", "--cap-add=NET_ADMIN"),
        f"--label={LABEL}={tree(variant).name}",
        *(f"--volume={tree(variant)}:{HOME}:O", build.image(), "/sbin/init"),
    )
    if apps:
        lay_out(name, apps)
    if address:
        plug(name, address)
    booted(name)
    unit = home(name) / "antmedia.service"
    if unit.is_file():
        shutil.copyfile(unit, root(name) / "etc/systemd/system/antmedia.service")
        call(name, "systemctl", "enable", "--quiet", "antmedia.service")


def booted(name: str) -> None:
    """Wait until systemd is up; asked too early, it has no bus yet and does not wait by itself."""
    deadline = time.monotonic() + PATIENCE
    while True:
        state = call(name, "systemctl", "is-system-running", "--wait", check=False).strip()
        if state in ("running", "degraded"):
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"{name}: systemd is {state or 'not up'} after {PATIENCE} s")
        time.sleep(0.3)


def get(name: str, path: str) -> tuple[int, bytes]:
    """GET on the host's own loopback; (0, b"") when nobody answers."""
    command = inside(
        name, "curl", "-s", "-m", "10", "-w", r"\n%{http_code}", f"http://127.0.0.1:5080{path}"
    )
    answer = subprocess.run(command, stdout=subprocess.PIPE, check=False).stdout
    body, _, status = answer.rpartition(b"\n")
    return int(status or 0), body


class NotReady(Exception):
    pass


def ready(name: str, log_from: int) -> None:
    """Raise NotReady unless every application has started and proves it.

    Until an application says so in the log, no request may reach it: one that arrives while it
    loads can leave its security off for good (AMS 2.15 and later).
    """
    log = root(name) / "var/log/antmedia/ant-media-server.log"
    text = log.read_bytes()[log_from:].decode(errors="replace") if log.is_file() else ""
    silent = [app for app in applications(name) if f" {app} started" not in text]
    if silent:
        raise NotReady("not started: " + ", ".join(silent))
    state = call(name, "systemctl", "is-active", "antmedia.service", check=False).strip()
    if state != "active":
        raise NotReady(f"the unit is {state}")
    # Not on 2.4.3, which has no public liveness: there this is a 403 of the login filter.
    status, _ = get(name, "/rest/v2/liveness")
    if status not in (200, 403):
        raise NotReady(f"liveness answers {status}")
    for app in applications(name):
        status, body = get(name, f"/{app}/rest/v2/version")
        if (status == 200 and b"versionName" not in body) or status in (0, 404, 500):
            raise NotReady(f"{app} answers {status}")


def wait(name: str, log_from: int = 0) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return ready(name, log_from)
        except NotReady as reason:
            if time.monotonic() > deadline:
                raise SystemExit(f"{name} is not ready after {PATIENCE} s: {reason}") from None
        time.sleep(0.3)


def log_size(name: str) -> int:
    log = root(name) / "var/log/antmedia/ant-media-server.log"
    return log.stat().st_size if log.is_file() else 0


def restart(name: str) -> None:
    mark = log_size(name)
    call(name, "systemctl", "restart", "antmedia.service")
    wait(name, mark)


def start(name: str) -> None:
    if not (home(name) / "antmedia.service").is_file():
        return
    call(name, "systemctl", "start", "antmedia.service")
    wait(name)


def prove_double(variant: str) -> None:
    """Once a build of the double, in a host of its own: with the controls on, it must refuse."""
    proved = tree(variant).with_name(tree(variant).name + ".proved")
    if proved.exists():
        return
    name = f"double-self-check-{os.getpid()}"
    try:
        create(name, variant)
        for application in applications(name):
            path = home(name) / "webapps" / application / "WEB-INF/red5-web.properties"
            with path.open("a") as file:  # both spellings, for all versions
                for key, value in self_check.SETTINGS.items():
                    file.write(f"\n{key}={value}\nsettings.{key}={value}\n")
        start(name)
        secret = self_check.SETTINGS["jwtStreamSecretKey"]
        self_check.check(inside(name), applications(name), secret)
    finally:
        remove(name)
    proved.touch()


def each(action, names: list[str]) -> None:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(action, names))


def up(options) -> None:
    default = options.version + ("-double" if options.double else "")
    wanted = {name: variant or default for name, _, variant in options.names}
    unknown = set(wanted.values()) - set(VARIANTS)
    if unknown:
        raise SystemExit(f"no {', '.join(unknown)}; there are: {', '.join(VARIANTS)}")
    build.build(sorted(set(wanted.values())))
    for variant in set(wanted.values()):
        if variant.endswith("-double"):
            prove_double(variant)

    def bring(name: str) -> None:
        create(name, wanted[name], options.apps, options.address)
        if options.start:
            start(name)

    each(bring, list(wanted))


def remove(name: str) -> None:
    """Remove a host. On a busy machine podman gives up before its processes have ended."""
    for _ in range(20):
        run = podman("rm", "--force", "--ignore", "--time=1", name, check=False)
        if run.returncode == 0:
            return
        time.sleep(0.5)
    raise SystemExit(run.stderr.strip())


def down(options) -> None:
    names = [host["Names"][0] for host in hosts()] if options.all else options.names
    for name in names:
        remove(name)
    if not hosts():
        subprocess.run(["ip", "netns", "delete", SWITCH], stderr=subprocess.DEVNULL, check=False)


def hosts() -> list[dict]:
    return json.loads(
        podman("ps", "--all", f"--filter=label={LABEL}", "--format=json").stdout or "[]"
    )


def print_list(_options) -> None:
    for host in hosts():
        print(host["Names"][0], host["Labels"][LABEL], host["State"])


def print_inventory(options) -> None:
    variables = {
        "ansible_connection": "containers.podman.podman",
        "ansible_python_interpreter": "/usr/bin/python3",
    }
    hosts = {name: {} for name in options.names}
    print(json.dumps({"all": {"hosts": hosts, "vars": variables}}, indent=2))


def replace_by(command: list[str]) -> None:
    os.environ.update(build.podman_environment())
    os.execvp(command[0], command)


def run_in(options) -> None:
    replace_by(["podman", "exec", "--interactive", options.name, *options.command])


def run_on_net(options) -> None:
    replace_by(inside(options.name, *options.command))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="host", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, action, many: bool = True):
        sub = commands.add_parser(name)
        sub.set_defaults(action=action)
        if many:
            sub.add_argument("names", nargs="+" if name != "down" else "*", metavar="NAME")
        return sub

    sub = command("up", up, many=False)
    sub.add_argument(
        "names", nargs="+", metavar="NAME[=VARIANT]", type=lambda text: text.partition("=")
    )
    sub.add_argument("--version", default="2.17.1", help=" ".join(VARIANTS))
    sub.add_argument("--double", action="store_true", help="with the labelled enforcement double")
    sub.add_argument(
        "--apps", type=lambda text: text.split(","), help="default: those of the distribution"
    )
    sub.add_argument(
        "--address", help="on the network of the hosts that have one, such as 192.0.2.11/24"
    )
    sub.add_argument(
        "--no-start", dest="start", action="store_false", help="leave the server stopped"
    )
    for name, action in (("restart", restart), ("wait", wait)):
        command(name, lambda options, action=action: each(action, options.names))
    for name, action in (("exec", run_in), ("net", run_on_net)):
        sub = command(name, action, many=False)
        sub.add_argument("name", metavar="NAME")
        sub.add_argument("command", nargs=argparse.REMAINDER)
    command("inventory", print_inventory)
    command("list", print_list, many=False)
    command("down", down).add_argument("--all", action="store_true")
    options = parser.parse_args()
    options.action(options)


if __name__ == "__main__":
    main()
