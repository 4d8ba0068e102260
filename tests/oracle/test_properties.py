"""The properties document against the real java.util.Properties, in both directions.

ORACLE_DOCUMENTS is the number of generated documents, ORACLE_SEED makes other ones.
"""

from __future__ import annotations

import itertools
import os
import zipfile

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    properties as _properties,
)
from hypothesis import given, seed, settings, strategies as st

pytestmark = pytest.mark.oracle

DOCUMENTS = int(os.environ.get("ORACLE_DOCUMENTS", "5000"))
SEED = int(os.environ.get("ORACLE_SEED", "0"))
# A round forgets what it has seen, so that many documents do not fill the memory.
ROUND = 1000


class Oracle:
    """Asks Java, and compares."""

    def __init__(self, jvm, tally):
        self._jvm = jvm
        self._tally = tally

    def load(self, *documents):
        """What Java reads in each document and writes for it; None where it is refused."""
        self._jvm.ask(*([document] for document in documents))
        return [self._answer() for _document in documents]

    def _answer(self):
        if self._jvm.read(1) == b"\1":
            return None
        entries = {}
        for _entry in range(self._jvm.read_int()):
            key = self._text()
            entries[key] = self._text()
        return entries, self._jvm.read_part()

    def _text(self):
        return self._jvm.read_part().decode("utf-16-be", "surrogatepass")

    def check(self, data, edits=()):
        """One document and its edits."""
        answers = self.load(data)
        try:
            document = _properties.Document.parse(data)
        except _properties.PropertiesError:
            assert answers == [None], "refused here, read by Java"
            self._tally["malformed documents refused by both"] += 1
            return
        assert answers != [None], "read here, refused by Java"
        entries, stored = answers[0]
        assert document.as_dict() == entries
        assert all(document.get(key) == value for key, value in entries.items())
        assert document.dump() == data
        assert _properties.Document.parse(stored).as_dict() == entries
        self._tally["documents read alike, also as Java writes them"] += 1
        if edits:
            self._check_edits(document, dict(entries), edits)

    def _check_edits(self, document, entries, edits):
        steps = []
        expected = []
        for key, value in edits:
            key = sorted(entries)[key % len(entries)] if isinstance(key, int) and entries else key
            key = str(key)
            if value is None:
                assert document.remove(key) is (key in entries)
                entries.pop(key, None)
            else:
                document.set(key, value)
                entries[key] = value
            steps.append(document.dump())
            expected.append(dict(entries))
        for answer, wanted in zip(self.load(*steps), expected):
            assert answer is not None, "edited here, refused by Java"
            assert answer[0] == wanted
        self._tally["edits read back by Java"] += len(steps)


@pytest.fixture(scope="session")
def oracle(start_jvm, tally):
    return Oracle(start_jvm("PropertiesOracle"), tally)


# --- hand-picked ---

PIECES = ["", "\\", "\\\\", "\n", "\r", "\r\n", " ", "#", "=", "a", "\\\n", "\\\r", "\\\r\n", "b:c"]
EDITS = [
    ("k", "1"),
    (0, " =x\\"),
    ("", "y"),
    ("k", None),
    (1, ""),
    (0, ":=x"),
    (0, None),
    ("n", "é\U0001f600"),
]


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_every_short_document(oracle, length):
    for pieces in itertools.product(PIECES, repeat=length):
        oracle.check("".join(pieces).encode(), EDITS)


@pytest.mark.parametrize("end", ["", "x", "x=1\\", "x=1\\\n", "x=1\\\r\n", "\\", "\\\r", "\\\r\n"])
def test_every_end(oracle, end):
    for first in ("", "a=1\n", "a=1\r\n", "# c\r", "a=1\\\n", "\\\n", "\\\r\n", "a=\\\n\\\n"):
        for edit in EDITS:
            oracle.check((first + end).encode(), [edit, ("z", "1"), ("z", None)])


