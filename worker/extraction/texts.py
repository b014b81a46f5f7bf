"""Names and other texts: lines at the head of a document, lines with a company's suffix, what follows a label."""

import re
from collections.abc import Iterator, Sequence

from worker.extraction.candidates import Candidate, collapsed
from worker.extraction.sheets import Sheet
from worker.extraction.targets import Target

HEAD_ROWS = 14
LONGEST = 120
SUFFIXES = "|".join((
    r"GmbH(?: & Co\.? KG)?", "AG", "KG", "OHG", r"e\.V\.", r"(?i:ltd)\.?", "(?i:limited)", "LLC", "LLP", r"(?:Inc|INC)\.?",
    "(?i:incorporated)", r"(?:Corp|CORP)\.?", "(?i:corporation)", "(?:Company|COMPANY)(?! ?(?:[Nn]o|NO|[Rr]eg))", r"Co\.",
    "PLC", "plc", r"B\.?V\.?", r"N\.?V\.?", r"S\.?A\.?R\.?L\.?", "Sarl", "SASU", r"S\.?A\.?S\.?", r"S\.A\.",
    r"S\.?[Rr]\.?[Ll]\.?", r"S\.p\.A\.", r"S\.L\.", r"(?i:sdn\.? ?bhd\.?)", "(?i:berhad)", r"(?i:pvt\.? ltd\.?)",
    "(?i:private limited)", r"(?i:pty\.? ltd\.?)", "(?i:enterprise)", "(?i:trading)", "Oy", "AB", "A/S", "ApS", r"a\.s\.",
    r"s\.r\.o\.", r"(?i:sp\. ?z ?o\. ?o\.)", "(?i:foundation)", "(?i:university)",
))  # fmt: skip
"""With which companies' names end."""
_SUFFIX = re.compile(rf"(?<=[ .,)）\u00a0\n])(?:{SUFFIXES})(?!\w)(?:,? (?:{SUFFIXES})(?!\w))?")
_NAME_WORD = re.compile(r"[A-Z_&(（.)）][^\s:;|]*|[A-Z]\S*[(（]|of|and|the|de|du|der|und|y|et", re.DOTALL)
MOST_WORDS = 9
_EAST_ASIAN = re.compile(r"[\w()（）]{0,120}(?:株式会社|有限会社|有限公司|公司)[\w()（）]*")
_PIECE = re.compile(r"\S+(?: \S+)*")


def pieces(sheet: Sheet, rows: range) -> Iterator[tuple[int, Candidate]]:
    """(row, piece) of those rows: what white space of two parts."""
    for index in rows:
        if index >= len(sheet.rows):
            return
        start, end = sheet.rows[index]
        for match in _PIECE.finditer(sheet.text, start, end):
            yield index, candidate(sheet, match.start(), match.end())


def candidate(sheet: Sheet, start: int, end: int) -> Candidate:
    """The text of a span, its white space and closing marks left out."""
    text = sheet.text[start:end]
    start += len(text) - len(text.lstrip(" \t\n:;,-\u2013\u2022*"))
    end -= len(text) - len(text.rstrip(" \t\n:;,-\u2013"))
    printed = sheet.text[start : max(start, end)]
    return Candidate(collapsed(printed), sheet.number, start, max(start, end), printed)


def organisations(sheet: Sheet) -> Iterator[Candidate]:
    """Names that end as companies' do."""
    spans = [(_name_start(sheet, match.start()), match.end()) for match in _SUFFIX.finditer(sheet.text)]
    spans += [match.span() for match in _EAST_ASIAN.finditer(sheet.text)]
    for start, end in spans:
        found = candidate(sheet, start, end)
        if 4 <= len(found.value) <= LONGEST and not re.fullmatch(rf"(?:{SUFFIXES}|of|the|The|\W)*", found.value):
            yield found


def _name_start(sheet: Sheet, suffix: int) -> int:
    """Where the capitalised words before a suffix begin, in its row."""
    row_start, _ = sheet.rows[sheet.row_of(suffix)]
    if row_start == suffix and suffix:
        row_start, _ = sheet.rows[sheet.row_of(suffix - 1)]
    words = list(re.finditer(r"\S+", sheet.text[row_start:suffix]))[-MOST_WORDS:]
    start = suffix
    for word in reversed(words):
        apart = sheet.text[row_start + word.end() : start]
        if (
            not _NAME_WORD.fullmatch(word.group())
            or len(apart) > 1
            or (start < suffix and word.group()[-1] in ",;:" and len(words) > 5)
        ):
            break
        start = row_start + word.start()
    joined = re.match(r"(?:(?:of|and|the|de|du|der|und|y|et)\s+)+", sheet.text[start:suffix])
    return start + (joined.end() if joined else 0)


def labelled(sheet: Sheet, target: Target) -> Iterator[tuple[float, Candidate]]:
    """(score, what follows one of the field's labels): in its row, else below."""
    for index, (start, end) in enumerate(sheet.rows):
        for piece in _PIECE.finditer(sheet.text, start, end):
            labels = [
                one for one in target.labels(piece.group()) if one.start == 0 or piece.group()[one.start - 1] in " ("
            ]
            if not labels or labels[0].role != target.role:
                continue
            rest = piece.group()[labels[0].end :]
            colon = re.match(r"[^\w\n]{0,3}(?:address)?\s*[:#.]", rest, re.IGNORECASE)
            short = labels[0].end - labels[0].start < 4
            if (labels[0].start > 3 or short) and not (colon and ":" in colon.group()):
                continue
            if rest.strip(" :.#*()") and (colon or target.role != "own"):
                yield (
                    (3.0 if colon else 1.2),
                    candidate(sheet, piece.start() + labels[0].end + (colon.end() if colon else 0), piece.end()),
                )
            elif not rest.strip(" :.#*()"):
                following = _following(sheet, index, piece.end(), end)
                if following is not None:
                    yield (3.0 if ":" in rest else 2.2), following


def _following(sheet: Sheet, row: int, start: int, end: int) -> Candidate | None:
    """The next piece of the row, else what stands below."""
    beside = _PIECE.search(sheet.text, start, end)
    if beside is not None:
        return candidate(sheet, beside.start(), beside.end())
    here = sheet.pieces_of(start - 1, start)
    for _, below in pieces(sheet, range(row + 1, row + 4)):
        where = sheet.pieces_of(below.start, below.end)
        if below.text.startswith("("):
            continue
        if (
            not here
            or not where
            or (where[0].line.box[0] < here[0].line.box[2] and where[0].line.box[2] > here[0].line.box[0])
        ):
            return below
    return None


def after(sheet: Sheet, pattern: re.Pattern[str]) -> Iterator[Candidate]:
    """The pattern's first group, wherever it matches."""
    for match in pattern.finditer(sheet.text):
        yield candidate(sheet, match.start(1), match.end(1))


def domains(sheets: Sequence[Sheet]) -> set[str]:
    """The names of the sites and mail servers that the document mentions, letters alone."""
    found: set[str] = set()
    for sheet in sheets:
        for match in re.finditer(r"(?:@|www\.|https?://)([a-z0-9.-]+)\.[a-z]{2,}", sheet.text.lower()):
            found |= {re.sub(r"\W", "", part) for part in match.group(1).split(".")}
    return {name for name in found if len(name) >= 4 and name not in ("gmail", "yahoo", "hotmail", "outlook", "https")}
