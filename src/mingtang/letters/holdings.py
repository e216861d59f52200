"""What letters hold about a person. They are kept: who wrote is told to nobody who must not know,
and what was answered can be looked up."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict
from mingtang.letters.models import Letter, Mail
from mingtang.letters.rules.kinds import Kind
from mingtang.letters.rules.mail import Outcome
from mingtang.letters.rules.moves import COUNTED
from mingtang.persons.holdings import Holder
from mingtang.persons.retention import Kind as KeptKind
from mingtang.persons.rules import Held, Who

KEPT = "来信的案卷，按本机关档案保管期限表保存。"


def tell(who: Who) -> Iterator[Held]:
    rows = Letter.objects.filter(writer_person=who.person_id).order_by("submitted_at", "id")
    for one in rows:
        told = [
            ("日期", legal_date(one.submitted_at).isoformat()),
            ("标题", one.title),
            ("内容", one.text),
            ("姓名", one.writer_name),
            ("电话", one.phone),
            ("电子邮箱", one.email),
            ("地址", one.address),
            *(("补充", added.text) for added in one.additions.order_by("id")),
            *(("答复", answer.text) for answer in one.answers.order_by("id")),
            ("评价", one.rating_words),
        ]
        facts = tuple(fact for fact in told if fact[1])
        yield Held(f"{one.number} {Kind(one.kind).label}", facts, KEPT, subject=one.stream)


def erase(who: Who, at: datetime) -> int:
    """Nothing goes. Raises Conflict where a letter is not answered yet: its answer needs a way."""
    rows = Letter.objects.filter(writer_person=who.person_id, state__in=COUNTED).order_by("id")
    if unfinished := [one.number for one in rows]:
        told = "、".join(unfinished[:5])
        raise Conflict(f"还有没答复的来信：{told}。答复或者撤回以后再删除。")
    return 0


HOLDER = Holder(
    *("letters", "来信", tell, erase),
    is_for_own_eyes=True,  # of a tip-off nobody at a counter may read who wrote it
    models=("letters.Letter", "letters.Addition", "letters.Answer"),
)


def _over(before: datetime, held: Collection[int]) -> "QuerySet[Mail]":
    """Mails that became no letter: the same once more, and what was put aside and settled."""
    aside = Q(outcome=Outcome.QUARANTINED.value, settled_at__isnull=False, letter=None)
    rows = Mail.objects.filter(aside | Q(outcome=Outcome.DUPLICATE.value), received_at__lt=before)
    return rows.exclude(raw=b"").order_by("received_at", "id")


def _forget(rows: "QuerySet[Mail]") -> int:
    return rows.update(raw="")


KIND = KeptKind("mails", "没有成为来信的邮件原文", 180, _over, _forget)
