"""consent-http: the checks over HTTPS, as AuthZEN's certification scenario asks of it, and what must never come of them."""
import copy
import json
import os
import re
import shutil
import subprocess
import unittest

from bridge import PROGRAM, BridgeTest, evaluation
from harness import SOURCE, free_port


class HttpTest(BridgeTest):
    def setUp(self):
        self.bsn = self.person()

    def ask(self, asked, party='kernteam', api='evaluation', **headers):
        return self.bridge.ask(party, api, asked, **headers)

    def decision(self, asked, party='kernteam', **headers):
        status, document = self.ask(asked, party, **headers)
        self.assertEqual(status, 200, document)
        self.assertIs(type(document['decision']), bool)
        return document['decision']

    def assertRefused(self, asked, names, party='kernteam', status=400, api='evaluation', **headers):
        """With an error that says where, and quotes nothing."""
        got, message = self.ask(asked, party, api, **headers)
        self.assertEqual(got, status, message)
        self.assertIs(type(message), str)
        self.assertIn(names, message)
        self.assertNotIn(self.bsn, message)


def without(asked, *path):
    asked = copy.deepcopy(asked)
    *place, last = path
    at = asked
    for name in place:
        at = at[name]
    del at[last]
    return asked


def changed(asked, value, *path):
    asked = copy.deepcopy(asked)
    *place, last = path
    at = asked
    for name in place:
        at = at[name]
    at[last] = value
    return asked


