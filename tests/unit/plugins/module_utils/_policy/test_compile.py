from __future__ import annotations

import math

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    secret as _secret,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import compile as _compile
from hypothesis import given, strategies as st

BOTH = ("LiveApp", "events")
IS_NULL = "is null, which says nothing; leave the key out, or give it a value"
ON_HOST = "on this host"


@pytest.fixture
def compile_(fake):
    """Compile a policy given as keywords; `on` are options of the installation."""

    def compile_policy(on=None, connected_from=(), **policy):
        return _compile.compile_policy(policy, fake.installation(**(on or {})), connected_from)

    return compile_policy


@pytest.fixture
def faults(compile_):
    """The faults of a policy given as keywords."""

    def of(**policy):
        with pytest.raises(_compile.PolicyError) as caught:
            compile_(**policy)
        assert str(caught.value) == "; ".join(caught.value.faults)
        assert len(set(caught.value.faults)) == len(caught.value.faults)
        return caught.value.faults

    return of


def enterprise(**more):
    return {"edition": "enterprise", **more}


# --- what a policy asks for ---


def test_an_empty_policy_asks_for_nothing(compile_):
    wanted = compile_()
    assert wanted == _compile.Wanted({}, {"LiveApp": {}, "events": {}}, [])
    assert wanted.of("") is wanted.server
    assert wanted.of("events") is wanted.apps["events"]


def test_lists_and_rest_tokens(compile_, fake):
    wanted = compile_(
        dashboard_cidrs=["203.0.113.0/24", ["2001:db8:1::/48"]],
        management_jwt=True,
        app_defaults={"rest_cidrs": ["10.0.0.0/8"], "rest_jwt": True},
        apps={"events": {"rest_jwt": False}},
        secrets={
            "management": fake.SECRETS["management"],
            "app_defaults": {"rest": fake.SECRETS["rest"]},
        },
    )
    assert wanted.server == {
        "server.allowed_dashboard_CIDR": "203.0.113.0/24,2001:db8:1::/48",
        "server.jwtServerControlEnabled": "true",
        "server.jwtServerSecretKey": fake.SECRETS["management"],
    }
    rest = {"remoteAllowedCIDR": "10.0.0.0/8,127.0.0.1", "ipFilterEnabled": "true"}
    assert wanted.apps == {
        "LiveApp": {**rest, "jwtControlEnabled": "true", "jwtSecretKey": fake.SECRETS["rest"]},
        "events": {**rest, "jwtControlEnabled": "false"},
    }


@pytest.mark.parametrize("kind", ["none", "jwt", "one_time", "hash", "totp"])
@pytest.mark.parametrize("direction", ["publish", "play"])
def test_one_guard_a_direction_and_the_others_off(compile_, fake, direction, kind):
    wanted = compile_(
        on=enterprise(),
        apps={"LiveApp": {direction: kind}},
        secrets={"apps": {"LiveApp": {k: fake.SECRETS[k] for k in ("stream", "hash")}}},
    )
    switches = {name: "false" for name in _words.SWITCHES[direction].values()}
    if kind != "none":
        switches[_words.SWITCHES[direction][kind]] = "true"
    found = wanted.apps["LiveApp"]
    assert {name: found[name] for name in switches} == switches
    secrets = {"jwt": "jwtStreamSecretKey", "hash": "tokenHashSecret"}
    assert set(found) - set(switches) == ({secrets[kind]} if kind in secrets else set())
    assert wanted.apps["events"] == {}


def test_totp_secrets_go_with_their_direction(compile_, fake):
    wanted = compile_(
        on=enterprise(),
        apps={"LiveApp": {"play": "totp"}},
        secrets={"apps": {"LiveApp": {k: fake.SECRETS[k] for k in ("totp_play", "totp_publish")}}},
    )
    assert wanted.apps["LiveApp"]["timeTokenSecretForPlay"] == fake.SECRETS["totp_play"]
    assert "timeTokenSecretForPublish" not in wanted.apps["LiveApp"]


def test_a_secret_that_an_old_version_does_not_read_is_left_out(compile_, fake):
    wanted = compile_(
        on=enterprise(version="2.6.1"),
        apps={"LiveApp": {"play": "totp"}},
        secrets={"apps": {"LiveApp": {"totp_play": fake.SECRETS["totp_play"]}}},
    )
    assert "timeTokenSecretForPlay" not in wanted.apps["LiveApp"]


def test_a_secret_whose_control_is_off_is_not_written(compile_, fake):
    wanted = compile_(
        secrets={
            "apps": {"LiveApp": {"rest": fake.SECRETS["rest"], "stream": fake.SECRETS["stream"]}}
        }
    )
    assert wanted.apps["LiveApp"] == {}


def test_a_secret_is_written_where_its_control_is_on_already(compile_, fake):
    text = fake.app_text("LiveApp") + b"\njwtControlEnabled=YES\n"
    wanted = compile_(
        on={"apps": {"LiveApp": text}},
        secrets={"app_defaults": {"rest": fake.SECRETS["rest"]}},
    )
    assert wanted.apps["LiveApp"] == {"jwtSecretKey": fake.SECRETS["rest"]}


def test_an_app_has_its_own_secret_before_the_one_of_all(compile_, fake):
    wanted = compile_(
        app_defaults={"rest_jwt": True},
        secrets={
            "app_defaults": {"rest": fake.SECRETS["rest"]},
            "apps": {"events": {"rest": fake.SECRETS["stream"]}, "elsewhere": {}},
        },
    )
    assert wanted.apps["LiveApp"]["jwtSecretKey"] == fake.SECRETS["rest"]
    assert wanted.apps["events"]["jwtSecretKey"] == fake.SECRETS["stream"]


def test_a_good_secret_on_the_host_will_do(compile_, fake):
    server = fake.SERVER.replace(
        b"jwtServerSecretKey=", b"jwtServerSecretKey=" + fake.SECRETS["management"].encode()
    )
    app = fake.app_text("LiveApp") + b"\njwtSecretKey=" + fake.SECRETS["rest"].encode()
    wanted = compile_(
        on={"server": server, "apps": {"LiveApp": app}},
        management_jwt=True,
        app_defaults={"rest_jwt": True},
    )
    assert wanted.server == {"server.jwtServerControlEnabled": "true"}
    assert wanted.apps["LiveApp"] == {"jwtControlEnabled": "true"}


def test_publisher_addresses(compile_):
    wanted = compile_(on=enterprise(), apps={"LiveApp": {"publisher_cidrs": ["198.51.100.0/24"]}})
    assert wanted.apps["LiveApp"] == {"allowedPublisherCIDR": "198.51.100.0/24"}


