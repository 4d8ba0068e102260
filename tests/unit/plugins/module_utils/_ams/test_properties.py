from __future__ import annotations

import traceback

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._ams import (
    properties as _properties,
)
from hypothesis import assume, example, given, strategies as st

Document = _properties.Document
CANARY = "c4n4ry-5ecret"


def parse(data):
    return Document.parse(data)


# --- reading: what java.util.Properties.load gives (tests/oracle compares with the real one) ---


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", {}),
        (b"\n \t\f\n", {}),
        (b"# a=1\n ! b=2\n\f#c=3", {}),
        (b"# not continued \\\na=1", {"a": "1"}),
        (b"a=1", {"a": "1"}),
        (b"a:1", {"a": "1"}),
        (b"a 1", {"a": "1"}),
        (b"  a \t\f= \t\f1  ", {"a": "1  "}),
        (b"a = = 1", {"a": "= 1"}),
        (b"a", {"a": ""}),
        (b"a ", {"a": ""}),
        (b"=1", {"": "1"}),
        (b"a\\ b\\=\\:\\#=1", {"a b=:#": "1"}),
        (b"a=b=c:d#e!f", {"a": "b=c:d#e!f"}),
        (b"a=1\nb=2\r\nc=3\rd=4", {"a": "1", "b": "2", "c": "3", "d": "4"}),
        (b"a=1\na=2", {"a": "2"}),
        (b"a=1,\\\n  2,\\\r\n\t3,\\\r4", {"a": "1,2,3,4"}),
        (b"a=1\\\n\nb=2", {"a": "1", "b": "2"}),
        (b"a=1\\\n#b=2", {"a": "1#b=2"}),
        (b"a=1\\\\\nb=2", {"a": "1\\", "b": "2"}),
        (b"ke\\\n  y=1", {"key": "1"}),
        (b"key\\\n=1", {"key": "1"}),
        (b'a=\\t\\n\\r\\f\\x\\\\\\"', {"a": '\t\n\r\fx\\"'}),
        (b"a=\\u0041\\uABcd", {"a": "A\uabcd"}),
        (b"\\u0061=1", {"a": "1"}),
        (b"a=\\ud83d\\ude00", {"a": "\U0001f600"}),
        (b"a=\\ud83d", {"a": "\ud83d"}),
        (b"a=\\u00\\\n  41", {"a": "A"}),
        (b"a=\xe9\xc3\xa9", {"a": "éÃ©"}),
        (b"a=\x00\x1a", {"a": "\x00\x1a"}),
        (b"\xef\xbb\xbfa=1", {"ï»¿a": "1"}),
        (b"a=1\\", {"a": "1"}),
        (b"a=1\\\n", {"a": "1"}),
        (b"a=1\\\n  ", {"a": "1"}),
        # A line of nothing but a backslash adds nothing, and at the end it is an empty entry.
        (b"\\\na=1", {"a": "1"}),
        (b"\\\n#a=1", {}),
        (b"\\\n \\\r\n\nb=1", {"b": "1"}),
        (b"\\", {"": ""}),
        (b" \\\n", {"": ""}),
        (b"\\\r", {"": ""}),
        (b"\\\r\n", {}),
        (b"\\\n ", {}),
    ],
)
def test_reads_as_java_does(data, expected):
    document = parse(data)
    assert document.as_dict() == expected
    assert document.dump() == data
    for key, value in expected.items():
        assert key in document
        assert document.get(key) == value
    assert "absent" not in document
    assert document.get("absent") is None
    assert document.get("absent", "x") == "x"


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"a=\\u", 1),
        (b"a=\\u12", 1),
        (b"a=\\u12g4", 1),
        (b"a=\\u 123", 1),
        (b"\\u12=34", 1),
        (b"a=\\u\\u0041", 1),
        (b"a=1\n# c\r\n\rb=\\u00", 4),
        (b"a=\\u0041\\\r\n  b\\\r\n  \\u004", 3),
        (b"a\\\n\\uX=\\u0041", 2),
        (b"\\\n\na=\\uuuu1\nb=\\u1", 3),
    ],
)
def test_refuses_malformed_escapes_and_names_the_line(data, line):
    with pytest.raises(_properties.PropertiesError) as caught:
        parse(data)
    assert caught.value.line == line
    assert str(caught.value) == f"line {line}: {caught.value.reason}"


def test_a_backslash_before_u_that_is_escaped_is_no_escape():
    assert parse(b"a=\\\\u12").get("a") == "\\u12"


# --- writing ---


