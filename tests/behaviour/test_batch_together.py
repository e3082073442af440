"""A batch that discloses all that its checks ask, or nothing at all (C11)."""
import json
import os
import random
import unittest

import check_pb2
import envelope_pb2 as wire

from client import Client, check_request
from harness import OwnInstanceTest, RegistryTest, today, tool
from old_store import OldStore
from test_batch import MOST, batch_request, said

MOST_TOGETHER = 2048


def together(*checks, key=b''):
    request = batch_request(*checks)
    request.batch.all_or_nothing = True
    request.idempotency_key = key
    return request


def disclosure(bsn, categories=('naw',), **question):
    return check_request(bsn, categories, mode='DISCLOSE', **question)


def reasons(answer):
    """Of each item: its codes, '' if it is permitted."""
    return [' '.join(Client.codes(item.reasons)) for item in answer.check.items]


class TogetherTest(RegistryTest):
    def ask(self, request, party='kernteam'):
        reply = self.client(party).call(request)
        self.assertOk(reply)
        self.assertEqual(len(reply.batch.answers), len(request.batch.checks))
        return list(reply.batch.answers)

    def lines_after(self, number):
        return [line for line in self.client('operator').audit(after=number) if line.action == 'check']

    def newest(self):
        return self.client('operator').audit()[-1].number

    def assertNoneDisclosed(self, answers, request):
        """Nothing was: as denied disclosures they have their lines, and nobody has received anything or owes anything."""
        for answer in answers:
            if answer.status == wire.OK:
                self.assertEqual(answer.check.verdict, check_pb2.DENY)
                self.assertEqual(list(answer.check.permitted), [])
                self.assertEqual(list(answer.check.obligations), [])
                self.assertEqual(len(answer.check.duties), 0)
        self.assertFalse(any(answer.replayed for answer in answers))
        again = self.ask(request)
        for one, other in zip(answers, again):
            self.assertEqual((one.status, one.check), (other.status, other.check))
            self.assertEqual(other.replayed, one.status == wire.OK)


