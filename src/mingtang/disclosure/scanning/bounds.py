"""Bounds of the look into files: zip members and XML, read no further than they may be. Pure."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from xml.parsers import expat

from mingtang.files.rules.uploads import MEGABYTE

MOST_MEMBERS = 5000
MOST_UNPACKED = 160 * MEGABYTE  # of one package, counted while it is unpacked
STEP = 256 * 1024


class TooMuch(Exception):  # the caller tells it as a file that cannot be looked at
    """A file that would take more than a document needs."""


class Package:
    """A zip package whose members are read within one bound."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self.names = self._zip.namelist()
        self._room = MOST_UNPACKED
        if len(self.names) > MOST_MEMBERS:
            raise TooMuch

    def __enter__(self) -> "Package":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()

    def named(self, start: str, end: str = ".xml") -> list[str]:
        """Members whose name begins and ends so, in their order."""
        return [name for name in self.names if name.startswith(start) and name.endswith(end)]

    def read_into(self, name: str, reader: "Reader") -> None:
        """Feed a member to a reader of XML; nothing where the package has none of this name."""
        if name not in self.names:
            return
        with self._zip.open(name) as content:
            while piece := content.read(STEP):
                self._room -= len(piece)
                if self._room < 0:
                    raise TooMuch
                reader.feed(piece)
        reader.close()


Start = Callable[[str, dict[str, str]], None]


class Reader:
    """Reads XML without a DTD, element by element. Names come without their namespace."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self.characters
        self._parser.StartDoctypeDeclHandler = self._refuse
        self._parser.EntityDeclHandler = self._refuse
        self.path: list[str] = []

    def feed(self, piece: bytes) -> None:
        self._parser.Parse(piece, False)

    def close(self) -> None:
        self._parser.Parse(b"", True)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; it stands at the end of `path` already."""

    def end(self, name: str) -> None:
        """An element ends; it still stands at the end of `path`."""

    def characters(self, text: str) -> None:
        """Text of the element at the end of `path`."""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(" ")[2]
        self.path.append(name)
        self.start(name, {key.rpartition(" ")[2]: value for key, value in attributes.items()})

    def _end(self, tag: str) -> None:
        self.end(tag.rpartition(" ")[2])
        self.path.pop()

    def _refuse(self, *_: object) -> None:
        raise TooMuch
