"""C8 over the wire: urgent reasons and written requests, what is missing of them, and what the log says."""
import datetime
import hashlib
import json
import unittest

import check_pb2

from client import (TRIAGE, TRIAGE_OF_SECRECY, Client, check_request, claim_urgent_reasons, claim_written_request)
from harness import DAY, OwnInstanceTest, RegistryTest, now, start_of, today, tool, years_ago

SCHOOL = {'recipient': 'school-brug', 'purpose': 'extern-overleg'}
TO_TEAM = {'provider': 'kernteam', 'recipient': 'wijkteam', 'purpose': 'ondersteuning'}
UNDER_SECRECY = {**SCHOOL, 'under_secrecy': True}
PERMIT, DENY, USAGE, DATA_ERROR, NO_INPUT = 0, 1, 64, 65, 66


def without(name, triage):
    return {field: value for field, value in triage.items() if field != name}


class Claims(RegistryTest):
    def urgent(self, bsn, categories=('naw',), reason='vitaal-belang', triage=None, **question):
        question = {'mode': 'DISCLOSE', **(question or SCHOOL)}
        request = check_request(bsn, categories, **question)
        claim_urgent_reasons(request, reason)
        if triage is not None:
            request.check.urgent_reasons.triage.CopyFrom(check_pb2.Triage(**triage))
        return self.client(question.get('provider', 'kernteam')).call(request)

    def written(self, bsn, by='subject', categories=('naw',), **question):
        question = {'mode': 'DISCLOSE', **(question or SCHOOL)}
        request = claim_written_request(check_request(bsn, categories, **question), by)
        return self.client(question.get('provider', 'kernteam')).call(request)

    def assertIncomplete(self, reply, *missing):
        self.assertDenied(reply, 'NO_CONSENT', 'TRIAGE_INCOMPLETE')
        for item in reply.check.items:
            self.assertEqual(list(item.reasons[0].details), [])
            self.assertEqual(item.reasons[1].rule, 'C8')
            self.assertEqual(list(item.reasons[1].details), list(missing))

    def test_urgent_reasons_are_named_as_the_ground(self):
        reply = self.urgent(self.person(), ['naw', 'geboortedatum'])
        self.assertPermit(reply)
        for item in reply.check.items:
            self.assertEqual((item.ground, item.urgent_reason), (check_pb2.URGENT_REASONS, 'vitaal-belang'))
            self.assertEqual((item.consent_id, item.statute), (b'', ''))

    def test_each_part_of_the_triage_decision_that_is_missing_is_named(self):
        for name in TRIAGE:
            with self.subTest(missing=name):
                self.assertIncomplete(self.urgent(self.person(), triage=without(name, TRIAGE)), name)
        self.assertIncomplete(self.urgent(self.person(), triage={}), *TRIAGE)

    def test_informing_afterwards_says_by_when_and_why(self):
        last = start_of(today() + datetime.timedelta(15))
        after = {**TRIAGE, 'inform': check_pb2.AFTER, 'inform_by': last, 'inform_why': 'nu vertellen is gevaarlijk'}
        self.assertPermit(self.urgent(self.person(), triage=after))
        self.assertIncomplete(self.urgent(self.person(), triage={**after, 'inform_by': last + 1}), 'inform_by')
        self.assertIncomplete(self.urgent(self.person(), triage={**after, 'inform_by': now() - 1}), 'inform_by')
        self.assertIncomplete(self.urgent(self.person(), triage=without('inform_by', after)), 'inform_by')
        self.assertIncomplete(self.urgent(self.person(), triage={**after, 'inform_why': ' \n'}), 'inform_why')

    def test_who_is_bound_by_secrecy_motivates_four_things_more(self):
        whole = {**TRIAGE, **TRIAGE_OF_SECRECY}
        self.assertPermit(self.urgent(self.person(), triage=whole, **UNDER_SECRECY))
        for name in TRIAGE_OF_SECRECY:
            with self.subTest(missing=name):
                self.assertIncomplete(self.urgent(self.person(), triage=without(name, whole), **UNDER_SECRECY), name)
        self.assertIncomplete(self.urgent(self.person(), **UNDER_SECRECY), *TRIAGE_OF_SECRECY)

    def test_a_reason_that_is_not_the_packs_or_does_not_carry_the_category_is_no_ground(self):
        self.assertDenied(self.urgent(self.person(), reason='haast'), 'NO_CONSENT', 'GROUND_NOT_ALLOWED')
        question = {**TO_TEAM, 'origin': 'zvw'}
        self.assertPermit(self.urgent(self.person(), ['zrm-verslaving'], 'bemoeizorg', **question))
        self.assertDenied(self.urgent(self.person(), ['zrm-justitie'], 'bemoeizorg', **question), 'NO_CONSENT',
                          'GROUND_NOT_ALLOWED')
        self.assertPermit(self.urgent(self.person(), ['zrm-justitie'], 'veiligheid-derden', **question))

    def test_a_flow_that_does_not_admit_the_claim_does_not(self):
        question = {'recipient': 'cak', 'purpose': 'eigen-bijdrage', 'origin': 'participatiewet'}
        self.assertDenied(self.urgent(self.person(), **question), 'NO_CONSENT', 'STATUTE_NOT_FOR_ORIGIN',
                          'GROUND_NOT_ALLOWED')
        self.assertDenied(self.written(self.person(), categories=['zrm-adl'], **TO_TEAM), 'NO_CONSENT',
                          'GROUND_NOT_ALLOWED')

    def test_urgent_reasons_wait_for_no_agreement_and_a_written_request_does(self):
        self.registry.change_party('zorgaanbieder-delta', 'zorgaanbieder', 'partner')
        question = {'recipient': 'zorgaanbieder-delta', 'purpose': 'extern-overleg'}
        self.assertDenied(self.written(self.person(), **question), 'AGREEMENT_MISSING')
        self.assertPermit(self.urgent(self.person(), **question))
        reply = self.urgent(self.person(), triage=without('necessity', TRIAGE), **question)
        self.assertDenied(reply, 'AGREEMENT_MISSING', 'TRIAGE_INCOMPLETE')
        self.assertEqual(list(reply.check.items[0].reasons[1].details), ['necessity'])

    def test_a_written_request_is_of_all_who_must_consent_and_nobody_else(self):
        reply = self.written(self.person())
        self.assertPermit(reply)
        self.assertEqual(reply.check.items[0].ground, check_pb2.WRITTEN_REQUEST)
        child = self.person(years_ago(8), representatives=[{'reference': 'ouder-1'}, {'reference': 'ouder-2'}])
        self.assertPermit(self.written(child, by='ouder-1 ouder-2'))
        self.assertDenied(self.written(child, by='ouder-2'), 'NO_CONSENT', 'GROUND_NOT_ALLOWED')
        self.assertDenied(self.written(child, by='ouder-1 ouder-2 subject'), 'NO_CONSENT', 'GROUND_NOT_ALLOWED')
        self.assertDenied(self.written(child), 'NO_CONSENT', 'GROUND_NOT_ALLOWED')
        self.assertDenied(self.written(child, by='tante-1'), 'NO_CONSENT', 'GROUND_NOT_ALLOWED')
        self.assertDenied(self.written(self.person(born=None)), 'NO_CONSENT', 'GROUND_NOT_ALLOWED')

    def test_a_written_request_without_its_evidence_is_invalid(self):
        def spoiled(spoil):
            request = claim_written_request(check_request(self.person(), **SCHOOL))
            spoil(request.check)
            return self.client('kernteam').call(request)

        field = 'check.written_request'
        self.assertInvalid(spoiled(lambda check: check.written_request.ClearField('by')), f'{field}.by')
        self.assertInvalid(spoiled(lambda check: check.written_request.ClearField('given_at')), f'{field}.given_at')
        self.assertInvalid(self.client('kernteam').call(
            claim_written_request(check_request(self.person(), **SCHOOL), given_at=now() + DAY)), f'{field}.given_at')
        self.assertInvalid(spoiled(lambda check: check.written_request.ClearField('evidence')), f'{field}.evidence')
        self.assertInvalid(spoiled(lambda check: check.written_request.evidence.ClearField('reference')),
                           f'{field}.evidence.reference')
        self.assertInvalid(spoiled(lambda check: check.written_request.evidence.ClearField('sha256')),
                           f'{field}.evidence.sha256')
        self.assertInvalid(spoiled(lambda check: setattr(check.urgent_reasons, 'reason', 'bemoeizorg')),
                           'check.urgent_reasons')

    def test_until_is_when_informing_comes_too_late(self):
        by = now() + DAY
        after = {**TRIAGE, 'inform': check_pb2.AFTER, 'inform_by': by, 'inform_why': 'nu vertellen is gevaarlijk'}
        self.assertEqual(self.urgent(self.person(), triage=after).check.until, by)

    def test_the_log_has_the_claim_and_no_motivation(self):
        bsn = self.person()
        self.assertPermit(self.urgent(bsn, triage={**TRIAGE, 'necessity': 'het kind wordt geslagen'}))
        line = [entry for entry in self.client('operator').audit(bsn=bsn) if entry.action == 'check'][-1]
        details = json.loads(line.details)
        claim = details['request']['check']['urgent_reasons']
        self.assertEqual(claim['reason'], 'vitaal-belang')
        self.assertEqual(claim['triage'], {'manager_consulted': 'manager-3', 'serious_situation': True,
                                           'urgent_support': True, 'inform': 'BEFORE'})
        self.assertEqual(details['reply']['check']['items'][0]['urgent_reason'], 'vitaal-belang')
        self.assertNotIn('geslagen', line.details)


