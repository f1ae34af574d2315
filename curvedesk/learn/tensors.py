"""Tensors as files want them."""

from collections.abc import Mapping

from torch import Tensor


def plain_tensors(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Detached CPU copies, shapes unchanged, in row-major order that share no memory, as safetensors wants them."""
    return {name: t.detach().to("cpu", copy=True).contiguous() for name, t in tensors.items()}