def test_everybody_may_publish_on_any_edition(compile_):
    wanted = compile_(apps={"LiveApp": {"publisher_cidrs": "any"}})
    assert wanted.apps["LiveApp"] == {"allowedPublisherCIDR": "0.0.0.0/0,::/0"}


def test_nobody_opens_the_panel_if_that_is_said(compile_):
    wanted = compile_(dashboard_cidrs="deny_all", allow_lockout=True, connected_from=["192.0.2.9"])
    assert wanted.server == {"server.allowed_dashboard_CIDR": ""}
    assert compile_(apps={"events": {"rest_cidrs": "deny_all"}}).apps["events"] == {
        "remoteAllowedCIDR": "127.0.0.1",
        "ipFilterEnabled": "true",
    }


# --- trusted proxies ---

VALVE = b'<bean class="org.apache.catalina.valves.RemoteIpValve" />'
BEANS = b'<beans xmlns="http://www.springframework.org/schema/beans">' + VALVE + b"</beans>"


def container(data=BEANS):
    return {"container": _files.PlainFile("/ams/conf/jee-container.xml", data)}


def test_trusted_proxies(compile_):
    assert compile_(container()).proxies is None
    assert compile_(container(), trusted_proxies=[]).proxies.startswith(r"127\.0\.0\.1|")
    wanted = compile_(container(), trusted_proxies=["10.0.0.5", ["10.0.0.6"]])
    assert wanted.proxies.startswith(r"10\.0\.0\.5|10\.0\.0\.6|127\.0\.0\.1|")
    assert wanted.server == {}


@pytest.mark.parametrize(
    ("on", "entries", "said"),
    [
        ({}, [], "this host has no conf/jee-container.xml; leave the variable out"),
        (container(b"<a/>"), [], "/ams/conf/jee-container.xml has no RemoteIpValve: put back"),
        (container(), ["10.0.0.1/8"], "'10.0.0.1/8' has host bits set"),
        (container(), "any", "'0.0.0.0/0' would let every client name any address"),
        (container(), ["10.0.0.0/7"], "is wider than the widest"),
    ],
)
def test_trusted_proxies_that_cannot_be(faults, on, entries, said):
    found = faults(on=on, trusted_proxies=entries, widest_prefix={"ipv4": 8, "ipv6": 8})
    assert found[0].startswith("antmedia_trusted_proxies: ")
    assert said in found[0]


# --- layers ---


def test_layers_from_the_weakest_to_the_strongest(compile_):
    wanted = compile_(
        app_defaults={
            "settings": {"hlsTime": 1, "hlsListSize": 1, "gopSize": 1, "vp8Enabled": True}
        },
        apps={"LiveApp": {"settings": {"hlsListSize": 2, "gopSize": 2, "vp8Enabled": False}}},
        group_apps={"LiveApp": {"settings": {"gopSize": 3}}},
        host_apps={"LiveApp": {"settings": {"vp8Enabled": True}}, "events": {}},
    )
    assert wanted.apps["LiveApp"] == {
        "hlsTime": "1",
        "hlsListSize": "2",
        "gopSize": "3",
        "vp8Enabled": "true",
    }
    assert wanted.apps["events"] == {
        "hlsTime": "1",
        "hlsListSize": "1",
        "gopSize": "1",
        "vp8Enabled": "true",
    }


def test_a_null_does_not_take_back_what_a_weaker_layer_said(faults):
    assert faults(
        app_defaults={"rest_cidrs": ["10.0.0.0/8"]}, host_apps={"LiveApp": {"rest_cidrs": None}}
    ) == [f"antmedia_host_apps.LiveApp.rest_cidrs: {IS_NULL}"]


NULLS = {
    "antmedia_server_settings": {"server_settings": None},
    "antmedia_server_settings.logLevel": {"server_settings": {"logLevel": None}},
    "antmedia_app_defaults": {"app_defaults": None},
    "antmedia_app_defaults.rest_jwt": {"app_defaults": {"rest_jwt": None}},
    "antmedia_app_defaults.settings": {"app_defaults": {"settings": None}},
    "antmedia_app_defaults.settings.gopSize": {"app_defaults": {"settings": {"gopSize": None}}},
    "antmedia_apps": {"apps": None},
    "antmedia_apps.LiveApp": {"apps": {"LiveApp": None}},
    "antmedia_apps.LiveApp.rest_cidrs": {"apps": {"LiveApp": {"rest_cidrs": None}}},
    "antmedia_apps.LiveApp.publish": {"apps": {"LiveApp": {"publish": None}}},
    "antmedia_group_apps.events.settings.gopSize": {
        "group_apps": {"events": {"settings": {"gopSize": None}}}
    },
    "antmedia_host_apps.events.play": {"host_apps": {"events": {"play": None}}},
    "antmedia_operator_cidrs": {"operator_cidrs": None},
    "antmedia_allow_lockout": {"allow_lockout": None},
    "antmedia_unenforceable": {"unenforceable": None},
    "antmedia_widest_prefix": {"widest_prefix": None},
    "antmedia_widest_prefix.ipv4": {"widest_prefix": {"ipv4": None}},
    "antmedia_secrets.management": {"management_jwt": True, "secrets": {"management": None}},
    "antmedia_secrets.apps": {
        "secrets": {"apps": None},
        "apps": {"LiveApp": {"rest_jwt": True}},
    },
    "antmedia_secrets.apps.LiveApp": {
        "secrets": {"apps": {"LiveApp": None}},
        "apps": {"LiveApp": {"rest_jwt": True}},
    },
    "antmedia_secrets.apps.LiveApp.rest": {
        "secrets": {"apps": {"LiveApp": {"rest": None}}},
        "apps": {"LiveApp": {"rest_jwt": True}},
    },
    "antmedia_secrets.app_defaults.rest": {
        "secrets": {"app_defaults": {"rest": None}},
        "app_defaults": {"rest_jwt": True},
    },
    "antmedia_secrets.cluster": {"secrets": {"cluster": None}},
    "antmedia_secrets.admin": {"secrets": {"admin": None}},
    "antmedia_secrets.admin.email": {"secrets": {"admin": {"email": None, "password": "x"}}},
    "antmedia_secrets.settings.clusterdb.password": {
        "secrets": {"settings": {"clusterdb.password": None}}
    },
}


@pytest.mark.parametrize("variable", NULLS)
def test_a_null_is_one_fault_that_names_the_variable(faults, variable):
    assert faults(**NULLS[variable]) == [f"{variable}: {IS_NULL}"]


def test_a_null_is_a_fault_without_applications_too(faults):
    for policy in ({"app_defaults": {"rest_jwt": None}}, {"app_defaults": {"settings": None}}):
        assert len(faults(on={"apps": {}}, **policy)) == 1


