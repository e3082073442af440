"""Each command of consentctl, and the registry that consentctl makes."""
import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from harness import BUILD, SOURCE, RegistryTest, tool, years_ago

SCOPE = ['--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose', 'toekenning']
HEX = '[0-9a-f]{32}'
PERMIT, DENY = 0, 1
CANNOT_CREATE, UNAVAILABLE, NOT_ALLOWED = 73, 69, 77


class Commands(RegistryTest):
    def ctl(self, party, *arguments, stdin='', expected=0):
        result = tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party), stdin=stdin)
        self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
        return result.stdout

    def day(self, day):
        return self.registry.write(f'day-{day}', f'{day}\n')

    def reason(self):
        return self.registry.write('reden.txt', 'belang van het kind\n')

    def check(self, bsn, category, expected):
        return self.ctl('kernteam', 'check', *SCOPE, '--item', category, stdin=bsn, expected=expected)

    def test_a_party_is_added_listed_and_removed(self):
        key = self.registry.directory / 'nieuw.key'
        self.ctl('operator', 'party', 'add', 'zorgaanbieder-nieuw', '--kind', 'zorgaanbieder', '--role', 'partner',
                 '--agreement-from', '2026-01-01', '--out', key)
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        listed = self.ctl('operator', 'party', 'list')
        self.assertRegex(listed, r'zorgaanbieder-nieuw +zorgaanbieder +partner +- +2026-01-01 to open +yes')
        question = ['check', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-nieuw', '--purpose', 'toekenning',
                    '--item', 'naw', '--key', key]
        self.assertEqual(tool('ctl/consentctl', *question, stdin=self.person()).returncode, DENY)
        self.ctl('operator', 'party', 'remove', 'zorgaanbieder-nieuw')
        self.assertEqual(tool('ctl/consentctl', *question, stdin=self.person()).returncode, NOT_ALLOWED)
        self.assertRegex(self.ctl('operator', 'party', 'list'), r'zorgaanbieder-nieuw .* no ')

    def test_a_second_operator_operates_with_a_key_of_its_own(self):
        key = self.registry.directory / 'operator-2.key'
        self.ctl('operator', 'party', 'add', 'operator-2', '--kind', 'operator', '--role', 'operator', '--out', key)
        result = tool('ctl/consentctl', 'status', '--key', key)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_key_file_that_is_there_already_is_not_written_over(self):
        key = self.registry.write('bestaand.key', 'mine')
        self.ctl('operator', 'party', 'add', 'zorgaanbieder-ander', '--kind', 'zorgaanbieder', '--role', 'partner',
                 '--out', key, expected=CANNOT_CREATE)
        self.assertEqual(key.read_text(), 'mine')
        self.assertNotIn('zorgaanbieder-ander', self.ctl('operator', 'party', 'list'))

    def test_a_correction_shows_what_it_changes_before_it_is_made(self):
        bsn = next(self.bsns)
        self.ctl('kernteam', 'subject', 'add', '--birth-date-file', self.day(years_ago(8)), '--representative',
                 'ouder-1:ouder-met-gezag:2020-01-01', stdin=bsn)
        shown = self.ctl('kernteam', 'subject', 'show', stdin=bsn)
        # Nobody can be asked here: nothing is done.
        change = ['subject', 'set', '--birth-date-file', self.day(years_ago(9))]
        said = self.ctl('kernteam', *change, stdin=bsn, expected=64)
        self.assertRegex(said, rf'born +{years_ago(8)} +{years_ago(9)}')
        self.assertNotIn('ouder-1', said)
        self.assertEqual(self.ctl('kernteam', 'subject', 'show', stdin=bsn), shown)
        self.ctl('kernteam', *change, '--yes', stdin=bsn)
        shown = self.ctl('kernteam', 'subject', 'show', stdin=bsn)
        self.assertIn(str(years_ago(9)), shown)
        self.assertIn('ouder-1', shown)
        self.assertIn('Nothing changes', self.ctl('kernteam', *change, stdin=bsn))
        # Of one who is registered what is named changes, and taking away is said.
        said = self.ctl('kernteam', 'subject', 'set', '--authority-until', 'ouder-1:2030-12-31', '--refused-file',
                        f'ouder-1:2026-01-01:{self.reason()}', '--not-capable-from', '2026-02-01', '--yes', stdin=bsn)
        self.assertRegex(said, 'representative +ouder-1, ouder-met-gezag, 2020-01-01 to open +ouder-1, .* 2030-12-31; '
                         'refused from 2026-01-01: belang van het kind')
        said = self.ctl('kernteam', 'subject', 'set', '--remove-authority-until', 'ouder-1', '--remove-refused',
                        'ouder-1', '--remove-capability', '2026-02-01', '--yes', stdin=bsn)
        self.assertRegex(said, r'from 2026-02-01 +not capable +-')
        self.assertIn('ouder-1, ouder-met-gezag, 2020-01-01 to open', self.ctl('kernteam', 'subject', 'show', stdin=bsn))
        said = self.ctl('kernteam', 'subject', 'set', '--remove-representative', 'ouder-1', '--remove-birth-date',
                        '--yes', stdin=bsn)
        self.assertRegex(said, r'born +\S+ +-')
        self.assertNotIn('ouder-1', self.ctl('kernteam', 'subject', 'show', stdin=bsn))

    def test_a_correction_says_which_consents_it_ends_and_brings_back(self):
        bsn = self.person()
        consent = self.granted(bsn).hex()
        change = ['subject', 'set', '--yes', '--birth-date-file']
        self.assertRegex(self.ctl('kernteam', *change, self.day(years_ago(10)), stdin=bsn), f'consent +granted +ends: {consent}')
        document = json.loads(self.ctl('kernteam', '--json', *change, self.day(years_ago(40)), stdin=bsn))
        self.assertEqual(document['subject_show']['birth_date'], str(years_ago(40)))
        self.ctl('kernteam', *change, self.day(years_ago(10)), stdin=bsn)
        self.assertRegex(self.ctl('kernteam', *change, self.day(years_ago(40)), stdin=bsn),
                         f'consent +ended +stands again: {consent}')

    def test_a_known_subject_is_not_added_again(self):
        bsn = self.person()
        result = tool('ctl/consentctl', 'subject', 'add', '--birth-date-file', self.day('1980-05-18'), '--key',
                      self.registry.key_file('kernteam'), stdin=bsn)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn('subject set', result.stderr)
        self.assertIn('1980-05-17', self.ctl('kernteam', 'subject', 'show', stdin=bsn))

    def test_a_child_is_recorded_with_its_representatives(self):
        bsn = next(self.bsns)
        self.ctl('kernteam', 'subject', 'add', '--birth-date-file', self.day(years_ago(8)), '--representative',
                 'ouder-1:ouder-met-gezag:2020-01-01', '--representative', 'voogd-2:voogd:2020-01-01:2040-12-31',
                 '--refused-file', f'voogd-2:2026-01-01:{self.reason()}', stdin=bsn)
        shown = self.ctl('kernteam', 'subject', 'show', stdin=bsn)
        for word in ('ouder-1', 'ouder-met-gezag', 'voogd-2', '2040-12-31', 'belang van het kind', str(years_ago(8))):
            self.assertIn(word, shown)
        self.assertNotIn(bsn, shown)

    def test_a_no_is_recorded_listed_and_counts(self):
        bsn = self.person()
        self.granted(bsn)
        self.check(bsn, 'naw', PERMIT)
        said = self.ctl('kernteam', 'consent', 'refuse', *SCOPE, '--category', 'naw', '--signer', 'subject',
                        '--motivation-file', self.registry.write('motivatie', 'wil niet'), stdin=bsn)
        refusal = re.search(HEX, said)[0]
        self.assertIn(refusal, self.ctl('kernteam', 'consent', 'list', stdin=bsn))
        self.assertIn('REFUSAL', self.ctl('kernteam', 'consent', 'show', refusal))
        self.assertIn('REFUSED', self.check(bsn, 'naw', DENY))

    def test_a_part_is_withdrawn_and_the_rest_stays(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'budget']).hex()
        self.ctl('kernteam', 'consent', 'revoke', consent, '--withdrawn-by', 'subject', '--category', 'budget')
        self.check(bsn, 'naw', PERMIT)
        self.assertIn('REVOKED', self.check(bsn, 'budget', DENY))

    def test_what_is_written_about_a_person_is_not_taken_from_the_command_line(self):
        secret = 'moeder van het meisje'
        for option, command in (('--motivation', ['consent', 'grant']), ('--motivation', ['consent', 'refuse']),
                                ('--motivation', ['request', 'make']), ('--reason', ['request', 'defer', '0' * 32]),
                                ('--nobody', ['consent', 'revoke', '0' * 32]),
                                ('--birth-date', ['subject', 'add']), ('--birth-date', ['subject', 'set']),
                                ('--death-date', ['subject', 'add']), ('--refused', ['subject', 'set'])):
            for given in ([option, secret], [f'{option}={secret}']):
                result = tool('ctl/consentctl', *command, *given, '--key', self.registry.key_file('kernteam'))
                with self.subTest(command, given=given):
                    self.assertEqual((result.returncode, result.stdout), (64, ''))
                    self.assertRegex(result.stderr, rf'{option}-file \S*FILE')
                    self.assertNotIn(secret, result.stderr)
            help_text = self.ctl('kernteam', *command[:2], '--help')
            self.assertNotRegex(help_text, rf'{option} ')
            self.assertRegex(help_text, rf'{option}-file \S*FILE')

    def test_where_nobody_can_withdraw_the_reason_comes_from_a_file(self):
        bsn = self.person(born=years_ago(10), representatives=[{'reference': 'ouder-1'}])
        consent = self.granted(bsn, signers=['ouder-1']).hex()
        self.assertOk(self.client('kernteam').subject_set(bsn, years_ago(10)))
        reason = self.registry.write('reden.txt', 'niemand met gezag is bekend\n')
        self.ctl('kernteam', 'consent', 'revoke', consent, '--nobody-file', reason)
        self.assertRegex(self.ctl('kernteam', 'consent', 'show', consent), 'withdrawn +all of it, by the social team')

    def test_a_bsn_is_read_from_a_file(self):
        path = self.registry.write('bsn', f'{self.person()}\n')
        self.assertIn('1980-05-17', self.ctl('kernteam', 'subject', 'show', '--bsn-file', path))

    def test_a_disclosure_uses_up_and_advice_does_not(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        self.check(bsn, 'naw', PERMIT)
        disclose = ['check', *SCOPE, '--item', 'naw:wmo', '--disclose']
        self.assertIn('ONE_TIME', self.ctl('kernteam', *disclose, stdin=bsn))
        self.assertIn('USED_UP', self.ctl('kernteam', *disclose, stdin=bsn, expected=DENY))

    def test_who_has_not_acknowledged_is_listed_with_how_much(self):
        consent = self.granted(self.person(), recipients=['zorgaanbieder-delta'])
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertRegex(self.ctl('operator', 'events', 'lag'), r'(?m)^zorgaanbieder-delta +2 +0 +2 +\d{4}-\d\d-\d\d ')

    def test_a_pack_is_shown_flow_by_flow(self):
        pack = SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015'
        result = tool('ctl/consentctl', 'policy', 'show', pack)
        self.assertEqual(result.returncode, 0, result.stderr)
        for flow in ('A1', 'B1', 'C1', 'C2', 'D1', 'D2', 'D3', 'E1', 'F1', 'F2', 'X1', 'X2'):
            self.assertRegex(result.stdout, rf'(?m)^{flow}  ')
        document = json.loads(tool('ctl/consentctl', 'policy', 'show', pack, '--json').stdout)
        self.assertIn('toekenning', json.dumps(document))

    def test_every_listing_is_json_too(self):
        bsn = self.person()
        self.granted(bsn)
        listings = {'operator': ('party list', 'events lag', 'audit list', 'audit verify'),
                    'kernteam': ('subject show', 'consent list')}
        for party, commands in listings.items():
            for command in commands:
                with self.subTest(command):
                    self.assertIsInstance(json.loads(self.ctl(party, *command.split(), '--json', stdin=bsn)), dict)


class Setup(unittest.TestCase):
    def setUp(self):
        self.scratch = pathlib.Path(tempfile.mkdtemp(prefix='consentd-'))
        self.addCleanup(shutil.rmtree, self.scratch)

    def make(self, directory):
        return tool('ctl/consentctl', 'setup', directory, '--template', SOURCE / 'config' / 'consentd.conf', '--policy',
                    SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015', '--controller', 'Gemeente Voorbeeld')

    def test_what_it_makes_is_for_its_owner_alone_and_passes_the_daemons_check(self):
        made = self.make(self.scratch / 'registry')
        self.assertEqual(made.returncode, 0, made.stderr)
        for path in (self.scratch / 'registry').rglob('*'):
            self.assertEqual(path.stat().st_mode & 0o077, 0, path)
        check = subprocess.run([BUILD / 'daemon' / 'consentd', '--check', self.scratch / 'registry' / 'consentd.conf'],
                               capture_output=True, text=True, check=False)
        self.assertEqual((check.returncode, check.stderr), (0, ''))

    def test_without_a_daemon_the_registry_cannot_be_reached(self):
        self.make(self.scratch / 'registry')
        key = self.scratch / 'registry' / 'keys' / 'operator.key'
        status = tool('ctl/consentctl', '--key', key, '--timeout', '50', 'status')
        self.assertEqual(status.returncode, UNAVAILABLE)

    def test_a_directory_that_is_something_else_is_left_alone(self):
        (self.scratch / 'thesis.txt').write_text('mine')
        self.assertEqual(self.make(self.scratch).returncode, CANNOT_CREATE)
        self.assertEqual([path.name for path in self.scratch.iterdir()], ['thesis.txt'])

    def test_a_blank_in_the_name_of_the_directory_is_said(self):
        result = self.make(self.scratch / 'my registry')
        self.assertEqual(result.returncode, CANNOT_CREATE)
        self.assertIn('blank', result.stderr)


if __name__ == '__main__':
    unittest.main()
