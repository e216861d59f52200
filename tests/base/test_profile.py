"""The profile gm: SM4 for what is sealed, SM3 for what is keyed; chosen once, never changed."""

import hashlib
import hmac
import shutil
import stat

import pytest
from cryptography.exceptions import InvalidTag

from mingtang.base import profile, sealed
from mingtang.base.keys import ensure_key
from mingtang.base.marks import MARK, WrongProfile, check_key, marked, note_key
from mingtang.base.models import Marker
from mingtang.site.doctor import at_once
from mingtang.site.settings import keys
from mingtang.site.settings.env import WrongSetting

NUMBER = "330881190001010015"


@pytest.fixture
def gm(settings, tmp_path):
    settings.MINGTANG_PROFILE, settings.MINGTANG_KEY_FILE = profile.GM, tmp_path / "sealed.key"
    ensure_key(settings.MINGTANG_KEY_FILE)


def test_sm4_gcm_is_that_of_rfc_8998():
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), "00001234567800000000abcd"
    bound = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex("".join(digit * 16 for digit in "abcdefea"))
    expected = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    cipher = sealed.SM4GCM(key)
    assert cipher.encrypt(bytes.fromhex(nonce), plain, bound) == expected
    assert cipher.decrypt(bytes.fromhex(nonce), expected, bound) == plain
    for data, name in ((expected[:-1], bound), (expected[:10], bound), (expected, bound + b"x")):
        with pytest.raises(InvalidTag):
            cipher.decrypt(bytes.fromhex(nonce), data, name)


def test_a_box_of_sm4_opens_and_no_other_does(gm, settings):
    box = sealed.seal(NUMBER, "a.b")
    assert box[:3] == b"\x03\x00\x01"
    assert sealed.unseal(box, "a.b") == NUMBER
    assert box != sealed.seal(NUMBER, "a.b")
    for place in range(len(box)):
        turned = bytearray(box)
        turned[place] ^= 1
        with pytest.raises(ValueError, match="sealed"):
            sealed.unseal(bytes(turned), "a.b")
    for other, label in ((box, "a.c"), (box[:-1], "a.b"), (box[:9], "a.b")):
        with pytest.raises(ValueError, match="does not open"):
            sealed.unseal(other, label)
    settings.MINGTANG_PROFILE = profile.INTL
    with pytest.raises(ValueError, match="unknown version"):
        sealed.unseal(box, "a.b")
    of_aes = sealed.seal(NUMBER, "a.b")
    settings.MINGTANG_PROFILE = profile.GM
    with pytest.raises(ValueError, match="unknown version"):
        sealed.unseal(of_aes, "a.b")


def test_what_is_keyed_is_keyed_with_sm3(gm, settings):
    master = settings.MINGTANG_KEY_FILE.read_bytes()
    key = hmac.new(master, b"mingtang/hash/blind/identity", "sm3").digest()
    made = sealed.blind_index("identity", NUMBER)
    assert made == hmac.new(key, NUMBER.encode(), "sm3").hexdigest()
    settings.MINGTANG_PROFILE = profile.INTL
    assert sealed.blind_index("identity", NUMBER) != made


def test_commitments_are_of_the_profile(gm, settings):
    salt, said = "00ff", b"words"
    assert profile.commitment(salt, said) == hashlib.new("sm3", b"\x00\xffwords").hexdigest()
    settings.MINGTANG_PROFILE = profile.INTL
    assert profile.commitment(salt, said) == hashlib.sha256(b"\x00\xffwords").hexdigest()


@pytest.mark.django_db
def test_a_database_goes_on_with_its_profile_alone(gm, settings, at):
    Marker.objects.filter(name=MARK).delete()
    note_key(at)
    assert marked("profile") == "gm"
    check_key()
    settings.MINGTANG_PROFILE = profile.INTL
    with pytest.raises(WrongProfile, match="gm"):
        check_key()
    with pytest.raises(WrongProfile):
        note_key(at)
    assert any("密码套件" in one.text for one in at_once(at))


@pytest.mark.django_db
def test_one_of_before_is_of_the_other(gm, settings, at):
    Marker.objects.filter(name=MARK).delete()
    settings.MINGTANG_PROFILE = profile.INTL
    note_key(at)
    assert marked("profile") is None
    check_key()
    settings.MINGTANG_PROFILE = profile.GM
    with pytest.raises(WrongProfile, match="intl"):
        check_key()


class TestSettings:
    @pytest.fixture(autouse=True)
    def _nothing_said(self, monkeypatch):
        monkeypatch.delenv(keys.NAME, raising=False)

    def _made(self, folder):
        key = folder / "sealed.key"
        chosen = keys.profile_of(key)
        keys.make_keys(
            chosen, sealed=key, ledger=folder / "ledger.key", session=folder / "session.key"
        )
        return chosen

    def test_it_is_chosen_with_the_first_key_and_kept(self, tmp_path, monkeypatch):
        monkeypatch.setenv(keys.NAME, "gm")
        assert self._made(tmp_path / "keys") == "gm"
        assert (tmp_path / "keys" / "ledger.key").read_text().startswith("-----BEGIN PRIVATE KEY")
        for name in ("ledger.key", "sealed.key", "session.key"):
            assert stat.S_IMODE((tmp_path / "keys" / name).stat().st_mode) == 0o600
        monkeypatch.delenv(keys.NAME)
        assert self._made(tmp_path / "keys") == "gm"
        monkeypatch.setenv(keys.NAME, "intl")
        with pytest.raises(WrongSetting, match="gm 套件"):
            self._made(tmp_path / "keys")

    def test_without_a_word_it_is_what_it_was(self, tmp_path, monkeypatch):
        assert self._made(tmp_path) == "intl"
        assert sorted(one.name for one in tmp_path.iterdir()) == [
            *("ledger.key", "sealed.key", "session.key")
        ]
        assert (tmp_path / "ledger.key").stat().st_size == 32
        monkeypatch.setenv(keys.NAME, "gm")
        with pytest.raises(WrongSetting, match="intl 套件"):
            self._made(tmp_path)

    def test_what_cannot_be_is_said_in_a_sentence(self, tmp_path, monkeypatch):
        monkeypatch.setenv(keys.NAME, "sm9")
        with pytest.raises(WrongSetting, match="intl、gm"):
            self._made(tmp_path)
        monkeypatch.setenv(keys.NAME, "gm")
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(WrongSetting, match="找不到 openssl"):
            self._made(tmp_path / "keys")
        monkeypatch.setattr(keys, "has_sm4", lambda: False)
        with pytest.raises(WrongSetting, match="SM4"):
            self._made(tmp_path)
        monkeypatch.setattr("hashlib.algorithms_available", set())
        with pytest.raises(WrongSetting, match="SM3"):
            self._made(tmp_path)
        shutil.rmtree(tmp_path / "keys")
        (tmp_path / "profile").write_text("gm2")
        with pytest.raises(WrongSetting, match="读不出"):
            self._made(tmp_path)
