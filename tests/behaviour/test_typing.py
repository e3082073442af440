"""What a person types: short forms, lists, files, days, and what is said where it was typed wrong."""
import os
import subprocess
import unittest
from datetime import timedelta

from harness import BUILD, SOURCE, RegistryTest, today, tool

USAGE, WRONG_DATA, CANNOT_CREATE = 64, 65, 73
MARK = '\ufeff'
OTHERS = ('watch/consent-watch', 'view/consent-view', 'relay/consent-relay', 'http/consent-http', 'conformance/consent-conformance',
          'adapter/consent-adapter', 'sociale-team/sociale-team', 'cak/cak', 'svb/svb')
SHIPPED = ('--template', SOURCE / 'config' / 'consentd.conf', '--policy', SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026')


class Words(unittest.TestCase):
    def said(self, *words):
        run = tool('ctl/consentctl', *words)
        self.assertEqual((run.returncode, run.stdout), (USAGE, ''))
        return run.stderr

    def test_help_has_a_short_form_everywhere(self):
        for words in ((), ('status',), ('consent', 'grant'), ('consent',)):
            self.assertEqual(tool('ctl/consentctl', *words, '-h').stdout, tool('ctl/consentctl', *words, '--help').stdout)
        for program in OTHERS:
            run = tool(program, '-h')
            self.assertEqual((run.returncode, run.stderr), (0, ''), program)
            self.assertEqual(run.stdout, tool(program, '--help').stdout)

    def test_version_has_a_short_form_everywhere(self):
        for program in ('ctl/consentctl', *OTHERS):
            run = tool(program, '-V')
            self.assertEqual((run.returncode, run.stdout), (0, tool(program, '--version').stdout), program)
            self.assertRegex(run.stdout, r'^[a-z-]+ \d+\.\d+')

    def test_every_program_names_the_option_that_was_meant_and_not_what_was_typed(self):
        for program in OTHERS:
            for typed, meant in (('--hlep', 'unknown option: did you mean --help?; see --help'), ('--janssen', 'unknown option; see --help')):
                run = tool(program, typed)
                self.assertEqual((run.returncode, run.stderr), (USAGE, f'{program.split("/")[1]}: {meant}\n'))

    def test_a_command_that_is_mistyped_is_named_as_it_was_meant(self):
        for typed, meant in (('stauts', 'status'), ('consent grnat', 'consent grant'), ('consnet list', 'consent list'),
                             ('help stauts', 'status'), ('party ad', 'party add'), ('STATUS', 'status'),
                             ('audti', 'audit ...'), ('help polcy', 'policy ...'), ('Consent', 'consent ...')):
            self.assertIn(f"did you mean 'consentctl {meant}'?", self.said(*typed.split()))

    def test_an_option_that_is_mistyped_is_named_as_it_was_meant(self):
        for typed, meant in (('--provdier', 'provider'), ('--categroy=naw', 'category'), ('--jsn', 'json')):
            self.assertIn(f'did you mean --{meant}?', self.said('consent', 'grant', typed, 'x'))

    def test_what_was_typed_is_not_repeated_and_far_words_mean_nothing(self):
        for words in (('Janssen-de-Vries',), ('consent', 'list', '--janssen-de-vries'), ('help', 'janssen-de-vries')):
            said = self.said(*words)
            self.assertNotIn('did you mean', said)
            self.assertNotIn('anssen', said)


class Names(RegistryTest):
    """A file may be called anything; what is said of it is escaped on standard output too."""

    def test_no_name_of_a_file_reaches_the_terminal_as_it_is(self):
        key = ('--key', self.registry.key_file('operator'))
        place = self.registry.directory / 'a\x1b[31m\r\nb'
        place.mkdir()
        (place / 'mark.conf').write_text((self.registry.directory / 'consentd.conf').read_text())
        commands = [(*key, 'party', 'export', place / 'parties'), (*key, 'audit', 'export', place / 'log'),
                    (*key, 'audit', 'copy', '--to', place / 'copy'), (*key, 'backup', place / 'backup'),
                    ('keys', 'vault', place / 'vault'), ('keys', 'server', place / 'server'),
                    ('audit', 'key', place / 'log.key', '--origin', 'example.org/log'),
                    (*key, 'audit', 'prove', 1, '--out', place / 'proof'), ('setup', place / 'new', *SHIPPED),
                    (*key, 'party', 'add', 'svb-2', '--kind', 'svb', '--role', 'partner', '--out', place / 'svb.key'),
                    (*key, 'party', 'key', 'add', 'svb-2', '--name', 'next', '--out', place / 'next.key')]
        for words in commands:
            with self.subTest(words=words):
                ran = tool('ctl/consentctl', *words)
                self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertIn('a\\x1b[31m\\r\\nb', ran.stdout)
                self.assertNotRegex(ran.stdout + ran.stderr, r'[\x00-\x09\x0b-\x1f]')


class Values(RegistryTest):
    def ctl(self, *arguments, party='kernteam', stdin=''):
        return tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party), stdin=stdin)

    def grant(self, *more, notice='folder:1:nl', stdin=''):
        return self.ctl('consent', 'grant', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose',
                        'toekenning', '--signer', 'subject', '--form', 'written', '--evidence-reference', 'd-1',
                        '--evidence-file', self.registry.write('form', 'getekend'), '--notice', notice, *more, stdin=stdin)

    def test_codes_may_be_separated_by_commas(self):
        bsn, why = self.person(), self.registry.write('why', 'nodig')
        recorded = self.grant('--category', 'naw,telefoon', '--category', 'email', '--motivation-file', why, '--valid-until',
                              today() + timedelta(30), stdin=bsn)
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        scope = self.client('kernteam').consent_list(bsn).consent_list.consents[0].scope
        self.assertEqual(sorted(scope.categories), ['email', 'naw', 'telefoon'])
        asked = ['check', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose', 'toekenning']
        self.assertEqual(self.ctl(*asked, '--item', 'naw:wmo,telefoon:wmo', stdin=bsn).returncode, 0)
        for gap in (',naw', 'naw,', 'naw,,email'):
            self.assertIn('--category: a list with nothing', self.grant('--category', gap, stdin=bsn).stderr)

    def test_a_file_may_be_standard_input_and_begin_with_a_mark(self):
        bsn = self.person()
        self.assertEqual(self.ctl('subject', 'show', '--bsn-file', '-', stdin=MARK + bsn + '\r\n').returncode, 0)
        kept = self.registry.write('kept', MARK + bsn, 0o600)
        recorded = self.grant('--category', 'naw', '--motivation-file', '-', '--bsn-file', kept, '--valid-until',
                              today() + timedelta(30), stdin=MARK + 'nodig')
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        self.assertEqual(self.client('kernteam').consent_list(bsn).consent_list.consents[0].motivation, 'nodig')
        line = f'{{"bsn": "{bsn}", "items": ["naw:wmo"]}}'
        batch = self.ctl('check', '--batch', '-', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose',
                         'toekenning', stdin=MARK + line)
        self.assertEqual(batch.returncode, 0, batch.stderr)

    def test_what_people_write_in_an_editor_may_begin_with_a_mark(self):
        party = 'kind = "cak"\nrole = "partner"\nactive = "no"\n'
        configuration = MARK + (self.registry.directory / 'consentd.conf').read_text()
        form = MARK + (SOURCE / 'config' / 'toestemmingsformulier.json').read_text()
        mapping = MARK + (SOURCE / 'config' / 'adapters' / 'wmo301.map').read_text()
        written = {name: self.registry.write(name, text) for name, text in (
            ('cak.party', MARK + party), ('mark.conf', configuration), ('form.json', form), ('mark.map', mapping))}
        self.assertEqual(self.ctl('party', 'apply', written['cak.party'], '--trial', party='operator').returncode, 0)
        checked = self.ctl('config', 'check', written['mark.conf'])
        self.assertEqual(checked.returncode, 0, checked.stderr)
        mapped = tool('adapter/consent-adapter', 'mapping', 'check', written['mark.map'])
        self.assertEqual(mapped.returncode, 0, mapped.stderr)
        recorded = tool('sociale-team/sociale-team', 'consent', '--key', self.registry.key_file('kernteam'), written['form.json'])
        self.assertNotIn('JSON', recorded.stderr)

    def test_one_file_at_a_time_is_standard_input(self):
        bsn = self.person()
        both = self.ctl('restriction', 'set', '--whole', '--bsn-file', '-', '--reason-file', '-', stdin=bsn)
        self.assertEqual(both.returncode, USAGE)
        self.assertIn('cannot both be standard input', both.stderr)
        alone = self.ctl('restriction', 'set', '--whole', '--reason-file', '-', stdin=bsn)
        self.assertIn('leaves no standard input for the BSN', alone.stderr)

    def test_a_day_that_does_not_exist_is_called_so(self):
        bsn = self.person()
        why = self.registry.write('why', 'nodig')
        for run in (self.grant('--category', 'naw', '--motivation-file', why, '--valid-until', '2026-02-30', stdin=bsn),
                    self.ctl('audit', 'list', '--since', '2026-13-01', party='operator'),
                    self.ctl('party', 'add', 'x', '--kind', 'cak', '--role', 'partner', '--agreement-until', '2027-02-29', '--out',
                             self.registry.directory / 'x.key', party='operator'),
                    self.ctl('subject', 'set', '--birth-date-file', self.registry.write('born', '1980-04-31'), stdin=bsn),
                    self.ctl('party', 'apply', self.registry.write(
                        'cak.party', 'kind = "cak"\nrole = "partner"\nagreement-from = "2026-06-31"\nactive = "no"\n'),
                             '--yes', party='operator')):
            self.assertGreaterEqual(run.returncode, USAGE)
            self.assertIn('his day does not exist', run.stderr)
        other = self.ctl('audit', 'list', '--since', 'gisteren', party='operator')
        reason = self.registry.write('reason', 'omdat')
        for words in (('--representative', 'ouder-1:ouder-met-gezag:2026-02-30'), ('--representative', 'ouder-1:ouder-met-gezag:2026-02-30:2026-05-01'),
                      ('--refused-file', f'ouder-1:2026-02-30:{reason}'), ('--care-ended', 'jeugdwet:2026-02-30'),
                      ('--authority-until', 'ouder-1:2026-13-01')):
            run = self.ctl('subject', 'set', *words, stdin=bsn)
            self.assertEqual((run.returncode, run.stderr.count(f'{words[0]}: this day does not exist')), (USAGE, 1), run.stderr)
        for option, words, more in (('--signer', ('--signer', 'betrokkene:2026-02-30'), {}), ('--notice', (), {'notice': 'folder:1:nl:2026-02-30 20:04'})):
            run = self.grant('--category', 'naw', '--motivation-file', why, *words, stdin=bsn, **more)
            self.assertEqual((run.returncode, run.stderr.count(f'{option}: this day does not exist')), (USAGE, 1), run.stderr)
        run = self.ctl('export', 'adl', '--since', '2026-02-30', party='operator')
        self.assertIn('--since: this day does not exist', run.stderr)
        self.assertIn('not a day, YYYY-MM-DD', other.stderr)

    def test_what_is_wrong_in_a_batch_is_named_by_its_line(self):
        good = '{"bsn": "%s", "items": ["naw:wmo"]}' % self.person()
        for wrong, word in (('{"bsn": "999900006", ', 'batch:4: '), ('{"bsn": 5}', 'line 4 of the file: bsn'),
                            ('{"persoon": "x"}', 'line 4 of the file')):
            file = self.registry.write('batch', f'{good}\n\n{good}\n{wrong}\n', 0o600)
            said = self.ctl('check', '--batch', file, '--provider', 'kernteam', '--recipient', 'cak', '--purpose', 'toekenning')
            self.assertEqual(said.returncode, WRONG_DATA)
            self.assertIn(word, said.stderr)
            self.assertNotIn('99990000', said.stderr)


class Default(RegistryTest):
    def run_as(self, *arguments):
        environment = {name: text for name, text in os.environ.items() if name != 'CONSENT_KEY'}
        environment['XDG_CONFIG_HOME'] = str(self.registry.directory / 'home')
        return subprocess.run([BUILD / 'clients/ctl/consentctl', *map(str, arguments)], capture_output=True, text=True,
                              env=environment, stdin=subprocess.DEVNULL, timeout=60, check=False)

    def setup(self, name, *more):
        return self.run_as('setup', self.registry.directory / name, '--template', SOURCE / 'config' / 'consentd.conf', '--policy',
                           SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015', *more)

    def test_setup_makes_the_key_that_is_used_by_default(self):
        self.assertEqual(self.setup('one').returncode, 0)
        self.assertIn('/etc/consentd/operator.key', self.run_as('status').stderr)
        made = self.setup('two', '--default', 'user')
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertNotIn('CONSENT_KEY', made.stdout)
        place = self.registry.directory / 'home' / 'consentd' / 'operator.key'
        self.assertEqual(place.resolve(), (self.registry.directory / 'two' / 'keys' / 'operator.key').resolve())
        said = self.run_as('status').stderr
        self.assertIn(f'key {place} (the default', said)
        self.assertIn('two/run/operators', said)
        again = self.setup('three', '--default', 'user')
        self.assertEqual(again.returncode, CANNOT_CREATE)
        self.assertIn('is there already', again.stderr)
        self.assertFalse((self.registry.directory / 'three').exists())


if __name__ == '__main__':
    unittest.main()
