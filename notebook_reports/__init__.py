"""Runs and publishes notebooks that take parameters; knows nothing of what they are about."""
