"""A puzzle for machines, where others ask people to read letters in a picture: from where much came
within a quarter of an hour, each form more wants some work of the browser that sends it.

Work: for each part i a number n of which SHA-256("nonce:i:n") begins with so many zero bits.
"""

import functools
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from mingtang.accounts.models import Attempt
from mingtang.accounts.queries import has_room
from mingtang.accounts.rules import PAID_PER_SOURCE, PUZZLED, Limit, TooManyAttempts
from mingtang.accounts.services import attempt_key, count_attempt_or_refuse
from mingtang.base.clock import now
from mingtang.base.sealed import keyed_hash
from mingtang.base.web import source_of

V = TypeVar("V", bound=Callable[..., HttpResponseBase])
PARTS = 8  # many small ones take about as long each time; one large one does not
NONCE_BYTES, MOST_DIGITS, GOOD_FOR = 16, 12, 900
SALT = "mingtang.puzzle"
ONCE = Limit(most=1, window=timedelta(hours=1))


@dataclass(frozen=True)
class Puzzle:
    """What a page hands to its script: the signed word comes back with the answers."""

    word: str
    nonce: str
    bits: int
    parts: int = PARTS


def puzzled(purpose: str) -> Callable[[V], V]:
    """A form whose limit by source asks for work before it refuses. The view counts attempts of
    this purpose, and its page includes `base/parts/puzzle.html`."""

    def declare(view: V) -> V:
        @functools.wraps(view)
        def asking(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if request.method == "POST":
                _meet(request, purpose)
            return view(request, *args, **kwargs)

        return asking  # type: ignore[return-value]

    return declare


def _meet(request: HttpRequest, purpose: str) -> None:
    """Where there is no room: what was worked makes some, or a puzzle goes out with the refusal."""
    source, at = source_of(request), now()
    if has_room(purpose, attempt_key(source), PUZZLED[purpose], at):
        return
    word, answers = request.POST.get("puzzle", ""), request.POST.get("puzzle_answers", "")
    if not redeem(purpose, source, word, answers, at):
        request.puzzle = offer(purpose, source, at)  # type: ignore[attr-defined]


def offer(purpose: str, source: str, at: datetime) -> Puzzle | None:
    """None where no work helps any more, or the setting asks for none."""
    bits: int = settings.MINGTANG_PUZZLE_BITS
    if not bits or not has_room(f"paid_{purpose}", attempt_key(source), PAID_PER_SOURCE, at):
        return None
    nonce = secrets.token_hex(NONCE_BYTES)
    word = signing.dumps([purpose, _place(source), nonce, bits], salt=SALT)
    return Puzzle(word, nonce, bits)


def redeem(purpose: str, source: str, word: str, answers: str, at: datetime) -> bool:
    """Whether the work was done, for this form, from here, in time, and for the first time. Then
    there is room for one attempt more."""
    try:
        meant, place, nonce, bits = signing.loads(word, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature:
        return False
    if (meant, place) != (purpose, _place(source)) or not is_worked(nonce, bits, answers):
        return False
    try:
        count_attempt_or_refuse("puzzle", nonce, ONCE, at)
        count_attempt_or_refuse(f"paid_{purpose}", source, PAID_PER_SOURCE, at)
    except TooManyAttempts:
        return False
    _make_room(purpose, attempt_key(source), at)
    return True


def is_worked(nonce: str, bits: int, answers: str) -> bool:
    """`answers`: as many whole numbers as there are parts, with spaces between."""
    given = answers.split(" ")
    return len(given) == PARTS and all(
        one.isascii()
        and one.isdecimal()
        and len(one) <= MOST_DIGITS
        and _zero_bits(f"{nonce}:{part}:{one}") >= bits
        for part, one in enumerate(given)
    )


def _zero_bits(text: str) -> int:
    """How many bits of the digest are zero before the first that is not."""
    return 256 - int.from_bytes(hashlib.sha256(text.encode()).digest(), "big").bit_length()


def _place(source: str) -> str:
    return keyed_hash("puzzle_source", source.encode()).hex()[:16]


def _make_room(purpose: str, key: str, at: datetime) -> None:
    """One attempt less; while all sources together make too many, as few as each has then."""
    limit = PUZZLED[purpose]
    counted = Attempt.objects.filter(purpose=purpose, key=key, at__gt=at - limit.window)
    ordered = list(counted.order_by("at", "id").values_list("id", flat=True))
    Attempt.objects.filter(id__in=ordered[:1]).delete()
    if limit.meanwhile and not has_room(purpose, key, limit, at):
        Attempt.objects.filter(id__in=ordered[: 1 - limit.meanwhile]).delete()
