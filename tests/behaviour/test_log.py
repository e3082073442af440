"""The audit log (A1, A2), and that nothing personal stands anywhere in clear (A3)."""
import json
import pathlib
import unittest

import zmq

import check_pb2
import envelope_pb2 as wire

from client import ask_request, check_request, claim_urgent_reasons, grant_request, refuse_request
from harness import OwnInstanceTest, years_ago

MOTIVATION = 'omdat mevrouw Van der Zwaluwen hulp bij het huishouden vraagt'
REASON = 'vader heeft een contactverbod wegens mishandeling'


class AuditLog(OwnInstanceTest):
    def entries(self, **filters):
        return self.client('operator').audit(**filters)

    def last(self, action, **filters):
        return [entry for entry in self.entries(**filters) if entry.action == action][-1]

    def test_every_request_is_logged_with_its_outcome(self):
        kernteam, bsn = self.client('kernteam'), self.person()
        self.assertEqual((self.last('subject-set').result, self.last('subject-set').party), ('ok', 'kernteam'))
        self.assertRejected(kernteam.grant(bsn, form='ORAL'), 'FORM_INSUFFICIENT')
        self.assertEqual(self.last('grant').result, 'rejected')
        consent = self.granted(bsn)
        self.assertEqual(self.last('grant').result, 'ok')
        for question, result in ((['naw'], 'permit'), (['naw', 'budget'], 'partial'), (['budget'], 'deny')):
            reply = kernteam.disclose(bsn, question)
            entry = self.last('check')
            self.assertEqual((entry.result, entry.number), (result, reply.check.decision))
            self.assertEqual((entry.party, entry.user, entry.origin), ('kernteam', 'medewerker-17', 'requests'))
            self.assertEqual(len(entry.object), 16)
            self.assertTrue(reply.time - 1000 <= entry.time <= reply.time + 1000)
        self.assertOk(kernteam.revoke(consent))
        self.assertEqual(self.last('revoke').result, 'ok')
        self.assertStatus(self.client('cak').grant(bsn), 'FORBIDDEN')
        self.assertEqual((self.last('grant').result, self.last('grant').party), ('forbidden', 'cak'))
        self.assertInvalid(kernteam.check('1'), 'check.bsn')
        self.assertEqual(self.last('unreadable').result, 'invalid')

    def test_advice_is_logged_as_a_question(self):
        bsn = self.person()
        reply = self.client('kernteam').check(bsn)
        self.assertDenied(reply, 'NO_CONSENT')
        entry = self.last('check')
        self.assertEqual((entry.number, entry.result), (reply.check.decision, 'deny'))

    def test_the_log_has_every_reason_where_the_caller_hears_only_its_own(self):
        bsn = self.person()
        self.granted(bsn)
        reply = self.client('zorgaanbieder-delta').check(bsn, recipient='zorgaanbieder-delta')
        self.assertDenied(reply, 'NO_CONSENT')
        self.assertIn('RECIPIENT_NOT_CONSENTED', self.last('check').details)

    def test_sign_ins_are_logged_accepted_and_refused(self):
        self.assertOk(self.client('cak').whoami())
        accepted = [entry for entry in self.entries() if entry.action == 'sign-in' and entry.party == 'cak']
        self.assertEqual([entry.result for entry in accepted], ['accepted'])
        stranger = self.registry.client_with(*zmq.curve_keypair())
        stranger.send_frames(b'')
        self.assertTrue(stranger.was_refused())
        self.assertOk(self.client('cak').whoami())
        refused = self.last('sign-in')
        self.assertEqual((refused.result, refused.party), ('refused', ''))
        self.assertEqual(refused.origin, 'requests')

    def test_changes_of_the_party_table_are_logged(self):
        public, _ = zmq.curve_keypair()
        self.assertOk(self.client('operator').party_add('huisarts-west', 'huisarts', 'partner', public))
        self.assertOk(self.client('operator').party_remove('huisarts-west'))
        for action in ('party-add', 'party-remove'):
            entry = self.last(action)
            self.assertEqual((entry.party, entry.result, entry.origin), ('operator', 'ok', 'operators'))
            self.assertIn('huisarts-west', entry.details)

    def test_start_and_stop_of_the_daemon_are_logged(self):
        before = len(self.entries())
        self.registry.restart()
        self.shared.clear()
        actions = [entry.action for entry in self.entries(after=before) if entry.party == '']
        self.assertIn('stop', actions)
        self.assertIn('start', actions)

    def test_entries_about_a_subject_are_listed_alone(self):
        bsn, other = self.person(), self.person()
        for one in (bsn, other, bsn):
            self.client('kernteam').check(one)
        entries = [entry for entry in self.entries(bsn=bsn) if entry.action == 'check']
        self.assertEqual(len(entries), 2)
        self.assertEqual(len({entry.object for entry in entries}), 1)

    def test_v8_who_was_told_and_has_heard_is_told_where_it_is_asked(self):
        consent = self.granted(self.person())
        self.assertOk(self.client('kernteam').revoke(consent))
        line = self.last('revoke').number
        page = self.client('operator').ask('audit_list', after=line - 1, limit=1, tellings=True).audit_list
        self.assertEqual({(one.party, one.heard) for one in page.entries[0].tellings},
                         {('kernteam', False), ('zorgaanbieder-horizon', False)})
        self.assertFalse(self.last('revoke').tellings)

    def test_details_are_json(self):
        self.client('kernteam').disclose(self.person(), ['naw', 'budget'])
        details = json.loads(self.last('check').details)
        self.assertTrue(details)

    def test_pages_have_no_gap(self):
        for _ in range(60):
            self.client('kernteam').check('999900006')
        numbers = [entry.number for entry in self.entries()]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))
        page = self.client('operator').ask('audit_list', limit=5).audit_list
        self.assertEqual([entry.number for entry in page.entries], [1, 2, 3, 4, 5])
        self.assertTrue(page.more)

    def test_a_reference_that_holds_the_bsn_stands_in_no_line_of_its_refusal(self):
        """Whether the request names the subject by BSN or by an id of ours, and however the digits are grouped."""
        kernteam, bsn = self.client('kernteam'), self.person()
        disclosed = kernteam.disclose(bsn, ['bsn'], recipient='cak', purpose='eigen-bijdrage')
        self.assertPermit(disclosed)
        for form in (bsn, f'{bsn[:3]}.{bsn[3:6]}.{bsn[6:]}', '-'.join(bsn)):
            for field, given in (('letter', {}), ('user', {'user': f'u-{form}'})):
                about = dict(decision=disclosed.check.decision, kind=check_pb2.INFORM_SUBJECT, user='medewerker-3',
                             letter=f'brief-{form}' if field == 'letter' else 'brief-17')
                self.assertInvalid(kernteam.ask('obligation_done', **(about | given)), f'obligation_done.{field}')
                line = self.entries(bsn=bsn)[-1]
                self.assertEqual((line.action, line.result), ('obligation-done', 'invalid'))
                self.assertNotIn(form, line.details)
            question = check_request(bsn)
            question.check.case_ref = f'zaak-{form}'
            self.assertInvalid(kernteam.call(question), 'check.case_ref')
            self.assertNotIn(form, self.entries()[-1].details)


    def test_a_bsn_where_a_code_belongs_is_refused_and_stands_in_no_line(self):
        """A client that takes the wrong column sends somebody's BSN as the purpose."""
        kernteam, operator, bsn, other = self.client('kernteam'), self.client('operator'), self.person(), next(self.bsns)
        urgent = claim_urgent_reasons(check_request(bsn), reason=other)
        asked = [(kernteam, 'check.urgent_reasons.reason', urgent),
                 (kernteam, 'check.purpose', check_request(bsn, purpose=other)),
                 (kernteam, 'check.items[0].category', check_request(bsn, [other])),
                 (kernteam, 'check.items[0].origin', check_request(bsn, origin=other))]
        for make, verb in ((grant_request, 'grant'), (refuse_request, 'refuse'), (ask_request, 'ask')):
            asked += [(kernteam, f'{verb}.scope.{field}[0]', make(bsn, **{field: [other]}))
                      for field in ('providers', 'recipients', 'categories', 'origins')]
            asked.append((kernteam, f'{verb}.scope.purpose', make(bsn, purpose=other)))
        for number in (other, bsn):
            in_language = grant_request(bsn)
            in_language.grant.notice.language = number
            asked.append((kernteam, 'grant.notice.language', in_language))
        for name in ('actions', 'results'):
            listing = wire.Request()
            getattr(listing.audit_list, name).append(other)
            asked.append((operator, f'audit_list.{name}[0]', listing))
        for client, field, request in asked:
            self.assertInvalid(client.call(request), field)
        for entry in self.entries():
            self.assertNotIn(other, entry.details)
            self.assertNotIn(bsn, entry.details)


