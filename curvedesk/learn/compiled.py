"""A network of held statistics run by ONNX Runtime, which a CPU predicts 1.5 times as fast with as with torch.

The graphs in `resources/network` hold no weights: every scan brings its own, with its statistics folded in (`steady`).
`packaging/network_graph.py` writes them anew when the network changes.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from curvedesk.learn.net import CurveNet, Mode
from curvedesk.store.locations import bundled_resources_dir

TURNED = ".T"  # at the end of a name: the weight as a matrix product of the graph takes it


def graph_path(mode: Mode) -> Path:
    """Where the graph of such networks lies."""
    return bundled_resources_dir() / "network" / f"curvenet-{mode}.onnx"


@cache
def _graph(mode: Mode) -> bytes:
    return graph_path(mode).read_bytes()


class Compiled:
    """`net`, whose statistics are held, as a function of tiles: (N, H, W) gray 0..255, sides multiples of 16, to
    (N, C, H, W) probabilities of curves; C = 1 binary, 2 multiclass. Later changes of `net` do not reach it."""

    def __init__(self, net: CurveNet) -> None:
        import onnxruntime

        weights = as_initializers(net.state_dict())
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")  # the window wants the core
        self._values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in weights.values()]
        options.add_external_initializers(list(weights), self._values)
        self._session: Any = onnxruntime.InferenceSession(_graph(net.mode), options, providers=["CPUExecutionProvider"])

    def __call__(self, tiles: NDArray[np.uint8]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self._session.run(None, {"gray": np.ascontiguousarray(tiles)})[0]
        return found


def as_initializers(state: Mapping[str, torch.Tensor]) -> dict[str, NDArray[np.float32]]:
    """Weights by the names the graph has for them."""
    turned = {name: _is_matrix(name, value) for name, value in state.items()}
    return {
        name + TURNED * turned[name]: np.ascontiguousarray((value.T if turned[name] else value).float().numpy())
        for name, value in state.items()
    }


def _is_matrix(name: str, value: torch.Tensor) -> bool:
    return name.endswith(".weight") and value.ndim == 2
