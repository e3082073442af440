"""docs/operations.md: every command of the page, as it stands there and in its order, in one fresh instance, with the keys that it names.

What the page leaves open (FILE, ID, a number) is filled in; the days of its examples move with today. What only a whole machine has
(packages, users of the system, a second registry) is tried with the packages (scripts/package-try).
"""
import datetime
import json
import os
import re
import threading
import unittest

from harness import SOURCE, today
from letters import sender
from pages import PageTest
from receiver import Receiver, certificate, secured_by

WRITTEN = datetime.date(2026, 11, 28)
PROGRAMS = ('consentctl', 'consentd', 'consent-watch', 'consent-view', 'runuser', 'systemctl', 'install', 'cp', 'journalctl',
            'apt', 'meson', 'ninja', '.', 'systemd-sysusers', 'systemd-tmpfiles', 'copy_keys')
ELSEWHERE = ('apt ', '. scripts', 'meson ', 'ninja ', 'systemd-', 'systemctl daemon-reload', 'install -d -o consentd-NAME',
             'runuser -u consentd-NAME', 'systemctl enable --now consentd@NAME')
GOES_ON = re.compile(r'^consent-watch (?!--new)|^consent-view |--follow')
FILES = {'--bsn-file': 'bsn', '--birth-date-file': 'born', '--reason-file': 'why', '--note-file': 'why', '--wish-file': 'why',
         '--motivation-file': 'why', '--batch': 'batch.json', 'config check': '/var/lib/consentd/consentd.conf'}
PEOPLE = {'bsn': '999996770', 'child': '999990007', 'second': '999990019', 'gone': '999990020'}
# They ask at a terminal whether it shall be so, and take no answer from elsewhere.
ASKS = re.compile(r'rights erase \d+$|subject set |clock reset')
REFUSED = 65


def told():
    """The commands of the page, in their order; one that is a function of the shell with its last line."""
    for part in re.split(r'(?m)^(?=##)|(?<=\n)\n(?=    \S)|(?<=\n)\n(?=\S)', (SOURCE / 'docs' / 'operations.md').read_text()):
        if part.startswith('    ') and part.split()[0] in PROGRAMS:
            text = ''.join(line.removeprefix('    ') for line in part.splitlines(keepends=True)).replace('\\\n', ' ')
            yield from [text] if part.split()[0] == 'copy_keys' else [' '.join(line.split()) for line in text.splitlines() if line]


def on_this_day(command):
    """The command of somebody who reads the page today."""
    moved = today() - WRITTEN
    return re.sub(r'\b\d{4}-\d\d-\d\d\b', lambda found: str(datetime.date.fromisoformat(found[0]) + moved), command)


BEFORE, AFTER = {}, {}


def before(start):
    """What must be there for the command that begins so. It may return other words for what the page leaves open."""
    return lambda method: BEFORE.setdefault(start, method)


def after(start):
    """What follows from what the command said."""
    return lambda method: AFTER.setdefault(start, method)


def found(table, command):
    """The method of the longest beginning that fits."""
    starts = [start for start in table if f'{command} '.startswith(f'{start} ')]
    return table[max(starts, key=len)] if starts else lambda *_: None


