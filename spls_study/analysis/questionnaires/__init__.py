"""Notebook 2: what the questionnaires say, and what may be published of it."""