def test_a_null_inside_a_setting_is_the_servers_business(compile_):
    value = {"x": None}
    wanted = compile_(apps={"LiveApp": {"settings": {"customSettings": value}}})
    assert wanted.apps["LiveApp"]["customSettings"] == '{"x":null}'


UNFIT = {
    "half\ud800": "holds half a character (a lone surrogate), which no file can hold",
    "__omit_place_holder__0123456789abcdef0123456789abcdef01234567": (
        "holds what omit leaves behind where it is not the value of a key as a whole; leave it out"
    ),
    "<<Omit>>": (
        "holds what omit leaves behind where it is not the value of a key as a whole; leave it out"
    ),
}
PLACES = {
    "antmedia_dashboard_cidrs": lambda text: {"dashboard_cidrs": ["10.0.0.1", [text]]},
    "antmedia_management_jwt": lambda text: {"management_jwt": text},
    "antmedia_trusted_proxies": lambda text: {"trusted_proxies": [text]},
    "antmedia_operator_cidrs": lambda text: {"operator_cidrs": [text]},
    "antmedia_unenforceable": lambda text: {"unenforceable": text},
    "antmedia_widest_prefix.ipv4": lambda text: {"widest_prefix": {"ipv4": text}},
    "antmedia_server_settings.server.name": lambda text: {"server_settings": {"server.name": text}},
    "antmedia_app_defaults.rest_cidrs": lambda text: {"app_defaults": {"rest_cidrs": [text]}},
    "antmedia_apps.LiveApp.play": lambda text: {"apps": {"LiveApp": {"play": text}}},
    "antmedia_apps.LiveApp.settings.gopSize": lambda text: {
        "apps": {"LiveApp": {"settings": {"gopSize": text}}}
    },
    "antmedia_secrets.management": lambda text: {
        "management_jwt": True,
        "secrets": {"management": text},
    },
    "antmedia_secrets.apps.LiveApp.rest": lambda text: {
        "app_defaults": {"rest_jwt": True},
        "secrets": {"apps": {"LiveApp": {"rest": text}, "events": {"rest": FIT}}},
    },
}
FIT = "fIt-for-everything-0123456789-abcdef"


@pytest.mark.parametrize("text", UNFIT)
@pytest.mark.parametrize("variable", PLACES)
def test_what_is_no_text_is_one_fault_that_names_the_variable(faults, variable, text):
    on = {"container": b"<beans/>"} if "proxies" in variable else {}
    found = [f for f in faults(on=on, **PLACES[variable](text)) if "jee-container" not in f]
    assert found == [f"{variable}: {UNFIT[text]}"]


@pytest.mark.parametrize(
    "policy, variable",
    [
        ({"apps": {"a\ud800": {}}}, r"antmedia_apps.a\ud800"),
        ({"app_defaults": {"\ud800": 1}}, r"antmedia_app_defaults.\ud800"),
        (
            {"apps": {"LiveApp": {"settings": {"\ud800": 1}}}},
            r"antmedia_apps.LiveApp.settings.\ud800",
        ),
        ({"secrets": {"\ud800": "x"}}, r"antmedia_secrets.\ud800"),
    ],
)
def test_a_name_that_is_no_text(faults, policy, variable):
    (fault,) = faults(**policy)
    assert fault.startswith(f"{variable}: the name holds half a character")
    assert fault.encode()


def test_what_is_nested_without_end(faults):
    value = []
    for _level in range(100_000):
        value = [value]
    assert faults(dashboard_cidrs=value) == [
        "antmedia_dashboard_cidrs: is nested more than 50 deep"
    ]
    while value:  # Python itself would fall over it
        value = value[0]


@pytest.mark.parametrize(
    "value",
    ["[" * 100_000, '{"a":' * 100_000, "9" * 100_000, 10**100_000],
    ids=["lists", "mappings", "digits", "number"],
)
@pytest.mark.parametrize("name", ["customSettings", "gopSize"])
def test_a_value_too_large_to_show(faults, name, value):
    (fault,) = faults(apps={"LiveApp": {"settings": {name: value}}})
    assert fault.startswith(f"antmedia_apps.LiveApp.settings.{name}: ") and len(fault) < 400


@pytest.mark.parametrize(
    "widest, said",
    [
        ({"ipv4": -1}, ["antmedia_widest_prefix.ipv4: -1 is not 0 to 32 (bits)"]),
        ({"ipv4": 33}, ["antmedia_widest_prefix.ipv4: 33 is not 0 to 32 (bits)"]),
        ({"ipv6": 129}, ["antmedia_widest_prefix.ipv6: 129 is not 0 to 128 (bits)"]),
        ({"ipv6": 1.5}, ["antmedia_widest_prefix.ipv6: 1.5 is no whole number"]),
        ({"ipv4": True}, ["antmedia_widest_prefix.ipv4: True is no number"]),
        ({"ipv5": 8}, ["antmedia_widest_prefix.ipv5: is not known; known are ipv4, ipv6"]),
        ([8], ["antmedia_widest_prefix: [8] is no mapping"]),
        (-1, ["antmedia_widest_prefix: -1 is no mapping"]),
    ],
)
def test_the_widest_prefix_is_checked_even_where_no_block_is(faults, widest, said):
    assert faults(widest_prefix=widest) == said


def test_operators_are_checked_even_where_there_is_no_list_to_be_inside_of(faults):
    (fault,) = faults(operator_cidrs=["10.0.0.1/8"])
    assert fault.startswith("antmedia_operator_cidrs: '10.0.0.1/8' has host bits set")


@pytest.mark.parametrize("option", ["management_jwt", "allow_lockout"])
def test_switches(faults, compile_, option):
    assert faults(**{option: "perhaps"}) == [
        f"antmedia_{option}: 'perhaps' is no boolean; write true or false"
    ]
    compile_(**{option: "no"})


def test_an_app_may_be_named_with_blanks_around(compile_):
    assert compile_(apps={" LiveApp": {"settings": {"gopSize": 3}}}).apps["LiveApp"]


def test_a_layer_over_settings_of_the_wrong_kind(compile_):
    wanted = compile_(
        app_defaults={"settings": "x"}, apps={n: {"settings": {"gopSize": 3}} for n in BOTH}
    )
    assert wanted.apps["LiveApp"] == {"gopSize": "3"}


@given(data=st.data())
def test_the_strongest_layer_that_speaks_decides(fake, data):
    values = st.none() | st.integers(0, 9)
    said = {layer: data.draw(values, layer) for layer in _words.LAYERS}
    policy = {
        layer: {"settings": {"gopSize": value}}
        if layer == "app_defaults"
        else {"LiveApp": {"settings": {"gopSize": value}}}
        for layer, value in said.items()
        if value is not None
    }
    wanted = _compile.compile_policy(policy, fake.installation())
    decided = [value for value in said.values() if value is not None]
    assert wanted.apps["LiveApp"] == ({"gopSize": str(decided[-1])} if decided else {})


