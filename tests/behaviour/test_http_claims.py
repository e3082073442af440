"""consent-http: grounds without consent that a question claims, context.beroep_op and geen_leidinggevende."""
import datetime
import hashlib
import unittest

from bridge import BridgeTest, evaluation
from client import TRIAGE as WIRE
from harness import today

TRIAGE = {**WIRE, 'inform': 'before'}
SCHOOL = {'recipient': 'school-brug', 'purpose': 'extern-overleg'}
SUM = hashlib.sha256(b'het ondertekende verzoek').hexdigest()


def urgent(reason='vitaal-belang', **triage):
    return {'soort': 'dringende-redenen', 'reden': reason, 'triage': triage or TRIAGE}


def written(**more):
    asked = {'soort': 'schriftelijk-verzoek', 'door': ['subject'], 'gegeven_op': f'{today() - datetime.timedelta(1)}',
             'vindplaats': 'dossier-2026-14', 'sha256': SUM}
    return {name: value for name, value in {**asked, **more}.items() if value is not None}


class ClaimsTest(BridgeTest):
    KEY = 'claimed-8e03978e-40d5'

    def setUp(self):
        self.bsn = self.person()

    def ask(self, claim, api='evaluation', key=None, **more):
        asked = evaluation(self.bsn, beroep_op=claim, **{**SCHOOL, **more})
        headers = {'Idempotency_Key': f'{self.KEY}-{key}'} if key else {}
        if api == 'evaluations':
            asked = {'evaluations': [asked]}
        return self.bridge.ask('kernteam', api, asked, **headers)

    def item(self, claim, **more):
        status, document = self.ask(claim, **more)
        self.assertEqual(status, 200, document)
        item, = document['context']['gegevens']
        self.assertIs(item['decision'], document['decision'])
        return item

    def assertDenied(self, claim, code, missing=None, **more):
        item = self.item(claim, **more)
        self.assertIs(item['decision'], False)
        reason = {reason['code']: reason for reason in item['redenen']}[code]
        self.assertEqual(reason.get('ontbreekt'), missing)

    def assertRefused(self, claim, names, **more):
        status, message = self.ask(claim, **more)
        self.assertEqual((status, type(message)), (400, str), message)
        self.assertIn(names, message)
        for text in (self.bsn, 'verzonnen', 'niemand helpen'):
            self.assertNotIn(text, message)


class UrgentReasons(ClaimsTest):
    def test_they_are_the_ground_and_recorded_as_that(self):
        self.assertEqual(self.item(urgent())['grondslag'], 'URGENT_REASONS')
        item = self.item(urgent(), wijze='DISCLOSE', key=self.bsn)
        self.assertEqual((item['decision'], item['dringende_reden']), (True, 'vitaal-belang'))
        self.assertDenied(urgent('verzonnen'), 'GROUND_NOT_ALLOWED')
        self.assertIs(self.item(urgent(), purpose='toekenning', recipient='school-brug')['decision'], False)

    def test_what_is_missing_of_the_triage_decision_is_named(self):
        for name in TRIAGE:
            triage = {field: value for field, value in TRIAGE.items() if field != name}
            self.assertDenied(urgent(**triage), 'TRIAGE_INCOMPLETE', [name])
        self.assertDenied({'soort': 'dringende-redenen', 'reden': 'vitaal-belang'}, 'TRIAGE_INCOMPLETE', list(TRIAGE))
        after = {**TRIAGE, 'inform': 'after', 'inform_why': 'nu vertellen is gevaarlijk'}
        self.assertDenied(urgent(**after), 'TRIAGE_INCOMPLETE', ['inform_by'])
        after['inform_by'] = f'{today() + datetime.timedelta(3)}'
        self.assertIs(self.item(urgent(**after))['decision'], True)

    def test_what_is_wrong_is_named(self):
        place = 'context.beroep_op.triage'
        for more, names in (({'necessity': 3}, f'{place}.necessity'), ({'serious_situation': 'true'}, f'{place}.serious'),
                            ({'inform': 'BEFORE'}, f'{place}.inform: '), ({'inform_by': '2026-02-30'}, f'{place}.inform_by'),
                            ({'Necessity': 'verzonnen'}, f'{place}: '), ({'verzonnen': 'x'}, f'{place}: '),
                            ({'necessity': 'verzonnen' * 200}, f'{place}.necessity'),
                            ({'manager_consulted': self.bsn}, f'{place}.manager_consulted')):
            with self.subTest(more):
                self.assertRefused(urgent(**{**TRIAGE, **more}), names)
        self.assertRefused({**urgent(), 'triage': []}, place)
        self.assertRefused({**urgent(), 'reden': ''}, 'context.beroep_op.reden')
        self.assertRefused({**urgent(), 'door': ['subject']}, 'context.beroep_op: ')
        for claim in ('dringende-redenen', [], None, {}, {'soort': 'verzonnen'}, {'soort': 1}):
            self.assertRefused(claim, 'context.beroep_op')


