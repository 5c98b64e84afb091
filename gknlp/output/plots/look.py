"""How the charts look and leave the program: one theme, browser fonts, files that open without a network.

Altair's own way of showing a chart in a notebook loads scripts from the network. Where the user has chosen no other,
charts are shown as SVG, drawn here by vl-convert: text stays text, in the fonts of the browser.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from gknlp.errors import OutputError
from gknlp.output.html import render, script_json
from gknlp.output.labels import shown

if TYPE_CHECKING:
    import altair as alt

# Fonts with Chinese characters on Linux, macOS and Windows, in the order a browser tries them.
FONTS = (
    '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Hiragino Sans GB", '
    '"WenQuanYi Zen Hei", SimHei, Arial, sans-serif'
)
INK, MUTED, LINE = "#1b2530", "#55616d", "#d5dbe1"
# As in the dossier: dark for what is another's, light for the report's own words.
ORIGIN_COLOURS = {
    "formula": "#c3ccd5", "own_past": "#5aa5ac", "template": "#9b83b8", "peer": "#a2352b", "own": "#f3f0e7",
}
ROLE_COLOURS = {
    "background": "#c3ccd5", "work": "#8fb59b", "problem": "#a2352b", "plan": "#1f4e79", "nil": "#f3f0e7",
}
GRADE_COLOURS = {0: "#dfe5ea", 1: "#a9bdd2", 2: "#5d86b0", 3: "#1f4e79"}
FATE_COLOURS = {
    "reported_done": "#2c6143", "solved": "#2c6143", "restated": "#c58a00", "repeated": "#a2352b",
    "reworded": "#c58a00", "undecided": "#c3ccd5", "silent": "#f3f0e7", "dropped": "#f3f0e7",
}
Chart = TypeVar("Chart", bound="alt.TopLevelMixin")
SUFFIXES = (".html", ".svg", ".png", ".json")
# Points of a PNG for one of the chart, so that it prints well at the size it is drawn.
PNG_SCALE = 2.0


def check_altair() -> None:
    """OutputError where altair or vl-convert is not installed; notebooks show charts as SVG unless the user chose."""
    try:
        import altair
        import vl_convert  # noqa: F401 (only whether it is there)
    except ImportError as error:
        raise OutputError(
            f"Plots need altair and vl-convert-python: {error}.", hint='Install them: pip install "gknlp[plots]"'
        ) from error
    if altair.renderers.active == "default":
        altair.renderers.enable("svg")


def dressed(chart: Chart, title: str, note: str = "") -> Chart:
    """A chart with title, a note under it, fonts and quiet axes."""
    import altair as alt

    heading = alt.TitleParams(
        text=shown(title), subtitle=[shown(note)] if note else [], anchor="start", fontSize=15, fontWeight=600,
        subtitleFontSize=11, subtitleColor=MUTED, color=INK, offset=12, subtitlePadding=4, frame="group",
    )
    drawn: Any = chart
    made: Chart = (
        drawn.properties(title=heading)
        .configure(font=FONTS, background="white", padding=10)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=INK, titleColor=MUTED, labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
            labelLimit=260, gridColor="#eceff2", domainColor=LINE, tickColor=LINE,
        )
        .configure_legend(
            labelColor=INK, titleColor=MUTED, labelFontSize=12, titleFontSize=12, titleFontWeight="normal",
            labelLimit=320, symbolStrokeWidth=0.5,
        )
        .configure_header(labelColor=INK, labelFontSize=12, labelFontWeight=600, titleColor=MUTED)
    )
    return made


def to_html(chart: alt.TopLevelMixin) -> str:
    """One HTML page with the chart, its data and every script inside: it opens by double click and asks for nothing."""
    check_altair()
    import altair as alt
    import vl_convert

    scripts: Any = vl_convert
    bundle = scripts.javascript_bundle(vl_version=".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2]))
    spec = chart.to_dict()
    title = spec.get("title")
    text = title.get("text") if isinstance(title, dict) else title
    return render(
        "notebook_chart.html.j2", "zh", title=shown(text or "gknlp"), spec=script_json(spec),
        bundle=bundle.replace("</script", "<\\/script"),
    )


def save(chart: alt.TopLevelMixin, path: str | Path) -> Path:
    """Write a chart to a file, by its suffix: `.html` (interactive, offline), `.svg`, `.png` or `.json` (Vega-Lite).

    Returns the path. SVG names its fonts and does not hold them; PNG is drawn with the fonts of this machine.
    OutputError for another suffix or a folder that cannot be written.
    """
    target = Path(path)
    suffix = target.suffix.lower()
    if suffix not in SUFFIXES:
        raise OutputError(f"A chart cannot be written as {target.name}.", hint=f"Use one of {', '.join(SUFFIXES)}.")
    check_altair()
    try:
        if suffix == ".html":
            target.write_text(to_html(chart), encoding="utf-8", newline="\n")
        else:
            chart.save(str(target), scale_factor=PNG_SCALE if suffix == ".png" else 1)
    except OSError as error:
        raise OutputError(
            f"{target} cannot be written: {error.strerror or error}.", hint="Check that the folder exists."
        ) from error
    return target
