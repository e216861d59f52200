"""One upload of several subjects: no byte is copied, and it goes with the last who has it."""

import pytest

from mingtang.base.errors import Conflict, NotFound
from mingtang.files import services
from mingtang.files.models import Upload
from mingtang.files.queries import upload_of, uploads_by_subject, uploads_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def upload(at):
    stored = services.StoredFile("ab" * 16, "红线图.png", "image/png", 5, "0" * 64)
    return services.attach(stored, subject="joint:1", at=at)


def _share(upload, to):
    return services.share([upload.id], from_subject="joint:1", to_subject=to)


def test_it_belongs_to_both_and_is_one_file(upload):
    _share(upload, "case:2")
    assert uploads_of("case:2") == uploads_of("joint:1") == [upload]
    assert upload_of("case:2", upload.id) == upload
    assert upload_of("case:3", upload.id) is None
    assert uploads_by_subject(["case:2", "joint:1", "case:3"]) == {
        "case:2": [upload],
        "joint:1": [upload],
    }
    assert Upload.objects.count() == 1


def test_sharing_twice_is_sharing_once(upload):
    _share(upload, "case:2")
    _share(upload, "case:2")
    assert uploads_of("case:2") == [upload]


def test_what_is_shared_may_be_shared_on(upload):
    _share(upload, "case:2")
    services.share([upload.id], from_subject="case:2", to_subject="case:3")
    assert uploads_of("case:3") == [upload]


def test_what_one_does_not_have_one_cannot_share(upload):
    with pytest.raises(NotFound):
        services.share([upload.id], from_subject="case:9", to_subject="case:2")


def test_it_goes_with_the_last_who_has_it(upload):
    _share(upload, "case:2")
    services.remove(upload.id, subject="joint:1")
    assert uploads_of("joint:1") == []
    assert uploads_of("case:2") == [upload]
    services.remove(upload.id, subject="case:2")
    assert not Upload.objects.exists()


def test_who_lets_go_of_a_share_takes_it_from_nobody_else(upload):
    _share(upload, "case:2")
    services.remove(upload.id, subject="case:2")
    assert uploads_of("case:2") == []
    assert uploads_of("joint:1") == [upload]


def test_what_others_use_is_not_turned(upload):
    _share(upload, "case:2")
    with pytest.raises(Conflict):
        services.rotate(upload.id, subject="joint:1", quarter_turns=1)
