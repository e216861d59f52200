"""Rules of our own beside the security rules of ruff (`S`: those of bandit): which rooms may speak
to the network, start a process, name code by a text, lay markup as it is, do without the token of a
form. A room more is a decision, and stands here; a room less, too."""

import ast
import re
from collections.abc import Callable
from functools import cache

import pytest

from tests.structure.test_house import SOURCE, _trees

Rule = Callable[[ast.AST], bool]

NETWORK = re.compile(r"(socket|http\.client|urllib\.request|smtplib|imaplib|poplib|ftplib|asyncio)")
OTHERS = re.compile(r"(requests|httpx|aiohttp|urllib3|xmlrpc|telnetlib)\b.*")
PROCESSES = re.compile(r"subprocess|multiprocessing|pty")
FROZEN = re.compile(r"(pickle|marshal|shelve|dill)\b.*")
IDENTITY = {"phone", "id_number", "address", "username", "email", "answers", "real_name", "name"}
EXEMPT = "csrf_exempt"
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def _imports(pattern: re.Pattern[str]) -> Rule:
    def is_one(node: ast.AST) -> bool:
        if isinstance(node, ast.Import):
            return any(pattern.fullmatch(one.name) for one in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
            return any(pattern.fullmatch(one) for one in whole)
        return False

    return is_one


def _called(node: ast.AST) -> str:
    """The last part of what is called."""
    made = node.func if isinstance(node, ast.Call) else None
    return made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")


def _calls(*names: str) -> Rule:
    return lambda node: _called(node) in names


def _is_exempt(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id == EXEMPT


def _lays_markup(node: ast.AST) -> bool:
    """Text from somewhere that is taken as markup; a literal is ours."""
    if _called(node) == "format_html":
        return not (node.args and isinstance(node.args[0], ast.Constant))
    if _called(node) in {"SafeString", "SafeText", "mark_safe"}:
        return not (node.args and isinstance(node.args[0], ast.Constant))
    return False


def _leads_where_it_was_told(node: ast.AST) -> bool:
    """A redirect whose address itself was sent, not only a value within it."""
    if _called(node) not in {"redirect", "HttpResponseRedirect"} or not node.args:
        return False
    return bool(re.match(r"\w+\.(GET|POST|headers|COOKIES)\b", ast.unparse(node.args[0])))


def _logs_a_person(node: ast.AST) -> bool:
    if _called(node) not in LEVELS or not ast.unparse(node.func).startswith(("log.", "logging.")):
        return False
    said = [*node.args, *(word.value for word in node.keywords)]
    within = (part for one in said for part in ast.walk(one))
    return any(isinstance(part, ast.Attribute) and part.attr in IDENTITY for part in within)


# The rule, the rooms in which it may be so, a line that it has to see.
RULES: dict[str, tuple[Rule, set[str], str]] = {
    "speaks to the network": (
        _imports(NETWORK),
        {
            "base/outgoing.py",  # the one way out for addresses of people: private networks refused
            "accounts/oidc.py",  # its statuses; it asks base.outgoing
            "files/scanner.py",  # this and the next two: where the environment says
            "letters/mailbox.py",
            "messages/providers.py",
            "ledger/witness.py",  # another party's program
            "site/management/commands/serve.py",  # it listens
        },
        "from urllib import request",
    ),
    "speaks to it by another library": (_imports(OTHERS), set(), "import httpx"),
    "starts a process": (
        _imports(PROCESSES),
        {
            "base/openssl.py",
            "files/apart.py",
            "screens/drawing.py",
            "site/backup.py",
            "site/moving.py",
            "site/management/commands/serve.py",
        },
        "import subprocess",
    ),
    "thaws objects": (_imports(FROZEN), set(), "from pickle import loads"),
    "names code by a text": (
        _calls("import_string", "import_module", "__import__", "eval", "exec"),
        {
            "cases/services/fees.py",  # settings name what pays, seals, follows, sends
            "files/seals.py",
            "ledger/followers.py",
            "messages/providers.py",
            "messages/queries.py",
            "bottlenecks/queries/percentiles.py",  # a library that need not be there
        },
        "import_string(request.POST['kind'])",
    ),
    "does without the token of a form": (
        _is_exempt,
        {
            "api/views/systems.py",  # a system brings its secret
            "screens/views/api.py",  # a device signs what it says
            "screens/views/pad.py",
            "site/views/front.py",  # the size of type: a form on pages that are kept for everybody
        },
        "@csrf_exempt\ndef view(request): ...",
    ),
    "lays markup as it is": (
        _lays_markup,
        {
            "base/patterns.py",  # our own templates, cut into pieces
            "base/shown.py",
            "base/templatetags/components.py",
            "exchange/views_calendar.py",  # a QR code
        },
        "format_html(said)",
    ),
    "leads where it was told to": (
        _leads_where_it_was_told,
        set(),
        "redirect(request.GET.get('next', '/'))",
    ),
    "logs who somebody is": (_logs_a_person, set(), "log.info('sent to %s', person.phone)"),
}


@cache
def _calls_and_names() -> list[tuple[str, ast.AST]]:
    """Whatever a rule can be about, with its room: the trees are walked once."""
    kinds = (ast.Import, ast.ImportFrom, ast.Call)
    return [
        (str(path.relative_to(SOURCE)), node)
        for _, path, tree in _trees()
        for node in ast.walk(tree)
        if isinstance(node, kinds) or (isinstance(node, ast.Name) and node.id == EXEMPT)
    ]


@pytest.mark.parametrize("what", RULES)
def test_only_these_rooms(what):
    rule, rooms, _ = RULES[what]
    assert {room for room, node in _calls_and_names() if rule(node)} == rooms


@pytest.mark.parametrize("what", RULES)
def test_the_rule_sees_it(what):
    rule, _, line = RULES[what]
    assert any(rule(node) for node in ast.walk(ast.parse(line)))
