"""What is done to a run: the daemon and the actors are killed and stopped, their connections cut, reset and stalled.

Each is noted in the history, with from when until when. Of one target one thing is under way at a time.
"""
import heapq
import itertools
import signal
import threading
import time

from actor_relay import Relay
from history import now


SHORT, LONG = 3.0, 10.0  # seconds


class Chaos(threading.Thread):
    """`pace`: seconds between two of them, on average. `longest`: how long something is stopped or stalled at most."""

    def __init__(self, world, work, pace=0.25, longest=4.0):
        super().__init__(daemon=True)
        self.world, self.work, self.pace, self.longest, self.random = world, work, pace, longest, world.random
        self.due, self.order = [], itertools.count()  # (when, order, target, what)
        self.busy = set()
        self.ending = False
        self.failure = None

    def run(self):
        try:
            self.daemon(is_first=True)
            following = time.monotonic()
            while not self.ending:
                if time.monotonic() >= following:
                    self.random.choice(self.ways())()
                    following = time.monotonic() + self.random.expovariate(1 / self.pace)
                self.undo(time.monotonic())
                self.world.look()
                time.sleep(0.02)
            self.undo(float('inf'))
        except Exception as failure:  # told by whoever waits for this thread
            self.failure = failure
            raise

    def ways(self):
        """Of the daemon, of an actor, of a connection of an actor, and of one of who asks."""
        actor = self.random.choice(self.world.actors)
        asker = self.random.choice(self.work.askers)
        link, whom = self.random.choice([(actor.link, actor.name), (actor.link, actor.name), (asker.link, asker.name)])
        return [self.daemon, lambda: self.actor(actor), lambda: self.actor(actor), lambda: self.connection(link, whom)]

    def later(self, seconds, target, what):
        heapq.heappush(self.due, (time.monotonic() + seconds, next(self.order), target, what))

    def undo(self, moment):
        while self.due and self.due[0][0] <= moment:
            _, _, target, what = heapq.heappop(self.due)
            what()
            self.busy.discard(target)

    def note(self, what, whom, seconds=0.0):
        began = now()
        self.world.history.note('injected', what=what, whom=whom, **{'from': began, 'until': began + int(seconds * 1e9)})

    def take(self, target):
        if target in self.busy:
            return False
        self.busy.add(target)
        return True

    def a_while(self):
        """Mostly short; now and then so long that whoever waits gives up (15 seconds of silence)."""
        if self.longest > LONG and self.random.random() < 0.1:
            return self.random.uniform(LONG, self.longest)
        return self.random.uniform(0.1, min(self.longest, SHORT))

    def daemon(self, is_first=False):
        """The first time it is killed: in the few times of a short run that may not come by chance."""
        if not self.take(self.world):
            return
        if is_first or self.random.random() < 0.6:
            hard = is_first or self.random.random() < 0.8
            self.note('kill daemon' if hard else 'restart daemon', 'daemon')
            (self.world.registry.kill if hard else self.world.registry.stop)()
            self.world.start()
            self.busy.discard(self.world)
        else:
            seconds = self.a_while()
            self.note('stop daemon', 'daemon', seconds)
            self.world.registry.signal(signal.SIGSTOP)
            self.later(seconds, self.world, lambda: self.world.registry.signal(signal.SIGCONT))

    def actor(self, actor):
        if not self.take(actor):
            return
        if isinstance(actor, Relay) and self.random.random() < 0.4:
            self.note('unplug NATS', actor.name)
            actor.lose_power()
            self.busy.discard(actor)
        elif self.random.random() < 0.6 and actor.is_running():
            self.note('kill consumer', actor.name)
            actor.kill()
            self.later(self.random.choice((0, 0, 0.1, 1)), actor, actor.start)
        else:
            seconds = self.a_while()
            self.note('stop consumer', actor.name, seconds)
            actor.signal(signal.SIGSTOP)
            self.later(seconds, actor, lambda: actor.signal(signal.SIGCONT))

    def connection(self, link, whom):
        if not self.take(link):
            return
        stalls = {'stall': link.stall, 'stall up': lambda: link.stall('up'), 'stall down': lambda: link.stall('down'),
                  'stick': link.stick}
        what = self.random.choice(('cut', 'reset', *stalls))
        if what in stalls:
            seconds = self.a_while() if whom in (actor.name for actor in self.world.actors) else self.random.uniform(0.1, SHORT)
            self.note('stall connection', whom, seconds)
            stalls[what]()
            self.later(seconds, link, link.go_on)
        else:
            self.note(f'{what} connection', whom)
            getattr(link, what)()
            self.busy.discard(link)
