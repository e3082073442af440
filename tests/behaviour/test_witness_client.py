"""consent-watch as a witness (A4): it keeps the newest checkpoint that it saw, admits only what continues it, and signs that."""
import base64
import hashlib
import pathlib
import random
import re
import shutil
import subprocess
import sys
import time
import unittest

import envelope_pb2 as wire

from client import check_request
from harness import BUILD, LOG_KEY, LOG_SECRET, SOURCE, Instance, OwnInstanceTest, at_work, let_work, tool, watch

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

PROGRAM = BUILD / 'clients' / 'watch' / 'consent-watch'
ORIGIN = 'gemeente-voorbeeld.nl/toestemmingen'
OTHER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
USAGE, CANNOT_MAKE, GAP, WRONG_FILE, CONTRADICTED = 64, 73, 76, 78, 79


def complaints(said):
    """What it said but of a registry that was not there for a moment."""
    return [line for line in said.splitlines() if 'the registry at' not in line]


class Position:
    """A position file, read by its description in position.h alone."""

    def __init__(self, path):
        self.raw = pathlib.Path(path).read_bytes()
        head, summed, body = self.raw.split(b'\n', 2)
        if head != b'consent-position 2' or summed != b'sum ' + hashlib.sha256(body).hexdigest().encode():
            raise ValueError('not a whole position file')
        lines, _, note = body.partition(b'\nseen ')
        self.keys = [line.split(b' ')[1].decode() for line in lines.split(b'\n') if line.startswith(b'log-key ')]
        self.number = int(re.search(rb'(?m)^number (\d+)$', lines)[1])
        self.note = note.partition(b'\n')[2]
        self.size = int(self.note.split(b'\n')[1]) if self.note else 0


class WitnessTest(OwnInstanceTest):
    def prepare(self):
        self.registry.set_in_configuration('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"')
        self.registry.lift_limits()

    def setUp(self):
        super().setUp()
        self.place = self.registry.directory / 'witness'
        self.place.mkdir()
        self.said = self.place / 'said'
        self.position = self.place / 'position'
        self.key = self.new_key('key', 'horizon.voorbeeld.nl/getuige')

    def start(self, **options):
        self.registry.start(**options)
        self.shared = {}

    def new_key(self, file, name):
        made = tool('watch/consent-watch', '--new-witness-key', self.place / file, '--name', name)
        self.assertEqual(made.returncode, 0, made.stderr)
        return made.stdout.strip()

    def watch(self, *arguments, party='zorgaanbieder-horizon', position=None, witness='key', log_key=None):
        key = self.registry.key_file(party)
        if log_key:
            key.write_text(key.read_text().replace('metadata\n', f'metadata\n    log-key = "{log_key}"\n'))
        command = [PROGRAM, '--key', key, '--position', position or self.position]
        command += ['--witness', self.place / witness] if witness else []
        with open(self.said, 'ab') as said, open(self.place / 'heard', 'ab') as heard:
            process = subprocess.Popen([*command, *map(str, arguments)], stdout=heard, stderr=said, stdin=subprocess.DEVNULL)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.terminate()
            process.wait(10)

    def lines(self):
        return self.client('operator').ask('status').status_report.audit_entries

    def write_lines(self, count=3):
        """So many checks, each a line; returns when a checkpoint has them. Returns how many lines that has."""
        for _ in range(count):
            self.assertOk(self.client('kernteam').call(check_request(next(self.bsns))))
        wanted = self.lines() - 1
        self.registry.wait_for(lambda: self.newest().size >= wanted, f'a checkpoint of {wanted} lines')
        return wanted

    def newest(self, *witnesses):
        request = wire.Request()
        request.log_checkpoint.witnesses[:] = witnesses
        request.log_checkpoint.SetInParent()
        return self.client('operator').call(request).log_checkpoint

    def seen(self, position=None):
        path = position or self.position
        return Position(path).size if path.exists() else 0

    def wait_seen(self, lines, position=None):
        self.registry.wait_for(lambda: self.seen(position) >= lines, f'a witness to have seen {lines} lines')

    def cosigned(self, key=None):
        """(lines, text) of the newest checkpoint that this witness has signed, as the registry publishes it."""
        key = key or self.key
        told = self.newest(key)
        note = told.cosigned or told.checkpoint
        try:
            tlog.read_cosignature(note, tlog.read_key(key, tlog.WITNESS))
        except tlog.Wrong:
            return 0, b''
        return int(note.split(b'\n')[1]), note

    def wait_cosigned(self, lines, key=None):
        self.registry.wait_for(lambda: self.cosigned(key)[0] >= lines, f'a cosignature of {lines} lines')

    def stop_registry(self):
        self.registry.stop()

    def yesterday(self):
        """Keeps what the stopped registry has, as a copy would."""
        self.registry.stop()
        shutil.copytree(self.registry.directory / 'data', self.place / 'yesterday')
        self.start()

    def put_back(self):
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        shutil.copytree(self.place / 'yesterday', self.registry.directory / 'data')

    def assertRefused(self, process, why, timeout=20):
        self.assertEqual(process.wait(timeout), CONTRADICTED, self.said.read_text())
        self.assertRegex(self.said.read_text(), f'consent-watch: CONTRADICTION: {why}')

    def assertEvidence(self, before, now, position=None):
        """Both checkpoints in the evidence are signed by the registry's key, and cannot both be of one log."""
        path = pathlib.Path(f'{position or self.position}.contradiction')
        self.assertIn(str(path), self.said.read_text())
        head, _, rest = path.read_bytes().partition(b'\nseen ')
        length, _, rest = rest.partition(b'\n')
        seen, rest = rest[:int(length)], rest[int(length):]
        length, _, told = rest.removeprefix(b'told ').partition(b'\n')
        self.assertEqual(len(told), int(length))
        key = tlog.read_key(LOG_KEY)
        proof = [base64.b64decode(line[6:]) for line in head.split(b'\n') if line.startswith(b'proof ')]
        size, root = tlog.read_checkpoint(seen, key)
        told_size, told_root = tlog.read_checkpoint(told, key)
        self.assertEqual(size, before)
        self.assertTrue(now(told_size), told_size)
        self.assertFalse(tlog.is_consistent(0, size, told_size, root, told_root, proof))


