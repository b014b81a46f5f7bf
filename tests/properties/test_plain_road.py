"""The road of most steps (lua/lib/plain.lua) leads to what the general one does: two servers are asked the same."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.properties import on_documents as documents
from tests.properties import on_slots as slots
from tests.properties import on_time as time
from tests.properties.acting import Action
from tests.properties.ends import play
from tests.properties.pipelines import TEXT, Node, Shape, shapes
from tests.properties.programs import Program, fails, few, priorities, repeats, tenants
from tests.properties.sameness import holdings
from tests.properties.world import World
from tests.support.engine import LANES
from tests.support.roads import BEGINS, server_that_does
from tests.support.server import Server

often, seldom = st.booleans(), st.integers(0, 5).map(lambda drawn: drawn == 5)
actions: list[st.SearchStrategy[Action]] = [
    st.builds(documents.Submit, few, tenants, often, priorities),
    st.builds(documents.Submit, few, tenants, often, priorities),
    st.builds(slots.Claim, few, st.integers(1, 2), repeats),
    st.builds(slots.Complete, few, st.just(1), repeat=repeats),
    st.builds(slots.Complete, few, st.just(1), repeat=repeats),
    st.builds(slots.Complete, few, st.integers(1, 2), repeat=repeats),
    fails,
    st.builds(slots.Haunt, few),
    st.builds(slots.SendOld, few),
    st.builds(slots.Crash, few, few, st.just("died"), often),
    st.builds(documents.Cancel, few),
    st.builds(documents.Retry, few, st.none() | few),
    st.builds(time.Pause, st.sampled_from(("lane", "pipeline", "tenant")), few, often),
    st.builds(time.PassTime, st.sampled_from((2, 31)), st.integers(0, 15)),
]


@st.composite
def chained(draw: st.DrawFn) -> Shape:
    """Plain steps, mostly one after the other in a slot's first lane; here and there something keeps one from that road."""
    nodes: list[Node] = []
    for at in range(draw(st.integers(2, 4))):
        inputs = (draw(st.integers(0, at - 1)) if draw(seldom) else at - 1,) if at else (TEXT,)
        nodes.append(
            Node(
                "plain",
                (*inputs, TEXT) if at and draw(seldom) else inputs,
                lane=LANES[2] if draw(seldom) else LANES[0],
                guard=draw(st.sampled_from([TEXT, *range(at)])) if draw(seldom) else None,
                limit=(1, None) if draw(seldom) else None,
            )
        )
    return Shape(tuple(nodes), draw(often), 1 if draw(seldom) else None, not draw(seldom), draw(often))


@st.composite
def chained_programs(draw: st.DrawFn) -> Program:
    """What everybody does with two of them, and with any other pipeline."""
    made = (draw(chained()), draw(chained()), draw(shapes()))
    return Program(made, tuple(draw(st.lists(st.one_of(actions), min_size=5, max_size=50))))


def outcome(server: Server, program: Program) -> dict[str, object]:
    """What the server holds once all is done."""
    world = World(server, program.pipelines)
    play(world, program.actions)
    world.engine.transport.close()
    return holdings(world.redis)


@pytest.mark.timeout(0)
def test_both_roads_lead_to_the_same() -> None:
    with server_that_does("do return end", BEGINS) as general, server_that_does("", BEGINS) as both:

        @settings(
            max_examples=150, derandomize=True, deadline=None, database=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        )  # fmt: skip
        @given(chained_programs())
        def the_same(program: Program) -> None:
            assert outcome(both, program) == outcome(general, program)

        the_same()
