"""What is put on a machine: units that systemd reads, hardened alike; a proxy that nginx reads."""

import datetime as dt
import http.client
import json
import re
import select
import shutil
import socket
import ssl
import subprocess
import threading
from configparser import ConfigParser
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DEPLOY = Path(__file__).parents[2] / "deploy"
SERVICES = sorted((DEPLOY / "systemd").glob("*.service"))
UNITS = [
    *SERVICES,
    *sorted((DEPLOY / "systemd").glob("*.timer")),
    *(DEPLOY / "ha").glob("*.service"),
]
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
}
PROGRAM = "/opt/mingtang/.venv/bin/mingtang"


def _read(text):
    parser = ConfigParser(interpolation=None, strict=False)
    parser.optionxform = str
    parser.read_string(text)
    return parser


def _weak(text):
    """What a service is not protected from."""
    said = dict(_read(text)["Service"])
    return {name for name, value in HARDENED.items() if said.get(name) != value}


@pytest.mark.parametrize(
    "path", [*SERVICES, *(DEPLOY / "ha").glob("*.service")], ids=lambda p: p.name
)
def test_each_service_is_hardened_and_none_is_root(path):
    text = path.read_text()
    assert _weak(text) == set()
    assert _read(text)["Service"]["User"] in {"mingtang", "postgres"}
    assert _weak(text.replace("ProtectSystem=strict", "ProtectSystem=no")) == {"ProtectSystem"}


def test_each_timer_has_its_service():
    for timer in (DEPLOY / "systemd").glob("*.timer"):
        assert timer.with_suffix(".service").exists()


@pytest.mark.parametrize("service", SERVICES, ids=lambda path: path.name)
def test_units_call_commands_that_are_there(service):
    commands = Path("src/mingtang/site/management/commands")
    root = DEPLOY.parent
    for name in re.findall(rf"{PROGRAM} ([a-z-]+)", service.read_text()):
        assert (root / commands / f"{name.replace('-', '_')}.py").exists()


def _verified(folder, text):
    """What systemd says of all units, one of them with this text in the end."""
    for path in UNITS:
        content = path.read_text().replace(PROGRAM, "/bin/true")
        (folder / path.name).write_text(content.replace("/usr/bin/etcd", "/bin/true"))
    (folder / "mingtang-work.service").write_text(text)
    line = ["systemd-analyze", "verify", *map(str, sorted(folder.iterdir()))]
    done = subprocess.run(line, capture_output=True, text=True)
    return "\n".join(one for one in done.stderr.splitlines() if "mingtang" in one)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd")
def test_systemd_reads_every_unit(tmp_path):
    text = (DEPLOY / "systemd/mingtang-work.service").read_text().replace(PROGRAM, "/bin/true")
    assert _verified(tmp_path, text) == ""
    assert "ProtectSytem" in _verified(tmp_path, text.replace("ProtectSystem", "ProtectSytem"))


