from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.module_utils._probe import (
    answers as _answers,
    ask as _ask,
    front as _front,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.controls import (
    front_certificate,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.question import (
    LET_IN,
    REFUSED,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._probe.verdict import Result
from ansible_collections.streamward.antmedia.plugins.module_utils._server import (
    certificate as _certificate,
)

from ..fronts import ABOUT, plan

FRONT = _front.Front.of(plan(), "192.0.2.1", {}, "203.0.113.5")


def make(app="", **about):
    found = _front.Front.of(plan({**ABOUT, **about}), "192.0.2.1", {}, "203.0.113.5")
    return front_certificate.make(found, app)


def test_every_port_for_tls_is_looked_at():
    assert [probe.path for probe in make().probes] == ["443"]
    assert [probe.path for probe in make(rtmps_port=8443).probes] == ["443", "8443"]
    assert [probe.path for probe in make(tls=False, rtmps_port=8443).probes] == ["8443"]
    assert _ask.asked(make().probes[0]) == "TLS with localhost port 443"


def test_no_tls_no_certificate():
    assert make(tls=False) is None
    assert make("LiveApp") is None


def test_how_long_it_is_good_is_told():
    control = make(rtmps_port=8443)
    first, second = control.probes
    good = Result(first, LET_IN, "valid for 63 days, until 2027-01-27")
    ending = Result(second, LET_IN, f"{_certificate.SOON} 9 days, on 2026-12-04")
    assert front_certificate.settle(FRONT, control, [good, ending]) == [good, ending]
    assert control.note == f"{good.answer}; {ending.answer}"
    assert front_certificate.soon([good, ending]) == [
        f"the certificate of localhost port 8443: {ending.answer}"
    ]


def test_one_that_is_not_good_has_no_days():
    control = make()
    bad = Result(control.probes[0], REFUSED, "it is self-signed")
    front_certificate.settle(FRONT, control, [bad])
    assert control.note == "" and front_certificate.soon([bad]) == []


def test_answers():
    now = 1_800_000_000
    good = _certificate.Certificate(now + 30 * 86400.0)
    assert _answers.certificate(good)[0] == LET_IN
    bad = _certificate.Certificate(now + 30 * 86400.0, ("is self-signed", "is for a, not for b"))
    came, said = _answers.certificate(bad)
    assert came == REFUSED
    assert said.startswith("it is self-signed; it is for a, not for b (it ends on 2027-")
    assert "ends on" not in _certificate.Certificate(now - 1.0, ("expired",)).words(now)
