"""Mail: it becomes a letter, a reply, a duplicate, or waits for a person; never is one lost."""

import socket
import threading
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingtang.base.errors import Conflict
from mingtang.letters import mailbox, services
from mingtang.letters.models import Letter, Mail
from mingtang.letters.rules.mail import MOST_A_DAY, MOST_BYTES, Quarantined, Trouble, read
from tests.letters.corpus import COUNT, corpus
from tests.letters.office import MAIL, moment
from tests.world import new_command_id


def raw(text="夜里停水。", *, sender=MAIL, subject="停水", number=1, **headers):
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    head = f"From: 祝 <{sender}>\nSubject: {subject}\nMessage-ID: <m{number}@example.cn>\n{more}"
    return f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}\n".encode()


def taken(content, hour=10):
    return services.take_mail(raw=content, at=moment_of(hour))


def moment_of(hour):
    from tests.letters.office import Office

    return moment(Office.start, hour)


@given(st.binary(max_size=400))
def test_whatever_the_bytes_are_it_is_read_or_said_why_not(content):
    try:
        told = read(b"From: a@b.cn\n" + content)
    except Quarantined:
        return
    assert told.sender == "a@b.cn"
    assert told.title
    assert told.text
    assert "\x00" not in told.text


def test_what_is_not_shown_is_not_read():
    page = "From: a@b.cn\nContent-Type: text/html; charset=utf-8\n\n<head><title>t</title></head>"
    told = read(f"{page}<script>var x</script><p>停水</p><p>两天</p>".encode())
    assert told.text == "停水\n两天"


@pytest.mark.django_db
class TestTaking:
    def test_a_mail_is_a_letter_and_its_answer_goes_on_with_it(self, office):
        assert taken(raw(subject="投诉：停水")) == "letter"
        letter = Letter.objects.get()
        assert (letter.kind, letter.source, letter.email) == ("complaint", "mail", MAIL)
        assert taken(raw("还停着", number=2, In_Reply_To="<m1@example.cn>")) == "reply"
        assert taken(raw("又停了", number=3, subject=f"Re: {letter.number}")) == "reply"
        assert [one.text for one in letter.additions.order_by("id")] == ["还停着", "又停了"]

    def test_nobody_else_goes_on_with_a_letter(self, office):
        taken(raw())
        stranger = raw("假的", sender="x@example.cn", number=2, In_Reply_To="<m1@example.cn>")
        assert taken(stranger) == "quarantined"
        assert Mail.objects.get(trouble=Trouble.STRANGER).letter is None

    def test_the_same_mail_is_one_letter(self, office):
        assert [taken(raw()), taken(raw()), taken(raw() + b"\n")] == [
            *("letter", "letter", "duplicate"),
        ]
        assert taken(raw(number=9)) == "duplicate"
        assert taken(raw("别的内容")) == "quarantined"
        assert Letter.objects.count() == 1

    def test_a_flood_from_one_sender_waits_and_nobody_elses_does(self, office):
        found = [taken(raw(f"第{n}封", number=n)) for n in range(MOST_A_DAY + 2)]
        assert found == ["letter"] * MOST_A_DAY + ["quarantined"] * 2
        assert taken(raw(sender="other@example.cn", number=99)) == "letter"

    def test_a_person_makes_a_letter_of_what_waited_or_not(self, office, client):
        taken(raw(Precedence="bulk"))
        mail = Mail.objects.get()
        client.force_login(office.worker)
        page = client.get(f"/letters/mails/{mail.id}/")
        assert page.status_code == 200
        said = {"title": "停水", "text": "夜里停水", "name": "祝阿根", "email": MAIL}
        answer = client.post(page.wsgi_request.path, {"command_id": new_command_id(), **said})
        assert answer.status_code == 302
        mail.refresh_from_db()
        assert mail.letter.text == "夜里停水"
        with pytest.raises(Conflict):
            services.settle(
                mail_id=mail.id,
                as_letter=False,
                actor=office.actor(office.worker),
                at=moment_of(11),
                command_id=new_command_id(),
            )