def test_every_character(oracle):
    """Escaped in a file, and written as key and as value."""
    for first in range(0, 0x10000, 0x100):
        chars = [chr(code) for code in range(first, first + 0x100)]
        lines = ["k{0:04x}=a\\u{0:04x}b".format(ord(char)) for char in chars]
        oracle.check("\n".join(lines).encode())
        document = _properties.Document.parse(b"x=1")
        expected = {"x": "1"}
        for char in chars:
            expected[f"v{ord(char)}"] = char + "x" + char
            expected[char + "k" + char] = char
        for key, value in expected.items():
            document.set(key, value)
        answer = oracle.load(document.dump())[0]
        assert answer is not None
        assert answer[0] == expected


def test_every_byte(oracle):
    for code in range(256):
        char = bytes([code])
        for data in (char, b"a=" + char, b"a" + char + b"b", b"a\\" + char + b"b", b"\\" + char):
            oracle.check(data, EDITS)
            oracle.check(data + b"\nk=2", EDITS)


@pytest.mark.parametrize("text", ["a\\\r\n b=\\\r\n c\r\n#d\\\r\ne", "k=\\u0041\\\r\n", "\\\r\n"])
def test_every_place_at_the_border_of_a_buffer_of_java(oracle, text):
    for filler in (b"#", b"f="):
        for length in range(8192 - len(text) - 4, 8192 + 4):
            oracle.check(filler + b"x" * length + b"\n" + text.encode(), EDITS[:3])


def test_the_files_the_server_ships(oracle, distribution):
    with zipfile.ZipFile(distribution) as bundle:
        names = [name for name in bundle.namelist() if name.endswith(".properties")]
        shipped = [bundle.read(name) for name in names]
    assert sum(name.endswith("red5-web.properties") for name in names) >= 3
    for data in shipped:
        for variant in (data, data.replace(b"\n", b"\r\n"), data.rstrip(b"\n")):
            oracle.check(variant, EDITS)


# --- generated ---

FRAGMENTS = st.sampled_from(
    (
        *("a", "b", "k", "u", "\\", "\\\\", "=", ":", " ", "\t", "\f", "#", "!", "\xe9", "\x00"),
        *("\n", "\n", "\r", "\r\n", "\\\n", "\\\n  ", "\\\r\n", "\\\r", "\\t", "\\n"),
        *("\\u0041", "\\u006b", "\\uD83d\\uDe00", "\\ud83d", "\\u00", "\\uX", "k=", "# c\n"),
    )
)
SOUP = st.lists(FRAGMENTS, max_size=20).map("".join)
WORD = st.one_of(st.sampled_from(["a", "b", "k", "jwtSecretKey", "settings.hlsTime", "\\u006b"]))
LINE = st.builds(
    "{0}{1}{2}{3}{4}".format,
    st.sampled_from(["", "", " ", "\t\f"]),
    WORD,
    st.sampled_from(["=", "=", ":", " ", " = ", "\\\n  =", ""]),
    st.one_of(SOUP, st.text("abc019.,/-_{}%@&'\"", max_size=20)),
    st.sampled_from(["\n", "\n", "\r\n", "\r", "", "\\\n", " \n"]),
)
DOCUMENT = st.one_of(SOUP, st.lists(st.one_of(LINE, LINE, SOUP), max_size=6).map("".join)).map(
    lambda text: text.encode("iso-8859-1")
)
VALUE = st.one_of(
    st.text(max_size=8),
    st.text("ab =:#!\\\t\f\n\r$é\x00\x7f\U0001f600", max_size=8),
    st.sampled_from(["true", "", "127.0.0.1,10.0.0.0/8", "=a", ":", " =", " a "]),
).filter(lambda text: "${" not in text and "#{" not in text)
KEY = st.one_of(st.integers(0, 5), st.sampled_from(["k", "", "a"]), st.text(max_size=5))
EDIT = st.tuples(KEY, st.one_of(VALUE, VALUE, VALUE, st.none()))


@pytest.mark.parametrize("number", range(-(-DOCUMENTS // ROUND)))
def test_generated_documents(oracle, number):
    count = min(ROUND, DOCUMENTS - number * ROUND)
    seen = 0

    @seed(SEED + number)
    @settings(max_examples=count, deadline=None, database=None)
    @given(DOCUMENT, st.lists(EDIT, min_size=1, max_size=4))
    def compare(data, edits):
        nonlocal seen
        seen += 1
        oracle.check(data, edits)

    compare()
    assert seen >= count
