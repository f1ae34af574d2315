"""The device that was asked for, or a sentence that says why not."""

from __future__ import annotations

import pytest
import torch

from curvedesk.domain.errors import CurveDeskError
from curvedesk.learn.device import autocast_dtype, autocast_for, describe_devices, pick_device


@pytest.fixture
def no_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without one, whatever this machine is."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


@pytest.mark.usefixtures("no_gpu")
def test_auto_is_the_cpu_where_there_is_no_gpu() -> None:
    assert pick_device("auto").type == "cpu"


def test_auto_takes_a_gpu_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert pick_device("auto").type == "cuda"
    assert pick_device("cpu").type == "cpu"


@pytest.mark.usefixtures("no_gpu")
def test_a_build_without_cuda_is_given_as_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.version, "cuda", None)
    monkeypatch.setattr(torch.version, "hip", None)
    with pytest.raises(CurveDeskError, match="holds no CUDA"):
        pick_device("cuda")


@pytest.mark.usefixtures("no_gpu")
def test_a_missing_driver_is_given_as_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.version, "cuda", "12.8")
    with pytest.raises(CurveDeskError, match="nvidia-smi"):
        pick_device("cuda")


@pytest.mark.usefixtures("no_gpu")
@pytest.mark.parametrize("built", [True, False])
def test_a_missing_mps_is_refused_with_a_reason(monkeypatch: pytest.MonkeyPatch, built: bool) -> None:
    monkeypatch.setattr(torch.backends.mps, "is_built", lambda: built)
    with pytest.raises(CurveDeskError, match="macOS" if built else "only Macs"):
        pick_device("mps")


def test_an_unknown_device_is_refused_with_the_choices() -> None:
    with pytest.raises(CurveDeskError, match="auto, cpu, cuda, mps"):
        pick_device("tpu")


@pytest.mark.usefixtures("no_gpu")
def test_the_report_says_why_no_gpu_is_seen() -> None:
    report = describe_devices()
    assert report.gpus == ()
    assert report.why_no_gpu
    assert report.torch_version == torch.__version__
    assert report.threads >= 1


@pytest.mark.parametrize(("bf16", "amx"), [(True, False), (True, True), (False, False)])
def test_short_numbers_are_used_on_a_cpu_only_where_it_computes_them(
    monkeypatch: pytest.MonkeyPatch, bf16: bool, amx: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: bf16, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx, raising=False)
    expected = torch.bfloat16 if amx else torch.float32
    with autocast_for(torch.device("cpu")):
        assert torch.nn.functional.linear(torch.ones(1, 2), torch.ones(2, 2)).dtype == expected


def test_a_version_of_torch_that_cannot_tell_gets_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(torch.cpu, "_is_amx_tile_supported", raising=False)
    assert autocast_dtype(torch.device("cpu")) is None


@pytest.mark.parametrize(("native", "expected"), [(True, torch.bfloat16), (False, torch.float16)])
def test_cuda_computes_in_bf16_where_it_has_it_and_in_fp16_elsewhere(
    monkeypatch: pytest.MonkeyPatch, native: bool, expected: torch.dtype
) -> None:
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation=True: native)
    assert autocast_dtype(torch.device("cuda")) is expected
