from __future__ import annotations

import dataclasses

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    pattern as _pattern,
    secret as _secret,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._ams.properties import Document
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    compile as _compile,
    plan as _plan,
    proxies as _proxies,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy.wanted import Wanted
from hypothesis import assume, given, strategies as st

APP = "LiveApp"
ERAS = ("2.4.3", "2.6.1", "2.6.2", "2.17.1", "3.0.3")


def needs(plan):
    """What the changes of a plan need to be in force."""
    return {change.apply for change in plan.changes}


@pytest.fixture
def plan(fake):
    """The plan for one application's file of a version, and what the file holds then."""

    def make(version, text, **wanted):
        found = fake.installation(version, apps={APP: text})
        made = _plan.make_plan(found, Wanted({}, {APP: wanted}))
        data = made.files[0].data if made.files else text
        return [change_of(change) for change in made.changes], data, made

    return make


def change_of(change):
    return change.key, change.old, change.new, change.reason, change.apply


def carried_out(installation, plan):
    """The installation as it is once the plan is carried out."""

    def file(app, old):
        for new in plan.files:
            if new.old is old:
                return dataclasses.replace(
                    old,
                    data=new.data,
                    document=Document.parse(new.data),
                    mode=new.mode,
                    uid=new.uid,
                    gid=new.gid,
                )
        return old

    return dataclasses.replace(
        installation,
        server=file("", installation.server),
        apps={app: file(app, old) for app, old in installation.apps.items()},
    )


# --- the eras ---


@pytest.mark.parametrize(
    ("version", "text", "changes", "after"),
    [
        # Up to 2.6.1 only the legacy key is read, and a bare one is in the way of an upgrade.
        (
            "2.6.1",
            b"a=1\njwtControlEnabled=false\n",
            [
                ("settings.jwtControlEnabled", None, "true", "value", "live"),
                ("jwtControlEnabled", "false", None, "twin", "none"),
            ],
            b"a=1\nsettings.jwtControlEnabled=true\n",
        ),
        (
            "2.6.1",
            b"settings.jwtControlEnabled=true",
            [],
            b"settings.jwtControlEnabled=true",
        ),
        # From 2.6.2 the bare one wins.
        (
            "2.6.2",
            b"settings.jwtControlEnabled=true\nb=2",
            [
                ("jwtControlEnabled", None, "true", "spelling", "none"),
                ("settings.jwtControlEnabled", "true", None, "twin", "none"),
            ],
            b"b=2\njwtControlEnabled=true\n",
        ),
        (
            "2.17.1",
            b"jwtControlEnabled=true\nsettings.jwtControlEnabled=false\n",
            [("settings.jwtControlEnabled", "false", None, "twin", "none")],
            b"jwtControlEnabled=true\n",
        ),
        (
            "2.17.1",
            b"settings.jwtControlEnabled=true\njwtControlEnabled=\n",
            [
                ("jwtControlEnabled", "", "true", "value", "live"),
                ("settings.jwtControlEnabled", "true", None, "twin", "none"),
            ],
            b"jwtControlEnabled=true\n",
        ),
        # From 3.0.0 the legacy key is not read at all.
        (
            "3.0.3",
            b"settings.jwtControlEnabled=true\n",
            [
                ("jwtControlEnabled", None, "true", "value", "live"),
                ("settings.jwtControlEnabled", "true", None, "twin", "none"),
            ],
            b"jwtControlEnabled=true\n",
        ),
    ],
)
def test_spelling_by_era(plan, version, text, changes, after):
    found, data, _made = plan(version, text, jwtControlEnabled="true")
    assert found == changes
    assert data == after


def test_one_key_for_both_directions_up_to_2_6_1(plan):
    text = b"settings.tokenControlEnabled=true\n"
    off = {"playTokenControlEnabled": "false", "publishTokenControlEnabled": "false"}
    found, data, _made = plan("2.6.1", text, **off)
    assert found == [
        ("settings.playTokenControlEnabled", None, "false", "value", "live"),
        ("settings.publishTokenControlEnabled", None, "false", "value", "live"),
    ]
    assert data.startswith(text)
    found, _data, _made = plan("2.6.2", text, **off)
    assert {change[3:] for change in found} == {("explicit", "none")}


