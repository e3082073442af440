"""The consent form: what is recorded of a filled-in one, and what is told of one that is wrong."""
import base64
import hashlib
import html.parser
import json
import re
import shutil
import stat
import subprocess
import unittest
import zlib
from datetime import timedelta

try:
    import pypdf
    from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
except ImportError:
    pypdf = None

from client import ask_request
from harness import BUILD, SOURCE, RegistryTest, start_of, today, tool
from letters import BOUND, LONGEST_AVERAGE, LONGEST_SENTENCE, Readability, sender

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
        many = self.filled_in(bsn, ondertekening=[{'door': f'ouder-{number}', 'op': str(today())} for number in range(65)])
        self.assertIn('Ondertekening: er zijn te veel handtekeningen', self.refused(many))

    def test_what_is_no_form_at_all_is_told_for_what_it_is(self):
        for text, words in (('[]', 'regel 1: is geen object'), ('{"bsn": "1",\n "bsn": "2"}', 'regel 2: noemt een veld twee keer'),
                            ('{"motivering": "a\\u0000b"}', 'regel 1: heeft een teken'), ('', 'regel 1: is geen JSON')):
            with self.subTest(text):
                told = self.refused(self.registry.write('fout.json', text, 0o600))
                self.assertIn(words, told)

    def test_a_form_that_an_editor_kept_with_a_mark_before_it_is_a_form(self):
        text = json.dumps(self.filled_in(self.person()))
        self.recorded(self.registry.write('formulier.json', '\ufeff' + text, 0o600))

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
        self.assertIn('Antwoord op verzoek: dit verzoek is er niet over deze persoon\n', told)

    def test_of_what_only_the_registry_sees_each_sentence_is_dutch(self):
        known = (SOURCE / 'clients' / 'sociale-team' / 'registry_words.c').read_text()
        for name in ('rules/grant.c', 'verbs/answer.c', 'verbs/consent.c'):
            text = (SOURCE / 'daemon' / name).read_text()
            calls = re.findall(r'\binvalid(?:_at)? \((.*?)\);|find_codes \((.*?)\)[);]', text, re.DOTALL)
            said = {words for call in calls for words in re.findall(r'"([a-z][^"]* [^"]*)"', ''.join(call))}
            self.assertTrue(said, name)
            self.assertEqual([words for words in sorted(said) if f'{{"{words}"' not in known], [], name)

    def test_a_form_answers_a_request_and_no_other(self):
        bsn = self.person()
        asked = self.client(HORIZON).ask_for(bsn, categories=['naw', 'bsn']).consent_recorded.consent_id.hex()
        form = self.filled_in(bsn, gegevens=['naw'], geldig_maanden=1)
        more = self.refused({**form, 'gegevens': ['telefoon', 'naw', 'bsn']}, '--answers', asked)
        self.assertIn('Welke gegevens, nummer 1: is niet gevraagd\n', more)  # the first as it was given
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


