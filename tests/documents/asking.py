"""A pipeline of one call to the LLM, for workers that tests start."""

from orchestrator import Context, pipeline, step
from worker.models.llm import LLM

ASKING = "tests.documents.asking:asking"


@step(lane="llm", model="llm", retries=2, retry_delay=0.01)
async def ask(text: str, ctx: Context) -> str:
    """What the model says."""
    llm: LLM = ctx.model("llm")
    return (await llm.write(text, "Say something.", 10)).content


@pipeline()
def asking(text: str) -> str:
    """One question."""
    return ask(text)
