"""The messages around a document's text: pure, no I/O."""

from collections.abc import Mapping

from worker.models.llm_client import Frame, Message

SYSTEM = "You read documents and answer questions about them."


def question_frame(instruction: str) -> Frame:
    """The document, then what is asked of it."""

    def frame(text: str) -> list[Message]:
        return [_message("system", SYSTEM), _message("user", f"{text}\n\n{instruction}")]

    return frame


def choice_frame(labels: list[str], examples: Mapping[str, str]) -> Frame:
    """The labels, an example of each that has one, then the document; the answer is to be a label."""
    shown = [label for label in labels if label in examples]
    turns = [m for label in shown for m in (_kind_question(examples[label]), _message("assistant", label))]
    task = _message("system", f"You classify documents. Answer with one of: {', '.join(labels)}.")

    def frame(text: str) -> list[Message]:
        return [task, *turns, _kind_question(text)]

    return frame


def _kind_question(text: str) -> Message:
    return _message("user", f"Document:\n{text}\n\nKind of document:")


def _message(role: str, content: str) -> Message:
    return {"role": role, "content": content}
