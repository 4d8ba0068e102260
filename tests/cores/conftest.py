"""Every supported ansible-core, and fleets whose hosts are an attacker's."""

from __future__ import annotations

import pytest

from tests.kit.cores import CORES, NoInterpreter
from tests.kit.hostile import Fleet


@pytest.fixture(scope="session", params=CORES, ids=lambda core: core.name)
def core(request):
    """A supported ansible-core. One that cannot be had is a failure, since nothing was shown."""
    try:
        assert request.param.bin.is_dir()
    except NoInterpreter as error:
        pytest.fail(f"ansible-core {request.param.name} {error}")
    return request.param


@pytest.fixture
def fleet(core):
    with Fleet(core) as made:
        yield made
