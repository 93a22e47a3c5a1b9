"""What notebook 6 still takes of the rights campaign."""
