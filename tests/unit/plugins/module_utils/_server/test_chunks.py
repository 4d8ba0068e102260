from __future__ import annotations

import struct

import pytest
from ansible_collections.streamward.antmedia.plugins.module_utils._server import chunks as _chunks
from hypothesis import assume, given, settings, strategies as st

KINDS = st.sampled_from([3, 8, 9, 15, 18, 20, 22, 99])
TIMES = st.one_of(
    st.integers(0, 100), st.integers(0xFFFFFA, 0x1000005), st.integers(0xFFFFFFF0, 0xFFFFFFFF)
)


def read(data, step=0, **options):
    """The messages of some bytes, given all at once or so many at a time."""
    reader = _chunks.Reader(**{"most": 1 << 20, **options})
    found = []
    for start in range(0, len(data), step or len(data) or 1):
        reader.feed(data[start : start + (step or len(data))])
        message = reader.message()
        while message:
            found.append(tuple(message))
            message = reader.message()
    assert reader.received == len(data)
    return found


def basic(form, number):
    if number < 64:
        return bytes((form << 6 | number,))
    if number < 320:
        return bytes((form << 6, number - 64))
    return bytes((form << 6 | 1,)) + struct.pack("<H", number - 64)


class Writer:
    """Chunks as other programs write them: with the shortest header that says it all."""

    def __init__(self, size, repeats_late=True):
        self.size, self.repeats_late = size, repeats_late
        self.last = {}

    def chunks(self, number, kind, stream, time, payload):
        """The chunks of a message, each as bytes."""
        before = self.last.get(number)
        form, field = 0, time
        if before and before["stream"] == stream and time >= before["time"]:
            field = time - before["time"]
            form = 1
            if (before["kind"], before["length"]) == (kind, len(payload)):
                form = 3 if before["field"] == field else 2
        self.last[number] = {
            "stream": stream,
            "time": time,
            "kind": kind,
            "length": len(payload),
            "field": field,
        }
        late = struct.pack(">I", field) if field >= 0xFFFFFF else b""
        head = b"" if form == 3 else min(field, 0xFFFFFF).to_bytes(3, "big")
        if form < 2:
            head += len(payload).to_bytes(3, "big") + bytes((kind,))
        if form == 0:
            head += struct.pack("<I", stream)
        head += late
        for start in range(0, max(len(payload), 1), self.size):
            yield basic(form, number) + head + payload[start : start + self.size]
            form, head = 3, late if self.repeats_late else b""


MESSAGES = st.lists(
    st.tuples(
        st.sampled_from([2, 3, 63, 64, 319, 320, 65599]),
        KINDS,
        st.integers(0, 3),
        TIMES,
        st.binary(max_size=700),
    ),
    min_size=1,
    max_size=6,
)


@given(MESSAGES, st.integers(1, 800), st.booleans(), st.sampled_from([0, 1, 7, 100]), st.randoms())
@settings(max_examples=300)
def test_what_is_written_is_read(messages, size, repeats_late, step, random):
    if not repeats_late:  # what follows could be the time again
        assume(all(struct.pack(">I", time) not in payload for *_ids, time, payload in messages))
    writer = Writer(size, repeats_late)
    data = _chunks.pack(2, _chunks.SET_CHUNK_SIZE, 0, struct.pack(">I", size))
    # Messages of different channels take turns.
    waiting, wanted, order = {}, [], []
    for number, kind, stream, time, payload in messages:
        if number in waiting:
            continue
        made = list(writer.chunks(number, kind, stream, time, payload))
        waiting[number] = (made, (kind, stream, time, payload))
        order += [number] * len(made)
    random.shuffle(order)
    for number in order:
        made, message = waiting[number]
        data += made.pop(0)
        if not made:
            wanted.append(message)
    # So that nothing is left to be waited for.
    data += _chunks.pack(50, 8, 1, b"last", size)
    assert read(data, step, channels=100) == [*wanted, (8, 1, 0, b"last")]


@given(MESSAGES, st.integers(1, 800))
def test_one_after_the_other_with_ever_shorter_headers(messages, size):
    writer = Writer(size)
    data = _chunks.pack(2, _chunks.SET_CHUNK_SIZE, 0, struct.pack(">I", size))
    for message in messages:
        number, kind, stream, time, payload = message
        data += b"".join(writer.chunks(number, kind, stream, time, payload))
    assert read(data, channels=100) == [message[1:] for message in messages]


@given(
    st.integers(2, 63), KINDS, st.integers(0, 2**32 - 1), TIMES, st.binary(max_size=900),
    st.integers(1, 900),
)  # fmt: skip
def test_pack(number, kind, stream, time, payload, size):
    data = _chunks.pack(2, _chunks.SET_CHUNK_SIZE, 0, struct.pack(">I", size))
    data += _chunks.pack(number, kind, stream, payload, size, time)
    assert read(data) == [(kind, stream, time, payload)]
    pieces = _chunks.pieces(number, kind, stream, payload, size, time)
    assert data.endswith(b"".join(pieces))


def test_headers_that_leave_things_out():
    first = _chunks.pack(9, 20, 5, b"one", time=1000)
    shorter = b"\x49" + b"\x00\x00\x01" + b"\x00\x00\x03" + b"\x14" + b"two"
    shortest = b"\x89" + b"\x00\x00\x05" + b"six"
    same = b"\xc9" + b"ten"
    assert read(first + shorter + shortest + same) == [
        (20, 5, time, text)
        for time, text in ((1000, b"one"), (1001, b"two"), (1006, b"six"), (1011, b"ten"))
    ]


