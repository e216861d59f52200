"""The receipt that an applicant takes away, seen by whom it is for, a colleague, a stranger."""

import pytest
from django.urls import reverse

from mingtang.cases import services
from mingtang.files import receipts
from mingtang.ledger import queries
from mingtang.ledger.services import grow_tree
from mingtang.ledger.verify_ledger import read_extension, read_receipt
from tests.world import NUMBERS

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PAGES = ("cases:proof", "cases:proof_file", "cases:proof_qr")


@pytest.fixture
def case(world, at):
    return world.file(world.item(), at, world.citizen)


def _get(client, page, case):
    return client.get(reverse(page, args=[case.number]))


def test_it_is_the_applicants_and_nobody_elses(client, world, case, at):
    grow_tree(at)
    for person, status in ((world.citizen, 200), (world.colleague, 404), (world.stranger, 404)):
        client.force_login(person)
        assert {_get(client, page, case).status_code for page in PAGES} == {status}
    client.logout()
    assert _get(client, "cases:proof_file", case).status_code == 404
    data = {"number": case.number, "code": services.tracking_code(case)}
    page = client.post(reverse("cases:progress"), data, follow=True)
    assert reverse("cases:proof", args=[case.number]) in page.content.decode()
    assert _get(client, "cases:proof_file", case).status_code == 200


def test_the_file_holds_and_names_nobody(client, world, case, at):
    grow_tree(at)
    client.force_login(world.citizen)
    content = _get(client, "cases:proof_file", case).content
    assert read_receipt(content)["leaf"] == queries.last_event(case.stream).leaf
    for told in (
        case.applicant_name,
        NUMBERS[0],
        case.number,
        str(case.id),
        world.citizen.username,
    ):
        assert told.encode() not in content
    assert read_receipt(content)["leaf"] in _get(client, "cases:proof", case).content.decode()


def test_until_a_head_covers_it_the_page_says_so(client, world, case, at):
    client.force_login(world.citizen)
    page = _get(client, "cases:proof", case).content.decode()
    assert "待生成" in page
    assert reverse("cases:proof_file", args=[case.number]) not in page
    assert _get(client, "cases:proof_file", case).status_code == 404


def test_the_picture_is_the_receipt_where_it_fits(client, world, case, at, monkeypatch):
    said = []

    def picture(text):
        said.append(text)
        return b""

    monkeypatch.setattr(receipts, "qr_svg", picture)
    grow_tree(at)
    client.force_login(world.citizen)
    _get(client, "cases:proof_qr", case)
    monkeypatch.setattr(receipts, "QR_BYTES", 100)
    _get(client, "cases:proof_qr", case)
    assert read_receipt(said[0].encode())
    assert said[1].partition("#")[0].endswith(reverse("cases:progress"))


def test_anyone_can_see_that_the_ledger_only_grew(client, world, case, at):
    grow_tree(at)
    first = queries.latest_head()
    world.file(world.item("330881-2"), at, world.citizen)
    grow_tree(at)
    answer = client.get(reverse("site:extension", args=[first.size]))
    assert read_extension(answer.content, first.size, first.root)["size"] > first.size
    assert client.get(reverse("site:extension", args=[10**6])).status_code == 404
    assert b"def read_receipt" in client.get(reverse("site:verifier")).content
