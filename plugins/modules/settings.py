#!/usr/bin/python
# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: settings
short_description: Bring Ant Media Server on a host to a policy
version_added: 0.1.0
author:
  - Streamward maintainers (@streamward)
description:
  - Takes the whole policy of a host in one call. Looks at the installation (version, edition, applications), compiles the policy for it,
    plans the changes of C(conf/red5.properties) and of every application's C(WEB-INF/red5-web.properties), and carries them out.
  - Every fault of the policy is found before the first byte is written.
  - Keys are edited in place under the spelling that the server's version reads, and other spellings of the same setting are removed.
    Files are replaced together or not at all, and keep owner, group, mode, SELinux context and symbolic links. A file that holds secrets
    is closed to other users.
  - Restarts the server only where a change needs it, waits until every application answers, compares what the server holds with its
    files, and puts the previous files back when the server does not come up.
  - Makes the first admin account where nobody is admin yet and O(secrets) has one. Where neither that nor O(dashboard_cidrs) is given and
    the panel lets everybody in, C(server.allowed_dashboard_CIDR) is narrowed to 127.0.0.1, the address the connection came from and
    O(operator_cidrs), and a warning says so.
  - The application C(root), which is the web panel, is never touched.
extends_documentation_fragment:
  - streamward.antmedia.policy
  - streamward.antmedia.attributes
  - streamward.antmedia.attributes.action_group
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  platform:
    support: full
    platforms: linux
options:
  secrets_locked:
    description: What to do while a rotation works on the secrets of the store. V(refuse) fails before anything is written.
    type: str
    choices: [ignore, refuse]
    default: ignore
  apply:
    description:
      - How changes come into force.
      - V(auto) posts them to the running server where all of them allow it and it can be asked, else restarts it.
      - V(restart) restarts, V(live) never does and fails if it would have to, V(defer) writes files and leaves the server alone.
    type: str
    choices: [auto, live, restart, defer]
    default: auto
  service_manager:
    description:
      - What starts and stops the server. V(auto) is systemd where it runs and its unit starts the server of this home, else V(none).
      - With V(none) nothing is restarted, and the result says that a restart is due.
    type: str
    choices: [auto, systemd, command, none]
    default: auto
  service_commands:
    description: For O(service_manager=command), command lines that are run without a shell.
    type: dict
    suboptions:
      start:
        description: Starts the server and returns.
        type: str
        required: true
      stop:
        description: Stops it.
        type: str
        required: true
  live_streams:
    description:
      - What a restart may do to people on air. V(refuse) fails before anything is written, V(drop) goes ahead and counts them.
      - V(drain) returns without a change and with RV(waiting), so that the caller can ask again later.
    type: str
    choices: [refuse, drain, drop]
    default: refuse
  announce:
    description:
      - With O(live_streams=drain), return with RV(waiting) before every restart of a running server, even if nobody is on air, so that the caller
        can take the host out of service first.
    type: bool
    default: false
  maintenance_window:
    description:
      - When restarts are allowed, in the host's own time, for example V(02:00-04:30) or V(sat,sun 23:00-05:00). Outside, a run that needs
        one fails before anything is written.
    type: str
  ready_timeout:
    description: Seconds a start may take until every application answers, up to 604800.
    type: int
    default: 180
  boot_guard:
    description:
      - Whether a guard on the host keeps the server's HTTP and RTMP ports closed at every start, after a reboot or a crash as well, until
        the server is seen to hold what its files say. Only root on the host itself gets through meanwhile.
      - Installs a drop-in of the server's unit, a unit and a program, and needs systemd, nftables and O(management_jwt). V(false) removes
        them, with their rules. Left alone where not given; a policy under which a guard that is there could not check the server is refused.
    type: bool
  mark_unproved:
    description:
      - Whether to leave a mark on the host, the file C(conf/.streamward-unproved), before changes are put in force, so that they are proved even
        if this run does not come to it. Whoever has proved the host removes the file.
    type: bool
    default: false
  cutover_at:
    description:
      - Unix time in seconds at which to put the changes in force, so that many hosts switch at one instant. It may be two days ahead.
      - The call returns at once, with RV(cutover_pid), when everything is prepared; a process of its own, which has the secrets in its memory only,
        does the rest. A later call with O(collect=true) returns what came of it.
    type: float
  collect:
    description: Wait for a cutover left running by an earlier call, and return what came of it instead of doing anything.
    type: bool
    default: false
  call_off:
    description:
      - With O(collect), call the cutover off if its instant has not come yet. It has failed then, and nothing was changed.
    type: bool
    default: false
  asked_at:
    description: Unix time in seconds when the caller made this call, by its own clock, to have RV(clock_ahead).
    type: float
