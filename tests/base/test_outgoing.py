"""What the house calls itself: nothing inside, whatever the address is called."""

import datetime as dt
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mingtang.base.outgoing import ForbiddenAddress, is_allowed, pinned, post

INSIDE = (
    *("127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255"),
    *("192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1"),
    *("240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1"),
    *("fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "2002:7f00:1::"),
    *("2002:a9fe:a9fe::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2001:db8::1"),
    *("fec0::1", "feff::1", "64:ff9b:1::a9fe:a9fe", "::127.0.0.1", "::10.0.0.1", "::8.8.8.8"),
)
OUTSIDE = ("8.8.8.8", "114.114.114.114", "2400:3200::1")
SPELT = (
    *("localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "127.0.0.1."),
    *("[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]"),
)


def answering(*addresses):
    """A name service that gives these, one list after another."""
    given = [[(2, 1, 6, "", (one, 80)) for one in several] for several in addresses]
    asked = []

    def look_up(host, *_args, **_more):
        asked.append(host)
        return given[min(len(asked), len(given)) - 1]

    look_up.asked = asked
    return look_up


@pytest.mark.parametrize("address", INSIDE)
def test_what_is_inside_is_not_called(address):
    assert not is_allowed(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_what_is_outside_is(address):
    assert is_allowed(address)


@pytest.fixture
def listening():
    """A server of this machine, and what it heard."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(self.path)
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server, heard
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def trap(listening):
    """A system of this machine that must hear nothing: its port, and what it heard."""
    server, heard = listening
    return server.server_port, heard


def certificate(folder, address):
    """A certificate for an address, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "receiver")])
    stands_for = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(dt.datetime(2013, 1, 1, tzinfo=dt.UTC))
        .not_valid_after(dt.datetime(2040, 1, 1, tzinfo=dt.UTC))
        .add_extension(stands_for, critical=False)
        .sign(key, hashes.SHA256())
    )
    form, pem = serialization.PrivateFormat.PKCS8, serialization.Encoding.PEM
    path = folder / f"{address}.pem"
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(pem))
    return str(path)


@pytest.mark.parametrize("stands_for", ["127.0.0.1", "127.0.0.2"])
def test_a_certificate_that_nobody_trusts_or_of_another_is_told_nothing(
    listening, settings, monkeypatch, tmp_path, stands_for
):
    settings.MINGTANG_OUTGOING_NETS = ("127.0.0.0/8",)
    server, heard = listening
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path := certificate(tmp_path, stands_for))
    server.socket = context.wrap_socket(server.socket, server_side=True)
    url = f"https://127.0.0.1:{server.server_port}/"
    with pytest.raises(ssl.SSLCertVerificationError):
        post(url, b"{}", {}, 5)
    monkeypatch.setenv("SSL_CERT_FILE", path)  # trusted now
    if stands_for == "127.0.0.1":
        assert post(url, b"{}", {}, 5) == 302  # the control
    else:
        with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            post(url, b"{}", {}, 5)
    assert heard == ["/"][: stands_for == "127.0.0.1"]


@pytest.mark.parametrize("host", SPELT)
def test_no_spelling_of_this_machine_is_called(trap, host):
    port, heard = trap
    with pytest.raises((ForbiddenAddress, OSError)):
        post(f"http://{host}:{port}/", b"{}", {}, 5)
    assert heard == []


def test_the_trap_hears_what_the_setting_allows_and_follows_no_redirect(trap, settings):
    """The control: without the refusal it is called."""
    port, heard = trap
    settings.MINGTANG_OUTGOING_NETS = ("127.0.0.0/8",)
    assert post(f"http://127.0.0.1:{port}/hook?x=1", b"{}", {}, 5) == 302
    assert heard == ["/hook?x=1"]


def test_a_name_with_one_address_inside_is_refused_whatever_the_others_are(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", answering(["8.8.8.8", "10.0.0.1"]))
    with pytest.raises(ForbiddenAddress, match="MINGTANG_OUTGOING_NETS"):
        pinned("both.example", 80)


def test_a_name_that_changes_its_mind_is_asked_once(monkeypatch):
    """Rebinding: outside when it is looked at, inside when it would be called."""
    look_up, called = answering(["8.8.8.8"], ["127.0.0.1"]), []

    def connect(address, *_args, **_more):
        called.append(address)
        raise OSError("no network here")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(OSError, match="no network"):
        post("http://rebinding.example/", b"{}", {}, 5)
    assert (look_up.asked, called) == (["rebinding.example"], [("8.8.8.8", 80)])
