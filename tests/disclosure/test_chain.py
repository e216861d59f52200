"""The review chain: nothing becomes public but by another person's approval of the same content."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import F

from mingtang.base.errors import NotAllowed
from mingtang.channels import queries as channel_queries
from mingtang.channels.models import Channel, Release
from mingtang.disclosure import queries, services
from mingtang.disclosure.models import Publication, Review, Version
from mingtang.disclosure.rules import chain
from mingtang.disclosure.services.common import content_of
from mingtang.ledger.queries import history
from mingtang.timing.queries import open_clock
from mingtang.timing.rules import ClockKind
from tests.disclosure.conftest import CONTENT


def test_an_item_goes_from_draft_to_the_public(office):
    item = office.published(services.On("board"), services.On("portal"))
    assert item.state == "published"
    assert item.index_number == "330881016/2013-00001"
    assert item.public_date == date(2013, 9, 17)
    assert queries.public_item(item.id).published_version.title == CONTENT.title
    assert [event.kind for event in history(item.subject)] == [
        "disclosure.drafted",
        "disclosure.submitted",
        "disclosure.reviewed",
        "disclosure.published",
    ]
    rows = channel_queries.of_subject(item.subject)
    assert [(row.channel.code, row.is_automatic) for row in rows] == [
        ("site", True),
        ("board", False),
        ("portal", False),
    ]
    assert {row.content_hash for row in rows} == {item.published_hash}


def test_the_days_of_the_law_run_from_the_formation_to_the_release(office):
    item = office.draft()
    clock = open_clock(item.subject, ClockKind.DISCLOSURE)
    # twenty working days after 10 September 2013, with two holidays and their make-up days
    assert (clock.start_date, clock.due_date) == (date(2013, 9, 10), date(2013, 10, 14))
    office.publish(office.review(office.submit(item)))
    assert open_clock(item.subject, ClockKind.DISCLOSURE) is None


def test_what_was_formed_before_the_law_has_no_term(office):
    item = office.draft(formed_date=date(2008, 4, 30))
    assert open_clock(item.subject, ClockKind.DISCLOSURE) is None


def test_who_drafted_never_reviews_nor_releases(office):
    item = office.submit(office.draft(office.head))
    with pytest.raises(chain.OwnDraft):
        office.review(item)
    item = office.review(item, office.worker)
    with pytest.raises(chain.OwnDraft):
        office.publish(item)


def test_reviewer_and_releaser_may_be_one(office):
    item = office.published()
    assert item.published_by == office.head
    assert item.version.reviews.get().reviewed_by == office.head


def test_who_changed_one_version_does_not_review_the_next(office):
    item = office.draft()
    services.revise(
        **office.bound(item), content=replace(CONTENT, title="改过的标题"), **office.by(office.head)
    )
    services.revise(
        **office.bound(item), content=replace(CONTENT, title="又改"), **office.by(office.contact)
    )
    office.submit(item)
    with pytest.raises(chain.OwnDraft):
        office.review(item)


def test_a_change_makes_another_hash_and_reopens(office):
    item = office.approved()
    before = item.version.content_hash
    changed = replace(content_of(item.version), title="关于开展检查的补充通知")
    services.revise(**office.bound(item), content=changed, **office.by(office.contact, 3))
    item = office.item(item.id)
    assert (item.state, item.version.number) == ("draft", 2)
    assert item.version.content_hash != before
    with pytest.raises(chain.NotNow):
        office.publish(item)


def test_what_is_public_stays_while_its_change_waits(office):
    item = office.published()
    changed = replace(content_of(item.version), title="更正后的通知")
    services.revise(**office.bound(item), content=changed, **office.by(office.contact, 4))
    assert queries.public_item(item.id).published_version.title == CONTENT.title
    assert [one.number for one in queries.public_versions(item)] == [1]
    office.submit(item)
    services.review(**office.bound(item), **office.by(office.head, 6))
    services.publish(**office.bound(item), **office.by(office.head, 7))
    item = office.item(item.id)
    assert queries.public_item(item.id).published_version.title == "更正后的通知"
    assert item.index_number == "330881016/2013-00001", "the number stays"
    assert [one.number for one in queries.public_versions(item)] == [2, 1]


def test_an_opinion_holds_for_what_was_read(office):
    item = office.submit(office.draft())
    read = office.bound(item)
    services.revise(
        **read, content=replace(CONTENT, body="完全不同的正文。"), **office.by(office.contact, 2)
    )
    with pytest.raises(chain.Changed):
        services.review(**read, **office.by(office.head, 3))


def test_secrecy_is_waited_for_where_anybody_asks(office):
    item = office.submit(office.draft(asks_secrecy=True))
    item = office.review(item)
    assert item.state == "secrecy"
    with pytest.raises(chain.NotNow):
        office.publish(item)
    services.clear(**office.bound(item), **office.by(office.secrecy, 3))
    assert office.publish(office.item(item.id)).is_public


def test_the_reviewer_may_ask_for_secrecy_too(office):
    item = office.review(office.submit(office.draft()), asks_secrecy=True)
    assert item.state == "secrecy"


def _sent_back_by_secrecy(office):
    item = office.review(office.submit(office.draft()), asks_secrecy=True)
    opinion = {"opinion": "第二段不宜公开"}
    services.send_back(**office.bound(item), **opinion, **office.by(office.secrecy, 3))
    return item


def _recalled_out_of_secrecy(office):
    item = office.review(office.submit(office.draft()), asks_secrecy=True)
    services.recall(publication_id=item.id, **office.by(office.contact, 3))
    return item


def _unticked_in_a_revision(office):
    item = office.draft(asks_secrecy=True)
    changed = replace(CONTENT, title="改过的标题")
    services.revise(**office.bound(item), content=changed, **office.by(office.contact, 3))
    return item


def _asked_of_an_earlier_version(office):
    item = office.review(office.submit(office.draft()), asks_secrecy=True)
    changed = replace(CONTENT, title="改过的标题")
    services.revise(**office.bound(item), content=changed, **office.by(office.contact, 3))
    return item


def _second_round(office, first):
    """Approved once more, and nobody ticks the box this time."""
    item = office.item(first(office).id)
    services.submit(**office.bound(item), **office.by(office.contact, 4))
    services.review(**office.bound(item), **office.by(office.head, 5))
    return office.item(item.id)


ROUNDS = pytest.mark.parametrize(
    "first",
    [
        _sent_back_by_secrecy,
        _recalled_out_of_secrecy,
        _unticked_in_a_revision,
        _asked_of_an_earlier_version,
    ],
)


@ROUNDS
def test_a_request_for_secrecy_outlasts_a_second_round(office, first):
    item = _second_round(office, first)
    assert item.state == "secrecy"
    Publication.objects.filter(id=item.id).update(state="approved")
    by = office.by(office.head, 6)
    with pytest.raises(chain.Unreviewed):
        services.publish(**office.bound(item), **by)
    Publication.objects.filter(id=item.id).update(state="secrecy")
    services.clear(**office.bound(item), **office.by(office.secrecy, 7))
    services.publish(**office.bound(item), **office.by(office.head, 8))
    assert office.item(item.id).is_public


@ROUNDS
def test_the_database_knows_of_a_request_for_secrecy_in_an_earlier_round(office, first):
    item = _second_round(office, first)
    _refused(item, item.version, office.head.id)
    services.clear(**office.bound(item), **office.by(office.secrecy, 7))
    _force(item, item.version, office.head.id)
    assert queries.public_item(item.id)


def _opinion(office, item, stage, verdict, minutes):
    return Review.objects.create(
        version=item.version,
        content_hash=item.version.content_hash,
        stage=stage,
        verdict=verdict,
        opinion="见附件",
        reviewed_at=office.by(office.head, minutes)["at"],
        reviewed_by=office.secrecy if stage == "secrecy" else office.head,
    )


def test_a_return_by_the_secrecy_reviewer_asks_for_clearance_too(office):
    """Even where nobody ticked a box; and what was cleared before the return is not clear."""
    item = office.draft()
    for stage, verdict in (("review", "approve"), ("secrecy", "approve"), ("secrecy", "return")):
        _opinion(office, item, stage, verdict, Review.objects.count())
    office.submit(item)
    services.review(**office.bound(item), **office.by(office.head, 5))
    item = office.item(item.id)
    assert item.state == "secrecy"
    _refused(item, item.version, office.head.id)
    _opinion(office, item, "secrecy", "approve", 6)
    _force(item, item.version, office.head.id)
    assert queries.public_item(item.id)


def test_a_request_of_the_next_version_does_not_touch_what_is_public(office):
    item = office.published()
    changed = replace(CONTENT, title="改过的标题")
    by = office.by(office.contact, 4)
    services.revise(**office.bound(item), content=changed, asks_secrecy=True, **by)
    services.submit(**office.bound(item), **office.by(office.contact, 5))
    services.review(**office.bound(item), **office.by(office.head, 6))
    assert office.item(item.id).state == "secrecy"
    assert queries.public_item(item.id).published_version.title == CONTENT.title


def test_what_was_sent_back_is_a_draft_again(office):
    item = office.submit(office.draft())
    services.send_back(**office.bound(item), opinion="请补上依据", **office.by(office.head, 2))
    item = office.item(item.id)
    assert item.state == "draft"
    office.submit(item)
    services.review(**office.bound(item), **office.by(office.head, 4))
    assert office.publish(office.item(item.id)).is_public


@pytest.mark.parametrize("attribute", ["on_request", "withheld"])
def test_what_is_not_for_everybody_never_appears(office, attribute):
    reason = "属于内部事务信息（条例第十六条）"
    item = office.approved(attribute=attribute, withheld_reason=reason)
    with pytest.raises(chain.NotPublic):
        office.publish(item)
    services.keep(**office.bound(item), **office.by(office.head, 3))
    item = office.item(item.id)
    assert (item.state, item.is_public) == ("kept", False)
    assert open_clock(item.subject, ClockKind.DISCLOSURE) is None
    assert queries.public_items(queries.PublicSought()).rows == []
    with pytest.raises(queries.NotFound):
        queries.public_item(item.id)


def test_what_was_taken_down_is_gone_with_its_releases(office):
    item = office.published(services.On("board"), services.On("paper"))
    services.take_down(publication_id=item.id, reason="内容有误", **office.by(office.head, 5))
    item = office.item(item.id)
    assert (item.state, item.is_public) == ("taken_down", False)
    with pytest.raises(queries.NotFound):
        queries.public_item(item.id)
    standing = [
        one.channel.code for one in channel_queries.of_subject(item.subject) if not one.withdrawn_at
    ]
    assert standing == ["paper"], "a newspaper cannot be called back"


def test_many_drafts_are_reviewed_in_one_act(office):
    items = [office.submit(office.draft(title=f"第 {n} 号通知")) for n in range(3)]
    hashes = {str(one.id): one.version.content_hash for one in items}
    services.review_many(hashes=hashes, opinion="同意", **office.by(office.head, 2))
    assert {office.item(one.id).state for one in items} == {"approved"}
    assert Review.objects.count() == 3
    assert all(history(one.subject)[-1].kind == "disclosure.reviewed" for one in items)


def test_many_are_reviewed_all_or_none(office):
    items = [office.submit(office.draft(title=f"第 {n} 号通知")) for n in range(2)]
    own = office.submit(office.draft(office.head))
    hashes = {str(one.id): one.version.content_hash for one in (*items, own)}
    with pytest.raises(chain.OwnDraft):
        services.review_many(hashes=hashes, **office.by(office.head, 2))
    assert {office.item(one.id).state for one in items} == {"review"}


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_stand_in_for_the_drafter_of_any_reviews_none(office, place):
    items = [office.submit(office.draft(title=f"第 {n} 号通知")) for n in range(2)]
    items.insert(place, office.submit(office.draft(office.worker)))
    hashes = {str(one.id): one.version.content_hash for one in items}
    stands_in = replace(office.world.actor(office.head), acting_for_id=str(office.worker.id))
    with pytest.raises(chain.OwnDraft):
        services.review_many(hashes=hashes, **office.by(stands_in, 2))
    assert {office.item(one.id).state for one in items} == {"review"}
    services.review_many(hashes=hashes, **office.by(office.head, 3))
    assert {office.item(one.id).state for one in items} == {"approved"}


# ── the database itself ───────────────────────────────────────────────────────────────────────


def _force(item: Publication, version: Version, person: int) -> None:
    """What somebody with a shell would write."""
    Publication.objects.filter(id=item.id).update(
        state="published",
        published_version=version,
        published_hash=version.content_hash,
        published_at=item.drafted_at,
        published_by=person,
        public_date=date(2013, 9, 17),
        index_number="x/2013-1",
    )


def _refused(item: Publication, version: Version, person: int) -> None:
    with pytest.raises(DatabaseError, match="not reviewed"), transaction.atomic():
        _force(item, version, person)


def test_the_database_takes_what_was_reviewed(office):
    item = office.approved()
    _force(item, item.version, office.head.id)
    assert queries.public_item(item.id)


def test_the_database_refuses_what_nobody_reviewed(office):
    item = office.draft()
    _refused(item, item.version, office.head.id)


def test_the_database_refuses_what_its_writer_reviewed(office):
    item = office.draft(office.head)
    Review.objects.create(
        version=item.version,
        content_hash=item.version.content_hash,
        stage="review",
        verdict="approve",
        reviewed_at=office.at,
        reviewed_by=office.head,
    )
    _refused(item, item.version, office.worker.id)


def test_the_database_refuses_its_writer_as_releaser(office):
    item = office.approved()
    _refused(item, item.version, office.contact.id)


def test_the_database_refuses_another_version_than_the_reviewed(office):
    item = office.approved()
    changed = replace(content_of(item.version), title="换了标题")
    services.revise(**office.bound(item), content=changed, **office.by(office.contact, 3))
    item = office.item(item.id)
    _refused(item, item.version, office.head.id)


def test_the_database_refuses_another_items_version(office):
    item, other = office.approved(), office.draft(title="另一条通知")
    Publication.objects.filter(id=other.id).update(version=item.version)
    _refused(other, item.version, office.head.id)


def test_the_database_refuses_what_was_sent_back_since(office):
    item = office.approved()
    services.send_back(**office.bound(item), opinion="再核一下数字", **office.by(office.head, 5))
    _refused(item, item.version, office.head.id)


def test_the_database_refuses_what_waits_for_secrecy(office):
    item = office.review(office.submit(office.draft(asks_secrecy=True)))
    _refused(item, item.version, office.head.id)


def test_the_database_refuses_what_is_for_applicants_only(office):
    item = office.approved(attribute="on_request", withheld_reason="涉及第三方，依申请公开")
    _refused(item, item.version, office.head.id)


def test_the_database_refuses_a_row_that_is_public_from_the_start(office):
    item = office.approved()
    with pytest.raises(DatabaseError, match="not reviewed"), transaction.atomic():
        Publication.objects.create(
            organisation=office.organ,
            drafted_at=office.at,
            drafted_by=office.contact,
            state="published",
            version=item.version,
            published_version=item.version,
            published_hash=item.version.content_hash,
            published_at=office.at,
            published_by=office.head,
            public_date=date(2013, 9, 17),
            index_number="y/2013-1",
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE disclosure_version SET title = '别的'",
        "DELETE FROM disclosure_version",
        "UPDATE disclosure_review SET verdict = 'return'",
        "DELETE FROM disclosure_review",
        "DELETE FROM disclosure_publication",
        "UPDATE disclosure_publication SET drafted_by_id = NULL",
        "DELETE FROM disclosure_indexnumber",
    ],
)
def test_history_is_not_rewritten(office, statement):
    office.published()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)


def _release(office, subject, content_hash):
    return Release.objects.create(
        channel=Channel.objects.get(code="board"),
        organisation=office.organ,
        subject=subject,
        title="张贴",
        content_hash=content_hash,
        item_count=1,
        quantity=1,
        measure="item",
        is_automatic=False,
        released_at=office.at,
        released_date=date(2013, 9, 17),
        entered_at=office.at,
        entered_by=office.worker,
        is_in_time=True,
    )


def test_the_database_takes_a_release_of_what_is_public(office):
    item = office.published()
    assert _release(office, item.subject, item.published_hash).id


def test_the_database_refuses_a_release_of_what_is_not(office):
    item = office.approved()
    with pytest.raises(DatabaseError, match="not public"), transaction.atomic():
        _release(office, item.subject, item.version.content_hash)


@pytest.mark.parametrize("subject", ["publication:1", "publication:x", "publication:"])
def test_the_database_refuses_a_release_of_nothing(office, subject):
    office.published()
    with pytest.raises(DatabaseError), transaction.atomic():
        _release(office, subject, "0" * 64)


def test_the_database_refuses_a_release_with_another_hash(office):
    item = office.published()
    with pytest.raises(DatabaseError, match="not public"), transaction.atomic():
        _release(office, item.subject, "0" * 64)


def test_an_import_makes_drafts_only(office):
    rows = [services.Imported(CONTENT, "113308810026310171/2013-127792")]
    made = services.import_drafts(
        organisation_id=office.organ.id, rows=rows, **office.by(office.worker)
    )
    item = office.item(made["publication_ids"][0])
    assert (item.state, item.is_public) == ("draft", False)
    assert item.index_number == "113308810026310171/2013-127792"
    with pytest.raises(queries.NotFound):
        queries.public_by_number(item.index_number)
    office.publish(office.review(office.submit(item)))
    assert queries.public_by_number(item.index_number).id == item.id


def test_the_administration_pages_know_none_of_it():
    from django.conf import settings

    assert "django.contrib.admin" not in settings.INSTALLED_APPS


def test_only_the_newest_version_is_called_published(office):
    item = office.published()
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(id=item.id).update(version=None, published_version=F("version"))


RAW = (
    "UPDATE disclosure_publication SET state = 'published', published_version_id = version_id,"
    " published_hash = %s, published_at = %s, published_by_id = %s, public_date = %s,"
    " index_number = 'raw/1' WHERE id = %s"
)


def test_the_database_refuses_plain_sql_too(office):
    """And takes it once the version is approved: the guard looks at the review, not at the way."""
    item = office.submit(office.draft())
    values = [item.version.content_hash, office.at, office.head.id, date(2013, 9, 17), item.id]
    with pytest.raises(DatabaseError, match="not reviewed"), transaction.atomic():
        connection.cursor().execute(RAW, values)
    office.review(item)
    connection.cursor().execute(RAW, values)
    assert queries.public_item(item.id).index_number == "raw/1"


def test_a_stand_in_for_the_drafter_is_no_other_person(office):
    item = office.submit(office.draft(office.worker))
    stands_in = replace(office.world.actor(office.head), acting_for_id=str(office.worker.id))
    with pytest.raises(chain.OwnDraft):
        services.review(**office.bound(item), **office.by(stands_in, 2))


def test_what_was_taken_down_by_mistake_goes_the_way_again(office):
    item = office.published()
    by = office.by(office.head, 5)
    services.take_down(publication_id=item.id, reason="误撤", **by)
    office.publish(office.review(office.submit(office.item(item.id))))
    item = office.item(item.id)
    assert item.is_public
    assert item.public_date == date(2013, 9, 17)
    site = [one for one in channel_queries.of_subject(item.subject) if one.channel.code == "site"]
    assert [one.withdrawn_at is None for one in site] == [False, True]


def test_another_day_of_formation_starts_the_days_anew(office):
    item = office.draft()
    later = replace(content_of(item.version), formed_date=date(2013, 9, 16))
    services.revise(**office.bound(item), content=later, **office.by(office.contact, 1))
    assert open_clock(item.subject, ClockKind.DISCLOSURE).due_date == date(2013, 10, 18)


def test_what_was_settled_as_not_public_has_its_days_again_when_it_changes(office):
    item = office.approved(attribute="on_request", withheld_reason="涉及第三方，依申请公开")
    services.keep(**office.bound(item), **office.by(office.head, 3))
    public = replace(content_of(item.version), attribute="active", withheld_reason="")
    services.revise(**office.bound(item), content=public, **office.by(office.contact, 4))
    assert open_clock(item.subject, ClockKind.DISCLOSURE).due_date == date(2013, 10, 14)


def test_only_who_wrote_an_item_takes_it_back(office):
    item = office.submit(office.draft())
    with pytest.raises(NotAllowed, match="退回"):
        services.recall(publication_id=item.id, **office.by(office.worker, 2))
    assert office.item(item.id).state == "review"
    services.recall(publication_id=item.id, **office.by(office.contact, 2))
    assert office.item(item.id).state == "draft"
