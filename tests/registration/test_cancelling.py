"""A reading that is stopped stops at once, inside a network that would run on for seconds."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from curvedesk.domain.errors import Cancelled
from curvedesk.registration import ocr


class Endless:
    """A network that runs until it is told to end, as the real one looks between its layers."""

    def __init__(self) -> None:
        self.ended = False

    def get_inputs(self) -> list[Any]:
        return [SimpleNamespace(name="x")]

    def run(self, _outputs: None, _feed: dict[str, Any], options: Any) -> list[Any]:
        for _ in range(3000):  # half a minute: a test that fails ends
            if options.terminate:
                self.ended = True
                raise RuntimeError("terminated")
            time.sleep(0.01)
        return []


@pytest.mark.parametrize("read", [ocr.find_words, lambda ink, cancelled: ocr.read_lines([ink], cancelled=cancelled)])
def test_that_a_network_at_work_ends_when_somebody_stops_the_reading(
    monkeypatch: pytest.MonkeyPatch, read: Any
) -> None:
    ocr.plain_letters()  # the alphabet lies in the real one
    network = Endless()
    monkeypatch.setattr(ocr, "_session", lambda _kind: network)
    ink = np.full((64, 200), 200, np.uint8)
    asked: list[int] = []

    def stopped() -> bool:
        asked.append(1)
        return len(asked) > 3

    with pytest.raises(Cancelled):
        read(ink, cancelled=stopped)
    assert network.ended


def test_that_what_may_be_stopped_reads_the_same() -> None:
    ink = np.zeros((60, 220), np.uint8)
    ink[10:50, 20:26] = ink[10:50, 80:86] = 255
    free, watched = (ocr.read_lines([ink], letters="0123456789", cancelled=c) for c in (None, lambda: False))
    assert free == watched
