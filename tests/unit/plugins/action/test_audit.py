from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml
from ansible_collections.streamward.antmedia.plugins.action import audit as action
from ansible_collections.streamward.antmedia.plugins.modules import audit as module
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import table as _table
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import formats

from tests.kit import judged
from tests.kit.places import ROOT


def test_formats_are_those_there_are():
    assert action.argument_spec()["formats"]["choices"] == list(formats.FORMATS)


def test_the_documentation_parses():
    assert yaml.safe_load(module.EXAMPLES)
    assert {"score", "failed_hosts", "files"} <= set(yaml.safe_load(module.RETURN))


def test_the_role_describes_the_options_as_the_module_does():
    specs = yaml.safe_load((ROOT / "roles/audit/meta/argument_specs.yml").read_text("utf-8"))
    role = specs["argument_specs"]["main"]["options"]
    ours = action.argument_spec()
    names = {"dest": "antmedia_audit_dir"}
    for option in ("fail_on", "controls", "skip", "previous", "dest", "formats"):
        theirs = role[names.get(option, f"antmedia_audit_{option}")]
        for key in ("type", "elements", "default"):
            assert theirs.get(key) == ours[option].get(key), option


class HostVars(dict):
    def raw_get(self, host):
        return self[host]


def result(**facts):
    return {"ansible_facts": {"antmedia": judged.evidence(facts=facts).facts}}


@pytest.fixture
def run(tmp_path):
    """Run the action: its result, and what it showed."""

    def work(hostvars, check=False, **options):
        shown = []
        plugin = action.ActionModule.__new__(action.ActionModule)
        spec = action.argument_spec()
        args = {name: row.get("default") for name, row in spec.items()}
        args.update(
            results_from="look",
            probes_from="probe",
            hosts=list(hostvars),
            dest=str(tmp_path / "reports"),
            **options,
        )
        plugin.validate_argument_spec = lambda spec: (None, args)
        plugin._task = SimpleNamespace(check_mode=check)
        plugin._display = SimpleNamespace(display=lambda text, color=None: shown.append(text))
        found = plugin.work({"hostvars": HostVars(hostvars)})
        return found, shown

    return work


def test_a_run(run, tmp_path):
    found, shown = run({"web1": {"look": result()}, "web2": {}}, fail_on="low")
    path = tmp_path / "reports" / "audit.json"
    assert found["files"] == [str(path), str(path.with_suffix(".html"))]
    assert all(Path(name).is_file() for name in found["files"])
    assert shown[0].startswith("audit of 2 hosts: ")
    assert shown[-2:] == found["files"]
    assert found["failed_hosts"]["web2"] == "not audited: it was not asked"
    assert found["scores"]["web2"] is None
    assert set(found["counts"]) == {"fail", "cannot tell", "waived", "pass", "not applicable"}
    assert (found["changed"], "failed" in found) == (False, False)


def test_a_check_writes_nothing(run, tmp_path):
    found, shown = run({"web1": {"look": result()}}, check=True)
    assert not (tmp_path / "reports").exists()
    assert found["files"] and shown


def test_the_run_before_is_compared_with(run):
    run({"web1": {"look": result()}})
    _found, shown = run({"web1": {"look": result()}})
    assert shown[1].startswith("since ")


def test_a_report_that_is_none(run, tmp_path):
    path = tmp_path / "reports" / "audit.json"
    path.parent.mkdir()
    path.write_text("{}")
    with pytest.raises(
        ValueError, match=r"^previous: .*audit\.json: is not a report .* take it away"
    ):
        run({"web1": {"look": result()}})
    with pytest.raises(ValueError, match=r"^previous: /nowhere/x\.json: No such file"):
        run({"web1": {"look": result()}}, previous="/nowhere/x.json")


def test_all_mistakes_are_named_at_once(run):
    hostvars = {
        "web1": {"look": result(), "antmedia_audit_waivers": [{"control": "rest-open"}]},
        "web2": {"look": result(), "antmedia_audit_waivers": "x"},
    }
    with pytest.raises(ValueError) as raised:
        run(hostvars, controls=["rest-opn"], skip=["nonsense"])
    text = str(raised.value)
    for part in (
        "there is no control rest-opn; did you mean rest-open?",
        "there is no control nonsense",
        "web1: antmedia_audit_waivers, entry 1: reason: is missing",
        "web2: antmedia_audit_waivers: is not a list",
    ):
        assert part in text


def test_waivers_and_fleets_are_of_the_inventory(run):
    settings = {"remoteAllowedCIDR": "0.0.0.0/0", "ipFilterEnabled": "true"}
    app = {"settings": {**settings, "jwtControlEnabled": "false"}}
    told = result(apps={"LiveApp": app}, overruled=[], memory={"differs": {}})
    waiver = {
        "control": "rest-open",
        "reason": "r",
        "owner": "o",
        "expires": "2199-01-01",
    }
    hostvars = {"a": {"look": told}, "b": {"look": told, "antmedia_audit_waivers": [waiver]}}
    found, _shown = run(hostvars, controls=["rest-open"], fail_on="critical")
    assert found["failing"] == {"a": ["rest-open"], "b": []}
    assert list(found["failed_hosts"]) == ["a"]
    assert found["policy"]["a"] == judged.POLICY
    assert found["counts"]["waived"] == 1


def test_controls_can_be_left_out(run):
    found, _shown = run({"web1": {"look": result()}}, skip=["secret-*", "*-open"])
    assert sum(found["counts"].values()) == len(_table.chosen([], ["secret-*", "*-open"]))
