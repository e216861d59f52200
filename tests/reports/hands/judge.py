"""What the linter says of a draft: the errors, for a clean text or one with a fault."""

from pathlib import Path

from mingtang.reports.readers import read_report
from mingtang.reports.rules.checking import lint
from mingtang.reports.rules.documents import Context, Document
from mingtang.reports.rules.findings import Finding, Severity
from tests.reports.hands.kit import Draft


class Judge:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def errors(self, draft: Draft, text: str) -> list[Finding]:
        before = self._read(draft.before, ".txt") if draft.before else None
        findings = lint(self._read(text, draft.suffix), Context(previous=before)).findings
        return [one for one in findings if one.severity is Severity.ERROR]

    def _read(self, text: str, suffix: str) -> Document:
        path = self.folder / f"report{suffix}"
        path.write_text(text, encoding="utf-8")
        return read_report(path)
