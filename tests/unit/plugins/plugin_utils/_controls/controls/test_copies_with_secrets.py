from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    copies_with_secrets,
)

from tests.kit import audited


def left(data):
    """Leave a copy of an application's file."""

    def edit(host):
        folder = host.path(f"webapps/{host.app_name}/WEB-INF")
        (folder / "red5-web.properties.bak").write_bytes(data + b"\n")

    return edit


CASES = audited.Cases(
    copies_with_secrets.CONTROL,
    fails={
        "beside the file": left(b"jwtSecretKey=" + b"s" * 40),
        "an old spelling": left(b"tokenHashSecret=x"),
    },
    passes={
        "as shipped": audited.shipped,
        "without secrets": left(b"settings.hlsTime=2"),
    },
    others={
        "one that is not read": (
            audited.seen(copies=[{"path": "/x", "secrets": None}]),
            "cannot tell",
        ),
        "not told": (audited.seen(copies=None), "cannot tell"),
    },
)

test_cases = CASES.test
