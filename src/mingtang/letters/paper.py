"""What letters say of their paper receipts: the head of the office confirms them, of letters that
are there for them and whose writer they may know, for the scan names the writer."""

from django.db.models import Q

from mingtang.accounts.rules import Scope
from mingtang.letters.models import Letter
from mingtang.letters.queries import of_known_writers
from mingtang.letters.services import confirm_paper_receipt, refuse_paper_receipt
from mingtang.letters.services.paper_receipts import KIND
from mingtang.outage.rooms import Room
from mingtang.outage.rules import LETTER_HEADS


def readable(scope: Scope) -> Q:
    """The receipts of these letters alone."""
    return Q(subject_id__in=Letter.objects.filter(of_known_writers(scope)).values("id"))


ROOM = Room(
    kind=KIND,
    confirm=confirm_paper_receipt,
    refuse=refuse_paper_receipt,
    unit_roles=LETTER_HEADS,
    readable=readable,
)
