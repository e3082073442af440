"""consentctl as an operator knows it: a program with arguments, exit codes, tables and JSON."""
import json
import os
import re
import subprocess
import unicodedata
import unittest
from datetime import timedelta

from client import grant_request
from harness import BUILD, SOURCE, RegistryTest, today, tool

PERMIT, DENY, PARTIAL = 0, 1, 2


class Consentctl(RegistryTest):
    def ctl(self, party, *arguments, stdin=''):
        return tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party), stdin=stdin)

    def check(self, bsn, *items):
        arguments = [part for item in items for part in ('--item', item)]
        return self.ctl('kernteam', 'check', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon',
                        '--purpose', 'toekenning', *arguments, stdin=bsn)

    def test_a_check_ends_with_the_verdict_as_exit_code(self):
        bsn = self.person()
        self.granted(bsn)
        for items, code in ((['naw:wmo'], PERMIT), (['budget:wmo'], DENY), (['naw:wmo', 'budget:wmo'], PARTIAL)):
            self.assertEqual(self.check(bsn, *items).returncode, code)

    def test_errors_are_64_and_up(self):
        bsn = self.person()
        self.assertGreaterEqual(self.check('999900007', 'naw').returncode, 64)
        self.assertGreaterEqual(self.check(bsn, 'schoenmaat').returncode, 64)
        self.assertEqual(self.ctl('kernteam', 'onbekend').returncode, 64)
        self.assertEqual(self.ctl('kernteam', 'status').returncode, 77)
        self.assertGreaterEqual(self.ctl('kernteam', 'consent', 'show', '0' * 32).returncode, 64)

    def test_a_bsn_is_not_taken_from_the_command_line(self):
        bsn = self.person()
        result = self.ctl('kernteam', 'subject', 'show', bsn)
        self.assertEqual(result.returncode, 64)
        self.assertNotIn(bsn, result.stdout + result.stderr)
        self.assertIn('1980-05-17', self.ctl('kernteam', 'subject', 'show', stdin=bsn + '\n').stdout)

    def test_an_empty_case_makes_no_consent_for_every_case(self):
        bsn = self.person()
        form = self.registry.write('formulier.txt', 'getekend')
        result = self.ctl('kernteam', 'consent', 'grant', '--provider', 'kernteam', '--recipient',
                          'zorgaanbieder-horizon', '--category', 'naw', '--purpose', 'toekenning', '--signer', 'subject',
                          '--motivation-file', self.registry.write('motivatie', 'nodig'), '--form', 'written',
                          '--evidence-reference', 'd-1', '--evidence-file', form, '--notice', 'folder:1:nl',
                          '--valid-until', today() + timedelta(30), '--case', '', stdin=bsn)
        self.assertEqual(result.returncode, 64)
        self.assertIn('--case is given as an empty text', result.stderr)
        self.assertEqual(len(self.client('kernteam').consent_list(bsn).consent_list.consents), 0)

    def test_an_empty_key_of_the_environment_is_not_that_of_the_operator(self):
        result = subprocess.run([BUILD / 'clients' / 'ctl' / 'consentctl', 'status'], capture_output=True, text=True,
                                env=dict(os.environ, CONSENT_KEY=''), check=False)
        self.assertEqual(result.returncode, 64)
        self.assertIn('CONSENT_KEY is an empty text', result.stderr)

    def test_json_is_one_document(self):
        bsn = self.person()
        self.granted(bsn)
        document = json.loads(self.ctl('kernteam', 'consent', 'list', '--json', stdin=bsn).stdout)
        self.assertIn('naw', json.dumps(document))
        status = json.loads(self.ctl('operator', 'status', '--json').stdout)
        self.assertIn('kaag-en-braassem-2015/2', json.dumps(status))

    def test_a_consent_is_granted_shown_and_revoked(self):
        bsn = self.person()
        scope = ['--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--category', 'naw', '--purpose',
                 'toekenning', '--signer', 'subject', '--motivation-file', self.registry.write('motivatie', 'nodig')]
        form = self.registry.write('formulier.txt', 'getekend')
        granted = self.ctl('kernteam', 'consent', 'grant', *scope, '--form', 'written', '--evidence-reference', 'd-1',
                           '--evidence-file', form, '--notice', 'folder:1:nl', '--valid-until',
                           today() + timedelta(30), '--json', stdin=bsn)
        self.assertEqual(granted.returncode, 0, granted.stderr)
        consent = next(value for value in self.values(json.loads(granted.stdout), 'consent_id'))
        self.assertEqual(self.check(bsn, 'naw:wmo').returncode, PERMIT)
        self.assertIn('naw', self.ctl('kernteam', 'consent', 'show', consent).stdout)
        revoked = self.ctl('kernteam', 'consent', 'revoke', consent, '--withdrawn-by', 'subject')
        self.assertEqual(revoked.returncode, 0, revoked.stderr)
        denied = self.check(bsn, 'naw:wmo')
        self.assertEqual(denied.returncode, DENY)
        self.assertIn('REVOKED', denied.stdout)

    def test_what_is_not_seen_is_shown_in_tables_and_json(self):
        bsn, hidden = self.person(), 'a\u202eb\u0085c\u2028d\x7fe\u200bf\x1bg\U000e0041'
        request = grant_request(bsn)
        request.grant.motivation = hidden
        consent = self.client('kernteam').call(request).consent_recorded.consent_id.hex()
        shown = self.ctl('kernteam', 'consent', 'show', consent).stdout
        self.assertIn('a\\u202eb\\u0085c\\u2028d\\x7fe\\u200bf\\x1bg\\U000e0041', shown)
        document = self.ctl('kernteam', 'consent', 'show', consent, '--json').stdout
        self.assertIn(hidden, list(self.values(json.loads(document), 'motivation')))
        for text in (shown, document):
            self.assertEqual([character for character in text if character != '\n' and (
                unicodedata.category(character) in ('Cc', 'Cf', 'Zl', 'Zp', 'Co', 'Cn'))], [])

    def test_what_the_daemon_says_of_a_file_is_one_line(self):
        said = subprocess.run([self.registry.program, '--check', '/tmp/een\nconsentd: ready \u202e'], capture_output=True,
                              text=True, check=False).stderr
        self.assertEqual(said.count('\n'), 1)
        self.assertIn('/tmp/een\\nconsentd: ready \\u202e', said)

    def test_no_help_is_wider_than_a_terminal(self):
        listed = tool('ctl/consentctl', 'help').stdout
        commands = re.findall(r'(?m)^  ([a-z]+(?: [a-z]+)?)(?= [A-Z]| {2})', listed)
        self.assertGreater(len(commands), 25)
        for command in ['', *commands]:
            for line in tool('ctl/consentctl', 'help', *command.split()).stdout.splitlines():
                self.assertLessEqual(len(line), 120, f'{command}: {line}')
        for program in ('watch/consent-watch', 'cak/cak', 'sociale-team/sociale-team'):
            for line in tool(program, '--help').stdout.splitlines():
                self.assertLessEqual(len(line), 120, f'{program}: {line}')

    def test_what_the_rules_do_not_admit_is_told_with_every_code(self):
        scope = ['--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--category', 'gezondheid', '--purpose',
                 'toekenning', '--motivation-file', self.registry.write('motivatie', 'nodig')]
        result = self.ctl('kernteam', 'consent', 'grant', *scope, '--form', 'oral', '--signer', 'subject',
                          stdin=self.person())
        self.assertEqual(result.returncode, 65)
        for code in ('NOT_NEEDED', 'NOT_INFORMED', 'FORM_INSUFFICIENT', 'TOO_LONG'):
            self.assertIn(code, result.stdout + result.stderr)

    def test_the_log_is_listed_and_verified(self):
        self.granted(self.person())
        self.assertIn('grant', self.ctl('operator', 'audit', 'list').stdout)
        bsn = self.person()
        for _ in range(3):
            self.granted(bsn)
        file = self.registry.write('bsn', bsn)
        for asked in (['--bsn-file', file], ['--subject', '--bsn-file', file]):
            document = json.loads(self.ctl('operator', 'audit', 'list', '--json', *asked).stdout)
            self.assertEqual(len({entry['object'] for entry in document['entries']}), 1, 'of this subject alone')
        first = self.ctl('operator', 'audit', 'list', '--bsn-file', file, '--limit', '2').stdout
        last = re.search(r'There may be more: --after (\d+)\.', first).group(1)
        rest = self.ctl('operator', 'audit', 'list', '--bsn-file', file, '--after', last).stdout
        self.assertEqual(rest.count(' grant '), 1 if first.count(' grant ') == 2 else 2)
        self.assertNotIn('There may be more', rest)
        self.assertEqual(self.ctl('operator', 'audit', 'list', '--after', '1000000').stdout, 'No lines.\n')
        verified = self.ctl('operator', 'audit', 'verify')
        self.assertEqual(verified.returncode, 0, verified.stderr)

    def test_a_policy_is_checked_with_file_and_line(self):
        pack = SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015'
        self.assertEqual(tool('ctl/consentctl', 'policy', 'check', pack).returncode, 0)
        copy = self.registry.directory / 'policies' / 'kaag-en-braassem-2015'
        flows = copy / 'flows.txt'
        flows.write_text(flows.read_text() + '\nonzin zonder betekenis\n')
        result = tool('ctl/consentctl', 'policy', 'check', copy)
        self.assertNotEqual(result.returncode, 0)
        self.assertRegex(result.stdout + result.stderr, r'flows\.txt:\d+: ')

    def test_a_key_file_that_others_can_read_is_refused(self):
        key = self.registry.key_file('kernteam')
        key.chmod(0o644)
        self.assertEqual(tool('ctl/consentctl', 'status', '--key', key).returncode, 78)

    def values(self, document, name):
        """Every value of this name, however deep."""
        if isinstance(document, dict):
            for key, value in document.items():
                if key == name:
                    yield value
                yield from self.values(value, name)
        elif isinstance(document, list):
            for value in document:
                yield from self.values(value, name)


if __name__ == '__main__':
    unittest.main()
