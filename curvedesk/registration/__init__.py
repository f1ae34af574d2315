"""What the paper says: page structure, tracks, grid, depth numbers and scales, as a proposed sheet."""
