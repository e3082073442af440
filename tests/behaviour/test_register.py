"""The register of processing (KB 21, AVG 30): what it tells, in which forms, and what is refused."""
import csv
import io
import json
import stat
import unittest

from harness import RegistryTest, tool
from letters import MEASURES, sender

PACK, NEWER = 'kaag-en-braassem-2015', 'wmo-jeugdwet-2026'
COLUMNS = ['Verantwoordelijke', 'Contact', 'Functionaris gegevensbescherming', 'Kenmerk', 'Verwerking', 'Doel', 'Grondslagen',
           'Betrokkenen', 'Gegevens', 'Bijzondere gegevens', 'Verstrekkers', 'Ontvangers', 'Doorgifte buiten de EU',
           'Bewaartermijnen', 'Beveiliging', 'Bron']


class Register(RegistryTest):
    def setUp(self):
        self.describe(sender())

    def directory(self, pack=PACK):
        return self.registry.directory / 'policies' / pack

    def describe(self, text, pack=PACK):
        (self.directory(pack) / 'brieven' / 'gemeente.txt').write_text(text)

    def register(self, *arguments, pack=PACK, party='operator', code=0, told=''):
        done = tool('ctl/consentctl', '--key', self.registry.key_file(party), 'policy', 'register', self.directory(pack), *arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(told, done.stderr)
        return done.stdout

    def rows(self, pack=PACK):
        """By the code of the flow, as a spreadsheet reads it; RFC 4180."""
        path = self.registry.directory / 'register.csv'
        self.register('--out', path, pack=pack)
        raw = path.read_bytes()
        path.unlink()
        self.assertEqual(raw.count(b'\n'), raw.count(b'\r\n'))
        headings, *rows = csv.reader(io.StringIO(raw.decode(), newline=''), strict=True)
        self.assertEqual(headings, COLUMNS)
        return {row[3]: dict(zip(COLUMNS, row, strict=True)) for row in rows}

    def test_every_flow_has_what_article_30_asks(self):
        rows = self.rows()
        grant = rows['D2']
        self.assertEqual(grant['Verantwoordelijke'], 'Gemeente Voorbeeld')
        self.assertEqual(grant['Contact'], 'Postbus 1, 1234 AB Voorbeeld, 14 0123, privacy@voorbeeld.example')
        self.assertEqual(grant['Functionaris gegevensbescherming'], 'onze functionaris gegevensbescherming, fg@voorbeeld.example')
        self.assertEqual(grant['Doel'], 'Vaststellen en innen van de eigen bijdrage')
        self.assertEqual(grant['Grondslagen'], 'toestemming (AVG 6.1.a, bij bijzondere gegevens AVG 9.2.a); '
                         'Wmo 2015, hoofdstuk 5; Jeugdwet, hoofdstuk 7')
        self.assertIn('Burgerservicenummer', grant['Gegevens'].split('; '))
        self.assertEqual(grant['Bijzondere gegevens'], 'geen')
        self.assertEqual(grant['Ontvangers'], 'CAK (het CAK)')
        self.assertEqual(grant['Doorgifte buiten de EU'], 'geen')
        self.assertIn('15 jaar na de ontvangst (Wmo 5.3.4)', grant['Bewaartermijnen'])  # no English of the pack
        self.assertEqual(grant['Beveiliging'], 'Wat wordt bewaard is versleuteld. Alles staat in een logboek.')
        self.assertEqual(grant['Bron'], 'KB 8.D')
        self.assertTrue(all(row[column] for row in rows.values() for column in COLUMNS))

    def test_who_and_what_it_is_about_follows_from_the_pack_and_the_parties(self):
        rows = self.rows()
        self.assertEqual(rows['B1']['Betrokkenen'], 'personen uit het netwerk van de inwoner')
        self.assertNotIn('toestemming', rows['B1']['Grondslagen'])
        self.assertNotIn('toestemming', rows['B1']['Bewaartermijnen'])
        self.assertIn('Zorgaanbieder (Zorgaanbieder Delta, Zorgaanbieder Horizon)', rows['D1']['Ontvangers'])
        self.assertIn('Advies van een deskundige', rows['D1']['Bijzondere gegevens'])
        self.assertIn('Veiligheidshuis (veiligheidshuis)', rows['X2']['Ontvangers'])  # no name in gemeente.txt: its id
        self.describe(sender(), pack=NEWER)
        newer = self.rows(NEWER)
        self.assertIn('CAK, elk dossier: 7 jaar na de laatste wijziging (Wmo 5.3.4)', newer['D2']['Bewaartermijnen'])
        self.assertNotIn('SVB', newer['D2']['Bewaartermijnen'])
        self.assertIn('Jeugdwet: 20 jaar', newer['D3']['Bewaartermijnen'])
        self.assertNotIn('Jeugdwet', newer['C3']['Bewaartermijnen'])

    def test_t1_it_says_from_when_each_period_counts(self):
        path = self.directory() / 'retention.txt'
        shipped = path.read_text()
        self.addCleanup(path.write_text, shipped)
        for start, words in {'receipt': 'na de ontvangst', 'last-change': 'na de laatste wijziging',
                             'end-of-care': 'na het einde van de zorg'}.items():
            path.write_text(shipped.replace('counts-from  receipt', 'counts-from  ' + start))
            self.assertIn(f'Wet maatschappelijke ondersteuning 2015: 15 jaar {words} (', self.rows()['D2']['Bewaartermijnen'])

    def test_a_value_is_no_formula_and_its_quotes_are_its_own(self):
        self.describe(sender().replace('14 0123', '+31 20 "binnen", 1').replace('naam                 Gemeente Voorbeeld', 'naam  =HYPERLINK(1)')
                      .replace('Wat wordt bewaard', '@wat'))
        row = self.rows()['A1']
        self.assertEqual(row['Verantwoordelijke'], "'=HYPERLINK(1)")
        self.assertEqual(row['Contact'], 'Postbus 1, 1234 AB Voorbeeld, +31 20 "binnen", 1, privacy@voorbeeld.example')
        self.assertTrue(row['Beveiliging'].startswith("'@wat"))

    def test_the_page_and_the_text_tell_the_same(self):
        page = self.register('--format', 'html')
        text = ' '.join(self.register().split())
        for told in ('Register van verwerkingen', 'Gemeente Voorbeeld', 'Wat wordt bewaard is versleuteld.', 'A1 Registratie van de hulpvraag',
                     'CAK (het CAK)'):
            self.assertIn(told, page)
            self.assertIn(told, text)
        self.assertNotIn('<script', page)
        document = json.loads(self.register('--json'))
        self.assertEqual(document['headings'], COLUMNS)
        self.assertEqual([dict(zip(COLUMNS, row)) for row in document['rows']], list(self.rows().values()))

    def test_what_is_missing_or_wrong_writes_nothing(self):
        path = self.registry.directory / 'niets.csv'
        self.describe(sender().replace('    functionaris  ', '#   functionaris  '))
        self.register('--out', path, code=78, told='"gemeente" has no "functionaris", which the register needs')
        self.describe(sender().replace(MEASURES, ''))
        self.register('--out', path, code=78, told='has no "maatregel"')
        self.describe(sender() + '\norganisatie cak\n    naam  nog eens\n')
        self.register('--out', path, code=65, told='organisatie "cak" stands twice')
        self.describe(sender())
        self.register('--out', path, party='kernteam', code=77, told='FORBIDDEN')
        self.register('--out', path, '--format', 'doc', code=64, told='text, html, pdf')
        self.register('--out', path, pack='nergens', code=66, told='nergens')
        self.assertFalse(path.exists())
        self.register('--out', path)
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        self.register('--out', path, code=73, told='nothing is written')
        path.unlink()


if __name__ == '__main__':
    unittest.main()
