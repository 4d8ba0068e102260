from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._apply import (
    run as _run,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
    process as _process,
    service as _service,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    plan as _plan,
)
from ansible_collections.streamward.antmedia.plugins.modules import settings
from ansible_collections.streamward.antmedia.tests.unit.plugins.module_utils._apply.cases import (
    HOST,
)


@pytest.fixture
def run(home, fake, ams):
    """A run of a policy given as keywords; `options` are those of _run.begin."""

    def make(options=None, manager="command", **policy):
        found = _installation.observe(str(home))
        policy.setdefault("secrets", {}).setdefault("app_defaults", {"rest": fake.SECRETS["rest"]})
        plan = _plan.make_plan(found, _compile.compile_policy(policy, found))
        service = _service.Service(str(home), manager, {"start": "", "stop": ""})
        return _run.begin(found, plan, service, ready_timeout=0.3, **(options or {}))

    return make


@pytest.fixture
def carry_out(run):
    """The same, carried out."""

    def work(*arguments, **options):
        made = run(*arguments, **options)
        made.refuse_restart()
        if made.changed:
            made.prepare()
            made.put_in_force()
        return made

    return work


@pytest.fixture
def manageable(carry_out, ams, fake):
    """The server takes management tokens from now on; further keywords for policies."""
    policy = {"management_jwt": True, "secrets": {"management": fake.SECRETS["management"]}}
    carry_out(**policy)
    ams.started = ams.stopped = 0
    return policy


@pytest.fixture
def secrets(fake):
    return {
        "management": fake.SECRETS["management"],
        "app_defaults": {"rest": fake.SECRETS["rest"]},
    }


@pytest.fixture(autouse=True)
def from_nowhere(monkeypatch):
    monkeypatch.setattr(_process, "connected_from", list)


@pytest.fixture
def secure(call, home):
    """Run the module on the home."""

    def run(check=False, **arguments):
        return call(settings, check, home=str(home), **arguments)

    return run


@pytest.fixture
def faults(secure, home, fake):
    """The faults of a refused call, of which every sign but its error is missing."""

    def of(what="the policy cannot be carried out", check=False, **arguments):
        before = fake.snapshot(home)
        result = secure(check, **arguments)
        assert result["failed"]
        assert result["msg"] == "{}: {}, nothing was changed:\n{}".format(
            HOST, what, "\n".join("- " + fault for fault in result["faults"])
        )
        assert not result.get("changed")
        assert fake.snapshot(home) == before
        return result["faults"]

    return of