# --- bad input: applications and words ---


def test_unknown_application_with_those_there_are(faults):
    assert faults(apps={"liveapp": {}}) == [
        "antmedia_apps.liveapp: there is no application 'liveapp' on this host; it has LiveApp,"
        " events"
    ]
    assert faults(host_apps={"x": {}}, on={"apps": {}}) == [
        "antmedia_host_apps.x: there is no application 'x' on this host; it has none"
    ]


def test_an_app_named_twice_in_one_layer(faults):
    assert faults(group_apps={"LiveApp": {}, "LiveApp ": {"rest_jwt": False}}) == [
        "antmedia_group_apps.LiveApp : names the application LiveApp a second time"
    ]


@pytest.mark.parametrize("layer", _words.LAYERS)
def test_a_layer_that_is_no_mapping(faults, layer):
    assert faults(**{layer: ["LiveApp"]}) == [f"antmedia_{layer}: ['LiveApp'] is no mapping"]


def test_an_app_that_is_no_mapping(faults):
    assert faults(apps={"LiveApp": "jwt"}) == ["antmedia_apps.LiveApp: 'jwt' is no mapping"]


@pytest.mark.parametrize(
    ("word", "remedy"),
    [
        ("rest_cidr", "did you mean rest_cidrs?"),
        ("publisher_cidr", "did you mean publisher_cidrs?"),
        ("hlsTime", "for the server's setting hlsTime write settings: {hlsTime: ...}"),
        (
            "settings.remoteAllowedCIDR",
            "for the server's setting remoteAllowedCIDR write settings: {remoteAllowedCIDR: ...}",
        ),
        ("qqqq", "known are play, publish, publisher_cidrs, rest_cidrs, rest_jwt, settings"),
    ],
)
def test_unknown_word_of_an_app(faults, word, remedy):
    assert faults(apps={"LiveApp": {word: 1}}) == [
        f"antmedia_apps.LiveApp.{word}: is not known; {remedy}"
    ]


def test_a_fault_of_the_defaults_is_told_once(faults):
    found = faults(app_defaults={"rest_cidr": [], "settings": {"hlsTme": 1}, "rest_jwt": "maybe"})
    assert len(found) == 3


# --- bad input: settings by the server's names ---


def test_unknown_setting_with_the_nearest_name(faults):
    assert faults(apps={"events": {"settings": {"hlsTme": 4, "qqqqqq": 1}}}) == [
        "antmedia_apps.events.settings.hlsTme: is no setting of the server; did you mean hlsTime?",
        "antmedia_apps.events.settings.qqqqqq: is no setting of the server",
    ]
    assert faults(apps={"events": {"settings": {"settings.hlsTime": 4}}}) == [
        "antmedia_apps.events.settings.settings.hlsTime: is no setting of the server; did you mean"
        " hlsTime?"
    ]
    assert faults(server_settings={"http.prt": 1}) == [
        "antmedia_server_settings.http.prt: is no setting of the server; did you mean http.port?"
    ]


def test_settings_that_are_no_mapping(faults):
    assert faults(apps={"events": {"settings": [1]}}) == [
        "antmedia_apps.events.settings: [1] is no mapping"
    ]
    assert faults(server_settings="x") == ["antmedia_server_settings: 'x' is no mapping"]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("mp4MuxingEnabled", "maybe", "is no boolean; write true or false"),
        ("mp4MuxingEnabled", "", "is no boolean; write true or false"),
        ("mp4MuxingEnabled", 1, "is no boolean; write true or false"),
        ("mp4MuxingEnabled", [], "is no boolean; write true or false"),
        ("gopSize", "1k", "is no whole number"),
        ("gopSize", "", "is no whole number"),
        ("gopSize", "1_000", "is no whole number"),
        ("gopSize", 1.5, "is no whole number"),
        ("gopSize", math.inf, "is no number"),
        ("gopSize", math.nan, "is no number"),
        ("hlsTime", math.nan, "is no number"),
        ("hlsTime", 2**63, "is beyond what the server can hold"),
        ("gopSize", True, "is no number"),
        ("gopSize", [1], "is no number"),
        ("gopSize", 2**31, "is beyond what the server can hold, 2147483647"),
        ("abrUpScalePacketLostRatio", "x", "is no decimal number"),
        ("abrUpScalePacketLostRatio", math.inf, "is no number"),
        ("abrUpScalePacketLostRatio", {}, "is no number"),
        ("customSettings", "{", "is no JSON object"),
        ("customSettings", [1], "is no JSON object"),
        ("customSettings", {"a": math.nan}, "is no JSON object"),
        ("customSettings", {"a": {1}}, "is no JSON object"),
        ("hlsTime", [2], "is no text"),
        ("hlsTime", "2 ", "has blanks at an end, which the server would keep"),
        ("hlsTime", "2\n3", "has control characters"),
        ("hlsTime", "2\x7f", "has control characters"),
        ("hlsTime", "${x}", "has ${ or #{, which the server would expand or execute"),
        (
            "customSettings",
            '{"a": "#{1}"}',
            "has ${ or #{, which the server would expand or execute",
        ),
        ("listenerHookURL", "ftp://x", "is no address that starts with http:// or https://"),
    ],
)
def test_values_of_the_wrong_type(faults, name, value, reason):
    assert faults(apps={"LiveApp": {"settings": {name: value}}}) == [
        f"antmedia_apps.LiveApp.settings.{name}: {value!r} {reason}"
    ]


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("mp4MuxingEnabled", True, "true"),
        ("mp4MuxingEnabled", "off", "false"),
        ("gopSize", 5, "5"),
        ("gopSize", "05", "5"),
        ("gopSize", 5.0, "5"),
        ("gopSize", -(2**31), "-2147483648"),
        ("abrUpScalePacketLostRatio", ".5", "0.5"),
        ("abrUpScalePacketLostRatio", 1, "1.0"),
        ("customSettings", {"b": 1, "a": [True]}, '{"a":[true],"b":1}'),
        ("customSettings", '{"b": 1}', '{"b":1}'),
        ("hlsTime", 4, "4"),
        ("hlsTime", True, "true"),
        ("hlsflags", "", ""),
        ("listenerHookURL", "", ""),
        ("listenerHookURL", "https://example.net/x", "https://example.net/x"),
    ],
)
def test_texts_of_values(compile_, name, value, text):
    assert compile_(apps={"LiveApp": {"settings": {name: value}}}).apps["LiveApp"] == {name: text}


