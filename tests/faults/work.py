"""The work of a run: consents are recorded and withdrawn, in parts and whole, by the team and by the parties in them, and
checked in between and right after.

Of one subject at most one consent stands at a time (tests/faults/model.py); many subjects are under way at once.
"""
import datetime
import itertools
import threading
import time

import zmq

import check_pb2
import envelope_pb2 as wire
from asking import Asking
from client import check_request, grant_request, revoke_request, subject_request
from harness import valid_bsns
from model import items_of, own

TEAM = 'kernteam'
PURPOSE = 'toekenning'
CATEGORIES = ('budget', 'email', 'naw')
SUBJECTS = 200
AT_ONCE = 48  # subjects under way


class Work(threading.Thread):
    def __init__(self, world, recipients):
        super().__init__(daemon=True)
        self.world, self.recipients, self.random = world, recipients, world.random
        self.team, self.checker = Asking(world, TEAM), Asking(world, TEAM, again=False)
        self.others = {party: Asking(world, party) for party in recipients[:2]}
        self.bsns = list(itertools.islice(valid_bsns(), SUBJECTS))
        self.free, self.busy = [], 0
        self.later = []      # (when, what)
        self.lost = set()    # subjects of whom something was refused
        self.left = {}       # consent: what was not withdrawn of it
        self.expected = 0    # deliveries; where two withdraw at once, rather too few
        self.ending = False  # nothing new is begun
        self.failure = None

    @property
    def askers(self):
        return [self.team, self.checker, *self.others.values()]

    def run(self):
        try:
            self.record_subjects()
            while not self.ending or self.busy:
                while not self.ending and self.free and self.busy < AT_ONCE:
                    self.begin(self.free.pop(0))
                self.look()
        except Exception as failure:  # told by whoever waits for this thread
            self.failure = failure
            raise
        finally:
            for asker in self.askers:
                asker.client.close()

    def look(self):
        poller = zmq.Poller()
        for asker in self.askers:
            poller.register(asker.client.socket, zmq.POLLIN)
        poller.poll(20)
        for asker in self.askers:
            asker.look()
        due = [one for one in self.later if one[0] <= time.monotonic()]
        self.later = [one for one in self.later if one not in due]
        for _, what in due:
            what()

    def ask(self, asker, subject, request, record, then):
        """`then (reply)` only of an answer that is OK. None of these requests may be refused: that is noted, and the
        subject left alone."""
        def answered(reply):
            if reply.status == wire.OK and subject not in self.lost:
                then(reply)
            elif reply.status != wire.OK:
                said = f'{wire.Status.Name(reply.status)} {reply.field} {reply.message}'
                self.world.history.note('refused', what=request.WhichOneof('body'), subject=subject, said=said)
                self.busy -= subject not in self.lost
                self.lost.add(subject)

        asker.ask(request, record, answered)

    def record_subjects(self):
        for subject, bsn in enumerate(self.bsns):
            request = subject_request(bsn, datetime.date(1980, 5, 17))
            self.ask(self.team, subject, request, {}, lambda _, subject=subject: self.free.append(subject))
        while len(self.free) + len(self.lost) < SUBJECTS:
            self.look()
        self.random.shuffle(self.free)

    # The life of a consent

    def begin(self, subject):
        self.busy += 1
        recipients = self.random.sample(self.recipients, self.random.randint(1, len(self.recipients)))
        categories = self.random.sample(CATEGORIES, self.random.randint(1, len(CATEGORIES)))
        scope = {'providers': [TEAM], 'recipients': sorted(recipients), 'categories': sorted(categories), 'purpose': PURPOSE}
        request = grant_request(self.bsns[subject], recipients=scope['recipients'], categories=scope['categories'])
        record = self.world.history.note('grant', subject=subject, consent=None, scope=scope, revision=0)

        def granted(reply):
            record['consent'], record['revision'] = reply.consent_recorded.consent_id.hex(), reply.revision
            self.left[record['consent']] = items_of(scope)
            self.world.references[TEAM, subject] = reply.consent_recorded.subject_ref.hex()
            self.world.recent.append(record)
            self.expect(items_of(scope))
            self.check(record)
            self.later.append((time.monotonic() + self.random.choice((0, 0, 0.2, 1)), lambda: self.withdraw(record)))

        self.ask(self.team, subject, request, record, granted)

    def withdraw(self, grant):
        """A part first, or two at once that overlap, or the whole at once."""
        scope = grant['scope']
        parties = [party for party in scope['recipients'] if party in self.others]
        ways = [lambda: self.revoke(grant, [(self.team, {})])]
        if len(scope['recipients']) > 1:
            part = {'recipients': [self.random.choice(scope['recipients'])]}
            ways.append(lambda: self.revoke(grant, [(self.team, part)]))
        if parties:
            party = self.random.choice(parties)
            ways.append(lambda: self.revoke(grant, [(self.others[party], {'recipients': [party]}), (self.team, {})]))
        self.random.choice(ways)()

    def revoke(self, grant, parts):
        """Each with who passes it on; they are asked at once."""
        left = list(parts)
        for asker, part in parts:
            record = self.world.history.note('revoke', consent=grant['consent'], part=part, revision=0, already=False)

            def revoked(reply, record=record, part=part):
                record['revision'], record['already'] = reply.revision, reply.revoke.already
                gone = items_of(grant['scope'], part) & self.left[grant['consent']]
                self.left[grant['consent']] -= gone
                self.world.recent.append(grant)
                self.expect(gone)
                self.check(grant, part)
                left.pop()
                if not left:
                    self.revoked(grant, parts)

            request = revoke_request(bytes.fromhex(grant['consent']), **part)
            self.ask(asker, grant['subject'], request, record, revoked)

    def revoked(self, grant, parts):
        if any(not part for _, part in parts):
            self.busy -= 1
            self.free.append(grant['subject'])
            del self.left[grant['consent']]
        else:
            self.revoke(grant, [(self.team, {})])

    def expect(self, items):
        """How many deliveries that makes."""
        for party in {party for item in items for party in item[:2]}:
            self.expected += self.world.listeners(party) if own(items, party) else 0

    def check(self, grant, part=None):
        """Asks about one thing that the consent holds, or held."""
        provider, recipient, category = self.random.choice(sorted(items_of(grant['scope'], part)))
        record = self.world.history.note('check', subject=grant['subject'], provider=provider, recipient=recipient,
                                         category=category, purpose=PURPOSE, permitted=False)

        def checked(reply):
            record['permitted'] = reply.check.verdict == check_pb2.PERMIT

        request = check_request(self.bsns[grant['subject']], [category], provider, recipient)
        self.ask(self.checker, grant['subject'], request, record, checked)