notes:
  - Uses Python's standard library only.
seealso:
  - module: streamward.antmedia.facts
  - module: streamward.antmedia.probe
"""

EXAMPLES = r"""
- name: Narrow the panel and ask for tokens on every REST API
  streamward.antmedia.settings:
    dashboard_cidrs: [203.0.113.0/24, 127.0.0.1]
    management_jwt: true
    app_defaults:
      rest_cidrs: [127.0.0.1]
      rest_jwt: true

- name: Guard both directions of one application, without a restart
  streamward.antmedia.settings:
    apps:
      LiveApp: {publish: jwt, play: jwt}
    apply: live
    policy: task # and leave alone what the inventory says besides
    secrets: "{{ antmedia_secrets }}"
"""

RETURN = r"""
installation:
  description: What was found on the host.
  returned: always
  type: dict
  sample: {home: /usr/local/antmedia, version: 2.17.1, edition: community, apps: [LiveApp], clustered: false}
changes:
  description:
    - Every change, done or predicted. C(app) is empty for the server itself; C(old) and C(new) are fingerprints for secrets.
    - C(reason) is one of V(value), V(spelling), V(explicit), V(twin), V(duplicate), V(access) and V(guard); C(apply) is what the running
      server needs to have it in force.
  returned: always
  type: list
  elements: dict
  sample:
    - {app: LiveApp, file: /usr/local/antmedia/webapps/LiveApp/WEB-INF/red5-web.properties, key: jwtControlEnabled, old: null,
       new: "true", reason: value, apply: live}
way:
  description: How the changes came, or would come, into force.
  returned: always
  type: str
  sample: restart
reasons:
  description: What makes a restart necessary, or what waits where everything is put off.
  returned: always
  type: list
  elements: str
restart_required:
  description: Whether a restart is due that was not done. A warning says for what.
  returned: always
  type: bool
drift:
  description: Settings by application that the running server held otherwise than its files say.
  returned: always
  type: dict
healed:
  description: Applications whose running settings were brought back to their files.
  returned: always
  type: list
  elements: str
waiting:
  description: Whether nothing was done because somebody is on air, or because of O(announce).
  returned: always
  type: bool
audience:
  description: Who was on air before a restart, by application. A warning says how many it cut.
  returned: always
  type: list
  elements: dict
unproved:
  description: Whether the mark of O(mark_unproved) is on the host.
  returned: always
  type: bool
unclaimed:
  description: Whether nobody is the first admin of the server yet, so that whoever reaches the panel first becomes it.
  returned: always
  type: bool
starts:
  description: How many times the server was started.
  returned: always
  type: int
ready_seconds:
  description: Seconds from the restart until everything answered.
  returned: when the server was restarted
  type: float
switched_at:
  description: Unix time in seconds when the changes were in force in the running server.
  returned: when there were changes to put in force
  type: float
cutover_pid:
  description: The process that waits for the instant to switch.
  returned: when O(cutover_at) is given and there is something to change
  type: int
clock_ahead:
  description: Seconds by which the host's clock is ahead of the caller's, the time that the call took to get here included.
  returned: when O(asked_at) is given
  type: float
fingerprints:
  description: Fingerprints of the secrets in the files, C(management) and by application.
  returned: always
  type: dict
boot_guard:
  description: Whether the boot guard is, or would be, C(installed), and whether it was found to keep the server C(closed).
  returned: always
  type: dict
  sample: {installed: false, closed: false}
faults:
  description: Every fault of the policy.
  returned: when the policy cannot be carried out
  type: list
  elements: str
server_log:
  description: The server's own last error lines.
  returned: when the server did not come up
  type: list
  elements: str
