"""A second place for the log: a copier beside the registry, which no copy that is full or slow can hold up.

What is copied is read by this file alone, which shares no code with the copier, and compared with the lines of the registry."""
import base64
import contextlib
import hashlib
import os
import pathlib
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import envelope_pb2 as wire

from client import check_request
from harness import BUILD, LOG_KEY, OwnInstanceTest, tool

FILE_LINES = 65536
NO, USAGE, REFUSED, CANNOT_MAKE, CANNOT_WRITE = 1, 64, 65, 73, 74


def read_copy(directory):
    """The lines of a copy in files, in their order; a part of a line at the very end is none."""
    lines = []
    for path in sorted(directory.glob('*.log')):
        assert int(path.stem) == len(lines) + 1, path
        whole, _, _ = path.read_bytes().rpartition(b'\n')
        for text in whole.split(b'\n') if whole else []:
            number, encoded = text.split(b' ')
            assert int(number) == len(lines) + 1, text
            lines.append(base64.b64decode(encoded, validate=True))
        assert len(lines) <= int(path.stem) - 1 + FILE_LINES
    return lines


class CopyTest(OwnInstanceTest):
    copies = 'tweede'
    lag = 300

    def prepare(self):
        self.registry.set_in_configuration(
            'checkpoint-seconds = "60"', f'checkpoint-seconds = "1"\n    copies = "{self.copies}"\n    copy-lag = "{self.lag}"')
        self.registry.lift_limits()

    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='log-copy-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.copy = self.place / 'copy'

    def command(self, *words, key=LOG_KEY):
        return [BUILD / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file('operator'), '--user', 'copier', 'audit',
                'copy', *map(str, words), *(['--log-key', key] if key else [])]

    def once(self, *words, expected=0, **more):
        """A copier that ends when it has all."""
        ran = subprocess.run(self.command(*words, **more), capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout if expected == 0 else ran.stderr

    def following(self, *words, name='tweede', stdout=None, key=LOG_KEY):
        """A copier that goes on; it is killed at the end of the test."""
        said = open(self.place / 'said', 'ab')
        self.addCleanup(said.close)
        words = [*words, '--follow', *(['--name', name] if name else [])]
        copier = subprocess.Popen(self.command(*words, key=key), stdin=subprocess.DEVNULL, stdout=stdout or said, stderr=said)
        self.addCleanup(self.end, copier)
        return copier

    def end(self, copier, number=signal.SIGKILL):
        if copier.poll() is None:
            copier.send_signal(number)
        return copier.wait(60)

    def said(self):
        return (self.place / 'said').read_text()

    def write_lines(self, count, client=None):
        kernteam, bsn = client or self.client('kernteam'), next(self.bsns)
        keys = [kernteam.send(check_request(bsn)) for _ in range(count)]
        for key in keys:
            self.assertOk(kernteam.reply_to(key, 60))

    def stored(self):
        return [line.raw for line in self.client('operator').audit(raw=True)]

    def status(self):
        return self.client('operator').ask('status').status_report

    def state(self, name='tweede'):
        return next(one for one in self.status().copies if one.name == name)

    def wait(self, condition, what, seconds=60):
        self.registry.wait_for(condition, f'{what}; the copier says: {self.said() if (self.place / "said").exists() else ""}', seconds)

    def caught_up(self, name='tweede'):
        """All lines that there are now."""
        newest = self.status().audit_entries
        self.wait(lambda: self.state(name).number >= newest, f'{name} to have {newest} lines')
        return newest

    def lines(self, action):
        return [line for line in self.client('operator').audit() if line.action == action]

    def alarms(self):
        return [one.kind for one in self.status().alarms]

    def assertCopied(self, lines, least=0):
        """They are the first lines of the registry, each once, in their order."""
        self.assertGreaterEqual(len(lines), least)
        self.assertEqual(lines, self.stored()[:len(lines)])


class Files(CopyTest):
    def test_it_grows_while_the_registry_works(self):
        self.write_lines(300)
        self.following('--to', self.copy)
        for _ in range(3):
            self.write_lines(200)
            self.assertCopied(read_copy(self.copy) if self.copy.exists() else [])
        self.assertCopied(read_copy(self.copy), least=0)
        newest = self.caught_up()
        self.assertCopied(read_copy(self.copy), least=newest)
        state = self.state()
        self.assertEqual((state.fault, state.alarm), ('', False))
        self.assertLessEqual(state.behind, 1 + self.status().audit_entries - newest)
        shown = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'b', 'status').stdout
        self.assertRegex(shown, r'(?m)^COPY +LINES +BEHIND +SECONDS +HEARD +STATE\ntweede +\d+ +\d+ +\d+ +\S+ \S+ +keeps up$')

    def test_what_is_there_is_gone_on_with(self):
        self.write_lines(20)
        first = int(re.search(r': (\d+) lines', self.once('--to', self.copy)).group(1))
        self.write_lines(30)
        said = self.once('--to', self.copy)
        lines = read_copy(self.copy)
        self.assertEqual(said, f'{self.copy}: {len(lines)} lines, {len(lines) - first} of them new.\n')
        self.assertGreaterEqual(len(lines) - first, 30)
        self.assertCopied(lines, least=first + 30)
        modes = {path.name: path.stat().st_mode & 0o777 for path in self.copy.iterdir()}
        self.assertEqual(set(modes.values()), {0o600}, modes)

    def size(self):
        return sum(path.stat().st_size for path in self.copy.glob('*.log'))

    def test_it_may_be_killed_at_any_moment(self):
        """Each line is there once and in its order, whenever it ended; what was written in part is mended."""
        done, stop = [0], threading.Event()

        def work():
            kernteam = self.registry.client('kernteam')
            while not stop.is_set():
                self.write_lines(50, kernteam)
                done[0] += 50
                stop.wait(0.1)
        worker = threading.Thread(target=work)
        worker.start()
        ended = set()
        for turn in range(12):
            size = self.size()
            copier = self.following('--to', self.copy)
            self.wait(lambda goal=size + 2000 * turn: self.size() >= goal, 'the copy to grow')
            self.end(copier)
            before = read_copy(self.copy) if self.copy.exists() else []
            ended.add(len(before))
            newest = sorted(self.copy.glob('*.log'))[-1] if before else None
            if newest and turn % 3 == 2:  # as a power cut leaves it: a part of the last line
                with newest.open('ab') as file:
                    file.write(f'{len(before) + 1} {base64.b64encode(os.urandom(90)).decode()}'.encode()[:17 + turn])
                self.assertEqual(read_copy(self.copy), before)
        stop.set()
        worker.join()
        self.assertGreater(done[0], 0)
        self.assertGreater(len(ended), 4, 'it never ended in the midst of its work')
        self.following('--to', self.copy)
        newest = self.caught_up()
        self.assertCopied(read_copy(self.copy), least=newest)

    def test_a_file_has_so_many_lines_and_the_next_is_begun(self):
        self.once('--to', self.copy)
        first = (self.copy / '000000000001.log').read_bytes()
        # A directory that claims to have more is not believed: it is no copy of this log.
        (self.copy / '000000065537.log').write_bytes(first)
        self.assertIn('lines before it are missing', self.once('--to', self.copy, expected=NO))
        self.assertEqual((self.copy / '000000000001.log').read_bytes(), first)

    def test_what_is_no_line_of_it_is_named_and_left_alone(self):
        self.write_lines(10)
        self.once('--to', self.copy)
        file = self.copy / '000000000001.log'
        whole = file.read_bytes()
        texts = whole.splitlines(keepends=True)
        swapped = b''.join([*texts[:3], texts[4], texts[3], *texts[5:]])
        for changed, named in ((b'x' + whole, 'line 1 '), (swapped, 'line 4 '), (b''.join(texts[:3] + texts[4:]), 'line 4 '),
                               (b''.join(texts[:5] + [texts[4]] + texts[5:]), 'line 6 '), (whole + b'\n', f'line {len(texts) + 1} ')):
            file.write_bytes(changed)
            self.assertIn(f'000000000001.log: does not have {named}', self.once('--to', self.copy, expected=NO))
            self.assertEqual(file.read_bytes(), changed)
        file.write_bytes(whole)
        self.once('--to', self.copy)

    def test_a_line_that_was_changed_contradicts_the_registry(self):
        self.write_lines(10)
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').log_checkpoint.size > 5, 'a checkpoint')
        self.once('--to', self.copy)
        file = self.copy / '000000000001.log'
        texts = file.read_bytes().splitlines(keepends=True)
        for at in (2, len(texts) - 1):  # one that a checkpoint has, and the newest
            raw = bytearray(base64.b64decode(texts[at].split(b' ')[1]))
            raw[-1] ^= 1
            changed = b''.join([*texts[:at], b'%d %s\n' % (at + 1, base64.b64encode(raw)), *texts[at + 1:]])
            file.write_bytes(changed)
            said = self.once('--to', self.copy, '--name', 'tweede', expected=NO)
            self.assertIn('the registry', said)
            self.assertEqual(file.read_bytes(), changed)
            self.assertEqual(self.state().fault, 'contradicts')
            self.assertTrue(self.state().alarm)
        file.write_bytes(b''.join(texts))
        self.once('--to', self.copy, '--name', 'tweede')
        self.assertEqual((self.state().fault, self.state().alarm), ('', False))

    def test_a_registry_without_a_log_key_is_compared_line_by_line(self):
        self.registry.stop()
        path = self.registry.directory / 'consentd.conf'
        path.write_text(re.sub(r'(?m)^ +(log|origin) = .*\n', '', path.read_text()))
        shutil.rmtree(self.registry.directory / 'data')
        (self.registry.directory / 'data').mkdir(mode=0o700)
        shutil.rmtree(self.registry.directory / 'keys' / 'subjects', ignore_errors=True)
        self.registry.start()
        self.shared = {}
        self.write_lines(30)
        self.once('--to', self.copy, key=None)
        self.write_lines(30)
        copier = self.following('--to', self.copy)
        newest = self.caught_up()
        self.end(copier)
        self.assertCopied(read_copy(self.copy), least=newest)
        self.assertFalse((self.copy / 'checkpoint').exists())
        self.assertEqual(self.said(), '')
        file = self.copy / '000000000001.log'
        texts = file.read_bytes().splitlines(keepends=True)
        raw = bytearray(base64.b64decode(texts[4].split(b' ')[1]))
        raw[-1] ^= 1
        changed = b''.join([*texts[:4], b'5 %s\n' % base64.b64encode(raw), *texts[5:]])
        file.write_bytes(changed)
        self.assertIn('it has other lines than those that are here', self.once('--to', self.copy, key=None, expected=NO))
        self.assertEqual(file.read_bytes(), changed)

    def test_two_copiers_do_not_share_a_directory_nor_a_name(self):
        self.following('--to', self.copy)
        self.caught_up()
        self.assertIn('another process copies to it', self.once('--to', self.copy, expected=CANNOT_MAKE))
        other = self.place / 'other'
        self.assertIn('another copier reports under this name', self.once('--to', other, '--name', 'tweede', expected=REFUSED))
        self.assertEqual(read_copy(other), [])
        self.write_lines(5)
        newest = self.caught_up()
        self.assertCopied(read_copy(self.copy), least=newest)

    def test_a_copier_that_comes_back_has_its_name_again(self):
        for _ in range(5):
            copier = self.following('--to', self.copy)
            self.caught_up()
            self.end(copier)

    def test_a_name_that_nobody_expects_is_refused(self):
        said = self.once('--to', self.copy, '--name', 'derde', expected=REFUSED)
        self.assertIn('log_copied.name', said)
        self.assertIn('log/copies', said)
        self.assertEqual([one.name for one in self.status().copies], ['tweede'])

    def test_a_reload_expects_other_copies(self):
        self.following('--to', self.copy)
        newest = self.caught_up()
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('copies = "tweede"', 'copies = "derde tweede"'))
        self.registry.reload()
        self.assertEqual([one.name for one in self.status().copies], ['derde', 'tweede'])
        self.assertGreaterEqual(self.state().number, newest)
        self.once('--to', self.place / 'other', '--name', 'derde')
        path.write_text(path.read_text().replace('copies = "derde tweede"', 'copies = "derde"'))
        self.registry.reload()
        self.write_lines(3)
        self.wait(lambda: 'log_copied.name' in self.said(), 'the copier to end')
        self.assertEqual([one.name for one in self.status().copies], ['derde'])

    def test_without_a_name_nobody_is_told(self):
        self.once('--to', self.copy)
        self.assertEqual(self.state().heard_at, 0)
        self.assertEqual(self.lines('log-copied'), [])

    def test_to_follow_is_two_lines_of_the_log_however_often_it_looks(self):
        self.write_lines(5)
        self.following('--to', self.copy)
        self.caught_up()
        before = self.status().audit_entries
        time.sleep(7)  # it has looked seven times, and reported
        self.assertEqual([len(self.lines(action)) for action in ('log-lines', 'log-copied')], [1, 1])
        self.assertLessEqual(self.status().audit_entries - before, 4)  # what this test asked

    def test_nothing_is_in_the_copy_that_the_log_does_not_have(self):
        bsn = self.person()
        self.granted(bsn)
        self.once('--to', self.copy)
        whole = b''.join(read_copy(self.copy)) + b''.join(path.read_bytes() for path in self.copy.iterdir())
        for personal in (bsn, 'medewerker-17', 'nodig voor de uitvoering', 'dossier-2026-14', '1980-05-17'):
            self.assertNotIn(personal.encode(), whole)
        self.assertIn(b'kernteam', whole)
        self.assertTrue(all(byte < 128 for path in self.copy.glob('*.log') for byte in path.read_bytes()))

    def test_where_it_goes_is_said_once(self):
        for words in ([], ['--to', self.copy, '--pipe', 'x'], ['--to', self.copy, '--syslog'], ['--pipe', 'x'],
                      ['--syslog'], ['--pipe', self.place, '--position', 'x'], ['--to', self.copy, '--position', 'x']):
            self.once(*words, expected=USAGE)
        self.assertFalse(self.copy.exists())


