"""Files of an installation that its account exchanges under root's hands, at every system call."""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import random
import shutil
import stat
import time
from pathlib import Path

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    properties as _properties,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
    installation as _installation,
    leftovers as _leftovers,
    log as _log,
    transaction as _transaction,
    unproved as _unproved,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._server import heal as _heal

from tests.kit import madeup
from tests.kit.accounts import ACCOUNT, Exchange, give, make_link, make_pipe, only_root, snapshot

SECRET = b"root.secret=never-to-be-seen\n"
FILE = "red5-web.properties"

pytestmark = only_root


@pytest.fixture
def victim(base):
    """A folder of root that has all the names that root might be led to."""
    folder = base / "victim"
    for path in ("WEB-INF", "LiveApp/WEB-INF", "conf"):
        (folder / path).mkdir(parents=True)
        for name in (FILE, "red5.properties", "jee-container.xml", "logback.xml", "server.db"):
            for suffix in ("", ".streamward-new", ".streamward-before", ".streamward-old"):
                hidden = "." if suffix else ""
                file = folder / path / f"{hidden}{name}{suffix}"
                file.write_bytes(SECRET)
                file.chmod(0o600)
        file = folder / path / "open"
        file.write_bytes(b"open=1\n")
        file.chmod(0o644)
    return folder


def stolen(folder):
    """Files of the account, or that it can read, that hold what only root may read."""
    found = []
    for path in Path(folder).rglob("*"):
        status = path.lstat()
        theirs = status.st_uid == ACCOUNT or status.st_mode & 0o004
        if theirs and stat.S_ISREG(status.st_mode) and SECRET.strip() in path.read_bytes():
            found.append(str(path))
    return found