class Together(TogetherTest):
    def test_where_all_are_permitted_whole_each_is_answered_as_alone(self):
        consented, by_statute = [self.person() for _ in range(3)], self.person()
        for bsn in consented:
            self.granted(bsn, categories=['naw', 'bsn'], one_time=True)
        before = self.newest()
        request = together(*(disclosure(bsn, ['naw', 'bsn']) for bsn in consented),
                           disclosure(by_statute, ['naw'], recipient='cak', purpose='eigen-bijdrage'))
        answers = self.ask(request)
        self.assertEqual(said(answers), ['PERMIT'] * 4)
        self.assertEqual([answer.check.decision for answer in answers], [line.number for line in self.lines_after(before)])
        self.assertEqual([line.result for line in self.lines_after(before)], ['permit'] * 4)
        self.assertIn('one of 4 checks, all or nothing', self.lines_after(before)[0].details)
        self.assertIn(check_pb2.ONE_TIME, answers[0].check.obligations)
        self.assertTrue(answers[3].check.duties)
        for bsn in consented:
            self.assertDenied(self.client('kernteam').disclose(bsn), 'USED_UP')
        again = self.ask(request)
        self.assertEqual([(answer.check, answer.replayed) for answer in again], [(one.check, True) for one in answers])

    def test_where_one_is_not_permitted_none_is_disclosed_and_each_is_logged_as_a_denied_disclosure(self):
        good, other, bad = self.person(), self.person(), self.person()
        for bsn in (good, other):
            self.granted(bsn, one_time=True)
        before, revision = self.newest(), self.client('kernteam').whoami().revision
        request = together(disclosure(good), disclosure(bad), disclosure(other))
        answers = self.ask(request)
        self.assertEqual([reasons(answer) for answer in answers], [['ALL_OR_NOTHING'], ['NO_CONSENT'], ['ALL_OR_NOTHING']])
        self.assertEqual([item.rule for answer in answers for one in answer.check.items for item in one.reasons],
                         ['C11', 'C7', 'C11'])
        lines = self.lines_after(before)
        self.assertEqual([(line.number, line.result) for line in lines],
                         [(answer.check.decision, 'deny') for answer in answers])
        self.assertEqual(self.client('kernteam').whoami().revision, revision)
        self.assertNoneDisclosed(answers, request)
        for bsn in (good, other):
            self.assertPermit(self.client('kernteam').disclose(bsn))

    def test_one_item_of_one_check_is_enough_and_what_alone_would_be_denied_keeps_its_reasons(self):
        whole, partly = self.person(), self.person()
        self.granted(whole, categories=['naw', 'bsn'], one_time=True)
        self.granted(partly)
        request = together(disclosure(whole, ['naw', 'bsn']), disclosure(partly, ['naw', 'bsn', 'vrije-tekst']))
        answers = self.ask(request)
        self.assertEqual([reasons(answer) for answer in answers],
                         [['ALL_OR_NOTHING'] * 2, ['ALL_OR_NOTHING', 'CATEGORY_NOT_CONSENTED', 'CATEGORY_NOT_NEEDED']])
        self.assertNoneDisclosed(answers, request)
        self.assertPermit(self.client('kernteam').disclose(whole, ['naw', 'bsn']))

    def test_two_checks_that_would_need_the_same_one_time_consent_do_not_go(self):
        bsn, other = self.person(), self.person()
        self.granted(bsn, categories=['naw', 'bsn'], one_time=True)
        self.granted(other)
        for first, second in ((['naw'], ['naw']), (['naw'], ['bsn'])):
            request = together(disclosure(bsn, first), disclosure(other), disclosure(bsn, second))
            answers = self.ask(request)
            self.assertEqual([reasons(answer) for answer in answers], [['ALL_OR_NOTHING']] * 3)
            self.assertNoneDisclosed(answers, request)
        self.assertPermit(self.client('kernteam').disclose(bsn))

    def test_two_checks_on_one_subject_with_a_one_time_consent_each_go(self):
        bsn = self.person()
        for more in ('bsn', 'telefoon'):
            self.granted(bsn, categories=['naw', more], one_time=True)
        answers = self.ask(together(disclosure(bsn), disclosure(bsn)))
        self.assertEqual(said(answers), ['PERMIT'] * 2)
        used = [answer.check.items[0].consent_id for answer in answers]
        self.assertEqual(len(set(used)), 2)
        self.assertDenied(self.client('kernteam').disclose(bsn), 'USED_UP')

    def test_one_that_is_wrong_or_not_the_callers_says_so_and_the_others_do_not_go(self):
        bsn = self.person()
        self.granted(bsn, one_time=True)
        wrong = {
            'INVALID batch.checks[1].items[0].category': disclosure(bsn, ['onzin']),
            'INVALID batch.checks[1].purpose': disclosure(bsn, purpose='onzin'),
            'INVALID batch.checks[1].mode': check_request(bsn),
            'INVALID batch.checks[1].bsn': disclosure('123456789'),
            'FORBIDDEN': disclosure(bsn, provider='wmo-team'),
        }
        for expected, check in wrong.items():
            with self.subTest(expected):
                request = together(disclosure(bsn), check, disclosure(bsn))
                answers = self.ask(request)
                self.assertEqual(said(answers), ['DENY', expected, 'DENY'])
                self.assertNoneDisclosed(answers, request)
        self.assertPermit(self.client('kernteam').disclose(bsn))

    def test_somebody_who_is_not_known_is_opened_only_if_all_goes(self):
        known, unknown = self.person(), next(self.bsns)
        subjects = self.client('operator').status().status_report.subjects
        question = {'recipient': 'cak', 'purpose': 'eigen-bijdrage'}
        request = together(disclosure(unknown, **question), disclosure(known))
        answers = self.ask(request)
        self.assertEqual([reasons(answer) for answer in answers], [['ALL_OR_NOTHING'], ['NO_CONSENT']])
        self.assertNoneDisclosed(answers, request)
        self.assertEqual(self.client('operator').status().status_report.subjects, subjects)
        self.assertEqual(said(self.ask(together(disclosure(unknown, **question)))), ['PERMIT'])
        self.assertEqual(self.client('operator').status().status_report.subjects, subjects + 1)

    def test_g11_the_key_stands_for_the_whole_batch(self):
        bsns = [self.person() for _ in range(3)]
        for bsn in bsns:
            self.granted(bsn, one_time=True)
        first = together(*(disclosure(bsn) for bsn in bsns[:2]))
        self.assertEqual(said(self.ask(first)), ['PERMIT'] * 2)
        more = together(*(disclosure(bsn) for bsn in bsns), key=first.idempotency_key)
        fewer = together(disclosure(bsns[0]), key=first.idempotency_key)
        each = batch_request(*(disclosure(bsn) for bsn in bsns[:2]))
        each.idempotency_key = first.idempotency_key
        self.assertEqual(said(self.ask(more)), ['CONFLICT idempotency_key'] * 2 + ['DENY'])
        self.assertEqual(said(self.ask(fewer)), ['CONFLICT idempotency_key'])
        self.assertEqual(said(self.ask(each)), ['CONFLICT idempotency_key'] * 2)
        self.assertEqual([answer.replayed for answer in self.ask(first)], [True] * 2)
        self.assertPermit(self.client('kernteam').disclose(bsns[2]))

    def test_what_was_withdrawn_since_is_said_when_it_is_answered_again_and_in_what_is_recorded(self):
        bsns = [self.person() for _ in range(2)]
        consents = [self.granted(bsn) for bsn in bsns]
        request = together(*(disclosure(bsn) for bsn in bsns))
        self.assertEqual(said(self.ask(request)), ['PERMIT'] * 2)
        self.assertOk(self.client('kernteam').revoke(consents[1]))
        self.assertEqual([answer.revoked_since for answer in self.ask(request)], [False, True])
        asked = wire.Request()
        asked.recorded.key = request.idempotency_key
        reply = self.client('kernteam').call(asked)
        self.assertEqual([(answer.revoked_since, answer.replayed, answer.check) for answer in reply.recorded.answers],
                         [(answer.revoked_since, True, answer.check) for answer in self.ask(request)])

    def test_the_largest_goes_and_does_not_go(self):
        bsn, other = self.person(), self.person()
        categories = ['naw', 'telefoon', 'email', 'bsn', 'geslacht', 'doel', 'omvang', 'budget']
        self.granted(bsn, categories=categories)
        request = together(*[disclosure(bsn, categories)] * MOST)
        self.assertEqual(said(self.ask(request)), ['PERMIT'] * MOST)
        request = together(*[disclosure(bsn, categories)] * (MOST - 1), disclosure(other, categories))
        answers = self.ask(request)
        self.assertEqual(said(answers), ['DENY'] * MOST)
        self.assertNoneDisclosed(answers, request)
        request = together(*[disclosure(bsn)] * MOST_TOGETHER)
        self.assertEqual(said(self.ask(request)), ['PERMIT'] * MOST_TOGETHER)
        recorded = wire.Request()
        recorded.recorded.key = request.idempotency_key
        self.assertEqual(len(self.client('kernteam').call(recorded).recorded.answers), MOST_TOGETHER)
        request = together(*[disclosure(bsn)] * (MOST_TOGETHER + 1))
        self.assertInvalid(self.client('kernteam').call(request), 'batch.checks')
        self.assertInvalid(self.client('kernteam').call(together()), 'batch.checks')

    def test_what_it_came_to_can_be_explained_and_decided_again(self):
        good, bad = self.person(), self.person()
        self.granted(good)
        answers = self.ask(together(disclosure(good), disclosure(bad)))
        shown = self.client('toezicht').ask('decision_show', number=answers[0].check.decision)
        self.assertOk(shown)
        self.assertEqual(Client.codes(shown.decision_show.reply.items[0].reasons), ['ALL_OR_NOTHING'])


