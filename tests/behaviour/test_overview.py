"""Access (R1, KB 13): the overview of everything that is held about one subject, as a letter and as data."""
import html.parser
import json
import re
import shutil
import stat
import subprocess
import unittest

import envelope_pb2 as wire
import rights_pb2

import lives
from client import USER
from harness import RegistryTest, now, today, tool, years_ago
from letters import BOUND, LONGEST_AVERAGE, LONGEST_SENTENCE, Readability, sender
from lives import DELTA, HORIZON

NO, USAGE, UNAVAILABLE, CANNOT_CREATE, NO_PERMISSION, MALFORMED = 1, 64, 69, 73, 77, 65
# Words of the protocol and of the rules that mean nothing to the reader of a letter.
CODES = re.compile(r'\b(?:[A-Z]{2,}_[A-Z_]+|[A-Z]\d{1,2}|toekenning|gezondheid|REVOKED|GRANTED|naw)\b')


class Blocks(html.parser.HTMLParser):
    """Headings and paragraphs of a letter, as its readability is measured: without the names of the pack, which stand in
    facts, tables, and headings of the third level."""

    def __init__(self, text):
        super().__init__()
        self.blocks, self.kind = [], None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.kind = {'p': 'PARAGRAPH', 'h1': 'HEADING', 'h2': 'HEADING'}.get(tag)
        if self.kind:
            self.blocks.append({'kind': self.kind, 'text': ''})

    def handle_endtag(self, tag):
        self.kind = None

    def handle_data(self, data):
        if self.kind:
            self.blocks[-1]['text'] += data


class OverviewTest(RegistryTest):
    def ctl(self, bsn, *arguments, party='kernteam'):
        return tool('ctl/consentctl', 'overview', '--key', self.registry.key_file(party), *arguments, stdin=bsn)

    def made(self, bsn, *arguments):
        result = self.ctl(bsn, *arguments)
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertNotIn(bsn, result.stdout)
        return result.stdout

    def letter(self, bsn, *arguments):
        """The text, with each blank as one space, so that a sentence is found wherever its lines are broken."""
        return ' '.join(self.made(bsn, '--format', 'text', *arguments).split())

    def data(self, bsn, *arguments):
        return json.loads(self.made(bsn, '--format', 'json', *arguments))

    def lines(self, data, action='check'):
        return [entry['line'] for entry in data['entries'] if entry['line'] and entry['line']['action'] == action]

    def pages(self, bsn, party='kernteam', **fields):
        """Every page, asked for one after the other as a listing."""
        pages, after, ticket = [], b'', b''
        while True:
            request = wire.Request(listing=ticket)
            body = request.overview
            body.bsn, body.after = bsn, after
            for name, value in fields.items():
                setattr(body, name, value)
            reply = self.client(party).call(request)
            self.assertOk(reply)
            pages.append(reply)
            after, ticket = reply.overview.next, reply.listing
            if not reply.overview.more:
                return pages


