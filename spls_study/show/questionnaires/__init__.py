"""Notebook 2: what a questionnaire says, whatever its codebook."""
