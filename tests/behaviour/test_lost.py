"""An answer that does not come: the command says that it does not know, how to find out, and asks again without doing
anything twice."""
import json
import re
import socket
import threading
import unittest
from datetime import timedelta

from harness import SOURCE, RegistryTest, today, tool

UNAVAILABLE, WRONG_DATA, USAGE = 69, 65, 64
MESSAGE = b'\x07MESSAGE'  # how each message of CURVE begins, in clear


class Relay:
    """Passes bytes on between a client and the registry, but for the registry's answers while it is deaf to them."""

    def __init__(self, port):
        self.port = port
        self.loses = True
        self.spares = 0  # so many answers it does not lose yet
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.address = f'tcp://127.0.0.1:{self.listener.getsockname()[1]}'
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            registry = socket.create_connection(('127.0.0.1', self.port))
            threading.Thread(target=self.copy, args=(client, registry, False), daemon=True).start()
            threading.Thread(target=self.copy, args=(registry, client, True), daemon=True).start()

    def copy(self, source, sink, answers):
        lost = False
        try:
            while data := source.recv(65536):
                if answers and self.loses and MESSAGE in data:
                    lost = lost or self.spares == 0
                    self.spares = max(0, self.spares - 1)
                if not lost:
                    sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


class Lost(RegistryTest):
    def setUp(self):
        self.relay = Relay(int(self.registry.endpoints['requests'].rsplit(':', 1)[1]))
        self.addCleanup(self.relay.close)

    def key_file(self, party):
        text = self.registry.key_file(party).read_text()
        return self.registry.write(f'relayed-{party}.key', text.replace(self.registry.endpoints['requests'], self.relay.address),
                                   0o600)

    def ctl(self, *arguments, stdin=''):
        return tool('ctl/consentctl', '--key', self.key_file('kernteam'), '--timeout', '150', *arguments, stdin=stdin)

    def grant(self, *more):
        return ['consent', 'grant', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--category', 'naw',
                '--purpose', 'toekenning', '--signer', 'subject', '--motivation-file', self.registry.write('why', 'nodig'),
                '--form', 'written', '--evidence-reference', 'd-1', '--evidence-file', self.registry.write('form', 'getekend'),
                '--notice', 'folder:1:nl', '--valid-until', today() + timedelta(30), *more]

    def key_of(self, result):
        self.assertEqual((result.returncode, result.stdout), (UNAVAILABLE, ''), result.stderr)
        self.assertIn('it is not known whether', result.stderr)
        return re.search(r'--idempotency-key ?:? ([0-9a-f]{32})', result.stderr)[1]

    def consents(self, bsn):
        return self.client('kernteam').consent_list(bsn).consent_list.consents

    def test_a_grant_whose_answer_is_lost_is_asked_again_and_recorded_once(self):
        bsn = self.person()
        lost = self.ctl(*self.grant(), stdin=bsn)
        key = self.key_of(lost)
        self.assertIn('consentctl consent list', lost.stderr)
        self.assertEqual(len(self.consents(bsn)), 1)
        self.relay.loses = False
        again = self.ctl(*self.grant('--idempotency-key', key), stdin=bsn)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn(self.consents(bsn)[0].consent_id.hex(), again.stdout)
        self.assertIn('this was answered before', again.stderr)
        self.assertEqual(len(self.consents(bsn)), 1)
        other = self.ctl(*self.grant('--idempotency-key', key, '--one-time'), stdin=bsn)
        self.assertEqual(other.returncode, WRONG_DATA)
        self.assertIn('CONFLICT', other.stderr)

    def test_every_write_gives_its_key(self):
        bsn, file = self.person(), self.registry.write('bsn-lost', '', 0o600)
        file.write_text(bsn)
        consent = self.granted(bsn).hex()
        check = ['check', '--provider', 'kernteam', '--recipient', 'zorgaanbieder-horizon', '--purpose', 'toekenning', '--item',
                 'naw:wmo', '--bsn-file', file]
        why = self.registry.write('why', 'nodig')
        writes = {'a disclosure': (check + ['--disclose'], 'nothing may be disclosed'),
                  'a restriction': (['restriction', 'set', '--whole', '--bsn-file', file, '--reason-file', why], 'subject show'),
                  'its end': (['restriction', 'lift', '--whole', '--bsn-file', file, '--reason-file', why], 'subject show'),
                  'a refusal': (['consent', 'refuse', '--provider', 'kernteam', '--recipient', 'cak', '--category', 'naw',
                                 '--purpose', 'eigen-bijdrage', '--signer', 'subject', '--motivation-file', why, '--bsn-file',
                                 file], 'consent list'),
                  'a withdrawal': (['consent', 'revoke', consent, '--withdrawn-by', 'subject'], 'consent show')}
        for name, (command, hint) in writes.items():
            with self.subTest(name):
                self.relay.loses = True
                lost = self.ctl(*command)
                self.assertIn(hint, lost.stderr)
                key = self.key_of(lost)
                self.relay.loses = False
                again = self.ctl(*command, '--idempotency-key', key)
                self.assertEqual(again.returncode, 0, again.stderr)
                self.assertIn('this was answered before', again.stderr)
        self.relay.loses = True
        for command in (check, ['subject', 'show', '--bsn-file', file]):
            read = self.ctl(*command)
            self.assertEqual(read.returncode, UNAVAILABLE)
            self.assertNotIn('idempotency-key', read.stderr, 'there is nothing to be unsure of')

    def test_a_disclosure_by_an_adapter_whose_answer_is_lost_is_finished_by_the_same_command(self):
        self.bsns, kept = iter(['999996770']), self.bsns
        bsn = self.person()
        type(self).bsns = kept
        categories = ['bsn', 'naw', 'geboortedatum', 'geslacht', 'correspondentie', 'telefoon', 'email', 'vertegenwoordiger',
                      'toewijzing', 'periode', 'soort-voorziening', 'omvang', 'budget']
        self.granted(bsn, categories=categories, one_time=True)
        command = ['sociale-team/sociale-team', '--key', self.key_file('kernteam'), SOURCE / 'tests' / 'fixtures' / 'wmo301.xml']
        self.relay.spares = 4  # who sends it, to whom, what is recorded, and the advice
        lost = tool(*command)
        self.assertEqual((lost.returncode, lost.stdout), (UNAVAILABLE, ''), lost.stderr)
        self.assertIn('it may have been recorded', lost.stderr)
        self.relay.loses = False
        again = tool(*command)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertIn('999996770', again.stdout)
        uses = [entry for entry in self.client('operator').audit() if entry.action == 'check' and '"DISCLOSE"' in entry.details]
        self.assertEqual(len(uses), 1)

    def test_a_form_whose_answer_is_lost_is_recorded_once(self):
        bsn = self.person()
        form = json.loads((SOURCE / 'config' / 'toestemmingsformulier.json').read_text())
        form['bsn'] = bsn
        text = re.sub(r'"20\d\d-\d\d-\d\d"', f'"{today()}"', json.dumps(form))
        command = ['sociale-team/sociale-team', 'consent', self.registry.write('form.json', text, 0o600), '--key',
                   self.key_file('kernteam')]
        key = self.key_of(tool(*command))
        self.relay.loses = False
        again = tool(*command, '--idempotency-key', key)
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual([one.consent_id.hex() for one in self.consents(bsn)], [again.stdout.strip()])

    def test_a_key_is_a_key(self):
        for wrong in ('0' * 32, 'abc', 'x' * 32, 'a' * 33):
            self.assertEqual(self.ctl('consent', 'revoke', '0' * 32, '--withdrawn-by', 'subject', '--idempotency-key',
                                      wrong).returncode, USAGE)
        self.relay.loses = False
        bsn = self.person()
        uuid = '123e4567-e89b-42d3-a456-426614174000'
        shown = self.ctl('subject', 'show', '--idempotency-key', uuid, stdin=bsn)
        self.assertEqual(shown.returncode, 0)
        self.assertIn('means nothing here', shown.stderr)


if __name__ == '__main__':
    unittest.main()
