"""The disclosure check: C1 to C7, C9 and C10, each denial beside the permit that lacks only its cause."""
import unittest
from datetime import timedelta

import check_pb2

from client import DAY, check_request, grant_request
from harness import OwnInstanceTest, RegistryTest, months_on, now, start_of, today

EXCHANGE = dict(provider='wmo-team', recipient='kernteam')


class WhoAsks(RegistryTest):
    # C1
    def test_who_asks_is_provider_or_recipient_or_may_check_for_others(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertPermit(self.client('zorgaanbieder-horizon').check(bsn))
        self.assertPermit(self.client('toezicht').check(bsn))
        self.assertStatus(self.client('zorgaanbieder-delta').check(bsn), 'FORBIDDEN')
        self.assertStatus(self.client('wmo-team').check(bsn), 'FORBIDDEN')

    def test_a_role_without_check_does_not_ask(self):
        self.assertStatus(self.client('operator').check(self.person()), 'FORBIDDEN')

    # C2
    def test_codes_and_parties_must_be_known(self):
        bsn = self.person()
        kernteam = self.client('kernteam')
        self.assertInvalid(kernteam.check(bsn, recipient='zorgaanbieder-nergens'), 'check.recipient')
        self.assertInvalid(kernteam.check(bsn, purpose='nieuwsgierigheid'), 'check.purpose')
        self.assertInvalid(kernteam.check(bsn, ['naw', 'schoenmaat']), 'check.items[1].category')
        self.assertInvalid(kernteam.check(bsn, origin='wetboek'), 'check.items[0].origin')
        self.assertInvalid(kernteam.check(bsn, recipient='kernteam'), 'check.recipient')

    def test_an_unknown_subject_gets_the_same_answer_as_a_known_one_without_statements(self):
        known = self.client('kernteam').check(self.person())
        unknown = self.client('kernteam').check(self.person(born=None))
        for reply in (known, unknown):
            self.assertDenied(reply, 'NO_CONSENT')
            self.assertEqual(len(reply.check.subject_ref), 16)
            reply.check.subject_ref, reply.check.decision = b'', 0
            reply.check.evaluated_at = 0
        self.assertEqual(known.check, unknown.check)
        self.assertEqual(known.message, unknown.message)

    def test_a_party_holds_its_own_pseudonym_of_a_subject(self):
        bsn = self.person()
        of_kernteam = self.client('kernteam').check(bsn).check.subject_ref
        self.assertEqual(self.client('kernteam').check(bsn).check.subject_ref, of_kernteam)
        self.assertNotEqual(self.client('zorgaanbieder-horizon').check(bsn).check.subject_ref, of_kernteam)
        self.assertNotEqual(self.client('kernteam').check(self.person()).check.subject_ref, of_kernteam)


class Gates(RegistryTest):
    # C4
    def test_without_a_flow_between_these_kinds_consent_cannot_help(self):
        reply = self.client('zorgaanbieder-horizon').check(self.person(), ['bsn'], provider='zorgaanbieder-horizon',
                                                           recipient='cak', purpose='eigen-bijdrage')
        self.assertDenied(reply, 'NO_FLOW')
        self.assertEqual(reply.check.items[0].reasons[0].rule, 'C4')

    def test_a_purpose_that_is_not_in_the_flow_is_denied(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertDenied(self.client('kernteam').check(bsn, purpose='eigen-bijdrage'), 'PURPOSE_NOT_IN_FLOW')
        self.assertPermit(self.client('kernteam').check(bsn))

    def test_a_category_that_nobody_needs_is_denied_whatever_was_consented(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertDenied(self.client('kernteam').check(bsn, ['gezondheid', 'vrije-tekst']), 'CATEGORY_NOT_NEEDED')
        self.assertPermit(self.client('kernteam').check(bsn, ['naw']))


class Agreements(OwnInstanceTest):
    # C3
    def test_without_an_agreement_in_force_a_consent_permits_nothing(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertPermit(self.client('kernteam').check(bsn))
        for name, agreement in (('none', {}),
                                ('over', {'agreement-from': '2020-01-01', 'agreement-until': str(today())}),
                                ('to come', {'agreement-from': str(today() + timedelta(1))})):
            with self.subTest(name):
                self.registry.change_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner', **agreement)
                reply = self.client('kernteam').check(bsn)
                self.assertDenied(reply, 'AGREEMENT_MISSING')
                self.assertEqual(reply.check.items[0].reasons[0].rule, 'C3')
        self.registry.change_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner',
                                  **{'agreement-from': str(today()), 'agreement-until': str(today() + timedelta(1))})
        reply = self.client('kernteam').check(bsn)
        self.assertPermit(reply)
        self.assertEqual(reply.check.until, start_of(today() + timedelta(1)))  # the agreement ends before the consent

    def test_a_party_that_is_not_active_has_no_agreement(self):
        bsn = self.person()
        self.granted(bsn)
        self.registry.change_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner',
                                  **{'agreement-from': '2020-01-01', 'active': 'no'})
        self.assertDenied(self.client('kernteam').check(bsn), 'AGREEMENT_MISSING')

    # C7 with G7
    def test_a_reusable_consent_no_longer_does_once_its_provider_is_bound_by_secrecy(self):
        bsn = self.person()
        self.granted(bsn)
        other = self.person()
        self.granted(other, one_time=True)
        self.registry.change_party('kernteam', 'kernteam', 'sociale-team', secrecy='professional')
        self.assertDenied(self.client('kernteam').check(bsn), 'FORM_INSUFFICIENT')
        self.assertPermit(self.client('kernteam').check(other))


class Reasons(RegistryTest):
    """What C7 says when no consent covers an item."""

    def check(self, bsn, **question):
        return self.client('kernteam').check(bsn, **question)

    def test_revoked(self):
        bsn = self.person()
        consent = self.granted(bsn)
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertDenied(self.check(bsn), 'REVOKED')

    def test_expired(self):
        bsn = self.person()
        _, end = self.granted_for(3000, bsn)
        self.assertDenied(self.assertPermitUntil(end, lambda: self.check(bsn)), 'EXPIRED')

    def test_not_yet_valid_and_the_answer_says_from_when(self):
        bsn = self.person()
        valid_from = now() + 20 * DAY
        self.granted(bsn, valid_from=valid_from)
        reply = self.check(bsn)
        self.assertDenied(reply, 'NOT_YET_VALID')
        self.assertEqual(reply.check.until, valid_from)

    def test_used_up(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        self.assertPermit(self.client('kernteam').disclose(bsn))
        self.assertDenied(self.check(bsn), 'USED_UP')

    def test_other_case(self):
        bsn = self.person()
        self.granted(bsn, case_ref='zaak-1')
        self.assertPermit(self.check(bsn, case_ref='zaak-1'))
        self.assertDenied(self.check(bsn, case_ref='zaak-2'), 'OTHER_CASE')
        self.assertDenied(self.check(bsn), 'OTHER_CASE')

    def test_a_consent_without_a_case_serves_every_case(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertPermit(self.check(bsn, case_ref='zaak-2'))

    def test_origin_not_consented(self):
        bsn = self.person()
        self.granted(bsn, origins=['wmo', 'jeugdwet'])
        self.assertPermit(self.check(bsn, origin='jeugdwet'))
        self.assertDenied(self.check(bsn, origin='participatiewet'), 'ORIGIN_NOT_CONSENTED')

    def test_one_name_away_from_serving(self):
        near = {
            'PROVIDER_NOT_CONSENTED': dict(providers=['wmo-team']),
            'RECIPIENT_NOT_CONSENTED': dict(recipients=['zorgaanbieder-delta']),
            'CATEGORY_NOT_CONSENTED': dict(categories=['email']),
            'WRONG_PURPOSE': dict(purpose='registratie-hulpvraag'),
        }
        for code, scope in near.items():
            with self.subTest(code):
                bsn = self.person()
                self.granted(bsn, **scope)
                self.assertDenied(self.client('toezicht').check(bsn), code)
                self.granted(bsn)
                self.assertPermit(self.client('toezicht').check(bsn))

    def test_two_names_away_is_no_consent(self):
        bsn = self.person()
        self.granted(bsn, categories=['email'], recipients=['zorgaanbieder-delta'])
        self.assertDenied(self.client('toezicht').check(bsn), 'NO_CONSENT')

    def test_a_consent_that_has_ended_is_not_near(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['email'])
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertDenied(self.check(bsn), 'NO_CONSENT')

    def test_a_compatible_purpose_serves_no_longer_than_its_own_longest_validity(self):
        bsn = self.person()
        self.granted(bsn, providers=['wmo-team'], recipients=['kernteam'], purpose='ondersteuning',
                     categories=['rapportage', 'gezondheid'], days=300)
        reply = self.check(bsn, categories=['gezondheid'], purpose='integraal-plan', **EXCHANGE)
        self.assertPermit(reply)
        self.assertEqual(reply.check.until, start_of(months_on(today(), 3) + timedelta(1)))

    # C7: which of several
    def test_a_reusable_consent_goes_before_a_one_time_one(self):
        bsn = self.person()
        reusable = self.granted(bsn)
        self.granted(bsn, one_time=True)
        reply = self.client('kernteam').disclose(bsn)
        self.assertPermit(reply)
        self.assertEqual(reply.check.items[0].consent_id, reusable)
        self.assertEqual(list(reply.check.obligations), [check_pb2.KEEP_SECRET])

    def test_among_equals_the_latest_recorded_is_the_ground(self):
        bsn = self.person()
        self.granted(bsn, categories=['naw', 'email'])
        latest = self.granted(bsn, categories=['naw', 'telefoon'])
        self.assertEqual(self.check(bsn).check.items[0].consent_id, latest)


class HeardReasons(RegistryTest):
    # C9
    def test_a_party_that_a_consent_does_not_name_hears_nothing_of_it(self):
        bsn = self.person()
        consent = self.granted(bsn)
        self.client('kernteam').revoke(consent)
        question = dict(recipient='zorgaanbieder-delta')
        self.assertDenied(self.client('zorgaanbieder-delta').check(bsn, **question), 'NO_CONSENT')

        bsn = self.person()
        self.granted(bsn)
        self.assertDenied(self.client('zorgaanbieder-delta').check(bsn, **question), 'NO_CONSENT')
        self.assertDenied(self.client('kernteam').check(bsn, **question), 'RECIPIENT_NOT_CONSENTED')
        self.assertDenied(self.client('toezicht').check(bsn, **question), 'RECIPIENT_NOT_CONSENTED')

    def test_the_end_that_is_told_is_that_of_what_is_heard(self):
        bsn = self.person()
        valid_from = now() + 5 * DAY
        self.granted(bsn, valid_from=valid_from)
        question = dict(recipient='zorgaanbieder-delta')
        self.assertEqual(self.client('zorgaanbieder-delta').check(bsn, **question).check.until, 0)

    def test_a_party_that_is_named_hears_why(self):
        bsn = self.person()
        consent = self.granted(bsn)
        self.client('kernteam').revoke(consent)
        self.assertDenied(self.client('zorgaanbieder-horizon').check(bsn), 'REVOKED')

    def test_a_consent_is_shown_to_those_it_names_and_without_what_is_not_theirs(self):
        consent = self.granted(self.person())
        whole = self.client('kernteam').consent_show(consent).consent_show.consent
        self.assertTrue(whole.motivation)
        reply = self.client('zorgaanbieder-horizon').consent_show(consent)
        self.assertOk(reply)
        named = reply.consent_show.consent
        self.assertEqual(list(named.scope.categories), ['naw'])
        self.assertEqual(named.motivation, '')
        self.assertEqual(named.evidence.reference, '')
        self.assertEqual(len(named.signatures), 0)
        other = self.client('zorgaanbieder-delta').consent_show(consent)
        unknown = self.client('zorgaanbieder-delta').consent_show(b'\x02' * 16)
        self.assertStatus(other, self.client('kernteam').status_name(unknown))
        self.assertNotEqual(self.client('kernteam').status_name(other), 'OK')

    def test_consents_of_a_subject_are_listed_for_roles_that_may_only(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertStatus(self.client('zorgaanbieder-horizon').consent_list(bsn), 'FORBIDDEN')
        self.assertEqual(len(self.client('toezicht').consent_list(bsn).consent_list.consents), 1)


class OneTime(RegistryTest):
    # C11
    def test_of_two_disclosures_at_once_exactly_one_is_permitted(self):
        other = self.registry.client('zorgaanbieder-horizon')
        for _ in range(10):
            bsn = self.person()
            self.granted(bsn, one_time=True)
            keys = [(client, client.send(check_request(bsn, mode='DISCLOSE')))
                    for client in (self.client('kernteam'), other)]
            replies = [client.reply_to(key) for client, key in keys]
            verdicts = sorted(reply.check.verdict for reply in replies)
            self.assertEqual(verdicts, [check_pb2.PERMIT, check_pb2.DENY])
            denied = max(replies, key=lambda reply: reply.check.verdict)
            self.assertDenied(denied, 'USED_UP')

    def test_the_permit_says_that_it_is_the_one_time(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        self.assertEqual(list(self.client('kernteam').disclose(bsn).check.obligations),
                         [check_pb2.KEEP_SECRET, check_pb2.ONE_TIME])

    def test_advising_uses_nothing_up(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        for _ in range(3):
            self.assertPermit(self.client('kernteam').check(bsn))
        self.assertPermit(self.client('kernteam').disclose(bsn))
        self.assertDenied(self.client('kernteam').disclose(bsn), 'USED_UP')

    def test_all_items_of_one_decision_may_rest_on_it(self):
        bsn = self.person()
        self.granted(bsn, one_time=True, categories=['naw', 'budget'])
        self.assertPermit(self.client('kernteam').disclose(bsn, ['naw', 'budget']))

    def test_using_a_part_uses_up_the_whole(self):
        bsn = self.person()
        self.granted(bsn, one_time=True, categories=['naw', 'budget'])
        self.assertPermit(self.client('kernteam').disclose(bsn, ['naw']))
        self.assertDenied(self.client('kernteam').disclose(bsn, ['budget']), 'USED_UP')

    def test_a_denied_disclosure_uses_nothing_up(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        self.assertDenied(self.client('kernteam').disclose(bsn, ['budget']), 'CATEGORY_NOT_CONSENTED')
        self.assertPermit(self.client('kernteam').disclose(bsn))


if __name__ == '__main__':
    unittest.main()
