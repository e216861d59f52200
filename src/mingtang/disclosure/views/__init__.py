"""Views of disclosure."""
