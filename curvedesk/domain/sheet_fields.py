"""The parts of a sheet file: JSON objects to values, checked, and back."""

from itertools import pairwise
from typing import Any

import numpy as np

from curvedesk.domain.depth import DepthAxis
from curvedesk.domain.fields import Fields, merged
from curvedesk.domain.polyline import FloatArray, frozen_array, interpolate
from curvedesk.domain.scales import ScaleKind, ValueScale, Wrap, WrapKind
from curvedesk.domain.track import CurveSpec, Style, Track

DEEPEST = 1e6  # feet or metres
FINEST_STEP = 1e-6
MOST_SAMPLES = 5_000_000  # 40 km at a centimetre: anything above is a typing error in top, bottom or step


def parse_depth(fields: Fields) -> DepthAxis:
    """The `depth` object."""
    rows = fields.rows("ties", widths=(2, 3), what="[y_px, depth] or [y_px, depth, slope]", least=2)
    ties = np.array(sorted((*row, 0.0)[:3] for row in rows))
    _check_ties(fields, ties)
    axis = DepthAxis(
        unit=fields.text("unit"),
        ties=ties,
        x_px=fields.number_or_none("x_px"),
        top=fields.number("top"),
        bottom=fields.number("bottom"),
        step=fields.number("step"),
        confidence=fields.confidence(),
        extra=fields.extra(),
    )
    _check_samples(fields, axis)
    return axis


def _check_samples(fields: Fields, axis: DepthAxis) -> None:
    for key, depth in (("top", axis.top), ("bottom", axis.bottom)):
        if abs(depth) > DEEPEST:
            fields.fail(key, f"({depth:g}) is deeper than any well")
    if axis.step < FINEST_STEP:
        fields.fail("step", f"must be at least {FINEST_STEP:g}, not {axis.step:g}")
    if axis.bottom <= axis.top:
        fields.fail("bottom", f"({axis.bottom:g}) must lie below top ({axis.top:g})")
    if (axis.bottom - axis.top) / axis.step > MOST_SAMPLES:
        fields.fail("step", f"({axis.step:g}) makes more than {MOST_SAMPLES:,} samples between top and bottom")


def _check_ties(fields: Fields, ties: FloatArray) -> None:
    for upper, lower in pairwise(ties):
        if lower[0] <= upper[0]:
            fields.fail("ties", f"has two ties in row {upper[0]:g}; keep one")
        if lower[1] <= upper[1]:
            fields.fail(
                "ties", f"must grow deeper downwards: row {lower[0]:g} says {lower[1]:g}, above it {upper[1]:g}"
            )


def parse_track(fields: Fields, *, number: int) -> Track:
    """One object of `tracks`; a track without a name is called by its number."""
    edges = fields.child("edges")
    left, right = (_edge(edges, side) for side in ("left", "right"))
    _check_edges(edges, left, right)
    return Track(
        name=fields.text("name", str(number)),
        left=left,
        right=right,
        curves=tuple(parse_curve(child) for child in fields.children("curves", ())),
        confidence=fields.confidence(),
        extra=fields.extra() | ({"edges": edges.extra()} if edges.extra() else {}),
    )


def _edge(edges: Fields, side: str) -> FloatArray:
    rows = edges.rows(side, widths=(2,), what="[x_px, y_px]", least=2)
    points = np.array(sorted(rows, key=lambda point: point[1]))
    if not (np.diff(points[:, 1]) > 0).all():
        edges.fail(side, "has two points in one row; keep one")
    return frozen_array(points)


def _check_edges(edges: Fields, left: FloatArray, right: FloatArray) -> None:
    y_px = np.union1d(left[:, 1], right[:, 1])
    width = interpolate(y_px, right[:, 1], right[:, 0]) - interpolate(y_px, left[:, 1], left[:, 0])
    if (width <= 0).any():
        edges.fail("left", f"must stay left of right, but does not at row {y_px[np.argmax(width <= 0)]:g}")


def parse_curve(fields: Fields) -> CurveSpec:
    """One object of a track's `curves`."""
    mnemonic = fields.text("mnemonic").strip()
    if not mnemonic:
        fields.fail("mnemonic", "must not be empty")
    scale, wrap_extra = parse_scale(fields)
    spec = CurveSpec(
        mnemonic=mnemonic,
        unit=fields.text("unit", ""),
        scale=scale,
        style=Style(fields.choice("style", tuple(Style), Style.SOLID)),
        digitize=fields.flag("digitize", default=True),
        depth_from=fields.number_or_none("from"),
        depth_to=fields.number_or_none("to"),
        confidence=fields.confidence(),
        extra=fields.extra() | ({"wrap": wrap_extra} if wrap_extra else {}),
    )
    if spec.depth_from is not None and spec.depth_to is not None and spec.depth_to <= spec.depth_from:
        fields.fail("to", f"({spec.depth_to:g}) must lie below from ({spec.depth_from:g})")
    return spec