def test_settings_a_version_does_not_read(faults):
    assert faults(
        on={"version": "2.6.1"}, apps={"LiveApp": {"settings": {"customSettings": {}}}}
    ) == [
        "antmedia_apps.LiveApp.settings.customSettings: Ant Media Server 2.6.1 does not read it; it"
        " came with 2.11.0"
    ]
    assert faults(on={"version": "3.0.3"}, apps={"LiveApp": {"settings": {"vodFolder": "x"}}}) == [
        "antmedia_apps.LiveApp.settings.vodFolder: Ant Media Server 3.0.3 does not read it"
    ]


def test_settings_with_a_variable_of_their_own(faults):
    assert faults(
        server_settings={
            "server.allowed_dashboard_CIDR": "10.0.0.0/8",
            "server.jwtServerControlEnabled": True,
        }
    ) == [
        "antmedia_server_settings.server.allowed_dashboard_CIDR: write antmedia_dashboard_cidrs"
        " instead",
        "antmedia_server_settings.server.jwtServerControlEnabled: write antmedia_management_jwt"
        " instead",
    ]


@pytest.mark.parametrize("turn", [lambda pairs: pairs, reversed])
def test_settings_that_contradict_the_words(faults, turn):
    """In whatever order they stand."""
    keys = [("rest_cidrs", ["10.0.0.1"]), ("settings", {"ipFilterEnabled": False})]
    assert faults(apps={"LiveApp": dict(turn(keys))}) == [
        "antmedia_apps.LiveApp.settings.ipFilterEnabled: False contradicts what the policy says"
        " elsewhere about this setting"
    ]


def test_settings_that_agree_with_the_words(compile_):
    wanted = compile_(
        apps={"LiveApp": {"settings": {"remoteAllowedCIDR": "10.0.0.1"}, "rest_cidrs": "10.0.0.1"}}
    )
    assert wanted.apps["LiveApp"]["remoteAllowedCIDR"] == "10.0.0.1,127.0.0.1"


# --- bad input: lists ---


@pytest.mark.parametrize(
    ("policy", "variable"),
    [
        (lambda v: {"dashboard_cidrs": v}, "antmedia_dashboard_cidrs"),
        (lambda v: {"app_defaults": {"rest_cidrs": v}}, "antmedia_app_defaults.rest_cidrs"),
        (
            lambda v: {"apps": {"LiveApp": {"publisher_cidrs": v}}},
            "antmedia_apps.LiveApp.publisher_cidrs",
        ),
        (
            lambda v: {"apps": {"LiveApp": {"settings": {"remoteAllowedCIDR": v}}}},
            "antmedia_apps.LiveApp.settings.remoteAllowedCIDR",
        ),
    ],
)
def test_every_fault_of_a_list_under_its_variable(faults, policy, variable):
    entries = ["10.0.0.1/8", "example.net", "127.0.0.1"]
    found = faults(**policy(entries))
    assert [fault.split(": ")[0] for fault in found] == [variable] * 2
    assert "10.0.0.0/8" in found[0]
    assert "example.net" in found[1]


def test_an_empty_list_would_lock_everybody_out(faults):
    assert "deny everybody" in faults(dashboard_cidrs=[])[0]
    assert "deny everybody" in faults(apps={"events": {"rest_cidrs": []}})[0]


@pytest.mark.parametrize("value", [[], "deny_all"])
@pytest.mark.parametrize("hatch", [False, True])
def test_no_publisher_at_all_would_let_everybody_publish(faults, value, hatch):
    keys = {"settings": {"allowedPublisherCIDR": value}} if hatch else {"publisher_cidrs": value}
    (fault,) = faults(apps={"LiveApp": keys})
    assert "an empty list lets everybody publish; write any if that is meant" in fault


def test_the_widest_prefix(faults, compile_):
    policy = {"dashboard_cidrs": ["10.0.0.0/8"], "widest_prefix": {"ipv4": 16, "ipv6": 32}}
    (fault,) = faults(**policy)
    assert fault.startswith("antmedia_dashboard_cidrs: '10.0.0.0/8' is wider than")
    assert compile_(**dict(policy, widest_prefix={"ipv4": 8})).server


# --- bad input: the operator locked out ---


def test_the_operator_stays_inside(faults, compile_):
    policy = {"dashboard_cidrs": ["203.0.113.0/24"], "operator_cidrs": ["203.0.113.7"]}
    assert compile_(**policy, connected_from=["203.0.113.9"]).server
    assert compile_(**policy, connected_from=["::ffff:203.0.113.9"]).server
    assert faults(**policy, connected_from=["192.0.2.9"]) == [
        "antmedia_dashboard_cidrs: would lock out 192.0.2.9 (the address this connection came"
        " from); add it, or set antmedia_allow_lockout: true"
    ]
    policy["operator_cidrs"] = ["192.0.2.0/24", "203.0.112.0/23", "203.0.113.0/25"]
    assert [fault.split(" (")[0] for fault in faults(**policy)] == [
        "antmedia_dashboard_cidrs: would lock out 192.0.2.0/24",
        "antmedia_dashboard_cidrs: would lock out 203.0.112.0/23",
    ]
    assert compile_(**policy, allow_lockout=True, connected_from=["192.0.2.9"]).server
    assert compile_(operator_cidrs=["192.0.2.9"], connected_from=["192.0.2.9"]).server == {}


def test_faults_in_the_operators_addresses(faults):
    (fault,) = faults(dashboard_cidrs=["127.0.0.1"], operator_cidrs=["localhost"])
    assert fault.startswith("antmedia_operator_cidrs: 'localhost' is a host name")


# --- bad input: guards ---


def test_two_kinds_on_one_direction(faults):
    assert faults(on=enterprise(), apps={"LiveApp": {"play": ["jwt", "totp"]}}) == [
        "antmedia_apps.LiveApp.play: ['jwt', 'totp']: the server takes one kind of token a"
        " direction; name one of none, jwt, one_time, hash, totp"
    ]


@pytest.mark.parametrize("value", ["tokens", 5, True, {}])
def test_a_guard_that_is_none(faults, value):
    assert faults(apps={"LiveApp": {"publish": value}}) == [
        f"antmedia_apps.LiveApp.publish: {value!r} is none of none, jwt, one_time, hash, totp"
    ]


def test_two_kinds_by_the_settings(faults, fake):
    found = faults(
        on=enterprise(),
        apps={
            "LiveApp": {
                "settings": {"playTokenControlEnabled": True, "enableTimeTokenForPlay": True}
            }
        },
    )
    assert found == [
        "antmedia_apps.LiveApp.settings: playTokenControlEnabled and enableTimeTokenForPlay would"
        " be on together for application LiveApp, and the server takes one kind of token a"
        " direction; write play: with one of none, jwt, one_time, hash, totp"
    ]


