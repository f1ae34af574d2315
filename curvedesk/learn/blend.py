"""The mean of two networks' weights, for a model and what a training made of it.

On the way from one to the other such a network is often better than either on paper that neither was trained for
(Wortsman et al., arXiv 2203.05482 and 2109.01903).
"""

import torch

from curvedesk.domain.errors import ModelError
from curvedesk.learn.checkpoints import Model
from curvedesk.learn.net import CurveNet


def blend(first: Model, second: Model, *, share: float) -> CurveNet:
    """`share` (0..1) of the second's weights, the rest of the first's. Raises ModelError where they differ in kind."""
    if (first.net.mode, first.net.rule) != (second.net.mode, second.net.rule):
        raise ModelError(f"Models {first.id} and {second.id} are of two kinds, so their weights have no mean.")
    net = CurveNet(first.net.mode, first.net.rule)
    pairs = zip(first.net.state_dict().items(), second.net.state_dict().values(), strict=True)
    net.load_state_dict({name: torch.lerp(a, b, share) for (name, a), b in pairs})
    return net.eval()
