"""A thousand people write, apply, object, speak up; who reads what is public meets none of them.

Each has a name, an identity number and a telephone number that nobody else has. A crawler follows
every link of the public pages and looks into feeds, files, PDF, search, the ledger and the log.
"""

import json
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from urllib.parse import urljoin, urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from pypdf import PdfReader

from mingtang.accounts.rules import Role
from mingtang.base.errors import DomainError
from mingtang.base.models import SearchDocument
from mingtang.base.pdf import pdf_of
from mingtang.cases import services as cases
from mingtang.cases.rules import ApplicantKind
from mingtang.consultations import services as consultations
from mingtang.disclosure import bundle as mirror
from mingtang.exchange.queries.open_data import SETS
from mingtang.ledger.models import Event
from mingtang.ledger.services import deliver_all
from mingtang.letters.rules.kinds import Kind
from mingtang.tv import bundle as television
from mingtang.villages import services as villages
from mingtang.villages.models import CityNotice
from mingtang.villages.rules.kinds import NoticeKind
from mingtang.villages.rules.sheets import LineKind, NewLine
from tests.consultations.conftest import Desk as Asking
from tests.disclosure.conftest import Office as Publishing
from tests.letters.office import Office
from tests.villages.hamlet import TOWN, VILLAGER, Hamlet
from tests.world import World, morning, new_command_id, plain

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.once]
LETTERS, CASES, VILLAGERS, SPEAKERS = 400, 300, 220, 80
PUBLISHED = 25  # of the letters: their answers are public
DELIVERED = 15  # of the cases: they stand among the results
MOST_PAGES = 1500
AT = morning(2013, 9, 17)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
SECRET = re.compile(
    r"亓官[琊玑瑭璩甯羿聿蔺逯郗][嵩嶷岿峤岚崟嵇峻岱岳]{2}|3308811977\d{7}[\dX]|1990571\d{4}"
)
HREF = re.compile(r'(?:href|src)="([^"#]+)')


@dataclass(frozen=True)
class Person:
    """One of the thousand."""

    name: str
    identity: str
    phone: str

    @property
    def story(self) -> str:
        return f"我叫{self.name}，身份证号{self.identity}，电话{self.phone}。水管坏了没有人修。"


@pytest.fixture(autouse=True)
def _a_fortnight_later() -> Iterator[None]:
    with time_machine.travel(morning(2013, 9, 27), tick=False):
        yield


def identity(number: int) -> str:
    body = f"3308811977{number % 12 + 1:02}{number % 28 + 1:02}{number % 1000:03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def people() -> list[Person]:
    names = product("琊玑瑭璩甯羿聿蔺逯郗", "嵩嶷岿峤岚崟嵇峻岱岳", "嵩嶷岿峤岚崟嵇峻岱岳")
    made = [
        Person(f"亓官{''.join(name)}", identity(at), f"1990571{at:04}")
        for at, name in enumerate(names)
    ]
    assert len({one.name for one in made}) == len({one.phone for one in made}) == 1000
    return made


def office_of(hamlet: Hamlet) -> Office:
    """The letter office of the same city."""
    office = object.__new__(Office)
    office.__dict__ |= hamlet.__dict__
    del office.__dict__["writer"]  # of a village; the office has a method of that name
    office.start = AT.date()
    office.worker = hamlet.people.post("letters", Role.LETTER_OFFICE, hamlet.centre)
    office.second = hamlet.people.post("letters2", Role.LETTER_OFFICE, hamlet.centre)
    office.head = hamlet.people.post("letterhead", Role.LETTER_HEAD, hamlet.centre)
    return office


def write_letters(office: Office, writers: list[Person]) -> None:
    kinds = list(Kind)
    for at, one in enumerate(writers):
        fields = {
            "writer": office.writer(
                name=one.name, phone=one.phone, email="", address=f"{one.name}家"
            ),
            "text": one.story,
            "title": f"{one.name}反映水管",
        }
        if at < PUBLISHED:
            office.published(**fields)
        elif at < 2 * PUBLISHED:
            letter = office.answered(**fields)
            # A copy that names the writer goes nowhere.
            with pytest.raises(DomainError):
                office.do("draft_copy", letter, title="水管", question=one.story, text="已修。")
        else:
            office.register(kind=kinds[at % len(kinds)].value, **fields)


def file_cases(hamlet: Hamlet, applicants: list[Person]) -> None:
    item = hamlet.item()
    for at, one in enumerate(applicants):
        applicant = cases.Applicant(
            kind=ApplicantKind.NATURAL,
            name=one.name,
            identity_number=one.identity,
            phone=one.phone,
            person_id=None,
        )
        case = hamlet.file(item, AT, applicant=applicant, answers=plain(one.story))
        if at < DELIVERED:
            World.bring(hamlet, case, "delivered", AT)


def tell_villages(hamlet: Hamlet, villagers: list[Person]) -> None:
    """Half of them object; the rest would be laid open with their numbers, which is refused."""
    account = hamlet.account_out()
    half = len(villagers) // 2
    for at, one in enumerate(villagers[:half]):
        raised = villages.raise_objection(
            disclosure_id=account.id,
            name=one.name,
            phone=one.phone,
            text=one.story,
            actor=VILLAGER,
            at=morning(2013, 9, 10),
            command_id=new_command_id(),
        )
        if at < 10:
            hamlet.do(
                *("reply", hamlet.writer, morning(2013, 9, 11)),
                objection_id=int(raised["objection_id"]),
                public_text="公共厕所电费太多。",
                answer="已核对电表。",
            )
    owed = hamlet.owed(morning(2013, 10, 2))
    for one in villagers[half:]:
        line = NewLine(LineKind.SPENDING, f"救助 {one.identity} {one.phone}", 100_00, None, "")
        hamlet.write(owed, line, at=morning(2013, 10, 3))
        with pytest.raises(DomainError):
            hamlet.hand_in(owed, morning(2013, 10, 4))


