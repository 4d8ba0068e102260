"""Calling a module in the process of a test."""

from __future__ import annotations

import contextlib
import json

import pytest
from ansible.module_utils import basic


@contextlib.contextmanager
def _arguments(values):
    """What a module finds as its arguments, with any ansible-core."""
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:
        data = json.dumps({"ANSIBLE_MODULE_ARGS": values}).encode()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(basic, "_ANSIBLE_ARGS", data)
            yield
    else:
        with patch_module_args(values):
            yield


class Caller:
    """`call(module, check=False, **arguments)` is the module's result."""

    def __init__(self, capfd, monkeypatch):
        self._capfd, self._warnings = capfd, []
        # In a process that has loaded the controller's side too, they would go to its display.
        monkeypatch.setattr(
            basic.AnsibleModule, "warn", lambda _self, text: self._warnings.append(text)
        )

    def __call__(self, module, check=False, **arguments):
        arguments["_ansible_check_mode"] = check
        arguments["_ansible_remote_tmp"] = "/tmp"
        del self._warnings[:]
        with _arguments(arguments), pytest.raises(SystemExit):
            module.main()
        result = json.loads(self._capfd.readouterr().out)
        result["failed"] = bool(result.get("failed"))
        result["warnings"] = list(self._warnings)
        return result
