from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import names as _names


@pytest.mark.parametrize(
    ("line", "told"),
    [("", ""), ("server.name= live.example.net ", "live.example.net"), ("server.name=", "")],
)
def test_the_name_of_its_file(scene, home, line, told):
    path = home / "conf/red5.properties"
    path.write_text(path.read_text() + "\n" + line + "\n")
    assert _names.look(scene()) == {"server": told}


def test_a_long_one_is_cut(scene, home):
    path = home / "conf/red5.properties"
    path.write_text(path.read_text() + "\nserver.name=" + "x" * 1000 + "\n")
    assert _names.look(scene()) == {"server": "x" * 253}
