from __future__ import annotations

import shlex
import shutil

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._host import firewall as _firewall

PORTS = {"tcp": {5080, 1935}, "udp": {4200}}


@pytest.fixture
def nft(tmp_path, monkeypatch):
    """An nft that does as it is told to and writes down what it was asked and given."""
    given = tmp_path / "given"
    path = tmp_path / "nft"
    monkeypatch.setenv("PATH", str(tmp_path))

    def say(text="", code=0):
        script = (
            '#!/bin/sh\n{{ echo "$@"; [ "$1" = list ] || {cat}; }} > {0}\necho \'{1}\'\nexit {2}\n'
        )
        cat = shutil.which("cat", path="/bin:/usr/bin")
        path.write_text(script.format(shlex.quote(str(given)), text, code, cat=cat))
        path.chmod(0o755)

    say.given = lambda: given.read_text().partition("\n")
    say()
    return say


def test_the_table():
    assert _firewall.rules(PORTS) == (
        """\
table inet streamward_boot_guard
delete table inet streamward_boot_guard
table inet streamward_boot_guard {
    chain input {
        type filter hook input priority -10
        policy accept
        iifname != "lo" tcp dport { 1935, 5080 } reject with tcp reset
        iifname != "lo" udp dport { 4200 } drop
    }
    chain output {
        type filter hook output priority -10
        policy accept
        oifname "lo" tcp dport { 1935, 5080 } meta skuid != 0 reject with tcp reset
        oifname "lo" udp dport { 4200 } meta skuid != 0 drop
    }
}
"""
    )


def test_ssh_is_never_shut_out():
    text = _firewall.rules({"tcp": {22, 1935}, "udp": {22}})
    assert "tcp dport { 1935 } " in text
    assert "udp" not in text


def test_close_and_open(nft):
    _firewall.close(PORTS)
    assert nft.given() == ("-f -", "\n", _firewall.rules(PORTS))
    _firewall.open_again()
    name = _firewall.TABLE
    # Taking away what is not there is an error of nft, so it is made first.
    assert nft.given() == ("-f -", "\n", f"table {name}\ndelete table {name}\n")


def test_trying_out_puts_nothing_in_force(nft):
    _firewall.closable(PORTS)
    assert nft.given() == ("-c -f -", "\n", _firewall.rules(PORTS))


@pytest.mark.parametrize(("code", "closed"), [(0, True), (1, False)])
def test_closed(nft, code, closed):
    nft("", code)
    assert _firewall.closed() is closed
    assert nft.given()[0] == "list table inet streamward_boot_guard"


@pytest.mark.parametrize("work", [_firewall.close, _firewall.closable])
def test_what_nft_says_is_told(nft, work):
    nft("Error: Operation not permitted\n more", 1)
    with pytest.raises(_firewall.FirewallError, match=r"^nft: Error: Operation not permitted$"):
        work(PORTS)


def test_an_nft_that_cannot_be_run(nft, tmp_path):
    (tmp_path / "nft").write_text("#!/nowhere\n")
    with pytest.raises(_firewall.FirewallError, match=r"^nft: No such file or directory$"):
        _firewall.close(PORTS)


def test_without_nft(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda *_ignored, **_more: None)
    with pytest.raises(_firewall.FirewallError, match="install the package nftables"):
        _firewall.close(PORTS)
    _firewall.open_again()  # there can be no rules
    assert not _firewall.closed()
