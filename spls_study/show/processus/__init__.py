"""Notebook 4: the processes of today, what they cost, and their steps in the application."""
