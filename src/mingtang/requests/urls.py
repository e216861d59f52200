"""Paths of requests."""

from django.urls import path

from mingtang.requests.views import desk, own, paper, proof, public, report

OWN = "requests/progress/<str:number>/"
ONE = "requests/<int:request_id>/"

app_name = "requests"
urlpatterns = [
    path("requests/", public.index, name="index"),
    path("requests/new/", public.new, name="new"),
    path("requests/suggest/", public.suggest, name="suggest"),
    path("requests/filed/<str:number>/", public.filed, name="filed"),
    path("requests/mine/", public.mine, name="mine"),
    path("requests/calculator/", public.calculator, name="calculator"),
    path("requests/figures/", public.figures, name="figures"),
    path("requests/progress/", public.progress, name="progress"),
    path(OWN, public.progress_of, name="progress_of"),
    path(f"{OWN}papers/<int:document_id>/", own.document, name="own_document"),
    path(f"{OWN}papers/<int:document_id>/pdf/", own.document_pdf, name="own_document_pdf"),
    path(f"{OWN}proof/", proof.proof, name="proof"),
    path(f"{OWN}proof/receipt.json", proof.proof_file, name="proof_file"),
    path(f"{OWN}proof/qr/", proof.proof_qr, name="proof_qr"),
    path(f"{OWN}<slug:verb>/", own.act, name="own_act"),
    path("requests/desk/", desk.desk, name="desk"),
    path("requests/register/", desk.register, name="register"),
    path("requests/take-in/", desk.take_in, name="take_in"),
    path("requests/report/<int:year>/", report.report, name="report"),
    path(
        "requests/report/<int:year>/<str:table>/<slug:row>/<slug:column>/",
        report.cell,
        name="cell",
    ),
    path(ONE, desk.detail, name="detail"),
    path(f"{ONE}papers/<int:document_id>/", desk.document, name="document"),
    path(f"{ONE}papers/<int:document_id>/pdf/", desk.document_pdf, name="document_pdf"),
    path(f"{ONE}files/<int:upload_id>/", desk.attachment, name="attachment"),
    path(f"{ONE}evidence/", desk.evidence, name="evidence"),
    path(f"{ONE}paper-receipt/", paper.enter_paper_receipt, name="enter_paper_receipt"),
    path(f"{ONE}<slug:verb>/", desk.act, name="act"),
]