# --- reasons ---


def test_what_held_by_default_is_written_down(plan):
    found, data, made = plan("2.17.1", b"", ipFilterEnabled="true", remoteAllowedCIDR="127.0.0.1")
    assert found == [
        ("ipFilterEnabled", None, "true", "explicit", "none"),
        ("remoteAllowedCIDR", None, "127.0.0.1", "explicit", "none"),
    ]
    assert data == b"ipFilterEnabled=true\nremoteAllowedCIDR=127.0.0.1\n"
    assert needs(made) <= {"none"}


def test_a_default_of_a_setting_that_guards_nothing_is_not_relied_on(plan):
    found, _data, made = plan("2.17.1", b"", hlsTime="2")
    assert found == [("hlsTime", None, "2", "value", "live")]
    assert needs(made) == {"live"}


def test_a_default_is_that_of_the_version(plan):
    assert plan("2.4.3", b"", dataChannelEnabled="true")[0][0][3] == "value"
    assert plan("2.5.0", b"", dataChannelEnabled="true")[0][0][3] == "explicit"


@pytest.mark.parametrize(
    ("text", "name", "wanted"),
    [
        (b"jwtControlEnabled= YES ", "jwtControlEnabled", "true"),
        (b"createPreviewPeriod=5000     ", "createPreviewPeriod", "5000"),
        (
            b"remoteAllowedCIDR=127.0.0.1 , 10.0.0.0/8\n",
            "remoteAllowedCIDR",
            "10.0.0.0/8,127.0.0.1",
        ),
        (b'customSettings={"b"\\:1, "a"\\:2}', "customSettings", '{"a":2,"b":1}'),
    ],
)
def test_the_same_in_other_words_is_left_alone(plan, text, name, wanted):
    found, data, made = plan("2.17.1", text, **{name: wanted})
    assert found == []
    assert data == text
    assert made == _plan.Plan((), ())


def test_a_list_of_which_the_server_drops_an_entry_is_replaced(plan):
    found, data, _made = plan(
        "2.17.1", b"remoteAllowedCIDR=127.0.0.1 \n", remoteAllowedCIDR="127.0.0.1"
    )
    assert found == [("remoteAllowedCIDR", "127.0.0.1 ", "127.0.0.1", "value", "live")]
    assert data == b"remoteAllowedCIDR=127.0.0.1\n"


def test_lines_of_the_same_key_become_one(plan):
    text = b"jwtSecretKey=a\nx=1\njwtSecretKey=b\ny=2\n"
    found, data, made = plan("2.17.1", text, jwtSecretKey="b")
    assert found == [("jwtSecretKey", "b", "b", "duplicate", "none")]
    assert data == b"x=1\njwtSecretKey=b\ny=2\n"
    assert needs(made) <= {"none"}


def test_a_text_the_server_cannot_read_is_replaced(plan):
    found, _data, _made = plan("2.17.1", b"ipFilterEnabled=\n", ipFilterEnabled="true")
    assert found == [("ipFilterEnabled", "", "true", "value", "live")]


def test_the_server_needs_a_restart(fake):
    found = fake.installation()
    made = _plan.make_plan(
        found,
        Wanted(
            {"server.allowed_dashboard_CIDR": "127.0.0.1"},
            {APP: {"jwtControlEnabled": "true"}, "events": {}},
        ),
    )
    assert [(c.app, c.key, c.apply) for c in made.changes] == [
        ("", "server.allowed_dashboard_CIDR", "restart"),
        (APP, "jwtControlEnabled", "live"),
    ]
    assert [file.app for file in made.files] == ["", APP]
    assert made.names == {
        "": {"server.allowed_dashboard_CIDR"},
        APP: {"jwtControlEnabled"},
        "events": set(),
    }


def test_no_wish_no_plan(fake):
    made = _plan.make_plan(fake.installation(), Wanted({}, {APP: {}, "events": {}}))
    assert made == _plan.Plan((), ())
    assert made.names == {"": set(), APP: set(), "events": set()}
    assert needs(made) <= {"none"}


