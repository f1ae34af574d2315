"""Pixels without meaning: any scan, any region, at any scale."""

from curvedesk.imaging.info import Colour, Polarity, ScanInfo
from curvedesk.imaging.scan import Scan, describe, open_scan

__all__ = ["Colour", "Polarity", "Scan", "ScanInfo", "describe", "open_scan"]
