"""Notebook 5: calendar, charte de gestion, training, points discussed, who steers."""
