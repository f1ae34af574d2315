"""Where a network runs: the processor, an NVIDIA GPU or Apple's, and in which number format each of them is fast."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import torch
from torch import nn

from curvedesk.domain.errors import CurveDeskError

Net = TypeVar("Net", bound=nn.Module)


class DeviceChoice(StrEnum):
    """What a user may ask for."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


@dataclass(frozen=True, slots=True)
class DeviceReport:
    """What ``doctor`` says about devices."""

    torch_version: str
    build: str  # "CPU", "CUDA 12.8", "ROCm 6.2"
    threads: int
    cpu_capability: str  # widest vector instructions torch uses: "AVX2", "AVX512"
    number_format: str  # of a prediction on the device that `auto` picks
    device: str  # that device
    gpus: tuple[str, ...]  # name and memory of each
    why_no_gpu: str | None


def pick_device(choice: str = "auto") -> torch.device:
    """The device for ``choice``; ``auto`` takes CUDA, then MPS, then the CPU.

    Raises CurveDeskError where the asked-for device is absent, and says why.
    """
    if choice not in set(DeviceChoice):
        raise CurveDeskError(f"No device {choice!r}: choose one of {', '.join(DeviceChoice)}.")
    if choice in ("auto", "cuda") and torch.cuda.is_available():
        return torch.device("cuda")
    if choice in ("auto", "mps") and torch.backends.mps.is_available():
        return torch.device("mps")
    if choice in ("auto", "cpu"):
        return torch.device("cpu")
    why = _why_no_cuda() if choice == "cuda" else _why_no_mps()
    raise CurveDeskError(f"Device {choice} cannot be used: {why}; use --device cpu or auto.")


def _why_no_cuda() -> str:
    if torch.version.cuda is None and torch.version.hip is None:
        return f"this build of torch ({torch.__version__}) holds no CUDA, install one that does (see README)"
    return "torch sees no NVIDIA GPU, check its driver with nvidia-smi"


def _why_no_mps() -> str:
    if not torch.backends.mps.is_built():
        return f"this build of torch ({torch.__version__}) holds no MPS, which only Macs have"
    return "macOS 12.3 or newer on an Apple GPU is needed"


def describe_devices() -> DeviceReport:
    """Versions and devices, offline and in well under a second once torch is imported."""
    device = pick_device("auto")
    cuda = torch.cuda.is_available()
    gpus = tuple(_describe_gpu(i) for i in range(torch.cuda.device_count())) if cuda else ()
    mps = ("Apple GPU",) if torch.backends.mps.is_available() else ()
    return DeviceReport(
        torch_version=torch.__version__,
        build=_build(),
        threads=torch.get_num_threads(),
        cpu_capability=torch.backends.cpu.get_cpu_capability(),
        number_format=str(autocast_dtype(device) or torch.float32).removeprefix("torch."),
        device=device.type,
        gpus=gpus + mps,
        why_no_gpu=None if gpus or mps else _why_no_cuda(),
    )


def _build() -> str:
    if torch.version.cuda is not None:
        return f"CUDA {torch.version.cuda}"
    return f"ROCm {torch.version.hip}" if torch.version.hip is not None else "CPU"


def _describe_gpu(index: int) -> str:
    properties = torch.cuda.get_device_properties(index)
    return f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB"


def _cpu_computes_bf16() -> bool:
    """Whether bf16 is faster on this CPU than float32: where it has tiles for it (AMX).

    Emulated (plain AVX2) it is some 20 times slower; with the instructions of AVX-512 alone the network predicted
    0.33 Mpixel/s on one core, with float32 0.40 (measured).
    """
    probe = getattr(torch.cpu, "_is_amx_tile_supported", lambda: False)  # absent from some versions of torch
    return bool(probe())


def autocast_dtype(device: torch.device) -> torch.dtype | None:
    """The short number format that is fast on ``device``; None where float32 is."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    return torch.bfloat16 if device.type == "cpu" and _cpu_computes_bf16() else None


def autocast_for(device: torch.device) -> AbstractContextManager[object]:
    """A context in which the network computes in the fast number format of ``device``."""
    dtype = autocast_dtype(device)
    return nullcontext() if dtype is None else torch.autocast(device.type, dtype=dtype)


def laid_out(net: Net, device: torch.device) -> Net:
    """The network on its device, channels last, the order that convolutions of few channels are fastest in.

    Measured on two cores, a training step of 4 x 256 x 256 in float32: 0.40 s beside 0.62 s.
    """
    return net.to(device=device, memory_format=torch.channels_last)  # type: ignore[call-overload, no-any-return]
