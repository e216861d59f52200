"""Forms that take files: sent in pieces where there is a script, whole where there is none."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from mingtang.files.rules import ACCEPT
from mingtang.files.services import StoredFile, handed_file, store

HANDED = "_handed"  # behind the name of an input: where `upload.js` posts what it has sent


def upload_attributes(ticket: str) -> dict[str, str]:
    """What an `<input type="file">` bears for `base/upload.js`, besides its own attributes."""
    return {
        "accept": ACCEPT,
        "data-mt-upload": reverse("files:begin"),
        "data-mt-upload-ticket": ticket,
        "data-mt-upload-words": json.dumps(_words(), ensure_ascii=False),
    }


def _words() -> dict[str, str]:
    """Sentences of the script; it puts names and numbers in."""
    return {
        "sending": _("正在上传“{name}”：{percent}%"),
        "waiting": _("网络断了，“{name}”已传 {percent}%。恢复后会自动继续，请不要关闭本页。"),
        "checking": _("“{name}”已传完，正在检查……"),
        "done": _("“{name}”已上传。"),
        "cancelled": _("已取消“{name}”。"),
        "cancel": _("取消上传"),
        "more": _("再加文件"),
        "busy": _("文件还没有传完，请等传完再提交。"),
        "plain": _("“{name}”将在提交时一起上传。"),
    }


def files_of(
    request: HttpRequest, name: str, *, subject: str, at: datetime, command_id: str
) -> list[StoredFile]:
    """The files of one input, safe on disk: those sent before the form, then those sent with it.

    One chosen twice counts once. Raises RefusedFile.
    """
    handed = request.POST.getlist(name + HANDED)
    kept = [handed_file(text, subject, at=at) for text in handed if text]
    whole: Iterable[Any] = request.FILES.getlist(name)
    kept += [store(file, command_id=command_id) for file in whole]
    return list({file.storage_key: file for file in kept}.values())
