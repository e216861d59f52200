"""Inspectors: how a file of each kind is opened, checked and built anew. Pure, from file to file.

What is kept is what an inspector wrote, never what came in: no reader of the house gets a byte that
ours did not understand. They run in a process of their own (`apart`), which imports one of them.
"""

from pathlib import Path

FLAW, FULL = 3, 4  # exit codes of the process: it found one; the disk is full


def inspect(verb: str, source: Path, target: Path) -> None:
    """`verb` is a kind's inspector, or what is done to a kept picture. Raises Flaw."""
    if verb in {"image", "thumbnail", "turn1", "turn2", "turn3"}:
        _image(verb, source, target)
    elif verb == "pdf":
        from mingtang.files.inspectors import pdf

        pdf.rebuild(source, target)
    else:
        from mingtang.files.inspectors import packages

        packages.rebuild(source, target, packages.RULES[verb])


def _image(verb: str, source: Path, target: Path) -> None:
    from mingtang.files.inspectors import images

    if verb == "image":
        images.rebuild(source, target)
    elif verb == "thumbnail":
        images.thumbnail(source, target)
    else:
        images.turn(source, target, int(verb[-1]))
