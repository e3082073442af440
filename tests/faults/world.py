"""A registry, its parties and their systems, and the network between them, for a run under faults."""
import collections
import os
import pathlib
import random
import re
import sys
import time

import events_pb2
from harness import BUILD, CERTIFICATE, PARTIES, PLAIN, SOURCE, Instance, is_plain, tool

from actor_relay import NATS, Relay
from actor_storing import Never, Slow, Storing
from actor_view import View
from actor_watch import Watch
from history import History, now
from network import Network

TEAM = 'kernteam'
PROVIDERS = ('zorgaanbieder-horizon', 'zorgaanbieder-delta', 'zorgaanbieder-kade', 'zorgaanbieder-ster')
MORE = {party: ('zorgaanbieder', 'partner', {'agreement-from': '2020-01-01'}) for party in PROVIDERS[2:]}
PATIENCE = 60.0  # seconds in which somebody must get on, once nothing happens to them any more


LATE_WRITES = PLAIN / 'tests' / 'crash' / 'late-writes.so'
can_be_late = LATE_WRITES.exists() and is_plain()
OF_DAEMON = 'consentd.journal consentd.witness'


def late_writes(until, files=OF_DAEMON):
    """An environment for a program of a build without sanitizers (tests/crash/late-writes.c)."""
    return {'LD_PRELOAD': str(LATE_WRITES), 'LATE_UNTIL': until, 'LATE_FILES': files}


def power_cuts():
    """One for the daemon in which a kill is a power cut: what was not synced is gone. None where it cannot be had."""
    return late_writes('synced') if can_be_late else None


def parties_have_consumers():
    return 'consumer' in events_pb2.SubscribeRequest.DESCRIPTOR.fields_by_name


