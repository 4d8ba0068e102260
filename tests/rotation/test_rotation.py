"""Rotations of a light fleet, undisturbed and refused."""

from __future__ import annotations

import json


def test_a_rotation(light):
    before = light.store().list()
    output = light.rotate("-e", "antmedia_rotation=now")
    after = light.store().list()
    print(output)
    for scope, versions in after.items():
        if scope != "fleet/management":
            assert versions["previous"]["fingerprint"] == before[scope]["current"]["fingerprint"]
    records = [
        json.loads(line)
        for line in (light.folder / "rotations.jsonl").read_text().split("\n")
        if line
    ]
    assert {record["outcome"] for record in records} == {"promoted"}
    assert "nothing to do" in light.rotate()
