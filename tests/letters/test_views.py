"""The pages: three people each, forms that keep what was typed, what each may see and not."""

from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mingtang.accounts.rules import WRITING_PER_SOURCE, Role
from mingtang.ledger import queries as ledger
from mingtang.ledger.services import deliver_all
from mingtang.letters import services
from mingtang.letters.forms.desk import FORMS
from mingtang.letters.models import Letter, LimitRow, PublicCopy, Reader
from mingtang.letters.rules.moves import MOVES, Side
from mingtang.letters.views.desk import COMMANDS
from tests.letters.office import ADDRESS, NAME, PHONE, TEXT, TITLE, moment
from tests.world import new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ON = date(2024, 9, 2)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(moment(ON, 12), tick=False):
        yield


def url(name, *args):
    return reverse(f"letters:{name}", args=args)


def post(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


def act(client, letter, verb, **data):
    return post(client, url("act", letter.id, verb), **data)


def text_of(answer):
    return answer.content.decode()


def written(**more):
    return {
        "kind": "enquiry",
        "title": TITLE,
        "text": TEXT,
        "writer_name": NAME,
        "phone": PHONE,
        "address": ADDRESS,
        **more,
    }


class TestThreePeople:
    """Who may, the colleague who may not, the stranger."""

    def seen(self, client, path, people):
        client.logout()
        assert client.get(path).url.startswith("/sign-in/"), path
        for person, status in people:
            client.force_login(person)
            assert client.get(path).status_code == status, (path, person)

    def test_a_letter_is_for_its_office_and_its_unit(self, client, office):
        letter = office.answered()
        people = [
            *((office.worker, 200), (office.handler, 200), (office.planner, 404)),
            *((office.clerk, 404), (office.manager, 404), (office.citizen, 404)),
        ]
        self.seen(client, url("detail", letter.id), people)
        office_only = [(office.worker, 200), (office.handler, 404), (office.citizen, 404)]
        self.seen(client, url("copy", letter.id), office_only)
        self.seen(client, url("promote", letter.id), office_only)
        self.seen(client, url("attachment", letter.id, 1), [(office.worker, 404)])

    @pytest.mark.slow
    @pytest.mark.both
    def test_lists_are_for_who_handles_letters_and_the_scope_decides(self, client, office):
        letter = office.handled()
        for path in (url("desk"), url("register")):
            people = [(office.worker, 200), (office.planner, 200), (office.clerk, 404)]
            self.seen(client, path, people)
            for person, count in ((office.worker, 1), (office.handler, 1), (office.planner, 0)):
                client.force_login(person)
                assert len(client.get(path).context["rows"]) == count, (path, person)
        client.force_login(office.worker)
        found = client.get(url("register"), {"q": PHONE}).context["rows"]
        assert [row["number"] for row in found] == [letter.number]
        assert client.get(url("register"), {"q": "13800000009"}).context["rows"] == []

    def test_counters_type_heads_set_offices_look_at_mail(self, client, office):
        for name in ("phone", "take_in"):
            people = [(office.worker, 200), (office.clerk, 200), (office.handler, 404)]
            self.seen(client, url(name), people)
        elsewhere = office.people.post("elsewhere", Role.LETTER_HEAD, office.planning)
        people = [(office.worker, 200), (office.clerk, 404), (elsewhere, 404)]
        self.seen(client, url("mails"), people)
        client.force_login(elsewhere)
        assert client.post(url("end_reader", 1)).status_code == 404
        self.seen(client, url("limits"), [(office.worker, 200), (office.clerk, 404)])
        self.seen(client, url("readers"), [(office.head, 200), (office.worker, 404)])

    def test_the_rest_is_for_everybody(self, client, office):
        for name in (
            *("index", "new", "page_error", "progress", "answered", "answers", "figures"),
            "suggest",
        ):
            assert client.get(url(name)).status_code == 200, name
        assert client.get(url("mine")).url.startswith("/sign-in/")
        for name in ("copy_public", "answer"):
            assert client.get(url(name, 1)).status_code == 404, name

    def test_every_move_of_the_desk_has_a_form_and_a_command(self):
        desk = {move.verb for move in MOVES if move.side is not Side.WRITER}
        assert set(FORMS) == set(COMMANDS) == desk


class TestWriting:
    @pytest.mark.both
    def test_anybody_writes_gets_a_receipt_once_and_follows_it(self, client, office):
        answer = post(client, url("new"), **written())
        letter = Letter.objects.get()
        assert answer.url == url("sent", letter.number)
        code = services.tracking_code(letter)
        assert code in text_of(client.get(answer.url))
        client.cookies.clear()
        assert client.get(answer.url).status_code == 404
        assert client.get(url("progress_of", letter.number)).status_code == 404
        wrong = client.post(url("progress"), {"number": letter.number, "code": "AAAAA-AAAAA"})
        assert wrong.status_code == 404
        client.post(url("progress"), {"number": letter.number.lower(), "code": code.lower()})
        page = text_of(client.get(url("progress_of", letter.number)))
        assert "祝*根" in page
        assert TEXT in page

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"title": " "}, "title"),
            ({"phone": "1"}, "phone"),
            ({"writer_name": ""}, "writer_name"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, client, office, typed, field):
        answer = post(client, url("new"), **written(**typed))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert TEXT in text_of(answer)
        assert not Letter.objects.exists()

    def test_an_answer_that_is_there_is_shown_once_before_it_goes(self, client, office):
        letter = office.answered()
        office.do("promote", letter, question="水费多收了怎么退？", text="下月抵扣。")
        deliver_all(moment(ON, 12))
        first = post(client, url("new"), **written(title="水费"))
        assert first.status_code == 200
        assert "水费多收了怎么退？" in text_of(first)
        assert Letter.objects.count() == 1
        shown = first.context["form"]
        assert shown["seen"].value() == "on"
        again = post(client, url("new"), **written(title="水费", seen="on"))
        assert again.status_code == 302
        (item,) = client.get(url("suggest"), {"q": "水费"}).json()["items"]
        assert item["name"] == "水费多收了怎么退？"

    def test_the_leaders_mailbox_and_an_error_on_a_page(self, client, office):
        post(client, url("new"), **written(to="leader", kind="complaint"))
        post(client, url("page_error"), page="/items/", text="错字")
        found = Letter.objects.order_by("id").values_list("source", "limit_days", "page_path")
        assert list(found) == [("leader", 5, ""), ("page_error", 3, "/items/")]

    def test_where_only_standing_aside_is_left_nothing_is_pressed_for(self, client, office):
        letter = office.answered()
        client.force_login(office.worker)
        page = url("detail", letter.id)
        assert 'href="#acts"' in text_of(client.get(page))
        office.do("call_back", letter, result="satisfied")
        office.do("close", letter)
        answer = client.get(page)
        assert [one["verb"] for one in answer.context["acts"]] == ["recuse"]
        assert 'href="#acts"' not in text_of(answer)

    def test_the_writer_adds_rates_and_takes_back(self, client, office):
        letter = office.file(writer=office.writer(person_id=office.citizen.id))
        client.force_login(office.citizen)
        assert letter.number in text_of(client.get(url("mine")))
        post(client, url("own_act", letter.number, "add"), text="还有一件")
        office.handled(letter=letter)
        office.do("reply", letter, who=office.handler, text="已退。")
        assert "已退。" in text_of(client.get(url("progress_of", letter.number)))
        post(client, url("own_act", letter.number, "rate"), rating="2")
        refused = post(client, url("own_act", letter.number, "withdraw"))
        letter.refresh_from_db()
        assert (letter.rating, refused.status_code) == (2, 409)
        assert client.get(url("own_act", letter.number, "dance")).status_code == 404
        client.force_login(office.stranger)
        assert client.get(url("own_act", letter.number, "add")).status_code == 404