class NothingPersonalInClear(OwnInstanceTest):
    def test_no_bsn_and_no_free_text_in_any_file_or_line(self):
        kernteam = self.client('kernteam')
        parents = [{'reference': 'ouder-1'},
                   {'reference': 'ouder-2', 'refused_from': '2026-01-01', 'refused_reason': REASON}]
        child = self.person(years_ago(8), representatives=parents)
        adult = self.person(years_ago(40))
        request = grant_request(child, signers=['ouder-1'])
        request.grant.motivation = MOTIVATION
        granted = kernteam.call(request)
        self.assertOk(granted)
        refusal = refuse_request(adult, categories=['email'])
        refusal.refuse.motivation = MOTIVATION
        self.assertOk(kernteam.call(refusal))
        self.assertPermit(kernteam.disclose(child))
        self.assertInvalid(kernteam.check('999900007'), 'check.bsn')
        wrong = check_request(adult)
        wrong.check.user = adult
        self.assertInvalid(kernteam.call(wrong), 'check.user')
        wrong = check_request(adult)
        wrong.check.case_ref = MOTIVATION
        self.assertInvalid(kernteam.call(wrong), 'check.case_ref')
        wrong = check_request(adult, purpose=adult)
        self.assertEqual(kernteam.status_name(kernteam.call(wrong)), 'INVALID')
        self.assertOk(kernteam.revoke(granted.consent_recorded.consent_id, 'ouder-1'))
        kernteam.send_frames(b'garbage ' + adult.encode() + MOTIVATION.encode())
        kernteam.receive()
        log = self.client('operator').audit(raw=True)
        self.registry.stop()

        secrets = [child, adult, '999900007', 'Zwaluwen', 'huishouden', 'contactverbod']
        secrets += [str(years_ago(8)), str(years_ago(8)).replace('-', '')]
        files = [path for path in self.registry.directory.rglob('*') if path.is_file() and 'policies' not in path.parts]
        self.assertGreater(len(files), 5)
        for path in files:
            content = path.read_bytes()
            for secret in secrets:
                for encoded in (secret.encode(), secret.encode('utf-16-le'), secret.encode()[::-1]):
                    self.assertNotIn(encoded, content, f'{secret} stands in {path.name}')
        for bsn in (child, adult):
            for entry in log:
                self.assertNotIn(bsn.encode(), entry.SerializeToString(), entry.action)
        for secret in secrets:
            self.assertNotIn(secret, self.registry.log())
            for entry in log:
                self.assertNotIn(secret.encode(), entry.raw, entry.action)

    def test_the_daemon_leaves_no_core_dump(self):
        limits = pathlib.Path(f'/proc/{self.registry.process.pid}/limits').read_text()
        line = next(line for line in limits.splitlines() if line.startswith('Max core file size'))
        self.assertEqual(line.split()[4:6], ['0', '0'])

    def test_what_is_shown_to_those_who_may_see_it_is_what_was_given(self):
        bsn = self.person()
        request = grant_request(bsn)
        request.grant.motivation = MOTIVATION
        consent = self.client('kernteam').call(request).consent_recorded.consent_id
        self.assertEqual(self.client('kernteam').consent_show(consent).consent_show.consent.motivation, MOTIVATION)


if __name__ == '__main__':
    unittest.main()
