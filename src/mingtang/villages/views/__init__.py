"""Views of villages."""
