"""Which statements are recorded: rules G1 to G8 and G12, each denial beside what is admitted."""
import unittest
from datetime import timedelta

import consent_pb2

from client import DAY, check_request, grant_request, refuse_request
from harness import RegistryTest, months_on, now, start_of, today


class ConsentRules(RegistryTest):
    def ask(self, request, party='kernteam'):
        return self.client(party).call(request)

    # G1
    def test_only_a_role_that_may_grant_records_a_consent_or_a_refusal(self):
        bsn = self.person()
        for party in ('zorgaanbieder-horizon', 'cak', 'operator'):
            with self.subTest(party):
                self.assertStatus(self.client(party).grant(bsn), 'FORBIDDEN')
                self.assertStatus(self.client(party).refuse(bsn), 'FORBIDDEN')
        self.assertEqual(len(self.client('kernteam').consent_list(bsn).consent_list.consents), 0)
        self.assertOk(self.client('kernteam').grant(bsn))
        self.assertOk(self.client('wmo-team').refuse(bsn))

    # G2
    def test_a_blanket_consent_is_refused_and_nothing_else_is_then_judged(self):
        blankets = {
            'no provider': dict(providers=[]),
            'no recipient': dict(recipients=[]),
            'no category': dict(categories=[]),
            'any provider': dict(providers=['*']),
            'any recipient': dict(recipients=['*']),
            'any category': dict(categories=['*']),
            'all categories': dict(categories=['all']),
            'any category beside one': dict(categories=['naw', '*']),
        }
        for name, scope in blankets.items():
            with self.subTest(name):
                request = grant_request(self.person(), form='ORAL', signers=[], days=4000, **scope)
                self.assertRejected(self.ask(request), 'BLANKET_CONSENT')

    def test_a_blanket_refusal_is_refused_too(self):
        self.assertRejected(self.ask(refuse_request(self.person(), categories=[])), 'BLANKET_CONSENT')
        self.assertOk(self.ask(refuse_request(self.person())))

    def test_a_kind_of_party_is_not_a_party(self):
        self.assertInvalid(self.ask(grant_request(self.person(), recipients=['zorgaanbieder'])),
                           'grant.scope.recipients[0]')

    def test_up_to_thirty_two_categories_are_specific(self):
        bsn = self.person()
        request = grant_request(bsn, categories=[f'soort-{number}' for number in range(33)])
        self.assertIn(self.client('kernteam').status_name(self.ask(request)), ('INVALID', 'REJECTED'))
        all_of_d1 = ['naw', 'burgerlijke-staat', 'geboortedatum', 'geslacht', 'correspondentie', 'telefoon', 'email',
                     'bsn', 'vertegenwoordiger', 'behandelaar', 'doel', 'deskundigenadvies', 'gespreksverslag',
                     'integraal-plan', 'toewijzing', 'periode', 'soort-voorziening', 'omvang', 'budget']
        self.assertOk(self.ask(grant_request(bsn, categories=all_of_d1)))

    # G3
    def test_what_no_flow_could_use_is_refused_and_named(self):
        reply = self.ask(grant_request(self.person(), categories=['naw', 'gezondheid']))
        self.assertRejected(reply, 'NOT_NEEDED')
        self.assertEqual(reply.refusals[0].rule, 'G3')
        details = ' '.join(reply.refusals[0].details)
        self.assertIn('gezondheid', details)
        self.assertNotIn('naw', details)

    def test_every_provider_and_recipient_needs_a_flow(self):
        request = grant_request(self.person(), recipients=['zorgaanbieder-horizon', 'cak'])
        reply = self.ask(request)
        self.assertRejected(reply, 'NOT_NEEDED')
        self.assertIn('cak', ' '.join(reply.refusals[0].details))

    def test_a_flow_of_a_compatible_purpose_will_do(self):
        bsn = self.person()
        self.assertOk(self.ask(grant_request(bsn, providers=['wmo-team'], recipients=['kernteam'],
                                             categories=['gezondheid'], purpose='ondersteuning')))
        self.assertRejected(self.ask(grant_request(bsn, providers=['wmo-team'], recipients=['kernteam'],
                                                   categories=['gespreksverslag'], purpose='integraal-plan')),
                            'NOT_NEEDED')

    def test_a_party_with_itself_is_set_apart(self):
        self.assertOk(self.ask(grant_request(self.person(), providers=['kernteam', 'wijkteam'],
                                             recipients=['kernteam', 'wijkteam'], categories=['integraal-plan'],
                                             purpose='ondersteuning')))

    # G4
    def test_the_subject_was_informed_before_the_consent(self):
        without = grant_request(self.person())
        without.grant.ClearField('notice')
        self.assertRejected(self.ask(without), 'NOT_INFORMED')
        late = grant_request(self.person())
        late.grant.notice.given_at = late.grant.signatures[0].given_at + 30_000
        self.assertRejected(self.ask(late), 'NOT_INFORMED')
        self.assertOk(self.ask(grant_request(self.person())))

    # G5
    def test_a_third_party_needs_a_form_with_evidence(self):
        oral = grant_request(self.person(), form='ORAL')
        self.assertRejected(self.ask(oral), 'FORM_INSUFFICIENT')
        without = grant_request(self.person())
        without.grant.ClearField('evidence')
        self.assertRejected(self.ask(without), 'FORM_INSUFFICIENT')
        self.assertOk(self.ask(grant_request(self.person(), form='DIGITAL')))

    def test_between_teams_an_oral_consent_will_do_but_not_for_special_categories(self):
        teams = dict(providers=['wmo-team'], recipients=['kernteam'], purpose='integraal-plan', form='ORAL')
        oral = grant_request(self.person(), categories=['naw'], **teams)
        oral.grant.ClearField('evidence')
        self.assertOk(self.ask(oral))
        self.assertRejected(self.ask(grant_request(self.person(), categories=['gezondheid'], **teams)),
                            'FORM_INSUFFICIENT')

    # G6
    def test_a_consent_is_bounded_by_the_longest_validity_of_its_purpose(self):
        for purpose, months, parties in (('toekenning', 12, {}),
                                         ('integraal-plan', 3, dict(providers=['wmo-team'], recipients=['kernteam']))):
            with self.subTest(purpose):
                end = start_of(months_on(today(), months) + timedelta(1))
                longest = grant_request(self.person(), purpose=purpose, **parties)
                longest.grant.valid_until = end
                self.assertOk(self.ask(longest))
                longer = grant_request(self.person(), purpose=purpose, **parties)
                longer.grant.valid_until = end + 1
                self.assertRejected(self.ask(longer), 'TOO_LONG')

    def test_a_consent_without_an_end_is_too_long(self):
        endless = grant_request(self.person())
        endless.grant.valid_until = 0
        self.assertRejected(self.ask(endless), 'TOO_LONG')

    def test_a_validity_that_is_reversed_or_past_is_invalid(self):
        reversed_ = grant_request(self.person(), valid_from=now() + 10 * DAY)
        reversed_.grant.valid_until = now() + 9 * DAY
        self.assertInvalid(self.ask(reversed_), 'grant.valid_until')
        past = grant_request(self.person())
        past.grant.valid_until = now() - DAY
        self.assertInvalid(self.ask(past), 'grant.valid_until')

    # G7
    def test_a_provider_bound_by_secrecy_needs_a_one_time_consent(self):
        from_gp = dict(providers=['huisarts-dorp'], recipients=['kernteam'], categories=['gezondheid'],
                       purpose='integraal-plan')
        self.assertRejected(self.ask(grant_request(self.person(), **from_gp)), 'MUST_BE_ONE_TIME')
        self.assertOk(self.ask(grant_request(self.person(), one_time=True, **from_gp)))

    def test_a_flow_can_ask_for_a_one_time_consent(self):
        consultation = dict(purpose='extern-overleg', recipients=['school-brug'])
        self.assertRejected(self.ask(grant_request(self.person(), **consultation)), 'MUST_BE_ONE_TIME')
        self.assertOk(self.ask(grant_request(self.person(), one_time=True, **consultation)))

    def test_a_one_time_consent_names_one_provider_and_one_recipient(self):
        two = grant_request(self.person(), recipients=['zorgaanbieder-horizon', 'zorgaanbieder-delta'], one_time=True)
        self.assertRejected(self.ask(two), 'ONE_TIME_TOO_WIDE')
        self.assertOk(self.ask(grant_request(self.person(), one_time=True)))

    # G8
    def test_a_consent_is_signed(self):
        bsn = self.person()
        self.assertNotEqual(self.client('kernteam').status_name(self.ask(grant_request(bsn, signers=[]))), 'OK')
        self.assertRejected(self.ask(grant_request(bsn, signers=['een-ander'])), 'REPRESENTATION_MISSING')
        self.assertOk(self.ask(grant_request(bsn)))

    def test_nobody_signs_for_a_subject_whose_birth_date_is_not_known(self):
        self.assertRejected(self.ask(grant_request(self.person(born=None))), 'REPRESENTATION_MISSING')

    def test_a_signature_is_not_in_the_future(self):
        request = grant_request(self.person())
        request.grant.signatures[0].given_at = now() + DAY
        self.assertInvalid(self.ask(request), 'grant.signatures[0].given_at')

    # G8 and before: every failing rule is said, in their order
    def test_every_rule_that_fails_is_said_in_order(self):
        request = grant_request(self.person(), categories=['gezondheid'], form='ORAL', signers=['een-ander'],
                                recipients=['zorgaanbieder-horizon', 'zorgaanbieder-delta'], one_time=True, days=500)
        request.grant.ClearField('notice')
        reply = self.ask(request)
        self.assertRejected(reply, 'NOT_NEEDED', 'NOT_INFORMED', 'FORM_INSUFFICIENT', 'TOO_LONG', 'ONE_TIME_TOO_WIDE',
                            'REPRESENTATION_MISSING')
        self.assertEqual([refusal.rule for refusal in reply.refusals], ['G3', 'G4', 'G5', 'G6', 'G7', 'G8'])

    def test_what_is_rejected_is_not_recorded(self):
        bsn = self.person()
        before = self.client('operator').status().status_report.consents
        self.assertRejected(self.ask(grant_request(bsn, form='ORAL')), 'FORM_INSUFFICIENT')
        self.assertEqual(self.client('operator').status().status_report.consents, before)
        self.assertDenied(self.ask(check_request(bsn)), 'NO_CONSENT')

    # G12
    def test_a_refusal_needs_no_form_no_notice_and_no_end(self):
        bsn = self.person()
        self.granted(bsn)
        reply = self.ask(refuse_request(bsn))
        self.assertOk(reply)
        shown = self.client('kernteam').consent_show(reply.consent_recorded.consent_id).consent_show.consent
        self.assertEqual(shown.state, consent_pb2.Consent.REFUSAL)
        self.assertDenied(self.ask(check_request(bsn)), 'REFUSED')

    def test_a_refusal_is_the_word_of_one_who_may_withdraw(self):
        self.assertRejected(self.ask(refuse_request(self.person(), signers=['buurman'])), 'REPRESENTATION_MISSING')


if __name__ == '__main__':
    unittest.main()
