"""From the row of a click down, the two curves nearest to it change places."""

from curvedesk.domain.strokes import SwapStroke
from curvedesk.session.commands import AddStroke
from curvedesk.session.tools.base import NOTHING, Drawn, Idle, Preview, Situation, ToolEvent, ToolResult
from curvedesk.session.tools.traced import curves_by_distance, track_at


class Swap(Idle):
    """One click; until then the two names are shown at the pointer."""

    def press(self, event: ToolEvent) -> ToolResult:
        """Exchange them."""
        now = self.look()
        pair, refusal = _pair(now, event)
        if pair is None:
            return ToolResult(say=refusal)
        names = (now.keys[pair[0]][1].mnemonic, now.keys[pair[1]][1].mnemonic)
        return ToolResult(commands=(AddStroke(SwapStroke(names, round(event.y_px, 2))),))

    def move(self, event: ToolEvent) -> ToolResult:
        """Say who would change places."""
        now = self.look()
        pair, _ = _pair(now, event)
        track = track_at(now, event.x_px, event.y_px)
        if pair is None or track is None:
            return NOTHING
        names = " and ".join(now.keys[key][1].mnemonic for key in pair)
        ends = tuple((float(track.x_at(f, event.y_px)), event.y_px) for f in (0.0, 1.0))
        return ToolResult(Preview((Drawn("swap", ends, 1.0),), words=f"{names} change places from here down"))


def _pair(now: Situation, event: ToolEvent) -> tuple[tuple[str, str] | None, str]:
    """The two curves, of different names, and why there are none."""
    track = track_at(now, event.x_px, event.y_px)
    if track is None:
        return None, "Click inside a track, between the two curves that are to change places."
    near: list[str] = []
    for _, key in curves_by_distance(now, track, event.x_px, event.y_px):
        if now.keys[key][1].mnemonic not in {now.keys[other][1].mnemonic for other in near}:
            near.append(key)
    if len(near) < 2:
        return None, "Fewer than two curves run at this depth; predict first, or click where both are."
    locked = [now.keys[key][1].mnemonic for key in near[:2] if now.project.look(key).locked]
    if locked:
        return None, f"{locked[0]} is locked; unlock it in the list of curves to let it change places."
    return (near[0], near[1]), ""
