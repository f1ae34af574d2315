"""Scans on their side or upside down: told by the depth numbers, which grow downwards the right way up only."""

from __future__ import annotations

import numpy as np

from curvedesk.registration.atlas import survey
from curvedesk.registration.confidence import depth_confidence
from curvedesk.registration.page import IsCancelled, Page, check_cancelled
from curvedesk.registration.passes import LogPass, find_passes

PLAIN = 0.8  # so sure must the depths be, the other way up, to say so
_TALL = 1.25  # a longer page lies along its log
_QUARTER = 90


def way_up(page: Page, passes: list[LogPass], cancelled: IsCancelled | None = None) -> int:
    """Degrees clockwise that the page must be turned by to be read: 0, 90, 180 or 270; 0 where it cannot be told.

    `passes`: what was found on the page as it lies; where depths were read there, it lies right. Raises Cancelled.
    """
    if any(_is_read(log) for log in passes):
        return 0
    for degrees in _likely(page):
        check_cancelled(cancelled)
        turned = Page(np.ascontiguousarray(np.rot90(page.ink, -degrees // _QUARTER)), page.scale)
        found = find_passes(turned, survey(turned, cancelled=cancelled), cancelled=cancelled)
        if any(_is_read(log) for log in found):
            return degrees
    return 0


def _is_read(log: LogPass) -> bool:
    return log.scale is not None and depth_confidence(log.scale) >= PLAIN


def _likely(page: Page) -> tuple[int, ...]:
    """Turns worth trying, the likelier first: a log is longer than wide."""
    if page.height > _TALL * page.width:
        return (180,)
    if page.width > _TALL * page.height:
        return (90, 270)
    return (180, 90, 270)
