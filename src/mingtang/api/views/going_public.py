"""Views: what goes to the public: copies of letters, mails, releases, many drafts at once, the
standard catalogue."""

from typing import Annotated, Any

from django import forms
from ninja import Query, Router

from mingtang.api import shapes
from mingtang.api import shapes_pages as told
from mingtang.api.views.common import After, Choice, Day, Words
from mingtang.api.views.pages import ids_in, listed, paged, presses, shows, written
from mingtang.disclosure.forms import EntryForm, EvidenceForm, ReleaseForm, TakeDownForm
from mingtang.disclosure.views import keeping, office, releases
from mingtang.letters.forms.desk import CopyForm, PromoteForm, SettleForm
from mingtang.letters.views import intake, public, publishing
from mingtang.messages.forms import CommandForm

router = Router(tags=["对外公开"])
COPY, MAILS = "/desk/letters/{letter_id}/copy", "/desk/mails"
RELEASES, RELEASE = "/desk/releases", "/desk/releases/{release_id}"
STANDARD = "/desk/standard"
Unit = Annotated[str, Query(max_length=19)]


class BoundForm(CommandForm):
    """Drafts that were read: each as `id:content_hash`."""

    bound = forms.MultipleChoiceField(label="编号:内容校验值")
    opinion = forms.CharField(label="意见", required=False, max_length=500)


class LineForm(EntryForm):
    unit = forms.CharField(label="单位", max_length=19)


class UnitForm(CommandForm):
    unit = forms.CharField(label="单位", max_length=19)


# ── letters ───────────────────────────────────────────────────────────────────────────────────


def _copy(shown: dict[str, Any]) -> dict[str, Any]:
    kept = shown["copy"]
    state = "none" if kept is None else "public" if kept.confirmed_at else "drafted"
    return {"content": written(shown["form"]), "state": state, "is_own": shown["is_own"]}


def _public(shown: dict[str, Any]) -> dict[str, Any]:
    found = shown["copy"]
    return {"id": found.id} | {name: getattr(found, name) for name in PUBLIC}


def _answered(shown: dict[str, Any]) -> dict[str, Any]:
    rows = [{**one, "id": ids_in(one["url"])["copy_id"]} for one in shown["rows"]]
    return paged(rows, shown["next_url"])


def _mail(shown: dict[str, Any]) -> dict[str, Any]:
    return {**shown, "content": written(shown["form"])}


ANSWERED, PUBLIC = "/letters/answered", ("title", "question", "answer")
TEXT = f"{ANSWERED}/{{copy_id}}"
LETTERS = shapes.Page[told.AnsweredLine]
PICK = {"q": Words, "kind": Choice, "after": After}
shows(router, ANSWERED, public.answered, LETTERS, "公开的来信", _answered, **PICK)
shows(router, TEXT, public.copy_public, told.AnsweredText, "一封公开的来信", _public)
shows(router, COPY, publishing.copy, told.CopyFile, "来信的公开稿", _copy)
presses(router, COPY, publishing.copy, CopyForm, "起草公开稿")
for _act, _said in {"confirm": "确认公开", "take-down": "撤下", "retire": "停用常见问答"}.items():
    presses(router, f"{COPY}/acts/{_act}", publishing.copy_act, CommandForm, _said, act=_act)
presses(
    router, "/desk/letters/{letter_id}/promote", publishing.promote, PromoteForm, "写成常见问答"
)
shows(
    router, MAILS, intake.mails, shapes.Page[told.MailLine], "等人处理的邮件", listed, after=After
)
shows(router, f"{MAILS}/{{mail_id}}", intake.mail, told.MailFile, "一封邮件", _mail)
presses(router, f"{MAILS}/{{mail_id}}/settle", intake.mail, SettleForm, "作为来信收下")
presses(
    router,
    f"{MAILS}/{{mail_id}}/dismiss",
    intake.mail,
    CommandForm,
    "不是来信",
    sends={"dismiss": "1"},
)

# ── publications ──────────────────────────────────────────────────────────────────────────────

presses(router, "/desk/publications/review", office.review_many, BoundForm, "一次审核多条")
shows(
    router,
    RELEASES,
    releases.ledger,
    shapes.Page[told.ReleaseLine],
    "发布台账",
    listed,
    since=Day,
    until=Day,
    q=Words,
    after=After,
)
shows(router, RELEASE, releases.release, told.ReleaseLine, "一次发布", lambda shown: shown["row"])
presses(router, RELEASES, releases.enter, ReleaseForm, "登记一次发布")
presses(router, f"{RELEASE}/prove", releases.prove, EvidenceForm, "登记凭证")
presses(router, f"{RELEASE}/withdraw", releases.withdraw, TakeDownForm, "撤下")


def _standard(shown: dict[str, Any]) -> dict[str, Any]:
    lines = [
        {
            "id": one.id,
            "heading": f"{one.entry.first} {one.entry.second}".strip(),
            "content": one.entry.content,
            "where": one.where,
            "count": one.count,
            "linked": linked,
        }
        for one, linked in shown["lines"]
    ]
    return {"unit": shown["unit"], "lines": lines}


shows(
    router,
    STANDARD,
    keeping.catalogue_page,
    told.Standard,
    "公开标准目录",
    _standard,
    unit=Unit,
    where=Unit,
)
presses(router, f"{STANDARD}/{{entry_id}}/link", keeping.catalogue_link, LineForm, "关联公开的信息")
presses(
    router,
    f"{STANDARD}/{{entry_id}}/linked/{{publication_id}}/drop",
    keeping.catalogue_unlink,
    UnitForm,
    "取消关联",
)
