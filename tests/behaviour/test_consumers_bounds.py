"""Consumers: how many a party may have, how long events wait for them, and whose an earlier store's positions are."""
import itertools
import pathlib
import unittest

import events_pb2

from client import wire
from consuming import HORIZON, ConsumersTest
from harness import PLAIN, Instance
from old_store import make_earlier
from test_clock import LIBRARY, can_be_told_a_time

DELTA = 'zorgaanbieder-delta'


class EarlierStore(ConsumersTest):
    def test_what_a_party_acknowledged_is_where_the_one_without_a_name_goes_on_and_others_begin(self):
        before = self.consumer('')
        self.tell(4, recipients=[HORIZON, DELTA])
        self.take(before, 4)
        self.assertOk(before.acknowledge(2))
        self.registry.stop()
        make_earlier(self.registry)
        upgraded = self.registry.run('--upgrade')
        self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
        self.registry.start()
        self.shared.clear()
        states = self.states(party=HORIZON) | self.states(party=DELTA)
        self.assertEqual({key: (one.acknowledged, one.newest) for key, one in states.items()},
                         {(HORIZON, 'default'): (2, 4), (DELTA, ''): (0, 4)})
        streams = [self.consumer(name, number) for name, number in (('', 0), ('portaal', 0), ('archief', 5))]
        self.tell(1)
        self.assertEqual([self.take(stream, 5 - first) for stream, first in zip(streams, (2, 2, 4))], [[3, 4, 5], [3, 4, 5], [5]])
        for stream in streams[1:]:
            self.assertOk(stream.acknowledge(5))
        self.assertEqual(self.lag().acknowledged, 2)
        self.registry.restart()
        self.shared.clear()
        self.assertEqual([self.position(name).next for name in ('default', 'portaal', 'archief')], [3, 6, 6])
        last = self.consumer('')
        self.assertEqual(self.take(last, 3), [3, 4, 5])
        self.assertOk(last.acknowledge(5))
        self.assertEqual(self.lag().acknowledged, 5)
        self.assertEqual(self.take(self.consumer('', party=DELTA), 4), [1, 2, 3, 4])


class ManyNames(ConsumersTest):
    COUNT, PIECE = 10_000, 500

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.registry.lift_limits()
        self.registry.start()
        self.shared = {}

    def memory(self):
        """KiB that the daemon has of its own."""
        status = pathlib.Path(f'/proc/{self.registry.process.pid}/status').read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith('RssAnon'))

    def ask_all(self, stream, names):
        keys = []
        for name in names:
            request = wire.Request()
            request.subscribe.consumer, request.subscribe.credit = name, 1
            keys.append(stream.send(request))
        return [stream.reply_to(key) for key in keys]

    def test_ten_thousand_names_of_a_party_are_sixteen_consumers(self):
        names = iter(f'systeem-{number}' for number in range(self.COUNT))
        for _ in range(16):
            self.consumer(next(names))
        stream, memory, refused = self.registry.client(HORIZON, 'events'), [], 0
        while piece := list(itertools.islice(names, self.PIECE)):
            for reply in self.ask_all(stream, piece):
                self.assertInvalid(reply, 'subscribe.consumer')
                refused += 1
            memory.append(self.memory())
        self.assertIn('16', reply.message)
        self.assertEqual(refused, self.COUNT - 16)
        self.assertLess(memory[-1] - memory[1], 2048, memory)
        self.assertEqual(len(self.states(party=HORIZON)), 16)
        lines = self.client('operator').ask('audit_list', last=100).audit_list.entries
        self.assertEqual({(one.party, one.action, one.result) for one in lines if one.party != 'operator'},
                         {(HORIZON, 'subscribe', 'invalid')}, 'that they were refused, and no more')
        self.consumer('systeem-3')


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Days(ConsumersTest):
    """Events that waited longer than events/keep-days."""

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.offset = self.registry.write('offset', '+0h')
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('    overdue = "24"', '    keep-days = "2"\n    overdue = "24"'))
        self.registry.start({'LD_PRELOAD': str(LIBRARY), 'FAKETIME_TIMESTAMP_FILE': str(self.offset), 'FAKETIME_NO_CACHE': '1',
                             'FAKETIME_DONT_FAKE_MONOTONIC': '1'})
        self.shared = {}

    def move(self, hours):
        """The daemon goes on, so many hours after it began; an operator confirms that it is so late."""
        following = self.offset.with_name('offset-next')
        following.write_text(f'{hours:+}h')
        following.replace(self.offset)
        self.client('kernteam').whoami()
        self.client('operator').ask('clock_confirm', user='beheer-1')

    def test_what_waited_too_long_is_dropped_with_a_word_and_what_is_younger_stays(self):
        slow, away, good = self.consumer('traag', credit=1), self.consumer('weg'), self.consumer('goed')
        self.tell(3)
        self.assertEqual((self.take(slow, 1), self.take(away, 3), self.take(good, 3)), ([1], [1, 2, 3], [1, 2, 3]))
        self.assertOk(away.acknowledge(1))
        self.assertOk(good.acknowledge(3))
        self.registry.close(away)
        self.move(30)
        self.tell(2)
        self.move(50)
        gap = slow.next_event()
        self.assertEqual((gap.event.kind, gap.event.first_dropped, gap.event.number), (events_pb2.EVENTS_DROPPED, 2, 3))
        alarms = self.client('operator').status().status_report.alarms
        self.assertEqual({one.consumer for one in alarms if (one.kind, one.party) == ('events-dropped', HORIZON)}, {'traag', 'weg'})
        self.assertOk(slow.acknowledge(3, credit=8))
        self.assertEqual(self.take(slow, 2), [4, 5])
        refused = self.registry.client(HORIZON, 'events').subscribe(2, consumer='weg')
        self.assertInvalid(refused, 'subscribe.from')
        self.assertEqual((refused.subscribe.next, refused.subscribe.first_dropped, refused.subscribe.last_dropped), (4, 2, 3))
        back = self.position('weg')
        self.assertEqual((back.next, back.first_dropped, back.last_dropped), (4, 2, 3))
        self.assertEqual(self.take(good, 2), [4, 5])
        self.assertEqual(self.lag().acknowledged, 3)


if __name__ == '__main__':
    unittest.main()
