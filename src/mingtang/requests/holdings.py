"""What information requests hold about a person. Their files are kept: what was asked and answered
is evidence for both sides."""

from collections.abc import Iterator

from mingtang.base.clock import legal_date
from mingtang.persons.holdings import Holder
from mingtang.persons.rules import Held, Who
from mingtang.requests.models import Request
from mingtang.requests.rules.states import State

KEPT = "依申请公开的案卷，按本机关档案保管期限表保存，复议和诉讼要用。"


def tell(who: Who) -> Iterator[Held]:
    rows = Request.objects.filter(applicant_person=who.person_id).order_by("submitted_at", "id")
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


HOLDER = Holder(
    *("requests", "信息公开申请", tell),
    models=("requests.Request", "requests.Party"),
)
