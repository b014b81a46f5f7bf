"""What counting costs a usual document: eight fields raised for four steps, and none for what did not happen."""

from orchestrator.keys import Keys
from tests.conftest import MakeEngine
from tests.support.pipelines import chain

DOCUMENTS = 10
USUAL = {"submitted": 1, "wait": 1, "run": 4, "duration": 1, "finished": 1}
"""Kind -> how often four steps raise it: only the first step waited; what is taken as it becomes ready has not."""


def test_a_usual_step_raises_one_counter(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    slot = engine.slot()
    for _ in range(DOCUMENTS):
        engine.submit(chain, text="a")
    slot.work_off()
    raised: dict[str, int] = {}
    for field, value in engine.server.redis.hgetall(Keys().named("stats")).items():
        kind, *labels = field.split(":")
        if labels[-1:] != ["sum"]:
            raised[kind] = raised.get(kind, 0) + int(value)
    assert raised == {kind: times * DOCUMENTS for kind, times in USUAL.items()}
