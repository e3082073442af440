"""sociale-team import: what is on paper is recorded line by line, once, and each line has its outcome."""
import csv
import datetime
import io
import json
import os
import pty
import random
import signal
import subprocess
import time
import unittest

import envelope_pb2 as wire
import rights_pb2
from client import DAY, USER, now
from harness import BUILD, OwnInstanceTest, RegistryTest, today, tool
from old_store import OldStore
from test_limits import LimitedTest

SHA = '5b1f0d7c9f6f5b8c0e0f3d0a4f2f8f0e6a7d1c2b3e4f5061728394a5b6c7d8e9'
SIGNED = today() - datetime.timedelta(100)


def form(bsn, **changes):
    """A form as `sociale-team consent` takes it; None takes a field away."""
    made = {
        'formulier': 'toestemming/1',
        'toestemming': 'ja',
        'bsn': bsn,
        'verstrekkers': ['kernteam'],
        'ontvangers': ['zorgaanbieder-horizon'],
        'gegevens': ['naw'],
        'doel': 'toekenning',
        'motivering': 'nodig voor de uitvoering van het plan',
        'vorm': 'schriftelijk',
        'bewijs': {'kenmerk': 'map-7', 'sha256': SHA},
        'voorlichting': {'folder': 'toestemming-sociaal-domein', 'versie': '1', 'taal': 'nl', 'verstrekt_op': str(SIGNED)},
        'ondertekening': [{'door': 'betrokkene', 'op': str(SIGNED)}],
        'geldig_maanden': 6,
        'medewerker': 'medewerker-17',
    }
    made.update(changes)
    return {name: value for name, value in made.items() if value is not None}


def cells(one):
    """The same form as a row of a table."""
    row = {}
    for name, value in one.items():
        if name == 'ondertekening':
            row['ondertekening.door'] = ' '.join(signature['door'] for signature in value)
            row['ondertekening.op'] = ', '.join(signature['op'] for signature in value)
        elif isinstance(value, dict):
            row.update({f'{name}.{part}': text for part, text in value.items()})
        else:
            row[name] = ' '.join(value) if isinstance(value, list) else str(value)
    return row


def table(forms, **style):
    rows = [cells(one) for one in forms]
    names = list(dict.fromkeys(name for row in rows for name in row if name != 'formulier'))
    text = io.StringIO()
    writer = csv.DictWriter(text, names, extrasaction='ignore', restval='', **{'delimiter': ';', **style})
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


class Importing:
    """What the tests share."""

    def paths(self, name='paper.csv'):
        self.runs = getattr(self, 'runs', 0) + 1
        directory = self.registry.directory / f'import-{self.id().rsplit(".")[-1]}-{self.runs}'
        directory.mkdir()
        return directory / name, directory / 'result.jsonl'

    def write(self, forms, name='paper.csv'):
        path, result = self.paths(name)
        if name.endswith('.csv'):
            path.write_text(table(forms), encoding='utf-8', newline='')
        else:
            path.write_text('\n'.join(map(json.dumps, forms)) if name.endswith('.jsonl') else json.dumps(forms, indent=2))
        return path, result

    def run_import(self, path, result, *more, key='kernteam'):
        return tool('sociale-team/sociale-team', 'import', path, '--key', self.registry.key_file(key), '--result', result, *more)

    def outcomes(self, result):
        """The lines of the result, of which each record has one, in order."""
        head, *lines = map(json.loads, result.read_text().splitlines())
        self.assertEqual(head['import'], 1)
        self.assertEqual([line['record'] for line in lines], list(range(1, len(lines) + 1)))
        return lines

    def imported(self, forms, code=0, name='paper.csv', more=()):
        path, result = self.write(forms, name)
        ran = self.run_import(path, result, *more)
        self.assertEqual(ran.returncode, code, ran.stdout + ran.stderr)
        for one in forms:
            self.assertNotIn(str(one.get('bsn')), result.read_text() + ran.stdout + ran.stderr)
        return self.outcomes(result)

    def consents(self, bsn):
        """All statements about somebody, as the registry has them."""
        found, page = [], None
        while page is None or page.more:
            page = self.client('kernteam').consent_list(bsn, limit=32, after=found[-1].consent_id if found else b'').consent_list
            found += page.consents
        return found

    def ids(self, bsn):
        return [one.consent_id.hex() for one in self.consents(bsn)]