class TestCounter:
    def test_a_caller_is_found_by_number_and_nothing_of_a_letter_is_told(self, client, office):
        before = office.file()
        hidden = office.file(kind="tip_off")
        client.force_login(office.clerk)
        page = text_of(post(client, url("phone"), phone="138 5701 2345".replace(" ", "")))
        assert before.number in page
        assert hidden.number not in page
        assert TITLE not in page
        answer = post(client, url("phone"), **written(kind="complaint", about=office.water.id))
        made = Letter.objects.get(number=answer.url.split("/")[-2])
        assert (made.source, made.registered_by_id) == ("phone", office.clerk.id)
        receipt = text_of(client.get(answer.url))
        assert services.tracking_code(made) in receipt
        assert client.get(url("progress_of", made.number)).status_code == 200
        assert TEXT not in text_of(client.get(url("progress_of", made.number)))

    def test_an_order_of_the_hotline_needs_its_number_and_day(self, client, office):
        client.force_login(office.worker)
        assert post(client, url("take_in"), **written(source="hotline")).status_code == 422
        typed = written(source="hotline", order_number="12345-7", order_due="2024-09-20")
        assert post(client, url("take_in"), **typed).status_code == 302
        box = post(client, url("take_in"), kind="suggestion", source="box", title="灯", text="坏了")
        assert box.status_code == 302


