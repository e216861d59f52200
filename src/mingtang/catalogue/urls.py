"""Paths of the catalogue."""

from django.urls import path

from mingtang.catalogue import views
from mingtang.catalogue.editor import asking, item_files
from mingtang.catalogue.editor import views as editor
from mingtang.catalogue.views import (
    basic,
    campaigns,
    cleanups,
    editions,
    guides,
    keeping,
    life,
    lists,
)

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
    path("catalogue/campaigns/", campaigns.campaigns, name="campaigns"),
    path("catalogue/campaigns/start/", campaigns.start, name="campaign_start"),
    path("catalogue/campaigns/<int:campaign_id>/", campaigns.campaign, name="campaign"),
    path("catalogue/campaigns/<int:campaign_id>/report/", campaigns.report, name="campaign_report"),
    path("catalogue/campaigns/<int:campaign_id>/take/", campaigns.take, name="campaign_take"),
    path("catalogue/campaigns/<int:campaign_id>/accept/", campaigns.accept, name="campaign_accept"),
    path(
        "catalogue/campaigns/<int:campaign_id>/return/<int:organisation_id>/",
        campaigns.send_back,
        name="campaign_return",
    ),
    path(
        "catalogue/campaigns/<int:campaign_id>/entries/",
        campaigns.entries,
        name="campaign_entries",
    ),
    path(
        "catalogue/campaigns/<int:campaign_id>/entries/file/",
        cleanups.entries_file,
        name="campaign_entries_file",
    ),
    path("catalogue/campaigns/<int:campaign_id>/decide/", campaigns.decide, name="campaign_decide"),
    path(
        "catalogue/campaigns/<int:campaign_id>/decide/file/",
        campaigns.decide_file,
        name="campaign_decide_file",
    ),
    path(
        "catalogue/campaigns/<int:campaign_id>/seal/<int:document_id>/",
        campaigns.seal,
        name="campaign_seal",
    ),
    path("catalogue/campaigns/<int:campaign_id>/<slug:verb>/", campaigns.act, name="campaign_act"),
    path("catalogue/lists/", keeping.kept_lists, name="kept_lists"),
    path("catalogue/lists/freeze/", keeping.freeze, name="freeze_lists"),
    path("catalogue/lists/<int:list_id>/", keeping.kept_list, name="kept_list"),
    path("catalogue/printings/", keeping.printings, name="printings"),
    path("powers/", lists.power_lists, name="power_lists"),
    path("powers/<int:list_id>/", lists.power_list, name="power_list"),
    path("powers/<int:list_id>/changes/", lists.power_list_changes, name="power_list_changes"),
    path("powers/<int:list_id>/file/", lists.power_list_file, name="power_list_file"),
    path("cleanups/", cleanups.cleanups, name="cleanups"),
    path("cleanups/<int:campaign_id>/", cleanups.cleanup, name="cleanup"),
    path("cleanups/<int:campaign_id>/file/", cleanups.cleanup_file, name="cleanup_file"),
    path(
        "cleanups/<int:campaign_id>/papers/<int:document_id>/",
        cleanups.paper,
        name="campaign_paper",
    ),
    path(
        "cleanups/<int:campaign_id>/papers/<int:document_id>/pdf/",
        cleanups.paper_pdf,
        name="campaign_paper_pdf",
    ),
    path("catalogue/basic/", basic.basic_items, name="basic_items"),
    path("catalogue/deviations/", basic.deviations, name="deviations"),
    path("catalogue/deviations/file/", basic.deviations_file, name="deviations_file"),
]
