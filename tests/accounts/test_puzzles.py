"""Where much comes from one address a browser works for each form more; who cannot is told how to
wait, and a flood meets a limit all the same."""

import re
from dataclasses import replace
from itertools import count

import pytest
import time_machine
from django.urls import reverse

from mingtang.accounts import puzzles
from mingtang.accounts.models import Attempt
from mingtang.accounts.rules import LOOKUP_PER_CASE, LOOKUP_PER_SOURCE, PUZZLED
from mingtang.accounts.services import attempt_key
from mingtang.base import ids
from mingtang.cases.models import FilingDraft
from tests.cases.writing import applying
from tests.world import new_command_id

HERE = "127.0.0.1"
WRITING, LOOKUP, FILING = "writing_source", "lookup_source", "filing_source"


def solve(nonce, bits):
    return " ".join(
        str(next(n for n in count() if puzzles._zero_bits(f"{nonce}:{part}:{n}") >= bits))
        for part in range(puzzles.PARTS)
    )


def test_work_holds_for_its_nonce_and_number_of_parts_alone():
    answers = solve("a" * 32, 4)
    assert puzzles.is_worked("a" * 32, 4, answers)
    spoilt = (
        *("", answers[:-2], answers + " 1", answers.replace(" ", "  "), "-1 " * 7 + "1"),
        *("٣ " * 7 + "٣", "x" * 10_000, " ".join(["9" * 13] * puzzles.PARTS)),
    )
    assert not any(puzzles.is_worked("a" * 32, 4, one) for one in spoilt)
    assert not puzzles.is_worked("b" * 32, 12, answers)


def test_without_bits_to_ask_for_any_answer_would_do():
    """The control: it is the zero bits that are looked at."""
    assert puzzles.is_worked("a" * 32, 0, " ".join("0" * puzzles.PARTS))
    assert not puzzles.is_worked("a" * 32, 12, " ".join("0" * puzzles.PARTS))