class Page(html.parser.HTMLParser):
    """The page of a form: what can be filled in, and what it runs."""
    BROWSER = '''
        var made = [], all = %s, form = {elements: all.filter(function (one) { return one.tag !== "fieldset"; })};
        all.forEach(function (one) {
            one.getAttribute = function (name) { return name in one.given ? one.given[name] : null; };
            one.getElementsByTagName = function () {
                return all.filter(function (other) { return other.within === one.number; });
            };
        });
        form.addEventListener = form.appendChild = function () {};
        form.querySelectorAll = function () { return all.filter(function (one) { return one.getAttribute("data-needed"); }); };
        var document = {
            getElementsByTagName: function () { return [form]; },
            createElement: function (tag) {
                var one = {tag: tag, setAttribute: function () {}, appendChild: function () {}, click: function () {},
                           addEventListener: function (event, run) { one.run = run; }};
                made.push(one);
                return one;
            }
        };
        function Blob (parts) { this.text = parts.join(""); }
        var URL = {createObjectURL: function (file) { return file.text; }};
        %s;
        made.filter(function (one) { return one.tag === "button"; })[0].run();
        var link = made.filter(function (one) { return one.tag === "a"; })[0];
        print(JSON.stringify({file: link.href, name: link.download, said: made[2].textContent}));'''

    def __init__(self, text):
        super().__init__()
        self.text, self.places, self.fieldset, self.script, self.in_script = text, [], None, '', False
        self.policy = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == 'meta' and given.get('http-equiv') == 'Content-Security-Policy':
            self.policy = given['content']
        self.in_script = tag == 'script'
        if tag in ('fieldset', 'input', 'textarea'):
            place = {'tag': tag, 'number': len(self.places), 'within': None if tag == 'fieldset' else self.fieldset,
                     'given': given, 'name': given.get('name'), 'value': given.get('value', ''), 'checked': 'checked' in given}
            self.places.append(place)
            self.fieldset = place['number'] if tag == 'fieldset' else self.fieldset

    def handle_endtag(self, tag):
        self.in_script = False
        if tag == 'fieldset':
            self.fieldset = None

    def handle_data(self, data):
        if self.in_script:
            self.script += data

    def rows(self, name):
        return [place['value'] for place in self.places if place['name'] == name]

    def fill(self, **values):
        """Lists and True are marked, texts are written."""
        for name, value in values.items():
            for place in (place for place in self.places if place['name'] == name.replace('__', '.')):
                if place['given'].get('type') in ('checkbox', 'radio'):
                    place['checked'] = place['value'] in (value if isinstance(value, list) else [value]) or value is True
                else:
                    place['value'] = value

    def save(self):
        """What the script makes of it: the file, its name, and what is said below the button."""
        ran = subprocess.run(['duk', '/dev/stdin'], input=self.BROWSER % (json.dumps(self.places), self.script),
                             capture_output=True, text=True, timeout=60, check=False)
        return json.loads(ran.stdout)


