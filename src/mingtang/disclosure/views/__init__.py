"""Views of disclosure: the public section, and the desk of those who publish."""
