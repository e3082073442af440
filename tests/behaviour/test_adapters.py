"""The adapters: what each recipient may have of a message, and nothing else, or nothing at all."""
import json
import os
import pathlib
import unittest
import xml.etree.ElementTree as xml

from harness import SOURCE, OwnInstanceTest, today, tool

FIXTURES = SOURCE / 'tests' / 'fixtures'
FIXTURE_BSN = '999996770'
STANDARDS = pathlib.Path(os.environ.get('CONSENTD_ISTANDAARDEN', SOURCE / '..' / 'shared' / 'data' / 'istandaarden'))
# Everything of the fixture that the flow for a care provider knows.
D1 = ['bsn', 'naw', 'geboortedatum', 'geslacht', 'correspondentie', 'telefoon', 'email', 'vertegenwoordiger',
      'verblijfplaats', 'toewijzing', 'periode', 'soort-voorziening', 'omvang', 'budget']


def elements(text):
    """Local names of everything in a message."""
    return {element.tag.rsplit('}')[-1] for element in xml.fromstring(text).iter()}


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

    def test_an_empty_case_is_no_case(self):
        self.granted(self.person(), categories=D1)
        result = self.to_horizon('--case', '')
        self.assertEqual((result.returncode, result.stdout), (64, ''))
        self.assertIn('case: is given as an empty text', result.stderr)

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

    def asked(self, mode):
        """What was asked of the registry in this mode: the lines of its log."""
        return [entry for entry in self.client('operator').audit()
                if entry.action == 'check' and json.loads(entry.details)['request']['check']['mode'] == mode]

    def test_each_message_is_one_recorded_disclosure_of_exactly_what_goes(self):
        self.granted(self.person(), categories=D1)
        self.assertEqual(self.to_horizon().returncode, 0)
        (advice,), (disclosure,) = self.asked('ADVISE'), self.asked('DISCLOSE')
        self.assertEqual((advice.result, disclosure.result), ('partial', 'permit'))
        self.assertNotIn('juridische-status', disclosure.details)

    def test_what_is_held_is_not_disclosed(self):
        self.assertEqual(self.to_horizon().returncode, 1)
        self.granted(self.person(), categories=D1, one_time=True)
        for options in (('--out', '/nonexistent/out.xml'), ('--report', '/nonexistent/report.json'),
                        ('--output-schema', SOURCE / 'config' / 'adapters' / 'pgb.xsd')):
            with self.subTest(options[0]):
                held = self.to_horizon(*options)
                self.assertNotEqual(held.returncode, 0)
                self.assertEqual((held.stdout, self.asked('DISCLOSE')), ('', []))
        self.assertFalse(self.client('kernteam').ask('obligation_list', bsn=FIXTURE_BSN).obligation_list.duties)
        self.assertEqual(self.to_horizon().returncode, 0, 'the consent for one disclosure is still there')

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
