"""How sure a network is of pens it was not told of: the share of a row's ink, other pens aside, that it gives them."""

import copy

import numpy as np
import torch

from curvedesk.learn.device import autocast_for, pick_device
from curvedesk.learn.lesson import Lesson
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.spoken_crops import cut
from curvedesk.learn.spoken_loss import row_loss, to_spoken_batch
from curvedesk.learn.steady import hold_statistics, sample_windows

CROPS, SIZE_PX = 6, 192


@torch.no_grad()
def pen_share(net: CurveNet, lesson: Lesson, *, device: str = "auto") -> float:
    """Geometric mean, 0..1, over rows of what was kept for judging; 0 where it tells of no row or `net` is binary."""
    places, _ = lesson.judged.places()
    if not len(places) or net.mode is Mode.BINARY:
        return 0.0
    chosen = places[np.linspace(0, len(places) - 1, min(CROPS, len(places))).round().astype(int)]
    crops = [cut(lesson.judged, lesson.gray, (float(x), float(y)), SIZE_PX) for x, y in chosen]
    where, held = pick_device(device), copy.deepcopy(net).eval()
    batch = to_spoken_batch(crops).to(where)
    if not bool((batch.centre.isfinite() & batch.rivals.any(-1)).any()):
        return 0.0
    windows = sample_windows(lesson.gray)
    held = held.to(where)
    if windows is not None:
        hold_statistics(held, 1 - torch.from_numpy(windows)[:, None].float().to(where) / 255)
    with autocast_for(where):
        logits = held(batch.image).float()
    return float(torch.exp(-row_loss(logits[:, 1:], batch.centre, batch.rivals)))
