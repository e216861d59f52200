"""The look at a version before it is released: what it says and what its files hold.

A finding that blocks stops the approval, and so the release, until the version is cleaned or the
reviewer says why it may stay.
"""

from collections.abc import Iterable
from functools import lru_cache

from mingtang.base.errors import Conflict, DomainError
from mingtang.disclosure.models import Review, Version
from mingtang.disclosure.rules.scan import Finding, Severity, blocking, scan_text
from mingtang.files.queries import uploads_of
from mingtang.files.services import existing

LEAST_REASON = 6
LOOKED_AT = (
    *("title", "body", "theme", "document_number", "keywords", "basis"),
    *("target_group", "source"),
)


class Blocked(DomainError):
    """What was found must be cleaned, or justified by the reviewer."""

    def __init__(self, findings: Iterable[Finding], title: str = "") -> None:
        self.findings = tuple(findings)
        kinds = "、".join(dict.fromkeys(one.label for one in self.findings))
        which = f"“{title[:30]}”" if title else ""
        super().__init__(
            f"{which}发布前检查发现{kinds}（{len(self.findings)} 处）。请退回清理后重新送审；"
            f"依法应当公开的，请在审核时写明理由（至少 {LEAST_REASON} 个字）。"
        )


@lru_cache(maxsize=128)  # a version never changes, nor do its files
def findings_of(version: Version) -> tuple[Finding, ...]:
    """What of a version must be cleaned or looked at, text first, then file by file."""
    text = "\n".join(str(getattr(version, name)) for name in LOOKED_AT if name != "body")
    return (*scan_text(text), *scan_text(version.body), *_in_files(version))


def _in_files(version: Version) -> Iterable[Finding]:
    if not version.attachments:
        return
    from mingtang.disclosure.scanning import scan_file  # with a reader of PDF: see there

    uploads = {str(one.id): one for one in uploads_of(version.publication.subject)}
    for one in version.attachments:
        upload = uploads.get(one["upload_id"])
        if upload is None or upload.sha256 != one["sha256"]:
            raise Conflict(f"附件“{one['name']}”与审核的这一版不是同一个文件，请重新上传后送审。")
        yield from scan_file(existing(upload), one["name"])


def check_clean(version: Version, justification: str, *, with_title: bool = False) -> list[Finding]:
    """What was found, once it may pass. Raises Blocked."""
    findings = findings_of(version)
    blocks = blocking(findings)
    if blocks and len(justification.strip()) < LEAST_REASON:
        raise Blocked(blocks, version.title if with_title else "")
    return list(findings)


def check_still_clean(version: Version, review: Review) -> None:
    """Before release once more: what looks may have learnt since. Raises Blocked."""
    known = {(one["code"], one["where"], one["quote"]) for one in review.findings}
    new = [
        one
        for one in blocking(findings_of(version))
        if not review.justification or (one.code, one.where, one.quote) not in known
    ]
    if new:
        raise Blocked(new)


def kept(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """Findings as an opinion keeps them: the quote is masked already."""
    return [
        {
            "code": one.code,
            "label": one.label,
            "severity": Severity(one.severity).value,
            "where": one.where,
            "quote": one.quote,
            "advice": one.advice,
        }
        for one in findings
    ]