class Cosigned(WitnessTest):
    def test_each_checkpoint_is_kept_and_then_signed_for_all_to_see(self):
        process = self.watch()
        for _ in range(3):
            lines = self.write_lines()
            self.wait_cosigned(lines)
            size, note = self.cosigned()
            self.assertEqual(tlog.read_checkpoint(note, tlog.read_key(LOG_KEY))[0], size)
            when = tlog.read_cosignature(note, tlog.read_key(self.key, tlog.WITNESS))
            self.assertAlmostEqual(when, time.time(), delta=60)
            self.assertGreaterEqual(self.seen(), size)
        self.assertEqual(Position(self.position).keys, [LOG_KEY])
        self.assertIsNone(process.poll())
        self.assertEqual(complaints(self.said.read_text()), [])

    def test_events_come_all_the_while_and_acknowledging_forgets_no_log(self):
        self.watch()
        self.wait_seen(1)
        consents = [self.granted(self.person()) for _ in range(5)]
        self.registry.wait_for(lambda: len((self.place / 'heard').read_text().splitlines()) == 5, 'five events')
        self.registry.wait_for(lambda: Position(self.position).number == 5, 'the position to be kept')
        self.assertEqual(len(consents), 5)
        self.assertGreater(self.seen(), 0)

    def test_it_goes_on_after_restarts_of_itself_and_of_the_registry(self):
        process = self.watch()
        self.wait_cosigned(self.write_lines())
        for turn in range(3):
            if turn != 1:
                self.registry.kill() if turn else self.registry.stop()
                self.start()
            if turn:
                process.kill()
                process.wait()
                process = self.watch()
            self.wait_cosigned(self.write_lines())
        self.assertIsNone(process.poll())
        self.assertEqual(complaints(self.said.read_text()), [])

    def test_killed_at_any_moment_it_never_signed_what_it_does_not_know(self):
        process, chance = self.watch(), random.Random(7)
        self.wait_cosigned(self.write_lines())
        whole, _ = at_work(process.pid)
        self.end(process)
        for turn in range(16):
            process, seen = self.watch(), self.seen()
            self.client('kernteam').check(next(self.bsns))
            if turn % 2:
                self.wait_seen(seen + 1)  # it may have signed that, or not yet
            else:
                let_work(process, whole * chance.random())
            process.kill()
            process.wait()
            if self.position.exists():
                self.assertGreaterEqual(Position(self.position).size, self.cosigned()[0])
        self.watch()
        self.wait_cosigned(self.write_lines())
        self.assertEqual(complaints(self.said.read_text()), [])

    def test_a_witness_that_keeps_nothing_is_none(self):
        key = self.registry.key_file('zorgaanbieder-horizon')
        said = tool('watch/consent-watch', '--key', key, '--witness', self.place / 'key')
        self.assertEqual(said.returncode, USAGE)
        self.assertIn('--position', said.stderr)

    def test_a_cosignature_that_is_not_taken_is_said_once(self):
        """Two parties with one key: it is the other's."""
        self.watch()
        self.wait_cosigned(self.write_lines())
        other = self.watch(party='zorgaanbieder-delta', position=self.place / 'other')
        self.registry.wait_for(lambda: 'did not take the cosignature' in self.said.read_text(), 'the reason to be said')
        self.write_lines()
        self.write_lines()
        self.wait_seen(self.write_lines(), self.place / 'other')
        self.assertEqual(self.said.read_text().count('did not take the cosignature'), 1)
        self.assertIsNone(other.poll())


