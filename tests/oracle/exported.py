#!/usr/bin/python3
"""Validates what the registry exports, by the rules of the standards alone.

Usage: exported.py ldv|adl|cloudevents FILE

Written from what those standards ask of a record (Logboek Dataverwerkingen of Logius, Authorization Decision Log of VNG with
AuthZEN Authorization API 1.0, NL GOV CloudEvents 1.1). It shares no code with the registry, and asks nothing of it. Exit code 1,
and each fault with its line, if there is one.
"""
import json
import pathlib
import re
import sys

HEX = '[0-9a-f]'
RFC3339 = re.compile(r'\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d\d:\d\d)')
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
PSEUDONYM = re.compile(f'{HEX}{{32}}')


def is_text(value):
    return isinstance(value, str) and value != ''


def is_number(value):
    return isinstance(value, int) and not isinstance(value, bool)


def is_id(value, octets):
    """Octets as hexadecimal digits, not all of them zero: so W3C Trace Context has ids."""
    return isinstance(value, str) and re.fullmatch(f'{HEX}{{{2 * octets}}}', value) is not None and set(value) != {'0'}


def is_bsn(digits):
    if int(digits) == 0:
        return False
    digits = [int(digit) for digit in digits.zfill(9)]
    return (sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1))) - digits[8]) % 11 == 0


def texts(value, path=''):
    """Every text in a document, keys too, with where it stands."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield f'{path}.{key}', key
            yield from texts(inner, f'{path}.{key}')
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts(inner, f'{path}[{index}]')
    elif isinstance(value, str):
        yield path, value


def personal(document):
    """Nobody's BSN, anywhere."""
    for path, text in texts(document):
        for digits in re.findall(r'(?<![0-9A-Za-z])\d{8,9}(?![0-9A-Za-z])', text):
            if is_bsn(digits):
                yield f'{path} has a BSN'


def unknown_keys(document, known, what):
    return [f'{what} has {key}' for key in document if key not in known]


# --- Logboek Dataverwerkingen -------------------------------------------------------------------------------------------

LDV_NEEDED = ('trace_id', 'span_id', 'status', 'name', 'start_time', 'end_time', 'attributes')
LDV_OTHER = ('parent_span_id', 'resource')
DPL = ('dpl.core.processing_activity_id', 'dpl.core.data_subject_id', 'dpl.core.data_subject_id_type',
       'dpl.core.foreign_operation.processor')
MILLISECONDS = range(946_684_800_000, 4_102_444_800_000)  # of the years 2000 to 2099: seconds and nanoseconds are not
HANDLED = ('permit', 'partial', 'deny', 'ok', 'rejected', 'forbidden', 'invalid', 'not-found', 'conflict', 'replayed')


def ldv_attributes(attributes):
    if not isinstance(attributes, dict):
        yield 'attributes is no object'
        return
    for name in attributes:
        if name.startswith('dpl.') and name not in DPL:
            yield f'{name} is an invented name'
        if re.search('user|gebruiker|medewerker|actor', name):
            yield f'{name} is the identity of a user'
    activity, subject, sort, processor = (attributes.get(name) for name in DPL)
    if not is_text(activity) or not URI.fullmatch(activity):
        yield 'processing_activity_id is no URI'
    if not isinstance(subject, str) or not PSEUDONYM.fullmatch(subject):
        yield 'data_subject_id is no pseudonym of one subject'
    if not is_text(sort):
        yield 'data_subject_id_type is missing'
    if processor is not None and not is_text(processor):
        yield 'foreign_operation.processor is no text'


def ldv(record):
    yield from (f'{name} is missing' for name in LDV_NEEDED if name not in record)
    yield from unknown_keys(record, LDV_NEEDED + LDV_OTHER, 'the record')
    for name, octets in (('trace_id', 16), ('span_id', 8), ('parent_span_id', 8)):
        if name in record and not is_id(record[name], octets):
            yield f'{name} is not {octets} octets'
    if record.get('status') not in ('Unset', 'Ok', 'Error'):
        yield 'status is not Unset, Ok or Error'
    if not is_text(record.get('name')):
        yield 'name is empty'
    times = [record.get('start_time'), record.get('end_time')]
    if not all(is_number(time) and time in MILLISECONDS for time in times):
        yield 'start_time and end_time are not milliseconds since 1970'
    elif times[0] > times[1]:
        yield 'it ends before it starts'
    if 'resource' in record and not isinstance(record['resource'], dict):
        yield 'resource is no object'
    yield from ldv_attributes(record.get('attributes'))
    attributes = record.get('attributes')
    if record.get('status') == 'Error' and isinstance(attributes, dict) and \
            attributes.get('nl.toestemmingen.uitkomst') in HANDLED:
        yield 'what was well handled, a denial too, is an Error'


