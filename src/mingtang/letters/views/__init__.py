"""Views of letters: for everybody, of the desk."""
