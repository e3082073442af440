"""Old lines of the log leave the store for a directory of files, and everything reads them there: over real sockets, with a
registry that was at work three years ago (libfaketime, in the build that CONSENTD_PLAIN names)."""
import base64
import datetime
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import envelope_pb2 as wire
import rights_pb2

from client import KIND, check_request, grant_request
from harness import BUILD, LOG_KEY, PLAIN, SOURCE, Instance, OwnInstanceTest, let_go_until, today, tool
from test_clock import LIBRARY, can_be_told_a_time

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

NO, UNAVAILABLE, SYSTEM, AGAIN_LATER = 1, 69, 74, 75
YEARS = 3 * 365 * 24 * 3600 * 1000
THEN = today() - datetime.timedelta(3 * 365)
BUNDLE = 256


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class ArchiveTest(OwnInstanceTest):
    OLD = 3 * BUNDLE + 40  # lines of three years ago, at least

    def setUp(self):
        self.registry = Instance()
        self.addCleanup(self.registry.destroy)
        path = self.registry.directory / 'consentd.conf'
        self.archive = self.registry.directory / 'archive'
        path.write_text(path.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"')
                        .replace('#   archive', '    archive'))
        self.registry.lift_limits()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='archive-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.live_three_years_ago()
        self.live_now()

    def live_three_years_ago(self):
        program, self.registry.program = self.registry.program, PLAIN / 'daemon' / 'consentd'
        self.registry.start({'LD_PRELOAD': str(LIBRARY), 'FAKETIME': '-1095d', 'FAKETIME_DONT_FAKE_MONOTONIC': '1'})
        self.shared = {}
        self.subject = self.person()
        request = grant_request(self.subject)
        grant = request.grant
        for holder, name in ((grant.notice, 'given_at'), (grant, 'valid_until'), *((one, 'given_at') for one in grant.signatures)):
            setattr(holder, name, getattr(holder, name) - YEARS)
        self.assertOk(self.client('kernteam').call(request))
        reply = self.client('kernteam').check(self.subject)
        self.assertPermit(reply)
        self.decision = reply.check.decision
        self.ask_often(self.OLD - self.newest())
        self.registry.stop()
        self.registry.program = program

    def live_now(self):
        """Years have passed: nothing is decided until an operator says that the clock is right."""
        self.start()
        self.assertOk(self.client('operator').ask('clock_confirm', user='beheer-1'))
        self.ask_often(BUNDLE + 10)
        self.wait_for_checkpoint()

    def start(self, options=()):
        self.registry.start(options=options)
        self.shared = {}

    def restart(self):
        self.registry.stop()
        self.start()

    def ask_often(self, count):
        kernteam, bsn = self.registry.client('kernteam'), next(self.bsns)
        for key in [kernteam.send(check_request(bsn)) for _ in range(count)]:
            self.assertOk(kernteam.reply_to(key, 60))
        self.registry.close(kernteam)

    def wait_for_checkpoint(self):
        lines = self.newest()
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').log_checkpoint.size >= lines, 'a checkpoint')

    def status(self):
        return self.client('operator').ask('status').status_report

    def newest(self):
        return self.status().audit_entries

    def run_ctl(self, *words, build=BUILD, **more):
        command = [build / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file('operator'), '--user', 'beheer-1', *words]
        return subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=120, check=False, **more)

    def ctl(self, *words, expected=0):
        ran = self.run_ctl(*words)
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout if expected == 0 else ran.stderr

    def leave(self):
        """All lines leave that may; returns how many those are."""
        said = self.ctl('audit', 'archive', '--log-key', LOG_KEY)
        lines = int(re.search(r': (\d+) lines; \d+ of them have left', said)[1])
        self.assertEqual(lines % BUNDLE, 0)
        self.assertEqual(self.status().archived, lines)
        return lines

    def stored(self):
        return [(line.number, line.raw, line.hash) for line in self.client('operator').audit(raw=True)]

    def bundle(self, index):
        return self.archive / 'tile' / 'entries' / f'{index:03}'


