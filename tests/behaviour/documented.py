"""JSON compared with what docs/json.md says of it: the tables on that page, and the messages of the protocol."""
import re

import admin_pb2
import check_pb2
import consent_pb2
import decision_pb2
import envelope_pb2
import events_pb2
import overview_pb2
import rights_pb2
import subject_pb2

from harness import SOURCE

FILES = (envelope_pb2, admin_pb2, check_pb2, consent_pb2, decision_pb2, events_pb2, overview_pb2, rights_pb2, subject_pb2)
TIME = re.compile(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z')
DAY = re.compile(r'(\d{4}-\d\d-\d\d)?')
ID = re.compile(r'([0-9a-f]{2})*')
WORD = re.compile(r'[A-Z][A-Z0-9_]*')
ROW = re.compile(r'\| `(\w+)` \| (.+?) \| ?(.*?) ?\|$')


def messages():
    """Every message of the protocol by its name, those within another too: 'Reply'."""
    return {name: message for file in FILES for name, message in file.DESCRIPTOR.message_types_by_name.items()}


class Undocumented(AssertionError):
    pass


def require(is_so, where, value, expected):
    if not is_so:
        raise Undocumented(f'{where}: {value!r} is not {expected}')


class Page:
    def __init__(self):
        self.text = (SOURCE / 'docs' / 'json.md').read_text()
        self.messages = messages()
        self.tables = {}
        for section in re.split(r'(?m)^### ', self.text)[1:]:
            name, _, rest = section.partition('\n')
            rest = re.split(r'(?m)^## ', rest)[0]
            rows = [ROW.match(line) for line in rest.splitlines()]
            self.tables[name] = {row[1]: (row[2], row[3]) for row in rows if row}

    def commands(self):
        """'consent list' -> 'Reply, `consent_list`', from the table of commands."""
        found = {}
        for names, document in re.findall(r'(?m)^\| (`[a-z -]+`(?:, `[a-z -]+`)*) \| (Reply, `\w+`|[A-Z]\w+) \|$', self.text):
            found.update({name: document for name in re.findall('`([^`]+)`', names)})
        return found

    def check_command(self, command, document):
        told = self.commands()[command]
        name, _, body = told.replace('`', '').partition(', ')
        self.check(name, document, command)
        if body:
            require(body in document, command, list(document), f'a reply with {body}')

    def check_failure(self, document, where):
        """A Failure: a Reply, and the keys of the table beside it."""
        keys = self.tables['Failure']
        self.check_object('Failure', {key: document[key] for key in keys}, where)
        self.check('Reply', {key: value for key, value in document.items() if key not in keys}, where)

    def check(self, kind, value, where):
        """`kind` as the page has it: 'text', '[Entry]', 'Side or null'. Words are checked by their list, where all are
        told."""
        if kind.endswith(' or null'):
            if value is not None:
                self.check(kind.removesuffix(' or null'), value, where)
        elif kind.startswith('['):
            require(isinstance(value, list), where, value, 'a list')
            for index, one in enumerate(value):
                self.check(kind[1:-1], one, f'{where}[{index}]')
        elif kind.startswith('what was said of '):
            self.check_message(self.messages[kind.removeprefix('what was said of ')], value, where, only_said=True)
        elif kind in self.tables:
            self.check_object(kind, value, where)
        elif kind in self.messages:
            self.check_message(self.messages[kind], value, where)
        else:
            check_plain(kind, value, where)

    def check_object(self, name, value, where):
        require(isinstance(value, dict), where, value, name)
        table, may_lack = self.tables[name], name == 'Details'
        expected = set(table) & set(value) if may_lack else set(table)
        require(set(value) == expected, where, sorted(value), f'{name} with the keys {sorted(table)}')
        for key, one in value.items():
            kind, what = table[key]
            self.check(kind, one, f'{where}.{key}')
            listed = re.findall('`([A-Z_]+)`', what)
            if kind == 'word' and listed and '...' not in what:
                require(one is None or one in listed, f'{where}.{key}', one, f'one of {listed}')

    def check_parts(self, names, value, where):
        """An object that has the keys of several tables, such as a report and what a spool adds to it."""
        for name in names[1:]:
            self.check_object(name, {key: one for key, one in value.items() if key in self.tables[name]}, where)
        others = {key for name in names[1:] for key in self.tables[name]}
        self.check_object(names[0], {key: one for key, one in value.items() if key not in others}, where)

    def check_message(self, message, value, where, only_said=False):
        require(isinstance(value, dict), where, value, message.name)
        always = {field.name for field in message.fields if not field.containing_oneof}
        chosen = {field.name for field in message.fields if field.containing_oneof} & set(value)
        require(set(value) <= always | chosen, where, sorted(set(value) - always), f'of {message.name}')
        require(only_said or always <= set(value), where, sorted(always - set(value)), 'left out')
        require(len(chosen) <= 1, where, sorted(chosen), 'the one of a oneof')
        for field in message.fields:
            if field.name in value:
                self.check_field(field, value[field.name], f'{where}.{field.name}', only_said)

    def check_field(self, field, value, where, only_said):
        if field.label == field.LABEL_REPEATED:
            require(isinstance(value, list), where, value, 'a list')
        require(not only_said or value not in ('', 0, [], None) or value is False, where, value, 'something')
        for index, one in enumerate(value if field.label == field.LABEL_REPEATED else [value]):
            if field.message_type and one is not None:
                self.check_message(field.message_type, one, f'{where}[{index}]', only_said)
            elif field.enum_type:
                names = {each.name for each in field.enum_type.values if each.number} | {None}
                require(one in names, where, one, f'of {field.enum_type.name}')
            elif not field.message_type:
                check_plain(kind_of(field), one, where)


def kind_of(field):
    if (field.containing_type.name, field.name) == ('BatchAnswer', 'status'):
        return 'word'
    return {field.TYPE_STRING: 'text', field.TYPE_BYTES: 'id', field.TYPE_INT64: 'time', field.TYPE_BOOL: 'truth',
            field.TYPE_UINT32: 'number', field.TYPE_UINT64: 'number'}[field.type]


def check_plain(kind, value, where):
    is_text, is_number = isinstance(value, str), isinstance(value, int) and not isinstance(value, bool)
    fits = {'text': is_text,
            'id': is_text and ID.fullmatch(value),
            'day': is_text and DAY.fullmatch(value),
            'time': value is None or is_text and TIME.fullmatch(value),
            'word': value is None or is_text and WORD.fullmatch(value),
            'number': is_number and value >= 0,
            'object': isinstance(value, dict),
            'counts': isinstance(value, dict) and all(WORD.fullmatch(key) and isinstance(one, int) for key, one in value.items()),
            'truth': isinstance(value, bool)}
    require(fits[kind], where, value, kind)
