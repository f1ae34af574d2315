"""Labelled synthetic paper: curves, prints, ageing, scanning."""

from curvedesk.synth.crops import Crop, crop
from curvedesk.synth.library import CurveLibrary
from curvedesk.synth.named import SETS, NamedSet
from curvedesk.synth.packs import write_crops, write_set, write_sheets
from curvedesk.synth.sample import write_sample
from curvedesk.synth.sheets import RenderedSheet, sheet
from curvedesk.synth.styles import HELD_OUT_STYLES, STYLES, TRAINING_STYLES

__all__ = [
    "HELD_OUT_STYLES",
    "SETS",
    "STYLES",
    "TRAINING_STYLES",
    "Crop",
    "CurveLibrary",
    "NamedSet",
    "RenderedSheet",
    "crop",
    "sheet",
    "write_crops",
    "write_sample",
    "write_set",
    "write_sheets",
]
