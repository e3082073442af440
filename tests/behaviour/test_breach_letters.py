"""The letters to everybody whose data were in a breach (AVG 34): what they tell, and that there are all of them or none."""
import csv
import os
import re
import shutil
import stat
import unittest

from client import check_request, claim_urgent_reasons
from harness import SOURCE, OwnInstanceTest, RegistryTest, today, tool
from letters import BOUND, LONGEST_AVERAGE, LONGEST_SENTENCE, Readability, sender
from lives import DELTA, HORIZON
from test_overview import Blocks
from test_reports import TOMORROW, WHOLE, YESTERDAY

USAGE, MALFORMED, NO_SUCH, CANNOT_CREATE, MISCONFIGURED = 64, 65, 66, 73, 78
PACK = 'kaag-en-braassem-2015'


def documented():
    """The example of docs/letters.md, with days that have been."""
    text = (SOURCE / 'docs' / 'letters.md').read_text()
    example = re.search(r'(?m)^    datalek\n(?:        .*\n)+', text)[0]
    return re.sub(r'(?m)^    ', '', example).replace('2026-11-20', str(YESTERDAY)).replace('2026-11-21', str(today()))


class BreachLetters(OwnInstanceTest, RegistryTest):
    def setUp(self):
        super().setUp()
        self.folder = self.registry.directory / 'policies' / PACK / 'brieven'
        (self.folder / 'gemeente.txt').write_text(sender())
        self.incident = self.registry.write('datalek.txt', documented(), 0o600)
        self.directory = self.registry.directory / 'brieven'
        team = self.client('kernteam')
        self.anna, self.bob = self.person(), self.person()
        for bsn, categories in ((self.anna, ['naw', 'toewijzing']), (self.bob, ['naw'])):
            self.granted(bsn, categories=categories, recipients=[HORIZON])
            self.assertPermit(team.disclose(bsn, categories))
        self.assertPermit(team.call(claim_urgent_reasons(check_request(self.bob, ['deskundigenadvies'], mode='DISCLOSE'))))

    def run_report(self, *arguments, party=HORIZON, directory=None, incident=None):
        return tool('ctl/consentctl', 'report', 'breach', '--key', self.registry.key_file('operator'), '--party', party, *WHOLE,
                    '--letters', directory or self.directory, '--incident', incident or self.incident, *arguments)

    def made(self, *arguments):
        done = self.run_report(*arguments)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return {path.stem: path.read_bytes() for path in self.directory.iterdir()}

    def assertNothing(self, code, told, *arguments, **how):
        self.registry.key_file('operator')
        before = sorted(os.listdir(self.registry.directory))
        done = self.run_report(*arguments, **how)
        self.assertEqual((done.returncode, done.stdout), (code, ''), done.stderr)
        self.assertIn(told, done.stderr)
        self.assertEqual(sorted(os.listdir(self.registry.directory)), before)

    def pseudonym(self, bsn):
        return self.client('operator').audit(bsn=bsn)[-1].object.hex()