def to_link(path, target):
    """Have a link of the account in the place of something."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.is_symlink() or path.exists():
        path.unlink()
    make_link(path, target, ACCOUNT)


def to_hard_link(path, target):
    path.unlink(missing_ok=True)
    os.link(target, path)


def to_pipe(path, _target):
    path.unlink(missing_ok=True)
    make_pipe(path, ACCOUNT)


def beside(suffix):
    return f"webapps/LiveApp/WEB-INF/.{FILE}.streamward-{suffix}"


# What is exchanged, for what of the victim's, and how.
EXCHANGES = {
    "file for a link": (f"webapps/LiveApp/WEB-INF/{FILE}", f"WEB-INF/{FILE}", to_link),
    "file for a link to what all may read": (
        f"webapps/LiveApp/WEB-INF/{FILE}",
        "WEB-INF/open",
        to_link,
    ),
    "file for a hard link": (f"webapps/LiveApp/WEB-INF/{FILE}", f"WEB-INF/{FILE}", to_hard_link),
    "file for a hard link to what all may read": (
        f"webapps/LiveApp/WEB-INF/{FILE}",
        "WEB-INF/open",
        to_hard_link,
    ),
    "file for a pipe": (f"webapps/LiveApp/WEB-INF/{FILE}", "", to_pipe),
    "folder for a link": ("webapps/LiveApp/WEB-INF", "WEB-INF", to_link),
    "application for a link": ("webapps/LiveApp", "LiveApp", to_link),
    "all applications for a link": ("webapps", "", to_link),
    "conf for a link": ("conf", "conf", to_link),
    "new file for a link": (beside("new"), f"WEB-INF/{FILE}", to_link),
    "new file for a hard link": (beside("new"), "WEB-INF/open", to_hard_link),
    "file before for a link": (beside("before"), f"WEB-INF/{FILE}", to_link),
    "file before for a hard link": (beside("before"), f"WEB-INF/{FILE}", to_hard_link),
    "old file for a link": (beside("old"), f"WEB-INF/{FILE}", to_link),
    "old file for a hard link": (beside("old"), f"WEB-INF/{FILE}", to_hard_link),
    "old file for a hard link to what all may read": (beside("old"), "WEB-INF/open", to_hard_link),
    "old file for a pipe": (beside("old"), "", to_pipe),
    "copy for a link": (beside("copy"), f"WEB-INF/{FILE}", to_link),
}

# How a run may end. With KeyError: LiveApp is no application any more.
ERRORS = (OSError, KeyError, _installation.InstallationError, _properties.PropertiesError)

CALLS = ("open", "stat", "fstat", "link", "rename", "unlink", "readlink", "fsync", "listdir")


def plan_of(home):
    files = dict(_installation.observe(str(home)).files())
    return [
        _files.NewFile(app, f, f.data + b"more=1\n", f.mode & 0o640, f.uid, f.gid)
        for app, f in files.items()
    ]


def everything(home):
    """All that a run does with the files of an installation."""
    found = _installation.observe(str(home))
    paths = [file.path for _app, file in found.files()]
    transaction = _transaction.Transaction(plan_of(home))
    _leftovers.stopping(paths)
    _unproved.mark(str(home))
    transaction.prepare()
    transaction.commit()
    transaction.seclude()
    for path, _when in _leftovers.left_behind(paths):
        _leftovers.read_old(path)
    _log.Log(str(home)).trouble([])
    _heal.rewrite(dataclasses.replace(found.apps["LiveApp"], data=b"again=1\n"))
    _transaction.put_back(paths)
    _leftovers.clean(paths)


@pytest.fixture
def home_of_the_account(base):
    """Makes the installation of the account anew, each time it is called."""

    def make():
        home = base / "antmedia"
        if home.exists():
            shutil.rmtree(home)
        madeup.home(home, apps=["LiveApp"])
        (home / "conf" / "logback.xml").write_text("<File>log/ant-media-server.log</File>")
        (home / "log").mkdir()
        (home / "log" / "ant-media-server.log").write_text("ERROR of the server\n")
        give(home)
        return home

    return make


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.long, id="every call"), 11])
@pytest.mark.parametrize("name", EXCHANGES)
def test_whenever_something_is_exchanged_root_is_not_led_there(
    victim, home_of_the_account, name, stride
):
    where, target, how = EXCHANGES[name]
    before = snapshot(victim)
    first = list(EXCHANGES).index(name) % stride
    for step in itertools.count(1 + first, stride):
        home = home_of_the_account()

        def deed(home=home):
            if (home / where).parent.is_dir() and not (home / where).parent.is_symlink():
                how(home / where, victim / target)

        with pytest.MonkeyPatch.context() as patch:
            exchange = Exchange(patch, step, deed, CALLS)
            with contextlib.suppress(*ERRORS):
                everything(home)
        assert os.geteuid() == 0
        assert snapshot(victim) == before, step
        assert stolen(home) == [], step
        if not exchange.done:
            break
    assert step > 300


def test_undisturbed_all_of_it_works(home_of_the_account):
    home = home_of_the_account()
    path = home / "webapps" / "LiveApp" / "WEB-INF" / FILE
    before = snapshot(home)
    everything(home)
    after = snapshot(home)
    assert path.read_bytes() == before[str(path.relative_to(home))][4]
    assert {owner for _mode, owner, *_rest in after.values()} == {ACCOUNT}
    assert set(after) - set(before) == {"conf/.streamward-unproved"}


# --- a process of the account, as fast as it can ---


def attack(home, victim, count):
    """Exchange one name after the other for a link, and put back what was there."""
    folder = home / "webapps" / "LiveApp" / "WEB-INF"
    names = [
        (folder / FILE, victim / "WEB-INF" / FILE),
        (folder, victim / "WEB-INF"),
        (folder.parent, victim / "LiveApp"),
        (folder / f".{FILE}.streamward-old", victim / "WEB-INF" / FILE),
        (folder / f".{FILE}.streamward-before", victim / "WEB-INF" / "open"),
        (folder / f".{FILE}.streamward-new", victim / "WEB-INF" / FILE),
    ]
    chance = random.Random(1)
    link, aside = home / "link", home / "aside"
    while count:
        name, target = chance.choice(names)
        # Now and then long enough for a run to get through, or far.
        time.sleep(chance.random() / (2000 if chance.random() < 0.97 else 40))
        with contextlib.suppress(OSError):
            os.symlink(target, link)
            if os.path.lexists(name):
                os.rename(name, aside)
            os.rename(link, name)
            count -= 1
            time.sleep(chance.random() / 2000)
        with contextlib.suppress(OSError):
            os.unlink(name)
        with contextlib.suppress(OSError):
            os.rename(aside, name)
        for left in (link, aside):
            with contextlib.suppress(OSError):
                os.unlink(left)
        with contextlib.suppress(OSError):
            if os.path.islink(folder / FILE):
                os.unlink(folder / FILE)
            if not (folder / FILE).exists():
                (folder / FILE).write_bytes(b"jwtControlEnabled=true\n")


def test_ten_thousand_exchanges_at_random(victim, home_of_the_account):
    before = snapshot(victim)
    home = home_of_the_account()
    child = os.fork()
    if not child:
        try:
            os.setgroups([])
            os.setresgid(ACCOUNT, ACCOUNT, ACCOUNT)
            os.setresuid(ACCOUNT, ACCOUNT, ACCOUNT)
            attack(home, victim, 10_000)
            os._exit(0)
        finally:
            os._exit(1)
    runs = whole = ended = status = 0
    while not ended:
        ended, status = os.waitpid(child, os.WNOHANG)
        runs += 1
        with contextlib.suppress(*ERRORS):
            everything(home)
            whole += 1
    assert status == 0
    assert whole < runs, "nothing was ever exchanged under its hands"
    assert snapshot(victim) == before
    assert stolen(home) == []
