"""Legal holds as the social team and an operator see them (R7, T2)."""
import json
import unittest

from client import USER
from harness import OwnInstanceTest, RegistryTest, tool

REASON = 'er loopt een zaak bij de rechter'
DATA_ERROR, USAGE = 65, 64


class HoldTest(RegistryTest):
    def set(self, bsn, reference='zaak-1', party='kernteam', **fields):
        return self.client(party).ask('hold_set', **{'bsn': bsn, 'reference': reference, 'reason': REASON, 'user': USER,
                                                     **fields})

    def lift(self, bsn, reference='zaak-1', party='kernteam', **fields):
        return self.client(party).ask('hold_lift', **{'bsn': bsn, 'reference': reference, 'reason': REASON, 'user': USER,
                                                      **fields})

    def standing(self, bsn, party='kernteam'):
        reply = self.client(party).ask('hold_show', bsn=bsn)
        self.assertOk(reply)
        return [one.reference for one in reply.hold.holds]


class Holds(HoldTest):
    def test_each_is_set_and_lifted_by_its_own_reference(self):
        bsn = self.person()
        self.assertEqual(self.standing(bsn), [])
        held, = self.set(bsn).hold.holds
        self.assertEqual((held.reference, held.reason, held.recorded_by, held.user),
                         ('zaak-1', REASON, 'kernteam', USER))
        self.assertFalse(self.set(bsn, 'klacht-7').hold.already)
        again = self.set(bsn, reason='een andere reden')
        self.assertTrue(again.hold.already)
        self.assertEqual([(one.reference, one.reason) for one in again.hold.holds],
                         [('zaak-1', REASON), ('klacht-7', REASON)])
        self.assertEqual(again.hold.holds[0].since, held.since)
        self.assertTrue(self.lift(bsn, 'zaak-2').hold.already)
        self.assertEqual(self.standing(bsn), ['zaak-1', 'klacht-7'])
        self.assertEqual([one.reference for one in self.lift(bsn).hold.holds], ['klacht-7'])
        self.lift(bsn, 'klacht-7')
        self.assertEqual(self.standing(bsn), [])
        self.assertFalse(self.set(bsn).hold.already)

    def test_a_hold_changes_no_check_and_tells_no_party(self):
        bsn = self.person()
        self.granted(bsn)
        before = self.client('zorgaanbieder-horizon').check(bsn)
        newest = self.listen('zorgaanbieder-horizon')
        self.assertOk(self.set(bsn))
        self.assertPermit(self.client('kernteam').disclose(bsn))
        self.assertEqual(self.client('zorgaanbieder-horizon').check(bsn).check.verdict, before.check.verdict)
        self.assertOk(self.client('kernteam').ask('restrict_data', bsn=bsn, whole=True, reason=REASON, user=USER))
        self.assertEqual(newest.next_event().event.kind, 8)  # the restriction is the first that is told

    def test_a_ninth_is_refused(self):
        bsn = self.person()
        for number in range(8):
            self.assertFalse(self.set(bsn, f'zaak-{number}', reason='x' * 1000).hold.already)
        self.assertInvalid(self.set(bsn, 'zaak-8'), 'hold_set.reference')
        self.assertTrue(self.set(bsn, 'zaak-7').hold.already)
        self.assertEqual(len(self.client('kernteam').subject_show(bsn).subject_show.holds), 8)
        self.lift(bsn, 'zaak-0')
        self.assertOk(self.set(bsn, 'zaak-8'))

    def test_who_may_not_and_what_is_malformed(self):
        bsn = self.person()
        for party in ('zorgaanbieder-horizon', 'cak'):
            self.assertStatus(self.set(bsn, party=party), 'FORBIDDEN')
            self.assertStatus(self.lift(bsn, party=party), 'FORBIDDEN')
            self.assertStatus(self.client(party).ask('hold_show', bsn=bsn), 'FORBIDDEN')
        for verb, change in (('hold_set', self.set), ('hold_lift', self.lift)):
            self.assertInvalid(change('999900007'), f'{verb}.bsn')
            self.assertInvalid(change(bsn, ''), f'{verb}.reference')
            self.assertInvalid(change(bsn, 'een zaak'), f'{verb}.reference')
            self.assertInvalid(change(bsn, f'zaak-{bsn}'), f'{verb}.reference')
            self.assertInvalid(change(bsn, reason=''), f'{verb}.reason')
            self.assertInvalid(change(bsn, user=''), f'{verb}.user')
        self.assertEqual(self.standing(bsn), [])

    def test_the_subject_and_the_overview_show_it_and_the_log_not_why(self):
        bsn = self.person()
        self.set(bsn)
        shown, = self.client('kernteam').subject_show(bsn).subject_show.holds
        self.assertEqual((shown.reference, shown.reason, shown.user), ('zaak-1', REASON, USER))
        line = [entry for entry in self.client('operator').audit() if entry.action == 'hold-set'][-1]
        self.assertEqual((line.result, line.user), ('ok', USER))
        self.assertIn('zaak-1', line.details)
        self.assertNotIn('rechter', line.details)
        result = tool('ctl/consentctl', 'overview', '--key', self.registry.key_file('kernteam'), '--format', 'text', stdin=bsn)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        text = ' '.join(result.stdout.split())
        self.assertRegex(text, rf'Moet blijven: alles wat hier staat, sinds .* Reden: {REASON}')
        self.assertIn('heeft opgeschreven dat uw gegevens voorlopig moeten blijven', text)

    def test_a_change_of_the_facts_leaves_it_and_it_leaves_the_facts_as_they_were_seen(self):
        bsn = self.person()
        seen = self.client('kernteam').subject_show(bsn).subject_show.version
        self.set(bsn)
        self.assertEqual(self.client('kernteam').subject_show(bsn).subject_show.version, seen)
        self.assertOk(self.client('kernteam').subject_change(bsn, '1980-05-18', expected=seen))
        self.assertEqual(self.standing(bsn), ['zaak-1'])

    def test_consentctl_sets_shows_and_lifts_one(self):
        bsn = self.person()
        why = self.registry.write('waarom', REASON + '\n', 0o600)

        def ctl(*arguments, expected=0):
            result = tool('ctl/consentctl', 'hold', *arguments, '--key', self.registry.key_file('kernteam'), stdin=bsn)
            self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
            self.assertNotIn(bsn, result.stdout + result.stderr)
            return result.stdout

        change = ['--reference', 'zaak-1', '--reason-file', why]
        self.assertIn('No legal hold stands', ctl('show'))
        self.assertRegex(ctl('set', *change), rf'(?s)Held: .*hold +zaak-1 since .*, by kernteam \S+: {REASON}')
        self.assertIn('nothing left to do', ctl('set', *change))
        self.assertRegex(ctl('show'), rf'hold +zaak-1 since .*: {REASON}')
        ctl('set', '--reason-file', why, expected=USAGE)
        ctl('set', '--reference', 'zaak-2', '--reason-file', self.registry.write('leeg', ' \n'), expected=DATA_ERROR)
        self.assertEqual(json.loads(ctl('lift', *change, '--json'))['hold']['holds'], [])
        self.assertIn('nothing left to do', ctl('lift', *change))
        self.assertIn('No legal hold stands', ctl('show'))


class HoldsAndFailure(OwnInstanceTest, HoldTest):
    def test_what_was_acknowledged_stands_after_a_kill(self):
        bsn = self.person()
        self.set(bsn)
        self.registry.kill()
        self.registry.start()
        self.assertEqual(self.standing(bsn), ['zaak-1'])
        self.lift(bsn)
        self.registry.kill()
        self.registry.start()
        self.assertEqual(self.standing(bsn), [])


if __name__ == '__main__':
    unittest.main()
