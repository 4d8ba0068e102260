from __future__ import annotations

import json
import stat

import pytest
from ansible_collections.streamward.antmedia.plugins.plugin_utils._controls import (
    run as _run,
    table as _table,
)
from ansible_collections.streamward.antmedia.plugins.plugin_utils._report.audit import formats

from tests.kit import audited, judged, madeup
from tests.kit.places import ROOT

FOLDER = ROOT / "plugins/plugin_utils/_report/audit"


def test_every_file_is_a_format():
    assert set(formats.FORMATS) == {path.stem[3:] for path in FOLDER.glob("as_*.py")}
    names = [each.NAME for each in formats.FORMATS.values()]
    assert len(set(names)) == len(names)
    assert all(name.startswith("{title}.") for name in names)


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_format_is_written_for_the_operator_alone(name, tmp_path):
    path = formats.write(judged.audit(), name, tmp_path / "reports")
    assert path == formats.path("audit", name, tmp_path / "reports")
    assert path.read_text("utf-8") == formats.FORMATS[name].render(judged.audit())
    assert stat.S_IMODE(path.stat().st_mode) == formats.MODE


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("text", judged.HOSTILE)
def test_a_format_takes_whatever_a_host_says(name, text):
    formats.FORMATS[name].render(judged.hostile(text)).encode("utf-8")


@pytest.mark.parametrize("name", formats.FORMATS)
@pytest.mark.parametrize("text", judged.RAW)
def test_a_format_takes_what_no_run_leaves_in(name, text):
    formats.FORMATS[name].render(judged.raw(text)).encode("utf-8")


@pytest.mark.parametrize("name", formats.FORMATS)
def test_a_format_takes_no_hosts_at_all(name):
    formats.FORMATS[name].render(judged.audit([]))


def test_the_page_names_every_format():
    page = (ROOT / "docs/audit.md").read_text("utf-8")
    rows = {
        name: f"| `{name}` | `{each.NAME.format(title='audit')}` |"
        for name, each in formats.FORMATS.items()
    }
    assert [name for name, row in rows.items() if row not in page] == []


def test_json_is_what_the_next_run_reads():
    assert json.loads(formats.FORMATS["json"].render(judged.audit()))["kind"]


@pytest.fixture
def secret_host(tmp_path, call, monkeypatch):
    """A host with secrets of which some are short, or printed in the vendor's documentation."""
    audited.stub(monkeypatch)
    host = audited.made_up(tmp_path, call)
    host.enterprise()
    host.server({"server.jwtServerControlEnabled": "true", "server.jwtServerSecretKey": SHORT})
    host.apps({"jwtControlEnabled": "true", "jwtSecretKey": madeup.SECRETS["rest"]})
    host.app(
        {
            "publishTokenControlEnabled": "false",
            "publishJwtControlEnabled": "true",
            "playJwtControlEnabled": "true",
            "jwtStreamSecretKey": SHORT,
            "tokenHashSecret": SHORT + "2",
        }
    )
    return host


SHORT = "zebra-77"


def test_no_secret_is_in_any(secret_host):
    audit = _run.run([secret_host.evidence(), secret_host.evidence("b")], _table.controls(), 0)
    failing = {control.id for control, _hosts in audit.failing}
    assert {"secret-short", "secret-shared"} & failing
    texts = {name: found.render(audit) for name, found in formats.FORMATS.items()}
    for secret in (SHORT, madeup.SECRETS["rest"]):
        assert [name for name, text in texts.items() if secret in text] == []
