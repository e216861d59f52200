"""The seal register of three people, its pages; what a printed paper says."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from mingtang.accounts.models import Post
from mingtang.accounts.rules import Role
from mingtang.base.paging import Cursor
from mingtang.files import queries
from mingtang.files.printing import page_context
from mingtang.files.rules.documents import AlteredDocument, SealMethod
from mingtang.regions.models import OrganisationName
from tests.files.conftest import SEAL

pytestmark = [pytest.mark.django_db, pytest.mark.once]
SEALS = "/office/seals/"
DRAFT = "未盖章无效"


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def sealed(draw, seal, at):
    """Draws up and seals so many papers; instants repeat by sevens, across ends of pages."""

    def make(count: int = 1, **changed):
        made = []
        for number in range(count):
            document = draw(**changed)
            seal(document, at=at + timedelta(minutes=number // 7))
            made.append(document)
        return made

    return make


class TestRegister:
    def test_the_three_people(self, client, world, sealed):
        (document,) = sealed()
        assert client.get(SEALS).url == f"/sign-in/?next={SEALS}"
        for person in (world.stranger, world.clerk, world.handler):  # no business of theirs
            client.force_login(person)
            assert client.get(SEALS).status_code == 404
        neighbour = world.people.post("neighbour", Role.APPROVER, world.planning)
        client.force_login(neighbour)
        assert "还没有盖章记录" in text_of(client.get(SEALS))
        client.force_login(world.approver)
        page = text_of(client.get(SEALS))
        for said in ("补正通知书", document.number, "江山市水利局", SEAL, "approver先生"):
            assert said in page
        assert "2013年9月17日 10:00" in page
        assert "毛小明" not in page

    @pytest.mark.parametrize("role", sorted(queries.SEAL_READERS))
    def test_each_role_that_keeps_an_eye_on_seals(self, client, world, sealed, role):
        sealed()
        wide = role in {Role.CENTRE_MANAGER, Role.INSPECTOR}
        client.force_login(world.people.post("eye", role, world.centre if wide else world.water))
        assert SEAL in text_of(client.get(SEALS))
        assert f'href="{SEALS}"' in text_of(client.get("/"))

    def test_a_post_for_some_items_only_does_not_open_it(self, client, world, sealed):
        sealed()
        Post.objects.filter(person=world.approver).update(item_codes=["330881-qs"])
        client.force_login(world.approver)
        assert client.get(SEALS).status_code == 404
        assert f'href="{SEALS}"' not in text_of(client.get("/"))

    def test_a_substitute_for_all_items_reads_it_and_after_the_last_day_no_more(
        self, world, sealed
    ):
        sealed()
        until = date(2013, 9, 20)
        world.people.substitution(world.approver, world.colleague, to_date=until)
        assert queries.seal_register(world.scope(world.colleague)).rows
        later = world.scope(world.colleague, until + timedelta(days=1))
        assert queries.seal_register(later).rows == []

    def test_it_names_who_was_stood_in_for(self, client, world, draw, seal, sealed):
        actor = world.actor(world.approver)
        acting = replace(actor, id=str(world.clerk.id), acting_for_id=str(world.approver.id))
        seal(draw(), actor=acting)
        client.force_login(world.approver)
        assert "clerk先生（代 approver先生）" in text_of(client.get(SEALS))

    def test_unsealed_papers_are_not_in_it(self, client, world, draw):
        draw()
        client.force_login(world.approver)
        assert "还没有盖章记录" in text_of(client.get(SEALS))

    @pytest.mark.both
    def test_a_line_leads_to_what_the_paper_belongs_to(self, client, world, sealed, at):
        case = world.file(world.item(), at)
        (document,) = sealed(subject=case.stream)
        client.force_login(world.approver)
        link = reverse("files:sealed", args=[document.id])
        assert f'href="{link}"' in text_of(client.get(SEALS))
        page = client.get(link, follow=True)
        assert page.redirect_chain == [(reverse("cases:detail", args=[case.number]), 302)]
        assert page.status_code == 200

    def test_a_line_of_another_units_register_leads_nowhere(self, client, world, sealed, draw):
        (document,) = sealed()
        link = reverse("files:sealed", args=[document.id])
        assert client.get(link).url == f"/sign-in/?next={link}"
        client.force_login(world.people.post("neighbour", Role.APPROVER, world.planning))
        assert client.get(link).status_code == 404
        client.force_login(world.approver)
        assert client.get(link).status_code == 404  # case:42 is nobody's page
        for unknown in (draw().id, 1, 1 << 70):
            assert client.get(reverse("files:sealed", args=[unknown])).status_code == 404


class TestSearch:
    @pytest.fixture
    def found(self, client, world):
        client.force_login(world.manager)

        def ask(**asked) -> tuple[str, list[str]]:
            text = text_of(client.get(SEALS, asked))
            return text, re.findall(r"〔2013〕\d+号</td>", text)

        return ask

    @pytest.mark.both
    def test_by_title_number_unit_and_day(self, world, draw, seal, found, at):
        first, second = draw(), draw(title="受理通知书", mark="水利局受")
        other = draw(organisation=world.planning, mark="规划局受")
        seal(first)
        seal(second, at=at + timedelta(days=1))
        seal(other, at=at + timedelta(days=2))
        assert len(found()[1]) == 3
        for asked, count in (
            ({"q": "受理通知"}, 1),
            ({"q": second.number}, 1),
            ({"q": "水利局受"}, 1),
            ({"q": "没有的"}, 0),
            ({"unit": world.planning.id}, 1),
            ({"unit": world.water.id, "q": "补正"}, 1),
            ({"since": "2013-09-18"}, 2),
            ({"until": "2013-09-18"}, 2),
            ({"since": "2013-09-18", "until": "2013-09-18"}, 1),
            ({"since": "昨天", "unit": "1"}, 3),  # what is no day or no unit of theirs is let be
        ):
            assert len(found(**asked)[1]) == count, asked
        assert "没有找到这样的盖章记录" in found(q="没有的")[0]

    @pytest.mark.both
    def test_the_next_page_keeps_what_was_asked_for(self, sealed, found):
        sealed(queries.PAGE + 1)
        sealed(3, title="受理通知书", mark="水利局受")
        text, numbers = found(q="补正通知")
        assert len(numbers) == queries.PAGE
        (link,) = re.findall(r'href="(\?[^"]*after=[^"]*)"', text)
        assert "q=%E8%A1%A5" in link
        rest = found(q="补正通知", after=re.search(r"after=([0-9_]+)", link)[1])
        assert len(rest[1]) == 1

    def test_no_more_units_are_offered_than_are_the_readers(self, client, world, sealed):
        sealed()
        sealed(organisation=world.planning, mark="规划局受")
        client.force_login(world.approver)
        text = text_of(client.get(SEALS))
        assert '<option value="' in text
        assert "江山市规划局" not in text

    def test_it_says_how_each_was_sealed(self, client, world, draw, seal, settings):
        settings.MINGTANG_SEAL_PROVIDER = "local"
        seal(draw())
        seal(draw(), method=SealMethod.ELECTRONIC)
        client.force_login(world.approver)
        text = text_of(client.get(SEALS))
        assert text.count("实物印章") == 1
        assert text.count("电子签章") == 1


class TestPages:
    @pytest.mark.slow
    @pytest.mark.both
    def test_newest_first_without_gaps_or_doubles(self, world, sealed):
        made = sealed(70)
        scope, seen, after = world.scope(world.approver), [], None
        for _ in range(5):
            page = queries.seal_register(scope, after)
            seen += page.rows
            if page.next is None:
                break
            after = Cursor.read(str(page.next))
        keys = [(row.sealed_at, row.id) for row in seen]
        assert keys == sorted(keys, reverse=True)
        assert {row.id for row in seen} == {one.id for one in made}
        assert len(seen) == 70

    @pytest.mark.slow
    def test_the_last_page_has_no_next_and_a_garbled_address_is_the_first(
        self, client, world, sealed
    ):
        sealed(queries.PAGE)
        client.force_login(world.approver)
        assert "下一页" not in text_of(client.get(SEALS))
        sealed(1, mark="水利局受")
        assert "下一页" in text_of(client.get(SEALS))
        for garbled in ("x", "1_x", "_", "9" * 19 + "_1"):
            page = client.get(SEALS, {"after": garbled})
            assert page.status_code == 200
            assert page.content.count(b"<time") == queries.PAGE

    def test_more_lines_cost_no_more_questions(
        self, world, sealed, draw, seal, django_assert_num_queries
    ):
        scope = world.scope(world.manager)
        sealed()
        with django_assert_num_queries(2):  # the lines; the names of their units
            assert len(queries.seal_register(scope).rows) == 1
        sealed(12)
        seal(draw(organisation=world.planning), actor=world.actor(world.colleague))
        with django_assert_num_queries(2):
            rows = queries.seal_register(scope).rows
        assert len(rows) == 14
        assert {row.issuer for row in rows} == {"江山市水利局", "江山市规划局"}

    def test_the_page_itself_costs_the_same(
        self, client, world, sealed, django_assert_max_num_queries
    ):
        client.force_login(world.manager)
        counts = []
        for more in (1, 20):
            sealed(more)
            with django_assert_max_num_queries(14) as asked:
                client.get(SEALS)
            counts.append(len(asked))
        assert counts[0] == counts[1]


def _page(document, **more) -> str:
    request = HttpRequest()
    request.user = type("Nobody", (), {"is_authenticated": False})()
    return render_to_string("files/document.html", page_context(document) | more, request=request)


def _article(page: str) -> str:
    return re.search(r"<article.*</article>", page, re.DOTALL)[0]


class TestPrint:
    def test_a_paper_says_all_that_it_has_to_say_in_its_order(self, draw):
        said = [
            *(DRAFT, "补正通知书", "水利局补正〔2013〕1号", "毛小明："),
            *("您就“取水许可”提出的申请，材料不齐全。", "请于 2013年9月30日 前补正。"),
            *("需要补正的内容", "取水口位置图", "缺少比例尺", "已过有效期"),
            *("依据：《中华人民共和国行政许可法》第三十二条第一款第（四）项",),
            *("对本通知有疑问的，可以到窗口询问。", "江山市水利局", "2013年9月17日", "（盖章处）"),
        ]
        shown = re.sub(r"<[^>]*>", "\n", _article(_page(draw())))
        places = [shown.index(text) for text in said]
        assert places == sorted(places)

    def test_once_sealed_it_is_no_draft_and_names_the_seal(self, draw, seal):
        document = draw()
        assert _page(document).count(DRAFT) == 2  # on the paper, and across each printed sheet
        seal(document)
        document.refresh_from_db()
        page = _page(document)
        assert DRAFT not in page
        assert "（盖章处）" not in page
        assert f"（印章：{SEAL}）" in page
        assert "已盖章" in page

    def test_a_paper_that_needs_no_seal_is_no_draft_and_has_no_place_for_one(self, draw):
        page = _page(draw(needs_seal=False))
        assert DRAFT not in page
        assert "盖章处" not in page
        assert "无需盖章" in page

    def test_what_is_blank_is_left_out(self, draw):
        page = _article(_page(draw(mark="", legal_basis="", remedies="", rows=(), row_heads=())))
        for absent in ("official__number", "依据", "<table", "None"):
            assert absent not in page

    def test_what_people_wrote_stays_text(self, draw):
        page = _page(draw(addressee="<b>毛</b>", rows=(("<i>1</i>",),), row_heads=("{{ x }}",)))
        assert "&lt;b&gt;毛&lt;/b&gt;" in page
        assert "&lt;i&gt;1&lt;/i&gt;" in page
        assert "{{ x }}" in page
        assert "<b>毛" not in page

    @pytest.mark.both
    def test_the_unit_has_the_name_that_it_bore_on_that_day(self, draw, world):
        document = draw()
        OrganisationName.objects.filter(organisation=world.water).update(
            valid_to=date(2013, 12, 31)
        )
        OrganisationName.objects.create(
            organisation=world.water,
            position=2,
            name="江山市水务局",
            valid_from=date(2014, 1, 1),
        )
        assert "江山市水利局" in _article(_page(document))
        assert "江山市水务局" in _article(_page(draw(on=date(2014, 1, 2))))

    def test_it_leads_back_where_the_caller_says(self, draw):
        back = _page(draw(), back_route="cases:detail", number="330881016130917000001")
        assert 'href="/cases/330881016130917000001/"' in back
        assert "返回办件" in back
        assert "Ctrl+P" in back

    def test_an_altered_paper_is_not_shown(self, draw):
        document = draw()
        document.content = document.content.replace("毛小明", "毛小朋")
        with pytest.raises(AlteredDocument):
            page_context(document)

    def test_the_paper_of_a_case_can_be_opened_by_who_may_see_the_case(
        self, client, world, draw, at
    ):
        case = world.file(world.item(), at, world.citizen)
        document = draw(subject=case.stream)
        for person, route, status in (
            (world.clerk, "cases:document", 200),
            (world.colleague, "cases:document", 404),
            (world.citizen, "cases:own_document", 200),
            (world.stranger, "cases:own_document", 404),
        ):
            client.force_login(person)
            page = client.get(reverse(route, args=[case.number, document.id]))
            assert page.status_code == status
            assert ("水利局补正〔2013〕1号" in text_of(page)) is (status == 200)
