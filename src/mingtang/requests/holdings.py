"""What information requests hold about a person. Their files are kept: what was asked and answered
is evidence for both sides."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q

from mingtang.base.clock import legal_date
from mingtang.base.errors import Conflict
from mingtang.persons.holdings import Holder
from mingtang.persons.rules import Held, Who
from mingtang.requests.models import Request
from mingtang.requests.rules.states import State

KEPT = "依申请公开的案卷，按本机关档案保管期限表保存，复议和诉讼要用。"


def _of(who: Who) -> Q:
    mine = Q(applicant_person=who.person_id)
    return mine | Q(identity_index=who.identity_index) if who.identity_index else mine


def tell(who: Who) -> Iterator[Held]:
    rows = Request.objects.filter(_of(who)).order_by("submitted_at", "id")
    for one in rows:
        told = [
            ("提交日期", legal_date(one.submitted_at).isoformat()),
            ("进度", State(one.state).label),
            ("申请人", one.applicant_name),
            ("证件号码", one.identity_number),
            ("电话", one.phone),
            ("地址", one.address),
            ("电子邮箱", one.email),
            ("内容", one.description),
            ("用途", one.purpose),
        ]
        facts = tuple(fact for fact in told if fact[1])
        yield Held(f"{one.number} 信息公开申请", facts, KEPT, subject=one.stream)


def erase(who: Who, at: datetime) -> int:
    """Nothing goes. Raises Conflict where a request is not answered yet: its answer needs a way."""
    rows = Request.objects.filter(_of(who)).order_by("id")
    if unfinished := [one.number for one in rows if State(one.state).is_open]:
        told = "、".join(unfinished[:5])
        raise Conflict(f"还有没答复完的信息公开申请：{told}。办完或者撤回以后再删除。")
    return 0


HOLDER = Holder(
    *("requests", "信息公开申请", tell, erase),
    models=("requests.Request", "requests.Party"),
)
