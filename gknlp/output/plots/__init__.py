"""Charts of a run, as Altair charts with Chinese labels: of a run (`run.plot.composition()`) or of a DataFrame.

`composition(composition_frame(run))` is the long way round, with a frame between that can be filtered or be another's.
Needs `pip install "gknlp[plots]"`; everything else works without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gknlp.output.plots.charts import commitments, composition, families, fates, keywords, roles, similarity
from gknlp.output.plots.frames import (
    Tables,
    commitments_frame,
    composition_frame,
    families_frame,
    fates_frame,
    keywords_frame,
    roles_frame,
    similarity_frame,
)
from gknlp.output.plots.look import save, to_html

if TYPE_CHECKING:
    import altair as alt

__all__ = [
    "Plots", "commitments", "commitments_frame", "composition", "composition_frame", "families", "families_frame",
    "fates", "fates_frame", "keywords", "keywords_frame", "roles", "roles_frame", "save", "similarity",
    "similarity_frame", "to_html",
]


class Plots:
    """The charts of one run, or of one report of it; each takes `lang` (that of the run by default) and `title`."""

    def __init__(self, tables: Tables, lang: str) -> None:
        self._tables = tables
        self._lang = lang

    def composition(self, by: str = "agency", *, lang: str | None = None, title: str | None = None) -> alt.LayerChart:
        """Whose words the narrative is made of, a bar an agency, `report` or `section`."""
        return composition(composition_frame(self._tables, by), lang=lang or self._lang, title=title)

    def roles(self, *, lang: str | None = None, title: str | None = None) -> alt.LayerChart:
        """How much of each part tells background, work, problems, plans or that there was nothing."""
        return roles(roles_frame(self._tables), lang=lang or self._lang, title=title)

    def similarity(self, *, lang: str | None = None, title: str | None = None) -> alt.Chart:
        """Heat map of the share of each report's narrative that each other report shares."""
        return similarity(similarity_frame(self._tables), lang=lang or self._lang, title=title)

    def families(self, *, lang: str | None = None, title: str | None = None) -> alt.FacetChart:
        """Families of reuse over the years."""
        return families(families_frame(self._tables), lang=lang or self._lang, title=title)

    def commitments(self, *, lang: str | None = None, title: str | None = None) -> alt.LayerChart:
        """Plans by theme and by how checkable they are."""
        return commitments(commitments_frame(self._tables), lang=lang or self._lang, title=title)

    def fates(
        self, kind: str = "commitment", *, lang: str | None = None, title: str | None = None
    ) -> alt.LayerChart:
        """What became of commitments (or `problem`s) in the next year's report, a bar an agency."""
        return fates(fates_frame(self._tables, kind), lang=lang or self._lang, title=title)

    def keywords(self, n: int = 8, *, lang: str | None = None, title: str | None = None) -> alt.FacetChart:
        """The terms that tell each section from the others."""
        return keywords(keywords_frame(self._tables, n), lang=lang or self._lang, title=title)