class Evaluation(HttpTest):
    def test_what_is_permitted_is_true_and_what_is_not_is_false(self):
        self.granted(self.bsn)
        self.assertTrue(self.decision(evaluation(self.bsn)))
        self.assertFalse(self.decision(evaluation(self.bsn, 'budget')))

    def test_an_answer_says_why_in_the_words_of_the_export_of_the_log(self):
        consent = self.granted(self.bsn)
        _, permit = self.ask(evaluation(self.bsn, herkomst='wmo'))
        context = permit['context']
        self.assertEqual((context['uitkomst'], context['wijze']), ('PERMIT', 'ADVISE'))
        self.assertEqual(context['gegevens'], [{'gegevenssoort': 'naw', 'herkomst': 'wmo', 'decision': True,
                                                'grondslag': 'CONSENT', 'toestemming': consent.hex()}])
        self.assertIn('KEEP_SECRET', context['verplichtingen'])
        self.assertEqual(context['beleid']['id'], 'kaag-en-braassem-2015')
        _, deny = self.ask(evaluation(self.bsn, 'budget'))
        self.assertEqual(deny['context']['uitkomst'], 'DENY')
        self.assertIn('CATEGORY_NOT_CONSENTED', [reason['code'] for reason in deny['context']['gegevens'][0]['redenen']])

    def test_a_part_is_false_and_says_which(self):
        self.granted(self.bsn)
        asked = evaluation(self.bsn, 'gegevens', gegevens=[{'gegevenssoort': 'naw'}, {'gegevenssoort': 'budget'}])
        _, document = self.ask(asked)
        self.assertIs(document['decision'], False)
        self.assertEqual(document['context']['uitkomst'], 'PARTIAL')
        self.assertEqual([item['decision'] for item in document['context']['gegevens']], [True, False])

    def test_a_withdrawal_counts_for_the_next_question(self):
        consent = self.granted(self.bsn)
        with self.bridge.connection() as connection:
            for expected in (True, False):
                connection.request('POST', '/access/v1/evaluation', json.dumps(evaluation(self.bsn)),
                                   {'Content-Type': 'application/json'})
                self.assertIs(json.loads(connection.getresponse().read())['decision'], expected)
                self.assertOk(self.client('kernteam').revoke(consent))

    def test_the_same_question_has_the_same_decision(self):
        self.granted(self.bsn)
        self.assertEqual([self.decision(evaluation(self.bsn)) for _ in range(5)], [True] * 5)

    def test_a_certificate_asks_as_its_own_party(self):
        self.granted(self.bsn)
        self.assertTrue(self.decision(evaluation(self.bsn), 'zorgaanbieder-horizon'))
        other = evaluation(self.bsn, recipient='zorgaanbieder-delta')
        self.assertRefused(other, 'may not ask', 'zorgaanbieder-horizon', status=403)

    def test_what_is_not_known_is_ignored(self):
        self.granted(self.bsn)
        asked = evaluation(self.bsn, time='2025-06-27T18:03-07:00', ip='192.168.1.1')
        asked['foo'] = 'bar'
        asked['futureField'] = {'nested': True}
        asked['subject']['properties'] = {'department': 'Sales', 'role': 'manager'}
        asked['action']['properties']['method'] = 'GET'
        asked['resource']['properties'].update(status='active', owner='bob')
        self.assertTrue(self.decision(asked))

    def test_what_is_missing_is_named(self):
        asked = evaluation(self.bsn)
        for path in (('subject',), ('action',), ('resource',), ('subject', 'type'), ('subject', 'id'), ('action', 'name'),
                     ('resource', 'type'), ('resource', 'id'), ('action', 'properties', 'doel'),
                     ('resource', 'properties', 'bsn'), ('resource', 'properties', 'verstrekker'), ('context', 'gebruiker')):
            with self.subTest(path):
                self.assertRefused(without(asked, *path), '.'.join(path))
                if len(path) > 1:
                    self.assertRefused(changed(asked, '', *path), '.'.join(path))
        self.assertRefused(without(asked, 'context'), 'context.gebruiker')

    def test_what_is_of_another_type_is_named(self):
        asked = evaluation(self.bsn)
        for path, value in ((('subject',), 'alice'), (('action', 'name'), 123), (('resource',), []), (('context',), 'now'),
                            (('action', 'properties'), 'doel'), (('resource', 'properties', 'bsn'), int(self.bsn)),
                            (('resource', 'properties', 'bsn'), None), (('subject', 'properties'), 3),
                            (('context', 'alles_of_niets'), 'true'), (('context', 'onder_beroepsgeheim'), 1),
                            (('resource', 'properties', 'gegevens'), 'naw')):
            with self.subTest(path):
                self.assertRefused(changed(asked, value, *path), path[-1] if path[-1] != 'gegevens' else 'resource.id')

    def test_what_means_something_and_cannot_be_asked_is_refused(self):
        self.granted(self.bsn)
        asked = evaluation(self.bsn)
        for path, value in ((('subject', 'type'), 'user'), (('action', 'name'), 'read'), (('resource', 'type'), 'record'),
                            (('action', 'properties', 'wijze'), 'disclose'), (('context', 'wijze'), 'DISCLOSE'),
                            (('action', 'wijze'), 'DISCLOSE'), (('wijze',), 'DISCLOSE'), (('action', 'beroep_op'), {}),
                            (('context', 'tijdstip'), '2020-01-01'), (('context', 'ontvanger'), 'huisarts-dorp'),
                            (('context', 'doel'), 'pgb'), (('subject', 'properties'), {'gebruiker': 'x'}),
                            (('context', 'Zaak'), 'z1'), (('resource', 'herkomst'), 'wmo'), (('bsn',), self.bsn)):
            with self.subTest(path):
                name = 'gebruiker' if path[-1] == 'properties' else path[-1].lower()
                self.assertRefused(changed(asked, value, *path), name)

    def test_what_the_registry_does_not_know_is_named_in_the_words_of_the_request(self):
        for more, name in (({'recipient': 'nobody'}, 'subject.id'),
                           ({'provider': 'nobody', 'recipient': 'kernteam'}, 'verstrekker'),
                           ({'purpose': 'nothing'}, 'action.properties.doel'), ({'data': 'nothing'}, 'gegevens'),
                           ({'gebruiker': self.bsn}, 'context.gebruiker'), ({'zaak': self.bsn}, 'context.zaak')):
            with self.subTest(name):
                self.assertRefused(evaluation(self.bsn, **more), name)
        self.assertRefused(evaluation('999900007'), 'resource.properties.bsn')
        self.assertFalse(self.decision(evaluation(next(self.bsns))), 'of somebody whom the registry does not know')