class Letters(BreachLetters):
    def test_each_person_of_the_report_has_a_letter_of_that_name(self):
        path = self.registry.directory / 'personen.csv'
        letters = {name: ' '.join(text.decode().split()) for name, text in self.made('--out', path).items()}
        with open(path, newline='') as file:
            self.assertEqual([row['subject'] for row in csv.DictReader(file)], [self.pseudonym(self.anna), self.pseudonym(self.bob)])
        self.assertEqual(set(letters), {self.pseudonym(self.anna), self.pseudonym(self.bob)})
        self.assertEqual(stat.S_IMODE(self.directory.stat().st_mode), 0o700)
        for one in self.directory.iterdir():
            self.assertEqual((one.suffix, stat.S_IMODE(one.stat().st_mode)), ('.txt', 0o600))
        for name, letter in letters.items():
            for words in ('Er is iets misgegaan met uw gegevens', f'Ons kenmerk: {name}', 'Bij wie was het? Zorgaanbieder Horizon',
                          'Een medewerker stuurde een lijst', 'Wanneer was het? op 18 november 2026', 'Wie gaf die gegevens? Kernteam Voorbeeld',
                          '- Iemand kan doen alsof hij u is.', '- Lijsten gaan niet meer met e-mail.', 'Bel dan 14 0123.',
                          '- Naam, adres en woonplaats', 'artikel 34 van de AVG', 'Autoriteit Persoonsgegevens', 'fg@voorbeeld.example'):
                self.assertIn(words, letter)
            for secret in (self.anna, self.bob, HORIZON, 'kernteam'):
                self.assertNotIn(secret, letter)
        anna, bob = letters[self.pseudonym(self.anna)], letters[self.pseudonym(self.bob)]
        self.assertIn('- Toewijzing', anna)
        self.assertNotIn('gevoelige gegevens', anna)
        self.assertNotIn('- Toewijzing', bob)
        self.assertIn('- Advies van een deskundige', bob)
        self.assertIn('gevoelige gegevens', bob)

    def test_only_those_of_whom_special_data_went(self):
        self.assertEqual(set(self.made('--letters-to', 'special')), {self.pseudonym(self.bob)})

    def test_what_is_not_known_is_not_said(self):
        text = ''.join(line for line in documented().splitlines(True) if not re.match(' +(wanneer|gemeld-op|bel) ', line))
        self.incident.write_text(text)
        for letter in self.made().values():
            for words in ('Wanneer was het?', 'gemeld', 'met iemand over praten'):
                self.assertNotIn(words, letter.decode())

    def test_the_letters_read_easily_under_both_packs(self):
        for pack in (PACK, 'wmo-jeugdwet-2026'):
            (self.folder.parents[1] / pack / 'brieven' / 'gemeente.txt').write_text(sender())
            for name, page in self.made('--letter-format', 'html', '--policy', self.folder.parents[1] / pack).items():
                text = page.decode()
                self.assertTrue(text.startswith('<!DOCTYPE html>\n<html lang="nl">'))
                reading = Readability(Blocks(text).blocks)
                print(f'breach, {pack}: Flesch-Douma {reading.ease:.1f}, {reading.average:.1f} words a sentence, {reading.words} words')
                self.assertGreaterEqual(reading.ease, BOUND)
                self.assertLessEqual(reading.average, LONGEST_AVERAGE)
                self.assertLessEqual(len(reading.longest), LONGEST_SENTENCE, reading.longest)
            shutil.rmtree(self.directory)

    @unittest.skipUnless(shutil.which('weasyprint'), 'no weasyprint')
    def test_as_pdf(self):
        letters = self.made('--letter-format', 'pdf')
        self.assertTrue(all(letter.startswith(b'%PDF-') for letter in letters.values()))
        self.assertEqual({one.suffix for one in self.directory.iterdir()}, {'.pdf'})

    def test_of_a_party_that_got_nothing_there_is_no_letter(self):
        done = self.run_report(party=DELTA)
        self.assertEqual((done.returncode, list(self.directory.iterdir())), (0, []))

    def test_the_case_worker_finds_the_person_by_the_pseudonym_of_the_team(self):
        path = self.registry.directory / 'personen.csv'
        self.made('--out', path)
        with open(path, newline='') as file:
            known = {row['subject']: row['known as'] for row in csv.DictReader(file)}
        for bsn in (self.anna, self.bob):
            shown = tool('ctl/consentctl', 'subject', 'show', '--key', self.registry.key_file('kernteam'), stdin=bsn).stdout
            self.assertEqual(known[self.pseudonym(bsn)], 'kernteam:' + re.search(r'(?m)^subject +([0-9a-f]{32})$', shown)[1])


