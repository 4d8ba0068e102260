#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: facts
short_description: Report the Ant Media Server installation on a host
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Reads an installation and changes nothing. Secrets are reported by fingerprint only, so the
    facts may be cached.
  - Asks the running server what it holds, if the host's own settings or an admin account allow
    that, and reports where it differs from the files.
extends_documentation_fragment:
  - streamward.antmedia.attributes.on_host
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
options:
  home:
    description: The installation's folder, as an absolute path.
    type: path
    default: /usr/local/antmedia
  secrets:
    description:
      - Only V(admin), with V(email) and V(password), is used, for servers that cannot be asked with
        a management token.
    type: dict
  evidence:
    description:
      - Whether to report what M(streamward.antmedia.audit) judges beside the other facts. An
        installation that is not there, or of which this account may read a part only, is no error
        then.
    type: bool
    default: false
seealso:
  - module: streamward.antmedia.settings
  - module: streamward.antmedia.audit
"""

EXAMPLES = r"""
- name: Look at the installation
  streamward.antmedia.facts:

- name: Show where the running server differs from its files
  ansible.builtin.debug:
    var: ansible_facts.antmedia.memory.differs
"""

RETURN = r"""
ansible_facts:
  description: Facts of the host.
  returned: always
  type: dict
  contains:
    antmedia:
      description: The installation.
      returned: always
      type: dict
      contains:
        home:
          description: Its folder.
          returned: always
          type: str
        version:
          description: The server's version.
          returned: always
          type: str
          sample: 2.17.1
        edition:
          description: V(community) or V(enterprise).
          returned: always
          type: str
        clustered:
          description: Whether a database that the nodes share overrules the applications' files.
          returned: always
          type: bool
        server:
          description:
            - Access settings of the server as a start would use them, secrets by fingerprint. Also
              the mode and owner of the file.
            - C(filters) has the filters of the panel that the server's version ships and that are
              not in their places, by C(filter), what it C(enforces) and the C(fault). It is empty
              where all are.
            - C(values) has what in the file is no value, by C(setting) and C(key), and C(what) the
              server does of it. It is empty where all are.
          returned: always
          type: dict
        apps:
          description: The same by application.
          returned: always
          type: dict
        fingerprints:
          description: Fingerprints of the secrets in the files, C(management) and by application.
          returned: always
          type: dict
        process:
          description:
            - C(pid) of the running server, and the Unix time in seconds at which it C(started).
              Null if it does not run, or is not seen.
          returned: always
          type: dict
        unseen:
          description:
            - What speaks for a running server although C(process) is null, such as ports that
              answer, in words. Null for nothing. The server may be in a container, or hidden from
              the account of the task. A warning says the same.
          returned: always
          type: str
        memory:
          description:
            - C(known) says whether the running server could be asked.
            - C(differs) has the settings by application, whatever they decide, that the server
              holds differently from its files. An empty name stands for the server itself.
            - C(unfinished) says that a run of the collection was interrupted before its changes
              were in force. C(overrides) has environment variables of the running server that
              overrule the files, of those that C(overruled) has.
          returned: always
          type: dict
        overruled:
          description:
            - What is taken before the values of the settings files, as the page
              C(docs/overruled.md) tells. C(app) is the application, V(*) for all and empty for
              the server itself; C(setting) its setting, V(*) for whatever the file says; C(key)
              how it is spelled there. C(way) is one of V(environment variable), V(system
              property), V(context parameter), V(JNDI entry), V(other properties file), V(bean),
              V(class path), V(other folder), V(literal value), V(reference) and V(database).
              C(where) says where it is written. C(when) is V(now) for the running server only,
              V(next start) for what it has not read, V(always) for both. C(fills) says that it
              holds only as long as the file does not have the setting. Values are never reported.
          returned: always
          type: list
          elements: dict
          sample:
            - app: "*"
              setting: jwtSecretKey
              key: JWTSECRETKEY
              way: environment variable
              where: /etc/systemd/system/antmedia.service.d/local.conf
              when: next start
              fills: false
        unread:
          description: What could overrule the files and could not be looked at, with the reasons.
          returned: always
          type: list
          elements: str
        starts:
          description:
            - How often the server was started in the last 24 hours. C(last_day) is null when
              neither its log nor systemd's journal tells; C(at_least) says that there may have
              been more. C(source) is V(log) or V(journal). C(starts) has the last of them, C(at)
              in Unix seconds, and C(by), the reason as far as it can be told.
          returned: always
          type: dict
          sample:
            last_day: 1
            at_least: false
            source: log
            starts: [{at: 1790000000, by: ""}]
        schedules:
          description:
            - What on the host is run again and again and starts, stops or asks the server, among
              cron's tables, units of systemd, monit and logrotate. C(where) is the file and line,
              C(runs) a script that it runs, C(restarts) whether it starts or stops the server,
              C(asks) the paths it asks for.
          returned: always
          type: list
          elements: dict
          sample:
            - where: /etc/cron.d/check line 2
              runs: /opt/check.sh
              restarts: true
              asks: [/rest/v2/liveness]
        proxies:
          description:
            - Whose X-Forwarded-For the server believes, as the expressions of the file by property.
              Null means that the property is not there, which for C(internalProxies) means every
              peer with a private address.
            - C(fault) says why the file is not understood.
          returned: always
          type: dict
          sample: {internalProxies: null, trustedProxies: null}
        boot_guard:
          description:
            - Whether the boot guard is C(installed), and whether it keeps the server's ports
              C(closed).
          returned: always
          type: dict
          sample: {installed: false, closed: false}
        gate:
          description:
            - The gate in front of the server. Null where there is none.
            - C(open) tells whether it works, C(faults) which part does not. C(ports) are those that
              people use, C(server_ports) those of the server behind it. C(apps) has what it takes
              to publish and to play, with secrets as fingerprints and the Unix second in which a
              previous one is no longer good.
          returned: always
          type: dict
        unclaimed:
          description: Whether the server has no admin yet. Null if the server does not say.
          returned: always
          type: bool
        faults:
          description:
            - Why the installation was not, or not as a whole, read. What could not be read is null,
              or not there.
          returned: with O(evidence)
          type: list
          elements: str
        evidence:
          description:
            - C(machine), who looks at it and its memory. C(listens), the TCP ports. C(account) of
              the server, and what C(sudo) lets it do. C(unit), what systemd's unit says. C(java),
              options that open the process. C(paths), modes and owners. C(copies) of files with
              secrets. C(certificates) of the server's TLS. Further C(settings). How good C(secrets)
              are. What C(headers) let pages of other sites do. C(keys) that the server does not
              read. Its C(names), and the C(clock).
            - A part that could not be looked at is null, and C(unread) has the reasons.
          returned: with O(evidence)
          type: dict
