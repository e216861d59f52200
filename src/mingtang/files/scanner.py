"""The virus scanner: clamd, spoken to over its socket (INSTREAM). Without an address there is none.

A scanner that is down lets nothing through as clean: what came meanwhile waits in quarantine.
"""

import socket
import struct
from pathlib import Path

from django.conf import settings

STEP = 64 * 1024
SECONDS = 20
LONGEST_ANSWER = 4096
PORT = 3310


class Infected(Exception):  # a service turns it into a sentence with the file's name
    """The scanner knows what is in the file."""


class NoVerdict(Exception):  # never shown to the person who uploads
    """The scanner did not say whether a file is clean."""


class ScannerDown(NoVerdict):
    """Nor will it about any other: it does not answer."""


def is_configured() -> bool:
    return bool(settings.MINGTANG_CLAMAV)


def scan(path: Path) -> None:
    """Returns for a clean file. Raises Infected or NoVerdict."""
    answer = _ask(b"zINSTREAM\0", path)
    if answer == "stream: OK":
        return
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        raise Infected(answer.removeprefix("stream: ").removesuffix(" FOUND"))
    raise NoVerdict(answer)


def why_down() -> str:
    """Why the scanner does not answer; nothing where it does, or where there is none."""
    if not is_configured():
        return ""
    try:
        answer = _ask(b"zPING\0")
    except ScannerDown as error:
        return str(error)
    return "" if answer == "PONG" else answer


def _ask(command: bytes, path: Path | None = None) -> str:
    try:
        with _connected() as line:
            line.sendall(command)
            if path is not None:
                _send(line, path)
            return _answer(line)
    except OSError as error:
        raise ScannerDown(type(error).__name__) from None


def _connected() -> socket.socket:
    """`host:port`, or the path of a local socket."""
    address = settings.MINGTANG_CLAMAV
    if address.startswith("/"):
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(SECONDS)
        try:
            line.connect(address)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _send(line: socket.socket, path: Path) -> None:
    """The content in pieces with their length before them; a piece of length nothing ends it.

    Past its own limit clamd answers and hangs up while we still send: the answer is worth reading.
    """
    try:
        with path.open("rb") as content:
            while piece := content.read(STEP):
                line.sendall(struct.pack("!L", len(piece)) + piece)
        line.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(line: socket.socket) -> str:
    answer = b""
    while b"\0" not in answer and len(answer) < LONGEST_ANSWER:
        piece = line.recv(LONGEST_ANSWER)
        if not piece:
            break
        answer += piece
    if not answer:
        raise ConnectionAbortedError
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
