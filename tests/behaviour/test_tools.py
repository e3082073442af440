"""The tools as their users know them: consentctl, consent-watch and the adapters, run as programs."""
import json
import os
import pathlib
import subprocess
import time
import unittest
import xml.etree.ElementTree as xml
from datetime import timedelta

from harness import BUILD, SOURCE, OwnInstanceTest, RegistryTest, today

FIXTURES = SOURCE / 'tests' / 'fixtures'
FIXTURE_BSN = '999996770'
STANDARDS = pathlib.Path(os.environ.get('CONSENTD_ISTANDAARDEN', SOURCE / '..' / 'shared' / 'data' / 'istandaarden'))
# Everything of the fixture that the flow for a care provider knows.
D1 = ['bsn', 'naw', 'geboortedatum', 'geslacht', 'correspondentie', 'telefoon', 'email', 'vertegenwoordiger',
      'toewijzing', 'periode', 'soort-voorziening', 'omvang', 'budget']
PERMIT, DENY, PARTIAL = 0, 1, 2


def tool(path, *arguments, stdin='', **options):
    environment = dict(os.environ, CONSENTD_ADAPTERS=str(SOURCE / 'config' / 'adapters'))
    return subprocess.run([BUILD / 'clients' / path, *map(str, arguments)], input=stdin, capture_output=True, text=True,
                          timeout=60, env=environment, check=False, **options)


def elements(text):
    """Local names of everything in a message."""
    return {element.tag.rsplit('}')[-1] for element in xml.fromstring(text).iter()}


class Consentctl(RegistryTest):
    def ctl(self, party, *arguments, stdin=''):
        return tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party), stdin=stdin)

    def check(self, bsn, *items):
        arguments = [part for item in items for part in ('--item', item)]
        return self.ctl('kernteam', 'check', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose',
                        'toekenning', *arguments, stdin=bsn)

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

    def test_json_is_one_document(self):
        bsn = self.person()
        self.granted(bsn)
        document = json.loads(self.ctl('kernteam', 'consent', 'list', '--json', stdin=bsn).stdout)
        self.assertIn('naw', json.dumps(document))
        status = json.loads(self.ctl('operator', 'status', '--json').stdout)
        self.assertIn('kaag-en-braassem-2015/1', json.dumps(status))

    def test_a_consent_is_granted_shown_and_revoked(self):
        bsn = self.person()
        scope = ['--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--category', 'naw', '--purpose',
                 'toekenning', '--signer', 'subject', '--motivation', 'nodig']
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

    def test_what_the_rules_do_not_admit_is_told_with_every_code(self):
        result = self.ctl('kernteam', 'consent', 'grant', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon',
                          '--category', 'gezondheid', '--purpose', 'toekenning', '--form', 'oral', '--signer', 'subject',
                          '--motivation', 'nodig', stdin=self.person())
        self.assertEqual(result.returncode, 65)
        for code in ('NOT_NEEDED', 'NOT_INFORMED', 'FORM_INSUFFICIENT', 'TOO_LONG'):
            self.assertIn(code, result.stdout + result.stderr)

    def test_the_log_is_listed_and_verified(self):
        self.granted(self.person())
        self.assertIn('grant', self.ctl('operator', 'audit', 'list').stdout)
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