class PutBack(WitnessTest):
    def test_a_registry_put_back_to_yesterday_is_refused_each_time(self):
        process = self.watch()
        self.wait_cosigned(self.write_lines())
        self.yesterday()
        lines = self.write_lines(20)
        self.wait_cosigned(lines)
        self.end(process)  # of one party only one can listen
        lines = max(lines, self.seen())
        self.put_back()
        before = self.position.read_bytes()
        process = self.watch()
        self.start()
        self.assertRefused(process, r"the registry's log has \d+ lines, and it signed \d+ on 20\d\d-")
        seen = Position(self.position).size
        self.assertEvidence(seen, lambda size: size < seen)
        for _ in range(2):
            self.assertRefused(self.watch(), 'the registry')
        self.assertGreaterEqual(seen, lines)
        self.assertEqual(self.position.read_bytes(), before)

    def test_whoever_listens_when_it_is_put_back_notices_too(self):
        process = self.watch()
        self.wait_cosigned(self.write_lines())
        self.yesterday()
        self.wait_cosigned(self.write_lines(20))
        self.put_back()
        self.start()
        self.assertRefused(process, 'the registry')

    def test_missing_events_of_a_registry_that_was_put_back_are_more_than_a_gap(self):
        process = self.watch()
        self.wait_cosigned(self.write_lines())
        self.yesterday()
        for _ in range(3):
            self.granted(self.person())
        self.registry.wait_for(lambda: Position(self.position).number == 3, 'three events')
        self.wait_cosigned(self.write_lines(20))
        self.end(process)
        self.put_back()
        self.start()
        self.assertRefused(self.watch(), 'the registry')
        seen = Position(self.position).size
        self.assertEvidence(seen, lambda size: size < seen)
        self.assertRefused(self.watch('--from', 1), 'the registry')  # nor is it forgotten with the position
        self.assertEqual(self.seen(), seen)

    def test_a_registry_that_was_put_back_and_went_on_otherwise_is_refused(self):
        process = self.watch()
        self.wait_cosigned(self.write_lines())
        self.yesterday()
        self.wait_cosigned(self.write_lines(5))
        self.end(process)
        self.put_back()
        self.start()
        self.assertGreater(self.write_lines(40), self.seen())
        self.assertRefused(self.watch(), r"the registry's log of \d+ lines does not begin with the \d+ that it signed")
        seen = self.seen()
        self.assertEvidence(seen, lambda size: size > seen)

    def test_who_asks_without_a_witness_key_refuses_as_well(self):
        process = self.watch(witness=None)
        self.wait_seen(self.write_lines())
        self.yesterday()
        self.wait_seen(self.write_lines(20))
        self.end(process)
        self.put_back()
        self.start()
        self.assertRefused(self.watch(witness=None), 'the registry')

    def test_a_backup_that_was_restored_is_a_gap_and_the_position_of_before_is_kept(self):
        process = self.watch()
        self.wait_cosigned(self.write_lines())
        self.yesterday()
        self.wait_cosigned(self.write_lines(20))
        self.end(process)
        self.put_back()
        self.start(options=['--restored'])
        before = self.position.read_bytes()
        self.assertEqual(self.watch().wait(20), GAP)
        self.assertEqual(self.position.read_bytes(), before)
        process = self.watch('--from', 1)
        self.wait_cosigned(self.write_lines())
        self.assertIsNone(process.poll())
        kept, = self.place.glob('position.before-*')
        self.assertEqual(kept.read_bytes(), before)
        self.assertIn(f'kept in {kept}', self.said.read_text())
        self.assertNotIn('CONTRADICTION', self.said.read_text())


