"""The packs that come with the project in force in a registry that keeps its records, and packs that are wrong: refused
with file and line, and not put in force."""
import json
import unittest

from harness import SOURCE, OwnInstanceTest, RegistryTest, tool

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
        self.assertEqual((after.last_reload, after.policy), ('ok', f'{name}/2'))
        self.assertNotEqual(after.policy_hash, before.policy_hash)

    def grounds(self, reply):
        self.assertOk(reply)
        return [item.statute or self.client('kernteam').codes(item.reasons) for item in reply.check.items]

    def test_a_reload_brings_the_law_of_today_to_records_of_before(self):
        kernteam, bsn = self.client('kernteam'), self.person()
        consent = self.granted(bsn)
        before = kernteam.disclose(bsn, **TO_CAK)
        self.assertEqual((before.check.policy, self.grounds(before)), ('kaag-en-braassem-2015/2', ['wmo-2015']))
        self.assertEqual(kernteam.disclose(bsn).check.items[0].consent_id, consent)

        self.put_in_force('wmo-jeugdwet-2026')
        after = kernteam.disclose(bsn, **TO_CAK)
        self.assertEqual((after.check.policy, self.grounds(after)), ('wmo-jeugdwet-2026/2', ['wmo-5.2.1']))
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
        self.assertLessEqual(max(map(len, differ.stdout.splitlines())), 80)
        alike = tool('ctl/consentctl', 'policy', 'diff', now, now)
        self.assertEqual((alike.returncode, alike.stderr), (0, ''))
        self.assertIn('They decide alike', alike.stdout)
        data = json.loads(tool('ctl/consentctl', 'policy', 'diff', then, now, '--json').stdout)
        self.assertEqual((data['before'], data['after'], data['alike']),
                         ('kaag-en-braassem-2015/2', 'wmo-jeugdwet-2026/2', False))
        self.assertEqual(sum(flow['cells'] for flow in data['flows']), data['opened'] + data['closed'] + data['changed'])
        missing = tool('ctl/consentctl', 'policy', 'diff', then, self.registry.directory / 'keys')
        self.assertEqual((missing.returncode, missing.stdout), (65, ''))

    def test_consentctl_tries_the_cases_of_a_pack(self):
        pack = self.registry.directory / 'policies' / 'wmo-jeugdwet-2026'
        tried = tool('ctl/consentctl', 'policy', 'test', pack)
        self.assertEqual((tried.returncode, tried.stderr), (0, ''))
        self.assertRegex(tried.stdout, r'(?m)^pass  d2-eigen-bijdrage: .*\n      het CAK\n      kernteam > cak for eigen-bijdrage; LAW Wmo 5.2.1\n'
                                       r'      bsn:wmo, naw:wmo, kostprijs:wmo: PERMIT statute wmo-5.2.1\n')
        self.assertRegex(tried.stdout.splitlines()[-1], r'^[1-9][0-9]* passed, 0 failed$')
        self.assertLessEqual(max(map(len, tried.stdout.splitlines())), 100)

        cases = pack / 'cases.txt'
        cases.write_text(cases.read_text().replace('expect      PERMIT statute wmo-5.2.1', 'expect      PERMIT consent'))
        tried = tool('ctl/consentctl', 'policy', 'test', pack)
        self.assertEqual((tried.returncode, tried.stderr), (1, ''))
        self.assertRegex(tried.stdout, r'(?m)^FAIL  d2-eigen-bijdrage: ')
        self.assertRegex(tried.stdout.replace('\n        ', ' '),
                         r'kostprijs:wmo: expected PERMIT consent, decided PERMIT statute wmo-5.2.1 \(cases.txt:\d+\)\n')
        data = json.loads(tool('ctl/consentctl', 'policy', 'test', pack, '--json').stdout)
        failed = [case for case in data['cases'] if not case['passed']]
        self.assertEqual(len(failed), data['failed'])
        items = next(case['items'] for case in failed if case['code'] == 'd2-eigen-bijdrage')
        self.assertIn({'item': 'bsn:wmo', 'line': items[0]['line'], 'expected': 'PERMIT consent',
                       'decided': 'PERMIT statute wmo-5.2.1', 'passed': False}, items)

        for arguments, code in (('check', pack), 65), (('show', pack), 0), (('diff', pack, pack), 0):
            looked_at = tool('ctl/consentctl', 'policy', *arguments)
            self.assertEqual(looked_at.returncode, code, looked_at.stderr)

    def test_what_no_case_asks_about_is_shown_flow_by_flow(self):
        pack = self.registry.directory / 'policies' / 'wmo-jeugdwet-2026'
        cases = pack / 'cases.txt'
        whole = cases.read_text()
        self.addCleanup(cases.write_text, whole)
        cases.write_text(whole.split('# The whole table')[0])
        shown = tool('ctl/consentctl', 'policy', 'test', pack, '--coverage')
        self.assertEqual((shown.returncode, shown.stderr), (0, ''))
        self.assertIn('\nF1  2 of 12 cells\n    to          opdrachtgever-jeugd\n'
                      '    categories  toewijzing, periode, soort-voorziening, omvang\n', shown.stdout)
        before = {one['flow']: one for one in self.covered(pack)}
        self.assertEqual((before['F1']['cells'], before['F1']['tried']), (12, 2))

        cases.write_text(cases.read_text() + """
case f1-omvang
    nl          Ook de omvang staat in de declaratie
    source      own choice
    provider    zorgaanbieder
    recipient   opdrachtgever-jeugd
    purpose     declaratie
    items       omvang:jeugdwet, gezondheid
    expect      omvang:jeugdwet PERMIT statute jeugdwet-7.4.0-2
    expect      gezondheid DENY CATEGORY_NOT_NEEDED
""")
        after = {one['flow']: one for one in self.covered(pack)}
        self.assertEqual((after['F1']['tried'], after['F1']['recipients_untried']), (3, []))
        self.assertEqual(set(before['F1']['categories_untried']) - set(after['F1']['categories_untried']), {'omvang'})
        self.assertEqual({name: one for name, one in after.items() if name != 'F1'},
                         {name: one for name, one in before.items() if name != 'F1'})

    def test_every_cell_of_todays_pack_is_in_a_case(self):
        self.assertEqual([one for one in self.covered(SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026')
                          if one['tried'] != one['cells']], [])

    def covered(self, pack):
        tried = tool('ctl/consentctl', 'policy', 'test', pack, '--json')
        self.assertEqual(tried.returncode, 0, tried.stdout + tried.stderr)
        return json.loads(tried.stdout)['coverage']

    def test_two_packs_that_say_they_are_one_version_are_told_apart(self):
        then = SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026'
        now = self.registry.directory / 'policies' / 'wmo-jeugdwet-2026'
        self.assertNotIn('same version', tool('ctl/consentctl', 'policy', 'diff', then, now).stdout)
        flows = now / 'flows.txt'
        flows.write_text(flows.read_text().replace('the-eight, vertegenwoordiger, behandelaar', 'the-eight, behandelaar'))
        differ = tool('ctl/consentctl', 'policy', 'diff', then, now)
        self.assertEqual(differ.returncode, 1, differ.stderr)
        self.assertIn('Both say that they are the same version, and are not', differ.stdout)
        self.assertTrue(json.loads(tool('ctl/consentctl', 'policy', 'diff', then, now, '--json').stdout)['same_version'])

    def test_a_pack_without_cases_is_tried_with_nothing(self):
        pack = self.registry.directory / 'policies' / 'wmo-jeugdwet-2026'
        (pack / 'cases.txt').unlink()
        tried = tool('ctl/consentctl', 'policy', 'test', pack)
        self.assertEqual((tried.returncode, tried.stderr), (0, ''))
        self.assertTrue(tried.stdout.endswith('The pack carries no cases.\n\n0 passed, 0 failed\n'), tried.stdout)
        self.put_in_force('wmo-jeugdwet-2026')

    def test_consentctl_finds_the_pack_right_and_shows_it(self):
        pack = SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026'
        checked = tool('ctl/consentctl', 'policy', 'check', pack)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn('wmo-jeugdwet-2026/2: ok', checked.stdout)
        shown = tool('ctl/consentctl', 'policy', 'show', pack)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        for flow in ('A1', 'B1', 'C1', 'C2', 'C3', 'D1', 'D2', 'D3', 'E1', 'F1', 'F2', 'F3', 'F4', 'F5', 'X1', 'X2'):
            self.assertRegex(shown.stdout, rf'(?m)^{flow}  ')
        self.assertIn('own reading, for a jurist to confirm', shown.stdout)


class BadPacksTest(RegistryTest):
    """Each pack is the one in force with one thing wrong. `consentctl policy check` refuses it, and so does a daemon that
    is told to reload, which goes on under the pack it has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pack = cls.registry.directory / 'policies' / 'kaag-en-braassem-2015'

    def setUp(self):
        self.addCleanup(self.restore)

    def restore(self):
        for original in (SOURCE / 'config' / 'policies' / self.pack.name).glob('*.txt'):
            (self.pack / original.name).write_bytes(original.read_bytes())
        self.registry.reload()
        self.assertEqual(self.client('operator').status().status_report.last_reload, 'ok')

    def change(self, name, old, new, after=''):
        """The first `old` after this text becomes `new`. Returns the number of its line."""
        text = (self.pack / name).read_text()
        at = text.index(old, text.index(after))
        (self.pack / name).write_text(text[:at] + new + text[at + len(old):])
        return 1 + text[:at].count('\n')

    def line_of(self, name, text):
        return 1 + (self.pack / name).read_text().splitlines().index(text)

    def decided(self, bsn):
        reply = self.client('kernteam').check(bsn)
        self.assertPermit(reply)
        return reply.check.policy, reply.check.items[0].consent_id

    def assertRefused(self, where, what, more=0):
        """By the tool and by the daemon alike: `where` is the file and its line, `what` is what is wrong first of all."""
        wrong = f'{self.pack}/{where}: {what}'
        checked = tool('ctl/consentctl', 'policy', 'check', self.pack)
        told = checked.stderr.splitlines()
        self.assertEqual((checked.returncode, checked.stdout, told[0]), (65, '', f'consentctl: {wrong}'))
        self.assertEqual(len(told), more + 2 if more else 1)

        bsn = self.person()
        self.granted(bsn)
        before, decided = self.client('operator').status().status_report, self.decided(bsn)
        self.registry.reload()
        after = self.client('operator').status().status_report
        self.assertEqual(after.last_reload, wrong + (f' (and {more} more: consentctl policy check)' if more else ''))
        self.assertEqual((after.policy, after.policy_hash), (before.policy, before.policy_hash))
        self.assertEqual(self.registry.log().strip().splitlines()[-1], f'consentd: reload: {after.last_reload}')
        entry = [one for one in self.client('operator').audit() if one.action == 'reload'][-1]
        self.assertEqual(entry.result, 'refused')
        self.assertEqual(self.decided(bsn), decided)

    def test_a_dangling_code_is_refused(self):
        line = self.change('flows.txt', 'naw', 'nwa', after='flow D2')
        self.assertRefused(f'flows.txt:{line}', 'flow D2, categories: unknown category "nwa"; did you mean "naw"?')

    def test_a_purpose_compatible_with_itself_is_refused(self):
        line = self.change('purposes.txt', 'integraal-plan', 'ondersteuning', after='serves')
        self.assertRefused(f'purposes.txt:{line}', 'purpose ondersteuning, serves: purpose "ondersteuning" serves itself; name only other purposes')

    def test_a_flow_without_a_purpose_is_refused(self):
        self.change('flows.txt', '    purpose     eigen-bijdrage\n', '', after='flow D2')
        self.assertRefused(f'flows.txt:{self.line_of("flows.txt", "flow D2")}', 'flow D2: flow "D2" has no "purpose"')

    def test_two_flows_that_contradict_are_refused(self):
        self.change('flows.txt', 'flow X1', '''flow D9
    nl          Eigen bijdrage, nog eens
    en          Own contribution, once more
    source      own choice
    providers   kernteam
    recipients  cak
    purpose     eigen-bijdrage
    categories  geslacht, kostprijs
    origin      wmo
    admits      consent, urgent-reasons

flow X1''')
        self.assertRefused(f'flows.txt:{self.line_of("flows.txt", "flow D9")}',
                           'flow D9: flows "D2" and "D9" both carry kostprijs from kernteam to cak for eigen-bijdrage; '
                           'only one may')

    def test_ages_that_overlap_are_refused(self):
        line = self.change('ages.txt', 'ages 12 to 16', 'ages 11 to 16')
        self.assertRefused(f'ages.txt:{line}', 'ages 11 to 16: these ages overlap those above; ages are listed in order')

    def test_a_file_of_ten_megabytes_is_refused(self):
        with open(self.pack / 'flows.txt', 'ab') as flows:
            flows.write(b'# more and more\n' * (10 << 16))
        self.assertGreater((self.pack / 'flows.txt').stat().st_size, 10 << 20)
        self.assertRefused('flows.txt', 'larger than 1 MiB')

    def test_a_statute_without_a_source_is_refused(self):
        text = (self.pack / 'statutes.txt').read_text().splitlines(True)
        source = next(number for number, line in enumerate(text) if line.startswith('    source'))
        (self.pack / 'statutes.txt').write_text(''.join(text[:source] + text[source + 1:]))
        self.assertRefused(f'statutes.txt:{self.line_of("statutes.txt", "statute wmo-2015")}',
                           'statute wmo-2015: statute "wmo-2015" has no "source"')

    def test_a_pack_of_which_a_case_comes_out_otherwise_is_refused(self):
        line = self.change('cases.txt', 'expect      PERMIT consent', 'expect      DENY NO_CONSENT', after='case x1-eenmalig')
        self.assertRefused(f'cases.txt:{line}', 'case x1-eenmalig, expect: '
                           'expected DENY NO_CONSENT for naw:wmo and 1 more, decided PERMIT consent')

    def test_a_pack_that_no_longer_does_what_its_cases_say_is_refused(self):
        """What the officer changed is elsewhere; the case tells what it brings about."""
        self.change('flows.txt', 'categories  naw, geboortedatum', 'categories  geboortedatum', after='flow X1')
        line = 1 + (self.pack / 'cases.txt').read_text().split('case x1-eenmalig\n')[0].count('\n')
        line += (self.pack / 'cases.txt').read_text().split('case x1-eenmalig\n')[1].split('expect')[0].count('\n') + 1
        self.assertRefused(f'cases.txt:{line}', 'case x1-eenmalig, expect: '
                           'expected PERMIT consent for naw:wmo, decided DENY CATEGORY_NOT_NEEDED', more=2)

    def test_a_long_word_of_what_is_wrong_is_told_whole(self):
        reasons = ('DENY CATEGORY_NOT_NEEDED, STATUTE_NOT_FOR_SPECIAL, PROVIDER_NOT_CONSENTED, RECIPIENT_NOT_CONSENTED, '
                   'CATEGORY_NOT_CONSENTED, ORIGIN_NOT_CONSENTED, REPRESENTATION_LAPSED')
        line = self.change('cases.txt', 'expect      PERMIT consent', f'expect      {reasons}', after='case x1-eenmalig')
        what = f'case x1-eenmalig, expect: expected {reasons} for naw:wmo and 1 more, decided PERMIT consent'
        self.assertGreater(len(f'{self.pack}/cases.txt:{line}: {what}'), 256)
        self.assertRefused(f'cases.txt:{line}', what)

    def test_a_case_with_a_dangling_code_is_refused(self):
        line = self.change('cases.txt', 'kernteam', 'kerntaem', after='case x1-eenmalig')
        self.assertRefused(f'cases.txt:{line}',
                           'case x1-eenmalig, provider: "kerntaem" is no party of the case and no kind; did you mean "kernteam"?')

    def test_all_that_is_wrong_is_told_at_once(self):
        lines = [('flows.txt', self.change('flows.txt', 'naw', 'nwa', after='flow D2'),
                  'flow D2, categories: unknown category "nwa"; did you mean "naw"?'),
                 ('retention.txt', self.change('retention.txt', '15 years', 'fifteen years'),
                  'retention dossier-wmo, period: "fifteen" is not a number of 0 to 1000'),
                 ('cases.txt', self.change('cases.txt', 'kernteam', 'kerntaem', after='case x1-eenmalig'),
                  'case x1-eenmalig, provider: "kerntaem" is no party of the case and no kind; did you mean "kernteam"?')]
        told = [f'{self.pack}/{name}:{line}: {what}' for name, line, what in lines]
        checked = tool('ctl/consentctl', 'policy', 'check', self.pack)
        self.assertEqual((checked.returncode, checked.stdout), (65, ''))
        self.assertEqual(checked.stderr.splitlines(), [f'consentctl: {one}' for one in told] + [
            f'consentctl: {self.pack}: 3 things are wrong; nothing of this pack is taken'])
        self.registry.reload()
        self.assertEqual(self.client('operator').status().status_report.last_reload,
                         f'{told[0]} (and 2 more: consentctl policy check)')

    def test_a_file_that_is_gone_is_missed(self):
        (self.pack / 'notices.txt').unlink()
        self.assertRefused('notices.txt', 'missing')

    def test_a_file_that_is_no_part_of_a_pack_is_refused(self):
        (self.pack / 'flow.txt').write_text('flow A1\n')
        self.addCleanup((self.pack / 'flow.txt').unlink)
        self.assertRefused('flow.txt', 'no file of a pack; did you mean "flows.txt"?')

    def test_a_file_that_is_no_text_is_refused(self):
        (self.pack / 'origins.txt').write_bytes(b'origin wmo\n    nl  \xff\xfe\n')
        self.assertRefused('origins.txt:2', 'not UTF-8; save the file as UTF-8')

    def test_what_a_consent_names_and_the_pack_no_longer_knows_permits_nothing(self):
        """A pack without a category that consents name is right; what they name of it permits nothing from then on."""
        bsn = self.person()
        self.granted(bsn, categories=['naw', 'telefoon'])
        for name in ('categories.txt', 'flows.txt', 'cases.txt'):
            (self.pack / name).write_text((self.pack / name).read_text().replace('telefoon', 'telephone'))
        self.registry.reload()
        self.assertEqual(self.client('operator').status().status_report.last_reload, 'ok')
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertInvalid(self.client('kernteam').check(bsn, categories=['telefoon']), 'check.items[0].category')
        self.assertDenied(self.client('kernteam').check(bsn, categories=['telephone']), 'CATEGORY_NOT_CONSENTED')


if __name__ == '__main__':
    unittest.main()
