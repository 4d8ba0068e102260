"""Whatever is given for whatever option is understood, or told by the option's name."""

from __future__ import annotations

import math

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils import _options
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    valve as _valve,
    words as _words,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    files as _files,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._policy import (
    app as _app,
    compile as _compile,
)
from ansible_collections.streamward.antmedia.plugins.modules import probe, settings
from ansible_collections.streamward.antmedia.plugins.plugin_utils._edge import check as _check
from hypothesis import HealthCheck, given, settings as how, strategies as st

OMIT = "__omit_place_holder__" + "0123456789abcdef" * 2
SPECS = {settings: settings.argument_spec(), probe: probe.argument_spec()}
# They name a machine to ask, or make the call another one.
BESIDE = ("home", "plan", "target")

NUMBERS = st.sampled_from(
    [0, 1, -1, 8, 33, 129, 2**31, 2**63, 10**400, -(10**400), 0.5, -0.5, 1e300, math.nan, math.inf]
)
TEXTS = st.sampled_from(
    ["", " ", "x", "no", "true", "-1", "nan", "inf", "1e999", "any", "deny_all", "10.0.0.1",
     "jwt", "none", "warn", "\ud800", "a\udfffb", OMIT, "10.0.0.0/8," + OMIT, "<<Omit>>",
     "02:00-04:30", "9" * 5000]
)  # fmt: skip
NO_TEXT = ("\ud800", "\udfff", OMIT, "<<Omit>>")
SIMPLE = st.none() | st.booleans() | NUMBERS | TEXTS
KEYS = st.sampled_from(
    [*_words.LAYERS, *_app.WORDS, "gopSize", "hlsTime", "customSettings", "LiveApp", "nobody",
     "management", "apps", "cluster",
     "app_defaults", "admin", "email", "rest", "stream", "ipv4", "ipv6", "start", "stop",
     "server.name", "\ud800", ""]
)  # fmt: skip
VALUES = st.recursive(
    SIMPLE,
    lambda part: st.lists(part, max_size=3) | st.dictionaries(KEYS, part, max_size=3),
    max_leaves=6,
)
DEEP = st.integers(30, 90).map(lambda deep: nest([], deep)) | st.integers(30, 90).map(
    lambda deep: nest({}, deep)
)
ANY = VALUES | DEEP


def nest(value, deep):
    for _level in range(deep):
        value = [value] if isinstance(value, list) else {"LiveApp": value}
    return value


def texts(value):
    """Every text in a value, names too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def no_text(value):
    return any(part in text for text in texts(value) for part in NO_TEXT)


def told(faults, name, value):
    """Each fault names the option, is fit to be shown, and is there once."""
    places = []
    for fault in faults:
        # A secret that is missing, or serves two realms, is a fault of what asks for it.
        place = fault.partition(": ")[0].partition(", ")[0]
        assert place == name or place.startswith((name + ".", name + "[")), fault
        assert fault.encode()
        places.append(fault)
    assert len(set(places)) == len(places)
    # A text may be several things that are wrong: the blocks of a word, or what a secret has not.
    several = value == "any" or name.startswith("antmedia_secrets.")
    if not several and not isinstance(value, (list, dict)):
        assert len(faults) <= 1, faults


# --- what is compiled ---

BEANS = (
    '<beans xmlns="http://www.springframework.org/schema/beans"><bean class="'
    + _valve.VALVE
    + '"/></beans>'
).encode()

PLACES = {
    **{
        _options.variable(option): (lambda value, option=option: {option: value})
        for option in _options.policy_spec()
        if option != "home"
    },
    "antmedia_apps.LiveApp": lambda value: {"apps": {"LiveApp": value}},
    "antmedia_server_settings.server.name": lambda value: {
        "server_settings": {"server.name": value}
    },
    **{
        f"antmedia_host_apps.LiveApp.{word}": (
            lambda value, word=word: {"host_apps": {"LiveApp": {word: value}}}
        )
        for word in _app.WORDS
    },
    **{
        f"antmedia_app_defaults.settings.{name}": (
            lambda value, name=name: {"app_defaults": {"settings": {name: value}}}
        )
        for name in ("gopSize", "hlsTime", "remoteAllowedCIDR", "abrUpScalePacketLostRatio")
    },
    "antmedia_secrets.management": lambda value: {
        "secrets": {"management": value},
        "management_jwt": True,
    },
    "antmedia_secrets.app_defaults.rest": lambda value: {
        "secrets": {"app_defaults": {"rest": value}},
        "app_defaults": {"rest_jwt": True},
    },
    "antmedia_secrets.cluster": lambda value: {"secrets": {"cluster": value}},
    "antmedia_secrets.admin": lambda value: {"secrets": {"admin": value}},
    "antmedia_secrets.apps.LiveApp": lambda value: {"secrets": {"apps": {"LiveApp": value}}},
}
ABSENT = [
    _options.variable(option)
    for option, spec in _options.policy_spec().items()
    if spec.get("default") is None
]


@given(name=st.sampled_from(sorted(PLACES)), value=ANY)
@how(max_examples=1500, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_policy_compiles_or_tells_each_fault_by_its_variable(fake, name, value):
    container = _files.PlainFile("/ams/conf/jee-container.xml", BEANS)
    installation = fake.installation(edition="enterprise", container=container)
    faults = []
    try:
        _compile.compile_policy(PLACES[name](value), installation)
    except _compile.PolicyError as error:
        faults = error.faults
    told(faults, name, value)
    if no_text(value) or (value is None and name not in ABSENT):
        assert faults


# --- what is called ---


@pytest.fixture
def answer(call, home):
    """What comes of a task: of the action's check, else of the module."""

    def of(module, **arguments):
        given = {"home": str(home), **arguments}
        refused = _check.refused(given, {"inventory_hostname": "edge1"})
        return refused or call(module, True, **given)

    return of