class Lines(Importing, RegistryTest):
    def test_each_line_is_accepted_refused_or_bad_as_a_single_form_is(self):
        good, child, unneeded = self.person(), self.person(born=today() - datetime.timedelta(3000)), self.person()
        forms = [form(good, kenmerk='map-7.1'), form(child, kenmerk='map-7.2'),
                 form(unneeded, gegevens=['strafrechtelijk'], kenmerk='map-7.3'), form('123456789'),
                 form(next(self.bsns), geldig_maanden=None, geldig_tot_en_met='31 maart'),
                 form(next(self.bsns), ontvangers=['niemand']), form(good, kenmerk='map-7.9')]
        lines = self.imported(forms, code=2)
        self.assertEqual([line['outcome'] for line in lines],
                         ['accepted', 'refused', 'refused', 'bad', 'bad', 'bad', 'duplicate'])
        self.assertEqual([line['line'] for line in lines], [2, 3, 4, 5, 6, 7, 8])
        self.assertEqual(lines[0]['consent_id'], self.ids(good)[0])
        self.assertEqual([line.get('kenmerk') for line in lines[:3]], ['map-7.1', 'map-7.2', 'map-7.3'])
        self.assertEqual(lines[5]['message'], 'is geen bekende organisatie')
        self.assertIn(('REPRESENTATION_MISSING', 'G8'), [(one['code'], one['rule']) for one in lines[1]['reasons']])
        self.assertEqual([line['field'] for line in lines[3:6]], ['bsn', 'geldig_tot_en_met', 'ontvangers[0]'])
        self.assertEqual(lines[6]['same_as'], 1)
        self.assertEqual(len(self.ids(good)), 1)

    def test_what_was_signed_in_the_past_counts_from_then(self):
        bsn = self.person()
        self.imported([form(bsn, geldig_maanden=6)])
        self.assertLess(self.consents(bsn)[0].valid_until, now() + 90 * DAY)
        old = self.person()
        line, = self.imported([form(old, geldig_maanden=1)], code=1)
        self.assertEqual((line['outcome'], line['field']), ('bad', 'geldig_tot_en_met'))
        self.assertEqual(self.ids(old), [])

    def test_a_table_as_a_dutch_spreadsheet_writes_it_says_what_json_says(self):
        people = [self.person() for _ in range(3)]
        forms = [form(bsn, kenmerk=f'k-{i}', motivering='regel een\nregel "twee"; en drie', eenmalig=False,
                      gegevens=['naw', 'geboortedatum']) for i, bsn in enumerate(people)]
        rows = [dict(one, eenmalig='ONWAAR', ondertekening=[{'door': 'betrokkene', 'op': f'{SIGNED.day}-{SIGNED.month}-{SIGNED.year}'}])
                for one in forms]
        path, result = self.paths()
        text = table(rows, lineterminator='\r\n')
        emptied = ';' * text.split('\r\n', 1)[0].count(';') + '\r\n'
        path.write_bytes(b'\xef\xbb\xbf' + (text + 2 * emptied).encode())
        ran = self.run_import(path, result)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr + result.read_text())
        self.assertEqual([line['line'] for line in self.outcomes(result)], [2, 4, 6])
        # The same papers in another file are known again, whatever its shape, and are not recorded twice.
        for name in ('paper.json', 'paper.jsonl'):
            again = self.imported(forms, name=name)
            self.assertEqual([line['consent_id'] for line in again], [line['consent_id'] for line in self.outcomes(result)])
            self.assertTrue(all(line['was_known'] for line in again))
        self.assertEqual([len(self.ids(bsn)) for bsn in people], [1, 1, 1])
        self.assertEqual(self.consents(people[0])[0].motivation, 'regel een\nregel "twee"; en drie')

    def test_a_column_without_a_name_has_nothing_in_it(self):
        """A spreadsheet keeps columns of which the cells were emptied, as it keeps rows."""
        first, second = self.person(), self.person()
        path, result = self.paths()
        head, *rows = table([form(first), form(second)]).splitlines()
        path.write_text('\n'.join([head + '; ;', rows[0] + ';; ', rows[1] + ';;bellen']))
        self.assertEqual(self.run_import(path, result).returncode, 2)
        good, bad = self.outcomes(result)
        self.assertEqual((good['outcome'], bad['outcome'], 'geen naam' in bad['message']), ('accepted', 'bad', True))
        self.assertNotIn('bellen', result.read_text())
        self.assertEqual((len(self.ids(first)), self.ids(second)), (1, []))

    def test_a_file_that_cannot_be_divided_is_refused_whole_and_says_where(self):
        bsn = self.person()
        good = table([form(bsn)])
        for text, where in ((good + 'ja;"open;', 'regel 3, kolom 2: het aanhalingsteken'),
                            (good + 'ja;a"b;', 'regel 3, kolom 2: een aanhalingsteken midden'),
                            (good.replace('doel', 'doelen'), 'regel 1, kolom 6: deze naam in de eerste regel'),
                            (good.replace('bsn', 'zaak'), 'de eerste regel heeft geen kolom bsn'),
                            ('[' + json.dumps(form(bsn)) + ', {"bsn": ', 'regel 1: houdt op midden'),
                            (json.dumps([form(bsn)]) + ' more', 'regel 1: achter de lijst'),
                            (good.replace('uitvoering', 'uitvo\xebring').encode('latin-1'), 'regel 2, kolom 7: is geen UTF-8')):
            with self.subTest(where):
                path, result = self.paths()
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
                ran = self.run_import(path, result)
                self.assertEqual(ran.returncode, 65, ran.stderr)
                self.assertIn(where, ran.stderr)
                self.assertFalse(result.exists())
        self.assertEqual(self.ids(bsn), [])

    def test_a_reference_that_holds_a_number_of_a_person_is_not_repeated(self):
        for kenmerk in ('999900006', 'map-999900006', 'een naam', ''):
            bsn = self.person()
            line, = self.imported([form(bsn, kenmerk=kenmerk)], code=1, name='paper.json')
            self.assertEqual((line['outcome'], line['field']), ('bad', 'kenmerk'))
            self.assertNotIn('999900006', json.dumps(line))
            self.assertEqual(self.ids(bsn), [])

    def test_a_dry_run_says_what_is_wrong_and_records_nothing(self):
        bsn = self.person()
        path, result = self.write([form(bsn), form('123456789'), form(bsn)])
        ran = tool('sociale-team/sociale-team', 'import', path, '--dry-run')
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertIn('regel 3: bsn: ', ran.stdout)
        self.assertIn('regel 4: zegt hetzelfde als record 1', ran.stdout)
        self.assertIn('3 records: 1 in order', ran.stdout)
        self.assertIn('only the import tells', ran.stdout)
        self.assertFalse(result.exists())
        self.assertEqual(self.ids(bsn), [])

    def test_what_somebody_said_last_counts_in_the_order_of_the_file(self):
        later = str(SIGNED + datetime.timedelta(1))
        refused, order = self.person(), self.person()
        no = {'toestemming': 'nee', 'ondertekening': [{'door': 'betrokkene', 'op': later}]}
        lines = self.imported([form(refused), form(refused, **no), form(order, **no), form(order)], code=2)
        self.assertEqual([line['outcome'] for line in lines], ['accepted', 'accepted', 'accepted', 'bad'])
        self.assertEqual([line.get('refusal') for line in lines], [False, True, True, None])
        self.assertEqual(lines[3]['field'], 'ondertekening')
        for bsn in (refused, order):
            self.assertDenied(self.client('kernteam').check(bsn, categories=['naw']), 'REFUSED')

    def test_many_statements_about_one_person_are_recorded_in_their_order(self):
        bsn = self.person()
        forms = [form(bsn, bewijs={'kenmerk': f'map-{i}', 'sha256': SHA}) for i in range(40)]
        lines = self.imported(forms)
        self.assertEqual([line['consent_id'] for line in lines], self.ids(bsn))

    def test_a_result_of_something_else_is_left_as_it_is(self):
        bsn = self.person()
        path, result = self.write([form(bsn)])
        for text in ('some notes of mine\n', 'no end of line', '{"import": 2}\n'):
            result.write_text(text)
            ran = self.run_import(path, result)
            self.assertEqual(ran.returncode, 65, ran.stderr)
            self.assertEqual(result.read_text(), text)
        result.unlink()
        self.assertEqual(self.run_import(path, result).returncode, 0)
        known = result.read_text()
        path.write_text(path.read_text().replace('map-7', 'map-8'))
        ran = self.run_import(path, result)
        self.assertEqual(ran.returncode, 65)
        self.assertIn('the file was changed since', ran.stderr)
        self.assertEqual(result.read_text(), known)
        ran = self.run_import(path, result, key='wmo-team')
        self.assertEqual(ran.returncode, 65)
        self.assertEqual(len(self.ids(bsn)), 1)

    def test_the_same_command_again_does_nothing_and_says_the_same(self):
        bsn = self.person()
        path, result = self.write([form(bsn), form('123456789')])
        first = self.run_import(path, result)
        known = result.read_text()
        again = self.run_import(path, result)
        self.assertEqual((again.returncode, again.stdout, result.read_text()), (first.returncode, first.stdout, known))
        # A last line that a crash has torn is written anew.
        result.write_text(known[:-20])
        self.assertEqual(self.run_import(path, result).returncode, first.returncode)
        self.assertEqual([line['outcome'] for line in self.outcomes(result)], ['accepted', 'bad'])
        # A line that somebody changed is not believed.
        result.write_text(known.replace('"record":1', '"record":7'))
        ran = self.run_import(path, result)
        self.assertEqual(ran.returncode, 65)
        self.assertIn('line 2 is not what was written there', ran.stderr)
        self.assertEqual(len(self.ids(bsn)), 1)


