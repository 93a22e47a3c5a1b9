"""Notebook 4: today's programming processes, and their place in the application."""
