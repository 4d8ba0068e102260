from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._ams.hashed import (
    token as hash_token,
)


def test_published_vector():
    assert (
        hash_token("stream1", "publish", "testtest")
        == "c433279fb6eda928d2a2863dd27503bac9c1b66fe0ccd9f10461214da457db67"
    )


def test_every_part_counts():
    made = {
        hash_token(*parts)
        for parts in (
            ("a", "play", "s"),
            ("a", "publish", "s"),
            ("b", "play", "s"),
            ("a", "play", "t"),
        )
    }
    assert len(made) == 4
