from __future__ import annotations

from collections import Counter

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
)
from hypothesis import given, strategies as st

by_name = _catalogue.by_name
APP, SERVER = _catalogue.APP, _catalogue.SERVER

VERSIONS = st.tuples(st.integers(2, 4), st.integers(0, 20), st.integers(0, 3)) | st.sampled_from(
    [(2, 6, 1), (2, 6, 2), (2, 17, 1), (3, 0, 0)]
)


def setting_of(type_):
    return next(setting for setting in _catalogue.SETTINGS if setting.type == type_)


# --- the table ---


def test_no_name_and_no_legacy_key_stands_twice():
    for kind in (APP, SERVER):
        keys = Counter()
        for setting in _catalogue.of_file(kind):
            keys.update({setting.name, setting.legacy} - {None})
        assert [key for key, number in keys.items() if number > 1] == []


def test_every_row_is_well_formed():
    for setting in _catalogue.SETTINGS:
        assert setting.type in {"bool", "int", "float", "str", "url", "cidrs", "json"}
        assert setting.file in {APP, SERVER}
        assert setting.edition in {"any", "enterprise"}
        assert setting.apply == ("live" if setting.file == APP else "restart")
        assert setting.realm in {None, "management", "rest", "stream", "cluster", "panel"}
        assert setting.until is None or setting.since < setting.until
        borders = [until for until, _text in setting.was]
        assert borders == sorted(set(borders))
        for text in [setting.default, *(text for _until, text in setting.was)]:
            if text is not None and setting.type in ("bool", "int", "float"):
                _catalogue.normal(setting, text)


def test_what_grants_access_by_itself_is_a_secret():
    for kind, name in (
        (SERVER, "server.jwtServerSecretKey"),
        (SERVER, "clusterdb.password"),
        (APP, "jwtSecretKey"),
        (APP, "jwtStreamSecretKey"),
        (APP, "tokenHashSecret"),
        (APP, "timeTokenSecretForPlay"),
        (APP, "timeTokenSecretForPublish"),
        (APP, "clusterCommunicationKey"),
        (APP, "subscriberAuthenticationKey"),
        (APP, "s3SecretKey"),
        (APP, "turnServerCredential"),
    ):
        assert by_name(kind, name).secret
        assert _catalogue.is_secret(kind, name)
    assert _catalogue.is_secret(APP, "settings.jwtSecretKey")
    assert _catalogue.is_secret(APP, "db.password")
    assert not _catalogue.is_secret(APP, "db.user")
    assert not _catalogue.is_secret(SERVER, "db.password")
    assert not _catalogue.is_secret(APP, "remoteAllowedCIDR")


# --- spelling ---


@pytest.mark.parametrize(
    ("name", "version", "spellings"),
    [
        ("remoteAllowedCIDR", (2, 4, 3), ("settings.remoteAllowedCIDR",)),
        ("remoteAllowedCIDR", (2, 6, 1), ("settings.remoteAllowedCIDR",)),
        ("remoteAllowedCIDR", (2, 6, 2), ("remoteAllowedCIDR", "settings.remoteAllowedCIDR")),
        ("remoteAllowedCIDR", (2, 17, 1), ("remoteAllowedCIDR", "settings.remoteAllowedCIDR")),
        ("remoteAllowedCIDR", (3, 0, 0), ("remoteAllowedCIDR",)),
        ("tokenHashSecret", (2, 4, 3), ("tokenHashSecret",)),
        ("tokenHashSecret", (2, 17, 1), ("tokenHashSecret",)),
        ("tokenHashSecret", (3, 0, 3), ("tokenHashSecret",)),
        ("signalingEnabled", (2, 6, 1), ("signaling.enabled",)),
        ("secureAnalyticEndpoint", (2, 17, 1), ("secureAnalyticEndpoint",)),
        ("timeTokenSecretForPlay", (2, 6, 1), ()),
        (
            "publishTokenControlEnabled",
            (2, 6, 1),
            ("settings.publishTokenControlEnabled", "settings.tokenControlEnabled"),
        ),
        (
            "publishTokenControlEnabled",
            (2, 6, 2),
            ("publishTokenControlEnabled", "settings.publishTokenControlEnabled"),
        ),
    ],
)
def test_keys_a_version_reads(name, version, spellings):
    setting = by_name(APP, name)
    assert setting.spellings(version) == spellings
    assert setting.key(version) == (spellings[0] if spellings else None)