def test_a_second_kind_beside_the_one_on_the_host(faults, compile_, fake):
    text = fake.app_text("LiveApp") + b"\nplayTokenControlEnabled=on\n"
    on = enterprise(apps={"LiveApp": text})
    (fault,) = faults(on=on, apps={"LiveApp": {"settings": {"enableTimeTokenForPlay": True}}})
    assert "playTokenControlEnabled and enableTimeTokenForPlay would be on together" in fault
    wanted = compile_(on=on, apps={"LiveApp": {"play": "totp"}}).apps["LiveApp"]
    assert wanted["playTokenControlEnabled"] == "false"
    # A mess that was there before and that nobody speaks of is left alone.
    text += b"enableTimeTokenForPlay=on\n"
    assert compile_(on=enterprise(apps={"LiveApp": text})).apps["LiveApp"] == {}


def test_a_hash_may_stand_beside_a_token(compile_, fake):
    keys = {"playTokenControlEnabled": True, "hashControlPlayEnabled": True}
    assert compile_(
        on=enterprise(),
        apps={"LiveApp": {"settings": keys}},
        secrets={"app_defaults": {"hash": fake.SECRETS["hash"]}},
    ).apps["LiveApp"]


# --- bad input: what the edition does not enforce ---


UNENFORCED = [
    ({"publish": "jwt"}, "publishJwtControlEnabled", "publish: 'jwt'"),
    ({"play": "totp"}, "enableTimeTokenForPlay", "play: 'totp'"),
    (
        {"publisher_cidrs": ["198.51.100.0/24"]},
        "allowedPublisherCIDR",
        "publisher_cidrs: ['198.51.100.0/24']",
    ),
    (
        {"settings": {"playTokenControlEnabled": "yes"}},
        "playTokenControlEnabled",
        "settings.playTokenControlEnabled: 'yes'",
    ),
    (
        {"settings": {"allowedPublisherCIDR": "10.0.0.1"}},
        "allowedPublisherCIDR",
        "settings.allowedPublisherCIDR: '10.0.0.1'",
    ),
    (
        {"settings": {"webhookPlayAuthUrl": "https://example.net"}},
        "webhookPlayAuthUrl",
        "settings.webhookPlayAuthUrl: 'https://example.net'",
    ),
    ({"settings": {"webRTCViewerLimit": 5}}, "webRTCViewerLimit", "settings.webRTCViewerLimit: 5"),
]


@pytest.mark.parametrize(("keys", "name", "said"), UNENFORCED)
def test_controls_that_community_does_not_enforce(faults, compile_, fake, keys, name, said):
    policy = {
        "apps": {"LiveApp": keys},
        "secrets": {"app_defaults": {"stream": fake.SECRETS["stream"]}},
    }
    text = (
        f"antmedia_apps.LiveApp.{said}: the Community edition accepts {name} and does not enforce"
        " it"
    )
    assert faults(**policy) == [
        text + "; use the Enterprise edition, or set antmedia_unenforceable: warn"
    ]
    wanted = compile_(**policy, unenforceable="warn")
    assert wanted.warnings == ["app LiveApp: " + text]
    assert name in wanted.apps["LiveApp"]
    wanted = compile_(on=enterprise(), **policy)
    assert wanted.warnings == []


@pytest.mark.parametrize(
    "keys",
    [
        {"publish": "none", "play": "none", "rest_jwt": False},
        {"settings": {"playTokenControlEnabled": False, "webRTCViewerLimit": -1}},
        {"settings": {"webhookPlayAuthUrl": ""}},
        {"settings": {"acceptOnlyStreamsInDataStore": True}},
        {"settings": {"hlsTime": 3}},
    ],
)
def test_what_any_edition_does(compile_, keys):
    wanted = compile_(apps={"LiveApp": keys})
    assert wanted.warnings == []
    assert wanted.apps["LiveApp"]


# --- bad input: secrets ---


BAD_SECRETS = [
    ("sh0rt-One", "has 9 characters, at least 32 are needed"),
    ("x" * 20 + "bad blank-abcdefghijkl", "has a blank, a control character or"),
    ("with-quote'-0123456789-abcdefghij", "has a backslash or a quote"),
    ("with-backslash\\-0123456789-abcdefghij", "has a backslash or a quote"),
    ("umlaut-\u00e4-0123456789-abcdefghij-xxx", "has a blank, a control character or"),
    ("newline-0123456789\n-abcdefghij-xxxxx", "has a blank, a control character or"),
    ("expand-${x}-0123456789-abcdefghij-xx", "has ${ or #{, which the server"),
    ("expand-#{x}-0123456789-abcdefghij-xx", "has ${ or #{, which the server"),
    ("", "is empty"),
    (None, "is null, which says nothing"),
    (12345678901234567890123456789012, "is no text; put it in quotes"),
    *((sample, "is a published sample") for sample in sorted(_secret.KNOWN_SAMPLES)),
]


@pytest.mark.parametrize(("secret", "reason"), BAD_SECRETS)
def test_unfit_secrets_are_named_not_shown(faults, secret, reason):
    found = faults(
        on=enterprise(),
        app_defaults={"rest_jwt": True, "publish": "jwt"},
        secrets={"app_defaults": {"rest": secret}, "apps": {n: {"stream": secret} for n in BOTH}},
    )
    assert [fault.partition(": ")[0] for fault in found] == [
        "antmedia_secrets.app_defaults.rest",
        "antmedia_secrets.apps.LiveApp.stream",
        "antmedia_secrets.apps.events.stream",
    ]
    for fault in found:
        assert fault.partition(": ")[2].startswith(reason)
        assert not secret or str(secret) not in fault


@pytest.mark.parametrize(
    ("secret", "reason"), [pair for pair in BAD_SECRETS if pair[0] is not None]
)
def test_unfit_management_secret(faults, secret, reason):
    (fault,) = faults(management_jwt=True, secrets={"management": secret})
    assert fault.startswith("antmedia_secrets.management: " + reason)
    assert not secret or str(secret) not in fault


def test_a_control_without_its_secret(faults):
    needs = (
        "needs a secret; the playbook streamward.antmedia.secrets makes it where"
        " antmedia_secret_store is set, else set"
    )
    assert faults(
        on=enterprise(),
        management_jwt=True,
        app_defaults={"rest_jwt": True},
        apps={"LiveApp": {"play": "jwt"}, "events": {"publish": "hash"}},
        host_apps={"events": {"settings": {"hashControlPlayEnabled": True}}},
    ) == [
        f"antmedia_management_jwt: {needs} antmedia_secrets.management",
        f"antmedia_app_defaults.rest_jwt: {needs} antmedia_secrets.apps.LiveApp.rest",
        f"antmedia_apps.LiveApp.play: {needs} antmedia_secrets.apps.LiveApp.stream",
        f"antmedia_app_defaults.rest_jwt: {needs} antmedia_secrets.apps.events.rest",
        f"antmedia_apps.events.publish: {needs} antmedia_secrets.apps.events.hash",
    ]


