"""Consents of which the scope was recorded wrongly, corrected at random (KB 14): each answer judged by the oracle.

For the oracle a consent that was recorded wrongly never was, and the one that corrects it stands in its place.
"""
import time

import rights_pb2

from client import USER, grant_request, wire
from judged import facts, people
from judged_statements import CASES, JudgedStatements

NOTHING = frozenset()


class JudgedCorrections(JudgedStatements):
    def __init__(self, *about):
        super().__init__(*about)
        self.request = 0  # for a rectification

    def open_request(self):
        """By whoever may make one; nobody may of some subjects."""
        for who in ['subject'] + [one.reference for one in self.person.representatives]:
            reply = self.clients('kernteam').ask(
                'rights_open', bsn=self.bsn, kind=rights_pb2.RIGHTS_RECTIFICATION, by=who, wish='dit klopt niet',
                way=rights_pb2.WAY_COUNTER, identity=rights_pb2.IDENTITY_DOCUMENT, user=USER)
            if reply.status == wire.OK:
                self.request = reply.rights.request.number
                return

    def correct(self):
        """Another case, or fewer categories or parties than were recorded."""
        if not self.request:
            self.open_request()
        time.sleep(0.002)  # one moment has one thing: the oracle knows a correction by the place that it takes
        consents = [number for number, s in enumerate(self.given) if isinstance(s, facts.Consent)]
        if not self.request or not consents:
            return
        number = self.random.choice(consents)
        wrong = self.corrected.get(number, self.given[number])
        case, categories = wrong.case, self.some(wrong.categories, 3)
        if self.chance(30):
            case = self.random.choice(CASES)
        request = grant_request(self.bsn, sorted(wrong.providers), sorted(wrong.recipients), categories, wrong.purpose, (), one_time=wrong.one_time, origins=sorted(wrong.origins),
                                case_ref=case or '')
        grant = request.grant
        for field in ('form', 'evidence', 'notice', 'valid_from', 'valid_until', 'one_time'):
            grant.ClearField(field)
        grant.corrects, grant.request, grant.correction_reason = self.ids[number], self.request, 'verkeerd overgenomen'
        reply = self.call('kernteam', request, f'correct {number} {grant.scope}')
        right = wrong._replace(categories=frozenset(categories), case=case)
        expected = self.expected_of(number, wrong, right, reply.time)
        self.must_be('correct', f'{self.answer(reply)} {reply.field}'.strip(), expected)
        if expected == 'OK':
            self.take_place(number, right, reply)

    def expected_of(self, number, wrong, right, at):
        if self.state_of(number, at) != 'GRANTED':
            return 'INVALID grant.corrects'
        if right == wrong or any(self.takes(withdrawal, right) for withdrawal in wrong.withdrawals):
            return 'INVALID grant.scope'
        cells = [(p, r, right.purpose, c, right.under_secrecy) for p in right.providers for r in right.recipients
                 for c in right.categories if p != r]
        codes = self.grant_codes((right.providers, right.recipients, right.categories, right.purpose, right.origins),
                                 [self.rules_of(*cell) for cell in cells], right.signatures, right.under_secrecy)
        return 'REJECTED ' + ' '.join(codes) if codes else 'OK'

    @staticmethod
    def takes(withdrawal, consent):
        """It took away something that the correction would have."""
        parts = zip((withdrawal.providers, withdrawal.recipients, withdrawal.categories),
                    (consent.providers, consent.recipients, consent.categories))
        return all(taken is None or taken & held for taken, held in parts)

    def take_place(self, number, right, reply):
        self.given.append(right._replace(recorded=reply.time, withdrawals=(), used=None))
        self.ids.append(reply.consent_recorded.consent_id)
        self.corrected[number] = self.given[number]
        self.given[number] = self.given[number]._replace(providers=NOTHING, recipients=NOTHING, categories=NOTHING,
                                                          until=0)
