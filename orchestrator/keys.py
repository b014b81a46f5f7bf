"""Key names: the one owner in Python. `lua/lib/keys.lua` is its twin inside scripts; a test compares the two.

All keys of a shard share its hash tag, so one script touches one shard, in a cluster too.
"""

from dataclasses import dataclass

META = "docmill:meta"
"""Shard count and schema version, written at the first start."""


@dataclass(frozen=True)
class Keys:
    """The keys of one shard.

    Args:
        shard: its number, from 0.
    """

    shard: int = 0

    @property
    def prefix(self) -> str:
        """What every key of the shard begins with."""
        return f"docmill:{{s{self.shard}}}:"

    def named(self, name: str) -> str:
        """A key that the shard has once: place, leases, delayed, retention, stats, events, lanes, workers."""
        return self.prefix + name

    def ready(self, lane: str) -> str:
        """Jobs ready in a lane, or in a class of it (`lane:class`)."""
        return f"{self.prefix}ready:{lane}"

    def lane(self, lane: str) -> str:
        """What is set for a lane: paused, limits."""
        return f"{self.prefix}lane:{lane}"

    def wake(self, lane: str) -> str:
        """The hint that work waits in a lane."""
        return f"{self.prefix}wake:{lane}"

    def doc(self, document: str) -> str:
        """A document's DAG state; also the channel that tells of it."""
        return f"{self.prefix}doc:{document}"

    def data(self, document: str) -> str:
        """A document's input and outputs."""
        return f"{self.prefix}doc:{document}:data"

    def log(self, document: str) -> str:
        """What was unusual about a document."""
        return f"{self.prefix}doc:{document}:log"

    def fan(self, document: str, step: str, part: str | None = None) -> str:
        """A fan-out's records, or its `data`, `done`, `failed`, `handed`, `due`, `ran`."""
        return f"{self.prefix}doc:{document}:{step}" + (f":{part}" if part else "")

    def plan(self, pipeline: str) -> str:
        """A compiled pipeline."""
        return f"{self.prefix}pipeline:{pipeline}"

    def by(self, status: str) -> str:
        """The documents of one state, by submission time."""
        return f"{self.prefix}by:{status}"

    def cache(self, digest: str) -> str:
        """What a step made of arguments with this digest."""
        return f"{self.prefix}cache:{digest}"

    def cached(self, document: str) -> str:
        """The digests of what a document gave to the cache, or got from it."""
        return f"{self.prefix}cached:{document}"

    def held(self, reason: str) -> str:
        """Jobs that may not run for that reason."""
        return f"{self.prefix}held:{reason}"

    def limit(self, name: str) -> str:
        """The jobs that hold a limit."""
        return f"{self.prefix}limit:{name}"

    def started(self, pipeline: str) -> str:
        """The documents of a bounded pipeline that are under way."""
        return f"{self.prefix}started:{pipeline}"

    def batch(self, batch: str, part: str | None = None) -> str:
        """A batch, or its `open` members, or the `names` of its lines, or its `refused` ones."""
        return f"{self.prefix}batch:{batch}" + (f":{part}" if part else "")

    def tenant(self, tenant: str) -> str:
        """A tenant's last virtual finish."""
        return f"{self.prefix}tenant:{tenant}"

    def spent(self, key: str) -> str:
        """Until when an API key has used up its rate."""
        return f"{self.prefix}spent:{key}"

    def hook(self, hook: str, part: str | None = None) -> str:
        """A receiver of webhooks, or its `deliveries`."""
        return f"{self.prefix}hook:{hook}" + (f":{part}" if part else "")

    def hooks(self, whose: str) -> str:
        """The receivers of a tenant (`tenant:<name>`), or of one document (`document:<id>`)."""
        return f"{self.prefix}hooks:{whose}"

    def slot(self, slot: str) -> str:
        """A slot's record; `slot` is `<worker>/<n>`."""
        return f"{self.prefix}slot:{slot}"

    def worker(self, worker: str) -> str:
        """A worker's record."""
        return f"{self.prefix}worker:{worker}"

    def schedule(self, name: str, part: str | None = None) -> str:
        """A recurring submission, or its `log`."""
        return f"{self.prefix}schedule:{name}" + (f":{part}" if part else "")


def shard_of(document: str) -> int:
    """The shard that a document's id names."""
    return int(document.split("-", 1)[0], 36)