class People(Importing, RegistryTest):
    """What who runs it sees."""

    def test_the_outcomes_are_a_table_for_spreadsheets_too(self):
        good, child = self.person(), self.person(born=today() - datetime.timedelta(3000))
        forms = [form(good, kenmerk='k-1'), form(child), form('123456789'), form(good)]
        path, result = self.write(forms)
        made = result.with_name('outcomes.csv')
        self.assertEqual(self.run_import(path, result, '--table', made).returncode, 2)
        rows = list(csv.DictReader(io.StringIO(made.read_text())))
        self.assertEqual([row['outcome'] for row in rows], ['accepted', 'refused', 'bad', 'duplicate'])
        self.assertEqual((rows[0]['line'], rows[0]['kenmerk'], rows[0]['consent_id']), ('2', 'k-1', self.ids(good)[0]))
        self.assertEqual((rows[1]['codes'], rows[2]['field'], rows[3]['same_as']), ('REPRESENTATION_MISSING (G8)', 'bsn', '1'))
        self.assertEqual([one.name for one in made.parent.iterdir() if one.name.startswith('outcomes')], ['outcomes.csv'])

    def test_a_terminal_shows_how_far_it_is_and_a_pipe_does_not(self):
        path, result = self.write([form(self.person(), bewijs={'kenmerk': f'map-{i}', 'sha256': SHA}) for i in range(50)])
        mine, inside = pty.openpty()
        self.addCleanup(os.close, mine)
        command = [BUILD / 'clients/sociale-team/sociale-team', 'import', path, '--key', self.registry.key_file('kernteam'),
                   '--result', result]
        with open(inside, 'w', encoding='utf-8') as terminal:
            self.assertEqual(subprocess.run(command, stdout=subprocess.DEVNULL, stderr=terminal, check=False).returncode, 0)
            shown = os.read(mine, 65536).decode()
        self.assertRegex(shown, r'\r\d+ of 50 records, \d+ accepted; \d+ a second')
        again = subprocess.run([*command, '--json'], capture_output=True, text=True, check=False)
        self.assertEqual(again.stderr, '')
        self.assertEqual(json.loads(again.stdout), {'records': 50, 'dry_run': False, 'accepted': 50, 'refused': 0, 'bad': 0,
                                                    'duplicate': 0, 'unknown': 0, 'unavailable': 0})


