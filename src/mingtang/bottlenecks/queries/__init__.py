"""Reads of bottlenecks."""
