"""Commands: the blank forms and samples of an item, kept under the names that materials give."""

from datetime import datetime
from typing import Any

from mingtang.base.errors import Conflict
from mingtang.catalogue.queries import item_files
from mingtang.catalogue.services.drafts import locked_item, tell
from mingtang.files.services import Incoming, StoredFile, attach, store
from mingtang.ledger.rules import Actor
from mingtang.ledger.services import command


class NameTaken(Conflict):
    """One name of an item never means two contents: an old edition keeps its form."""

    def __init__(self, name: str) -> None:
        stem, dot, extension = name.rpartition(".")
        super().__init__(
            f"本事项已有一份内容不同的“{name}”，旧版指南仍要用它。"
            f"请把新文件改名（如“{stem or name}-新{dot}{extension if stem else ''}”）再上传，"
            "并在草稿的材料里改写文件名。"
        )


def keep_item_file(
    *, item_id: int, incoming: Incoming, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    """Keep a blank form or a sample under its own name: {"name", "sha256", "is_new"}.

    The same file again changes nothing. Raises RefusedFile, NameTaken or NotFound.
    """
    stored = store(incoming, command_id=command_id)
    return _keep(item_id=item_id, file=stored, actor=actor, at=at, command_id=command_id)


@command("item.keep_file")
def _keep(
    *, item_id: int, file: StoredFile, actor: Actor, at: datetime, command_id: str
) -> dict[str, Any]:
    item = locked_item(item_id)
    name = file.original_name
    earlier = item_files.kept_file(item.id, name)
    if earlier is not None and earlier.sha256 != file.sha256:
        raise NameTaken(name)
    facts = {"name": name, "sha256": file.sha256}
    if earlier is None:
        attach(file, subject=item_files.subject_of(item.id), at=at)
        tell("item.file_kept", item, facts, actor=actor, at=at, command_id=command_id)
    return facts | {"is_new": earlier is None}
