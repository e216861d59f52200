"""What the account itself holds about a person, and how it is emptied."""

from collections.abc import Iterator
from datetime import datetime

from mingtang.accounts.queries import issuers_of, person_with_posts
from mingtang.accounts.services import empty_account
from mingtang.base.clock import legal_date
from mingtang.persons.holdings import Holder
from mingtang.persons.models import DataRequest, Hold
from mingtang.persons.rules import Held, RequestKind, Who

STAFF = "工作人员的账户和岗位记录随办件档案保存，办件和账本要能说明是谁办的。"
ASKED = "申请和答复的记录保存，用来说明已经依法处理。"


def tell(who: Who) -> Iterator[Held]:
    person = person_with_posts(who.person_id)
    posts = list(person.posts.all())
    facts = [
        ("用户名", person.username),
        ("姓名", person.name),
        ("证件号码", person.identity_number),
        ("电话", person.phone),
        ("开户日期", legal_date(person.joined_at).isoformat()),
        ("两步验证", "已启用" if person.factor_key else "没有启用"),
    ]
    facts += [("在别处登录", issuer) for issuer in issuers_of(person.id)]
    yield Held("账户", _filled(facts), kept=STAFF if posts else "")
    for post in posts:
        told = (("岗位", post.get_role_display()), ("起", post.valid_from.isoformat()))
        yield Held("岗位", told, kept=STAFF)
    for one in person.mandates.order_by("id"):
        told = (("单位", one.enterprise_name), ("起", one.valid_from.isoformat()))
        yield Held("代理委托", told, kept="委托是单位办事的凭据，随单位的办件档案保存。")
    yield from _asked(who)


def _filled(facts: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(one for one in facts if one[1])


def _asked(who: Who) -> Iterator[Held]:
    for row in DataRequest.objects.filter(person=who.person_id).order_by("asked_at", "id"):
        day = legal_date(row.asked_at).isoformat()
        facts = [("日期", day), ("说明", row.words), ("答复", row.answer)]
        yield Held(RequestKind(row.kind).label, _filled(facts), kept=ASKED)
    for hold in Hold.objects.filter(person=who.person_id).order_by("id"):
        facts = [("起", legal_date(hold.placed_at).isoformat()), ("原因", hold.reason)]
        yield Held("暂停删除", _filled(facts), kept=ASKED)


def erase(who: Who, at: datetime) -> int:
    return int(empty_account(who.person_id, at))


HOLDER = Holder(
    *("account", "账户", tell, erase),
    models=("accounts.Person", "accounts.Factor", "persons.DataRequest"),
)
