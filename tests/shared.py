"""Where the developers' shared data lies; tests marked `shared` ask here."""

import os
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[2] / "shared"


def shared_file(name: str) -> Path:
    """A file of the shared data. Skips only where there is none and none was promised."""
    promised = os.environ.get("MINGTANG_SHARED")
    if not promised and not BESIDE.exists():
        pytest.skip("MINGTANG_SHARED is not set and no shared data lies beside the checkout")
    return Path(promised or BESIDE) / name
