"""Run by test_disk_full.py with disk.c before its disk: acts, uploads, exports and backups, each
with room for a part of what it needs. Prints figures as JSON.
`python -m tests.faults.full_writer HOME LEVELS SEED`."""

import ctypes
import json
import os
import random
import sys
from collections import Counter
from pathlib import Path

UNLIMITED, MUCH = -1, 1 << 40
CONTROLS = 20
CHECKED_EVERY = 20  # levels after which every chain is computed anew


def _set_up(home: Path) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "mingtang.site.settings.installation",
        "MINGTANG_HOME": str(home),
        "MINGTANG_NODE": "1",
    }
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.conf import settings

    settings.LEDGER_FOLLOWERS = []


class Disk:
    def __init__(self) -> None:
        self._disk = ctypes.CDLL(None)
        self._disk.mt_room.argtypes = [ctypes.c_int64]
        self._disk.mt_left.restype = ctypes.c_int64

    def tried(self, deed, room: int) -> tuple[str, int]:
        """How a deed ended that had so much room: done, refused, or failed; and what it took."""
        from mingtang.base.errors import DomainError
        from mingtang.base.space import is_away

        self._disk.mt_room(room)
        try:
            deed.do()
            return "done", room - self._disk.mt_left()
        except Exception as error:
            is_clear = isinstance(error, DomainError) or is_away(error)
            return "refused" if is_clear else f"failed with {type(error).__name__}", 0
        finally:
            self._disk.mt_room(UNLIMITED)


def main(home: Path, levels: int, seed: int) -> None:
    _set_up(home)
    from mingtang.catalogue.services import exporting
    from mingtang.ledger import queries
    from tests.faults import full_deeds

    disk, dice, out = Disk(), random.Random(seed), home / "out"
    out.mkdir()
    deeds = [make(out) for make in full_deeds.DEEDS]
    needs = [disk.tried(deed, MUCH) for deed in deeds]
    assert all(outcome == "done" and need > 0 for outcome, need in needs), needs
    found = Counter(levels=levels, damage=sum(len(deed.damage()) for deed in deeds))
    for level in range(levels):
        for deed, (_, need) in zip(deeds, needs, strict=True):
            share = (level + dice.random()) / levels * 1.2
            found[disk.tried(deed, int(need * share))[0]] += 1
            found["damage"] += len(deed.damage())
        if level % CHECKED_EVERY == 0:
            found["damage"] += len(queries.verify().breaks)
    found["damage"] += len(queries.verify().breaks)

    exporting.whole_file = full_deeds.careless
    export = full_deeds.DEEDS.index(full_deeds.Exporting)
    for level in range(CONTROLS):
        disk.tried(deeds[export], int(needs[export][1] * level / CONTROLS))
        found["control"] += bool(deeds[export].damage())
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