# --- owner and mode ---


@pytest.fixture
def access(fake):
    """Changes of mode and owner for a file with a mode and an owner, on a host of uid 7."""

    def make(text, mode, uid=7, gid=7, link=False):
        found = fake.installation(apps={APP: text}, uid=7, gid=8)
        file = dataclasses.replace(found.apps[APP], mode=mode, uid=uid, gid=gid, link=link)
        server = dataclasses.replace(found.server, uid=7, gid=8)
        found = dataclasses.replace(found, apps={APP: file}, server=server)
        made = _plan.make_plan(found, Wanted({}, {APP: {}}))
        for new in made.files:
            assert new.data == text
        assert needs(made) <= {"none"}
        assert {change.reason for change in made.changes} <= {"access"}
        return [(c.key, c.old, c.new) for c in made.changes], [
            (new.mode, new.uid, new.gid) for new in made.files
        ]

    return make


@pytest.mark.parametrize("text", [b"a=1", b"jwtSecretKey=\n", b"db.password="])
def test_a_file_without_secrets_may_be_read(access, text):
    assert access(text, 0o644) == ([], [])


@pytest.mark.parametrize("text", [b"jwtSecretKey=x", b"settings.jwtSecretKey=x", b"db.password=x"])
def test_a_file_with_secrets_is_closed_to_others(access, text):
    assert access(text, 0o664) == ([("mode", "0664", "0660")], [(0o660, 7, 7)])
    assert access(text, 0o640) == ([], [])


def test_the_server_can_write_its_file(access):
    assert access(b"", 0o444) == ([("mode", "0444", "0644")], [(0o644, 7, 7)])


def test_a_file_that_somebody_edited_as_root_goes_back_to_the_server(access):
    assert access(b"", 0o644, 0, 0) == ([("owner", "0:0", "7:8")], [(0o644, 7, 8)])


def test_a_file_of_another_account_or_behind_a_link_keeps_its_owner(access):
    assert access(b"", 0o644, 9, 9) == ([], [])
    assert access(b"", 0o644, 0, 0, link=True) == ([], [])


def test_a_group_of_its_own_stays_where_the_server_runs_as_root(fake):
    found = fake.installation(uid=0, gid=0)
    file = dataclasses.replace(found.server, uid=0, gid=42)
    made = _plan.make_plan(
        dataclasses.replace(found, server=file), Wanted({}, {APP: {}, "events": {}})
    )
    assert made.files == ()


# --- trusted proxies ---


CONTAINER = b"""<beans xmlns="http://www.springframework.org/schema/beans">
  <bean class="org.apache.catalina.valves.RemoteIpValve" />
</beans>
"""


def test_trusted_proxies(fake):
    file = _files.PlainFile("/ams/conf/jee-container.xml", CONTAINER, 0o644, 3, 4)
    found = fake.installation(container=file)
    nothing = Wanted({}, {APP: {}, "events": {}})
    assert _plan.make_plan(found, nothing).proxies is False
    expression = _pattern.of(_proxies.compile_proxies(["10.0.0.1"]))
    wanted = Wanted({}, nothing.apps, proxies=expression)
    made = _plan.make_plan(found, wanted)
    assert [change_of(change) for change in made.changes] == [
        ("RemoteIpValve.internalProxies", None, expression, "value", "restart")
    ]
    assert made.proxies is True
    (new,) = made.files
    assert (new.mode, new.uid, new.gid) == (0o644, 3, 4)
    file = dataclasses.replace(file, data=new.data)
    again = _plan.make_plan(fake.installation(container=file), wanted)
    assert (again.changes, again.files, again.proxies) == ((), (), True)


# --- what is shown ---


