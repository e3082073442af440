"""The judge of runs under faults (tests/faults/judge.py) finds what is wrong in a history, and nothing in a good one."""
import copy
import sys
import unittest

from harness import SOURCE

sys.path.insert(0, str(SOURCE / 'tests' / 'faults'))
from history import History  # noqa: E402
from judge import judge  # noqa: E402
from model import GRANTED, REVOKED, content  # noqa: E402

TEAM, HORIZON, DELTA = 'kernteam', 'zorgaanbieder-horizon', 'zorgaanbieder-delta'
SCOPE = {'providers': [TEAM], 'recipients': [DELTA, HORIZON], 'categories': ['budget', 'naw'], 'purpose': 'toekenning'}
SECOND = 1_000_000_000
TEAM_WHOLE = {(TEAM, one, category) for one in (DELTA, HORIZON) for category in ('budget', 'naw')}


def items(*recipients, categories=('budget', 'naw')):
    return {(TEAM, one, category) for one in recipients for category in categories}


def event(number, kind, who, whole=False, consent='c1'):
    return {'number': number, **content(kind, consent, 'toekenning', who, whole)}


class Judged(unittest.TestCase):
    """One consent of two recipients: that of delta is withdrawn first, and then the whole."""

    def setUp(self):
        made = History()
        made.note('grant', subject=1, consent='c1', scope=SCOPE, sent=10, done=20, revision=1)
        made.note('revoke', consent='c1', part={'recipients': [DELTA]}, sent=30, done=40, revision=2, already=False)
        made.note('revoke', consent='c1', part={}, sent=50, done=60, revision=3, already=False)
        self.delta = self.consumer(made, 'delta/een', DELTA, [
            event(1, GRANTED, items(DELTA)), event(2, REVOKED, items(DELTA), whole=True)])
        self.horizon = self.consumer(made, 'horizon/een', HORIZON, [
            event(1, GRANTED, items(HORIZON)), event(2, REVOKED, items(HORIZON), whole=True)])
        self.other = self.consumer(made, 'horizon/twee', HORIZON, copy.deepcopy(self.horizon['stored']))
        self.team = self.consumer(made, 'team/een', TEAM, [
            event(1, GRANTED, TEAM_WHOLE), event(2, REVOKED, items(DELTA)), event(3, REVOKED, items(HORIZON), whole=True)])
        self.history = made

    @staticmethod
    def consumer(history, name, party, stored, everything=True):
        return history.note('consumer', name=name, party=party, all=everything, lives=[0], stored=stored)

    def ask(self, sent, done, permitted, recipient=HORIZON, **of_view):
        return self.history.note('answer' if of_view else 'check', subject=1, provider=TEAM, recipient=recipient,
                                 category='naw', purpose='toekenning', sent=sent, done=done, permitted=permitted, **of_view)

    def assertRules(self, *rules):
        verdict = judge(self.history.records)
        self.assertEqual(verdict.rules(), set(rules), verdict.faults)
        return verdict

    def test_a_good_history_has_no_fault_and_is_counted(self):
        self.ask(22, 25, True)
        self.ask(61, 65, False)
        counts = self.assertRules().counts
        self.assertEqual((counts['deliveries'], counts['revocations'], counts['checks'], counts['permits']), (9, 2, 2, 1))

    # V7
    def test_an_event_that_was_not_stored_is_missed(self):
        del self.team['stored'][1]
        self.assertRules('missed')

    def test_the_last_event_is_missed_too(self):
        self.horizon['stored'].pop()
        self.assertRules('missed')

    def test_the_last_event_of_a_partys_only_system_is_missed_too(self):
        self.delta['stored'].pop()
        self.assertRules('missed')

    def test_a_system_that_heard_nothing_missed_all(self):
        self.delta['stored'].clear()
        self.assertRules('missed')

    def test_an_event_that_came_twice_is_doubled(self):
        self.team['stored'].insert(2, self.team['stored'][1])
        self.assertRules('doubled')

    def test_after_a_death_the_last_may_come_again(self):
        self.team['stored'].insert(2, self.team['stored'][1])
        self.team['lives'] = [0, 2]
        self.assertEqual(self.assertRules().counts['repeats'], 1)

    def test_after_a_death_an_older_one_may_not(self):
        self.team['stored'].insert(2, self.team['stored'][0])
        self.team['lives'] = [0, 2]
        self.assertRules('doubled', 'missed')

    def test_after_a_death_it_may_not_be_another_one(self):
        self.team['stored'].insert(2, dict(self.team['stored'][1], whole=True))
        self.team['lives'] = [0, 2]
        self.assertRules('other')

    def test_who_acknowledges_nothing_hears_all_again_and_need_not_have_all(self):
        stored = [dict(one, at=100 + place) for place, one in enumerate([self.team['stored'][0], *self.team['stored'][:2]])]
        never = self.consumer(self.history, 'team/nooit', TEAM, stored, everything=False)
        never['lives'] = [0, 1]
        self.assertRules()
        never['lives'] = [0]
        self.assertRules('doubled')

    def test_who_acknowledges_nothing_has_no_gap_either(self):
        self.consumer(self.history, 'team/nooit', TEAM, self.team['stored'][1:], everything=False)
        self.assertRules('missed')

    def test_two_systems_of_a_party_hear_the_same(self):
        self.other['stored'][1] = dict(self.other['stored'][1], categories=['naw'])
        self.assertRules('other')

    # V4, V6
    def test_another_content_is_noticed(self):
        for name, value in (('whole', False), ('categories', ['naw']), ('recipients', [HORIZON, DELTA]), ('type', GRANTED),
                            ('providers', []), ('purpose', 'monitoring')):
            with self.subTest(name):
                was, self.delta['stored'][1] = self.delta['stored'][1], dict(self.delta['stored'][1], **{name: value})
                self.assertRules('other')
                self.delta['stored'][1] = was

    def test_an_event_of_a_consent_that_nobody_recorded_is_noticed(self):
        self.delta['stored'].append(event(3, GRANTED, items(DELTA), consent='c9'))
        self.assertRules('other')

    def test_an_event_that_does_not_concern_the_party_is_noticed(self):
        self.history.note('grant', subject=2, consent='c2', scope=dict(SCOPE, recipients=[HORIZON]), sent=70, done=80, revision=4)
        for consumer in (self.horizon, self.other):
            consumer['stored'].append(event(3, GRANTED, items(HORIZON), consent='c2'))
        self.team['stored'].append(event(4, GRANTED, items(HORIZON), consent='c2'))
        self.assertRules()
        self.delta['stored'].append(event(3, GRANTED, items(HORIZON), consent='c2'))
        self.assertRules('other')

    def test_a_second_withdrawal_of_the_same_makes_no_event(self):
        self.history.note('revoke', consent='c1', part={'recipients': [DELTA]}, sent=70, done=80, revision=4,
                          already=True)
        self.assertRules()

    def test_of_two_revocations_of_one_revision_that_which_found_nothing_left_was_the_second(self):
        """However their answers crossed."""
        part = self.history.of('revoke')[0]
        part.update(revision=3, already=True)
        self.team['stored'][1:] = [event(2, REVOKED, items(DELTA, HORIZON), whole=True)]
        self.assertRules()
        part.update(already=False)
        self.assertRules('missed')

    def test_what_was_never_answered_may_have_happened_or_not(self):
        self.history.of('revoke')[1]['done'] = None
        self.assertRules()
        for consumer in (self.horizon, self.other, self.team):
            consumer['stored'].pop()
        self.assertRules()

    def test_the_order_of_two_revocations_is_that_of_their_answers(self):
        """Those of delta and of horizon, one after the other; the team hears them the other way round."""
        self.history.of('revoke')[1]['part'] = {'recipients': [HORIZON]}
        first, second = self.team['stored'][1:]
        self.team['stored'][1:] = [dict(second, number=2), dict(first, number=3)]
        self.assertIn('disorder', judge(self.history.records).rules())

    def test_what_was_stored_before_it_was_asked_is_noticed(self):
        self.delta['stored'][1]['at'] = 35
        self.assertRules()
        self.delta['stored'][1]['at'] = 25
        self.assertRules('other')

    # V3, C13
    def test_a_permit_after_the_answer_to_the_revocation_is_noticed(self):
        self.ask(61, 65, True)
        self.assertRules('permitted')

    def test_a_permit_that_was_asked_before_that_answer_may_have_been_first(self):
        self.ask(59, 65, True)
        self.assertRules()

    def test_a_permit_of_the_part_that_was_withdrawn_is_noticed(self):
        self.ask(45, 48, True, DELTA)
        self.assertRules('permitted')

    def test_a_permit_before_the_consent_was_asked_is_noticed(self):
        self.ask(5, 9, True)
        self.assertRules('permitted')

    def test_a_later_consent_permits_again(self):
        self.history.note('grant', subject=1, consent=None, scope=SCOPE, sent=70, done=None, revision=0)
        self.ask(75, 90, True)
        self.assertRules()

    def test_a_denial_while_the_consent_stands_is_noticed(self):
        self.ask(22, 25, False)
        self.assertRules('denied')

    def test_a_denial_while_it_is_being_withdrawn_may_be(self):
        self.ask(22, 55, False)
        self.ask(12, 25, False)
        self.assertRules()

    # The local view
    def view(self, sent, permitted=True, **more):
        self.history.note('view', name='kijk', limit=5 * SECOND)
        more = {'revision': 2, 'heard_ms': 9000, **more}
        self.ask(sent, sent + 1, permitted, view='kijk', **more)

    def test_a_view_may_be_behind_for_as_long_as_its_limit(self):
        self.view(60 + 5 * SECOND)
        self.assertRules()

    def test_a_view_that_permits_longer_is_noticed(self):
        self.view(61 + 5 * SECOND)
        self.assertRules('view')

    def test_a_view_that_says_that_it_heard_later_than_the_revocation_is_noticed(self):
        self.view(61 + 2 * SECOND, heard_ms=2000)
        self.assertRules('view')

    def test_a_view_that_heard_nothing_since_may_be_behind(self):
        self.view(60 + 2 * SECOND, heard_ms=2000)
        self.assertRules()

    def test_a_view_that_says_no_is_never_wrong(self):
        self.view(61 + 5 * SECOND, permitted=False)
        self.assertRules()

    def test_a_view_that_permits_at_a_revision_that_has_the_revocation_is_noticed(self):
        self.view(65, revision=3)
        self.assertRules('view')

    def test_an_actor_that_ended_by_itself_is_noticed(self):
        self.history.note('ended', whom='delta/een', code=76, said='gap')
        self.assertRules('ended')

    def test_a_request_that_was_refused_is_noticed(self):
        self.history.note('refused', what='revoke', subject=1, said='NOT_FOUND')
        self.assertRules('refused')

    def test_what_was_injected_is_counted(self):
        for what in ('kill daemon', 'kill daemon', 'cut'):
            self.history.note('injected', what=what, whom='x', **{'from': 0, 'until': 0})
        self.assertEqual(self.assertRules().counts['kill daemon'], 2)


if __name__ == '__main__':
    unittest.main()
