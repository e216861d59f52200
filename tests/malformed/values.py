"""Values that break what takes them for granted."""

import random
from typing import Any

TEXTS = (
    *("", " ", "\0", "a\0b", "\ud800", "\udfff字", "😀🏛️", "\x01\x1f\x7f\x85"),
    *("\u202e\ufeff\u2028", "\r\n\r\n"),
    *("-1", "0", "1e999", "NaN", "Infinity", "1.5", "+1", "1_000", "0x10", "²", "١٢٣", "１２", "Ⅷ"),
    *(str(10**30), str(2**63), str(-(2**63) - 1), str(2**31), "9" * 5000, "-" + "9" * 400),
    *("0001-01-01", "9999-12-31", "10000-01-01", "2026-13-45", "2026-02-30", "0000-00-00"),
    *("2026-12-01", "２０２６-12-01", "2026-W01", "99:99", "2026-12-01T25:61", "9999-12"),
    *("长" * 6000, "a" * 70_000, "../../etc/passwd", "..%2f", "' OR 1=1 --", "<script>x</script>"),
    *("{}", "[]", "null", "true", "[[1]]", '{"a": "\\ud800"}', '"', "%", "%s%n", "{0}", "*", "("),
    *("a:b:c", ":", "case:1", "a/b", "//", "\\", "a,b,,", "a=b&c", "@", "none-such", "330881"),
)  # fmt: skip
DEEP = "[" * 3000 + "]" * 3000
PLAIN: tuple[Any, ...] = (None, True, False, 0, -1, 1.5, 1e308, 10**30, 2**63, [], {}, [[]])
NESTED: tuple[Any, ...] = ([None], {"": None}, {"a": {"b": [1]}}, ["\0"], [{}], list(range(500)))
RAW = (
    *(b"", b"{", b"null", b"[]", b"1", b'"a"', b"NaN", b'{"a": NaN}', b'{"a": 1e999}'),
    *(b"\xff\xfe\x00", b'\xef\xbb\xbf{"a": 1}', b'{"a": "\\ud800"}', b'{"\\u0000": 1}'),
    *(b'{"a": 1, "a": 2}', DEEP.encode(), b'{"a": ' + DEEP.encode() + b"}", b"\0" * 50),
    *(b'{"a": ' + b"9" * 5000 + b"}", b"a=%ED%A0%80&b=%00", b"a=%GG&&=&=b", b"&" * 1500),
    *(b"--x\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--\r\n"),
    b'--x\r\nContent-Disposition: form-data; name="said"\r\n\r\n{"a"\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\0.pdf"\r\n\r\n%PDF',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename=""\r\n\r\n\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="../..\\.pdf"\r\n\r\n%\r\n--x--',
)
TYPES = (
    *("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"),
    *("multipart/form-data", "multipart/form-data; boundary=" + "y" * 300, "text/plain", ""),
    *("application/json; charset=none-such", "text/html; charset=utf-16", "a", "multipart/mixed"),
    "multipart/form-data; boundary=\xff",
)
HEADERS: tuple[tuple[str, str], ...] = (
    *(("HTTP_IDEMPOTENCY_KEY", one) for one in ("", "\0", "a" * 9000, "字", "../x", " ")),
    *(("HTTP_AUTHORIZATION", one) for one in ("Bearer", "Bearer \0", "Basic %%%", "Bearer \xff")),
    *(("HTTP_COOKIE", one) for one in ("sessionid=\0", "a" * 9000, "=;=;;", "sessionid=\xff字")),
    *(("HTTP_ACCEPT", one) for one in ("", "*/*;q=x", "a" * 5000, "application/\0")),
    *(("HTTP_IF_NONE_MATCH", one) for one in ('"', "*", 'W/"a', "\0")),
    *(("HTTP_IF_MODIFIED_SINCE", one) for one in ("a", "Mon, 99 Foo 0000 99:99:99 GMT")),
    *(("HTTP_RANGE", one) for one in ("bytes=-1", "bytes=9-1", "bytes=a-b", "lines=1")),
    *(("HTTP_X_REQUEST_ID", one) for one in ("\0", "a" * 5000, "\r\nX: y")),
    *(("HTTP_X_FORWARDED_FOR", one) for one in ("a", ",", "::1,::g", "999.1.1.1", "\0")),
    *(("HTTP_X_QUERY_CODE", one) for one in ("\0", "a" * 9000, "²")),
    *(("HTTP_REFERER", one) for one in ("a", "http://[", "\xff", "https://x:99999/")),
    *(("HTTP_HX_REQUEST", one) for one in ("true", "\0")),
    *(("HTTP_HX_CURRENT_URL", one) for one in ("http://[", "\0")),
    *(("HTTP_HOST", one) for one in ("[", "a b", "127.0.0.1:x", "\xff", "")),
    *(("CONTENT_LENGTH", one) for one in ("a", "-1", "", "99999999999999999999", "3")),
    *(("REMOTE_ADDR", one) for one in ("", "a", "fe80::1%eth0")),
    *(("HTTP_ACCEPT_LANGUAGE", one) for one in ("a" * 5000, "zh;q=9", "\0")),
    *(("HTTP_USER_AGENT", one) for one in ("\0\xff", "")),
)
METHODS = ("PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO", "get")


def of_form(dice: random.Random) -> list[str]:
    """A field: broken, twice, or not there."""
    count = dice.choice((0, 1, 1, 1, 1, 1, 1, 2, 3))
    return [dice.choice(TEXTS) for _ in range(count)]


def of_json(dice: random.Random) -> Any:
    return dice.choice(dice.choice((TEXTS, TEXTS, PLAIN, NESTED)))


def broken(said: Any, dice: random.Random) -> Any:
    """A body of JSON in which one place, however deep, is wrong, missing or new."""
    if isinstance(said, dict) and said and dice.random() < 0.9:
        name = dice.choice(sorted(said))
        if dice.random() < 0.1:
            return {one: value for one, value in said.items() if one != name}
        return {**said, name: broken(said[name], dice)}
    if isinstance(said, list) and said and dice.random() < 0.7:
        return [*said[1:], broken(said[0], dice)]
    if isinstance(said, dict) and dice.random() < 0.3:
        return {**said, dice.choice(TEXTS): of_json(dice)}
    return of_json(dice)
