"""Tokens: bound to case, service, window and time; once; forged ones count for nothing."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mingtang.base.db import REFUSAL
from mingtang.interaction import queries, services
from mingtang.interaction.models import Rating, RatingToken
from mingtang.interaction.rules import (
    NotCompleted,
    OwnUnitMayNotCall,
    RatedAlready,
    StaffMayNotRate,
    TokenExpired,
    TokenUsed,
    UnknownToken,
)
from mingtang.ledger import queries as ledger
from mingtang.ledger.rules import Actor
from mingtang.regions.models import Centre, Window
from tests.world import new_command_id

pytestmark = pytest.mark.django_db
GUEST = Actor(id=None, label="申请人")


@pytest.fixture
def window(world):
    hall = Centre.objects.create(
        region=world.region, organisation=world.centre, name="大厅", level="county"
    )
    made = Window.objects.create(centre=hall, number="5", name="水利", organisation=world.water)
    world.clerk.posts.update(window=made)
    return made


@pytest.fixture
def world(db, _hall):
    return _hall()


@pytest.fixture
def done(world):
    return world.done


@pytest.fixture
def ask(world, window, done, at):
    def issue(case=None, channel="pad", **more):
        fields = {"window_id": window.id, "issued_by_id": world.clerk.id, "at": at, **more}
        subject = (case or done).stream
        return services.issue_token(subject=subject, channel=channel, **fields)

    return issue


def _spend(text, at, **more):
    fields = {"level": "satisfied", "text": "", "actor": GUEST, **more}
    return services.submit_by_token(token=text, at=at, command_id=new_command_id(), **fields)


class TestLife:
    def test_counts_once_for_its_window(self, ask, done, window, at):
        text = queries.written(ask())
        _spend(text, at, details={"attitude": "dissatisfied"})
        kept = Rating.objects.get()
        assert (kept.subject, kept.channel, kept.window_id) == (done.stream, "pad", window.id)
        assert ledger.history(done.stream)[-1].facts["window_id"] == str(window.id)
        assert [one.indicator for one in kept.details.all()] == ["attitude"]
        with pytest.raises(TokenUsed):
            _spend(text, at, level="dissatisfied")
        assert Rating.objects.count() == 1

    @pytest.mark.parametrize(
        ("channel", "last"), [("pad", timedelta(seconds=60)), ("receipt", timedelta(days=7))]
    )
    def test_holds_until_its_end_and_not_beyond(self, ask, at, channel, last):
        text = queries.written(ask(channel=channel))
        with pytest.raises(TokenExpired):
            _spend(text, at + last + timedelta(microseconds=1))
        with pytest.raises(TokenExpired):
            _spend(text, at - timedelta(seconds=1))
        _spend(text, at + last)
        assert Rating.objects.count() == 1

    def test_the_office_sets_how_long(self, ask, at, settings):
        settings.MINGTANG_RATING_PAD_SECONDS = 120
        assert ask().expires_at == at + timedelta(seconds=120)

    def test_two_tokens_of_one_service_count_once(self, ask, at):
        one, two = queries.written(ask()), queries.written(ask(channel="receipt"))
        _spend(one, at)
        with pytest.raises(RatedAlready):
            _spend(two, at)
        assert Rating.objects.count() == 1

    def test_nothing_is_asked_before_the_end_nor_after_a_rating(self, world, ask, at):
        going = world.file(world.item("330881-qs2", statutory=20, promised=5), at, world.citizen)
        with pytest.raises(NotCompleted):
            ask(going)
        _spend(queries.written(ask()), at)
        with pytest.raises(RatedAlready):
            ask()

    def test_a_clerk_who_is_signed_in_may_not_use_it(self, world, ask, at):
        with pytest.raises(StaffMayNotRate):
            _spend(queries.written(ask()), at, actor=world.actor(world.clerk))
        assert not Rating.objects.exists()

    def test_a_token_is_neither_changed_nor_freed(self, ask, at):
        token = ask()
        _spend(queries.written(token), at)
        for change in ({"used_at": None}, {"window_id": None}, {"subject": "case:1"}):
            with pytest.raises(Exception, match=REFUSAL), transaction.atomic():
                RatingToken.objects.filter(id=token.id).update(**change)

    def test_the_database_refuses_a_token_that_never_lives(self, done, at):
        with pytest.raises(IntegrityError), transaction.atomic():
            RatingToken.objects.create(
                subject=done.stream, completed_seq=1, channel="sms", issued_at=at, expires_at=at
            )


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Forger:
    """Makes texts that are no token out of tokens that are."""

    def __init__(self, genuine):
        self.chance, self.genuine = random.Random(7), genuine

    def forged(self):
        return "".join(self.chance.choice(LETTERS) for _ in range(32))

    def altered(self):
        text, place = self.chance.choice(self.genuine), self.chance.randrange(32)
        letter = self.chance.choice([one for one in LETTERS if one != text[place]])
        return text[:place] + letter + text[place + 1 :]

    def swapped(self):
        """The number of one with the code of another, of any two."""
        head, tail = self.chance.sample(self.genuine, 2)
        mixed = head[: (cut := self.chance.choice([11, 12, 16]))] + tail[cut:]
        return mixed if mixed not in self.genuine else self.forged()

    def damaged(self):
        text = self.chance.choice(self.genuine)
        return self.chance.choice([text[:-1], text + "A", text[::-1], "", "评" * 32])


def many_tokens(token, count):
    """As many tokens of the same service as are wanted, in one statement, written out."""
    named = ("subject", "completed_seq", "channel", "window_id", "issued_by_id", "issued_at")
    fields = {name: getattr(token, name) for name in (*named, "expires_at")}
    rows = RatingToken.objects.bulk_create([RatingToken(**fields) for _ in range(count)])
    return [queries.written(row) for row in rows]


def kept_rows():
    used = RatingToken.objects.filter(used_at__isnull=False)
    return (
        *(Rating.objects.count(), used.count(), ledger.command_count(), ledger.event_count()),
        Rating.objects.filter(level="very_dissatisfied").count(),
    )


@pytest.mark.parametrize(
    "each",
    [50, pytest.param(1000, marks=[pytest.mark.slow, pytest.mark.once])],
    ids=["250", "5000"],
)
def test_of_forged_replayed_expired_and_swapped_tokens_none_counts(world, ask, done, at, each):
    """Each is tried on the whole command by which a rating is given."""
    item = world.item("330881-qs3", statutory=20, promised=5)
    other = world.bring(world.file(item, at, world.citizen), "delivered", at)
    spent, late, good = queries.written(ask(other)), queries.written(ask()), ask(channel="receipt")
    _spend(spent, at)
    forger = Forger([spent, late, *many_tokens(good, each)])
    made = (forger.forged, forger.altered, forger.swapped, forger.damaged)
    tried = [(make(), UnknownToken) for make in made for _ in range(each)]
    tried += [(spent, TokenUsed), (late, TokenExpired)] * (each // 2)
    forger.chance.shuffle(tried)
    before, soon = kept_rows(), at + timedelta(minutes=2)
    for text, refusal in tried:
        with pytest.raises(refusal):
            _spend(text, soon, level="very_dissatisfied")
    assert len(tried) == 5 * each
    assert kept_rows() == before
    _spend(queries.written(good), soon)  # the control: the true one still counts
    assert kept_rows()[:2] == (before[0] + 1, before[1] + 1)


class TestPages:
    @pytest.fixture(autouse=True)
    def _at_that_time(self, monkeypatch, at):
        for name in ("citizen", "desk"):
            monkeypatch.setattr(f"mingtang.interaction.views.{name}.now", lambda: at)

    @pytest.fixture
    def url(self, ask):
        text = queries.written(ask(channel="receipt"))
        return reverse("interaction:by_token", args=[text])

    def _said(self, **more):
        return {"level": "satisfied", "text": "", "command_id": new_command_id(), **more}

    def test_whoever_holds_it_rates_and_sees_nothing_else_of_the_case(self, client, done, url):
        page = client.get(url).content.decode()
        assert page.count('type="radio"') == 5
        assert "毛" not in page
        assert done.number not in page
        assert client.post(url, self._said(text="很好")).status_code == 302
        thanks = client.get(url)
        assert thanks.status_code == 200
        assert "谢谢" in thanks.content.decode()
        assert "很好" not in thanks.content.decode()

    def test_a_second_time_is_told_politely(self, client, url):
        client.post(url, self._said())
        answer = client.post(url, self._said(level="dissatisfied"))
        assert answer.status_code == 409
        assert "评价已经收到" in answer.content.decode()
        assert Rating.objects.count() == 1

    def test_a_late_one_is_told_politely(self, client, url, at, monkeypatch):
        late = at + timedelta(days=8)
        monkeypatch.setattr("mingtang.interaction.views.citizen.now", lambda: late)
        for answer in (client.get(url), client.post(url, self._said())):
            assert answer.status_code == 409
            assert "已经过期" in answer.content.decode()
        assert not Rating.objects.exists()

    def test_a_forged_one_is_a_404_with_a_sentence(self, client, db):
        answer = client.get(reverse("interaction:by_token", args=["A" * 32]))
        assert answer.status_code == 404
        assert "评价链接" in answer.content.decode()

    def test_nothing_chosen_is_asked_again(self, client, url):
        assert client.post(url, self._said(level="")).status_code == 422

    def test_a_clerk_does_not_rate_with_it(self, client, world, url):
        client.force_login(world.clerk)
        assert client.get(url).status_code == 403
        assert client.post(url, self._said()).status_code == 403

    def test_the_pad_asks_for_one_press(self, client, ask):
        page = client.get(reverse("interaction:by_token", args=[queries.written(ask())]))
        assert page.content.decode().count('name="level"') == 5

    def test_the_clerk_prompts_and_the_pad_gets_its_page(self, client, world, window, done):
        client.force_login(world.clerk)
        sent = {"case": done.number, "window": window.id}
        answer = client.post(reverse("interaction:prompt"), sent)
        assert answer.status_code == 201
        client.logout()
        assert client.get(answer.json()["url"]).status_code == 200
        assert RatingToken.objects.get().window_id == window.id

    def test_not_for_a_window_where_one_does_not_sit(self, client, world, window, done):
        client.force_login(world.clerk)
        sent = {"case": done.number, "window": window.id + 1}
        answer = client.post(reverse("interaction:prompt"), sent)
        assert answer.status_code == 403
        assert answer.json()["error"]

    @pytest.mark.parametrize("who", ["colleague", "stranger", None])
    def test_nobody_else_prompts_or_prints(self, client, world, done, who):
        if who:
            client.force_login(getattr(world, who))
        refused = {302, 403} if who is None else {404}  # 403: what was typed waits
        prompted = client.post(reverse("interaction:prompt"), {"case": done.number})
        assert prompted.status_code in refused
        slip = reverse("interaction:slip", args=[done.number])
        assert {client.get(slip).status_code, client.post(slip).status_code} <= refused
        assert not RatingToken.objects.exists()

    def test_the_slip_shows_a_code_to_scan(self, client, world, done, window):
        client.force_login(world.clerk)
        slip = reverse("interaction:slip", args=[done.number])
        assert client.get(slip).status_code == 200
        picture = client.post(slip).context["picture"]  # our policy shows none inside the page
        assert client.get(picture).content.startswith(b"<svg")
        assert client.get(picture.replace("/rate/", "/rate/A")).status_code == 404


class TestTelephone:
    def _call(self, world, who, case, at, **more):
        fields = {"level": "dissatisfied", "text": "", **more}
        return services.submit_call(
            number=case.number, actor=world.actor(who), at=at, command_id=new_command_id(), **fields
        )

    def test_somebody_of_another_unit_types_it(self, world, done, at):
        self._call(world, world.colleague, done, at)
        kept = Rating.objects.get()
        assert (kept.channel, kept.typed_by_id) == ("phone", world.colleague.id)

    @pytest.mark.parametrize("who", ["clerk", "handler", "approver"])
    def test_nobody_of_the_unit_does(self, world, done, at, who):
        with pytest.raises(OwnUnitMayNotCall):
            self._call(world, getattr(world, who), done, at)
        assert not Rating.objects.exists()

    def test_a_page_for_it(self, client, world, done):
        url = reverse("interaction:call")
        said = {"number": done.number, "level": "satisfied", "command_id": new_command_id()}
        client.force_login(world.stranger)
        assert client.post(url, said).status_code == 404
        client.force_login(world.clerk)
        answer = client.post(url, said)
        assert answer.status_code == 403
        assert "别的单位" in answer.content.decode()
        client.force_login(world.colleague)
        assert client.get(url).status_code == 200
        assert client.post(url, said).status_code == 302
        assert Rating.objects.count() == 1