class BadInput(BreachLetters):
    def test_what_is_wrong_in_the_file_is_told_with_its_line(self):
        good = documented()
        lines = good.split('\n')

        def line(word):
            return 1 + next(i for i, text in enumerate(lines) if text.strip().startswith(word))

        def without(word):
            return '\n'.join(text for text in lines if not text.strip().startswith(word))

        day = line('ontdekt-op')
        wrong = [('', 0, 'the file has no heading "datalek"'), (good.replace('datalek\n', 'datalek groot\n', 1), 1, 'one heading, "datalek"'),
                 (good.replace('datalek\n', 'lek\n', 1), 1, 'one heading, "datalek"'), (good + good, len(lines), 'a second heading'),
                 (without('wat '), 1, 'wat'), (without('ontdekt-op'), 1, 'ontdekt-op'),
                 (without('gevolg'), 1, '"datalek" has no "gevolg"'), (without('maatregel'), 1, '"datalek" has no "maatregel"'),
                 (without('advies'), 1, '"datalek" has no "advies"'),
                 (good.replace('    bel ', '    bell ', 1), line('bel'), 'unknown key "bell"; did you mean "bel"?'),
                 (good.replace(str(YESTERDAY), 'gisteren', 1), day, '"ontdekt-op": not a day, YYYY-MM-DD'),
                 (good.replace(str(YESTERDAY), '2026-02-30', 1), day, '"ontdekt-op": this day does not exist'),
                 (good.replace(str(YESTERDAY), str(TOMORROW), 1), day, '"ontdekt-op" is a day that has not come'),
                 (good.replace(str(today()), '2020-01-01', 1), line('gemeld-op'), '"gemeld-op" is before "ontdekt-op"'),
                 (good + '    gevolg  Nog iets.\n' * 11, len(lines) + 10, 'more than 12 of "gevolg"'),
                 (good.replace('op 18', 'op\t18', 1), line('wanneer'), 'a tab; use spaces')]
        for text, at, told in wrong:
            with self.subTest(told=told):
                self.incident.write_text(text)
                self.assertNothing(MALFORMED, f'{self.incident}{f":{at}" if at else ""}: ')
                self.assertIn(told, self.run_report().stderr)
        self.incident.write_text(good)
        for path in (self.incident, self.folder / 'gemeente.txt', self.folder / 'wetten.txt'):
            before = path.read_bytes()
            path.write_bytes(b'datalek\0' + b'x' * 20000)
            self.assertNothing(MALFORMED, f'{path}:1: a NUL byte; this is not a text file')
            path.write_bytes(before)
        self.incident.write_bytes(b'x' * 70000)
        self.assertNothing(MALFORMED, 'larger than 64 KiB')
        self.assertNothing(NO_SUCH, 'cannot read', incident=self.registry.directory / 'nergens')

    def test_a_template_that_lacks_or_invents_something_or_goes_round_makes_no_letter(self):
        path = self.folder / 'datalek.txt'
        shipped = path.read_text()
        at = 1 + shipped.split('\n').index('- {gevolgen}')
        for old, new, told in (('- {gevolgen}\n', '', 'datalek.txt: the field "gevolgen" is missing'),
                               ('- {adviezen}', '[als bel]\n- {adviezen}\n[einde]', 'datalek.txt: the field "adviezen" is missing'),
                               ('- {gevolgen}', '- {gevolg}', f'datalek.txt:{at}: this letter has no field "gevolg" here'),
                               ('- {gevolgen}', '[elke gevolgen]', f'datalek.txt:{at}: "gevolgen" is no group'),
                               ('- {gevolgen}', '{bel}\n- {gevolgen}', f'datalek.txt:{at}: "bel" may have no value'),
                               ('- {gevolgen}', '[deel rond]', 'deel-rond.txt:1: a part can hold no part')):
            with self.subTest(told=told):
                path.write_text(shipped.replace(old, new, 1))
                (self.folder / 'deel-rond.txt').write_text('[deel rond]\n')
                self.assertNothing(MALFORMED, told)
        path.unlink()
        self.assertNothing(MALFORMED, 'brieven/datalek.txt: missing')

    def test_where_one_letter_cannot_be_made_there_is_none(self):
        for missing, code, told in (('kernteam', MISCONFIGURED, 'has no "organisatie kernteam"'), (HORIZON, MISCONFIGURED, 'has no "organisatie ')):
            (self.folder / 'gemeente.txt').write_text(re.sub(rf'organisatie {missing}\n.*\n', '', sender()))
            self.assertNothing(code, told)
        (self.folder / 'gemeente.txt').write_text(sender())
        path = self.registry.write('er-al.csv', 'van een ander', 0o600)
        self.assertNothing(CANNOT_CREATE, 'er-al.csv', '--out', path)
        self.directory.mkdir()
        self.assertNothing(CANNOT_CREATE, 'File exists; nothing is written')
        self.assertEqual(list(self.directory.iterdir()), [])
        self.directory.rmdir()
        self.directory.symlink_to('nergens')
        self.assertNothing(CANNOT_CREATE, 'File exists')
        self.directory.unlink()
        self.assertNothing(CANNOT_CREATE, 'nothing is written', directory='/nowhere/brieven')
        self.assertEqual(len(self.made('--out', self.registry.directory / 'nieuw.csv')), 2)

    def test_a_pdf_that_cannot_be_made_leaves_nothing(self):
        before, os.environ['PATH'] = os.environ['PATH'], '/nowhere'
        try:
            self.assertNothing(69, 'install the package weasyprint', '--letter-format', 'pdf')
        finally:
            os.environ['PATH'] = before

    def test_options_that_do_not_belong_together_are_refused(self):
        def refused(*arguments):
            return tool('ctl/consentctl', 'report', 'breach', '--key', self.registry.key_file('operator'), '--party', HORIZON, *WHOLE,
                        *arguments)
        for arguments, told in ((('--letters', self.directory), 'give --incident FILE'), (('--incident', self.incident), 'belong to --letters'),
                                (('--letters-to', 'all'), 'belong to --letters'), (('--letter-format', 'pdf'), 'belong to --letters'),
                                (('--letters', self.directory, '--incident', self.incident, '--letters-to', 'sommige'), 'all or special'),
                                (('--letters', self.directory, '--incident', self.incident, '--letter-format', 'csv'), 'text, html or pdf')):
            done = refused(*arguments)
            self.assertEqual((done.returncode, done.stdout), (USAGE, ''))
            self.assertIn(told, done.stderr)
        self.assertFalse(self.directory.exists())


if __name__ == '__main__':
    unittest.main()
