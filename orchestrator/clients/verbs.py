"""The names that both clients have."""

from orchestrator.client import Mill
from orchestrator.clients import batching, following, listing, looking, pausing, submitting
from orchestrator.clients.operation import Operation, Stream, of_mill


class Verbs:
    """Each name stands for one coroutine over a session, whose text `help` shows."""

    submit = Operation(submitting.submit)

    get = Operation(of_mill(Mill.get))
    wait = Operation(looking.wait)
    result = Operation(looking.result)
    output = Operation(looking.output)
    parameters = Operation(of_mill(Mill.parameters))
    events = Stream(following.events)
    why = Operation(looking.why)
    list = Stream(listing.documents)

    cancel = Operation(of_mill(Mill.cancel))
    retry = Operation(of_mill(Mill.retry))
    reprioritise = Operation(of_mill(Mill.reprioritise))
    delete = Operation(of_mill(Mill.delete))

    submit_batch = Operation(batching.submit_batch)
    batch = Operation(of_mill(Mill.batch))
    batches = Operation(of_mill(Mill.batches))
    wait_batch = Operation(batching.wait_batch)
    watch_batch = Stream(following.watch_batch)
    outcomes = Stream(batching.outcomes)
    cancel_batch = Operation(of_mill(Mill.cancel_batch))

    add_schedule = Operation(of_mill(Mill.add_schedule))
    schedules = Operation(of_mill(Mill.schedules))
    schedule = Operation(of_mill(Mill.schedule))
    run_schedule = Operation(of_mill(Mill.run_schedule))
    pause_schedule = Operation(of_mill(Mill.pause_schedule))
    resume_schedule = Operation(of_mill(Mill.resume_schedule))
    remove_schedule = Operation(of_mill(Mill.remove_schedule))

    lanes = Operation(looking.lanes)
    bound_lane = Operation(of_mill(Mill.bound_lane))
    workers = Operation(looking.workers)
    pause = Operation(pausing.pause)
    resume = Operation(pausing.resume)
    paused = Operation(of_mill(Mill.paused))
