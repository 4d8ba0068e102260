# Copyright: (c) 2026, Streamward maintainers
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The action behind the module secret: Ansible's side of it, on the controller."""

from __future__ import annotations

import base64

from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import words as _words
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.secret import (
    faults,
    fingerprint,
)
from ansible_collections.streamward.antmedia.plugins.modules.secret import DOCUMENTATION
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import (
    documented as _documented,
    on_host as _on_host,
    visible as _visible,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.action import Action
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.faults import Faults
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.inventory import Inventory
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge.plain import plain
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import (
    context as _context,
    document as _document,
    steps as _steps,
    variables as _variables,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import host as _host

NO_FACTS = "its answer is not that of the module facts: is ansible_python_interpreter right?"


class ActionModule(Action):
    """Works on the store; for a host only where it adopts."""

    _supports_check_mode = True

    def work(self, task_vars: dict) -> dict:
        self._vars = task_vars
        spec = _documented.argument_spec(DOCUMENTATION, frozenset(("secret", "store")))
        _valid, args = self.validate_argument_spec(spec)
        return self._take({name: plain(value) for name, value in args.items()})

    def _take(self, args):
        wrong = _steps.faults(args)
        config = args["store"] or self._variable(_variables.STORE)
        if not config:
            wrong.append(f"store: is needed, here or as the variable {_variables.STORE}")
        if wrong:
            raise Faults(wrong)
        named = args["fleet"] or self._variable(_variables.FLEET) or _variables.DEFAULT_FLEET
        fleet = _context.check_fleet(named)
        reader = _context.Reader(config, _context.of(self._loader, self._vars))
        store = reader.store
        if args["state"] == "present" and not args["scopes"]:
            args["scopes"] = _steps.needed(self._policy(), fleet, reader.documents(fleet))
            if not args["scopes"]:
                return {"changed": False, "where": store.where(), "scopes": {}}
        try:
            return self._step(args, store, fleet)
        finally:
            for name in {fleet, *(scope.split("/")[0] for scope in args["scopes"])}:
                reader.forget(name)
            for note in store.notes:
                self._display.warning(_visible.text(note))
            store.close()

    def _step(self, args, store, fleet):
        check, state = self._task.check_mode, args["state"]
        if state == "listed":
            listed = store.list(fleet)
            wanted = args["scopes"] or list(listed)
            return {
                "changed": False,
                "where": store.where(),
                "scopes": {scope: listed[scope] for scope in wanted if scope in listed},
            }
        conflicts: list[str] = []
        if state == "adopted":
            found = self._found(args, fleet)
            done, conflicts = _steps.adopt(store, found, check)
        else:
            done = _steps.take(store, args, check)
        result = {
            "changed": any(before != after for before, after in done.values()),
            "where": store.where(),
            "scopes": {scope: _document.describe(after) for scope, (_b, after) in done.items()},
            "diff": _steps.diff(done, store.where()),
        }
        if state == "retired":
            result["destroyed"] = [] if check else [s for s in done if store.purge(s)]
            result["changed"] = result["changed"] or bool(result["destroyed"])
        if conflicts:
            text = "; ".join(f"host {self._host()}: {conflict}" for conflict in conflicts)
            result.update(failed=True, msg=f"nothing was overwritten: {text}")
        return result

    def _policy(self):
        return {name: self._variable("antmedia_" + name) for name in _steps.POLICY}

    def _variable(self, name):
        return Inventory(self._templar, self._vars).raw(name)

    # Looking at the host

    def _found(self, args, fleet):
        """Secrets in use on the host, by scope."""
        home = args["home"] or self._variable("antmedia_home") or _options.DEFAULT_HOME
        answer = self._on_host("streamward.antmedia.facts", {"home": home})
        try:
            version, marks = _in_use(answer["ansible_facts"]["antmedia"])
        except (AttributeError, KeyError, TypeError):
            raise ValueError(f"{self._host()}: {NO_FACTS}") from None
        found, files = {}, {}
        for (app, word), mark in marks.items():
            scope = str(_document.Scope(fleet, app, word))
            if not mark or (args["scopes"] and scope not in args["scopes"]):
                continue
            path = f"{home}/{_host.secret_file(app)}"
            if path not in files:
                answer = self._on_host("ansible.builtin.slurp", {"src": path})
                files[path] = base64.b64decode(answer["content"])
            found[scope] = _host.secret(files[path], word, app, version)
            if fingerprint(found[scope]) != mark:
                raise ValueError(f"{path} was changed while it was read, run again")
            for fault in faults(found[scope]):
                text = f"{scope}: the secret in use {fault}: rotate it"
                self._display.warning(_visible.line(text))
        return found

    def _on_host(self, module, arguments):
        answer = _on_host.ask(self, module, arguments, self._vars)
        if answer.get("failed"):
            text = str(answer.get("msg", f"{module} failed"))
            raise ValueError(_on_host.named({"failed": True, "msg": text}, self._host())["msg"])
        return answer

    def _host(self):
        return str(self._vars.get("inventory_hostname", ""))


def _in_use(facts):
    """The server's version, and fingerprints of what it verifies with by application and word."""
    marks = {("", word): facts["fingerprints"][word] for word in _words.SERVER_REALMS}
    for app, by_word in facts["fingerprints"]["apps"].items():
        if (
            app == _document.DEFAULT_APP
        ):  # the store's word for all that have no secret of their own
            raise ValueError(f"an application called {app} would give its secrets to all others")
        marks.update({(app, word): by_word[word] for word in _words.APP_REALMS})
    return _host.parse_version(facts["version"]), marks
