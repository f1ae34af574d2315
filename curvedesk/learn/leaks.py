"""Does everything pass through the bottleneck? Two probes that an honest autoencoder must suffer from."""

from dataclasses import dataclass

import torch
from torch import Tensor

from curvedesk.learn.autoencoder import Autoencoder, reconstruction_loss
from curvedesk.learn.net import Encoding
from curvedesk.learn.pretrain_data import PretrainBatch


@dataclass(frozen=True, slots=True)
class Leaks:
    """Losses on one batch: as trained, with the bottlenecks of other pieces, without any, and of blank paper."""

    whole: float
    shuffled: float
    zeroed: float
    blank: float

    @property
    def sealed(self) -> bool:
        """Whether foreign bottlenecks hurt, and without one nothing better than some even tone is left."""
        return self.shuffled > 1.1 * self.whole and self.zeroed > 1.1 * self.whole


@torch.inference_mode()
def probe(net: Autoencoder, batch: PretrainBatch) -> Leaks:
    """Each piece decoded from its own, its neighbour's and an empty bottleneck; its stages stay its own, so that
    whatever leaks past the bottleneck still arrives. Needs two pieces or more.
    """
    if len(batch.image) < 2:
        raise ValueError("a batch of one piece cannot be shuffled")
    where = next(net.parameters()).device
    paper, touched = batch.paper.to(where), batch.touched.to(where)
    stages, bottleneck = net.encoder(batch.image.to(where))

    def loss(out: Tensor) -> float:
        return float(reconstruction_loss(out, paper, touched))

    return Leaks(
        loss(net.decode(Encoding(stages, bottleneck))),
        loss(net.decode(Encoding(stages, bottleneck.roll(1, 0)))),
        loss(net.decode(Encoding(stages, torch.zeros_like(bottleneck)))),
        loss(torch.zeros_like(paper)),
    )
