from __future__ import annotations

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._boot_guard import ports as _ports


def test_ports_of_the_servers_own_file(home):
    path = home / "conf" / "red5.properties"
    path.write_text("http.port=80\nrtmp.port = 1936 \nserver.srt_port=4201\n")
    assert _ports.of(str(home)) == {"tcp": {80, 5443, 1936, 8443}, "udp": {4201}}


@pytest.mark.parametrize("text", ["http.port=x\n", "http.port=0\n", "http.port=65536\n", "\\u12"])
def test_ports_of_a_file_that_names_none(home, text):
    (home / "conf" / "red5.properties").write_text(text)
    assert _ports.of(str(home)) == {"tcp": {5080, 5443, 1935, 8443}, "udp": {4200}}


def test_ports_without_a_file(tmp_path):
    assert 5080 in _ports.of(str(tmp_path))["tcp"]