def test_a_weak_secret_on_the_host_will_not_do(faults, fake):
    app = fake.app_text("LiveApp") + b"\njwtSecretKey=weak-one\n"
    (fault,) = faults(on={"apps": {"LiveApp": app}}, app_defaults={"rest_jwt": True})
    assert fault == (
        "antmedia_app_defaults.rest_jwt: the secret on this host has 8 characters, at least 32 are"
        " needed; the playbook streamward.antmedia.secrets makes it where antmedia_secret_store is"
        " set, else set antmedia_secrets.apps.LiveApp.rest"
    )


def test_the_same_secret_in_two_realms(faults, fake):
    one = fake.SECRETS["rest"]
    found = faults(
        on=enterprise(),
        app_defaults={"rest_jwt": True},
        apps={"LiveApp": {"publish": "jwt"}},
        secrets={
            "management": one,
            "app_defaults": {"rest": one},
            "apps": {"LiveApp": {"stream": one}},
        },
    )
    assert found == [
        "antmedia_secrets.app_defaults.rest, antmedia_secrets.apps.LiveApp.stream,"
        " antmedia_secrets.management: the same secret serves two realms; give each its own"
    ]
    assert one not in found[0]


def test_the_same_secret_in_two_realms_one_of_them_on_the_host(faults, fake):
    one = fake.SECRETS["rest"]
    app = fake.app_text("LiveApp") + b"\njwtSecretKey=" + one.encode()
    (fault,) = faults(
        on={"apps": {"LiveApp": app}},
        app_defaults={"rest_jwt": True},
        management_jwt=True,
        secrets={"management": one},
    )
    assert fault == (
        "antmedia_secrets.management, the secret on this host for LiveApp: the same secret serves"
        " two realms; give each its own"
    )


def test_one_secret_for_all_apps_of_a_realm(compile_, fake):
    one = fake.SECRETS["rest"]
    secrets = {"apps": {name: {"rest": one} for name in BOTH}}
    assert compile_(app_defaults={"rest_jwt": True}, secrets=secrets).apps


def test_secrets_laid_out_wrongly(faults, fake):
    found = faults(
        secrets={
            "managment": fake.SECRETS["management"],
            "apps": {"LiveApp": fake.SECRETS["rest"], "events": {"rset": fake.SECRETS["rest"]}},
            "app_defaults": [1],
            "admin": {"email": "a@example.net", "password": ""},
            "settings": "x",
        }
    )
    assert found == [
        "antmedia_secrets.managment: is not known; known are admin, app_defaults, apps, cluster,"
        " management, settings",
        "antmedia_secrets.app_defaults: is no mapping",
        "antmedia_secrets.settings: is no mapping",
        "antmedia_secrets.apps.LiveApp: is no mapping",
        "antmedia_secrets.admin: has no password",
        "antmedia_secrets.apps.events.rset: is not known; known are hash, rest, settings, stream,"
        " totp_play, totp_publish",
    ]


def test_secrets_that_are_no_mapping(compile_):
    assert compile_(secrets=None).server == {}
    assert compile_(secrets={"apps": {}, "admin": {}, "app_defaults": {}}).server == {}


def test_a_secret_among_the_settings(faults):
    assert faults(
        server_settings={"server.jwtServerSecretKey": "x", "clusterdb.password": "x"},
        apps={"LiveApp": {"settings": {"jwtSecretKey": "x", "s3SecretKey": "x"}}},
    ) == [
        "antmedia_server_settings.server.jwtServerSecretKey: is a secret; put it into"
        " antmedia_secrets.management",
        "antmedia_server_settings.clusterdb.password: is a secret; put it into"
        " antmedia_secrets.settings.clusterdb.password",
        "antmedia_apps.LiveApp.settings.jwtSecretKey: is a secret; put it into"
        " antmedia_secrets.apps.LiveApp.rest",
        "antmedia_apps.LiveApp.settings.s3SecretKey: is a secret; put it into"
        " antmedia_secrets.apps.LiveApp.settings.s3SecretKey",
    ]


CLUSTER = "cLuster-key-0123456789-abcdefghij-xx"


def test_the_key_of_the_nodes_is_that_of_every_application(compile_):
    wanted = compile_(secrets={"cluster": CLUSTER})
    assert wanted.warnings == []
    assert {app: of["clusterCommunicationKey"] for app, of in wanted.apps.items()} == {
        "LiveApp": CLUSTER,
        "events": CLUSTER,
    }
    own = {"apps": {"events": {"settings": {"clusterCommunicationKey": "k" * 40}}}}
    wanted = compile_(secrets={"cluster": CLUSTER, **own})
    assert wanted.apps["events"]["clusterCommunicationKey"] == "k" * 40
    assert wanted.apps["LiveApp"]["clusterCommunicationKey"] == CLUSTER


def test_a_version_that_keeps_no_key_of_the_nodes(compile_):
    wanted = compile_(on={"version": "2.6.1"}, secrets={"cluster": CLUSTER})
    assert wanted.apps == {"LiveApp": {}, "events": {}}
    assert wanted.warnings == [
        f"app {app}: antmedia_secrets.cluster: Ant Media Server 2.6.1 keeps no such key; it is"
        " left out"
        for app in ("LiveApp", "events")
    ]


def test_a_bad_key_of_the_nodes(faults, fake):
    found = faults(secrets={"cluster": "short"})
    assert {fault.partition(": ")[0] for fault in found} == {"antmedia_secrets.cluster"}
    assert any("32" in fault for fault in found)
    (fault,) = faults(
        app_defaults={"rest_jwt": True},
        secrets={"cluster": fake.SECRETS["rest"], "app_defaults": {"rest": fake.SECRETS["rest"]}},
    )
    assert "the same secret serves two realms" in fault


def test_further_secrets_by_the_servers_names(compile_):
    wanted = compile_(
        secrets={
            "settings": {"clusterdb.password": "short one"},
            "apps": {"LiveApp": {"settings": {"s3SecretKey": "s3"}}},
            "app_defaults": {"settings": {"turnServerCredential": "turn"}},
        }
    )
    assert wanted.server == {"clusterdb.password": "short one"}
    assert wanted.apps["LiveApp"] == {"s3SecretKey": "s3"}
    assert wanted.apps["events"] == {"turnServerCredential": "turn"}


