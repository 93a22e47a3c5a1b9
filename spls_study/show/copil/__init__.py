"""Notebook 6: the note for the COPIL, drawn for its pages; None where data are absent."""
