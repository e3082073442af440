"""Exports in the terms of the field: what is in them, and that each line is in them exactly once, whatever happens.

What is exported is validated by tests/oracle/exported.py, which was written from the standards alone."""
import copy
import json
import random
import re
import signal
import subprocess
import time
import unittest

import zmq

import lives
from client import USER
from exporting import ACTIVITIES, LOG, SYSTEM, ExportTest, exported, number_of
from harness import PARTIES, SOURCE, let_work, tool, work_of
from old_store import OldStore
import facts  # noqa: E402

USAGE, DATA, CANNOT_MAKE, IO, LATER, PROTOCOL, NO_PERMISSION, PARTLY = 64, 65, 73, 74, 75, 76, 77, 2
HORIZON = 'zorgaanbieder-horizon'
PACK = 'kaag-en-braassem-2015'
KINDS = {party: kind for party, (kind, _, _) in PARTIES.items()}


class Forms(ExportTest):
    def test_ldv_has_each_line_about_a_subject_and_nobody_who_acted(self):
        self.live()
        lines = self.log_lines()
        self.export('ldv', '--out', self.out)
        records = self.records()
        self.assertValid('ldv', records)
        self.assertEqual([number_of('ldv', one) for one in records], self.expected('ldv', lines))
        by_number = {line.number: line for line in lines}
        self.assertGreater(len(records), 40)
        for record in records:
            line, attributes = by_number[number_of('ldv', record)], record['attributes']
            self.assertEqual((record['name'], record['start_time'], attributes['nl.toestemmingen.uitkomst']),
                             (line.action, line.time, line.result))
            self.assertEqual(attributes['dpl.core.data_subject_id'], line.subject_ref.hex())
            self.assertNotEqual(line.subject_ref, line.object)
            self.assertEqual(attributes.get('dpl.core.foreign_operation.processor', ''), line.party)
            self.assertEqual(record['resource']['service.name'], LOG)
            self.assertEqual(attributes.get('nl.toestemmingen.inhoud'), None if line.details else 'onleesbaar')
            if line.result in ('permit', 'deny', 'partial') and line.details:
                purpose = json.loads(line.details)['request']['check']['purpose']
                self.assertEqual(attributes['dpl.core.processing_activity_id'], ACTIVITIES + purpose)
            elif line.action in ('subject-set', 'rights-open', 'invalid') or not line.details or line.result == 'invalid':
                self.assertEqual(attributes['dpl.core.processing_activity_id'], ACTIVITIES + 'toestemmingenregister')
        self.assertIn('onleesbaar', {one['attributes'].get('nl.toestemmingen.inhoud') for one in records}, 'who was erased')
        said = {(one['name'], one['attributes']['nl.toestemmingen.uitkomst'], one['status']) for one in records}
        for expected in (('check', 'deny', 'Ok'), ('check', 'permit', 'Ok'), ('check', 'partial', 'Ok'), ('grant', 'ok', 'Ok'),
                         ('check', 'invalid', 'Ok'), ('check', 'replayed', 'Ok'), ('erase', 'ok', 'Ok')):
            self.assertIn(expected, said)
        self.assertPrivate(self.out, [line.object.hex() for line in lines if line.object] + [USER, 'beheer-1'])

    def rows_of(self, records):
        """(activity, that which the rules of the pack give) of each record of a check or a consent."""
        by_number = {line.number: line for line in self.log_lines()}
        for record in records:
            line = by_number[number_of('ldv', record)]
            asked = json.loads(line.details or '{}').get('request', {})
            verb = next((verb for verb in ('check', 'grant', 'refuse', 'ask') if verb in asked), None)
            if not verb or line.result not in ('permit', 'partial', 'deny', 'ok'):
                continue
            scope = asked[verb].get('scope', asked[verb])
            provider, recipient = (scope.get(name) or scope[f'{name}s'][0] for name in ('provider', 'recipient'))
            flows = [facts.c4_flow(PACK, KINDS[provider], KINDS[recipient], scope['purpose'], category)[0]
                     for category in scope.get('categories') or [item['category'] for item in scope['items']]]
            row = next((flow.name for flow in flows if flow), scope['purpose'])
            yield record['attributes']['dpl.core.processing_activity_id'].removeprefix(ACTIVITIES), row

    def test_an_activity_is_a_row_of_the_register_where_its_pack_is_given(self):
        self.live()
        self.assertDenied(self.client('kernteam').check(self.people[0], ['naw'], recipient='cak'), 'PURPOSE_NOT_IN_FLOW')
        pack = SOURCE / 'config' / 'policies' / PACK
        self.export('ldv', '--policy', pack, '--out', self.out)
        self.assertValid('ldv', self.records())
        rows = list(self.rows_of(self.records()))
        self.assertEqual([told for told, _ in rows], [expected for _, expected in rows])
        self.assertLessEqual({'D1', 'D2', 'toekenning'}, {told for told, _ in rows})
        # A decision of another pack has its purpose.
        self.export('ldv', '--policy', SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026', '--out', self.place / 'other')
        checks = [record['attributes'] for record in self.records(self.place / 'other') if record['name'] == 'check']
        self.assertIn(ACTIVITIES + 'toekenning', {one['dpl.core.processing_activity_id'] for one in checks})
        self.assertNotIn(ACTIVITIES + 'D1', {one['dpl.core.processing_activity_id'] for one in checks})

    def test_a_party_that_was_added_since_has_its_rows_too(self):
        self.write_lines(2)
        run = self.start('ldv', '--policy', SOURCE / 'config' / 'policies' / PACK, '--follow', '--out', self.out)
        self.wait_until(lambda: self.out.exists() and self.out.stat().st_size > 0, 'the first lines')
        self.registry.keys['zorgaanbieder-nieuw'] = zmq.curve_keypair()
        self.assertOk(self.client('operator').party_add('zorgaanbieder-nieuw', 'zorgaanbieder', 'partner',
                                                        self.registry.keys['zorgaanbieder-nieuw'][0]))
        self.assertOk(self.client('kernteam').check(self.people[0], recipient='zorgaanbieder-nieuw'))
        expected = self.expected('ldv', self.log_lines())
        self.wait_until(lambda: self.numbers('ldv') == expected, 'what came')
        self.assertEqual(self.records()[-1]['attributes']['dpl.core.processing_activity_id'], ACTIVITIES + 'D1')
        self.end(run)

    def test_adl_has_each_check_that_was_decided(self):
        self.live()
        lines = self.log_lines()
        self.export('adl', '--out', self.out)
        records = self.records()
        self.assertValid('adl', records)
        self.assertEqual([number_of('adl', one) for one in records], self.expected('adl', lines))
        by_number, decisions = {line.number: line for line in lines}, set()
        for record in records:
            line = by_number[number_of('adl', record)]
            if record['type'] == 'evaluation':
                self.assertEqual(line.details, '')
                self.assertEqual(record['response'], {'decision': line.result == 'permit',
                                                      'context': {'uitkomst': line.result, 'leesbaar': False}})
                continue
            told = json.loads(line.details)
            asked, answer = told['request']['check'], told['reply']['check']
            self.assertEqual(record['request']['subject'],
                             {'type': 'partij', 'id': line.party, 'properties': {'gebruiker': line.user}})
            self.assertEqual([one['resource'] for one in record['request']['evaluations']],
                             [{'type': 'persoonsgegevens', 'id': line.subject_ref.hex(),
                               'properties': {'gegevenssoort': item['category'], 'herkomst': item.get('origin', '')}}
                              for item in asked['items']])
            self.assertEqual([one['decision'] for one in record['response']['evaluations']],
                             [item['verdict'] == 'PERMIT' for item in answer['items']])
            self.assertEqual([[reason['code'] for reason in one['context'].get('redenen', [])]
                              for one in record['response']['evaluations']],
                             [[reason['code'] for reason in item.get('reasons', [])] for item in answer['items']])
            self.assertEqual(f"{record['policies'][0]['id']}/{record['policies'][0]['version']}", answer['policy'])
            self.assertEqual(record['information']['alle_redenen'] if 'information' in record else None, told.get('all_reasons'))
            decisions |= {(len(answer['items']), one['decision']) for one in record['response']['evaluations']}
        self.assertLessEqual({(1, True), (1, False), (2, True), (2, False)}, decisions)
        self.assertIn('evaluation', {record['type'] for record in records}, 'the checks about who was erased')
        self.assertIn('dringende-redenen', {record['request']['context'].get('beroep_op') for record in records})
        self.assertPrivate(self.out, [line.object.hex() for line in lines if line.object])

    def test_cloudevents_has_the_events_of_the_party_and_acknowledges_them(self):
        self.live()
        lag = self.lag()
        self.assertGreater(lag.newest - lag.acknowledged, 5)
        ran = self.export('cloudevents', '--out', self.out, key=HORIZON)
        self.assertIn(f'up to event {lag.newest}', ran.stdout)
        records = self.records()
        self.assertValid('cloudevents', records)
        self.assertEqual([number_of('cloudevents', one) for one in records], list(range(lag.acknowledged + 1, lag.newest + 1)))
        for record in records:
            self.assertEqual((record['source'], record['sequence']), (SYSTEM, str(record['data']['number'])))
            self.assertEqual(record['type'], record['data']['type'])
            self.assertNotIn('subject', record)
        self.assertIn('nl.toestemmingen.toestemming-gegeven', {record['type'] for record in records})
        self.assertEqual((self.consumers()['export'], self.lag().newest), (lag.newest, lag.newest))
        self.assertPrivate(self.out, [USER])
        again = self.export('cloudevents', '--out', self.out, key=HORIZON)
        self.assertIn('0 records', again.stdout)

    def keys(self, value):
        """Every key in a document, but for those of `data`, which docs/json.md has."""
        if isinstance(value, dict):
            for key, inner in value.items():
                yield key
                yield from self.keys(inner if key != 'data' else None)
        for inner in value if isinstance(value, list) else ():
            yield from self.keys(inner)

    def test_the_page_tells_of_every_field(self):
        self.live()
        page, found = (SOURCE / 'docs' / 'exports.md').read_text(), set()
        for form, key in (('ldv', 'operator'), ('adl', 'operator'), ('cloudevents', HORIZON)):
            out = self.place / form
            self.export(form, '--out', out, key=key)
            found |= set(self.keys(self.records(out)))
        self.assertGreater(len(found), 50)
        self.assertEqual([key for key in sorted(found) if not re.search(rf'\b{re.escape(key)}\b', page)], [])

    def assertPrivate(self, path, more):
        """Nobody's number, nor what people wrote."""
        whole = path.read_text()
        for personal in [*self.people, *more, 'nodig voor de uitvoering', 'dossier-2026-14', '1980-05-17', 'mijn adres klopt niet',
                         'vader bedreigt']:
            self.assertNotIn(personal, whole)

    def test_a_line_has_the_same_ids_whenever_it_is_exported(self):
        self.write_lines(5)
        self.export('ldv', '--out', self.out)
        self.export('ldv', '--out', self.place / 'again')
        self.export('adl', '--out', self.place / 'adl')
        first = {number_of('ldv', one): (one['trace_id'], one['span_id']) for one in self.records()}
        second = {number_of('ldv', one): (one['trace_id'], one['span_id']) for one in self.records(self.place / 'again')}
        third = {number_of('adl', one): (one['trace_id'], one['span_id']) for one in self.records(self.place / 'adl')}
        self.assertEqual(first, second)
        self.assertLessEqual(third.items(), first.items())
        self.assertEqual(len(set(first.values())), len(first))

    def test_damaged_and_missing_lines_are_told_and_stop_nothing(self):
        self.write_lines(6)
        checks = [line.number for line in self.log_lines() if line.action == 'check']
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.damage_line(checks[1])
            store.remove_line(checks[3])
        self.registry.start(options=['--restored'])
        self.shared = {}
        self.wait_for_checkpoint()
        for form in ('ldv', 'adl'):
            out = self.place / form
            ran = self.export(form, '--out', out, expected=PARTLY)
            self.assertIn(f'line {checks[3]} is missing', ran.stderr)
            self.assertValid(form, self.records(out))
            found = {number_of(form, record): record for record in self.records(out)}
            self.assertEqual([number for number in checks if number not in found], [checks[3]])
            damaged = found[checks[1]]
            if form == 'ldv':
                self.assertEqual(damaged['attributes']['nl.toestemmingen.inhoud'], 'onleesbaar')
            else:
                self.assertEqual((damaged['type'], damaged['response']['context']['leesbaar']), ('evaluation', False))
            self.assertEqual(json.loads(self.export_json(form, self.place / f'{form}-2', PARTLY))['unreadable'], 1)

    def export_json(self, form, out, expected):
        return self.export(form, '--json', '--out', out, expected=expected).stdout


class Rules(unittest.TestCase):
    """Each rule of the validator refuses a record that breaks it."""
    LDV = {'trace_id': '1' * 32, 'span_id': '2' * 16, 'name': 'check', 'status': 'Ok', 'start_time': 1764_000_000_000,
           'end_time': 1764_000_000_000, 'resource': {'service.name': LOG},
           'attributes': {'dpl.core.processing_activity_id': ACTIVITIES + 'toekenning', 'dpl.core.data_subject_id': '3' * 32,
                          'dpl.core.data_subject_id_type': 'pseudoniem', 'dpl.core.foreign_operation.processor': 'kernteam',
                          'nl.toestemmingen.uitkomst': 'deny'}}
    ADL = {'trace_id': '1' * 32, 'span_id': '2' * 16, 'timestamp': '2026-11-28T18:00:00.000Z', 'type': 'evaluations',
           'request': {'subject': {'type': 'partij', 'id': 'kernteam'}, 'action': {'name': 'verstrekken'}, 'context': {},
                       'evaluations': [{'resource': {'type': 'persoonsgegevens', 'id': '3' * 32}}]},
           'response': {'evaluations': [{'decision': True, 'context': {}}]}}
    EVENT = {'specversion': '1.0', 'id': 'a-1', 'source': SYSTEM, 'type': 'nl.toestemmingen.toestemming-gegeven',
             'time': '2026-11-28T18:00:00.000Z', 'sequence': '1', 'sequencetype': 'Integer', 'datacontenttype': 'application/json',
             'data': {'subject_ref': '3' * 32, 'consent_id': '4' * 32, 'providers': ['kernteam'], 'recipients': []}}
    GONE = object()
    BROKEN = {
        'ldv': {
            'trace_id': [GONE, '', '0' * 32, '1' * 31, '1' * 33, 'G' * 32, 7], 'span_id': [GONE, '0' * 16, '2' * 32, 'Z' * 16],
            'parent_span_id': ['', '1'], 'status': [GONE, 'OK', 'ok', 'Denied', 'Error', ''], 'name': [GONE, ''],
            'start_time': [GONE, '1764000000000', 1764000000, 1.5, True, 1764_000_000_001], 'end_time': [GONE, 0, -1],
            'resource': ['consentd'], 'user': ['medewerker-17'], 'attributes': [GONE, [], 'x'],
            'attributes/dpl.core.processing_activity_id': [GONE, '', 'toekenning', 'http://met spatie', 7],
            'attributes/dpl.core.data_subject_id': [GONE, '', '999996770', 'jansen', ['3' * 32, '4' * 32]],
            'attributes/dpl.core.data_subject_id_type': [GONE, ''], 'attributes/dpl.core.foreign_operation.processor': ['', 7],
            'attributes/dpl.core.user': ['x'], 'attributes/dpl.core.purpose': ['x'], 'attributes/user.id': ['medewerker-17'],
            'attributes/gebruiker': ['x'], 'attributes/noot': ['over 999996770', '999996770']},
        'adl': {
            'trace_id': [GONE, '0' * 32], 'span_id': [GONE, '2'], 'timestamp': [GONE, '', '2026-11-28', '2026-13-28T18:00:00Z', 7],
            'type': [GONE, '', 'check', 'evaluation'], 'request': [GONE, [], {}], 'response': [GONE, [], {}], 'extra': [1],
            'request/subject': [GONE, 'kernteam', {}], 'request/subject/type': [GONE, ''], 'request/subject/id': [GONE, '', 7],
            'request/subject/naam': ['x'], 'request/subject/properties': ['x'],
            'request/action': [GONE, 'verstrekken'], 'request/action/name': [GONE, ''], 'request/context': ['x'],
            'request/evaluations': [GONE, [], [{}], {}], 'request/evaluations/0/resource': [GONE, {}, 'x'],
            'request/evaluations/0/resource/id': [GONE, ''], 'request/evaluations/0/resource/type': [GONE],
            'request/other': [1], 'response/evaluations': [GONE, [], [{'decision': True}] * 2],
            'response/evaluations/0/decision': [GONE, 'true', 1, None], 'response/evaluations/0/context': ['x'],
            'response/evaluations/0/reason': ['x'], 'request/context/zaak': ['999996770']},
        'cloudevents': {
            'id': [GONE, '', 7, 'a\n1', 'a\x85', 'a\ufffe', 'a\ud800'], 'volgnummer': [2 ** 31, -2 ** 31 - 1], 'source': [GONE, '', 'consentd', 'urn:nld:oin:123:systeem:x', 'https://x'],
            'specversion': [GONE, '1', '1.1', 1.0], 'type': [GONE, '', 'toestemming', 'com.voorbeeld.x', 'nl.Toestemmingen.X',
                                                             'nl.toestemmingen.kernteam'],
            'time': ['gisteren', '2026-11-28', ''], 'sequence': ['0', 'x', '', '01', '2147483648'], 'sequencetype': ['Text'],
            'datacontenttype': ['json', ''], 'dataschema': ['x y'], 'Subject': ['x'], 'partij_id': ['x'], 'a' * 21: ['x'],
            'subject': ['999996770', 'jansen', ''], 'betreft': ['3' * 32, 'toestemming ' + '4' * 32, ['x'], {}, None],
            'data/zaak': ['999996770']},
    }

    @classmethod
    def changed(cls, record, path, value):
        record = copy.deepcopy(record)
        *outer, last = [int(step) if step.isdigit() else step for step in path.split('/')]
        within = record
        for step in outer:
            within = within[step]
        if value is cls.GONE:
            del within[last]
        else:
            within[last] = value
        return record

    def test_a_record_that_breaks_a_rule_is_refused(self):
        good = {'ldv': self.LDV, 'adl': self.ADL, 'cloudevents': self.EVENT}
        tried = 0
        for form, broken in self.BROKEN.items():
            self.assertEqual(exported.faults(form, good[form]), [])
            for path, values in broken.items():
                for value in values:
                    tried += 1
                    with self.subTest(form=form, path=path, value='gone' if value is self.GONE else value):
                        self.assertNotEqual(exported.faults(form, self.changed(good[form], path, value)), [])
        self.assertGreater(tried, 120)

    def test_what_a_record_may_have_is_not_refused(self):
        single = {**self.ADL, 'type': 'evaluation', 'response': {'decision': False},
                  'request': {**{name: value for name, value in self.ADL['request'].items() if name != 'evaluations'},
                              'resource': {'type': 'persoonsgegevens', 'id': 'x'}}}
        for form, record in (('adl', single), ('ldv', self.changed(self.LDV, 'parent_span_id', '5' * 16)),
                             ('ldv', self.changed(self.LDV, 'status', 'Unset')), ('cloudevents', {**self.EVENT, 'subject': '3' * 32}),
                             ('adl', {**self.ADL, 'policies': [], 'information': {}, 'configuration': {}})):
            self.assertEqual(exported.faults(form, record), [])

    def test_records_of_a_file_are_compared(self):
        other = {**self.LDV, 'trace_id': '6' * 32}
        self.assertIn('another record', exported.faults_of('ldv', [self.LDV, other])[0][1])
        self.assertEqual(exported.faults_of('ldv', [self.LDV, {**other, 'span_id': '7' * 16}]), [])
        second = {**self.EVENT, 'id': 'a-2', 'sequence': '2'}
        self.assertEqual(exported.faults_of('cloudevents', [self.EVENT, second]), [])
        for wrong in ({**second, 'sequence': '3'}, {**second, 'id': 'a-1'}, self.EVENT):
            self.assertNotEqual(exported.faults_of('cloudevents', [self.EVENT, wrong]), [])
        with self.assertRaises(ValueError):
            exported.read('{"half":')


class Once(ExportTest):
    """Each number once, whatever happens to the exporter."""

    def test_an_export_goes_on_where_it_was(self):
        for form in ('ldv', 'adl'):
            out = self.place / form
            for more in (3, 150, 1, 0):
                if more:
                    self.write_lines(more)
                self.export(form, '--out', out)
                self.assertEqual(self.numbers(form, out), self.expected(form, self.log_lines()))
            self.assertIn('0 records', self.export(form, '--out', out).stdout)

    def test_who_follows_hears_what_comes_and_costs_the_log_one_line(self):
        self.write_lines(3)
        run = self.start('ldv', '--follow', '--out', self.out, '--position', self.place / 'position')
        self.wait_until(lambda: self.out.exists() and len(self.numbers('ldv')) >= 4, 'the first lines')
        before = self.log_lines()[-1].number
        for _ in range(3):
            self.write_lines(2)
            expected = self.expected('ldv', self.log_lines())
            self.wait_until(lambda: self.numbers('ldv') == expected, 'what came')
        time.sleep(3)  # it looks in vain
        lines = self.log_lines()
        own = [line.action for line in lines if line.user == 'beheer-1' and line.action not in ('log-checkpoint', 'sign-in')]
        self.assertEqual(own, ['audit-list'])
        self.assertLess(len([line for line in lines if line.number > before and line.party == 'operator']), 12)
        self.end(run)
        self.assertValid('ldv', self.records())

    def test_a_registry_that_is_away_for_a_while_is_waited_for(self):
        self.write_lines(3)
        run = self.start('ldv', '--timeout', '200', '--follow', '--out', self.out)
        self.wait_until(lambda: self.out.exists() and len(self.numbers('ldv')) >= 4, 'the first lines')
        self.registry.stop()
        time.sleep(2.5)
        self.registry.start()
        self.shared = {}
        self.write_lines(3)
        expected = self.expected('ldv', self.log_lines())
        self.wait_until(lambda: self.numbers('ldv') == expected, 'what came after it')
        self.assertIn('no answer from the registry', self.end(run))

    def kill_again_and_again(self, form, out, *words, cut=False):
        """While lines come: at some moment from its start on, or when something is written. How often a line was half then."""
        chance, halves, size = random.Random(7), 0, 0
        whole = work_of(lambda: self.export(form, '--out', self.place / f'whole-{form}'))
        for kill in range(20):
            run = self.start(form, '--follow', '--out', out, *words)
            if kill % 2 == 0:
                let_work(run, whole * chance.random())
            else:
                self.wait_until(lambda: out.exists() and out.stat().st_size > size, 'further lines')
                time.sleep(chance.uniform(0, 0.02))
            self.end(run, signal.SIGKILL)
            size = out.stat().st_size if out.exists() else 0
            if cut and kill % 3 == 0 and size > 1000:  # a write that went no further
                with out.open('r+b') as file:
                    file.truncate(size - chance.randrange(900))
                halves += not out.read_bytes().endswith(b'\n')
        return halves

    def test_it_may_be_killed_at_any_moment(self):
        """What is half of a line at the end of the file is cut off, and written again."""
        self.write_lines(400)
        with self.writing():
            self.assertGreater(self.kill_again_and_again('ldv', self.place / 'ldv', cut=True), 3)
            self.kill_again_and_again('adl', self.place / 'adl', '--position', self.place / 'position')
        for form, words in (('ldv', []), ('adl', ['--position', self.place / 'position'])):
            out = self.place / form
            self.export(form, '--out', out, *words)
            self.assertEqual(self.numbers(form, out), self.expected(form, self.log_lines()))
            self.assertValid(form, self.records(out))

    def test_the_wrong_order_is_found_by_such_a_test(self):
        """The control: an exporter that writes its position before its output, killed between them, loses a line; one that
        never looks at what is there doubles some."""
        self.write_lines(40)
        position = self.place / 'position'
        self.export('ldv', '--out', self.out, '--position', position)
        expected, whole = self.expected('ldv', self.log_lines()), self.out.read_text()
        lines = whole.splitlines(keepends=True)
        self.out.write_text('')  # the position says what was not written: there is no end of the file that says otherwise
        self.export('ldv', '--out', self.out, '--position', position)
        self.assertNotEqual(self.numbers('ldv'), expected, 'what the position says is out is not exported again')
        self.out.write_text(whole + lines[-1])
        self.assertNotEqual(self.numbers('ldv'), expected)

    def test_events_are_each_once_however_often_it_is_killed(self):
        chance, kills = random.Random(11), 0
        self.live()
        whole = work_of(lambda: self.export('adl', '--out', self.place / 'adl'))
        first, position = self.lag().acknowledged + 1, self.place / 'events.position'
        while kills < 20:
            run = self.start('cloudevents', '--follow', '--out', self.out, '--position', position, key=HORIZON)
            lives.ordinary(self) if kills % 4 == 0 else let_work(run, whole * chance.random())
            self.end(run, signal.SIGKILL)
            kills += 1
        self.export('cloudevents', '--out', self.out, '--position', position, key=HORIZON)
        self.assertEqual(self.numbers('cloudevents'), list(range(first, self.lag().newest + 1)))
        self.assertGreater(len(self.records()), 15)
        self.assertValid('cloudevents', self.records())

    def test_an_event_that_is_out_and_not_acknowledged_comes_again_and_is_known(self):
        self.live()
        first = self.lag().acknowledged + 1
        run = self.start('cloudevents', '--follow', '--out', self.out, key=HORIZON)
        self.wait_until(lambda: self.out.exists() and self.out.stat().st_size > 0, 'the first events')
        before = len(self.records())
        run.send_signal(signal.SIGSTOP)
        lives.ordinary(self)
        time.sleep(0.5)  # they are on their way to it
        self.registry.signal(signal.SIGSTOP)
        run.send_signal(signal.SIGCONT)
        self.wait_until(lambda: len(self.records()) > before, 'events that nobody can acknowledge')
        self.end(run, signal.SIGKILL)
        self.registry.kill()
        self.registry.start()
        self.shared = {}
        self.assertGreater(self.numbers('cloudevents')[-1], self.consumers()['export'], 'the acknowledgement is lost')
        self.export('cloudevents', '--out', self.out, key=HORIZON)
        self.assertEqual(self.numbers('cloudevents'), list(range(first, self.lag().newest + 1)))
        self.assertEqual(self.consumers()['export'], self.lag().newest)

    def test_events_that_were_acknowledged_elsewhere_are_not_passed_over(self):
        self.live()
        first = self.lag().acknowledged + 1
        self.export('cloudevents', '--out', self.out, key=HORIZON)
        whole, count = self.out.read_text(), len(self.records())
        lives.ordinary(self)
        self.export('cloudevents', '--out', self.place / 'elsewhere', key=HORIZON)
        lives.ordinary(self)
        said = self.export('cloudevents', '--out', self.out, key=HORIZON, expected=PROTOCOL)
        self.assertIn(f'ends with event {first + count - 1}', said.stderr)
        self.assertEqual(self.out.read_text(), whole)

    def test_the_events_of_a_party_go_to_one_export_at_a_time(self):
        first = self.start('cloudevents', '--follow', '--out', self.out, key=HORIZON)
        self.wait_until(lambda: any(one.subscribed for one in [self.lag()]), 'its subscription')
        second = self.start('cloudevents', '--follow', '--out', self.place / 'second', key=HORIZON)
        self.assertIn('the registry ended the subscription', first.communicate(timeout=60)[1])
        self.assertEqual(first.returncode, LATER)
        self.end(second)

    def tell(self, count):
        for _ in range(count):
            self.granted(self.person())

    def test_a_system_that_names_no_consumer_hears_all_beside_it(self):
        office = self.registry.client(HORIZON, 'events')
        self.assertOk(office.subscribe(credit=64))
        run = self.start('cloudevents', '--follow', '--out', self.out, key=HORIZON)
        self.tell(3)
        self.wait_until(lambda: self.consumers().get('export') == 3, 'its acknowledgement')
        self.end(run)
        self.tell(2)  # while it is away
        self.assertEqual([office.next_event(every=True).event.number for _ in range(5)], [1, 2, 3, 4, 5])
        self.assertEqual(self.consumers(), {'default': 0, 'export': 3})
        self.assertOk(office.acknowledge(5))
        self.assertEqual(self.consumers(), {'default': 5, 'export': 3})
        self.export('cloudevents', '--out', self.out, key=HORIZON)
        self.assertEqual(self.numbers('cloudevents'), [1, 2, 3, 4, 5])
        self.export('cloudevents', '--consumer', 'archief', '--since', 6, '--out', self.place / 'archief', key=HORIZON)
        self.assertEqual(self.consumers(), {'default': 5, 'export': 5, 'archief': 5})
        wrong = self.export('cloudevents', '--consumer', 'a/b', '--out', self.out, key=HORIZON, expected=64)
        self.assertIn('--consumer: the name of a consumer', wrong.stderr)

    def test_the_position_or_the_file_says_where_it_goes_on_whichever_is_further(self):
        words = ('--out', self.out, '--position', self.place / 'position')
        for given in (words, words[:2], words, words[:2], words):
            self.tell(1)
            self.export('cloudevents', *given, key=HORIZON)
        self.assertEqual((self.numbers('cloudevents'), self.consumers()), ([1, 2, 3, 4, 5], {'export': 5}))
        self.out.unlink()
        self.tell(1)
        self.export('cloudevents', *words, key=HORIZON)
        self.assertEqual(self.numbers('cloudevents'), [6])

    def test_the_file_of_another_party_passes_over_nothing(self):
        delta = 'zorgaanbieder-delta'
        self.granted(self.person(), recipients=[HORIZON, delta])
        self.export('cloudevents', '--out', self.out, key=HORIZON)
        whole = self.out.read_text()
        said = self.export('cloudevents', '--out', self.out, key=delta, expected=65)
        self.assertIn(f'has the events of {HORIZON}; nothing is added', said.stderr)
        self.assertEqual((self.out.read_text(), self.lag(delta).acknowledged), (whole, 0))

    def test_it_goes_on_where_an_earlier_version_was(self):
        """That was the consumer "default", as its position says, or as one without a name is."""
        named, nameless = self.place / 'named', self.place / 'nameless'
        self.tell(3)
        self.export('cloudevents', '--consumer', 'default', '--position', named, '--out', self.out, key=HORIZON)
        nameless.write_text('consent-position 1\n' + ''.join(named.read_text().splitlines(keepends=True)[2:4]))
        self.tell(2)
        self.export('cloudevents', '--out', self.out, key=HORIZON)
        self.assertEqual(self.numbers('cloudevents'), [1, 2, 3, 4, 5])
        for position in (named, nameless):
            words = ('--position', position, '--out', position.with_suffix('.out'))
            self.export('cloudevents', '--consumer', 'archief', *words, key=HORIZON, expected=78)
            self.assertIn(f'events forget {HORIZON} default', self.export('cloudevents', *words, key=HORIZON).stderr)
            self.assertEqual(self.numbers('cloudevents', words[-1]), [4, 5])
            self.assertIn(f'of {HORIZON} export\n', position.read_text())
        self.assertEqual(self.export('cloudevents', *words, key=HORIZON).stderr, '')
        self.assertEqual(self.consumers(), {'default': 3, 'export': 5})

    def test_a_position_that_cannot_be_written_doubles_nothing(self):
        self.write_lines(5)
        nowhere = self.place / 'not-there' / 'position'
        self.assertIn('cannot write', self.export('ldv', '--out', self.out, '--position', nowhere, expected=IO).stderr)
        nowhere.parent.mkdir()
        self.export('ldv', '--out', self.out, '--position', nowhere)
        self.assertEqual(self.numbers('ldv'), self.expected('ldv', self.log_lines()))

    def test_sigterm_ends_it_with_all_that_it_has(self):
        self.write_lines(30)
        position = self.place / 'position'
        run = self.start('adl', '--follow', '--out', self.out, '--position', position, stdout=None)
        self.wait_until(lambda: position.exists(), 'the position')
        begun = time.monotonic()
        self.end(run)
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(self.numbers('adl'), self.expected('adl', self.log_lines()))
        self.assertIn(f'log {LOG}\n', position.read_text())

    def test_where_it_begins_is_a_line_a_day_or_a_moment(self):
        self.write_lines(20)
        lines = self.log_lines()
        checks = self.expected('adl', lines)
        for name, since, expected in (('number', checks[7], checks[7:]), ('day', '2020-01-01', checks),
                                      ('later', '2099-01-01', []), ('beyond', 10 ** 9, [])):
            out = self.place / name
            self.export('adl', '--since', since, '--out', out)
            self.assertEqual(self.numbers('adl', out), expected)
        self.export('adl', '--since', checks[3], '--out', self.place / 'number')  # what is there says where it goes on
        self.assertEqual(self.numbers('adl', self.place / 'number'), checks[7:])

    def test_it_may_begin_with_a_line_that_is_still_to_come(self):
        self.write_lines(3)
        first, position = self.log_lines()[-1].number + 100, self.place / 'position'
        words = ('--since', first, '--out', self.out, '--position', position)
        for _ in range(2):
            self.export('adl', *words)
            self.assertFalse(position.exists())  # it was nowhere yet
        self.write_lines(120)
        self.export('adl', *words)
        self.assertEqual(self.numbers('adl'), [number for number in self.expected('adl', self.log_lines()) if number >= first])
        self.assertTrue(position.exists())

    def test_another_epoch_with_the_same_lines_is_gone_on_with(self):
        self.write_lines(10)
        run = self.start('ldv', '--timeout', '200', '--follow', '--out', self.out, '--position', self.place / 'position')
        self.wait_until(lambda: self.out.exists() and self.out.stat().st_size > 0, 'the first lines')
        self.export('adl', '--out', self.place / 'adl')
        self.registry.stop()
        self.registry.start(options=['--restored'])  # from a backup that has every line
        self.shared = {}
        self.write_lines(5)
        expected = self.expected('ldv', self.log_lines())
        self.wait_until(lambda: self.numbers('ldv') == expected, 'what came')
        self.end(run)
        self.assertValid('ldv', self.records())
        self.export('adl', '--out', self.place / 'adl')
        self.assertEqual(self.numbers('adl', self.place / 'adl'), self.expected('adl', self.log_lines()))
        epochs = [record['resource']['service.instance.id'] for record in self.records()]
        self.assertEqual((epochs[0] != epochs[-1], len(set(epochs))), (True, 2))

    def test_a_registry_that_is_away_at_the_start_is_waited_for(self):
        self.write_lines(3)
        self.registry.stop()
        run = self.start('ldv', '--timeout', '100', '--follow', '--out', self.out)
        time.sleep(1.5)
        self.registry.start()
        self.shared = {}
        expected = self.expected('ldv', self.log_lines())
        self.wait_until(lambda: self.numbers('ldv') == expected, 'the lines')
        self.end(run)

    def test_a_registry_that_was_put_back_is_noticed(self):
        import shutil
        self.write_lines(10)
        self.registry.stop()
        shutil.copytree(self.registry.directory / 'data', self.place / 'yesterday')
        self.registry.start()
        self.shared = {}
        self.write_lines(10)
        position = self.place / 'position'
        self.export('ldv', '--out', self.out)
        self.export('adl', '--position', position)
        whole = self.out.read_text()
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        shutil.copytree(self.place / 'yesterday', self.registry.directory / 'data')
        self.registry.start(options=['--restored'])
        self.shared = {}
        for _ in range(2):  # at once, and when it has as many lines again
            self.assertIn('was put back', self.export('ldv', '--out', self.out, expected=PROTOCOL).stderr)
            self.assertIn('was put back', self.export('adl', '--position', position, expected=PROTOCOL).stderr)
            self.write_lines(40)
        self.assertEqual(self.out.read_text(), whole)
        self.export('ldv', '--out', self.place / 'anew')
        self.assertValid('ldv', self.records(self.place / 'anew'))
        first = {one['trace_id'] for one in self.records(self.place / 'anew')}
        self.assertGreater(len(first - {one['trace_id'] for one in self.records()}), 30, 'other lines of the same numbers')


class Outputs(ExportTest):
    def test_the_end_of_a_file_says_whether_it_may_be_added_to(self):
        self.write_lines(5)
        self.export('ldv', '--out', self.out)
        whole = self.out.read_bytes()
        for end, expected in ((b'{"trace_id": "0', 0), (b'\0' * 4096, 0), (b'{', 0), (b'half', 0), (b'geen record\n', DATA),
                              (b'{}\n', DATA), (b'\n', DATA)):
            self.out.write_bytes(whole + end)
            self.export('ldv', '--out', self.out, expected=expected)
            self.assertEqual(self.out.read_bytes(), whole if expected == 0 else whole + end)
        for other in (b'een eigen bestand', b'x\ny\n', b'[1]\n'):
            self.out.write_bytes(other)
            self.assertIn('no record of ldv', self.export('ldv', '--out', self.out, expected=DATA).stderr)
            self.assertEqual(self.out.read_bytes(), other)
        self.out.write_bytes(whole)
        self.assertIn('no record of adl', self.export('adl', '--out', self.out, expected=DATA).stderr)
        self.assertEqual(self.out.stat().st_mode & 0o777, 0o600)

    def test_two_exports_do_not_write_to_one_file(self):
        self.write_lines(5)
        run = self.start('ldv', '--follow', '--out', self.out)
        self.wait_until(lambda: self.out.exists() and self.out.stat().st_size > 0, 'the first lines')
        self.assertIn('is writing to it', self.export('ldv', '--out', self.out, expected=LATER).stderr)
        self.end(run)

    def test_two_exports_do_not_go_on_from_one_position(self):
        self.write_lines(5)
        position = self.place / 'position'
        run = self.start('adl', '--follow', '--position', position, '--out', self.out)
        self.wait_until(position.exists, 'the position')
        said = self.export('adl', '--position', position, '--out', self.place / 'other', expected=LATER).stderr
        self.assertIn('another export goes on from it', said)
        self.assertFalse((self.place / 'other').exists())
        self.end(run, signal.SIGKILL, -signal.SIGKILL)
        self.export('adl', '--position', position, '--out', self.out)
        self.assertEqual(self.numbers('adl'), self.expected('adl', self.log_lines()))

    def test_a_file_that_is_moved_or_removed_meanwhile_gets_nothing_more_and_nothing_is_lost(self):
        position, parts = self.place / 'position', []
        for turn, how in enumerate(('moved', 'removed', 'another in its place')):
            self.write_lines(3)
            run = self.start('ldv', '--follow', '--out', self.out, '--position', position, stderr=subprocess.PIPE)
            expected = self.expected('ldv', self.log_lines())
            self.wait_until(lambda: self.out.exists() and (found := self.numbers('ldv')) and found[-1] == expected[-1], 'what there is')
            parts += self.numbers('ldv')
            self.out.rename(self.place / f'{turn}') if how != 'removed' else self.out.unlink()
            if how == 'another in its place':
                self.out.write_bytes(b'')
            self.write_lines(2)
            said = run.communicate(timeout=60)[1]
            self.assertEqual(run.returncode, 73, said)
            self.assertIn('was moved or removed', said)
        self.export('ldv', '--out', self.out, '--position', position)
        self.assertEqual(parts + self.numbers('ldv'), self.expected('ldv', self.log_lines()))

    def test_a_full_disk_ends_it_without_half_a_line_and_it_goes_on_later(self):
        import resource
        self.write_lines(60)

        def small():
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        run = self.start('ldv', '--out', self.out, preexec_fn=small)
        said = run.communicate(timeout=60)[1]
        self.assertEqual(run.returncode, IO, said)
        self.assertIn('cannot write to', said)
        self.records()  # each line is whole
        self.export('ldv', '--out', self.out)
        self.assertEqual(self.numbers('ldv'), self.expected('ldv', self.log_lines()))
        with open('/dev/full', 'w', encoding='utf8') as full:
            run = self.start('ldv', stdout=full)
            self.assertIn('standard output: No space left', run.communicate(timeout=60)[1])
            self.assertEqual(run.returncode, IO)

    def test_a_reader_who_leaves_is_an_error_and_nothing_is_lost(self):
        self.write_lines(300)
        position = self.place / 'position'
        run = self.start('adl', '--position', position, stdout=subprocess.PIPE)
        first = run.stdout.readline()
        run.stdout.close()
        said = run.stderr.read()
        self.assertEqual(run.wait(60), IO, said)
        self.assertIn('standard output: Broken pipe', said)
        self.assertFalse(position.exists(), 'nothing is out for good')
        ran = self.export('adl', '--position', position)
        self.assertEqual(ran.stdout.splitlines(keepends=True)[0], first)
        self.assertEqual([number_of('adl', record) for record in exported.read(ran.stdout)],
                         self.expected('adl', self.log_lines()))
        self.assertEqual(self.export('adl', '--position', position).stdout, '')

    def test_no_event_is_acknowledged_because_it_is_in_a_pipe(self):
        self.granted(self.person())
        for more in ([], ['--follow'], ['--position', self.place / 'position']):
            said = self.export('cloudevents', *more, key=HORIZON, expected=64)
            self.assertIn('standard output is no file', said.stderr)
        self.assertEqual((said.stdout, self.consumers()), ('', {'': 0}))
        with open(self.out, 'wb') as out:
            run = self.start('cloudevents', key=HORIZON, stdout=out)
            self.assertEqual(run.wait(60), 0, run.stderr.read())
        self.assertEqual((self.numbers('cloudevents'), self.consumers()), ([1], {'export': 1}))

    def test_a_position_that_is_no_position_is_never_a_new_start(self):
        self.write_lines(5)
        position = self.place / 'position'
        self.export('adl', '--position', position)
        good = position.read_text()
        for wrong in (good[:-1], good + '\n', '', 'x', good.replace('adl', 'ldv'), good.replace('voorbeeld', 'anders'),
                      good.replace('number ', 'number 0'), 'x' * 5000, good.replace('epoch', 'Epoch')):
            position.write_text(wrong)
            self.export('adl', '--position', position, expected=DATA)
        position.write_text(re.sub('time 1', 'time 2', good))
        self.assertIn('was put back', self.export('adl', '--position', position, expected=PROTOCOL).stderr)

    def test_what_is_asked_wrongly_is_said(self):
        self.write_lines(1)
        key = ['--key', self.registry.key_file('operator'), '--user', 'b']
        for words, named in ((['ldv'], 'needs --activities URI'), (['cloudevents'], 'needs --source URI'),
                             (['ldv', '--activities', 'x y'], '--activities is a URI'), (['adl', '--since', '0'], 'begin with 1'),
                             (['adl', '--since', 'gisteren'], '--since'), (['adl', '--since', '9' * 25], '--since'),
                             (['adl', '--json'], 'give --out'), (['adl', '--otlp', 'http://x'], 'unknown option'),
                             (['cloudevents', '--source', SYSTEM, '--since', '2020-01-01'], 'number of an event'),
                             (['ldv', '--activities', ACTIVITIES, '--ca', 'x'], 'are for --otlp')):
            ran = tool('ctl/consentctl', *key, 'export', *words)
            self.assertEqual(ran.returncode, USAGE, (words, ran.stderr))
            self.assertIn(named, ran.stderr)
        self.assertIn('FORBIDDEN', self.export('ldv', '--out', self.out, key='cak', expected=NO_PERMISSION).stderr)
        self.assertIn('is no file', self.export('adl', '--out', '/dev/null', expected=CANNOT_MAKE).stderr)
        self.assertIn('cannot open', self.export('adl', '--out', self.place / 'no' / 'out', expected=CANNOT_MAKE).stderr)


if __name__ == '__main__':
    unittest.main()
