"""Notebook 5: calendar, charte de gestion, training, points discussed, governance.

Each function gives None where there is nothing to show, so that its section disappears.
"""
