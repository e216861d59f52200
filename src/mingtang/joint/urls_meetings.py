"""Paths of joint meetings."""

from django.urls import path

from mingtang.joint.views import meetings

ONE = "meetings/<int:meeting_id>/"

app_name = "meetings"
urlpatterns = [
    path("meetings/", meetings.desk, name="desk"),
    path("meetings/of/<int:joint_id>/", meetings.of_matter, name="of_matter"),
    path("meetings/of/<int:joint_id>/invite/", meetings.invite, name="invite"),
    path(ONE, meetings.meeting, name="meeting"),
    path(f"{ONE}papers/<int:document_id>/", meetings.document, name="document"),
    path(f"{ONE}papers/<int:document_id>/pdf/", meetings.document_file, name="document_pdf"),
    path(f"{ONE}<slug:verb>/<slug:whose>/", meetings.act, name="act"),
]
