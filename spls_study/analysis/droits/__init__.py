"""Notebook 3: who has, wants and understands which profile."""
