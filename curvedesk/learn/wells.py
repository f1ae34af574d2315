"""Hand-traced crops of real paper as part of a training, and what they are worth on a well that was left out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import numpy as np

from curvedesk import synth
from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn import run_log
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.data import CropDataset
from curvedesk.learn.evaluate import crop_score
from curvedesk.learn.few import label_files, windows
from curvedesk.learn.labelled import read_label
from curvedesk.learn.looks import MARGIN_PX, ScannedDataset
from curvedesk.learn.report import Report, Table
from curvedesk.learn.train import TrainConfig, train

WINDOWS, SHARE = 8, 0.5  # windows of each hand-traced crop; their share of the crops learnt from
STEPS, RATE = 300, 2.5e-4


@dataclass(frozen=True, slots=True)
class Fold:
    """One hand-traced crop of a well nothing was learnt from: F1 at 2 px of any curve, before and after the others."""

    crop: str
    well: str
    curves: bool
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is measured: `model` learns the crops of all wells but one, in turn, between drawn ones."""

    model: Model
    wells: dict[str, list[Path]]
    library: synth.CurveLibrary | None = None
    steps: int = STEPS
    size: int = 256
    seed: int = 1
    device: str = "auto"

    @classmethod
    def of(
        cls, model: Model, folder: Path, *, library: synth.CurveLibrary | None = None, device: str = "auto"
    ) -> "LeftOut":
        """Raises CurveDeskError where crops of less than two wells lie in `folder`."""
        found = label_files(folder)
        if len(found) < 2:
            raise CurveDeskError(f"{folder} holds hand-traced crops of {len(found)} wells, at least 2 are needed.")
        return cls(model, found, library, device=device)

    def fold(self, well: str) -> list[Fold]:
        """Learn all the others, judge this one."""
        config = TrainConfig(
            steps=self.steps, size=self.size, seed=self.seed, lr=RATE, mode=self.model.net.mode,
            rule=self.model.net.rule, ema=0.98, val_crops=4, val_every=self.steps, save_every=self.steps, workers=0,
        )  # fmt: skip
        others = [path for name, paths in self.wells.items() if name != well for path in paths]
        drawn = CropDataset(config.seed, config.steps * config.batch, config.size, self.library)
        with TemporaryDirectory() as folder:
            data = traced_data(others, drawn)
            net = train(Path(folder), config, base=self.model.net, data=data, device=self.device)
        learnt = replace(self.model, net=net)
        labels = {path.stem: read_label(path) for path in self.wells[well]}
        return [
            Fold(
                name, well, bool(len(label.lines["any"])),
                crop_score(self.model, label, device=self.device), crop_score(learnt, label, device=self.device),
            )
            for name, label in labels.items()
        ]  # fmt: skip


def traced_data(paths: Sequence[Path], drawn: CropDataset) -> ScannedDataset:
    """`drawn`, half of it replaced by cuts of the hand-traced crops `paths` (NAME.json beside NAME.png), spoiled anew
    each time. Raises CurveDeskError where one cannot be read.
    """
    rng = np.random.default_rng((drawn.seed, 2))
    found = windows(paths, count=WINDOWS * len(paths), size=drawn.size + MARGIN_PX, rng=rng)
    return ScannedDataset(drawn, found, SHARE)


def leave_one_out(log: Path, of: LeftOut, *, progress: Callable[[float], None] = lambda _: None) -> Report:
    """Every well in turn, but those that `log`, a file of JSON lines, knows; a stop loses the training in progress."""
    known = run_log.known(log, Fold)
    for well in of.wells:
        if well not in {fold.well for fold in known}:
            found = of.fold(well)
            run_log.add(log, found)
            known += found
        progress(len({fold.well for fold in known}) / len(of.wells))
    return report(of, known)


def report(of: LeftOut, folds: Sequence[Fold]) -> Report:
    """Crop by crop, and the means over crops that hold curves."""
    each = sorted(folds, key=lambda fold: fold.crop)
    held = [fold for fold in each if fold.curves]
    note = (
        f"For each of {len(of.wells)} wells the model learns the hand-traced crops of the others ({of.steps} steps of "
        f"4 crops of {of.size} px, {SHARE:.0%} of them hand-traced, rate {RATE:g}) and is judged on that well. F1 at "
        "2 px of any curve; a crop without curves scores 1 where next to nothing is found."
    )
    columns = ("crop", "before", "after", "gain")
    rows = [(fold.crop, fold.before, fold.after, fold.after - fold.before) for fold in each]
    means = tuple(mean(getattr(fold, name) for fold in held) for name in ("before", "after")) if held else (0.0, 0.0)
    rows.append((f"mean of {len(held)} with curves", *means, means[1] - means[0]))
    return Report("wells", of.model.id, note, (Table("Each crop, its well left out", columns, tuple(rows)),))
