"""Paths of television. All pages of a size lie side by side."""

from django.urls import path

from mingtang.tv import views

app_name = "tv"
urlpatterns = [
    path("tv/", views.start, name="start"),
    path("tv/<slug:size>/<slug:name>.html", views.page, name="page"),
    path("tv/preview/<int:disclosure_id>/<slug:size>/", views.preview, name="preview"),
]
