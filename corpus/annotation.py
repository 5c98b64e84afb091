"""Annotations of the specimens: typed labels to JSON, the text a file holds, and the check of one against the other."""

import re
import unicodedata
from itertools import pairwise
from pathlib import Path

ROLES = {"b": "background", "w": "work", "p": "problem", "n": "nil"}
SECTIONS = {"preamble", "overview", "proactive", "requests", "fees", "review", "problems", "plans", "other", "annex"}
EDGE = 14  # folded characters quoted for the start and the end of a part, more where that is not unique


def fold(text):
    """NFKC, then only letters, digits and ideographs, as the scorer of shared/tools does."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c)[0] in "LN").lower()


def docx_lines(path):
    """Paragraphs and rows of a Word file in order, list numbers as Word prints them, merged cells once."""
    import docx
    from docx.table import Table

    document, counts = docx.Document(str(path)), [0, 0]
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            seen = set()
            for row in block.rows:
                cells = [c for c in row.cells if c._tc not in seen and not seen.add(c._tc)]
                yield "\t".join(c.text for c in cells)
            continue
        pr = block._p.pPr.numPr if block._p.pPr is not None else None
        if pr is None or pr.numId is None:
            yield block.text
        else:
            depth = pr.ilvl.val
            counts[depth] += 1
            if depth == 0:
                counts[1] = 0
            numeral = "一二三四五六七八九十"[counts[depth] - 1]
            yield (f"{numeral}、" if depth == 0 else f"（{numeral}）") + block.text


def source_pages(path):
    """The text of a file, one string a page (one page where there are none)."""
    path = Path(path)
    if path.suffix == ".pdf":
        import pypdfium2

        with pypdfium2.PdfDocument(str(path)) as pdf:
            return [page.get_textpage().get_text_range() for page in pdf]
    if path.suffix == ".docx":
        return ["\n".join(docx_lines(path))]
    raw = path.read_bytes()
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if path.suffix == ".html":
        import lxml.html

        return [lxml.html.fromstring(text).text_content()]
    return [re.sub(r"</?(?:table|tr|td)\b[^>]*>", " ", text)]  # an OCR service writes tables as HTML into its text


def source_text(path):
    """All pages of a file as one string."""
    return "\n".join(source_pages(path))


def cut_at_pages(text, pages):
    """A unit printed over a page break as the pieces that stand on either page (the page number lies between)."""
    folded = [re.sub(r"\d+$", "", fold(p)) for p in pages]
    want = fold(text)
    if len(pages) == 1 or any(want in p for p in folded):
        return [text]
    for before, after in pairwise(folded):
        for k in range(len(want) - 1, 0, -1):
            if before.endswith(want[:k]) and after.startswith(want[k:]):
                at, n = 0, 0
                while n < k:
                    n += len(fold(text[at]))
                    at += 1
                return [text[:at], text[at:]]
    return [text]


def edges(body):
    """First and last characters of a part's body; the last are taken long enough not to occur in it before."""
    flat = fold(body)
    at, n = 0, 0
    while at < len(body) and n < EDGE:
        n += len(fold(body[at]))
        at += 1
    size = EDGE
    while size < len(flat) and flat.find(flat[-size:]) < len(flat) - size:
        size += 4
    back, n = len(body), 0
    while back and n < size:
        back -= 1
        n += len(fold(body[back]))
    return body[:at].strip(), body[back:].strip()


def gold(doc, grid, pages):
    """The JSON annotation of a parsed source; sections quote their edges, units are as typed."""
    sections, units, cut = [], [], 0
    for block in doc["blocks"]:
        if block[0] == "section":
            sections.append({"id": block[1], "heading": block[2], "body": [], "table": False})
        elif block[0] == "table":
            sections[-1]["table"] = True
            sections[-1]["body"] += ["".join(c[0] for c in row) for row in grid(doc, block[1])]
        elif block[0] in ("sub", "scrap"):
            sections[-1]["table"] |= block[0] == "scrap"
            sections[-1]["body"].append(block[1])
        elif block[0] == "para":
            sections[-1]["body"].append("".join(t for _, t in block[1]))
            for code, text in block[1]:
                if code == "hh":
                    continue
                pieces = cut_at_pages(text, pages)
                cut += len(pieces) - 1
                units += [
                    {
                        "text": piece,
                        "section": sections[-1]["id"],
                        "role": ROLES.get(code[0], "plan"),
                        "specificity": int(code[0]) if code[0].isdigit() else None,
                        "formulaic": code[1] == "T",
                    }
                    for piece in pieces
                ]
    for s in sections:
        first, last = s["body"][:1], s["body"][-1:]
        whole = "".join(s.pop("body"))
        s["starts"], s["ends"] = edges(whole) if fold(whole) else (None, None)
        if s["starts"]:
            s["starts"] = s["starts"] if fold(s["starts"]) in fold(first[0]) else first[0]
            s["ends"] = s["ends"] if fold(s["ends"]) in fold(last[0]) else last[0]
            for key, at in (("starts", 0), ("ends", -1)):
                if doc["report"].endswith(".pdf"):
                    s[key] = cut_at_pages(s[key], pages)[at]
        s["table"] = s.pop("table")
    note = f" {cut} unit(s) stand over a page break and are given as two." if cut else ""
    keep = ("report", "agency", "year", "form", "level", "function", "region")
    return {
        **{k: int(doc[k]) if k == "year" else doc[k] for k in keep},
        **({"agency_true": doc["agency_true"]} if "agency_true" in doc else {}),
        "sections": sections,
        "units": units,
        "notes": (doc["notes"] + note).strip(),
    }


def check(gold, text):
    """Faults of an annotation against the text of its file, and the share of narrative characters in units."""
    flat, out, pos, spans = fold(text), [], 0, []
    for u in gold["units"]:
        want = fold(u["text"])
        at = flat.find(want, pos) if want else -1
        if at < 0:
            out.append(f"not found in order ({u['section']}): {u['text'][:50]}")
            continue
        spans.append((at, at + len(want)))
        pos = at + len(want)
        if (
            (u["role"] == "plan") != (u["specificity"] in (0, 1, 2, 3))
            or u["section"] not in SECTIONS
            or not isinstance(u["formulaic"], bool)
        ):
            out.append(f"illegal labels: {u}")
    pos = covered = narrative = 0
    for s in gold["sections"]:
        start = pos
        for key in ("heading", "starts", "ends"):
            if not s[key]:
                continue
            want = fold(s[key])
            at = flat.find(want, pos)
            if at < 0:
                out.append(f"part {s['id']}: {key} not found after the one before: {s[key]}")
                continue
            if key == "starts":
                start = at
            pos = at + len(want) if key != "starts" else at
        if s["starts"] and not s["table"]:
            narrative += pos - start
            covered += sum(max(0, min(e, pos) - max(b, start)) for b, e in spans)
    return out, covered / narrative if narrative else 1.0
