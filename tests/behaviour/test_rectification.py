"""What the registry holds is corrected on a request of the subject (R4, KB 14, AVG 19), over real sockets: who received
it hears so, reports the same done, and the overview says who did."""
import json
import random
import re
import threading
import unittest

import check_pb2
import consent_pb2
import envelope_pb2 as wire
import events_pb2
import zmq

from client import USER, grant_request, refuse_request, subject_request
from harness import OwnInstanceTest, now, tool, watch
from partner import NoAnswer
from test_rights import RightsTest

HORIZON, DELTA = 'zorgaanbieder-horizon', 'zorgaanbieder-delta'
RECTIFY = check_pb2.RECTIFY_DATA
KILLS = 6


def correcting(bsn, wrong, number, **scope):
    """Only the scope is said: what was signed is left out."""
    request = grant_request(bsn, **scope)
    grant = request.grant
    for name in ('form', 'evidence', 'notice', 'signatures', 'valid_until', 'motivation'):
        grant.ClearField(name)
    grant.corrects, grant.request, grant.correction_reason = wrong, number, 'verkeerd overgenomen van het formulier'
    return request


class RectificationTest(RightsTest):
    def disclosed(self, bsn, recipients=(HORIZON, DELTA), categories=('naw', 'geboortedatum')):
        """Both received the birth date."""
        for recipient in recipients:
            self.granted(bsn, recipients=[recipient], categories=categories)
            self.assertPermit(self.client('kernteam').disclose(bsn, categories, recipient=recipient))

    def correct(self, bsn, born, number=0, party='kernteam', **more):
        return self.client(party).subject_change(bsn, born, request=number, **more)

    def duties(self, party, bsn):
        reply = self.client(party).ask('obligation_list', bsn=bsn)
        self.assertOk(reply)
        return [(duty.holder, duty.kind, list(duty.categories), duty.done_at != 0)
                for duty in reply.obligation_list.duties]

    def done(self, party, decision, **more):
        return self.client(party).ask('obligation_done', decision=decision, kind=RECTIFY, user=USER, **more)


