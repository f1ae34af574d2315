"""Sentences survive the way through a pipe, and nothing that comes out of one can bring a listener down."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curvedesk.protocol.codec import Lines, decode_event, decode_request, encode
from curvedesk.protocol.messages import (
    EVENTS,
    REQUESTS,
    Cancel,
    Cancelled,
    Enough,
    Event,
    EvidenceAt,
    Failed,
    GoOn,
    Heartbeat,
    Hello,
    Log,
    Look,
    Loss,
    Pause,
    Paused,
    Preview,
    Progress,
    Quit,
    Ready,
    Request,
    Result,
    Rows,
    Run,
)

SAID: list[Event] = [
    Hello(1, 4711),
    Ready("curvenet-4", "cpu", 2.5),
    Heartbeat(),
    Progress("j1", "looking", 3, 40, 12.5),
    Progress("j1", "looking", 3, 40),
    EvidenceAt("j1", "abc-def"),
    Rows("j1", 10.5, 400.0),
    Preview("j1", "depth", {"confidence": 0.5, "ties": [[1, 2.5]]}),
    Loss("j1", 3, 0.25, None),
    Paused("j1", True),
    Result("j1", {"curves": "/tmp/ä b/curves.npz"}, {"seconds": 3}),
    Failed("j1", "The scan is damaged.", "Traceback\n  two lines"),
    Cancelled("j1"),
    Log("Zeile", "warn"),
]
ASKED: list[Request] = [
    Run("j1", "C:\\jobs\\1.json"),
    Look("j1", 0.0, 900.5),
    Cancel("j1"),
    Enough("j1"),
    Pause("j1"),
    GoOn("j1"),
    Quit(),
]


@pytest.mark.parametrize("event", SAID, ids=lambda event: type(event).__name__)
def test_an_event_comes_out_as_it_went_in(event: Event) -> None:
    line = encode(event)
    assert line.count(b"\n") == 1
    assert decode_event(line) == event
    assert decode_request(line) is None


@pytest.mark.parametrize("request_", ASKED, ids=lambda request: type(request).__name__)
def test_a_request_comes_out_as_it_went_in(request_: Request) -> None:
    assert decode_request(encode(request_)) == request_
    assert decode_event(encode(request_)) is None


def test_every_kind_of_sentence_is_tested_above() -> None:
    assert {type(event) for event in SAID} == set(EVENTS.values())
    assert {type(request) for request in ASKED} == set(REQUESTS.values())


def test_keys_of_a_newer_version_are_let_pass() -> None:
    assert decode_event(b'{"type": "cancelled", "job": "j1", "mood": "good"}') == Cancelled("j1")


def test_a_sentence_without_its_new_optional_part_is_understood() -> None:
    assert decode_event(b'{"type": "log", "text": "x"}') == Log("x")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"OMP: Warning #96",
        b"{",
        b"[]",
        b"7",
        b'{"type": "dance"}',
        b'{"type": ["hello"]}',
        b'{"type": "cancelled"}',
        b'{"type": "cancelled", "job": 3}',
        b'{"type": "progress", "job": "a", "phase": "b", "done": "1", "total": 2}',
        b'{"type": "progress", "job": "a", "phase": "b", "done": true, "total": 2}',
        b'{"type": "rows", "job": "a", "y0_px": NaN, "y1_px": 2}',
        b'{"type": "result", "job": "a", "files": []}',
        b"\xff\xfe\x00",
        b"[" * 100_000,
    ],
)
def test_a_line_that_is_no_sentence_is_nothing(line: bytes) -> None:
    assert decode_event(line) is None


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    for line in Lines(max_bytes=64).feed(data):
        decode_event(line)
        decode_request(line)


@given(st.lists(st.integers(1, 40), max_size=30))
def test_lines_are_the_same_however_the_pipe_cuts_them(cuts: list[int]) -> None:
    stream = b"".join(encode(event) for event in SAID)
    lines, found, at = Lines(), [], 0
    for cut in [*cuts, len(stream)]:
        found += [decode_event(line) for line in lines.feed(stream[at : at + cut])]
        at += cut
    assert found == SAID


def test_a_line_without_end_is_thrown_away_and_the_next_one_understood() -> None:
    lines = Lines(max_bytes=1000)
    found = [line for _ in range(50) for line in lines.feed(b"x" * 100)]
    found += list(lines.feed(b"xx\n" + encode(Heartbeat())))
    found += list(lines.feed(b"y" * 2000 + b"\n" + encode(Quit())))
    assert [decode_event(found[0]), decode_request(found[1])] == [Heartbeat(), Quit()]
    assert len(found) == 2
    assert lines.refused == 2


def test_numbers_that_are_not_finite_become_null_not_broken_json() -> None:
    line = encode(Loss("j1", 1, 0.5, float("nan")))
    assert json.loads(line)["held_out"] is None
    assert decode_event(line) == Loss("j1", 1, 0.5, None)
    assert json.loads(encode(Preview("j", "x", {"a": [float("inf")]})))["data"] == {"a": [None]}


def test_the_room_needs_the_standard_library_only() -> None:
    code = (
        "import sys; import curvedesk.protocol.codec, curvedesk.protocol.jobs;"
        "names = {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names) - {'curvedesk'};"
        "sys.exit(' '.join(n for n in names if not n.startswith(('_', 'sitecustomize'))) or 0)"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(root)!r}); {code}"],
                          capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 0, done.stderr
