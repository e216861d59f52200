"""Three hundred hostile mails, always the same: what breaks parsers, and what people send."""

import base64
import random
from collections.abc import Callable, Iterator
from itertools import product

COUNT = 300
AGAIN = b"Zhu <sender5@example.cn>"  # who wrote the fifth goes on with it
Headers = list[tuple[bytes, bytes]]


def _mail(headers: Headers, body: bytes) -> bytes:
    return b"".join(name + b": " + value + b"\n" for name, value in headers) + b"\n" + body


def _plain(n: int) -> Headers:
    return [
        (b"From", b"Zhu <sender%d@example.cn>" % n if n < COUNT - 10 else AGAIN),
        (b"Message-ID", b"<own-%d@example.cn>" % n),
        (b"Subject", b"=?utf-8?b?" + base64.b64encode("水费多收".encode()) + b"?="),
    ]


def _bodies() -> list[tuple[Headers, bytes]]:
    """Headers of the content, and the content."""
    text = "夜里停水，请派人来看。".encode()
    gbk = "夜里停水，请派人来看。".encode("gb18030")
    nested = b"".join(
        b"--%d\nContent-Type: multipart/mixed; boundary=%d\n\n" % (n, n + 1) for n in range(60)
    )
    many = b"".join(b"--b\nContent-Type: text/plain\n\npart\n" for _ in range(150))
    report = b"multipart/report; report-type=delivery-status; boundary=b"
    multi, html = b"multipart/mixed; boundary=b", b"text/html; charset=utf-8"
    page = "<script>x</script><style>y</style><p onclick=z>你好<b>水".encode()
    file = b'Content-Type: image/png\nContent-Disposition: attachment; filename="../../a.png"\n'
    rfc = b"--b\nContent-Type: message/rfc822\n\nFrom: x@y.z\n\ninner\n--b\n\nouter\n--b--\n"
    c, enc = b"Content-Type", b"Content-Transfer-Encoding"
    return [
        ([(c, b"text/plain; charset=utf-8")], text),
        ([(c, b"text/plain; charset=gb2312")], gbk),
        ([(c, b"text/plain; charset=utf-8")], gbk),
        ([(c, b"text/plain; charset=us-ascii")], text),
        ([(c, b"text/plain; charset=rot13")], b"uryyb"),
        ([(c, b"text/plain; charset=zip")], b"x\x9c\x03\x00"),
        ([(c, b"text/plain; charset*=utf-8''%ff")], text),
        ([(c, b"text/plain; charset=utf-7")], b"+MH0-"),
        ([(c, b"text/plain; charset=utf-16")], "停水".encode("utf-16")),
        ([], bytes(range(128, 256)) * 3),
        ([], b"\x00" * 200),
        ([], b""),
        ([], "长".encode() * 25_000),
        ([(enc, b"base64")], b"@@@not base64@@@"),
        ([(enc, b"base64")], base64.b64encode(text)[:-3]),
        ([(enc, b"quoted-printable")], b"=E5=81=9C=ZZ=\n=E6=B0"),
        ([(enc, b"x-uuencode")], b"begin 644 a\n#0V%T\nend\n"),
        ([(c, multi)], b"--b\n\nno end"),
        ([(c, multi)], b"no boundary at all"),
        ([(c, b"multipart/mixed")], text),
        ([(c, b"multipart/mixed; boundary=0")], nested),
        ([(c, multi)], many),
        ([(c, multi)], rfc),
        ([(c, multi)], b"--b\n" + file + b"\n\x89PNG broken\n--b\n\n" + text + b"\n--b--"),
        ([(c, html)], page),
        ([(c, html)], b"<p>" * 3000 + "深".encode()),
        ([(c, b"////;;;===")], text),
        ([(c, report)], b"--b\n\nbounced\n--b--"),
        ([(b"Auto-Submitted", b"auto-replied")], text),
        ([(b"In-Reply-To", b"<own-5@example.cn>")], text),
    ]


def _twisted() -> list[Callable[[Headers, int], Headers]]:
    """What may be wrong with the headers."""
    return [
        lambda head, n: head,
        lambda head, n: head[1:],
        lambda head, n: [head[0], *head],
        lambda head, n: [(b"From", b"not an address"), *head[1:]],
        lambda head, n: [(b"From", b"\xff\xfe <\xe5@\xe6>"), *head[1:]],
        lambda head, n: [*head[:2], (b"Subject", b"=?utf-8?b?????=?= =?x?q?=zz?=")],
        lambda head, n: [*head[:2], (b"Subject", b"a\n b\n c: injected\n \x07")],
        lambda head, n: [*head, (b"References", b"<x@y> " * 3000)],
        lambda head, n: [*head, (b"X-Long", b"a" * 100_000)],
        lambda head, n: [*head[:1], (b"Message-ID", b"<same@example.cn>"), *head[2:]],
    ]


def corpus() -> Iterator[bytes]:
    """Every twist of every body; every seventh of them cut short or with bytes changed as well."""
    dice = random.Random(300)
    pairs = list(product(_bodies(), _twisted()))
    assert len(pairs) == COUNT
    for n, ((more, body), twist) in enumerate(pairs):
        raw = _mail([*twist(_plain(n), n), *more], body)
        if n % 7 == 0:
            raw = raw[: dice.randrange(len(raw))]
        if n % 7 == 3:
            changed = bytearray(raw)
            for _ in range(len(raw) // 50 + 1):
                changed[dice.randrange(len(raw))] = dice.randrange(256)
            raw = bytes(changed)
        yield raw
