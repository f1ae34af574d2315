"""What a scan's header says, as plain values; nothing here touches pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from curvedesk.domain.errors import ScanError

MAX_SIDE_PX = 2_000_000
MAX_SHORT_SIDE_PX = 72_000  # 60 inches at 1200 dpi
MAX_PIXELS = 4_000_000_000  # 250,000 rows of 400 dpi by 40 inches; 100,000 x 100,000 is a lie or a bomb
MAX_WHOLE_BYTES = 1 << 30  # for formats that only decode whole
ASSUMED_DPI = 200.0
SANE_DPI = (50.0, 1200.0)


class Colour(StrEnum):
    """What a pixel is made of on disk."""

    BILEVEL = "bilevel"
    GRAY = "gray"
    PALETTE = "palette"
    RGB = "rgb"
    RGBA = "rgba"
    CMYK = "cmyk"

    @property
    def has_hue(self) -> bool:
        """Whether ``read_rgb`` can show more than ``read``."""
        return self not in (Colour.BILEVEL, Colour.GRAY)


class Polarity(StrEnum):
    """What a stored zero means; pixels handed out are always 0 ink, 255 paper."""

    MIN_IS_WHITE = "min-is-white"
    MIN_IS_BLACK = "min-is-black"


@dataclass(frozen=True, slots=True)
class PageInfo:
    """One page: size in pixels after the orientation tag is honoured, ``dpi`` (x, y) or None where absent or absurd."""

    width: int
    height: int
    bits: int
    samples: int
    compression: str
    colour: Colour
    polarity: Polarity
    dpi: tuple[float, float] | None
    orientation: int = 1


@dataclass(frozen=True, slots=True)
class ScanInfo:
    """The header of a scan and of the page it was opened at."""

    path: Path
    file_format: str
    file_bytes: int
    pages: int
    page: int
    width: int
    height: int
    bits: int
    samples: int
    compression: str
    colour: Colour
    polarity: Polarity
    dpi: tuple[float, float] | None
    dpi_assumed: bool
    orientation: int


def fault(path: Path | str, what: str, remedy: str) -> ScanError:
    """One sentence: which scan, what is wrong, what to do."""
    name = Path(path).name.encode("utf-8", "replace").decode()
    return ScanError(" ".join(f"{name}: {what}; {remedy}".split()))


class HeaderError(Exception):
    """A header that cannot be used: what is wrong and what to do; turned into one ``ScanError`` by ``probe``."""

    def __init__(self, what: str, remedy: str = "export it again as TIFF, PNG, JPEG, BMP or PDF") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


def sane_dpi(x: float | None, y: float | None) -> tuple[float, float] | None:
    """Both axes where both are between 50 and 1200 dpi (NaN is not), else None."""
    low, high = SANE_DPI
    if x is None or y is None or not (low <= x <= high and low <= y <= high):
        return None
    return (round(x, 4), round(y, 4))


def check_size(width: int, height: int, *, whole_bytes_per_pixel: int = 0) -> None:
    """Refuse empty and absurd sizes, and, for formats decoded whole, what would not fit in memory.

    Raises HeaderError, one sentence.
    """
    if width <= 0 or height <= 0:
        raise HeaderError(f"it is {width} x {height} pixels, so there is no image in it")
    too_long = max(width, height) > MAX_SIDE_PX or min(width, height) > MAX_SHORT_SIDE_PX
    if too_long or width * height > MAX_PIXELS:
        raise HeaderError(
            f"it claims {width:,} x {height:,} pixels, more than any scan of paper has", "check the file, or scan again"
        )
    if width * height * whole_bytes_per_pixel > MAX_WHOLE_BYTES:
        raise HeaderError(
            f"{width:,} x {height:,} pixels are too many for this format", "save it as a striped TIFF instead"
        )
