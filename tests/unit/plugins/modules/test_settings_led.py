"""What the server's account lays out in its folders, and root then runs the module there."""

from __future__ import annotations

import os
import stat
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.modules import cutover, facts, settings

from tests.kit import madeup
from tests.kit.accounts import ACCOUNT, Exchange, give, make_link, only_root, snapshot

SECRET = "never-to-be-seen"
FILE = "webapps/LiveApp/WEB-INF/red5-web.properties"
POLICY = {"app_defaults": {"rest_cidrs": ["127.0.0.1"]}, "apply": "defer"}

pytestmark = only_root


@pytest.fixture
def home(base):
    """An installation that belongs to the account, all of it."""
    home = madeup.home(base / "antmedia", apps=["LiveApp"])
    give(home)
    return home


@pytest.fixture
def victim(base):
    """A file of root's."""
    path = base / "victim"
    path.write_text(f"root={SECRET}\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def secure(call, home):
    def run(**policy):
        return call(settings, home=str(home), **{**POLICY, **policy})

    return run


def beside(home, suffix):
    path = home / FILE
    return path.with_name(f".{path.name}.streamward-{suffix}")


def unharmed(victim, home):
    seen = victim.stat()
    assert (seen.st_uid, stat.S_IMODE(seen.st_mode), seen.st_nlink) == (0, 0o600, 1)
    assert victim.read_text() == f"root={SECRET}\n"
    for path in home.rglob("*"):
        if path.is_file() and not path.is_symlink():
            assert SECRET.encode() not in path.read_bytes(), path


def test_undisturbed(secure, home):
    assert secure()["changed"]
    assert {path.lstat().st_uid for path in home.rglob("*")} == {ACCOUNT}
    assert not secure()["changed"]


@pytest.mark.parametrize("suffix", ["old", "before", "new", "copy", "stopped"])
def test_a_link_in_the_place_of_what_a_killed_run_left(secure, home, victim, suffix):
    make_link(beside(home, suffix), victim, ACCOUNT)
    result = secure()
    unharmed(victim, home)
    if suffix in ("old", "before"):
        assert result["failed"]
        assert "is a symbolic link; put a file in its place" in result["msg"]


@pytest.mark.parametrize("suffix", ["old", "before"])
def test_a_hard_link_in_the_place_of_what_a_killed_run_left(secure, home, victim, suffix):
    """As it can be made where the kernel does not protect them."""
    os.link(victim, beside(home, suffix))
    result = secure()
    for name in ("old", "before"):
        beside(home, name).unlink(missing_ok=True)
    unharmed(victim, home)
    assert result["failed"], result


@pytest.mark.parametrize(
    "name",
    [
        FILE,
        "webapps/LiveApp/WEB-INF",
        "webapps/LiveApp",
        "webapps",
        "conf",
        "conf/red5.properties",
        "conf/jee-container.xml",
        "conf/logback.xml",
        "ant-media-server.jar",
        "plugins",
        "server.db",
    ],
)
@pytest.mark.parametrize("target", ["file", "folder", "zero", "self"])
def test_a_link_anywhere(secure, call, home, victim, base, name, target):
    path = home / name
    aside = base / "aside"
    if path.exists():
        path.rename(aside)
    folder = base / "folder"
    folder.mkdir(mode=0o700)
    targets = {"file": victim, "folder": folder, "zero": "/dev/zero", "self": path.name}
    path.symlink_to(targets[target])
    os.lchown(path, ACCOUNT, ACCOUNT)
    before = snapshot(folder)
    for result in (secure(), call(facts, home=str(home))):
        assert SECRET not in str(result)
    unharmed(victim, home)
    assert snapshot(folder) == before


@pytest.mark.parametrize(
    "name",
    [
        FILE,
        "conf/red5.properties",
        "conf/jee-container.xml",
        "conf/logback.xml",
        "ant-media-server.jar",
        "log/antmedia-error.log",
    ],
)
@pytest.mark.parametrize("kind", ["pipe", "folder", "large"])
def test_no_file_or_a_very_large_one(secure, call, home, name, kind):
    path = home / name
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if kind == "pipe":
        os.mkfifo(path, 0o666)
    elif kind == "folder":
        path.mkdir()
    else:
        path.write_bytes(b"")
        os.truncate(path, 300 << 20)
    os.chown(path, ACCOUNT, ACCOUNT)
    for result in (secure(), call(facts, home=str(home))):
        if "log" in name:
            assert not result["failed"]
            continue
        assert result["failed"]
        (fault,) = result["faults"]
        assert name in fault
        reasons = {"pipe": "is a pipe", "folder": "Is a directory", "large": "has more than 1 MiB"}
        if name.endswith(".jar") and kind == "large":
            reasons = {"large": "File is not a zip file"}
        assert reasons[kind] in fault


def test_an_archive_that_unfolds(secure, home):
    path = home / "ant-media-server.jar"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as jar:
        jar.writestr("META-INF/MANIFEST.MF", b"a: b\r\n" * (50 << 20))
    assert path.stat().st_size < 4 << 20
    result = secure()
    assert result["faults"] == [
        f"home: {home} is not an Ant Media Server: {path}: its manifest has more than 64 KiB"
    ]


def test_a_log_whose_name_the_account_wrote_down(home, victim, monkeypatch):
    """Lines of the log are shown when a start fails: root must not show those of any file."""
    from ansible_collections.streamward.antmedia.plugins.module_utils._host import log as _log

    victim.write_text("ERROR " + SECRET)
    named = victim.parent / "ant-media-server.log"
    victim.rename(named)
    (home / "conf" / "logback.xml").write_text(f"<File>{named}</File>")
    os.chown(home / "conf" / "logback.xml", ACCOUNT, ACCOUNT)
    log = _log.Log(str(home), since=0)
    assert log.server.path == str(named)
    assert log.trouble([]) == []
    os.chown(named, ACCOUNT, ACCOUNT)
    assert log.trouble([]) == ["ERROR " + SECRET]


def test_a_forged_result_of_a_cutover(call, home, monkeypatch, base):
    from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
        cutover as _cutover,
    )

    monkeypatch.setattr(_cutover, "RUN", str(base / "run"))
    (home / "conf" / _cutover.RESULT).write_text('{"ansible_facts": {"x": 1}, "warnings": []}')
    result = call(cutover, home=str(home), timeout=0)
    assert result["failed"]
    assert "ansible_facts" not in result


