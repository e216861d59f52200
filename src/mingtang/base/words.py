"""Words of the rules in the reader's language. Rules are pure and speak Chinese; what shows their
words says them through here. What is no word of the house, such as data, passes unchanged."""

import re

from django.conf import settings
from django.utils.translation import get_language, gettext

OPEN = re.compile(r"“[^”]*”|\d+")  # what of a sentence changes: a name in quotes, a number
LIST = "、"


def said(text: str) -> str:
    """A word; a sentence with names in quotes or numbers, found with {} in their places, such as
    {}个工作日; or a list of words."""
    if not text or get_language() == settings.LANGUAGE_CODE:
        return text
    found = _word(text)
    if found is None and LIST in text:
        words = [_word(one) for one in text.split(LIST)]
        found = ", ".join(one for one in words if one) if all(words) else None
    return text if found is None else found


def _word(text: str) -> str | None:
    """None for what has no translation."""
    if (found := gettext(text)) != text:
        return found
    pattern = OPEN.sub("{}", text)
    if pattern == text or (found := gettext(pattern)) == pattern:
        return None
    return found.format(*OPEN.findall(text))
