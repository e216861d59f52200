"""Services on the materials of the whole: what comes after the filing, once for every part."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from mingtang.base.errors import DomainError
from mingtang.cases.rules import GivenWay
from mingtang.files.services import attach
from mingtang.joint.models import JointCase, JointMaterial
from mingtang.joint.services.common import person_of
from mingtang.joint.services.filing import Handed
from mingtang.ledger.rules import Actor


def row_of(joint: JointCase, key: str, names: Mapping[str, str]) -> JointMaterial:
    if key not in names:
        raise DomainError("有的材料不在清单里，请刷新页面重选。")
    found = joint.materials.filter(key=key).first()
    return found or JointMaterial(joint=joint, key=key, name=names[key])


def keep_files(joint: JointCase, one: Handed, names: Mapping[str, str], at: datetime) -> None:
    row = row_of(joint, one.key, names)
    uploads = [attach(file, subject=joint.stream, at=at) for file in one.files]
    if not uploads:
        raise DomainError(f"材料“{row.name}”还没有文件，请选文件，或者送到窗口。")
    row.way = GivenWay.UPLOADED.value
    row.upload_ids = [*row.upload_ids, *(str(upload.id) for upload in uploads)]
    row.save()


def note_brought(
    joint: JointCase, keys: Sequence[str], names: Mapping[str, str], actor: Actor, at: datetime
) -> None:
    for key in keys:
        row = row_of(joint, key, names)
        row.way = GivenWay.TO_BRING.value if not row.upload_ids else row.way
        row.brought_at, row.brought_by_id = at, person_of(actor)
        row.save()
