"""Rules: procedure profiles, dated. The permit law is one profile, never the default."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from mingtang.catalogue.rules.limits import Limit
from mingtang.timing.rules import Unit

LITIGATION_REVISED = date(2015, 5, 1)
ASKED_BEFORE = (
    "对决定不服的，可以在知道决定之日起六十日内申请行政复议，或者在三个月内提起行政诉讼。"
)
ASKED_SINCE = "对决定不服的，可以在知道决定之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。"
SERVED_BADLY = "对服务不满意的，可以向中心监督电话投诉，也可以在网上评价。"


@dataclass(frozen=True)
class Profile:
    """What the procedure of a kind is where the item itself says nothing else, and since when.

    Kinds other than permits have no limit but the stated one. `remedies` is what a refusal tells.
    """

    key: str
    label: str
    statutory: Limit | None = None
    statutory_basis: str = ""
    completeness_days: int = 5
    delivery_days: int = 10
    has_deemed_acceptance: bool = False
    has_deemed_renewal: bool = False
    extension_days: int = 0  # working days by which the head of the agency may extend; 0: never
    remedies: str = ASKED_SINCE
    basis: str = ""
    valid_from: date = date(2004, 1, 1)
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


# 二十个工作日、延长十日、五日告知补正与逾期视为受理、十日送达、逾期视为准予延续:
# 《行政许可法》第四十二、三十二、四十四、五十条。
PERMIT = Profile(
    key="permit",
    label="行政许可程序",
    statutory=Limit(20, Unit.WORKING_DAY),
    statutory_basis="《中华人民共和国行政许可法》第四十二条",
    has_deemed_acceptance=True,
    has_deemed_renewal=True,
    extension_days=10,
    basis="《中华人民共和国行政许可法》第三十二条、第四十二条、第四十四条、第五十条",
    valid_from=date(2004, 7, 1),
)
# No law sets these days for other kinds: the centre keeps those of permits of its own accord.
GENERAL = Profile(key="general", label="一般程序")
BENEFIT = Profile(key="benefit", label="行政给付程序")
CONFIRMATION = Profile(key="confirmation", label="行政确认程序")
NON_PERMIT = Profile(
    key="non_permit",
    label="非行政许可审批程序",
    basis="国发〔2015〕27号取消这一类别",
    valid_to=date(2015, 5, 10),
)
PUBLIC_SERVICE = Profile(key="public_service", label="公共服务程序", remedies=SERVED_BADLY)
ROUTINE = Profile(key="routine", label="日常管理服务程序", remedies=SERVED_BADLY)

PROFILES = {
    profile.key: profile
    for profile in (PERMIT, NON_PERMIT, BENEFIT, CONFIRMATION, PUBLIC_SERVICE, ROUTINE, GENERAL)
}


def _dated(profile: Profile) -> list[Profile]:
    """The time to sue was three months until 2015-05-01, six since (《行政诉讼法》第四十六条)."""
    if profile.remedies == SERVED_BADLY:
        return [profile]
    if profile.valid_to and profile.valid_to < LITIGATION_REVISED:
        return [replace(profile, remedies=ASKED_BEFORE)]
    last_day = date(2015, 4, 30)
    return [
        replace(profile, remedies=ASKED_BEFORE, valid_to=last_day),
        replace(profile, valid_from=LITIGATION_REVISED),
    ]


SHIPPED = tuple(row for profile in PROFILES.values() for row in _dated(profile))


def profile_on(rows: Iterable[Profile], day: date) -> Profile | None:
    """Of the rows of one profile the one that holds on a day; else the nearest before, or after.

    An item of a retired kind keeps its procedure: what was filed is carried to its end.
    """
    ordered = sorted(rows, key=lambda row: row.valid_from)
    begun = [row for row in ordered if row.valid_from <= day]
    return begun[-1] if begun else next(iter(ordered), None)
