"""Batches: many checks in one message, each answered as if it had come alone."""
import json
import unittest

import envelope_pb2 as wire

from client import Client, check_request
from harness import OwnInstanceTest, RegistryTest, tool
from old_store import OldStore

MOST = 256


def batch_request(*checks):
    request = wire.Request()
    request.batch.SetInParent()
    for check in checks:
        request.batch.checks.append(check.check)
    return request


def said(answers):
    """The verdict of each answer, or its status with the field."""
    return [Client.verdict_name(answer.check.verdict) if answer.status == wire.OK
            else ' '.join([wire.Status.Name(answer.status), answer.field]).strip() for answer in answers]


class BatchTest(RegistryTest):
    def batch(self, *checks, party='kernteam'):
        reply = self.client(party).call(batch_request(*checks))
        self.assertOk(reply)
        self.assertEqual(len(reply.batch.answers), len(checks))
        return list(reply.batch.answers)


class Batches(BatchTest):
    def test_256_checks_on_256_subjects_are_each_decided_and_logged(self):
        bsns = [self.person() for _ in range(MOST)]
        for bsn in bsns[::2]:
            self.granted(bsn)
        before = self.client('operator').audit()[-1].number
        answers = self.batch(*(check_request(bsn, ['naw', 'bsn'], mode='DISCLOSE') for bsn in bsns))
        self.assertEqual(said(answers), ['PARTIAL', 'DENY'] * (MOST // 2))
        self.assertEqual(len({answer.check.subject_ref for answer in answers}), MOST)
        lines = [entry for entry in self.client('operator').audit(after=before) if entry.action == 'check']
        self.assertEqual([entry.number for entry in lines], [answer.check.decision for answer in answers])
        self.assertEqual([entry.result for entry in lines], ['partial', 'deny'] * (MOST // 2))

    def test_the_largest_batch_is_answered_in_one_message(self):
        bsn = self.person()
        categories = ['naw', 'telefoon', 'email', 'bsn', 'geslacht', 'doel', 'omvang', 'budget']
        for category in categories[:4]:
            self.granted(bsn, categories=[category])
        answers = self.batch(*[check_request(bsn, categories) for _ in range(MOST)])
        self.assertEqual(said(answers), ['PARTIAL'] * MOST)
        self.assertGreater(sum(answer.ByteSize() for answer in answers), 65_536)

    def test_more_than_256_checks_are_refused_whole(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        for count in (MOST + 1, 300):
            checks = [check_request(bsn, mode='DISCLOSE') for _ in range(count)]
            self.assertInvalid(self.client('kernteam').call(batch_request(*checks)), 'batch.checks')
        self.assertInvalid(self.client('kernteam').call(batch_request()), 'batch.checks')
        self.assertPermit(self.client('kernteam').disclose(bsn))

    def test_a_fault_in_one_check_does_no_harm_to_the_others(self):
        bsn = self.person()
        self.granted(bsn)
        good = check_request(bsn, mode='DISCLOSE')
        unknown, unsaid, nobody = check_request(bsn, ['onzin']), check_request(bsn), check_request('123456789')
        unsaid.check.mode = 0
        answers = self.batch(good, unknown, good, unsaid, nobody, good)
        self.assertEqual(said(answers), ['PERMIT', 'INVALID batch.checks[1].items[0].category', 'PERMIT',
                                         'INVALID batch.checks[3].mode', 'INVALID batch.checks[4].bsn', 'PERMIT'])
        for answer in answers:
            self.assertNotIn('123456789', answer.message)

    def test_c11_of_a_one_time_consent_asked_twice_in_one_batch_exactly_one_is_permitted(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        check = check_request(bsn, mode='DISCLOSE')
        self.assertEqual(said(self.batch(check, check)), ['PERMIT', 'DENY'])

    def test_c1_who_is_not_concerned_in_one_check_is_forbidden_that_one(self):
        bsn = self.person()
        self.granted(bsn)
        answers = self.batch(check_request(bsn), check_request(bsn, recipient='zorgaanbieder-delta'),
                             party='zorgaanbieder-horizon')
        self.assertEqual(said(answers), ['PERMIT', 'FORBIDDEN'])

    def test_g11_a_batch_sent_again_uses_nothing_twice(self):
        bsns = [self.person() for _ in range(3)]
        for bsn in bsns:
            self.granted(bsn, one_time=True)
        request = batch_request(*(check_request(bsn, mode='DISCLOSE') for bsn in bsns))
        first = self.client('kernteam').call(request)
        again = self.client('kernteam').call(request)
        self.assertEqual(said(again.batch.answers), ['PERMIT'] * 3)
        for one, other in zip(first.batch.answers, again.batch.answers):
            self.assertFalse(one.replayed)
            self.assertTrue(other.replayed)
            self.assertEqual((one.check.decision, one.time), (other.check.decision, other.time))

    def test_a_batch_is_answered_on_the_operators_endpoint_to_who_may_check_only(self):
        reply = self.client('operator').call(batch_request(check_request(self.person())))
        self.assertStatus(reply, 'FORBIDDEN')

    def test_many_batches_at_once_are_all_answered(self):
        bsn = self.person()
        self.granted(bsn)
        client = self.registry.client('kernteam')
        keys = {client.send(batch_request(*[check_request(bsn)] * MOST)) for _ in range(8)}
        for _ in range(8):
            reply = client.receive(30)
            keys.remove(reply.idempotency_key)
            self.assertEqual(said(reply.batch.answers), ['PERMIT'] * MOST)


class BatchCommand(RegistryTest):
    """consentctl check --batch FILE."""

    def check(self, text, *arguments):
        path = self.registry.write('checks.json', text, 0o600)
        return tool('ctl/consentctl', 'check', '--batch', path, *arguments, '--key', self.registry.key_file('kernteam'))

    @staticmethod
    def line(bsn, *items, **more):
        return {'bsn': bsn, 'provider': 'kernteam', 'recipient': 'zorgaanbieder-horizon', 'purpose': 'toekenning',
                'items': list(items), **more}

    def test_checks_come_as_a_list_or_as_lines_and_the_exit_code_is_that_of_all(self):
        bsn, other = self.person(), self.person()
        self.granted(bsn)
        good, partly = self.line(bsn, 'naw:wmo'), self.line(bsn, {'category': 'naw', 'origin': 'wmo'}, 'bsn:wmo')
        denied = self.line(other, 'naw:wmo')
        for checks, code in (([good, good], 0), ([good, partly], 2), ([good, denied], 2), ([denied, denied], 1)):
            for text in (json.dumps(checks), '\n'.join(json.dumps(one) for one in checks) + '\n\n'):
                result = self.check(text)
                self.assertEqual(result.returncode, code, result.stderr)
                self.assertNotIn(bsn, result.stdout + result.stderr)
        self.assertIn('bsn CATEGORY_NOT_CONSENTED C7', self.check(json.dumps([partly])).stdout)

    def test_what_the_file_leaves_out_the_options_say(self):
        bsn = self.person()
        self.granted(bsn)
        options = ['--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose', 'toekenning', '--item',
                   'naw:wmo', '--disclose']
        result = self.check(json.dumps({'bsn': bsn}), *options, '--json')
        self.assertEqual(result.returncode, 0, result.stderr)
        answer, = json.loads(result.stdout)['batch']['answers']
        decision = answer['check']['decision']
        line, = self.client('operator').ask('audit_list', after=decision - 1, limit=1).audit_list.entries
        self.assertEqual((line.action, line.result, line.user != ''), ('check', 'permit', True))

    def test_an_empty_text_in_the_file_is_refused(self):
        bsn = self.person()
        for wrong in ({**self.line(bsn, 'naw'), 'case': ''}, self.line(bsn, 'naw:'), self.line(bsn, '')):
            result = self.check(json.dumps([wrong]))
            self.assertEqual((result.returncode, result.stdout), (65, ''))

    def test_one_bsn_for_all_checks_of_a_file_is_refused(self):
        bsn = self.person()
        result = self.check(json.dumps([self.line(bsn, 'naw')]), '--bsn-file', self.registry.write('bsn', bsn))
        self.assertEqual((result.returncode, result.stdout), (64, ''))
        self.assertIn('--bsn-file', result.stderr)

    def test_a_check_that_is_refused_is_shown_beside_the_others(self):
        bsn = self.person()
        self.granted(bsn)
        result = self.check(json.dumps([self.line(bsn, 'naw:wmo'), self.line(bsn, 'onzin')]))
        self.assertEqual(result.returncode, 2)
        self.assertIn('batch.checks[1].items[0].category', result.stdout)

    def test_a_file_that_is_none_is_refused_without_what_it_holds(self):
        bsn = self.person()
        good = self.line(bsn, 'naw')
        for text in ('', '[]', '[', '{"bsn": ' + bsn + '}', json.dumps([bsn]), json.dumps({**good, bsn: 1}),
                     json.dumps({**good, 'items': bsn}), json.dumps({**good, 'items': [12]}), '{"bsn": "' + bsn,
                     '[{"bsn": "1", "bsn": "2"}]', json.dumps([good] * 257), json.dumps([good]) + '\0',
                     ' ' * (1 << 20) + '[]'):
            result = self.check(text)
            self.assertEqual(result.returncode, 65, text[:80])
            self.assertNotIn(bsn, result.stdout + result.stderr)
        missing = tool('ctl/consentctl', 'check', '--batch', '/nergens', '--key', self.registry.key_file('kernteam'))
        self.assertEqual(missing.returncode, 66)


class BatchesAndFailure(OwnInstanceTest):
    def test_what_a_batch_answered_is_there_after_a_kill(self):
        bsns = [self.person() for _ in range(8)]
        for bsn in bsns:
            self.granted(bsn, one_time=True)
        request = batch_request(*(check_request(bsn, mode='DISCLOSE') for bsn in bsns))
        first = self.client('kernteam').call(request)
        self.assertEqual(said(first.batch.answers), ['PERMIT'] * 8)
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        again = self.client('kernteam').call(request)
        self.assertEqual(said(again.batch.answers), ['PERMIT'] * 8)
        self.assertEqual([answer.check.decision for answer in again.batch.answers],
                         [answer.check.decision for answer in first.batch.answers])
        self.assertTrue(all(answer.replayed for answer in again.batch.answers))
        fresh = self.client('kernteam').call(batch_request(*(check_request(bsn, mode='DISCLOSE') for bsn in bsns)))
        self.assertEqual(said(fresh.batch.answers), ['DENY'] * 8)

    def test_a_damaged_record_makes_its_own_check_unavailable(self):
        damaged, sound = self.person(), self.person()
        self.granted(damaged)
        self.granted(sound)
        pseudonym = [entry for entry in self.client('operator').audit() if entry.action == 'grant'][0].object
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.damage_subject(pseudonym)
        self.registry.start()
        self.shared.clear()
        checks = [check_request(bsn, mode='DISCLOSE') for bsn in (sound, damaged, sound)]
        reply = self.client('kernteam').call(batch_request(*checks))
        self.assertEqual(said(reply.batch.answers), ['PERMIT', 'UNAVAILABLE', 'PERMIT'])
        lines = [(entry.action, entry.result, entry.object) for entry in self.client('operator').audit()]
        self.assertIn(('check', 'unavailable', pseudonym), lines)


if __name__ == '__main__':
    unittest.main()