class World:
    """`preload`: an environment for the daemon. `build`: of the daemon, and of the clients."""

    def __init__(self, seed, build=BUILD, preload=None):
        self.random, self.build, self.preload = random.Random(seed), build, preload
        PARTIES.update(MORE)
        self.registry = Instance(build)
        self.place = self.registry.directory / 'actors'
        self.place.mkdir()
        path = self.registry.directory / 'consentd.conf'
        path.write_text(re.sub(r'(?m)^( +size = )"[^"]*"', r'\1"1024"', path.read_text()))
        self.registry.lift_limits()
        # If the daemon can lose what it has not synced, so can who listens.
        late = late_writes('synced', 'stored') if preload else {}
        self.environment = dict(os.environ, **late, PYTHONPATH=os.pathsep.join(
            [str(SOURCE / 'tests' / 'behaviour'), str(SOURCE / 'tests' / 'faults'), *filter(None, sys.path)]))
        self.history = History()
        self.network = Network()
        self.requests_port, self.events_port = (int(self.registry.endpoints[name].rpartition(':')[2])
                                                for name in ('requests', 'events'))
        self.actors = []
        self.recent = collections.deque(maxlen=4096)  # grants that were answered, again when withdrawn
        self.references = {}                        # (party, subject): what the party calls that subject
        self.start()

    def start(self):
        self.registry.start(self.preload)

    def add(self, sort, party, name='', **more):
        """An actor of this sort; a party without consumers of its own names has one actor."""
        actor = sort(self, party, name, **more)
        self.actors.append(actor)
        actor.start()
        return actor

    def add_consumers(self):
        """Of each party one; where a party may have several systems also a slow one, one that acknowledges nothing, honest
        ones of both sorts, and a relay and a view where the build has these."""
        for party, sort in zip((TEAM, *PROVIDERS), (Storing, Watch, Storing, Watch, Slow)):
            self.add(sort, party)
        if not parties_have_consumers():
            return
        for party, sort, name in ((TEAM, Watch, 'dossier'), (TEAM, Slow, 'traag'), (TEAM, Never, 'nooit'),
                                  (PROVIDERS[0], Storing, 'portaal'), (PROVIDERS[1], Watch, 'backoffice'),
                                  (PROVIDERS[2], Storing, 'planning'), (PROVIDERS[3], Watch, 'facturen')):
            self.add(sort, party, name)
        if self.has_consumers('view/consent-view'):
            self.add(View, TEAM, 'kijk')
        if self.has_consumers('relay/consent-relay') and NATS:
            self.add(Relay, PROVIDERS[0], 'berichten')

    def has_consumers(self, program):
        """The build has this client, and it can be a consumer of a name of its own."""
        path = self.build / 'clients' / program
        return path.exists() and '--consumer' in tool(program, '--help').stdout

    def await_all(self):
        """Waits until everybody listens: of a party's systems one that comes later hears what is kept by then."""
        end = time.monotonic() + PATIENCE
        while not all(actor.is_ready() for actor in self.actors):
            if time.monotonic() > end:
                waits = [f'{actor.name}: {actor.said()}' for actor in self.actors if not actor.is_ready()]
                raise AssertionError(f'not everybody listens: {waits}')
            self.look()
            time.sleep(0.05)

    def listeners(self, party):
        """How many systems of this party hear each of its events."""
        return sum(actor.party == party and actor.keeps_all for actor in self.actors)

    def any_grant(self):
        """One of which something was answered: just now, or longer ago, when nobody should think that it stands any more.
        None: of none yet."""
        known = len(self.recent)
        newest = min(known, self.random.choice((32, known)))
        return self.recent[-self.random.randint(1, newest)] if known else None

    def key_file(self, party, actor):
        """A key file by which the actor reaches the registry over its own link."""
        public, secret = self.registry.keys[party]
        metadata = {'party': party, 'server-key': self.registry.server_key.decode(),
                    'requests': f'tcp://127.0.0.1:{self.requests_port}', 'events': f'tcp://127.0.0.1:{actor.link.port}'}
        lines = ''.join(f'    {name} = "{value}"\n' for name, value in metadata.items())
        text = CERTIFICATE.format(public=public.decode(), secret=secret.decode())
        path = pathlib.Path(actor.place / 'key')
        path.write_text(text.replace('metadata\n', 'metadata\n' + lines))
        path.chmod(0o600)
        return path

    def look(self):
        """Whether anything ended by itself."""
        for actor in self.actors:
            actor.look()
        if self.registry.process is None or self.registry.process.poll() is not None:
            code = self.registry.process.poll() if self.registry.process else None
            self.history.note('ended', whom='the daemon', code=code, said=self.registry.log()[-600:], at=now())
            self.start()

    def newest(self):
        """{party: number of its newest event}, as the registry says it."""
        client = self.registry.operator()
        try:
            return {one.party: one.newest for one in client.ask('events_lag').events_lag.parties}
        finally:
            self.registry.close(client)

    def behind(self, newest):
        return [actor for actor in self.actors if actor.keeps_all and actor.newest() < newest.get(actor.party, 0)]

    def settle(self, patience=PATIENCE):
        """Waits until everybody has heard everything, which nothing hinders any more, or nobody gets on. Who is slow may
        need long, and gets on."""
        newest, known, since = self.newest(), None, time.monotonic()
        while time.monotonic() < since + patience:
            far = [(actor.name, actor.newest()) for actor in self.behind(newest)]
            if not far:
                return
            if far != known:
                known, since = far, time.monotonic()
            time.sleep(0.1)
            self.look()

    def finish(self):
        """Ends all actors, and notes in the history what they have."""
        self.end_actors()
        for actor in self.actors:
            actor.note(self.history)

    def end_actors(self):
        """All at once: each may take a while."""
        for actor in self.actors:
            actor.ask_to_end()
        for actor in self.actors:
            actor.end()

    def destroy(self):
        self.end_actors()
        for actor in self.actors:
            actor.destroy()
        self.network.close()
        self.registry.destroy()
