"""How index numbers are made: a page for the office, a change by its head."""

import time_machine

from mingtang.disclosure.models import IndexScheme
from tests.world import new_command_id

PAGE = "/disclosure/office/numbers/"


def sent(office, **more):
    return {
        "command_id": new_command_id(),
        "organisation": str(office.organ.id),
        "template": "{region}{unit}-{year}-{serial:4}",
        "scope": "organ_year",
    } | more


def test_the_head_lays_down_how_numbers_are_made(client, office):
    client.force_login(office.head)
    assert client.post(PAGE, sent(office)).status_code == 302
    assert "{region}{unit}-{year}-{serial:4}" in client.get(PAGE).content.decode()
    item = office.published()
    assert item.index_number.endswith("-2013-0001")
    assert (
        client.post(PAGE, sent(office, template="{uscc}/{serial:6}", scope="organ")).status_code
        == 302
    )
    assert IndexScheme.objects.count() == 1


def test_a_template_that_would_give_numbers_twice_is_refused_and_kept_in_the_field(client, office):
    client.force_login(office.head)
    answer = client.post(PAGE, sent(office, template="{unit}-{serial:4}"))
    assert answer.status_code == 422
    assert "模板里要有年份" in answer.content.decode()
    assert "{unit}-{serial:4}" in answer.content.decode()
    assert not IndexScheme.objects.exists()


def test_what_waits_for_a_reviewer_and_for_the_head_stands_on_their_first_page(client, office):
    office.submit(office.draft())
    office.approved(title="已审核的一条")
    with time_machine.travel(office.at):
        for person, needs in (
            (office.worker, {"等我审核的公开信息": 1}),
            (office.head, {"等我审核的公开信息": 1}),
            (office.contact, {}),
            (office.other_head, {}),
        ):
            client.force_login(person)
            listed = {
                str(one["label"]): one["count"] for one in client.get("/today/").context["needs"]
            }
            assert {key: listed.get(key) for key in needs} == needs
            assert needs or not any("公开信息" in one for one in listed)


def test_others_read_it_or_do_not_find_it(client, office):
    client.force_login(office.worker)
    assert "改编号规则" not in client.get(PAGE).content.decode()
    client.post(PAGE, sent(office))
    assert not IndexScheme.objects.exists()
    client.force_login(office.world.stranger)
    assert client.get(PAGE).status_code == 404
    client.force_login(office.other_head)
    assert client.post(PAGE, sent(office)).status_code == 422  # the unit of another
    client.logout()
    assert client.get(PAGE).status_code == 302