class Memory(Importing, RegistryTest):
    """After a day the registry does not know the keys any more (G11): what may have been sent is asked of it."""

    def record_alone(self, one):
        """The same paper, under a key that no import makes: as if the registry had forgotten the import's own."""
        path = self.registry.directory / 'single.json'
        path.write_text(json.dumps(one))
        ran = tool('sociale-team/sociale-team', 'consent', path, '--key', self.registry.key_file('kernteam'))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout.strip()

    def paper(self, bsn, **changes):
        return form(bsn, geldig_maanden=None, geldig_tot_en_met=str(today() + datetime.timedelta(60)), **changes)

    def cut_off(self, path, result, hours):
        """Kills an import before it has an outcome, and lets that be so long ago."""
        self.registry.signal(signal.SIGSTOP)
        run = subprocess.Popen([BUILD / 'clients/sociale-team/sociale-team', 'import', path, '--key',
                                self.registry.key_file('kernteam'), '--result', result])
        while not result.exists() or not result.read_text().endswith('\n'):
            time.sleep(0.01)
        run.kill()
        run.wait()
        self.registry.signal(signal.SIGCONT)
        head = json.loads(result.read_text())
        began = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=hours)
        result.write_text(json.dumps({**head, 'began': began.strftime('%Y-%m-%dT%H:%M:%SZ')}, separators=(',', ':')) + '\n')

    def test_what_may_have_been_sent_a_day_ago_is_looked_for_and_not_doubled(self):
        people = [self.person() for _ in range(3)]
        forms = [self.paper(people[0]), self.paper(people[1], toestemming='nee'), self.paper(people[2])]
        path, result = self.write(forms)
        ids = [self.record_alone(one) for one in forms[:2]]
        self.record_alone(self.paper(people[2], motivering='om een andere reden'))
        self.cut_off(path, result, hours=30)
        ran = self.run_import(path, result)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        lines = self.outcomes(result)
        self.assertEqual([line['consent_id'] for line in lines[:2]], ids)
        self.assertEqual([line['was_known'] for line in lines], [True, True, False])
        self.assertEqual([len(self.ids(bsn)) for bsn in people], [1, 1, 2])

    def test_of_what_was_cut_off_today_the_registry_knows_the_keys_and_need_not_be_asked(self):
        bsn = self.person()
        path, result = self.write([self.paper(bsn)])
        self.record_alone(self.paper(bsn))
        self.cut_off(path, result, hours=20)
        self.assertEqual(self.run_import(path, result).returncode, 0)
        self.assertEqual(len(self.ids(bsn)), 2)  # the other key is another statement: so the test above can fail

    def test_what_was_erased_with_its_subject_is_not_recorded_again(self):
        bsn = self.person()
        self.imported([self.paper(bsn)])
        kernteam = self.client('kernteam')
        opened = kernteam.ask('rights_open', bsn=bsn, kind=rights_pb2.RIGHTS_ERASURE, by='subject', user=USER, wish='alles weg',
                              way=rights_pb2.WAY_COUNTER, identity=rights_pb2.IDENTITY_DOCUMENT)
        number = opened.rights.request.number
        self.assertOk(kernteam.ask('rights_decide', number=number, outcome=rights_pb2.RIGHTS_GRANTED, user=USER))
        while kernteam.ask('rights_erase', number=number, user=USER).rights_erase.unfinished:
            pass
        self.registry.wait_for(lambda: kernteam.check(bsn).status == wire.OK, 'the end of the erasure')
        line, = self.imported([self.paper(bsn)], code=1)
        self.assertEqual(line['outcome'], 'unknown')
        self.assertEqual(self.ids(bsn), [])

    def test_another_import_of_the_same_paper_can_ask_first(self):
        bsn, new = self.person(), self.person()
        consent = self.record_alone(self.paper(bsn))
        lines = self.imported([self.paper(bsn), self.paper(new)], more=['--ask-first'])
        self.assertEqual([(line['consent_id'], line['was_known']) for line in lines],
                         [(consent, True), (self.ids(new)[0], False)])
        self.assertEqual(len(self.ids(bsn)), 1)


