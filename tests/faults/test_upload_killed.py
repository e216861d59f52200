"""A server killed in the middle of a piece: what arrived is there, the rest follows, same file."""

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256

import pytest

from mingtang.files.services import (
    append,
    begin,
    files_folder,
    finish,
    half,
    handed_file,
    path_of,
    read_ticket,
    upload_ticket,
)
from tests.files.corpus.packages import xlsx
from tests.files.test_resumable import Line

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FILING = "filing:7"
SERVER = """
import sys, time
from datetime import datetime
from pathlib import Path
import django
django.setup()
from mingtang.files.rules.tickets import Ticket
from mingtang.files.services import halves

folder, subject, command, token, offset, source = sys.argv[1:]
halves.files_folder = lambda: Path(folder)
halves.STEP = 997

class Slowly:
    def __init__(self, file):
        self.file = file
    def read(self, size):
        time.sleep(0.01)
        return self.file.read(size)

with open(source, "rb") as file:
    file.seek(int(offset))
    ticket = Ticket(subject, command, datetime.now())
    halves.append(ticket, token, offset=int(offset), source=Slowly(file))
"""


def test_killed_again_and_again_the_file_is_whole_in_the_end(at, tmp_path):
    content = xlsx(6000)
    source = tmp_path / "source"
    source.write_bytes(content)
    ticket = read_ticket(upload_ticket(FILING, at=at), at=at)
    token = begin(ticket, "表.xlsx", len(content)).token
    [data] = files_folder().glob(f"halves/*/{token}.part")
    offsets = []
    for _ in range(4):
        offset = half(ticket, token).offset
        offsets.append(offset)
        facts = (str(files_folder()), FILING, ticket.command_id, token, str(offset), str(source))
        environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "mingtang.site.settings.test"}
        server = subprocess.Popen([sys.executable, "-c", SERVER, *facts], env=environment)
        end = time.monotonic() + 60
        while data.stat().st_size == offset:
            assert server.poll() is None
            assert time.monotonic() < end
            time.sleep(0.005)
        server.send_signal(signal.SIGKILL)
        assert server.wait() == -signal.SIGKILL
        assert content.startswith(data.read_bytes())
    assert offsets == sorted(set(offsets))
    assert half(ticket, token).offset < len(content)
    while (offset := half(ticket, token).offset) < len(content):
        append(ticket, token, offset=offset, source=Line(content[offset:]))
    assert sha256(data.read_bytes()).digest() == sha256(content).digest()
    stored = handed_file(finish(ticket, token, at=at).handed, FILING, at=at)
    assert path_of(stored.storage_key).exists()