class TogetherCommand(TogetherTest):
    """consentctl check --batch FILE --disclose --together."""

    def check(self, *checks, options=('--disclose', '--together')):
        lines = [{'bsn': bsn, 'provider': 'kernteam', 'recipient': 'zorgaanbieder-horizon', 'purpose': 'toekenning',
                  'items': ['naw:wmo']} for bsn in checks]
        path = self.registry.write('checks.json', json.dumps(lines), 0o600)
        return tool('ctl/consentctl', 'check', '--batch', path, *options, '--key', self.registry.key_file('kernteam'))

    def test_all_go_or_none(self):
        good, bad = self.person(), self.person()
        self.granted(good, one_time=True)
        result = self.check(good, bad)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn('ALL_OR_NOTHING C11', result.stdout)
        self.assertEqual(self.check(good).returncode, 0)

    def test_it_is_for_a_batch_that_discloses(self):
        bsn = self.person()
        for options in (['--together'], ['--together', '--all-or-nothing']):
            self.assertEqual(self.check(bsn, options=options).returncode, 64)

    def test_it_can_be_explained_and_is_decided_again_as_it_was(self):
        good, partly, bad = self.person(), self.person(), self.person()
        self.granted(good)
        self.granted(partly)
        request = together(disclosure(good), disclosure(partly, ['naw', 'bsn'], all_or_nothing=True), disclosure(bad))
        number = self.ask(request)[0].check.decision
        ended = self.ctl('explain', str(number), '--json')
        self.assertEqual(json.loads(ended.stdout)['items'][0]['steps'][-1]['codes'], ['ALL_OR_NOTHING'], ended.stderr)
        pack = self.registry.directory / 'policies' / 'kaag-en-braassem-2015'
        again = self.ctl('policy', 'replay', pack, '--since', str(today()), '--json')
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)

    def ctl(self, *words):
        return tool('ctl/consentctl', *words, '--key', self.registry.key_file('operator'))