class Lives(OverviewTest):
    def test_r1_an_ordinary_life_is_told_whole(self):
        bsn = lives.ordinary(self)
        text = self.letter(bsn)
        for sentence in ('2 toestemmingen. Daarvan gelden er nu 2.', '4 keer dat gegevens zijn doorgegeven.',
                         '1 keer dat iemand om gegevens vroeg en nee kreeg.', 'Geboren: 17 mei 1980',
                         'Toestemming 1: Toekennen van een maatwerkvoorziening', 'Zaak: zaak-2026-118',
                         'Wie krijgt ze: Zorgaanbieder (zorgaanbieder-horizon)', 'Wie ja zei: u zelf, op',
                         'Gevraagd: op', 'U zei ja, of ja tegen een deel.', 'Waarom mocht dat: u gaf toestemming',
                         'de wet staat dit toe (Wmo 2015, hoofdstuk 5)', '(herkomst: Wet maatschappelijke ondersteuning 2015)',
                         'Waarom niet: deze gegevens zijn voor dit doel niet nodig',
                         'Kernteam: u vertellen dat uw gegevens zijn doorgegeven', 'Stand: moet uiterlijk',
                         'heeft bekeken wat er over u zelf staat', 'Verbetering (nummer', 'Wat is gevraagd: mijn adres klopt niet',
                         'Hierover is nog niet beslist.', 'Antwoord uiterlijk:'):
            self.assertIn(sentence, text)
        data = self.data(bsn)
        self.assertEqual(len(self.lines(data)), 5)
        self.assertEqual([line['result'] for line in self.lines(data)], ['permit', 'permit', 'permit', 'deny', 'permit'])
        told = {(label['kind'], label['code']): label['label'] for label in data['labels']}
        self.assertEqual(told['PURPOSE', 'toekenning'], 'Toekennen van een maatwerkvoorziening')

    def test_an_article_of_a_decision_is_said_in_words(self):
        bsn, team = self.person(), self.client('kernteam')
        for article, words in (('KB 13.4', 'Artikel: artikel 13.4 van ons privacyreglement'), ('Gemeentewet 5', 'Artikel: Gemeentewet 5')):
            opened = team.ask('rights_open', bsn=bsn, kind=rights_pb2.RIGHTS_ACCESS, by='subject', user=USER, wish='alles',
                              way=rights_pb2.WAY_COUNTER, identity=rights_pb2.IDENTITY_DOCUMENT)
            self.assertOk(opened)
            self.assertOk(team.ask('rights_decide', number=opened.rights.request.number, outcome=rights_pb2.RIGHTS_REFUSED,
                                   reason='Dat kan niet.', article=article, user=USER))
            self.assertIn(words, self.letter(bsn))

    def test_m9_a_representative_reads_nothing_of_another(self):
        bsn = lives.child(self)
        for reader, arguments in (('', ()), ('ouder-noord', ('--for', 'ouder-noord'))):
            with self.subTest(reader=reader):
                text, data = self.letter(bsn, *arguments), self.made(bsn, '--format', 'json', *arguments)
                for secret in ('ouder-zuid', 'bedreigt', 'zonder dit kan niemand helpen', 'manager-3', 'medewerker-17'):
                    self.assertNotIn(secret, text)
                    self.assertNotIn(secret, data)
                self.assertTrue(json.loads(data)['left_out'])
                self.assertIn('artikel 13, lid 4', text)
                self.assertEqual('ouder-noord' in data, reader == 'ouder-noord')
        self.assertEqual(text.count('Vertegenwoordiger:'), 1)
        self.assertIn('Deze brief is voor een vertegenwoordiger.', text)
        self.assertNotIn('Deze brief is voor een vertegenwoordiger.', self.letter(bsn, '--for', 'subject'))
        self.assertEqual(self.letter(bsn).count('Vertegenwoordiger:'), 2)

    def test_m9_what_another_representative_asked_is_his_own(self):
        born = years_ago(10)
        bsn = self.person(born, representatives=[{'reference': f'ouder-{i}', 'from': str(born)} for i in (1, 2)])
        for i in (1, 2):
            self.assertOk(self.client('kernteam').ask(
                'rights_open', bsn=bsn, kind=rights_pb2.RIGHTS_RECTIFICATION, by=f'ouder-{i}', user=USER,
                wish=f'de wens van {i}', way=rights_pb2.WAY_POST, identity=rights_pb2.IDENTITY_DOCUMENT))
        text = self.letter(bsn, '--for', 'ouder-1')
        self.assertIn('Wat is gevraagd: de wens van 1', text)
        self.assertNotIn('de wens van 2', text)
        self.assertEqual(text.count('Verbetering (nummer'), 2)
        self.assertNotIn('de wens van', self.letter(bsn))

    def test_organisations_have_the_names_that_the_pack_gives_them(self):
        bsn = lives.withdrawn(self)
        pack = self.registry.directory / 'policies' / 'kaag-en-braassem-2015'
        (pack / 'brieven' / 'gemeente.txt').write_text(sender())
        text = self.letter(bsn, '--policy', pack)
        self.assertIn('Kernteam Voorbeeld aan Zorgaanbieder Horizon', text)
        self.assertNotIn(f'({HORIZON})', text)
        self.assertNotEqual(self.ctl(bsn, '--policy', self.registry.directory / 'keys').returncode, 0)

    def test_r6_nothing_is_said_to_be_left_out_where_nothing_was(self):
        bsn = lives.ordinary(self)
        self.assertNotIn('artikel 13, lid 4', self.letter(bsn))
        self.assertFalse(self.data(bsn)['left_out'])

    def test_v8_a_withdrawal_tells_who_has_heard_and_who_has_not_yet(self):
        bsn = lives.withdrawn(self)
        text = self.letter(bsn)
        for sentence in ('1 toestemming. Daarvan gelden er nu 0.', 'Deze toestemming is ingetrokken.',
                         'Het gaat om dit deel: Toewijzing.', 'Uw nee geldt tot u zelf ja zegt.',
                         'Afgeschermd: Naam, adres en woonplaats', 'Gegevens zijn afgeschermd',
                         'u had uw toestemming ingetrokken; u had nee gezegd'):
            self.assertIn(sentence, text)
        heard = rf'Zorgaanbieder \({HORIZON}\) Verteld op: [^:]+uur Heeft het bericht gezien: ja, op \d+ \w+ \d{{4}} om'
        self.assertEqual(len(re.findall(heard, text)), 2)
        self.assertEqual(len(re.findall(rf'Zorgaanbieder \({DELTA}\) Verteld op: [^:]+uur Heeft het bericht gezien: nog niet',
                                        text)), 2)
        told = [telling for line in self.lines(self.data(bsn), 'revoke') for telling in line['tellings']]
        self.assertEqual({(one['party'], one['heard']) for one in told},
                         {(HORIZON, True), (DELTA, False), ('kernteam', False)})
        self.assertTrue(all((one['heard_at'] is not None) == one['heard'] and not one['unknown'] for one in told))
        lives.acknowledge_all(self, DELTA)
        self.assertNotIn(f'({DELTA}) Verteld op', re.sub(r'Verteld op: [^:]+: ja', 'ja', self.letter(bsn)))

    def test_five_hundred_disclosures_are_counted_together_and_the_data_have_each(self):
        bsn = lives.busy(self)
        text = self.letter(bsn)
        self.assertIn('Uw gegevens zijn 500 keer doorgegeven.', text)
        self.assertRegex(text, r'400 keer, (op|van) ')
        self.assertRegex(text, r'100 keer, (op|van) ')
        self.assertLess(len(text), 5000)
        self.assertIn('Vraag ons daarom.', text)
        self.assertEqual(self.letter(bsn, '--all').count('Uitkomst: doorgegeven'), 500)
        data = self.data(bsn)
        self.assertEqual(len(self.lines(data)), 500)
        self.assertEqual(len({line['number'] for line in self.lines(data)}), 500)

    def test_the_letters_read_easily_and_have_no_codes(self):
        for name in ('ordinary', 'child', 'withdrawn', 'busy'):
            with self.subTest(life=name):
                bsn = getattr(lives, name)(self)
                reading = Readability(Blocks(self.made(bsn, '--format', 'html')).blocks)
                print(f'overview of {name}: Flesch-Douma {reading.ease:.1f}, {reading.average:.1f} words a sentence, '
                      f'the longest {len(reading.longest)}')
                self.assertGreaterEqual(reading.ease, BOUND)
                self.assertLessEqual(reading.average, LONGEST_AVERAGE)
                self.assertLessEqual(len(reading.longest), LONGEST_SENTENCE, ' '.join(reading.longest))
                self.assertEqual(CODES.findall(self.letter(bsn)), [])

    def test_each_article_is_explained_at_its_first_mention_only(self):
        text = self.letter(lives.child(self))
        for article, explained in (('13', 'U mag weten welke'), ('3', 'Het mag als u toestemming geeft.'), ('14', 'U mag vragen om'),
                                   ('13, lid 4', 'Wij laten weg wat'), ('15', 'U kunt dan bezwaar maken.')):
            self.assertRegex(text, rf'artikel {article}( van het privacyreglement)?\. {explained}')
            self.assertEqual(text.count(explained), 1)