def test_faults_in_further_secrets(faults):
    secret = "must-not-be-shown-anywhere"
    found = faults(
        on={"version": "2.6.1"},
        secrets={
            "settings": {"clusterdb.password": 5, "http.port": secret, "nope": secret},
            "apps": {
                "LiveApp": {
                    "settings": {
                        "s3SecretKey": secret + "${x}",
                        "apnPrivateKey": secret,
                        "jwtSecretKey": secret,
                        "settings.s3SecretKey": secret,
                        "hlsTime": secret,
                    }
                }
            },
        },
    )
    assert found == [
        "antmedia_secrets.settings.clusterdb.password: is no text; put it in quotes",
        "antmedia_secrets.settings.http.port: is no secret of the server",
        "antmedia_secrets.settings.nope: is no secret of the server",
        "antmedia_secrets.apps.LiveApp.settings.s3SecretKey: has ${ or #{, which the server would"
        " expand or execute",
        "antmedia_secrets.apps.LiveApp.settings.apnPrivateKey: Ant Media Server 2.6.1 does not read"
        " it; it came with 2.9.0",
        "antmedia_secrets.apps.LiveApp.settings.jwtSecretKey: put it into"
        " antmedia_secrets.apps.LiveApp.rest",
        "antmedia_secrets.apps.LiveApp.settings.settings.s3SecretKey: is no secret of an"
        " application",
        "antmedia_secrets.apps.LiveApp.settings.hlsTime: is no secret of an application",
    ]
    assert not any(secret in fault for fault in found)


# --- keys of somebody else ---


def test_keys_by_address_overrule_the_secret_of_an_app(faults, compile_, fake):
    secrets = {"app_defaults": {"rest": fake.SECRETS["rest"]}}
    on = {"apps": {"LiveApp": fake.app_text("LiveApp") + b"\njwksURL=https://example.net\n"}}
    assert faults(on=on, app_defaults={"rest_jwt": True}, secrets=secrets) == [
        "antmedia_app_defaults.rest_jwt: jwksURL is set on this host, so the secret would not be"
        " used; set settings: {jwksURL: ''}, or name the address there to keep it"
    ]
    (fault,) = faults(
        on=on, apps={"LiveApp": {"settings": {"jwtControlEnabled": True}}}, secrets=secrets
    )
    assert fault.startswith("antmedia_apps.LiveApp.settings: jwksURL is set on this host")
    keep = {"rest_jwt": True, "settings": {"jwksURL": "https://example.net"}}
    assert compile_(on=on, app_defaults=keep).apps["LiveApp"] == {
        "jwtControlEnabled": "true",
        "jwksURL": "https://example.net",
    }
    drop = {"rest_jwt": True, "settings": {"jwksURL": ""}}
    wanted = compile_(on=on, app_defaults=drop, secrets=secrets).apps["LiveApp"]
    assert wanted["jwksURL"] == ""
    assert wanted["jwtSecretKey"] == fake.SECRETS["rest"]


def test_keys_by_address_overrule_the_management_secret(faults, compile_, fake):
    on = {"server": fake.SERVER.replace(b"jwksURL=", b"jwksURL=https://example.net")}
    policy = {"management_jwt": True, "secrets": {"management": fake.SECRETS["management"]}}
    assert faults(on=on, **policy) == [
        "antmedia_management_jwt: server.jwksURL is set, so the secret would not be used; set"
        " antmedia_server_settings: {server.jwksURL: ''}"
    ]
    assert compile_(on=on, **policy, server_settings={"server.jwksURL": ""}).server


# --- versions ---


def test_a_server_too_old(faults):
    assert faults(on={"version": "2.3.3.1"}) == [
        "antmedia_home: Ant Media Server 2.3.3.1 is too old; upgrade it to 2.4.0 or newer"
    ]


def test_management_tokens_of_an_old_server(compile_, fake):
    policy = {"management_jwt": True, "secrets": {"management": fake.SECRETS["management"]}}
    assert compile_(on={"version": "2.5.0"}, **policy).warnings == []
    assert compile_(on={"version": "2.4.3"}, management_jwt=False).warnings == []
    (warning,) = compile_(on={"version": "2.4.3"}, **policy).warnings
    assert warning == (
        "antmedia_management_jwt: Ant Media Server 2.4.3 does not look at such tokens unless its"
        " web.xml is changed"
    )


# --- all at once ---


def test_every_fault_in_one_error(faults, fake):
    found = faults(
        dashboard_cidrs=["10.1.2.3/8"],
        server_settings={"http.port": "many"},
        app_defaults={"rest_jwt": "maybe", "rest_cidrs": []},
        apps={"nope": {}, "LiveApp": {"play": "jwt", "settings": {"hlsTme": 1}}},
        secrets={"management": "sh0rt-One", "apps": {"LiveApp": {"stream": "sh0rt-Two"}}},
    )
    for variable in (
        "antmedia_dashboard_cidrs: ",
        "antmedia_server_settings.http.port: ",
        "antmedia_app_defaults.rest_jwt: ",
        "antmedia_app_defaults.rest_cidrs: ",
        "antmedia_apps.nope: ",
        "antmedia_apps.LiveApp.play: ",
        "antmedia_apps.LiveApp.settings.hlsTme: ",
        "antmedia_secrets.management: ",
        "antmedia_secrets.apps.LiveApp.stream: ",
    ):
        assert [fault for fault in found if fault.startswith(variable)], variable
    assert len(found) == 9


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
WORDS = st.sampled_from([*_compile._WORDS, "x"])
NAMES = st.sampled_from([s.name for s in _catalogue.of_file(_catalogue.APP)])
KEYS = st.dictionaries(WORDS, JSON | st.dictionaries(NAMES, JSON, max_size=3), max_size=4)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "dashboard_cidrs": JSON,
            "management_jwt": st.none() | st.booleans(),
            "server_settings": JSON,
            "app_defaults": KEYS | JSON,
            "apps": st.dictionaries(st.sampled_from([*BOTH, "x"]), KEYS | JSON, max_size=3) | JSON,
            "secrets": st.none()
            | st.dictionaries(
                st.sampled_from(["management", "apps", "app_defaults", "settings", "x"]),
                JSON | st.dictionaries(st.sampled_from([*BOTH, "rest", "settings"]), JSON),
            ),
        },
    ),
)
def test_whatever_comes_is_compiled_or_refused(fake, policy):
    """Never another error; and what is compiled is what the server can read."""
    found = fake.installation(edition="enterprise")
    try:
        wanted = _compile.compile_policy(policy, found)
    except _compile.PolicyError as error:
        assert error.faults
        return
    for app in ("", *BOTH):
        for name, text in wanted.of(app).items():
            setting = _catalogue.by_name(_catalogue.APP if app else _catalogue.SERVER, name)
            assert setting.key(found.version)
            assert _catalogue.same(setting, text, text)
            assert "${" not in text
            assert "#{" not in text


@pytest.mark.parametrize("port", [0, -1, 65536, 70000])
def test_a_port_is_one(faults, port):
    assert faults(server_settings={"rtmp.port": port}) == [
        f"antmedia_server_settings.rtmp.port: {port} is no port; a port is a number from 1 to 65535"
    ]
