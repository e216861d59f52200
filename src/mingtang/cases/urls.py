"""Paths of cases; the verb stands at the end."""

from django.urls import path, register_converter

from mingtang.cases import views
from mingtang.cases.forms import FORM_OF
from mingtang.cases.rules import Deed, Verb


class CodeConverter:
    """Case numbers and item codes as they may stand in an address: one line of visible text."""

    regex = r"[^/\x00-\x1f\x7f]{1,64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


def _words(members: list[str]) -> str:
    return "|".join(sorted((one.replace("_", "-") for one in members), key=len, reverse=True))


class VerbConverter:
    """What a person does to a case; what the law does by itself has no address."""

    regex = _words([verb.value for verb in FORM_OF])

    def to_python(self, value: str) -> Verb:
        return Verb(value.replace("-", "_"))

    def to_url(self, value: str) -> str:
        return str(value).replace("_", "-")


class DeedConverter:
    regex = _words([deed.value for deed in Deed])

    def to_python(self, value: str) -> Deed:
        return Deed(value.replace("-", "_"))

    def to_url(self, value: str) -> str:
        return str(value).replace("_", "-")


register_converter(VerbConverter, "verb")
register_converter(DeedConverter, "deed")
register_converter(CodeConverter, "code")

app_name = "cases"
urlpatterns = [
    path("items/<code:code>/file/", views.file, name="file"),
    path("filing/", views.resume, name="filing_resume"),
    path("filing/<int:draft_id>/", views.filing_on, name="filing_on"),
    path("filing/<int:draft_id>/qr/", views.filing_qr, name="filing_qr"),
    path("filing/<int:draft_id>/later/", views.filing_later, name="filing_later"),
    path("filing/<int:draft_id>/discard/", views.filing_discard, name="filing_discard"),
    path("filing/<int:draft_id>/files/<int:upload_id>/", views.filing_file, name="filing_file"),
    path("filing/<int:draft_id>/<slug:part>/", views.filing, name="filing"),
    path("results/", views.results, name="results"),
    path("progress/", views.progress, name="progress"),
    path("progress/<code:number>/", views.progress_case, name="progress_case"),
    path("progress/<code:number>/correct/", views.correct, name="correct"),
    path("progress/<code:number>/withdraw/", views.withdraw, name="withdraw"),
    path("progress/<code:number>/collect/", views.collect, name="collect"),
    path(
        "progress/<code:number>/documents/<int:document_id>/",
        views.own_document,
        name="own_document",
    ),
    path(
        "progress/<code:number>/documents/<int:document_id>/pdf/",
        views.own_document_pdf,
        name="own_document_pdf",
    ),
    path("progress/<code:number>/proof/", views.proof, name="proof"),
    path("progress/<code:number>/proof/receipt.json", views.proof_file, name="proof_file"),
    path("progress/<code:number>/proof/qr/", views.proof_qr, name="proof_qr"),
    path("filed/<code:number>/", views.filed, name="filed"),
    path("filed/<code:number>/qr/", views.filed_qr, name="filed_qr"),
    path("mine/", views.mine, name="mine"),
    path("desk/", views.desk, name="desk"),
    path("desk/scan/", views.scan, name="scan"),
    path("desk/originals/", views.originals, name="originals"),
    path("desk/intake/", views.intake, name="intake"),
    path("desk/intake/<code:code>/", views.take_in, name="take_in"),
    path("desk/taken/<code:number>/", views.taken, name="taken"),
    path("desk/batch/<verb:verb>/", views.batch, name="batch"),
    path("desk/sheet/", views.sheet, name="sheet"),
    path("desk/sheet/month/", views.month_sheet, name="month_sheet"),
    path("desk/overview/", views.overview, name="overview"),
    path("desk/authority/", views.authority, name="authority"),
    path("desk/authority/<int:letter_id>/", views.letter, name="letter"),
    path("desk/cashier/", views.cashier, name="cashier"),
    path("desk/handover/", views.handover, name="handover"),
    path("desk/handover/steps/", views.hand_over_steps, name="hand_over_steps"),
    path(
        "desk/handover/<int:substitution_id>/end/", views.end_substitution, name="end_substitution"
    ),
    path("desk/archive/", views.archives, name="archives"),
    path("desk/archive/list.csv", views.archives_file, name="archives_file"),
    path("desk/mandates/", views.mandates, name="mandates"),
    path("desk/mandates/<int:mandate_id>/end/", views.end_mandate, name="end_mandate"),
    path("cases/<code:number>/", views.detail, name="detail"),
    path("cases/<code:number>/files/<int:upload_id>/", views.attachment, name="attachment"),
    path("cases/<code:number>/documents/<int:document_id>/", views.document, name="document"),
    path(
        "cases/<code:number>/documents/<int:document_id>/pdf/",
        views.document_file,
        name="document_pdf",
    ),
    path(
        "cases/<code:number>/paper-receipt/",
        views.enter_paper_receipt,
        name="enter_paper_receipt",
    ),
    path("cases/<code:number>/<verb:verb>/", views.act, name="act"),
    path("cases/<code:number>/do/<deed:deed>/", views.deed, name="deed"),
]
