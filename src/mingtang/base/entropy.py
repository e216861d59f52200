"""Salts: of the machine's chance in life; from a seed in a simulation, and nowhere else."""

import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings

_source: list[Callable[[int], bytes]] = [os.urandom]


def salt(size: int) -> bytes:
    """So many bytes that nobody foresees."""
    return _source[-1](size)


@contextmanager
def foreseen(seed: int) -> Iterator[None]:
    """Salts that the seed decides: a simulation gives the same ledger again. Never real cases.

    Raises RuntimeError in production.
    """
    if settings.MINGTANG_IS_PRODUCTION:
        raise RuntimeError("正式环境（MINGTANG_PRODUCTION=1）的盐值只能随机产生，不能由种子决定。")
    _source.append(random.Random(seed).randbytes)  # noqa: S311 – that is the purpose
    try:
        yield
    finally:
        _source.pop()