class Blank(FormsTest):
    def form(self, *more, code=0, party='kernteam', out='formulier.html'):
        path = self.registry.directory / out
        path.unlink(missing_ok=True)
        pack = [] if '--policy' in more else ['--policy', self.pack]
        result = tool('sociale-team/sociale-team', 'form', '--key', self.registry.key_file(party), *pack, '--out', path, *more)
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertEqual(path.exists(), code == 0)
        return path.read_text() if code == 0 else result.stderr

    def blocks(self, pack, *more):
        result = tool('sociale-team/sociale-team', 'form', '--policy', pack, '--json', *more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)['blocks']

    @unittest.skipUnless(shutil.which('duk'), 'duktape is not installed')
    def test_what_is_filled_in_on_the_page_is_recorded(self):
        bsn, day = self.person(), str(today())
        page = Page(self.form('--purpose', 'toekenning'))
        page.fill(bsn=f' {bsn} ', verstrekkers=['kernteam'], ontvangers=[HORIZON], gegevens=['naw', 'omvang'],
                  geldig_maanden='6', eenmalig=True, toestemming='ja', ondertekening__1__door='betrokkene',
                  ondertekening__1__op=day, motivering='om de hulp te leveren', vorm='schriftelijk', bewijs__kenmerk='d-1',
                  bewijs__sha256='ab' * 32, voorlichting__folder='folder', voorlichting__versie='1', voorlichting__taal='nl',
                  medewerker='medewerker-17')
        saved = page.save()
        self.assertEqual(saved['name'], 'toestemming.json')
        self.assertEqual(saved['said'], 'Het formulier is bewaard als toestemming.json. Nog niet ingevuld: Folder gegeven op.')
        self.assertIn('Folder gegeven op: vul dit in', self.refused(json.loads(saved['file'])))
        page.fill(voorlichting__verstrekt_op=f'{today().day}-{today().month}-{today().year}')
        saved = page.save()
        self.assertEqual(saved['said'], 'Het formulier is bewaard als toestemming.json.')
        self.recorded(self.registry.write('toestemming.json', saved['file'], 0o600))
        consent, = self.statements(bsn)
        self.assertEqual((list(consent.scope.categories), consent.scope.purpose, consent.one_time),
                         (['naw', 'omvang'], 'toekenning', True))
        self.assertEqual([one.signer for one in consent.signatures], ['subject'])

    @unittest.skipUnless(shutil.which('duk'), 'duktape is not installed')
    def test_an_empty_page_says_nothing_for_anybody(self):
        page = Page(self.form())
        saved = page.save()
        self.assertEqual(json.loads(saved['file']), {'formulier': 'toestemming/1'})
        for label in ('Burgerservicenummer', 'Waarvoor', 'Wie mag de gegevens krijgen', 'Geeft u toestemming', 'Ik teken zelf'):
            self.assertIn(label, saved['said'])

    def test_the_page_runs_its_own_script_and_reaches_nothing(self):
        text = self.form()
        page = Page(text)
        code = base64.b64encode(hashlib.sha256(page.script.encode()).digest()).decode()
        self.assertEqual(page.policy, f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{code}'; "
                                      "base-uri 'none'; form-action 'none'")
        self.assertEqual(text.count('<script'), 1)
        self.assertIsNone(re.search(r'src=|https?:|<link|@import|url\(| on[a-z]+="|localStorage|fetch|XMLHttp', text))

    def test_it_has_what_the_pack_admits_on_consent(self):
        page = Page(self.form())
        self.assertNotIn('informatie-plan', page.rows('doel'), 'about others nobody can consent')
        self.assertIn('toekenning', page.rows('doel'))
        self.assertIn('gespreksverslag', page.rows('gegevens'))
        self.assertFalse([code for code in page.rows('gegevens') if code.startswith('netwerk-')])
        one = Page(self.form('--purpose', 'monitoring', '--recipient', 'kernteam'))
        self.assertEqual((one.rows('doel'), one.rows('gegevens'), one.rows('ontvangers')),
                         (['monitoring'], ['naw', 'rapportage'], ['kernteam']))
        special = [block for block in self.blocks(self.pack, '--purpose', 'monitoring') if block['kind'] == 'CHOICE'
                   and block['text'] == 'Welke gegevens']
        self.assertEqual([[row[0] for row in block['rows']] for block in special], [['naw'], ['rapportage']])

    def test_a_form_for_a_request_has_what_it_asks_and_answers_it(self):
        bsn = self.person()
        last = today() + timedelta(20)
        request = ask_request(bsn, categories=['naw', 'bsn'], one_time=True)
        request.ask.valid_until = start_of(last + timedelta(1))
        asked = self.client(HORIZON).call(request).consent_recorded.consent_id.hex()
        text = self.form('--request', asked)
        page = Page(text)
        self.assertEqual((page.rows('gegevens'), page.rows('ontvangers'), page.rows('verzoek')), (['naw', 'bsn'], [HORIZON], [asked]))
        self.assertEqual(page.rows('geldig_tot_en_met'), [str(last)])
        self.assertEqual([place['checked'] for place in page.places if place['name'] in ('eenmalig', 'doel')], [True, True])
        self.assertIn('Om deze toestemming vroeg: Zorgaanbieder Horizon.', text)
        self.assertNotIn(bsn, text)
        self.form('--request', asked, '--purpose', 'pgb', code=64)
        self.form('--request', 'f' * 32, code=66)
        self.recorded(self.filled_in(bsn, gegevens=['naw'], verzoek=asked, geldig_maanden=None,
                                     geldig_tot_en_met=str(last), eenmalig=True))
        self.assertIn('no request that waits', self.form('--request', asked, code=65))

    def test_what_no_form_can_be_made_of_is_told(self):
        self.assertIn('no such purpose', self.form('--purpose', 'feest', code=65))
        self.assertIn('on consent', self.form('--purpose', 'informatie-plan', code=65))
        for purpose in (['--purpose', 'toekenning'], []):
            self.assertIn('category 2 is not', self.form('--category', 'naw', '--category', 'godsdienst', *purpose, code=65))
        self.assertIn('organisatie elders', self.form('--provider', 'elders', code=78))
        self.assertIn('--policy DIR', tool('sociale-team/sociale-team', 'form', '--key',
                                           self.registry.key_file('kernteam')).stderr)

    def test_names_are_text_on_the_page(self):
        pack = self.registry.directory / 'policies' / 'wmo-jeugdwet-2026'
        (pack / 'brieven' / 'gemeente.txt').write_text(sender() + '\norganisatie raar\n    naam  <b>"Raar" & Co</b>\n')
        text = self.form('--policy', pack)
        self.assertIn('&lt;b&gt;&quot;Raar&quot; &amp; Co&lt;/b&gt;', text)
        self.assertNotIn('<b>"', text)

    def test_it_reads_at_b1_in_both_packs(self):
        for name in (PACK, 'wmo-jeugdwet-2026'):
            pack = self.registry.directory / 'policies' / name
            (pack / 'brieven' / 'gemeente.txt').write_text(sender())
            measured = Readability(self.blocks(pack, '--purpose', 'toekenning'))
            with self.subTest(name):
                self.assertGreaterEqual(measured.ease, BOUND)
                self.assertLessEqual(measured.average, LONGEST_AVERAGE)
                self.assertLessEqual(len(measured.longest), LONGEST_SENTENCE, measured.longest)

    def test_it_is_printed_too(self):
        text = self.form('--format', 'text')
        self.assertIn('[ ] Ja, dit mag.', text)
        self.assertIn('Burgerservicenummer: ____', text)
        self.assertNotIn('Klaar?', text)