class Words(OverviewTest):
    """The letter is a template of the pack: brieven/overzicht.txt."""

    def pack(self, *changes):
        """A copy of the pack, with its overview changed."""
        shipped, self.copy = self.registry.directory / 'policies' / 'kaag-en-braassem-2015', self.registry.directory / 'eigen'
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(shipped, self.copy)
        path = self.copy / 'brieven' / 'overzicht.txt'
        text = path.read_text()
        for old, new in changes:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        path.write_text(text)
        return self.copy

    def line(self, words):
        lines = (self.copy / 'brieven' / 'overzicht.txt').read_text().split('\n')
        return 1 + next(i for i, line in enumerate(lines) if words in line)

    def test_a_communication_officer_changes_the_words_and_not_what_is_told(self):
        bsn = lives.withdrawn(self)
        for _ in range(3):  # each tells of the overviews before it: from the third on in the same words
            before = self.letter(bsn)
        self.assertEqual(re.sub('[1-9] keer, op', 'N keer, op', self.letter(bsn, '--policy', self.pack())),
                         re.sub('[1-9] keer, op', 'N keer, op', before))
        changed = self.pack(('== Waar u nee op zei', '== Dit wilde u niet'), ('De namen van medewerkers', 'Namen van medewerkers'),
                            ('== Wat u kunt doen', '[als gemeente-telefoon]\nBel {gemeente-telefoon}.\n[einde]\n== Wat u kunt doen'))
        text = self.letter(bsn, '--policy', changed)
        for words in ('Dit wilde u niet', 'Namen van medewerkers staan er niet in.', 'Uw nee geldt tot u zelf ja zegt.'):
            self.assertIn(words, text)
        self.assertNotIn('Waar u nee op zei', text)
        self.assertNotIn('Bel ', text)
        (changed / 'brieven' / 'gemeente.txt').write_text(sender())
        self.assertIn('Bel 14 0123.', self.letter(bsn, '--policy', changed))

    def test_a_template_that_lacks_or_invents_something_is_refused_with_file_and_line(self):
        bsn = lives.ordinary(self)
        for changes, told in (((('{doorgegeven}\n', ''),), 'overzicht.txt: the field "doorgegeven" is missing'),
                              ((('[als weggelaten]', '[als niets]'),), 'overzicht.txt: the field "weggelaten" is missing'),
                              ((('{handelingen}', 'Zie {handelingen}'),), ':{line}: "handelingen" is more than a text: put {handelingen} alone'),
                              ((('- {kort}', '- {korrt}'),), ':{line}: this letter has no field "korrt" here; did you mean "kort"?'),
                              ((('{verzoeken}', '[elke verzoeken]\n[einde]'),), ':{line}: "verzoeken" is no group'),
                              ((('{gevraagd}', '[deel overzicht]'),), ':{line}: there is no file deel-overzicht.txt')):
            with self.subTest(told=told):
                pack = self.pack(*changes)
                if '{line}' in told:
                    told = told.replace('{line}', str(self.line(changes[0][1].split('\n')[0])))
                refused = self.ctl(bsn, '--policy', pack)
                self.assertEqual((refused.returncode, refused.stdout), (MALFORMED, ''))
                self.assertIn(f'{pack}/brieven/overzicht.txt{told}' if told[0] == ':' else told, refused.stderr)
                checked = tool('ctl/consentctl', 'policy', 'check', pack)
                self.assertEqual((checked.returncode, checked.stderr), (MALFORMED, refused.stderr))
        (self.pack() / 'brieven' / 'overzicht.txt').unlink()
        self.assertIn('brieven/overzicht.txt: missing', self.ctl(bsn, '--policy', self.copy).stderr)


