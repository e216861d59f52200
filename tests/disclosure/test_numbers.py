"""Index numbers: templates, check digits, unique without gaps, numbers of before."""

from datetime import date

import pytest
from django.db import transaction

from mingtang.disclosure import queries, services
from mingtang.disclosure.models import IndexNumber
from mingtang.disclosure.rules import index
from mingtang.disclosure.rules.index import Organ, Scheme, SerialScope
from mingtang.disclosure.services.numbers import NumberTaken
from mingtang.regions.models import Organisation

CENTRE = Organ(7, "113308810026310171", "330881000000", "090")
ON = date(2013, 9, 17)


@pytest.mark.parametrize(
    ("template", "scope", "number"),
    [
        ("{uscc}/{year}-{serial:1}", SerialScope.SITE, "113308810026310171/2013-127792"),
        ("{uscc}/{yyyymm}-{serial:5}", SerialScope.ORGAN_YEAR, "113308810026310171/201309-127792"),
        ("{orgcode}-{year}-{serial:1}", SerialScope.YEAR, "002631017-2013-127792"),
        ("{region}{unit}/{year}-{serial:8}", SerialScope.ORGAN, "330881090/2013-00127792"),
    ],
)
def test_a_template_spells_the_numbers_that_are_in_use(template, scope, number):
    index.check_template(template, scope)
    assert index.spell(Scheme("x", template, scope), CENTRE.parts(ON), 127792) == number


@pytest.mark.parametrize(
    ("template", "scope", "said"),
    [
        ("{uscc}/{year}", SerialScope.ORGAN, "流水号"),
        ("{uscc}/{serial:3}{serial:3}", SerialScope.ORGAN, "流水号"),
        ("{name}/{serial:3}", SerialScope.SITE, "不认识"),
        ("{year}-{serial:3}", SerialScope.ORGAN, "单位的代码"),
        ("{uscc}-{serial:3}", SerialScope.ORGAN_YEAR, "年份"),
        ("江山{uscc}/{serial:3}", SerialScope.ORGAN, "模板里只能"),
    ],
)
def test_a_template_that_would_number_twice_is_refused(template, scope, said):
    with pytest.raises(index.BadScheme, match=said):
        index.check_template(template, scope)


@pytest.mark.parametrize(
    ("number", "doubtful"),
    [
        ("000014349/2017-00110", False),
        ("113308810026310171/2013-127792", False),
        ("11341702486344515H/202110-00013", False),
        ("01527918X-2020-153077", False),
        ("035210000/2025-00016", True),
        ("000000001/2021-00151", True),
        ("113308810026310172/2013-1", True),
        ("330881-slj-2013-1", False),
    ],
)
def test_check_digits_of_a_number_are_doubts_never_refusals(number, doubtful):
    assert bool(index.doubts_of(number)) is doubtful
    assert index.check_number(f" {number} ") == number


def test_a_year_that_is_not_the_papers_is_a_doubt():
    assert index.year_doubts("113308810026310171/2013-127792", date(2014, 1, 9))
    assert not index.year_doubts("113308810026310171/2013-127792", date(2013, 1, 9))
    assert not index.year_doubts("11341702486344515H/202110-00013", date(2021, 10, 1))


def test_the_scheme_of_a_unit_goes_before_everybodys(office):
    by = office.by(office.head)
    services.set_scheme(code="all", template="{year}-{serial:3}", scope=SerialScope.YEAR, **by)
    services.set_scheme(
        code="own",
        template="{region}{unit}-{serial:4}",
        scope=SerialScope.ORGAN,
        organisation_id=office.organ.id,
        **office.by(office.head),
    )
    assert office.published().index_number == "330881016-0001"


def test_a_unit_with_a_credit_code_is_numbered_by_it(office):
    Organisation.objects.filter(id=office.organ.id).update(credit_code="113308810026310171")
    assert office.published().index_number == "113308810026310171/2013-00001"


def test_numbers_run_without_gaps_whatever_is_refused_between(office):
    first = office.published(title="第一条信息")
    refused = office.approved(title="第二条信息")
    with transaction.atomic():
        office.publish(refused)
        transaction.set_rollback(True)
    assert IndexNumber.objects.filter(publication=refused).count() == 0
    second = office.published(title="第三条信息")
    numbers = [first.index_number, second.index_number]
    assert numbers == ["330881016/2013-00001", "330881016/2013-00002"]


def test_a_number_that_came_with_an_item_is_passed_over(office):
    old = office.draft(title="迁移来的信息")
    services.add_old_number(
        publication_id=old.id, number="330881016/2013-00001", **office.by(office.worker)
    )
    assert office.published(title="新的信息").index_number == "330881016/2013-00002"


def test_old_numbers_find_the_item_and_keep_the_organs_earlier_name(office):
    item = office.published()
    done = services.add_old_number(
        publication_id=item.id,
        number="000000001/2012-00151",
        organ_name="江山市水利水电局",
        **office.by(office.worker),
    )
    assert len(done["doubts"]) == 2, "a placeholder, and another year"
    assert queries.public_by_number("000000001/2012-00151").id == item.id
    named = [(one.number, one.organ_name) for one in queries.public_numbers(item)]
    assert named == [
        ("330881016/2013-00001", "江山市水利局"),
        ("000000001/2012-00151", "江山市水利水电局"),
    ]
    with pytest.raises(NumberTaken):
        services.add_old_number(
            publication_id=office.draft(title="另一条").id,
            number="000000001/2012-00151",
            **office.by(office.worker),
        )
