"""Benchmarks: each prints one table, with the yardstick taken in the same run."""
