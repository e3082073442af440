#!/usr/bin/python3
"""Verifies a receipt with nothing but its file and the public key of a log.

Usage: receipt.py FILE KEY

The checkpoint is signed, each line is in its tree (tlog.py), each line with a key opens (sealed_line.py), and the receipt
says what the lines say: made here again, from docs/protocol.md, docs/operations.md and proto/. It shares no code with the registry.
Exit code 1, and what does not fit, if it proves nothing.
"""
import datetime
import json
import pathlib
import re
import sys

import dpv
import sealed_line
import tlog
from sealed_line import message, only, texts

PROTO = pathlib.Path(__file__).resolve().parents[2] / 'proto'
STORAGE = {'@type': 'dpv:StorageCondition', 'dct:description': {
    '@language': 'nl', '@value': 'Hoe lang iets wordt bewaard, staat in de wet en in de regels van de gemeente.'}}
CONTEXT = {**dpv.PREFIXES, 'consentd': 'urn:consentd:receipt:'}
BODY = {'check': 17, 'grant': 18, 'refuse': 19, 'revoke': 20}  # of Request
RECORDED, REVOKED = 18, 20  # of Reply
CONSENT, STATUTE, WRITTEN, URGENT = 1, 2, 3, 4
SIGNS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'


class Wrong(Exception):
    pass


def words(name):
    """The words of an enumeration of the protocol, by their numbers."""
    text = ''.join(path.read_text() for path in sorted(PROTO.glob('*.proto')))
    body = re.search(rf'enum {name} {{(.*?)\n}}', text, re.DOTALL)[1]
    return {int(number): word for word, number in re.findall(r'(?m)^\s*(\w+) = (\d+);', body)}


def when(milliseconds):
    if not milliseconds:
        return None
    second, rest = divmod(milliseconds, 1000)
    return datetime.datetime.fromtimestamp(second, datetime.timezone.utc).strftime('%Y-%m-%dT%H:%M:%S.') + f'{rest:03}Z'


def coded(kind, code):
    return {'@type': kind, 'dct:identifier': code}


def each(kind, codes):
    return [coded(kind, code) for code in codes]


def party(name):
    return coded('dpv:Organisation', name)


def somebody(who):
    return coded('dpv:DataSubject' if who == 'subject' else 'consentd:Representative', who)


def code_of(number, leaf):
    """The number of the line, 75 bits of its hash, and a sign that checks both: a remainder in the field of 32."""
    bits = int.from_bytes(leaf, 'big') >> (len(leaf) * 8 - 75)
    hashed = [bits >> 5 * (14 - i) & 31 for i in range(15)]
    check = 0
    for value in [*map(int, str(number)), *hashed, 0]:
        check = (check << 1 ^ (0b100101 if check & 16 else 0)) ^ value
    signs = ''.join(SIGNS[value] for value in [*hashed, check])
    return '-'.join([str(number), *(signs[i:i + 4] for i in range(0, 16, 4))])


class Line:
    def __init__(self, number, raw, key):
        self.leaf = tlog.leaf(raw)
        self.head, _ = sealed_line.read_head(raw)
        self.open = key is not None
        self.action, self.time, self.party = self.head['action'], self.head['time'], self.head['party']
        if self.head['number'] != number:
            raise Wrong(f'line {number} says that it is {self.head["number"]}')
        if (self.action, self.head['result']) not in {('grant', 'ok'), ('refuse', 'ok'), ('revoke', 'ok'),
                                                      *(('check', how) for how in ('permit', 'partial', 'deny'))}:
            raise Wrong('it records nothing of which there are receipts')
        if self.open:
            self.evidence = message(sealed_line.open_line(raw, key))
            request = message(only(self.evidence, 9 if self.action == 'check' else 2))
            self.asked = message(request[BODY[self.action]][-1])
            self.told = message(only(self.evidence, 3))

    def recorded(self):
        return message(self.told[RECORDED][-1])

    def revoked(self):
        return message(self.told[REVOKED][-1])


