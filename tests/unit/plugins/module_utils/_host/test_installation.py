from __future__ import annotations

import os
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import versions as _versions
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)

observe = _installation.observe


def faults_of(home):
    with pytest.raises(_installation.InstallationError) as caught:
        observe(str(home))
    assert str(caught.value) == "; ".join(caught.value.faults)
    return caught.value.faults


def write_jar(home, manifest):
    with zipfile.ZipFile(home / _installation.JAR, "w") as jar:
        jar.writestr("META-INF/MANIFEST.MF", manifest)


def test_a_home_as_it_is_shipped(home):
    found = observe(str(home))
    assert found.home == str(home)
    assert found.version == (2, 17, 1)
    assert found.version_text == "2.17.1"
    assert found.edition == "community"
    assert list(found.apps) == ["LiveApp", "events"]  # not the panel
    assert not found.clustered
    assert found.container is None
    assert (found.uid, found.gid) == (os.getuid(), os.getgid())
    assert [app for app, _file in found.files()] == ["", "LiveApp", "events"]
    assert found.server.document.get("http.port") == "5080"
    assert found.apps["LiveApp"].document.get("webapp.contextPath") == "/LiveApp"
    assert found.apps["events"].path == str(
        home / "webapps" / "events" / "WEB-INF" / "red5-web.properties"
    )
    assert not found.server.link


def test_mode_and_owner_are_those_of_the_file(home):
    path = home / "conf" / "red5.properties"
    path.chmod(0o4640)
    assert observe(str(home)).server.mode == 0o4640


def test_slashes_behind_the_home_do_not_matter(home):
    assert observe(str(home) + "//").home == str(home)


def test_the_enterprise_edition(fake, tmp_path):
    home = fake.home(tmp_path / "a[b]*c", edition="enterprise", apps=["x"])
    found = observe(str(home))
    assert found.edition == "enterprise"
    assert list(found.apps) == ["x"]


def test_a_folder_without_settings_is_no_application(home):
    (home / "webapps" / "upload").mkdir()
    assert list(observe(str(home)).apps) == ["LiveApp", "events"]


def test_a_home_without_applications(fake, tmp_path):
    found = observe(str(fake.home(tmp_path / "home", apps=[])))
    assert found.apps == {}


@pytest.mark.parametrize(
    ("text", "clustered"),
    [
        ('<bean id="tomcat.cluster" />', True),
        ('<!-- <bean\nid="tomcat.cluster" /> -->', False),
        ("<!-- a --><bean id='tomcat.cluster' /><!-- b -->", True),
        ("", False),
    ],
)
def test_a_node_of_a_cluster(home, text, clustered):
    (home / "conf" / "jee-container.xml").write_text(text)
    found = observe(str(home))
    assert found.clustered is clustered
    assert found.container.data == text.encode()


def test_what_a_start_would_use(home):
    path = home / "webapps" / "LiveApp" / "WEB-INF" / "red5-web.properties"
    path.write_bytes(path.read_bytes() + b"\nsettings.ipFilterEnabled=false\nipFilterEnabled=\n")
    found = observe(str(home))
    assert found.effective("LiveApp", "ipFilterEnabled") == ""
    assert found.effective("events", "ipFilterEnabled") == "true"
    assert found.effective("events", "clusterCommunicationKey") is None
    assert found.effective("", "server.jwtServerControlEnabled") == "false"


@pytest.mark.parametrize(
    ("line", "number"), [("7", 7), (" 8 ", 8), ("", 5), ("x", 5), ("${port}", 5)]
)
def test_a_port(fake, line, number):
    found = fake.installation(server=b"http.port=" + line.encode())
    assert found.number("http.port", 5) == number
    assert found.number("absent", 5) == 5


# --- versions ---


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("2.17.1", (2, 17, 1)),
        (" 2.4.2.1 ", (2, 4, 2, 1)),
        ("3.0.3-SNAPSHOT", (3, 0, 3)),
        ("2.9", (2, 9)),
    ],
)
def test_versions(text, numbers):
    assert _versions.parse(text) == numbers


@pytest.mark.parametrize("text", ["", "2", "x2.1", "-"])
def test_no_versions(text):
    with pytest.raises(ValueError, match="is not a version"):
        _versions.parse(text)


# --- a home that is none ---


def test_no_folder(home):
    (home / "file").write_text("")
    for path in (home / "absent", home / "file"):
        assert faults_of(path) == [
            f"home: {path} is not a folder; set antmedia_home to where the server is"
        ]


@pytest.mark.parametrize(
    ("manifest", "reason"),
    [
        ("Manifest-Version: 1.0\n", "its manifest has no Implementation-Version"),
        ("Implementation-Version: x\n", "'x' is not a version"),
    ],
)
def test_a_jar_of_something_else(home, manifest, reason):
    write_jar(home, manifest)
    assert faults_of(home) == [
        f"home: {home} is not an Ant Media Server: {home}/ant-media-server.jar: {reason}"
    ]


def test_no_jar_a_broken_jar_and_one_without_manifest(home):
    jar = home / _installation.JAR
    jar.unlink()
    assert faults_of(home)[0].endswith("ant-media-server.jar: No such file or directory")
    jar.write_bytes(b"x")
    assert faults_of(home)[0].endswith("File is not a zip file")
    zipfile.ZipFile(jar, "w").close()
    assert "MANIFEST.MF" in faults_of(home)[0]


def test_every_file_that_cannot_be_read_is_named(home):
    server = home / "conf" / "red5.properties"
    server.unlink()
    server.mkdir()
    live, events = (
        home / "webapps" / name / "WEB-INF" / "red5-web.properties"
        for name in ("LiveApp", "events")
    )
    live.write_bytes(b"a=1\nb=\\u12\nc=3\n")
    events.unlink()
    events.symlink_to("gone")
    container = home / "conf" / "jee-container.xml"
    container.mkdir()
    assert faults_of(home) == [
        f"{server}: Is a directory",
        f"{live} line 2: malformed \\uXXXX escape, four hexadecimal digits are needed",
        f"{events}: No such file or directory",
        f"{container}: Is a directory",
    ]


def test_a_fault_never_holds_a_value(home):
    path = home / "conf" / "red5.properties"
    path.write_bytes(b"server.jwtServerSecretKey=top-secret\\u12\n")
    assert "top-secret" not in faults_of(home)[0]


def test_a_link_to_a_file_of_another_account_is_not_followed(home, monkeypatch):
    target = home / "elsewhere"
    path = home / "conf" / "red5.properties"
    path.rename(target)
    path.symlink_to(target)
    found = observe(str(home))
    assert found.server.link
    assert found.server.document.get("http.port") == "5080"
    real = os.stat
    monkeypatch.setattr(
        os,
        "stat",
        lambda path, **options: os.stat_result(
            [*real(path, **options)[:4], 4711, 4711, *real(path, **options)[6:]]
        ),
    )
    (fault,) = faults_of(home)
    assert fault.startswith(f"{path}: is a link to a file of another account")


def test_nothing_of_it_shows_what_files_hold(home):
    path = home / "conf" / "red5.properties"
    path.write_bytes(b"server.jwtServerSecretKey=top-secret\n")
    assert "top-secret" not in repr(observe(str(home)))
