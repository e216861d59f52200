"""Paths of the catalogue."""

from django.urls import path

from mingtang.catalogue import views
from mingtang.catalogue.editor import views as editor
from mingtang.catalogue.views import guides, life

app_name = "catalogue"
urlpatterns = [
    path("items/", views.items, name="items"),
    path("items/suggest/", views.suggest, name="suggest"),
    path("items/<str:code>/", views.item, name="item"),
    path("items/<str:code>/guide/", guides.guide, name="guide"),
    path("items/<str:code>/qr.svg", guides.qr, name="qr"),
    path("items/<str:code>/sheets/<int:number>/", guides.sheet, name="sheet"),
    path("enquiries/", guides.enquiries, name="enquiries"),
    path("enquiries/record/", guides.enquire, name="enquire"),
    path("life/", life.life_events, name="life_events"),
    path("life/<str:key>/", life.life_event, name="life_event"),
    path("items/<str:code>/draft/", editor.draft, name="draft"),
    path("items/<str:code>/draft/edit/", editor.draft_edit, name="draft_edit"),
    path("items/<str:code>/draft/preview/", editor.draft_preview, name="draft_preview"),
    path("items/<str:code>/draft/<slug:verb>/", editor.draft_act, name="draft_act"),
    path("items/<str:code>/editions/", editor.editions, name="editions"),
    path("items/<str:code>/history/", editor.history, name="history"),
    path("catalogue/edit/", editor.edit_list, name="edit_list"),
    path("catalogue/completeness/", editor.completeness, name="completeness"),
]