def parse_scale(fields: Fields) -> tuple[ValueScale, dict[str, Any]]:
    """`left`, `right`, `scale`, `table` and `wrap` of a curve, and what else stood in `wrap`."""
    kind = ScaleKind(fields.choice("scale", tuple(ScaleKind), ScaleKind.LINEAR))
    wrap, extra = _wrap(fields)
    if kind is ScaleKind.TABLE:
        return _table_scale(fields, wrap), extra
    left, right = fields.number("left"), fields.number("right")
    if left == right:
        fields.fail("right", f"must differ from left ({left:g})")
    if kind is ScaleKind.LOG and min(left, right) <= 0:
        fields.fail(
            "left" if left <= 0 else "right", f"must be greater than 0 on a log scale, not {min(left, right):g}"
        )
    return ValueScale(left, right, kind, wrap=wrap), extra


def _table_scale(fields: Fields, wrap: Wrap) -> ValueScale:
    table = fields.rows("table", widths=(2,), what="[fraction, value]", least=2)
    steps = np.diff(np.array(table), axis=0)
    if not (steps[:, 0] > 0).all():
        fields.fail("table", "must have growing fractions")
    if not ((steps[:, 1] > 0).all() or (steps[:, 1] < 0).all()):
        fields.fail("table", "must have values that only grow or only fall")
    scale = ValueScale(0.0, 1.0, ScaleKind.TABLE, tuple((f, v) for f, v in table))
    ends = [float(v) for v in scale.value_at([0.0, 1.0])]
    left = ends[0] if fields.number_or_none("left") is None else fields.number("left")
    right = ends[1] if fields.number_or_none("right") is None else fields.number("right")
    return ValueScale(left, right, ScaleKind.TABLE, scale.table, wrap)


def _wrap(fields: Fields) -> tuple[Wrap, dict[str, Any]]:
    value = fields.get("wrap", False)
    if isinstance(value, bool):
        return Wrap(WrapKind.ADD if value else WrapKind.NONE), {}
    if not isinstance(value, dict):
        fields.fail("wrap", 'must be true, false or {"kind": "multiply", "factor": k}')
    wrap = fields.child("wrap")
    kind = WrapKind(wrap.choice("kind", tuple(WrapKind)))
    factor = wrap.number("factor") if kind is WrapKind.MULTIPLY else 1.0
    if kind is WrapKind.MULTIPLY and factor <= 1:
        wrap.fail("factor", f"must be greater than 1, not {factor:g}")
    return Wrap(kind, factor), wrap.extra()


def dump_depth(axis: DepthAxis) -> dict[str, Any]:
    """A `depth` object."""
    optional = {"x_px": axis.x_px, "confidence": axis.confidence}
    known = {"unit": axis.unit, "ties": axis.ties.tolist(), "top": axis.top, "bottom": axis.bottom, "step": axis.step}
    return merged(known | _present(optional), axis.extra)


def dump_track(track: Track) -> dict[str, Any]:
    """An object of `tracks`."""
    edges = {"left": track.left.tolist(), "right": track.right.tolist()}
    curves = [dump_curve(spec) for spec in track.curves]
    known = {"name": track.name, "edges": edges, "curves": curves} | _present({"confidence": track.confidence})
    return merged(known, track.extra)


def dump_curve(spec: CurveSpec) -> dict[str, Any]:
    """An object of a track's `curves`."""
    known = {"mnemonic": spec.mnemonic, "unit": spec.unit, "left": spec.scale.left, "right": spec.scale.right}
    known |= {"scale": spec.scale.kind.value, "style": spec.style.value, "wrap": _dump_wrap(spec.scale.wrap, spec)}
    if spec.scale.kind is ScaleKind.TABLE:
        known["table"] = [list(row) for row in spec.scale.table]
    if not spec.digitize:
        known["digitize"] = False
    optional = {"from": spec.depth_from, "to": spec.depth_to, "confidence": spec.confidence}
    return merged(known | _present(optional), spec.extra)


def _dump_wrap(wrap: Wrap, spec: CurveSpec) -> bool | dict[str, Any]:
    if wrap.kind is WrapKind.MULTIPLY:
        return {"kind": wrap.kind.value, "factor": wrap.factor}
    if "wrap" in spec.extra:
        return {"kind": wrap.kind.value}
    return wrap.kind is WrapKind.ADD


def _present(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}