class Rectifications(RectificationTest):
    def test_r4_two_recipients_hear_of_it_and_one_reports_it_done(self):
        bsn = self.person()
        self.disclosed(bsn)
        number = self.opened(bsn, 'RECTIFICATION')
        streams = {party: self.listen(party) for party in (HORIZON, DELTA)}
        cak = self.listen('cak')
        reply = self.correct(bsn, '1981-05-17', number)
        self.assertOk(reply)
        self.assertEqual(list(reply.subject_show.informed), [DELTA, HORIZON])
        for party, stream in streams.items():
            event = stream.next_event().event
            self.assertEqual((event.kind, event.obligation, list(event.categories), event.whole, event.consent_id),
                             (events_pb2.DATA_RECTIFIED, RECTIFY, ['geboortedatum'], False, b''))
            self.assertEqual(event.subject_ref,
                             self.client(party).check(bsn, recipient=party).check.subject_ref)
            self.assertEqual(event.request, 0)
            self.assertEqual(self.duties(party, bsn), [(party, RECTIFY, ['geboortedatum'], False)])
        with self.assertRaises(NoAnswer):
            cak.next_event(0.5)
        self.assertOk(self.done(HORIZON, event.decision))
        self.assertStatus(self.done('cak', event.decision), 'NOT_FOUND')
        self.assertInvalid(self.done('kernteam', event.decision), 'obligation_done.holder')
        self.assertEqual(self.duties('kernteam', bsn), [(DELTA, RECTIFY, ['geboortedatum'], False),
                                                        (HORIZON, RECTIFY, ['geboortedatum'], True)])
        self.assertEqual([(one.number, one.action) for one in self.show(number).followed],
                         [(event.decision, 'subject-set')])

    def test_r4_the_overview_says_who_was_told_and_who_reported_it_done(self):
        bsn = self.person()
        self.disclosed(bsn)
        self.assertOk(self.correct(bsn, '1981-05-17', self.opened(bsn, 'RECTIFICATION')))
        decision = self.client('operator').audit(bsn=bsn)[-1].number
        self.assertOk(self.done(HORIZON, decision))
        letter = ' '.join(tool('ctl/consentctl', 'overview', '--key', self.registry.key_file('kernteam'),
                               '--format', 'text', stdin=bsn).stdout.split())
        self.assertIn('Dan krijgt wie het eerder kreeg daar bericht van.', letter)
        self.assertRegex(letter, r'\(zorgaanbieder-delta\): de verbetering overnemen.{0,40}verbeterd op .{5,40}: '
                                 r'Geboortedatum.{0,20}moet uiterlijk')
        self.assertRegex(letter, r'\(zorgaanbieder-horizon\): de verbetering overnemen.{0,40}verbeterd op .{5,40}: '
                                 r'Geboortedatum.{0,20}gedaan op')

    def test_r4_the_programs_say_it(self):
        bsn = self.person()
        self.disclosed(bsn, [HORIZON])
        number = self.opened(bsn, 'RECTIFICATION')
        newest = {one.party: one.newest for one in self.client('operator').ask('events_lag').events_lag.parties}
        born = self.registry.write('born', '1981-05-17\n')
        told = self.ctl('subject', 'set', '--birth-date-file', str(born), '--request', str(number), '--yes', stdin=bsn)
        self.assertRegex(told, rf'told +- +{HORIZON}')
        self.assertRegex(told, rf'told to correct it +{HORIZON}')
        event = json.loads(watch('--key', self.registry.key_file(HORIZON), '--from', newest[HORIZON] + 1, '--once').stdout)
        self.assertEqual((event['type'], event['obligation'], event['categories'], event['request']),
                         ('nl.toestemmingen.gegevens-verbeterd', 'RECTIFY_DATA', ['geboortedatum'], 0))
        decision = str(event['decision'])
        self.assertIn('correct what was received', self.ctl('due', party=HORIZON))
        self.assertIn('Reported: correct what was received',
                      self.ctl('obligation', 'done', decision, 'rectify-data', party=HORIZON))
        self.assertNotIn(f'decision {decision} ', self.ctl('due', party=HORIZON))
        self.ctl('obligation', 'defer', decision, 'rectify-data', '--until', '2036-01-01', '--reason-file',
                 str(born), party=HORIZON, expected=65)

    def test_r2_who_may_not_know_of_requests_does_not_learn_which_exist(self):
        bsn = self.person()
        number = self.opened(bsn, 'RECTIFICATION')
        for asked in (number, number + 1000):
            self.assertStatus(self.correct(bsn, '1981-05-17', asked, party='balie'), 'FORBIDDEN')
        self.assertOk(self.correct(bsn, '1981-05-17', party='balie'))
        for kind in ('ACCESS', 'ERASURE', 'RESTRICTION'):
            self.assertInvalid(self.correct(bsn, '1982-05-17', self.opened(bsn, kind)), 'subject_set.request')
        self.assertInvalid(self.correct(bsn, '1982-05-17', self.opened(self.person(), 'RECTIFICATION')),
                           'subject_set.request')
        self.assertOk(self.decide(number, 'REFUSED'))
        self.assertInvalid(self.correct(bsn, '1982-05-17', number), 'subject_set.request')

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        conf = cls.registry.directory / 'consentd.conf'
        conf.write_text(conf.read_text().replace('roles\n', 'roles\n    balie = "subject"\n', 1))
        cls.registry.reload()
        cls.registry.keys['balie'] = zmq.curve_keypair()
        cls.registry.change_party('balie', 'gemeente', 'balie')


