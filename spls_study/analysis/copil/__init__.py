"""Notebook 6: the key figures of the note, and what the committee must settle."""
