"""What the profile gm (SM3, SM2, SM4) costs beside intl (SHA-256, Ed25519, AES-256), in turns: a
record, a head, a sealed field, and checking both. Rounds of CPU, that of openssl with it."""

import resource
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.test import override_settings

from bench.figures import Figure, spread
from mingtang.base import sealed
from mingtang.base.clock import now
from mingtang.base.profile import GM, INTL
from mingtang.ledger import heads
from mingtang.ledger.rules import SYSTEM, Actor
from mingtang.ledger.services import command, record
from mingtang.ledger.verify_ledger import DIGESTS, LEAF, Tree, is_signed, plain_sm3

ROUNDS = 7
LINE = b"x" * 456  # a record, as long as most are
NUMBER = "330881190001010015"
Work = Callable[[], object]


def run(size: str) -> list[Figure]:
    works: Sequence[tuple[str, int, Callable[[], Work]]] = (
        ("a command with one record", 100, lambda: _note),
        ("signing a head", 20, lambda: _head),
        ("a field sealed and opened", 2000, lambda: _field),
        ("a keyed hash (blind index)", 5000, lambda: _index),
        ("a record hashed and added to a tree, in the verifier", 5000, _hashed),
        ("the signature of a head checked, in the verifier", 10, _checked),
    )
    found = [_compared(what, count, made) for what, count, made in works]
    slow = [_cpu(lambda: plain_sm3(LEAF + LINE), 50) for _ in range(ROUNDS)]
    what = "a record hashed where Python has no SM3"
    return [*found, Figure("", what, "", spread(slow, "ms"), "", 1.0, cpu_ms=min(slow))]


def _compared(what: str, count: int, made: Callable[[], Work]) -> Figure:
    taken: dict[str, list[float]] = {INTL: [], GM: []}
    for _ in range(ROUNDS):
        for profile, told in taken.items():
            with _under(profile):
                work = made()
                work()  # keys are read, and kept
                told.append(_cpu(work, count))
    theirs, ours = taken[INTL], taken[GM]
    return Figure(
        row="",
        what=what,
        goal="",
        figure=spread(ours, "ms"),
        yardstick=f"intl {spread(theirs, 'ms')}",
        ratio=min(ours) / min(theirs),
        cpu_ms=min(ours),
    )


def _under(profile: str) -> override_settings:
    keys = Path(settings.MINGTANG_HOME) / "keys"
    return override_settings(
        MINGTANG_PROFILE=profile,
        MINGTANG_LEDGER_KEY_FILE=keys / f"ledger-{profile}.key",
        LEDGER_FOLLOWERS=[],
    )


def _cpu(work: Work, count: int) -> float:
    """Milliseconds of one, in this process and those that it called."""
    before = _used()
    for _ in range(count):
        work()
    return (_used() - before) * 1000 / count


def _used() -> float:
    told = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in told)


@command("bench.profiles")
def _write(*, actor: Actor, at, command_id: str):  # type: ignore[no-untyped-def]
    facts = {"opinion": "符合条件，准予受理", "number": "330881016130917000001"}
    stream = f"bench:{command_id}"
    record(stream=stream, kind="bench.made", facts=facts, actor=actor, at=at, command_id=command_id)
    return {}


def _note() -> None:
    _write(actor=SYSTEM, at=now(), command_id=uuid4().hex)


def _head() -> None:
    digest = DIGESTS[heads.algorithm()]
    heads.signed(Tree(1, [digest(LINE)], digest), now())


def _field() -> None:
    sealed.unseal(sealed.seal(NUMBER, "bench.number"), "bench.number")


def _index() -> None:
    sealed.blind_index("identity", NUMBER)


def _hashed() -> Work:
    digest = DIGESTS[heads.algorithm()]
    tree = Tree(digest=digest)
    return lambda: tree.add(digest(LEAF + LINE))


def _checked() -> Work:
    signer = heads._key()
    signature = signer.sign(LINE)
    return lambda: is_signed(LINE, signature, signer.public)
