"""consent-http: the searches and the metadata of AuthZEN, and the OpenAPI document."""
import json
import re
import unittest

import openapi
from bridge import BridgeTest, evaluation
from harness import DAY, SOURCE, now

PARTY = 'zorgaanbieder-horizon'


class SearchTest(BridgeTest):
    def setUp(self):
        self.bsn = self.person()

    def asked(self, without=None, **more):
        asked = evaluation(self.bsn, **more)
        if without == 'action':
            del asked['action']
        elif without:
            del asked[without]['id']
        return asked

    def search(self, what, asked, party='kernteam'):
        status, document = self.bridge.ask(party, f'search/{what}', asked)
        self.assertEqual(status, 200, document)
        return document['results']

    def assertRefused(self, what, asked, names, status=400, party='kernteam'):
        got, message = self.bridge.ask(party, f'search/{what}', asked)
        self.assertEqual((got, type(message)), (status, str), message)
        self.assertIn(names, message)
        self.assertNotIn(self.bsn, message)

    def assertEvaluates(self, decision, asked, party='kernteam'):
        self.assertIs(self.bridge.ask(party, 'evaluation', asked)[1]['decision'], decision)


class Subjects(SearchTest):
    def test_it_finds_who_may_receive_and_an_evaluation_says_the_same(self):
        self.granted(self.bsn, recipients=(PARTY, 'zorgaanbieder-delta'))
        found = self.search('subject', self.asked('subject'))
        self.assertEqual(sorted(one['id'] for one in found), ['zorgaanbieder-delta', PARTY])
        for one in found:
            self.assertEvaluates(True, self.asked(recipient=one['id']))
        self.assertEqual(self.search('subject', self.asked('subject', data='budget')), [])

    def test_after_a_withdrawal_it_finds_nobody(self):
        consent = self.granted(self.bsn)
        self.assertEqual(len(self.search('subject', self.asked('subject'))), 1)
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertEqual(self.search('subject', self.asked('subject')), [])

    def test_what_begins_later_is_not_found_yet(self):
        self.granted(self.bsn, valid_from=now() + DAY)
        self.assertEqual(self.search('subject', self.asked('subject')), [])
        self.assertEvaluates(False, self.asked())

    def test_an_id_a_page_and_what_is_not_known_change_nothing(self):
        self.granted(self.bsn)
        asked = self.asked(time='2025-06-27T18:03-07:00')
        asked['subject']['id'] = 'nobody'
        for page in ({'limit': 1}, {'token': 'x'}, {}):
            self.assertEqual(self.search('subject', {**asked, 'page': page, 'foo': 1}), [{'type': 'partij', 'id': PARTY}])

    def test_what_is_permitted_in_one_case_is_found_in_that_one(self):
        self.granted(self.bsn, case_ref='zaak-7')
        self.assertEqual(self.search('subject', self.asked('subject')), [])
        self.assertEqual(len(self.search('subject', self.asked('subject', zaak='zaak-7'))), 1)
        self.assertEqual(self.search('subject', self.asked('subject', zaak='zaak-8')), [])


class Resources(SearchTest):
    def test_a_party_finds_whom_it_may_ask_for_what(self):
        self.granted(self.bsn, categories=('naw', 'budget'))
        found = self.search('resource', self.asked('resource'), PARTY)
        self.assertEqual(sorted(one['id'] for one in found), ['budget', 'naw'])
        self.assertEqual({one['properties']['verstrekker'] for one in found}, {'kernteam'})
        asked = self.asked('resource')
        del asked['resource']['properties']['verstrekker']
        self.assertEqual(self.search('resource', asked, PARTY), found)
        for one in found:
            self.assertEvaluates(True, self.asked(data=one['id']), PARTY)

    def test_who_may_explain_finds_it_for_another(self):
        self.granted(self.bsn)
        self.assertEqual([one['id'] for one in self.search('resource', self.asked('resource'))], ['naw'])
        self.assertEqual(self.search('resource', self.asked('resource', recipient='nobody')), [])
        self.assertEqual(self.search('resource', self.asked('resource', recipient='huisarts-dorp')), [])

    def test_who_may_not_explain_does_not(self):
        self.assertRefused('resource', self.asked('resource', recipient='huisarts-dorp'), 'may not ask', 403, PARTY)
        self.assertRefused('subject', self.asked('subject'), 'may not ask', 403, PARTY)
        self.assertRefused('action', self.asked('action'), 'may not ask', 403, PARTY)


class Actions(SearchTest):
    def test_it_finds_for_which_purposes(self):
        self.granted(self.bsn)
        found = self.search('action', self.asked('action'))
        self.assertEqual(found, [{'name': 'verstrekken', 'properties': {'doel': 'toekenning'}}])
        self.assertEqual(self.search('action', self.asked('action', recipient='nonexistent-user')), [])


