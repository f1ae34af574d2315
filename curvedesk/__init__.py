"""CurveDesk: scanned paper well logs in, LAS out."""

__version__ = "0.1.0"
