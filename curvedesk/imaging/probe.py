"""From a path to ``ScanInfo``: which format, how many pages, how large; in this process, without a decoder.

PDF is the exception: its structure needs a PDF library, so it is asked of the decoder child (see ``client``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from curvedesk.imaging.info import HeaderError, PageInfo, ScanInfo, fault
from curvedesk.imaging.raster_header import bmp_page, jpeg_page, png_page
from curvedesk.imaging.tiff_header import read_directories
from curvedesk.imaging.tiff_page import TiffPage, checked_page

SINGLE: Mapping[str, Callable[[BinaryIO, int], PageInfo]] = MappingProxyType(
    {"png": png_page, "jpeg": jpeg_page, "bmp": bmp_page}
)


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells one state of a file from another without reading it."""

    file_bytes: int
    modified_ns: int


def identity(path: Path) -> Identity:
    """Size and time of a regular, readable file.

    Raises:
        ScanError: nothing there, a folder, a device, empty, or no permission.
    """
    try:
        if path.is_dir():
            raise fault(path, "it is a folder", "name one scan in it")
        if path.exists() and not path.is_file():
            raise fault(path, "it is not a regular file", "name a scan")
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
    except FileNotFoundError as error:
        raise fault(path, "there is no such file", "check the name") from error
    except PermissionError as error:
        raise fault(path, "it may not be read", "change its permissions") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name is not valid"
        raise fault(path, f"it cannot be opened ({reason})", "check the disk and the name") from error
    if status.st_size == 0:
        raise fault(path, "it is empty", "copy or scan it again")
    return Identity(status.st_size, status.st_mtime_ns)


def sniff(head: bytes) -> str:
    """The format by its first bytes, whatever the file is called.

    Raises:
        HeaderError: none that CurveDesk reads.
    """
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"BM"):
        return "bmp"
    if b"%PDF-" in head:
        return "pdf"
    raise HeaderError("it is not a TIFF, PNG, JPEG, BMP or PDF file", "export the scan in one of these formats")


def tiff_pages(file: BinaryIO, size: int) -> list[TiffPage]:
    """Every readable page of a TIFF, in order; the first must be readable, later broken ones are left out."""
    pages: list[TiffPage] = []
    for directory in read_directories(file, size):
        try:
            pages.append(checked_page(directory, size))
        except HeaderError:
            if not pages:
                raise
    return pages


def read_pages(path: Path) -> tuple[str, list[PageInfo]]:
    """Format and pages of a scan.

    Raises:
        ScanError: not readable, not a scan, damaged, or not supported.
    """
    known = identity(path)
    try:
        with path.open("rb") as file:
            kind = sniff(file.read(1024))
            if kind == "tiff":
                return kind, [page.info for page in tiff_pages(file, known.file_bytes)]
            if kind in SINGLE:
                return kind, [SINGLE[kind](file, known.file_bytes)]
    except HeaderError as error:
        raise fault(path, error.what, error.remedy) from error
    except OSError as error:
        raise fault(path, f"it cannot be read ({error.strerror})", "check the disk") from error
    from curvedesk.imaging.client import shared_decoder

    return kind, shared_decoder().pages(path)


def scan_info(path: Path, *, page: int, file_format: str, pages: list[PageInfo], dpi: float | None) -> ScanInfo:
    """The opened page's header, ``dpi`` of the caller over the file's."""
    if not 0 <= page < len(pages):
        raise fault(path, f"it has {len(pages)} pages, so there is no page {page}", f"choose 0 to {len(pages) - 1}")
    one = pages[page]
    return ScanInfo(
        path=path,
        file_format=file_format,
        file_bytes=identity(path).file_bytes,
        pages=len(pages),
        page=page,
        width=one.width,
        height=one.height,
        bits=one.bits,
        samples=one.samples,
        compression=one.compression,
        colour=one.colour,
        polarity=one.polarity,
        dpi=(dpi, dpi) if dpi else one.dpi,
        dpi_assumed=not dpi and one.dpi is None,
        orientation=one.orientation,
    )
