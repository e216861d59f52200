"""Search: text cut into tokens. Pure functions.

Chinese becomes single characters and pairs, so that a query of one or two characters finds what
a dictionary would cut differently. Letters and digits stay words, found by their beginning.
"""

import re
import unicodedata
from functools import lru_cache

# Begin the tokens of sounds, so that they meet no ordinary word; the last: a name's first initial.
SYLLABLES, INITIALS, HEAD = "π", "ι", "η"
SOUND_LENGTH = 24
_RUN = re.compile(r"[a-z0-9]+|[〇㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")
_BRACKETS = re.compile(r"\([^()]*\)")


def normal(text: str) -> str:
    """Full-width and capital letters made plain."""
    return unicodedata.normalize("NFKC", text).casefold()


def runs(text: str) -> list[str]:
    """The stretches of Chinese, and those of letters and digits."""
    return _RUN.findall(normal(text))


def is_word(run: str) -> bool:
    """Letters and digits, not Chinese."""
    return run.isascii()


def pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]


def bare(text: str) -> str:
    """A name without what stands in brackets: 食品（含保健食品）经营许可 is 食品经营许可."""
    return unbracketed(normal(text))


def unbracketed(text: str) -> str:
    """A normal text without what stands in brackets."""
    return _BRACKETS.sub("", text) or text if "(" in text else text


def tokens(text: str) -> list[str]:
    """Each token once, in order of appearance."""
    found: dict[str, None] = {}
    for run in runs(text):
        found |= dict.fromkeys([run] if is_word(run) else [*run, *pairs(run)])
    return list(found)


@lru_cache(maxsize=4096)
def syllables(run: str) -> tuple[str, ...]:
    """How a stretch of Chinese is said, without tones."""
    from pypinyin import lazy_pinyin  # half a second of dictionaries: only who needs it pays

    return tuple(lazy_pinyin(run))


def spoken(text: str) -> str:
    """The syllables of the Chinese in a text: `hu zhao/qian fa`, a stretch ended by a slash."""
    chinese = dict.fromkeys(run for run in runs(text) if not is_word(run))
    return "/".join(" ".join(syllables(run)) for run in chinese)


def sound_tokens(said: str) -> list[str]:
    """Syllables and initials from each beginning onwards, found by their beginnings."""
    found: dict[str, None] = dict.fromkeys([HEAD + said[0]] if said else [])
    for run in said.split("/"):
        parts = run.split()
        for at in range(len(parts)):
            rest = parts[at:]
            found[SYLLABLES + "".join(rest)[:SOUND_LENGTH]] = None
            found[INITIALS + "".join(part[0] for part in rest)[:SOUND_LENGTH]] = None
    return list(found)
