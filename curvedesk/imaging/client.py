"""The parent's end of the decoder child: starts it, asks it, and survives it.

All native decoding (fax, LZW, JPEG, PNG, PDF ...) happens in that child, with an address space limit and a time limit;
headers are read in this process by bounded Python code. So no file, however broken, can take the caller down, an
ordinary file costs one start of the child (about a third of a second, shared by all scans of the process), and later
reads cost a pipe transfer. A child that dies or hangs is one ``ScanError``; the next request starts a new one.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from curvedesk.child import child_command, child_environment
from curvedesk.domain.errors import ScanError
from curvedesk.imaging.info import Colour, PageInfo, Polarity, fault
from curvedesk.imaging.pixels import U8

TIMEOUT_S = 300.0  # a giant strip on a busy laptop; whatever takes longer hangs
COMMAND = child_command("decoder")


class DecoderProcess:
    """One child; safe to share between threads, which then take turns."""

    def __init__(self, *, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def pages(self, path: Path) -> list[PageInfo]:
        """Pages of a PDF.

        Raises:
            ScanError: not readable.
        """
        reply, _ = self._ask(path, {"op": "pages", "path": str(path)})
        return [page_from_json(page) for page in reply["pages"]]

    def rows(self, path: Path, request: Mapping[str, Any]) -> tuple[U8, bool]:
        """Pixels of a band and whether they are packed ink bits.

        Raises:
            ScanError: damaged pixels, or the decoder died, hung or ran out of memory.
        """
        reply, data = self._ask(path, {"op": "rows", "path": str(path), **request})
        return np.frombuffer(data, np.uint8).reshape(reply["shape"]), bool(reply["packed"])

    def forget(self, path: Path) -> None:
        """Let the child close the file (Windows keeps open files from being replaced) and drop its pixels."""
        with self._lock:
            alive = self._child is not None and self._child.poll() is None
        if alive:
            with contextlib.suppress(ScanError):
                self._ask(path, {"op": "forget", "path": str(path)})

    def close(self) -> None:
        """End the child."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, path: Path, request: Mapping[str, Any]) -> tuple[dict[str, Any], bytearray]:
        with self._lock:
            child = self._running(path)
            watchdog = threading.Timer(self._timeout_s, child.kill)
            watchdog.daemon = True
            watchdog.start()
            try:
                reply, data = _exchange(child, request)
            except (OSError, ValueError, EOFError) as error:
                self.close()
                late = not watchdog.is_alive()
                what = "it takes too long to decode" if late else "its decoder crashed on it"
                raise fault(path, what, "the file is probably damaged: copy or scan it again") from error
            finally:
                watchdog.cancel()
        if "what" in reply:
            raise fault(path, reply["what"], reply["remedy"])
        return reply, data

    def _running(self, path: Path) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self.close()
            pipe, nobody = subprocess.PIPE, subprocess.DEVNULL
            try:
                self._child = subprocess.Popen(COMMAND, stdin=pipe, stdout=pipe, stderr=nobody, env=_environment())
            except OSError as error:
                what = f"the decoder cannot be started ({error.strerror})"
                raise fault(path, what, "close other programs and try again") from error
        return self._child


def _environment() -> dict[str, str]:
    """One thread each: the child's address space is limited, and thread pools reserve a lot of it."""
    single = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return child_environment(**single, OPENCV_IO_MAX_IMAGE_HEIGHT=str(1 << 21))


def _exchange(child: subprocess.Popen[bytes], request: Mapping[str, Any]) -> tuple[dict[str, Any], bytearray]:
    if child.stdin is None or child.stdout is None:
        raise EOFError
    child.stdin.write(json.dumps(request).encode() + b"\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    reply: dict[str, Any] = json.loads(line)
    data = bytearray(reply["nbytes"])
    view = memoryview(data)
    while view:
        count = child.stdout.readinto(view)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        view = view[count:]
    return reply, data


def page_from_json(page: Mapping[str, Any]) -> PageInfo:
    """The inverse of ``decoder.page_to_json``."""
    dpi = tuple(page["dpi"]) if page["dpi"] else None
    return PageInfo(**{**page, "dpi": dpi, "colour": Colour(page["colour"]), "polarity": Polarity(page["polarity"])})


class _Shared:
    """The process's own decoder; a forked process gets another."""

    decoder: DecoderProcess | None = None
    owner: int = 0


def shared_decoder() -> DecoderProcess:
    """The one child that all scans of this process share."""
    if _Shared.decoder is None or os.getpid() != _Shared.owner:
        _Shared.decoder, _Shared.owner = DecoderProcess(), os.getpid()
        atexit.register(_Shared.decoder.close)
    return _Shared.decoder
