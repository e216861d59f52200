"""Paths of requests."""

app_name = "requests"
urlpatterns: list[object] = []
