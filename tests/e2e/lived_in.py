"""What has happened in a city before anybody opens a page of it, told by the real commands in one
process: a catalogue came from a file, people were taken on, a case ran over, and a factory's
project is late: its agent has filed once, departments have examined side by side, and one of them
has said nothing for weeks. What follows from all that has been done, so that no worker of a server
begins with it.

    python tests/e2e/lived_in.py CATALOGUE DAYS

DAYS: how long ago the case and the matter were filed. Prints as JSON: `overdue`, the number of the
case; `late`, the ids of project, letter and matter; `let_in`, by user name the key of a session.
The people who are taken on here have none: they come in by the page.
"""

import io
import json
import os
import sys
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.installation")
import django

django.setup()

from django.core.files.base import ContentFile  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from PIL import Image  # noqa: E402

from mingtang.accounts import queries as accounts  # noqa: E402
from mingtang.accounts import services as staff  # noqa: E402
from mingtang.accounts.entering import enter  # noqa: E402
from mingtang.accounts.models import Person  # noqa: E402
from mingtang.accounts.rules import Role  # noqa: E402
from mingtang.accounts.sessions import SessionStore  # noqa: E402
from mingtang.base.clock import legal_date, now  # noqa: E402
from mingtang.cases import services as cases  # noqa: E402
from mingtang.cases.models import Step  # noqa: E402
from mingtang.cases.rules import GivenWay, Verb  # noqa: E402
from mingtang.catalogue.models import Item  # noqa: E402
from mingtang.files.services import store  # noqa: E402
from mingtang.joint import queries as matters  # noqa: E402
from mingtang.joint import services as joint  # noqa: E402
from mingtang.joint.models import JointPart  # noqa: E402
from mingtang.ledger.rules import SYSTEM  # noqa: E402
from mingtang.ledger.services import deliver_all  # noqa: E402
from mingtang.projects import services as projects  # noqa: E402
from mingtang.projects.services import agency, agent_filing  # noqa: E402
from mingtang.regions import queries as regions  # noqa: E402
from mingtang.site.demo import actor_of  # noqa: E402
from mingtang.site.demo_editions import answers_to  # noqa: E402
from mingtang.site.demo_walk import DemoCase, _Walker  # noqa: E402
from mingtang.site.simulate.lives.acting import PLAIN  # noqa: E402

PASSWORD, FIRST_PASSWORD = "mingtang-demo", "mingtang-first"  # conftest.py types them
NODES = ("record", "soil", "land", "land-plan", "quality")
UNITS = {"record": "fagai", "quality": "zhujian", "soil": "shuili"}
LATE = "soil"  # which needs the record; the land needs it
RECORD = "330881-001-001"  # the item of the record, which has a form of its own
NAME = "年产三十万套木门项目"


class Past:
    """Acts one after another, from so many days ago on."""

    def __init__(self, days: int) -> None:
        self.at = now() - timedelta(days=days)

    def do(self, command: Any, who: str, after: int = 0, **content: Any) -> Any:
        """`after`: days after the act before it."""
        self.at += timedelta(days=after, minutes=1)
        by = {"actor": actor_of(who, self.at), "at": self.at, "command_id": token_hex(16)}
        return command(**content, **by)

    @property
    def day(self) -> Any:
        return legal_date(self.at)

    def project(self) -> int:
        made = self.do(projects.enter, "xiangmu", content=_content(self.at))
        about = {"project_id": int(made["project_id"])}
        kept = io.BytesIO()
        Image.new("RGB", (64, 40), (235, 225, 205)).save(kept, "PNG")
        scan = store(ContentFile(kept.getvalue(), name="同意文件.png"), command_id=token_hex(16))
        paper = {"approval_number": "演示〔2026〕7号", "approval_date": self.day, "file": scan}
        self.do(projects.admit, "xiangmu", **about, **paper)
        edition = matters.route_edition("enterprise-graph")
        assert edition is not None
        self.do(projects.choose_route, "xiangmu", **about, route_edition_id=edition.id)
        return about["project_id"]

    def letter(self, project_id: int) -> int:
        agent = accounts.person_by_username("daiban")
        assert agent is not None
        drawn = self.do(
            *(agency.draw_letter, "xiangmu"),
            project_id=project_id,
            agent_id=agent.id,
            services=("approval", "convenience", "public", "intermediary"),
            valid_from=self.day,
            valid_to=self.day + timedelta(days=365),
        )
        letter_id = int(drawn["letter_id"])
        signed = {"owner_signed_date": self.day, "agent_signed_date": self.day}
        self.do(agency.sign, "xiangmu", letter_id=letter_id, owner_signer="姜大成", **signed)
        return letter_id

    def matter(self, letter_id: int) -> int:
        edition = matters.route_edition("enterprise-graph")
        assert edition is not None
        wanted = [one.key for one in joint.wanted_for(edition.id, NODES)]
        made = self.do(
            *(agent_filing.file_matter, "daiban"),
            letter_id=letter_id,
            nodes=NODES,
            answers=self._answers(edition.id),
            handed=[joint.Handed(key, GivenWay.TO_BRING) for key in wanted],
        )
        about = {"joint_id": int(made["joint_id"]), "is_mandate_seen": True}
        self.do(joint.accept, "chuangkou", 1, brought=wanted, **about)
        deliver_all(self.at)
        return about["joint_id"]

    def _answers(self, edition_id: int) -> dict[str, Any]:
        """To the one form of all: what the record asks, and the plain form of the others."""
        known = {**PLAIN, **(answers_to(RECORD, self.day) or {})}
        sections = joint.asked_for(edition_id, NODES).form.sections
        return {one.key: known[one.key.partition("_")[2]] for one in sections}

    def examined(self, joint_id: int) -> None:
        """Three examine; two of them decide within days, one says nothing any more."""
        for key, unit in UNITS.items():
            part = JointPart.objects.get(joint=joint_id, key=key)
            assert part.case_id is not None
            self._steps(part.case_id, unit, ends=key != LATE)
            if key != LATE:
                said = {"verb": Verb.GRANT, "reason": "符合法定条件。"}
                self.do(cases.decide, f"{unit}-sp", case_id=part.case_id, **said)
            while deliver_all(self.at):
                pass

    def _steps(self, case_id: int, unit: str, *, ends: bool) -> None:
        about = {"case_id": case_id}
        while step := Step.objects.filter(**about, status="ready").order_by("id").first():
            about["step_key"] = step.key
            self.do(cases.claim, f"{unit}-cb", **about)
            if not ends:
                return
            self.do(
                *(cases.examine, f"{unit}-cb"), **about, opinion="符合条件。", companion="何志平"
            )
            about.pop("step_key")