@unittest.skipUnless(pypdf and shutil.which('qpdf') and shutil.which('weasyprint'), 'pypdf, qpdf or weasyprint is not installed')
class Pdf(FormsTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.empty = cls.registry.directory / 'formulier.pdf'
        made = tool('sociale-team/sociale-team', 'form', '--policy', cls.pack, '--purpose', 'toekenning', '--out', cls.empty)
        assert made.returncode == 0, made.stderr

    def fill(self, bsn, change=lambda writer: None, **more):
        """The form, filled in as a viewer does it; `change` does what none does. A text is written, True is a cross."""
        day = f'{today().day}-{today().month}-{today().year}'
        values = {'bsn': bsn, 'verstrekkers:kernteam': True, 'ontvangers:zorgaanbieder-horizon': True, 'gegevens:naw': True,
                  'gegevens:omvang': True, 'geldig_maanden': '6', 'toestemming': 'ja', 'ondertekening/1/door': True,
                  'ondertekening/1/op': day, 'motivering': 'om de hulp te leveren', 'vorm': 'schriftelijk',
                  'bewijs/kenmerk': 'dossier-7', 'voorlichting/folder': 'folder', 'voorlichting/versie': '1',
                  'voorlichting/taal': 'nl', 'voorlichting/verstrekt_op': day, 'medewerker': 'medewerker-17', **more}
        writer = pypdf.PdfWriter()
        writer.clone_document_from_reader(pypdf.PdfReader(self.empty))
        for page in writer.pages:
            for place in (place.get_object() for place in page['/Annots']):
                field = place['/Parent'].get_object() if '/Parent' in place else place
                self.mark(place, field, values.get(field['/T']))
        change(writer)
        path = self.registry.directory / 'ingevuld.pdf'
        writer.write(path)
        return path

    def mark(self, place, field, value):
        if value is None:
            return
        if field['/FT'] == '/Tx':
            field[NameObject('/V')] = TextStringObject(value)
        else:
            on = next(name for name in place['/AP']['/N'] if name != '/Off')
            if value is True or f'/{value}' == on:
                field[NameObject('/V')] = place[NameObject('/AS')] = NameObject(on)

    def fields(self, writer):
        return {place.get_object().get('/T'): place.get_object() for page in writer.pages for place in page['/Annots']}

    def told(self, path, *more, code=65):
        return self.refused(path, '--evidence', path, *more, code=code)

    def test_what_is_filled_in_in_a_viewer_is_recorded_and_the_file_is_its_evidence(self):
        bsn = self.person()
        path = self.fill(bsn)
        self.recorded(path, '--evidence', path)
        consent, = self.statements(bsn)
        self.assertEqual((list(consent.scope.categories), consent.scope.purpose, list(consent.scope.recipients)),
                         (['naw', 'omvang'], 'toekenning', [HORIZON]))
        self.assertEqual(consent.evidence.sha256, hashlib.sha256(path.read_bytes()).digest())
        self.assertEqual((consent.signatures[0].signer, consent.notice.id), ('subject', 'folder'))

    def test_a_no_is_a_refusal(self):
        bsn = self.person()
        path = self.fill(bsn, toestemming='nee')
        self.recorded(path, '--evidence', path)
        self.assertEqual(self.statements(bsn)[0].state, self.statements(bsn)[0].REFUSAL)

    def test_what_is_wrong_is_told_by_label_all_at_once(self):
        bsn = self.person()
        told = self.told(self.fill(bsn, medewerker='Jan de Vries', geldig_maanden='een jaar', geldig_tot_en_met='morgen',
                                   **{'ondertekening/2/door': 'ouder-1'}))
        for label in ('Medewerker: is geen kenmerk', 'Geldig tot en met: is geen dag', 'Ondertekening 2, datum: vul dit in'):
            self.assertIn(label, told)
        self.assertNotIn('Jan', told)
        self.assertNotIn('jaar', told)
        self.assertFalse(self.statements(bsn))

    def test_a_viewer_shows_it_as_it_is_filled_in(self):
        """Poppler draws the fields where the places are, with what was filled in."""
        path = self.fill('999900006', motivering='om de hulp te leveren')
        text = subprocess.run(['pdftotext', '-layout', path, '-'], capture_output=True, text=True, check=True).stdout
        self.assertRegex(text, r'Burgerservicenummer\n+\s*999900006')
        self.assertRegex(text, r'Waarom dit nodig is\n+\s*om de hulp te leveren')
        pixels = {}
        for name, one in (('empty', self.empty), ('filled', path)):
            pixels[name] = subprocess.run(['pdftoppm', '-r', '40', '-gray', one], capture_output=True, check=True).stdout
        self.assertEqual(len(pixels['empty']), len(pixels['filled']))
        self.assertNotEqual(pixels['empty'], pixels['filled'])

    def test_a_field_that_shows_something_else_than_it_says_is_refused(self):
        def hide(writer):
            self.fields(writer)['gegevens:naw'][NameObject('/F')] = NumberObject(2)

        def pretend(writer):
            self.fields(writer)['gegevens:naw'][NameObject('/AS')] = NameObject('/Off')

        def rename(writer):
            self.fields(writer)['gegevens:bsn'][NameObject('/T')] = TextStringObject('Q. van Verzonnen')

        def move(*corners):
            def change(writer):
                self.fields(writer)['gegevens:naw'][NameObject('/Rect')] = ArrayObject([NumberObject(side) for side in corners])
            return change

        def cover(writer):
            fields = self.fields(writer)
            fields['gegevens:naw'][NameObject('/Rect')] = fields['gegevens:omvang']['/Rect']

        def cut(writer):
            writer.pages[0][NameObject('/CropBox')] = ArrayObject([NumberObject(side) for side in (0, 0, 400, 20)])

        unseen = [(change, 'Welke gegevens: is niet te zien') for change in (hide, cover, move(0, 0, 0, 0), move(5000, 100, 5020, 120))]
        for change, words in (*unseen, (cut, 'Burgerservicenummer: is niet te zien'), (pretend, 'Welke gegevens: ziet er anders uit'),
                              (rename, '(een veld): dit veld staat niet op het formulier')):
            with self.subTest(words):
                bsn = self.person()
                self.assertIn(words, self.told(self.fill(bsn, change)))
                self.assertFalse(self.statements(bsn))

    def test_a_file_that_does_more_than_be_a_form_is_refused(self):
        def script(writer):
            writer.add_js('app.alert("gezien")')

        def action(writer):
            self.fields(writer)['bsn'][NameObject('/AA')] = DictionaryObject({NameObject('/K'): DictionaryObject(
                {NameObject('/S'): NameObject('/SubmitForm'), NameObject('/F'): TextStringObject('http://elders')})})

        def other_form(writer):
            writer._root_object['/AcroForm'][NameObject('/XFA')] = TextStringObject('<xdp/>')

        def layers(writer):
            writer._root_object[NameObject('/OCProperties')] = DictionaryObject()

        def note(kind, **more):
            def change(writer):
                one = {'/Type': NameObject('/Annot'), '/Subtype': NameObject(kind), '/Contents': TextStringObject('mits niet aan mijn ex'),
                       '/Rect': ArrayObject([NumberObject(side) for side in (50, 50, 300, 90)]), **more}
                place = writer._add_object(DictionaryObject({NameObject(name): value for name, value in one.items()}))
                writer.pages[0]['/Annots'].append(place)
            return change

        written = [(note(kind), 'er is iets op geschreven') for kind in ('/FreeText', '/StrikeOut', '/Ink')]
        for change, words in (*written, (layers, 'heeft lagen'), (script, 'bevat een programma'), (action, 'bevat een programma'),
                              (other_form, 'is van een soort die niet gelezen wordt (XFA)')):
            with self.subTest(words):
                self.assertIn(f'Het PDF-bestand: {words}', self.told(self.fill('999900006', change)))
        path, more = self.fill('999900006'), self.registry.directory / 'met-bijlage.pdf'
        subprocess.run(['qpdf', '--add-attachment', path, '--', path, more], check=True)
        self.assertIn('Het PDF-bestand: bevat een programma of een bijlage', self.told(more))

    def test_a_file_that_is_not_whole_open_or_a_form_is_refused(self):
        path = self.fill('999900006')
        data = path.read_bytes()
        locked, printed = self.registry.directory / 'dicht.pdf', self.registry.directory / 'geprint.pdf'
        subprocess.run(['qpdf', '--encrypt', 'geheim', 'eigenaar', '256', '--', path, locked], check=True)
        stripped = pypdf.PdfWriter()
        stripped.clone_document_from_reader(pypdf.PdfReader(path))
        del stripped._root_object['/AcroForm']
        for page in stripped.pages:
            del page['/Annots']
        stripped.write(printed)
        cases = {'is beveiligd met een wachtwoord': locked.read_bytes(), 'heeft geen velden': printed.read_bytes()}
        for size in (10, 1000, len(data) // 2, len(data) - 200):
            cases[f'is beschadigd {size}'] = data[:size]
        cases['is beschadigd: xref'] = data.replace(b'startxref', b'startxfer')
        cases['is beschadigd: deep'] = b'%PDF-1.7\n1 0 obj\n' + b'[' * 200_000
        for words, content in cases.items():
            with self.subTest(words):
                wrong = self.registry.directory / 'fout.pdf'
                wrong.write_bytes(content)
                told = self.told(wrong)
                self.assertIn('Het PDF-bestand: ' + words.split(' ', 2)[0], told)
                self.assertNotIn('999900006', told)

    def test_a_file_that_would_grow_without_end_is_refused(self):
        bomb = zlib.compress(bytes(256 << 20), 1)
        path = self.registry.directory / 'bom.pdf'
        path.write_bytes(b'%%PDF-1.7\n1 0 obj\n<< /Type /XRef /Size 99 /W [1 4 1] /Root 2 0 R /Filter /FlateDecode /Length %d >>\n'
                         b'stream\n%b\nendstream\nendobj\nstartxref\n9\n%%%%EOF\n' % (len(bomb), bomb))
        self.assertIn('Het PDF-bestand: ', self.told(path))
        path.write_bytes(b'%PDF-1.7\n' + bytes(9 << 20))
        self.assertIn('is groter dan een formulier kan zijn', self.told(path))

    def test_without_qpdf_its_package_is_named(self):
        environment = {'PATH': str(self.registry.directory)}
        for words in (['consent', self.empty], ['form', '--policy', self.pack, '--out', self.registry.directory / 'nieuw.pdf']):
            ran = subprocess.run([BUILD / 'clients/sociale-team/sociale-team', *words], env=environment, capture_output=True,
                                 text=True, check=False)
            self.assertEqual(ran.returncode, 69, ran.stderr)
            self.assertRegex(ran.stderr, 'install the\\s+package (qpdf|weasyprint)')


if __name__ == '__main__':
    unittest.main()
