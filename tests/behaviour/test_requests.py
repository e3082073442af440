"""Consents that are asked for: from the party that asks to the social team and back over the bus (G1, V5)."""
import json
import unittest
from datetime import timedelta

import consent_pb2
import events_pb2

from harness import OwnInstanceTest, RegistryTest, today, tool, watch

HORIZON = 'zorgaanbieder-horizon'
GRANTED, REFUSED, DEFERRED = (events_pb2.Answer.Value(f'ANSWER_{name}') for name in ('GRANTED', 'REFUSED', 'DEFERRED'))
STATE = consent_pb2.Consent.State.Name


class Requests(RegistryTest):
    def asked(self, party, bsn, **scope):
        """Asks for a consent and returns the id of the request."""
        reply = self.client(party).ask_for(bsn, **scope)
        self.assertOk(reply)
        return reply.consent_recorded.consent_id

    def state(self, party, consent_id):
        reply = self.client(party).consent_show(consent_id)
        self.assertOk(reply)
        return STATE(reply.consent_show.consent.state)

    def test_a_request_walks_from_the_provider_to_the_social_team_and_back(self):
        bsn, stream = self.person(), self.listen(HORIZON)
        kernteam, horizon = self.client('kernteam'), self.client(HORIZON)
        request = self.asked(HORIZON, bsn, categories=['naw', 'bsn', 'doel'])
        self.assertEqual(self.state(HORIZON, request), 'REQUESTED')
        self.assertDenied(horizon.check(bsn), 'NO_CONSENT')
        waiting = [one for one in kernteam.waiting(bsn)]
        self.assertEqual([(one.consent_id, one.bsn, one.asked_by) for one in waiting], [(request, bsn, HORIZON)])

        self.assertOk(kernteam.defer(request))
        self.assertEqual(stream.next_event().event.answer, DEFERRED)
        self.assertEqual(self.state(HORIZON, request), 'DEFERRED')
        self.assertDenied(horizon.check(bsn), 'NO_CONSENT')

        granted = kernteam.grant(bsn, categories=['naw', 'doel'], answers=request, days=30)
        self.assertOk(granted)
        self.assertEqual(granted.consent_recorded.consent_id, request)
        event = stream.next_event().event
        self.assertEqual((event.kind, event.answer), (events_pb2.CONSENT_ANSWERED, GRANTED))
        self.assertEqual(sorted(event.categories), ['doel', 'naw'])
        self.assertPermit(horizon.check(bsn, ['naw', 'doel']))
        self.assertDenied(horizon.check(bsn, ['bsn']), 'CATEGORY_NOT_CONSENTED')
        self.assertEqual(event.subject_ref, horizon.check(bsn).check.subject_ref)
        self.assertEqual(kernteam.waiting(bsn), [])

        self.assertOk(kernteam.revoke(request))
        self.assertEqual(stream.next_event().event.kind, events_pb2.CONSENT_REVOKED)
        self.assertEqual(self.state(HORIZON, request), 'REVOKED')

    def test_what_was_asked_under_secrecy_is_granted_so_whatever_the_answer_says(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        reply = self.client(HORIZON).ask_for(bsn, under_secrecy=True)
        self.assertRejected(reply, 'MUST_BE_ONE_TIME')
        request = self.asked(HORIZON, bsn, under_secrecy=True, one_time=True)
        self.assertEqual([one.under_secrecy for one in kernteam.waiting(bsn)], [True])
        self.assertOk(kernteam.grant(bsn, answers=request, one_time=True, days=30))
        self.assertTrue(kernteam.consent_show(request).consent_show.consent.under_secrecy)
        self.assertOk(kernteam.grant(bsn, one_time=True))
        states = [STATE(one.state) for one in kernteam.consent_list(bsn).consent_list.consents]
        self.assertEqual(states, ['GRANTED', 'GRANTED'], 'one that is not under secrecy supersedes none that is')

    def test_a_check_under_secrecy_needs_a_one_time_consent(self):
        bsn, kernteam = self.person(), self.client('kernteam')
        self.assertRejected(kernteam.grant(bsn, under_secrecy=True), 'MUST_BE_ONE_TIME')
        self.assertOk(kernteam.grant(bsn))
        self.assertPermit(kernteam.check(bsn))
        self.assertDenied(kernteam.check(bsn, under_secrecy=True), 'FORM_INSUFFICIENT')
        self.assertOk(kernteam.grant(bsn, under_secrecy=True, one_time=True))
        self.assertPermit(kernteam.check(bsn, under_secrecy=True))

    def test_cak_and_svb_ask_too_and_each_hears_its_own_answer(self):
        bsn = self.person()
        streams = {party: self.listen(party) for party in ('cak', 'svb')}
        for party, purpose in (('cak', 'eigen-bijdrage'), ('svb', 'pgb')):
            reply = self.client(party).ask_for(bsn, recipients=[party], purpose=purpose, origins=['jeugdwet'])
            self.assertOk(reply)
            self.assertEqual(self.client(party).codes(reply.refusals), ['CONSENT_NOT_THE_GROUND'])
            request = reply.consent_recorded.consent_id
            self.assertOk(self.client('kernteam').refuse(bsn, recipients=[party], purpose=purpose,
                                                         origins=['jeugdwet'], answers=request))
            event = streams[party].next_event().event
            self.assertEqual((event.consent_id, event.answer, list(event.categories)), (request, REFUSED, []))
            self.assertEqual(self.state(party, request), 'REFUSAL')

    def test_who_may_not_ask_list_or_answer_is_told_so(self):
        bsn = self.person()
        request = self.asked(HORIZON, bsn)
        self.assertStatus(self.client('operator').ask_for(bsn), 'FORBIDDEN')
        self.assertStatus(self.client('cak').ask_for(bsn), 'FORBIDDEN')
        for party in (HORIZON, 'toezicht', 'operator'):
            self.assertStatus(self.client(party).ask('waiting_list'), 'FORBIDDEN')
            self.assertStatus(self.client(party).defer(request), 'FORBIDDEN')
            self.assertStatus(self.client(party).grant(bsn, answers=request), 'FORBIDDEN')
        self.assertStatus(self.client('zorgaanbieder-delta').consent_show(request), 'NOT_FOUND')

    def test_more_than_was_asked_is_not_granted(self):
        bsn = self.person()
        request = self.asked(HORIZON, bsn, days=10)
        kernteam = self.client('kernteam')
        self.assertInvalid(kernteam.grant(bsn, categories=['bsn', 'naw'], answers=request, days=5),
                           'grant.scope.categories[0]')
        self.assertInvalid(kernteam.grant(bsn, answers=request), 'grant.valid_until')
        self.assertInvalid(kernteam.grant(self.person(), answers=request, days=5), 'grant.answers')
        self.assertDenied(kernteam.check(bsn), 'NO_CONSENT')
        self.assertOk(kernteam.grant(bsn, answers=request, days=5))
        self.assertInvalid(kernteam.refuse(bsn, answers=request), 'refuse.answers')

    def test_an_unknown_subject_is_answered_as_a_known_one(self):
        known, unknown = self.person(), self.person(born=None)
        replies = [self.client(HORIZON).ask_for(bsn) for bsn in (known, unknown)]
        for reply in replies:
            self.assertOk(reply)
            reply.ClearField('time')
            reply.ClearField('revision')
            reply.ClearField('idempotency_key')
            reply.consent_recorded.ClearField('consent_id')
            reply.consent_recorded.ClearField('subject_ref')
        self.assertEqual(replies[0], replies[1])

    def test_the_log_holds_neither_bsn_nor_reason(self):
        bsn = self.person()
        request = self.asked(HORIZON, bsn)
        self.client('kernteam').waiting(bsn)
        self.assertOk(self.client('kernteam').defer(request, reason='twijfelt over de huisarts'))
        lines = [entry for entry in self.client('operator').audit() if entry.action in ('ask', 'waiting-list', 'defer')]
        self.assertEqual({entry.action for entry in lines}, {'ask', 'waiting-list', 'defer'})
        for entry in lines:
            self.assertNotIn(bsn, entry.details)
            self.assertNotIn('twijfelt', entry.details)
            self.assertNotIn('af te stemmen', entry.details)
        listed = [json.loads(entry.details) for entry in lines if entry.action == 'waiting-list']
        self.assertTrue(all('reply' not in details for details in listed))


class Consentctl(RegistryTest):
    def ctl(self, party, *arguments, stdin='', expected=0):
        result = tool('ctl/consentctl', *arguments, '--key', self.registry.key_file(party), stdin=stdin)
        self.assertEqual(result.returncode, expected, result.stdout + result.stderr)
        return result.stdout if expected == 0 else result.stderr

    def make(self, bsn, *more):
        motivation = self.registry.write('waarom.txt', 'nodig om de zorg af te stemmen\n')
        said = self.ctl(HORIZON, 'request', 'make', '--provider', 'kernteam', '--recipient', HORIZON, '--category', 'naw',
                        '--category', 'bsn', '--purpose', 'toekenning', '--motivation-file', motivation, '--valid-until',
                        today() + timedelta(30), *more, stdin=bsn)
        return said.split()[1]

    def test_a_request_is_made_listed_shown_deferred_and_answered_as_it_was_asked(self):
        bsn = self.person()
        request = self.make(bsn)
        listed = self.ctl('kernteam', 'request', 'list')
        self.assertRegex(listed, rf'{request} .*{HORIZON} +{bsn} +toekenning +kernteam > {HORIZON} +bsn, naw +waits')
        self.assertRegex(self.ctl(HORIZON, 'request', 'show', request), r'state +REQUESTED')
        shown = self.ctl('kernteam', 'request', 'show', request)
        self.assertIn('nodig om de zorg af te stemmen', shown)
        self.assertIn(f'by {HORIZON}', shown)
        reason = self.registry.write('reden.txt', 'wil eerst overleggen\n')
        self.ctl('kernteam', 'request', 'defer', request, '--reason-file', reason)
        self.assertIn('wil eerst overleggen', self.ctl('kernteam', 'request', 'list', '--subject', stdin=bsn))
        self.ctl('kernteam', 'request', 'defer', request, '--reason-file', '-', stdin='belt volgende week\n')
        self.assertIn('belt volgende week', self.ctl('kernteam', 'request', 'list', '--subject', stdin=bsn))
        for wrong in ([], ['--reason', 'een', '--reason-file', '-']):
            self.assertIn('--reason-file', self.ctl('kernteam', 'request', 'defer', request, *wrong, expected=64))

        form = self.registry.write('formulier.txt', 'getekend')
        said = self.ctl('kernteam', 'consent', 'grant', '--answers', request, '--signer', 'subject', '--form', 'written',
                        '--evidence-reference', 'd-1', '--evidence-file', form, '--notice',
                        'toestemming-sociaal-domein:1:nl', stdin=bsn)
        self.assertIn(request, said)
        consent = self.ctl(HORIZON, 'consent', 'show', request)
        self.assertRegex(consent, r'state +GRANTED')
        self.assertIn('bsn, naw', consent)
        self.assertIn(str(today() + timedelta(30)), consent)
        self.assertIn('No request waits', self.ctl('kernteam', 'request', 'list', '--subject', stdin=bsn))

    def test_an_answer_may_be_less_but_is_about_the_same_subject(self):
        bsn, other = self.person(), self.person()
        request = self.make(bsn, '--one-time')
        refuse = ['consent', 'refuse', '--answers', request, '--signer', 'subject', '--motivation-file',
                  self.registry.write('waarom.txt', 'wil dit niet')]
        self.assertIn('no such request', self.ctl('kernteam', *refuse, stdin=other, expected=66))
        self.assertIn('refuse.scope.categories[0]',
                      self.ctl('kernteam', *refuse, '--category', 'doel', stdin=bsn, expected=65))
        self.ctl('kernteam', *refuse, '--category', 'naw', stdin=bsn)
        shown = self.ctl(HORIZON, 'request', 'show', request)
        self.assertRegex(shown, r'state +REFUSAL')
        self.assertRegex(shown, r'categories +naw\n')

    def test_the_list_is_one_json_document_over_all_pages(self):
        bsn = self.person()
        requests = {self.make(self.person()) for _ in range(35)} | {self.make(bsn)}
        document = json.loads(self.ctl('kernteam', 'request', 'list', '--json'))
        found = {one['consent_id'] for one in document['waiting_list']['requests']}
        self.assertLessEqual(requests, found)
        of_one = json.loads(self.ctl('kernteam', 'request', 'list', '--subject', '--json', stdin=bsn))
        self.assertEqual([one['bsn'] for one in of_one['waiting_list']['requests']], [bsn])

    def test_a_motivation_is_a_text_or_a_file(self):
        scope = ['request', 'make', '--provider', 'kernteam', '--recipient', HORIZON, '--category', 'naw', '--purpose',
                 'toekenning', '--valid-until', today() + timedelta(30)]
        long = self.registry.write('lang.txt', 'x' * 1001)
        bsn = self.person()
        self.ctl(HORIZON, *scope, '--motivation-file', long, stdin=bsn, expected=65)
        self.ctl(HORIZON, *scope, '--motivation-file', long, '--motivation', 'x', stdin=bsn, expected=64)
        self.ctl(HORIZON, *scope, '--motivation-file', '/bestaat/niet', stdin=bsn, expected=66)
        self.assertIn('ask.motivation', self.ctl(HORIZON, *scope, stdin=bsn, expected=65))


class OverARestart(OwnInstanceTest):
    def test_what_waits_and_what_was_told_outlives_a_kill(self):
        bsn, refused = self.person(), self.person()
        requests = []
        for one in (bsn, refused):
            reply = self.client(HORIZON).ask_for(one)
            self.assertOk(reply)
            requests.append(reply.consent_recorded.consent_id)
        self.assertOk(self.client('kernteam').defer(requests[0]))
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        kernteam = self.client('kernteam')
        waiting = {one.consent_id: bool(one.deferred_at) for one in kernteam.waiting()}
        self.assertEqual(waiting, {requests[0]: True, requests[1]: False})
        self.assertOk(kernteam.grant(bsn, answers=requests[0], days=30))
        self.assertOk(kernteam.refuse(refused, answers=requests[1]))
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        stream = self.registry.client(HORIZON, 'events')
        self.assertOk(stream.subscribe())
        events = [stream.next_event().event for _ in range(3)]
        self.assertEqual([(event.number, event.consent_id, event.answer) for event in events],
                         [(1, requests[0], DEFERRED), (2, requests[0], GRANTED), (4, requests[1], REFUSED)])
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertDenied(self.client('kernteam').check(refused), 'REFUSED')
        self.assertEqual(self.client('kernteam').waiting(), [])

    def test_consent_watch_tells_the_answer(self):
        bsn = self.person()
        reply = self.client(HORIZON).ask_for(bsn)
        self.assertOk(self.client('kernteam').grant(bsn, answers=reply.consent_recorded.consent_id, days=30))
        heard = watch('--once', '--key', self.registry.key_file(HORIZON))
        self.assertEqual(heard.returncode, 0, heard.stderr)
        event = json.loads(heard.stdout)
        self.assertEqual(event['type'], 'nl.toestemmingen.verzoek-beantwoord')
        self.assertEqual(event['answer'], 'GRANTED')
        self.assertEqual(event['consent_id'], reply.consent_recorded.consent_id.hex())
        self.assertEqual(event['categories'], ['naw'])


if __name__ == '__main__':
    unittest.main()
