"""Forms of letters: for everybody, for the desk."""
