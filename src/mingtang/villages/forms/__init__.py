"""Forms of villages: shape and messages only."""
