"""What licences hold about a person: all of it is kept, the public relies on it."""

from collections.abc import Iterator

from mingtang.base.clock import today
from mingtang.cases.holdings import of_person
from mingtang.licences.models import Licence
from mingtang.persons.holdings import Holder
from mingtang.persons.rules import Held, Who

KEPT = "证照的登记，证照有效期间和以后核验要用，不能删除。"


def tell(who: Who) -> Iterator[Held]:
    rows = Licence.objects.filter(case__in=of_person(who)).order_by("issued_at", "id")
    for one in rows:
        told = [
            ("编号", one.number),
            ("发证日期", one.issued_on.isoformat()),
            ("有效期止", one.expires_on.isoformat() if one.expires_on else ""),
            ("状态", one.standing(today()).label),
        ]
        yield Held(one.name, tuple(fact for fact in told if fact[1]), KEPT, subject=one.stream)


HOLDER = Holder("licences", "证照", tell, models=("licences.Licence",))
