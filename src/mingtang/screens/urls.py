"""Paths of screens."""

from django.urls import path

from mingtang.screens.views import api, board, devices, kiosk, pad, window

app_name = "screens"
urlpatterns = [
    path("screens/devices/", devices.devices, name="devices"),
    path("screens/devices/<int:device_id>/renew/", devices.renew, name="renew"),
    path("screens/devices/<int:device_id>/revoke/", devices.revoke, name="revoke"),
    path("screens/devices/<int:device_id>/volume/", devices.volume, name="volume"),
    path("screens/pair/", devices.pair, name="pair"),
    path("screens/device/beat/", api.beat, name="beat"),
    path("screens/pad/", pad.pad, name="pad"),
    path("screens/pad/rate/", pad.rate, name="rate"),
    path("screens/device/pad/", pad.pad_beat, name="pad_beat"),
    path("screens/device/rate/", pad.pad_rate, name="pad_rate"),
    path("screens/kiosk/", kiosk.kiosk, name="kiosk"),
    path("screens/reading/", kiosk.reading, name="reading"),
    path("desk/window/", window.window, name="window"),
    path("desk/window/call/", window.call, name="call"),
    path("desk/window/ask/", window.ask, name="ask"),
    path("desk/window/<slug:verb>/", window.move, name="move"),
    path("screens/board/", board.board, name="board"),
    path("screens/board/size.css", board.size, name="size"),
    path("screens/board/worker.js", board.worker, name="worker"),
    path("screens/board/calls.json", board.calls, name="calls"),
    path("screens/board.json", board.board_json, name="board_json"),
    path("screens/board.txt", board.board_text, name="board_text"),
    path("screens/inserts/", board.inserts, name="inserts"),
    path("screens/inserts/<int:insert_id>/end/", board.end, name="end_insert"),
]