def test_a_key_of_the_server_is_the_same_in_all_versions():
    setting = by_name(SERVER, "server.jwtServerSecretKey")
    for version in ((2, 4, 3), (2, 17, 1), (3, 0, 3)):
        assert setting.spellings(version) == ("server.jwtServerSecretKey",)
        assert setting.twins(version) == ()


@given(VERSIONS)
def test_twins_are_the_other_spellings(version):
    for setting in _catalogue.SETTINGS:
        twins = setting.twins(version)
        assert setting.key(version) not in twins
        assert {*twins, setting.key(version)} - {None} == {setting.name, setting.legacy} - {None}
        # A key that two settings share is the twin of neither.
        assert setting.shared not in twins


@given(VERSIONS)
def test_a_key_leads_back_to_its_setting(version):
    for setting in _catalogue.SETTINGS:
        for key in (setting.name, setting.legacy):
            if key:
                assert _catalogue.by_key(setting.file, key) is setting
    assert _catalogue.by_key(APP, "no.such.key") is None


def test_since_and_until():
    period = by_name(APP, "timeTokenSubscriberOnly")
    assert period.exists_in((2, 17, 1))
    assert not period.exists_in((3, 0, 0))
    hook = by_name(APP, "webhookPlayAuthUrl")
    assert not hook.exists_in((2, 9, 9))
    assert hook.exists_in((2, 10, 0))
    assert hook.exists_in((9, 0))


def test_default_of_a_version():
    size = by_name(APP, "hlsListSize")
    assert [size.default_in(v) for v in ((2, 5, 3), (2, 6, 0), (2, 12, 9), (2, 13, 0))] == [
        "",
        "5",
        "5",
        "15",
    ]
    assert by_name(APP, "remoteAllowedCIDR").default_in((2, 4, 3)) == "127.0.0.1"


def test_by_name_takes_canonical_names_only():
    with pytest.raises(KeyError):
        by_name(APP, "settings.remoteAllowedCIDR")
    with pytest.raises(KeyError):
        by_name(SERVER, "remoteAllowedCIDR")


# --- what holds ---


@pytest.mark.parametrize(
    ("version", "document", "text"),
    [
        ((2, 6, 1), {"jwtSecretKey": "new", "settings.jwtSecretKey": "old"}, "old"),
        ((2, 6, 1), {"jwtSecretKey": "new"}, None),
        ((2, 6, 2), {"jwtSecretKey": "new", "settings.jwtSecretKey": "old"}, "new"),
        ((2, 6, 2), {"jwtSecretKey": "", "settings.jwtSecretKey": "old"}, ""),
        ((2, 17, 1), {"settings.jwtSecretKey": "old"}, "old"),
        ((3, 0, 0), {"settings.jwtSecretKey": "old"}, None),
        ((3, 0, 0), {"jwtSecretKey": "new", "settings.jwtSecretKey": "old"}, "new"),
        ((2, 17, 1), {}, None),
    ],
)
def test_what_a_version_makes_of_a_file(version, document, text):
    assert _catalogue.effective(by_name(APP, "jwtSecretKey"), version, document) == text


@pytest.mark.parametrize(
    ("version", "document", "text"),
    [
        ((2, 6, 1), {"settings.tokenControlEnabled": "true"}, "true"),
        (
            (2, 6, 1),
            {
                "settings.tokenControlEnabled": "true",
                "settings.playTokenControlEnabled": "false",
            },
            "false",
        ),
        ((2, 6, 2), {"settings.tokenControlEnabled": "true"}, None),
    ],
)
def test_one_key_for_both_directions_up_to_2_6_1(version, document, text):
    setting = by_name(APP, "playTokenControlEnabled")
    assert _catalogue.effective(setting, version, document) == text


