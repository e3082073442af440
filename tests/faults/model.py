"""What the registry must have said in a run, by the rules and from what was asked of it (G10, V2 to V6, C13).

Written from the rules, and knowing nothing of the code. What a run does is simple on purpose: of one subject at most one
consent stands at a time, none ends by itself, and nothing is disclosed, so that no other rule has a say.
"""
GRANTED = 'nl.toestemmingen.toestemming-gegeven'
REVOKED = 'nl.toestemmingen.toestemming-ingetrokken'


def items_of(scope, part=None):
    """Who gives what to whom. Between a party and itself there is nothing (G3)."""
    part = part or {}

    def chosen(name):
        return [one for one in scope[name] if not part.get(name) or one in part[name]]

    return {(provider, recipient, category) for provider in chosen('providers') for recipient in chosen('recipients')
            for category in chosen('categories') if provider != recipient}


def content(kind, consent, purpose, items, whole):
    """An event as a party hears it, but for its number."""
    return {'type': kind, 'consent_id': consent, 'purpose': purpose, 'whole': whole,
            'providers': sorted({item[0] for item in items}), 'recipients': sorted({item[1] for item in items}),
            'categories': sorted({item[2] for item in items})}


def told(event):
    """The same of one that was stored."""
    return {'type': event['type'], 'consent_id': event['consent_id'], 'purpose': event['purpose'], 'whole': event['whole'],
            'providers': sorted(event['providers']), 'recipients': sorted(event['recipients']),
            'categories': sorted(event['categories'])}


def own(items, party):
    return {item for item in items if party in item[:2]}


class Statement:
    """A consent, and what was withdrawn of it."""

    def __init__(self, grant):
        self.grant = grant
        self.items = items_of(grant['scope'])
        self.revocations = []

    @property
    def is_known(self):
        """All that was asked about it was answered."""
        return all(one['done'] is not None for one in (self.grant, *self.revocations))

    def place_of(self, revocation):
        size = len(items_of(self.grant['scope'], revocation['part']))
        return revocation['revision'], revocation['already'], size, revocation['done']

    def withdrawals(self):
        """Each revocation with what it withdrew, in the order in which the registry recorded them (V3: what was
        withdrawn already is not withdrawn again). Of those of one revision that which found nothing left came last, and
        that which left something for another came first."""
        left = set(self.items)
        answered = [one for one in self.revocations if one['done'] is not None]
        for one in sorted(answered, key=self.place_of):
            gone = items_of(self.grant['scope'], one['part']) & left
            left -= gone
            yield one, gone, left

    def events_for(self, party):
        """(content, request) of each, in their order (V4, V5, V6)."""
        name, purpose = self.grant['consent'], self.grant['scope']['purpose']
        mine = own(self.items, party)
        events = [(content(GRANTED, name, purpose, mine, False), self.grant)] if mine else []
        for revocation, gone, left in self.withdrawals():
            mine = own(gone, party)
            if mine:
                events.append((content(REVOKED, name, purpose, mine, not own(left, party)), revocation))
        return events

    def may_stand(self, item, question, grace=0, revision=None):
        """The consent may have been in force for this item when the question was judged: it may have been recorded, and
        no withdrawal was answered by then; `grace` nanoseconds earlier, or in a revision that the answer knew, for who
        answers from what it heard."""
        if item not in self.items or self.grant['sent'] > question['done']:
            return False
        return not any(item in items_of(self.grant['scope'], one['part']) and one['done'] is not None and
                       (one['done'] + grace < question['sent'] or (revision is not None and one['revision'] <= revision))
                       for one in self.revocations)

    def must_stand(self, item, question):
        """It was in force for certain: recorded before, and nothing withdrawn yet."""
        if item not in self.items or self.grant['done'] is None or self.grant['done'] > question['sent']:
            return False
        return not any(item in items_of(self.grant['scope'], one['part']) and one['sent'] < question['done']
                       for one in self.revocations)


class Model:
    def __init__(self, records):
        self.statements = {}   # consent: Statement
        self.of_subject = {}   # subject: statements
        self.unanswered = 0    # grants of which the consent is not known
        for record in (one for one in records if one['kind'] == 'grant'):
            statement = Statement(record)
            self.of_subject.setdefault(record['subject'], []).append(statement)
            if record['consent'] is None:
                self.unanswered += 1
            else:
                self.statements[record['consent']] = statement
        for record in (one for one in records if one['kind'] == 'revoke'):
            self.statements[record['consent']].revocations.append(record)

    def about(self, question):
        """The statements that a check is judged by, and the item that it asks."""
        item = (question['provider'], question['recipient'], question['category'])
        return item, [one for one in self.of_subject.get(question['subject'], ())
                      if one.grant['scope']['purpose'] == question['purpose']]

    def parties(self):
        return sorted({party for one in self.statements.values() for item in one.items for party in item[:2]})

    def events_for(self, party):
        """{consent: [(content, request)]}, of those of which all is known."""
        made = {consent: one.events_for(party) for consent, one in self.statements.items() if one.is_known}
        return {consent: events for consent, events in made.items() if events}
