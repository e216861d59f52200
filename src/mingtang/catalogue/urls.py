"""Paths of the catalogue."""

from django.urls import path

from mingtang.catalogue import views
from mingtang.catalogue.editor import asking, item_files
from mingtang.catalogue.editor import views as editor
from mingtang.catalogue.views import basic, editions, guides, life

app_name = "catalogue"
urlpatterns = [
    path("items/", views.items, name="items"),
    path("suggest/", views.suggest, name="suggest"),
    path("items/<str:code>/", views.item, name="item"),
    path("items/<str:code>/guide/", guides.guide, name="guide"),
    path("items/<str:code>/guide.pdf", guides.guide_pdf, name="guide_pdf"),
    path("items/<str:code>/files/<str:name>/", guides.item_file, name="item_file"),
    path("items/<str:code>/qr.svg", guides.qr, name="qr"),
    path("items/<str:code>/sheets/<int:number>/", guides.sheet, name="sheet"),
    path("enquiries/", guides.enquiries, name="enquiries"),
    path("enquiries/record/", guides.enquire, name="enquire"),
    path("life/", life.life_events, name="life_events"),
    path("life/<str:key>/", life.life_event, name="life_event"),
    path("items/<str:code>/draft/", editor.draft, name="draft"),
    path("items/<str:code>/draft/edit/", editor.draft_edit, name="draft_edit"),
    path("items/<str:code>/draft/preview/", editor.draft_preview, name="draft_preview"),
    path("items/<str:code>/draft/files/", item_files.files, name="draft_files"),
    path("items/<str:code>/draft/files/<str:name>/", item_files.file, name="draft_file"),
    path("items/<str:code>/draft/form/", asking.form, name="draft_form"),
    path("items/<str:code>/draft/form/try/", asking.form_try, name="draft_form_try"),
    path("items/<str:code>/draft/<slug:verb>/", editor.draft_act, name="draft_act"),
    path("items/<str:code>/editions/<int:number>/", editions.edition, name="edition"),
    path("items/<str:code>/editions/", editor.editions, name="editions"),
    path("items/<str:code>/history/", editor.history, name="history"),
    path("catalogue/edit/new/", editor.item_new, name="item_new"),
    path("catalogue/edit/", editor.edit_list, name="edit_list"),
    path("catalogue/completeness/", editor.completeness, name="completeness"),
    path("catalogue/basic/", basic.basic_items, name="basic_items"),
    path("catalogue/deviations/", basic.deviations, name="deviations"),
    path("catalogue/deviations/file/", basic.deviations_file, name="deviations_file"),
]
