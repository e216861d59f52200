"""Pictures: of phones and scanners, and those that mean harm."""

import io
import random
import struct
import zlib
from collections.abc import Iterator
from typing import Any

from PIL import Image, PngImagePlugin

GPS = 0x8825


def picture(mode: str = "RGB", size: tuple[int, int] = (64, 40), seed: int = 1) -> Image.Image:
    """Something like a photo: soft shades with noise."""
    dice = random.Random(seed)
    small = Image.frombytes("RGB", (8, 8), dice.randbytes(192)).resize(size)
    if mode.startswith("I;16"):
        return Image.frombytes(mode, size, dice.randbytes(size[0] * size[1] * 2))
    return small.convert(mode)


def encoded(image: Image.Image, form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **how)
    return out.getvalue()


def located(orientation: int) -> Image.Exif:
    """What a phone notes: which way up, which model, where."""
    exif = Image.Exif()
    exif[0x0112], exif[0x0110] = orientation, "PHONE-MODEL-X"
    exif.get_ifd(GPS).update({1: "N", 2: (28.0, 44.0, 13.0), 3: "E", 4: (118.0, 37.0, 30.0)})
    return exif


def honest_images() -> Iterator[tuple[str, bytes]]:
    for mode in ("L", "RGB", "CMYK"):
        for size in ((1, 1), (64, 40), (900, 1300)):
            yield f"{mode}-{size[0]}.jpg", encoded(picture(mode, size), "JPEG")
    for turn in range(1, 9):
        yield f"方向{turn}.JPG", encoded(picture(), "JPEG", exif=located(turn))
    yield "渐进.jpeg", encoded(picture(size=(700, 500)), "JPEG", progressive=True)
    yield "很宽.jpg", encoded(picture(size=(5600, 900)), "JPEG")
    yield "灰阶低质.jpg", encoded(picture("L", (300, 300)), "JPEG", quality=8)
    yield "双图.jpg", encoded(picture(), "MPO", save_all=True, append_images=[picture(seed=2)])
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        for size in ((1, 1), (90, 61)):
            yield f"{mode.replace(';', '')}-{size[0]}.png", encoded(picture(mode, size), "PNG")
    yield "透明色.png", encoded(picture("P"), "PNG", transparency=3)
    yield "高.png", encoded(picture("L", (300, 5200)), "PNG")
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "PHONE-MODEL-X")
    yield "带说明.png", encoded(picture(), "PNG", pnginfo=notes, dpi=(300, 300))
    for name, how in (("有损", {}), ("无损", {"lossless": True}), ("低质", {"quality": 5})):
        yield f"{name}.webp", encoded(picture(size=(200, 120)), "WEBP", **how)
    yield "透明.webp", encoded(picture("RGBA"), "WEBP")
    yield "方向6.webp", encoded(picture(), "WEBP", exif=located(6))
    photo = encoded(picture(size=(400, 300)), "JPEG")
    yield "动态照片.jpg", photo + b"\0\0\0\x18ftypmp42" + random.Random(3).randbytes(900_000)
    for name in ("IMG 2013-09-17 (1).jpeg", "证明 — 副本.jpg", "身份证.正面.jpg", "a.b.c.JPEG"):
        yield name, photo
    for sampling in (0, 1, 2):
        yield f"采样{sampling}.jpg", encoded(picture(), "JPEG", subsampling=sampling)


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack("!L", len(data)) + body + struct.pack("!L", zlib.crc32(body))


def png_of(width: int, height: int, data: bytes, depth: int = 8, colour: int = 2) -> bytes:
    header = struct.pack("!LLBBBBB", width, height, depth, colour, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(data)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def jpeg_claiming(width: int, height: int) -> bytes:
    content = encoded(picture(), "JPEG")
    at = content.index(b"\xff\xc0") + 5
    return content[:at] + struct.pack("!HH", height, width) + content[at + 4 :]


def cuts(content: bytes, count: int) -> Iterator[tuple[int, bytes]]:
    """A file that broke off: never less than its signature, never nearly all."""
    for number in range(count):
        end = 16 + (len(content) - 80) * number // count
        yield number, content[:end]


def hostile_images() -> Iterator[tuple[str, str, bytes]]:
    photo = encoded(picture(size=(300, 200)), "JPEG")
    drawn = encoded(picture(size=(300, 200)), "PNG")
    web = encoded(picture(size=(300, 200)), "WEBP")
    for form, content, count in (("jpg", photo, 14), ("png", drawn, 14), ("webp", web, 10)):
        for number, part in cuts(content, count):
            yield f"truncated {form}", f"半张{number}.{form}", part
    for number, size in enumerate([(60000, 60000), (20000, 20000), (2**31 - 1, 2), (7200, 7200)]):
        yield "png of too many pixels", f"巨图{number}.png", png_of(*size, b"\0")
    for number, size in enumerate([(65000, 65000), (30000, 9000), (65000, 1100)]):
        yield "jpeg of too many pixels", f"巨图{number}.jpg", jpeg_claiming(*size)
    for number, size in enumerate([(0, 5), (5, 0), (0, 0)]):
        yield "png of no size", f"无{number}.png", png_of(*size, b"\0")
    frames = [picture(seed=seed) for seed in (1, 2, 3)]
    for form in ("png", "webp"):
        moving = encoded(frames[0], form.upper(), save_all=True, append_images=frames[1:])
        yield "moving picture", f"动图.{form}", moving
    for place in range(40, 120, 20):
        spoilt = drawn[:place] + bytes([drawn[place] ^ 0x55]) + drawn[place + 1 :]
        yield "png with a wrong check sum", f"坏{place}.png", spoilt
    many = encoded(picture(), "JPEG", progressive=True)
    last = many[many.rindex(b"\xff\xda") : -2]
    yield "jpeg of a thousand scans", "扫描.jpg", many[:-2] + last * 1000 + b"\xff\xd9"
    yield "png of unknown form", "形.png", png_of(4, 4, b"\0" * 64, depth=3)
    yield "png of unknown form", "色.png", png_of(4, 4, b"\0" * 64, colour=5)