"""

import os
import platform
from typing import Any, Mapping

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    valve as _valve,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import seen as _seen
from ansible_collections.streamward.antmedia.plugins.module_utils._automation import (
    schedules as _schedules,
    starts as _starts,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import files as _files
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    look as _evidence,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence.scene import Scene
from ansible_collections.streamward.antmedia.plugins.module_utils._gate import held as _held
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _host_files,
    firewall as _firewall,
    installation as _installation,
    network as _network,
    observation as _observation,
    process as _process,
    wiring as _wiring,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._overrule import (
    entry as _entry,
    look as _look,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    management as _management,
)


def file_facts(
    installation: _installation.Installation,
    app: str,
    file: _host_files.SettingsFile,
    wired: Mapping[str, _wiring.Wired],
) -> dict[str, Any]:
    """What is told of one settings file, and of the filters that enforce what it says."""
    return {
        "file": file.path,
        "mode": format(file.mode, "04o"),
        "owner": f"{file.uid}:{file.gid}",
        "writable_by_server": _writable(file, installation.uid),
        "settings": _observation.settings(installation, app),
        "stale_keys": _observation.stale_keys(installation, app),
        "values": [remark.shown() for remark in _observation.remarks(installation, app)],
        "filters": filters(installation, wired.get(app)),
    }


def filters(
    installation: _installation.Installation, how: _wiring.Wired | None
) -> list[dict[str, Any]]:
    """What the version ships for an application or the panel, and is not in its place."""
    return [
        {"filter": row.name, "enforces": list(row.enforces), "fault": why}
        for row, why in (how.lacks.items() if how else ())
        if row.shipped_in(installation.version)
    ]


def _writable(file: _host_files.SettingsFile, uid: int) -> bool:
    return file.uid == uid and bool(file.mode & 0o200) and not file.read_only


def proxies(installation: _installation.Installation) -> dict[str, Any]:
    """Whose word about a request's origin the server takes."""
    try:
        return _valve.current(installation.container.data if installation.container else b"")
    except _valve.ValveError as error:
        return {"fault": str(error)}


