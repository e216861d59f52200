"""Paths of villages, for everybody. Those of staff stand in urls_office.py."""

from django.urls import path

from mingtang.villages.views import objections, public

app_name = "villages"
urlpatterns = [
    path("villages/", public.index, name="index"),
    path("villages/objections/", objections.lookup, name="lookup"),
    path("villages/objections/<str:number>/", objections.raised, name="raised"),
    path("villages/entries/<int:disclosure_id>/", public.entry, name="entry"),
    path("villages/entries/<int:disclosure_id>/object/", objections.new, name="object"),
    path("villages/<str:code>/", public.place, name="place"),
    path("villages/<str:code>/archive/", public.archive, name="archive"),
    path("villages/<str:code>/<slug:section>/", public.section, name="section"),
]