class TestOffice:
    @pytest.mark.slow
    @pytest.mark.both
    def test_a_life_through_the_forms(self, client, office):
        letter = office.file(kind="complaint", about_id=office.water.id)
        client.force_login(office.worker)
        act(client, letter, "accept", kind="complaint", about_id=office.water.id)
        act(client, letter, "dispatch", lead_id=office.water.id, assisting_ids=[office.planning.id])
        client.force_login(office.handler)
        page = text_of(client.get(url("detail", letter.id)))
        assert NAME not in page
        assert PHONE not in page
        assert act(client, letter, "return", reason="").status_code == 422
        act(client, letter, "return", reason="不归本局")
        client.force_login(office.worker)
        assert act(client, letter, "designate", lead_id=office.water.id).status_code == 403
        client.force_login(office.head)
        act(client, letter, "designate", lead_id=office.water.id)
        client.force_login(office.handler)
        assert "return" not in [
            one["verb"] for one in client.get(url("detail", letter.id)).context["acts"]
        ]
        act(client, letter, "take")
        act(client, letter, "answer", text="已退。")
        client.force_login(office.worker)
        assert act(client, letter, "close").status_code == 422
        act(client, letter, "call_back", result="dissatisfied", words="没退全")
        act(client, letter, "redo", words="退全")
        letter.refresh_from_db()
        assert (letter.state, letter.redone_count, letter.is_designated) == ("handling", 1, True)
        assert client.get(url("act", letter.id, "take")).status_code == 405
        assert act(client, letter, "rate").status_code == 404

    def test_every_reading_of_a_tip_off_is_kept(self, client, office):
        letter = office.file(kind="tip_off", about_id=office.water.id)
        client.force_login(office.head)
        assert client.get(url("detail", letter.id)).status_code == 404
        assert "还没有指定" in text_of(client.get(url("desk")))
        post(client, url("readers"), username="letters")
        client.force_login(office.worker)
        for _ in range(2):
            assert client.get(url("detail", letter.id)).status_code == 200
        readings = [one for one in ledger.history(letter.stream) if one.kind == "letter.read"]
        assert [one.actor_id for one in readings] == [str(office.worker.id)] * 2
        client.force_login(office.head)
        post(client, url("end_reader", Reader.objects.get().id))
        client.force_login(office.worker)
        assert client.get(url("detail", letter.id)).status_code == 404

    def test_a_copy_is_shown_beside_the_original_and_confirmed_by_another(self, client, office):
        letter = office.answered()
        client.force_login(office.worker)
        form = client.get(url("copy", letter.id)).context["form"]
        proposed = {name: form[name].value() for name in ("title", "question", "text")}
        assert NAME not in proposed["question"]
        assert PHONE not in proposed["question"]
        refused = post(client, url("copy", letter.id), **{**proposed, "question": TEXT})
        assert refused.status_code == 422
        assert post(client, url("copy", letter.id), **proposed).status_code == 302
        post(client, url("copy_act", letter.id, "confirm"))
        assert PublicCopy.objects.get().confirmed_at is None
        client.force_login(office.second)
        assert "<del>" in text_of(client.get(url("copy", letter.id)))
        post(client, url("copy_act", letter.id, "confirm"))
        client.logout()
        copy = PublicCopy.objects.get()
        assert client.get(url("copy_public", copy.id)).status_code == 200
        assert copy.title in text_of(client.get(url("answered")))

    def test_the_head_sets_a_limit(self, client, office):
        client.force_login(office.head)
        row = {"kind": "help", "source": "", "days": 2, "extension_days": 1, "basis": "市府令"}
        assert post(client, url("limits"), since="2024-09-01", **row).status_code == 422
        post(client, url("limits"), since="2024-09-02", **row)
        assert LimitRow.objects.get().days == 2
        client.force_login(office.worker)
        assert post(client, url("limits"), since="2024-09-03", **row).status_code == 403

    def test_today_says_what_waits(self, client, office):
        office.file(date(2024, 8, 1))
        office.file()
        client.force_login(office.worker)
        page = text_of(client.get(reverse("site:today")))
        assert "已过期限的来信" in page
        assert "等受理的来信" in page

    def test_a_list_asks_as_often_for_many_rows(self, client, office):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        client.force_login(office.worker)
        counts = []
        for _ in range(2):
            for _ in range(4):
                office.file()
            with CaptureQueriesContext(connection) as asked:
                client.get(url("desk"))
            with CaptureQueriesContext(connection) as listed:
                client.get(url("register"))
            counts.append((len(asked), len(listed)))
        assert counts[0] == counts[1]


def test_a_month_tells_no_rate_of_too_few(client, office):
    for _ in range(5):
        office.answered()
    office.answered(kind="tip_off")
    month = client.get(url("figures")).context["month"]
    assert (month.city.answered, month.city.on_time_share) == (6, 100)
    assert month.units[office.water.id].answered == 5
    assert month.units[office.water.id].median_days == 0
    office.people.post("other", Role.HANDLER, office.planning)
    few = client.get(url("figures"), {"month": "2024-08"}).context["month"]
    assert (few.city.received, few.city.median_days) == (0, None)


class TestTooManyFromOneAddress:
    @pytest.fixture(autouse=True)
    def _three(self, monkeypatch):
        few = replace(WRITING_PER_SOURCE, most=3)
        monkeypatch.setattr("mingtang.letters.views.public.WRITING_PER_SOURCE", few)

    def test_it_waits_what_was_typed_stays_and_others_go_on(self, client, office):
        for _ in range(2):
            assert post(client, url("new"), **written(seen="on")).status_code == 302
        assert post(client, url("page_error"), text="字错了", page="/").status_code == 302
        answer = post(client, url("new"), **written(seen="on"))
        assert answer.status_code == 429
        assert TEXT in text_of(answer)
        assert Letter.objects.count() == 3
        told = {"command_id": new_command_id(), **written(seen="on")}
        elsewhere = client.post(url("new"), told, REMOTE_ADDR="198.51.100.7")
        assert elsewhere.status_code == 302
