"""A registry, its parties and their systems, and the network between them, for a run under faults."""
import os
import pathlib
import random
import re
import sys
import time

import events_pb2
from harness import BUILD, CERTIFICATE, PARTIES, SOURCE, Instance

from actor_storing import Never, Slow, Storing
from actor_watch import Watch
from history import History, now
from network import Network

TEAM = 'kernteam'
PROVIDERS = ('zorgaanbieder-horizon', 'zorgaanbieder-delta', 'zorgaanbieder-kade', 'zorgaanbieder-ster')
MORE = {party: ('zorgaanbieder', 'partner', {'agreement-from': '2020-01-01'}) for party in PROVIDERS[2:]}
PATIENCE = 90.0  # seconds until all have heard all, once nothing happens to them any more


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
        self.environment = dict(os.environ, PYTHONPATH=os.pathsep.join(
            [str(SOURCE / 'tests' / 'behaviour'), str(SOURCE / 'tests' / 'faults'), *filter(None, sys.path)]))
        self.history = History()
        self.network = Network()
        self.requests_port, self.events_port = (int(self.registry.endpoints[name].rpartition(':')[2])
                                                for name in ('requests', 'events'))
        self.actors = []
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
        """Of each party one; where a party may have several systems also a slow one, one that acknowledges nothing, and
        honest ones of both sorts."""
        for party, sort in zip((TEAM, *PROVIDERS), (Storing, Watch, Storing, Watch, Slow)):
            self.add(sort, party)
        if parties_have_consumers():
            for party, sort, name in ((TEAM, Watch, 'dossier'), (TEAM, Slow, 'traag'), (TEAM, Never, 'nooit'),
                                      (PROVIDERS[0], Storing, 'portaal'), (PROVIDERS[1], Watch, 'backoffice'),
                                      (PROVIDERS[2], Storing, 'planning'), (PROVIDERS[3], Watch, 'facturen')):
                self.add(sort, party, name)

    def listeners(self, party):
        """How many systems of this party hear each of its events."""
        return sum(actor.party == party and actor.keeps_all for actor in self.actors)

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
        """Waits until everybody has heard everything, which nothing hinders any more."""
        end = time.monotonic() + patience
        newest = self.newest()
        while self.behind(newest) and time.monotonic() < end:
            time.sleep(0.1)
            self.look()

    def finish(self):
        """Ends all actors, and notes in the history what they have."""
        for actor in self.actors:
            actor.end()
        for actor in self.actors:
            actor.note(self.history)

    def destroy(self):
        for actor in self.actors:
            actor.end()
        self.network.close()
        self.registry.destroy()
