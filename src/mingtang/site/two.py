"""What two of the administrators do together at the command line, each with their own password."""

import getpass
from argparse import ArgumentParser
from typing import Any

from mingtang.accounts.services import administrator
from mingtang.base.clock import now
from mingtang.ledger.rules import Actor


def ask_for_two(parser: ArgumentParser, *, is_required: bool = True) -> None:
    parser.add_argument("--by", required=is_required, default="", help="经办管理员的账号")
    parser.add_argument(
        "--second", required=is_required, default="", help="确认的另一名管理员的账号"
    )
    parser.add_argument("--passwords-stdin", action="store_true", help="两人的密码各一行")


def two_administrators(options: dict[str, Any]) -> tuple[Actor, Actor]:
    """Who does it, and who agrees. Raises WrongCredentials, TooManyAttempts, NotAllowed; whether
    they are two people is for the service to say."""
    by, second = (
        administrator(options[name], _password(options, name), now()) for name in ("by", "second")
    )
    return by, second


def _password(options: dict[str, Any], name: str) -> str:
    asked = f"{options[name]} 的密码："
    return input() if options["passwords_stdin"] else getpass.getpass(asked)
