"""The spine: consent granted, disclosure checked, consent revoked, revocation heard."""
import unittest

import check_pb2
import consent_pb2
import events_pb2

from client import check_request
from harness import DAY, RegistryTest, now


class Story(RegistryTest):
    def test_a_consent_is_granted_used_revoked_and_its_revocation_heard(self):
        kernteam, horizon = self.client('kernteam'), self.client('zorgaanbieder-horizon')
        stream = self.listen('zorgaanbieder-horizon')
        bsn = self.person()
        self.assertDenied(kernteam.check(bsn), 'NO_CONSENT')
        self.assertRejected(kernteam.grant(bsn, categories=[]), 'BLANKET_CONSENT')

        consent = self.granted(bsn)
        permit = horizon.disclose(bsn)
        self.assertPermit(permit)

        before = now()
        revoked = kernteam.revoke(consent)
        self.assertOk(revoked)
        self.assertFalse(revoked.revoke.already)
        self.assertEqual(sorted(revoked.revoke.informed), ['kernteam', 'zorgaanbieder-horizon'])
        self.assertGreater(revoked.revision, permit.revision)

        push = stream.next_event()
        self.assertEqual(push.event.kind, events_pb2.CONSENT_REVOKED)
        self.assertEqual(push.event.consent_id, consent)
        self.assertEqual(push.event.subject_ref, permit.check.subject_ref)
        self.assertEqual(list(push.event.providers), ['kernteam'])
        self.assertEqual(list(push.event.recipients), ['zorgaanbieder-horizon'])
        self.assertEqual(list(push.event.categories), ['naw'])
        self.assertEqual(push.event.purpose, 'toekenning')
        self.assertTrue(push.event.whole)
        self.assertEqual(push.event.revision, revoked.revision)
        self.assertGreaterEqual(push.event.time, before)

        self.assertDenied(horizon.disclose(bsn), 'REVOKED')
        self.assertDenied(kernteam.check(bsn), 'REVOKED')

    def test_a_permit_names_its_ground_consent_obligations_end_and_decision(self):
        kernteam = self.client('kernteam')
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'budget'])
        shown = kernteam.consent_show(consent).consent_show.consent
        before = now()
        reply = kernteam.check(bsn, ['budget', 'naw'])
        self.assertPermit(reply)
        check = reply.check
        self.assertEqual([item.category for item in check.items], ['budget', 'naw'])
        for item in check.items:
            self.assertEqual(item.origin, 'wmo')
            self.assertEqual(item.ground, check_pb2.CONSENT)
            self.assertEqual(item.consent_id, consent)
            self.assertEqual(item.statute, '')
            self.assertEqual(list(item.reasons), [])
        self.assertEqual(list(check.permitted), [0, 1])
        self.assertEqual(list(check.denied), [])
        self.assertEqual(list(check.obligations), [check_pb2.KEEP_SECRET])
        self.assertEqual(check.until, shown.valid_until)
        self.assertTrue(before - 1000 <= check.evaluated_at <= now() + 1000)
        self.assertGreater(check.decision, 0)
        self.assertEqual(len(check.subject_ref), 16)
        self.assertEqual(check.policy, 'kaag-en-braassem-2015/2')
        self.assertEqual(len(reply.epoch), 16)

    def test_a_denial_names_code_and_rule_and_no_ground(self):
        reply = self.client('kernteam').check(self.person())
        self.assertDenied(reply, 'NO_CONSENT')
        item = reply.check.items[0]
        self.assertEqual(item.reasons[0].rule, 'C7')
        self.assertEqual(item.ground, check_pb2.GROUND_NONE)
        self.assertEqual(item.consent_id, b'')
        self.assertEqual(list(reply.check.permitted), [])
        self.assertEqual(list(reply.check.denied), [0])
        self.assertEqual(list(reply.check.obligations), [])

    def test_what_is_partly_permitted_gives_both_lists(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'budget'])
        reply = self.client('kernteam').disclose(bsn, ['periode', 'naw', 'gezondheid', 'budget'])
        self.assertVerdict(reply, 'PARTIAL')
        self.assertEqual(list(reply.check.permitted), [1, 3])
        self.assertEqual(list(reply.check.denied), [0, 2])
        items = reply.check.items
        self.assertEqual(items[1].consent_id, consent)
        self.assertEqual(self.client('kernteam').codes(items[0].reasons), ['CATEGORY_NOT_CONSENTED'])
        self.assertEqual(self.client('kernteam').codes(items[2].reasons), ['CATEGORY_NOT_NEEDED'])

    def test_all_or_nothing_discloses_nothing_of_what_is_partly_permitted(self):
        kernteam = self.client('kernteam')
        bsn = self.person()
        self.granted(bsn, categories=['naw'], one_time=True)
        reply = kernteam.disclose(bsn, ['naw', 'budget'], all_or_nothing=True)
        self.assertVerdict(reply, 'DENY')
        self.assertEqual([kernteam.codes(item.reasons) for item in reply.check.items],
                         [['ALL_OR_NOTHING'], ['CATEGORY_NOT_CONSENTED']])
        self.assertPermit(kernteam.disclose(bsn, ['naw'], all_or_nothing=True))  # the one time was not used up

    def test_advise_ignores_all_or_nothing(self):
        bsn = self.person()
        self.granted(bsn, categories=['naw'])
        self.assertVerdict(self.client('kernteam').check(bsn, ['naw', 'budget'], all_or_nothing=True), 'PARTIAL')

    def test_one_category_of_two_origins_is_two_items(self):
        bsn = self.person()
        self.granted(bsn, origins=['wmo'])
        request = check_request(bsn, ['naw', 'naw'])
        request.check.items[1].origin = 'zvw'
        reply = self.client('kernteam').call(request)
        self.assertVerdict(reply, 'PARTIAL')
        self.assertEqual((list(reply.check.permitted), list(reply.check.denied)), ([0], [1]))

    def test_a_consent_is_shown_as_it_was_recorded(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'budget', 'naw'], case_ref='zaak-12', origins=['wmo'], days=30)
        shown = self.client('kernteam').consent_show(consent).consent_show.consent
        self.assertEqual(shown.state, consent_pb2.Consent.GRANTED)
        self.assertEqual(sorted(shown.scope.categories), ['budget', 'naw'])
        self.assertEqual(shown.scope.case_ref, 'zaak-12')
        self.assertEqual(list(shown.scope.origins), ['wmo'])
        self.assertEqual(shown.form, consent_pb2.WRITTEN)
        self.assertEqual(shown.motivation, 'nodig voor de uitvoering van het plan')
        self.assertEqual([signature.signer for signature in shown.signatures], ['subject'])
        self.assertEqual(shown.recorded_by, 'kernteam')
        self.assertTrue(now() + 29 * DAY < shown.valid_until < now() + 31 * DAY)
        self.assertEqual(shown.valid_from, shown.recorded_at)
        listed = self.client('kernteam').consent_list(bsn).consent_list.consents
        self.assertEqual([one.consent_id for one in listed], [consent])

    def test_consents_are_listed_in_pages_in_the_order_of_recording(self):
        kernteam = self.client('kernteam')
        bsn = self.person()
        ids = [self.granted(bsn, categories=[category]) for category in ('naw', 'budget', 'periode')]
        page = kernteam.consent_list(bsn, limit=2).consent_list
        self.assertEqual([one.consent_id for one in page.consents], ids[:2])
        self.assertTrue(page.more)
        page = kernteam.consent_list(bsn, limit=2, after=ids[1]).consent_list
        self.assertEqual([one.consent_id for one in page.consents], ids[2:])
        self.assertFalse(page.more)

    def test_a_hundred_pipelined_checks_are_each_answered(self):
        kernteam = self.client('kernteam')
        bsn = self.person()
        self.granted(bsn)
        keys = [kernteam.send(check_request(bsn, ['naw' if number % 2 else 'budget'])) for number in range(100)]
        for number, key in enumerate(keys):
            verdict = kernteam.reply_to(key).check.verdict
            self.assertEqual(verdict, check_pb2.PERMIT if number % 2 else check_pb2.DENY)

    def test_a_revocation_of_an_unknown_consent_is_not_found(self):
        reply = self.client('kernteam').revoke(b'\x01' * 16)
        self.assertStatus(reply, 'NOT_FOUND')
        self.assertStatus(self.client('kernteam').consent_show(b'\x01' * 16), 'NOT_FOUND')


if __name__ == '__main__':
    unittest.main()
