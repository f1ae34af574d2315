"""Sheets with truth as the simulated analyst meets them: a stretch of each, where its pens ran, and what is right."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from curvedesk.analyst_hand import APART_PX, Points, Truth, Turns, overlay_of, rows_covered
from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import CurveDeskError
from curvedesk.domain.scales import ValueScale, WrapKind
from curvedesk.domain.sheet import CurveSpec, Sheet, Track, load_sheet
from curvedesk.domain.strokes import Stroke, curves_of, rows_of
from curvedesk.imaging import Scan, open_scan
from curvedesk.improve import Outcome, improve
from curvedesk.interchange.log import read_log, source_of
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.curve_scores import at_depths, score_curve
from curvedesk.learn.doubts import shows_ink
from curvedesk.learn.evaluate_sheets import MISSING, read_las, row_depth
from curvedesk.learn.finetune import FinetuneConfig
from curvedesk.learn.gate import WORST
from curvedesk.learn.spoken import plane_of, walked
from curvedesk.pipeline import find_ink, trace_sheet
from curvedesk.synth import HELD_OUT_STYLES, sheet
from curvedesk.synth.packs import write_sheet
from curvedesk.tracing.region import logged_box
from curvedesk.tracing.track import Evidence

_SHEETS = "sheet.json", "scan.sheet.json"  # as they come with a scan, as the generator calls them
_PINNED = 0.002
_DENSE_PX = 2.0
_UNSEEN_STREAM, _OF_EACH, _UNSEEN_FT = 50_000_001, 2, 450.0
_FEW = 20  # samples of a curve that are too few to speak of

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One sheet with truth, opened: `sheet` is cut to the stretch, `truth` is where its pens ran there, on the back-up
    scales `turns`, `drawn` what they drew at `depth` (n,)."""

    name: str
    scan: Scan
    sheet: Sheet
    dpi: float
    truth: Truth
    depth: Values
    drawn: dict[str, Values]
    turns: Turns

    def ink(self, model: Model, device: str) -> Evidence:
        """What a network finds in the stretch."""
        box = logged_box(self.sheet, dpi=self.dpi, width=self.scan.width, height=self.scan.height)
        return find_ink(self.scan, box, model, dpi=self.dpi, device=device)

    def tracer(self, ink: Evidence) -> "Tracer":
        """Every curve under what was said."""
        return Tracer(self.sheet, ink, self.dpi)

    def scores(self, lines: Sequence[TracedCurve], said: Sequence[Stroke] = ()) -> "Scores":
        """Of the rows of each curve that nobody touched with a stroke."""
        log = read_log(source_of(self.scan), self.sheet, (), "", lines)
        have = {curve.mnemonic.upper(): curve.values for curve in log.curves}
        found = []
        for track, spec in self.sheet.curves():
            name = spec.mnemonic.upper()
            if not spec.digitize or name not in self.drawn:
                continue
            got = at_depths(have[name], log.depth, self.depth) if name in have else np.full_like(self.depth, np.nan)
            free = ~self._touched(spec.mnemonic, said)
            depth, wanted = self.depth[free], self.drawn[name][free]
            one = score_curve(got[free], wanted, depth=depth, row=row_depth(self.sheet), scale=spec.scale)
            if one is not None and _told_apart(spec.scale, wanted).sum() >= _FEW:
                error = MISSING["mae_pct"] if one.mae_pct is None else one.mae_pct
                off = self._off_the_pen([line for line in lines if line.spec.mnemonic == spec.mnemonic], track, said)
                found.append((error, one.within_2pct or 0.0, one.score, off))
        return Scores(*(float(v) for v in np.mean(found, axis=0))) if found else Scores(0.0, 1.0, 1.0, 0.0)

    def _off_the_pen(self, lines: Sequence[TracedCurve], track: Track, said: Sequence[Stroke]) -> float:
        """How far the pen's ink lies from the lines, in % of the track, whatever scale it is read on."""
        pen = self.truth[lines[0].spec.mnemonic] if lines else np.zeros((0, 2))
        weight = rows_covered(pen)
        y, apart = pen[:, 1], APART_PX * self.dpi / 200.0
        free = np.isfinite(pen).all(axis=1)
        for stroke in said:
            if lines and lines[0].spec.mnemonic in curves_of(stroke):
                first, last = rows_of(stroke)
                free &= ~((y >= first - apart) & (y <= last + apart))
        if not free.any():
            return 0.0
        pieces = [walked(piece) for line in lines for piece in overlay_of(line)]
        there: Points = np.concatenate(pieces or [np.zeros((0, 2))])
        away = cKDTree(there).query(pen[free])[0] if len(there) else np.full(int(free.sum()), np.inf)
        share = away / (track.right_at(y[free]) - track.left_at(y[free]))
        return 100 * float(np.average(np.minimum(share, WORST), weights=weight[free]))

    def _touched(self, mnemonic: str, said: Sequence[Stroke]) -> NDArray[np.bool_]:
        touched, apart = np.zeros(len(self.depth), bool), APART_PX * self.dpi / 200.0
        for stroke in said:
            if mnemonic in curves_of(stroke):
                first, last = rows_of(stroke)
                low, high = self.sheet.depth.depth_of_level(np.array([first - apart, last + apart]))
                touched |= (self.depth >= low) & (self.depth <= high)
        return touched