class Today(OverviewTest):
    """Under the pack of 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = cls.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('policies/kaag-en-braassem-2015', 'policies/wmo-jeugdwet-2026'))
        cls.registry.reload()

    def test_the_articles_are_those_of_todays_law_and_it_reads_easily(self):
        born = years_ago(10)
        bsn = self.person(born, representatives=[{'reference': f'ouder-{i}', 'from': str(born)} for i in (1, 2)])
        self.assertPermit(self.client('kernteam').disclose(bsn, ['naw']))
        text = self.letter(bsn)
        for article in ('artikel 15 van de AVG. Dat is de wet over privacy.', 'artikel 15, lid 4, van de AVG',
                        'artikel 34 van de Uitvoeringswet AVG. U kunt dan bezwaar maken.', 'artikel 77 van de AVG'):
            self.assertIn(article, text)
        self.assertNotIn('privacyreglement', text)
        reading = Readability(Blocks(self.made(bsn, '--format', 'html')).blocks)
        print(f'overview of a child, 2026: Flesch-Douma {reading.ease:.1f}, {reading.average:.1f} words a sentence')
        self.assertGreaterEqual(reading.ease, BOUND)
        self.assertLessEqual(len(reading.longest), LONGEST_SENTENCE, ' '.join(reading.longest))


class Parts(OverviewTest):
    def test_r5_a_second_overview_says_so_and_is_made_all_the_same(self):
        bsn = lives.ordinary(self)
        self.assertNotIn('ook een overzicht gemaakt', self.letter(bsn))
        again = self.letter(bsn)
        self.assertIn('is ook een overzicht gemaakt. Daarna is er niets bij gekomen.', again)
        self.assertIn('2 toestemmingen.', again)
        self.client('kernteam').disclose(bsn, ['naw'])
        self.assertIn('Daarna is er 1 keer iets bij gekomen.', self.letter(bsn))
        data = self.data(bsn)
        self.assertEqual(data['since_previous'], 0)
        self.assertIsNotNone(data['previous_at'])

    def test_a_case_has_what_is_about_it(self):
        bsn = lives.ordinary(self)
        text = self.letter(bsn, '--case', 'zaak-2026-118')
        self.assertIn('Dit is een deel. Het gaat over de zaak zaak-2026-118.', text)
        self.assertIn('1 toestemming.', text)
        self.assertIn('Uw gegevens zijn 2 keer doorgegeven.', text)
        self.assertNotIn('ook een overzicht gemaakt', text)
        self.assertNotIn('Wat er daarna moest gebeuren', text)  # that was about another disclosure
        data = self.data(bsn, '--case', 'zaak-2026-118')
        self.assertEqual([line['check']['case_ref'] for line in self.lines(data)], ['zaak-2026-118'] * 2)
        self.assertEqual((len(self.lines(data, 'grant')), len(self.lines(data, 'subject-set'))), (1, 0))

    def test_a_year_has_what_happened_in_it(self):
        bsn = lives.ordinary(self)
        this = self.letter(bsn, '--year', str(today().year))
        self.assertIn(f'Het gaat over het jaar {today().year}.', this)
        self.assertIn('4 keer dat gegevens zijn doorgegeven.', this)
        before = self.letter(bsn, '--year', str(today().year - 1))
        self.assertIn('0 toestemmingen.', before)
        self.assertIn('Er zijn geen gegevens over u doorgegeven.', before)
        self.assertEqual(self.lines(self.data(bsn, '--year', '1999')), [])

    def test_pages_are_bounded_and_one_line_of_the_log(self):
        bsn = lives.busy(self, disclosures=200)
        pages = self.pages(bsn)
        self.assertGreater(len(pages), 2)
        self.assertTrue(all(page.ByteSize() < 65_536 for page in pages))
        self.assertEqual(sum(len(page.overview.entries) for page in pages), 1 + 1 + 2 + 200)
        entries = self.client('operator').audit(bsn=bsn)
        self.assertEqual([entry.action for entry in entries].count('overview'), 1)

    def test_what_comes_while_it_is_read_is_not_in_it(self):
        bsn = lives.busy(self, disclosures=120)
        request = wire.Request()
        request.overview.bsn = bsn
        first = self.client('kernteam').call(request)
        self.client('kernteam').disclose(bsn, ['naw'])
        numbers, reply = [], first
        while True:
            numbers += [entry.line.number for entry in reply.overview.entries if entry.HasField('line')]
            if not reply.overview.more:
                break
            request = wire.Request(listing=reply.listing)
            request.overview.bsn, request.overview.after = bsn, reply.overview.next
            reply = self.client('kernteam').call(request)
            self.assertOk(reply)
        self.assertEqual(max(numbers), first.overview.newest)
        self.assertEqual(sorted(set(numbers)), numbers)

    def test_the_file_is_private_new_and_whole(self):
        bsn = lives.ordinary(self)
        names = ['overzicht.html', 'overzicht.json', 'overzicht.txt']
        names += ['overzicht.pdf'] if shutil.which('weasyprint') else []  # test_letters says what is told without it
        for name in names:
            with self.subTest(name=name):
                path = self.registry.directory / name
                self.assertEqual(self.made(bsn, '--out', path), '')
                self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
                content = path.read_bytes()
                again = self.ctl(bsn, '--out', path)
                self.assertEqual(again.returncode, CANNOT_CREATE)
                self.assertEqual(path.read_bytes(), content)


    @unittest.skipUnless(shutil.which('weasyprint') and shutil.which('pdftotext'), 'no weasyprint, or no pdftotext')
    def test_on_paper_no_consent_is_torn_apart(self):
        bsn, path = lives.withdrawn(self), self.registry.directory / 'heel.pdf'
        self.made(bsn, '--out', path)
        text = subprocess.run(['pdftotext', '-layout', path, '-'], check=True, capture_output=True, text=True).stdout
        pages = [page.strip() for page in text.split('\f') if page.strip()]
        self.assertGreater(len(pages), 2)
        for page in pages[1:]:
            self.assertNotRegex(page, '^(Welke gegevens|Wie (geeft|krijgt|ja|nee)|Waarom|Geldig|Hoe|Bewijs|Uitleg|Opgeschreven|Wanneer  )')


class BadInput(OverviewTest):
    def test_of_somebody_unknown_nothing_is_held(self):
        bsn = self.person(born=None)
        self.assertIn('Er staat niets over u in het register.', self.letter(bsn))
        self.assertFalse(self.data(bsn)['known'])

    def test_what_was_asked_about_somebody_unknown_is_told(self):
        bsn = self.person(born=None)
        self.client(HORIZON).check(bsn, ['naw'])
        text = self.letter(bsn)
        self.assertIn('1 keer dat iemand om gegevens vroeg en nee kreeg.', text)
        self.assertNotIn('Er staat niets over u', text)

    def test_without_the_permission_nobody_learns_anything(self):
        known, unknown = lives.ordinary(self), self.person(born=None)
        path = self.registry.directory / 'niets.txt'
        for party in (HORIZON, 'toezicht', 'cak'):
            answers = [self.ctl(bsn, '--out', path, party=party) for bsn in (known, unknown)]
            self.assertEqual([answer.returncode for answer in answers], [NO_PERMISSION] * 2)
            self.assertEqual(answers[0].stderr, answers[1].stderr)
            self.assertFalse(path.exists())

    def test_a_year_that_is_none_is_refused(self):
        for year in ('onzin', '20', '0', '-1', '', '99999'):
            self.assertEqual(self.ctl('999990019', '--year', year).returncode, USAGE, year)

    def test_a_form_that_is_none_and_a_wrong_bsn_are_refused(self):
        self.assertEqual(self.ctl('999990019', '--format', 'docx').returncode, USAGE)
        self.assertGreaterEqual(self.ctl('999990018').returncode, USAGE)

    def test_m7_a_refused_representative_and_a_stranger_get_none(self):
        bsn = lives.child(self)
        refused = self.client('kernteam').ask('overview', bsn=bsn, reader='ouder-zuid')
        self.assertRejected(refused, 'REPRESENTATION_MISSING')
        self.assertEqual(refused.refusals[0].rule, 'M9')
        self.assertInvalid(self.client('kernteam').ask('overview', bsn=bsn, reader='buurvrouw'), 'overview.reader')
        self.assertNotEqual(self.ctl(bsn, '--for', 'ouder-zuid').returncode, 0)

    def test_m3_from_sixteen_on_a_parent_reads_it_no_more(self):
        for years, status in ((15, 'OK'), (16, 'REJECTED')):
            born = years_ago(years)
            bsn = self.person(born, representatives=[{'reference': 'ouder-1', 'from': str(born)}])
            self.assertStatus(self.client('kernteam').ask('overview', bsn=bsn, reader='ouder-1'), status)

    def test_a_place_or_a_time_that_is_none_is_invalid(self):
        bsn = lives.ordinary(self)
        ask = self.client('kernteam').ask
        for after in (b'x', b'\xff' * 20, b'\x03' + b'\xff' * 19):
            self.assertInvalid(ask('overview', bsn=bsn, after=after), 'overview.after')
        self.assertInvalid(ask('overview', bsn=bsn, since=now(), until=now() - 1), 'overview.until')
        forged = wire.Request(listing=b'\x00' * 32)
        forged.overview.bsn, forged.overview.after = bsn, b'\x03' + b'\x00' * 19
        self.assertInvalid(self.client('kernteam').call(forged), 'listing')


if __name__ == '__main__':
    unittest.main()