class Verified(CopyTest):
    """A copy, and an export, are verified from their files alone."""

    def ctl(self, *words, expected=0, key=LOG_KEY):
        command = ['ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'beheer-1', 'audit', *words]
        ran = tool(*command, *(['--log-key', key] if key else []))
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout if expected == 0 else ran.stderr

    def copied(self, count):
        self.write_lines(count)
        newest = self.status().audit_entries
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').log_checkpoint.size >= newest, 'a checkpoint')
        self.write_lines(4)
        self.once('--to', self.copy)
        return read_copy(self.copy)

    def chain_of(self, lines):
        """BLAKE2b-256 of the hash before and the line (docs/protocol.md)."""
        made = bytes(32)
        for line in lines:
            made = hashlib.blake2b(made + line, digest_size=32).digest()
        return made.hex()

    def test_a_copy_is_verified_as_an_export_is(self):
        lines = self.copied(300)
        signed = int((self.copy / 'checkpoint').read_text().split('\n')[1])
        self.registry.stop()
        said = self.ctl('fsck', self.copy)
        self.assertIn(f'{signed} lines of gemeente-voorbeeld.nl/toestemmingen, every hash as it must be, signed.\n', said)
        self.assertIn(f'{len(lines) - signed} more behind them, which no checkpoint has yet.\n', said)
        said = self.ctl('verify', self.copy)
        self.assertIn(f'{len(lines)} entries, chain whole, newest hash {self.chain_of(lines)}\n', said)
        self.assertIn('--log-key is missing', self.ctl('fsck', self.copy, key=None, expected=USAGE))

    def test_a_copy_that_was_changed_is_no_log_that_was_signed(self):
        self.copied(20)
        file = self.copy / '000000000001.log'
        whole = file.read_bytes()
        texts = whole.splitlines(keepends=True)
        signed = int((self.copy / 'checkpoint').read_text().split('\n')[1])
        raw = bytearray(base64.b64decode(texts[6].split(b' ')[1]))
        raw[-1] ^= 1
        for changed, named in ((b''.join([*texts[:6], b'7 %s\n' % base64.b64encode(raw), *texts[7:]]), 'are not those of its checkpoint'),
                               (b''.join(texts[:signed - 1]), f'has {signed - 1} lines'), (b''.join(texts[1:]), 'line 1 '),
                               (b''.join([*texts[:4], texts[5], texts[4], *texts[6:]]), 'line 5 ')):
            file.write_bytes(changed)
            self.assertIn(named, self.ctl('fsck', self.copy, expected=NO))
            self.assertIn(named, self.ctl('verify', self.copy, expected=NO))
        file.write_bytes(whole[:-9])
        ran = tool('ctl/consentctl', 'audit', 'fsck', self.copy, '--log-key', LOG_KEY)
        self.assertEqual((ran.returncode, 'a part of a line' in ran.stderr), (0, True), ran.stderr)

    def test_an_export_says_the_newest_hash_and_keeps_to_what_was_written_down(self):
        self.copied(300)
        tree = self.place / 'tree'
        self.ctl('export', tree)
        lines = read_copy(self.copy)
        size = int((tree / 'checkpoint').read_text().split('\n')[1])
        self.registry.stop()
        said = self.ctl('verify', tree)
        stored = lines[:size]
        self.assertTrue(said.startswith(f'{size} entries, chain whole, newest hash '), said)
        if len(stored) == size:
            self.assertIn(self.chain_of(stored), said)
        kept = f'37:{self.chain_of(lines[:37])}'
        self.ctl('verify', tree, '--kept', kept)
        self.ctl('verify', self.copy, '--kept', kept, '--kept', f'1:{self.chain_of(lines[:1])}')
        self.assertIn('entry 38 has another hash', self.ctl('verify', tree, '--kept', kept.replace('37:', '38:'), expected=NO))
        self.assertIn('is not there', self.ctl('verify', tree, '--kept', kept.replace('37:', '9999:'), expected=NO))
        for wrong in ('37', '37:', kept[:-1], kept + '0', '0' + kept, kept[3:]):
            self.assertIn('--kept', self.ctl('verify', tree, '--kept', wrong, expected=USAGE))
        self.assertIn('for a log in DIR', self.ctl('verify', '--kept', kept, key=None, expected=USAGE))
        path = tree / 'tile' / 'entries' / '000'
        path.write_bytes(path.read_bytes()[:-1] + b'x')
        self.assertIn('tile/', self.ctl('verify', tree, expected=NO))


class Moved(CopyTest):
    """Somebody touches the copy while it is made."""
    lag = 2

    def touch(self, how):
        file = self.copy / '000000000001.log'
        if how == 'directory removed':
            shutil.rmtree(self.copy)
        elif how == 'directory moved':
            self.copy.rename(self.place / 'moved')
        elif how == 'another in its place':
            self.copy.rename(self.place / 'aside')
            self.copy.mkdir()
        elif how == 'file removed':
            file.unlink()
        elif how == 'file moved':
            whole = file.read_bytes()
            file.rename(self.place / 'file')
            file.write_bytes(whole)
        elif how == 'cut':
            os.truncate(file, 100)
        elif how == 'more':
            with file.open('ab') as more:
                more.write(b'more')

    def test_a_copy_that_is_not_there_any_more_does_not_keep_up(self):
        for how in ('directory removed', 'directory moved', 'another in its place', 'file removed', 'file moved', 'cut', 'more'):
            with self.subTest(how):
                self.write_lines(30)
                copier = self.following('--to', self.copy)
                self.caught_up()
                self.touch(how)  # and no line is new
                self.assertEqual(copier.wait(20), CANNOT_MAKE)
                self.assertIn('was moved, removed or changed', self.said())
                self.assertEqual(self.state().fault, 'broken')
                self.wait(lambda: self.state().alarm, 'the alarm')
                if how == 'more':
                    self.assertIn('its end is no part of line', self.once('--to', self.copy, expected=NO))
                    self.copy.rename(self.place / 'more')
                copier = self.following('--to', self.copy)  # it looks at what there is
                newest = self.caught_up()
                self.wait(lambda: not self.state().alarm, 'the alarm to go')
                self.end(copier)
                self.assertCopied(read_copy(self.copy), least=newest)

    def test_a_copy_and_an_export_do_not_share_a_directory(self):
        """Each has a checkpoint there, which the other would take for its own."""
        def export(place):
            return tool('ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'b', 'audit', 'export', place)
        self.write_lines(30)
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').log_checkpoint.size > 5, 'a checkpoint')
        self.once('--to', self.copy)
        files = {path.name: path.read_bytes() for path in self.copy.iterdir()}
        said = export(self.copy)
        self.assertEqual((said.returncode, said.stdout), (CANNOT_MAKE, ''))
        self.assertIn('has a copy of the log', said.stderr)
        self.assertEqual({path.name: path.read_bytes() for path in self.copy.iterdir()}, files)
        tree = self.place / 'tree'
        self.assertEqual(export(tree).returncode, 0)
        self.assertIn('has an export of the log', self.once('--to', tree, expected=CANNOT_MAKE))
        self.assertEqual(list(tree.glob('*.log')), [])

    def test_what_is_no_file_of_a_copy_is_left_alone(self):
        self.copy.mkdir()
        file, other = self.copy / '000000000001.log', self.place / 'other'
        for junk in (b'something else, without an end', b'2 AAAA', b'1 AA AA'):
            file.write_bytes(junk)
            self.assertIn('its end is no part of line 1 ', self.once('--to', self.copy, expected=NO))
            self.assertEqual(file.read_bytes(), junk)
        file.unlink()
        os.mkfifo(file)
        self.assertIn('it is no file', self.once('--to', self.copy, expected=66))
        file.unlink()
        other.write_bytes(b'1 AAAA')
        file.symlink_to(other)
        self.assertIn('symbolic link', self.once('--to', self.copy, expected=66))
        self.assertEqual(other.read_bytes(), b'1 AAAA')


class PutBack(CopyTest):
    def put_back(self):
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        shutil.copytree(self.place / 'yesterday', self.registry.directory / 'data')

    def test_a_copy_tells_that_the_registry_was_put_back(self):
        self.write_lines(30)
        self.registry.stop()
        shutil.copytree(self.registry.directory / 'data', self.place / 'yesterday')
        self.registry.start()
        self.shared = {}
        self.write_lines(300)
        copier = self.following('--to', self.copy)
        self.caught_up()
        copied = read_copy(self.copy)
        self.put_back()
        self.registry.start()
        self.shared = {}
        self.assertEqual(copier.wait(60), NO, self.said())
        self.assertIn('contradicts the copy', self.said())
        self.assertIn('it was put back to an earlier state', self.said())
        self.assertEqual(read_copy(self.copy), copied)
        self.wait(lambda: self.state().alarm, 'the alarm')
        self.assertEqual(self.state().fault, 'contradicts')
        self.write_lines(500)  # it has more again, but others
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').log_checkpoint.size > len(copied), 'a checkpoint')
        self.assertIn('does not begin with', self.once('--to', self.copy, '--name', 'tweede', expected=NO))
        self.assertEqual(read_copy(self.copy), copied)


class FullDisk(CopyTest):
    """With a lag that a loaded machine does not reach either: it is behind by the fault alone."""

    def full(self, size='4m'):
        place = self.place / 'small'
        place.mkdir()
        if subprocess.run(['mount', '-t', 'tmpfs', '-o', f'size={size}', 'tmpfs', place], capture_output=True, check=False).returncode:
            self.skipTest('no file system of its own can be made here')
        self.addCleanup(subprocess.run, ['umount', '-l', place], check=False)
        return place

    def test_a_disk_that_is_full_is_an_alarm_and_never_stops_the_registry(self):
        place = self.full()
        (place / 'ballast').write_bytes(bytes((4 << 20) - 120_000))  # each look at the status is a line, too
        stream = self.listen('operator')
        self.write_lines(20)
        self.following('--to', place / 'copy')
        self.caught_up()
        self.assertNotIn('log-copy-behind', self.alarms())
        self.write_lines(400)
        self.wait(lambda: self.state().alarm, 'the alarm')
        state = self.state()
        self.assertEqual(state.fault, 'full')
        self.assertGreater(state.behind, 0)
        self.assertIn('log-copy-behind', self.alarms())
        event = stream.next_event(10).event
        self.assertEqual((event.alarm, event.party), ('log-copy-behind', ''))
        line = next(line for line in self.lines('alarm') if line.result == 'log-copy-behind')
        self.assertRegex(line.details, r'copy tweede: full, \d+ lines')
        self.assertIn('No space left', self.said())
        before = self.status().audit_entries
        self.write_lines(300)  # the registry works on
        self.assertGreaterEqual(self.status().audit_entries, before + 300)
        self.assertCopied(read_copy(place / 'copy'), least=20)
        (place / 'ballast').unlink()
        self.wait(lambda: not self.state().alarm, 'the alarm to go')
        newest = self.caught_up() if place.stat().st_size else 0
        self.assertEqual(self.state().fault, '')
        self.assertCopied(read_copy(place / 'copy'), least=min(newest, 500))
        self.assertEqual([line.result for line in self.lines('log-copy')], ['keeps-up'])


class Held(CopyTest):
    lag = 2

    def test_a_copier_that_is_not_heard_is_an_alarm(self):
        self.wait(lambda: self.state().alarm, 'the alarm')
        self.assertEqual(self.state().heard_at, 0)
        copier = self.following('--to', self.copy)
        self.wait(lambda: not self.state().alarm, 'the alarm to go')
        self.end(copier)
        self.write_lines(3)
        self.wait(lambda: self.state().alarm, 'the alarm again')
        self.assertEqual(self.alarms().count('log-copy-behind'), 2)
        self.assertGreater(self.state().behind_for, 1000)

    def test_a_pipe_that_nobody_reads_holds_up_nothing_but_the_copy(self):
        pipe, position = self.place / 'pipe', self.place / 'position'
        os.mkfifo(pipe)
        self.following('--pipe', pipe, '--position', position)
        self.wait(lambda: self.state().fault == 'no-reader', 'the fault')
        self.write_lines(200)
        with open(pipe, 'rb') as reader:  # one who opens it, and does not read
            self.write_lines(400)
            self.wait(lambda: self.state().fault == 'full', 'the pipe to be full')
            self.assertEqual(self.state().number, 0)
            read, number = b'', self.status().audit_entries
            while read.count(b'\n') < number:
                read += os.read(reader.fileno(), 65536)
            self.wait(lambda: self.state().number >= number, 'what was read to be told')
        texts = read.decode().splitlines()
        self.assertEqual([int(text.split()[0]) for text in texts], list(range(1, len(texts) + 1)))
        self.assertCopied([base64.b64decode(text.split()[1]) for text in texts], least=number)

    def test_a_slow_reader_is_only_behind(self):
        pipe, position = self.place / 'pipe', self.place / 'position'
        os.mkfifo(pipe)
        self.write_lines(1500)
        self.following('--pipe', pipe, '--position', position)
        stop, read = threading.Event(), []

        def sip():
            with open(pipe, 'rb') as reader:
                while not stop.is_set():
                    read.append(os.read(reader.fileno(), 4096))
                    time.sleep(0.05)
        reader = threading.Thread(target=sip)
        reader.start()
        self.addCleanup(reader.join)
        self.addCleanup(stop.set)
        self.wait(lambda: self.state().alarm, 'the alarm')
        self.assertEqual(self.state().fault, '')
        self.assertGreater(self.state().behind, 0)
        self.wait(lambda: self.state().number > 0, 'something to be told')
        self.caught_up()
        numbers = [int(text.split()[0]) for text in b''.join(read).decode().splitlines()[:-1]]
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)))


