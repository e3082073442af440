"""Who exercises the subject's rights: M1 to M8 and M10 under the ages of 2015."""
import unittest
from datetime import timedelta

import check_pb2
import consent_pb2

from client import DAY, KIND, check_request, grant_request, now, refuse_request, subject_request
from harness import RegistryTest, start_of, today, years_ago

PARENTS = [{'reference': 'ouder-1'}, {'reference': 'ouder-2'}]
CAK = dict(recipient='cak', purpose='eigen-bijdrage')


class Signing(RegistryTest):
    def grant(self, bsn, *signers):
        return self.client('kernteam').grant(bsn, signers=signers)

    def assertMissing(self, bsn, *signers):
        self.assertRejected(self.grant(bsn, *signers), 'REPRESENTATION_MISSING')

    # M1, M6
    def test_under_twelve_all_representatives_sign(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        self.assertMissing(bsn, 'subject')
        self.assertMissing(bsn, 'ouder-1')
        self.assertMissing(bsn, 'ouder-1', 'ouder-3')
        self.assertInvalid(self.grant(bsn, 'ouder-1', 'ouder-1'), 'grant.signatures[1].signer')
        self.assertOk(self.grant(bsn, 'ouder-1', 'ouder-2'))

    # M2
    def test_from_twelve_to_sixteen_subject_and_representatives_both_sign(self):
        for born in (years_ago(12, days=1), years_ago(16, days=-1)):
            with self.subTest(born=born):
                bsn = self.person(born, representatives=PARENTS)
                self.assertMissing(bsn, 'subject')
                self.assertMissing(bsn, 'ouder-1', 'ouder-2')
                self.assertMissing(bsn, 'subject', 'ouder-2')
                self.assertOk(self.grant(bsn, 'subject', 'ouder-1', 'ouder-2'))

    # M3
    def test_from_sixteen_the_subject_signs_alone(self):
        bsn = self.person(years_ago(16, days=1), representatives=PARENTS)
        self.assertMissing(bsn, 'ouder-1', 'ouder-2')
        self.assertOk(self.grant(bsn, 'subject'))

    def test_each_signature_is_judged_at_the_moment_it_was_given(self):
        bsn = self.person(years_ago(16, days=3), representatives=PARENTS)
        before = grant_request(bsn)
        before.grant.signatures[0].given_at = now() - 10 * DAY  # fifteen then
        before.grant.notice.given_at = now() - 11 * DAY
        self.assertRejected(self.client('kernteam').call(before), 'REPRESENTATION_MISSING')
        self.assertOk(self.grant(bsn, 'subject'))

    # M4
    def test_the_representatives_sign_for_who_is_not_capable_at_any_age(self):
        curator = [{'reference': 'curator-1', 'kind': 'curator'}]
        bsn = self.person(years_ago(40), representatives=curator, capabilities=[(today() - timedelta(30), False)])
        self.assertMissing(bsn, 'subject')
        self.assertOk(self.grant(bsn, 'curator-1'))
        again = self.person(years_ago(40), representatives=curator,
                            capabilities=[(today() - timedelta(30), False), (today() - timedelta(2), True)])
        self.assertMissing(again, 'curator-1')
        self.assertOk(self.grant(again, 'subject'))

    # M6
    def test_only_kinds_that_count_and_have_authority_now_are_representatives(self):
        others = [{'reference': 'bewindvoerder-1', 'kind': 'bewindvoerder'},
                  {'reference': 'voogd-oud', 'kind': 'voogd', 'until': str(today() - timedelta(1))},
                  {'reference': 'voogd-nieuw', 'kind': 'voogd', 'from': str(today() + timedelta(1))}]
        bsn = self.person(years_ago(8), representatives=[PARENTS[0], *others])
        self.assertOk(self.grant(bsn, 'ouder-1'))
        nobody = self.person(years_ago(8), representatives=others)
        self.assertMissing(nobody, 'bewindvoerder-1', 'voogd-oud', 'voogd-nieuw')

    def test_nobody_signs_where_representatives_are_needed_and_none_is_registered(self):
        self.assertMissing(self.person(years_ago(8)), 'subject')
        self.assertMissing(self.person(years_ago(14)), 'subject')
        self.assertMissing(self.person(years_ago(8)), 'ouder-1')

    # M7
    def test_a_refused_representative_is_neither_needed_nor_counted(self):
        refused = [PARENTS[0], {'reference': 'ouder-2', 'refused_from': str(today() - timedelta(1)),
                                'refused_reason': 'zwaarwegend belang van het kind'}]
        bsn = self.person(years_ago(8), representatives=refused)
        self.assertMissing(bsn, 'ouder-2')
        self.assertOk(self.grant(bsn, 'ouder-1'))

    def test_if_all_are_refused_a_capable_subject_from_twelve_signs_alone(self):
        refused = [{'reference': 'ouder-1', 'refused_from': str(today() - timedelta(1)),
                    'refused_reason': 'zwaarwegend belang van het kind'}]
        self.assertOk(self.grant(self.person(years_ago(14), representatives=refused), 'subject'))
        self.assertMissing(self.person(years_ago(8), representatives=refused), 'subject')

    def test_a_refused_representative_has_a_reason(self):
        reply = self.client('kernteam').subject_set(next(self.bsns), years_ago(8), representatives=[
            {'reference': 'ouder-1', 'refused_from': str(today())}])
        self.assertInvalid(reply, 'subject_set.representatives[0].refused_reason')


class Lapse(RegistryTest):
    # M5
    def test_a_consent_of_the_parents_lapses_on_the_twelfth_birthday(self):
        birthday = today() + timedelta(20)
        born = years_ago(12, days=-20)
        bsn = self.person(born, representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2'])
        reply = self.client('kernteam').check(bsn)
        self.assertPermit(reply)
        self.assertEqual(reply.check.until, start_of(birthday))
        # The birth date turns out to be wrong: the child is twelve already.
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(12, days=1), representatives=PARENTS))
        self.assertDenied(self.client('kernteam').check(bsn), 'REPRESENTATION_LAPSED')
        shown = self.client('kernteam').consent_show(consent).consent_show.consent
        self.assertEqual(shown.state, consent_pb2.Consent.LAPSED)

    def test_a_consent_that_the_child_signed_too_outlives_the_birthday(self):
        bsn = self.person(years_ago(12, days=-20), representatives=PARENTS)
        self.granted(bsn, signers=['subject', 'ouder-1', 'ouder-2'])
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(12, days=1), representatives=PARENTS))
        self.assertPermit(self.client('kernteam').check(bsn))

    def test_a_consent_of_a_capable_subject_stays_when_he_becomes_incapable(self):
        bsn = self.person(years_ago(40))
        self.granted(bsn)
        curator = [{'reference': 'curator-1', 'kind': 'curator'}]
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(40), representatives=curator,
                                                          capabilities=[(today(), False)]))
        self.assertPermit(self.client('kernteam').check(bsn))

    # M10
    def test_death_ends_consents_and_statutes_remain(self):
        bsn = self.person(years_ago(70))
        consent = self.granted(bsn)
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(70), died=today()))
        self.assertDenied(self.client('kernteam').check(bsn), 'REPRESENTATION_LAPSED')
        self.assertRejected(self.client('kernteam').grant(bsn), 'REPRESENTATION_MISSING')
        self.assertRejected(self.client('kernteam').revoke(consent), 'REPRESENTATION_MISSING')
        reply = self.client('kernteam').revoke(consent, '', nobody_reason='de betrokkene is overleden')
        self.assertRejected(reply, 'REPRESENTATION_MISSING')
        self.assertIn('died', reply.message)
        self.assertPermit(self.client('kernteam').disclose(bsn, **CAK))

    # M5
    def test_who_signed_alone_as_an_adult_and_turns_out_to_have_been_ten_did_not_consent(self):
        bsn = self.person(years_ago(30))
        consent = self.granted(bsn)
        disclosure = check_request(bsn, mode='DISCLOSE')
        kernteam = self.client('kernteam')
        self.assertPermit(kernteam.call(disclosure))
        events = self.listen('zorgaanbieder-horizon')
        advice = kernteam.subject_change(bsn, years_ago(10), advise=True)
        self.assertEqual(list(advice.subject_show.ended), [consent])
        self.assertPermit(kernteam.check(bsn))
        self.assertEqual(list(kernteam.subject_change(bsn, years_ago(10)).subject_show.ended), [consent])
        self.assertDenied(kernteam.check(bsn), 'REPRESENTATION_LAPSED')
        event = events.next_event().event
        self.assertEqual((event.kind, event.consent_id), (KIND('CONSENT_LAPSED'), consent))
        again = kernteam.call(disclosure)
        self.assertTrue(again.replayed and again.revoked_since)
        # It was a mistake: the consent stands again.
        self.assertEqual(list(kernteam.subject_change(bsn, years_ago(29)).subject_show.restored), [consent])
        self.assertPermit(kernteam.check(bsn))
        event = events.next_event().event
        self.assertEqual((event.kind, event.consent_id), (KIND('CONSENT_RESTORED'), consent))
        again = kernteam.call(disclosure)
        self.assertTrue(again.replayed and not again.revoked_since)

    def test_a_parent_who_should_have_signed_ends_it_and_one_of_today_does_not(self):
        kernteam = self.client('kernteam')
        for since, stands in ((today(), True), (years_ago(8), False)):
            with self.subTest(since):
                bsn = self.person(years_ago(8), representatives=PARENTS[:1])
                self.granted(bsn, signers=['ouder-1'])
                self.assertOk(kernteam.subject_change(bsn, representatives=[{'reference': 'ouder-2',
                                                                             'from': str(since)}]))
                self.assertEqual(kernteam.check(bsn).check.verdict == check_pb2.PERMIT, stands)


