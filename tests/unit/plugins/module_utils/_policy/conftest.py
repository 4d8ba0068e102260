"""What compiles a policy in a test, and what is wrong with it."""

from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
)


@pytest.fixture
def compile_(fake):
    """Compile a policy given as keywords; `on` are options of the installation."""

    def compile_policy(on=None, connected_from=(), **policy):
        return _compile.compile_policy(policy, fake.installation(**(on or {})), connected_from)

    return compile_policy


@pytest.fixture
def faults(compile_):
    """The faults of a policy given as keywords."""

    def of(**policy):
        with pytest.raises(_compile.PolicyError) as caught:
            compile_(**policy)
        assert str(caught.value) == "; ".join(caught.value.faults)
        assert len(set(caught.value.faults)) == len(caught.value.faults)
        return caught.value.faults

    return of
