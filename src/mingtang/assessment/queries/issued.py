"""Reads of the licences that cases led to, as the ledger tells them."""

from mingtang.ledger.queries import facts_of_kind


def issued_licences() -> set[tuple[int, str]]:
    """Unit and number of every licence that a case issued."""
    return {
        (int(facts["organisation_id"]), str(facts["licence_number"]))
        for facts in facts_of_kind("case.issued")
        if facts.get("licence_number")
    }
