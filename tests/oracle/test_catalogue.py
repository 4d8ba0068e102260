"""The catalogue against the real server: what its classes declare, and its Spring makes of files.

CATALOGUE_DOCUMENTS is the number of generated files a version, ORACLE_SEED makes other ones.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    catalogue as _catalogue,
    properties as _properties,
    sense as _sense,
    versions as _versions,
)
from ansible_collections.streamward.antmedia.plugins.module_utils._host import (
    installation as _installation,
)
from hypothesis import HealthCheck, given, seed, settings, strategies as st

pytestmark = pytest.mark.oracle

DOCUMENTS = int(os.environ.get("CATALOGUE_DOCUMENTS", "25"))
SEED = int(os.environ.get("ORACLE_SEED", "0"))
VERSIONS = ("2.4.3", "2.6.1", "2.6.2", "2.17.1")
CLASSES = {
    _catalogue.APP: "io.antmedia.AppSettings",
    _catalogue.SERVER: "io.antmedia.settings.ServerSettings",
}
# What the class of an application's settings needs to be filled in by the server's own Spring.
JARS = re.compile(
    r"[^/]+/(?:ant-media-server\.jar|(?:plugins|lib)/(?:bson|commons-lang3|guava|httpcore|json-simple"
    r"|logback-\w+|micrometer-\w+|slf4j-api|spring-(?:aop|beans|context|core|expression|jcl)"
    r"|tomcat-(?:catalina|embed-core|juli|util))-[0-9][^/]*\.jar)"
)
# Without these, 2.4.3 does not start an application; every shipped file has them.
REQUIRED = (
    "db.app.name",
    "settings.encoderSettingsString",
    "settings.stalkerDBPassword",
    "settings.stalkerDBServer",
    "settings.stalkerDBUsername",
    "settings.vodFolder",
)
# What the server reads beside the catalogue: names and places, logs, marketplaces, and how it
# fetches streams of others. None of it decides who gets in. A new one has to be looked at.
LEFT_OUT = {
    _catalogue.APP: {
        "appName",
        "db.app.name",
        "settings.collectSocialMediaActivityEnabled",
        "settings.streamFetcherAutoStart",
        "settings.streamFetcherRestartPeriod",
        "streamFetcherAutoStart",
        "streamFetcherRestartPeriod",
        "restartStreamFetcherPeriod",
        "startStreamFetcherAutomatically",
        "writeSubscriberEventsToDatastore",
    },
    _catalogue.SERVER: {
        "appIngestsSrtStreamsWithoutStreamId",
        "logLevel",
        "nativeLogLevel",
        "nodeGroup",
        "proxy.address",
        "server.cpu_measurement_period_ms",
        "server.cpu_measurement_window_size",
        "server.localLicenceServerIp",
        "server.market_build",
        "server.marketplace",
        "server.name",
    },
}
TYPES = {
    "boolean": {"bool"},
    "int": {"int"},
    "long": {"int"},
    "float": {"float"},
    "java.lang.String": {"str", "url", "cidrs"},
    "java.util.Map": {"json"},
}


class Release:
    """One version of the real server: its zip, and what its classes declare."""

    def __init__(self, path, version):
        self.path = path
        self.text = version
        self.version = _versions.parse(version)
        self.declared = {}

    def files(self, pattern):
        """Pairs of name and content of the files that match."""
        with zipfile.ZipFile(self.path) as bundle:
            for name in bundle.namelist():
                if re.fullmatch(pattern, name):
                    yield name, bundle.read(name)


def java_tool(name):
    home = os.environ.get("JAVA_HOME")
    found = shutil.which(name, path=os.path.join(home, "bin") if home else None)
    if not found:
        pytest.fail(f"{name} is missing: the oracle needs a JDK", pytrace=False)
    return found


MEMBER = re.compile(
    r"  (?:(?:private|protected|public|static|final) )*([\w.$]+)(?:<.*>)? (\w+)(?:;|\(.*)"
)
VALUE = re.compile(r'          value="(.*)"')


def annotated(listing):
    """What javap lists of fields and setters that Spring fills in: name, type and expression."""
    member, before = None, ""
    for line in listing.splitlines():
        head = MEMBER.fullmatch(line)
        value = VALUE.fullmatch(line) if before.endswith("annotation.Value(") else None
        before = line
        if head:
            member = head.groups()
        elif value and member:
            type_, name = member
            if name.startswith("set"):  # a setter gives its field its own type
                name, type_ = name[3].lower() + name[4:], None
            yield name, type_, value.group(1).replace("\\'", "'").replace('\\"', '"')


def placeholder(expression):
    """The keys of an expression in their order, and the default behind them, None for none."""
    if expression.count("{") != expression.count("}"):
        return (
            [],
            None,
        )  # 2.6.0 and 2.6.1 have one that is not closed, so Spring takes it for a text
    quoted = re.fullmatch(r"#\{'(\$\{.*\})'\}", expression)
    rest = quoted.group(1) if quoted else expression
    keys = []
    while True:
        match = re.fullmatch(r"\$\{([^:}]+)(?::(.*))?\}", rest, re.DOTALL)
        if not match:
            return keys, rest
        keys.append(match.group(1))
        rest = match.group(2)
        if rest is None:
            return keys, None


@pytest.fixture(scope="module", params=VERSIONS)
def release(request, distribution, tmp_path_factory):
    path = distribution.with_name(distribution.name.replace("2.17.1", request.param))
    if not path.is_file():
        pytest.skip(f"{path.name} is not here; `make images` fetches it")
    found = Release(path, request.param)
    jar = tmp_path_factory.mktemp("declared") / _installation.JAR
    ((_name, data),) = found.files(r"[^/]+/ant-media-server\.jar")
    jar.write_bytes(data)
    for kind, name in CLASSES.items():
        listing = subprocess.run(
            [java_tool("javap"), "-v", "-p", "-cp", str(jar), name],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        found.declared[kind] = {
            field: (type_, *placeholder(expression))
            for field, type_, expression in annotated(listing)
        }
        assert len(found.declared[kind]) > (100 if kind == _catalogue.APP else 15)
    return found


def same_default(setting, text, declared):
    """Whether a default is the declared one; null and what is computed are not in the table."""
    if declared == "#{null}" or declared is None:
        return text in ("", None)
    if "#{" in declared:
        return text is None
    if setting.type == "float":
        return float(text) == float(declared.rstrip("f"))
    if setting.type == "json" and text is None:
        return True  # a text with a comma too many, which is no JSON
    return text == declared


@pytest.mark.parametrize("kind", CLASSES)
def test_rows_are_what_the_classes_declare(release, kind, tally):
    by_key = {
        key: (field, type_, keys, default)
        for field, (type_, keys, default) in release.declared[kind].items()
        for key in keys
    }
    wrong = []
    for setting in _catalogue.of_file(kind):
        known = [by_key[key] for key in (setting.name, setting.legacy) if key in by_key]
        reads = setting.spellings(release.version) if setting.exists_in(release.version) else ()
        if not known:
            if reads and not read_by_xml(release, setting):
                wrong.append((setting.name, "is not read at all"))
            continue
        field, type_, keys, default = known[0]
        if list(dict.fromkeys(keys)) != list(reads):
            wrong.append((setting.name, "keys", keys, reads))
        if field != setting.field:
            wrong.append((setting.name, "field", field, setting.field))
        if type_ and setting.type not in TYPES[type_]:
            wrong.append((setting.name, "type", type_, setting.type))
        if kind == _catalogue.APP or setting.default is not None:
            default_here = setting.default_in(release.version)
            if not same_default(setting, default_here, default):
                wrong.append((setting.name, "default", default, default_here))
        tally[f"rows of the catalogue declared so by {release.text}"] += 1
    assert wrong == []


def read_by_xml(release, setting):
    """Whether a setting of the server is read by its XML, and has no default there."""
    wanted = "${" + setting.name + "}"
    return setting.default is None and any(
        wanted.encode() in data for _name, data in release.files(r"[^/]+/conf/[^/]+\.xml")
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_nothing_else_is_read_that_nobody_has_looked_at(release, kind):
    read = {key for _type, keys, _default in release.declared[kind].values() for key in keys}
    known = {
        key
        for setting in _catalogue.of_file(kind)
        for key in (setting.name, setting.legacy, setting.shared)
    }
    assert read - known <= LEFT_OUT[kind]


# --- by the server's own Spring ---


class Spring:
    """Fills in an application's settings from a file, and compares."""

    def __init__(self, jvm, release, tally):
        self.jvm = jvm
        self.release = release
        self.tally = tally

    def load(self, data):
        """Values by field, or the reason why the application does not start."""
        self.jvm.ask([CLASSES[_catalogue.APP].encode(), data])
        number = self.jvm.read_int()
        if number < 0:
            return self._text()
        found = {}
        for _field in range(number):
            name = self._text()
            present = self.jvm.read(1) == b"\1"
            text = self._text()
            found[name] = text if present else None
        return found

    def _text(self):
        return self.jvm.read_part().decode("utf-16-be")

    def file(self, entries):
        document = _properties.Document.parse(b"")
        for name in REQUIRED:
            document.set(name, "")
        for key, text in entries.items():
            document.set(key, text)
        return document

    def check(self, entries):
        """Every setting of the version has the value that the catalogue says."""
        document = self.file(entries)
        found = self.load(document.dump())
        assert isinstance(found, dict), found
        version = self.release.version
        for setting in _catalogue.of_file(_catalogue.APP):
            if not setting.exists_in(version) or not setting.spellings(version):
                continue
            text = _catalogue.effective(setting, version, document)
            text = setting.default_in(version) if text is None else text
            if text is not None:
                value = found[setting.field]
                assert _meaning(setting, value or "") == _meaning(setting, text), setting.name
                self.tally[f"settings filled in alike by the Spring of {self.release.text}"] += 1


