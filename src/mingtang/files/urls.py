"""Paths of files."""

from django.urls import path

from mingtang.files import views

app_name = "files"
urlpatterns = [
    path("office/seals/", views.seals, name="seals"),
    path("office/seals/<int:document_id>/", views.sealed, name="sealed"),
    path("uploads/", views.begin, name="begin"),
    path("uploads/<str:token>/", views.half, name="half"),
    path("uploads/<str:token>/finish/", views.finish, name="finish"),
]