class Corrections(RectificationTest):
    """A consent of which the scope was recorded wrongly (KB 14)."""

    def shown(self, consent, party='kernteam'):
        reply = self.client(party).ask('consent_show', consent_id=consent)
        self.assertOk(reply)
        return reply.consent_show.consent

    def test_kb14_the_scope_is_as_it_was_signed_and_both_parties_hear(self):
        bsn = self.person()
        wrong = self.granted(bsn, recipients=[HORIZON], categories=['naw', 'telefoon'])
        self.assertPermit(self.client('kernteam').disclose(bsn, ['naw', 'telefoon']))
        number = self.opened(bsn, 'RECTIFICATION')
        horizon, delta = self.listen(HORIZON), self.listen(DELTA)
        reply = self.client('kernteam').call(correcting(bsn, wrong, number, recipients=[HORIZON, DELTA]))
        self.assertOk(reply)
        right = reply.consent_recorded.consent_id
        self.assertEqual(list(reply.consent_recorded.superseded), [wrong])
        heard = [horizon.next_event(every=True).event for _ in range(3)]
        self.assertEqual([(event.kind, event.consent_id) for event in heard],
                         [(events_pb2.CONSENT_CORRECTED, wrong), (events_pb2.DATA_RECTIFIED, b''),
                          (events_pb2.CONSENT_GRANTED, right)])
        self.assertEqual(list(heard[1].categories), ['telefoon'])
        event = delta.next_event(every=True).event
        self.assertEqual((event.kind, event.consent_id), (events_pb2.CONSENT_GRANTED, right))
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertDenied(self.client('kernteam').check(bsn, ['telefoon']), 'CATEGORY_NOT_CONSENTED')
        self.assertOk(self.done(HORIZON, heard[1].decision))
        self.assertEqual([(one.number, one.action) for one in self.show(number).followed], [(heard[1].decision, 'grant')])
        old, new = self.shown(wrong), self.shown(right)
        self.assertEqual((old.corrected_by, new.corrects), (right, wrong))
        self.assertEqual((new.evidence, list(new.signatures)), (old.evidence, list(old.signatures)))
        self.assertEqual((self.shown(right, HORIZON).corrects, self.shown(right, HORIZON).correction_reason), (b'', ''))

    def test_kb14_what_a_person_types_and_what_the_overview_says(self):
        bsn = self.person()
        wrong = self.granted(bsn, categories=['naw', 'bsn'])
        number = self.opened(bsn, 'RECTIFICATION')
        why = self.registry.write('why', 'verkeerd overgenomen')
        told = self.ctl('consent', 'grant', '--corrects', wrong.hex(), '--request', str(number), '--reason-file', str(why),
                        '--category', 'naw', '--category', 'telefoon', stdin=bsn)
        right = re.search(r'Consent ([0-9a-f]{32}) is recorded', told)[1]
        self.assertRegex(self.ctl('consent', 'show', right), rf'corrects +{wrong.hex()}\nwhat was wrong +verkeerd overgenomen')
        self.assertRegex(self.ctl('consent', 'show', wrong.hex()), rf'recorded wrongly +corrected .* by {right}')
        letter = ' '.join(tool('ctl/consentctl', 'overview', '--key', self.registry.key_file('kernteam'),
                               '--format', 'text', stdin=bsn).stdout.split())
        self.assertRegex(letter, r'Dit was verkeerd opgeschreven. Op .{5,20} is dat verbeterd. Dit geldt niet.')
        self.assertIn('van wat eerst verkeerd was opgeschreven', letter)
        self.assertNotIn('verkeerd overgenomen', letter)
        self.ctl('consent', 'grant', '--corrects', right, '--request', str(number), '--reason-file', str(why),
                 '--category', 'budget', '--signer', 'subject', stdin=bsn, expected=65)

    def test_kb14_a_decision_is_explained_as_it_was_before_and_after(self):
        bsn = self.person()
        wrong, number = self.granted(bsn, categories=['naw', 'telefoon']), self.opened(bsn, 'RECTIFICATION')
        before = self.client('kernteam').disclose(bsn, ['telefoon']).check
        self.assertOk(self.client('kernteam').call(refuse_request(bsn, categories=['email'])))
        self.assertOk(self.client('kernteam').call(correcting(bsn, wrong, number, categories=['naw', 'email'])))
        after = self.client('kernteam').disclose(bsn, ['telefoon', 'email']).check
        for decision, outcomes in ((before, ['PERMIT']), (after, ['DENY', 'DENY'])):
            told = json.loads(self.ctl('explain', str(decision.decision), '--policy', str(self.registry.directory / 'policies'
                                       / 'kaag-en-braassem-2015'), '--json'))
            self.assertEqual([item['came_to'].split()[0] for item in told['items']], outcomes)
            self.assertTrue(all(item['steps'] for item in told['items']))
        self.assertEqual(told['items'][1]['came_to'], 'DENY REFUSED')
        self.assertIn('SHUT_OUT', [step['outcome'] for step in told['items'][1]['steps']])

    def test_kb14_nothing_that_was_signed_changes_silently(self):
        bsn = self.person()
        wrong, number = self.granted(bsn), self.opened(bsn, 'RECTIFICATION')
        for field, change in (('corrects', lambda grant: setattr(grant, 'corrects', b'no such consent!')),
                              ('request', lambda grant: setattr(grant, 'request', 0)),
                              ('request', lambda grant: setattr(grant, 'request', number + 1000)),
                              ('correction_reason', lambda grant: setattr(grant, 'correction_reason', '')),
                              ('form', lambda grant: setattr(grant, 'form', consent_pb2.ORAL)),
                              ('signatures[0]', lambda grant: grant.signatures.add(signer='subject', given_at=1)),
                              ('valid_until', lambda grant: setattr(grant, 'valid_until', now() + 90 * 86_400_000)),
                              ('scope', lambda grant: grant.scope.categories.__delitem__(slice(1, None)))):
            with self.subTest(field):
                request = correcting(bsn, wrong, number, categories=['naw', 'telefoon'])
                change(request.grant)
                self.assertInvalid(self.client('kernteam').call(request), f'grant.{field}')
        self.assertEqual(self.shown(wrong).corrected_by, b'')
        self.assertDenied(self.client('kernteam').check(bsn, ['telefoon']), 'CATEGORY_NOT_CONSENTED')


