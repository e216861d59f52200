"""Rules: the limits of joint handling, as dated rows. Pure."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class JointLaw:
    """What holds for matters that several departments handle together. Days are working days."""

    since: date
    days: int
    extension_days: int
    completeness_days: int
    article: str
    extension_article: str


# 四十五日，经本级人民政府负责人批准可以延长十五日: 《行政许可法》第四十二条第二款; 五日内一次告知:
# 第三十二条第一款第（四）项.
LAWS = (
    JointLaw(
        since=date(2004, 7, 1),
        days=45,
        extension_days=15,
        completeness_days=5,
        article="《中华人民共和国行政许可法》第二十六条第二款、第四十二条第二款",
        extension_article="《中华人民共和国行政许可法》第四十二条第二款",
    ),
)


def law_on(day: date) -> JointLaw:
    """The row that holds on a day; the first one before there was any."""
    begun = [row for row in LAWS if row.since <= day]
    return begun[-1] if begun else LAWS[0]
