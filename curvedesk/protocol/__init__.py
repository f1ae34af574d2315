"""What the window and the engine say to each other. Standard library only, so that either end starts at once."""
