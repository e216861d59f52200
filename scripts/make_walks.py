"""Write tests/walks.json: what each walk and each twin of one does, from real runs.

    MINGTANG_WALKS=DIR python -m pytest tests/api tests/walks
    MINGTANG_WALKS=DIR python -m pytest -m e2e tests/e2e
    DJANGO_SETTINGS_MODULE=mingtang.site.settings.test python scripts/make_walks.py DIR

A test that did not run in these runs keeps what the table says of it.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).parent.parent))


def main(folder: Path) -> None:
    from tests import acts
    from tests.structure.test_walks import TWINS, twins_of, walks

    kept = {name: set(kinds) for name, kinds in acts.table().items()} if acts.TABLE.exists() else {}
    ran: dict[str, set[str]] = defaultdict(set)
    for path in folder.glob("*.txt"):
        name, *kinds = path.read_text(encoding="utf-8").splitlines()
        ran[name].update(kinds)
    twins = {f"api/{twin}" for some in TWINS.values() for twin in some}
    named = twins | {walk for walk in walks() if "::" in walk and twins_of(walk)}
    found = {
        name: sorted(kinds - acts.excused())
        for name, kinds in sorted({**kept, **ran}.items())
        if name in named
    }
    acts.TABLE.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(f"{len(found)} of {len(named)} have run")


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]))