"""

import platform
import time

from ansible.module_utils.basic import AnsibleModule
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import cidr as _cidr
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import apply as _apply
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import files as _files
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    cutover as _cutover,
    installation as _installation,
    lock as _lock,
    observation as _observation,
    process as _process,
    service as _service,
    unproved as _unproved,
    window as _window,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    plan as _plan,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    audience as _audience,
    panel as _panel,
)

CALLED_OFF = _apply.ApplyError("the cutover was called off; nothing was changed")


def argument_spec():
    """The options as AnsibleModule takes them."""
    return dict(
        _options.policy_spec(),
        apply={"type": "str", "choices": ["auto", "live", "restart", "defer"], "default": "auto"},
        service_manager={"type": "str", "choices": list(_service.MANAGERS), "default": "auto"},
        service_commands={
            "type": "dict",
            "options": {
                "start": {"type": "str", "required": True},
                "stop": {"type": "str", "required": True},
            },
        },
        live_streams={"type": "str", "choices": ["refuse", "drain", "drop"], "default": "refuse"},
        announce={"type": "bool", "default": False},
        secrets_locked={"type": "str", "choices": ["ignore", "refuse"], "default": "ignore"},
        maintenance_window={"type": "str"},
        ready_timeout={"type": "int", "default": 180},
        boot_guard={"type": "bool"},
        mark_unproved={"type": "bool", "default": False},
        cutover_at={"type": "float"},
        collect={"type": "bool", "default": False},
        call_off={"type": "bool", "default": False},
        asked_at={"type": "float"},
    )


def refuse(module, what, faults):
    """End with one error that holds every fault."""
    text = "{0}: {1}, nothing was changed:\n{2}".format(
        platform.node(), what, "\n".join("- " + fault for fault in faults)
    )
    module.fail_json(msg=text, faults=faults)


def diff(changes):
    """What changes, a file at a time."""
    files = {}
    for change in changes:
        files.setdefault(change["file"], []).append(change)

    def lines(found, side):
        return "".join(
            "{0}={1}\n".format(change["key"], change[side])
            for change in sorted(found, key=lambda change: change["key"])
            if change[side] is not None
        )

    return [
        {
            "before_header": path,
            "after_header": path,
            "before": lines(found, "old"),
            "after": lines(found, "new"),
        }
        for path, found in files.items()
    ]


def main():
    module = AnsibleModule(
        argument_spec=argument_spec(),
        supports_check_mode=True,
        required_if=[("service_manager", "command", ("service_commands",))],
    )
    faults = _options.faults(module.params)
    if faults:
        refuse(module, "the options cannot be meant", faults)
    asked_at = module.params["asked_at"]
    clock = {} if asked_at is None else {"clock_ahead": time.time() - asked_at}
    if module.params["collect"]:
        collect(module, clock)
    if module.check_mode:
        work(module, clock)
    try:
        # A process that a cutover is left to keeps the lock until it has ended too.
        with _lock.hold(module.params["home"], module.params["ready_timeout"]):
            work(module, clock)
    except _lock.Locked as error:
        module.fail_json(msg="{0}: {1}".format(platform.node(), error))


def work(module, clock):
    """Observe, compile, plan and carry out; ends the module."""
    params = module.params
    try:
        installation = _installation.observe(params["home"])
    except _installation.InstallationError as error:
        refuse(module, "the installation cannot be read", error.faults)
    service = _service.Service(
        params["home"], params["service_manager"], params["service_commands"]
    )
    wanted, window = compile_options(module, installation, service)
    plan = _plan.make_plan(installation, wanted)
    try:
        guard = _files.Guard(params["home"], params["boot_guard"])
    except _files.GuardError as error:
        refuse(module, "the host cannot be read", [str(error)])
    changes = [change.shown() for change in plan.changes] + guard.changes()
    result = {
        "changed": False,
        "installation": _observation.summary(installation),
        "changes": changes,
        "way": "none",
        "reasons": [],
        "restart_required": False,
        "drift": {},
        "healed": [],
        "waiting": False,
        "audience": [],
        "unproved": _unproved.marked(params["home"]),
        "unclaimed": False,
        "starts": 0,
        "fingerprints": _observation.fingerprints(installation),
        "diff": diff(changes),
        "boot_guard": {"installed": guard.installed, "closed": guard.closed},
        "warnings": list(wanted.warnings),
    }
    run = None
    try:
        run = _apply.Apply(
            installation,
            plan,
            service,
            mode=params["apply"],
            live_streams=params["live_streams"],
            announce=params["announce"] and params["live_streams"] == "drain",
            window=window,
            ready_timeout=params["ready_timeout"],
            admin=(params["secrets"] or {}).get("admin"),
        )
        result.update(
            changed=run.changed or guard.changed,
            way=run.way,
            reasons=run.why,
            restart_required=run.restart_required,
            drift=run.drift,
        )
        run.guard()
        if module.check_mode or not result["changed"]:
            if not module.check_mode:
                run.leave()
            outcome(run, wanted, result, predicted=True)
        elif params["cutover_at"] is None:
            carry_out(run, guard, params["mark_unproved"])
            outcome(run, wanted, result)
        else:
            prepare(run, guard, params["mark_unproved"])
            result["cutover_pid"] = _cutover.start(
                params["home"],
                params["cutover_at"],
                lambda: finish(run, guard, wanted, result),
                lambda: give_up(run, guard, result, CALLED_OFF),
            )
    except _files.GuardError as error:
        failure(_apply.ApplyError(str(error)), run, result)
    except (_apply.ApplyError, _apply.Busy) as error:
        if isinstance(error, _apply.Busy) and params["live_streams"] == "drain":
            report(run, result)
            predicted = result["changed"] and module.check_mode
            message = str(error) or "nobody is on air, the drain hooks come first"
            result.update(changed=predicted, waiting=True, msg=message)
        else:
            failure(error, run, result)
    end(module, dict(result, **clock))


def carry_out(run, guard, mark):
    """Do what a run and its boot guard have to do."""
    prepare(run, guard, mark)
    put_in_force(run, guard)


def put_in_force(run, guard):
    """Do what was prepared; the guard watches the run's own start too."""
    try:
        if run.changed:
            run.run()
    except _apply.ApplyError as error:
        raise take_back(guard, error) from error.__cause__
    guard.reopen(run.service, run.ready_timeout)