class Operations(PageTest):
    def setUp(self):
        super().setUp()
        self.values = {'CONFIGURATION': '/var/lib/consentd/consentd.conf', '[PARTY]': '', '[--waiting]': '--waiting',
                       '[--provider PARTY]': '', '[--purpose CODE]': '', '[--category CODE]': '', 'PURPOSE': 'toekenning'}
        self.codes = {'consentctl clock reset': REFUSED, 'consentctl events skip': REFUSED}
        self.person, self.stdin = 'bsn', ''
        for name, text in {**PEOPLE, 'born': '1951-02-03', 'why': 'zo is het op het formulier aangekruist',
                           'child-born': f'{today().year - 7}-02-03', 'reden.txt': 'wil eerst overleggen',
                           'waarom.txt': 'om de hulp te kunnen geven'}.items():
            (self.home / name).write_text(f'{text}\n')
        for place in ('/mnt/second', '/media/keys', '/var/lib/consentd-copy', '/var/lib/horizon', '/var/backups/consentd'):
            self.place(place).mkdir(parents=True, exist_ok=True)

    def on_this_machine(self, command):
        command = super().on_this_machine(command)
        return command.replace('policies/kaag-en-braassem-2015', 'policies/wmo-jeugdwet-2026') if ' setup ' in command else command

    def make_small(self):
        super().make_small()
        path = self.place('/var/lib/consentd/consentd.conf')
        path.write_text(path.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"'))

    # --- What the page leaves open

    def filled(self, command):
        files = {**FILES, '--bsn-file': self.person, '--birth-date-file': 'born' if self.person == 'bsn' else 'child-born'}
        for option, file in files.items():
            command = command.replace(f'{option} FILE', f'{option} {file}')
        command = on_this_day(command)
        for word in sorted(self.values, key=len, reverse=True):
            command = re.sub(rf'(?<![\w\[-]){re.escape(word)}(?![\w-]|\])', lambda _, word=word: self.values[word], command)
        return f'{command} --yes' if ASKS.search(command) else command

    def number_in(self, pattern, said):
        number = re.search(pattern, said)
        self.assertIsNotNone(number, said)
        return number[1]

    def decision(self, bsn='bsn', recipient='zorgaanbieder-horizon', purpose='toekenning', items='naw:wmo'):
        """The number of a new disclosure by the social team."""
        return self.number_in(r'(?m)^decision +(\d+)$', self.type(
            f'consentctl --key kernteam.key check --bsn-file {bsn} --provider kernteam --recipient {recipient} --purpose {purpose} '
            f'--item {items} --disclose'))

    def consent(self, bsn='bsn'):
        """A new consent for zorgaanbieder-horizon."""
        return self.number_in('([0-9a-f]{32})', self.type(
            f'consentctl --key kernteam.key consent grant --bsn-file {bsn} --provider kernteam --recipient zorgaanbieder-horizon '
            '--purpose registratie-hulpvraag --category naw --motivation-file why --form written --evidence-reference zaak-1 --evidence-file why '
            f'--notice folder-sociaal-domein:2026-1:nl --signer subject --valid-until {today() + datetime.timedelta(60)}'))

    def something_happens(self):
        """An event for zorgaanbieder-horizon."""
        self.type(f'consentctl --key kernteam.key consent revoke {self.consent()} --withdrawn-by subject')

    def request_of_rights(self, kind, bsn, by='subject'):
        """A request of the subject that is granted."""
        number = self.number_in(r'(?m)^number +(\d+)$', self.type(
            f'consentctl rights open --kind {kind} --by {by} --way post --identity signature --bsn-file {bsn} --wish-file why'))
        self.type(f'consentctl rights decide {number} --outcome granted')
        return number

    def add(self, person, born='born', more=''):
        self.type(f'consentctl --key kernteam.key subject add --bsn-file {person} --birth-date-file {born} {more}')

    # --- Set up, parties, requests

    @after('systemctl enable --now consentd')
    def with_parties(self, _):
        self.place('/var/lib/consentd/policies/wmo-jeugdwet-2026/brieven/gemeente.txt').write_text(sender())
        for party, more in {'kernteam': '--kind kernteam --role sociale-team', 'wmo-team': '--kind wmo-team --role sociale-team',
                            'cak': '--kind cak --role partner --agreement-from 2026-01-01'}.items():
            self.type(f'consentctl party add {party} {more} --out {party}.key')
        self.add('bsn')
        self.add('gone')
        self.add('child', 'child-born', f'--representative ouder-1:ouder-met-gezag:{today().year - 7}-02-03')

    @after('consentctl party remove zorgaanbieder-horizon')
    def it_comes_back(self, _):
        os.remove(self.home / 'horizon.key')
        self.type('consentctl party add zorgaanbieder-horizon --kind zorgaanbieder --role partner --agreement-from 2026-01-01 --out horizon.key')

    @after('consentctl party key remove')
    def with_the_new_key(self, _):
        os.replace(self.home / 'horizon-2027.key', self.home / 'horizon.key')

    @before('consentctl party export DIR')
    def parties_in_a_directory(self, _):
        self.values['DIR'] = 'partijen'

    @before('consentd --operator')
    def another_operator(self, _):
        configuration = self.place('/var/lib/consentd/consentd.conf').read_text()
        self.type('consentctl setup scratch')
        self.place('/var/lib/consentd/consentd.conf').write_text(configuration)
        (self.home / 'operator-3.party').write_text((self.home / 'scratch/parties/operator.party').read_text())
        self.type('systemctl stop consentd')

    @after('consentd --operator')
    def it_goes_on(self, _):
        self.type('systemctl start consentd')
        self.assertIn('operator-3', self.type('consentctl party list'))

    @after('consentctl --key horizon.key request make')
    def asked(self, said):
        self.values['ID'] = self.number_in('([0-9a-f]{32})', said)
        self.values['...'] = '--evidence-reference zaak-1 --evidence-file why --notice folder-sociaal-domein:2026-1:nl'

    @before('consentctl --key kernteam.key consent refuse')
    def asked_again(self, _):
        said = self.type(self.filled(next(command for command in told() if ' request make ' in command)))
        self.values['ID'] = self.number_in('([0-9a-f]{32})', said)

    # --- The store, backup, the log

    @after('runuser -u consentd -- consentctl keys vault')
    def it_is_named(self, _):
        path = self.place('/var/lib/consentd/consentd.conf')
        text = path.read_text()
        new = text.replace('vault = "keys/vault.key"', 'vault-former = "keys/vault.key"\n    vault = "keys/vault-2027.key"')
        self.assertNotEqual(new, text)
        path.write_text(new)

    @after('consentctl --key /var/lib/consentd/keys/operator.key keys list')
    def both_are_accepted(self, said):
        self.assertIn('former', said)

    @before('consentctl audit export /var/lib/consentd-evidence')
    def the_key_of_the_log(self, _):
        self.values['KEY'] = self.type('consentctl audit checkpoint').split()[-1]

    @before('consentctl audit prove')
    def a_decision(self, _):
        number = self.values['2041'] = self.values['1204'] = self.decision()
        self.wait_for(lambda: int(self.type('consentctl audit checkpoint').splitlines()[1]) > int(number), 'a checkpoint')

    @after('consent-watch --new-witness-key')
    def a_witness(self, said):
        self.witness = said.split()[-1]

    @before('consentctl audit witnesses')
    def it_has_signed(self, _):
        self.wait_for(lambda: 'horizon.example' in self.type('consentctl audit witnesses'), 'the witness')

    @before('consentctl audit export DIR')
    def with_another_witness(self, _):
        self.assertEqual(self.stop_begun()[-1], 0)
        other = self.type('consent-watch --new-witness-key other.key --name other.example/witness').split()[-1]
        self.values.update({'DIR': 'uitgevoerd', '--witness KEY --witness KEY': f'--witness {self.witness} --witness {other}'})

    @before('consentctl audit fsck DIR')
    def of_whom_one_signed(self, _):
        self.values['--witness KEY --witness KEY'] = f'--witness {self.witness}'

    @before('consentctl receipt consent')
    def a_consent(self, _):
        self.values['ID'] = self.consent()

    @after('consentctl receipt consent')
    def of_which_the_letter_has_the_code(self, _):
        os.remove(self.home / 'bewijs.json')

    @after('consentctl receipt decision')
    def its_code(self, said):
        self.values['2041-7K3M-9QXR-2HTA-VW4P'] = self.number_in(r'\b(\d+(?:-[0-9A-Z]{4}){4})\b', said)

    @before('consentctl audit copy --to')
    def that_are_named(self, _):
        path = self.place('/var/lib/consentd/consentd.conf')
        path.write_text(path.read_text().replace('\nlog\n', '\nlog\n    copies = "tweede syslog"\n', 1))
        self.type('systemctl reload consentd')

    @after('consentctl audit copy --to')
    def it_copies(self, said):
        self.wait_for(lambda: list(self.place('/mnt/second').glob('log/*')), lambda: f'the copy: {said.read_text()}')
        self.stop_begun()

    @before('consentctl audit copy --pipe')
    def a_reader(self, _):
        os.mkfifo(self.place('/run/log.fifo'))
        threading.Thread(target=self.read_pipe, daemon=True).start()

    def read_pipe(self):
        with open(self.place('/run/log.fifo'), 'rb') as pipe:
            self.piped = pipe.readline()
            while pipe.read(4096):
                pass

    @after('consentctl audit copy --pipe')
    def it_reads(self, said):
        self.wait_for(lambda: b'line@32473' in getattr(self, 'piped', b''), lambda: f'a line in the pipe: {said.read_text()}')
        self.stop_begun()

    @before('runuser -u consentd -- consentctl --key KEY audit archive')
    def an_archive(self, _):
        self.values['--key KEY'] = '--key /var/lib/consentd/keys/operator.key'
        self.place('/var/lib/consentd-archive').mkdir(mode=0o700, exist_ok=True)
        path = self.place('/var/lib/consentd/consentd.conf')
        if '\n    archive = ' not in path.read_text():
            path.write_text(path.read_text().replace('\nlog\n', f'\nlog\n    archive = "{self.place("/var/lib/consentd-archive")}"\n', 1))
            self.type('systemctl restart consentd')

    # --- What a subject asks, and what is recorded of one

    @before('consentctl restriction')
    @before('consentctl hold')
    @before('consentctl rights open')
    @before('consentctl subject show')
    def whom_it_is_about(self, command):
        self.person = 'child' if ' ouder-1 ' in command else 'bsn'
        self.stdin = '' if '--bsn-file' in command and '-file -' not in command else f'{PEOPLE["bsn"]}\n'

    @after('consentctl rights open')
    def opened(self, said):
        number = self.number_in(r'(?m)^number +(\d+)$', said)
        self.values.update({'2041': number, '2057': number, 'NUMBER': number})
        return number

    @before('consentctl rights list')
    def of_the_subject(self, _):
        self.opened(self.type('consentctl rights open --kind access --by subject --way counter --identity document --bsn-file bsn'))

    @before('consentctl --key kernteam.key consent grant --corrects')
    def of_a_consent_that_was_copied_wrongly(self, _):
        self.person = 'bsn'
        self.values.update(ID=self.consent(), NUMBER=self.request_of_rights('rectification', 'bsn'))

    @before('consentctl rights open --kind erasure')
    def of_somebody_of_whom_nothing_must_be_kept(self, _):
        self.person = 'gone'
        self.add('gone')

    @before('consentctl letter request')
    def with_the_words_of_a_pack(self, _):
        self.values['DIR'] = '/var/lib/consentd/policies/wmo-jeugdwet-2026'

    @before('consentctl overview')
    def who_reads(self, command):
        self.person = 'child' if 'ouder-1' in command else 'bsn'

    @before('consentctl --key kernteam.key check --batch')
    def many_checks(self, command):
        whole = {} if '--provider' in command else {'provider': 'kernteam', 'recipient': 'zorgaanbieder-horizon', 'purpose': 'toekenning',
                                                    'items': ['naw:wmo']}
        (self.home / 'batch.json').write_text(json.dumps([{'bsn': PEOPLE['bsn'], **whole}]))

    @before('consentctl subject add')
    @before('consentctl subject set')
    @before('consentctl subject show --bsn-file')
    def another_child(self, _):
        self.person = 'second'

    @before('consentctl subject set --bsn-file FILE --birth-date-file FILE --request')
    def on_a_request(self, _):
        self.person = 'second'
        (self.home / 'child-born').write_text(f'{today().year - 8}-02-03\n')
        self.values['1370'] = self.request_of_rights('rectification', 'second', 'ouder-1')

    # --- What is due, events

    @before('consentctl obligation defer')
    def that_can_be_put_off(self, _):
        self.type('consentctl party add veilig-thuis --kind veilig-thuis --role partner --agreement-from 2026-01-01 --out veilig-thuis.key')
        self.values['1204'] = self.decision('bsn', 'veilig-thuis', 'escalatie', 'naw:wmo --manager chef-3')

    @before('consentctl letter obligation')
    def on_a_statute(self, _):
        self.values['1204'] = self.number_in(r'inform the subject +kernteam +decision (\d+) to zorgaanbieder', self.type('consentctl due'))

    @before('consentctl obligation done 1204 record-against-will')
    def against_the_will(self, _):
        self.person = 'bsn'
        about = '--provider kernteam --recipient wmo-team --purpose informatie-plan --category netwerk-naw'
        self.type(f'consentctl --key kernteam.key consent refuse --bsn-file bsn {about} --signer subject --motivation-file why')
        self.values['1204'] = self.decision('bsn', 'wmo-team', 'informatie-plan', 'netwerk-naw:wmo')

    @before('consentctl obligation done 1377 erase-data')
    def somebody_who_had_what_must_be_kept(self, _):
        self.decision('child')
        request = self.opened(self.type('consentctl rights open --kind erasure --by ouder-1 --way post --identity signature '
                                        '--bsn-file child --wish-file why'))
        self.type(f'consentctl rights decide {request} --outcome in-part --reason-file why --article "LAW Wmo 5.3.4"')
        self.type(f'consentctl rights erase {request} --yes')
        self.values['1377'] = self.number_in(r'erase .*(?:request|decision|entry) (\d+)', self.type('consentctl due'))

    @before('consentctl events forget')
    def an_old_system(self, _):
        self.type('consent-watch --key horizon.key --consumer oud-portaal --position oud.position --once >>oud.events')

    @before('consentctl consent show')
    def of_now(self, _):
        self.values['ID'] = self.consent()

    @after('consent-watch --key horizon.key --position /var/lib/horizon/position >>/var/lib/horizon/events')
    def it_is_heard(self, _):
        self.something_happens()
        self.wait_for(lambda: 'ingetrokken' in self.place('/var/lib/horizon/events').read_text(), 'the event')

    @before('consent-watch --key horizon.key --position /var/lib/horizon/position --set-aside')
    def a_program(self, _):
        program = self.place('/usr/local/bin/block-record')
        program.write_text(f'#!/bin/sh\ncat >>{self.machine}/blocked\n')
        program.chmod(0o755)

    @after('consent-watch --key horizon.key --position /var/lib/horizon/position --set-aside')
    def it_is_run(self, _):
        self.something_happens()
        self.wait_for((self.machine / 'blocked').exists, 'the program')

    @before('consent-watch --key horizon.key --position /var/lib/horizon/position --http')
    def a_receiver(self, _):
        certificate(self.machine, 'authority')
        self.receiver = Receiver(context=secured_by(self.machine, 'authority'))
        self.addCleanup(self.receiver.close)
        self.values['https://horizon.example/gebeurtenissen'] = f'{self.receiver.url}/gebeurtenissen --ca {self.machine}/authority.pem'
        self.place('/etc/horizon/headers').write_text('Authorization: Bearer geheim\n')
        self.place('/etc/horizon/headers').chmod(0o600)

    @after('consent-watch --key horizon.key --position /var/lib/horizon/position --http')
    def it_receives(self, said):
        self.something_happens()
        self.wait_for(lambda: self.receiver.taken, lambda: f'the receiver: {said.read_text()}')
        self.assertEqual(self.receiver.headers[0][1]['Authorization'], 'Bearer geheim')

    @after('consent-view')
    def it_answers(self, said):
        self.begun[-1].stdin.write(b'status\n')
        self.begun[-1].stdin.flush()
        self.wait_for(lambda: '"' in said.read_text(), 'the view')

    @before('consent-watch --key DIR/keys/operator.key')
    def of_this_registry(self, _):
        self.values['DIR/keys/operator.key'] = '/var/lib/consentd/keys/operator.key'

    # --- All of it

    def run_one(self, command):
        if command.startswith('consentd --operator'):
            return self.until_ready(self.filled(command))
        if GOES_ON.search(command):
            self.stop_begun()
            return self.begin(self.filled(command))
        expected = [code for start, code in self.codes.items() if command.startswith(start)]
        return self.type(self.filled(command), *expected[:1], stdin=self.stdin)

    def test_every_command_does_what_the_page_says(self):
        for command in [command for command in told() if not command.startswith(ELSEWHERE)]:
            with self.subTest(command):
                self.stdin = ''
                found(BEFORE, command)(self, command)
                said = self.run_one(command)
                found(AFTER, command)(self, said)


if __name__ == '__main__':
    unittest.main()