def ask_the_public(hamlet: Hamlet, speakers: list[Person]) -> None:
    """All say something on a draft; of ten a copy is shown, and no copy that names them can be."""
    asked = morning(2013, 8, 12)
    desk = Asking(Publishing(hamlet, asked), asked)
    activity = desk.opened()
    for at, one in enumerate(speakers):
        fields = {"name": one.name, "phone": one.phone, "may_publish": True}
        number = desk.say(activity, one.story, **fields)
        if at < 10:
            desk.keep(activity, number)
            desk.judge(activity, number)
            continue
        with pytest.raises(DomainError):
            desk.keep(activity, number, one.story)
        aside = {"number": number, "set_aside_reason": "与征求意见的内容无关"}
        consultations.moderate(activity_id=activity.id, **aside, **desk.by())
    by = desk.by(at=desk.over)
    made = consultations.draft_result(activity_id=activity.id, words="共收到意见。", **by)
    desk.publish(int(made["publication_id"]), desk.over)


def text_of(content: bytes) -> str:
    """What somebody reads in a file; the text of a PDF is not that of its bytes, and its lines
    and spaced letters are no gaps between words."""
    if not content.startswith(b"%PDF"):
        return content.decode("utf-8", "replace")
    pages = PdfReader(BytesIO(content)).pages
    return re.sub(r"\s", "", "".join(page.extract_text() for page in pages))


def crawl(client: Client) -> Iterator[tuple[str, str]]:
    """(address, text) of every public page that links lead to, each once, queries left out."""
    starts = ["/", "/villages/", "/tv/hd/index.html", "/tv/sd/index.html", "/letters/answered/"]
    starts += ["/letters/figures/", "/consultations/", "/disclosure/", "/screens/board/"]
    starts += ["/open-data/", "/sitemap.xml", "/opensearch.xml"]
    starts += [f"/open-data/{name}.{kind}" for name in SETS for kind in ("csv", "json")]
    waiting, seen, count = list(starts), set(starts), 0
    while waiting and count < MOST_PAGES:
        address = waiting.pop(0)
        answer = client.get(address)
        count += 1
        content = answer.getvalue() if answer.streaming else answer.content
        text = text_of(content)
        yield address, text
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for link in HREF.findall(text):
            told = urlsplit(urljoin(address, link.replace("&amp;", "&")))
            if told.netloc or told.path.startswith("/static/") or "language" in told.path:
                continue
            key = told.path + (f"?{told.query}" if "page" in told.query else "")
            if key not in seen:
                seen.add(key)
                waiting.append(key)
    assert count < MOST_PAGES, "the crawler did not come to an end"


def found_in(client: Client, tmp_path, log: str) -> dict[str, str]:
    """Where something of anybody stands, and what."""
    cache.clear()
    told = dict(crawl(client))
    assert len(told) > 60
    assert any("办事指南" in text for where, text in told.items() if where.endswith(".pdf"))
    mirror.make(tmp_path / "mirror", site="https://city.example", on=AT.date())
    for path in sorted((tmp_path / "mirror").rglob("*.*")):
        told[path.name] = text_of(path.read_bytes())
    with zipfile.ZipFile(BytesIO(television.of_township(TOWN, AT.date()).content)) as archive:
        told |= {f"tv {name}": archive.read(name).decode() for name in archive.namelist()}
    for row in Event.objects.all():
        told[f"event {row.stream} {row.seq}"] = json.dumps(row.facts, ensure_ascii=False)
    for document in SearchDocument.objects.all():
        told[f"index {document.subject}"] = f"{document.name} {document.main} {document.said}"
    told["log"] = log
    return {where: match[0] for where, text in told.items() if (match := SECRET.search(text))}


def test_nobody_is_met_in_what_is_public(
    client: Client, tmp_path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hamlet, everybody = Hamlet(), people()
    write_letters(office_of(hamlet), everybody[:LETTERS])
    file_cases(hamlet, everybody[LETTERS : LETTERS + CASES])
    tell_villages(hamlet, everybody[LETTERS + CASES :][:VILLAGERS])
    ask_the_public(hamlet, everybody[-SPEAKERS:])
    deliver_all(AT)
    log = "\n".join(record.getMessage() for record in caplog.records)
    assert found_in(client, tmp_path, log) == {}


def test_the_crawler_can_find_somebody(client: Client, tmp_path) -> None:
    hamlet, one = Hamlet(), people()[7]
    villages.push_notice(
        kind=NoticeKind.NOTICE.value,
        title="通知",
        body="领取救助。",
        valid_from=AT.date(),
        valid_to=None,
        actor=hamlet.actor(hamlet.manager),
        at=AT,
        command_id=new_command_id(),
    )
    hamlet.item()
    deliver_all(AT)
    CityNotice.objects.update(body=f"请{one.name}来领取。")
    assert set(found_in(client, tmp_path, "").values()) == {one.name}


def test_the_crawler_can_read_a_file() -> None:
    one = people()[8]
    made = pdf_of(f"<html><body><p>{one.name} {one.identity}</p></body></html>", base_url="/")
    assert SECRET.findall(text_of(made)) == [one.name, one.identity]
