"""Another key file than the data's own stops the start instead of mixing two keys."""

import pytest

from mingtang.base import sealed
from mingtang.base.keys import ensure_key
from mingtang.base.marks import WrongKey, check_key, note_key

pytestmark = pytest.mark.django_db


def test_the_key_is_noted_once_and_then_compared(at, settings, tmp_path):
    note_key(at)
    note_key(at)
    check_key()
    settings.MINGTANG_KEY_FILE = tmp_path / "another.key"
    ensure_key(settings.MINGTANG_KEY_FILE)
    with pytest.raises(WrongKey, match="备份"):
        check_key()
    with pytest.raises(WrongKey):
        note_key(at)


def test_the_fingerprint_tells_keys_apart_and_shows_none(settings, tmp_path):
    first = sealed.key_fingerprint()
    settings.MINGTANG_KEY_FILE = tmp_path / "another.key"
    ensure_key(settings.MINGTANG_KEY_FILE)
    assert sealed.key_fingerprint() != first
    assert sealed.key_fingerprint() not in settings.MINGTANG_KEY_FILE.read_bytes().hex()
