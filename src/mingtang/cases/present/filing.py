"""Present: an application that is being written: its pages, what they still lack, what it says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from mingtang.base.words import said
from mingtang.cases.forms import FilingForm
from mingtang.cases.forms.filing import material_faults
from mingtang.cases.present.case import attachments
from mingtang.cases.queries import Situation, answers_in, townships_of
from mingtang.cases.rules import Given, GivenWay
from mingtang.catalogue import queries as catalogue
from mingtang.questions.rules import (
    Answers,
    Fault,
    Form,
    Line,
    check,
    differences,
    is_asked,
    relevant,
    shown,
)

APPLICANT, MATERIALS, CHECK = "applicant", "materials", "check"
OWN_PARTS = (APPLICANT, MATERIALS, CHECK)


@dataclass(frozen=True)
class Writing:
    """A draft beside the edition that holds now: what was written under an older one stays."""

    draft: Any
    edition: Any
    on: date

    @property
    def content(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = self.draft.content
        return found

    @cached_property
    def form(self) -> Form:
        return catalogue.form_of(self.edition)

    @property
    def answers(self) -> Answers:
        return dict(self.content.get("answers") or {})

    @cached_property
    def applicant(self) -> FilingForm:
        """The first page with what was typed into it, checked anew."""
        typed = dict(self.content.get("applicant") or {})
        typed["command_id"] = "0" * 32  # the page that files has its own
        variants = catalogue.variants_of(self.edition)
        return FilingForm(
            typed,
            variants=variants,
            item_name=self.edition.name,
            townships=townships_of(self.edition, self.on),
        )

    @cached_property
    def lines(self) -> list[dict[str, Any]]:
        """The materials that are asked of this applicant."""
        variant = str((self.content.get("applicant") or {}).get("variant") or "")
        return catalogue.materials_of(self.edition, variant)

    @property
    def said(self) -> Mapping[str, Any]:
        return self.content.get("materials") or {}

    @cached_property
    def faults(self) -> list[Fault]:
        return check(self.form, self.answers, on=self.on)

    # ── pages ─────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """The pages in order: key, title, whether it was seen and whether it is in order."""
        found = [self._part(APPLICANT, _("谁来申请"), True, self.applicant.is_valid())]
        wrong = {fault.path.partition(".")[0] for fault in self.faults}
        for section in self.form.sections:
            if is_asked(self.form, self.answers, section.key):
                is_seen = section.key in self.answers
                fits = section.key not in wrong
                found.append(self._part(f"s-{section.key}", section.title, is_seen, fits))
        if self.lines:
            fits = not any(self.material_faults(line) for line in self.lines)
            found.append(self._part(MATERIALS, _("申请材料"), MATERIALS in self.content, fits))
        fits = all(part["fits"] for part in found)
        found.append(self._part(CHECK, _("核对并提交"), False, fits))
        for number, part in enumerate(found, 1):
            part["number"] = number
        return found

    def _part(self, key: str, title: str, is_seen: bool, fits: bool) -> dict[str, Any]:
        return {"key": key, "title": title, "is_done": is_seen and fits, "fits": fits}

    def part(self, key: str) -> dict[str, Any] | None:
        return next((part for part in self.parts if part["key"] == key), None)

    def beside(self, key: str, step: int) -> str:
        """The key of the page before or after one; that of the last where there is none."""
        keys = [part["key"] for part in self.parts]
        at = keys.index(key) + step if key in keys else len(keys) - 1
        return str(keys[max(0, min(at, len(keys) - 1))])

    def material_faults(self, line: Mapping[str, Any]) -> list[tuple[str, Any]]:
        said = self.said.get(line["id"]) or {}
        has_files = bool(said.get("uploads"))
        return material_faults(said.get("way") or "", has_files, said.get("promise") or "")

    # ── what it says ──────────────────────────────────────────────────────────────────────────

    def given(self) -> list[Given]:
        """The materials as the command takes them; of files only where they are to be given."""
        found = []
        for line in self.lines:
            said = self.said.get(line["id"]) or {}
            uploads = tuple(int(one) for one in said.get("uploads") or ())
            way = GivenWay(said.get("way") or (GivenWay.UPLOADED if uploads else GivenWay.TO_BRING))
            if way is not GivenWay.UPLOADED:
                uploads = ()
            promise = said.get("promise") or "" if way is GivenWay.DEFERRED else ""
            found.append(Given(line["id"], line["name"], way, uploads, promise))
        return found

    def relevant(self) -> Answers:
        return relevant(self.form, self.answers)

    def answer_lines(self) -> list[Line]:
        return shown(self.form, self.answers)

    def applicant_lines(self) -> list[tuple[Any, str]]:
        """The first page as label and what was typed; what was left empty is left out."""
        found = []
        for bound in self.applicant.visible_fields():
            typed = str(bound.value() or "")
            choices = dict(getattr(bound.field, "choices", None) or ())
            if typed:
                found.append((bound.label, str(choices.get(typed, typed))))
        return found

    def still_wrong(self) -> list[dict[str, Any]]:
        """What keeps it from being filed: page and sentence of each."""
        found = [
            {"part": APPLICANT, "text": error}
            for errors in self.applicant.errors.values()
            for error in errors
        ]
        found += [
            {"part": f"s-{fault.path.partition('.')[0]}", "text": _with_row(fault)}
            for fault in self.faults
        ]
        found += [
            {
                "part": MATERIALS,
                "text": _("“%(name)s”：%(text)s") % {"name": line["name"], "text": text},
            }
            for line in self.lines
            for _name, text in self.material_faults(line)
        ]
        return found

    def renewed(self) -> list[str]:
        """What a newer edition changed for who had begun under an older one; none otherwise."""
        if self.draft.edition_id == self.edition.id:
            return []
        return [fault.title for fault in self.faults if fault.is_missing] or [_("请再看一遍各页")]


def _with_row(fault: Fault) -> str:
    return (
        fault.text
        if fault.row is None
        else _("第 %(number)d 行：%(text)s") % {"number": fault.row + 1, "text": said(fault.text)}
    )


def application(now: Situation, uploads: Sequence[Any]) -> dict[str, Any]:
    """What the applicant said and gave, as staff read it: the form as it stands, what changed
    since it was filed, the materials with their files, and files that came beside them."""
    form = catalogue.form_of(now.case.edition)
    files = dict(zip((one.id for one in uploads), attachments(now.case, uploads), strict=True))
    materials, used = _materials(now.submissions, files)
    return {
        "form": form,
        "form_title": form.title,
        "lines": shown(form, answers_in(now.submissions), is_masked=True),
        "submissions": list(_later(form, now.submissions)),
        "materials": materials,
        "attachments": [file for id_, file in files.items() if id_ not in used],
    }


LATER = {"supplied": "补正", "deferred": "补交容缺材料", "corrected": "当场更正"}


def _later(form: Form, submissions: Sequence[Any]) -> Iterator[dict[str, Any]]:
    """What was handed in after the filing, newest last, and what it changed in the form."""
    before: Answers = {}
    for row in submissions:
        answers = row.answers.get("form", before)
        for key in LATER.keys() & row.answers.keys():
            text = row.answers[key]
            old, new = (shown(form, one, is_masked=True) for one in (before, answers))
            yield {
                "label": LATER[key],
                "text": "、".join(text) if isinstance(text, list) else text,
                "at": row.submitted_at,
                "changes": differences(old, new),
            }
        before = answers


def _materials(
    submissions: Sequence[Any], files: Mapping[int, dict[str, str]]
) -> tuple[list[dict[str, Any]], set[int]]:
    """The materials of a case, the latest word on each, and which files belong to them."""
    found: dict[str, dict[str, Any]] = {}
    used: set[int] = set()
    for submission in submissions:
        for one in sorted(submission.materials.all(), key=lambda each: each.id):
            ids = [int(id_) for id_ in one.upload_ids]
            used.update(ids)
            found[one.material_id] = {
                "name": one.name,
                "way_label": GivenWay(one.way).label,
                "promise": one.promise,
                "files": [files[id_] for id_ in ids if id_ in files],
            }
    return list(found.values()), used
