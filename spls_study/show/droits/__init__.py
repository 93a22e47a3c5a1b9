"""Notebook 3: the campaign that opens accounts. A count under secrecy is never put in words."""
