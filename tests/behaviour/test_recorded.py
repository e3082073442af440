"""What stands for a key (G11): the answers that a replay would give, for who does not know whether it asked."""
import os
import unittest

import envelope_pb2 as wire

from client import check_request, grant_request
from harness import OwnInstanceTest, RegistryTest
from test_batch import batch_request
from test_erasure import ErasureTest


def recorded_request(key, user=''):
    request = wire.Request(user=user)
    request.recorded.key = key
    return request


class RecordedTest(RegistryTest):
    def recorded(self, request, party='kernteam', **more):
        """What is recorded for the key of a request that was sent."""
        return self.client(party).call(recorded_request(request.idempotency_key, **more))

    def disclosed(self, *bsns, together=False, **question):
        """A DISCLOSE, or a batch of them, as it was sent."""
        checks = [check_request(bsn, mode='DISCLOSE', **question) for bsn in bsns]
        request = batch_request(*checks) if together else checks[0]
        self.assertOk(self.client('kernteam').call(request))
        return request

    def assertAsReplayed(self, request, party='kernteam'):
        """Returns the answers."""
        reply = self.recorded(request, party)
        again = self.client(party).call(request)
        self.assertOk(reply)
        of_batch = request.WhichOneof('body') == 'batch'
        answers = again.batch.answers if of_batch else [again]
        self.assertEqual(len(reply.recorded.answers), len(answers))
        for one, other in zip(reply.recorded.answers, answers):
            self.assertTrue(one.replayed)
            self.assertEqual((one.status, one.check, one.time, one.revision, one.revoked_since),
                             (other.status, other.check, other.time, other.revision, other.revoked_since))
        if not of_batch:
            self.assertEqual(reply.recorded.epoch, again.epoch)
        return reply.recorded.answers

    def assertNothing(self, request, party='kernteam'):
        self.assertStatus(self.recorded(request, party), 'NOT_FOUND')


