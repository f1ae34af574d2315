"""Small sheets to build on."""

from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("curvedesk", deadline=None)  # a busy machine is no fault of the arithmetic
settings.load_profile("curvedesk")


@pytest.fixture
def plain() -> dict[str, Any]:
    """A level print: one track of 100 px, a foot every ten rows."""
    curve = {
        "mnemonic": "GR",
        "unit": "GAPI",
        "left": 0,
        "right": 100,
        "scale": "linear",
        "style": "solid",
        "wrap": True,
    }
    return {
        "format": "curvedesk-sheet",
        "version": 1,
        "scan": "scan.tif",
        "dpi": 200,
        "well": {"WELL": "ONE"},
        "depth": {"unit": "FT", "x_px": 110, "ties": [[0, 1000], [1000, 1100]], "top": 1000, "bottom": 1100, "step": 1},
        "tracks": [
            {"name": "1", "edges": {"left": [[0, 0], [0, 1000]], "right": [[100, 0], [100, 1000]]}, "curves": [curve]}
        ],
    }
