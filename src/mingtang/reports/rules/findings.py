"""Rules of reports: what a check says. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum

QUOTE_LIMIT = 120


class Severity(StrEnum):
    ERROR = "error"
    WARN = "warn"
    INFO = "info"


class Verdict(StrEnum):
    """What the text output says of each check."""

    PASS = "PASS"  # noqa: S105 - a verdict
    FAIL = "FAIL"
    UNCERTAIN = "UNCERTAIN"
    NOT_ASSESSABLE = "NOT_ASSESSABLE"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: where, why, and what would be right. Only a certain thing is an error."""

    id: str
    severity: Severity
    line: int
    quote: str
    why: str
    expected: str

    @property
    def verdict(self) -> Verdict:
        return Verdict.FAIL if self.severity is Severity.ERROR else Verdict.UNCERTAIN

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "severity": self.severity.value}


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that was made and holds."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Unassessable:
    """A check for which the document lacks what is needed."""

    id: str
    text: str


Outcome = Finding | Passed | Unassessable


def error(id_: str, line: int, quote: str, why: str, expected: str) -> Finding:
    return Finding(id_, Severity.ERROR, line, shorten(quote), why, expected)


def warn(id_: str, line: int, quote: str, why: str, expected: str) -> Finding:
    return Finding(id_, Severity.WARN, line, shorten(quote), why, expected)


def info(id_: str, line: int, quote: str, why: str, expected: str) -> Finding:
    return Finding(id_, Severity.INFO, line, shorten(quote), why, expected)


def shorten(quote: str) -> str:
    """A quotation short enough to read, always a whole piece of the text."""
    return quote.strip()[:QUOTE_LIMIT]


@dataclass(frozen=True, slots=True)
class Opinion:
    """All that the linter says of one report."""

    findings: tuple[Finding, ...]
    passed: tuple[Passed, ...]
    unassessable: tuple[Unassessable, ...]

    @classmethod
    def of(cls, outcomes: Iterable[Outcome]) -> "Opinion":
        said = list(dict.fromkeys(outcomes))
        findings = [one for one in said if isinstance(one, Finding)]
        return cls(
            tuple(sorted(findings, key=lambda one: (one.line, one.id, one.quote))),
            tuple(one for one in said if isinstance(one, Passed)),
            tuple(one for one in said if isinstance(one, Unassessable)),
        )

    @property
    def has_error(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self.findings)

    def as_json(self) -> dict[str, object]:
        return {
            "findings": [one.as_json() for one in self.findings],
            "passed": [asdict(one) for one in self.passed],
        }