@pytest.mark.django_db
class TestThePages:
    @pytest.fixture(autouse=True)
    def _crowd(self, world, settings, at):
        """From this address as much came as goes without work."""
        settings.MINGTANG_PUZZLE_BITS = 2
        with time_machine.travel(at, tick=False):
            self.at = at
            for purpose in (WRITING, LOOKUP, FILING):
                self.come(purpose, PUZZLED[purpose].most)
            yield

    def come(self, purpose, times, source=HERE):
        key = attempt_key(source)
        ids.lease()
        rows = (Attempt(purpose=purpose, key=key, at=self.at) for _ in range(times))
        Attempt.objects.bulk_create(rows)

    def send(self, client, worked=None, **more):
        told = {"text": "“水费”一页的电话是空号", "page": "/x/", "command_id": new_command_id()}
        if worked:
            told |= {"puzzle": worked[0], "puzzle_answers": solve(worked[1], worked[2])}
        return client.post(reverse("letters:page_error"), {**told, **more})

    def asked(self, answer):
        """The signed word, the nonce and the bits of the puzzle on a page."""
        page = answer.content.decode()
        word = re.search(r'name="puzzle" value="([^"]+)"', page)
        nonce = re.search(r'data-mt-puzzle="(\w+)" data-mt-puzzle-bits="(\d+)"', page)
        return (word[1], nonce[1], int(nonce[2])) if word and nonce else None

    def test_what_was_typed_stays_and_work_lets_it_through_once(self, client):
        first = self.send(client)
        assert first.status_code == 429
        page = first.content.decode()
        assert "“水费”一页的电话是空号" in page
        assert "请过 15 分钟再按下面的按钮" in page
        puzzle = self.asked(first)
        assert self.send(client, puzzle).status_code == 302
        again = self.send(client, puzzle)  # taken once
        assert again.status_code == 429
        assert self.send(client, self.asked(again)).status_code == 302

    def test_work_that_was_not_done_opens_nothing(self, client):
        word, _nonce, _bits = self.asked(self.send(client))
        for answers in ("", "0 0 0 0 0 0 0", "x"):
            told = {"puzzle": word, "puzzle_answers": answers}
            assert self.send(client, **told).status_code == 429

    def test_were_it_not_looked_at_nobody_would_work(self, client, monkeypatch):
        """The control."""
        monkeypatch.setattr(puzzles, "is_worked", lambda *told: True)
        word, _nonce, _bits = self.asked(self.send(client))
        assert self.send(client, puzzle=word).status_code == 302

    def test_it_is_of_one_form_one_address_and_a_quarter_of_an_hour(self, client):
        said = {"number": "X1", "code": "AAAA-BBBB-CC"}
        of_lookup = self.asked(client.post(reverse("letters:progress"), said))
        assert self.send(client, of_lookup).status_code == 429
        puzzle = self.asked(self.send(client))
        assert not puzzles.redeem(WRITING, "203.0.113.9", puzzle[0], solve(*puzzle[1:]), self.at)
        with time_machine.travel(self.at.timestamp() + puzzles.GOOD_FOR + 2, tick=False):
            assert not puzzles.redeem(WRITING, HERE, puzzle[0], solve(*puzzle[1:]), self.at)

    def test_a_flood_meets_the_limit_whatever_it_works(self, client, monkeypatch):
        monkeypatch.setattr(puzzles, "PAID_PER_SOURCE", replace(puzzles.PAID_PER_SOURCE, most=2))
        sent = [self.send(client, self.asked(self.send(client))).status_code for _ in range(2)]
        assert sent == [302, 302]
        last = self.send(client)
        assert last.status_code == 429
        assert self.asked(last) is None
        assert "15 分钟后再试" in last.content.decode()

    def test_where_the_setting_asks_for_none_it_waits_as_before(self, client, settings):
        settings.MINGTANG_PUZZLE_BITS = 0
        answer = self.send(client)
        assert (answer.status_code, self.asked(answer)) == (429, None)

    @pytest.mark.parametrize(
        ("route", "said"),
        [
            ("cases:progress", {"number": "330881016261114000001", "code": "AAAA-BBBB-CC"}),
            ("letters:progress", {"number": "X1", "code": "AAAA-BBBB-CC"}),
            ("requests:progress", {"number": "Q1", "code": "AAAA-BBBB-CC"}),
            ("villages:lookup", {"number": "Y1", "code": "AAAA-BBBB-CC"}),
        ],
    )
    def test_a_lookup_goes_on_for_who_works(self, client, route, said):
        first = client.post(reverse(route), said)
        assert first.status_code == 429
        word, nonce, bits = self.asked(first)
        worked = {**said, "puzzle": word, "puzzle_answers": solve(nonce, bits)}
        assert client.post(reverse(route), worked).status_code == 404  # looked at, and wrong

    def test_an_application_is_begun_by_who_works(self, client, world):
        path, fields = reverse("cases:file", args=[world.item()]), applying()
        first = client.post(path, fields)
        assert first.status_code == 429
        assert fields["applicant_name"] in first.content.decode()
        assert not FilingDraft.objects.exists()
        word, nonce, bits = self.asked(first)
        worked = {**fields, "puzzle": word, "puzzle_answers": solve(nonce, bits)}
        assert client.post(path, worked).status_code == 302
        assert FilingDraft.objects.count() == 1

    def test_guesses_at_one_number_stop_all_the_same(self, client):
        """Ten in a quarter of an hour at most: no work opens more."""
        said = {"number": "330881016261114000001", "code": "AAAA-BBBB-CC"}
        first = client.post(reverse("cases:progress"), said)
        self.come("lookup", LOOKUP_PER_CASE.most, f"{said['number']}|{HERE}")
        word, nonce, bits = self.asked(first)
        worked = {**said, "puzzle": word, "puzzle_answers": solve(nonce, bits)}
        assert client.post(reverse("cases:progress"), worked).status_code == 429

    def test_while_all_sources_guess_a_hall_works_for_each(self, client, monkeypatch):
        few = replace(LOOKUP_PER_SOURCE, overall=10)
        monkeypatch.setitem(PUZZLED, LOOKUP, few)
        monkeypatch.setattr("mingtang.letters.services.filing.LOOKUP_PER_SOURCE", few)
        Attempt.objects.filter(purpose=LOOKUP).delete()
        self.come(LOOKUP, 20, "203.0.113.9")
        self.come(LOOKUP, 7)
        said = {"number": "X1", "code": "AAAA-BBBB-CC"}
        word, nonce, bits = self.asked(client.post(reverse("letters:progress"), said))
        worked = {**said, "puzzle": word, "puzzle_answers": solve(nonce, bits)}
        assert client.post(reverse("letters:progress"), worked).status_code == 404
