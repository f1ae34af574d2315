"""Records of the journal as bytes: a JSON head, then the arrays it refers to as they lie in memory."""

import json
import struct
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.errors import ProjectError
from curvedesk.session.codec import Pool, pack_step, unpack_step
from curvedesk.session.records import Did, Joined, Moved, Record, Whole

_LENGTH = struct.Struct("<I")
_DTYPES = {"f8": "<f8", "f4": "<f4", "i4": "<i4"}


def encode(record: Record) -> bytes:
    """One record. Raises ValueError where it holds a number that JSON has not."""
    pool = Pool()
    match record:
        case Moved():
            obj: dict[str, Any] = {"do": "move", "entry": record.entry, "step": pack_step(record.step, pool)}
        case Joined():
            obj = {"do": "join", "entry": record.entry, "label": record.label, "step": pack_step(record.step, pool)}
        case Did() | Whole():
            word = "do" if isinstance(record, Did) else "whole"
            obj = {"do": word, "entry": record.entry, "label": record.label, "at": record.at.isoformat()}
            obj["step"] = pack_step(record.step, pool)
    obj["sheets"] = pool.sheets
    obj["arrays"] = [[array.dtype.str[1:], len(array)] for array in pool.arrays]
    head = json.dumps(obj, separators=(",", ":"), allow_nan=False).encode()
    return b"".join([_LENGTH.pack(len(head)), head, *(array.tobytes() for array in pool.arrays)])


def decode(payload: bytes) -> Record:
    """The inverse of `encode`. Raises ProjectError and its kin where the bytes are no record."""
    try:
        (length,) = _LENGTH.unpack_from(payload)
        obj = json.loads(payload[_LENGTH.size : _LENGTH.size + length])
        pool = Pool("the journal", _arrays(obj["arrays"], payload, _LENGTH.size + length), obj["sheets"])
        match obj["do"]:
            case "move":
                return Moved(int(obj["entry"]), unpack_step(obj["step"], pool))
            case "join":
                return Joined(int(obj["entry"]), str(obj["label"]), unpack_step(obj["step"], pool))
            case "do" | "whole" as word:
                at = datetime.fromisoformat(obj["at"])
                made = Did if word == "do" else Whole
                return made(int(obj["entry"]), str(obj["label"]), at, unpack_step(obj["step"], pool))
    except (ValueError, TypeError, KeyError, IndexError, struct.error, RecursionError) as fault:
        raise ProjectError("the journal holds an edit that cannot be read; what came before it is kept") from fault
    raise ProjectError("the journal holds an edit that this version does not know; what came before it is kept")


def _arrays(shapes: Any, payload: bytes, at: int) -> list[NDArray[Any]]:
    arrays = []
    for kind, count in shapes:
        array: NDArray[Any] = np.frombuffer(payload, _DTYPES[kind], count, at)
        native = array.astype(array.dtype.newbyteorder("="))  # a copy: aligned, and not keeping the whole frame
        native.setflags(write=False)
        arrays.append(native)
        at += array.nbytes
    return arrays
