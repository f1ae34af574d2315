"""One JSON object a line. What cannot be understood is left out, never raised: the other end may be newer, or ill."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from curvedesk.protocol.messages import EVENTS, REQUESTS, Event, Request
from curvedesk.protocol.values import WrongValueError, dump, parse

MAX_LINE_BYTES = 1 << 20
_NAMES: Mapping[type, str] = {kind: name for table in (EVENTS, REQUESTS) for name, kind in table.items()}
T = TypeVar("T")


def encode(message: Event | Request) -> bytes:
    """One line, newline included. Numbers that are not finite become null."""
    body = {"type": _NAMES[type(message)], **dump(message)}
    try:
        text = json.dumps(body, allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(body), allow_nan=False)
    return text.encode() + b"\n"


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not abs(value) < float("inf") else value


def decode_event(line: bytes) -> Event | None:
    """What an engine said; None where it is no sentence of this protocol."""
    return _decode(line, EVENTS)


def decode_request(line: bytes) -> Request | None:
    """What a window asked; None where it is no request of this protocol."""
    return _decode(line, REQUESTS)


def _decode(line: bytes, table: Mapping[str, type[T]]) -> T | None:
    try:
        body = json.loads(line)
        return parse(table[body["type"]], body)
    except (ValueError, KeyError, TypeError, RecursionError, WrongValueError):
        return None


class Lines:
    """Cuts a stream of bytes into lines; one that grows too long is thrown away up to its end."""

    def __init__(self, *, max_bytes: int = MAX_LINE_BYTES) -> None:
        self._rest = b""
        self._max_bytes = max_bytes
        self._skipping = False
        self.refused = 0  # how many lines were too long

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Lines that are complete now, without their newline, empty ones left out."""
        *whole, rest = data.split(b"\n")
        for part in whole:
            line = self._rest + part
            self._rest = b""
            if self._skipping:
                self._skipping = False
            elif len(line) > self._max_bytes:
                self.refused += 1
            elif line.strip():
                yield line
        self._keep(rest)

    def _keep(self, rest: bytes) -> None:
        if self._skipping:
            return
        self._rest += rest
        if len(self._rest) > self._max_bytes:
            self._rest, self._skipping = b"", True
            self.refused += 1
