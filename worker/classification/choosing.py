"""One question, "which of these is it?", asked in the way that the server understands best."""

import asyncio
from collections.abc import Mapping

from orchestrator import Fatal, Retry
from orchestrator.evaluation.calibration import tempered
from orchestrator.settings import Settings
from worker.classification.asking import Asking, NoLogprobs
from worker.classification.detecting import first_obeyed, first_of, wanting
from worker.classification.labels import Label
from worker.classification.scoring import Choice, best
from worker.classification.ways import ENFORCED, PLAIN, Way
from worker.models.choice import calibrated, voted
from worker.models.llm_client import Client
from worker.models.llm_prompts import KIND

NEUTRAL = ("", "N/A")
"""Texts that say nothing: what the model answers to them is its prejudice."""
QUESTIONS = (KIND, "Type of document:", "This document is best called:")
"""Of a server that tells no probabilities: what it answers to each of them is surer."""
LEAST_MASS = 0.01
"""The probability that all labels have together, at least: SmolLM2's least was 0.09 on the corpus."""


class NothingMeant(Fatal):
    """The model's probabilities are of other words than the labels."""


class Chooser:
    """Finds out once what the server can do.

    Args:
        client: the server.
        settings: `classify_by`, `category_temperature`.
    """

    def __init__(self, client: Client, settings: Settings) -> None:
        self._asking, self._settings = Asking(client), settings
        self._url = client.url
        self._priors: dict[tuple[Label, ...], list[dict[str, float]]] = {}
        self._way: Way | None = None
        self._has_logprobs = settings.classify_by in ("auto", "logprobs")
        self._finding = asyncio.Lock()

    async def choose(self, text: str, labels: list[Label], examples: Mapping[str, str]) -> Choice:
        """One of the labels, never anything else.

        The examples come before the document: they are the same for all documents, so the server's prefix cache keeps
        them, and they are longer than the part of the document that is sent.

        Args:
            text: the document.
            labels: single words are best.
            examples: short texts for some of the labels.

        Raises:
            Fatal: the server cannot do what the settings ask for. Retry: it answers none of the labels.
            Unavailable: it is down or busy.
        """
        if self._has_logprobs:
            try:
                return await self._by_logprobs(text, labels, examples)
            except NothingMeant:
                if self._settings.classify_by == "logprobs":
                    raise
            except NoLogprobs:
                if self._settings.classify_by == "logprobs":
                    raise
                self._has_logprobs = False
        return await self._by_words(await self._found_way(), text, labels, examples)

    async def _by_logprobs(self, text: str, labels: list[Label], examples: Mapping[str, str]) -> Choice:
        key = tuple(labels)
        if key not in self._priors:
            self._priors[key] = await self._asked_priors(labels, examples)
        masses, truncated = await self._asking.masses(text, labels, examples)
        if sum(masses.values()) < LEAST_MASS:
            raise NothingMeant(
                f"the LLM at {self._url} answers with none of {', '.join(masses)}, as one does that thinks aloud first: "
                "use a server that can enforce a choice, and DOCMILL_CLASSIFY_BY=auto"
            )
        scores = tempered(calibrated(masses, self._priors[key]), self._settings.category_temperature)
        return best(scores, "logprobs", truncated)

    async def _asked_priors(self, labels: list[Label], examples: Mapping[str, str]) -> list[dict[str, float]]:
        try:
            return [(await self._asking.masses(one, labels, examples))[0] for one in NEUTRAL]
        except Fatal as problem:  # the text is short: what is refused is the question for logprobs
            raise problem if isinstance(problem, NoLogprobs) else NoLogprobs(str(problem)) from problem

    async def _by_words(self, way: Way, text: str, labels: list[Label], examples: Mapping[str, str]) -> Choice:
        # One after the other: the first fills the server's prefix cache for the others.
        answers = [await self._asking.word(way, text, labels, examples, question) for question in QUESTIONS]
        names = [label.name for label in labels]
        votes = [answer.label for answer in answers if answer.label is not None]
        if not votes:
            raise Retry(reason=self._disobeyed(way, answers[0].said, names))
        return best(voted(votes, names), way.how, answers[0].truncated)

    async def _found_way(self) -> Way:
        async with self._finding:
            if self._way is None:
                how = self._settings.classify_by
                found = await first_obeyed(first_of(how, ENFORCED), self._asking.plainly)
                if found is None and how != "auto":
                    raise wanting(how, self._url)
                self._way = found or PLAIN
            return self._way

    def _disobeyed(self, way: Way, said: str, names: list[str]) -> str:
        can = "cannot be made to answer with a category" if way is PLAIN else "does not keep to the categories"
        return (
            f"the LLM server at {self._url} {can}: the model said {said[:60]!r}, which is none of {', '.join(names)}. "
            "Use a server with logprobs, vLLM's structured outputs, llama.cpp's grammar or JSON schemas"
        )
