"""The only place that talks to Redis: two thin transports send what `orchestrator.calls` builds.

`Blocking` is a slot's and a supervisor's: one connection of its own. `Asynchronous` is the command line's and the
shared process's; `Prompt`, the API's, is one that answers within two seconds. All handle a script that the server
does not know, a lost reply and a moved shard in the same way.
"""

from orchestrator.connection.asynchronous import Asynchronous
from orchestrator.connection.blocking import Blocking
from orchestrator.connection.hearing import hear
from orchestrator.connection.prompt import Prompt
from orchestrator.connection.server import check_server

__all__ = ["Asynchronous", "Blocking", "Prompt", "check_server", "hear"]
