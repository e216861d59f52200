"""What consultations hold about a person who signed in to say something."""

from collections.abc import Iterator

from mingtang.base.clock import legal_date
from mingtang.consultations.models import Comment
from mingtang.persons.holdings import Holder
from mingtang.persons.rules import Held, Who

KEPT = "征集的原始记录，用来核对公布的采纳情况；姓名和电话不公开。"


def tell(who: Who) -> Iterator[Held]:
    rows = Comment.objects.filter(person=who.person_id).order_by("submitted_at", "id")
    for one in rows:
        day = legal_date(one.submitted_at).isoformat()
        told = [("日期", day), ("内容", one.text), ("姓名", one.name), ("电话", one.phone)]
        facts = tuple(fact for fact in told if fact[1])
        yield Held(f"意见 {one.number}", facts, KEPT, subject=f"comment:{one.id}")


HOLDER = Holder("consultations", "征集调查的意见", tell, models=("consultations.Comment",))