def ldv_order(records):
    seen = set()
    for number, record in records:
        if record.get('span_id') in seen:
            yield number, 'span_id is that of another record'
        seen.add(record.get('span_id'))


# --- Authorization Decision Log -----------------------------------------------------------------------------------------

ADL_NEEDED = ('trace_id', 'span_id', 'timestamp', 'type', 'request', 'response')
ADL_OTHER = ('policies', 'information', 'configuration')


def entity(value, names, what):
    """A subject, an action or a resource: an object with these texts."""
    if not isinstance(value, dict):
        yield f'{what} is missing'
        return
    yield from (f'{what}.{name} is missing' for name in names if not is_text(value.get(name)))
    yield from unknown_keys(value, (*names, 'properties'), what)
    if 'properties' in value and not isinstance(value['properties'], dict):
        yield f'{what}.properties is no object'


def evaluation_asked(asked, what):
    yield from entity(asked.get('subject'), ('type', 'id'), f'{what}.subject')
    yield from entity(asked.get('action'), ('name',), f'{what}.action')
    yield from entity(asked.get('resource'), ('type', 'id'), f'{what}.resource')
    if 'context' in asked and not isinstance(asked['context'], dict):
        yield f'{what}.context is no object'
    yield from unknown_keys(asked, ('subject', 'action', 'resource', 'context'), what)


def evaluation_answered(answered, what):
    if not isinstance(answered, dict) or not isinstance(answered.get('decision'), bool):
        yield f'{what}.decision is neither true nor false'
        return
    if 'context' in answered and not isinstance(answered['context'], dict):
        yield f'{what}.context is no object'
    yield from unknown_keys(answered, ('decision', 'context'), what)


def evaluations(request, response):
    """/access/v1/evaluations: each item has what it does not say itself from the request, and an answer in its place."""
    asked, answered = request.get('evaluations'), response.get('evaluations')
    if not isinstance(asked, list) or not isinstance(answered, list) or not asked:
        yield 'evaluations are missing'
        return
    if len(asked) != len(answered):
        yield f'{len(asked)} are asked and {len(answered)} answered'
    defaults = {name: value for name, value in request.items() if name != 'evaluations'}
    for index, item in enumerate(asked):
        yield from evaluation_asked({**defaults, **item}, f'request.evaluations[{index}]')
    for index, item in enumerate(answered):
        yield from evaluation_answered(item, f'response.evaluations[{index}]')


def adl(record):
    yield from (f'{name} is missing' for name in ADL_NEEDED if name not in record)
    yield from unknown_keys(record, ADL_NEEDED + ADL_OTHER, 'the record')
    for name, octets in (('trace_id', 16), ('span_id', 8)):
        if name in record and not is_id(record[name], octets):
            yield f'{name} is not {octets} octets'
    if not isinstance(record.get('timestamp'), str) or not RFC3339.fullmatch(record['timestamp']):
        yield 'timestamp is no moment'
    request, response = record.get('request'), record.get('response')
    if not isinstance(request, dict) or not isinstance(response, dict):
        yield 'request or response is no object'
    elif record.get('type') == 'evaluation':
        yield from evaluation_asked(request, 'request')
        yield from evaluation_answered(response, 'response')
    elif record.get('type') == 'evaluations':
        yield from evaluations(request, response)
    else:
        yield 'type is neither evaluation nor evaluations'


# --- NL GOV CloudEvents -------------------------------------------------------------------------------------------------

EVENT_NEEDED = ('id', 'source', 'specversion', 'type')
DATA = ('data', 'data_base64')


def context_of(event):
    return {name: value for name, value in event.items() if name not in DATA}


def is_32_bit(number):
    return -2 ** 31 <= number < 2 ** 31


def is_allowed(point):
    """Neither a control, nor half of a pair, nor a point that Unicode keeps for no character."""
    return not (point < 0x20 or 0x7f <= point < 0xa0 or 0xd800 <= point < 0xe000 or 0xfdd0 <= point < 0xfdf0 or
                point & 0xfffe == 0xfffe)


