from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls.controls import (
    restarts_often,
)

from tests.kit import audited


def starts(count, at_least=False):
    """Have the server have been started some times."""
    rows = [{"at": 1_790_000_000, "by": "an order: cron"}]
    told = {"last_day": count, "at_least": at_least, "source": "log", "starts": rows}
    return audited.told(starts=told)


CASES = audited.Cases(
    restarts_often.CONTROL,
    fails={
        "every hour": (starts(24), "started 24 times in 24 hours: an order: cron"),
        "six": starts(6),
        "for no reason": (
            audited.both(starts(7), audited.told(starts={"starts": [{"at": 1, "by": ""}]})),
            "7 times in 24 hours",
        ),
        "six at least": (starts(6, at_least=True), "at least 6 times"),
    },
    passes={"once": starts(1), "never": starts(0), "five": starts(5)},
    others={
        "nobody tells": (audited.shipped, "cannot tell"),
        "a log that is short": (starts(1, at_least=True), "cannot tell"),
        "nonsense": (starts("many"), "cannot tell"),
    },
)

test_cases = CASES.test


def test_no_reason_is_none(audited_host):
    starts(7)(audited_host)
    audited_host.tell(starts={"starts": [{"at": 1, "by": ""}, {"at": 2, "by": ""}]})
    (fault,) = CASES.judge(audited_host).faults
    assert fault.text == "it was started 7 times in 24 hours"
    audited_host.tell(starts={"starts": [{"at": 1, "by": ""}, {"at": 2, "by": "cron"}]})
    (fault,) = CASES.judge(audited_host).faults
    assert fault.text == "it was started 7 times in 24 hours: cron"
