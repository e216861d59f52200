"""What pages of a case show masked, and what of it may be shown for a reason."""

from collections.abc import Iterator

from django.urls import reverse

from mingtang.accounts.rules import Scope
from mingtang.base.masking import mask_identity, mask_phone
from mingtang.cases.models import Case
from mingtang.cases.queries import answers_of, case_at_work
from mingtang.catalogue import queries as catalogue
from mingtang.persons.rules import Hidden, Opened, hidden
from mingtang.questions.rules import shown


def hidden_of(case: Case) -> tuple[Hidden, ...]:
    """What the head of the case's page masks."""
    number, proxy, proxy_phone = case.identity_number, case.proxy_identity, case.proxy_phone
    return hidden(
        ("identity_number", "证件号码", mask_identity(number), number),
        ("phone", "电话", mask_phone(case.phone), case.phone),
        ("proxy_identity", "代理人证件号码", mask_identity(proxy), proxy),
        ("proxy_phone", "代理人电话", mask_phone(proxy_phone), proxy_phone),
    )


def of_subject(scope: Scope, case_id: int) -> Opened:
    """All of it: the head, and numbers of persons among the answers. Raises NotFound for who has
    no post that opens the case; one's own is read elsewhere."""
    case = case_at_work(scope, case_id)
    title = f"{case.number} {case.edition.name}"
    url = reverse("cases:detail", args=[case.number])
    return Opened(title, url, (*hidden_of(case), *_answered(case)))


def _answered(case: Case) -> Iterator[Hidden]:
    form, answers = catalogue.form_of(case.edition), answers_of(case.id)
    pairs = zip(shown(form, answers), shown(form, answers, is_masked=True), strict=True)
    for plain, masked in pairs:
        if plain.text != masked.text:
            row = "" if plain.row is None else f".{plain.row}"
            yield Hidden(f"form.{plain.path}{row}", plain.title, masked.text, plain.text)
