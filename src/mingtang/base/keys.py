"""Key files. Knows no settings: the settings call it."""

import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def _random() -> bytes:
    return os.urandom(32)


def ensure_key(path: Path, make: Callable[[], bytes] = _random) -> None:
    """Make the key file once, readable by its owner alone. Losing it loses what it seals. `make`:
    its content, 32 random bytes where nothing else is said."""
    if path.exists():
        return
    content = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # whole under its name, or not there
            os.link(fresh, path)
    finally:
        os.unlink(fresh)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """The names in it are on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
