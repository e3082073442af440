"""Decisions looked back on: shown to who asked and to who may explain (C9), and decided again under another pack."""
import json
import unittest

import codes_pb2

from client import check_request
from harness import SOURCE, OwnInstanceTest, tool, today, years_ago

POLICIES = SOURCE / 'config' / 'policies'
TO_CAK = {'recipient': 'cak', 'purpose': 'eigen-bijdrage'}


class LookingBack(OwnInstanceTest):
    def consentctl(self, *arguments, party='operator'):
        return tool('ctl/consentctl', '--key', self.registry.key_file(party), *arguments)

    def replay(self, pack, *more):
        ran = self.consentctl('policy', 'replay', POLICIES / pack, '--since', str(today()), '--json', *more)
        self.assertIn(ran.returncode, (0, 1), ran.stderr)
        return ran.returncode, json.loads(ran.stdout)

    def show(self, party, number, **more):
        return self.client(party).ask('decision_show', number=number, **more)

    def a_history(self):
        """Decisions of many kinds, and after them changes of all that they rested on."""
        kernteam, numbers = self.client('kernteam'), []

        def ask(*arguments, **question):
            reply = kernteam.call(check_request(*arguments, **question))
            self.assertOk(reply)
            numbers.append(reply.check.decision)
            return reply

        adult, child = self.person(), self.person(None)
        ask(adult)
        self.assertOk(kernteam.subject_set(child, years_ago(8), representatives=[{'reference': 'moeder'}]))
        consent = self.granted(adult, categories=['naw', 'budget'])
        once = self.granted(adult, recipients=['school-brug'], purpose='extern-overleg', one_time=True)
        childs = self.granted(child, signers=['moeder'])
        self.assertPermit(ask(adult, ['naw', 'budget'], mode='DISCLOSE'))
        self.assertPermit(ask(adult, recipient='school-brug', purpose='extern-overleg', mode='DISCLOSE'))
        self.assertDenied(ask(adult, recipient='school-brug', purpose='extern-overleg', mode='DISCLOSE'), 'USED_UP')
        self.assertPermit(ask(child))
        ask(adult, origin='jeugdwet', **TO_CAK)
        ask(adult, origin='participatiewet', mode='DISCLOSE', **TO_CAK)
        ask(adult, ['naw', 'gezondheid', 'periode'], all_or_nothing=True, mode='DISCLOSE')
        self.assertOk(kernteam.revoke(consent, categories=['budget']))
        ask(adult, ['naw', 'budget'])
        self.assertOk(kernteam.refuse(adult))
        ask(adult)
        # Everything that was seen, changes: it must be remembered as it was.
        self.assertOk(kernteam.revoke(consent))
        self.assertOk(kernteam.revoke(childs, 'moeder'))
        self.assertOk(kernteam.subject_set(child, years_ago(30)))
        self.assertOk(kernteam.subject_set(adult, years_ago(50), died=today()))
        self.registry.write_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner')
        self.registry.write_party('cak', 'cak', 'partner', **{'agreement-from': '2020-01-01',
                                                              'agreement-until': '2021-01-01'})
        self.registry.reload()
        self.assertDenied(ask(adult), 'AGREEMENT_MISSING')
        self.assertEqual(len({consent, once, childs}), 3)
        return numbers

    def test_under_the_same_pack_every_decision_comes_out_the_same_whatever_changed_since(self):
        numbers = self.a_history()
        code, again = self.replay('kaag-en-braassem-2015')
        self.assertEqual((code, again['differences']), (0, []))
        self.assertEqual(again['decisions'], len(numbers))

    def test_under_another_pack_those_that_differ_are_told(self):
        numbers = self.a_history()
        code, again = self.replay('wmo-jeugdwet-2026')
        self.assertEqual((code, again['decisions']), (1, len(numbers)))
        told = {(one['recipient'], one['category'], one['origin']): (one['then'], one['now'])
                for one in again['differences'] if one['purpose'] == 'eigen-bijdrage'}
        # The origin rule: under the law of today the CAK gets what came under the Jeugdwet on consent alone.
        self.assertEqual(told['cak', 'naw', 'jeugdwet'],
                         ('PERMIT statute jeugdwet', 'DENY STATUTE_NOT_FOR_ORIGIN NO_CONSENT'))
        self.assertTrue(all(one['then'] != one['now'] for one in again['differences']))
        self.assertGreaterEqual(again['denied_now'], 1)
        before = self.client('operator').status().status_report
        self.assertEqual(before.policy, 'kaag-en-braassem-2015/1')

    def test_a_pack_that_does_not_know_a_code_says_so(self):
        bsn = self.person()
        reply = self.client('svb').check(bsn, ['bsn'], recipient='svb', purpose='pgb')
        self.assertOk(reply)
        pack = self.registry.directory / 'without-origin'
        pack.mkdir()
        for file in (POLICIES / 'kaag-en-braassem-2015').iterdir():
            text = file.read_text()
            if file.name == 'purposes.txt':
                text = text.replace('purpose verantwoording-pgb', 'purpose verantwoording')
            if file.name == 'flows.txt':
                text = text.replace('verantwoording-pgb', 'verantwoording')
            if file.name == 'cases.txt':
                continue
            (pack / file.name).write_text(text)
        self.client('gemeente').check(bsn, ['budget'], provider='svb', recipient='gemeente', purpose='verantwoording-pgb')
        ran = self.consentctl('policy', 'replay', pack, '--since', str(today()), '--json')
        self.assertEqual(ran.returncode, 1, ran.stderr)
        again = json.loads(ran.stdout)
        self.assertEqual(again['not_known'], 1)
        self.assertEqual([one['now'] for one in again['differences']],
                         ['not known to this pack: purpose verantwoording-pgb'])

    def test_a_replay_begins_where_it_is_told(self):
        self.a_history()
        ran = self.consentctl('policy', 'replay', POLICIES / 'wmo-jeugdwet-2026', '--since', '2036-01-01', '--json')
        self.assertEqual((ran.returncode, json.loads(ran.stdout)['decisions']), (0, 0), ran.stderr)

    def test_who_asked_sees_its_own_decision_as_it_was_answered(self):
        bsn = self.person()
        self.granted(bsn)
        reply = self.client('zorgaanbieder-delta').check(bsn, recipient='zorgaanbieder-delta')
        self.assertDenied(reply, 'NO_CONSENT')
        own = self.show('zorgaanbieder-delta', reply.check.decision)
        self.assertOk(own)
        shown = own.decision_show
        self.assertEqual(shown.reply, reply.check)
        self.assertEqual((shown.check.bsn, shown.check.recipient), ('', 'zorgaanbieder-delta'))
        self.assertFalse(shown.HasField('subject') or shown.HasField('provider') or shown.all_reasons)
        self.assertStatus(self.show('zorgaanbieder-delta', reply.check.decision, statements=True), 'FORBIDDEN')
        self.assertStatus(self.show('zorgaanbieder-horizon', reply.check.decision), 'NOT_FOUND')
        self.assertStatus(self.show('cak', reply.check.decision), 'NOT_FOUND')

    def test_who_may_explain_sees_what_was_seen(self):
        bsn = self.person()
        consent = self.granted(bsn)
        reply = self.client('zorgaanbieder-delta').check(bsn, recipient='zorgaanbieder-delta')
        for party in ('kernteam', 'operator'):
            shown = self.show(party, reply.check.decision).decision_show
            self.assertEqual((shown.provider.kind, shown.recipient.agreement_from), ('kernteam', '2020-01-01'))
            self.assertEqual(shown.subject.birth_date, '1980-05-17')
            self.assertEqual([list(one.codes) for one in shown.all_reasons],
                             [[codes_pb2.RECIPIENT_NOT_CONSENTED]])
            page = self.show(party, reply.check.decision, statements=True).decision_show
            self.assertEqual([one.consent_id for one in page.statements], [consent])
            self.assertFalse(page.more)

    def test_the_statements_come_in_pages_in_the_order_of_recording(self):
        bsn = self.person()
        consents = [self.granted(bsn, case_ref=f'zaak-{number}') for number in range(40)]
        number = self.client('kernteam').check(bsn).check.decision
        self.granted(bsn)
        seen, after, more = [], 0, True
        while more:
            page = self.show('operator', number, statements=True, after=after).decision_show
            seen += [one.consent_id for one in page.statements]
            after, more = page.statements[-1].order, page.more
        self.assertEqual(seen, consents)

    def test_what_is_no_decision_is_not_found(self):
        bsn = self.person()
        self.granted(bsn)
        grant = [entry for entry in self.client('operator').audit() if entry.action == 'grant'][-1]
        for number in (grant.number, 10**6):
            self.assertStatus(self.show('operator', number), 'NOT_FOUND')
        self.assertInvalid(self.show('operator', 0), 'decision_show.number')

    def test_a_replay_needs_a_key_that_may_explain(self):
        self.client('kernteam').check(self.person())
        ran = self.consentctl('policy', 'replay', POLICIES / 'wmo-jeugdwet-2026', '--since', str(today()), party='kernteam')
        self.assertEqual(ran.returncode, 77, ran.stderr)


if __name__ == '__main__':
    unittest.main()