class Keys(WitnessTest):
    def log_keys(self, *secrets):
        self.registry.write('keys/log.key', ''.join(f'{secret}\n' for secret in secrets), 0o600)
        self.registry.reload()

    def fresh_key(self):
        file = self.place / 'fresh.key'
        made = tool('ctl/consentctl', 'audit', 'key', file, '--origin', ORIGIN)
        self.assertEqual(made.returncode, 0, made.stderr)
        return file.read_text().strip()

    def test_a_key_of_the_log_is_changed_while_both_sign(self):
        process = self.watch(log_key=LOG_KEY)
        self.wait_cosigned(self.write_lines())
        fresh = self.fresh_key()
        self.log_keys(LOG_SECRET, fresh)
        self.wait_cosigned(self.write_lines())
        self.assertEqual(len(Position(self.position).keys), 2)
        self.log_keys(fresh)
        self.wait_cosigned(self.write_lines())
        self.assertNotIn(LOG_KEY, Position(self.position).keys)
        process.kill()
        process.wait()
        self.watch()
        self.wait_cosigned(self.write_lines())
        self.assertEqual(complaints(self.said.read_text()), [])

    def test_a_log_signed_by_a_key_that_nobody_announced_is_refused(self):
        process = self.watch()
        self.wait_cosigned(self.write_lines())
        self.end(process)
        for secrets in ((LOG_SECRET, fresh := self.fresh_key()), (fresh,)):
            self.log_keys(*secrets)  # all while the witness is away
            self.write_lines()
        self.assertRefused(self.watch(), 'what the registry shows of its log, .* is not signed by a known key')
        new_key = self.newest().keys[0]
        self.watch(log_key=new_key)  # who runs it says that this is the key: by another way
        self.wait_cosigned(self.write_lines())

    def test_a_key_file_says_whose_log_is_believed_at_first(self):
        self.write_lines()
        self.assertRefused(self.watch(log_key=OTHER_KEY), 'what the registry shows of its log, .* is not signed by a known key')
        self.assertEqual(self.seen(), 0)
        self.watch(log_key=LOG_KEY)
        self.wait_cosigned(self.write_lines())

    def test_key_files_are_made_with_the_key_of_the_log(self):
        out = self.place / 'new.key'
        made = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'b', 'party', 'key', 'add',
                    'zorgaanbieder-horizon', '--name', 'second', '--out', out)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn(f'    log-key = "{LOG_KEY}"\n', out.read_text())
        new = self.place / 'new'
        made = tool('ctl/consentctl', 'setup', new, '--template', SOURCE / 'config' / 'consentd.conf', '--policy',
                    SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015', '--origin', 'new.nl/log')
        self.assertEqual(made.returncode, 0, made.stderr)
        key, = re.findall(r'(?m)^    log-key = "(.*)"$', (new / 'keys' / 'operator.key').read_text())
        self.assertEqual(tlog.read_key(key)[0], 'new.nl/log')
        self.assertNotIn(key.split('+', 2)[2], (new / 'keys' / 'log.key').read_text())  # the secret one stays where it is

    def test_a_key_of_a_witness_is_made_by_consent_watch_alone(self):
        file = self.place / 'second'
        key = self.new_key('second', 'horizon.voorbeeld.nl/getuige')
        self.assertEqual(file.stat().st_mode & 0o777, 0o600)
        self.assertNotEqual(key, self.key)
        self.assertEqual(tlog.read_key(key, tlog.WITNESS)[0], 'horizon.voorbeeld.nl/getuige')
        for arguments, code in ((('--new-witness-key', file, '--name', 'a'), CANNOT_MAKE),
                                (('--new-witness-key', self.place / 'x' / 'y', '--name', 'a'), CANNOT_MAKE),
                                (('--new-witness-key', self.place / 'third', '--name', 'with a blank'), USAGE),
                                (('--new-witness-key', self.place / 'third'), USAGE), (('--name', 'a'), USAGE),
                                (('--new-witness-key', self.place / 'third', '--name', 'a', '--key', file), USAGE)):
            self.assertEqual(tool('watch/consent-watch', *arguments).returncode, code, arguments)
        self.assertFalse((self.place / 'third').exists())

    def test_a_file_that_is_no_key_of_a_witness_is_refused(self):
        key = self.registry.key_file('zorgaanbieder-horizon')
        for text, mode in ((LOG_SECRET, 0o600), ('', 0o600), ((self.place / 'key').read_text(), 0o640)):
            file = self.registry.write('witness/wrong', text, mode)
            said = watch('--key', key, '--position', self.position, '--witness', file)
            self.assertEqual(said.returncode, WRONG_FILE)
            self.assertIn(str(file), said.stderr)
            self.assertNotIn(LOG_SECRET[-30:], said.stderr)


class Positions(WitnessTest):
    def test_a_position_that_is_damaged_in_any_line_is_refused(self):
        process = self.watch()
        self.granted(self.person())
        self.wait_cosigned(self.write_lines())
        self.registry.wait_for(lambda: Position(self.position).number == 1, 'the event to be handled')
        self.end(process)
        whole = self.position.read_bytes()
        lines = whole.splitlines(keepends=True)
        self.assertGreaterEqual(len(lines), 10)
        for index, line in enumerate(lines):
            at = sum(map(len, lines[:index])) + len(line) // 2
            for damaged in (whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:], b''.join(lines[:index] + lines[index + 1:]),
                            whole[:at]):
                self.position.write_bytes(damaged)
                self.assertEqual(self.watch().wait(20), WRONG_FILE, line)
                self.assertEqual(self.position.read_bytes(), damaged)
        self.position.write_bytes(whole)
        self.watch()
        self.wait_cosigned(self.write_lines())

    def test_a_position_of_before_goes_on(self):
        self.granted(self.person())
        self.assertEqual(self.watch('--count', 1, witness=None).wait(20), 0)
        text = self.position.read_text()
        first = 'consent-position 1\n' + ''.join(re.findall(r'(?m)^(?:epoch|number) .*\n', text))
        self.position.write_text(first)
        self.granted(self.person())
        self.assertEqual(self.watch('--count', 1, witness=None).wait(20), 0)
        self.assertEqual([line.split(',')[0] for line in (self.place / 'heard').read_text().splitlines()],
                         ['{"number":1', '{"number":2'])
        self.assertEqual(Position(self.position).number, 2)