class Pipes(CopyTest):
    def test_without_a_key_the_keys_that_sign_when_it_begins_are_believed(self):
        pipe = self.place / 'pipe'
        os.mkfifo(pipe)
        self.write_lines(3)
        self.wait(lambda: self.client('operator').ask('log_checkpoint').log_checkpoint.size > 0, 'a checkpoint')
        copier = self.following('--pipe', pipe, '--position', self.place / 'position', key=None)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, reader)
        self.wait(lambda: copier.poll() is not None or select.select([reader], [], [], 0)[0], 'a line')
        self.assertIsNone(copier.poll(), self.said())
        self.assertTrue(os.read(reader, 64).startswith(b'1 '))

    def test_a_reader_that_ends_misses_nothing(self):
        pipe, position = self.place / 'pipe', self.place / 'position'
        os.mkfifo(pipe)
        self.following('--pipe', pipe, '--position', position)
        got = b''
        for turn in range(5):  # each ends in the midst of a line, and some of what it was sent it never read
            self.write_lines(200)
            with open(pipe, 'rb', buffering=0) as reader:
                for _ in range(3 + turn):
                    got += reader.read(4001)
            if turn % 2:
                time.sleep(1.5)
        with open(pipe, 'rb', buffering=0) as reader:
            newest, lines = self.status().audit_entries, {}
            while not lines or max(lines) < newest:
                got += reader.read(65536)
                lines = {}
                for match in re.finditer(rb'(?m)^(\d+) ([A-Za-z0-9+/]+=*)$', got):
                    lines.setdefault(int(match[1]), set()).add(match[2])
        stored = self.stored()
        for number in range(1, newest + 1):
            self.assertIn(base64.b64encode(stored[number - 1]), lines.get(number, ()), number)

    def test_a_copier_that_was_killed_misses_nothing_either(self):
        pipe, position = self.place / 'pipe', self.place / 'position'
        os.mkfifo(pipe)
        keeper = os.open(pipe, os.O_RDWR)  # the pipe, and what is in it, outlive the copier
        self.addCleanup(os.close, keeper)
        got, stop = [], threading.Event()

        def read():
            while not stop.is_set():
                got.append(os.read(keeper, 65536))
        reader = threading.Thread(target=read)
        reader.start()
        for turn in range(6):
            self.write_lines(200)
            size = sum(map(len, got))
            copier = self.following('--pipe', pipe, '--position', position)
            self.wait(lambda goal=size + 3000 * turn: sum(map(len, got)) >= goal, 'lines to be written')
            self.end(copier)
        self.following('--pipe', pipe, '--position', position)
        newest = self.caught_up()
        stop.set()
        os.write(keeper, b'\n')
        reader.join()
        lines = {}
        for text in b''.join(got).split(b'\n'):
            match = re.fullmatch(rb'(\d+) ([A-Za-z0-9+/]+=*)', text)
            if match:
                lines.setdefault(int(match[1]), set()).add(match[2])
        self.assertEqual(sorted(lines)[:newest], list(range(1, newest + 1)))
        stored = self.stored()
        for number in range(1, newest + 1):
            self.assertIn(base64.b64encode(stored[number - 1]), lines[number])

    def test_a_file_that_takes_the_place_of_a_pipe_is_not_written_over(self):
        pipe = self.place / 'pipe'
        self.following('--pipe', pipe, '--position', self.place / 'position')
        self.wait(lambda: self.state().fault == 'no-reader', 'the fault')
        pipe.write_bytes(b'precious')
        self.wait(lambda: self.state().fault == 'broken', 'the other fault')
        self.assertEqual(pipe.read_bytes(), b'precious')
        pipe.unlink()
        os.mkfifo(pipe)
        with open(pipe, 'rb') as reader:
            self.assertTrue(reader.readline().startswith(b'1 '))

    def test_two_do_not_write_into_one_pipe(self):
        pipe = self.place / 'pipe'
        os.mkfifo(pipe)
        self.write_lines(300)
        reader = os.open(pipe, os.O_RDWR)
        self.addCleanup(os.close, reader)
        first = self.following('--pipe', pipe, '--position', self.place / 'first')
        got = os.read(reader, 65536)
        self.following('--pipe', pipe, '--position', self.place / 'second', name=None)
        self.wait(lambda: 'another process copies into it' in self.said(), 'the second to be told')
        while got.count(b'\n') < 300:
            got += os.read(reader, 65536)
        numbers = [int(text.split(b' ')[0]) for text in got.split(b'\n')[:300]]
        self.assertEqual(numbers, list(range(1, 301)))
        self.end(first)  # then it is the other's turn
        while not re.search(rb'(?m)^1 [^\n]*\n2 ', got[-65536:]):
            got += os.read(reader, 65536)

    def test_a_position_of_a_registry_that_was_put_back_is_noticed(self):
        position = self.place / 'position'
        self.write_lines(30)
        self.registry.stop()
        shutil.copytree(self.registry.directory / 'data', self.place / 'yesterday')
        self.registry.start()
        self.shared = {}
        self.write_lines(100)
        first = self.once('--pipe', '-', '--position', position)
        kept = position.read_bytes()
        self.assertEqual(len(first.splitlines()), int(re.search(rb'lines (\d+)', kept)[1]))
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        shutil.copytree(self.place / 'yesterday', self.registry.directory / 'data')
        self.registry.start()
        self.shared = {}
        self.assertIn('contradicts', self.once('--pipe', '-', '--position', position, expected=NO))
        self.write_lines(200)
        said = self.once('--pipe', '-', '--position', position, expected=NO)
        self.assertRegex(said, 'contradicts|does not begin with')
        self.assertEqual(position.read_bytes(), kept)
        for damaged in (b'', kept[:-1], kept + b'x', kept.replace(b'lines', b'lijnen')):
            position.write_bytes(damaged)
            self.assertIn('is no position of a copy', self.once('--pipe', '-', '--position', position, expected=78))


