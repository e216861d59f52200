"""Services: the procedures that a new database begins with."""

from mingtang.catalogue.models import ProcedureProfile
from mingtang.catalogue.rules.profiles import SHIPPED

ALIKE = (
    *("key", "label", "valid_from", "valid_to", "statutory_basis", "completeness_days"),
    *("delivery_days", "has_deemed_acceptance", "has_deemed_renewal", "extension_days"),
    *("remedies", "basis"),
)


def lay_profiles() -> None:
    """The profiles as shipped, one row a period; small ids, which no generated one ever has."""
    rows = [
        ProcedureProfile(
            id=number,
            statutory_amount=one.statutory.amount if one.statutory else None,
            statutory_unit=one.statutory.unit.value if one.statutory else None,
            **{name: getattr(one, name) for name in ALIKE},
        )
        for number, one in enumerate(SHIPPED, 1)
    ]
    ProcedureProfile.objects.bulk_create(rows)