class Left(ArchiveTest):
    def told(self):
        """All that shows old lines, as it is said of them."""
        number = str(self.decision)
        return {
            'explain': self.ctl('explain', number),
            'list': self.ctl('audit', 'list', '--after', '0', '--limit', '500'),
            'since': self.ctl('audit', 'list', '--since', f'{THEN}', '--limit', '300'),
            'register': self.ctl('report', 'user', 'medewerker-17', '--party', 'kernteam', '--from', f'{THEN}', '--to', f'{THEN}'),
            'disclosures': self.asked('report', 'disclosures', '--subject'),
            'replay': self.replayed(),
            'overview': self.overview(),
        }

    def replayed(self):
        return self.ctl('policy', 'replay', self.registry.directory / 'policies' / 'kaag-en-braassem-2015', '--since', '2020-01-01')

    def overview(self):
        """What it tells of that year: it also tells of the overviews before it."""
        entries = json.loads(self.asked('overview', '--json'))['entries']
        old = [entry for entry in map(json.dumps, entries) if f'"{THEN.year}-' in entry]
        self.assertGreater(len(old), 2)
        return old

    def asked(self, *words):
        command = ['ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'beheer-1', *words]
        ran = tool(*command, stdin=self.subject)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return ran.stdout

    def test_everything_reads_lines_that_have_left_as_before(self):
        self.assertIn('may leave the store', self.ctl('audit', 'archive', '--dry-run'))
        self.assertFalse(self.archive.exists())
        before, told, used = self.stored(), self.told(), self.status().store_used
        lines = self.leave()
        self.assertGreaterEqual(lines, 3 * BUNDLE)
        self.assertLess(self.status().store_used, used)
        for again in range(2):
            self.assertEqual(self.stored()[:len(before)], before)
            now = self.told()
            for name, text in told.items():
                with self.subTest(name, again=again):
                    self.assertEqual(now[name], text)
            self.assertIn('chain whole', self.ctl('audit', 'verify'))
            self.restart()
        self.assertIn('no others are old enough', self.ctl('audit', 'archive'))

    def test_the_log_is_exported_proved_and_verified_from_both(self):
        lines = self.leave()
        self.ctl('audit', 'export', self.place / 'tree', '--log-key', LOG_KEY)
        for tree in (self.place / 'tree', self.archive):
            self.assertIn('every hash as it must be', self.ctl('audit', 'fsck', tree, '--log-key', LOG_KEY))
        for index in range(lines // BUNDLE):
            whole = self.bundle(index).read_bytes()
            self.assertEqual((self.place / 'tree' / 'tile' / 'entries' / f'{index:03}').read_bytes(), whole)
        stored = dict((number, raw) for number, raw, _ in self.stored())
        for number in (1, BUNDLE, BUNDLE + 1, lines, lines + 1):
            proof = self.place / f'{number}.proof'
            self.ctl('audit', 'prove', number, '--out', proof)
            self.assertEqual(tlog.verify_proof(proof.read_bytes(), tlog.read_key(LOG_KEY))[:2], (number, stored[number]))
        request = wire.Request()
        for earlier in (1, 100, BUNDLE, 2 * BUNDLE + 7):
            request.log_checkpoint.earlier = earlier
            self.assertOk(self.client('operator').call(request))

    def test_a_copy_has_the_lines_that_have_left_too(self):
        lines = self.leave()
        copy = self.place / 'copy'
        self.ctl('audit', 'copy', '--to', copy, '--log-key', LOG_KEY)
        texts = (copy / '000000000001.log').read_text().splitlines()
        self.assertGreater(len(texts), lines)
        self.assertEqual([(int(number), base64.b64decode(line)) for number, line in map(str.split, texts)],
                         [(number, raw) for number, raw, _ in self.stored()][:len(texts)])

    def test_one_line_says_who_did_it_and_up_to_where(self):
        self.assertEqual(self.leave(), 3 * BUNDLE)
        lines = [line for line in self.client('operator').audit(after=self.OLD) if line.action == 'log-archive']
        self.assertEqual([(line.result, line.user, f'"until":{3 * BUNDLE}' in line.details) for line in lines],
                         [('ok', 'beheer-1', False), ('ok', 'beheer-1', True)])  # how far may they; and that
        said = self.ctl('status')
        self.assertRegex(said, rf'archived +{3 * BUNDLE} of the entries, in {self.archive}')

    def test_only_operators_may(self):
        self.assertStatus(self.registry.client('cak').ask('log_archive'), 'FORBIDDEN')

    def test_a_backup_has_what_the_store_has_and_needs_the_directory(self):
        self.leave()
        before = self.stored()
        self.assertIn('audit entries', self.ctl('backup', self.place / 'copy'))
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        shutil.copytree(self.place / 'copy', self.registry.directory / 'data')
        self.start(['--restored'])
        self.assertEqual(self.stored()[:len(before)], before)
        self.assertIn('chain whole', self.ctl('audit', 'verify'))


class Lost(ArchiveTest):
    def assertNamed(self, *named):
        status = self.status()
        self.assertEqual(len(status.archive_faults), 1, status.archive_faults)
        self.assertIn(('archive-damaged', ''), [(alarm.kind, alarm.party) for alarm in status.alarms])
        lines = [line for line in self.client('operator').audit(after=self.OLD) if line.result == 'archive-damaged']
        for text in (status.archive_faults[0], lines[-1].details, self.registry.log()):
            for one in named:
                self.assertIn(one, text)

    def assertGoesOn(self):
        begun = time.monotonic()
        self.assertOk(self.client('kernteam').check(next(self.bsns)))
        self.assertLess(time.monotonic() - begun, 5)

    def break_it(self, how):
        file, other = self.bundle(0), self.bundle(1)
        whole = file.read_bytes()
        file.unlink()
        if how == 'truncated':
            file.write_bytes(whole[:-1])
        elif how == 'one bit':
            file.write_bytes(whole[:5000] + bytes([whole[5000] ^ 4]) + whole[5001:])
        elif how == 'swapped':
            file.write_bytes(other.read_bytes())
        elif how == 'a FIFO':
            os.mkfifo(file)
        elif how == 'a device':
            file.symlink_to('/dev/zero')
        elif how == 'a directory':
            file.mkdir()
        elif how == 'unreadable':
            file.symlink_to('/proc/self/mem')  # as root nothing else is
        return whole

    def mend(self, whole):
        file = self.bundle(0)
        file.rmdir() if file.is_dir() else file.unlink(missing_ok=True)
        file.write_bytes(whole)

    def test_a_file_that_is_lost_or_changed_is_named_and_all_else_goes_on(self):
        self.leave()
        told = self.ctl('explain', self.decision)
        stream = self.registry.client('operator', 'events')
        self.assertOk(stream.subscribe())
        for how in ('lost', 'truncated', 'one bit', 'swapped', 'a FIFO', 'a device', 'a directory', 'unreadable'):
            with self.subTest(how):
                whole = self.break_it(how)
                self.restart()  # what was read before is forgotten
                for words in (('explain', self.decision), ('audit', 'prove', 3, '--out', self.place / 'none'),
                              ('audit', 'export', self.place / f'tree-{how}')):
                    self.assertIn('tile/entries/000', self.ctl(*words, expected=UNAVAILABLE))
                self.assertNamed('tile/entries/000')
                self.assertIn('tile/entries/000', self.ctl('audit', 'list', '--after', '0', '--limit', '3'))
                self.assertRegex(self.ctl('audit', 'verify', expected=NO), 'broken at entry 1: .*tile/entries/000')
                self.assertGoesOn()
                self.mend(whole)
                self.assertEqual(self.ctl('explain', self.decision), told)
                self.assertEqual(list(self.status().archive_faults), [])
        self.restart()
        stream = self.registry.client('operator', 'events')
        self.assertOk(stream.subscribe())
        # Years went by, so that events were dropped: operators were told of that too.
        event = next(event for event in (stream.next_event().event for _ in range(4)) if event.alarm != 'events-dropped')
        self.assertEqual((event.kind, event.alarm, event.party), (KIND('REGISTRY_ALARM'), 'archive-damaged', ''))

    def test_without_its_directory_the_registry_starts_and_says_so(self):
        self.leave()
        before = self.stored()
        aside = self.archive.rename(self.place / 'aside')
        self.restart()
        self.registry.wait_for(lambda: 'the log\'s archive: tile/entries/002 cannot be read' in self.registry.log(), 'word of it')
        self.assertNamed('tile/entries/002', 'No such file')
        self.assertGoesOn()
        aside.rename(self.archive)
        self.assertEqual(self.stored()[:len(before)], before)
        self.assertEqual(list(self.status().archive_faults), [])

    def test_lines_that_have_not_left_stay_where_their_file_is_lost(self):
        before = self.stored()
        self.ctl('audit', 'export', self.archive, '--log-key', LOG_KEY)
        self.bundle(1).unlink()
        self.assertIn('tile/entries/001', self.ctl('audit', 'archive', '--log-key', LOG_KEY, expected=UNAVAILABLE))
        self.assertEqual(self.status().archived, BUNDLE)
        (self.archive / 'checkpoint').rename(self.archive / 'aside')
        self.assertEqual(self.leave(), 3 * BUNDLE)
        self.assertEqual(self.stored()[:len(before)], before)
        self.bundle(2).unlink()
        self.restart()
        self.registry.wait_for(lambda: 'consentd: alarm: archive-damaged\n' in self.registry.log(), 'the alarm')

    def test_what_is_told_of_old_lines_says_what_is_missing_and_an_export_waits(self):
        self.leave()
        whole = self.bundle(0).read_bytes()
        self.bundle(0).unlink()
        bsn, out = self.place / 'bsn', self.place / 'adl'
        bsn.write_text(self.subject)
        asked = (('report', 'disclosures', '--subject', '--bsn-file', bsn), ('overview', '--bsn-file', bsn),
                 ('policy', 'replay', self.registry.directory / 'policies' / 'kaag-en-braassem-2015', '--since', '2020-01-01'),
                 ('report', 'user', 'medewerker-17', '--party', 'kernteam', '--from', f'{THEN}', '--to', f'{THEN}'))
        for words in asked:
            with self.subTest(words):
                self.restart()
                ran = self.run_ctl(*words)
                self.assertEqual(ran.returncode, 0, ran.stderr)
                self.assertRegex(ran.stdout + ran.stderr, r'cannot be read|niet lezen|niet worden gelezen|onleesbaar')
        said = self.ctl('audit', 'list', '--subject', '--bsn-file', bsn)
        self.assertRegex(said, rf'(?m)^ +{self.decision} .* damaged .*tile/entries/000 cannot be read')
        self.restart()
        said = self.ctl('export', 'adl', '--since', '1', '--out', out, expected=UNAVAILABLE)
        self.assertIn('line 1 is in a file of the log\'s archive', said)
        self.assertEqual(out.read_bytes(), b'')
        opened = self.client('kernteam').ask('rights_open', bsn=self.subject, kind=rights_pb2.RIGHTS_ERASURE, by='subject', user='m-1',
                                             wish='alles weg', way=rights_pb2.WAY_COUNTER, identity=rights_pb2.IDENTITY_DOCUMENT)
        number = opened.rights.request.number
        self.assertOk(self.client('kernteam').ask('rights_decide', number=number, outcome=rights_pb2.RIGHTS_GRANTED, user='m-1'))
        self.assertIn('put the file of the log\'s archive back: tile/entries/000',
                      self.client('kernteam').ask('rights_erase', number=number, user='m-1').message)
        self.bundle(0).write_bytes(whole)
        self.ctl('export', 'adl', '--since', '1', '--out', out)
        self.assertIn(self.decision, [json.loads(line)['configuration']['regel'] for line in out.read_text().splitlines()])

    def test_nothing_leaves_for_files_of_another_registry(self):
        """Somebody has put them there under a checkpoint of this one, so that the export takes them for its own."""
        self.ctl('audit', 'export', self.archive, '--log-key', LOG_KEY)
        whole = self.bundle(1).read_bytes()
        self.bundle(1).write_bytes(self.bundle(0).read_bytes())
        said = self.ctl('audit', 'archive', '--log-key', LOG_KEY, expected=UNAVAILABLE)
        self.assertIn('tile/entries/001', said)
        self.assertEqual(self.status().archived, BUNDLE)  # what came before it has left
        self.bundle(1).write_bytes(whole)
        self.assertEqual(self.leave(), 3 * BUNDLE)

    def test_a_disk_that_is_full_loses_nothing(self):
        before = self.stored()

        def allow_little():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

        ran = self.run_ctl('audit', 'archive', build=PLAIN, preexec_fn=allow_little)
        self.assertEqual(ran.returncode, SYSTEM, ran.stderr)
        self.assertIn('cannot write', ran.stderr)
        self.assertEqual(self.status().archived, 0)
        self.assertEqual(self.leave(), 3 * BUNDLE)
        self.assertEqual(self.stored()[:len(before)], before)


class PutBack(ArchiveTest):
    def put_back(self, copy):
        self.registry.stop()
        shutil.rmtree(self.registry.directory / 'data')
        shutil.copytree(copy, self.registry.directory / 'data')
        self.start(['--restored'])

    def test_a_store_from_before_has_its_lines_twice_and_says_so(self):
        before = self.stored()
        self.ctl('backup', self.place / 'copy')
        self.wait_for_checkpoint()  # of lines that are not in the copy
        self.assertEqual(self.leave(), 3 * BUNDLE)
        self.put_back(self.place / 'copy')
        self.assertEqual(self.status().archived, 0)
        self.assertEqual(self.stored()[:len(before)], before)
        said = self.ctl('audit', 'archive', '--log-key', LOG_KEY, expected=NO)  # that log went on after the copy was made
        self.assertIn('put back to an earlier state', said)
        self.assertEqual(self.status().archived, 0)
        self.wait_for_checkpoint()
        (self.archive / 'checkpoint').rename(self.archive / 'checkpoint.before')
        self.assertEqual(self.leave(), 3 * BUNDLE)
        self.assertEqual(self.stored()[:len(before)], before)
        self.assertIn('every hash', self.ctl('audit', 'fsck', self.archive, '--log-key', LOG_KEY))

    def test_lines_that_were_exported_before_are_said_to_be_there_twice(self):
        self.ctl('audit', 'export', self.archive, '--log-key', LOG_KEY)
        self.assertIn(f'{3 * BUNDLE} of these were in it before', self.ctl('audit', 'archive', '--log-key', LOG_KEY))

    def test_a_directory_from_before_lacks_files_and_says_so(self):
        self.assertEqual(self.leave(), 3 * BUNDLE)
        self.bundle(2).rename(self.place / 'later')
        self.restart()
        self.assertIn('tile/entries/002', self.status().archive_faults[0])
        (self.place / 'later').rename(self.bundle(2))
        self.assertIn('chain whole', self.ctl('audit', 'verify'))


class CutOff(ArchiveTest):
    OLD = 8 * BUNDLE + 40

    def progress(self):
        """How many files are there, and how many have been left for them."""
        return sum(self.bundle(index).exists() for index in range(8)), self.status().archived // BUNDLE

    def kill_a_run(self, steps, pause, registry_too):
        """Once it has done so many steps more than were done, and so many seconds after that."""
        goal = sum(self.progress()) + steps
        run = subprocess.Popen([PLAIN / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file('operator'),
                                '--user', 'beheer-1', 'audit', 'archive', '--log-key', LOG_KEY],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        let_go_until(run, lambda: sum(self.progress()) >= goal)
        run.send_signal(signal.SIGCONT)
        time.sleep(pause)
        if registry_too:
            self.registry.kill()
        run.kill()
        run.wait()
        if registry_too:
            self.start()

    def test_no_line_is_in_neither_place_whoever_is_killed_when(self):
        """The run is killed, and the registry too, again and again: each line stays as it was, to the byte."""
        pick, before, found = random.Random(11), self.stored(), set()
        while self.progress() != (8, 8):
            self.kill_a_run(pick.random() < 0.8, pick.uniform(0, 0.015), pick.random() < 0.6)
            self.assertEqual(self.stored()[:len(before)], before)
            found.add(self.progress())
        self.assertGreater(len(found), 4)
        self.assertTrue(any(files < 8 for files, _ in found), 'no kill came while the files were written')
        self.assertTrue(any(0 < left < 8 for _, left in found), 'no kill came while the lines left')
        self.assertEqual(self.run_ctl('audit', 'archive', '--log-key', LOG_KEY).returncode, 0)
        self.assertEqual(self.status().archived, 8 * BUNDLE)
        self.assertEqual(self.stored()[:len(before)], before)
        self.assertIn('every hash', self.ctl('audit', 'fsck', self.archive, '--log-key', LOG_KEY))


if __name__ == '__main__':
    unittest.main()
