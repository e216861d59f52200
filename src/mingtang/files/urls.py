"""Paths of files."""

from django.urls import path

from mingtang.files import views

app_name = "files"
urlpatterns = [
    path("office/seals/", views.seals, name="seals"),
    path("office/seals/<int:document_id>/", views.sealed, name="sealed"),
]
