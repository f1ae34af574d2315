"""Which samples of a curve are faulty, and how: one rule a kind, each on whole arrays."""

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
from scipy.ndimage import uniform_filter1d

from curvedesk.domain.curve import DigitisedCurve, DigitisedLog
from curvedesk.domain.sheet import Style
from curvedesk.interchange.log import UNSURE
from curvedesk.interchange.quality_band import InkFound
from curvedesk.interchange.quality_redraw import SPIKE_SAMPLES, Redrawn
from curvedesk.interchange.review import Flags, nulled_at, reviewed_at, runs

# Lengths are 200 dpi pixels.
WINDOW_PX = {Style.SOLID: 24.0, Style.DASHED: 70.0, Style.DOTTED: 50.0}  # over which ink under a pen is counted
LEAST_INK = {Style.SOLID: 0.5, Style.DASHED: 0.3, Style.DOTTED: 0.3}  # less of it than so is off the ink
LEAST_OFF_PX, HOLE_PX = 14.0, 20.0
SPIKE_INK = 0.5  # less on the way there than so is no pen
EDGE_PX, LEAST_PINNED_PX = 1.6, 30.0
OUT_SHARE, MOST_TURNS = 0.006, 3
LEAST_GAP_PX, GAP_WINDOW_PX, GAP_SHARE = 20.0, 40.0, 0.55


class FaultKind(StrEnum):
    """What can be wrong with an exported curve."""

    OFF_INK = "off ink"
    GAP = "gap"
    SPIKE = "spike"
    PINNED = "pinned"
    OUT_OF_SCALE = "out of scale"
    LOW_CONFIDENCE = "low confidence"


def faulty(log: DigitisedLog, curve: DigitisedCurve, drawn: Redrawn, told: InkFound) -> Mapping[FaultKind, Flags]:
    """Samples of a curve with each fault, (m,) each; none where a person has looked."""
    seen = reviewed_at(log.sheet, curve.mnemonic, log.strokes, log.depth)
    nulled = nulled_at(log.sheet, curve.mnemonic, log.strokes, log.depth)
    found = {
        FaultKind.OFF_INK: _off_ink(drawn, told),
        FaultKind.GAP: _gap(drawn, told) & ~nulled,
        FaultKind.SPIKE: _spike(drawn, told),
        FaultKind.PINNED: _pinned(drawn),
        FaultKind.OUT_OF_SCALE: _out_of_scale(drawn),
        FaultKind.LOW_CONFIDENCE: drawn.there & (curve.confidence < UNSURE),
    }
    return {kind: flags & ~seen for kind, flags in found.items()}


def _samples(drawn: Redrawn, length_px: float) -> int:
    return max(1, round(length_px / drawn.row_px))


def _off_ink(drawn: Redrawn, told: InkFound) -> Flags:
    """Runs with less ink than a pen of this style leaves; samples on printed depth lines are not asked."""
    window = _samples(drawn, WINDOW_PX[drawn.style]) | 1
    asked = (drawn.there & ~told.blind).astype(np.float64)
    inked, total = (uniform_filter1d(v, window, mode="constant") for v in (asked * told.near, asked))
    off = drawn.there & (total > 1e-6) & (inked < LEAST_INK[drawn.style] * total)
    return long_enough(filled(off, _samples(drawn, HOLE_PX)) & drawn.there, _samples(drawn, LEAST_OFF_PX))


def _gap(drawn: Redrawn, told: InkFound) -> Flags:
    """No value, yet a pen's ink nearly all along that no other curve explains."""
    empty = drawn.asked & ~drawn.there
    share = uniform_filter1d(told.loose.astype(np.float64), _samples(drawn, GAP_WINDOW_PX) | 1, mode="nearest")
    inked = filled(empty & (share > GAP_SHARE), _samples(drawn, GAP_WINDOW_PX)) & empty
    return long_enough(inked, _samples(drawn, LEAST_GAP_PX))


def _spike(drawn: Redrawn, told: InkFound) -> Flags:
    """Excursions of a few samples without ink that leads there and back; a turn taken and given back inside the track
    is one, whatever ink lies there."""
    inner = (drawn.fraction > 0.08) & (drawn.fraction < 0.92)
    flank = np.minimum(told.drawn, np.concatenate([[1.0], told.drawn[:-1]]))
    unled = (flank < SPIKE_INK) | ~(told.near | told.blind)
    flipped = (np.abs(drawn.away) > 0.5) & inner & drawn.wraps
    return short_enough(drawn.far & (unled | flipped), SPIKE_SAMPLES)


def _pinned(drawn: Redrawn) -> Flags:
    """Along the border of its track for long: the border was traced, or the pen lay against its stop."""
    near = EDGE_PX / drawn.width_px
    at_edge = (np.abs(drawn.fraction) < near) | (np.abs(drawn.fraction - 1.0) < near)
    return long_enough(at_edge & drawn.there, _samples(drawn, LEAST_PINNED_PX))


def _out_of_scale(drawn: Redrawn) -> Flags:
    """Beyond the printed scale where there is no back-up scale, or more turns away than any log has."""
    beyond = (drawn.fraction < -OUT_SHARE) | (drawn.fraction > 1.0 + OUT_SHARE)
    return np.asarray(drawn.there & np.where(drawn.wraps, np.abs(drawn.turn) > MOST_TURNS, beyond))


def filled(flags: Flags, hole: int) -> Flags:
    """With holes of up to so many samples between two runs filled."""
    closed = flags.copy()
    gaps = runs(~flags)
    for first, last in gaps[(gaps[:, 1] - gaps[:, 0] < hole) & (gaps[:, 0] > 0) & (gaps[:, 1] < len(flags) - 1)]:
        closed[first : last + 1] = True
    return closed


def long_enough(flags: Flags, least: int) -> Flags:
    """Only runs of at least so many samples."""
    kept = np.zeros(flags.shape, bool)
    found = runs(flags)
    for first, last in found[found[:, 1] - found[:, 0] + 1 >= least]:
        kept[first : last + 1] = True
    return kept


def short_enough(flags: Flags, most: int) -> Flags:
    """Only runs of at most so many samples."""
    return flags & ~long_enough(flags, most + 1)
