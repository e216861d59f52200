"""Half a thousand hostile files are refused, each for its own reason; a hundred honest pass."""

import contextlib
import functools
import io
import random
import shutil
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from python_calamine import CalamineWorkbook

from mingtang.files import apart
from mingtang.files.inspectors import inspect
from mingtang.files.rules.uploads import (
    ALLOWED_LABEL,
    BY_EXTENSION,
    HEAD_BYTES,
    MEGABYTE,
    Flaw,
    RefusedFile,
    check_size,
    kept_name,
    kind_of,
    safe_name,
)
from mingtang.files.services import files_folder, path_of, store
from tests.files.corpus import Sample, docx_members, encoded, honest, hostile, packed, picture
from tests.files.corpus.pdfs import pdf_with, signed
from tests.files.corpus.pictures import located
from tests.world import new_command_id

# The reason that belongs to a class: a file refused for another one proves nothing.
REASONS = {
    "unknown extension": ("不收",),
    "content of another kind": ("内容与扩展名不符",),
    "content of no allowed kind": ("内容与扩展名不符", "HEIC", "旧版 Office"),
    "empty file": ("空文件",),
    "signature only": ("打不开",),
    "noise behind a signature": ("打不开",),
    "bytes before": ("内容与扩展名不符",),
    "truncated": ("打不开",),
    "png of too many pixels": ("像素太多",),
    "jpeg of too many pixels": ("像素太多",),
    "png": ("打不开",),
    "jpeg": ("打不开",),
    "moving picture": ("动图",),
    "pdf with a script": ("自动运行",),
    "pdf that acts": ("自动运行",),
    "pdf with an acting link": ("自动运行",),
    "pdf with a link that is none": ("自动运行",),
    "pdf form that acts": ("自动运行",),
    "signed pdf with a script": ("自动运行",),
    "script in a": ("自动运行",),
    "pdf with an attachment": ("附件",),
    "pdf with a password": ("密码",),
    "pdf of too many pages": ("1000 页",),
    "pdf without a page": ("打不开",),
    "pdf that bursts on reading": ("打不开", "过于复杂"),
    "pdf that bursts": ("解压后过大",),
    "bytes behind a signed pdf": ("打不开",),
    "member": ("内部结构",),
    "package with macros": ("宏",),
    "package with controls": ("宏",),
    "package with old macros": ("宏",),
    "package with programs": ("程序",),
    "package with files in it": ("嵌入",),
    "package with links to data": ("嵌入",),
    "package of too many members": ("内部结构",),
    "package that bursts": ("解压后过大",),
    "package that lies about its size": ("打不开",),
    "package with a password": ("密码",),
    "package of unusual packing": ("内部结构",),
    "package with a wrong check sum": ("打不开",),
    "package without its main part": ("内容与扩展名不符", "打不开"),
    "package of nothing": ("内容与扩展名不符",),
    "xml with entities": ("内部结构",),
    "xml of unusual encoding": ("打不开", "内部结构"),
    "broken xml": ("打不开",),
    "document that": ("外部",),
    "document of macros": ("宏",),
    "document under another name": ("内容与扩展名不符",),
    "ofd without a document": ("内容与扩展名不符", "打不开"),
}


def reasons_of(kind: str) -> tuple[str, ...]:
    return REASONS[max((known for known in REASONS if kind.startswith(known)), key=len)]


def taken_in(sample: Sample, folder: Path) -> Path:
    """As `store` does it, but in this process: half a thousand of our own would take minutes."""
    name = safe_name(sample.name)
    check_size(name, len(sample.content), 10 * MEGABYTE)
    kind = kind_of(name, sample.content[:HEAD_BYTES])
    source, target = folder / "source", folder / kept_name("target.x", kind)
    source.write_bytes(sample.content)
    target.unlink(missing_ok=True)
    try:
        inspect(kind.inspector, source, target)
    except Flaw as flaw:
        raise RefusedFile(f"不能上传“{name}”：{flaw.why}。{flaw.mend}") from None
    return target


