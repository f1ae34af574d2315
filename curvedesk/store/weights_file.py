"""Whether bytes are a safetensors file that keeps its word, without the library that would load it. Needs no torch."""

import json
import math
from pathlib import Path
from typing import Any

from curvedesk.domain.errors import ModelError

_BYTES = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1, "BOOL": 1}
_HEAD_LIMIT = 8 << 20


def check_weights(data: bytes, path: Path, *, at_least: int = 0) -> None:
    """Raise ModelError unless the tensors lie side by side, fill the file, and hold `at_least` so many numbers."""
    try:
        numbers = _numbers(data)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise ModelError(f"{path}: its weights are not a safetensors file; export the model again") from fault
    if numbers < at_least:
        raise ModelError(f"{path}: its weights are fewer than it claims; export the model again")


def _numbers(data: bytes) -> int:
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(_HEAD_LIMIT, len(data) - 8):
        raise ValueError("the head is longer than the file")
    head = json.loads(data[8 : 8 + length].decode("utf-8"))
    tensors = [value for key, value in head.items() if key != "__metadata__"]
    end, numbers = 0, 0
    for tensor in sorted(tensors, key=_start):
        first, last = tensor["data_offsets"]
        count = _count(tensor["shape"])
        if first != end or last - first != count * _BYTES[tensor["dtype"]]:
            raise ValueError("a tensor is not where it should be")
        end, numbers = last, numbers + count
    if end != len(data) - 8 - length or not tensors:
        raise ValueError("the tensors do not fill the file")
    return numbers


def _start(tensor: dict[str, Any]) -> tuple[int, int]:
    first, last = tensor["data_offsets"]
    if type(first) is not int or type(last) is not int:
        raise TypeError("offsets are whole numbers")
    return first, last


def _count(shape: list[int]) -> int:
    if not all(type(side) is int and 0 <= side < 1 << 40 for side in shape):
        raise ValueError("a shape is made of whole numbers")
    return math.prod(shape)
