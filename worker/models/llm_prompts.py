"""The messages around a document's text: pure, no I/O."""

from collections.abc import Mapping

from worker.classification.labels import Label
from worker.models.llm_client import Frame, Message

SYSTEM = "You read documents and answer questions about them."


def question_frame(instruction: str) -> Frame:
    """The document, then what is asked of it."""

    def frame(text: str) -> list[Message]:
        return [_message("system", SYSTEM), _message("user", f"{text}\n\n{instruction}")]

    return frame


KIND = "Kind of document:"


def choice_frame(labels: list[Label], examples: Mapping[str, str], question: str = KIND) -> Frame:
    """The labels, an example of each that has one, then the document; the answer is to be a label.

    Args:
        labels: of which one is the answer.
        examples: a text for some of them, by name.
        question: the last words; what comes before them is the same whatever they are, so the prefix cache serves it.
    """
    shown = [label.name for label in labels if label.name in examples]
    turns = [m for name in shown for m in (_question(examples[name], KIND), _message("assistant", name))]
    task = _message("system", f"You classify documents. Answer with one of: {', '.join(map(str, labels))}.")

    def frame(text: str) -> list[Message]:
        return [task, *turns, _question(text, question)]

    return frame


def _question(text: str, question: str) -> Message:
    return _message("user", f"Document:\n{text}\n\n{question}")


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
