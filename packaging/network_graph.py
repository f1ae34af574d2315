"""``python packaging/network_graph.py``: write the graphs of ``resources/network``, for whoever changes the network.

Needs ``pip install -e .[graph]``. The graphs hold the network's operations without its weights.
"""

import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from curvedesk.learn.compiled import as_initializers, graph_path
from curvedesk.learn.net import CurveNet, Mode
from curvedesk.learn.steady import hold_statistics

OPSET = 17


class _OnTiles(nn.Module):
    """Gray tiles in, probabilities of curves out, as prediction wants them."""

    def __init__(self, net: CurveNet) -> None:
        super().__init__()
        self.net, self.first = net, 0 if net.mode is Mode.BINARY else 1

    def forward(self, gray: Tensor) -> Tensor:
        logits: Tensor = self.net(1 - gray[:, None].float() / 255)
        return logits[:, self.first :].sigmoid()


def write(mode: Mode, path: Path) -> None:
    """The graph of networks of this mode; weights are left out and bear the names of `compiled.as_initializers`."""
    torch.manual_seed(0)
    net = CurveNet(mode).eval()
    for weight in net.parameters():  # told apart by their values, and equal ones would be kept once
        nn.init.uniform_(weight)
    hold_statistics(net, torch.rand(1, 1, 64, 64))
    axes = {0: "tiles", 1: "rows", 2: "columns"}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the exporter: sizes that are the same for all inputs
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _OnTiles(net), (torch.zeros(1, 64, 64, dtype=torch.uint8),), str(whole), dynamo=False, opset_version=OPSET,
            input_names=["gray"], output_names=["probability"],
            dynamic_axes={"gray": axes, "probability": {0: "tiles", 2: "rows", 3: "columns"}},
        )  # fmt: skip
        graph = onnx.load(str(whole))
    _leave_weights_out(graph, net)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(graph.SerializeToString())


def _leave_weights_out(graph: onnx.ModelProto, net: CurveNet) -> None:
    weights = as_initializers(net.state_dict())
    for part in graph.graph.initializer:
        value = numpy_helper.to_array(part)
        name = next(name for name, weight in weights.items() if np.array_equal(weight, value))
        for node in graph.graph.node:
            node.input[:] = [name if given == part.name else given for given in node.input]
        part.name = name
        part.ClearField("raw_data")
        part.data_location = onnx.TensorProto.EXTERNAL
        part.external_data.add(key="location", value="weights")


if __name__ == "__main__":
    for chosen in Mode:
        write(chosen, graph_path(chosen))
    sys.exit(0)
