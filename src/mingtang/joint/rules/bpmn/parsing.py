"""Rules: XML from outside, read into a tree without a way out of the file: no DTD, no entities,
within bounds of size, depth and number."""

from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from mingtang.base.errors import DomainError

MOST_BYTES = 1_000_000
MOST_ELEMENTS = 10_000
DEEPEST = 40


class BpmnUnreadable(DomainError):
    """A file that is no BPMN that could be read at all."""


@dataclass
class Element:
    """`tag` and the names of attributes are `{namespace}name`."""

    tag: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    @property
    def name(self) -> str:
        return self.tag.rpartition("}")[2]

    @property
    def id(self) -> str:
        return self.attributes.get("id", "")

    def all(self, tag: str) -> list["Element"]:
        return [one for one in self.children if one.tag == tag]


class _Builder:
    def __init__(self) -> None:
        self.root: Element | None = None
        self.open: list[Element] = []
        self.count = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters

    def _refuse(self, *_: Any) -> None:
        raise BpmnUnreadable("文件里有 DTD 或实体定义，不安全，没有读入。请由建模软件重新导出。")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.open) >= DEEPEST:
            raise BpmnUnreadable("文件里的内容过多或套得过深，没有读入。请只导出一条流程。")
        made = Element(_full(tag), {_full(name): value for name, value in attributes.items()})
        if self.open:
            self.open[-1].children.append(made)
        else:
            self.root = made
        self.open.append(made)

    def _end(self, _tag: str) -> None:
        self.open.pop()

    def _characters(self, text: str) -> None:
        self.open[-1].text += text


def _full(name: str) -> str:
    return "{" + name if "}" in name else name


def parsed(data: bytes) -> Element:
    """The root of the file. Raises BpmnUnreadable."""
    if len(data) > MOST_BYTES:
        raise BpmnUnreadable(f"文件有{len(data) // 1000}千字节，最多{MOST_BYTES // 1000}千字节。")
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        where = f"（第{error.lineno}行）" if isinstance(error, expat.ExpatError) else ""
        raise BpmnUnreadable(f"文件不是完好的 XML{where}，请由建模软件重新导出。") from None
    assert builder.root is not None
    return builder.root
