"""Charts of small DataFrames (see `frames`): each a function from a frame to an Altair chart.

Labels are Chinese unless `lang="en"`; names, terms and numbers are those of the frame, and columns not named are not
looked at. An empty frame gives an empty chart. Colour is never the only mark: shares are printed, cells have tooltips.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gknlp.output.labels import Words, shown, words_in
from gknlp.output.plots.frames import GRADES, ORIGINS, section_rank
from gknlp.output.plots.look import (
    FATE_COLOURS,
    GRADE_COLOURS,
    INK,
    LINE,
    MUTED,
    ORIGIN_COLOURS,
    ROLE_COLOURS,
    check_altair,
    dressed,
)

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

WIDTH = 460
ROW_HEIGHT = 22
CELL = 15
# A share under this has no room for its number.
PRINTED_SHARE = 0.08
# Names on a side of the heat map; of more reports those that share most are drawn.
MAX_NAMES = 60
# Families drawn, the largest first.
MAX_FAMILIES = 12
# A count has no halves: Vega's label of a tick, only where it is a whole number.
WHOLE_NUMBERS = "datum.value % 1 === 0 ? format(datum.value, 'd') : ''"
# Bars of one chart; more is a table's work.
MAX_BARS = 100
FATES = {
    "commitment": ("reported_done", "restated", "undecided", "silent"),
    "problem": ("solved", "repeated", "reworded", "undecided", "dropped"),
}


def composition(frame: pd.DataFrame, *, lang: str = "zh", title: str | None = None) -> alt.LayerChart:
    """Stacked bars: whose words a narrative is made of, a bar a `name`, in the order of the frame.

    `frame` has `name` and the five shares of `composition_frame`. A name that is the id of a section is shown by its
    label. Shares of 8 % and more are printed. The first 100 rows are drawn, and the note says so.
    """
    check_altair()
    words = words_in(lang)
    total, frame = len(frame), frame.head(MAX_BARS)
    frame = frame.assign(row=[words("section", name) for name in frame["name"]])
    data = frame.melt(["row"], list(ORIGINS), "origin", "value").dropna(subset=["value"])
    data = data.assign(
        value=data["value"].astype(float), part=[words("origin", origin) for origin in data["origin"]],
        order=[ORIGINS.index(origin) for origin in data["origin"]],
        printed=[f"{share:.0%}" if share >= PRINTED_SHARE else "" for share in data["value"]],
    )
    made = _stacked(
        data, list(dict.fromkeys(frame["row"])), _shares(words("plot", "share_of_narrative")),
        _colour(words, "origin", ORIGIN_COLOURS, words("ui", "composition")), dark=[ORIGINS.index("peer")],
    )
    note = words("plot", "composition_note") + _left(words, total)
    return dressed(made, title or words("plot", "composition"), note)


def roles(frame: pd.DataFrame, *, lang: str = "zh", title: str | None = None) -> alt.LayerChart:
    """Stacked bars: how much of each part tells background, work, problems, plans or that there was nothing.

    `frame` has `section`, `role`, `n_chars` (see `roles_frame`). Numbers stand in the bars where there is room.
    """
    check_altair()
    import altair as alt

    words = words_in(lang)
    totals = frame.groupby("section")["n_chars"].sum()
    label = {section: words("section", section) for section in sorted(totals.index, key=section_rank)}
    order = list(ROLE_COLOURS)
    room = float(totals.max()) * PRINTED_SHARE if len(totals) else 0.0
    data = frame.assign(
        row=[label[section] for section in frame["section"]], value=frame["n_chars"].astype(float),
        part=[words("role", role) for role in frame["role"]], order=[order.index(role) for role in frame["role"]],
        printed=[str(n) if n >= room else "" for n in frame["n_chars"]],
    )
    colour = _colour(words, "role", ROLE_COLOURS, words("plot", "unit_role"))
    made = _stacked(data, list(label.values()), alt.X("value:Q", title=words("plot", "chars")), colour, dark=[2, 3])
    return dressed(made, title or words("plot", "roles"), words("plot", "roles_note"))


def similarity(frame: pd.DataFrame, *, lang: str = "zh", title: str | None = None) -> alt.Chart:
    """Heat map: how much of the narrative of a row's report stands in passages shared with a column's report.

    `frame` has `name`, `other_name`, `share` (see `similarity_frame`). Of more than 60 names those with the highest
    shares are drawn, and the note says so. Names that share most stand side by side.
    """
    check_altair()
    import altair as alt

    words = words_in(lang)
    names = _seriated(frame)
    drawn = frame[frame["name"].isin(names) & frame["other_name"].isin(names)]
    drawn = drawn[["name", "other_name", "share"]].assign(
        name=[shown(name) for name in drawn["name"]], other_name=[shown(name) for name in drawn["other_name"]],
        share=drawn["share"].astype(float),
    )
    order = [shown(name) for name in names]
    base = alt.Chart(drawn).encode(
        x=alt.X("other_name:N", sort=order, title=words("plot", "shared_with"), scale=alt.Scale(domain=order),
                axis=alt.Axis(labelAngle=-90, orient="bottom")),
        y=alt.Y("name:N", sort=order, title=None, scale=alt.Scale(domain=order)),
    )
    cells = base.mark_rect(stroke=LINE, strokeWidth=0.5).encode(
        color=alt.Color("share:Q", title=words("plot", "share_of_narrative"), scale=alt.Scale(
            domain=[0, 1], range=["#f5f7f9", "#5d86b0", "#12304d"]), legend=alt.Legend(format="%")),
        tooltip=[_tip("name", words("plot", "name")), _tip("other_name", words("plot", "shared_with")),
                 _tip("share", words("plot", "share"), ".1%")],
    )
    total = len(set(frame["name"]) | set(frame["other_name"]))
    note = words("plot", "similarity_note")
    if total > len(names):
        note += words("plot", "names_left", n=len(names), total=total)
    size = alt.Step(CELL)
    made: alt.Chart = cells.properties(width=size, height=size)
    return dressed(made, title or words("plot", "similarity"), note)


def families(frame: pd.DataFrame, *, lang: str = "zh", title: str | None = None) -> alt.FacetChart:
    """Families of reuse over the years: a panel a family, a row an agency, a mark a report, lines between what shares.

    `frame` is that of `families_frame`. The mark's shape tells source, copy and member. Reports without year stand at
    the left as unknown. The 12 largest families are drawn, and the note says so.
    """
    check_altair()
    import altair as alt

    words = words_in(lang)
    drawn = frame[frame["family"] <= MAX_FAMILIES]
    years = sorted({int(year) for column in ("year", "to_year") for year in drawn[column].dropna()})
    domain = [str(year) for year in range(years[0], years[-1] + 1)] if years else []
    unknown = words("word", "unknown")
    if drawn["year"].isna().any():
        domain.insert(0, unknown)
    plain = drawn.astype(object).where(drawn.notna(), None)
    data = plain.assign(
        family=[f"{words('ui', 'family')} {number}" for number in plain["family"]],
        year=[unknown if year is None else str(year) for year in plain["year"]],
        to_year=[unknown if year is None else str(year) for year in plain["to_year"]],
        agency=[shown(name) for name in plain["agency"]], to_agency=[shown(name or "") for name in plain["to_agency"]],
        role=[words("cluster_role", role or "member") for role in plain["role"]],
    )
    x = alt.X("year:O", title=words("plot", "year"), scale=alt.Scale(domain=domain),
              axis=alt.Axis(labelAngle=0))
    y = alt.Y("agency:N", title=None)
    base = alt.Chart().encode(x=x, y=y)
    links = base.transform_filter("datum.part == 'link'").mark_rule(color=MUTED, strokeWidth=1, opacity=0.7).encode(
        x2="to_year:O", y2="to_agency:N"
    )
    roles = [words("cluster_role", role) for role in ("source", "copy", "member")]
    marks = base.transform_filter("datum.part == 'member'").mark_point(size=90, filled=True, opacity=1).encode(
        shape=alt.Shape("role:N", title=words("plot", "role"),
                        scale=alt.Scale(domain=roles, range=["diamond", "circle", "square"])),
        color=alt.Color("role:N", title=words("plot", "role"),
                        scale=alt.Scale(domain=roles, range=["#1f4e79", "#a2352b", "#6b4a8f"])),
        tooltip=[_tip("agency", words("plot", "name")), _tip("year", words("plot", "year")),
                 _tip("role", words("plot", "role"))],
    )
    total = len(set(frame["family"].dropna()))
    note = words("plot", "families_note")
    if total > MAX_FAMILIES:
        note += words("plot", "families_left", n=MAX_FAMILIES, total=total)
    panel = alt.layer(links, marks, data=data).properties(width=WIDTH, height=alt.Step(ROW_HEIGHT))
    made: alt.FacetChart = panel.facet(
        row=alt.Row("family:N", title=None, header=alt.Header(labelAnchor="start", labelOrient="top")),
        spacing=14,
    ).resolve_scale(y="independent")
    return dressed(made, title or words("plot", "families"), note)


def commitments(frame: pd.DataFrame, *, lang: str = "zh", title: str | None = None) -> alt.LayerChart:
    """Stacked bars: plans by theme and by how checkable they are; most plans first, those without theme last.

    `frame` has `theme`, `grade` 0-3 and `n` (see `commitments_frame`). Numbers stand in the bars where there is room.
    """
    check_altair()
    import altair as alt

    words = words_in(lang)
    totals = frame.groupby("theme")["n"].sum()
    order = sorted(totals.index, key=lambda theme: (theme == "none", -totals[theme], theme))
    label = {theme: words("plot", "no_theme") if theme == "none" else words("theme", theme) for theme in order}
    grades = {grade: f"{grade} {words('grade', grade)}" for grade in GRADES}
    room = float(totals.max()) * PRINTED_SHARE / 2 if len(totals) else 0.0
    data = frame.assign(
        row=[label[theme] for theme in frame["theme"]], value=frame["n"].astype(float),
        part=[grades[grade] for grade in frame["grade"]], order=frame["grade"].astype(int),
        printed=[str(n) if n >= room else "" for n in frame["n"]],
    )
    colour = alt.Color("part:N", title=words("header", "grade"), legend=alt.Legend(orient="bottom", columns=2),
                       scale=alt.Scale(domain=list(grades.values()), range=[GRADE_COLOURS[grade] for grade in GRADES]))
    made = _stacked(data, list(label.values()), alt.X("value:Q", title=words("plot", "plans")), colour, dark=[2, 3])
    return dressed(made, title or words("plot", "commitments"), words("plot", "commitments_note"))


def fates(frame: pd.DataFrame, *, lang: str = "zh", title: str | None = None) -> alt.LayerChart:
    """Stacked bars: what became of promises (or problems) in the next year's report, a bar an agency.

    `frame` has `agency`, `verdict`, `n` (see `fates_frame`; several years of an agency are added up). Agencies in which
    the most was told as done stand first; ties by name. The number of promises stands behind each name. The first 100
    agencies are drawn, and the note says so.
    """
    check_altair()
    words = words_in(lang)
    data = frame.groupby(["agency", "verdict"], as_index=False)["n"].sum()
    kind = "problem" if set(data["verdict"]) & (set(FATES["problem"]) - set(FATES["commitment"])) else "commitment"
    verdicts = FATES[kind]
    totals = data.groupby("agency")["n"].sum()
    done = data[data["verdict"] == verdicts[0]].set_index("agency")["n"]
    share = {name: float(done.get(name, 0)) / float(total) for name, total in totals.items()}
    chosen = sorted(share, key=lambda name: (-share[name], name))[:MAX_BARS]
    rows = {name: f"{shown(name)} ({totals[name]})" for name in chosen}
    data = data[data["agency"].isin(chosen)]
    shares = [n / totals[name] for n, name in zip(data["n"], data["agency"], strict=True)]
    data = data.assign(
        row=[rows[name] for name in data["agency"]], value=shares,
        part=[words("fate", verdict) for verdict in data["verdict"]],
        order=[verdicts.index(verdict) for verdict in data["verdict"]],
        printed=[str(n) if part >= PRINTED_SHARE / 2 else "" for n, part in zip(data["n"], shares, strict=True)],
    )
    colours = {verdict: FATE_COLOURS[verdict] for verdict in verdicts}
    made = _stacked(
        data, list(rows.values()), _shares(words("plot", f"share_of_{kind}s")),
        _colour(words, "fate", colours, words("ui", "next_year")), dark=[0, 1],
    )
    note = words("plot", f"fates_{kind}_note") + _left(words, len(totals))
    return dressed(made, title or words("plot", f"fates_{kind}"), note)


def keywords(frame: pd.DataFrame, *, lang: str = "zh", title: str | None = None, columns: int = 3) -> alt.FacetChart:
    """Bars: the terms that tell a section from the others, a panel a section, by the number of reports that use them.

    `frame` has `section`, `term`, `reports`, `rank` (see `keywords_frame`); `columns` panels stand side by side.
    """
    check_altair()
    import altair as alt

    words = words_in(lang)
    sections = sorted(set(frame["section"]), key=section_rank)
    data = frame[["section", "term", "reports", "rank"]].assign(
        panel=[words("section", section) for section in frame["section"]], term=[shown(term) for term in frame["term"]],
    )
    bars = alt.Chart(data).mark_bar(color=GRADE_COLOURS[2]).encode(
        x=alt.X("reports:Q", title=words("plot", "reports"), axis=alt.Axis(labelExpr=WHOLE_NUMBERS)),
        y=alt.Y("term:N", sort=alt.EncodingSortField("rank", order="ascending"), title=None),
        tooltip=[_tip("panel", words("plot", "section")), _tip("term", words("plot", "term")),
                 _tip("reports", words("plot", "reports"))],
    ).properties(width=WIDTH // 3, height=alt.Step(ROW_HEIGHT - 4))
    made: alt.FacetChart = bars.facet(
        facet=alt.Facet("panel:N", title=None, header=alt.Header(labelAnchor="start"),
                        sort=[words("section", section) for section in sections]),
        columns=columns,
    ).resolve_scale(y="independent", x="independent")
    return dressed(made, title or words("plot", "keywords"), words("plot", "keywords_note"))


def _left(words: Words, total: int) -> str:
    return words("plot", "bars_left", n=MAX_BARS, total=total) if total > MAX_BARS else ""


def _stacked(
    data: pd.DataFrame, rows: Sequence[str], x: alt.X, colour: alt.Color, dark: Sequence[int]
) -> alt.LayerChart:
    """Stacked bars of `data` (`row`, `value`, `part`, its `order`, `printed`), white letters on the parts of `dark`."""
    import altair as alt

    data = data[["row", "value", "part", "order", "printed"]].sort_values(["row", "order"], kind="stable")
    data = data.assign(middle=data.groupby("row")["value"].cumsum() - data["value"] / 2)
    base = alt.Chart(data).encode(y=alt.Y("row:N", sort=list(rows), title=None))
    bars = base.mark_bar(stroke="#5d6974", strokeWidth=0.5).encode(
        x=x, order="order:Q", color=colour, tooltip=["row:N", "part:N", "value:Q"]
    )
    letters = alt.condition(alt.FieldOneOfPredicate("order", list(dark)), alt.value("white"), alt.value(INK))
    text = base.mark_text(fontSize=10.5).encode(x="middle:Q", text="printed:N", color=letters)
    made: alt.LayerChart = alt.LayerChart(layer=[bars, text]).properties(width=WIDTH, height=alt.Step(ROW_HEIGHT))
    return made


def _shares(title: str) -> alt.X:
    import altair as alt

    return alt.X("value:Q", title=title, axis=alt.Axis(format="%"), scale=alt.Scale(domain=[0, 1]))


def _colour(words: Words, group: str, colours: dict[str, str], title: str) -> alt.Color:
    import altair as alt

    scale = alt.Scale(domain=[words(group, name) for name in colours], range=list(colours.values()))
    return alt.Color("part:N", title=title, scale=scale, legend=alt.Legend(orient="bottom"))


def _tip(field: str, title: str, form: str = "") -> alt.Tooltip:
    import altair as alt

    return alt.Tooltip(field, title=title, format=form) if form else alt.Tooltip(field, title=title)


def _seriated(frame: pd.DataFrame) -> Sequence[str]:
    """At most `MAX_NAMES` names, the ones that share most; each followed by the one left that shares most with it."""
    share: dict[str, dict[str, float]] = {}
    for name, other, value in zip(frame["name"], frame["other_name"], frame["share"], strict=True):
        for a, b in ((name, other), (other, name)):
            row = share.setdefault(str(a), {})
            row[str(b)] = max(row.get(str(b), 0.0), float(value))
    best = {name: max(row.values()) for name, row in share.items()}
    left = sorted(best, key=lambda name: (-best[name], name))[:MAX_NAMES]
    order: list[str] = []
    while left:
        near = share[order[-1]] if order else {}
        at = min(range(len(left)), key=lambda position: (-near.get(left[position], 0.0), position))
        order.append(left.pop(at))
    return order
