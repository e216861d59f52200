"""Inspectors at work in a process of their own: a decoder that runs wild takes nothing with it.

The process has no secrets in its environment, 384 MB of memory and a quarter of a minute.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import mingtang
from mingtang.base.space import NoRoom
from mingtang.files.inspectors import FLAW, FULL
from mingtang.files.rules.uploads import Flaw

PATIENCE_SECONDS = 30
TOO_MUCH = Flaw("文件过于复杂或已损坏，无法检查", "请重新拍照，或重新另存为 PDF、JPG 后再上传。")


def inspect(verb: str, source: Path, target: Path) -> None:
    """As `inspectors.inspect`. Raises Flaw, or NoRoom on a full disk; then no target is left."""
    try:
        done = subprocess.run(  # noqa: S603 – our own module, a verb of ours, names of ours
            [sys.executable, "-P", "-m", "mingtang.files.inspectors", verb, source, target],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        flaw: Flaw | NoRoom | None = _flaw_of(done)
    except subprocess.TimeoutExpired:
        flaw = TOO_MUCH
    if flaw is not None:
        target.unlink(missing_ok=True)
        raise flaw


def _environment() -> dict[str, str]:
    paths = [str(Path(mingtang.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    return {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "PYTHONUTF8": "1"}


def _flaw_of(done: subprocess.CompletedProcess[bytes]) -> Flaw | NoRoom | None:
    if done.returncode == 0:
        return None
    if done.returncode == FULL:
        return NoRoom()
    if done.returncode != FLAW:
        return TOO_MUCH
    return Flaw(**json.loads(done.stdout))
