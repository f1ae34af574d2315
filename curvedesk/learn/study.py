"""What a pretrained encoder is worth where labels are few: the same training with and without it, seed by seed.

The contrast was named before its runs: an encoder pretrained by erasing and restoring ink on real scans against random
weights, otherwise equal; 20 hand-traced windows, F1 at 2 px on the other wells; the same with 50 synthetic crops.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev
from tempfile import TemporaryDirectory

import numpy as np
from scipy.stats import t as student

from curvedesk import synth
from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn import run_log
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.encoders import Pretrained
from curvedesk.learn.evaluate import label_score
from curvedesk.learn.few import FewDataset, label_files, windows
from curvedesk.learn.labelled import read_label
from curvedesk.learn.net import CurveNet, Mode, NormRule
from curvedesk.learn.report import Report, Table
from curvedesk.learn.train import TrainConfig, train
from curvedesk.store.manifest import Manifest

REAL, SYNTHETIC = "20 hand-traced windows", "50 synthetic crops"
WARM, COLD = "pretrained", "cold"
SEEDS = (1, 2, 3, 4, 5)
STEPS, SIZE = 150, 256
_STREAM = 70_000_027  # synthetic crops that nothing else draws
_SURE = 0.975  # two-sided 95 %


@dataclass(frozen=True, slots=True)
class Run:
    """One training and what it reached: mean F1 at 2 px of any curve on hand-traced crops of wells it has not seen."""

    labels: str
    seed: int
    start: str
    f1: float


@dataclass(frozen=True, slots=True)
class Study:
    """What is compared, and where the crops lie. `wells`: hand-traced crops by well; without `encoder` all is cold."""

    encoder: Pretrained | None
    wells: dict[str, list[Path]]
    steps: int = STEPS
    size: int = SIZE
    device: str = "auto"

    @classmethod
    def of(cls, encoder: Pretrained | None, folder: Path, *, device: str = "auto") -> "Study":
        """Crops without curves are left out. Raises CurveDeskError where crops of less than two wells are left."""
        found = label_files(folder)
        held = {well: [path for path in paths if len(read_label(path).lines["any"])] for well, paths in found.items()}
        wells = {well: paths for well, paths in held.items() if paths}
        if len(wells) < 2:
            raise CurveDeskError(f"{folder} holds hand-traced crops of {len(wells)} wells, at least 2 are needed.")
        return cls(encoder, wells, device=device)

    def split(self, seed: int) -> tuple[list[Path], list[Path]]:
        """Crops of one half of the wells to learn from, and of the other half to be judged on."""
        order = np.random.default_rng((_STREAM, seed)).permutation(sorted(self.wells)).tolist()
        half = (len(order) + 1) // 2
        learnt, judged = ([p for well in part for p in self.wells[well]] for part in (order[:half], order[half:]))
        return learnt, judged

    def crops(self, labels: str, seed: int) -> list[synth.Crop]:
        """What is learnt from; the same for both starts."""
        rng = np.random.default_rng((_STREAM, seed, 1))
        if labels == REAL:
            return windows(self.split(seed)[0], count=20, size=self.size, rng=rng)
        return [synth.crop(np.random.default_rng((_STREAM, seed, 2, i)), size=self.size) for i in range(50)]

    def run(self, labels: str, seed: int, start: str) -> Run:
        """Train once and judge."""
        return Run(labels, seed, start, self.reached(labels, seed, encoder=self.encoder if start == WARM else None))

    def reached(
        self,
        labels: str,
        seed: int,
        *,
        encoder: Pretrained | None = None,
        network: Callable[[Mode, NormRule], CurveNet] = CurveNet,
    ) -> float:
        """Mean F1 at 2 px of any curve on the wells held back, after one training."""
        config = TrainConfig(
            steps=self.steps, size=self.size, seed=seed, val_crops=4, val_every=self.steps, save_every=self.steps,
            ema=0.98, workers=0, rule=self.encoder.rule if self.encoder else NormRule.HALF_OR_16,
        )  # fmt: skip
        data = FewDataset(self.crops(labels, seed), seed, config.steps * config.batch)
        with TemporaryDirectory() as folder:
            net = train(Path(folder), config, encoder=encoder, data=data, network=network, device=self.device)
        model = Model("study", net, Manifest("study", net.mode, net.rule, "", "", 0, ""))
        return float(np.mean([label_score(model, path, device=self.device) for path in self.split(seed)[1]]))


def todo(known: Sequence[Run]) -> Iterator[tuple[str, int, str]]:
    """Runs not known yet, both starts of a seed one after the other."""
    done = {(run.labels, run.seed, run.start) for run in known}
    wanted = ((labels, seed, start) for labels in (REAL, SYNTHETIC) for seed in SEEDS for start in (COLD, WARM))
    return (item for item in wanted if item not in done)


def study(log: Path, of: Study, *, progress: Callable[[float], None] = lambda _: None) -> Report:
    """Make every run that `log`, a file of JSON lines, does not know yet; a stop loses the run in progress."""
    known = run_log.known(log, Run)
    for item in list(todo(known)):
        known.append(of.run(*item))
        run_log.add(log, known[-1:])
        progress(len(known) / (len(SEEDS) * 4))
    return report(of, known)


def paired(differences: Sequence[float]) -> tuple[float, float]:
    """Mean of paired differences and half of its 95 % interval (Student's t)."""
    n = len(differences)
    if n < 2:
        return mean(differences), float("nan")
    return mean(differences), float(student.ppf(_SURE, n - 1)) * stdev(differences) / n**0.5


def report(of: Study, runs: Sequence[Run]) -> Report:
    """Both contrasts, seed by seed."""
    encoder = of.encoder
    if encoder is None:
        raise CurveDeskError("A warm start needs a pretrained encoder.")
    found = {(run.labels, run.seed, run.start): run.f1 for run in runs}
    rows, sums = [], []
    for labels in (REAL, SYNTHETIC):
        pairs = [(found[labels, s, COLD], found[labels, s, WARM]) for s in SEEDS if (labels, s, WARM) in found]
        rows += [(labels, seed, *pair, pair[1] - pair[0]) for seed, pair in zip(SEEDS, pairs, strict=False)]
        gain, half = paired([warm - cold for cold, warm in pairs])
        sums.append(
            (labels, len(pairs), mean(p[0] for p in pairs), mean(p[1] for p in pairs), gain, gain - half, gain + half)
        )
    note = (
        f"{of.steps} steps of 4 crops of {of.size} px, otherwise equal; encoder {encoder.name}. F1 at 2 px of any "
        f"curve, mean over the hand-traced crops of the half of the {len(of.wells)} wells that was not learnt from."
    )
    summary = ("labels", "seeds", COLD, WARM, "gain", "95 % from", "to")
    each = ("labels", "seed", COLD, WARM, "gain")
    tables = (Table("Contrast", summary, tuple(sums)), Table("Each seed", each, tuple(rows)))
    return Report("warm-start", encoder.id, note, tables)
