"""The decoder child: ``curvedesk decoder`` decodes whatever the parent names, and may die of it.

One JSON object a line on standard input asks; the answer on standard output is one JSON line, followed by
``nbytes`` raw bytes of pixels. Standard error is nobody's. The child ends when its input closes.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from curvedesk.imaging.info import HeaderError, PageInfo
from curvedesk.imaging.pixels import U8, to_gray, to_rgb
from curvedesk.imaging.probe import identity, read_pages

MEMORY_BYTES = 4 << 30
KEPT_DOCUMENTS = 2


class Document(Protocol):
    """One opened page."""

    info: PageInfo
    bilevel: bool

    def rows(self, y0: int, y1: int) -> U8:
        """Packed ink bits (bilevel), gray or RGB rows."""

    def close(self) -> None:
        """Forget the pixels."""


def limit_memory() -> None:
    """An address space limit where the system has one, so that a bomb ends in ``MemoryError``, not in swapping."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_document(path: Path, file_format: str, page: int) -> Document:
    """The page behind the interface that every format shares."""
    if file_format == "tiff":
        from curvedesk.imaging.decode_tiff import TiffDocument

        return TiffDocument(path, page)
    if file_format == "pdf":
        from curvedesk.imaging.decode_pdf import PdfDocument

        return PdfDocument(path, page)
    from curvedesk.imaging.decode_whole import WholeDocument

    return WholeDocument(path, read_pages(path)[1][page])


class Decoder:
    """Answers requests; keeps the last documents open, because one strip may be a whole scan."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, Document] = OrderedDict()

    def answer(self, request: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
        """The reply's JSON part and its pixels."""
        path = Path(request["path"])
        if request["op"] == "pages":
            from curvedesk.imaging.decode_pdf import pdf_pages

            return {"pages": [page_to_json(page) for page in pdf_pages(path)]}, b""
        if request["op"] == "forget":
            for key in [key for key in self._documents if json.loads(key)[0] == request["path"]]:
                self._documents.pop(key).close()
            return {}, b""
        document = self._document(path, request)
        rows = document.rows(request["y0"], request["y1"])
        if not document.bilevel:
            rows = to_rgb(rows) if request["rgb"] else to_gray(rows)
            rows = rows[:, request["x0"] : request["x1"]]
        return {"shape": rows.shape, "packed": document.bilevel}, rows.tobytes()

    def _document(self, path: Path, request: Mapping[str, Any]) -> Document:
        key = json.dumps([request[name] for name in ("path", "format", "page", "stamp")])
        if key not in self._documents:
            while len(self._documents) >= KEPT_DOCUMENTS:
                self._documents.popitem(last=False)[1].close()
            known = identity(path)
            document = open_document(path, request["format"], request["page"])
            size, stamp = [document.info.width, document.info.height], [known.file_bytes, known.modified_ns]
            if [size, stamp] != [request["size"], request["stamp"]]:
                document.close()
                raise HeaderError("it changed while it was open", "open it again")
            self._documents[key] = document
        self._documents.move_to_end(key)
        return self._documents[key]


def page_to_json(page: PageInfo) -> dict[str, Any]:
    """A page header for the line protocol."""
    return {name: getattr(page, name) for name in PageInfo.__slots__}


def serve(requests: BinaryIO, replies: BinaryIO) -> None:
    """Answer until the input closes; every failure that Python survives becomes a sentence."""
    decoder = Decoder()
    for line in requests:
        pixels = b""
        try:
            reply, pixels = decoder.answer(json.loads(line))
        except HeaderError as error:
            reply = {"what": error.what, "remedy": error.remedy}
        except MemoryError:
            reply = {"what": "it needs more memory than a scan may take", "remedy": "save it as a striped TIFF"}
        except Exception as error:  # noqa: BLE001  decoders raise what they like; the parent turns this into one sentence
            reply = {"what": f"its pixels are damaged ({type(error).__name__})", "remedy": "copy or scan it again"}
        replies.write(json.dumps({**reply, "nbytes": len(pixels)}).encode() + b"\n")
        replies.write(pixels)
        replies.flush()


def main() -> None:
    """Serve on a private copy of standard output: native code that prints cannot corrupt the replies."""
    limit_memory()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        serve(sys.stdin.buffer, replies)
    os._exit(0)
