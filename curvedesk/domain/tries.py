"""What trainings on one log brought so far, and whether further strokes still pay."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

FEWEST_NEW = 4  # strokes: what fewer bring, or do not, may be chance
PAYS = 0.9  # of the error is left: more, and strokes hardly pay any more
FINE_PCT = 0.3  # of the track: less than a pen's width on the paper, and than a hand can point at


@dataclass(frozen=True, slots=True)
class Try:
    """One training: how many strokes and accepted stretches it had, the error in % of the track on those held back,
    with the model before and with the new one, and whether that was kept."""

    strokes: int
    before_pct: float
    after_pct: float
    kept: bool

    @property
    def left(self) -> float:
        """Share of the error that is left: 1 where the old model stayed."""
        return self.after_pct / self.before_pct if self.kept and self.before_pct > 0 else 1.0

    @property
    def now_pct(self) -> float:
        """Error of the model that stayed."""
        return self.after_pct if self.kept else self.before_pct


class Paying(StrEnum):
    """What the tries say of further strokes."""

    UNKNOWN = "unknown"
    YES = "yes"
    NO = "no"
    FINE = "fine"


def paying(tries: Sequence[Try]) -> Paying:
    """Whether further strokes pay; `tries` in the order they were made.

    Only what came with new strokes counts: of tries with equally many, the best. Where strokes were taken away the
    story begins anew.
    """
    told = _story(tries)
    if not told:
        return Paying.UNKNOWN
    if told[-1].now_pct <= FINE_PCT:
        return Paying.FINE
    new, left = _last(told)
    if new < FEWEST_NEW:
        return Paying.UNKNOWN
    if left <= PAYS:
        return Paying.YES
    return Paying.NO if len(told) > 1 else Paying.UNKNOWN  # one refusal may be chance


def advice(tries: Sequence[Try]) -> str:
    """The same as a sentence for the analyst; empty where it is too early to tell."""
    told = _story(tries)
    match paying(tries):
        case Paying.FINE:
            return (
                f"More strokes would hardly show: the error on strokes it has not seen is {told[-1].now_pct:.2f} % of "
                "the track, less than a pen's width. Correct what you see, and export."
            )
        case Paying.NO:
            new, left = _last(told)
            return f"Further strokes hardly pay: {_brought(new, left)}. Correct the rest by hand, it binds, and export."
        case Paying.YES:
            new, left = _last(told)
            return f"Strokes still pay: {_brought(new, left)}."
    return ""


def _brought(new: int, left: float) -> str:
    """In words."""
    percent = round(100 * (1 - left))
    if percent <= 0:
        return f"the last {new} did not lower the error on strokes it has not seen"
    return f"the last {new} lowered the error on strokes it has not seen by {percent} %"


def _story(tries: Sequence[Try]) -> list[Try]:
    told: list[Try] = []
    for one in tries:
        if told and one.strokes < told[-1].strokes:
            told = []
        if told and one.strokes == told[-1].strokes:
            told[-1] = min(told[-1], one, key=_left)
        else:
            told.append(one)
    return told


def _last(told: Sequence[Try]) -> tuple[int, float]:
    """New strokes of the latest tries, as few of them as brought enough strokes to tell, and the share of the error
    those left. The first try learnt from everything there was."""
    new, left = 0, 1.0
    for place in range(len(told) - 1, -1, -1):
        new += told[place].strokes - (told[place - 1].strokes if place else 0)
        left *= told[place].left
        if new >= FEWEST_NEW:
            break
    return new, left


def _left(one: Try) -> float:
    return one.left
