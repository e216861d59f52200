"""Paths of joint matters."""

from django.urls import path

from mingtang.joint.views import desk, filing, maps, paper, public

OWN = "joint/progress/<str:number>/"
ONE = "joint/<int:joint_id>/"

app_name = "joint"
urlpatterns = [
    path("joint/", filing.routes, name="routes"),
    path("joint/file/<str:code>/", filing.file, name="file"),
    path("joint/filed/<str:number>/", public.filed, name="filed"),
    path("joint/filed/<str:number>/qr.svg", public.filed_qr, name="filed_qr"),
    path("joint/mine/", public.mine, name="mine"),
    path("joint/progress/", public.progress, name="progress"),
    path(OWN, public.progress_of, name="progress_of"),
    path(f"{OWN}withdraw/", public.withdraw, name="withdraw"),
    path(f"{OWN}supply/", public.supply, name="supply"),
    path(f"{OWN}papers/<int:document_id>/", public.own_document, name="own_document"),
    path(f"{OWN}papers/<int:document_id>/pdf/", public.own_document_file, name="own_document_pdf"),
    path("joint/desk/", desk.desk, name="desk"),
    path("joint/take-in/", filing.intake, name="intake"),
    path("joint/take-in/<str:code>/", filing.take_in, name="take_in"),
    path(ONE, desk.detail, name="detail"),
    path(f"{ONE}map/", maps.matter_map, name="map"),
    path(f"{ONE}bpmn/", maps.matter_bpmn, name="bpmn"),
    path(f"{ONE}papers/<int:document_id>/", desk.document, name="document"),
    path(f"{ONE}papers/<int:document_id>/pdf/", desk.document_file, name="document_pdf"),
    path(f"{ONE}files/<int:upload_id>/", desk.attachment, name="attachment"),
    path(f"{ONE}paper-receipt/", paper.enter_paper_receipt, name="enter_paper_receipt"),
    path(f"{ONE}<slug:verb>/", desk.act, name="act"),
    path(f"{ONE}<slug:verb>/<str:part>/", desk.act, name="act_on_part"),
]
