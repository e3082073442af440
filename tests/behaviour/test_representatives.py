"""Who exercises the subject's rights: M1 to M8 and M10 under the ages of 2015."""
import unittest
from datetime import timedelta

import consent_pb2

from client import DAY, grant_request, now, refuse_request
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
        self.assertPermit(self.client('kernteam').disclose(bsn, **CAK))


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
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(8)))
        self.assertRejected(self.client('kernteam').revoke(consent, 'ouder-1'), 'REPRESENTATION_MISSING')
        self.assertNotEqual(self.client('kernteam').status_name(
            self.client('zorgaanbieder-horizon').revoke(consent, **with_reason)), 'OK')
        self.assertOk(self.client('kernteam').revoke(consent, **with_reason))
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

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

    def test_recording_again_replaces_the_whole(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(9)))
        shown = self.client('kernteam').subject_show(bsn).subject_show
        self.assertEqual(shown.birth_date, str(years_ago(9)))
        self.assertEqual(len(shown.representatives), 0)

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
