"""Reads: the schemes of this installation, those that we bring along and the place's own."""

from django.conf import settings

from mingtang.exchange.rules import own_schemes
from mingtang.exchange.rules.own_schemes import Listed
from mingtang.exchange.rules.schemes import Scheme


def load(name: str) -> Scheme:
    """Raises NotFound, UnreadableScheme."""
    return own_schemes.load_checked(name, settings.MINGTANG_SCHEMES)


def all_schemes() -> list[Listed]:
    return own_schemes.all_schemes(settings.MINGTANG_SCHEMES)


def names() -> list[str]:
    """Those that can be used."""
    return [one.name for one in all_schemes() if not one.fault]


def faults() -> list[str]:
    """What keeps files of the place's folder from being used, a sentence each."""
    return [one.fault for one in all_schemes() if one.fault]
