"""明堂: an open-source government service centre."""

__version__ = "0.1.0"