def test_secrets_are_shown_by_fingerprint(plan, fake):
    secret = fake.SECRETS["rest"]
    _found, _data, made = plan(
        "2.17.1",
        b"settings.jwtSecretKey=an-old-one\n",
        jwtSecretKey=secret,
        remoteAllowedCIDR="10.0.0.1",
    )
    shown = [change.shown() for change in made.changes]
    assert [(c["key"], c["old"], c["new"]) for c in shown] == [
        ("jwtSecretKey", None, _secret.fingerprint(secret)),
        ("settings.jwtSecretKey", _secret.fingerprint("an-old-one"), None),
        ("remoteAllowedCIDR", None, "10.0.0.1"),
    ]
    assert shown[0]["app"] == APP
    assert shown[0]["file"] == "/ams/webapps/LiveApp/WEB-INF/red5-web.properties"
    told = repr((made, made.changes, made.files, shown))
    assert secret not in told
    assert "an-old-one" not in told


def test_an_empty_secret_is_shown_empty(plan):
    _found, _data, made = plan("2.17.1", b"jwtSecretKey=x\n", jwtSecretKey="")
    assert made.changes[0].shown()["new"] == ""


# --- laws ---


NAMES = (
    "remoteAllowedCIDR",
    "ipFilterEnabled",
    "jwtControlEnabled",
    "jwtSecretKey",
    "playTokenControlEnabled",
    "publishTokenControlEnabled",
    "tokenHashSecret",
    "signalingEnabled",
    "hlsTime",
    "gopSize",
    "customSettings",
    "timeTokenSecretForPlay",
    "abrUpScalePacketLostRatio",
)
SERVER_NAMES = ("server.jwtServerSecretKey", "server.allowed_dashboard_CIDR", "http.port")
VALUES = {
    "bool": st.sampled_from(["true", "false"]),
    "int": st.integers(-9, 9).map(str),
    "float": st.sampled_from(["0.1", "1.0", "-2.5"]),
    "json": st.sampled_from(["{}", '{"a":1}']),
    "cidrs": st.sampled_from(["", "127.0.0.1", "10.0.0.0/8,127.0.0.1", "0.0.0.0/0,::/0"]),
    "str": st.text(max_size=6).filter(lambda text: "${" not in text and "#{" not in text),
}
OTHER_KEYS = ("a", "b c", "settings.tokenControlEnabled", "settings.unknown", "jwtcontrolenabled")
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def files(draw, kind):
    """A settings file: known keys in every spelling, with any value, doubled, and other lines."""
    names = NAMES if kind == _catalogue.APP else SERVER_NAMES
    settings = [_catalogue.by_name(kind, name) for name in names]
    keys = [key for s in settings for key in (s.name, s.legacy) if key]
    known = st.tuples(
        st.sampled_from(keys),
        st.sampled_from(["=", " = ", ":", " ", "="]),
        st.sampled_from(["", "true", "FALSE ", "1", "127.0.0.1", "x\\=y", "\\u00e4", "5   "]),
    )
    other = st.tuples(
        st.sampled_from(OTHER_KEYS), st.just("="), st.sampled_from(["", "true", "\\"])
    )
    lines = st.one_of(
        known.map("".join), other.map("".join), st.sampled_from(["", "  ", "# note", "!=x", "\\"])
    )
    end = draw(LINE_ENDS)
    text = end.join(draw(st.lists(lines, max_size=10)))
    return (text + draw(st.sampled_from(["", end]))).encode("latin-1")


@st.composite
def wishes(draw, kind, version):
    """Texts for some settings that the version reads."""
    wanted = {}
    for name in NAMES if kind == _catalogue.APP else SERVER_NAMES:
        setting = _catalogue.by_name(kind, name)
        if setting.exists_in(version) and setting.key(version) and draw(st.booleans()):
            wanted[name] = draw(VALUES[setting.type])
    return wanted


def read_by(version, setting, entries):
    """What the server reads, told independently of the catalogue; None for its default."""
    if setting.file == _catalogue.SERVER:
        order = [setting.name]
    elif version < (2, 6, 2):
        order = [setting.legacy]
        if setting.name.endswith("TokenControlEnabled"):
            order.append("settings.tokenControlEnabled")
    elif version < (3, 0, 0):
        order = [setting.name, setting.legacy]
    else:
        order = [setting.name]
    return next((entries[key] for key in order if key in entries), None)