# --- Syslog -------------------------------------------------------------------------------------------------------------

def parse_syslog(text):
    """RFC 5424, section 6, by itself: the header, and the structured data with its escapes. Raises ValueError."""
    head = re.match(r'<(0|[1-9]\d{0,2})>([1-9]\d?) (-|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)) '
                    r'([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32}) ', text)
    if not head or int(head[1]) > 191:
        raise ValueError(f'no header: {text[:80]}')
    rest, elements = text[head.end():], {}
    if rest.startswith('-'):
        rest = rest[1:]
    while rest.startswith('['):
        name = re.match(r'\[([!#-<>-\\^-~]{1,32})', rest)
        if not name or name[1] in elements:
            raise ValueError(f'no element: {rest[:80]}')
        rest, values = rest[name.end():], {}
        while rest.startswith(' '):
            one = re.match(r' ([!#-<>-\\^-~]{1,32})="((?:[^"\\\]]|\\["\\\]])*)"', rest)
            if not one:
                raise ValueError(f'no parameter: {rest[:80]}')
            values[one[1]] = re.sub(r'\\(["\\\]])', r'\1', one[2])
            rest = rest[one.end():]
        if not rest.startswith(']'):
            raise ValueError(f'an element without an end: {rest[:80]}')
        elements[name[1]], rest = values, rest[1:]
    if rest and not rest.startswith(' '):
        raise ValueError(f'what follows is no message: {rest[:80]}')
    return int(head[1]), head[3], head[4], head[5], head[7], elements, rest[1:]