@dataclass(slots=True)
class Tracer:
    """Traces a sheet again and again, each time only the tracks of which something new was said."""

    sheet: Sheet
    ink: Evidence
    dpi: float
    _known: dict[str, tuple[tuple[Stroke, ...], list[TracedCurve]]] = field(default_factory=dict)

    def shows(self, spec: CurveSpec, line: Points) -> bool:
        """Whether a pen's ink can be seen along a line (n, 2) of the scan: blots hide it, and some has faded away."""
        return shows_ink(self.ink.gray, walked(self.ink.window.on_image(line)), plane_of(spec))

    def __call__(self, said: Sequence[Stroke] = ()) -> list[TracedCurve]:
        """Every curve under what was said."""
        for track in self.sheet.tracks:
            named = {spec.mnemonic for spec in track.curves}
            here = tuple(s for s in said if not curves_of(s) or named & set(curves_of(s)))
            if track.name not in self._known or self._known[track.name][0] != here:
                made = trace_sheet(self.sheet, self.ink, here, dpi=self.dpi, tracks={track.name})
                self._known[track.name] = here, [line for lines in made.values() for line in lines]
        return [line for _, lines in self._known.values() for line in lines]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over curves: error in % of the track where there is a reading, share of readings within 2 %, share of all
    samples that are right, those invented counted as wrong, and how far pens lie beside the overlay in % of the track,
    a quarter at most, whatever scale they are read on."""

    error_pct: float
    right: float
    score: float
    off_pct: float = 0.0


@dataclass(frozen=True, slots=True)
class Teaching:
    """How what was said is taught: settings, where, within which time (None: all steps), and from which network."""

    config: FinetuneConfig = field(default_factory=FinetuneConfig)
    device: str = "auto"
    max_seconds: float | None = None
    begin: Model | None = None

    def learnt(self, case: Case, said: Sequence[Stroke], base: Model) -> Outcome:
        """The better of two networks and why. Raises StrokesError where nothing can be learnt."""
        with tempfile.TemporaryDirectory() as job:
            return improve(
                case.scan, case.sheet, said, base, folder=Path(job), config=self.config, device=self.device,
                max_seconds=self.max_seconds, begin=self.begin,
            )  # fmt: skip


def cases_in(folder: Path, names: Sequence[str] = ()) -> list[Path]:
    """Folders of sheets with truth, by name. Raises CurveDeskError where there are none."""
    found = [
        path.parent
        for path in sorted(folder.glob("*/truth.las"))
        if (not names or path.parent.name in names) and any((path.parent / name).exists() for name in _SHEETS)
    ]
    if not found:
        raise CurveDeskError(f"{folder} holds no sheets with truth (NAME/truth.las): give another --data.")
    return found


@contextmanager
def given(folder: Path | None) -> Iterator[Path]:
    """A folder of sheets with truth; without one, six are drawn in the styles that no training sees."""
    if folder is not None:
        yield folder
        return
    with tempfile.TemporaryDirectory() as made:
        draw_unseen(Path(made))
        yield Path(made)


def draw_unseen(folder: Path) -> None:
    """Sheets NAME-0, NAME-1 of each style that is held out of training, always the same."""
    for i, style in enumerate(sorted(HELD_OUT_STYLES)):
        for k in range(_OF_EACH):
            made = sheet(np.random.default_rng((_UNSEEN_STREAM, i, k)), styles=[style], feet=_UNSEEN_FT)
            write_sheet(folder / f"{style}-{k}", made)


@contextmanager
def opened(folder: Path, rows: float = np.inf) -> Iterator[Case]:
    """NAME/scan.*, sheet.json and truth.las, cut to `rows` at 200 dpi. Raises CurveDeskError."""
    whole = load_sheet(next(path for name in _SHEETS if (path := folder / name).exists()))
    scans = [path for path in sorted(folder.glob("scan.*")) if path.suffix != ".json"]
    if not scans:
        raise CurveDeskError(f"{folder} holds no scan (scan.tif or the like): give another --data.")
    with open_scan(scans[0], dpi=whole.dpi) as scan:
        dpi = whole.dpi or scan.dpi
        sheet = shortened(whole, rows * dpi / 200.0)
        depth, values = read_las(folder / "truth.las")
        here = (depth >= sheet.depth.top) & (depth <= sheet.depth.bottom)
        drawn = {name: series[here] for name, series in values.items()}
        truth, turns = _truth(sheet, depth[here], drawn)
        yield Case(folder.name, scan, sheet, dpi, truth, depth[here], drawn, turns)


def shortened(sheet: Sheet, rows_px: float) -> Sheet:
    """The sheet cut to so many rows of the scan around the middle of its depths."""
    ends = np.array([sheet.depth.top, sheet.depth.bottom])
    middle, tall = float(ends.mean()), rows_px * row_depth(sheet)
    if tall >= ends[1] - ends[0]:
        return sheet
    return replace(sheet, depth=replace(sheet.depth, top=middle - tall / 2, bottom=middle + tall / 2))


def _truth(sheet: Sheet, depth: Values, values: dict[str, Values]) -> tuple[Truth, Turns]:
    """Where the pens ran, from the values they drew, and on which back-up scale: dense lines, parted where a pen left
    the track or drew nothing."""
    found: Truth = {}
    scales: dict[str, NDArray[np.int32]] = {}
    for track, spec in sheet.curves():
        drawn = values.get(spec.mnemonic.upper())
        if drawn is None or not spec.digitize:
            continue
        here = _told_apart(spec.scale, drawn)
        fraction, turn = spec.scale.place_of(np.where(here, drawn, np.nan))
        pieces, on = [np.full((1, 2), np.nan)], [0]
        for run in np.split(np.arange(len(depth)), np.flatnonzero((np.diff(turn) != 0) | (np.diff(here) != 0)) + 1):
            if here[run[0]]:
                across, down = _to_the_border(run, fraction, turn, depth, spec.scale)
                pieces.append(walked(np.column_stack(sheet.pixel_at(track, across, down)), _DENSE_PX))
                pieces.append(np.full((1, 2), np.nan))
                on += [int(turn[run[0]])] * 2
        found[spec.mnemonic] = np.concatenate(pieces)
        scales[spec.mnemonic] = np.repeat(np.array(on, np.int32), [len(piece) for piece in pieces])
    return found, scales


def _told_apart(scale: ValueScale, values: Values) -> NDArray[np.bool_]:
    """Where a pen drew that can be told from the border of its track."""
    fraction = scale.place_of(values)[0]
    free = (fraction > _PINNED) & (fraction < 1 - _PINNED)
    return np.isfinite(values) & (free | (scale.wrap.kind is not WrapKind.NONE))


def _to_the_border(
    run: NDArray[np.intp], fraction: Values, turn: NDArray[np.integer], depth: Values, scale: ValueScale
) -> tuple[Values, Values]:
    """Fractions and depths of a piece, to where the pen left the track or came back, halfway to the next sample."""
    across, down = fraction[run], depth[run]
    entry = 1 / scale.wrap.factor if scale.wrap.kind is WrapKind.MULTIPLY else 0.0
    for end, beyond in ((0, run[0] - 1), (-1, run[-1] + 1)):
        if 0 <= beyond < len(depth) and np.isfinite(fraction[beyond]) and turn[beyond] != turn[run[end]]:
            border = 1.0 if turn[beyond] > turn[run[end]] else entry
            halfway = (depth[beyond] + depth[run[end]]) / 2
            at = 0 if end == 0 else len(across)
            across, down = np.insert(across, at, border), np.insert(down, at, halfway)
    return across, down
