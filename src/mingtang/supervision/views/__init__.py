"""Views of supervision."""