def _meaning(setting, text):
    return text if setting.type in ("str", "url", "cidrs") else _catalogue.normal(setting, text)


@pytest.fixture(scope="module")
def spring(release, start_jvm, tally, tmp_path_factory):
    folder = tmp_path_factory.mktemp("spring")
    for name, data in release.files(JARS.pattern):
        (folder / name.rpartition("/")[2]).write_bytes(data)
    return Spring(start_jvm("CatalogueOracle", jars=folder), release, tally)


VALUES = {
    "bool": ["true", "false", "ON", " No ", "1", "0", "yes"],
    "int": ["0", "17", " 5 ", "-1", "+3"],
    "float": ["0.25", "1", " .5 ", "1e-3"],
    "json": ["{}", '{"a":1}'],
    # Objects of a kind of their own.
    "encoderParameters": ["{}", '{"a":{"b":"c"}}'],
    "participantVisibilityMatrix": ["{}", '{"a":["b"]}'],
}
TEXTS = ["", "x", " y ", "a:b=c", "\u00e4\u20ac", "10.0.0.0/8,127.0.0.1", "a}b{", "'q'"]


def values_of(setting):
    return VALUES.get(setting.name) or VALUES.get(setting.type, TEXTS)


def keys_of(setting):
    return [key for key in dict.fromkeys((setting.name, setting.legacy, setting.shared)) if key]