class WrittenRequests(ClaimsTest):
    def test_one_is_the_ground_where_those_asked_who_must_consent(self):
        self.assertEqual(self.item(written())['grondslag'], 'WRITTEN_REQUEST')
        self.assertIs(self.item(written(), wijze='DISCLOSE', key=self.bsn)['decision'], True)
        self.assertDenied(written(door=['moeder-1']), 'GROUND_NOT_ALLOWED')

    def test_what_is_wrong_is_named(self):
        place = 'context.beroep_op'
        for more, names in (({'door': None}, 'door'), ({'door': []}, 'door'), ({'door': ['subject'] * 9}, 'door'),
                            ({'door': 'subject'}, 'door'), ({'door': [3]}, 'door'), ({'door': [self.bsn]}, 'door'),
                            ({'gegeven_op': None}, 'gegeven_op'), ({'gegeven_op': 'gisteren'}, 'gegeven_op'),
                            ({'gegeven_op': f'{today() + datetime.timedelta(2)}'}, 'gegeven_op'),
                            ({'vindplaats': None}, 'vindplaats'), ({'vindplaats': self.bsn}, 'vindplaats'),
                            ({'sha256': None}, 'sha256'), ({'sha256': SUM[1:]}, 'sha256'), ({'sha256': SUM.upper()}, 'sha256'),
                            ({'sha256': SUM[1:] + 'g'}, 'sha256')):
            with self.subTest(more):
                self.assertRefused(written(**more), f'{place}.{names}')
        self.assertRefused(written(reden='vitaal-belang'), f'{place}: ')


class Several(ClaimsTest):
    def test_one_of_several_has_its_claim_and_its_own_fault(self):
        _, document = self.ask(urgent(), 'evaluations')
        self.assertIs(document['evaluations'][0]['decision'], True)
        _, document = self.ask(written(sha256='x'), 'evaluations')
        self.assertIn('evaluations[0].context.beroep_op.sha256', document['evaluations'][0]['context']['error']['message'])
        _, document = self.ask(urgent(**{**TRIAGE, 'manager_consulted': self.bsn}), 'evaluations')
        self.assertIn('evaluations[0].context.beroep_op.triage.manager_consulted',
                      document['evaluations'][0]['context']['error']['message'])


class NoManager(ClaimsTest):
    ESCALATION = {'recipient': 'veiligheidshuis', 'purpose': 'escalatie', 'wijze': 'DISCLOSE'}

    def disclose(self, **more):
        asked = evaluation(self.bsn, **self.ESCALATION, **more)
        key = hashlib.sha256(repr((self.bsn, more)).encode()).hexdigest()
        return self.bridge.ask('kernteam', 'evaluation', asked, Idempotency_Key=key)

    def test_why_nobody_could_be_consulted_can_be_said(self):
        self.granted(self.bsn, recipients=['veiligheidshuis'], purpose='escalatie')
        reasons = self.disclose()[1]['context']['gegevens'][0]['redenen']
        self.assertEqual((reasons[0]['code'], reasons[0]['ontbreekt']), ('TRIAGE_INCOMPLETE', ['manager_consulted']))
        self.assertIs(self.disclose(geen_leidinggevende='nacht, niemand bereikbaar')[1]['decision'], True)
        status, message = self.disclose(geen_leidinggevende='nacht', leidinggevende='chef-3')
        self.assertEqual(status, 400)
        self.assertIn('context.geen_leidinggevende', message)


if __name__ == '__main__':
    unittest.main()
