"""Whether a receipt is one by the rules for consent receipts: ISO/IEC TS 27560 through the W3C guide for the DPV.

Written from what the project notes of that guide (standards, section 6), and not from the program. Of a decision there is
no consent receipt: only what the rules say of any record and of a process is looked at, and it may not say that it is one."""
import re

SCHEMA = 'https://w3id.org/dpv/schema/dpv-27560'
STATES = {f'dpv:{state}' for state in (
    'ConsentRequested ConsentRequestDeferred ConsentGiven RenewedConsentGiven ConsentRefused ConsentExpired ConsentWithdrawn '
    'ConsentRevoked ConsentInvalidated ConsentUnknown').split()}
CONTROLS = {'dpv:WithdrawConsent', 'dpv:ProvideConsent'}
PREFIXES = {'dpv': 'https://w3id.org/dpv#', 'loc': 'https://w3id.org/dpv/loc#', 'dct': 'http://purl.org/dc/terms/'}
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z')
PSEUDONYM = re.compile(r'[0-9a-f]{32}')


class NotValid(Exception):
    pass


def require(is_so, what):
    if not is_so:
        raise NotValid(what)


def has(node, key, kind=None):
    """The value of a key that must be there, of that type."""
    require(isinstance(node, dict) and node.get(key) not in (None, '', [], {}), f'{key} is missing')
    value = node[key]
    if kind:
        for one in value if isinstance(value, list) else [value]:
            require(isinstance(one, dict) and one.get('@type') == kind, f'{key} is not a {kind}')
            has(one, 'dct:identifier' if kind != 'dpv:DataController' else '@id')
    return value


def moment(node, key):
    require(TIME.fullmatch(has(node, key)), f'{key} is no moment')


def names(node):
    """Every key and type is of a vocabulary that the context names."""
    if isinstance(node, list):
        for one in node:
            names(one)
    if isinstance(node, dict):
        for key, value in node.items():
            require(key.startswith('@') or key.split(':')[0] in (*PREFIXES, 'consentd'), f'{key} is of no vocabulary')
            if key != 'consentd:words':
                names(value)


def process(one):
    require(one.get('@type') == 'dpv:Process', 'a process is not a dpv:Process')
    has(one, 'dpv:hasPurpose', 'dpv:Purpose')
    has(one, 'dpv:hasPersonalData', 'dpv:PersonalData')
    has(one, 'dpv:hasRecipient', 'dpv:Recipient')
    require(has(one, 'dpv:hasStorageCondition')['@type'] == 'dpv:StorageCondition', 'no storage condition')


def record(one):
    """What every record has."""
    has(one, 'dct:identifier')
    moment(one, 'dct:created')
    require(PSEUDONYM.fullmatch(has(one, 'dpv:hasDataSubject', 'dpv:DataSubject')['dct:identifier']), 'the subject has no pseudonym')
    has(one, 'dpv:hasDataController', 'dpv:DataController')
    require(one.get('dpv:hasJurisdiction') == 'loc:NL', 'another jurisdiction')
    if one['consentd:closed']:
        require('dpv:hasProcess' not in one and 'dpv:hasNotice' not in one, 'a closed record tells what is in it')
        return
    require(isinstance(has(one, 'dpv:hasProcess'), list), 'dpv:hasProcess is no array')
    for part in one['dpv:hasProcess']:
        process(part)


def state(one):
    require(one.get('@type') in STATES, f'{one.get("@type")} is no state of a consent')
    moment(one, 'dpv:isIndicatedAtTime')
    who = {by['@type'] for by in has(one, 'dpv:isIndicatedBy')}
    if one['@type'] == 'dpv:ConsentWithdrawn':
        require(who == {'dpv:DataSubject'}, 'withdrawn, and not by the subject')
    if one['@type'] == 'dpv:ConsentRevoked':
        require('dpv:DataSubject' not in who, 'revoked by the subject')


def consent(one):
    require(one.get('@type') == 'dpv:ConsentRecord', 'the record is none')
    require(one.get('dct:conformsTo') == SCHEMA + '#record', 'the record conforms to nothing')
    states = has(one, 'dpv:hasConsentStatus')
    for each in states:
        state(each)
    given = states[0]['@type'] == 'dpv:ConsentGiven'
    require(given or states[0]['@type'] == 'dpv:ConsentRefused', 'it begins neither given nor refused')
    require(one.get('dpv:hasConsentControl') in CONTROLS, 'no control')
    require((one['dpv:hasConsentControl'] == 'dpv:WithdrawConsent') == given, 'what was given can be withdrawn, and nothing else')
    if given and not one['consentd:closed'] and 'dct:replaces' not in one:
        has(one, 'dpv:hasNotice')
    if 'dpv:hasNotice' in one:
        has(one['dpv:hasNotice'], 'dct:identifier')
        has(one['dpv:hasNotice'], 'dct:language')


def validate(receipt):
    require({key: receipt['@context'].get(key) for key in PREFIXES} == PREFIXES, 'the context has other vocabularies')
    names(receipt)
    has(receipt, 'dct:identifier')
    moment(receipt, 'dct:created')
    inner = has(receipt, 'dpv:hasRecordOfActivity')
    record(inner)
    if receipt['@type'] == 'dpv:ConsentReceipt':
        require(receipt.get('dct:conformsTo') == SCHEMA + '#receipt', 'the receipt conforms to nothing')
        consent(inner)
    else:
        require('dct:conformsTo' not in receipt and 'dct:conformsTo' not in inner, 'a decision is no consent receipt')
        require(inner.get('@type') == 'dpv:DataProcessingRecord', 'the record of a decision is none')
