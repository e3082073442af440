"""The adapters: what one of several clients hides, and what a run would do to the files of others."""
import contextlib
import json
import os
import random
import re
import shlex
import subprocess

from harness import BUILD, SOURCE, OwnInstanceTest, tool
from test_adapters import D1, FIXTURE_BSN, FIXTURES
from test_restriction import restriction_request

OTHER_BSN = '999991012'  # the second client of wmo323.xml
BSN = r'Bsn>(\d+)'
HUNDREDS = int(os.environ.get('CONSENTD_CLAIM', 600))  # clients of a claim


class Care(OwnInstanceTest):
    def asked(self, mode):
        return [entry for entry in self.client('operator').audit()
                if entry.action == 'check' and json.loads(entry.details)['request']['check']['mode'] == mode]

    def claim_process(self, message):
        program = BUILD / 'clients' / 'adapter' / 'consent-adapter'
        return subprocess.Popen([program, '--key', self.registry.key_file('zorgaanbieder-horizon'), '--mapping',
                                 SOURCE / 'config' / 'adapters' / 'wmo323.map', '--to', 'gemeente', message],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def claim(self, message, *options):
        return tool('adapter/consent-adapter', '--key', self.registry.key_file('zorgaanbieder-horizon'), '--mapping',
                    SOURCE / 'config' / 'adapters' / 'wmo323.map', '--to', 'gemeente', *options, message)

    def test_what_is_restricted_of_one_of_several_is_not_told_of_what_is_about_all(self):
        self.registry.change_party('gemeente', 'gemeente', 'partner', gemeentecode='1884')
        self.bsns = iter([FIXTURE_BSN, OTHER_BSN])
        self.person(), self.person()
        self.assertOk(self.client('kernteam').call(restriction_request('restrict_data', OTHER_BSN, ['declaratie'])))
        report = self.registry.directory / 'report.json'
        for options in ((), ('--dry-run',)):
            held = self.claim(FIXTURES / 'wmo323.xml', '--report', report, *options)
            self.assertEqual((held.returncode, held.stdout), (1, ''), held.stderr)
            told = held.stderr + report.read_text()
            for word in ('"declaratie"', 'without: declaratie', 'DeclaratieNummer', 'TotaalIngediendBedrag', 'RESTRICTED'):
                self.assertNotIn(word, told.replace('"purpose": "declaratie"', ''))
        self.assertEqual(self.asked('DISCLOSE'), [])

    def test_what_was_decided_does_not_go_again_after_a_restriction(self):
        self.bsns = iter([FIXTURE_BSN])
        self.granted(self.person(), categories=D1)
        message = self.registry.write('in.xml', (FIXTURES / 'wmo301.xml').read_text())
        self.assertEqual(self.allocate(message).returncode, 0)
        self.assertEqual(self.allocate(message).returncode, 0)
        self.assertOk(self.client('kernteam').call(restriction_request('restrict_data', FIXTURE_BSN, ['verblijfplaats'])))
        for options in ('', '--dry-run --json'):
            held = self.allocate(f'{options} {message}')
            self.assertEqual(held.returncode, 1, held.stderr)
            for word in ('RESTRICTED', 'verblijfplaats', 'Contact'):
                self.assertNotIn(word, held.stdout + held.stderr)
        self.assertEqual(len(self.asked('DISCLOSE')), 1)

    def many(self, clients):
        """A claim for so many clients more than the two who are known."""
        text = (FIXTURES / 'wmo323.xml').read_text()
        start, end = text.index('<w:Client>'), text.rindex('</w:Client>') + len('</w:Client>')
        client = text[start:text.index('</w:Client>') + len('</w:Client>')]
        more = ''.join(client.replace(FIXTURE_BSN, next(self.bsns)) for _ in range(clients - 2))
        return self.registry.write('many.xml', text[:end] + more + text[end:])

    def test_of_many_clients_of_whom_nothing_is_denied_nothing_is_said(self):
        self.registry.change_party('gemeente', 'gemeente', 'partner', gemeentecode='1884')
        result = self.claim(self.many(20))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertNotIn('clients', result.stderr)

    def test_a_claim_for_hundreds_goes_whole_and_once_whenever_it_is_killed(self):
        self.registry.change_party('gemeente', 'gemeente', 'partner', gemeentecode='1884')
        message, report = self.many(HUNDREDS), self.registry.directory / 'report.json'
        for after in (random.uniform(0, 2), random.uniform(0, 4)):
            begun = self.claim_process(message)
            with contextlib.suppress(subprocess.TimeoutExpired):
                begun.wait(after)
            begun.kill()
            begun.wait()
            self.registry.kill()
            self.registry.start()
            self.shared.clear()
        decided = []
        for _ in range(2):
            result = self.claim(message, '--report', report)
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(re.findall(BSN, result.stdout), re.findall(BSN, message.read_text()))
            decided.append(re.findall(r'"decision": (\d+)', report.read_text()))
        disclosed = self.asked('DISCLOSE')
        self.assertEqual([entry.result for entry in disclosed], ['permit'] * HUNDREDS)
        self.assertEqual(len({entry.object for entry in disclosed}), HUNDREDS)
        self.assertEqual(decided[0], decided[1])
        self.assertEqual(sorted({int(number) for number in decided[0]}), [entry.number for entry in disclosed])

    def test_of_a_claim_for_hundreds_nothing_goes_where_one_of_them_may_not(self):
        self.registry.change_party('gemeente', 'gemeente', 'partner', gemeentecode='1884')
        message, last = self.many(HUNDREDS), self.person()
        self.assertOk(self.client('kernteam').call(restriction_request('restrict_data', last, ['declaratie'])))
        text = message.read_text()
        message.write_text(text.replace(re.findall(BSN, text)[-1], last))
        held = self.claim(message)
        self.assertEqual((held.returncode, held.stdout), (1, ''), held.stderr)
        self.assertEqual(self.asked('DISCLOSE'), [])

    def test_a_claim_for_more_than_can_be_decided_together_is_refused_before_it_is_asked(self):
        self.registry.change_party('gemeente', 'gemeente', 'partner', gemeentecode='1884')
        refused = self.claim(self.many(2049), '--limit', '16')
        self.assertEqual((refused.returncode, refused.stdout), (65, ''), refused.stderr)
        self.assertIn('2048, with 16384 data in all', refused.stderr)
        self.assertEqual(self.asked('ADVISE'), [])

    def allocate(self, words):
        """A run by a shell, so that its streams and its directory are what the words make them."""
        name = BUILD / 'clients' / 'sociale-team' / 'sociale-team'
        command = f'cd {self.registry.directory}; {name} --key {shlex.quote(str(self.registry.key_file("kernteam")))} {words}'
        return subprocess.run(['sh', '-c', command], capture_output=True, text=True, timeout=60, check=False,
                              env=dict(os.environ, CONSENTD_ADAPTERS=str(SOURCE / 'config' / 'adapters')))

    def test_no_file_of_a_run_is_lost_to_another_and_nothing_is_asked(self):
        text = (FIXTURES / 'wmo301.xml').read_text()
        message = self.registry.write('in.xml', text)
        (self.registry.directory / 'link.xml').symlink_to(message)
        for words in ('--out in.xml in.xml', '--out ./in.xml in.xml', '--report in.xml in.xml', '--out link.xml in.xml',
                      f'--out {self.registry.key_file("kernteam")} in.xml', '--out a --report ./a in.xml', '--out a --report a.part in.xml',
                      '--out a.part --report a in.xml', '--report - in.xml', '--once in.xml', '--hold-days 3 in.xml'):
            with self.subTest(words):
                refused = self.allocate(words)
                self.assertEqual((refused.returncode, refused.stdout), (64, ''), refused.stderr)
        self.assertEqual(message.read_text(), text)
        self.assertEqual(self.asked('ADVISE'), [])

    def test_a_directory_of_schemas_that_is_not_there_is_no_way_around_them(self):
        message = self.registry.write('in.xml', (FIXTURES / 'wmo301.xml').read_text())
        for directory in ('nowhere', 'in.xml'):
            refused = self.allocate(f'--to zorgaanbieder-horizon --schemas {directory} {message}')
            self.assertEqual((refused.returncode, refused.stdout), (78, ''), refused.stderr)
            self.assertIn('is not a directory (--schemas', refused.stderr)
        # What is named as a schema by mistake, and is a message that was cut off, is not quoted.
        cut = self.registry.write('cut.xml', message.read_text().split('Geslacht>')[0])
        refused = self.allocate(f'--to zorgaanbieder-horizon --schema {cut} {message}')
        self.assertEqual((refused.returncode, refused.stdout), (78, ''), refused.stderr)
        self.assertRegex(refused.stderr, r'\A[^\n]*cannot be used as an XML Schema\n\Z')
        self.assertEqual(self.asked('ADVISE'), [])

    def test_a_closed_standard_output_is_no_disclosure_and_no_other_file(self):
        self.bsns = iter([FIXTURE_BSN])
        self.granted(self.person(), categories=D1, one_time=True)
        message = self.registry.write('in.xml', (FIXTURES / 'wmo301.xml').read_text())
        for streams in ('>&-', '>&- <&- 2>&-'):
            self.assertEqual(self.allocate(f'{message} {streams}').returncode, 73)
        self.assertEqual(self.asked('DISCLOSE'), [])
        result = self.allocate(f'--out - --report /dev/null {message}')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(FIXTURE_BSN, result.stdout)
