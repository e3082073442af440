"""A run under faults from its beginning to its verdict.

    verdict, history = run(world, Plan(deliveries=2000, seconds=20))
"""
import collections
import dataclasses
import time

from chaos import Chaos
from judge import judge
from work import Work
from world import PATIENCE, PROVIDERS

INJECTED = ('kill daemon', 'restart daemon', 'stop daemon', 'kill consumer', 'stop consumer', 'cut connection',
            'reset connection', 'stall connection', 'unplug NATS')


@dataclasses.dataclass
class Plan:
    deliveries: int         # no consent is recorded once there are so many
    seconds: float = 0.0    # and it has lasted so long
    limit: float = 3600.0   # or so long, whatever there is by then
    pace: float = 0.25      # see Chaos
    longest: float = 4.0
    tell: float = 0.0       # seconds between two lines about how far it is; 0: none


def wait(work, chaos, plan):
    began = told = time.monotonic()
    while not work.failure and not chaos.failure:
        moment = time.monotonic()
        if moment > began + plan.limit or (work.expected >= plan.deliveries and moment > began + plan.seconds):
            return
        if plan.tell and moment > told + plan.tell:
            told = moment
            print(f'{int(moment - began)} s: {work.expected} deliveries are due', flush=True)
        time.sleep(0.1)


def begin(world):
    world.await_all()
    work = Work(world, list(PROVIDERS))
    work.start()
    while not work.expected and not work.failure:
        time.sleep(0.05)
    return work


def finish(world, *threads, patience=PATIENCE):
    for thread in threads:
        thread.ending = True
    for thread in threads:
        thread.join(120)
        if thread.failure or thread.is_alive():
            raise AssertionError('the run broke off') from thread.failure
    world.settle(patience)
    world.finish()
    return judge(world.history.records), world.history


def run(world, plan):
    """Leaves the registry running, and every actor ended."""
    work = begin(world)
    chaos = Chaos(world, work, plan.pace, plan.longest)
    chaos.start()
    wait(work, chaos, plan)
    return finish(world, chaos, work)


def run_script(world, script, patience=PATIENCE):
    """The same with what `script (work)` does in the place of chance."""
    work = begin(world)
    script(work)
    return finish(world, work, patience=patience)


def of_consumer(one):
    if one is None:
        return []
    return [f'{len({event["number"] for event in one["stored"]})} events', *([] if one['all'] else ['acknowledges nothing'])]


def report(verdict, history, seconds):
    """What was done, and what came of it, in lines."""
    counts = verdict.counts
    yield (f'{counts["deliveries"]} deliveries of {counts["events"]} events of {counts["revocations"]} revocations and the '
           f'consents, in {seconds:.0f} s; {counts["repeats"]} came again after a death')
    yield ', '.join(f'{counts[what]} times {what}' for what in INJECTED if counts[what])
    yield f'{counts["checks"]} checks, of which {counts["permits"]} permit'
    if counts['answers']:
        yield f'{counts["answers"]} answers of views, of which {counts["view permits"]} permit'
    done = collections.Counter((record['whom'], record['what'].split()[0]) for record in history.of('injected'))
    heard = {one['name']: one for one in history.of('consumer')}
    for name in sorted({whom for whom, _ in done} | set(heard)):
        injected = [f'{done[name, what]} {what}s' for what in dict.fromkeys(one.split()[0] for one in INJECTED) if done[name, what]]
        yield f'  {name}: ' + ', '.join(of_consumer(heard.get(name)) + injected)
    for fault in verdict.faults[:20]:
        yield f'{fault.rule}: {fault.what}'
    yield f'{len(verdict.faults)} faults'
