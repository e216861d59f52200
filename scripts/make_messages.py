"""Bring the English texts up to date with the sources, and compile them.

    python scripts/make_messages.py

Needs gettext (apt-get install gettext). It takes the texts of the public pages and the words of
site/words.py; texts of staff pages are left out. What is new has an empty msgstr afterwards: write
it into django.po and run this again. What no source says any more goes.
"""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = Path(__file__).parent.parent / "src" / "mingtang"
PO = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
HEADER = (
    "Content-Type: text/plain; charset=UTF-8\\n"
    "Content-Transfer-Encoding: 8bit\\n"
    "Language: en\\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\\n"
)


def quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def written(texts: dict[str, str]) -> str:
    """The .po of msgids and their English, in the order given."""
    blocks = [f'msgid ""\nmsgstr "{HEADER}"']
    for msgid, english in texts.items():
        named = "python-format" if "%(" in msgid else ""
        flag = f"#, {named}\n" if named else ""
        blocks.append(f"{flag}msgid {quoted(msgid)}\nmsgstr {quoted(english)}")
    return "\n\n".join(blocks) + "\n"


def extracted() -> list[str]:
    """The msgids of the public sources, as gettext finds them."""
    from mingtang.base.po import entries
    from mingtang.site.words import is_for_staff

    command = [sys.executable, "-m", "django", "makemessages", "-l", "en", "--no-wrap"]
    subprocess.run([*command, "--no-obsolete"], cwd=SOURCE, check=True)
    return [
        entry.msgid
        for entry in entries(PO.read_text())
        if not all(is_for_staff(source) for source in entry.sources)
    ]


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingtang.site.settings.test")
    import django

    django.setup()
    from mingtang.base.po import entries
    from mingtang.site.words import words

    known = {}
    if PO.exists():
        known = {entry.msgid: entry.msgstr for entry in entries(PO.read_text())}
        PO.unlink()  # makemessages guesses at what is near; we do not
    PO.parent.mkdir(parents=True, exist_ok=True)
    msgids = sorted({*extracted(), *words()})
    PO.write_text(written({msgid: known.get(msgid, "") for msgid in msgids}))
    subprocess.run(["msgfmt", "--check-format", "-o", PO.with_suffix(".mo"), PO], check=True)
    lacking = [msgid for msgid in msgids if not known.get(msgid)]
    print(*(f"no English yet: {one}" for one in lacking), sep="\n")
    print(f"{len(msgids)} texts, {len(lacking)} without English")


if __name__ == "__main__":
    main()
