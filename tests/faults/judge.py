"""Judges the history of a run under faults, by the model: each event exactly once by number, with what it must say, and
no permit after a revocation that was acknowledged (V3, V6, V7, C13).

    verdict = judge(history.records)
    verdict.faults    [Fault(rule, what)], empty if all is well
"""
import collections

from model import Model, told

MILLISECOND = 1_000_000
Fault = collections.namedtuple('Fault', 'rule what')


class Verdict:
    def __init__(self):
        self.faults = []
        self.counts = collections.Counter()

    def add(self, rule, what):
        self.faults.append(Fault(rule, what))

    def rules(self):
        return {fault.rule for fault in self.faults}


def lives_of(consumer):
    """What was stored, life by life."""
    starts = [*consumer['lives'], len(consumer['stored'])]
    return [consumer['stored'][start:end] for start, end in zip(starts, starts[1:])]


def judge_life(consumer, life, last, had, verdict):
    """What one life stored, when the lives before had `had`, up to `last`."""
    for place, event in enumerate(life):
        number, name = event['number'], f'{consumer["name"]}: event {event["number"]}'
        if number in had:
            verdict.counts['repeats' if consumer['all'] else 'heard again'] += 1
            if {**event, 'at': 0} != {**had[number], 'at': 0}:
                verdict.add('other', f'{name} came again, with something else')
        follows = number == last + 1
        again = number == last if consumer['all'] else number == 1
        if not follows and not (place == 0 and again):
            verdict.add('doubled' if number in had else 'missed', f'{name} came after {last}')
        had[number] = event
        last = number
    return last


def judge_numbers(consumer, verdict):
    """V7: from the first on each number once, in order. A new life may begin with what the one before stored last, as
    long as it is the same; one that acknowledges nothing hears all of it again. Returns {number: event}."""
    had, last = {}, 0
    for life in lives_of(consumer):
        last = judge_life(consumer, life, last, had, verdict)
    verdict.counts['deliveries'] += len(had)
    return had


def judge_agreement(consumers, verdict):
    """V7: a number of a party is one event, whichever system hears it. Returns {number: event}, and judges who has all
    that any of them has."""
    heard = {}
    for consumer, had in consumers:
        for number, event in had.items():
            if told(heard.setdefault(number, event)) != told(event):
                verdict.add('other', f'{consumer["name"]}: event {number} is another one than elsewhere')
    newest = max(heard, default=0)
    for consumer, had in consumers:
        if consumer['all'] and max(had, default=0) < newest:
            verdict.add('missed', f'{consumer["name"]} has events up to {max(had, default=0)}, of {newest}')
    return heard


def judge_content(party, heard, model, verdict):
    """V4 to V6: what was told is what must be told, of each consent in its order."""
    by_consent = collections.defaultdict(list)
    for number in sorted(heard):
        by_consent[heard[number]['consent_id']].append(heard[number])
    expected = model.events_for(party)
    for consent, events in expected.items():
        wanted, got = [event for event, _ in events], [told(event) for event in by_consent.get(consent, ())]
        if len(got) < len(wanted):
            verdict.add('missed', f'{party}: of consent {consent} {len(got)} events, of {len(wanted)}')
        elif got != wanted:
            verdict.add('other', f'{party}: of consent {consent} it heard {got}, not {wanted}')
        verdict.counts['events'] += len(wanted)
    unknown = {consent for consent in by_consent if consent not in model.statements}
    if len(unknown) > model.unanswered:
        verdict.add('other', f'{party}: {len(unknown)} consents that nobody recorded')
    odd = [consent for consent in by_consent if consent not in expected and consent in model.statements and
           model.statements[consent].is_known]
    for consent in odd:
        verdict.add('other', f'{party}: consent {consent} does not concern it')


def judge_order(party, heard, model, verdict):
    """What was answered before something else was asked has the lower number; and nothing is heard that nobody asked."""
    requests = {}
    for events in model.events_for(party).values():
        for event, request in events:
            requests[event['type'], event['consent_id'], tuple(event['recipients']), tuple(event['categories'])] = request
    earliest = None
    for number in sorted(heard, reverse=True):
        event = told(heard[number])
        request = requests.get((event['type'], event['consent_id'], tuple(event['recipients']), tuple(event['categories'])))
        if request is None:
            continue
        if earliest is not None and earliest < request['sent']:
            verdict.add('disorder', f'{party}: event {number} is of what was asked after a later one was answered')
        earliest = request['done'] if earliest is None else min(earliest, request['done'])
        if heard[number].get('at', request['sent']) < request['sent']:
            verdict.add('other', f'{party}: event {number} was there before it was asked')


def judge_checks(records, model, verdict):
    """V3, C13: no permit after the answer to the revocation; and a consent that stands is one, or a registry that always
    says no would be in order."""
    for check in (one for one in records if one['kind'] == 'check' and one['done'] is not None):
        item, statements = model.about(check)
        verdict.counts['checks'] += 1
        verdict.counts['permits'] += check['permitted']
        if check['permitted'] and not any(one.may_stand(item, check) for one in statements):
            verdict.add('permitted', f'subject {check["subject"]}: a check permits {item} without a consent')
        if not check['permitted'] and any(one.must_stand(item, check) for one in statements):
            verdict.add('denied', f'subject {check["subject"]}: a check denies {item}, and the consent stands')


def judge_views(records, model, verdict):
    """A view may not know of a revocation yet, but not for longer than its limit of silence, nor than it says that it has
    not heard; and it knows each of a revision that it says it knows."""
    limits = {one['name']: one['limit'] for one in records if one['kind'] == 'view'}
    for answer in (one for one in records if one['kind'] == 'answer'):
        item, statements = model.about(answer)
        verdict.counts['answers'] += 1
        verdict.counts['view permits'] += answer['permitted']
        if not answer['permitted']:
            continue
        grace, revision = min(limits[answer['view']], answer['heard_ms'] * MILLISECOND), answer['revision']
        if not any(one.may_stand(item, answer, grace, revision) for one in statements):
            verdict.add('view', f'{answer["view"]}: permits {item} of subject {answer["subject"]}, at revision {revision}, '
                                f'after {answer["heard_ms"]} ms of silence')


def judge_actors(records, verdict):
    for one in records:
        if one['kind'] == 'ended':
            verdict.add('ended', f'{one["whom"]} ended by itself with {one["code"]}: {one["said"]}')
        if one['kind'] == 'refused':
            verdict.add('refused', f'{one["what"]} of subject {one["subject"]}: {one["said"]}')
        if one['kind'] == 'injected':
            verdict.counts[one['what']] += 1


def judge(records):
    verdict, model = Verdict(), Model(records)
    consumers = [(one, judge_numbers(one, verdict)) for one in records if one['kind'] == 'consumer']
    for party in sorted({consumer['party'] for consumer, _ in consumers}):
        heard = judge_agreement([one for one in consumers if one[0]['party'] == party], verdict)
        if any(one['all'] for one, _ in consumers if one['party'] == party):
            judge_content(party, heard, model, verdict)
        judge_order(party, heard, model, verdict)
    judge_checks(records, model, verdict)
    judge_views(records, model, verdict)
    judge_actors(records, verdict)
    verdict.counts['revocations'] = sum(one['kind'] == 'revoke' and one['done'] is not None for one in records)
    return verdict
