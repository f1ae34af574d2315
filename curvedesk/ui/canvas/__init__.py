"""The canvas: the scan and everything laid over it, painted in layers; and the strip of the whole log beside it."""

from curvedesk.ui.canvas.canvas import Canvas

__all__ = ["Canvas"]
