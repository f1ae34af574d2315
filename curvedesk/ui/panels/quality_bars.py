"""One curve's score: its name, the share of clean depths, a bar of what is wrong, and the same in words."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from curvedesk.domain.project import Project
from curvedesk.interchange.quality_rules import FaultKind
from curvedesk.session.quality import Quality
from curvedesk.ui.parts import label, set_role, tight
from curvedesk.ui.theme import theme

TOKENS = {
    FaultKind.OFF_INK: "bad",
    FaultKind.GAP: "bad",
    FaultKind.SPIKE: "bad",
    FaultKind.PINNED: "warn",
    FaultKind.OUT_OF_SCALE: "warn",
    FaultKind.LOW_CONFIDENCE: "muted",
}
GOOD, FAIR = 0.98, 0.9
BAR_PX, SWATCH_PX = 6, 18
LEAST_PX = 2.0  # a fault is seen, however small


@dataclass(frozen=True, slots=True)
class CurveScore:
    """`shares` of the curve's depths with each fault that occurs, `clean` with none."""

    name: str
    colour: str
    clean: float
    shares: tuple[tuple[FaultKind, float], ...]

    @property
    def words(self) -> str:
        """Such as `1.2 % off ink · 0.4 % gap`."""
        return " · ".join(f"{_percent(share)} {kind.value}" for kind, share in self.shares)


def scores_of(quality: Quality, project: Project) -> list[CurveScore]:
    """A line for every curve of the export."""
    return [
        CurveScore(
            curve.mnemonic,
            _colour(project, curve.mnemonic),
            curve.clean,
            tuple((kind, share) for kind, share in curve.shares.items() if share > 0),
        )
        for curve in quality.curves
    ]


def _colour(project: Project, mnemonic: str) -> str:
    keys = project.keys_of(mnemonic)
    return project.look(keys[0]).colour if keys else theme().tokens.muted


def _percent(share: float) -> str:
    return "under 0.1 %" if share < 0.001 else f"{100 * share:.1f} %"


class ScoreBar(QWidget):
    """Clean in green, then each fault by its colour, as wide as its share."""

    def __init__(self) -> None:
        super().__init__()
        self._score: CurveScore | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def show_score(self, score: CurveScore) -> None:
        """This from now on."""
        self._score = score
        self.update()

    def sizeHint(self) -> QSize:
        """As thin as a progress bar."""
        return QSize(120, BAR_PX)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """From the left: clean, then what is wrong."""
        if self._score is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect())
        clip = QPainterPath()
        clip.addRoundedRect(whole, BAR_PX / 2, BAR_PX / 2)
        painter.setClipPath(clip)
        tokens = theme().tokens
        painter.fillRect(whole, QColor(tokens.good))
        right = whole.right()
        for kind, share in reversed(self._score.shares):
            width = max(LEAST_PX, share * whole.width())
            painter.fillRect(QRectF(right - width, 0, width, BAR_PX), QColor(getattr(tokens, TOKENS[kind])))
            right -= width
        painter.end()


class Swatch(QWidget):
    """A short line in the curve's colour."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = "#000000"
        self.setFixedSize(SWATCH_PX, BAR_PX)

    def show_colour(self, colour: str) -> None:
        """This from now on."""
        self._colour = colour
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A line as thick as the curve's."""
        painter = QPainter(self)
        painter.fillRect(QRectF(0, BAR_PX / 2 - 1.5, SWATCH_PX, 3), QColor(self._colour))
        painter.end()


class ScoreRow(QWidget):
    """Name and share above, the bar, then what is wrong in words."""

    def __init__(self, score: CurveScore) -> None:
        super().__init__()
        self.name, self.clean = label("", "strong"), label("")
        self.bar, self.swatch, self.words = ScoreBar(), Swatch(), label("", "small", wrap=True)
        top = tight(QHBoxLayout())
        top.addWidget(self.swatch)
        top.addWidget(self.name, 1)
        top.addWidget(self.clean)
        column = tight(QVBoxLayout(self), gap=4)
        column.addLayout(top)
        column.addWidget(self.bar)
        column.addWidget(self.words)
        self.show_score(score)

    def show_score(self, score: CurveScore) -> None:
        """This from now on."""
        self.name.setText(score.name)
        self.swatch.show_colour(score.colour)
        self.bar.show_score(score)
        self.clean.setText(f"{100 * score.clean:.1f} %")
        set_role(self.clean, "good" if score.clean >= GOOD else "warn" if score.clean >= FAIR else "bad")
        self.words.setText(score.words)
        self.words.setVisible(bool(score.words))
        self.setAccessibleName(f"{score.name}: {100 * score.clean:.1f} % clean. {score.words}")