class FromTheCommandLine(RegistryTest):
    QUESTION = ['--provider', 'kernteam', '--recipient', 'school-brug', '--purpose', 'extern-overleg', '--item', 'naw']

    def check(self, bsn, *arguments, expected=PERMIT):
        result = tool('ctl/consentctl', 'check', *self.QUESTION, *arguments, '--key',
                      self.registry.key_file('kernteam'), stdin=bsn)
        self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def triage(self, **changes):
        whole = {**TRIAGE, 'inform': 'before', **changes}
        return self.registry.write('triage.json', json.dumps({name: one for name, one in whole.items() if one != ''}))

    def test_urgent_reasons_come_with_the_triage_decision_from_a_file(self):
        said = self.check(self.person(), '--urgent-reason', 'bemoeizorg', '--triage', self.triage(), '--disclose')
        self.assertRegex(said, r'naw .*PERMIT +urgent reason bemoeizorg')
        day = today() + datetime.timedelta(14)
        after = self.triage(inform='AFTER', inform_by=str(day), inform_why='nu vertellen is gevaarlijk')
        said = self.check(self.person(), '--urgent-reason', 'bemoeizorg', '--triage', after)
        self.assertRegex(said, r'stands until +' + str(day + datetime.timedelta(1)))

    def test_what_is_missing_is_said_by_name(self):
        said = self.check(self.person(), '--urgent-reason', 'bemoeizorg', '--triage',
                          self.triage(necessity='', serious_situation=False), expected=DENY)
        self.assertIn('TRIAGE_INCOMPLETE C8 (necessity, serious_situation)', said)
        self.assertIn('TRIAGE_INCOMPLETE C8 (necessity, subsidiarity',
                      self.check(self.person(), '--urgent-reason', 'bemoeizorg', expected=DENY))

    def test_a_written_request_comes_with_its_evidence(self):
        form = self.registry.write('verzoek.pdf', 'het ondertekende verzoek')
        by = ['--written-request-by', 'subject', '--written-request-at', str(today())]
        said = self.check(self.person(), *by, '--evidence-reference', 'dossier-14', '--evidence-file', form)
        self.assertRegex(said, r'naw .*PERMIT +written request')
        digest = hashlib.sha256(b'het ondertekende verzoek').hexdigest()
        self.check(self.person(), *by, '--evidence-reference', 'dossier-14', '--evidence-sha256', digest)
        self.assertIn('check.written_request.evidence', self.check(self.person(), *by, expected=DATA_ERROR))
        self.check(self.person(), *by, '--written-request-by', 'ouder-1', '--evidence-reference', 'dossier-14',
                   '--evidence-sha256', digest, expected=DENY)

    def test_what_cannot_be_claimed_is_refused_before_it_is_asked(self):
        bsn, file = next(self.bsns), self.triage()
        by = ['--written-request-by', 'subject', '--written-request-at', '2026-01-01']
        for arguments in (['--urgent-reason', 'bemoeizorg', '--written-request-by', 'subject'],
                          ['--triage', file], ['--evidence-reference', 'dossier-14'],
                          ['--urgent-reason', 'bemoeizorg', '--batch', file],
                          ['--written-request-by', 'subject'], ['--written-request-at', '2026-01-01'],
                          ['--written-request-by', 'subject', '--written-request-at', 'gisteren'],
                          [*by, '--evidence-sha256', 'abc'],
                          [*by, '--evidence-sha256', '0' * 64, '--evidence-file', file]):
            with self.subTest(arguments=arguments):
                self.check(bsn, *arguments, expected=USAGE)

    def test_a_triage_decision_that_cannot_be_read_is_refused_with_the_field(self):
        def said(text, expected=DATA_ERROR):
            file = self.registry.write('triage.json', text)
            return self.check(next(self.bsns), '--urgent-reason', 'bemoeizorg', '--triage', file, expected=expected)

        for text, field in (('{"necessity": 3}', 'necessity'), ('{"serious_situation": "ja"}', 'serious_situation'),
                            ('{"inform": "ooit"}', 'inform'), ('{"inform": true}', 'inform'),
                            ('{"inform_by": "morgen"}', 'inform_by'), ('{"inform_by": 12}', 'inform_by'),
                            ('{"inform_by": "2026-02-30"}', 'inform_by: this day does not exist')):
            with self.subTest(text=text):
                self.assertIn(f'triage decision: {field}', said(text))
        for text in ('{"geheim": "Jan"}', '[]', '{', '{"necessity": "a", "necessity": "b"}', '"a"', ' ' * 70000):
            with self.subTest(text=text[:20]):
                self.assertNotIn('Jan', said(text))
        self.check(next(self.bsns), '--urgent-reason', 'bemoeizorg', '--triage', '/nonexistent', expected=NO_INPUT)


