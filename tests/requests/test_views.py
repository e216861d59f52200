"""The pages: three people each, forms that keep what was typed, what the public sees and not."""

import io
import json
import zipfile
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from mingtang.accounts.rules import Role
from mingtang.base.subjects import titles_of, url_of
from mingtang.files.queries import documents_of
from mingtang.requests import queries, services
from mingtang.requests.forms.acts import FORMS
from mingtang.requests.models import Request
from mingtang.requests.rules.deciding import Part
from mingtang.requests.rules.kinds import Kind
from mingtang.requests.rules.moves import Verb
from mingtang.requests.views.desk import COMMANDS
from tests.requests.office import WANTED, moment
from tests.world import NUMBERS, new_command_id

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ON = date(2024, 9, 2)


@pytest.fixture(autouse=True)
def _that_day():
    with time_machine.travel(moment(ON, 12), tick=False):
        yield


def url(name, *args):
    return reverse(f"requests:{name}", args=args)


def post(client, path, **data):
    return client.post(path, {"command_id": new_command_id(), **data})


def act(client, request, verb, **data):
    return post(client, url("act", request.id, verb), **data)


def text_of(answer):
    return answer.content.decode()


def filing(office, **more):
    return {
        "organisation": office.water.id,
        "description": WANTED,
        "applicant_kind": "natural",
        "applicant_name": "毛小明",
        "identity_number": NUMBERS[0],
        "phone": "13800000001",
        "wanted_form": "electronic",
        "wanted_way": "online",
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

    @pytest.mark.slow
    def test_a_request_is_for_its_office(self, client, office):
        request = office.received()
        paper = documents_of(request.stream)[0]
        for path in (
            url("detail", request.id),
            url("document", request.id, paper.id),
            url("evidence", request.id),
        ):
            self.seen(
                *(client, path),
                [
                    *((office.worker, 200), (office.head, 200), (office.other, 404)),
                    *((office.clerk, 404), (office.manager, 404), (office.citizen, 404)),
                ],
            )

    @pytest.mark.both
    def test_lists_and_tables_are_for_offices_and_the_scope_decides(self, client, office):
        office.received()
        for path in (url("desk"), url("register"), url("report", 2024)):
            self.seen(
                client, path, [(office.worker, 200), (office.other, 200), (office.citizen, 404)]
            )
        cell = url("cell", 2024, "3", "new", "total")
        self.seen(client, cell, [(office.worker, 200), (office.clerk, 404)])
        client.force_login(office.other)
        assert client.get(url("desk")).context["rows"] == []
        assert client.get(cell).context["rows"] == []
        client.force_login(office.worker)
        assert len(client.get(url("desk")).context["rows"]) == 1
        assert len(client.get(cell).context["rows"]) == 1

    def test_offices_and_counters_take_in(self, client, office):
        people = [(office.worker, 200), (office.clerk, 200), (office.handler, 404)]
        self.seen(client, url("take_in"), people)
        client.force_login(office.clerk)
        typed = filing(office, channel="counter", submitted_date=ON, arrived_date=ON)
        assert post(client, url("take_in"), **typed).status_code == 302
        typed["organisation"] = office.planning.id
        assert post(client, url("take_in"), **typed).status_code == 422

    @pytest.mark.parametrize("verb", ["extend", "delay", "decide", "send_back"])
    def test_what_a_head_approves_a_worker_does_not(self, client, office, verb):
        request = office.received()
        client.force_login(office.worker)
        assert act(client, request, verb).status_code == 403
        client.force_login(office.other)
        assert act(client, request, verb).status_code == 404
        client.force_login(office.citizen)
        assert act(client, request, verb).status_code == 404

    @pytest.mark.both
    def test_its_applicant_and_who_knows_the_code_follow_it(self, client, office):
        request = office.received(
            applicant=office.applicant(person_id=office.citizen.id),
        )
        progress = url("progress_of", request.number)
        assert client.get(progress).status_code == 404
        client.force_login(office.citizen)
        assert client.get(progress).status_code == 200
        assert request.number in text_of(client.get(url("mine")))
        client.force_login(office.stranger)
        assert client.get(progress).status_code == 404
        assert request.number not in text_of(client.get(url("mine")))
        client.logout()
        code = services.tracking_code(request)
        wrong = client.post(url("progress"), {"number": request.number, "code": "AAAAA-AAAAA"})
        assert wrong.status_code == 404
        right = client.post(url("progress"), {"number": request.number, "code": code.lower()})
        assert right.url == progress
        assert client.get(progress).status_code == 200

    def test_staff_act_for_no_applicant_with_a_code(self, client, office):
        request = office.received()
        client.force_login(office.clerk)
        code = services.tracking_code(request)
        client.post(url("progress"), {"number": request.number, "code": code})
        page = client.get(url("progress_of", request.number))
        assert (page.status_code, page.context["may_act"], page.context["documents"]) == (
            *(200, False, []),
        )
        assert WANTED not in text_of(page)
        own = url("own_act", request.number, "withdraw")
        assert client.get(own).status_code == 404

    def test_the_rest_is_for_everybody(self, client, office):
        for name in ("index", "new", "progress", "calculator", "figures", "suggest"):
            assert client.get(url(name)).status_code == 200, name
        assert client.get(url("mine")).url.startswith("/sign-in/")


class TestFiling:
    @pytest.mark.both
    def test_anybody_files_and_gets_a_receipt_once(self, client, office):
        answer = post(client, url("new"), **filing(office))
        request = Request.objects.get()
        assert answer.url == url("filed", request.number)
        receipt = text_of(client.get(answer.url))
        assert services.tracking_code(request) in receipt
        client.cookies.clear()
        assert client.get(answer.url).status_code == 404

    def test_who_signed_in_finds_it_among_their_own(self, client, office):
        client.force_login(office.citizen)
        assert client.get(url("new")).context["form"].initial["applicant_name"] == "毛小明"
        post(client, url("new"), **filing(office))
        assert Request.objects.get().applicant_person_id == office.citizen.id

    @pytest.mark.both
    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({"identity_number": "330881190001010016"}, "identity_number"),
            ({"description": " "}, "description"),
            ({"wanted_way": "post"}, "address"),
            ({"phone": "123"}, "phone"),
            ({"organisation": ""}, "organisation"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, client, office, typed, field):
        answer = post(client, url("new"), **filing(office, **typed))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert "毛小明" in text_of(answer)
        assert not Request.objects.exists()

    def test_what_is_public_already_is_offered_while_typing(self, client, office):
        office.item(name="取水许可")
        found = json.loads(client.get(url("suggest"), {"q": "取水"}).content)["items"]
        assert [one["name"] for one in found] == ["取水许可"]
        page = client.get(url("new"), {"q": "取水"})
        assert "取水许可" in text_of(page)
        assert page.context["form"].initial["description"] == "取水"


class TestProgress:
    def shown(self, client, request):
        code = services.tracking_code(request)
        client.post(url("progress"), {"number": request.number, "code": code})
        return client.get(url("progress_of", request.number))

    def test_it_says_when_and_why_and_hides_what_is_inner(self, client, office):
        request = office.received()
        office.do("log_search", request, place="档案室", words="峡口", found="一份")
        office.do("draft", request, parts=[Part("全部", Kind.A)])
        page = self.shown(client, request)
        text = text_of(page)
        assert "2024年9月30日" in text
        assert "调休上班" in text
        for inner in ("登记检索", "拟写答复", "worker先生", NUMBERS[0], "毛小明", "呈批单"):
            assert inner not in text, inner
        assert "毛*明" in text

    def test_inner_papers_do_not_open(self, client, office):
        request = office.received()
        self.shown(client, request)
        kinds = {one.kind: one.id for one in documents_of(request.stream)}
        own = url("own_document", request.number, kinds["request_receipt"])
        inner = url("own_document", request.number, kinds["request_register"])
        assert (client.get(own).status_code, client.get(inner).status_code) == (200, 404)

    def test_the_applicant_corrects_gives_reasons_and_withdraws(self, client, office):
        request = office.received()
        office.do("ask_correction", request, wanted="请写明工程名称。", days=10)
        page = self.shown(client, request)
        assert page.context["about"]["can_correct"]
        own = url("own_act", request.number, "correct")
        assert "请写明工程名称" in text_of(client.get(own))
        assert post(client, own, text="").status_code == 422
        assert post(client, own, text="峡口水库").status_code == 302
        office.do("ask_reasons", request, wanted="本月第 26 件", days=5, hour=13)
        post(client, url("own_act", request.number, "reasons"), text="课题研究")
        post(client, url("own_act", request.number, "withdraw"), reason="")
        request.refresh_from_db()
        assert (request.state, request.result) == ("withdrawn", "f3")
        assert client.get(url("own_act", request.number, "dance")).status_code == 404

    def test_a_refused_act_is_said(self, client, office):
        request = office.received()
        self.shown(client, request)
        answer = post(client, url("own_act", request.number, "correct"), text="峡口水库")
        assert answer.status_code == 409
        assert "办理中" in text_of(answer)


class TestOffice:
    def test_every_verb_has_a_form_and_a_command(self):
        assert set(FORMS) == set(COMMANDS) == set(Verb)

    @pytest.mark.slow
    def test_a_life_through_the_forms(self, client, office):
        request = office.file()
        client.force_login(office.worker)
        page = client.get(url("detail", request.id))
        assert [one["verb"] for one in page.context["acts"]] == ["confirm_receipt", "withdraw"]
        day = ON.isoformat()
        act(client, request, "confirm_receipt", confirmed_date=day)
        act(client, request, "search", place="档案室", words="峡口", found="一份")
        act(
            *(client, request, "consult"),
            role="third",
            party_name="某公司",
            question="造价",
            reached_date=day,
        )
        office_page = client.get(url("detail", request.id))
        assert "answer_consultation" in [one["verb"] for one in office_page.context["acts"]]
        act(client, request, "answer_consultation", number=1, opinion="object", text="商业秘密")
        parts = {
            "scope_1": "报告正文",
            "kind_1": "a",
            "reason_1": "随本答复书提供。",
            "scope_2": "造价明细",
            "kind_2": "c4",
            "reason_2": "第三方不同意公开。",
        }
        refused = act(client, request, "draft", **parts)
        assert refused.status_code == 422
        assert "造价明细" in text_of(refused)
        done = act(client, request, "draft", **parts, override="正文不涉及第三方。")
        assert done.status_code == 302
        request.refresh_from_db()
        assert request.state == "drafted"
        assert "decide" not in [
            one["verb"] for one in client.get(url("detail", request.id)).context["acts"]
        ]
        client.force_login(office.head)
        assert act(client, request, "decide").status_code == 302
        act(client, request, "deliver", way="online")
        act(
            *(client, request, "register_remedy"),
            kind="reconsideration",
            body="江山市人民政府",
            raised_date=day,
        )
        remedy = queries.open_remedies(request)[0]
        act(client, request, "close_remedy", remedy_id=remedy.id, result="upheld")
        request.refresh_from_db()
        assert (request.state, request.result) == ("delivered", "b")
        page = text_of(client.get(url("report", 2024)))
        assert "42 项勾稽关系全部相符" in page

    @pytest.mark.both
    @pytest.mark.parametrize("verb", [verb for verb in Verb if verb is not Verb.DECIDE])
    def test_an_act_out_of_place_is_refused_in_words(self, client, office, verb):
        request = office.received()
        office.do("withdraw", request)
        client.force_login(office.head)
        answer = act(client, request, verb.value)
        assert answer.status_code in {409, 422}
        assert client.get(url("act", request.id, verb.value)).status_code == 405

    @pytest.mark.both
    def test_who_drafted_does_not_decide_even_as_head(self, client, office):
        request = office.received()
        office.do("draft", request, who=office.head, parts=[Part("全部", Kind.A)])
        client.force_login(office.head)
        answer = act(client, request, "decide")
        assert answer.status_code == 403
        assert "两个人" in text_of(answer)

    def test_a_standing_post_elsewhere_opens_nothing_here(self, client, office):
        request = office.received()
        office.people.post("other", Role.DISCLOSURE_HEAD, office.planning)
        client.force_login(office.other)
        assert client.get(url("detail", request.id)).status_code == 404

    @pytest.mark.both
    def test_the_register_is_narrowed(self, client, office):
        first, second = office.received(), office.file(description="另一件事")
        client.force_login(office.worker)

        def found(**asked):
            rows = client.get(url("register"), asked).context["rows"]
            return [row["number"] for row in rows]

        assert found() == [second.number, first.number]
        assert found(q="峡口") == found(state="handling") == [first.number]
        assert found(since="2024-09-03") == found(result="c1") == []
        assert found(since="nonsense") == [second.number, first.number]

    def test_addresses_that_mean_nothing_are_not_found(self, client, office):
        client.force_login(office.worker)
        for path in (
            *(url("report", 2007), url("report", 2025), url("detail", 1)),
            *(url("cell", 2024, "5", "new", "total"), url("cell", 2024, "3", "new", "none")),
        ):
            assert client.get(path).status_code == 404, path

    def test_numbers_and_days_beyond_all_measure_are_none(self, client, office):
        client.force_login(office.worker)
        assert client.get(url("report", 2024), {"unit": "9" * 5_000}).status_code == 200
        for name in ("desk", "register"):
            ends = {"since": "0001-01-01", "until": "9999-12-31"}
            assert client.get(url(name), ends).status_code == 200


class TestEvidence:
    def test_the_bundle_lists_every_file_with_its_hash_and_is_the_same_twice(
        self, client, office, monkeypatch
    ):
        import hashlib

        monkeypatch.setattr("mingtang.requests.bundle.why_not", lambda: "no fonts here")
        request = office.received()
        office.do("log_search", request, place="档案室", words="峡口", found="一份")
        office.decide(request, ON)
        client.force_login(office.worker)
        first, second = (client.get(url("evidence", request.id)).content for _ in range(2))
        assert first == second
        with zipfile.ZipFile(io.BytesIO(first)) as packed:
            manifest = json.loads(packed.read("manifest.json"))
            names = {one["name"] for one in manifest["files"]}
            assert names == set(packed.namelist()) - {"manifest.json"}
            for one in manifest["files"]:
                assert hashlib.sha256(packed.read(one["name"])).hexdigest() == one["sha256"]
            record = json.loads(packed.read("record.json"))
            events = json.loads(packed.read("ledger.json"))
        assert record["searches"][0]["place"] == "档案室"
        assert [one["kind"] for one in events][-1] == "request.decided"
        assert any("答复书" in name for name in names)


class TestPublic:
    def test_the_calculator_explains_itself(self, client, office):
        asked = {"channel": "counter", "submitted": "2024-09-02"}
        page = client.get(url("calculator"), asked)
        text = text_of(page)
        assert page.context["found"].due == date(2024, 9, 30)
        assert "国庆节调休上班" in text
        assert "711" in text
        old = client.get(url("calculator"), {"channel": "counter", "submitted": "2013-09-10"})
        assert "15 个工作日内答复" in text_of(old)
        wrong = client.get(url("calculator"), {**asked, "consulted_from": "2024-09-03"})
        assert wrong.status_code == 422
        unconfirmed = client.get(url("calculator"), {"channel": "letter", "submitted": ON})
        assert "双方确认之日" in text_of(unconfirmed)

    @pytest.mark.both
    def test_few_answers_make_no_share(self, client, office):
        for _ in range(4):
            office.decide(office.received(), ON)
        assert client.get(url("figures")).context["share"] is None
        office.decide(office.received(), ON)
        found = client.get(url("figures")).context
        assert (found["share"], found["figures"].median_days) == (100, 0)
        assert client.get(url("figures"), {"year": "nonsense"}).status_code == 200

    def test_the_pace_is_of_the_latest_answers_and_the_page_says_so(
        self, client, office, monkeypatch
    ):
        office.decide(office.received(), date(2024, 12, 2))
        for _ in range(5):
            office.decide(office.register(date(2024, 12, 3)), date(2024, 12, 3))
        asked = {"year": "2024"}
        whole = client.get(url("figures"), asked)
        assert (whole.context["share"], "件计算" in text_of(whole)) == (83, False)
        monkeypatch.setattr("mingtang.requests.queries.lists.PACE_OF", 5)
        latest = client.get(url("figures"), asked)
        found = latest.context["figures"]
        assert (latest.context["share"], found.answered, found.paced) == (100, 6, 5)
        assert "按期答复和用时按最近答复的 5 件计算" in text_of(latest)

    @pytest.mark.both
    def test_a_subject_knows_its_page_and_name(self, office):
        request = office.file()
        assert url_of(request.stream, for_staff=True) == url("detail", request.id)
        assert url_of(request.stream) is None
        assert url_of("information_requests:new") == url("index")
        assert titles_of([request.stream]) == {request.stream: f"{request.number} 信息公开申请"}


class TestCounts:
    def queries(self, client, path, django_assert_max_num_queries):
        with django_assert_max_num_queries(200) as captured:
            client.get(path)
        return len(captured)

    @pytest.mark.parametrize("name", ["desk", "register"])
    def test_more_rows_take_no_more_statements(
        self, client, office, name, django_assert_max_num_queries
    ):
        client.force_login(office.worker)
        office.received()
        client.get(url(name))
        few = self.queries(client, url(name), django_assert_max_num_queries)
        for _ in range(4):
            office.received()
        assert self.queries(client, url(name), django_assert_max_num_queries) == few

    @pytest.mark.both
    def test_pages_follow_one_another_without_gap_or_repeat(self, client, office, monkeypatch):
        monkeypatch.setattr("mingtang.requests.queries.lists.PAGE", 2)
        numbers = {office.received().number for _ in range(5)}
        client.force_login(office.worker)
        for name in ("desk", "register"):
            seen, path = [], url(name)
            while path:
                page = client.get(path)
                seen += [row["number"] for row in page.context["rows"]]
                path = page.context["next_url"] and url(name) + page.context["next_url"]
            assert (len(seen), set(seen)) == (5, numbers)