@given(version=st.sampled_from(ERAS), data=st.data())
def test_a_plan_carried_out_leaves_nothing_to_do(fake, version, data):
    number = _versions.parse(version)
    found = fake.installation(
        version,
        data.draw(files(_catalogue.SERVER), "server"),
        {APP: data.draw(files(_catalogue.APP), "app"), "events": b""},
    )
    wanted = Wanted(
        data.draw(wishes(_catalogue.SERVER, number), "wanted of the server"),
        {APP: data.draw(wishes(_catalogue.APP, number), "wanted of the app"), "events": {}},
    )
    plan = _plan.make_plan(found, wanted)
    after = carried_out(found, plan)
    assert _plan.make_plan(after, wanted) == _plan.Plan((), ())
    for (app, old), (_app, new) in zip(found.files(), after.files()):
        kind = _catalogue.APP if app else _catalogue.SERVER
        before, entries = old.document.as_dict(), new.document.as_dict()
        changes = [c for c in plan.changes if c.app == app and c.reason != _plan.ACCESS]
        for name, text in wanted.of(app).items():
            setting = _catalogue.by_name(kind, name)
            # The server reads what is wanted, and nothing else of the setting is left.
            assert _catalogue.same(setting, read_by(number, setting, entries), text)
            assert after.effective(app, name) == entries[setting.key(number)]
            assert new.document.count(setting.key(number)) == 1
            assert not [twin for twin in setting.twins(number) if twin in entries]
            # No word of a restart where the server reads the same as before; always one else.
            held = read_by(number, setting, before)
            needs = {c.apply for c in changes if c.name == name} - {"none"}
            if held is not None:
                alike = _catalogue.same(setting, held, text)
                assert needs == (set() if alike else {setting.apply})
        # The changes say what was and what is.
        for change in changes:
            assert before.get(change.key) == change.old
            assert entries.get(change.key) == change.new
        # Nothing else has changed, byte for byte, but for an end of the last line.
        rest = []
        for file in (old, new):
            document = Document.parse(file.data)
            for change in changes:
                document.remove(change.key)
            rest.append(document.dump())
        if rest[0] != rest[1]:
            assert changes
            assert rest[1].rstrip(b"\r\n") == rest[0].rstrip(b"\r\n")
        if not changes:
            assert new.data == old.data


@given(version=st.sampled_from(ERAS), data=st.data())
def test_a_policy_carried_out_leaves_nothing_to_do(fake, version, data):
    """From the operator's words on, over files of any shape, on either edition."""
    secrets = {"app_defaults": {word: fake.SECRETS[word] for word in ("rest", "stream", "hash")}}
    words = st.fixed_dictionaries(
        {},
        optional={
            "rest_cidrs": st.sampled_from([["10.0.0.0/8"], "any", "deny_all", [["127.0.0.1"]]]),
            "rest_jwt": st.booleans(),
            "publish": st.sampled_from(["none", "jwt", "one_time", "hash", "totp"]),
            "play": st.sampled_from(["none", "jwt", "one_time", "hash", "totp"]),
            "publisher_cidrs": st.sampled_from(["any", ["198.51.100.0/24"]]),
            "settings": st.fixed_dictionaries({"hlsTime": st.integers(1, 9)}),
        },
    )
    policy = {
        "dashboard_cidrs": data.draw(st.none() | st.just(["127.0.0.1"]), "dashboard"),
        "app_defaults": data.draw(words, "defaults"),
        "apps": {APP: data.draw(words, "app")},
        "secrets": secrets,
        "unenforceable": "warn",
    }
    found = fake.installation(
        version, apps={APP: data.draw(files(_catalogue.APP), "file"), "events": b""}
    )
    try:
        wanted = _compile.compile_policy(policy, found)
    except _compile.PolicyError:
        assume(False)
    after = carried_out(found, _plan.make_plan(found, wanted))
    again = _compile.compile_policy(policy, after)
    assert again == wanted
    assert _plan.make_plan(after, again) == _plan.Plan((), ())
