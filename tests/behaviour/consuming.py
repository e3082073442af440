"""What tests of consumers share: systems that listen, and who tells them."""
from harness import OwnInstanceTest
from partner import NoAnswer

HORIZON = 'zorgaanbieder-horizon'


class ConsumersTest(OwnInstanceTest):
    def tell(self, count, **scope):
        """Grants so many consents, each an event for every party that it names; returns their ids in order."""
        return [self.granted(self.person(), **scope) for _ in range(count)]

    def consumer(self, name, number=0, credit=64, party=HORIZON):
        stream = self.registry.client(party, 'events')
        self.assertOk(stream.subscribe(number, credit, name))
        return stream

    def take(self, stream, count):
        return [stream.next_event(every=True).event.number for _ in range(count)]

    def assertSilent(self, stream, seconds=0.5):
        with self.assertRaises(NoAnswer):
            self.fail(f'heard {stream.next_event(seconds, every=True)}')

    def position(self, name, party=HORIZON):
        stream = self.registry.client(party, 'events')
        return stream.subscribe(credit=1, consumer=name).subscribe

    def lag(self, party=HORIZON):
        return {one.party: one for one in self.client('operator').ask('events_lag').events_lag.parties}[party]

    def states(self, **asked):
        reply = self.client('operator').ask('events_consumers', **asked)
        self.assertOk(reply)
        return {(one.party, one.consumer): one for one in reply.events_consumers.consumers}