class Rotation(Importing, OwnInstanceTest):
    """The party's key file is replaced while an import is under way."""

    def replace_key(self, name):
        path = self.registry.directory / f'{name}.key'
        ran = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'party', 'key', 'add', 'kernteam', '--name', name, '--out', path)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return path

    def test_what_was_begun_under_the_key_before_is_gone_on_with_and_recorded_once(self):
        people, (former, new) = [self.person() for _ in range(3)], [self.replace_key(name) for name in ('2026', '2027')]
        path, result = self.write([form(bsn) for bsn in people])

        def run(key, *more, result=result):
            return tool('sociale-team/sociale-team', 'import', path, '--key', key, '--result', result, *more)
        self.assertEqual(run(former).returncode, 0)
        head, first, *_ = result.read_text().splitlines(keepends=True)
        cut_off = head + first
        result.write_text(cut_off)  # the other two were sent, and have no line
        refused = run(new)
        self.assertEqual(refused.returncode, 65)
        self.assertIn('give that key file as --former-key', refused.stderr)
        self.assertEqual(result.read_text(), cut_off)
        for _ in range(2):
            went_on = run(new, '--former-key', former)
            self.assertEqual(went_on.returncode, 0, went_on.stderr)
            self.assertEqual([line['outcome'] for line in self.outcomes(result)], ['accepted'] * 3)
        anew = run(new, '--former-key', former, result=result.with_name('another.jsonl'))
        self.assertEqual(anew.returncode, 0, anew.stderr)
        self.assertEqual([len(self.consents(bsn)) for bsn in people], [1, 1, 1])

    def test_what_was_begun_under_the_new_key_goes_on_under_it_whatever_is_given(self):
        bsn, (former, new) = self.person(), [self.replace_key(name) for name in ('2026', '2027')]
        path, result = self.write([form(bsn)])
        options = ('import', path, '--key', new, '--result', result)
        self.assertEqual(tool('sociale-team/sociale-team', *options).returncode, 0)
        result.write_text(result.read_text().splitlines(keepends=True)[0])
        again = tool('sociale-team/sociale-team', *options, '--former-key', former)
        self.assertEqual((again.returncode, len(self.consents(bsn))), (0, 1), again.stderr)
        broken = tool('sociale-team/sociale-team', *options, '--former-key', path)
        self.assertEqual((broken.returncode, str(path) in broken.stderr), (78, True), broken.stderr)