class ConsentWatch(OwnInstanceTest):
    def watch(self, *arguments):
        out = open(self.registry.directory / 'heard', 'ab')
        self.addCleanup(out.close)
        process = subprocess.Popen([BUILD / 'clients' / 'watch' / 'consent-watch', '--key',
                                    self.registry.key_file('zorgaanbieder-horizon'), *map(str, arguments)],
                                   stdout=out, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
            process.wait()

    def heard(self):
        return [json.loads(line) for line in (self.registry.directory / 'heard').read_text().splitlines()]

    def revoke(self, count=1):
        consents = [self.granted(self.person()) for _ in range(count)]
        for consent in consents:
            self.assertOk(self.client('kernteam').revoke(consent))
        return [consent.hex() for consent in consents]

    def wait_for(self, count):
        self.registry.wait_for(lambda: len(self.heard()) >= count, f'{count} events')

    def test_each_revocation_is_one_json_object_on_a_line(self):
        self.watch()
        consents = self.revoke(3)
        self.wait_for(3)
        heard = self.heard()
        self.assertEqual([event['consent'] for event in heard], consents)
        self.assertEqual([event['number'] for event in heard], [1, 2, 3])
        self.assertEqual(heard[0]['type'], 'nl.toestemmingen.toestemming-ingetrokken')
        self.assertEqual(heard[0]['categories'], ['naw'])

    def test_it_goes_on_where_it_was_after_its_own_death_and_that_of_the_daemon(self):
        position = self.registry.directory / 'position'
        process = self.watch('--position', position)
        consents = self.revoke(2)
        self.wait_for(2)
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        consents += self.revoke(2)
        self.wait_for(4)
        self.end(process)
        consents += self.revoke(2)
        self.watch('--position', position)
        self.wait_for(6)
        time.sleep(0.3)
        numbers = [event['number'] for event in self.heard()]
        self.assertEqual(sorted(set(numbers)), [1, 2, 3, 4, 5, 6])  # none is missed; the last may come twice
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual({event['consent'] for event in self.heard()}, set(consents))

    def test_an_event_that_its_program_could_not_handle_comes_again(self):
        # Fails the first time, and keeps what it got the second time.
        script = self.registry.write('handler', '#!/bin/sh\ncat >> "$1.all"\ntest -e "$1.once" && exit 0\n'
                                     'touch "$1.once"\nexit 1\n', 0o755)
        target = self.registry.directory / 'handled'
        self.watch('--count', 1, '--exec', script, target)
        self.revoke(1)
        everything = pathlib.Path(f'{target}.all')
        self.registry.wait_for(lambda: everything.exists() and len(everything.read_text().splitlines()) == 2,
                               'the event for the second time')
        first, second = map(json.loads, everything.read_text().splitlines())
        self.assertEqual(first, second)

    def test_it_stops_when_asked(self):
        process = self.watch()
        self.revoke(1)
        self.wait_for(1)
        process.terminate()
        self.assertEqual(process.wait(10), 0)

    def test_a_key_without_events_does_not_watch(self):
        key = self.registry.key_file('toezicht')
        self.assertEqual(tool('watch/consent-watch', '--key', key, '--once').returncode, 77)


class Adapters(OwnInstanceTest):
    def person(self, *arguments, **more):
        """The subject of the fixture."""
        self.bsns = iter([FIXTURE_BSN])
        return super().person(*arguments, **more)

    def adapt(self, name, *arguments, message=FIXTURES / 'wmo301.xml'):
        return tool(f'{name}/{name}', '--key', self.registry.key_file('kernteam'), *arguments, message)

    def to_horizon(self, *arguments):
        return self.adapt('sociale-team', '--to', 'zorgaanbieder-horizon', *arguments)

    def test_a_message_is_held_before_the_consent_thinned_after_it_and_held_after_its_revocation(self):
        held = self.to_horizon()
        self.assertEqual((held.returncode, held.stdout), (1, ''))
        bsn = self.person()
        consent = self.granted(bsn, categories=D1)
        thinned = self.to_horizon()
        self.assertEqual(thinned.returncode, 0, thinned.stderr)
        names = elements(thinned.stdout)
        self.assertTrue({'Bsn', 'Naam', 'ToegewezenProduct'} <= names)
        self.assertFalse({'JuridischeStatus', 'Commentaar', 'Relaties', 'Relatie'} & names)
        self.assertNotIn('Geheime opmerking', thinned.stdout)
        self.assertOk(self.client('kernteam').revoke(consent))
        held = self.to_horizon()
        self.assertEqual((held.returncode, held.stdout), (1, ''))
        self.assertNotIn(FIXTURE_BSN, held.stderr)

    @unittest.skipUnless(STANDARDS.is_dir(), 'the schemas of iStandaarden are not here (CONSENTD_ISTANDAARDEN)')
    def test_what_is_thinned_is_still_valid_by_the_schema(self):
        self.granted(self.person(), categories=D1)
        result = self.to_horizon('--schema', STANDARDS / 'xsd' / 'iwmo' / 'WMO301.xsd')
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_what_the_message_cannot_go_without_holds_it(self):
        self.granted(self.person(), categories=[category for category in D1 if category != 'geslacht'])
        held = self.to_horizon()
        self.assertEqual((held.returncode, held.stdout), (1, ''))
        self.assertIn('CATEGORY_NOT_CONSENTED', held.stderr)

    def test_cak_and_svb_get_what_they_need_in_their_own_shape_on_the_statute(self):
        for name in ('cak', 'svb'):
            with self.subTest(name):
                result = self.adapt(name)
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn(FIXTURE_BSN, result.stdout)
                self.assertNotIn('Geheime opmerking', result.stdout)
                self.assertNotIn('Geslacht>', result.stdout)
                self.assertNotIn('Mentorman', result.stdout)

    def test_a_message_under_the_jeugdwet_goes_on_that_statute(self):
        result = self.adapt('cak', message=FIXTURES / 'jw301.xml')
        self.assertEqual(result.returncode, 0, result.stderr)
        checks = [entry for entry in self.client('operator').audit() if entry.action == 'check']
        self.assertIn('jeugdwet', checks[-1].details)

    def test_each_message_is_one_recorded_disclosure(self):
        before = [entry for entry in self.client('operator').audit() if entry.action == 'check']
        self.assertEqual(self.adapt('cak').returncode, 0)
        after = [entry for entry in self.client('operator').audit() if entry.action == 'check']
        self.assertEqual(len(after), len(before) + 1)
        self.assertIn(after[-1].result, ('permit', 'partial'))

    def test_bad_xml_passes_nothing_on_and_asks_nothing(self):
        bad = {
            'broken': '<w:Bericht',
            'entity': '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>',
            'bomb': '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>',
            'other': '<onbekend xmlns="urn:x"/>',
            'empty': '',
            'enormous': '<x>' + 'a' * (64 << 20) + '</x>',
        }
        for name, text in bad.items():
            with self.subTest(name):
                result = self.adapt('cak', message=self.registry.write('bericht.xml', text))
                self.assertEqual((result.returncode, result.stdout), (65, ''), result.stderr)
                self.assertNotIn('root:', result.stderr)
        self.assertFalse([entry for entry in self.client('operator').audit() if entry.action == 'check'])

    def test_without_a_registry_nothing_is_passed_on(self):
        self.granted(self.person(), categories=D1)
        self.registry.stop()
        result = self.adapt('cak')
        self.assertEqual((result.returncode, result.stdout), (69, ''))

    def test_a_filled_in_form_is_recorded(self):
        form = json.loads((SOURCE / 'config' / 'toestemmingsformulier.json').read_text())
        form['bsn'] = FIXTURE_BSN
        form['voorlichting']['verstrekt_op'] = form['ondertekening'][0]['op'] = str(today())
        self.person()
        path = self.registry.write('formulier.json', json.dumps(form))
        key = self.registry.key_file('kernteam')
        recorded = tool('sociale-team/sociale-team', 'consent', path, '--key', key)
        self.assertEqual(recorded.returncode, 0, recorded.stderr)
        self.assertEqual(self.to_horizon().returncode, 0)
        form['gegevens'].append('gezondheid')
        path = self.registry.write('formulier.json', json.dumps(form))
        rejected = tool('sociale-team/sociale-team', 'consent', path, '--key', key)
        self.assertEqual(rejected.returncode, 65)
        self.assertIn('NOT_NEEDED', rejected.stdout + rejected.stderr)


if __name__ == '__main__':
    unittest.main()
