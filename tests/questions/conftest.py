"""A machine with other work must not fail a property by being slow: time is no part of these."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
