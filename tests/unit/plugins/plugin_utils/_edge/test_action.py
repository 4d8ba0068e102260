from __future__ import annotations

import pytest
from ansible.errors import AnsibleActionFail, AnsibleActionSkip, AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import action as _action


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(ActionBase, "run", lambda *_given: {"invocation": 1})

    def of(error=None):
        class Made(_action.Action):
            def work(self, task_vars):
                if error:
                    raise error
                return dict(task_vars, changed=True)

        return object.__new__(Made).run(None, {"a": 1})

    return of


def test_what_it_returns_is_added_to_the_result(run):
    assert run() == {"invocation": 1, "a": 1, "changed": True}


@pytest.mark.parametrize("kind", [ValueError, AnsibleActionFail])
def test_an_error_is_returned_and_not_raised(run, kind):
    found = run(kind("{{ x }}\x1b"))
    assert found == {"failed": True, "changed": False, "msg": "{{ x }}\\x1b"}


def test_a_lost_connection_stays_one(run):
    with pytest.raises(AnsibleConnectionFailure) as caught:
        run(AnsibleConnectionFailure("{{ x }}\x1b"))
    assert str(caught.value) == "{{ x }}\\x1b"
    assert isinstance(caught.value, _action.Unreached)


def test_what_is_skipped_is_skipped(run):
    with pytest.raises(AnsibleActionSkip):
        run(AnsibleActionSkip("no"))


def test_the_trace_of_a_fault_of_ours_does_not_leave_unmarked(run):
    found = run(KeyError("{{ x }}\x1b"))
    assert found["failed"] is True
    assert "report it: KeyError: '{{ x }}\\x1b'" in found["msg"]
    assert "Traceback" in found["exception"] and "\x1b" not in found["exception"]