def prepare(run, guard, mark):
    """Find most of what can go wrong, and have the guard and the mark in their places."""
    guard.put()
    try:
        run.prepare()
        if mark and run.changed:
            leave_mark(run)
    except _apply.ApplyError as error:
        raise take_back(guard, error) from error.__cause__


def take_back(guard, error):
    """Have the guard as it was; returns the error to tell, which is what led here above all."""
    try:
        guard.take_back()
    except _files.GuardError as more:
        return _apply.ApplyError("{0}; {1}".format(error, more), getattr(error, "lines", ()))
    return error


def leave_mark(run):
    """Say on the host that what comes now is not proved."""
    try:
        _unproved.mark(run.home)
    except OSError as error:
        run.give_up()
        text = "conf/{0}: {1}; nothing was changed".format(_unproved.NAME, error.strerror)
        raise _apply.ApplyError(text) from error


def compile_options(module, installation, service):
    """What the options want, or one error with all their faults."""
    faults, window, wanted = [], None, None
    try:
        if module.params["maintenance_window"] is not None:
            window = _window.Window(module.params["maintenance_window"])
    except ValueError as error:
        faults.append("antmedia_maintenance_window: {0}".format(error))
    try:
        wanted = _compile.compile_policy(module.params, installation, _process.connected_from())
    except _compile.PolicyError as error:
        faults.extend(error.faults)
    if wanted:
        faults.extend(narrow(module.params, installation, service, wanted))
    server, guard = wanted.server if wanted else {}, module.params["boot_guard"]
    faults.extend(_files.faults(installation, server, service.manager, guard))
    if faults:
        refuse(module, "the policy cannot be carried out", faults)
    return wanted, window


