"""Paths of screens."""

from django.urls import path

from mingtang.screens.views import api, board, devices

app_name = "screens"
urlpatterns = [
    path("screens/devices/", devices.devices, name="devices"),
    path("screens/devices/<int:device_id>/renew/", devices.renew, name="renew"),
    path("screens/devices/<int:device_id>/revoke/", devices.revoke, name="revoke"),
    path("screens/pair/", devices.pair, name="pair"),
    path("screens/device/beat/", api.beat, name="beat"),
    path("screens/board/", board.board, name="board"),
    path("screens/board/size.css", board.size, name="size"),
    path("screens/board.json", board.board_json, name="board_json"),
    path("screens/board.txt", board.board_text, name="board_text"),
    path("screens/inserts/", board.inserts, name="inserts"),
    path("screens/inserts/<int:insert_id>/end/", board.end, name="end_insert"),
]
