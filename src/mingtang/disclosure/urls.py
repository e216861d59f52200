"""Paths of disclosure."""

from django.urls import path

from mingtang.disclosure.views import book, item, numbering, office, releases

OFFICE = "disclosure/office/"
ITEM = f"{OFFICE}items/<str:publication_id>/"
RELEASE = f"{OFFICE}releases/<str:release_id>/"

app_name = "disclosure"
urlpatterns = [
    path(OFFICE, office.desk, name="desk"),
    path(f"{OFFICE}review/", office.review_many, name="review_many"),
    path(f"{OFFICE}new/", office.new, name="office_new"),
    path(ITEM, item.item, name="office_item"),
    path(f"{ITEM}edit/", office.edit, name="office_edit"),
    path(f"{ITEM}versions/<int:number>/", office.version, name="office_version"),
    path(f"{ITEM}files/<str:upload_id>/", office.file, name="office_file"),
    path(f"{ITEM}do/<slug:verb>/", item.act, name="office_act"),
    path(f"{OFFICE}releases/", releases.ledger, name="releases"),
    path(f"{OFFICE}releases/export/", releases.export, name="releases_export"),
    path(f"{OFFICE}releases/enter/", releases.enter, name="release_enter"),
    path(RELEASE, releases.release, name="release"),
    path(f"{RELEASE}prove/", releases.prove, name="release_prove"),
    path(f"{RELEASE}withdraw/", releases.withdraw, name="release_withdraw"),
    path(f"{RELEASE}files/<str:upload_id>/", releases.release_file, name="release_file"),
    path(f"{OFFICE}book/", book.book, name="book"),
    path(f"{OFFICE}trainings/", book.trainings, name="trainings"),
    path(f"{OFFICE}numbers/", numbering.schemes, name="schemes"),
    path(f"{OFFICE}auto/", book.auto, name="auto"),
    path(f"{OFFICE}auto/<slug:kind>/switch/", book.switch, name="auto_switch"),
]
