"""Pure functions, tables in, one tidy table out: a room for each notebook, and `methods`."""
