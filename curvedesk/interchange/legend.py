"""The strip above an overlay: which colour is which curve, and what depths are shown."""

import cv2
import numpy as np
from numpy.typing import NDArray

from curvedesk.domain.curve import DigitisedLog
from curvedesk.interchange.table import plain

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

# Okabe and Ito's palette, told apart by colour-blind eyes too; black and yellow left out (ink, paper). As R, G, B.
COLOURS: tuple[Colour, ...] = (
    (0xD5, 0x5E, 0x00),
    (0x00, 0x72, 0xB2),
    (0x00, 0x9E, 0x73),
    (0xCC, 0x79, 0xA7),
    (0xE6, 0x9F, 0x00),
    (0x56, 0xB4, 0xE9),
)
FONT, SIZE = cv2.FONT_HERSHEY_SIMPLEX, 0.5
LINE_PX, PAD_PX, SAMPLE_PX = 24, 10, 28


def colour_of(index: int) -> Colour:
    """The colour of the log's curve number `index`, R, G, B."""
    return COLOURS[index % len(COLOURS)]


def legend_strip(log: DigitisedLog, y0: int, y1: int, width: float) -> Picture:
    """A white strip, RGB, as wide as the picture of scan rows [y0, y1); entries that do not fit go to a next line."""
    entries: list[tuple[str, Colour | None]] = [(_range_text(log, y0, y1), None)]
    entries += [(plain(f"{c.mnemonic} {c.unit}"), colour_of(i)) for i, c in enumerate(log.curves)]
    places, x, line = [], PAD_PX, 0
    for text, colour in entries:
        size = _text_px(text) + (SAMPLE_PX if colour else 0) + 2 * PAD_PX
        if x + size > width and x > PAD_PX:
            x, line = PAD_PX, line + 1
        places.append((text, colour, x, line))
        x += size
    strip = np.full(((line + 1) * LINE_PX + PAD_PX, round(width), 3), 255, np.uint8)
    for text, colour, left, row in places:
        _paint_entry(strip, text, colour, left=left, base=(row + 1) * LINE_PX)
    return strip


def _range_text(log: DigitisedLog, y0: int, y1: int) -> str:
    top, bottom = (float(log.sheet.depth_at(log.sheet.column_at(y), y)) for y in (y0, y1))
    return plain(f"{log.scan}  {top:.0f} - {bottom:.0f} {log.sheet.depth.unit}")


def _text_px(text: str) -> int:
    return int(cv2.getTextSize(text, FONT, SIZE, 1)[0][0])


def _paint_entry(strip: Picture, text: str, colour: Colour | None, *, left: int, base: int) -> None:
    if colour is not None:
        cv2.line(strip, (left, base - 5), (left + SAMPLE_PX - PAD_PX, base - 5), colour, 4)
        left += SAMPLE_PX
    cv2.putText(strip, text, (left, base), FONT, SIZE, (0, 0, 0), 1, cv2.LINE_AA)