@given(data=st.data())
@how(max_examples=150, suppress_health_check=list(HealthCheck))
@pytest.mark.parametrize("module", [settings, probe], ids=["settings", "probe"])
def test_a_task_is_done_or_tells_its_option(answer, module, data):
    option = data.draw(st.sampled_from(sorted(set(SPECS[module]) - set(BESIDE))))
    value = data.draw(ANY)
    more = (
        {"service_commands": {"start": "true", "stop": "true"}}
        if option != "service_commands"
        else {}
    )
    more = more if module is settings else {}
    result = answer(module, **{"ready_timeout": 0, **more, option: value})
    name = _options.variable(option)
    if result["failed"]:
        assert name in result["msg"] or option in result["msg"], result["msg"]
        assert result["msg"].encode() and "Traceback" not in result["msg"]
        if result.get("faults"):
            told(result["faults"], name, value)
    else:
        assert value is not None and not no_text(value)
        assert option not in _options.BOUNDS or 0 <= float(value) < 1e11


@pytest.mark.parametrize(
    "value", [-1, -0.5, math.nan, math.inf, 10**400, "-1", "nan", "1e999", 1e12]
)
@pytest.mark.parametrize(
    "module, option",
    [(settings, name) for name in ("ready_timeout", "cutover_at", "asked_at")]
    + [(probe, "ready_timeout")],
)
def test_numbers_have_bounds(answer, module, option, value):
    result = answer(module, **{option: value})
    (fault,) = result["faults"]
    assert result["failed"] and fault.startswith(f"{_options.variable(option)}: ")
    assert "is not 0 to" in fault


@pytest.mark.parametrize("value", [True, [0, [1], 2], [2**63], {}, {"a": 1}])
def test_what_ansible_core_takes_for_a_number_at_times(answer, value):
    (fault,) = answer(settings, ready_timeout=value)["faults"]
    assert fault == f"antmedia_ready_timeout: {value!r} is not a number"


@pytest.mark.parametrize("value", [-1, 1e12])
def test_the_module_itself_has_the_bounds_too(call, home, value):
    for module in (settings, probe):
        result = call(module, True, home=str(home), ready_timeout=value)
        assert result["failed"]
        (fault,) = result["faults"]
        assert fault.startswith("antmedia_ready_timeout: ") and "is not 0 to 604800" in fault


def test_an_instant_has_to_be_near():
    assert _options.out_of_bounds({"cutover_at": 1000.0}, now=900) == []
    assert _options.out_of_bounds({"cutover_at": 1000.0}, now=2000) == []
    (fault,) = _options.out_of_bounds({"cutover_at": 1000 + 3 * 86400}, now=1000)
    assert fault == "cutover_at: 260200 is not 0 to 173800 (Unix time in seconds)"


