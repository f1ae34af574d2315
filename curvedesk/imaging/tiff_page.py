"""From TIFF tags to a page that is known to be decodable: sizes, segments inside the file, compression that we have."""

from __future__ import annotations

from dataclasses import dataclass, replace

from curvedesk.imaging.info import Colour, HeaderError, PageInfo, Polarity, check_size, sane_dpi
from curvedesk.imaging.tiff_header import Directory

COMPRESSIONS = {
    1: "none",
    2: "ccitt-rle",
    3: "ccitt-g3",
    4: "ccitt-g4",
    5: "lzw",
    7: "jpeg",
    8: "deflate",
    32773: "packbits",
    32946: "deflate",
}
CCITT = ("ccitt-rle", "ccitt-g3", "ccitt-g4")
# Decoded bytes that one stored byte can make at the very most; a file far shorter than that lies about its size.
MOST_BYTES_PER_BYTE = {"none": 1, "packbits": 64, "lzw": 1400, "deflate": 1040}
MAX_SEGMENT_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class TiffPage:
    """A checked page; ``segment_*`` are strip or tile sizes in pixels, ``offsets`` and ``counts`` bytes in the file."""

    info: PageInfo
    stored_width: int
    stored_height: int
    segment_width: int
    segment_height: int
    offsets: tuple[int, ...]
    counts: tuple[int, ...]
    photometric: int
    planar: bool
    predictor: int
    reversed_bits: bool
    little: bool
    t4_options: int
    colormap: tuple[int, ...]
    alpha: int
    jpeg_tables: bytes

    @property
    def across(self) -> int:
        """Segments side by side."""
        return -(-self.stored_width // self.segment_width)

    @property
    def down(self) -> int:
        """Segments one below the other."""
        return -(-self.stored_height // self.segment_height)

    @property
    def segment_samples(self) -> int:
        """Samples of a pixel within one segment."""
        return 1 if self.planar else self.info.samples

    @property
    def row_bytes(self) -> int:
        """Decoded bytes of one row of a segment."""
        return -(-self.segment_width * self.segment_samples * self.info.bits // 8)


def checked_page(directory: Directory, size: int) -> TiffPage:
    """The page of one directory of a file of ``size`` bytes.

    Raises:
        HeaderError: a size, a layout, a compression or a position that cannot be right or cannot be read.
    """
    info = _info(directory)
    stored = (info.height, info.width) if info.orientation >= 5 else (info.width, info.height)
    segment_width, segment_height = _segment_size(directory, *stored)
    page = TiffPage(
        info=info,
        stored_width=stored[0],
        stored_height=stored[1],
        segment_width=segment_width,
        segment_height=segment_height,
        offsets=directory.ints(324 if 324 in directory.tags else 273),
        counts=directory.ints(325 if 325 in directory.tags else 279),
        photometric=_photometric(directory),
        planar=directory.first(284, 1) == 2 and info.samples > 1,
        predictor=directory.first(317, 1),
        reversed_bits=directory.first(266, 1) == 2,
        little=directory.little,
        t4_options=directory.first(292, 0),
        colormap=directory.ints(320),
        alpha=_alpha(directory, info.colour),
        jpeg_tables=bytes(v & 255 for v in directory.ints(347)),
    )
    return _with_checked_segments(page, size)


def _info(directory: Directory) -> PageInfo:
    width, height = directory.first(256, 0), directory.first(257, 0)
    check_size(width, height)
    bits, samples = _sample_layout(directory)
    compression = _compression(directory, bits, samples)
    orientation = directory.first(274, 1)
    orientation = orientation if 1 <= orientation <= 8 else 1
    turned = orientation >= 5
    return PageInfo(
        width=height if turned else width,
        height=width if turned else height,
        bits=bits,
        samples=samples,
        compression=compression,
        colour=_colour(directory, bits, samples),
        polarity=Polarity.MIN_IS_WHITE if _photometric(directory) == 0 else Polarity.MIN_IS_BLACK,
        dpi=_dpi(directory, turned=turned),
        orientation=orientation,
    )


def _photometric(directory: Directory) -> int:
    """Fax files without the tag are black on white."""
    return directory.first(262, 0 if COMPRESSIONS.get(directory.first(259, 1)) in CCITT else 1)


def _sample_layout(directory: Directory) -> tuple[int, int]:
    samples = directory.first(277, 1)
    all_bits = set(directory.ints(258)[:samples]) or {1}
    if len(all_bits) != 1 or not 1 <= samples <= 8:
        raise HeaderError("its samples have an unusual layout")
    (bits,) = all_bits
    if bits not in (1, 2, 4, 8, 16) or (samples > 1 and bits < 8):
        raise HeaderError(f"it has {samples} samples of {bits} bits a pixel, which no log scan has")
    if directory.first(339, 1) not in (1, 4):
        raise HeaderError("its samples are not plain unsigned numbers")
    return bits, samples


def _compression(directory: Directory, bits: int, samples: int) -> str:
    number = directory.first(259, 1)
    compression = COMPRESSIONS.get(number)
    if compression is None:
        raise HeaderError(f"its TIFF compression {number} is not supported", "save it with LZW, deflate or Group 4")
    if compression in CCITT and (bits, samples) != (1, 1):
        raise HeaderError("it claims fax compression for pixels of more than one bit")
    if compression == "jpeg" and bits != 8:
        raise HeaderError(f"it claims JPEG compression for {bits} bit samples")
    if directory.first(317, 1) not in (1, 2) or (directory.first(317, 1) == 2 and bits < 8):
        raise HeaderError("its predictor is not supported", "save it with LZW, deflate or Group 4")
    return compression


def _colour(directory: Directory, bits: int, samples: int) -> Colour:
    photometric = _photometric(directory)
    if photometric in (0, 1):
        return Colour.BILEVEL if bits == 1 else Colour.GRAY
    if photometric == 3 and samples <= 2 and bits <= 8 and len(directory.ints(320)) >= 3 << bits:
        return Colour.PALETTE
    if photometric == 2 and samples >= 3:
        return Colour.RGBA if samples > 3 else Colour.RGB
    if photometric == 5 and samples >= 4:
        return Colour.CMYK
    if photometric == 6 and samples == 3 and directory.first(259, 1) == 7:
        return Colour.RGB
    raise HeaderError(f"its colour model (photometric {photometric}, {samples} samples) is not supported")


def _alpha(directory: Directory, colour: Colour) -> int:
    """2: plain alpha, 1: premultiplied, 0: none; only RGBA scans are laid over white."""
    kind = directory.first(338, 0)
    return kind if colour is Colour.RGBA and kind in (1, 2) else 0


def _segment_size(directory: Directory, width: int, height: int) -> tuple[int, int]:
    if 322 not in directory.tags:
        rows = directory.first(278, height)
        return width, min(rows, height) if rows > 0 else height
    segment_width, segment_height = directory.first(322, 0), directory.first(323, 0)
    if not (0 < segment_width <= 1 << 16 and 0 < segment_height <= 1 << 16):
        raise HeaderError(f"its tiles claim {segment_width} x {segment_height} pixels")
    return segment_width, segment_height


def _dpi(directory: Directory, *, turned: bool) -> tuple[float, float] | None:
    unit = directory.first(296, 2)
    factor = {2: 1.0, 3: 2.54}.get(unit)
    x, y = directory.number(282), directory.number(283)
    if factor is None or x is None or y is None:
        return None
    return sane_dpi(y * factor, x * factor) if turned else sane_dpi(x * factor, y * factor)


def _with_checked_segments(page: TiffPage, size: int) -> TiffPage:
    wanted = page.across * page.down * (page.info.samples if page.planar else 1)
    decoded = page.row_bytes * page.segment_height
    if decoded > MAX_SEGMENT_BYTES:
        raise HeaderError("it is one strip too large to decode", "save it with smaller strips")
    if len(page.offsets) < wanted:
        raise HeaderError(f"it has {len(page.offsets)} of {wanted} strips, so it is damaged", "copy or scan it again")
    counts = page.counts[:wanted] if len(page.counts) >= wanted else _guessed_counts(page, wanted, size)
    for offset, count in zip(page.offsets[:wanted], counts, strict=True):
        if offset < 0 or count <= 0 or offset + count > size:
            raise HeaderError("it is truncated or damaged: strips lie outside the file", "copy or scan it again")
    _check_plausible(page, sum(counts))
    return replace(page, offsets=page.offsets[:wanted], counts=counts)


def _guessed_counts(page: TiffPage, wanted: int, size: int) -> tuple[int, ...]:
    """Old writers leave the byte counts out where there is one strip; it then runs to the end of the file."""
    if wanted != 1 or page.counts:
        raise HeaderError("it does not say how long its strips are", "copy or scan it again")
    return (size - page.offsets[0],)


def _check_plausible(page: TiffPage, stored: int) -> None:
    compression = page.info.compression
    planes = page.info.samples if page.planar else 1
    if compression in MOST_BYTES_PER_BYTE:
        least = page.row_bytes * page.stored_height * planes * page.across / MOST_BYTES_PER_BYTE[compression]
    elif compression in CCITT:
        least = page.stored_height * page.across / 8  # one bit a row at the very least
    else:
        least = page.stored_width * page.stored_height / 4096
    if stored < least - 16:
        raise HeaderError(
            f"it claims {page.stored_width:,} x {page.stored_height:,} pixels but holds only {stored:,} bytes",
            "copy or scan it again",
        )
