"""Following a document or a batch: what has happened, then what happens, worked out of its own state.

`facts` makes events of a state; `watched` reads it; `ear` says when to look again; `stories` put them together. The
clients and the API stand on the same stories.
"""

from orchestrator.following.facts import Event
from orchestrator.following.stories import batch_story, story

__all__ = ["Event", "batch_story", "story"]
