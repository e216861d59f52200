"""Others' engines, for comparison: each in an environment of its own that is thrown away.

They are no dependency of ours: `pip` installs the one version that is compared with, the script of
the same folder runs there, reads what is asked as JSON and answers as JSON.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def asked_of_peer(package: str, script: str, asked: dict[str, Any]) -> dict[str, Any]:
    """What `script` answers in an environment that has the package alone."""
    with tempfile.TemporaryDirectory(prefix="mingtang-peer-") as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", package], check=True)
        told = json.dumps(asked)
        command = [python, str(HERE / f"{script}.py")]
        made = subprocess.run(
            command, input=told, capture_output=True, text=True, cwd=folder, check=False
        )
    if made.returncode:
        raise RuntimeError(made.stderr[-2000:])
    return dict(json.loads(made.stdout))
