"""An open document: its commands, history, journal and file. Knows neither Qt nor torch."""
