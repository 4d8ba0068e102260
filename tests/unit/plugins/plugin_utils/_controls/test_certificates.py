from __future__ import annotations

from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    certificates as _certificates,
)

from tests.kit import judged


def host(*files, https=True):
    told = {"https": https, "rtmps": False, "files": list(files)}
    return judged.evidence(facts={"evidence": {"certificates": told}})


def file(*subjects, **more):
    found = [{"subject": subject} for subject in subjects]
    return {"path": "/c.pem", "used_for": ["https"], "there": True, "certificates": found, **more}


def bad(certificate):
    if certificate.text("subject") == "bad":
        yield "it is bad"


def outcome(*files, **more):
    return _certificates.judge(host(*files, **more), bad, "fine").outcome


def test_the_servers_own_is_judged_and_what_comes_along_is_not():
    assert outcome(file("bad", "good")) == "fail"
    assert outcome(file("good", "bad")) == "pass"


def test_every_file_is_judged():
    assert outcome(file("good"), file("bad")) == "fail"


def test_a_file_that_nothing_uses_is_not_judged():
    assert outcome(file("good"), file("bad", used_for=[])) == "pass"


def test_what_is_not_seen():
    assert outcome(file("bad"), https=False) == "not applicable"
    assert outcome() == "cannot tell"
    assert outcome(file("good"), file()) == "cannot tell"
    assert outcome(file("good"), file(there=False)) == "pass"