class Disclosure(HttpTest):
    KEY = '8e03978e-40d5-43e8-bc93-6894a57f9324'

    def test_it_happens_only_where_it_is_asked_for_with_a_key(self):
        self.granted(self.bsn)
        asked = evaluation(self.bsn, wijze='DISCLOSE')
        self.assertRefused(asked, 'Idempotency-Key')
        status, document = self.ask(asked, Idempotency_Key=f'"{self.KEY}"')
        self.assertEqual((status, document['decision'], document['context']['wijze']), (200, True, 'DISCLOSE'))

    def test_it_is_recorded_once_however_often_it_is_asked(self):
        self.granted(self.bsn, one_time=True)
        asked = evaluation(self.bsn, wijze='DISCLOSE')
        first = self.ask(asked, Idempotency_Key='first-' + self.KEY)[1]
        again = self.ask(asked, Idempotency_Key='first-' + self.KEY)[1]
        other = self.ask(asked, Idempotency_Key='other-' + self.KEY)[1]
        self.assertIs(first['decision'], True)
        self.assertIs(again['context']['herhaald'], True)
        self.assertEqual(again['context']['regel'], first['context']['regel'])
        self.assertIs(other['decision'], False, 'the one-time consent was used')

    def test_a_key_of_another_question_is_refused(self):
        self.granted(self.bsn)
        self.ask(evaluation(self.bsn, wijze='DISCLOSE'), Idempotency_Key='twice-' + self.KEY)
        self.assertRefused(evaluation(self.bsn, 'budget', wijze='DISCLOSE'), 'Idempotency-Key', status=422,
                           Idempotency_Key='twice-' + self.KEY)

    def test_asked_again_after_a_withdrawal_it_is_false(self):
        consent = self.granted(self.bsn)
        asked = evaluation(self.bsn, wijze='DISCLOSE')
        self.assertTrue(self.decision(asked, Idempotency_Key='since-' + self.KEY))
        self.assertOk(self.client('kernteam').revoke(consent))
        _, document = self.ask(asked, Idempotency_Key='since-' + self.KEY)
        self.assertIs(document['decision'], False)
        self.assertIs(document['context']['ingetrokken_sindsdien'], True)
        self.assertEqual([item['decision'] for item in document['context']['gegevens']], [False])

    def test_all_or_nothing(self):
        self.granted(self.bsn)
        both = [{'gegevenssoort': 'naw'}, {'gegevenssoort': 'budget'}]
        asked = evaluation(self.bsn, 'gegevens', gegevens=both, wijze='DISCLOSE', alles_of_niets=True)
        _, document = self.ask(asked, Idempotency_Key='whole-' + self.KEY)
        self.assertEqual(document['context']['uitkomst'], 'DENY')
        self.assertRefused(evaluation(self.bsn, alles_of_niets=True), 'alles_of_niets')

    def test_a_short_or_strange_key_is_refused(self):
        for key in ('short', '"' + 'a' * 129 + '"', 'with blanks in it all over', 'a"b' * 8):
            with self.subTest(key):
                self.assertRefused(evaluation(self.bsn, wijze='DISCLOSE'), 'Idempotency-Key', Idempotency_Key=key)


class Evaluations(HttpTest):
    KEY = 'batch-8e03978e-40d5-43e8'

    def ask_many(self, asked, **headers):
        status, document = self.ask(asked, api='evaluations', **headers)
        self.assertEqual(status, 200, document)
        self.assertNotIn('decision', document)
        return document['evaluations']

    def decisions(self, asked, **headers):
        return [one['decision'] for one in self.ask_many(asked, **headers)]

    def several(self, *kinds, **more):
        """One evaluation a kind of data, by defaults."""
        asked = evaluation(self.bsn)
        resource = asked.pop('resource')
        return {**asked, 'evaluations': [{'resource': {**resource, 'id': kind}} for kind in kinds], **more}

    def setUp(self):
        super().setUp()
        self.granted(self.bsn, categories=('naw', 'toewijzing'))

    def test_each_has_its_decision_in_the_order_asked(self):
        self.assertEqual(self.decisions(self.several('naw', 'budget', 'toewijzing')), [True, False, True])
        full = [evaluation(self.bsn, kind) for kind in ('budget', 'naw')]
        self.assertEqual(self.decisions({'evaluations': full}), [False, True])

    def test_what_one_has_itself_counts_before_the_default_as_a_whole(self):
        asked = self.several('naw', 'naw')
        asked['evaluations'][1]['context'] = {'time': '2025-06-27T19:00-07:00'}
        first, second = self.ask_many(asked)
        self.assertTrue(first['decision'])
        self.assertIn('evaluations[1].context.gebruiker', second['context']['error']['message'])
        asked = self.several('naw')
        asked['resource'] = {'type': 'persoonsgegevens'}
        del asked['evaluations'][0]['resource']['type']
        self.assertEqual(self.decisions(asked), [True], 'a required field may be that of the default')

    def test_one_that_is_wrong_harms_no_other(self):
        asked = self.several('naw', 'budget', 'naw')
        asked['evaluations'][1] = {}
        asked['evaluations'].append(7)
        asked['evaluations'].append(self.several('nothing')['evaluations'][0])
        evaluations = self.ask_many(asked)
        self.assertEqual([one['decision'] for one in evaluations], [True, False, True, False, False])
        for index in (1, 3, 4):
            error = evaluations[index]['context']['error']
            self.assertEqual(error['status'], 400)
            self.assertIn(f'evaluations[{index}]', error['message'])

    def test_it_stops_where_it_is_told_to(self):
        deny = self.several('naw', 'budget', 'naw', options={'evaluations_semantic': 'deny_on_first_deny'})
        self.assertEqual(self.decisions(deny), [True, False])
        permit = self.several('budget', 'naw', 'naw', options={'evaluations_semantic': 'permit_on_first_permit'})
        self.assertEqual(self.decisions(permit), [False, True])
        everything = self.several('naw', 'budget', 'naw', options={'evaluations_semantic': 'execute_all', 'another': 1})
        self.assertEqual(self.decisions(everything), [True, False, True])
        wrong = self.several('naw', options={'evaluations_semantic': 'any'})
        self.assertRefused(wrong, 'options.evaluations_semantic', api='evaluations')
        self.assertRefused(self.several('naw', options=[]), 'options', api='evaluations')

    def test_what_is_behind_the_end_is_not_disclosed(self):
        one_time = self.person()
        self.granted(one_time, one_time=True)
        options = {'evaluations_semantic': 'deny_on_first_deny'}
        asked = {'evaluations': [evaluation(self.bsn, 'budget'), evaluation(one_time, wijze='DISCLOSE')], 'options': options}
        self.assertEqual(self.decisions(asked, Idempotency_Key='in-turn-' + self.KEY), [False])
        self.assertTrue(self.decision(evaluation(one_time)), 'the one-time consent is still there')

    def test_disclosures_of_a_batch_are_recorded_once(self):
        other = self.person()
        for bsn in (self.bsn, other):
            self.granted(bsn, categories=('budget',), one_time=True)
        asked = {'evaluations': [evaluation(bsn, 'budget', wijze='DISCLOSE') for bsn in (self.bsn, other)]}
        self.assertIn('Idempotency-Key', self.ask_many(asked)[0]['context']['error']['message'])
        first = self.ask_many(asked, Idempotency_Key='once-' + self.KEY)
        again = self.ask_many(asked, Idempotency_Key='once-' + self.KEY)
        self.assertEqual([one['decision'] for one in first + again], [True] * 4)
        self.assertEqual([one['context']['regel'] for one in first], [one['context']['regel'] for one in again])

    def test_without_evaluations_it_is_one_evaluation(self):
        asked = evaluation(self.bsn)
        for more in ({}, {'evaluations': []}):
            status, document = self.ask({**asked, **more}, api='evaluations')
            self.assertEqual((status, document['decision']), (200, True))
        self.assertRefused({**asked, 'evaluations': {}}, 'evaluations', api='evaluations')
        self.assertRefused({**self.several('naw'), 'subject': 'alice'}, 'subject', api='evaluations')
        self.assertRefused({**self.several(), 'evaluations': [{}] * 257}, 'evaluations', api='evaluations')


