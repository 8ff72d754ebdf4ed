"""Key phrases of an English text, by rapid automatic keyword extraction (Rose et al. 2010), written for cloudai.

Function words and marks cut a text into runs of words that say something; a run is a candidate. A word counts for as
many words as stand beside it, itself included, in all its runs, and a phrase for the sum of its words.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TypedDict

__all__ = ["Found", "phrases"]

LONGEST = 4
"""Words of a phrase. Of a longer run the last words are kept: what an English phrase is about stands at its end."""

_STOPWORDS = {
    "articles, pronouns, question words": """
        a an the i me my mine myself we us our ours ourselves you your yours yourself yourselves he him his himself
        she her hers herself it its itself they them their theirs themselves one ones oneself this that these those
        who whom whose which what when where why how whoever whatever whichever somebody someone something anybody
        anyone anything everybody everyone everything nobody nothing
    """,
    "verbs that carry others, and the commonest of all": """
        am is are was were be been being do does did doing done have has had having can could may might must shall
        should will would ought let lets get gets got gotten getting go goes going gone went come comes came make
        makes made making take takes took taken taking put give gives gave given keep keeps kept say says said tell
        told know knows knew think thinks thought see sees saw seen want wants wanted use used using uses try tries
        tried look looks looked seem seems seemed need needs needed feel feels felt buy bought like likes liked
    """,
    "negations and their short forms, with the apostrophe taken away": """
        not no nor never none neither cannot cant couldnt didnt doesnt dont hadnt hasnt havent isnt arent wasnt
        werent wont wouldnt shouldnt mustnt im ive id ill youre youve youd youll hes shes theyre theyve theyd theyll
        weve wed thats theres heres whats whos
    """,
    "prepositions, conjunctions": """
        about above across after against along among around as at before behind below beneath beside besides between
        beyond by despite down during except for from in inside into near of off on onto out outside over past per
        since than through throughout till to toward towards under until up upon via with within without and but or
        so yet if unless because although though while whereas whether
    """,
    "adverbs and words for how much, which stand beside what a text is about": """
        again all almost already also always another any anyway both each either else enough even ever every few
        fewer first further hardly here however indeed instead just last later least less lot lots many maybe mere
        merely more most mostly much next now often once only other others otherwise own perhaps please quite rather
        really same several simply some sometimes somewhat soon still such then there therefore thus together too
        twice very well yes etc ago away back exactly far finally long ".split()
    """,
}
STOPWORDS = frozenset(word for words in _STOPWORDS.values() for word in words.split())

_WORD = re.compile(r"[^\W_][\u0300-\u036f]*(?:[^\W_][\u0300-\u036f]*|['’\-‐‑](?=[^\W_]))*")  # noqa: RUF001
_BESIDE = re.compile(r"[ \t\u00a0]+")


class Found(TypedDict):
    """A phrase at one of its places."""

    text: str
    offset: int
    length: int
    score: float
    """How much it says about the text, relative to the phrase that says most."""


def phrases(text: str) -> list[Found]:
    """The phrases of a text at all their places, the most telling first, then in the order of the text."""
    runs = [run[-LONGEST:] for run in _runs(text)]
    weight: dict[str, int] = defaultdict(int)
    for run in runs:
        for word in run:
            weight[_fold(word.group())] += len(run)
    scores = [sum(weight[_fold(word.group())] for word in run) for run in runs]
    best = max(scores, default=1)
    found = []
    for run, score in zip(runs, scores, strict=True):
        start, end = run[0].start(), run[-1].end()
        found.append(Found(text=text[start:end], offset=start, length=end - start, score=round(score / best, 4)))
    return sorted(found, key=lambda item: (-item["score"], item["offset"]))


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Words beside each other with nothing but blanks between them, without those that say nothing by themselves."""
    run: list[re.Match[str]] = []
    end = 0
    for word in _WORD.finditer(text):
        if run and not _BESIDE.fullmatch(text, end, word.start()):
            yield run
            run = []
        if _tells(word.group()):
            run.append(word)
        elif run:
            yield run
            run = []
        end = word.end()
    if run:
        yield run


def _tells(word: str) -> bool:
    return len(word) > 1 and not word.isnumeric() and _fold(word).replace("'", "") not in STOPWORDS


def _fold(word: str) -> str:
    return word.casefold().replace("\u2019", "'").removesuffix("'s")