def event_attributes(context):
    for name, value in context.items():
        if not re.fullmatch('[a-z0-9]{1,20}', name):
            yield f'{name} is no name of an attribute'
        if not isinstance(value, (str, int)) or value == '':
            yield f'{name} is no text, number or truth, or empty'
        if is_number(value) and not is_32_bit(value):
            yield f'{name} is a number of more than 32 bits'
        if isinstance(value, str) and not all(is_allowed(ord(character)) for character in value):
            yield f'{name} has a character that no text may have'
    if 'id' in context and not is_text(context['id']):
        yield 'id is no text'
    source, sort = context.get('source'), context.get('type')
    if not isinstance(source, str) or not re.fullmatch(r'urn:nld:oin:\d{20}:systeem:[A-Za-z0-9._~%-]+', source):
        yield 'source is not urn:nld:oin:<20 digits>:systeem:<name>'
    if context.get('specversion') != '1.0':
        yield 'specversion is not 1.0'
    if not isinstance(sort, str) or not re.fullmatch(r'nl(\.[a-z][a-z0-9-]*){2,}', sort):
        yield 'type is no name by reverse DNS'
    if 'time' in context and not RFC3339.fullmatch(str(context['time'])):
        yield 'time is no moment'
    if 'datacontenttype' in context and not re.fullmatch(r'[a-z]+/[a-z0-9.+-]+', str(context['datacontenttype'])):
        yield 'datacontenttype is no media type'
    for name in ('dataschema', 'dataref'):
        if name in context and not URI.fullmatch(str(context[name])):
            yield f'{name} is no URI'
    if 'sequence' in context and not re.fullmatch('[1-9][0-9]*', str(context['sequence'])):
        yield 'sequence is no number from 1 on'
    elif context.get('sequencetype') == 'Integer' and not is_32_bit(int(context.get('sequence', 0))):
        yield 'sequence is no Integer of 32 bits, and would have begun anew'
    if context.get('sequencetype', 'Integer') != 'Integer' or ('sequencetype' in context and 'sequence' not in context):
        yield 'sequencetype is not Integer, of a sequence'


def event_sensitive(event, context):
    """A pseudonym may stand in `subject`. What the data say of a person stands nowhere else."""
    if 'subject' in context and not PSEUDONYM.fullmatch(str(context['subject'])):
        yield 'subject is no pseudonym'
    data = event.get('data') if isinstance(event.get('data'), dict) else {}
    told = {value for name, value in data.items() if name in ('subject_ref', 'consent_id', 'case_ref') and is_text(value)}
    parties = {party for name in ('providers', 'recipients') for party in data.get(name, [])}
    for name, value in context.items():
        if any(one in str(value) for one in told if name != 'subject' or one != data.get('subject_ref')):
            yield f'{name} has what the data say of a person'
        if name == 'type' and any(re.search(rf'\b{re.escape(party)}\b', str(value)) for party in parties):
            yield 'type has the name of an organisation'


def cloudevents(event):
    yield from (f'{name} is missing' for name in EVENT_NEEDED if name not in event)
    context = context_of(event)
    yield from event_attributes(context)
    yield from event_sensitive(event, context)


def cloudevents_order(records):
    seen, before = set(), None
    for number, event in records:
        key = (event.get('source'), event.get('id'))
        if key in seen:
            yield number, 'source and id are those of another event'
        seen.add(key)
        sequence = event.get('sequence')
        if before and sequence and int(sequence) != before + 1:
            yield number, f'sequence {sequence} comes after {before}'
        before = int(sequence) if sequence else None


# --- A file -------------------------------------------------------------------------------------------------------------

FORMS = {'ldv': (ldv, ldv_order), 'adl': (adl, ldv_order), 'cloudevents': (cloudevents, cloudevents_order)}


def faults(form, record):
    """What is wrong with one record."""
    if not isinstance(record, dict):
        return ['it is no object']
    return [*FORMS[form][0](record), *personal(record)]


def read(text):
    """The records of a file of JSON lines. Each line is whole."""
    if text and not text.endswith('\n'):
        raise ValueError('the last line is not whole')
    return [json.loads(line) for line in text.split('\n')[:-1]]


def faults_of(form, records):
    """(line, fault) of all of them."""
    found = [(number, fault) for number, record in enumerate(records, 1) for fault in faults(form, record)]
    return found + [*FORMS[form][1](list(enumerate(records, 1)))]


def main():
    form, path = sys.argv[1:]
    try:
        records = read(pathlib.Path(path).read_text())
    except ValueError as fault:
        print(f'{path}: {fault}')
        return 1
    found = faults_of(form, records)
    for number, fault in found:
        print(f'{path}:{number}: {fault}')
    if not found:
        print(f'{len(records)} records of {form}')
    return 1 if found else 0


if __name__ == '__main__':
    sys.exit(main())
