"""What joint matters hold about a person: one form for several cases, kept with them."""

from collections.abc import Iterator

from django.db.models import Q

from mingtang.base.clock import legal_date
from mingtang.joint.models import JointCase
from mingtang.persons.holdings import Holder
from mingtang.persons.rules import Held, Who

KEPT = "并联件的案卷，随其中各办件的档案保存。"


def tell(who: Who) -> Iterator[Held]:
    mine = Q(applicant_person=who.person_id)
    if who.identity_index:
        mine |= Q(identity_index=who.identity_index)
    rows = JointCase.objects.filter(mine).order_by("submitted_at", "id")
    for one in rows:
        day = legal_date(one.submitted_at).isoformat()
        told = (("提交日期", day), ("申请人", str(one.applicant)), ("申请表", str(one.answers)))
        yield Held(f"{one.number} {one.title}", told, KEPT, subject=one.stream)


HOLDER = Holder("joint", "并联件", tell, models=("joint.JointCase",))
