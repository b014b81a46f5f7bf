"""How often one document's steps ran."""

from benchmarks.faults.journal import Journal


def counted(journal: Journal, name: str) -> str:
    """Of a job and of the step that follows it."""
    began, ended = len(journal.entries("start", name)), len(journal.entries("end", name))
    after = len(journal.entries("start", f"{name}.after"))
    return f"begun {began} ×, ended {ended} ×, its next step run {after} ×"
