"""What a party sees of a consent that others share with it: its own items and their withdrawals (V2, C9)."""
import unittest

import consent_pb2

from client import check_request, revoke_request
from harness import RegistryTest

HORIZON, DELTA = 'zorgaanbieder-horizon', 'zorgaanbieder-delta'
BOTH = dict(recipients=[DELTA, HORIZON], categories=['budget', 'naw'])


class OwnPart(RegistryTest):
    def setUp(self):
        self.bsn = self.person()
        self.consent = self.granted(self.bsn, **BOTH)

    def shown(self, party):
        return self.client(party).consent_show(self.consent).consent_show.consent

    def state(self, party):
        return consent_pb2.Consent.State.Name(self.shown(party).state)

    def lose(self, recipient, *categories):
        self.assertOk(self.client('kernteam').revoke(self.consent, recipients=[recipient], categories=categories))

    def test_a_party_sees_of_a_consent_its_own_items_and_their_withdrawals(self):
        self.lose(HORIZON, 'budget')
        self.lose(DELTA, 'naw')
        seen, others = self.shown(DELTA), self.shown(HORIZON)
        self.assertEqual(list(seen.scope.recipients), [DELTA])
        self.assertEqual(list(seen.scope.providers), ['kernteam'])
        self.assertEqual(list(seen.scope.categories), ['budget', 'naw'])
        self.assertEqual([(list(one.recipients), list(one.categories)) for one in seen.withdrawals],
                         [([DELTA], ['naw'])])
        self.assertEqual([(list(one.recipients), list(one.categories)) for one in others.withdrawals],
                         [([HORIZON], ['budget'])])
        whole = self.shown('kernteam')
        self.assertEqual((list(whole.scope.recipients), len(whole.withdrawals)), ([DELTA, HORIZON], 2))

    def test_the_state_is_that_of_the_own_items(self):
        self.lose(DELTA)
        self.assertEqual([self.state(party) for party in (DELTA, HORIZON, 'kernteam')],
                         ['REVOKED', 'GRANTED', 'GRANTED'])
        self.lose(HORIZON)
        self.assertEqual([self.state(party) for party in (DELTA, HORIZON, 'kernteam')],
                         ['REVOKED', 'REVOKED', 'REVOKED'])

    def test_what_the_party_lost_before_it_was_superseded_is_withdrawn(self):
        self.lose(DELTA)
        self.granted(self.bsn, **BOTH)
        self.assertEqual([self.state(party) for party in (DELTA, HORIZON, 'kernteam')],
                         ['REVOKED', 'SUPERSEDED', 'SUPERSEDED'])

    def test_who_names_what_is_not_its_own_hears_the_same_whether_the_consent_has_it_or_not(self):
        heard = []
        for recipient in (HORIZON, 'cak'):
            reply = self.client(DELTA).revoke(self.consent, recipients=[recipient])
            self.assertInvalid(reply, 'revoke.recipients[0]')
            heard.append(reply.message)
        self.assertEqual(len(set(heard)), 1)
        self.assertEqual(self.state(HORIZON), 'GRANTED')
        self.assertOk(self.client(DELTA).revoke(self.consent, recipients=[DELTA], categories=['naw']))
        self.assertPermit(self.client('kernteam').check(self.bsn, ['budget'], recipient=DELTA))

    def test_the_whole_may_be_passed_on_and_the_reply_tells_of_no_other_party(self):
        reply = self.client(DELTA).revoke(self.consent)
        self.assertOk(reply)
        self.assertEqual(sorted(reply.revoke.informed), ['kernteam', DELTA])
        self.assertDenied(self.client('kernteam').check(self.bsn), 'REVOKED')

    def test_what_was_withdrawn_of_the_own_items_is_withdrawn_whatever_is_left_to_others(self):
        self.lose(DELTA)
        reply = self.client(DELTA).revoke(self.consent)
        self.assertOk(reply)
        self.assertEqual((reply.revoke.already, list(reply.revoke.informed)), (True, []))
        self.assertEqual(self.state(HORIZON), 'REVOKED')  # it was passed on all the same
        # Who recorded that withdrawal is a party that horizon knows nothing of.
        self.assertEqual([one.recorded_by for one in self.shown(HORIZON).withdrawals], [''])

    def test_consents_that_still_cover_it_are_told_of_the_own_items_with_case_and_origins(self):
        self.granted(self.bsn, recipients=[HORIZON], categories=['naw'])
        bound = self.granted(self.bsn, recipients=[DELTA], categories=['naw'], case_ref='zaak-9', origins=['wmo'])
        before = self.client(DELTA).revoke(self.consent, recipients=[DELTA], categories=['naw'])
        self.assertEqual([(one.consent_id, one.case_ref, list(one.origins)) for one in before.revoke.still_covering],
                         [(bound, 'zaak-9', ['wmo'])])
        self.assertEqual(list(before.revoke.still_covered_by), [bound])
        after = self.client('operator').revoke(self.consent)
        self.assertEqual(len(after.revoke.still_covering), 1)  # naw of horizon; naw of delta was withdrawn before

    def test_a_party_hears_of_no_consent_that_covers_what_others_lose(self):
        self.granted(self.bsn, recipients=[HORIZON], categories=['naw'])
        self.assertEqual(list(self.client(DELTA).revoke(self.consent).revoke.still_covering), [])

    def test_an_answer_given_again_tells_of_no_withdrawal_that_it_did_not_rest_on(self):
        request = check_request(self.bsn, ['naw'], recipient=DELTA, mode='DISCLOSE')
        self.assertPermit(self.client(DELTA).call(request))
        for lost, marked in (((HORIZON,), False), ((DELTA, 'budget'), False), ((DELTA, 'naw'), True)):
            self.lose(*lost)
            again = self.client(DELTA).call(request)
            self.assertTrue(again.replayed)
            self.assertEqual(again.revoked_since, marked, lost)



if __name__ == '__main__':
    unittest.main()
