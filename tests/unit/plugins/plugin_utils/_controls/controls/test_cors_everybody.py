from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    cors_everybody,
)

from tests.kit import audited


def headers(**more):
    """Have every web.xml say something about other sites."""
    row = {"cors": False, "origins": "", "credentials": False, "hsts": False, **more}

    def edit(host):
        names = ["", *host.facts()["apps"]]
        host.tell(evidence={"headers": {name: dict(row) for name in names}})

    return edit


CASES = audited.Cases(
    cors_everybody.CONTROL,
    fails={
        "as shipped": (headers(cors=True, origins="*"), "cors.allowed.origins is *"),
        "among others": headers(cors=True, origins="https://a.example, *"),
        "with cookies": (
            headers(cors=True, origins="*", credentials=True),
            "is *, with the visitor's cookies",
        ),
    },
    passes={
        "named sites": headers(cors=True, origins="https://a.example"),
        "no filter": headers(cors=False, origins="*"),
    },
    others={
        "a file that was not read": (
            audited.both(
                headers(cors=True, origins="https://a.example"),
                audited.seen(headers={"LiveApp": None}),
            ),
            "cannot tell",
        ),
        "nonsense": (headers(cors="yes"), "cannot tell"),
    },
)

test_cases = CASES.test


def test_without_cookies_nothing_is_said_of_them(audited_host):
    headers(cors=True, origins="*")(audited_host)
    assert not [f for f in CASES.judge(audited_host).faults if "cookies" in f.text]
