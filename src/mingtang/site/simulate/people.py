"""Who applies in a simulated city: made-up people with numbers that pass their check."""

import random
from datetime import date, timedelta

from mingtang.accounts import queries as accounts
from mingtang.cases.rules import ApplicantKind
from mingtang.cases.services import Applicant, Proxy
from mingtang.site.demo import CITIZENS, ENTERPRISE

SURNAMES = "毛周姜徐郑柴祝何王吴刘杨陈林黄张李赵胡朱"
NAMES = (
    *("建国", "秀英", "伟", "芳", "志强", "丽", "军", "敏"),
    *("春梅", "国华", "小红", "永明", "桂兰"),
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECKS = "10X98765432"


def username_of(is_enterprise: bool) -> str:
    """Who of the demo signs in for themselves, or for the enterprise."""
    return CITIZENS[is_enterprise][0]


def applicant(rng: random.Random, *, is_enterprise: bool, is_known: bool) -> Applicant:
    """`is_known`: one of the two people of the demo who sign in."""
    username, name, number, phone = CITIZENS[is_enterprise]
    person = accounts.person_by_username(username) if is_known else None
    kind = ApplicantKind.NATURAL
    if is_enterprise:
        kind, (number, name) = ApplicantKind.LEGAL, ENTERPRISE
    elif not is_known:
        name, number = person_name(rng), citizen_number(rng)
        phone = f"138{rng.randrange(10**8):08}"
    return Applicant(
        kind=kind,
        name=name,
        identity_number=number,
        phone=phone,
        address="浙江省江山市",
        person_id=person.id if person else None,
    )


def proxy(rng: random.Random) -> Proxy:
    """Somebody who files in another's place; whose mandate is not on record here."""
    phone = f"139{rng.randrange(10**8):08}"
    return Proxy(person_name(rng), citizen_number(rng), phone)


def person_name(rng: random.Random) -> str:
    return rng.choice(SURNAMES) + rng.choice(NAMES)


def citizen_number(rng: random.Random) -> str:
    """A number that passes its check (GB 11643-1999), of nobody: the last digits run free."""
    born = date(1950, 1, 1) + timedelta(days=rng.randrange(50 * 365))
    body = f"330881{born:%Y%m%d}{rng.randrange(1, 1000):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECKS[total % 11]
