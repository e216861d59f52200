"""Rewrite the asserts of all tests ahead, as pytest does where it reads a file first.

    python scripts/rewrite_tests.py tests

On a new clone each worker would do it for each file, side by side: five seconds of each. It needs
pytest alone. The names are pytest's own; where it has others, this fails and the workers do it.
"""

import sys
from pathlib import Path

from _pytest.assertion.rewrite import (
    PYC_TAIL,
    _rewrite_test,
    _write_pyc,
    get_cache_dir,
    try_makedirs,
)


def rewrite(path: Path) -> Path:
    """Lays the code of a file of tests where pytest looks for it, and tells where."""
    folder = get_cache_dir(path)
    try_makedirs(folder)
    target = folder / f"{path.stem}{PYC_TAIL}"
    stat, code = _rewrite_test(path, None)
    _write_pyc(None, code, stat, target)
    return target


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).absolute().rglob("test_*.py")):
        rewrite(path)
