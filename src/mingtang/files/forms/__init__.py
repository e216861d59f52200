"""Forms of files: those that take files, and those of documents and their register."""

from mingtang.files.forms.documents import RegisterForm, VerifyForm
from mingtang.files.forms.uploads import HANDED, files_of, upload_attributes

__all__ = ["HANDED", "RegisterForm", "VerifyForm", "files_of", "upload_attributes"]
