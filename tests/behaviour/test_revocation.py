"""Withdrawal (V1 to V4) and the latest statement that wins (G10)."""
import unittest

import consent_pb2
import events_pb2

from client import DAY, grant_request, now, refuse_request
from harness import RegistryTest

TWO = dict(recipients=['zorgaanbieder-horizon', 'zorgaanbieder-delta'], categories=['naw', 'budget'])
DELTA = dict(recipient='zorgaanbieder-delta')


class Revocation(RegistryTest):
    def state(self, consent):
        return consent_pb2.Consent.State.Name(self.client('kernteam').consent_show(consent).consent_show.consent.state)

    # V1
    def test_a_party_named_in_the_consent_and_an_operator_may_pass_it_on(self):
        for party in ('kernteam', 'wmo-team', 'zorgaanbieder-horizon', 'operator'):
            with self.subTest(party):
                bsn = self.person()
                consent = self.granted(bsn)
                self.assertOk(self.client(party).revoke(consent))
                self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def test_a_party_that_is_not_named_may_not_and_does_not_learn_that_it_exists(self):
        bsn = self.person()
        consent = self.granted(bsn)
        of_this = self.client('zorgaanbieder-delta').revoke(consent)
        of_none = self.client('zorgaanbieder-delta').revoke(b'\x03' * 16)
        self.assertNotEqual(self.client('kernteam').status_name(of_this), 'OK')
        self.assertEqual((of_this.status, of_this.message), (of_none.status, of_none.message))
        self.assertPermit(self.client('kernteam').check(bsn))

    # V2
    def test_a_part_is_withdrawn_and_the_rest_stays_in_force(self):
        bsn = self.person()
        consent = self.granted(bsn, **TWO)
        self.assertOk(self.client('kernteam').revoke(consent, recipients=['zorgaanbieder-delta'],
                                                     categories=['budget']))
        self.assertPermit(self.client('kernteam').check(bsn, ['naw', 'budget']))
        self.assertPermit(self.client('kernteam').check(bsn, ['naw'], **DELTA))
        self.assertDenied(self.client('kernteam').check(bsn, ['budget'], **DELTA), 'REVOKED')
        self.assertEqual(self.state(consent), 'GRANTED')
        shown = self.client('kernteam').consent_show(consent).consent_show.consent
        self.assertEqual(len(shown.withdrawals), 1)
        self.assertEqual(list(shown.withdrawals[0].categories), ['budget'])
        self.assertEqual(shown.withdrawals[0].withdrawn_by, 'subject')
        self.assertEqual(shown.withdrawals[0].recorded_by, 'kernteam')

    def test_parts_that_are_withdrawn_one_by_one_make_a_whole(self):
        consent = self.granted(self.person(), categories=['naw', 'budget'])
        self.assertOk(self.client('kernteam').revoke(consent, categories=['naw']))
        self.assertEqual(self.state(consent), 'GRANTED')
        self.assertOk(self.client('kernteam').revoke(consent, categories=['budget']))
        self.assertEqual(self.state(consent), 'REVOKED')

    def test_a_part_that_the_consent_does_not_name_is_not_withdrawn_silently(self):
        bsn = self.person()
        consent = self.granted(bsn)
        reply = self.client('kernteam').revoke(consent, categories=['budget'])
        self.assertNotEqual((self.client('kernteam').status_name(reply), reply.revoke.already), ('OK', False))
        self.assertPermit(self.client('kernteam').check(bsn))

    def test_consents_that_still_cover_what_was_withdrawn_are_listed(self):
        bsn = self.person()
        first = self.granted(bsn, categories=['naw', 'budget'])
        second = self.granted(bsn, categories=['naw', 'email'])
        reply = self.client('kernteam').revoke(first)
        self.assertOk(reply)
        self.assertEqual(list(reply.revoke.still_covered_by), [second])
        self.assertPermit(self.client('kernteam').check(bsn))
        reply = self.client('kernteam').revoke(second)
        self.assertEqual(list(reply.revoke.still_covered_by), [])
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    # V3
    def test_withdrawing_twice_is_no_error_and_makes_no_second_event(self):
        stream = self.listen('zorgaanbieder-horizon')
        consent = self.granted(self.person())
        self.assertFalse(self.client('kernteam').revoke(consent).revoke.already)
        again = self.client('kernteam').revoke(consent)
        self.assertOk(again)
        self.assertTrue(again.revoke.already)
        self.assertEqual(list(again.revoke.informed), [])
        marker = self.granted(self.person())
        self.assertOk(self.client('kernteam').revoke(marker))
        first, second = [stream.next_event().event for _ in range(2)]
        self.assertEqual((first.consent_id, second.consent_id), (consent, marker))
        self.assertEqual(second.number, first.number + 2)  # between them: that the marker was granted

    def test_what_the_subject_says_of_the_day_is_kept_but_does_not_count_back(self):
        bsn = self.person()
        consent = self.granted(bsn)
        disclosed = self.client('kernteam').disclose(bsn)
        self.assertPermit(disclosed)
        request_time = now() - 2 * DAY
        reply = self.client('kernteam').ask('revoke', consent_id=consent, withdrawn_by='subject',
                                            withdrawn_at=request_time, user='medewerker-17')
        self.assertOk(reply)
        withdrawal = self.client('kernteam').consent_show(consent).consent_show.consent.withdrawals[0]
        self.assertEqual(withdrawal.withdrawn_at, request_time)
        self.assertGreater(withdrawal.recorded_at, disclosed.check.evaluated_at - 1)

    # V4
    def test_a_party_that_received_data_hears_of_it_and_one_beside_it_does_not(self):
        streams = {party: self.listen(party) for party in ('zorgaanbieder-horizon', 'zorgaanbieder-delta')}
        bsn = self.person()
        consent = self.granted(bsn, **TWO)
        reply = self.client('kernteam').revoke(consent, recipients=['zorgaanbieder-delta'])
        self.assertEqual(sorted(reply.revoke.informed), ['kernteam', 'zorgaanbieder-delta'])
        event = streams['zorgaanbieder-delta'].next_event().event
        self.assertEqual(event.consent_id, consent)
        self.assertEqual(list(event.recipients), ['zorgaanbieder-delta'])
        self.assertTrue(event.whole)
        self.assertOk(self.client('kernteam').revoke(consent))
        event = streams['zorgaanbieder-horizon'].next_event().event
        self.assertEqual(event.kind, events_pb2.CONSENT_REVOKED)
        self.assertEqual(list(event.recipients), ['zorgaanbieder-horizon'])  # V6: no word of the other


