"""Forms of requests."""
