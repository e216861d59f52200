"""A walk over all routes in a copy of the city, which it may spoil, in a process of its own."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


def told_by(module: str, home: Path, city: Path, *arguments: str) -> dict[str, Any]:
    """What `python -m MODULE` found in a copy of the city laid at `home`."""
    shutil.copytree(city, home, ignore=shutil.ignore_patterns("static"))
    environment = os.environ | {"MINGTANG_HOME": str(home), "MINGTANG_NODE": "3"}
    environment |= {"DJANGO_SETTINGS_MODULE": "mingtang.site.settings.test"}
    environment.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=3000,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(json.loads(done.stdout.splitlines()[-1]))
