"""Reads of screens: devices, what a board shows."""
