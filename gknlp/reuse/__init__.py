"""Reuse between reports: mask, strip, propose pairs by rare seeds, align, tell self, template and peer apart.

`find_reuse` is what others call; the steps are in modules of their own (`mask`, `skeleton`, `view`, `candidates`,
`align`,
`kinds`, `families`, `compose`, `matches`, `null`) and take and return plain values.
"""

from gknlp.reuse.certificates import find_certificates
from gknlp.reuse.changes import find_changes
from gknlp.reuse.mask import MaskSlot, mask_text
from gknlp.reuse.null import judge_matches
from gknlp.reuse.search import find_reuse
from gknlp.reuse.sums import find_same_sums

__all__ = [
    "MaskSlot", "find_certificates", "find_changes", "find_reuse", "find_same_sums", "judge_matches", "mask_text",
]