def _content(at: datetime) -> dict[str, Any]:
    year = legal_date(at).year
    places = regions.region_ids_of_codes(["330881121000"])
    return {
        "name": NAME,
        "owner_name": "江山市演示木业有限公司",
        "owner_credit_code": "113325000026455663",
        "owner_phone": "0570-4000000",
        "place_id": places["330881121000"],
        "responsible_id": regions.organisation_by_code("fgj").id,
        "investment_cents": 9_000_000_000,
        "type": "new",
        "start_year": year,
        "end_year": year + 1,
    }


def taken_on(username: str, role: Role, organisation: str, *, is_new: bool = False) -> None:
    """`is_new`: the password was given by somebody else, and is still to be replaced."""
    by = {"actor": SYSTEM, "at": now()}
    secret = {"password": FIRST_PASSWORD if is_new else PASSWORD, "is_first_password": is_new}
    made = staff.add_person(
        username=username,
        name=username,
        **secret,
        is_demo=not is_new,
        command_id=token_hex(16),
        **by,
    )
    staff.assign_post(
        person_id=int(made["person_id"]),
        organisation_id=regions.organisation_by_code(organisation).id,
        role=role,
        valid_from=legal_date(by["at"]),
        command_id=token_hex(16),
        **by,
    )


def let_in() -> dict[str, str]:
    """A session of each person of the demo, as it begins once the password was right."""
    begun = {}
    for person in Person.objects.filter(is_demo=True):
        request = RequestFactory(SERVER_NAME="127.0.0.1").get("/")
        request.session = SessionStore()
        enter(request, person, "/", via="")
        request.session.save()
        begun[person.username] = str(request.session.session_key)
    return begun


def main(catalogue: str, days: int) -> None:
    sessions = let_in()
    call_command("import_items", catalogue, as_published=True, stdout=io.StringIO())
    imported = Item.objects.filter(department__area6="511602").order_by("code").first()
    assert imported is not None
    department = imported.department.code
    taken_on("e2e-cb", Role.HANDLER, department)
    taken_on("e2e-sp", Role.APPROVER, department)
    taken_on("e2e-ck", Role.CLERK, department, is_new=True)
    taken_on("jiancha-er", Role.INSPECTOR, "centre")
    taken_on("keyholder", Role.INSPECTOR, "centre", is_new=True)
    acts = ("receive", "accept", "claim")
    case = DemoCase("城市道路挖掘许可", "zjj", "江滨路抢修供水管道。", days_ago=days, acts=acts)
    overdue = _Walker(case, 900, now()).go().split()[0]
    with transaction.atomic():  # one commit
        late = tell(Past(days))
    call_command("tick", stdout=io.StringIO())
    print(json.dumps({"overdue": overdue, "late": late, "let_in": sessions}))


def tell(past: Past) -> list[str]:
    project_id = past.project()
    letter_id = past.letter(project_id)
    joint_id = past.matter(letter_id)
    past.examined(joint_id)
    return [str(one) for one in (project_id, letter_id, joint_id)]


main(sys.argv[1], int(sys.argv[2]))
