"""The receipt that who wrote a letter or asked for information takes away, by the code that is the
cases' too: whose it is, what it tells, and what that of a tip-off does not."""

import pytest
from django.urls import reverse

from mingtang.files import receipts
from mingtang.ledger import queries
from mingtang.ledger.services import grow_tree
from mingtang.ledger.verify_ledger import read_receipt
from mingtang.letters import services as letters
from mingtang.letters.rules.kinds import Kind
from mingtang.requests import services as requests
from tests.letters.office import NAME, PHONE, TEXT, TITLE
from tests.letters.office import Office as LetterOffice
from tests.requests.office import WANTED
from tests.requests.office import Office as RequestOffice
from tests.world import NUMBERS

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(params=["letters", "requests"])
def thing(request, db):
    """A letter or a request of the citizen's, its office, its query code, what it may not tell."""
    app = request.param
    if app == "letters":
        office = LetterOffice()
        found = office.file(writer=office.writer(person_id=office.citizen.id))
        told = (NAME, PHONE, TITLE, TEXT)
        return app, office, found, letters.tracking_code(found), told
    office = RequestOffice()
    found = office.file(applicant=office.applicant(person_id=office.citizen.id))
    told = ("毛小明", NUMBERS[0], WANTED)
    return app, office, found, requests.tracking_code(found), told


def _get(client, app, page, found):
    return client.get(reverse(f"{app}:{page}", args=[found.number]))


def test_it_is_its_writers_and_nobody_elses(client, thing, at):
    app, office, found, code, _ = thing
    grow_tree(at)
    people = ((office.citizen, 200), (office.stranger, 404), (office.worker, 404))
    for person, status in people:
        client.force_login(person)
        pages = ("proof", "proof_file", "proof_qr")
        assert {_get(client, app, page, found).status_code for page in pages} == {status}
    client.logout()
    assert _get(client, app, "proof_file", found).status_code == 404
    page = client.post(
        reverse(f"{app}:progress"), {"number": found.number, "code": code}, follow=True
    )
    assert reverse(f"{app}:proof", args=[found.number]) in page.content.decode()
    assert _get(client, app, "proof_file", found).status_code == 200


def test_the_file_holds_and_names_nobody(client, thing, at):
    app, office, found, code, told = thing
    client.force_login(office.citizen)
    assert "待生成" in _get(client, app, "proof", found).content.decode()
    grow_tree(at)
    content = _get(client, app, "proof_file", found).content
    leaf = read_receipt(content)["leaf"]
    assert leaf == queries.last_event(found.stream).leaf
    for secret in (*told, found.number, str(found.id), code):
        assert secret.encode() not in content
    assert leaf in _get(client, app, "proof", found).content.decode()


def _way_back(client, app, found, monkeypatch):
    said = []
    monkeypatch.setattr(receipts, "qr_svg", lambda text: said.append(text) or b"")
    monkeypatch.setattr(receipts, "QR_BYTES", 100)
    _get(client, app, "proof_qr", found)
    return said[0]


def test_a_big_receipts_picture_leads_back(client, thing, at, monkeypatch):
    app, office, found, code, _ = thing
    grow_tree(at)
    client.force_login(office.citizen)
    address, _, keys = _way_back(client, app, found, monkeypatch).partition("#")
    assert address.endswith(reverse(f"{app}:progress"))
    assert found.number in keys
    assert code in keys


def test_of_a_tip_off_nothing_leads_to_who_wrote_it(client, db, at, monkeypatch):
    """Neither the receipt, nor the record that its leaf stands for, nor the page or the picture on
    paper: with a tip-off nobody has to sign in."""
    office = LetterOffice()
    found = office.file(kind=Kind.TIP_OFF.value)
    keys = {"number": found.number, "code": letters.tracking_code(found)}
    client.post(reverse("letters:progress"), keys)
    grow_tree(at)
    leaf = read_receipt(_get(client, "letters", "proof_file", found).content)["leaf"]
    record = queries.last_event(found.stream)
    assert record.leaf == leaf
    spelt = str(record.hashed_row())
    assert record.actor_id is None
    for secret in (NAME, PHONE, TITLE, TEXT):
        assert secret not in spelt
    page = _get(client, "letters", "proof", found).content.decode()
    assert "举报" not in page.partition("<main")[2]
    assert "#" not in _way_back(client, "letters", found, monkeypatch)
