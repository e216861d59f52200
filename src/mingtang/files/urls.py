"""Paths of files."""

from django.urls import path, register_converter

from mingtang.base.codes import CODE_ALPHABET
from mingtang.files import views


class DocumentCodeConverter:
    """A verification code as it is printed, and as people write it into an address."""

    _half = f"[{CODE_ALPHABET}{CODE_ALPHABET.lower()}]{{5}}"
    regex = f"{_half}-?{_half}"

    def to_python(self, value: str) -> str:
        plain = value.upper().replace("-", "")
        return f"{plain[:5]}-{plain[5:]}"

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(DocumentCodeConverter, "document_code")

app_name = "files"
urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<document_code:code>/", views.verified, name="verified"),
    path("verify/<document_code:code>/qr/", views.verify_qr, name="verify_qr"),
    path("office/seals/", views.seals, name="seals"),
    path("office/seals/<int:document_id>/", views.sealed, name="sealed"),
    path("uploads/", views.begin, name="begin"),
    path("uploads/<str:token>/", views.half, name="half"),
    path("uploads/<str:token>/finish/", views.finish, name="finish"),
]
