"""In which language the command line speaks. Without Django: some commands run where nothing is
installed."""

import argparse
import gettext
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parents[1] / "locale"
LANGUAGES = ("zh", "en")
SAID_BY = ("MINGTANG_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts
OPTION = "--lang"
HELP_OF_OPTION = "说明用的语言；不写则按 MINGTANG_LANGUAGE 或系统的语言"
HELP_OF_FORMAT = "输出格式；json：结果是标准输出上的一个 JSON 文档，其余写到标准错误"
HELP_OF_HELP = "显示这份说明"
GROUPS = {"positional arguments": "参数", "options": "选项"}  # titles that argparse gives


def language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """`zh` or `en`: by `--lang`, else by the environment; Chinese unless it asks for English."""
    asked = value_of(OPTION, arguments) or next(
        (environment[name] for name in SAID_BY if environment.get(name)), ""
    )
    return "en" if asked.lower().startswith("en") else "zh"


def value_of(option: str, arguments: Sequence[str]) -> str:
    """What stands behind an option, before any parser has looked; empty where it is not there."""
    found = ""
    for at, word in enumerate(arguments):
        if word == option:
            found = "".join(arguments[at + 1 : at + 2])
        elif word.startswith(f"{option}="):
            found = word.partition("=")[2]
    return found


def without_language(arguments: Sequence[str]) -> list[str]:
    """The arguments without `--lang` and what stands behind it."""
    found: list[str] = []
    for at, word in enumerate(arguments):
        is_value = at > 0 and arguments[at - 1] == OPTION
        if not is_value and word != OPTION and not word.startswith(f"{OPTION}="):
            found.append(word)
    return found


@cache
def _english() -> gettext.NullTranslations:
    return gettext.translation("django", LOCALE, ["en"], fallback=True)


def said(text: str, tongue: str) -> str:
    """The text, which is Chinese, in that language."""
    return _english().gettext(text) if tongue == "en" and text else text


def texts(parser: argparse.ArgumentParser) -> list[str]:
    """What a parser and those below it say in their help: what there is to translate."""
    found = [parser.description or ""]
    for action in parser._actions:
        found.append("" if isinstance(action, argparse._HelpAction) else action.help or "")
        if isinstance(action, argparse._SubParsersAction):
            found += [one.help or "" for one in action._choices_actions]
            found += [text for sub in action.choices.values() for text in texts(sub)]
    return [one for one in found if one and one != argparse.SUPPRESS]


def speak(parser: argparse.ArgumentParser, tongue: str) -> None:
    """Let a parser and those below it give their help in that language."""
    parser.description = said(parser.description or "", tongue)
    for group in parser._action_groups:
        if tongue == "zh":
            group.title = GROUPS.get(group.title or "", group.title)
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            action.help = HELP_OF_HELP
        action.help = _said_help(action.help, tongue)
        if isinstance(action, argparse._SubParsersAction):
            for one in action._choices_actions:
                one.help = _said_help(one.help, tongue)
            for sub in action.choices.values():
                speak(sub, tongue)


def add_language(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> None:
    """Give a parser the option, and let it speak as the arguments and the environment want."""
    parser.add_argument(OPTION, choices=LANGUAGES, default=argparse.SUPPRESS, help=HELP_OF_OPTION)
    speak(parser, language(arguments))


def _said_help(text: str | None, tongue: str) -> str | None:
    return text if text in {None, argparse.SUPPRESS} else said(text or "", tongue)
