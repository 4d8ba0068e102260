"""What the pages say to write is taken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.modules import secret
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets import stores as _stores
from ansible_collections.streamward.antmedia.plugins.plugin_utils._secrets.store import Context

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("text", [(ROOT / "README.md").read_text(), secret.EXAMPLES])
@pytest.mark.parametrize("inventories", [(), ("fleet",)], ids=["a file", "a folder"])
def test_the_store_is_taken_beside_an_inventory_of_either_kind(text, inventories, tmp_path):
    (config,) = re.findall(r"store: (\{kind: vault_file.*\})", text)
    context = Context(
        base=str(tmp_path / "fleet"), inventories=[str(tmp_path / name) for name in inventories]
    )
    store = _stores.open_store(yaml.safe_load(config), context)
    assert store.where() == str(tmp_path / "fleet/.secrets/antmedia.yml")
