"""Paths of consultations: for everyone, and for those who prepare and answer."""

from django.urls import path

from mingtang.consultations.views import office, public

OFFICE = "consultations/office/"
ONE = f"{OFFICE}<str:activity_id>/"

app_name = "consultations"
urlpatterns = [
    path("consultations/", public.index, name="index"),
    path("consultations/feed.xml", public.feed, name="feed"),
    path(OFFICE, office.desk, name="office"),
    path(f"{OFFICE}new/<slug:kind>/", office.new, name="office_new"),
    path(ONE, office.detail, name="office_one"),
    path(f"{ONE}result/", office.result, name="office_result"),
    path(f"{ONE}tokens/", office.tokens, name="office_tokens"),
    path(f"{ONE}comments/<int:number>/", office.comment, name="office_comment"),
    path(f"{ONE}comments/<int:number>/<slug:verb>/", office.judge, name="office_judge"),
    path("consultations/<str:activity_id>/", public.one, name="one"),
    path("consultations/<str:activity_id>/say/", public.say, name="say"),
    path("consultations/<str:activity_id>/thanks/", public.thanks, name="thanks"),
    path("consultations/<str:activity_id>/answer/", public.answer, name="answer"),
]