class Receipt:
    def __init__(self, origin, lines):
        self.origin, self.lines = origin, lines

    def name(self, line):
        return f'{self.origin}#{line.head["number"]}'

    def claims(self):
        first, newest = self.lines[0], self.lines[-1]
        decision = first.action == 'check'
        claims = {'@context': CONTEXT, '@type': 'consentd:DecisionReceipt' if decision else 'dpv:ConsentReceipt',
                  'dct:identifier': self.name(newest), 'dct:created': when(newest.time),
                  'consentd:code': code_of(newest.head['number'], newest.leaf)}
        record = {'dct:identifier': self.name(first), 'dct:created': when(first.time),
                  'dpv:hasDataSubject': coded('dpv:DataSubject', first.head['object'].hex()),
                  'dpv:hasDataController': {'@type': 'dpv:DataController', '@id': 'https://' + self.origin},
                  'dpv:hasJurisdiction': 'loc:NL', 'consentd:closed': not first.open}
        if decision:
            record.update(self.decision(first))
        else:
            claims['dct:conformsTo'] = dpv.SCHEMA + '#receipt'
            record.update(self.consent(first))
        return {**claims, 'dpv:hasRecordOfActivity': record}

    # --- Statements ------------------------------------------------------------------------------------------------

    def consent(self, first):
        given = first.action == 'grant'
        record = {'@type': 'dpv:ConsentRecord', 'dct:conformsTo': dpv.SCHEMA + '#record',
                  'dpv:hasConsentControl': 'dpv:WithdrawConsent' if given else 'dpv:ProvideConsent',
                  'dpv:hasConsentStatus': [self.stated(first), *map(self.withdrawn, self.lines[1:])]}
        if first.open:
            record['dct:identifier'] = only(first.recorded(), 1).hex()
            record['dpv:hasProcess'] = [self.agreed(first)]
            record.update(self.grant_only(first.asked) if given else {})
        return record

    @staticmethod
    def grant_only(asked):
        found = {}
        if 6 in asked:
            notice = message(asked[6][-1])
            found['dpv:hasNotice'] = {'@type': 'dpv:ConsentNotice', 'dct:identifier': only(notice, 1).decode(),
                                      'dct:hasVersion': only(notice, 2).decode(), 'dct:language': only(notice, 3).decode(),
                                      'dct:issued': when(only(notice, 4, 0))}
        if 5 in asked:
            found['consentd:formSha256'] = only(message(asked[5][-1]), 2).hex()
        if 14 in asked:
            found['dct:replaces'] = asked[14][-1].hex()
        return found

    def agreed(self, line):
        scope = message(line.asked[2][-1])
        process = {'@type': 'dpv:Process', 'dpv:hasPurpose': coded('dpv:Purpose', only(scope, 4).decode()),
                   'dpv:hasPersonalData': each('dpv:PersonalData', texts(scope, 3)),
                   'dpv:hasDataSource': each('dpv:DataSource', texts(scope, 1)),
                   'dpv:hasRecipient': each('dpv:Recipient', texts(scope, 2)), 'dpv:hasStorageCondition': STORAGE,
                   'consentd:origins': each('consentd:Origin', texts(scope, 5)), 'consentd:case': only(scope, 6).decode()}
        if line.action == 'grant':
            start = only(line.asked, 8, 0) or (0 if 14 in line.asked else line.time)
            process.update({'consentd:validFrom': when(start), 'consentd:validUntil': when(only(line.asked, 9, 0)),
                            'consentd:oneTime': bool(only(line.asked, 10, 0)),
                            'consentd:underSecrecy': bool(only(line.asked, 13, 0)),
                            'consentd:form': words('Form')[only(line.asked, 4, 0)]})
        return process

    def state(self, line, kind, by, at):
        return {'@type': kind, 'consentd:action': line.action, 'consentd:line': self.name(line),
                'consentd:recordedBy': party(line.party), 'consentd:recordedAt': when(line.time),
                'dpv:isIndicatedBy': by, 'dpv:isIndicatedAtTime': when(at)}

    def stated(self, line):
        kind = 'dpv:ConsentGiven' if line.action == 'grant' else 'dpv:ConsentRefused'
        if not line.open:
            return self.state(line, kind, [party(line.party)], line.time)
        signed = [message(one) for one in line.asked.get(7 if line.action == 'grant' else 4, [])]
        by = [somebody(only(one, 1).decode()) for one in signed] or [party(line.party)]
        return self.state(line, kind, by, max([only(one, 2, 0) for one in signed], default=0) or line.time)

    def withdrawn(self, line):
        if line.action != 'revoke' or line.head['object'] != self.lines[0].head['object']:
            raise Wrong('the lines do not belong together')
        return {**self.how(line), 'consentd:ofThisConsent': line.open and self.lines[0].open or None}

    def how(self, line):
        if not line.open:
            return self.state(line, 'dpv:ConsentUnknown', [party(line.party)], line.time)
        if self.lines[0].open and only(line.asked, 1) != only(self.lines[0].recorded(), 1):
            raise Wrong('the lines do not belong together')
        who = only(line.asked, 5).decode()
        state = self.state(line, 'dpv:ConsentWithdrawn' if who == 'subject' else 'dpv:ConsentRevoked',
                           [somebody(who) if who else party(line.party)], only(line.asked, 6, 0) or line.time)
        part = [texts(line.asked, number) for number in (2, 3, 4)]
        if any(part):
            state['consentd:part'] = {'dpv:hasDataSource': each('dpv:DataSource', part[0]),
                                      'dpv:hasRecipient': each('dpv:Recipient', part[1]),
                                      'dpv:hasPersonalData': each('dpv:PersonalData', part[2])}
        state['consentd:already'] = bool(only(line.revoked(), 1, 0))
        state['consentd:informed'] = each('dpv:Organisation', texts(line.revoked(), 3))
        return state

    # --- Decisions -------------------------------------------------------------------------------------------------

    def decision(self, line):
        record = {'@type': 'dpv:DataProcessingRecord', 'consentd:askedBy': party(line.party), 'consentd:result': line.head['result']}
        if len(self.lines) > 1:
            raise Wrong('the lines do not belong together')
        if line.open:
            answer = message(line.evidence[10][-1])
            items = list(zip(line.asked[5], answer[2], strict=True))
            record['dpv:hasProcess'] = [self.item(line, answer, place, *map(message, both)) for place, both in enumerate(items)]
            record['consentd:mode'] = words('Mode')[only(line.asked, 8, 0)]
            record['consentd:case'] = only(line.asked, 7).decode()
            record['consentd:duties'] = [words('Obligation')[only(message(duty), 1, 0)] for duty in answer.get(8, [])]
        return record

    @staticmethod
    def item(line, answer, place, asked, told):
        process = {'@type': 'dpv:Process', 'dpv:hasPurpose': coded('dpv:Purpose', only(line.asked, 4).decode()),
                   'dpv:hasPersonalData': [coded('dpv:PersonalData', only(asked, 1).decode())],
                   'dpv:hasDataSource': [coded('dpv:DataSource', only(line.asked, 2).decode())],
                   'dpv:hasRecipient': [coded('dpv:Recipient', only(line.asked, 3).decode())], 'dpv:hasStorageCondition': STORAGE,
                   'consentd:origin': coded('consentd:Origin', only(asked, 2).decode())}
        ground = only(told, 1, 0)
        if not ground:
            reasons = line.evidence.get(5) or answer.get(3)
            return {**process, 'consentd:verdict': 'DENY', 'consentd:reasons': [words('Code')[code] for code in reasons[place]]}
        process['dpv:hasLegalBasis'] = {
            CONSENT: lambda: coded('dpv:Consent', line.evidence[6][only(told, 2, 0)].hex()),
            STATUTE: lambda: coded('consentd:Statute', only(told, 3).decode()),
            URGENT: lambda: coded('consentd:UrgentReason', only(told, 4).decode()),
            WRITTEN: lambda: {'@type': 'consentd:WrittenRequest'}}[ground]()
        return {**process, 'consentd:verdict': 'PERMIT'}


