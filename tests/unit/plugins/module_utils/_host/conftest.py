from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    transaction as _transaction,
)

from tests.unit.plugins.module_utils._host.replaced import contents, plan_of


@pytest.fixture
def changed(home):
    """A prepared transaction over three files, and what they held."""
    transaction = _transaction.Transaction(plan_of(home))
    return transaction, contents(home)
