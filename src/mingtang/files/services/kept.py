"""What is done to uploads that are known: turned, removed, handed on, looked at again.

Whoever owns the subject has checked access. What was filed is under a commitment: only uploads of
something that is still open are turned or removed.
"""

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.db import connection, transaction

from mingtang.base.errors import Conflict, NotFound
from mingtang.files import apart, scanner
from mingtang.files.models import SharedUpload, Upload
from mingtang.files.queries import uploads_of
from mingtang.files.rules.uploads import Flaw, ScanState, refusal
from mingtang.files.services.uploads import (
    CLEAN_MARK,
    PREVIEW,
    path_of,
    put_in_place,
    scan,
    scan_state_of,
    storage_key,
    sync,
    two_names,
)

SCANS_A_ROUND = 50
MISSING = "这个文件已不在存储中，请联系系统管理员从备份恢复。"


def rotate(upload_id: int, *, subject: str, quarter_turns: int) -> Upload:
    """Turn an image clockwise by so many right angles. The file of before is left to the sweep.

    Takes its time on disk first: call it before a transaction is open, not within one.
    """
    upload = _found(upload_id, subject)
    upload.check_may_leave()
    if SharedUpload.objects.filter(upload=upload).exists():
        raise Conflict("这张图片别的办件也在用，不能旋转。请另外上传一张方向正确的。")
    if not upload.is_image or quarter_turns not in {1, 2, 3}:
        raise refusal(upload.original_name, "只有图片能旋转", "请重新上传方向正确的文件。")
    key, before = upload.storage_key, existing(upload)
    with two_names() as (built, _):
        _inspect(f"turn{quarter_turns}", before, built, upload.original_name)
        is_clean = scan(built, upload.original_name)
        upload.size_bytes, upload.sha256 = sync(built)
        upload.storage_key = storage_key(f"{key}/{quarter_turns}/{upload.sha256}")
        put_in_place(built, upload.storage_key, is_clean=is_clean)
    upload.scan_state = scan_state_of(upload.storage_key).value
    _change_from(key, upload)
    _leave_to_the_sweep(before)
    return upload


def _change_from(key: str, upload: Upload) -> None:
    """Only while it is still the file that was turned. Raises Conflict."""
    changed = {
        name: getattr(upload, name)
        for name in ("storage_key", "size_bytes", "sha256", "scan_state")
    }
    if not Upload.objects.filter(id=upload.id, storage_key=key).update(**changed):
        raise Conflict("这张图片刚刚已被旋转或删除，请刷新页面。")


def remove(upload_id: int, *, subject: str) -> None:
    """Forget an upload. Its file goes a month later: a backup of today may still want it.

    What others have as well stays theirs.
    """
    if SharedUpload.objects.filter(upload=upload_id, subject=subject).delete()[0]:
        return
    upload = _found(upload_id, subject)
    heir = SharedUpload.objects.filter(upload=upload).order_by("id").first()
    if heir is not None:
        Upload.objects.filter(id=upload.id).update(subject=heir.subject)
        heir.delete()
        return
    path = path_of(upload.storage_key)
    upload.delete()
    if path.exists():
        _leave_to_the_sweep(path)


def adopt(upload_ids: Iterable[int], *, from_subject: str, to_subject: str) -> list[Upload]:
    """Hand uploads of a draft on to what became of it. All or none; in the order of upload."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("uploads are adopted inside a transaction")
    wanted = set(upload_ids)
    rows = Upload.objects.select_for_update().filter(id__in=wanted, subject=from_subject)
    found = list(rows.order_by("uploaded_at", "id"))
    if {upload.id for upload in found} != wanted:
        raise NotFound("有的文件已经删除或换过，请刷新页面，核对材料后再提交。")
    for upload in found:
        upload.subject = to_subject
    Upload.objects.bulk_update(found, ["subject"], batch_size=200)
    return found


def share(upload_ids: Iterable[int], *, from_subject: str, to_subject: str) -> list[Upload]:
    """Let another subject have uploads of this one too, without copying a byte. Twice: once."""
    wanted = set(upload_ids)
    found = [one for one in uploads_of(from_subject) if one.id in wanted]
    if {upload.id for upload in found} != wanted:
        raise NotFound("有的文件已经删除或换过，请刷新页面，核对材料后再提交。")
    rows = [SharedUpload(upload=one, subject=to_subject) for one in found]
    SharedUpload.objects.bulk_create(rows, ignore_conflicts=True)
    return found


def thumbnail(upload: Upload) -> bytes:
    """A small JPEG of an image, made once and kept beside it. Raises NotFound or HeldBack."""
    upload.check_may_leave()
    if not upload.is_image:
        raise NotFound
    picture = existing(upload)
    preview = picture.with_suffix(PREVIEW)
    if not preview.exists():
        with two_names() as (built, _):
            _inspect("thumbnail", picture, built, upload.original_name)
            os.replace(built, preview)
    return preview.read_bytes()


def existing(upload: Upload) -> Path:
    path = path_of(upload.storage_key)
    if not path.exists():
        raise NotFound(MISSING)
    return path


def rescan(at: datetime) -> int:
    """Show the scanner what it has not seen, what waits for it first. Returns how many it judged.

    A scanner that is down ends the round; the next one begins where this stopped.
    """
    if not scanner.is_configured():
        return 0
    unseen = [ScanState.QUARANTINED.value, ScanState.NOT_SCANNED.value]
    waiting = Upload.objects.filter(scan_state__in=unseen).order_by("-scan_state", "id")
    judged = 0
    for upload in waiting.iterator():
        try:
            judged += _judge(upload)
        except scanner.ScannerDown:
            break
        if judged == SCANS_A_ROUND:
            break
    return judged


def _judge(upload: Upload) -> int:
    """1 where the scanner said something of the file. Raises ScannerDown."""
    path, state = path_of(upload.storage_key), ScanState.CLEAN
    if not path.exists():
        return 0
    try:
        scanner.scan(path)
        path.with_suffix(CLEAN_MARK).touch()
    except scanner.Infected:
        state = ScanState.INFECTED
    except scanner.ScannerDown:
        raise
    except scanner.NoVerdict:
        return 0
    same = Upload.objects.filter(id=upload.id, storage_key=upload.storage_key)
    return same.update(scan_state=state.value)


def _found(upload_id: int, subject: str) -> Upload:
    found = Upload.objects.filter(id=upload_id, subject=subject).first()
    if found is None:
        raise NotFound("这个文件已经删除，请刷新页面。")
    return found


def _inspect(verb: str, source: Path, target: Path, name: str) -> None:
    try:
        apart.inspect(verb, source, target)
    except Flaw as flaw:
        raise refusal(name, flaw.why, flaw.mend) from None


def _leave_to_the_sweep(path: Path) -> None:
    """Its month begins now, not when it was uploaded."""
    for one in (path, *path.parent.glob(f"{path.name}.*")):
        os.utime(one)