class Recorded(RecordedTest):
    def test_of_a_disclosure_it_is_what_a_replay_gives_and_nothing_happens_by_it(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        request = self.disclosed(bsn)
        before = self.client('kernteam').whoami().revision
        answer, = self.assertAsReplayed(request)
        self.assertEqual(self.client('kernteam').verdict_name(answer.check.verdict), 'PERMIT')
        self.assertEqual(self.client('kernteam').whoami().revision, before)
        self.assertDenied(self.client('kernteam').disclose(bsn), 'USED_UP')

    def test_a_denial_is_told_as_well(self):
        answer, = self.assertAsReplayed(self.disclosed(self.person(), self.person()))
        self.assertEqual(self.client('kernteam').verdict_name(answer.check.verdict), 'DENY')

    def test_a_key_that_was_not_used_is_not_used_by_asking(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        request = check_request(bsn, mode='DISCLOSE')
        request.idempotency_key = os.urandom(16)
        for _ in range(2):
            self.assertNothing(request)
        reply = self.client('kernteam').call(request)
        self.assertPermit(reply)
        self.assertFalse(reply.replayed)
        self.assertAsReplayed(request)

    def test_what_is_not_recorded_is_not_found(self):
        bsn = self.person()
        self.granted(bsn)
        advice, wrong = check_request(bsn), check_request(bsn, ['onzin'], mode='DISCLOSE')
        for request in (advice, wrong):
            self.client('kernteam').call(request)
            self.assertNothing(request)

    def test_the_key_of_another_party_is_not_found_though_both_were_concerned(self):
        bsn = self.person()
        self.granted(bsn)
        request = self.disclosed(bsn)
        self.assertNothing(request, 'zorgaanbieder-horizon')
        batch = self.disclosed(bsn, together=True)
        self.assertNothing(batch, 'zorgaanbieder-horizon')
        same = check_request(bsn, mode='DISCLOSE')
        same.idempotency_key = request.idempotency_key
        self.assertPermit(self.client('zorgaanbieder-horizon').call(same))
        own, = self.assertAsReplayed(same, 'zorgaanbieder-horizon')
        theirs, = self.assertAsReplayed(request)
        self.assertNotEqual(own.check.decision, theirs.check.decision)

    def test_a_key_that_was_used_for_something_else_is_a_conflict_and_tells_nothing(self):
        request = grant_request(self.person())
        self.assertOk(self.client('kernteam').call(request))
        reply = self.recorded(request)
        self.assertStatus(reply, 'CONFLICT')
        self.assertEqual(reply.WhichOneof('body'), None)

    def test_the_key_of_a_batch_is_no_other_requests_and_the_other_way_round(self):
        """What is recorded for a key would else be the answer to one of two questions, and nobody could say to which."""
        kernteam, bsn = self.client('kernteam'), self.person()
        self.granted(bsn)
        alone, batch = self.disclosed(bsn), self.disclosed(bsn, bsn, together=True)
        for used in (alone, batch, grant_request(bsn)):
            self.assertOk(kernteam.call(used))
            question = check_request(bsn, ['bsn'], mode='DISCLOSE')
            of_one, whole = batch_request(question), batch_request(question)
            whole.batch.all_or_nothing = True
            for other in (question, of_one, whole, grant_request(bsn, categories=['bsn'])):
                if used is batch and other.WhichOneof('body') == 'batch':
                    continue  # each check of it is a conflict: test_batch
                other.idempotency_key = used.idempotency_key
                reply = kernteam.call(other)
                self.assertStatus(reply, 'CONFLICT')
                self.assertEqual((reply.field, reply.WhichOneof('body')), ('idempotency_key', None))
            self.assertTrue(kernteam.call(used).replayed or used is batch)
        self.assertEqual([answer.check.verdict for answer in self.assertAsReplayed(batch)], [1, 1])

    def test_what_the_answer_rested_on_was_withdrawn_since(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'bsn'])
        alone, batch = self.disclosed(bsn), self.disclosed(bsn, bsn, together=True)
        self.assertOk(self.client('kernteam').revoke(consent, categories=['bsn']))
        for request in (alone, batch):
            self.assertEqual({answer.revoked_since for answer in self.assertAsReplayed(request)}, {False})
        self.assertOk(self.client('kernteam').revoke(consent))
        for request in (alone, batch):
            self.assertEqual({answer.revoked_since for answer in self.assertAsReplayed(request)}, {True})

    def test_of_a_batch_each_answer_is_in_its_place(self):
        granted, not_granted = self.person(), self.person()
        self.granted(granted)
        request = batch_request(*(check_request(bsn, mode='DISCLOSE') for bsn in (granted, not_granted) * 3))
        self.assertOk(self.client('kernteam').call(request))
        self.assertEqual([answer.check.verdict for answer in self.assertAsReplayed(request)], [1, 3] * 3)

    def test_of_a_batch_with_checks_that_are_not_recorded_the_others_are_told(self):
        bsn = self.person()
        self.granted(bsn)
        good, advice, wrong = (check_request(bsn, mode='DISCLOSE'), check_request(bsn),
                               check_request(bsn, ['onzin'], mode='DISCLOSE'))
        request = batch_request(advice, good, wrong, good, advice)
        self.assertOk(self.client('kernteam').call(request))
        answers = self.recorded(request).recorded.answers
        self.assertEqual([answer.status for answer in answers], [wire.NOT_FOUND, wire.OK, wire.NOT_FOUND, wire.OK])
        self.assertEqual([answer.HasField('check') for answer in answers], [False, True, False, True])

    def test_the_largest_batch_is_told_in_one_answer(self):
        bsn = self.person()
        self.granted(bsn)
        categories = ['naw', 'telefoon', 'email', 'bsn', 'geslacht', 'doel', 'omvang', 'budget']
        request = batch_request(*[check_request(bsn, categories, mode='DISCLOSE')] * 256)
        self.assertOk(self.client('kernteam').call(request))
        self.assertEqual(len(self.assertAsReplayed(request)), 256)

    def test_a_line_of_the_log_says_who_read_what_and_has_the_subject(self):
        bsn = self.person()
        self.granted(bsn)
        alone, batch = self.disclosed(bsn), self.disclosed(bsn, bsn, together=True)
        log = self.client('operator').audit()
        decisions = [line.number for line in log if line.action == 'check'][-3:]
        for request in (alone, batch, check_request(bsn)):
            request.idempotency_key = request.idempotency_key or os.urandom(16)
            self.recorded(request, user='medewerker-9')
        one, many, none = [line for line in self.client('operator').audit(after=log[-1].number) if line.action == 'recorded']
        self.assertEqual([(line.action, line.result, line.user) for line in (one, many, none)],
                         [('recorded', 'ok', 'medewerker-9')] * 2 + [('recorded', 'not-found', 'medewerker-9')])
        self.assertEqual(one.object, [line.object for line in log if line.number == decisions[0]][0])
        self.assertIn(f'line {decisions[0]}"', one.details)
        self.assertEqual((many.object, none.object), (b'', b''))
        self.assertIn(f'lines {decisions[1]} to {decisions[2]}', many.details)
        for line in (one, many, none):
            self.assertNotIn(bsn, line.details)

    def test_who_may_not_check_may_not_ask_it(self):
        request = self.disclosed(self.person())
        self.assertStatus(self.recorded(request, 'operator'), 'FORBIDDEN')
        events = self.registry.client('kernteam', 'events')
        self.assertStatus(events.call(recorded_request(request.idempotency_key)), 'FORBIDDEN')

    def test_a_key_is_sixteen_bytes(self):
        for key in (b'', bytes(15), bytes(17)):
            self.assertInvalid(self.client('kernteam').call(recorded_request(key)), 'recorded.key')


class RecordedAfterwards(OwnInstanceTest, RecordedTest):
    def test_it_is_there_after_a_kill_and_in_another_epoch_with_the_epoch_in_which_it_was_decided(self):
        bsn = self.person()
        self.granted(bsn)
        requests = [self.disclosed(bsn), self.disclosed(bsn, bsn, together=True)]
        epoch = self.client('kernteam').whoami().epoch
        for options in ([], ['--restored']):
            self.registry.kill()
            self.registry.start(options=options)
            self.shared.clear()
            for request in requests:
                self.assertAsReplayed(request)
                self.assertEqual(self.recorded(request).recorded.epoch, epoch)
        self.assertNotEqual(self.recorded(requests[0]).epoch, epoch)
        asked = recorded_request(requests[0].idempotency_key)
        asked.at_least_revision, asked.at_least_epoch = 1, epoch
        self.assertInvalid(self.client('kernteam').call(asked), 'at_least_epoch')


class RecordedOfTheErased(ErasureTest, RecordedTest):
    def test_r7_of_who_was_erased_nothing_is_told_and_of_others_in_the_batch_all(self):
        bsn, other = self.person(), self.person()
        for one in (bsn, other):
            self.granted(one)
        asked = self.disclosed(bsn), self.disclosed(bsn, other, together=True), self.disclosed(other, bsn, together=True)
        alone, before, behind = asked
        for request in asked:
            self.assertAsReplayed(request)
        self.erased(self.asked(bsn, 'GRANTED_IN_PART'), bsn)
        self.assertStatus(self.client('kernteam').call(alone), 'CONFLICT')
        self.assertNothing(alone)
        self.assertEqual([answer.status for answer in self.recorded(before).recorded.answers], [wire.NOT_FOUND, wire.OK])
        self.assertEqual([answer.status for answer in self.recorded(behind).recorded.answers], [wire.OK])


if __name__ == '__main__':
    unittest.main()