def narrow(params, installation, service, wanted):
    """Have the panel narrowed where it is open to all and nobody is admin; returns faults."""
    try:
        value = _panel.narrowed(params, installation, _process.connected_from())
    except _cidr.CidrError as error:
        return ["antmedia_operator_cidrs: {0}".format(fault) for fault in error.faults]
    if value and _panel.unclaimed(installation, service.process(), params["ready_timeout"]):
        wanted.server[_panel.LIST] = value
        wanted.warnings.append(
            "nobody is the first admin of this server yet and its panel was open to everybody, so"
            " it is narrowed to {0}; give antmedia_secrets.admin to make the account, or say with"
            " antmedia_dashboard_cidrs who may open the panel".format(value)
        )
    return []


def report(run, result, predicted=False):
    """Add to a result what a run, done or not, has come upon."""
    result.update(
        audience=[audience.shown() for audience in run.audience],
        healed=sorted(set(run.healed)),
        starts=run.starts,
        unclaimed=run.unclaimed and not (predicted and run.claims),
    )
    result["warnings"].extend(run.warnings)
    if run.audience and (run.starts or predicted):
        result["warnings"].append(
            "the restart {0} {1}".format(
                "would cut" if predicted else "cut", _audience.total(run.audience)
            )
        )


def outcome(run, wanted, result, predicted=False):
    """Add to a result what a run did, or would do."""
    if not predicted:
        if run.way in (_apply.LIVE, _apply.RESTART):
            result["switched_at"] = run.switched_at
        result["fingerprints"] = _observation.fingerprints(_installation.observe(run.home))
        result["unproved"] = _unproved.marked(run.home)
    if run.ready_seconds is not None:
        result["ready_seconds"] = run.ready_seconds
    report(run, result, predicted)
    if run.restart_required:
        result["warnings"].append(
            "a restart {0} due, which this run does not do: {1}".format(
                "would be" if predicted and result["changed"] else "is", ", ".join(run.why)
            )
        )
    if not run.process and run.service.managed and run.way != _apply.RESTART:
        result["warnings"].append("the server does not run, and nothing here needs it to")
    if result["unclaimed"]:
        result["warnings"].append(
            "nobody is the first admin of this server yet, and whoever reaches its panel first"
            " becomes it; the panel is open to {0}; give antmedia_secrets.admin to make the"
            " account".format(
                wanted.server.get(_panel.LIST) or run.installation.effective("", _panel.LIST)
            )
        )


def failure(error, run, result):
    """Add to a result what is to be said of a run that did not do its work.

    :arg run: None when it did not come to one.
    """
    text = str(error)
    if isinstance(error, _apply.Busy):
        text = (
            "a restart would throw people off air, nothing was changed: {0}; wait, or set"
            " antmedia_live_streams to drain or drop".format(error)
        )
    elif error.lines:
        result["server_log"] = error.lines
    lines = ["{0}: {1}".format(platform.node(), text), *result.get("server_log", [])]
    result.update(failed=True, changed=False, msg="\n".join(lines))
    if run:
        report(run, result)
        result["changed"] = run.altered or run.claimed


def finish(run, guard, wanted, result):
    """The rest of a run whose instant has come; returns the result."""
    try:
        run.guard()  # somebody may have come on air meanwhile
    except (_apply.ApplyError, _apply.Busy) as error:
        return give_up(run, guard, result, error)
    try:
        put_in_force(run, guard)
        outcome(run, wanted, result)
    except _files.GuardError as error:
        failure(_apply.ApplyError(str(error)), run, result)
    except _apply.ApplyError as error:
        failure(error, run, result)
    return result


def give_up(run, guard, result, error):
    """The end of a run that does not come to its instant; returns the result."""
    run.give_up()
    failure(take_back(guard, error), run, result)
    return result


def collect(module, clock):
    """End with the result of a cutover."""
    if module.params["call_off"]:
        _cutover.call_off(module.params["home"])
    result = _cutover.collect(module.params["home"], module.params["ready_timeout"])
    if result is None:
        module.fail_json(
            msg="{0}: no cutover has ended within {1} s".format(
                platform.node(), module.params["ready_timeout"]
            )
        )
    end(module, dict(result, **clock))


def end(module, result):
    """Leave with a result, as a failure if it is one."""
    for warning in result.pop("warnings"):
        module.warn(warning)
    if result.pop("failed", False):
        module.fail_json(**result)
    module.exit_json(**result)


if __name__ == "__main__":
    main()