class Documented(HttpTest):
    """docs/http.md, as it is printed."""
    PAGE = (SOURCE / 'docs' / 'http.md').read_text()

    def commands(self):
        """The indented commands, each as one line."""
        text = re.sub(r'\\\n +', '', self.PAGE)
        return re.findall(r'(?m)^    ((?:openssl|consent-http|curl) .*)$', text)

    def test_the_commands_work_as_they_stand_there(self):
        self.granted(self.bsn)
        folder = self.bridge.directory / 'documented'
        folder.mkdir()
        configuration = (SOURCE / 'config' / 'consent-http.conf').read_text()
        port = str(free_port())
        example = json.loads(re.search(r'(?ms)^    \{$.*?^    \}$', self.PAGE)[0])
        example['resource']['properties']['bsn'] = self.bsn
        (folder / 'question.json').write_text(json.dumps(example))
        shutil.copy(self.registry.key_file('kernteam'), folder / 'kernteam.key')
        environment = {**os.environ, 'PATH': f'{PROGRAM.parent}:{os.environ["PATH"]}'}
        ran = []
        for command in self.commands():
            command = command.replace('8443', port)
            if command == 'consent-http consent-http.conf':
                bridge = subprocess.Popen(command.split(), cwd=folder, env=environment, stderr=subprocess.PIPE, text=True)
                self.addCleanup(bridge.wait, 30)
                self.addCleanup(bridge.stderr.close)
                self.addCleanup(bridge.terminate)
                self.assertIn('ready', bridge.stderr.readline())
                continue
            done = subprocess.run(['bash', '-o', 'pipefail', '-c', command], cwd=folder, env=environment, capture_output=True,
                                  text=True, timeout=60, check=False)
            self.assertEqual(done.returncode, 0, f'{command}: {done.stderr}')
            ran.append(done.stdout)
            if 'sha256sum' in command:
                text = configuration.replace('8443', port).replace('zorgaanbieder-horizon', 'kernteam')
                (folder / 'consent-http.conf').write_text(text.replace('0' * 64, done.stdout.strip()))
        self.assertEqual(len(ran), 6)
        self.assertIs(json.loads(ran[-1])['decision'], True)

    def test_each_word_of_the_vocabulary_stands_there(self):
        words = re.findall(r'(?m)^    \{"(\w+)"', (SOURCE / 'clients' / 'http' / 'words.c').read_text())
        self.assertGreater(len(words), 12)
        self.assertEqual([word for word in words if not re.search(rf'`[^`]*\b{word}\b', self.PAGE)], [])


if __name__ == '__main__':
    unittest.main()