@pytest.mark.parametrize(
    ("data", "key", "value", "expected"),
    [
        # in place: indentation, spelling of the key and separator stay
        (b"a=1\nb=2\nc=3\n", "b", "x", b"a=1\nb=x\nc=3\n"),
        (b" \tb \t: 2\n", "b", "x", b" \tb \t: x\n"),
        (b"\\u0062=2\n", "b", "x", b"\\u0062=x\n"),
        (b"b 2\n", "b", "x", b"b x\n"),
        (b"b\n", "b", "x", b"b=x\n"),
        (b"b  \n", "b", "x", b"b  x\n"),
        (b"b=\n", "b", "x", b"b=x\n"),
        (b"b=2\r\nc=3\r\n", "b", "x", b"b=x\r\nc=3\r\n"),
        (b"=2", "", "x", b"=x"),
        # a value over several lines becomes one line, so does a separator
        (b"b=1,\\\n  2,\\\n  3\nc=1", "b", "x", b"b=x\nc=1"),
        (b"b\\\n  =\\\n  1\nc=1", "b", "x", b"b=x\nc=1"),
        (b"lo\\\n  ng=1\nc=1", "long", "x", b"lo\\\n  ng=x\nc=1"),
        (b"\\\nb=1\nc=1", "b", "x", b"\\\nb=x\nc=1"),
        # the last line, with and without its end
        (b"a=1\nb=2", "b", "x", b"a=1\nb=x"),
        (b"b=2\\", "b", "x", b"b=x"),
        (b"b=2\\\n", "b", "x", b"b=x\n"),
        (b"b=2\\\n ", "b", "x", b"b=x"),
        (b"b\\", "b", "x", b"b=x"),
        (b"\\", "", "x", b"=x"),
        # duplicates: the effective line stays
        (b"b=1\na=1\nb=2\nc=1\n b=3", "b", "x", b"a=1\nc=1\n b=x"),
        (b"b=1\na=1\nb=2\n", "b", "2", b"a=1\nb=2\n"),
        (b"b=1,\\\n 2\na=1\n\\u0062 3\n", "b", "3", b"a=1\n\\u0062 3\n"),
        # the value already held
        (b"b:\\u0032\n", "b", "2", b"b:\\u0032\n"),
        (b"b=${x}", "b", "${x}", b"b=${x}"),
        (b"b=${y}\nb=${x}", "b", "${x}", b"b=${x}"),
        # new keys
        (b"", "n", "x", b"n=x\n"),
        (b"a=1", "n", "x", b"a=1\nn=x\n"),
        (b"a=1\n", "n", "x", b"a=1\nn=x\n"),
        (b"a=1\n  ", "n", "x", b"a=1\n  \nn=x\n"),
        (b"# c", "n", "x", b"# c\nn=x\n"),
        (b"a=1\r\nb=2", "n", "x", b"a=1\r\nb=2\r\nn=x\r\n"),
        (b"a=1\rb=2", "n", "x", b"a=1\rb=2\rn=x\r"),
        (b"a=1\nb=2\r\nc=3\r\nd=4", "n", "x", b"a=1\nb=2\r\nc=3\r\nd=4\r\nn=x\r\n"),
        # ... behind a line that would swallow them
        (b"a=1\\", "n", "x", b"a=1\\\n\nn=x\n"),
        (b"a=1\\\n", "n", "x", b"a=1\\\n\nn=x\n"),
        (b"a=1\\\n  ", "n", "x", b"a=1\\\n  \nn=x\n"),
        (b"a=1\nb=2\nc=3\\\r", "n", "x", b"a=1\nb=2\nc=3\\\r\rn=x\n"),
        (b"a=1\\\r\n", "n", "x", b"a=1\\\r\n\r\nn=x\r\n"),
        (b"# c\\", "n", "x", b"# c\\\nn=x\n"),
        # ... and before one that is an entry only at the end
        (b"a=1\n\\", "n", "x", b"a=1\nn=x\n\\"),
        (b"a=1\n \\\n\\\n", "n", "x", b"a=1\nn=x\n \\\n\\\n"),
        (b"a=1\n\\\r\n", "n", "x", b"a=1\n\\\r\n\r\nn=x\n"),
    ],
)
def test_set(data, key, value, expected):
    before = parse(data).as_dict()
    document = parse(data)
    assert document.set(key, value) is (data != expected)
    assert document.dump() == expected
    assert document.as_dict() == parse(expected).as_dict() == {**before, key: value}
    assert document.set(key, value) is False
    assert document.dump() == expected


