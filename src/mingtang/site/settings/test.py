"""Settings for tests: a throw-away home, a fixed node, fast password hashes."""

import atexit
import os
import shutil
import tempfile


def _remove(home: str, maker: int) -> None:
    if os.getpid() == maker:  # a forked child leaves it to the one that made it
        shutil.rmtree(home, ignore_errors=True)


if "MINGTANG_HOME" not in os.environ:  # pytest's workers inherit it from the one that made it
    os.environ["MINGTANG_HOME"] = tempfile.mkdtemp(prefix="mingtang-test-")
    atexit.register(_remove, os.environ["MINGTANG_HOME"], os.getpid())
os.environ.setdefault("MINGTANG_NODE", "1")

from mingtang.site.settings.installation import *

IS_TEST = True
(HOME / "static").mkdir(exist_ok=True)  # WhiteNoise warns without it, and warnings are errors
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
DATABASES["default"]["CONN_MAX_AGE"] = 0
if DATABASES["default"]["ENGINE"].endswith("sqlite"):
    # A file, not memory: threads and forked children must see one database.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
    # After a power cut the tests begin anew: they wait for no disk.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
else:  # nor do they here: the cluster says what it does
    DATABASES["default"]["OPTIONS"] = {}
