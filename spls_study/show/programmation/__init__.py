"""Notebook 1: what is programmed, where, for whom, by whom, when, and whether it adds up."""