@pytest.mark.slow
@pytest.mark.django_db
def test_three_hundred_hostile_mails_end_as_something_and_none_is_lost(office):
    sent = list(corpus())
    found = Counter(taken(one) for one in sent)
    assert len(sent) == COUNT == sum(found.values())
    kept = {mail.raw.encode("latin-1"): mail for mail in Mail.objects.order_by("id")}
    assert set(kept) == set(sent)
    assert found["letter"] == Letter.objects.count() > 50
    assert min(found["reply"], found["duplicate"]) >= 1
    waiting = [mail.trouble for mail in kept.values() if mail.outcome == "quarantined"]
    assert set(waiting) >= set(Trouble) - {
        *(Trouble.OVERSIZE, Trouble.FLOOD, Trouble.STRANGER),  # tried by themselves
    }, Counter(waiting)
    assert taken(raw(sender="last@example.cn", number=1000)) == "letter"


@pytest.mark.django_db
class TestBoxes:
    def test_the_folder_is_emptied_and_what_is_too_large_is_kept_aside(
        self, office, tmp_path, settings
    ):
        settings.MINGTANG_MAIL_DROP, settings.MINGTANG_HOME = tmp_path / "drop", tmp_path
        drop = settings.MINGTANG_MAIL_DROP
        drop.mkdir()
        (drop / "1.eml").write_bytes(raw())
        (drop / "2.eml").write_bytes(b"x" * (MOST_BYTES + 1))
        (drop / "half.part").write_bytes(b"From")
        (drop / "3.eml").symlink_to(Path("/etc/hostname"))
        assert mailbox.poll(moment_of(10)) == 2
        assert sorted(path.name for path in drop.iterdir()) == ["3.eml", "half.part"]
        large = Mail.objects.get(trouble=Trouble.OVERSIZE)
        assert (tmp_path / "mail" / large.kept_as).stat().st_size == MOST_BYTES + 1
        assert Letter.objects.count() == 1

    def test_an_account_is_read_once_and_what_is_too_large_stays_there(self, office, settings):
        server = _Server([raw(), raw("别的", number=2)], large=3)
        settings.MINGTANG_IMAP_HOST, settings.MINGTANG_IMAP_PORT = "127.0.0.1", server.port
        settings.MINGTANG_IMAP_SECURITY, settings.MINGTANG_IMAP_USER = "none", "letters"
        assert mailbox.poll(moment_of(10)) == 3
        server.thread.join(timeout=10)
        assert server.seen == ["1", "2", "3"]
        assert Letter.objects.count() == 2
        assert Mail.objects.get(trouble=Trouble.OVERSIZE).kept_as == "IMAP letters 3"

    def test_a_box_that_is_away_harms_nothing(self, office, settings):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        settings.MINGTANG_IMAP_HOST, settings.MINGTANG_IMAP_PORT = "127.0.0.1", port
        settings.MINGTANG_IMAP_SECURITY = "none"
        assert mailbox.poll(moment_of(10)) == 0


class _Server:
    """As much of an IMAP server (RFC 9051) as the box asks for; answers one client."""

    def __init__(self, mails, large):
        self.mails, self.large, self.seen = mails, large, []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        client, _address = self.listening.accept()
        with client, client.makefile("rwb") as wire, self.listening:
            wire.write(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
            wire.flush()
            while line := wire.readline():
                tag, _, told = line.strip().partition(b" ")
                wire.write(self._answer(told) + tag + b" OK done\r\n")
                wire.flush()
                if told == b"LOGOUT":
                    return

    def _answer(self, told):
        words = told.split()
        if told.startswith(b"CAPABILITY"):
            return b"* CAPABILITY IMAP4rev1\r\n"
        if told.startswith(b"SELECT"):
            return b"* 3 EXISTS\r\n"
        if told.startswith(b"UID SEARCH"):
            return b"* SEARCH 1 2 3\r\n"
        if told.startswith(b"UID STORE"):
            self.seen.append(words[2].decode())
            return b""
        if b"RFC822.SIZE" in told:
            n = int(words[2])
            size = MOST_BYTES + 1 if n == self.large else len(self.mails[n - 1])
            return b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (n, n, size)
        if b"BODY.PEEK" in told:
            n = int(words[2])
            body = self.mails[n - 1]
            return b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)\r\n" % (n, n, len(body), body)
        return b"* BYE\r\n" if told == b"LOGOUT" else b""
