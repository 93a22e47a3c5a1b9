"""What the other rooms of `analysis` share: statistics, statistical secrecy, tables."""