@pytest.mark.parametrize(
    ("key", "value", "written"),
    [
        ("k", "a=b:c#d!e'\"&%@{}$", b"k=a=b:c#d!e'\"&%@{}$"),
        ("k", "10.0.0.0/8,2001:db8::/32", b"k=10.0.0.0/8,2001:db8::/32"),
        ("k", "=x", b"k==x"),
        ("k", "  two", b"k=\\  two"),
        ("k", "end ", b"k=end "),
        ("k", "", b"k="),
        ("k", "a\\b\\", b"k=a\\\\b\\\\"),
        ("k", "\t\n\r\f\x00\x1f\x7f", b"k=\\t\\n\\r\\f\\u0000\\u001F\\u007F"),
        ("k", "é€", b"k=\\u00E9\\u20AC"),
        ("k", "\U0001f600", b"k=\\uD83D\\uDE00"),
        ("k", "\ud83d\ude00", b"k=\\uD83D\\uDE00"),
        ("k", "\ud83d", b"k=\\uD83D"),
        ("a b=c:d#e!f\\g\n", "x", b"a\\ b\\=c\\:d#e!f\\\\g\\n=x"),
        ("#k", "x", b"\\#k=x"),
        ("!k", "x", b"\\!k=x"),
        ("", "x", b"=x"),
        ("é", "x", b"\\u00E9=x"),
    ],
)
def test_escapes_what_java_needs_and_no_more(key, value, written):
    document = parse(b"")
    document.set(key, value)
    assert document.dump() == written + b"\n"
    assert parse(document.dump()).get(key) == document.get(key)


@pytest.mark.parametrize("value", ["=x", ":x"])
def test_a_sign_at_the_start_is_escaped_behind_a_blank(value):
    document = parse(b"k 1\nj: 1")
    document.set("k", value)
    document.set("j", value)
    assert document.dump() == f"k \\{value}\nj: {value}".encode()
    assert parse(document.dump()).as_dict() == {"k": value, "j": value}


@pytest.mark.parametrize("value", ["a${b}", "#{1+1}", "${", "\\${x}"])
@pytest.mark.parametrize("data", [b"", b"k=1\n", b"k=${other}\n", b"k=a${b} \nk=1\n"])
def test_what_spring_would_expand_is_refused(data, value):
    document = parse(data)
    with pytest.raises(_properties.PropertiesError) as caught:
        document.set("k", value)
    assert caught.value.line is None
    assert "k" in str(caught.value)
    assert value not in str(caught.value) or value == "${"
    assert document.dump() == data


@pytest.mark.parametrize("value", ["$", "#", "{}", "$ {", "a$b$", "a}b"])
def test_what_spring_leaves_alone_is_not_refused(value):
    document = parse(b"")
    document.set("k", value)
    assert parse(document.dump()).get("k") == value


@pytest.mark.parametrize(
    ("data", "key", "expected"),
    [
        (b"a=1\nb=2\nc=3", "b", b"a=1\nc=3"),
        (b"a=1\nb=2", "b", b"a=1\n"),
        (b"b=1\na=1\n\\u0062=2,\\\n  3\nc=1", "b", b"a=1\nc=1"),
        (b"a=1", "b", b"a=1"),
        # the backslash line would be an empty entry without its successor
        (b"a=1\n\\\nb=2", "b", b"a=1\n"),
        (b"a=1\n\\", "", b"a=1\n"),
    ],
)
def test_remove(data, key, expected):
    document = parse(data)
    assert document.remove(key) is (data != expected)
    assert document.dump() == expected
    assert document.as_dict() == parse(expected).as_dict()
    assert key not in document


def test_count():
    document = parse(b"b=1\na=1\nb=2\n")
    assert [document.count(key) for key in "abc"] == [1, 2, 0]


def test_appending_behind_an_open_end_that_was_edited():
    document = parse(b"a=1\\")
    document.set("a", "2")
    document.set("n", "x")
    assert document.dump() == b"a=2\nn=x\n"


def test_removing_after_appending_behind_an_open_end():
    document = parse(b"a=1\\")
    document.set("n", "x")
    document.set("a", "2")
    document.remove("n")
    assert document.dump() == b"a=2\n"


def test_nothing_shows_a_value():
    data = f"a={CANARY}\n{CANARY}=\\\n  {CANARY}\\\n".encode()
    document = parse(data)
    shown = [repr(document), str(document)]
    shown.extend(repr(item) for item in document._items)
    for broken in (CANARY + "=\\u12", "a=" + CANARY + "\\u" + CANARY):
        with pytest.raises(_properties.PropertiesError) as caught:
            parse(broken.encode())
        shown.extend(traceback.format_exception(None, caught.value, caught.value.__traceback__))
        assert caught.value.__context__ is None
    for value in (CANARY + "${x}", "#{" + CANARY, "$" + CANARY + "${"):
        with pytest.raises(_properties.PropertiesError) as caught:
            document.set("a", value)
        shown.extend(traceback.format_exception(None, caught.value, caught.value.__traceback__))
    assert not [text for text in shown if CANARY in text]
    assert repr(document) == "<Document of 2 keys>"


# --- laws ---