@pytest.mark.parametrize("module", [settings, probe], ids=["settings", "probe"])
def test_a_null_for_any_option_is_one_fault(answer, module):
    for option in set(SPECS[module]) - {"home"}:
        assert answer(module, **{option: None})["faults"] == [
            f"{_options.variable(option)}: {_options.IS_NULL}"
        ]


@pytest.mark.parametrize("option", ["service_commands", "widest_prefix"])
@pytest.mark.parametrize("value", [[1], 5, True, "", "x", "[1]"])
def test_what_has_parts_is_a_mapping(answer, option, value):
    (fault,) = answer(settings, **{option: value})["faults"]
    assert fault == f"antmedia_{option}: {value!r} is not a mapping"


def test_a_null_among_the_commands(answer):
    assert answer(settings, service_commands={"start": None, "stop": "x"})["faults"] == [
        f"antmedia_service_commands.start: {_options.IS_NULL}"
    ]


def test_an_empty_window_is_none(answer):
    (fault,) = answer(settings, maintenance_window="")["faults"]
    assert fault.startswith("antmedia_maintenance_window: '' is not a window")


@pytest.mark.parametrize(
    "given, fault",
    [
        ({"management": None}, f".management: {_options.IS_NULL}"),
        ({"apps": {"LiveApp": None}}, f".apps.LiveApp: {_options.IS_NULL}"),
        ({"apps": {"LiveApp": {"rest": None}}}, f".apps.LiveApp.rest: {_options.IS_NULL}"),
        ({"apps": "x"}, ".apps: is not a mapping"),
        ({"apps": {"LiveApp": "x"}}, ".apps.LiveApp: is not a mapping"),
        (
            {"managment": "x"},
            ".managment: is not known; known are admin, app_defaults, apps, cluster, management,"
            " settings",
        ),
        (
            {"app_defaults": {"streem": "x"}},
            ".app_defaults.streem: is not known; known are hash, rest, settings, stream,"
            " totp_play, totp_publish",
        ),
    ],
)
def test_secrets_that_must_be_refused_are_read_as_strictly(answer, given, fault):
    assert answer(probe, previous_secrets=given)["faults"] == ["antmedia_previous_secrets" + fault]


@pytest.mark.parametrize(
    "more, fault",
    [
        ({"vantage_address": "x"}, "antmedia_vantage_address: 'x' is not an address"),
        ({"target": "a" * 70}, "target: is not a name or address of a machine"),
        ({"tokens": {"LiveApp": "x"}}, "tokens.LiveApp: is none that the action makes"),
    ],
)
def test_what_goes_with_a_plan(call, more, fault):
    plan = {"http_port": 1, "rtmp_port": 1, "panel": None, "panel_path": "/", "alive": False}
    result = call(probe, plan={**plan, "apps": {}}, **{"target": "127.0.0.1", **more})
    assert result["faults"] == [fault]


@pytest.mark.parametrize("plan", [{}, {"apps": []}, {"apps": {"LiveApp": {}}}, {"http_port": "x"}])
def test_a_plan_that_no_module_returned(answer, plan):
    faults = answer(probe, plan=plan, target="server")["faults"]
    assert faults and all(fault.startswith("plan.") for fault in faults)


# --- hooks ---


def test_hooks_in_a_folder_of_everybody(tmp_path):
    inventory = tmp_path / "hosts.yml"
    inventory.touch()
    variables = {
        "inventory_hostname": "edge1",
        "ansible_inventory_sources": [str(inventory)],
        "antmedia_drain_before": "drain.yml",
    }
    assert _check.refused({}, variables) is None
    tmp_path.chmod(0o777)
    (fault,) = _check.refused({}, variables)["faults"]
    assert fault.startswith("antmedia_drain_before: everybody may write to the folder")
    del variables["antmedia_drain_before"]
    assert _check.refused({}, variables) is None


@pytest.mark.parametrize("value", [-1, "-1", float("nan"), 10**9])
def test_a_drain_without_end_is_told_before_the_first_task(value):
    variables = {"inventory_hostname": "edge1", "antmedia_drain_timeout": value}
    (fault,) = _check.refused({}, variables)["faults"]
    assert fault.startswith("antmedia_drain_timeout: ") and "is not 0 to 604800" in fault
    for fine in (0, 3600, "{{ minutes * 60 }}"):
        assert _check.refused({}, {"antmedia_drain_timeout": fine}) is None
