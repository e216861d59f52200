"""What cases hold about a person, and what of it goes when they ask.

Kept: the file of every case that was accepted, for as long as the schedule says (档案局令第8号).
An application that was withdrawn or returned before it was accepted is no such file: its words,
numbers and files go, and with the salt the commitment in the ledger says nothing any more. Papers
that were drawn up stay.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict
from mingtang.cases.models import Case, FilingDraft, Submission
from mingtang.cases.queries import answers_of
from mingtang.cases.rules import ApplicantKind, State
from mingtang.cases.rules.archive import retention_of
from mingtang.cases.services.drafts import discard_draft
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import documents_of, uploads_of
from mingtang.files.services import remove
from mingtang.persons.holdings import Holder
from mingtang.persons.rules import Held, Who
from mingtang.questions.rules import shown

OPEN = "这件还在办理，办完以前要用。"
OF_OTHERS = "这件是替别人或者单位办的，也是对方的申请，不能由一方要求删除。"
ERASED_NAME = "（已依法删除）"
ENDED_EARLY = Q(state__in=[State.WITHDRAWN.value, State.RETURNED.value], accepted_at=None)


def _of(who: Who) -> Q:
    mine = Q(applicant_person=who.person_id)
    return mine | Q(identity_index=who.identity_index) if who.identity_index else mine


def _is_own(case: Case, who: Who) -> bool:
    """Not what somebody filed for an enterprise or as another's proxy: that is not theirs alone."""
    known = who.identity_index
    is_theirs = case.identity_index == known if known else not case.proxy_name
    return case.applicant_kind == ApplicantKind.NATURAL.value and is_theirs


def of_person(who: Who) -> "QuerySet[Case]":
    """The cases of somebody: filed by them, or under their number."""
    return Case.objects.filter(_of(who))


def tell(who: Who) -> Iterator[Held]:
    rows = of_person(who).select_related("edition", "item").order_by("id")
    for case in rows:
        title, why = f"{case.number} {case.edition.name}", kept_why(case, who)
        yield Held(title, _facts(case), why, subject=case.stream)
    for draft in FilingDraft.objects.filter(person=who.person_id, case=None).order_by("id"):
        day = legal_date(draft.saved_at).isoformat()
        told = (("事项", draft.edition.name), ("保存日期", day), ("内容", str(draft.content)))
        yield Held("没有提交的申请", told)


def _facts(case: Case) -> tuple[tuple[str, str], ...]:
    form = catalogue.form_of(case.edition)
    lines = shown(form, answers_of(case.id))
    papers = [f"{one.number} {one.title}" for one in documents_of(case.stream)]
    files = [one.original_name for one in uploads_of(case.stream)]
    told = [
        ("提交日期", legal_date(case.submitted_at).isoformat()),
        ("进度", State(case.state).label),
        ("申请人", case.applicant_name),
        ("证件号码", case.identity_number),
        ("电话", case.phone),
        ("地址", case.address),
        ("代理人", case.proxy_name),
        ("代理人证件号码", case.proxy_identity),
        ("代理人电话", case.proxy_phone),
        ("送达备注", case.delivered_note),
        *((line.title, line.text) for line in lines),
        ("文书", "、".join(papers)),
        ("交来的文件", "、".join(files)),
    ]
    return tuple(one for one in told if one[1])


def kept_why(case: Case, who: Who) -> str:
    """Why the data of a case stay, and how long; "" where they go."""
    if State(case.state).is_open:
        return OPEN
    if case.accepted_at is None and case.state in {State.WITHDRAWN.value, State.RETURNED.value}:
        return "" if _is_own(case, who) else OF_OTHERS
    kept = retention_of(
        catalogue.profile_of(case.edition).key,
        settings.MINGTANG_RETENTION_OF,
        settings.MINGTANG_RETENTION,
    )
    return f"办件档案，保管期限 {kept.label}（国家档案局令第8号），到期鉴定后销毁。"


def erase(who: Who, at: datetime) -> int:
    """Raises Conflict where a case of theirs is still open."""
    rows = Case.objects.filter(_of(who)).order_by("id")
    unfinished = [case.number for case in rows if State(case.state).is_open]
    if unfinished:
        told = "、".join(unfinished[:5])
        raise Conflict(f"还有没办完的件：{told}。办完或者撤回以后再删除。")
    drafts = list(FilingDraft.objects.filter(person=who.person_id, case=None).order_by("id"))
    for draft in drafts:
        discard_draft(draft.id)
    ended = rows.filter(ENDED_EARLY).exclude(applicant_name=ERASED_NAME)
    early = [case for case in ended if _is_own(case, who)]
    _forget(early)
    return len(drafts) + len(early)


def _forget(cases: Iterable[Case]) -> None:
    for case in cases:
        for upload in uploads_of(case.stream):
            remove(upload.id, subject=case.stream)
        Submission.objects.filter(case=case).update(answers={}, salt="")
        Case.objects.filter(id=case.id).update(
            applicant_name=ERASED_NAME,
            applicant_person=None,
            identity_number="",
            identity_index=f"erased-{case.id}",
            phone="",
            address="",
            proxy_name="",
            proxy_identity="",
            proxy_phone="",
            is_mandate_seen=None,
            delivered_note="",
        )


HOLDER = Holder(
    *("cases", "办件和没有提交的申请", tell, erase),
    models=(
        *("cases.Case", "cases.Submission", "cases.FilingDraft"),
        "files.Document",
    ),
)
