"""How a stored file leaves the house: as an attachment, never shown in our own pages."""

from django.http import FileResponse

from mingtang.base.errors import NotFound
from mingtang.files.models import Upload
from mingtang.files.services import path_of


def as_attachment(upload: Upload) -> FileResponse:
    try:
        content = path_of(upload.storage_key).open("rb")
    except FileNotFoundError:
        raise NotFound("这个文件已不在存储中，请联系系统管理员从备份恢复。") from None
    response = FileResponse(
        content,
        as_attachment=True,
        filename=upload.original_name,
        content_type=upload.media_type,
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store, private"
    return response
