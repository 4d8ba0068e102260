from __future__ import annotations

import json

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import (
    packed as _packed,
)

from tests.kit import judged


def test_everything_is_in_it():
    data = _packed.of(judged.audit())
    (host,) = data["hosts"]
    texts = data["texts"]
    assert (host["name"], host["state"], host["score"]) == ("web1", "running", 15)
    assert texts[host["about"]] == "Ant Media Server 2.17.1, community, /usr/local/antmedia"
    assert texts[host["policy"]].startswith("antmedia_apps:")
    found = [data["details"][number] for number in host["found"]]
    assert [data["statuses"][each[0]] for each in found] == [
        *("fail", "waived", "pass", "cannot tell", "not applicable")
    ]
    bad, known, _fine, blind, _other = found
    assert [[texts[text], *rest] for text, *rest in bad[1]] == [["of an app", -1, -1]]
    assert (bad[3], bad[4], texts[bad[6]]) == (0, "2026-09-21 14:13 UTC", texts[host["policy"]])
    ((_text, waiver, _over),) = known[1]
    assert texts[data["waivers"][waiver]] == "a reason (jane@example.net, until 2026-09-22)"
    assert [texts[line] for line in blind[2]] == ["not seen"]
    assert data["controls"][0]["id"] == "bad-one"


def test_a_waiver_that_is_over():
    waivers = {"web1": [judged.waiver("bad-one", days=-1)]}
    data = _packed.of(judged.audit(waivers=waivers))
    assert data["details"][0][1][0][1:] == (-1, 0)


def test_what_is_alike_is_in_it_once():
    few, many = (_packed.of(judged.fleet(count)) for count in (40, 400))
    assert few["details"] == many["details"] and few["waivers"] == many["waivers"]
    assert len(set(many["texts"])) == len(many["texts"]) == len(few["texts"])


def test_it_is_plain_data():
    assert json.loads(json.dumps(_packed.of(judged.fleet())))


@pytest.mark.parametrize("text", [*judged.HOSTILE, *judged.RAW])
def test_texts_are_visible_ones(text):
    for each in _packed.of(judged.raw(text))["texts"]:
        assert each.replace("\n", "").isprintable()
