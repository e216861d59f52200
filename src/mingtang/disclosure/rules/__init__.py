"""Rules of disclosure. Pure."""
