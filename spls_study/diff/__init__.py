"""What changed between two editions: their tables compared, in the words of the study."""