class Damage(Importing, OwnInstanceTest):
    """What the registry has of one person cannot be read: that is no reason to leave the others on paper."""

    def flip(self, bsn):
        """Damages the record, or mends it again."""
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.damage_subject(self.pseudonyms[bsn])
        self.registry.start()
        self.shared.clear()

    def test_whose_record_cannot_be_read_is_passed_over_and_tried_again_in_order(self):
        bsn, *others = [self.person() for _ in range(4)]
        self.pseudonyms = dict(zip([bsn, *others], [line.object for line in self.client('operator').audit() if line.action == 'subject-set']))
        later = [{'door': 'betrokkene', 'op': str(SIGNED + datetime.timedelta(1))}]
        forms = [form(others[0]), form(bsn), form(others[1]), form(bsn, toestemming='nee', ondertekening=later), form(others[2])]
        path, result = self.write(forms)
        self.flip(bsn)
        ran = self.run_import(path, result)
        self.assertEqual(ran.returncode, 2, ran.stderr)
        self.assertEqual([line['outcome'] for line in self.outcomes(result)],
                         ['accepted', 'unavailable', 'accepted', 'unavailable', 'accepted'])
        self.assertIn('the same command tries those again', ran.stdout)
        self.flip(bsn)
        ran = self.run_import(path, result, '--table', result.with_suffix('.csv'))
        self.assertEqual(ran.returncode, 0, ran.stderr)
        lines = [json.loads(line) for line in result.read_text().splitlines()[1:]]
        self.assertEqual([(line['record'], line['outcome']) for line in lines[5:]], [(2, 'accepted'), (4, 'accepted')])
        self.assertEqual([len(self.ids(one)) for one in (bsn, *others)], [2, 1, 1, 1])
        self.assertEqual(self.consents(bsn)[-1].state, self.consents(bsn)[-1].REFUSAL)  # what was said last
        rows = list(csv.DictReader(io.StringIO(result.with_suffix('.csv').read_text())))
        self.assertEqual(sorted(row['record'] for row in rows), list('12345'))
        before = result.read_text()
        self.assertEqual(self.run_import(path, result).returncode, 0)
        self.assertEqual(result.read_text(), before)


