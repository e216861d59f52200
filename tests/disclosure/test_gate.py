"""The look before release stops an approval until the text is cleaned or the reviewer says why."""

from dataclasses import replace

import pytest

from mingtang.disclosure import services
from mingtang.disclosure.services.common import content_of

NUMBER = "330881190001010015"


def test_a_citizen_number_stops_the_approval_until_it_is_gone(office):
    item = office.submit(office.draft(body=f"联系人毛小明，身份证 {NUMBER}。"))
    with pytest.raises(services.Blocked, match="公民身份号码"):
        office.review(item)
    cleaned = replace(content_of(item.version), body="联系人毛小明。")
    services.revise(**office.bound(item), content=cleaned, **office.by(office.contact, 2))
    office.submit(item)
    assert office.publish(office.review(office.item(item.id))).is_public


def test_a_justified_finding_passes_and_is_kept_masked(office):
    item = office.submit(office.draft(body="值班手机 13812345678。"))
    item = office.review(item, justification="依法公开的值班手机")
    review = item.version.reviews.get()
    assert review.justification == "依法公开的值班手机"
    assert review.findings[0]["code"] == "mobile"
    assert "13812345678" not in str(review.findings)
    assert office.publish(item).is_public


def test_a_title_is_looked_at_too(office):
    item = office.submit(office.draft(title=f"关于 {NUMBER} 的公告"))
    with pytest.raises(services.Blocked):
        office.review(item)


def test_in_bulk_the_item_that_is_stopped_is_named(office):
    good = office.submit(office.draft(title="可以公开的通知"))
    bad = office.submit(office.draft(title="带号码的通知", body=f"号码 {NUMBER}"))
    hashes = {str(one.id): one.version.content_hash for one in (good, bad)}
    with pytest.raises(services.Blocked, match="带号码的通知"):
        services.review_many(hashes=hashes, **office.by(office.head, 2))
    assert office.item(good.id).state == "review"
