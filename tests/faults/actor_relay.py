"""consent-relay with a NATS server of its own, which loses its power now and then: its store is put back to what it was a
short while before. What the stream has in the end is what was delivered, each once.
"""
import base64
import json
import time

from actor import Actor

try:
    from jetstream import PROGRAM as NATS
    from jetstream import JetStream
except ImportError:
    NATS = None

SOURCE = 'urn:nld:oin:00000001234567890000:systeem:toestemmingen'
SETTLE = 8       # seconds that the server may lose
LOSES = 5.0      # seconds that it does lose


class Relay(Actor):
    def __init__(self, world, party, name=''):
        super().__init__(world, party, name)
        self.subject = f'consent.{party}.events'
        self.nats = JetStream()
        self.nats.start()
        self.nats.add_stream('EVENTS', self.subject)
        self.copied_at = None

    def command(self):
        own = ['--consumer', self.consumer] if self.consumer else []
        return [self.world.build / 'clients' / 'relay' / 'consent-relay', '--key', self.world.key_file(self.party, self),
                '--position', self.place / 'position', '--stream', 'EVENTS', '--url', self.nats.url, '--source', SOURCE,
                '--settle', SETTLE, *own]

    def lose_power(self):
        """In two steps, of which each takes no time: what a power cut would leave, and then the cut."""
        if self.copied_at is None:
            self.nats.copy_store()
            self.copied_at = time.monotonic()
        elif time.monotonic() < self.copied_at + LOSES:
            self.nats.put_back()
            self.copied_at = None
        else:
            self.nats.kill()
            self.nats.start()
            self.copied_at = None

    def newest(self):
        try:
            reply = self.nats.request('$JS.API.STREAM.MSG.GET.EVENTS', {'last_by_subj': self.subject})
            return int(json.loads(base64.b64decode(reply['message']['data']))['sequence'])
        except (KeyError, OSError):
            self.nats.connection = None
            return 0

    def note(self, history):
        stored = [{'number': int(event['sequence']), **event['data']} for _, _, event in self.nats.messages()]
        history.note('consumer', name=self.name, party=self.party, all=True, lives=[0], stored=stored, deaths=self.deaths)

    def destroy(self):
        self.nats.destroy()
