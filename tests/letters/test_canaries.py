"""Two hundred made-up people write letters; none of them is found in anything that is public."""

import re
from collections import deque
from datetime import date
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from mingtang.base.models import SearchDocument
from mingtang.ledger import queries as ledger
from mingtang.ledger.services import deliver_all
from mingtang.letters import queries
from mingtang.letters.rules.kinds import Kind
from mingtang.letters.rules.masking import propose
from mingtang.messages.models import Message
from tests.letters.office import WRITER, moment

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
PEOPLE, ANSWERED = 200, 40
ON = date(2024, 9, 2)
LINK = re.compile(r'href="([^"#]+)"')
NAMES = "祝毛姜徐周郑柴何"


def identity_number(n):
    """A citizen number whose check is right."""
    first = f"3308811960{n % 12 + 1:02d}15{n:03d}"
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def card_number(n):
    """A bank card whose Luhn check is right."""
    first = f"622848{n:012d}"
    doubled = [sum(divmod(2 * int(one), 10)) for one in first[-1::-2]]
    rest = [int(one) for one in first[-2::-2]]
    return first + str(-(sum(doubled) + sum(rest)) % 10)


def canary(n):
    return {
        "name": f"{NAMES[n % 8]}金丝{chr(0x4E00 + n)}",
        "phone": f"139{n:04d}{7000 + n}",
        "email": f"canary{n}@example.cn",
        "address": f"峡口镇雀鸟村{n}弄{n}号",
        "identity": identity_number(n),
        "card": card_number(n),
        "plate": f"浙H{10000 + n}",
    }


def words(one):
    """A letter in which somebody says all about themselves, some of it spaced out."""
    phone = f"{one['phone'][:3]} {one['phone'][3:7]} {one['phone'][7:]}"
    return (
        f"我叫{one['name']}，身份证{one['identity']}，家住{one['address']}，电话{phone}，"
        f"也可以写信到{one['email']}。水费从{one['card']}扣，车牌{one['plate']}停在门口。"
        "水表坏了三个月，请派人来换。"
    )


def planted(office):
    kinds = list(Kind)
    for n in range(PEOPLE):
        one = canary(n)
        writer = office.writer(**{key: one[key] for key in ("name", "phone", "email", "address")})
        kind = kinds[n % 5].value
        title = f"{one['name']}的水表"
        letter = office.file(kind=kind, writer=writer, title=title, text=words(one))
        if n < ANSWERED:
            yield letter, writer


@pytest.fixture
def published(office):
    """Answered by repeating all of it, made public as the detectors propose, told to everybody."""
    office.keep(office.worker)
    for letter, writer in planted(office):
        office.handled(letter=letter)
        office.do("reply", letter, who=office.handler, text=f"{writer.name}您好：{letter.text}")
        office.do("call_back", letter, result="satisfied", words=f"{writer.name}满意")
        office.do("rate", letter, rating=4, words=f"{writer.phone}", actor=WRITER)
        if letter.kind == Kind.TIP_OFF.value:
            continue
        said = {"title": propose(letter.title, writer), "question": propose(letter.text, writer)}
        answer = propose(queries.answers_of(letter)[-1].text, writer)
        office.do("draft_copy", letter, **said, text=answer)
        office.do("confirm_copy", letter, who=office.second)
        if letter.kind == Kind.ENQUIRY.value:
            office.do("promote", letter, question=said["title"], text=answer)
    deliver_all(moment(ON, 23), 100_000)
    return office


def crawled(client):
    """Every page of letters that a stranger reaches, and what the searches say."""
    waiting = deque([reverse("letters:index"), "/", "/sections/interaction/"])
    waiting += [f"{reverse('letters:answered')}?q={one}" for one in ("金丝", "水表", "139", "雀鸟")]
    waiting += [f"{reverse('letters:suggest')}?q={one}" for one in ("金丝", "水表")]
    seen = {}
    while waiting:
        path = waiting.popleft()
        if path in seen:
            continue
        answer = client.get(path)
        seen[path] = unescape(answer.content.decode()) if answer.status_code == 200 else ""
        for link in LINK.findall(seen[path]):
            whole = path.partition("?")[0] + link if link.startswith("?") else link
            if whole.startswith("/letters/") and "page-error" not in whole:
                waiting.append(unescape(whole))
    return seen


def test_nobody_is_found_in_what_is_public(client, published):
    with time_machine.travel(moment(ON, 23), tick=False):
        pages = crawled(client)
    copies = [path for path in pages if re.fullmatch(r"/letters/answered/\d+/", path)]
    assert len(copies) == ANSWERED * 4 // 5
    public = {
        "pages": "\n".join(pages.values()),
        "index": str(list(SearchDocument.objects.order_by("id").values_list())),
        "ledger": str(
            [
                (event.facts, event.actor_label)
                for stream in ledger.streams_of("letter.filed")
                for event in ledger.history(stream)
            ]
        ),
        "subjects of messages": str(list(Message.objects.values_list("title", flat=True))),
    }
    assert "水表坏了三个月" in public["pages"]
    assert "的水表" in public["index"]
    assert [queries.found_copies(one) for one in ("金丝", "雀鸟村")] == [[], []]
    assert queries.found_copies("水表坏了三个月")
    for n in range(PEOPLE):
        for what, secret in canary(n).items():
            for where, text in public.items():
                assert secret not in text, (where, what, n)
