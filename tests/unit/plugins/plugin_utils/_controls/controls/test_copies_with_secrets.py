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
        "beside the file": (left(b"jwtSecretKey=" + b"s" * 40), "has 1 secrets"),
        "an old spelling": (left(b"tokenHashSecret=x\nsettings.jwtSecretKey=y"), "has 2 secrets"),
        "what is still in force": (
            audited.both(left(b"jwtSecretKey=" + b"s" * 40), audited.app(jwtSecretKey="s" * 40)),
            "has 1 secrets; still in force: jwtSecretKey",
        ),
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


def test_what_is_over_is_not_said_to_be_in_force(audited_host):
    left(b"jwtSecretKey=" + b"s" * 40)(audited_host)
    (fault,) = CASES.judge(audited_host).faults
    assert fault.text.endswith(".bak has 1 secrets")
