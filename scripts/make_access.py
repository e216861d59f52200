"""Write docs/access.md: every route, its policy, who may open it and whose things they see.

DJANGO_SETTINGS_MODULE=mingtang.site.settings.test python scripts/make_access.py
"""

import sys
from pathlib import Path

import django

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "access.md"
sys.path.insert(0, str(ROOT))
INTRO = """# Who may open what

Every route of the house with the policy that it declares. Made by `scripts/make_access.py` from
the URL conf, the doors of the API and the table in `tests/access/subjects.py`; a test compares.

`tests/structure/test_access.py` sends each role to each route: whoever is not admitted gets 404
before the view is asked, and nobody gets in without a policy. `tests/e2e/test_access.py` opens
every route that has a thing in its address: each role from the thing's own unit, another unit of
the region and another region, its owner, a stranger and a visitor, asking and sending. Whoever may
not see a thing has to be answered as about one that is not there: same status, same sentence. Where
the last column says 未验证, nobody comes so far in the demo: the gate of roles is tested there, the
scope by the tests of that app alone.

| route | policy | roles | whose things | seen by the probe |
|---|---|---|---|---|
"""


def text(proven: set[str]) -> str:
    from tests.access.routes import Route, routes
    from tests.access.subjects import KINDS, kind_of

    from mingtang.accounts.rules import SEES_NO_CASES, Role

    every, reads_cases = frozenset(Role), frozenset(Role) - SEES_NO_CASES

    def roles(route: Route) -> str:
        if route.roles == every:
            return "全部工作人员"
        if route.roles == reads_cases:
            return "看办件的岗位"
        return "、".join(role.label for role in Role if role in route.roles)

    lines = []
    for route in routes():
        kind = kind_of(route.name) if route.names else ""
        whose = KINDS[kind].said if kind and (route.roles or route.name in proven) else ""
        if route.roles and route.names and not kind:
            whose = "见该模块的测试"
        seen = "✓" if route.name in proven else "未验证" if route.names and route.roles else ""
        path = route.path if route.method else f"/{route.path}"
        path = path.replace("|", "\\|")
        shown = f"`{route.method} {path}`" if route.method else f"`{path}`"
        lines.append(f"| {shown} | {route.policy.name} | {roles(route)} | {whose} | {seen} |")
    return INTRO + "\n".join(lines) + "\n"


if __name__ == "__main__":
    django.setup()
    from tests.access.proven import PROVEN

    PAGE.write_text(text(set(PROVEN)), encoding="utf-8")