class Limits(Importing, LimitedTest):
    def test_who_asks_more_than_it_may_waits_and_no_line_fails(self):
        people = [self.person() for _ in range(30)]
        self.configure(requests_per_second=20, requests_burst=5)
        began = time.monotonic()
        lines = self.imported([form(bsn) for bsn in people])
        self.assertGreater(time.monotonic() - began, 0.8)
        self.assertEqual({line['outcome'] for line in lines}, {'accepted'})


class Kills(Importing, OwnInstanceTest):
    """SIGKILL at any moment, of the import and of the registry."""
    PEOPLE = 40

    def prepare(self):
        self.registry.lift_limits()

    def setUp(self):
        super().setUp()
        self.people = [self.person() for _ in range(self.PEOPLE)]
        self.chance = random.Random(int(os.environ.get('CONSENTD_SEED', '7')))

    def forms(self):
        return [form(bsn, kenmerk=f'k-{i}-{j}', bewijs={'kenmerk': f'map-{i}-{j}', 'sha256': SHA})
                for j in range(25) for i, bsn in enumerate(self.people)]

    def begin(self, path, result, key='kernteam'):
        return subprocess.Popen([BUILD / 'clients/sociale-team/sociale-team', 'import', path, '--key', self.registry.key_file(key),
                                 '--result', result, '--quiet', '--timeout', '300'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def kill_at_random(self, path, result):
        """Runs until one comes to its end. Returns how often what was killed."""
        kills = {'import': 0, 'registry': 0}
        while True:
            run = self.begin(path, result)
            time.sleep(self.chance.uniform(0.02, 0.35))
            if self.chance.random() < 0.4 and run.poll() is None:
                self.registry.kill()
                kills['registry'] += 1
                self.registry.start()
                time.sleep(self.chance.uniform(0.1, 0.8))  # it sends again what had no answer
            if run.poll() is None and kills['import'] < 10:
                run.kill()
                kills['import'] += 1
            if run.wait(120) >= 0:
                self.assertEqual(run.returncode, 0)
                return kills

    def statements(self):
        self.shared.clear()
        return [consent for bsn in self.people for consent in self.ids(bsn)]

    def test_every_line_is_recorded_once_and_has_one_outcome(self):
        forms = self.forms()
        path, result = self.write(forms)
        kills = self.kill_at_random(path, result)
        self.assertGreaterEqual(kills['import'], 3)
        lines = self.outcomes(result)
        self.assertEqual(len(lines), len(forms))
        self.assertEqual(sorted(line['consent_id'] for line in lines), sorted(self.statements()))
        self.assertEqual([line['kenmerk'] for line in lines], [one['kenmerk'] for one in forms])
        for i, bsn in enumerate(self.people):  # in the order in which each of them said it
            self.assertEqual(self.ids(bsn), [line['consent_id'] for line in lines[i::self.PEOPLE]])

    def test_without_its_memory_lines_are_recorded_twice(self):
        """What the test above would find: here each run begins anew, with the key of another party."""
        path, result = self.write(self.forms())
        run = self.begin(path, result)
        self.registry.wait_for(lambda: result.exists() and len(result.read_text().splitlines()) > 100, 'a part of it')
        run.kill()
        run.wait()
        again = result.with_name('again.jsonl')
        self.assertEqual(self.run_import(path, again, key='wmo-team').returncode, 0)
        self.assertGreater(len(self.statements()), len(self.outcomes(again)))


if __name__ == '__main__':
    unittest.main()
