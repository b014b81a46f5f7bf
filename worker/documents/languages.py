"""Languages by their ISO 639-1 codes: which there are, which one a text is in, which the packaged recogniser reads."""

import re
from functools import cache
from typing import Any

from orchestrator import Fatal

AUTO = "auto"
_CODES = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu
fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn
ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os
pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw
ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_UNREAD = """
ab am ar as av ba be bg bh bn bo ce cr cu cv dv dz el fa gu he hi hy ii iu ka kk km kn ko ks kv ky lo mk ml mn mr my ne or os
pa ps ru sa sd si ta te tg th ti tt ug uk ur yi
"""
_TOLD = """
af ar bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk kn ko lt lv mk ml mn mr ms mt
ne nl nn pa pl pt ro ru si sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh
"""
CODES = frozenset(_CODES.split())
UNREAD = frozenset(_UNREAD.split())
"""Written in scripts that PP-OCRv6 does not know: it knows Latin letters, Chinese and Japanese."""
TOLD = tuple(_TOLD.split())
"""Among which a text's language is told: more languages than these win where a text is all names and codes."""
FEWEST = 8
"""Letters: nobody can tell the language of less."""
SAMPLE = 4000
"""Letters from which the language is told."""
SURE = 0.4
"""The probability from which on it is said."""
WITH_DIGITS = re.compile(r"\w*\d\S*")


def check_language(lang: str) -> None:
    """Refuse what is no language.

    Raises:
        Fatal: neither `auto` nor a code of ISO 639-1.
    """
    if lang != AUTO and lang not in CODES:
        raise Fatal(
            f"lang={lang!r} is no language: give its two letters of ISO 639-1 (en, fr, nl, de, ar, zh, ja), or auto"
        )


def language_of(text: str) -> str:
    """The language that the text is in, mostly; empty where nobody can tell."""
    sample = WITH_DIGITS.sub(" ", text[:SAMPLE]).lower()  # names and numbers in capitals are like no language
    if sum(letter.isalpha() for letter in sample) < FEWEST:
        return ""
    (code, probability), *_ = _identifier().rank(sample)
    return str(code) if probability >= SURE else ""


@cache
def _identifier() -> Any:
    """Made once a process, in about a second."""
    from py3langid import langid  # pyright: ignore[reportMissingTypeStubs]

    kind: Any = langid.LanguageIdentifier
    made = kind.from_model_file(langid.MODEL_FILE, norm_probs=True)
    made.set_languages(TOLD)
    return made
