"""Whatever happens, in whatever order: all that is promised holds, at each moment and at the end."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.properties.ends import check_batches, check_documents, play
from tests.properties.memory import check_ends, check_purged
from tests.properties.programs import Program, programs
from tests.properties.speed import quick_scripts
from tests.properties.world import World
from tests.support.server import Server, running_server

settings.register_profile("quick", max_examples=100, derandomize=True)
settings.register_profile("long", max_examples=int(os.environ.get("DOCMILL_EXAMPLES", "5000")))
PROFILE = settings.get_profile("long" if "DOCMILL_EXAMPLES" in os.environ else "quick")


def live(server: Server, program: Program) -> None:
    """One example, from its first action to an empty server."""
    world = World(server, program.pipelines)
    try:
        _live(world, program)
    except Exception as problem:
        problem.add_note(f"{program}")
        raise
    finally:
        world.engine.transport.close()


def _live(world: World, program: Program) -> None:
    play(world, program.actions)
    check_documents(world)
    check_batches(world)
    check_ends(world)
    check_purged(world, program.purged_in_time)


@pytest.mark.timeout(0)
def test_everything() -> None:
    @settings(
        PROFILE,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        phases=set(Phase) - {Phase.explain},
    )
    @given(programs())
    def everything(program: Program) -> None:
        live(server, program)

    # A server of its own: whoever else sweeps or purges there would be no part of any program.
    with running_server() as server, quick_scripts(server):
        everything()
