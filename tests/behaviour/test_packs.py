"""The two packs that come with the project, in force one after the other in a registry that keeps its records."""
import json
import unittest

from harness import SOURCE, OwnInstanceTest, tool

TO_CAK = {'recipient': 'cak', 'purpose': 'eigen-bijdrage'}


class PacksTest(OwnInstanceTest):
    def put_in_force(self, name):
        settings = self.registry.directory / 'consentd.conf'
        text = settings.read_text()
        self.assertIn('policies/kaag-en-braassem-2015', text)
        settings.write_text(text.replace('policies/kaag-en-braassem-2015', f'policies/{name}'))
        before = self.client('operator').status().status_report
        self.registry.reload()
        after = self.client('operator').status().status_report
        self.assertEqual((after.last_reload, after.policy), ('ok', f'{name}/1'))
        self.assertNotEqual(after.policy_hash, before.policy_hash)

    def grounds(self, reply):
        self.assertOk(reply)
        return [item.statute or self.client('kernteam').codes(item.reasons) for item in reply.check.items]

    def test_a_reload_brings_the_law_of_today_to_records_of_before(self):
        kernteam, bsn = self.client('kernteam'), self.person()
        consent = self.granted(bsn)
        before = kernteam.disclose(bsn, **TO_CAK)
        self.assertEqual((before.check.policy, self.grounds(before)), ('kaag-en-braassem-2015/1', ['wmo-2015']))
        self.assertEqual(kernteam.disclose(bsn).check.items[0].consent_id, consent)

        self.put_in_force('wmo-jeugdwet-2026')
        after = kernteam.disclose(bsn, **TO_CAK)
        self.assertEqual((after.check.policy, self.grounds(after)), ('wmo-jeugdwet-2026/1', ['wmo-5.2.1']))
        self.assertEqual(self.grounds(kernteam.disclose(bsn)), ['wmo-5.2.1'])
        participation = kernteam.disclose(bsn, origin='participatiewet')
        self.assertPermit(participation)
        self.assertEqual(participation.check.items[0].consent_id, consent)

    def test_data_under_the_jeugdwet_stop_going_to_the_cak(self):
        kernteam, bsn = self.client('kernteam'), self.person()
        self.assertEqual(self.grounds(kernteam.disclose(bsn, origin='jeugdwet', **TO_CAK)), ['jeugdwet'])
        self.put_in_force('wmo-jeugdwet-2026')
        self.assertDenied(kernteam.disclose(bsn, origin='jeugdwet', **TO_CAK), 'STATUTE_NOT_FOR_ORIGIN', 'NO_CONSENT')

    def test_consentctl_shows_what_one_pack_decides_otherwise_than_another(self):
        then, now = (SOURCE / 'config' / 'policies' / name for name in ('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'))
        differ = tool('ctl/consentctl', 'policy', 'diff', then, now)
        self.assertEqual((differ.returncode, differ.stderr), (1, ''))
        self.assertIn('12 to 16  subject (was subject and representatives)', differ.stdout)
        self.assertLessEqual(max(map(len, differ.stdout.splitlines())), 100)
        alike = tool('ctl/consentctl', 'policy', 'diff', now, now)
        self.assertEqual((alike.returncode, alike.stderr), (0, ''))
        self.assertIn('They decide alike', alike.stdout)
        data = json.loads(tool('ctl/consentctl', 'policy', 'diff', then, now, '--json').stdout)
        self.assertEqual((data['before'], data['after'], data['alike']),
                         ('kaag-en-braassem-2015/1', 'wmo-jeugdwet-2026/1', False))
        self.assertEqual(sum(flow['cells'] for flow in data['flows']), data['opened'] + data['closed'] + data['changed'])
        missing = tool('ctl/consentctl', 'policy', 'diff', then, self.registry.directory / 'keys')
        self.assertEqual((missing.returncode, missing.stdout), (65, ''))

    def test_consentctl_finds_the_pack_right_and_shows_it(self):
        pack = SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026'
        checked = tool('ctl/consentctl', 'policy', 'check', pack)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn('wmo-jeugdwet-2026/1: ok', checked.stdout)
        shown = tool('ctl/consentctl', 'policy', 'show', pack)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for flow in ('A1', 'B1', 'C1', 'C2', 'C3', 'D1', 'D2', 'D3', 'E1', 'F1', 'F2', 'F3', 'F4', 'F5', 'X1', 'X2'):
            self.assertRegex(shown.stdout, rf'(?m)^{flow}  ')
        self.assertIn('own reading, for a jurist to confirm', shown.stdout)


if __name__ == '__main__':
    unittest.main()
