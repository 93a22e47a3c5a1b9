"""Notebook 3: the campaign that opens accounts, by organisme, profile and function, never by person."""
