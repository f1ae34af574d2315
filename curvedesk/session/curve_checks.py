"""A curve as the project may hold it: the sheet's own spec, the right types, arrays nobody changes."""

import numpy as np

from curvedesk.domain.curve import TracedCurve
from curvedesk.domain.errors import ProjectError
from curvedesk.domain.project import CurveKey
from curvedesk.domain.track import CurveSpec, Track
from curvedesk.session.curve_edits import COLUMNS, DTYPES


def checked_curve(key: CurveKey, curve: TracedCurve, track: Track, spec: CurveSpec) -> TracedCurve:
    """The curve under the sheet's spec; the same object where nothing had to change.

    Raises ProjectError where its columns are not of one length.
    """
    columns = [np.asarray(getattr(curve, name), DTYPES[name]) for name in COLUMNS]
    if any(column.ndim != 1 or len(column) != len(columns[0]) for column in columns):
        raise ProjectError(f"the curve {key} has columns of different lengths; trace it again")
    for column in columns:
        column.setflags(write=False)
    same = all(column is getattr(curve, name) for column, name in zip(columns, COLUMNS, strict=True))
    if same and curve.spec == spec and curve.track == track.name:
        return curve
    return TracedCurve(spec, track.name, *columns)
