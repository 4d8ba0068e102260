from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens import order as _order
from ansible_collections.streamward.antmedia.plugins.plugin_utils._tokens.order import Order

GOOD = Order(app="LiveApp", stream="stream1", type="publish", lifetime="2h")


def test_which_secret():
    words = {
        Order().secret_word: "stream",
        Order(kind="one_time").secret_word: "stream",
        Order(kind="hash").secret_word: "hash",
        Order(kind="totp", type="play").secret_word: "totp_play",
        Order(kind="totp", type="publish").secret_word: "totp_publish",
        Order(realm="rest").secret_word: "rest",
        Order(realm="management").secret_word: "management",
    }
    assert all(key == value for key, value in words.items())


def test_variant():
    assert _order.variant(GOOD, stream="x", type="").stream == "x"
    assert _order.variant(GOOD, stream="x", type="").type == "publish"
