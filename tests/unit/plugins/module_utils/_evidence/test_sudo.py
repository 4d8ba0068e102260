from __future__ import annotations

import pwd

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._evidence import sudo as _sudo

DAEMON = pwd.getpwnam("daemon")
SHIPPED = "daemon ALL=(ALL) NOPASSWD: /bin/bash enable_ssl.sh*\n"


@pytest.fixture
def rules(tmp_path, scene, monkeypatch):
    """What is told of rules, the last of which stand in a file of their own."""
    main, folder = tmp_path / "sudoers", tmp_path / "sudoers.d"
    folder.mkdir()
    monkeypatch.setattr(_sudo, "MAIN", str(main))
    monkeypatch.setattr(_sudo, "FOLDER", str(folder))

    def look(text, name="antmedia", before="", uid=DAEMON.pw_uid):
        main.write_text(before)
        (folder / name).write_text(text)
        return _sudo.look(scene(uid=uid))

    return look


def test_what_the_installer_writes(rules, tmp_path):
    assert rules(SHIPPED) == [
        {
            "where": f"{tmp_path}/sudoers.d/antmedia line 1",
            "who": "daemon",
            "runs_as": "ALL",
            "free": True,
            "commands": ["/bin/bash enable_ssl.sh*"],
        }
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("daemon ALL=ALL\n", ("daemon", "root", False, ["ALL"])),
        ("%daemon\tALL = (root:adm) /bin/a, /bin/b\n", ("%daemon", "root:adm", False, None)),
        (f"#{DAEMON.pw_uid} ALL=(ALL) ALL\n", (f"#{DAEMON.pw_uid}", "ALL", False, ["ALL"])),
        ("ALL ALL=NOPASSWD: /bin/a\n", ("ALL", "root", True, ["/bin/a"])),
        ("daemon ALL=NOPASSWD: \\\n  /bin/a\n", ("daemon", "root", True, ["/bin/a"])),
    ],
)
def test_forms_of_a_rule(rules, text, expected):
    (row,) = rules(text)
    who, runs_as, free, commands = expected
    assert (row["who"], row["runs_as"], row["free"]) == (who, runs_as, free)
    assert row["commands"] == (commands or ["/bin/a", "/bin/b"])


@pytest.mark.parametrize(
    "text",
    [
        "root ALL=(ALL:ALL) ALL\n",
        "%sudo ALL=(ALL:ALL) ALL\n",
        "# daemon ALL=ALL\n",
        "Defaults daemon=x\n",
        "Cmnd_Alias daemon = /bin/a\n",
        "daemon\n",
        "",
    ],
)
def test_what_is_no_rule_of_the_account(rules, text):
    assert rules(text) == []


def test_files_that_sudo_leaves_out(rules):
    assert rules(SHIPPED, "antmedia.bak") == rules(SHIPPED, "antmedia~") == []


def test_the_main_file_counts_too(rules, tmp_path):
    (row,) = rules("", before="\n" + SHIPPED)
    assert row["where"] == f"{tmp_path}/sudoers line 2"


def test_root_needs_no_rule(rules):
    assert rules("root ALL=ALL\n", uid=0) == []
