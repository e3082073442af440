"""Consumers: the systems of a party, each with a position of its own (V7)."""
import os
import unittest

import envelope_pb2 as wire
import events_pb2

from consuming import HORIZON, ConsumersTest
from harness import tool, watch

USAGE, NO_SUCH, WATCH_GAP = 64, 66, 76  # exit codes


class Consumers(ConsumersTest):
    def test_each_consumer_hears_all_and_has_a_position_of_its_own(self):
        portal, office = self.consumer('portaal'), self.consumer('backoffice')
        self.tell(3)
        self.assertEqual(self.take(portal, 3), [1, 2, 3])
        self.assertEqual(self.take(office, 3), [1, 2, 3])
        self.assertEqual(portal.acknowledge(3).acknowledge.acknowledged, 3)
        self.assertEqual(office.acknowledge(1).acknowledge.acknowledged, 1)
        self.registry.restart()
        self.shared.clear()
        self.assertEqual((self.position('portaal').next, self.position('backoffice').next), (4, 2))

    def test_an_event_is_kept_until_the_last_consumer_has_acknowledged_it(self):
        fast, slow = self.consumer('snel'), self.consumer('traag')
        self.tell(3)
        self.take(fast, 3)
        self.take(slow, 3)
        self.assertOk(fast.acknowledge(3))
        self.assertEqual((self.lag().newest, self.lag().acknowledged), (3, 0))
        self.assertEqual(self.take(self.consumer('nieuw'), 3), [1, 2, 3])
        self.assertOk(slow.acknowledge(2))
        self.assertEqual(self.lag().acknowledged, 0)  # one that is new has not heard them yet

    def test_who_names_no_consumer_is_the_one_named_default(self):
        self.tell(1)
        nameless = self.consumer('')
        self.take(nameless, 1)
        self.assertOk(nameless.acknowledge(1))
        self.assertEqual(self.position('default').acknowledged, 1)
        self.assertEqual(nameless.next_event().event.kind, events_pb2.ENDED)

    def test_a_second_connection_as_the_same_consumer_ends_the_first_and_no_other(self):
        other, old = self.consumer('portaal'), self.consumer('backoffice')
        new = self.consumer('backoffice')
        ended = old.next_event()
        self.assertEqual(ended.event.kind, events_pb2.ENDED)
        self.assertIn('consumer', ended.message)
        self.tell(1)
        self.assertEqual((self.take(new, 1), self.take(other, 1)), ([1], [1]))
        self.assertSilent(old)

    def test_a_connection_is_one_consumer(self):
        stream = self.consumer('portaal')
        self.assertInvalid(stream.subscribe(consumer='backoffice'), 'subscribe.consumer')
        self.assertOk(stream.subscribe(consumer='portaal'))
        self.tell(1)
        self.assertEqual(self.take(stream, 1), [1])

    def test_whoever_did_not_subscribe_acknowledges_nothing(self):
        self.tell(2)
        stream = self.consumer('portaal')
        self.take(stream, 2)
        stranger = self.registry.client(HORIZON, 'events')
        reply = stranger.acknowledge(1)
        self.assertInvalid(reply, 'acknowledge')
        self.assertEqual(reply.message, 'subscribe first, on this connection')
        self.assertEqual(self.position('portaal').acknowledged, 0)

    def test_what_was_not_sent_is_not_acknowledged_and_nothing_moves(self):
        self.tell(3)
        stream = self.consumer('portaal', credit=2)
        self.assertEqual(self.take(stream, 2), [1, 2])
        for number in (3, 4, 2**32, 2**64 - 1):
            self.assertInvalid(stream.acknowledge(number), 'acknowledge.number')
        self.assertOk(stream.acknowledge(2, credit=1))
        self.assertEqual(self.take(stream, 1), [3])
        self.assertEqual(self.position('portaal').acknowledged, 2)

    def test_credit_has_a_limit(self):
        stream = self.registry.client(HORIZON, 'events')
        for credit in (0, 1025, 2**32 - 1):
            self.assertInvalid(stream.subscribe(credit=credit), 'subscribe.credit')
        self.assertOk(stream.subscribe(credit=1024))
        for credit in (1025, 2**32 - 1):
            self.assertInvalid(stream.acknowledge(0, credit=credit), 'acknowledge.credit')
        for credit in (2**32, 2**32 + 5, 2**64 - 1):
            for body in ('subscribe', 'acknowledge'):
                self.assertInvalid(self.with_credit(stream, body, credit), f'{body}.credit')

    @staticmethod
    def with_credit(stream, body, credit):
        """A request with a credit that is larger than the field: no library of protobuf would write it."""
        request = wire.Request(version=1, idempotency_key=os.urandom(16))
        field = bytes([2 << 3]) + b''.join(bytes([credit >> shift & 127 | (128 if credit >> shift > 127 else 0)])
                                           for shift in range(0, credit.bit_length(), 7))
        number = wire.Request.DESCRIPTOR.fields_by_name[body].number
        stream.send_frames(request.SerializeToString() + bytes([number << 3 & 127 | 2 | 128, number >> 4, len(field)]) + field)
        return stream.reply_to(request.idempotency_key)

    def test_a_name_is_short_and_of_simple_letters(self):
        stream = self.registry.client(HORIZON, 'events')
        for name in ('x' * 10000, 'x' * 33, '../portaal', 'a/b', 'Portaal', 'a b', '-a', 'a.b', 'a_b', 'é', 'a\n', 'a\0b',
                     '999900006'):
            with self.subTest(name=name[:20]):
                self.assertInvalid(stream.subscribe(consumer=name), 'subscribe.consumer')
        self.assertOk(stream.subscribe(consumer='x' * 32))

    def test_a_party_has_sixteen_consumers_and_no_more(self):
        for count in range(16):
            self.consumer(f'systeem-{count}')
        refused = self.registry.client(HORIZON, 'events')
        for name in ('zeventiende', 'default'):
            reply = refused.subscribe(consumer=name)
            self.assertInvalid(reply, 'subscribe.consumer')
            self.assertIn('16', reply.message)
        self.consumer('systeem-3')
        self.consumer('zeventiende', party='zorgaanbieder-delta')

    def assertRefused(self, reply, following, first_dropped, last_dropped):
        """It cannot begin there; and where it could, and whether it missed something, as numbers."""
        self.assertInvalid(reply, 'subscribe.from')
        self.assertEqual(reply.WhichOneof('body'), 'subscribe' if following else None)
        self.assertEqual((reply.subscribe.next, reply.subscribe.first_dropped, reply.subscribe.last_dropped),
                         (following, first_dropped, last_dropped))

    def test_a_new_consumer_begins_where_it_says_or_at_the_oldest_that_is_kept(self):
        self.tell(3)
        first = self.consumer('eerste')
        self.take(first, 3)
        self.assertOk(first.acknowledge(2))
        self.assertEqual(self.take(self.consumer('oudste'), 1), [3])
        self.assertEqual(self.position('oudste').acknowledged, 2)
        self.consumer('nieuwste', number=4)
        self.assertEqual(self.position('nieuwste').acknowledged, 3)
        refused = self.registry.client(HORIZON, 'events')
        self.assertRefused(refused.subscribe(2, consumer='te-vroeg'), 3, 1, 2)
        self.assertRefused(refused.subscribe(5, consumer='te-laat'), 0, 0, 0)
        self.assertRefused(self.registry.client(HORIZON, 'events').subscribe(2, consumer='eerste'), 3, 0, 0)

    def test_consumers_of_another_party_of_the_same_name_have_nothing_to_do_with_it(self):
        mine, theirs = self.consumer('portaal'), self.consumer('portaal', party='zorgaanbieder-delta')
        self.tell(1, recipients=[HORIZON, 'zorgaanbieder-delta'])
        self.assertEqual((self.take(mine, 1), self.take(theirs, 1)), ([1], [1]))
        self.assertOk(theirs.acknowledge(1))
        self.assertEqual(self.position('portaal').acknowledged, 0)

    def watch(self, *arguments):
        return watch('--key', self.registry.key_file(HORIZON), *arguments)

    def test_consent_watch_listens_as_the_consumer_that_it_is_told(self):
        names = ('portaal', 'backoffice')
        for name in names:
            self.consumer(name)
        self.tell(2)
        for name in names:
            heard = self.watch('--consumer', name, '--count', '2')
            self.assertEqual((heard.returncode, heard.stdout.count('\n')), (0, 2), heard.stderr)
        self.assertEqual((self.position('portaal').acknowledged, self.position('backoffice').acknowledged), (2, 2))
        wrong = self.watch('--consumer', '../x', '--once')
        self.assertEqual(wrong.returncode, 78)
        self.assertIn('name of a consumer', wrong.stderr)

    def test_the_position_of_another_passes_over_nothing(self):
        for party, name in ((HORIZON, 'backoffice'), (HORIZON, ''), ('zorgaanbieder-delta', '')):
            self.consumer(name, party=party)
        self.tell(3, recipients=[HORIZON, 'zorgaanbieder-delta'])
        position = self.registry.directory / 'position'
        self.assertEqual(self.watch('--consumer', 'portaal', '--position', position, '--count', '3').returncode, 0)
        delta = ('--key', self.registry.key_file('zorgaanbieder-delta'))
        for others in (('--consumer', 'backoffice'), (), delta):
            with self.subTest(others):
                refused = self.watch(*others, '--position', position, '--count', '1')
                self.assertEqual((refused.returncode, refused.stdout), (78, ''))
                self.assertIn(f'the position of {HORIZON} as portaal', refused.stderr)
        self.assertEqual(self.position('backoffice').next, 1)
        self.assertEqual(self.watch('--consumer', 'backoffice', '--position', position, '--from', '1', '--count', '3').returncode, 0)
        self.assertEqual(self.watch('--consumer', 'portaal', '--position', position, '--count', '1').returncode, 78)

    # --- Operators

    def ctl(self, *arguments):
        return tool('ctl/consentctl', *arguments, '--key', self.registry.key_file('operator'))

    def forget(self, party, consumer):
        return self.ctl('events', 'forget', party, consumer, '--reason-file', self.registry.write('reden', 'vervangen\n'))

    def test_an_operator_sees_how_far_each_consumer_is(self):
        portal = self.consumer('portaal')
        self.consumer('backoffice')
        self.tell(3)
        self.take(portal, 3)
        self.assertOk(portal.acknowledge(2))
        states = self.states(party=HORIZON)
        self.assertEqual({name: (one.newest, one.acknowledged, one.listening) for (_, name), one in states.items()},
                         {'portaal': (3, 2, True), 'backoffice': (3, 0, True)})
        self.assertLess(states[HORIZON, 'backoffice'].oldest_waiting, states[HORIZON, 'portaal'].oldest_waiting)
        self.assertEqual(self.states()['kernteam', ''].newest, 3)
        self.assertOk(portal.acknowledge(3))
        self.assertNotIn((HORIZON, 'portaal'), self.states(waiting_only=True))
        shown = self.ctl('events', 'consumers', HORIZON)
        self.assertRegex(shown.stdout, rf'{HORIZON} +backoffice +3 +0 +3 .* listening')
        self.assertEqual(self.ctl('events', 'consumers', 'niemand').returncode, NO_SUCH)

    def test_the_pages_of_all_consumers_have_each_once(self):
        for name in 'abcde':
            self.consumer(name)
        whole, found, request = list(self.states()), [], {'limit': 2}
        while True:
            reply = self.client('operator').ask('events_consumers', **request)
            self.assertOk(reply)
            found += [(one.party, one.consumer) for one in reply.events_consumers.consumers]
            if not reply.events_consumers.more:
                break
            request['after'] = reply.events_consumers.next
        self.assertEqual(found, whole)
        for cursor in (b'x', b'\0', b'x\0y', b'x' * 70 + b'\0y\0'):
            self.assertInvalid(self.client('operator').ask('events_consumers', after=cursor), 'events_consumers.after')

    def test_a_consumer_that_is_gone_is_forgotten_with_a_reason_and_nothing_is_kept_for_it(self):
        live, gone = self.consumer('nieuw'), self.consumer('oud')
        self.tell(2)
        self.take(live, 2)
        self.assertOk(live.acknowledge(2))
        self.assertEqual(self.lag().acknowledged, 0)
        self.assertEqual(self.ctl('events', 'forget', HORIZON, 'oud').returncode, USAGE)
        self.assertEqual(self.forget(HORIZON, 'nooit').returncode, NO_SUCH)
        self.assertEqual(self.forget('niemand', 'oud').returncode, NO_SUCH)
        done = self.forget(HORIZON, 'oud')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn('forgotten', done.stdout)
        self.take(gone, 2)
        ended = gone.next_event()
        self.assertEqual((ended.event.kind, ended.message), (events_pb2.ENDED, 'an operator forgot this consumer'))
        self.assertInvalid(gone.acknowledge(1), 'acknowledge')
        self.assertEqual(self.lag().acknowledged, 2)
        self.assertIn(('events-forget', 'ok'), [(entry.action, entry.result) for entry in self.client('operator').audit()])
        self.assertEqual(self.position('oud').next, 3)  # as one that is new

    def test_one_that_was_forgotten_and_returns_begins_with_the_oldest_that_is_kept(self):
        portal, office = self.consumer('portaal'), self.consumer('backoffice')
        self.tell(3)
        self.take(portal, 3)
        self.take(office, 3)
        self.assertOk(portal.acknowledge(3))
        self.assertOk(office.acknowledge(1))
        self.assertEqual(self.forget(HORIZON, 'portaal').returncode, 0)
        anew = self.registry.client(HORIZON, 'events')
        said = anew.subscribe(consumer='portaal').subscribe  # it may be another machine, which heard nothing
        self.assertEqual((said.next, said.acknowledged), (2, 1))
        self.assertEqual(self.take(anew, 2), [2, 3])

    # --- Limits

    def test_beyond_the_limit_the_oldest_are_dropped_and_everybody_is_told(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('    overdue = "24"', '    keep = "1000"\n    overdue = "24"'))
        self.registry.reload()
        slow = self.consumer('traag', credit=1)
        for index in range(1010):
            bsn = self.person() if index % 50 == 0 else bsn
            self.granted(bsn)
        kinds = lambda: [(one.kind, one.consumer) for one in self.client('operator').status().status_report.alarms]
        self.registry.wait_for(lambda: ('events-dropped', 'traag') in kinds(), 'word of it', 30)
        self.assertIn(('events-waiting', 'traag'), kinds())
        waiting = self.client('operator').status().status_report.events_waiting
        self.assertIn((HORIZON, 'traag', 1000), [(one.party, one.consumer, one.waiting) for one in waiting])
        self.assertEqual(self.take(slow, 1), [1])
        gap = slow.next_event()
        self.assertEqual((gap.event.kind, gap.event.first_dropped, gap.event.number), (events_pb2.EVENTS_DROPPED, 2, 10))
        again = self.position('traag')
        self.assertEqual((again.next, again.first_dropped, again.last_dropped), (11, 1, 10))
        heard = watch('--key', self.registry.key_file(HORIZON), '--consumer', 'traag', '--once')
        self.assertEqual(heard.returncode, WATCH_GAP, heard.stderr)
        self.assertIn('dropped events 1 to 10', heard.stderr)
        heard = watch('--key', self.registry.key_file(HORIZON), '--consumer', 'traag', '--from', '11', '--once')
        self.assertEqual((heard.returncode, heard.stdout.count('\n')), (0, 1), heard.stderr)
        self.assertEqual(self.position('traag').last_dropped, 0)


if __name__ == '__main__':
    unittest.main()
