"""What an event changes in what may flow, told with it; and what that rests on besides."""
import unittest

import envelope_pb2 as wire

from client import KIND, check_request
from harness import OwnInstanceTest, RegistryTest
from test_restriction import restriction_request

LONG = 2.0  # seconds, in a build with sanitizers
TO_HORIZON = ('kernteam', 'zorgaanbieder-horizon', 'toekenning')


class EffectsTest(RegistryTest):
    def follow(self, party, effects=True):
        """A subscription to what is yet to come, and its first heartbeat."""
        lag = {one.party: one.newest for one in self.client('operator').ask('events_lag').events_lag.parties}
        stream = self.registry.client(party, 'events')
        request = wire.Request()
        setattr(request.subscribe, 'from', lag.get(party, 0) + 1)
        request.subscribe.credit, request.subscribe.effects = 64, effects
        self.assertOk(stream.call(request))
        return stream

    @staticmethod
    def told(event):
        return {(one.provider, one.recipient, one.purpose, one.category, one.case_ref): one.permitted for one in event.effects}

    def next_of(self, stream, kind):
        while True:
            event = stream.next_event(every=True).event
            if event.kind == KIND(kind):
                return event


class Effects(EffectsTest):
    def test_a_grant_opens_and_a_withdrawal_of_a_part_closes_that_part(self):
        bsn = self.person()
        stream = self.follow('zorgaanbieder-horizon')
        consent = self.granted(bsn, categories=['naw', 'telefoon'])
        granted = self.next_of(stream, 'CONSENT_GRANTED')
        self.assertEqual(self.told(granted), {(*TO_HORIZON, 'naw', ''): True, (*TO_HORIZON, 'telefoon', ''): True})
        said = self.client('kernteam').call(check_request(bsn, ['naw'], origin=''))
        self.assertEqual({one.until for one in granted.effects}, {said.check.until})
        self.assertOk(self.client('kernteam').revoke(consent, categories=['telefoon']))
        self.assertEqual(self.told(self.next_of(stream, 'CONSENT_REVOKED')), {(*TO_HORIZON, 'telefoon', ''): False})
        self.assertOk(self.client('kernteam').call(restriction_request('restrict_data', bsn)))
        self.assertEqual(self.told(self.next_of(stream, 'DATA_RESTRICTED')), {(*TO_HORIZON, 'naw', ''): False})
        self.assertOk(self.client('kernteam').call(restriction_request('lift_restriction', bsn)))
        self.assertEqual(self.told(self.next_of(stream, 'RESTRICTION_LIFTED')), {(*TO_HORIZON, 'naw', ''): True})
        self.assertOk(self.client('kernteam').refuse(bsn))
        self.assertEqual(self.told(self.next_of(stream, 'CONSENT_REFUSED')), {(*TO_HORIZON, 'naw', ''): False})

    def test_a_one_time_consent_closes_when_it_is_used(self):
        bsn = self.person()
        stream = self.follow('zorgaanbieder-horizon')
        self.granted(bsn, one_time=True)
        self.assertEqual(set(self.told(self.next_of(stream, 'CONSENT_GRANTED')).values()), {True})
        self.assertPermit(self.client('kernteam').disclose(bsn))
        self.assertEqual(self.told(self.next_of(stream, 'CONSENT_USED')), {(*TO_HORIZON, 'naw', ''): False})

    def test_a_consent_that_ends_by_time_closes_with_its_event(self):
        bsn = self.person()
        stream = self.follow('zorgaanbieder-horizon')
        self.granted_for(1500, bsn)
        self.assertEqual(self.told(self.next_of(stream, 'CONSENT_GRANTED')), {(*TO_HORIZON, 'naw', ''): True})
        self.assertEqual(self.told(self.next_of(stream, 'CONSENT_EXPIRED')), {(*TO_HORIZON, 'naw', ''): False})

    def test_what_begins_later_is_told_with_its_beginning(self):
        bsn = self.person()
        stream = self.follow('zorgaanbieder-horizon')
        begins = self.client('kernteam').whoami().time + 86_400_000
        self.granted(bsn, valid_from=begins)
        effect, = self.next_of(stream, 'CONSENT_GRANTED').effects
        self.assertEqual((effect.permitted, getattr(effect, 'from')), (True, begins))

    def test_v6_each_party_is_told_of_its_own_flows_only(self):
        bsn = self.person()
        horizon, delta = self.follow('zorgaanbieder-horizon'), self.follow('zorgaanbieder-delta')
        self.granted(bsn, recipients=['zorgaanbieder-horizon', 'zorgaanbieder-delta'])
        for stream, party in ((horizon, 'zorgaanbieder-horizon'), (delta, 'zorgaanbieder-delta')):
            event = self.next_of(stream, 'CONSENT_GRANTED')
            self.assertEqual({one.recipient for one in event.effects}, {party})

    def test_who_did_not_ask_for_effects_is_told_none(self):
        bsn = self.person()
        stream = self.follow('zorgaanbieder-horizon', effects=False)
        self.granted(bsn)
        event = self.next_of(stream, 'CONSENT_GRANTED')
        self.assertEqual((list(event.effects), event.effects_left_out, event.basis, event.stopped), ([], False, 0, False))

    def test_many_cases_of_one_subject_cost_no_more_than_a_bound(self):
        bsn = self.person()
        categories = ['naw', 'telefoon', 'toewijzing', 'email', 'budget', 'bsn']
        for index in range(60):
            self.granted(bsn, categories=categories, case_ref=f'zaak-{index}')
        stream = self.follow('zorgaanbieder-horizon')
        before = self.registry.processor_time()
        self.granted(bsn, categories=categories, case_ref='zaak-60')
        event = self.next_of(stream, 'CONSENT_GRANTED')
        self.assertEqual((event.effects_left_out, list(event.effects)), (True, []))
        self.assertLess(self.registry.processor_time() - before, LONG, 'everybody else waits meanwhile')

    def test_who_may_not_check_may_not_have_effects(self):
        request = wire.Request()
        request.subscribe.credit, request.subscribe.effects = 1, True
        self.assertInvalid(self.registry.client('operator', 'events').call(request), 'subscribe.effects')


class Basis(OwnInstanceTest, EffectsTest):
    def heartbeat(self, stream, is_it, timeout=3):
        """The first heartbeat that is as wanted: long before the next regular one."""
        for _ in range(50):
            event = stream.next_push(timeout).event
            if event.kind == KIND('HEARTBEAT') and is_it(event):
                return event
        self.fail('no such heartbeat')

    def test_a_change_of_a_party_is_told_at_once_by_another_basis(self):
        stream = self.follow('zorgaanbieder-horizon')
        before = self.heartbeat(stream, lambda event: event.basis).basis
        self.assertOk(self.client('operator').party_remove('svb'))
        after = self.heartbeat(stream, lambda event: event.basis != before).basis
        self.registry.stop()
        self.registry.start()
        self.shared = {}
        again = self.heartbeat(self.follow('zorgaanbieder-horizon'), lambda event: event.basis).basis
        self.assertEqual(again, after, 'a restart changed neither parties nor pack')


if __name__ == '__main__':
    unittest.main()
