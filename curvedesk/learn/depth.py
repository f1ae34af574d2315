"""Depth of the encoder from scratch where labels are few: at how many blocks a stage does capacity start to hurt?"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import mean

from torch import nn

from curvedesk.learn import run_log
from curvedesk.learn.net import ENCODER_WIDTHS, CurveNet, Mode, NormRule, ResidualBlock
from curvedesk.learn.report import Report, Table
from curvedesk.learn.study import REAL, Study, paired

BLOCKS = (1, 2, 3, 4, 6)  # of each stage; 1 is CurveNet
SEEDS = (1, 2, 3)


class Deeper(CurveNet):
    """CurveNet with so many residual blocks in each stage of its encoder."""

    def __init__(self, mode: Mode, rule: NormRule, *, blocks: int) -> None:
        super().__init__(mode, rule)
        for i, width in enumerate(ENCODER_WIDTHS):
            more = (ResidualBlock(width, width, stride=1, rule=rule) for _ in range(blocks - 1))
            self.encoder.stages[i] = nn.Sequential(self.encoder.stages[i], *more)


@dataclass(frozen=True, slots=True)
class Run:
    """One training and what it reached: mean F1 at 2 px of any curve on hand-traced crops of wells it has not seen."""

    seed: int
    blocks: int
    f1: float


def todo(known: Sequence[Run]) -> Iterator[tuple[int, int]]:
    """Seed and blocks of runs not known yet; all depths of a seed one after the other."""
    done = {(run.seed, run.blocks) for run in known}
    return (item for item in ((seed, blocks) for seed in SEEDS for blocks in BLOCKS) if item not in done)


def depth(log: Path, of: Study, *, progress: Callable[[float], None] = lambda _: None) -> Report:
    """Make every run that `log`, a file of JSON lines, does not know yet; a stop loses the run in progress."""
    known = run_log.known(log, Run)
    for seed, blocks in list(todo(known)):
        known.append(Run(seed, blocks, of.reached(REAL, seed, network=partial(Deeper, blocks=blocks))))
        run_log.add(log, known[-1:])
        progress(len(known) / (len(SEEDS) * len(BLOCKS)))
    return report(of, known)


def report(of: Study, runs: Sequence[Run]) -> Report:
    """Each depth beside one block a stage."""
    found = {(run.seed, run.blocks): run.f1 for run in runs}
    seeds = sorted({run.seed for run in runs})
    rows = []
    for blocks in BLOCKS:
        gain, half = paired([found[seed, blocks] - found[seed, 1] for seed in seeds])
        weights = sum(p.numel() for p in Deeper(Mode.MULTICLASS, NormRule.HALF_OR_16, blocks=blocks).parameters())
        reached = mean(found[seed, blocks] for seed in seeds)
        rows.append((blocks, weights / 1e6, len(seeds), reached, gain, gain - half, gain + half))
    columns = ("blocks a stage", "million weights", "seeds", "F1 @2", "beside one", "95 % from", "to")
    each = tuple((blocks, seed, found[seed, blocks]) for blocks in BLOCKS for seed in seeds)
    note = (
        f"{of.steps} steps of 4 crops of {of.size} px from random weights on {REAL}. F1 at 2 px of any curve, mean "
        f"over the hand-traced crops of the half of the {len(of.wells)} wells that was not learnt from."
    )
    tables = (Table("Depth", columns, tuple(rows)), Table("Each run", ("blocks a stage", "seed", "F1 @2"), each))
    return Report("depth", "none", note, tables)