def test_what_holds_by_default(spring):
    spring.check({})


# What anybody might find in a file, by a setting of each kind.
TEXTS_OF_ALL_KINDS = {
    "h264Enabled": ["", " ", "yes", " ON ", "0", "true,", "enabled", '"true"', "2", "#{x"],
    "gopSize": [
        *("", " ", "5", " 5 ", "1 000", "+5", "-1", "1k", "1.0", "0x10", "-0x1F", "#1f", "0x"),
        *("2147483647", "2147483648", "-2147483648", "1_000", "\t7\n", "'5'", "${no.such.key}"),
    ],
    "rtmpIngestBufferTimeMs": ["2147483648", "9223372036854775807", "9223372036854775808"],
    "abrUpScalePacketLostRatio": ["", "NaN", ".5", "5.", "1f", "1e-3", "1,5", "0 .1", "1.0.0"],
    "customSettings": ["", "{}", '{"a":1}', "{", "[]", "null", "x"],
    "encoderName": ["", "${no.such.key}", "${no.such.key:x}", "a${b", "${db.app.name}"],
}
NOT_STOPPED = re.compile("in whose place|as a program")


@pytest.mark.parametrize("name", TEXTS_OF_ALL_KINDS)
def test_what_stops_an_application(spring, name, tally):
    """The server's own Spring fails over a text if it is said that the application does not start.

    What an expression comes to nobody can say; the text is named in any case.
    """
    version = spring.release.version
    setting = _catalogue.by_name(_catalogue.APP, name)
    if spring.release.text not in (VERSIONS[0], VERSIONS[-1]) or not setting.exists_in(version):
        return  # the oldest Spring and the newest say enough
    for text in TEXTS_OF_ALL_KINDS[name]:
        # As somebody else writes it: the collection would not.
        written = "".join(f"\\u{ord(char):04x}" for char in text)
        data = spring.file({}).dump() + f"{setting.key(version)}={written}\n".encode()
        document = _properties.Document.parse(data)
        found = _sense.remarks(_catalogue.APP, version, document.as_dict())
        told = "; ".join(remark.what for remark in found if remark.name == name)
        starts = isinstance(spring.load(data), dict)
        if NOT_STOPPED.search(told):
            assert "{" in text
        else:
            assert starts is ("does not start" not in told), (text, told)
        tally[f"texts that the Spring of {spring.release.text} takes or fails over, as told"] += 1