@pytest.fixture(scope="module")
def bad() -> list[Sample]:
    return hostile()


@pytest.mark.slow
def test_there_are_enough_of_them(bad):
    assert len(bad) >= 500
    assert len({sample.kind for sample in bad}) >= 50
    assert len({sample.name for sample in bad}) == len(bad)
    assert len(honest()) >= 100


@pytest.mark.slow
def test_every_hostile_file_is_refused_for_its_own_reason_with_a_remedy(bad, tmp_path, lasting):
    taken, other = [], []
    for sample in bad:
        try:
            taken_in(sample, tmp_path)
            taken.append(str(sample))
        except RefusedFile as refused:
            said = refused.message
            named = f"“{safe_name(sample.name)}”" in said and "请" in said
            if not named or not any(reason in said for reason in reasons_of(sample.kind)):
                other.append(f"{sample}: {said}")
    lasting.tell("hostile files", database="-", files=len(bad), accepted=len(taken))
    assert (taken, other) == ([], [])


# What acts when a file is opened; none of it may be left in a file that is kept.
ACTIVE = (
    b"/JavaScript",
    b"/Launch",
    b"<script",
    b"vbaProject",
    b"macroEnabled",
    b"DDEAUTO",
    b"!DOCTYPE",
)


def mutated(content: bytes, dice: random.Random) -> bytes:
    """A file with some bytes turned, a part cut out, doubled or put elsewhere."""
    made = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        here = dice.randrange(len(made) or 1)
        part = bytes(made[here : here + dice.randint(1, 200)])
        match dice.randrange(4):
            case 0:
                made[here : here + 1] = dice.randbytes(1)
            case 1:
                del made[here : here + len(part)]
            case 2:
                made[here:here] = part
            case _:
                made[:] = made[:here] + made[here + len(part) :] + part
    return bytes(made)


def _left_active(kept: Path) -> list[bytes]:
    content = kept.read_bytes()
    # what is no package at all, or is locked, is looked at as it lies there
    with contextlib.suppress(Exception), zipfile.ZipFile(kept) as package:
        names = package.namelist()
        content += b"\n".join(name.encode() for name in names)
        content += b"\n".join(package.read(name) for name in names)
    return [one for one in ACTIVE if one in content]


@pytest.mark.soak
@pytest.mark.parametrize("is_looked_into", [True, False])
def test_mutations_are_refused_or_kept_without_anything_that_acts(
    bad, tmp_path, lasting, monkeypatch, is_looked_into
):
    """Control: files kept as they came, not looked into, are seen to act."""
    if not is_looked_into:
        monkeypatch.setattr(
            f"{__name__}.inspect", lambda _verb, source, to: shutil.copy(source, to)
        )
    samples = [one for one in [*bad, *honest()] if one.content and len(one.content) < 300_000]
    dice, acting = random.Random(13), []
    kept = crashed = rounds = 0
    for rounds in lasting.rounds(100_000) if is_looked_into else range(1_000):  # noqa: B007
        sample = dice.choice(samples)
        other = Sample(sample.kind, sample.name, mutated(sample.content, dice))
        try:
            target = taken_in(other, tmp_path)
        except RefusedFile:
            continue
        except Exception:  # the process in which files are looked into says so: TestApart
            crashed += 1
            continue
        kept += 1
        acting += [f"{other}: {one}" for one in _left_active(target)]
    if is_looked_into:
        lasting.tell(
            "mutated files",
            database="-",
            files=rounds + 1,
            kept=kept,
            inspector_gave_up=crashed,
            acting=len(acting),
        )
    assert bool(acting) is not is_looked_into, acting[:5]


HONEST = 102  # told here: to make them takes a second, in each worker of each lane


@functools.cache
def good() -> dict[str, Sample]:
    return {sample.name: sample for sample in honest()}


def test_every_honest_file_has_its_number():
    assert len(good()) == HONEST


