"""Views of files: uploads in pieces, the seal register, the verification of a document."""

from mingtang.files.views.documents import sealed, seals, verified, verify, verify_qr
from mingtang.files.views.uploads import begin, finish, half

__all__ = ["begin", "finish", "half", "sealed", "seals", "verified", "verify", "verify_qr"]