# --- nearest ---


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("remoteAllowedCidr", "remoteAllowedCIDR"),
        ("remoteAlowedCIDR", "remoteAllowedCIDR"),
        ("settings.remoteAllowedCIDR", "remoteAllowedCIDR"),
        ("hlstime", "hlsTime"),
        ("settings.previewGenerate", "generatePreview"),
        ("jwtSecret", "jwtSecretKey"),
        ("zzzzzzzz", None),
    ],
)
def test_nearest_name(name, near):
    assert _catalogue.nearest(APP, name) == near


@given(st.sampled_from(_catalogue.SETTINGS), st.data())
def test_one_wrong_letter_is_found_again(setting, data):
    """Of a name long enough; the nearest is that name or one no farther away."""
    name = setting.name
    place = data.draw(st.integers(0, len(name) - 1))
    wrong = name[:place] + "Q" + name[place + 1 :]
    if len(name) > 6 and _catalogue.by_key(setting.file, wrong) is None:
        assert _catalogue.nearest(setting.file, wrong) is not None


# --- meaning of texts ---


@pytest.mark.parametrize("text", ["true", "TRUE", " on ", "Yes", "1"])
def test_true(text):
    assert _catalogue.normal(setting_of("bool"), text) == "true"


@pytest.mark.parametrize("text", ["false", "OFF", "\tno ", "0"])
def test_false(text):
    assert _catalogue.normal(setting_of("bool"), text) == "false"


@pytest.mark.parametrize(
    ("type_", "text"),
    [
        *(("bool", text) for text in ("", " ", "maybe", "2", '"false"', "\u00a0true")),
        *(("int", text) for text in ("", "1k", "1_000", "1.0", "0x10", "\u0661", "\u00a05")),
        *(("float", text) for text in ("", "1,5", "1_0", ".", "e5", "\u0661")),
        *(("json", text) for text in ("", "{", "x")),
    ],
)
def test_texts_the_server_cannot_read(type_, text):
    setting = setting_of(type_)
    with pytest.raises(ValueError):
        _catalogue.normal(setting, text)
    assert not _catalogue.same(setting, text, text)


@pytest.mark.parametrize(
    ("type_", "one", "other", "alike"),
    [
        ("bool", "true", "YES", True),
        ("bool", "true", "false", False),
        ("int", "5000", " 5000     ", True),
        ("int", "+5", "05", True),
        ("int", "5", "6", False),
        ("float", "0.1", ".10", True),
        ("float", "1", "1.0e0", True),
        ("float", "1", "1.1", False),
        ("str", "a", "a", True),
        ("str", "a", "a ", False),
        ("json", '{"a": 1, "b": 2}', '{"b":2,"a":1}', True),
        ("json", "{}", '{"a":1}', False),
        # Only what the server reads alike; one it drops an entry of equals itself alone.
        ("cidrs", "127.0.0.1", "127.0.0.1/32", True),
        ("cidrs", "10.0.0.0/8,127.0.0.1", "127.0.0.1 , 10.0.0.0/8,10.0.0.0/8", True),
        ("cidrs", "127.0.0.1", "127.0.0.1 ", False),
        ("cidrs", "127.0.0.1 ", "127.0.0.1 ", True),
        ("cidrs", "127.0.0.1", ",127.0.0.1", False),
        ("cidrs", "127.0.0.1", "localhost", False),
        ("cidrs", "0.0.0.0/0", "0.0.0.0/0", True),
        ("cidrs", "0.0.0.0/0,::/0", "any", False),
        ("cidrs", "", "", True),
        ("cidrs", "", "127.0.0.1", False),
    ],
)
def test_same_meaning(type_, one, other, alike):
    setting = setting_of(type_)
    assert _catalogue.same(setting, one, other) is alike
    assert _catalogue.same(setting, other, one) is alike


@pytest.mark.parametrize("type_", ["bool", "str"])
def test_absent_is_like_absent_only(type_):
    setting = setting_of(type_)
    assert _catalogue.same(setting, None, None)
    assert not _catalogue.same(setting, None, "")
    assert not _catalogue.same(setting, "false", None)


@given(st.sampled_from(["bool", "int", "float", "str", "json", "cidrs"]), st.text())
def test_normal_is_its_own_normal(type_, text):
    setting = setting_of(type_)
    try:
        once = _catalogue.normal(setting, text)
    except ValueError:
        return
    assert _catalogue.normal(setting, once) == once