def boot_guard() -> dict[str, bool]:
    """Whether a guard watches the server's starts."""
    return {"installed": _files.installed(), "closed": _firewall.closed()}


# Facts that say nothing where their file could not be read.
UNTOLD = {
    "server": _installation.SERVER_FILE,
    "fingerprints": _installation.SERVER_FILE,
    "proxies": _installation.CONTAINER_FILE,
}


def gate() -> dict[str, Any] | None:
    """The gate in front of the server; None where there is none."""
    try:
        held = _held.look()
    except OSError as error:
        return {"open": None, "faults": [f"its policy cannot be read: {error.strerror}"]}
    if not held:
        return None
    # What the daemon is made of takes long to import.
    from ansible_collections.streamward.antmedia.plugins.module_utils._gate import told

    return told.of(held)


ACCESS = frozenset(
    setting.name for setting in _catalogue.of_file(_catalogue.APP) if setting.realm is not None
)


def variables(overruled: _look.Overruled) -> list[str]:
    """Variables of the running server by which access is decided otherwise than by the files."""
    return sorted(
        {
            entry.key
            for entry in overruled.entries
            if (entry.way, entry.when) == (_entry.ENVIRONMENT, _entry.NOW)
            and entry.app
            and entry.setting in ACCESS
        }
    )


def memory(seen: _seen.Seen, overruled: _look.Overruled) -> dict[str, Any]:
    """How the running server differs from the files on disk."""
    return {
        "known": seen.known,
        "differs": seen.differs,
        "unfinished": seen.unfinished,
        "overrides": variables(overruled),
    }


def gather(
    installation: _installation.Installation,
    process: _process.Process | None,
    admin: Mapping[str, str] | None,
) -> tuple[dict[str, Any], list[str]]:
    """The facts of an installation, and warnings."""
    management = _management.Management(installation, admin)
    seen = _seen.look(installation, process, management)
    overruled = _look.look(installation, process)
    starts = _starts.look(installation.home, process)
    schedules = _schedules.look(installation.apps)
    wired = _wiring.look(installation)
    facts = dict(
        _observation.summary(installation),
        server=file_facts(installation, "", installation.server, wired),
        apps={
            app: file_facts(installation, app, file, wired)
            for app, file in installation.apps.items()
        },
        fingerprints=_observation.fingerprints(installation),
        process={"pid": process.pid, "started": process.started} if process else None,
        unseen=seen.unseen or None,
        memory=memory(seen, overruled),
        overruled=[entry.shown() for entry in overruled.entries],
        unread=list(overruled.unread),
        starts=starts.shown(),
        schedules=[schedule.shown() for schedule in schedules],
        proxies=proxies(installation),
        boot_guard=boot_guard(),
        gate=gate(),
        unclaimed=seen.unclaimed,
    )
    warnings = (
        seen.foreign,
        seen.unseen,
        starts.warning(),
        _schedules.warning(schedules, installation.apps),
    )
    return facts, list(filter(None, warnings))


def main() -> None:
    module = AnsibleModule(
        argument_spec=dict(
            _options.home_spec(),
            secrets={"type": "dict", "no_log": True},
            evidence={"type": "bool", "default": False},
        ),
        supports_check_mode=True,
    )
    home, evidence = module.params["home"], module.params["evidence"]
    faults = _options.faults(module.params)
    found = _installation.Partly(None, faults) if faults else _installation.observe_partly(home)
    if faults or (found.faults and not evidence):
        lines = "\n".join(f"- {fault}" for fault in found.faults)
        text = f"{platform.node()}: the installation cannot be read:\n{lines}"
        module.fail_json(msg=text, faults=found.faults)
    installation = found.installation
    process = _process.find(installation.home if installation else home)
    _network.follow(process)
    facts: dict[str, Any] = {"home": home}
    if installation:
        admin = (module.params["secrets"] or {}).get("admin")
        facts, warnings = gather(installation, process, admin)
        for text in warnings:
            module.warn(text)
    if evidence:
        for name, file in UNTOLD.items():
            if os.path.join(facts["home"], file) in found.unread:
                facts[name] = None
        scene = Scene(facts["home"], installation, process)
        facts.update(faults=found.faults, evidence=_evidence.look(scene))
    module.exit_json(ansible_facts={"antmedia": facts})


if __name__ == "__main__":
    main()