class TogetherAgainstSingles(TogetherTest):
    """Random batches: where each alone would be permitted whole, the same comes of it; else nothing changes."""

    def batch_of(self, chance, people):
        checks = []
        for _ in range(chance.randrange(1, 6)):
            categories = chance.sample(['naw', 'bsn', 'telefoon', 'vrije-tekst'], chance.choice([1, 1, 2]))
            more = chance.choice([{}, {}, {'recipient': 'cak', 'purpose': 'eigen-bijdrage'}])
            checks.append(disclosure(chance.choice(people), categories, **more))
        return checks

    def people(self, chance):
        """The same person twice: of one the batch is asked, of the other each check alone."""
        one, other = [], []
        for _ in range(3):
            pair = self.person(), self.person()
            for _ in range(chance.randrange(3)):
                scope = {'categories': sorted(chance.sample(['naw', 'bsn', 'telefoon'], 2)), 'one_time': chance.random() < 0.6}
                for bsn in pair:
                    self.granted(bsn, **scope)
            one.append(pair[0])
            other.append(pair[1])
        return one, other

    def test_a_batch_is_what_its_checks_would_be_one_after_the_other_or_nothing(self):
        seed = int(os.environ.get('SEED', random.randrange(1 << 32)))
        chance, goes = random.Random(seed), []
        for _ in range(40):
            people, twins = self.people(chance)
            checks = self.batch_of(chance, people)
            states = [self.states(bsn) for bsn in people]
            answers = self.ask(together(*checks))
            alone = []
            for check in checks:
                check.check.bsn = twins[people.index(check.check.bsn)]
                check.idempotency_key = b''
                alone.append(self.client('kernteam').call(check))
            whole = all(reply.check.verdict == check_pb2.PERMIT for reply in alone)
            goes.append(whole)
            with self.subTest(seed=seed):
                if whole:
                    self.assertEqual([self.told(answer) for answer in answers], [self.told(reply) for reply in alone])
                    self.assertEqual([self.states(bsn) for bsn in people], [self.states(bsn) for bsn in twins])
                else:
                    self.assertEqual(said(answers), ['DENY'] * len(checks))
                    self.assertEqual([self.states(bsn) for bsn in people], states)
        self.assertIn(True, goes)
        self.assertIn(False, goes)

    def states(self, bsn):
        return [consent.state for consent in self.client('kernteam').consent_list(bsn).consent_list.consents]

    @staticmethod
    def told(answer):
        check = check_pb2.CheckReply()
        check.CopyFrom(answer.check)
        check.decision = check.evaluated_at = check.until = 0
        check.subject_ref = b''
        for item in check.items:
            item.consent_id = b'one' if item.consent_id else b''
        for duty in check.duties:
            duty.decision = 0
        return check


class TogetherAndFailure(OwnInstanceTest, TogetherTest):
    def test_a_damaged_record_keeps_all_back(self):
        damaged, sound = self.person(), self.person()
        self.granted(damaged)
        self.granted(sound, one_time=True)
        pseudonym = [entry for entry in self.client('operator').audit() if entry.action == 'grant'][0].object
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.damage_subject(pseudonym)
        self.registry.start()
        self.shared.clear()
        answers = self.ask(together(disclosure(sound), disclosure(damaged)))
        self.assertEqual(said(answers), ['DENY', 'UNAVAILABLE'])
        self.assertPermit(self.client('kernteam').disclose(sound))

    def test_after_a_kill_it_has_happened_whole_or_not_at_all(self):
        bsns = [self.person() for _ in range(16)]
        for bsn in bsns:
            self.granted(bsn, one_time=True)
        for first in range(0, 16, 4):
            request = together(*(disclosure(bsn) for bsn in bsns[first:first + 4]))
            client = self.registry.client('kernteam')
            client.send(request)
            client.socket.poll(random.choice([0, 1, 5]))
            self.registry.kill()
            self.registry.start()
            self.shared.clear()
            answers = self.ask(request)
            self.assertEqual(said(answers), ['PERMIT'] * 4)
            self.assertIn([answer.replayed for answer in answers], ([True] * 4, [False] * 4))


if __name__ == '__main__':
    unittest.main()