class Syslog(CopyTest):
    def assertMessages(self, texts, enterprise=32473):
        entries, lines = list(self.client('operator').audit(raw=True)), []
        for number, text in enumerate(texts, 1):
            self.assertTrue(text.isascii() and text.isprintable(), text)
            priority, when, host, app, kind, elements, message = parse_syslog(text)
            self.assertEqual((priority >> 3, priority & 7, app, kind, message), (13, 6, 'consentd', 'line', ''))
            self.assertNotEqual(host, '')
            (name, values), = elements.items()
            self.assertEqual(name, f'line@{enterprise}')
            self.assertEqual(int(values['number']), number)
            seconds = time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(entries[number - 1].time // 1000))
            self.assertEqual(when, f'{seconds}.{entries[number - 1].time % 1000:03}Z')
            lines.append(base64.b64decode(values['line'], validate=True))
        self.assertCopied(lines, least=1)

    def test_messages_are_those_of_the_standard(self):
        bsn = self.person()
        self.granted(bsn)
        self.write_lines(40)
        said = self.once('--syslog', '--position', self.place / 'position')
        self.assertMessages(said.splitlines())
        self.assertNotIn(bsn, said)
        again = self.once('--syslog', '--position', self.place / 'position', '--enterprise', 12345)
        self.assertIn('[line@12345 ', again)  # only what is new, behind an empty line
        self.assertEqual(again.splitlines()[0], '')
        self.assertEqual(int(re.search(r'number="(\d+)"', again)[1]), len(said.splitlines()) + 1)
        for wrong in ('<192>1 - h a - m -', '<13>1 - h a - m [x a="]"]', '<13>1 - h a - m [x a=1]', 'x', '<13>0 - h a - m -'):
            with self.assertRaises(ValueError):
                parse_syslog(wrong)

    def test_a_socket_of_messages_has_one_for_each_line(self):
        path = self.place / 'log.socket'
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sink:
            sink.bind(str(path))
            sink.settimeout(0.5)
            self.following('--pipe', path, '--syslog', '--position', self.place / 'position')
            self.write_lines(60)
            texts, newest = [], self.status().audit_entries
            while len(texts) < newest or self.state().number < newest:
                with contextlib.suppress(TimeoutError):
                    texts.append(sink.recv(1 << 20).decode())
        self.assertMessages(texts)

    def test_a_socket_of_bytes_is_a_pipe(self):
        path = self.place / 'log.socket'
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sink:
            sink.bind(str(path))
            sink.listen()
            self.following('--pipe', path, '--syslog', '--position', self.place / 'position')
            connection, _ = sink.accept()
            self.write_lines(60)
            number, read = self.status().audit_entries, b''
            with connection:
                while read.count(b'\n') < number:
                    read += connection.recv(65536)
                self.wait(lambda: self.state().number >= number, 'what was read to be told')
        self.assertMessages(read.decode().splitlines()[:number])


if __name__ == '__main__':
    import unittest
    unittest.main()