@pytest.mark.parametrize("number", range(HONEST))
def test_an_honest_file_passes_and_opens_again_and_the_second_time_is_the_same(number, tmp_path):
    name, sample = list(good().items())[number]
    once = taken_in(sample, tmp_path).read_bytes()
    opens(name, once)
    assert taken_in(sample, tmp_path).read_bytes() == once


def opens(name: str, content: bytes) -> None:
    extension = name.rpartition(".")[2].lower()
    if BY_EXTENSION[extension].is_image:
        opens_as_picture(name, content)
    elif extension == "pdf":
        before, after = (pikepdf.open(io.BytesIO(one)) for one in (good()[name].content, content))
        assert len(before.pages) == len(after.pages)
    else:
        before, after = (
            zipfile.ZipFile(io.BytesIO(one)) for one in (good()[name].content, content)
        )
        assert after.testzip() is None
        files = [one for one in before.namelist() if not one.endswith("/")]
        assert after.namelist() == files
        assert all(before.read(one) == after.read(one) for one in files)
    if extension == "xlsx":
        rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("申请表")
        assert rows.to_python()


def opens_as_picture(name: str, content: bytes) -> None:
    before, after = Image.open(io.BytesIO(good()[name].content)), Image.open(io.BytesIO(content))
    after.load()
    assert after.format == ("PNG" if name.lower().endswith("png") else "JPEG")
    ratio = before.width / before.height
    turned = name.startswith("方向") and name[2] in "5678"
    assert (after.height / after.width if turned else after.width / after.height) == pytest.approx(
        ratio, rel=0.02
    )
    assert max(after.size) <= 5000


class TestWhatIsLeftOutside:
    def test_place_time_and_phone_of_a_photo(self, tmp_path):
        content = encoded(picture(), "JPEG", exif=located(6))
        assert b"PHONE-MODEL-X" in content
        assert Image.open(io.BytesIO(content)).getexif().get_ifd(0x8825)
        kept = taken_in(Sample("", "a.jpg", content), tmp_path).read_bytes()
        assert b"PHONE-MODEL-X" not in kept
        assert b"Exif" not in kept
        after = Image.open(io.BytesIO(kept))
        assert not after.getexif()
        assert after.size == (40, 64)  # upright, without being told

    def test_every_way_up_shows_the_same_picture(self, tmp_path):
        corner = Image.new("RGB", (64, 40), "white")
        corner.paste("red", (0, 0, 20, 20))
        ways = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90}
        for turn, way in ways.items():
            lying = corner.transpose(way) if way is not None else corner
            content = encoded(lying, "JPEG", exif=located(turn))
            after = Image.open(taken_in(Sample("", "a.jpg", content), tmp_path))
            red, green, _ = after.getpixel((5, 5))
            assert red > 200 > 90 > green
            assert after.size == (64, 40)

    def test_the_words_of_a_png(self, tmp_path):
        content = good()["带说明.png"].content
        assert b"PHONE-MODEL-X" in content
        kept = taken_in(Sample("", "a.png", content), tmp_path).read_bytes()
        assert b"PHONE-MODEL-X" not in kept
        assert b"tEXt" not in kept

    @pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", packed(docx_members())])
    @pytest.mark.parametrize("name", ["a.jpg", "a.png"])
    def test_what_hides_behind_a_picture(self, name, tail, tmp_path):
        whole = encoded(picture(), "PNG" if name == "a.png" else "JPEG")
        kept = taken_in(Sample("", name, whole + tail), tmp_path).read_bytes()
        assert tail[:20] not in kept
        assert not zipfile.is_zipfile(io.BytesIO(kept))

    def test_what_hides_behind_a_pdf_or_between_its_objects(self, tmp_path):
        content = pdf_with()
        table = content.rindex(b"xref\n", 0, content.rindex(b"startxref"))
        remark = b"%<script>x</script>\n"
        content = content[:table] + remark + content[table:] + remark
        content = content.replace(
            b"startxref\n%d" % table, b"startxref\n%d" % (table + len(remark))
        )
        assert b"<script>" in content
        assert b"<script>" not in taken_in(Sample("", "a.pdf", content), tmp_path).read_bytes()

    def test_a_package_behind_a_pdf_is_refused(self, tmp_path):
        with pytest.raises(RefusedFile):
            taken_in(Sample("", "a.pdf", pdf_with() + packed(docx_members())), tmp_path)

    def test_what_hides_between_the_members_of_a_package(self, tmp_path):
        whole = packed(docx_members())
        kept = taken_in(Sample("", "a.docx", whole + b"<script>"), tmp_path).read_bytes()
        assert b"<script>" not in kept

    def test_a_signed_pdf_stays_as_it_was_signed(self, tmp_path):
        content = signed()
        assert taken_in(Sample("", "a.pdf", content), tmp_path).read_bytes() == content


