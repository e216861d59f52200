"""Rules: on what occasions people are told about a case, and in which words. Pure."""

from collections.abc import Mapping

from mingtang.cases.rules.occasions.applicant import TO_APPLICANT
from mingtang.cases.rules.occasions.staff import TO_STAFF
from mingtang.messages.rules import Occasion

OCCASIONS: tuple[Occasion, ...] = (*TO_APPLICANT, *TO_STAFF)
OCCASION_OF: Mapping[tuple[str, str], Occasion] = {
    (occasion.event, occasion.audience.value): occasion for occasion in OCCASIONS
}