class LatestStatementWins(RegistryTest):
    # G10
    def refused(self, bsn, **scope):
        reply = self.client('kernteam').call(refuse_request(bsn, **scope))
        self.assertOk(reply)
        return reply.consent_recorded.consent_id

    def test_a_refusal_shuts_out_every_older_consent_and_a_later_consent_reinstates(self):
        bsn = self.person()
        self.granted(bsn)
        self.granted(bsn, categories=['naw', 'budget'])
        self.assertPermit(self.client('kernteam').check(bsn))
        self.refused(bsn)
        self.assertDenied(self.client('kernteam').check(bsn), 'REFUSED')
        self.assertPermit(self.client('kernteam').check(bsn, ['budget']))  # the refusal does not cover this
        consent = self.granted(bsn)
        reply = self.client('kernteam').check(bsn)
        self.assertPermit(reply)
        self.assertEqual(reply.check.items[0].consent_id, consent)

    def test_a_refusal_counts_per_item(self):
        bsn = self.person()
        self.granted(bsn, **TWO)
        self.refused(bsn, recipients=['zorgaanbieder-delta'], categories=['budget'])
        self.assertPermit(self.client('kernteam').check(bsn, ['naw', 'budget']))
        self.assertPermit(self.client('kernteam').check(bsn, ['naw'], **DELTA))
        self.assertDenied(self.client('kernteam').check(bsn, ['budget'], **DELTA), 'REFUSED')

    def test_a_refusal_bound_to_a_case_covers_a_request_that_names_none(self):
        bsn = self.person()
        self.granted(bsn)
        self.refused(bsn, case_ref='zaak-1')
        self.assertDenied(self.client('kernteam').check(bsn, case_ref='zaak-1'), 'REFUSED')
        self.assertDenied(self.client('kernteam').check(bsn), 'REFUSED')
        self.assertPermit(self.client('kernteam').check(bsn, case_ref='zaak-2'))

    def test_a_refusal_that_names_origins_covers_those_and_unknown_ones(self):
        bsn = self.person()
        self.granted(bsn)
        self.refused(bsn, origins=['jeugdwet'])
        self.assertDenied(self.client('kernteam').check(bsn, origin='jeugdwet'), 'REFUSED')
        self.assertDenied(self.client('kernteam').check(bsn, origin=''), 'REFUSED')
        self.assertPermit(self.client('kernteam').check(bsn, origin='wmo'))

    def test_a_refusal_covers_a_compatible_purpose(self):
        exchange = dict(providers=['wmo-team'], recipients=['kernteam'])
        asked = dict(provider='wmo-team', recipient='kernteam', purpose='integraal-plan')
        bsn = self.person()
        self.granted(bsn, purpose='integraal-plan', **exchange)
        self.assertPermit(self.client('kernteam').check(bsn, **asked))
        self.refused(bsn, purpose='ondersteuning', **exchange)
        self.assertDenied(self.client('kernteam').check(bsn, **asked), 'REFUSED')

    def test_a_consent_supersedes_an_older_one_whose_whole_scope_it_covers(self):
        bsn = self.person()
        narrow = self.granted(bsn, categories=['naw'])
        request = grant_request(bsn, categories=['naw', 'budget'])
        reply = self.client('kernteam').call(request)
        self.assertOk(reply)
        self.assertEqual(list(reply.consent_recorded.superseded), [narrow])
        shown = self.client('kernteam').consent_show(narrow).consent_show.consent
        self.assertEqual(shown.state, consent_pb2.Consent.SUPERSEDED)
        # For good: the older one does not come back when the newer one is withdrawn.
        self.assertOk(self.client('kernteam').revoke(reply.consent_recorded.consent_id))
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def test_a_consent_does_not_supersede_what_it_covers_only_in_part(self):
        bsn = self.person()
        self.granted(bsn, categories=['naw', 'budget'])
        reply = self.client('kernteam').grant(bsn, categories=['naw', 'email'])
        self.assertEqual(list(reply.consent_recorded.superseded), [])
        self.assertPermit(self.client('kernteam').check(bsn, ['budget']))

    def test_a_one_time_consent_supersedes_no_reusable_one(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertEqual(len(self.client('kernteam').grant(bsn, one_time=True).consent_recorded.superseded), 0)
        self.assertPermit(self.client('kernteam').disclose(bsn))
        self.assertPermit(self.client('kernteam').disclose(bsn))

    def test_a_consent_supersedes_from_its_first_moment_on(self):
        bsn = self.person()
        older = self.granted(bsn)
        later = self.granted(bsn, valid_from=now() + 5 * DAY, categories=['naw', 'budget'])
        reply = self.client('kernteam').check(bsn)
        self.assertPermit(reply)
        self.assertEqual(reply.check.items[0].consent_id, older)
        self.assertOk(self.client('kernteam').revoke(later))  # wholly, before it began: it supersedes nothing
        self.assertEqual(self.client('kernteam').check(bsn).check.items[0].consent_id, older)


if __name__ == '__main__':
    unittest.main()
