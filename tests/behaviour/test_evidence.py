"""The log as evidence (A4): what anybody can verify with the files and a public key, and what nobody can change unseen.

Everything is verified twice: by consentctl, and by tests/oracle/tlog.py, which shares no code with it."""
import base64
import fcntl
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import envelope_pb2 as wire

from client import check_request
from harness import BUILD, LOG_KEY, LOG_SECRET, SOURCE, Instance, OwnInstanceTest, let_go_until, tool

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

NO, USAGE, NOT_ADMITTED, AGAIN_LATER = 1, 64, 65, 75
OTHER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
ORACLE = SOURCE / 'tests' / 'oracle' / 'tlog.py'


class EvidenceTest(OwnInstanceTest):
    def prepare(self):
        self.registry.set_in_configuration('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"')
        self.registry.lift_limits()

    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='evidence-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.tree = self.place / 'tree'

    def ctl(self, *words, expected=0, key=LOG_KEY):
        command = ['ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'beheer-1', *words]
        ran = tool(*command, *(['--log-key', key] if key else []))
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout if expected == 0 else ran.stderr

    def oracle(self, what, place, key=LOG_KEY):
        return subprocess.run([sys.executable, ORACLE, what, place, key], capture_output=True, text=True, timeout=60,
                              check=False)

    def checkpoint(self):
        """(lines, root) of the newest."""
        text = self.ctl('audit', 'checkpoint')
        self.assertEqual(text.split('\n')[0], 'gemeente-voorbeeld.nl/toestemmingen')
        return int(text.split('\n')[1]), text.split('\n')[2]

    def checkpoint_of(self, lines):
        """Waits until a checkpoint has so many."""
        for _ in range(200):
            found = self.client('operator').ask('log_checkpoint')
            if found.status == wire.OK and found.log_checkpoint.size >= lines:
                return found.log_checkpoint.size
            time.sleep(0.1)
        self.fail('no checkpoint was made')

    def newest(self):
        return self.client('operator').ask('status').status_report.audit_entries

    def write_lines(self, count):
        """So many checks, each a line about somebody."""
        kernteam, bsn = self.registry.client('kernteam'), next(self.bsns)
        keys = [kernteam.send(check_request(bsn)) for _ in range(count)]
        for key in keys:
            self.assertOk(kernteam.reply_to(key, 60))
        self.registry.close(kernteam)
        return self.checkpoint_of(self.newest() - 3)

    def assertBothVerify(self, lines):
        self.assertIn(f'{lines} lines of gemeente-voorbeeld.nl/toestemmingen, every hash', self.ctl('audit', 'fsck', self.tree))
        said = self.oracle('tree', self.tree)
        self.assertEqual((said.returncode, said.stdout), (0, f'{lines} lines\n'), said.stderr)

    def assertBothRefuse(self, named=''):
        self.assertIn(named, self.ctl('audit', 'fsck', self.tree, expected=NO))
        self.assertEqual(self.oracle('tree', self.tree).returncode, 1)


class Exported(EvidenceTest):
    def test_the_log_is_verified_from_its_files_alone(self):
        for more in (3, 250, 300, 1):  # within a tile, over its end, over two
            lines = self.write_lines(more)
            self.ctl('audit', 'export', self.tree)
            lines = int((self.tree / 'checkpoint').read_text().split('\n')[1])
            self.assertBothVerify(lines)
        self.assertGreater(lines, 550)
        self.registry.stop()  # nothing of it needs the registry
        self.assertBothVerify(lines)

    def test_each_line_is_in_the_files_as_it_is_stored(self):
        self.write_lines(270)
        self.ctl('audit', 'export', self.tree)
        stored = [line.raw for line in self.client('operator').audit(raw=True)]
        size = int((self.tree / 'checkpoint').read_text().split('\n')[1])
        self.assertEqual(list(tlog.read_entries(self.tree, size)), stored[:size])

    def test_nothing_personal_is_in_the_files(self):
        bsn = self.person()
        self.granted(bsn)
        self.write_lines(5)
        self.ctl('audit', 'export', self.tree)
        whole = b''.join(path.read_bytes() for path in self.tree.rglob('*') if path.is_file())
        for personal in (bsn, 'medewerker-17', 'nodig voor de uitvoering', 'dossier-2026-14', '1980-05-17'):
            self.assertNotIn(personal.encode(), whole)
        self.assertIn(b'kernteam', whole)  # heads are in clear

    def test_a_file_that_was_changed_is_named(self):
        self.write_lines(270)
        self.ctl('audit', 'export', self.tree)
        files = sorted(path for path in self.tree.rglob('*') if path.is_file())
        self.assertEqual(len(files), 6)  # two of entries, two of their hashes, one above, the checkpoint
        for path in files:
            whole = path.read_bytes()
            for at in (0, len(whole) // 2, len(whole) - 1):
                with self.subTest(file=path.name, at=at):
                    path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
                    named = '' if path.name == 'checkpoint' else str(path.relative_to(self.tree).parts[0])
                    self.assertBothRefuse(named)
            for changed in (whole[:-1], whole + b'\0', b''):
                path.write_bytes(changed)
                self.assertBothRefuse(path.name if path.name != 'checkpoint' else '')
            path.unlink()
            self.ctl('audit', 'fsck', self.tree, expected=NO if path.name != 'checkpoint' else 66)
            self.assertEqual(self.oracle('tree', self.tree).returncode, 1)
            path.write_bytes(whole)
        self.assertBothVerify(int((self.tree / 'checkpoint').read_text().split('\n')[1]))

    def test_the_files_of_another_log_are_left_alone(self):
        self.write_lines(3)
        self.ctl('audit', 'export', self.tree)
        file = self.tree / 'checkpoint'
        other = file.read_text().replace('gemeente-voorbeeld.nl', 'gemeente-anders.nl')
        file.write_text(other)
        self.write_lines(3)
        self.assertIn('another log: gemeente-anders.nl', self.ctl('audit', 'export', self.tree, key=None, expected=NO))
        self.assertEqual(file.read_text(), other)

    def test_a_checkpoint_that_somebody_has_says_whether_it_is_the_same_log(self):
        self.write_lines(3)
        self.ctl('audit', 'export', self.tree)
        first = self.place / 'first'
        shutil.copy(self.tree / 'checkpoint', first)
        self.ctl('audit', 'prove', 2, '--out', self.place / 'proof', key=None)
        self.write_lines(270)
        self.ctl('audit', 'export', self.tree)
        begins = ['audit', 'fsck', self.tree, '--begins-with']
        self.ctl(*begins, first)
        self.ctl(*begins, self.place / 'proof', '--begins-with', first, '--begins-with', self.tree / 'checkpoint')
        other = self.place / 'other'
        for text, named in ((re.sub(r'\n\d+\n', '\n1\n', first.read_text(), count=1), 'does not fit'), ('x', 'is not a signed note'),
                            (self.sign(2, bytes(32)), 'does not begin with the 2 lines'),
                            (self.sign(10_000, bytes(32)), 'export the log again')):
            other.write_text(text)
            self.assertIn(named, self.ctl(*begins, first, '--begins-with', other, expected=NO))
        self.assertIn('cannot read', self.ctl(*begins, self.place / 'none', expected=66))

    def sign(self, size, root):
        """A checkpoint by the registry's key that the registry never made."""
        text = f'{LOG_KEY.split("+")[0]}\n{size}\n{base64.b64encode(root).decode()}\n'
        secret = Ed25519PrivateKey.from_private_bytes(base64.b64decode(LOG_SECRET.split('+', 4)[4])[1:])
        signature = base64.b64encode(bytes.fromhex(LOG_KEY.split('+')[1]) + secret.sign(text.encode())).decode()
        return f'{text}\n— {LOG_KEY.split("+")[0]} {signature}\n'

    def test_an_export_that_was_killed_goes_on(self):
        """Three kills fall in its midst, with some of the files written and no checkpoint of them."""
        self.write_lines(1500)
        key = self.registry.key_file('operator')
        in_the_midst = 0
        command = [BUILD / 'clients' / 'ctl' / 'consentctl', '--key', key, '--user', 'beheer-1', 'audit', 'export', self.tree]
        for _ in range(20):
            run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            let_go_until(run, lambda: len(list(self.tree.rglob('tile/entries/*'))) > in_the_midst)
            run.send_signal(signal.SIGKILL)
            run.wait()
            if run.returncode == -signal.SIGKILL and any(self.tree.rglob('tile/entries/*')) and not (self.tree / 'checkpoint').exists():
                in_the_midst += 1
            if in_the_midst == 3:
                break
            if (self.tree / 'checkpoint').exists():  # it was faster than the kill: from the beginning
                shutil.rmtree(self.tree)
        self.assertEqual(in_the_midst, 3)
        self.ctl('audit', 'export', self.tree)
        self.assertBothVerify(int((self.tree / 'checkpoint').read_text().split('\n')[1]))

    def test_two_runs_do_not_write_into_one_directory(self):
        self.write_lines(3)
        self.ctl('audit', 'export', self.tree)
        directory = os.open(self.tree, os.O_RDONLY)
        self.addCleanup(os.close, directory)
        fcntl.flock(directory, fcntl.LOCK_EX)
        self.assertIn('another run writes into it', self.ctl('audit', 'export', self.tree, expected=AGAIN_LATER))
        fcntl.flock(directory, fcntl.LOCK_UN)
        self.ctl('audit', 'export', self.tree)

    def test_only_a_key_that_signed_it_is_a_key_for_it(self):
        self.write_lines(3)
        self.assertIn('is not signed by a known key', self.ctl('audit', 'export', self.tree, key=OTHER_KEY, expected=NO))
        self.ctl('audit', 'export', self.tree)
        self.assertIn('is not signed by a known key', self.ctl('audit', 'fsck', self.tree, key=OTHER_KEY, expected=NO))
        self.assertIn('--log-key is missing', self.ctl('audit', 'fsck', self.tree, key=None, expected=USAGE))
        self.assertIn('not a key that signs a log', self.ctl('audit', 'fsck', self.tree, key='PeterNeumann', expected=USAGE))


class Proved(EvidenceTest):
    def prove(self, number, name='proof'):
        file = self.place / name
        self.ctl('audit', 'prove', number, '--out', file, key=None)
        return file

    def test_every_line_is_proved_to_who_has_only_the_key(self):
        lines = self.write_lines(270)
        stored = [line.raw for line in self.client('operator').audit(raw=True)]
        for number in (1, 2, 255, 256, 257, lines - 1, lines):
            file = self.prove(number, f'proof-{number}')
            self.assertIn(f'Line {number} of gemeente-voorbeeld.nl/toestemmingen', self.ctl('audit', 'proof', file))
            found = tlog.verify_proof(file.read_bytes(), tlog.read_key(LOG_KEY))
            self.assertEqual(found[:2], (number, stored[number - 1]))

    def test_a_proof_that_was_changed_proves_nothing(self):
        """Each byte of the file changed, one at a time: by the second program; a few of each part by consentctl."""
        self.write_lines(20)
        file = self.prove(7)
        whole, key = file.read_bytes(), tlog.read_key(LOG_KEY)
        for at in range(len(whole)):
            changed = whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:]
            with self.assertRaises((tlog.Wrong, ValueError, IndexError), msg=f'byte {at}'):
                tlog.verify_proof(changed, key)
            if at % 37 == 0:
                file.write_bytes(changed)
                self.assertRegex(self.ctl('audit', 'proof', file, expected=NO), 'proof')
        file.write_bytes(whole)
        self.assertIn('is not signed by a known key', self.ctl('audit', 'proof', file, key=OTHER_KEY, expected=NO))
        for size in range(0, len(whole), 29):
            file.write_bytes(whole[:size])
            self.ctl('audit', 'proof', file, expected=NO)

    def test_what_cannot_be_proved_is_said(self):
        lines = self.write_lines(3)
        for number, named in ((0, 'there is no such line'), (lines + 1000, 'there is no such line'), ('x', 'NUMBER'),
                              ('7 ', 'NUMBER'), ('99999999999999999999', 'NUMBER')):
            said = tool('ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'b', 'audit', 'prove', number,
                        '--out', self.place / 'none')
            self.assertIn(said.returncode, (USAGE, NOT_ADMITTED), said.stderr)
            self.assertIn(named, said.stderr)
            self.assertFalse((self.place / 'none').exists())

    def test_whoever_hears_events_may_have_a_checkpoint_and_only_operators_a_line(self):
        self.write_lines(3)
        self.assertOk(self.registry.client('cak', 'events').ask('log_checkpoint'))
        for verb in ('log_prove', 'log_lines'):
            self.assertStatus(self.registry.client('cak').ask(verb), 'FORBIDDEN')
        self.assertStatus(self.registry.client('cak').ask('log_checkpoint'), 'FORBIDDEN')


class Signed(EvidenceTest):
    def test_no_checkpoint_takes_back_what_one_before_said(self):
        """Kills and restarts between: each of them begins with all before it."""
        seen = []
        for turn in range(6):
            self.write_lines(40)
            told = self.client('operator').ask('log_checkpoint').log_checkpoint
            seen.append(tlog.read_checkpoint(told.checkpoint, tlog.read_key(LOG_KEY)))
            self.registry.kill() if turn % 2 else self.registry.stop()
            self.registry.start()
            self.shared = {}
        for size, root in seen:
            request = wire.Request()
            request.log_checkpoint.earlier = size
            told = self.client('operator').call(request).log_checkpoint
            now = tlog.read_checkpoint(told.checkpoint, tlog.read_key(LOG_KEY))
            proof = [told.proof[at:at + 32] for at in range(0, len(told.proof), 32)]
            self.assertTrue(tlog.is_consistent(0, size, now[0], root, now[1], proof))
            self.assertFalse(tlog.is_consistent(0, size, now[0], bytes(32), now[1], proof))

    def test_a_registry_that_was_put_back_is_noticed_by_who_has_seen_more(self):
        self.write_lines(30)
        self.registry.stop()
        shutil.copytree(self.registry.directory / 'data', self.place / 'yesterday')
        self.registry.start()
        self.shared = {}
        self.write_lines(300)
        self.ctl('audit', 'export', self.tree)
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        shutil.copytree(self.place / 'yesterday', self.registry.directory / 'data')
        self.registry.start(options=['--restored'])
        self.shared = {}
        self.assertIn('it was put back to an earlier state', self.ctl('audit', 'export', self.tree, expected=NO))
        self.write_lines(400)  # it has more again, but others
        self.assertIn('does not begin with', self.ctl('audit', 'export', self.tree, expected=NO))

    def test_a_key_is_changed_while_both_sign(self):
        self.write_lines(3)
        file = self.place / 'new.key'
        said = tool('ctl/consentctl', 'audit', 'key', file, '--origin', 'gemeente-voorbeeld.nl/toestemmingen')
        self.assertEqual(said.returncode, 0, said.stderr)
        fresh = file.read_text().strip()
        self.registry.write('keys/log.key', LOG_SECRET + '\n' + fresh + '\n', 0o600)
        self.registry.reload()
        self.write_lines(3)
        both = self.ctl('audit', 'checkpoint')
        new_key = next(key for key in re.findall(r'(?m)^  (\S+)$', self.ctl('audit', 'checkpoint', key=None)) if key != LOG_KEY)
        self.assertEqual(self.ctl('audit', 'checkpoint', key=new_key).split('\n\n')[0], both.split('\n\n')[0])
        self.registry.write('keys/log.key', fresh + '\n', 0o600)
        self.registry.reload()
        self.write_lines(3)
        self.ctl('audit', 'checkpoint', key=new_key)
        self.assertIn('is not signed by a known key', self.ctl('audit', 'checkpoint', expected=NO))
        for words in ([], ['--json']):  # both are known, and only one has signed
            said = self.ctl('audit', 'checkpoint', '--log-key', new_key, *words)
            self.assertIn(new_key, said)
            self.assertNotIn(LOG_KEY, said)

    def test_keys_that_are_not_as_they_must_be_are_refused_with_their_file(self):
        self.registry.stop()
        other = LOG_SECRET.replace('voorbeeld', 'anders')
        for text, mode, named in (('', 0o600, 'has no key'), ('x\n', 0o600, 'no signing key'), (other + '\n', 0o600, 'no signing key'),
                                  (LOG_KEY + '\n', 0o600, 'no signing key'), ((LOG_SECRET + '\n') * 5, 0o600, 'more than four'),
                                  (LOG_SECRET + '\n', 0o644, 'open to others')):
            self.registry.write('keys/log.key', text, mode)
            said = self.registry.run('--check')
            self.assertEqual(said.returncode, 78, said.stderr)
            self.assertIn('keys/log.key', said.stderr)
            self.assertIn(named, said.stderr)
            self.assertNotIn(LOG_SECRET[-30:], said.stderr)
        self.registry.write('keys/log.key', LOG_SECRET + '\n', 0o600)

    def test_a_registry_without_a_key_says_so(self):
        keyless = Instance()
        self.addCleanup(keyless.destroy)
        path = keyless.directory / 'consentd.conf'
        path.write_text(re.sub(r'(?m)^ +(log|origin) = .*\n', '', path.read_text()))
        keyless.start()
        reply = keyless.operator().ask('log_checkpoint')
        self.assertStatus(reply, 'NOT_FOUND')
        self.assertIn('no key is configured', reply.message)


class Vectors(unittest.TestCase):
    def test_the_second_program_knows_the_published_vectors_too(self):
        import json
        if 'CONSENTD_MERKLE' not in os.environ:
            self.skipTest('they are not here')
        counts = {True: 0, False: 0}
        for path in pathlib.Path(os.environ['CONSENTD_MERKLE']).rglob('*.json'):
            vector = json.loads(path.read_text())
            holds = self.holds(vector, [base64.b64decode(text) for text in vector['proof'] or []])
            self.assertEqual(holds, not vector['wantErr'], path)
            counts[holds] += 1
        self.assertGreater(min(counts.values()), 30)

    @staticmethod
    def holds(vector, path):
        decoded = {name: base64.b64decode(vector[name]) for name in ('leafHash', 'root', 'root1', 'root2') if name in vector}
        if any(len(one) != 32 for one in path):
            return False
        start = vector.get('start', 0)
        if 'leafHash' in vector:
            end = vector.get('treeSize', vector.get('end'))
            found = tlog.root_of_inclusion(vector['leafIdx'], start, end, decoded['leafHash'], path)
            return len(decoded['leafHash']) == 32 and found == decoded['root']
        end, size = vector.get('size1', vector.get('end')), vector.get('size2', vector.get('size'))
        return ('size1' not in vector or end > 0) and tlog.is_consistent(start, end, size, decoded['root1'], decoded['root2'], path)


if __name__ == '__main__':
    unittest.main()
