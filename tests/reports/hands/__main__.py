"""How the linter does on the hands: `python -m tests.reports.hands [--count N] [--show]`."""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from tests.reports.hands import HANDS
from tests.reports.hands.judge import Judge
from tests.reports.hands.kit import KINDS, Draft


def drawn(hand: str, count: int, seed: int) -> Iterator[tuple[Random, Draft]]:
    for at in range(count):
        rng = Random(f"{hand}-{seed}-{at}")
        yield rng, HANDS[hand](rng)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("hands", nargs="*", default=list(HANDS))
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="each miss and false error")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        judge = Judge(Path(folder))
        for hand in given.hands:
            clean, planted, found, near = 0, Counter[str](), Counter[str](), 0
            for at, (rng, draft) in enumerate(drawn(hand, given.count, given.seed)):
                errors = judge.errors(draft, draft.clean)
                clean += bool(errors)
                for one in errors if given.show else ():
                    print(f"FALSE {hand} {at} {one.id} {one.line} {one.quote} :: {one.why}")
                kind = KINDS[at % len(KINDS)]
                fault = draft.plant(kind, rng) or draft.plant("sum", rng)
                assert fault
                planted[fault.kind] += 1
                seen = [one for one in judge.errors(draft, fault.text) if one not in errors]
                found[fault.kind] += bool(seen)
                near += any(abs(one.line - fault.line) <= 1 for one in seen)
                if given.show and not seen:
                    line = fault.text.split("\n")[fault.line - 1]
                    print(f"MISSED {hand} {at} {fault.kind} {fault.right}->{fault.wrong} :: {line}")
            told = ", ".join(f"{kind} {found[kind]}/{planted[kind]}" for kind in KINDS)
            share = 100 * found.total() / planted.total()
            print(f"{hand}: false {clean}/{given.count}, found {share:.1f} % ({told}), near {near}")


if __name__ == "__main__":
    main()
