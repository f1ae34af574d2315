"""Which pen is which curve: by the sample stroke in the block, else by what it is usually drawn with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from curvedesk.domain.track import CurveSpec, Style, Track
from curvedesk.registration.mnemonics import MnemonicTable

_SHARED, _UNSEEN = 0.85, 0.75  # what is left of a curve's certainty where its pen is another's too, or was not seen


def with_pens(specs: Sequence[CurveSpec], table: MnemonicTable) -> list[CurveSpec]:
    """The curves of one track, each told what its pen was known by (`extra["pen"]`: "stroke", "custom" or "unclear").

    A curve without a sample stroke takes the one it is usually drawn with, unless another of the track has it. Curves
    that may be told apart by nothing are less sure, so that they are asked for.
    """
    found = [_with_pen(spec, specs, table) for spec in specs]
    wanted = [s.style for s in found if s.digitize]
    return [_asked(s) if s.digitize and wanted.count(s.style) > 1 else s for s in found]


def _seen(spec: CurveSpec) -> bool:
    features = spec.extra.get("features", {})
    return float(features.get("stroke", 0.0)) > 0


def _with_pen(spec: CurveSpec, specs: Sequence[CurveSpec], table: MnemonicTable) -> CurveSpec:
    if _seen(spec):
        return replace(spec, extra={**spec.extra, "pen": "stroke"})
    others = {s.style for s in specs if s is not spec and _seen(s) and s.digitize}
    service = table.service(spec.mnemonic)
    usual = Style(service.style) if service is not None and service.style else None
    if usual is not None and usual not in others:
        return replace(spec, style=usual, extra={**spec.extra, "pen": "custom"})
    free = [style for style in (Style.SOLID, Style.DASHED, Style.DOTTED) if style not in others]
    return replace(spec, style=free[0] if free else spec.style, extra={**spec.extra, "pen": "unclear"})


def _asked(spec: CurveSpec) -> CurveSpec:
    """Of two curves with one stroke in a track: not clear which is which unless their strokes were seen to be so."""
    worth = _SHARED if spec.extra.get("pen") == "stroke" else _SHARED * _UNSEEN
    sure = round((spec.confidence or 0.0) * worth, 3)
    return replace(spec, confidence=sure, extra={**spec.extra, "pen_shared": True})


def pens_to_ask(track: Track) -> list[str]:
    """Sentences for the pens of a track that are not clear."""
    unclear = [s.mnemonic for s in track.curves if s.digitize and (s.extra.get("pen") == "unclear")]
    shared = [s.mnemonic for s in track.curves if s.extra.get("pen_shared")]
    names = list(dict.fromkeys([*unclear, *shared]))
    if not names:
        return []
    return [
        f"Which pen of track {track.name} is {' or '.join(names)} is not clear; compare their strokes with the scan."
    ]


def scales_to_ask(track: Track, *, below: float) -> list[str]:
    """One sentence for all scales of a track whose confidence is `below` what is likely; none where all are likely."""
    names = list(dict.fromkeys(s.mnemonic for s in track.curves if (s.confidence or 0.0) < below))
    if len(names) > 1:
        listed = f"{', '.join(names[:-1])} and {names[-1]}"
        return [f"The scales of {listed} in track {track.name} are not sure; compare them with the scan."]
    return [f"The scale of {name} in track {track.name} is not sure; compare it with the scan." for name in names]