def are_words(told):
    """What codes mean, and nothing that JSON-LD reads as more."""
    names = [*told, *(code for one in told.values() if isinstance(one, dict) for code in one)]
    labels = [label for kind, one in told.items() if kind != 'controller' or isinstance(one, dict) for label in one.values()]
    return not any(set(name) & {'@', ':'} for name in names) and all(isinstance(label, str) for label in labels)


def no_doubles(pairs):
    if len(pairs) != len(dict(pairs)):
        raise Wrong('a key stands twice')
    return dict(pairs)


def differences(told, proven, place=''):
    """Every place at which the two are not the same."""
    if isinstance(told, dict) and isinstance(proven, dict):
        for key in sorted({*told, *proven}):
            yield from differences(told.get(key, 'nothing'), proven.get(key, 'nothing'), f'{place} > {key}')
    elif isinstance(told, list) and isinstance(proven, list) and len(told) == len(proven):
        for index, (one, other) in enumerate(zip(told, proven)):
            yield from differences(one, other, f'{place} > {index + 1}')
    elif (type(told), told) != (type(proven), proven):
        yield f'{place} says {told!r}, the line {proven!r}'


def verify(raw, key):
    """The receipt, which is proven but for its words."""
    receipt = json.loads(raw, object_pairs_hook=no_doubles)
    lines = []
    for one in receipt.pop('consentd:evidence'):
        if not {*one} <= {'consentd:tlogProof', 'consentd:key'}:
            raise Wrong('a line has something besides its proof and its key')
        number, line, _ = tlog.verify_proof(one['consentd:tlogProof'].encode(), key)
        own = one.get('consentd:key')
        lines.append(Line(number, line, tlog.decode(own) if own is not None else None))
    if not lines:
        raise Wrong('it has no lines')
    if not are_words(receipt.pop('consentd:words', {})):
        raise Wrong('the words are more than words')
    found = list(differences(receipt, Receipt(key[0], lines).claims()))
    if found:
        raise Wrong('; '.join(found))
    dpv.validate(receipt)
    return receipt


REFUSALS = (Wrong, tlog.Wrong, sealed_line.Damaged, dpv.NotValid, OSError, ValueError, KeyError, IndexError, TypeError, AttributeError)


def main():
    place, key = sys.argv[1:]
    try:
        receipt = verify(pathlib.Path(place).read_bytes(), tlog.read_key(key))
        print(receipt['dct:identifier'], receipt['consentd:code'])
    except REFUSALS as wrong:
        print(f'{type(wrong).__name__}: {wrong}', file=sys.stderr)
        return 1
    return 0


if __name__ == '__main__':
    sys.exit(main())
