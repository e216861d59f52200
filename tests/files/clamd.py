"""A virus scanner for tests: a small clamd of our own, and the real one where it is installed.

The answers of the small one are those that ClamAV 1.4.6 gave.
"""

import hashlib
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
from pathlib import Path

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 1024 * 1024
REAL = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")


class FakeClamd(socketserver.ThreadingTCPServer):
    """Finds EICAR where it stands alone, as a signature by digest does."""

    allow_reuse_address = daemon_threads = True
    real = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        self.scanned: list[bytes] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()


class Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            if not (one := self.rfile.read(1)):
                return
            command += one
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM\0":
            self.wfile.write(self.verdict())
        else:
            self.wfile.write(b"UNKNOWN COMMAND\0")

    def verdict(self) -> bytes:
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > MOST:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.server.scanned.append(content)
        if content == EICAR:
            return b"stream: Eicar-Test-Local.UNOFFICIAL FOUND\0"
        return b"stream: OK\0"


class RealClamd:
    """ClamAV with one signature of our own, on a local socket."""

    real = True

    def __init__(self, folder: Path) -> None:
        database = folder / "db"
        database.mkdir()
        line = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Eicar-Test-Local\n"
        (database / "local.hdb").write_text(line)
        self.address = str(folder / "clamd.sock")
        settings = {
            "DatabaseDirectory": database,
            "LocalSocket": self.address,
            "Foreground": "yes",
            "StreamMaxLength": "1M",
        }
        conf = folder / "clamd.conf"
        conf.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
        self.process = subprocess.Popen(
            [REAL, "-c", conf], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self.wait()

    def wait(self) -> None:
        for _ in range(300):
            assert self.process.poll() is None, "clamd ended before it answered"
            with socket.socket(socket.AF_UNIX) as probe:
                if probe.connect_ex(self.address) == 0:
                    return
            time.sleep(0.1)
        raise AssertionError("clamd does not answer")

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