class Faults(SearchTest):
    def test_of_what_there_is_none_nothing_is_found(self):
        self.granted(self.bsn)
        for what, without in (('subject', 'subject'), ('resource', 'resource'), ('action', 'action')):
            for entity in ('subject', 'resource'):
                asked = self.asked(without)
                asked[entity]['type'] = 'spaceship'
                self.assertEqual(self.search(what, asked), [], (what, entity))
        asked = self.asked('subject')
        asked['action'] = {'name': 'read'}
        self.assertEqual(self.search('subject', asked), [])
        self.assertEqual(self.search('subject', self.asked('subject', data='nothing')), [])
        self.bsn = next(self.bsns)
        self.assertEqual(self.search('subject', self.asked('subject')), [], 'of somebody whom the registry does not know')

    def test_what_is_missing_is_named(self):
        for what, entity in (('subject', 'action'), ('subject', 'subject'), ('subject', 'resource'), ('resource', 'subject'),
                             ('resource', 'action'), ('resource', 'resource'), ('action', 'subject'), ('action', 'resource')):
            asked = self.asked()
            del asked[entity]
            self.assertRefused(what, asked, entity)
        for what, entity, field in (('subject', 'resource', 'id'), ('subject', 'subject', 'type'), ('resource', 'subject', 'id'),
                                    ('resource', 'resource', 'type'), ('action', 'subject', 'id'), ('action', 'resource', 'id'),
                                    ('subject', 'action', 'name')):
            asked = self.asked()
            del asked[entity][field]
            self.assertRefused(what, asked, f'{entity}.{field}')
        for what, field in (('subject', 'bsn'), ('subject', 'verstrekker'), ('resource', 'bsn'), ('action', 'verstrekker')):
            asked = self.asked()
            del asked['resource']['properties'][field]
            self.assertRefused(what, asked, f'resource.properties.{field}')
        asked = self.asked()
        del asked['action']['properties']['doel']
        self.assertRefused('resource', asked, 'action.properties.doel')

    def test_what_a_search_cannot_take_into_account_is_refused(self):
        for more, name in (({'herkomst': 'wmo'}, 'herkomst'), ({'wijze': 'DISCLOSE'}, 'wijze'),
                           ({'onder_beroepsgeheim': True}, 'onder_beroepsgeheim'), ({'leidinggevende': 'x'}, 'leidinggevende'),
                           ({'purpose': 'nothing'}, 'doel'), ({'provider': 'nobody'}, 'verstrekker'),
                           ({'beroep_op': 'x'}, 'beroep_op')):
            self.assertRefused('subject', self.asked(**more), name)
        self.assertRefused('subject', {**self.asked(), 'page': 3}, 'page')


class Described(BridgeTest):
    def metadata(self):
        response, body = self.bridge.request('/.well-known/authzen-configuration', method='GET')
        self.assertEqual((response.status, response.getheader('Content-Type')), (200, 'application/json'))
        return json.loads(body)

    def test_the_metadata_say_where_everything_is(self):
        metadata = self.metadata()
        openapi.judge('GET', '/.well-known/authzen-configuration', 200, None, metadata)
        url = f'https://localhost:{self.bridge.port}'
        self.assertEqual(metadata.pop('policy_decision_point'), url)
        self.assertEqual(len(metadata), 5)
        for name, place in metadata.items():
            response, _ = self.bridge.request(place[len(url):], '{}')
            self.assertEqual(response.status, 400, name)
            self.assertTrue(place.startswith(url))

    def test_each_path_stands_in_the_document_and_no_other(self):
        routes = re.findall(r'(?m)^    \{"(/[^"]+)", (?:"(\w+)")?', (SOURCE / 'clients' / 'http' / 'routes.c').read_text())
        self.assertGreater(len(routes), 5)
        self.assertEqual({path for path, _ in routes}, set(openapi.DOCUMENT['paths']))
        for path, endpoint in routes:
            operation = openapi.DOCUMENT['paths'][path]['post' if endpoint else 'get']
            self.assertEqual(operation['operationId'], endpoint or 'metadata')

    def test_the_document_would_say_what_is_wrong(self):
        asked, answered = evaluation('999990019'), {'decision': True, 'context': {}}
        with self.assertRaises(AssertionError):
            openapi.judge('POST', '/access/v1/evaluation', 200, asked, answered)
        with self.assertRaises(AssertionError):
            openapi.judge('POST', '/access/v1/evaluation', 200, asked, {'decision': 'true', 'context': {}})
        with self.assertRaises(AssertionError):
            openapi.judge('POST', '/access/v1/evaluation', 418, asked, 'a teapot')
        openapi.judge('POST', '/access/v1/evaluation', 400, {}, 'subject: it is missing')


if __name__ == '__main__':
    unittest.main()
