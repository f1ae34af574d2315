"""Arrays as .npy members: one dimension, four kinds of number, never an object."""

import io
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from curvedesk.domain.errors import ProjectError

KINDS = ("<f8", "<f4", "<i4")


def dump_array(array: NDArray[Any]) -> bytes:
    """A .npy file's bytes."""
    kind = next(kind for kind in KINDS if np.dtype(kind) == array.dtype)
    out = io.BytesIO()
    npy.write_array_header_1_0(out, {"descr": kind, "fortran_order": False, "shape": array.shape})
    return out.getvalue() + array.astype(kind, copy=False).tobytes()


def parse_array(content: bytes, source: str) -> NDArray[Any]:
    """The inverse of `dump_array`; read-only. Raises ProjectError."""
    file = io.BytesIO(content)
    try:
        if npy.read_magic(file) != (1, 0):
            raise ValueError("another version")
        shape, _, dtype = npy.read_array_header_1_0(file, max_header_size=1000)
        if len(shape) != 1 or dtype.str not in KINDS or len(content) - file.tell() != shape[0] * dtype.itemsize:
            raise ValueError("another kind of array")
        array: NDArray[Any] = np.frombuffer(content, dtype, shape[0], file.tell())
    except (ValueError, TypeError, SyntaxError, EOFError, OverflowError, MemoryError) as fault:
        raise ProjectError(f"{source}: an array in it is damaged; restore the file from a copy") from fault
    native: NDArray[Any] = array.astype(dtype.newbyteorder("="))
    native.setflags(write=False)
    return native
