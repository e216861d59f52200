"""Inspector of images: decoded and encoded again, upright, with nothing but pixels in them.

Where and when a photo was taken, and whatever hides behind the picture, stay outside.
"""

import re
import struct
import warnings
from pathlib import Path

from PIL import Image, ImageFile, ImageOps

from mingtang.files.rules.uploads import Flaw

MOST_JPEG_BYTES = 160_000_000  # 53 megapixels; large ones are decoded at a part of their size
MOST_RAW_BYTES = 110_000_000  # of others: A4 at 600 dpi in colour
LONGEST_SIDE = 5000  # pixels kept: A3 at 300 dpi
MOST_SCANS = 100  # a progressive JPEG has about ten; thousands of them only cost time
QUALITY = 90
PNG_EFFORT = 3  # of 9: a third of the time for a few per cent more bytes
THUMBNAIL_SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP")  # among JPEG also MPO: of a phone, with more pictures behind

BROKEN = Flaw("图片打不开，可能没有传完或已损坏", "请重新拍照或另存为 JPG 后再上传。")
TOO_LARGE = Flaw(
    "图片的像素太多（照片最多约 5000 万像素，其他图片约 3500 万）",
    "请把相机或扫描仪的分辨率调低（300 dpi 足够）再上传。",
)
MOVING = Flaw("它是动图", "请截取其中一帧，另存为 JPG 或 PNG 再上传。")
NEXT_MARK = re.compile(rb"\xff[^\x00\xd0-\xd7]")
READING_ERRORS = (OSError, SyntaxError, ValueError, EOFError, struct.error)


def rebuild(source: Path, target: Path) -> None:
    """The picture of a file, written anew as PNG or JPEG. Raises Flaw."""
    _check_scans(source)
    picture = _open(source)
    is_png = picture.format == "PNG"
    _save(_upright(picture), target, is_png=is_png)


def turn(source: Path, target: Path, quarter_turns: int) -> None:
    """A kept picture turned clockwise by so many right angles."""
    picture = _open(source)
    is_png = picture.format == "PNG"
    _save(picture.rotate(-90 * quarter_turns, expand=True), target, is_png=is_png)


def thumbnail(source: Path, target: Path) -> None:
    """A small JPEG of a kept picture."""
    picture = _open(source, side=THUMBNAIL_SIDE)
    picture.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    _flat(picture).save(target, "JPEG", quality=80)


def _check_scans(source: Path) -> None:
    """Counts the passes of a JPEG up to its end; what lies behind is no part of it."""
    content, at, scans = source.read_bytes(), 2, 0
    while content[:2] == b"\xff\xd8" and content[at : at + 1] == b"\xff" and scans <= MOST_SCANS:
        mark = content[at + 1 : at + 2]
        if mark == b"\xd9":
            break
        if mark == b"\xff":
            at += 1
            continue
        at += 2 + int.from_bytes(content[at + 2 : at + 4])
        if mark == b"\xda":
            scans += 1
            found = NEXT_MARK.search(content, at)
            at = found.start() if found else len(content)
    if scans > MOST_SCANS:
        raise BROKEN


def _open(source: Path, side: int = LONGEST_SIDE) -> Image.Image:
    """A decoded picture; of a large JPEG only as much as is kept."""
    Image.MAX_IMAGE_PIXELS = None  # we count bytes, and before decoding
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, where it was imported, says otherwise
    try:
        with warnings.catch_warnings(), source.open("rb") as file:
            warnings.simplefilter("error")
            picture = Image.open(file, formats=FORMATS)
            _check_header(picture)
            width, height = picture.size
            scale = _scale(picture, side)
            picture.draft(None, (width // scale, height // scale))
            picture.load()
    except (*READING_ERRORS, Warning):
        raise BROKEN from None
    return picture


def _scale(picture: Image.Image, side: int) -> int:
    """The power of two by which a picture is too large."""
    scale = 1
    while max(picture.size) > side * scale:
        scale *= 2
    return scale


def _check_header(picture: Image.Image) -> None:
    width, height = picture.size
    depth = 2 if "16" in picture.mode else 4 if picture.mode in {"I", "F"} else 1
    if picture.format == "WEBP":
        depth = 2  # its decoder keeps the picture twice
    most = MOST_RAW_BYTES if picture.format in {"PNG", "WEBP"} else MOST_JPEG_BYTES
    if width * height * len(picture.getbands()) * depth > most:
        raise TOO_LARGE
    if picture.format in {"PNG", "WEBP"} and getattr(picture, "is_animated", False):
        raise MOVING


def _upright(picture: Image.Image) -> Image.Image:
    """The picture as it was meant to be seen, and no larger than it is kept."""
    ImageOps.exif_transpose(picture, in_place=True)
    scale = _scale(picture, LONGEST_SIDE)
    if scale == 1:
        return picture
    if picture.mode in {"1", "P"} or picture.mode.startswith("I"):
        picture = _for_png(picture).convert("L" if picture.mode != "P" else "RGBA")
    return picture.reduce(scale)


def _save(picture: Image.Image, target: Path, *, is_png: bool) -> None:
    """Written with pixels only: a new picture has no tags to write."""
    if not is_png:
        _bare(_flat(picture)).save(target, "JPEG", quality=QUALITY)
    else:
        _bare(_for_png(picture)).save(target, "PNG", compress_level=PNG_EFFORT)


def _bare(picture: Image.Image) -> Image.Image:
    """The picture without a word about it. A palette and its transparency belong to the pixels."""
    kept = {"transparency"} & set(picture.info)
    picture.info = {name: picture.info[name] for name in kept}
    picture.encoderinfo = {}
    return picture


def _for_png(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I;16") or picture.mode in {"I", "F"}:
        return picture.convert("I").point(lambda value: value / 256).convert("L")
    if picture.mode == "P":  # a palette may be broken in more ways than one
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture if picture.mode in {"1", "L", "LA", "RGB", "RGBA"} else picture.convert("RGB")


def _flat(picture: Image.Image) -> Image.Image:
    """As JPEG can hold it: grey or colours, what was transparent white as paper."""
    if picture.mode in {"L", "RGB"}:
        return picture
    if "A" in picture.getbands() or "transparency" in picture.info:
        layered = picture.convert("RGBA")
        paper = Image.new("RGB", layered.size, "white")
        paper.paste(layered, mask=layered.getchannel("A"))
        return paper
    if picture.mode == "1" or picture.mode.startswith("I"):
        return _for_png(picture).convert("L")
    return picture.convert("RGB")