# --- links that an operator has made ---


def test_links_of_root_and_of_the_account_work(secure, home, base):
    """The applications on another disk, and a file among those of the operator."""
    data = base / "data"
    (home / "webapps").rename(data)
    (home / "webapps").symlink_to(data)
    kept = base / "kept"
    kept.mkdir()
    (data / "LiveApp" / "WEB-INF" / "red5-web.properties").rename(kept / "LiveApp.properties")
    (home / FILE).symlink_to(kept / "LiveApp.properties")
    conf = home / "conf" / "red5.properties"
    conf.rename(home / "server.properties")
    make_link(conf, "../server.properties", ACCOUNT)
    result = secure(dashboard_cidrs=["127.0.0.1"])
    assert not result["failed"], result["msg"]
    assert b"remoteAllowedCIDR=127.0.0.1" in (kept / "LiveApp.properties").read_bytes()
    assert b"allowed_dashboard_CIDR=127.0.0.1" in (home / "server.properties").read_bytes()
    for path in (home / FILE, home / "webapps", conf):
        assert path.is_symlink()
    assert (kept / "LiveApp.properties").stat().st_uid == ACCOUNT
    assert not secure(dashboard_cidrs=["127.0.0.1"])["changed"]


def test_a_file_that_root_has_edited_goes_to_the_account(secure, home):
    os.chown(home / FILE, 0, 0)
    (home / FILE).chmod(0o644)
    result = secure()
    assert not result["failed"]
    assert "owner" in [change["key"] for change in result["changes"]]
    assert (home / FILE).stat().st_uid == ACCOUNT
    assert beside(home, "old").stat().st_uid == ACCOUNT


def test_a_file_that_the_account_cannot_read_is_told(secure, home):
    os.chown(home / FILE, 0, 0)
    (home / FILE).chmod(0o600)
    before = snapshot(home)
    result = secure()
    (fault,) = result["faults"]
    assert f"{home / FILE}: Permission denied for account {ACCOUNT}" in fault
    assert snapshot(home) == before


# --- while the module works ---


@pytest.mark.parametrize("name", [FILE, "webapps/LiveApp/WEB-INF", "webapps", "conf"])
def test_whatever_is_exchanged_meanwhile_the_module_ends_with_one_clear_error(
    secure, home, victim, base, name
):
    def run(step):
        other = ["127.0.0.1", f"10.0.{step % 250}.0/24"]
        with pytest.MonkeyPatch.context() as patch:
            exchange = Exchange(patch, step, deed, ["open"])
            result = secure(
                mark_unproved=True,
                allow_lockout=True,
                dashboard_cidrs=other,
                app_defaults={"rest_cidrs": other},
            )
        return result, exchange.count

    def deed():
        (home / name).rename(base / "aside")
        make_link(home / name, victim, ACCOUNT)

    result, calls = run(0)
    assert result["changed"] and calls > 200
    failed = 0
    for step in range(1, calls, 7):
        result, _calls = run(step)
        failed += result["failed"]
        if result["failed"]:
            assert result["msg"].strip(), step
        unharmed(victim, home)
        if (base / "aside").exists():
            (home / name).unlink()
            (base / "aside").rename(home / name)
        for path in home.rglob(".*streamward*"):
            path.unlink()
    assert failed > 3
