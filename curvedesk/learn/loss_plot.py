"""The loss curve of a training as a picture any browser shows: losses above, their ratio with its limit below."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from curvedesk.store.atomic import replacing

WIDTH, LEFT, RIGHT = 720, 64, 16
LOSSES, RATIOS = (40, 270), (330, 450)  # top and bottom of the two fields
_TRAIN, _VALID, _WARN, _LINE = "#0072b2", "#d55e00", "#cc0000", "#999999"


@dataclass(frozen=True, slots=True)
class Point:
    """One line of a log."""

    step: int
    loss: float
    val_loss: float | None


@dataclass(frozen=True, slots=True)
class _Field:
    """Where values lie on the picture."""

    steps: int
    top: int
    bottom: int
    high: float

    def at(self, step: int, value: float) -> str:
        x = LEFT + (WIDTH - LEFT - RIGHT) * step / max(self.steps, 1)
        y = self.bottom - (self.bottom - self.top) * min(max(value / self.high, 0.0), 1.0)
        return f"{x:.1f},{y:.1f}"

    def frame(self, title: str) -> list[str]:
        parts = [_text(LEFT, self.top - 10, title)]
        for share in (0.0, 0.5, 1.0):
            y = float(self.at(0, share * self.high).split(",")[1])
            parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#dddddd"/>')
            parts.append(_text(LEFT - 8, y + 4, f"{share * self.high:.3g}", anchor="end"))
        return parts

    def curve(self, values: Sequence[tuple[int, float]], colour: str, *, dots: bool = False) -> list[str]:
        places = [self.at(step, value) for step, value in values]
        line = f'<polyline points="{" ".join(places)}" fill="none" stroke="{colour}" stroke-width="1.5"/>'
        marks = [f'<circle cx="{p.split(",")[0]}" cy="{p.split(",")[1]}" r="3" fill="{colour}"/>' for p in places]
        return [line, *(marks if dots else [])]


def _text(x: float, y: float, words: str, *, anchor: str = "start", colour: str = "#333333") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def loss_svg(points: Sequence[Point], *, warn_at: float) -> str:
    """An SVG of training and validation loss and of their ratio, which turns red where it passes `warn_at`."""
    steps = max((p.step for p in points), default=1)
    train = [(p.step, p.loss) for p in points if math.isfinite(p.loss)]
    valid = [(p.step, p.val_loss) for p in points if p.val_loss is not None and math.isfinite(p.val_loss)]
    ratio = [(p.step, p.val_loss / max(p.loss, 1e-9)) for p in points if p.val_loss is not None]
    upper = _Field(steps, *LOSSES, 1.05 * max([value for _, value in train + valid], default=1.0) or 1.0)
    lower = _Field(steps, *RATIOS, max(1.2 * warn_at, *(1.05 * value for _, value in ratio), 0.0))
    parts = upper.frame("Loss") + upper.curve(train, _TRAIN) + upper.curve(valid, _VALID, dots=True)
    parts += [_text(WIDTH - 190, LOSSES[0] - 10, "training", colour=_TRAIN)]
    parts += [_text(WIDTH - 110, LOSSES[0] - 10, "held-out paper", colour=_VALID)]
    parts += lower.frame("Held-out to training") + lower.curve([(0, warn_at), (steps, warn_at)], _WARN)
    parts += lower.curve(ratio, _LINE, dots=True)
    parts += lower.curve([r for r in ratio if r[1] > warn_at], _WARN, dots=True)[1:]
    parts += [_text(LEFT, RATIOS[1] + 22, "step 0"), _text(WIDTH - RIGHT, RATIOS[1] + 22, f"{steps}", anchor="end")]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 490" font-family="sans-serif" font-size="12">'
    return "\n".join([head, '<rect width="100%" height="100%" fill="white"/>', *parts, "</svg>"]) + "\n"


def write_plot(path: Path, points: Sequence[Point], *, warn_at: float) -> None:
    """The same as a file, replaced whole."""
    with replacing(path) as part:
        part.write_text(loss_svg(points, warn_at=warn_at), encoding="utf-8")