def test_one_that_repeats_the_first_moves_on_by_its_time():
    assert [each[2] for each in read(_chunks.pack(9, 8, 1, b"a", time=40) + b"\xc9b")] == [40, 80]


def test_a_header_that_says_all_but_the_stream_may_be_the_first():
    assert read(b"\x42\0\0\x05\0\0\x02\x04hi") == [(4, 0, 5, b"hi")]


def test_the_clock_goes_round():
    data = _chunks.pack(9, 8, 1, b"a", time=0xFFFFFFF0) + b"\x89\x00\x00\x20b"
    assert [each[2] for each in read(data)] == [0xFFFFFFF0, 0x10]


def test_late_times_that_go_on_with_them_or_without():
    payload = bytes(range(200)) * 2
    late = struct.pack(">I", 0x1234567)
    head = b"\x06\xff\xff\xff" + len(payload).to_bytes(3, "big") + b"\x09" + bytes(4) + late
    parts = [payload[start : start + 128] for start in range(0, 400, 128)]
    for between in (b"\xc6", b"\xc6" + late):
        assert read(head + between.join(parts), 5) == [(9, 0, 0x1234567, payload)]


def test_a_message_that_is_given_up():
    begun = _chunks.pack(4, 9, 1, b"x" * 300)[: 12 + 128]
    abort = _chunks.pack(2, _chunks.ABORT, 0, struct.pack(">I", 4))
    nothing = _chunks.pack(2, _chunks.ABORT, 0, struct.pack(">I", 5))
    assert read(begun + abort + nothing + _chunks.pack(4, 8, 1, b"y")) == [(8, 1, 0, b"y")]


def test_what_is_given_up_is_not_kept():
    reader = _chunks.Reader(300)
    begun = _chunks.pack(4, 9, 1, b"x" * 300, 128)[: 12 + 128]
    for _each in range(10):
        reader.feed(begun + _chunks.pack(2, _chunks.ABORT, 0, struct.pack(">I", 4)))
        assert reader.message() is None
        assert reader.held == 0


HEAD = b"\0\0\0"
BROKEN = {
    "goes on with nothing": b"\xc3",
    "shorter header of nothing": b"\x83" + HEAD,
    "begins again": _chunks.pack(3, 9, 1, b"x" * 300, 128)[:140] + _chunks.pack(3, 9, 1, b"y"),
    "too long": b"\x03" + HEAD + b"\x10\x00\x01" + b"\x14" + bytes(4),
    "chunks of no size": _chunks.pack(2, 1, 0, bytes(4)),
    "chunks of negative size": _chunks.pack(2, 1, 0, b"\x80\0\0\x80"),
    "a size of three bytes": _chunks.pack(2, 1, 0, bytes(3)),
    "an abort of five": _chunks.pack(2, 2, 0, bytes(5)),
    "channels": b"".join(_chunks.pack(n, 8, 1, b"") for n in range(2, 12)),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("step", [0, 1])
def test_what_is_no_chunk(name, step):
    with pytest.raises(_chunks.Broken):
        read(BROKEN[name], step, channels=9)


def test_small_chunks_can_be_refused():
    data = _chunks.pack(2, 1, 0, struct.pack(">I", 127))
    assert read(data) == []
    with pytest.raises(_chunks.Broken):
        read(data, least=128)


def test_no_more_is_kept_than_said():
    """Messages that begin and never end count together, before their bytes are there."""
    reader = _chunks.Reader(1000)
    reader.feed(_chunks.pack(3, 9, 1, b"x" * 600, 128)[: 12 + 128])
    assert reader.message() is None
    assert reader.held == 128
    reader.feed(_chunks.pack(4, 9, 1, b"x" * 872, 128)[: 12 + 128])
    assert reader.message() is None
    reader.feed(_chunks.pack(5, 9, 1, b"x" * 745, 128)[:12])
    with pytest.raises(_chunks.Broken):
        reader.message()


def test_a_large_chunk_is_waited_for_without_reading_it_again(monkeypatch):
    reads = []
    real = _chunks.Reader._chunk
    monkeypatch.setattr(_chunks.Reader, "_chunk", lambda self: reads.append(1) or real(self))
    reader = _chunks.Reader(1 << 20)
    reader.feed(_chunks.pack(2, 1, 0, struct.pack(">I", 1 << 20)))
    data = _chunks.pack(3, 9, 1, b"x" * 500_000, 1 << 20)
    found = []
    for start in range(0, len(data), 1000):
        reader.feed(data[start : start + 1000])
        found.append(reader.message())
    assert found[:-1] == [None] * 500
    assert found[-1].payload == b"x" * 500_000
    assert len(reads) < 5
    assert reader.held == 0


@given(st.binary(max_size=300), st.sampled_from([0, 1]))
def test_any_bytes_are_read_or_broken(data, step):
    try:
        for _kind, _stream, time, payload in read(data, step, most=500):
            assert 0 <= time <= 0xFFFFFFFF
            assert len(payload) <= 500
    except _chunks.Broken:
        pass


@given(st.binary(max_size=300), st.integers(1, 50))
def test_it_does_not_matter_how_bytes_come(data, step):
    def outcome(step):
        reader = _chunks.Reader(500)
        found = []
        try:
            for start in range(0, len(data), step):
                reader.feed(data[start : start + step])
                message = reader.message()
                while message:
                    found.append(message)
                    message = reader.message()
        except _chunks.Broken as fault:
            found.append(str(fault))
        return found

    assert outcome(step) == outcome(1)
