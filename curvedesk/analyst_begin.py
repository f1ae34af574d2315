"""From which network a simulated analyst's strokes are learnt."""

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curvedesk.learn.checkpoints import Model
    from curvedesk.learn.lesson import FinetuneConfig

_COLD_RATE = 1e-3


class Begin(StrEnum):
    """The network to beat, its encoder with a fresh decoder, or random weights."""

    MASK = "mask"
    ENCODER = "encoder"
    COLD = "cold"


BEGUN = {  # what a report says of it
    Begin.MASK: "",
    Begin.ENCODER: "Learnt from its encoder and a fresh decoder. ",
    Begin.COLD: "Learnt from random weights. ",
}


def begun(base: "Model", begin: Begin, config: "FinetuneConfig") -> tuple["Model | None", "FinetuneConfig"]:
    """What to learn from (None: `base`) and how: random weights learn at the rate of a training from nothing."""
    if begin is Begin.MASK:
        return None, config
    import torch

    from curvedesk.learn.net import CurveNet

    torch.manual_seed(config.seed)
    net = CurveNet(base.net.mode, base.net.rule)
    if begin is Begin.ENCODER:
        net.encoder.load_state_dict(base.net.encoder.state_dict())
    return replace(base, net=net.eval()), replace(config, whole=True, decoder_lr=_COLD_RATE, encoder_lr=_COLD_RATE)
