"""The consent form: what is recorded of a filled-in one, and what is told of one that is wrong."""
import hashlib
import json
import stat
import unittest

from harness import SOURCE, RegistryTest, today, tool
from letters import sender

HORIZON = 'zorgaanbieder-horizon'
PACK = 'kaag-en-braassem-2015'


class FormsTest(RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pack = cls.registry.directory / 'policies' / PACK
        (cls.pack / 'brieven' / 'gemeente.txt').write_text(sender())

    def filled_in(self, bsn, **more):
        form = json.loads((SOURCE / 'config' / 'toestemmingsformulier.json').read_text())
        form['bsn'] = bsn
        form['voorlichting']['verstrekt_op'] = form['ondertekening'][0]['op'] = str(today())
        return {name: value for name, value in {**form, **more}.items() if value is not None}

    def run_form(self, form, *more):
        path = form if not isinstance(form, dict) else self.registry.write('formulier.json', json.dumps(form), 0o600)
        return tool('sociale-team/sociale-team', 'consent', path, '--key', self.registry.key_file('kernteam'), *more)

    def recorded(self, form, *more):
        """The id under which it is recorded."""
        result = self.run_form(form, *more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout.strip()

    def refused(self, form, *more, code=65):
        """What is told of it; nothing is recorded."""
        bsn = form['bsn'] if isinstance(form, dict) else None
        result = self.run_form(form, *more)
        self.assertEqual((result.returncode, result.stdout), (code, ''), result.stderr)
        if bsn:
            self.assertNotIn(bsn, result.stderr)
        return result.stderr

    def statements(self, bsn):
        return self.client('kernteam').consent_list(bsn).consent_list.consents


class Form(FormsTest):
    def test_all_that_is_wrong_is_told_by_label_and_nothing_is_recorded(self):
        bsn = self.person()
        form = self.filled_in(bsn, medewerker='Jan de Vries', geldig_maanden=0, doel=None, zorgverzekeraar='x')
        form['ondertekening'][0]['op'] = '3 maart'
        told = self.refused(form)
        for label in ('Waarvoor: vul dit in', 'Ondertekening 1, datum: is geen dag', 'Aantal maanden geldig: moet een getal',
                      'Medewerker: is geen kenmerk', 'zorgverzekeraar: dit veld staat niet op het formulier',
                      'er is niets vastgelegd'):
            self.assertIn(label, told)
        for value in ('Jan de Vries', '3 maart'):
            self.assertNotIn(value, told)
        self.assertFalse(self.statements(bsn))

    def test_what_the_rules_do_not_admit_is_told_in_dutch(self):
        bsn = self.person()
        form = self.filled_in(bsn)
        form['gegevens'].append('gezondheid')
        told = self.refused(form)
        self.assertIn('niet vastgelegd: NOT_NEEDED (G3): dit is niet noodzakelijk; laat het weg', told)
        self.assertFalse(self.statements(bsn))

    def test_what_only_the_registry_sees_is_told_by_label(self):
        bsn = self.person()
        told = self.refused(self.filled_in(bsn, verzoek='f' * 32))
        self.assertIn('Antwoord op verzoek: dit neemt het register niet aan', told)

    def test_a_form_answers_a_request_and_no_other(self):
        bsn = self.person()
        asked = self.client(HORIZON).ask_for(bsn, categories=['naw', 'bsn']).consent_recorded.consent_id.hex()
        form = self.filled_in(bsn, gegevens=['naw'], geldig_maanden=1)
        self.assertEqual(self.recorded(form, '--answers', asked), asked)
        self.assertEqual([one.consent_id.hex() for one in self.statements(bsn)], [asked])
        again = self.refused(form, '--answers', asked)
        self.assertIn('Antwoord op verzoek', again)
        self.assertIn('ID is 32', self.refused(form, '--answers', 'kort', code=64))

    def test_a_no_that_answers_a_request_is_a_refusal(self):
        bsn = self.person()
        asked = self.client(HORIZON).ask_for(bsn).consent_recorded.consent_id.hex()
        form = self.filled_in(bsn, toestemming='nee', gegevens=['naw'], verzoek=asked)
        self.assertEqual(self.recorded(form), asked)
        self.assertEqual(self.statements(bsn)[0].state, self.statements(bsn)[0].REFUSAL)

    def test_the_evidence_is_the_file_that_is_given(self):
        bsn = self.person()
        scan = self.registry.directory / 'scan.jpg'
        scan.write_bytes(b'\xff\xd8 een foto van het formulier')
        form = self.filled_in(bsn, bewijs={'kenmerk': 'dossier-7'})
        self.assertIn('Vingerafdruk van het formulier (SHA-256): vul dit in', self.refused(form))
        self.recorded(form, '--evidence', scan)
        self.assertEqual(self.statements(bsn)[0].evidence.sha256, hashlib.sha256(scan.read_bytes()).digest())
        self.refused(form, '--evidence', self.registry.directory / 'niet-hier', code=66)

    def test_the_letter_that_confirms_it_is_made_with_it(self):
        bsn = self.person()
        letter = self.registry.directory / 'brief.html'
        address = self.registry.write('adres.txt', 'Mevrouw A. de Vries\n')
        id = self.recorded(self.filled_in(bsn), '--letter', letter, '--policy', self.pack, '--to-file', address)
        text = letter.read_text()
        self.assertEqual(stat.S_IMODE(letter.stat().st_mode), 0o600)
        for told in ('Mevrouw A. de Vries', id, 'Zorgaanbieder Horizon', 'Toekennen van een maatwerkvoorziening'):
            self.assertIn(told, text)
        self.assertNotIn(bsn, text)

    def test_where_no_letter_can_be_made_nothing_is_recorded(self):
        bsn = self.person()
        there = self.registry.write('er-al.html', '')
        form = self.filled_in(bsn)
        without = self.registry.directory / 'brief-2.html'
        for more, code, told in ((['--letter', there, '--policy', self.pack], 73, 'is there already'),
                                 (['--letter', '/nergens/brief.html', '--policy', self.pack], 73, 'cannot make'),
                                 (['--letter', without], 64, '--policy DIR'),
                                 (['--letter', without, '--policy', SOURCE / 'config' / 'policies' / PACK], 78, 'gemeente.txt'),
                                 (['--letter', without, '--policy', self.pack, '--to-file', '/nergens'], 66, '/nergens')):
            with self.subTest(told):
                self.assertIn(told, self.refused(form, *more, code=code))
        form['ontvangers'] = ['huisarts-elders']
        self.assertIn('organisatie huisarts-elders', self.refused(form, '--letter', without, '--policy', self.pack, code=78))
        self.assertFalse(self.statements(bsn))

    def test_for_programs_it_is_one_json_document(self):
        bsn = self.person()
        result = self.run_form(self.filled_in(bsn), '--json')
        self.assertEqual(json.loads(result.stdout)['status'], 'OK')


if __name__ == '__main__':
    unittest.main()