class WithoutALog(OwnInstanceTest):
    """The configuration of a registry of before names no key for its log."""

    def setUp(self):
        self.registry = Instance()
        self.addCleanup(self.registry.destroy)
        path = self.registry.directory / 'consentd.conf'
        path.write_text(re.sub(r'(?m)^ +(log|origin) = .*\n', '', path.read_text()))
        self.registry.start()
        self.shared = {}

    def test_who_listens_to_it_goes_on_as_before(self):
        position = self.registry.directory / 'position'
        key = self.registry.key_file('zorgaanbieder-horizon')
        for count in (1, 2):
            self.granted(self.person())
            said = watch('--key', key, '--position', position, '--once')
            self.assertEqual((said.returncode, complaints(said.stderr)), (0, []))
            found = Position(position)
            self.assertEqual((found.number, found.size, found.keys), (count, 0, []))

    def test_key_files_are_made_without_a_key_of_the_log(self):
        out = self.registry.directory / 'new.key'
        made = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'b', 'party', 'key', 'add',
                    'zorgaanbieder-horizon', '--name', 'second', '--out', out)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertNotIn('log-key', out.read_text())
        self.assertEqual(self.client('operator').ask('log_checkpoint').status, wire.NOT_FOUND)


if __name__ == '__main__':
    unittest.main()
