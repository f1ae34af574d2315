"""``curvedesk evaluate``: how much the simulated analyst says."""

from __future__ import annotations

from pathlib import Path

import pytest

from curvedesk import analyst, transfer
from curvedesk.analyst_begin import Begin
from curvedesk.analyst_hand import Analyst
from curvedesk.cli.evaluate import Asked, _of_strokes
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.report import Report


@pytest.mark.parametrize("suite", ["strokes", "transfer"])
def test_the_hand_draws_and_accepts_as_much_as_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, model: Model, suite: str
) -> None:
    hands: list[Analyst] = []

    def listening(*_given: object, analyst: Analyst, **_more: object) -> Report:
        hands.append(analyst)
        return Report(suite, "", "", ())

    monkeypatch.setattr(analyst, "simulate", listening)
    monkeypatch.setattr(transfer, "transfer", listening)
    asked = Asked(suite, Path(), (), (1,), (2, 0), False, None, 1, "cpu", None, Begin.MASK)
    _of_strokes(asked, model, lambda _fraction: None)
    assert hands == [Analyst(strokes=2, accepts=0)]