class NotTheGround(OwnInstanceTest):
    """G9 under both packs."""

    def put_in_force(self, name):
        settings = self.registry.directory / 'consentd.conf'
        settings.write_text(settings.read_text().replace('policies/kaag-en-braassem-2015', f'policies/{name}'))
        self.registry.reload()

    def test_in_2015_it_is_recorded_with_a_warning_and_in_2026_refused(self):
        kernteam, bsn = self.client('kernteam'), self.person()
        scope = {'recipients': ['cak'], 'purpose': 'eigen-bijdrage'}
        reply = kernteam.grant(bsn, **scope)
        self.assertOk(reply)
        self.assertEqual(len(reply.consent_recorded.consent_id), 16)
        self.assertEqual(Client.codes(reply.refusals), ['CONSENT_NOT_THE_GROUND'])
        self.assertEqual((reply.refusals[0].rule, list(reply.refusals[0].details)), ('G9', ['wmo-2015']))
        self.assertEqual(list(kernteam.grant(bsn, **scope, origins=['wmo', 'zvw']).refusals), [])

        self.put_in_force('wmo-jeugdwet-2026')
        before = len(kernteam.consent_list(bsn).consent_list.consents)
        reply = kernteam.grant(bsn, **scope)
        self.assertRejected(reply, 'CONSENT_NOT_THE_GROUND')
        self.assertEqual(list(reply.refusals[0].details), ['wmo-5.2.1'])
        self.assertEqual(len(kernteam.consent_list(bsn).consent_list.consents), before)
        self.assertOk(kernteam.grant(bsn, **scope, origins=['wmo', 'zvw']))
        self.assertOk(kernteam.refuse(bsn, **scope))

    def test_what_only_goes_by_statute_is_in_2026_neither_needed_nor_the_ground(self):
        """B1 (consent = no): the subject cannot consent to it, and a statute carries it."""
        kernteam, bsn = self.client('kernteam'), self.person()
        scope = {'recipients': ['wijkteam'], 'purpose': 'informatie-plan', 'categories': ['netwerk-naw']}
        self.assertRejected(kernteam.grant(bsn, **scope), 'NOT_NEEDED')
        self.put_in_force('wmo-jeugdwet-2026')
        reply = kernteam.grant(bsn, **scope)
        self.assertRejected(reply, 'NOT_NEEDED', 'CONSENT_NOT_THE_GROUND')
        self.assertEqual([list(one.details) for one in reply.refusals],
                         [['kernteam > wijkteam: netwerk-naw'], ['wmo-5.1.1']])
        self.assertRejected(kernteam.grant(bsn, **scope, origins=['zvw']), 'NOT_NEEDED')

    def test_consentctl_shows_the_warning_and_the_refusal(self):
        def grant(expected):
            arguments = ['consent', 'grant', '--provider', 'kernteam', '--recipient', 'cak', '--purpose',
                         'eigen-bijdrage', '--category', 'naw', '--motivation-file',
                         self.registry.write('motivatie', 'om te helpen'), '--form', 'written',
                         '--evidence-reference', 'dossier-14', '--evidence-sha256', '0' * 64, '--notice',
                         f'toestemming-sociaal-domein:1:nl:{today() - datetime.timedelta(1)}', '--signer', 'subject',
                         '--valid-until', today() + datetime.timedelta(30)]
            result = tool('ctl/consentctl', *arguments, '--key', self.registry.key_file('kernteam'),
                          stdin=self.person())
            self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
            return result.stdout, result.stderr

        out, error = grant(0)
        self.assertIn('is recorded', out)
        self.assertIn('note: CONSENT_NOT_THE_GROUND (G9)', error)
        self.put_in_force('wmo-jeugdwet-2026')
        self.assertIn('CONSENT_NOT_THE_GROUND', ''.join(grant(DATA_ERROR)))


if __name__ == '__main__':
    unittest.main()
