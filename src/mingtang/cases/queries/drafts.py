"""Reads of applications that are being written, and of what is known of who writes one."""

from typing import Any

from mingtang.accounts.rules import Scope
from mingtang.base.errors import NotFound
from mingtang.cases.models import Case, FilingDraft, GivenMaterial, Submission
from mingtang.cases.queries.reading import own
from mingtang.catalogue import queries as catalogue
from mingtang.files.queries import Upload, uploads_of
from mingtang.questions.rules import Answers, Form

EARLIER = 20  # submissions that are looked through for answers to the same question
DRAFTS_SHOWN = 20


def draft_of(draft_id: int) -> FilingDraft:
    """A draft, for one who has shown the right to it. Raises NotFound."""
    rows = FilingDraft.objects.select_related("item__department", "case")
    draft = rows.filter(id=draft_id).first()
    if draft is None:
        raise NotFound("没有找到这份没填完的申请，可能已经删除。请重新开始，或凭续填码找回。")
    return draft


def drafts_among(ids: list[int], person_id: int | None) -> list[FilingDraft]:
    """What a browser or a person has begun and not filed, the latest first."""
    rows = FilingDraft.objects.filter(case=None, id__in=ids)
    if person_id is not None:
        rows |= FilingDraft.objects.filter(case=None, person_id=person_id)
    rows = rows.select_related("item", "edition").defer("content")
    return list(rows.order_by("-saved_at", "-id")[:DRAFTS_SHOWN])


def pages_of(draft: FilingDraft) -> dict[str, Upload]:
    """The files of a draft by their ids."""
    return {str(upload.id): upload for upload in uploads_of(draft.subject)}


def known_answers(form: Form, scope: Scope) -> Answers:
    """What the form need not ask anew: the latest answers of the reader's own cases to questions
    that are known by the same name wherever they are asked."""
    wanted = {one.known_as: one for one in form.questions() if one.known_as and "." in one.path}
    if not wanted or scope.person_id is None:
        return {}
    found: Answers = {}
    for submission in _earlier(scope):
        given = submission.answers.get("form") or {}
        for question in catalogue.form_of(submission.case.edition).questions():
            mine = wanted.get(question.known_as)
            value = _at(given, question.path)
            if mine and mine.kind is question.kind and value is not None:
                section, _, key = mine.path.partition(".")
                found.setdefault(section, {}).setdefault(key, value)
    return found


def _earlier(scope: Scope) -> list[Submission]:
    cases = Case.objects.filter(own(scope)).order_by("-submitted_at", "-id")[:EARLIER]
    rows = Submission.objects.filter(case__in=list(cases.values_list("id", flat=True)))
    return list(rows.select_related("case__edition").order_by("-submitted_at", "-id")[:EARLIER])


def _at(answers: Any, path: str) -> Any:
    section, _, key = path.partition(".")
    return (answers.get(section) or {}).get(key) if "." not in key else None


def earlier_files(scope: Scope, names: list[str]) -> dict[str, list[Upload]]:
    """Files that the reader gave before for materials of these names, the latest first."""
    if scope.person_id is None:
        return {}
    rows = GivenMaterial.objects.filter(
        name__in=names, way="uploaded", submission__in=_earlier(scope)
    ).select_related("submission__case")
    found: dict[str, list[Upload]] = {}
    for one in rows.order_by("-submission__submitted_at", "-id"):
        if one.name not in found:
            ids = {int(id_) for id_ in one.upload_ids}
            stream = one.submission.case.stream
            found[one.name] = [each for each in uploads_of(stream) if each.id in ids]
    return {name: files for name, files in found.items() if files}
