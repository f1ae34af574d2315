"""What the paper says: page structure, tracks, grid, depth numbers and scales, as a proposed sheet."""

from curvedesk.registration.propose import SURE, propose_sheet

__all__ = ["SURE", "propose_sheet"]
