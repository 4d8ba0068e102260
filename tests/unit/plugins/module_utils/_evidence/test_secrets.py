from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import (
    secrets as _secrets,
)

GOOD = "rEst-secret-0123456789-abcdefghij-x"


@pytest.fixture
def strength(scene, home):
    def found(secret):
        path = home / "webapps/LiveApp/WEB-INF/red5-web.properties"
        path.write_text(f"jwtSecretKey={secret}\n")
        return _secrets.look(scene())["apps"]["LiveApp"].get("jwtSecretKey")

    return found


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        (GOOD, set()),
        ("zautXStXM9iW3aD3FuyPH0TdK4GHPmHq", {"sample"}),
        ("0123456789abcdef0123456789abcdef", {"digest"}),
        ("changeit", {"shipped"}),
    ],
)
def test_how_good_a_secret_is(strength, secret, said):
    found = strength(secret)
    assert {word for word in ("sample", "digest", "shipped") if found[word]} == said
    assert found["length"] == len(secret)
    assert bool(found["faults"]) == (secret == "changeit" or "sample" in said)
    assert secret not in str(found)


def test_none(strength):
    assert strength("") is None


def test_passwords_as_shipped(scene):
    assert _secrets.look(scene())["server"]["rtmps.keystorepass"]["shipped"] is True
