"""How a command ends: one table of exit codes, and which trouble is which."""

import zipfile
from enum import IntEnum

from django.core.management.base import CommandError
from django.db import DatabaseError

from mingtang.base.errors import DomainError
from mingtang.base.space import is_away, is_full
from mingtang.site.settings.env import WrongSetting

NO_SUCH_TABLE_OR_COLUMN = {"42P01", "42703"}  # PostgreSQL's codes
NOT_MIGRATED = "数据库还没有建好或不是最新的，请先运行 mingtang migrate。"


class Exit(IntEnum):
    """What a caller may go by. `label` stands in docs/operations.md, which a test compares."""

    OK = 0, "done; nothing found"
    FOUND = 1, "something was found, or it was refused: the sentence says what to mend"
    USE = 2, "wrong use: an unknown command or option, an argument or a setting that cannot be"
    NOT_NOW = 3, "not now: the database is away, busy or not migrated, the disk is full; try again"
    FAULT = 4, "a fault of the program (`--traceback` shows where): please report it"
    STOPPED = 130, "stopped by Ctrl+C"

    label: str

    def __new__(cls, code: int, label: str) -> "Exit":
        one = int.__new__(cls, code)
        one._value_, one.label = code, label
        return one


def is_not_migrated(error: BaseException) -> bool:
    """Whether the database lacks a table or a column that the code knows."""
    if not isinstance(error, DatabaseError):
        return False
    if getattr(error.__cause__, "sqlstate", None) in NO_SUCH_TABLE_OR_COLUMN:
        return True
    return str(error).startswith(("no such table", "no such column"))


def of(error: BaseException) -> tuple[Exit, str]:
    """The code for what ended a command, and the sentence for the person who gave it."""
    if is_not_migrated(error):
        return Exit.NOT_NOW, NOT_MIGRATED
    if isinstance(error, DomainError):
        return (Exit.NOT_NOW if error.status == 503 else Exit.FOUND), error.message
    if is_full(error):
        return Exit.NOT_NOW, "磁盘满了，没有做完：请清理出空间后再运行一次。"
    if is_away(error):
        return Exit.NOT_NOW, f"数据库现在不能用，请检查后再运行一次：{error}".strip()
    if isinstance(error, CommandError):
        return (Exit.USE if error.returncode == Exit.USE else Exit.FOUND), str(error)
    if isinstance(error, KeyboardInterrupt):
        return Exit.STOPPED, "已停止。"
    return _of_files(error)


def _of_files(error: BaseException) -> tuple[Exit, str]:
    if isinstance(error, OSError) and error.filename is not None:
        why = error.strerror or type(error).__name__
        return Exit.FOUND, f"不能读写“{error.filename}”：{why}。请核对路径和权限。"
    if isinstance(error, UnicodeDecodeError):
        return Exit.FOUND, "文件不是 UTF-8 文本，读不了：请另存为 UTF-8 后再试。"
    if isinstance(error, zipfile.BadZipFile):
        return Exit.FOUND, "文件打不开：它不是完整的表格或压缩包。请核对文件。"
    return Exit.FAULT, f"程序出错了（{type(error).__name__}）：{error}。加 --traceback 可看经过。"


def of_stop(stop: SystemExit) -> tuple[int, str]:
    """The same for who ended it by itself: with a code, or with a sentence."""
    if isinstance(stop, WrongSetting):
        return Exit.USE, str(stop)
    if stop.code is None or isinstance(stop.code, int):
        return stop.code or Exit.OK, ""
    return Exit.FOUND, str(stop.code)
