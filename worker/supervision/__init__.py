"""The supervisor: starts slots, keeps their leases from outside, ends what must end, sees at once when one dies.

`supervisor` is the loop; `process` is one slot process as it sees it. `crew` makes them, `manning` says who follows whom
(`reserve`: who stands by; `growing`: more and fewer; `lone`: jobs that must run alone), `kills` decides which must end.
`listening` hears when to look at once; `facts` is what others may know.
"""

from worker.supervision.supervisor import Supervisor

__all__ = ["Supervisor"]