def _certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hall.example")])
    begin = dt.datetime(2013, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(begin + dt.timedelta(days=10_000))
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(secret)
    (folder / "fullchain.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _nginx():
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def _laid(folder, text):
    """The configuration with all that it names in this folder."""
    for there in ("/etc/ssl/mingtang", "/var/log/nginx"):
        text = text.replace(there, str(folder))
    (folder / "mingtang.conf").write_text(text)
    whole = f"pid {folder}/pid;\nevents {{}}\nhttp {{ include {folder}/mingtang.conf; }}\n"
    (folder / "nginx.conf").write_text(whole)
    return folder / "nginx.conf"


def _tested(folder, text):
    line = [_nginx(), "-t", "-e", str(folder / "error"), "-c", str(_laid(folder, text))]
    return subprocess.run(line, capture_output=True, text=True)


@pytest.mark.skipif(_nginx() is None, reason="no nginx")
def test_nginx_reads_the_proxy(tmp_path):
    _certificate(tmp_path)
    text = (DEPLOY / "nginx/mingtang.conf").read_text()
    good = _tested(tmp_path, text)
    assert good.returncode == 0, good.stderr
    assert _tested(tmp_path, text.replace("proxy_pass", "proxy_past")).returncode


def test_the_proxy_says_itself_who_asks_and_how():
    text = (DEPLOY / "nginx/mingtang.conf").read_text()
    for line in (
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header Host $host;",
    ):
        assert line in text
    assert "$request_uri" not in text.split("upstream")[0]  # no query code in the log


def test_the_proxy_speaks_tls_alone_and_lists_no_folder():
    text = (DEPLOY / "nginx/mingtang.conf").read_text()
    assert re.findall(r"ssl_protocols (.+);", text) == ["TLSv1.2 TLSv1.3"]
    plain, *others = text.split("server {")[1:]
    assert "listen 80;" in plain
    assert "return 301 https://$host$request_uri;" in plain
    assert re.search(r"location /api/ \{\s+return 403;", plain)
    assert all("listen 80" not in one for one in others)
    assert not set(re.findall(r"^\s*(\w+)", text, re.MULTILINE)) & {"autoindex", "root", "alias"}


def _weak_suites(text):
    """Suites of TLS 1.2 without a key of its own for each connection, or without integrity."""
    (said,) = re.findall(r"ssl_ciphers (.+);", text)
    strong = re.compile(r"ECDHE-(ECDSA|RSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305)")
    return [one for one in said.split(":") if not strong.fullmatch(one)]


def test_the_proxy_takes_strong_suites_alone_in_our_order():
    text = (DEPLOY / "nginx/mingtang.conf").read_text()
    assert _weak_suites(text) == []
    assert "ssl_prefer_server_ciphers on;" in text
    weaker = text.replace("ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA:HIGH")
    assert _weak_suites(weaker) == ["AES128-SHA", "HIGH"]


def _let_through(text):
    """Addresses that the services may speak with."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    said = [line.partition("=")[2] for line in lines if line.startswith("IPAddressAllow=")]
    return said if "IPAddressDeny=any" in lines else ["any"]


def test_the_services_speak_with_this_machine_until_others_are_named():
    text = (DEPLOY / "systemd/network.conf").read_text()
    assert _let_through(text) == ["localhost"]
    assert _let_through(text.replace("IPAddressDeny", "#IPAddressDeny")) == ["any"]
    assert "mingtang-.service.d/network.conf" in Path("docs/operations.md").read_text()


def test_the_history_is_not_put_on_the_machine_and_lines_are_json():
    steps = Path("docs/operations.md").read_text()
    assert "git archive" in steps
    assert "git clone" not in steps
    copied = re.findall(r"^COPY (.+) \S+$", (DEPLOY / "Containerfile").read_text(), re.MULTILINE)
    assert " ".join(copied) == "pyproject.toml constraints.txt README.md LICENSE src"
    said = (DEPLOY / "systemd/mingtang.env").read_text().splitlines()
    assert {"MINGTANG_LOG=INFO", "MINGTANG_LOG_FORMAT=json"} <= set(said)


def test_the_image_names_no_host_and_does_not_run_as_root():
    lines = (DEPLOY / "Containerfile").read_text().splitlines()
    (base,) = (line for line in lines if line.startswith("ARG BASE="))
    assert "/" not in base
    assert [line for line in lines if line.startswith("USER ")] == ["USER mingtang"]


class Told(BaseHTTPRequestHandler):
    """A program behind the proxy: it answers what it was told, and knows TRACE."""

    def do_PATCH(self):
        size = int(self.headers.get("Content-Length", 0))
        said = json.dumps({**self.headers, "size": len(self.rfile.read(size))}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_TRACE(self):
        self.do_PATCH()

    def log_message(self, *_told):
        pass


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _running(folder, text):
    """The proxy in front of a program; the port on which it speaks TLS."""
    program = HTTPServer(("127.0.0.1", 0), Told)
    serving = threading.Thread(target=program.serve_forever)
    serving.start()
    port = _free_port()
    text = text.replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{program.server_port};")
    text = re.sub(r" *listen \[::\].*\n", "", text)
    text = text.replace("listen 80;", f"listen unix:{folder}/plain;")
    text = text.replace("listen 443 ", f"listen 127.0.0.1:{port} ")
    whole = _laid(folder, text)
    line = [_nginx(), "-e", str(folder / "error"), "-c", str(whole), "-g", "daemon off;"]
    nginx = subprocess.Popen(line)
    try:
        yield port
    finally:
        nginx.terminate()
        nginx.wait(20)
        program.shutdown()
        serving.join()
        program.server_close()


def _asked(port, folder):
    """What the program is told of a visitor who lies about himself, and uploads 1 MB."""
    trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    trust.check_hostname = False
    lies = {"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "http", "Forwarded": "for=x"}
    for _ in range(200):
        line = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trust)
        try:
            line.request("PATCH", "/uploads/1/", b"x" * 2**20, {**lies, "Host": "hall.example"})
            return json.loads(line.getresponse().read())
        except ConnectionRefusedError:
            select.select([], [], [], 0.05)
        finally:
            line.close()
    raise AssertionError("nginx does not answer")


def _status(port, folder, method, path="/"):
    trust = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))
    trust.check_hostname = False
    line = http.client.HTTPSConnection("127.0.0.1", port, timeout=20, context=trust)
    try:
        line.request(method, path, b"", {"Host": "hall.example"})
        return line.getresponse().status
    finally:
        line.close()


def _in_plain(folder, path):
    """What the proxy answers by HTTP, without TLS."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(f"{folder}/plain")
        line.sendall(f"GET {path} HTTP/1.0\r\nHost: hall.example\r\n\r\n".encode())
        return int(line.recv(100).split()[1])


@pytest.mark.slow
@pytest.mark.skipif(_nginx() is None, reason="no nginx")
def test_what_a_visitor_says_of_himself_ends_at_the_proxy(tmp_path):
    _certificate(tmp_path)
    text = (DEPLOY / "nginx/mingtang.conf").read_text()
    with _running(tmp_path, text) as port:
        told = _asked(port, tmp_path)
        assert _status(port, tmp_path, "TRACE") == 405  # the program would answer 200
        assert _status(port, tmp_path, "PATCH") == 200
        assert _status(port, tmp_path, "PATCH", "/.git/config") == 404
        assert _status(port, tmp_path, "PATCH", "/.well-known/security.txt") == 200
        assert _in_plain(tmp_path, "/api/v1/cases") == 403
        assert _in_plain(tmp_path, "/cases/") == 301
    assert (told["X-Forwarded-For"], told["X-Forwarded-Proto"]) == ("127.0.0.1", "https")
    assert (told["Host"], told["size"], "Forwarded" in told) == ("hall.example", 2**20, False)
    weaker = re.sub(r" *proxy_set_header (X-Forwarded-For|Forwarded) .*\n", "", text)
    with _running(tmp_path, weaker) as port:  # the control
        told = _asked(port, tmp_path)
    assert (told["X-Forwarded-For"], told["Forwarded"]) == ("198.51.100.1", "for=x")
