"""What the page of a letter shows masked, and what of it may be shown for a reason."""

from django.urls import reverse

from mingtang.accounts.rules import Scope
from mingtang.base.masking import mask_address, mask_mail_address, mask_phone
from mingtang.letters import queries
from mingtang.letters.rules.kinds import Kind, Writer
from mingtang.persons.rules import Hidden, Opened, hidden


def hidden_of(writer: Writer | None) -> tuple[Hidden, ...]:
    """How to reach who wrote; nothing where it is kept from the reader who that is."""
    if writer is None:
        return ()
    return hidden(
        ("phone", "联系电话", mask_phone(writer.phone), writer.phone),
        ("email", "电子邮箱", mask_mail_address(writer.email), writer.email),
        ("address", "联系地址", mask_address(writer.address), writer.address),
    )


def of_subject(scope: Scope, letter_id: int) -> Opened:
    """Raises NotFound as the page does."""
    letter = queries.letter_for(scope, letter_id)
    found = hidden_of(queries.seen_by(scope, letter).writer)
    url = reverse("letters:detail", args=[letter.id])
    return Opened(f"{letter.number} {Kind(letter.kind).label}", url, found)