class TestApart:
    def test_the_process_says_what_the_inspector_says(self, tmp_path):
        (tmp_path / "a").write_bytes(b"%PDF-1.4 nothing")
        with pytest.raises(Flaw, match="打不开"):
            apart.inspect("pdf", tmp_path / "a", tmp_path / "b")
        assert not (tmp_path / "b").exists()

    def test_a_crash_of_the_inspector_is_a_refusal(self, tmp_path):
        with pytest.raises(Flaw, match="无法检查"):
            apart.inspect("no such verb", tmp_path / "a", tmp_path / "b")

    def test_patience_ends(self, tmp_path, monkeypatch):
        (tmp_path / "a").write_bytes(encoded(picture(), "JPEG"))
        monkeypatch.setattr(apart, "PATIENCE_SECONDS", 0.001)
        with pytest.raises(Flaw, match="无法检查"):
            apart.inspect("image", tmp_path / "a", tmp_path / "b")

    def test_no_secret_goes_along(self, monkeypatch):
        monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
        assert set(apart._environment()) == {"PYTHONPATH", "PYTHONUTF8"}


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["方向6.JPG", "RGBA-90.png", "透明.webp", "写法1.pdf", "图片.xlsx", "照片.docx", "两份.ofd"],
)
def test_a_file_of_each_kind_is_stored_whole(name):
    sample = good()[name]
    command = new_command_id()
    kept = store(SimpleUploadedFile(sample.name, sample.content), command_id=command)
    content = path_of(kept.storage_key).read_bytes()
    opens(name, content)
    assert kept.size_bytes == len(content)
    assert kept.original_name == name.replace(".webp", ".jpg")
    again = store(SimpleUploadedFile(sample.name, sample.content), command_id=command)
    assert again == kept


@pytest.mark.once
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "kind",
    [
        *("jpeg of too many pixels", "pdf that bursts on reading", "pdf that bursts"),
        *("package that bursts", "script in a signed revision of before", "xml with entities"),
    ],
)
def test_what_is_refused_leaves_nothing_on_disk(kind, bad):
    for sample in (one for one in bad if one.kind == kind):
        with pytest.raises(RefusedFile, match=safe_name(sample.name).partition(".")[0]):
            store(SimpleUploadedFile(sample.name, sample.content), command_id=new_command_id())
    assert [path for path in files_folder().rglob("*") if path.is_file()] == []


def test_the_label_of_what_is_allowed_names_every_kind():
    for kind in BY_EXTENSION.values():
        assert any(extension.upper() in ALLOWED_LABEL for extension in kind.extensions)


def test_a_paper_that_we_printed_may_be_handed_in(pdf_machine, tmp_path):
    from weasyprint import HTML

    page = "<h1>受理通知书</h1><p><a href='https://a.example/'>网址</a></p>"
    content = HTML(string=page).write_pdf()
    with pikepdf.open(taken_in(Sample("", "通知书.pdf", content), tmp_path)) as kept:
        assert len(kept.pages) == 1
