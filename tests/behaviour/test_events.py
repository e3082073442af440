"""The bus: numbered without gaps, kept until acknowledged, replayed from any number, to whom it concerns (V4 to V8)."""
import time
import unittest

import events_pb2

from harness import OwnInstanceTest, tool
from old_store import OldStore
from partner import NoAnswer

HORIZON = 'zorgaanbieder-horizon'
USAGE, NOT_ADMITTED, NO_SUCH = 64, 65, 66  # exit codes of consentctl


class Events(OwnInstanceTest):
    def tell(self, count, **scope):
        """Grants so many consents, each an event for every party that it names; returns their ids in order."""
        return [self.granted(self.person(), **scope) for _ in range(count)]

    def stream(self, party=HORIZON):
        return self.registry.client(party, 'events')

    def take(self, stream, count):
        return [stream.next_event(every=True).event for _ in range(count)]

    def assertSilent(self, stream, seconds=0.5):
        with self.assertRaises(NoAnswer):
            push = stream.next_event(seconds, every=True)
            self.fail(f'heard {push}')

    def test_what_happened_before_the_subscription_is_heard_in_order_without_gaps(self):
        consents = self.tell(5)
        stream = self.stream()
        reply = stream.subscribe()
        self.assertOk(reply)
        self.assertEqual((reply.subscribe.next, reply.subscribe.newest, reply.subscribe.acknowledged), (1, 5, 0))
        events = self.take(stream, 5)
        self.assertEqual([event.number for event in events], [1, 2, 3, 4, 5])
        self.assertEqual([event.consent_id for event in events], consents)

    def test_no_more_is_pushed_than_the_credit(self):
        self.tell(4)
        stream = self.stream()
        self.assertOk(stream.subscribe(credit=2))
        self.assertEqual([event.number for event in self.take(stream, 2)], [1, 2])
        self.assertSilent(stream)
        reply = stream.acknowledge(1, credit=1)
        self.assertOk(reply)
        self.assertEqual(reply.acknowledge.acknowledged, 1)
        self.assertEqual([event.number for event in self.take(stream, 1)], [3])
        self.assertSilent(stream)

    def test_credit_can_be_given_before_anything_is_acknowledged(self):
        self.tell(4)
        stream = self.stream()
        self.assertOk(stream.subscribe(credit=1))
        self.assertEqual([event.number for event in self.take(stream, 1)], [1])
        self.assertEqual(stream.acknowledge(0, credit=2).acknowledge.acknowledged, 0)
        self.assertEqual([event.number for event in self.take(stream, 2)], [2, 3])
        again = self.stream()
        self.assertEqual(again.subscribe(credit=1).subscribe.next, 1)  # they are kept

    def test_a_new_subscription_goes_on_after_the_last_acknowledged_event(self):
        self.tell(4)
        stream = self.stream()
        self.assertOk(stream.subscribe())
        self.take(stream, 4)
        self.assertOk(stream.acknowledge(2))
        again = self.stream()
        reply = again.subscribe()
        self.assertEqual((reply.subscribe.next, reply.subscribe.acknowledged), (3, 2))
        self.assertEqual([event.number for event in self.take(again, 2)], [3, 4])

    def test_events_are_replayed_from_a_number(self):
        self.tell(4)
        stream = self.stream()
        self.assertEqual(stream.subscribe(number=3).subscribe.next, 3)
        self.assertEqual([event.number for event in self.take(stream, 2)], [3, 4])

    def test_a_number_that_does_not_exist_yet_fails_closed(self):
        self.tell(2)
        self.assertInvalid(self.stream().subscribe(number=4), 'subscribe.from')
        self.assertOk(self.stream().subscribe(number=3))

    def test_an_acknowledgement_never_goes_back(self):
        self.tell(3)
        stream = self.stream()
        self.assertOk(stream.subscribe())
        self.take(stream, 3)
        self.assertOk(stream.acknowledge(3))
        self.assertEqual(stream.acknowledge(1).acknowledge.acknowledged, 3)

    def test_what_was_not_pushed_cannot_be_acknowledged(self):
        self.tell(1)
        stream = self.stream()
        self.assertOk(stream.subscribe())
        self.take(stream, 1)
        self.assertInvalid(stream.acknowledge(2), 'acknowledge.number')

    def test_a_new_subscription_ends_the_old_one_which_is_told_so(self):
        old, new = self.stream(), self.stream()
        self.assertOk(old.subscribe())
        self.assertOk(new.subscribe())
        ended = old.next_event()
        self.assertEqual(ended.event.kind, events_pb2.ENDED)
        self.assertTrue(ended.message)
        self.tell(1)
        self.assertEqual(new.next_event(every=True).event.number, 1)
        self.assertSilent(old)

    def test_a_heartbeat_tells_the_newest_number_and_needs_no_credit(self):
        self.tell(2)
        stream = self.stream()
        self.assertOk(stream.subscribe(credit=1))
        self.take(stream, 1)
        end = time.monotonic() + 60  # one comes every five seconds
        while True:
            push = stream.next_push(end - time.monotonic())
            if push.event.kind == events_pb2.HEARTBEAT:
                break
        self.assertEqual(push.event.number, 2)
        self.assertEqual(push.event.consent_id, b'')

    def test_a_party_hears_only_what_concerns_it(self):
        delta, horizon = self.stream('zorgaanbieder-delta'), self.stream()
        self.assertOk(delta.subscribe())
        self.assertOk(horizon.subscribe())
        consents = self.tell(2)
        self.assertEqual([event.consent_id for event in self.take(horizon, 2)], consents)
        self.assertSilent(delta)
        self.tell(1, recipients=['zorgaanbieder-delta'])
        self.assertEqual(delta.next_event(every=True).event.number, 1)  # numbered by party
        self.assertSilent(horizon)

    def test_parties_hold_different_pseudonyms_of_one_subject(self):
        horizon, delta = self.stream(), self.stream('zorgaanbieder-delta')
        self.assertOk(horizon.subscribe())
        self.assertOk(delta.subscribe())
        self.tell(1, recipients=[HORIZON, 'zorgaanbieder-delta'])
        self.assertNotEqual(horizon.next_event(every=True).event.subject_ref, delta.next_event(every=True).event.subject_ref)

    def test_an_operator_sees_who_has_not_acknowledged(self):
        self.tell(3)
        stream = self.stream()
        self.assertOk(stream.subscribe())
        self.take(stream, 3)
        self.assertOk(stream.acknowledge(2))
        lag = {one.party: one for one in self.client('operator').ask('events_lag').events_lag.parties}
        self.assertEqual((lag[HORIZON].newest, lag[HORIZON].acknowledged, lag[HORIZON].subscribed), (3, 2, True))
        self.assertGreater(lag[HORIZON].oldest_waiting, 0)
        self.assertEqual((lag['kernteam'].newest, lag['kernteam'].acknowledged, lag['kernteam'].subscribed),
                         (3, 0, False))

    def test_a_role_without_events_does_not_subscribe_and_nobody_does_on_the_requests_endpoint(self):
        toezicht = self.registry.client('toezicht', 'events')
        self.assertStatus(toezicht.subscribe(), 'FORBIDDEN')
        self.assertStatus(self.client('kernteam').subscribe(), 'FORBIDDEN')

    def test_a_subscriber_outlives_a_restart_of_the_daemon(self):
        stream = self.stream()
        self.assertOk(stream.subscribe())
        self.tell(2)
        self.take(stream, 2)
        self.assertOk(stream.acknowledge(1))
        self.registry.restart()
        again = self.stream()
        self.assertEqual(again.subscribe().subscribe.next, 2)
        self.shared.clear()
        self.tell(1)
        self.assertEqual([event.number for event in self.take(again, 2)], [2, 3])

    def ctl(self, *arguments):
        return tool('ctl/consentctl', *arguments, '--key', self.registry.key_file('operator'))

    def skip(self, party, number):
        reason = self.registry.write('reden', 'onleesbaar sinds de brand\n')
        return self.ctl('events', 'skip', party, number, '--reason-file', reason)

    def test_an_operator_passes_over_an_event_that_cannot_be_read_and_no_other(self):
        consents = self.tell(3)
        readable = self.skip(HORIZON, 2)
        self.assertEqual(readable.returncode, NOT_ADMITTED, readable.stderr)
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.damage_event(HORIZON, 2)
        self.registry.start()
        self.shared.clear()
        stream = self.stream()
        self.assertOk(stream.subscribe())
        self.registry.wait_for(lambda: f'event 2 of party {HORIZON} cannot be read' in self.registry.log(), 'word of it')

        without = self.ctl('events', 'skip', HORIZON, 2)
        self.assertEqual(without.returncode, USAGE, without.stderr)
        for number in ('2x', '-2', ''):
            self.assertEqual(self.skip(HORIZON, number).returncode, USAGE)
        self.assertEqual(self.skip('niemand', 2).returncode, NO_SUCH)
        self.assertEqual(self.skip('kernteam', 2).returncode, NOT_ADMITTED)
        done = self.skip(HORIZON, 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, rf'{HORIZON} +3 +0 +3 ')
        self.assertEqual(self.skip(HORIZON, 2).returncode, NOT_ADMITTED)  # it can be read now

        stream = self.stream()
        self.assertOk(stream.subscribe())
        events = self.take(stream, 3)
        self.assertEqual([event.number for event in events], [1, 2, 3])
        self.assertEqual([event.kind == events_pb2.EVENT_PASSED_OVER for event in events], [False, True, False])
        self.assertEqual([event.consent_id for event in events], [consents[0], b'', consents[2]])
        lines = [(entry.party, entry.action, entry.result) for entry in self.client('operator').audit()]
        self.assertIn(('operator', 'events-skip', 'ok'), lines)


if __name__ == '__main__':
    unittest.main()
