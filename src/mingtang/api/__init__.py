"""The HTTP API: what the screens show and do, for other systems."""
