"""Settings of the LLM, and of the steps that ask it."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings


class AskingSettings(BaseSettings):
    """Where the LLM is, and what the steps that ask it may do."""

    llm_url: str | None = None
    """An OpenAI-compatible base URL (…/v1); None starts the embedded server."""
    llm_model: str = "smollm2"
    """The model's name at that URL."""
    llm_api_key: str = "none"
    llm_timeout: float = Field(default=300.0, gt=0)
    """Seconds that the LLM server may take for an answer; then the request is closed, and the attempt counts as failed."""

    classify_by: Literal["auto", "logprobs", "choice", "grammar", "schema"] = "auto"
    """How the LLM chooses a category; `auto` finds out what the server can do, once a process."""
    category_temperature: float = Field(default=1.0, gt=0)
    """Divides the logarithms of the LLM's category scores before they become a confidence; above 1 is more modest. 1
    is right for SmolLM2; `docmill evaluate` fits it for another model."""
    preclassify_above: float = Field(default=0.02, ge=0)
    """By how much cosine the best category must lead for the pre-classifier, where it is installed, to be believed without
    asking the LLM; 1 never uses it."""
    review_below: float = Field(default=0.5, ge=0, le=1)
    """A document whose category has less confidence than this is marked for review; 0 marks none. Below a half, a choice
    is more often wrong than right."""

    summary_most_parts: int | None = Field(default=None, ge=1)
    """In at most how many parts a long text is summarised; of one with more, parts spread evenly over it are read. None
    is 256 where the server's context has at least 8,192 tokens, else 6."""
