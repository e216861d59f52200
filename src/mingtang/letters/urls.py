"""Paths of letters."""

from django.urls import path

from mingtang.letters.views import desk, intake, paper, proof, public, publishing

OWN = "letters/progress/<str:number>/"
ONE = "letters/<int:letter_id>/"

app_name = "letters"
urlpatterns = [
    path("letters/", public.index, name="index"),
    path("letters/new/", public.new, name="new"),
    path("letters/suggest/", public.suggest, name="suggest"),
    path("letters/page-error/", public.page_error, name="page_error"),
    path("letters/sent/<str:number>/", public.sent, name="sent"),
    path("letters/mine/", public.mine, name="mine"),
    path("letters/progress/", public.progress, name="progress"),
    path(OWN, public.progress_of, name="progress_of"),
    path(f"{OWN}proof/", proof.proof, name="proof"),
    path(f"{OWN}proof/receipt.json", proof.proof_file, name="proof_file"),
    path(f"{OWN}proof/qr/", proof.proof_qr, name="proof_qr"),
    path(f"{OWN}<slug:verb>/", public.own_act, name="own_act"),
    path("letters/answered/", public.answered, name="answered"),
    path("letters/answered/<int:copy_id>/", public.copy_public, name="copy_public"),
    path("letters/answers/", public.answers, name="answers"),
    path("letters/answers/<int:answer_id>/", public.answer, name="answer"),
    path("letters/figures/", public.figures, name="figures"),
    path("letters/desk/", desk.desk, name="desk"),
    path("letters/register/", desk.register, name="register"),
    path("letters/take-in/", intake.take_in, name="take_in"),
    path("letters/phone/", intake.phone, name="phone"),
    path("letters/mails/", intake.mails, name="mails"),
    path("letters/mails/<int:mail_id>/", intake.mail, name="mail"),
    path("letters/limits/", publishing.limits, name="limits"),
    path("letters/readers/", publishing.readers, name="readers"),
    path("letters/readers/<int:reader_id>/end/", publishing.end_reader, name="end_reader"),
    path(ONE, desk.detail, name="detail"),
    path(f"{ONE}files/<int:upload_id>/", desk.attachment, name="attachment"),
    path(f"{ONE}copy/", publishing.copy, name="copy"),
    path(f"{ONE}copy/<slug:act>/", publishing.copy_act, name="copy_act"),
    path(f"{ONE}promote/", publishing.promote, name="promote"),
    path(f"{ONE}paper-receipt/", paper.enter_paper_receipt, name="enter_paper_receipt"),
    path(f"{ONE}<slug:verb>/", desk.act, name="act"),
]