class Withdrawing(RegistryTest):
    # M8
    def test_under_twelve_any_one_of_the_representatives_withdraws_and_the_child_does_not(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2'])
        for wrong in ('subject', 'ouder-3', 'oma'):
            with self.subTest(wrong):
                self.assertRejected(self.client('kernteam').revoke(consent, wrong), 'REPRESENTATION_MISSING')
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertOk(self.client('kernteam').revoke(consent, 'ouder-2'))
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def test_from_twelve_the_subject_withdraws_and_so_does_each_representative(self):
        for withdrawn_by in ('subject', 'ouder-1'):
            with self.subTest(withdrawn_by):
                bsn = self.person(years_ago(14), representatives=PARENTS)
                consent = self.granted(bsn, signers=['subject', 'ouder-1', 'ouder-2'])
                self.assertOk(self.client('kernteam').revoke(consent, withdrawn_by))
                self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def test_from_sixteen_a_parent_does_not_withdraw(self):
        bsn = self.person(years_ago(17), representatives=PARENTS)
        consent = self.granted(bsn)
        self.assertRejected(self.client('kernteam').revoke(consent, 'ouder-1'), 'REPRESENTATION_MISSING')
        self.assertOk(self.client('kernteam').revoke(consent))

    def test_a_subject_who_is_not_capable_may_withdraw(self):
        curator = [{'reference': 'curator-1', 'kind': 'curator'}]
        bsn = self.person(years_ago(40), representatives=curator, capabilities=[(today() - timedelta(3), False)])
        consent = self.granted(bsn, signers=['curator-1'])
        self.assertOk(self.client('kernteam').revoke(consent, 'subject'))

    def test_where_nobody_can_withdraw_the_social_team_records_it_with_its_reason(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2'])
        with_reason = dict(withdrawn_by='', nobody_reason='beide ouders zijn uit het gezag ontheven')
        self.assertRejected(self.client('kernteam').revoke(consent, **with_reason), 'REPRESENTATION_MISSING')
        ended = [{'reference': one['reference'], 'kind': '', 'from': '', 'until': str(today())} for one in PARENTS]
        self.assertOk(self.client('kernteam').subject_change(bsn, representatives=ended))
        reply = self.client('kernteam').revoke(consent, 'oma')
        self.assertRejected(reply, 'REPRESENTATION_MISSING')
        self.assertIn('nobody_reason', reply.message)
        self.assertNotEqual(self.client('kernteam').status_name(
            self.client('zorgaanbieder-horizon').revoke(consent, **with_reason)), 'OK')
        self.assertOk(self.client('kernteam').revoke(consent, **with_reason))
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def test_who_signed_may_withdraw_when_another_has_the_authority_by_now(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2'])
        changed = [{'reference': 'ouder-1', 'kind': '', 'from': '', 'until': str(today())},
                   {'reference': 'voogd-1', 'kind': 'voogd', 'from': str(today())}]
        self.assertOk(self.client('kernteam').subject_change(bsn, representatives=changed))
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertOk(self.client('kernteam').revoke(consent, 'ouder-1'))

    def test_a_mother_may_withdraw_after_the_birth_date_was_corrected(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2'])
        self.assertOk(self.client('kernteam').subject_change(bsn, years_ago(9)))
        self.assertOk(self.client('kernteam').revoke(consent, 'ouder-1'))

    def test_a_refusal_is_the_word_of_one_who_may_withdraw(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        refuse = self.client('kernteam').call
        self.assertRejected(refuse(refuse_request(bsn, signers=['subject'])), 'REPRESENTATION_MISSING')
        self.assertOk(refuse(refuse_request(bsn, signers=['ouder-1'])))


class Subjects(RegistryTest):
    def test_a_subject_is_shown_as_it_was_recorded(self):
        bsn = self.person(years_ago(8), representatives=PARENTS, capabilities=[(today(), False)])
        shown = self.client('kernteam').subject_show(bsn).subject_show
        self.assertTrue(shown.known)
        self.assertEqual(shown.birth_date, str(years_ago(8)))
        self.assertEqual([one.reference for one in shown.representatives], ['ouder-1', 'ouder-2'])
        self.assertEqual([(one.capable) for one in shown.capabilities], [False])
        self.assertEqual(shown.subject_ref, self.client('kernteam').check(bsn).check.subject_ref)

    def facts(self, bsn):
        shown = self.client('kernteam').subject_show(bsn).subject_show
        return (shown.birth_date, shown.death_date, [one.reference for one in shown.representatives],
                [(getattr(one, 'from'), one.capable) for one in shown.capabilities])

    def test_only_what_is_named_changes(self):
        born = years_ago(8)
        bsn = self.person(born, representatives=PARENTS, capabilities=[(today() - timedelta(9), True)])
        change = self.client('kernteam').subject_change
        self.assertOk(change(bsn, years_ago(9)))
        self.assertEqual(self.facts(bsn), (str(years_ago(9)), '', ['ouder-1', 'ouder-2'],
                                           [(str(today() - timedelta(9)), True)]))
        self.assertOk(change(bsn, representatives=[{'reference': 'voogd-3', 'kind': 'voogd', 'from': str(today())}]))
        self.assertOk(change(bsn, representatives=[{'reference': 'ouder-2', 'kind': 'voogd', 'from': ''}]))
        self.assertOk(change(bsn, capabilities=[(today() - timedelta(9), False), (today(), True)]))
        self.assertEqual(self.facts(bsn), (str(years_ago(9)), '', ['ouder-1', 'ouder-2', 'voogd-3'],
                                           [(str(today() - timedelta(9)), False), (str(today()), True)]))
        one = self.client('kernteam').subject_show(bsn).subject_show.representatives[1]
        self.assertEqual((one.kind, getattr(one, 'from')), ('voogd', str(born)))

    def test_what_a_professional_refused_stays_refused_when_something_else_of_it_changes(self):
        refused = {'refused_from': str(today()), 'refused_reason': 'zwaarwegend belang van het kind'}
        bsn = self.person(years_ago(8), representatives=[{**PARENTS[0], **refused}])
        change = self.client('kernteam').subject_change
        self.assertOk(change(bsn, representatives=[{'reference': 'ouder-1', 'from': '', 'until': '2100-01-01'}]))
        one = self.client('kernteam').subject_show(bsn).subject_show.representatives[0]
        self.assertEqual((one.until, one.refused_from, one.refused_reason),
                         ('2100-01-01', refused['refused_from'], refused['refused_reason']))
        self.assertOk(change(bsn, remove={'untils': ['ouder-1'], 'refusals': ['ouder-1']}))
        one = self.client('kernteam').subject_show(bsn).subject_show.representatives[0]
        self.assertEqual((one.until, one.refused_from, one.refused_reason), ('', '', ''))

    def test_taking_away_is_said(self):
        bsn = self.person(years_ago(40), representatives=PARENTS, capabilities=[(today(), False)], died=today())
        change = self.client('kernteam').subject_change
        self.assertOk(change(bsn, remove={'death_date': True, 'representatives': ['ouder-1'],
                                          'capabilities': [str(today())]}))
        self.assertEqual(self.facts(bsn), (str(years_ago(40)), '', ['ouder-2'], []))
        self.assertOk(change(bsn, remove={'birth_date': True}))
        self.assertEqual(self.facts(bsn)[0], '')
        for field, remove in (('representatives[0]', {'representatives': ['ouder-1']}),
                              ('untils[0]', {'untils': ['ouder-2']}), ('refusals[0]', {'refusals': ['ouder-2']}),
                              ('capabilities[0]', {'capabilities': [str(today())]})):
            with self.subTest(field):
                self.assertInvalid(change(bsn, remove=remove), f'subject_set.remove.{field}')

    def test_a_known_subject_is_not_recorded_again_by_one_who_does_not_say_what_he_saw(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        before = self.facts(bsn)
        reply = self.client('kernteam').call(subject_request(bsn, years_ago(9)))
        self.assertInvalid(reply, 'subject_set.expected')
        self.assertIn('subject set', reply.message)
        self.assertEqual(self.facts(bsn), before)
        # What is recorded already may be said again.
        revision = reply.revision
        reply = self.client('kernteam').call(subject_request(bsn, years_ago(8), representatives=PARENTS))
        self.assertOk(reply)
        self.assertEqual(reply.revision, revision)
        # The whole anew is said as well.
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(9)))
        self.assertEqual(self.facts(bsn), (str(years_ago(9)), '', [], []))

    def test_of_two_who_change_what_they_saw_one_is_told_to_look_again(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        kernteam = self.client('kernteam')
        seen = kernteam.subject_show(bsn).subject_show.version
        self.assertEqual(len(seen), 16)
        self.assertOk(kernteam.subject_change(bsn, years_ago(9), expected=seen))
        reply = kernteam.subject_change(bsn, expected=seen, remove={'representatives': ['ouder-2']})
        self.assertInvalid(reply, 'subject_set.expected')
        self.assertEqual(self.facts(bsn)[2], ['ouder-1', 'ouder-2'])
        nobody = next(self.bsns)
        self.assertInvalid(kernteam.subject_change(nobody, years_ago(9), expected=seen), 'subject_set.expected')

    def test_what_a_change_would_do_is_told_and_nothing_is_done(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2'])
        before = self.facts(bsn)
        kernteam = self.client('kernteam')
        reply = kernteam.subject_change(bsn, years_ago(13), advise=True, expected=b'')
        self.assertOk(reply)
        self.assertEqual((reply.subject_show.birth_date, list(reply.subject_show.ended)),
                         (str(years_ago(13)), [consent]))
        self.assertEqual(reply.subject_show.version, kernteam.subject_show(bsn).subject_show.version)
        self.assertEqual(self.facts(bsn), before)
        self.assertPermit(kernteam.check(bsn))
        unknown = next(self.bsns)
        self.assertOk(kernteam.subject_change(unknown, years_ago(13), advise=True))
        self.assertFalse(kernteam.subject_show(unknown).subject_show.known)

    def test_a_record_holds_together_whatever_of_it_changes(self):
        bsn = self.person(years_ago(8), representatives=PARENTS, died=today())
        change = self.client('kernteam').subject_change
        self.assertInvalid(change(bsn, today() + timedelta(1)), 'subject_set.birth_date')
        self.assertInvalid(change(bsn, died=years_ago(9)), 'subject_set.death_date')
        self.assertOk(change(bsn, died=years_ago(7)))
        self.assertInvalid(change(bsn, years_ago(6)), 'subject_set.birth_date')
        one = {'reference': 'ouder-1', 'kind': '', 'from': ''}
        self.assertInvalid(change(bsn, representatives=[{**one, 'until': str(years_ago(8))}]),
                           'subject_set.representatives[0].until')
        self.assertOk(change(bsn, representatives=[{**one, 'until': str(today())}]))
        self.assertInvalid(change(bsn, representatives=[{**one, 'from': str(today())}]),
                           'subject_set.representatives[0].from')
        self.assertInvalid(change(bsn, representatives=[{**one, 'reference': 'oma'}]),
                           'subject_set.representatives[0].kind')
        self.assertInvalid(change(bsn, representatives=[{**one, 'reference': 'oma', 'kind': 'voogd'}]),
                           'subject_set.representatives[0].from')
        self.assertInvalid(change(bsn, representatives=[{**one, 'kind': 'buurvrouw'}]),
                           'subject_set.representatives[0].kind')
        many = [{'reference': f'voogd-{i}', 'from': str(today())} for i in range(7)]
        self.assertInvalid(change(bsn, representatives=many), 'subject_set.representatives')
        days = [(today() - timedelta(30 - i), True) for i in range(16)]
        self.assertOk(change(bsn, capabilities=days))
        self.assertInvalid(change(bsn, capabilities=[(today(), False)]), 'subject_set.capabilities')

    def test_an_unknown_subject_is_shown_as_not_known(self):
        shown = self.client('kernteam').subject_show(self.person(born=None)).subject_show
        self.assertFalse(shown.known)
        self.assertEqual(shown.birth_date, '')

    def test_partners_see_and_record_no_subjects(self):
        bsn = self.person()
        self.assertStatus(self.client('zorgaanbieder-horizon').subject_show(bsn), 'FORBIDDEN')
        self.assertStatus(self.client('zorgaanbieder-horizon').subject_set(bsn, years_ago(8)), 'FORBIDDEN')
        self.assertEqual(self.client('kernteam').subject_show(bsn).subject_show.birth_date, '1980-05-17')


if __name__ == '__main__':
    unittest.main()
