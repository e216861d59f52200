"""What is handed in with an application or a correction is kept: answers, files, materials."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mingtang.base.entropy import salt
from mingtang.base.errors import NotFound
from mingtang.base.profile import commitment
from mingtang.base.rows import insert_rows
from mingtang.cases.models import Case, GivenMaterial, Submission
from mingtang.cases.rules import Applicant, Given, check_given
from mingtang.cases.services.common import Facts
from mingtang.files.queries import uploads_of
from mingtang.files.services import StoredFile, attach
from mingtang.ledger.rules import canonical


@dataclass(frozen=True)
class HandedIn:
    """What comes with one submission. `answers`: {"form": …}, and what else the act says of it."""

    answers: Facts
    files: Sequence[StoredFile] = ()
    given: Sequence[Given] = ()

    @property
    def file_count(self) -> int:
        return len(self.files) + sum(len(one.upload_ids) for one in self.given)


def keep_submission(
    case: Case, number: int, handed: HandedIn, at: datetime, applicant: Applicant | None = None
) -> Submission:
    """Keep what was handed in. The ledger gets a salted commitment: provable, and erasable."""
    check_given(handed.given, {line["id"] for line in case.edition.materials})
    content = {
        "applicant": applicant,
        "answers": handed.answers,
        "files": [file.sha256 for file in handed.files],
        "given": [(one.material_id, one.way.value, digests_of(case, one)) for one in handed.given],
    }
    fresh = salt(16).hex()
    submission = Submission(
        case=case,
        number=number,
        answers=handed.answers,
        salt=fresh,
        commitment=commitment(fresh, canonical(content)),
        submitted_at=at,
    )
    insert_rows([submission])
    for file in handed.files:
        attach(file, subject=case.stream, at=at)
    given = [
        GivenMaterial(
            submission=submission,
            material_id=one.material_id,
            name=one.name,
            way=one.way.value,
            upload_ids=[str(upload_id) for upload_id in one.upload_ids],
            promise=one.promise.strip(),
        )
        for one in handed.given
    ]
    insert_rows(given)
    return submission


def digests_of(case: Case, one: Given) -> list[str]:
    """What the files of a material hold, page by page. Raises NotFound for a file that is gone."""
    if not one.upload_ids:
        return []
    known = {upload.id: upload.sha256 for upload in uploads_of(case.stream)}
    if any(upload_id not in known for upload_id in one.upload_ids):
        raise NotFound(f"材料“{one.name}”的文件找不到了，请重新上传。")
    return [known[upload_id] for upload_id in one.upload_ids]