ENDS = ("\n", "\r\n", "\r")
FRAGMENTS = (
    *("a", "b", "k", "u", "\\", "\\\\", "=", ":", " ", "\t", "\f", "#", "!", "\xe9", "\x00"),
    *("\\u0041", "\\u006b", "\\ud83d\\ude00", "\\u00", "\n", "\n", "\r", "\r\n", "\\\n", "\\\r\n"),
)
SOUP = st.lists(st.sampled_from(FRAGMENTS), max_size=24).map(
    lambda parts: "".join(parts).encode("iso-8859-1")
)
KEYS = st.one_of(st.sampled_from(["a", "b", "k", "ak", "A", "é", ""]), st.text(max_size=6))
VALUES = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="ab =:#!\\\t\f\n\r$\x00é\U0001f600\ud800", max_size=12),
)


def parsed(data):
    """A document, or None where Java would refuse the content."""
    try:
        return parse(data)
    except _properties.PropertiesError:
        return None


@given(SOUP)
@example(b"\\\n\\")
@example(b"\\\r\n\r")
def test_law_dump_gives_what_was_parsed(data):
    document = parsed(data)
    assume(document)
    assert document.dump() == data


@given(SOUP, st.lists(st.tuples(KEYS, st.one_of(st.none(), VALUES)), max_size=5))
@example(b"\\\r\n", [("k", "1")])
@example(b"a=1\\\r", [("k", "1"), ("a", "2"), ("k", None)])
def test_law_edits_touch_nothing_else(data, edits):
    document = parsed(data)
    assume(document)
    expected = document.as_dict()
    for key, value in edits:
        if value is None:
            assert document.remove(key) is (key in expected)
            expected.pop(key, None)
        elif ("${" in value or "#{" in value) and expected.get(key) != value:
            with pytest.raises(_properties.PropertiesError):
                document.set(key, value)
        else:
            assume(_properties._combine(value) == value)
            document.set(key, value)
            assert document.get(key) == value
            assert document.count(key) == 1
            expected[key] = value
        assert document.as_dict() == expected
        assert parse(document.dump()).as_dict() == expected


@given(SOUP, KEYS, VALUES)
def test_law_a_second_set_changes_nothing(data, key, value):
    document = parsed(data)
    assume(document and "${" not in value and "#{" not in value)
    document.set(key, value)
    once = document.dump()
    again = parse(once)
    assert again.set(key, value) is False
    assert again.dump() == once


@given(SOUP)
def test_law_setting_what_is_held_changes_nothing(data):
    document = parsed(data)
    assume(document)
    for key, value in document.as_dict().items():
        if document.count(key) == 1:
            assert document.set(key, value) is False
    assert document.dump() == data


@st.composite
def lines(draw):
    """A logical line: what stands before the value, the value as written, the end, the key."""
    kind = draw(st.sampled_from(["entry", "entry", "entry", "other"]))
    end = draw(st.sampled_from(ENDS))
    if kind == "other":
        body = draw(st.sampled_from(["", "  \t", "# k=1", " !k=1", "#\\", "\\\n#k"]))
        return body, "", end, None
    indent = draw(st.sampled_from(["", " ", "\t ", "\\\n"]))
    key = draw(st.sampled_from(["a", "b", "k"]))
    spelling = draw(st.sampled_from([key, "\\" + key, f"\\u{ord(key):04x}"]))
    assume(spelling != "\\b" or key == "b")
    sign = draw(st.sampled_from(["=", ":", " = ", "\t:\f"]))
    value = draw(
        st.sampled_from(["", "1", "2 ", "\\u0032", "x,\\\n  y", "x,\\\r\n\\\r\n y", "\xe9", "#="])
    )
    return indent + spelling + sign, value, end, key


@given(
    st.lists(lines(), max_size=8),
    st.booleans(),
    st.sampled_from("abkn"),
    st.text(alphabet="ab=:#!/.,01", max_size=8),
)
def test_law_untouched_lines_stay_byte_for_byte(rows, cut, key, value):
    assume("${" not in value and "#{" not in value)
    # CR before LF would be one line ending, not two.
    assume(all(a[2] != "\r" or b[0] != "" or b[2] != "\n" for a, b in zip(rows, rows[1:])))
    if cut and rows:
        head, written, _end, row_key = rows[-1]
        rows[-1] = (head, written, "", row_key)
    document = parse("".join(h + w + e for h, w, e, _k in rows).encode("iso-8859-1"))
    ours = [number for number, row in enumerate(rows) if row[3] == key]
    held = document.get(key)
    expected = []
    for number, (head, written, end, _key) in enumerate(rows):
        if number not in ours:
            expected.append(head + written + end)
        elif number == ours[-1]:
            expected.append(head + (written if held == value else value) + end)
    document.set(key, value)
    dumped = document.dump().decode("iso-8859-1")
    if ours:
        assert dumped == "".join(expected)
    else:
        untouched = "".join(expected)
        assert dumped.startswith(untouched)
        assert dumped[len(untouched) :].strip("\r\n") == f"{key}={value}"
