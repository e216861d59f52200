"""Masks: how personal data looks to those who need not see all of it. The one place for it."""


def mask_identity(number: str) -> str:
    """First three and last two characters of an identity number."""
    return (
        f"{number[:3]}{'*' * (len(number) - 5)}{number[-2:]}"
        if len(number) > 5
        else "*" * len(number)
    )


def mask_phone(number: str) -> str:
    return f"{number[:3]}****{number[-4:]}" if len(number) >= 11 else "*" * len(number)


def mask_person_name(name: str) -> str:
    """王小明 → 王*明, 王明 → 王*."""
    if len(name) <= 1:
        return "*"
    return name[0] + "*" if len(name) == 2 else f"{name[0]}{'*' * (len(name) - 2)}{name[-1]}"


def mask_mail_address(address: str) -> str:
    """maoxm@example.cn → m****@example.cn; what is no address shows nothing."""
    name, at, host = address.rpartition("@")
    return f"{name[0]}****@{host}" if name and at and host else "*" * len(address)


def mask_address(address: str) -> str:
    """江山市峡口镇广渡村12号 → 江山市峡口镇****: the town, as far as six characters tell it."""
    return f"{address[:6]}****" if len(address) > 6 else "****"


def mask_addressee(name: str) -> str:
    """张三丰 → 张**, a firm too: what a stranger with the paper in hand can compare, and no more.

    Always two marks, so that the length of a name is not told either.
    """
    return f"{name[:1]}**" if name.strip() else ""


def mask_number(number: str) -> str:
    """The end of a number that is printed on a paper: who holds the paper finds it in a list, and
    who reads the list cannot ask for the paper with it. The end of a case's number is a day of the
    month and a number within that day."""
    return f"****{number[-8:]}" if len(number) > 8 else "****"