class Kept(OwnInstanceTest, RectificationTest):
    def test_r4_killed_at_any_moment_a_correction_and_what_is_told_of_it_are_both_there_or_neither(self):
        bsn = self.person()
        self.disclosed(bsn)
        number = self.opened(bsn, 'RECTIFICATION')
        years = iter(range(1940, 2000))
        for _ in range(KILLS):
            before = self.client('kernteam').subject_show(bsn).subject_show
            told = len(self.duties('kernteam', bsn))
            request = subject_request(bsn, f'{next(years)}-05-17', expected=before.version, request=number)
            killer = threading.Timer(random.uniform(0, 0.02), self.registry.kill)
            killer.start()
            try:
                acknowledged = self.client('kernteam').call(request, timeout=3).status == wire.OK
            except NoAnswer:
                acknowledged = False
            killer.join()
            self.shared.clear()
            self.registry.start()
            after = self.client('kernteam').subject_show(bsn).subject_show
            happened = after.birth_date != before.birth_date
            self.assertTrue(happened or not acknowledged)
            self.assertEqual(len(self.duties('kernteam', bsn)), told + 2 * happened)
            self.assertEqual(len(self.show(number).followed), (told + 2 * happened) // 2)

    def test_kb14_killed_at_any_moment_both_consents_are_as_they_must_be_or_nothing_is_done(self):
        bsn = self.person()
        wrong, number = self.granted(bsn, recipients=[HORIZON], categories=['naw', 'telefoon']), self.opened(
            bsn, 'RECTIFICATION')
        for _ in range(KILLS):
            before = len(self.show(number).followed)
            other = ['naw', 'email'] if before % 2 else ['naw', 'bsn']
            request = correcting(bsn, wrong, number, recipients=[HORIZON], categories=other)
            killer = threading.Timer(random.uniform(0, 0.02), self.registry.kill)
            killer.start()
            try:
                acknowledged = self.client('kernteam').call(request, timeout=3).status == wire.OK
            except NoAnswer:
                acknowledged = False
            killer.join()
            self.shared.clear()
            self.registry.start()
            happened = len(self.show(number).followed) > before
            self.assertTrue(happened or not acknowledged)
            consents = self.client('kernteam').consent_list(bsn, limit=32).consent_list.consents
            granted, = [one for one in consents if one.state == consent_pb2.Consent.GRANTED]
            self.assertEqual(granted.consent_id == wrong, not happened)
            self.assertEqual(granted.corrects, wrong if happened else granted.corrects)
            wrong = granted.consent_id

    def test_g11_the_same_correction_again_gets_the_same_answer_and_tells_nobody_twice(self):
        bsn = self.person()
        self.disclosed(bsn)
        number, team = self.opened(bsn, 'RECTIFICATION'), self.client('kernteam')
        version = team.subject_show(bsn).subject_show.version
        request = subject_request(bsn, '1981-05-17', expected=version, request=number)
        request.idempotency_key = b'correct-me-once!'
        first = team.call(request)
        self.assertOk(first)
        self.registry.kill()
        self.shared.clear()
        self.registry.start()
        again = self.client('kernteam').call(request)
        self.assertTrue(again.replayed)
        self.assertEqual(again.subject_show, first.subject_show)
        self.assertEqual(len(self.duties('kernteam', bsn)), 2)


if __name__ == '__main__':
    unittest.main()