@pytest.mark.parametrize("spelling", ["name", "legacy"])
def test_one_spelling_alone(spring, spelling):
    chosen = {}
    for setting in _catalogue.of_file(_catalogue.APP):
        key = getattr(setting, spelling)
        if key:
            chosen[key] = values_of(setting)[-1]
    spring.check(chosen)


def test_both_spellings_with_different_values(spring):
    for first, second in ((0, 1), (1, 0)):
        chosen = {}
        for setting in _catalogue.of_file(_catalogue.APP):
            values = values_of(setting)
            chosen[setting.name] = values[first]
            if setting.legacy:
                chosen[setting.legacy] = values[second]
        spring.check(chosen)


def test_a_key_that_is_not_read_may_hold_anything(spring):
    """If it were read, the application would not start, or hold it."""
    version = spring.release.version
    chosen = {}
    for setting in _catalogue.of_file(_catalogue.APP):
        read = setting.spellings(version) if setting.exists_in(version) else ()
        chosen.update((key, "garbage") for key in keys_of(setting) if key not in read)
    assert chosen
    spring.check(chosen)


def test_any_file(spring):
    rows = _catalogue.of_file(_catalogue.APP)
    pairs = [(key, values_of(row)) for row in rows for key in keys_of(row)]

    @seed(SEED)
    @settings(
        max_examples=DOCUMENTS,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=False))
    def check(random):
        share = random.choice([0.1, 0.5, 0.9])
        spring.check({key: random.choice(texts) for key, texts in pairs if random.random() < share})

    check()


ODD = {
    "bool": ["", " ", "maybe", "2", '"false"', "TRUE", "oN ", "0 ", "\u00a0true", "enabled", "y"],
    "int": ["", " ", "1k", "1_000", "1.0", "0x10", "\u0665", " 7", "-0", "1 0", "--1", "\u00a05"],
    "float": ["", "x", "1,5", "1_0", "1e2", ".5", "5.", "0.1f", "\u0661", "nan", "1e", "-2.5 "],
}


@pytest.mark.parametrize(
    ("type_", "text"), [(type_, text) for type_, texts in ODD.items() for text in texts]
)
def test_what_the_catalogue_can_read_the_server_can(spring, type_, text):
    """And reads as the same; what the server cannot read, the catalogue takes for nothing."""
    version = spring.release.version
    setting = next(
        (
            row
            for row in _catalogue.of_file(_catalogue.APP)
            if row.type == type_ and row.exists_in(version) and row.key(version)
        ),
        None,
    )
    if setting is None:
        pytest.skip(f"{spring.release.text} has no {type_}")
    found = spring.load(spring.file({setting.key(version): text}).dump())
    try:
        normal = _catalogue.normal(setting, text)
    except ValueError:
        return
    assert isinstance(found, dict), found
    assert _catalogue.normal(setting, found[setting.field]) == normal


def test_a_list_is_held_as_it_is_written(spring):
    """Whatever its form: the lists are cut and parsed at each request, see test_cidr."""
    key = _catalogue.by_name(_catalogue.APP, "remoteAllowedCIDR").key(spring.release.version)
    for text in ("127.0.0.1", "127.0.0.1 ", ",127.0.0.1", "10.0.0.0/8 , 127.0.0.1", ""):
        assert spring.load(spring.file({key: text}).dump())["remoteAllowedCIDR"] == text


def test_json_of_the_server(spring):
    setting = _catalogue.by_name(_catalogue.APP, "customSettings")
    if not setting.exists_in(spring.release.version):
        pytest.skip(f"{spring.release.text} has no customSettings")
    text = json.dumps({"b": [1, "x"], "a": {"c": None}}, separators=(",", ":"))
    found = spring.load(spring.file({"customSettings": text}).dump())["customSettings"]
    assert _catalogue.same(setting, found, text)
