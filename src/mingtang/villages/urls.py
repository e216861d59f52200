"""Paths of villages."""

from django.urls import path

from mingtang.villages.views import public

app_name = "villages"
urlpatterns = [
    path("villages/", public.index, name="index"),
    path("villages/entries/<int:disclosure_id>/", public.entry, name="entry"),
    path("villages/<str:code>/", public.place, name="place"),
]
