"""Where an event ends: consent-watch acknowledges what is stored, and nothing else."""
import json
import os
import pathlib
import pty
import re
import resource
import select
import signal
import socket
import subprocess
import sys
import time
import unittest

import faulty_disk
from harness import PLAIN, SOURCE, tool
from watching import CANNOT_MAKE, DATA, HORIZON, IO, SYSTEM, TEMPORARY, UNAVAILABLE, USAGE, WatchTest, exported_lines


def is_running(pid):
    try:
        return ') Z ' not in pathlib.Path(f'/proc/{pid}/stat').read_text()
    except OSError:
        return False


class File(WatchTest):
    def test_half_a_line_that_a_crash_left_is_cut_off_and_its_event_comes_again(self):
        self.tell(3)
        self.watch('--once')
        with open(self.out, 'a') as out:
            out.write('{"number":2,"ty')
        self.assertIn('cut off', self.watch('--once'))
        self.assertEqual(self.numbers(), [1, 2])
        self.out.write_text('{"nu')
        self.watch('--once')
        self.assertEqual(self.numbers(), [3])

    def test_a_file_of_something_else_gets_nothing(self):
        self.tell()
        for text in ('half a line', 'a line\nand half a line'):
            self.out.write_text(text)
            self.assertIn('none of this program', self.watch('--once', expected=DATA))
            self.assertEqual(self.out.read_text(), text)
        self.assertEqual(self.acknowledged(), 0)
        self.out.write_text('a line\n')
        self.watch('--once')
        self.assertEqual(self.acknowledged(), 1)

    def test_what_cannot_be_written_is_not_there_by_half_and_not_acknowledged(self):
        self.tell(2)
        self.watch('--once')
        def small():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.out.stat().st_size + 20,) * 2)
        self.assertIn('cannot write to standard output', self.watch('--once', expected=IO, preexec_fn=small))
        self.assertEqual((self.numbers(), self.acknowledged()), ([1], 1))
        self.watch('--once')
        self.assertEqual((self.numbers(), self.acknowledged()), ([1, 2], 2))

    def test_a_file_that_was_removed_keeps_nothing(self):
        process = self.start()
        self.tell()
        self.wait_until(lambda: self.acknowledged() == 1, 'the first event')
        self.out.unlink()
        self.tell()
        self.assertEqual(process.wait(20), IO)
        self.assertIn('moved or removed', self.words())
        self.assertEqual(self.acknowledged(), 1)

    @faulty_disk.needs_faulty_disk
    def test_what_is_not_synced_is_not_acknowledged(self):
        self.tell()
        disk = self.place / 'disk'
        disk.with_suffix('.fail').touch()
        command = [PLAIN / 'clients' / 'watch' / 'consent-watch', '--key', self.registry.key_file(HORIZON), '--once']
        with open(self.out, 'wb') as out:
            failed = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=30, check=False,
                                    env=dict(os.environ, **faulty_disk.environment(disk)))
        self.assertEqual(failed.returncode, IO, failed.stderr)
        self.assertEqual((self.numbers(), self.acknowledged()), ([], 0))

    def test_as_cloudevents_of_the_profile(self):
        consents = self.tell(2)
        self.assertOk(self.client('kernteam').revoke(bytes.fromhex(consents[0])))
        self.watch('--count', 3, '--format', 'cloudevents', '--source', SYSTEM)
        events = self.heard()
        self.assertValid(events)
        self.assertEqual([int(event['sequence']) for event in events], [self.first, self.first + 1, self.first + 2])
        self.assertEqual([event['data']['consent_id'] for event in events], [*consents, consents[0]])
        self.assertEqual(events[2]['type'], 'nl.toestemmingen.toestemming-ingetrokken')
        self.assertEqual({event['source'] for event in events}, {SYSTEM})


class Pipe(WatchTest):
    def test_a_pipe_a_socket_and_what_keeps_nothing_are_refused(self):
        self.tell()
        ours, theirs = socket.socketpair()
        self.addCleanup(ours.close)
        self.addCleanup(theirs.close)
        for stdout, why in ((subprocess.PIPE, 'standard output is a pipe: .*--ack stdin'), (theirs, 'is a socket: .*--ack stdin'),
                            (subprocess.DEVNULL, 'keeps nothing')):
            self.said.write_text('')
            self.assertRegex(self.watch('--once', expected=USAGE, stdout=stdout), why)
        self.assertEqual(self.acknowledged(), 0)

    def test_a_terminal_is_shown_events_and_they_stay(self):
        self.tell()
        ours, theirs = pty.openpty()
        self.addCleanup(os.close, ours)
        self.assertIn('not acknowledged', self.watch('--once', stdout=theirs))
        self.assertIn('keeps nothing', self.watch('--once', '--position', self.place / 'p', expected=USAGE, stdout=theirs))
        os.close(theirs)
        self.assertIn(f'"number":{self.first},', os.read(ours, 4096).decode())
        self.assertEqual(self.acknowledged(), 0)

    def test_events_may_be_shown_without_acknowledging_them_and_no_more_than_come(self):
        self.tell(2)
        for _ in range(2):
            shown = subprocess.run(self.command('--ack', 'none', '--count', 2), capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual([json.loads(line)['number'] for line in shown.stdout.splitlines()], [self.first, self.first + 1])
        self.assertEqual(self.acknowledged(), 0)
        self.tell(70)
        self.assertIn('no more are sent', self.watch('--ack', 'none'))
        self.assertEqual(len(self.heard()), 64)
        self.assertEqual(self.acknowledged(), 0)

    def test_the_reader_of_six_lines_of_the_help_stores_each_event_once(self):
        text = tool('watch/consent-watch', '--help').stdout.split('A reader for --ack stdin, in Python:\n')[1].split('\n\n')[0]
        lines = re.sub(' *#.*', '', text).splitlines()
        self.assertEqual(len(lines), 6)
        self.assertIn(re.sub('(?m)^  ', '    ', text), (SOURCE / 'docs' / 'operations.md').read_text())
        program = self.place / 'reader.py'
        program.write_text('import json, os, subprocess, sys\n'
                           'def store(line):\n    with open(sys.argv[1], "a") as out:\n        out.write(line)\n'
                           '        out.flush()\n        os.fsync(out.fileno())\n' + '\n'.join(line[2:] for line in lines))
        path = f'{self.command()[0].parent}:{os.environ["PATH"]}'
        self.registry.key_file(HORIZON).rename(self.place / 'horizon.key')
        self.tell(3)
        with open(self.said, 'wb') as said:
            reader = subprocess.Popen([sys.executable, program, self.out], cwd=self.place, env=dict(os.environ, PATH=path),
                                      stderr=said, stdin=subprocess.DEVNULL, start_new_session=True)
        self.addCleanup(self.end, reader)
        self.addCleanup(os.killpg, reader.pid, signal.SIGTERM)
        self.wait_until(lambda: self.acknowledged() == 3, 'the answers of the reader')
        self.tell(2)
        self.wait_until(lambda: self.acknowledged() == 5, 'the answers of the reader')
        self.assertEqual(self.numbers(), [1, 2, 3, 4, 5])

    def read(self, *arguments):
        return self.start('--ack', 'stdin', *arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def line(self, process):
        self.assertTrue(select.select([process.stdout], [], [], 20)[0], 'nothing came')
        return process.stdout.readline()

    def test_a_reader_that_leaves_or_answers_something_else_moves_nothing(self):
        self.tell(2)
        for answer, code, why in ((b'', IO, 'has left'), (b'%d\n' % (self.first + 1), DATA, f'something else than {self.first}'),
                                  (b'ok\n', DATA, 'something else'), (b'0%d\n' % self.first, DATA, 'something else'),
                                  (b'%d' % self.first, IO, 'has left'), (b'9' * 40, DATA, 'something else')):
            with self.subTest(answer):
                self.said.write_text('')
                process = self.read()
                self.assertEqual(json.loads(self.line(process))['number'], self.first)
                process.stdin.write(answer)
                process.stdin.close()
                self.assertEqual(process.wait(20), code)
                self.assertIn(why, self.words())
                self.assertNotIn('999999999', self.words())
        self.assertEqual(self.acknowledged(), 0)
        process = self.read('--count', 2)
        for number in (self.first, self.first + 1):
            self.assertEqual(json.loads(self.line(process))['number'], number)
            self.assertLess(self.lag().acknowledged, number, 'it was acknowledged before the answer')
            process.stdin.write(b'%d\n' % number)
            process.stdin.flush()
        self.assertEqual(process.wait(20), 0)
        self.assertEqual(self.acknowledged(), 2)

    def test_a_reader_that_leaves_or_answers_unasked_is_noticed_before_the_next_event(self):
        for act, code, why in ((lambda process: process.stdin.close(), IO, 'the reader has left'),
                               (lambda process: process.stdout.close(), IO, 'the reader has left'),
                               (lambda process: os.write(process.stdin.fileno(), b'%d\n' % self.first), DATA, 'nothing was asked')):
            self.said.write_text('')
            process = self.read()
            act(process)
            self.assertEqual(process.wait(10), code)
            self.assertIn(why, self.words())

    def test_a_reader_that_does_not_answer_is_no_reason_not_to_stop(self):
        self.tell()
        process = self.read()
        self.line(process)
        process.terminate()
        self.assertEqual(process.wait(5), 0)
        self.assertEqual(self.acknowledged(), 0)


class Program(WatchTest):
    def script(self, text):
        path = self.place / 'script'
        path.write_text('#!/bin/sh\n' + text)
        path.chmod(0o755)
        return path

    def test_an_event_that_is_not_handled_is_tried_so_often_and_then_set_aside_by_name(self):
        self.tell(3)
        script = self.script('read -r line\necho "$line" >>"$1"\ncase $line in *"\\"number\\":$2,"*) exit 3;; esac')
        aside = self.place / 'aside'
        said = self.watch('--count', 3, '--tries', 3, '--set-aside', aside, '--exec', script, self.out, self.first + 1)
        self.assertEqual(self.numbers(), [1, 2, 2, 2, 3])
        self.assertEqual([json.loads(line)['number'] for line in exported_lines(aside)], [self.first + 1])
        self.assertIn(f'event {self.first + 1} is set aside in {aside}: {script} ended with 3', said)
        pauses = [float(pause) for pause in re.findall(r'again in ([0-9.]+) s', said)]
        self.assertEqual(len(pauses), 2)
        self.assertTrue(0.5 <= pauses[0] <= 1 <= pauses[1] <= 2, pauses)
        self.assertEqual(self.acknowledged(), 3)
        self.tell()
        self.assertIn('has events that were set aside', self.watch('--once', '--set-aside', aside, '--exec', 'true'))

    def test_without_a_file_to_set_it_aside_it_ends_and_the_event_comes_again(self):
        self.tell(2)
        said = self.watch('--tries', 2, '--exec', 'false', expected=UNAVAILABLE)
        self.assertIn(f'event {self.first} is not acknowledged', said)
        self.assertIn('cannot be run', self.watch('--tries', 1, '--exec', self.place / 'none', expected=UNAVAILABLE))
        self.assertEqual(self.acknowledged(), 0)
        self.watch('--count', 2, '--exec', 'true')
        self.assertEqual(self.acknowledged(), 2)

    def test_a_program_that_cannot_be_run_is_no_reason_to_set_events_aside(self):
        self.tell(2)
        aside = self.place / 'aside'
        unrunnable = self.place / 'unrunnable'
        unrunnable.write_text('#!/bin/sh\n')
        for program in ([self.place / 'none'], [unrunnable], ['sh', '-c', 'no-such-program-here'], ['env', 'no-such-program-here']):
            with self.subTest(program[-1]):
                said = self.watch('--tries', 1, '--set-aside', aside, '--exec', *program, expected=UNAVAILABLE)
                self.assertIn('so none is set aside', said)
        self.assertEqual((aside.read_text(), self.acknowledged()), ('', 0))

    def test_a_program_that_takes_too_long_is_ended_with_all_that_it_started(self):
        self.tell()
        script = self.script('trap "" TERM\nsleep 60 &\necho $! >"$1"\nwait\nwait')
        begun = time.monotonic()
        said = self.watch('--time-limit', 1, '--tries', 1, '--exec', script, self.place / 'child', expected=UNAVAILABLE)
        self.assertLess(time.monotonic() - begun, 15)
        self.assertIn('did not end within 1 s, and was ended', said)
        child = int((self.place / 'child').read_text())
        self.wait_until(lambda: not is_running(child), 'the end of its child')
        self.assertEqual(self.acknowledged(), 0)

    def test_it_need_not_read_what_it_is_given_and_has_the_signals_of_a_shell(self):
        self.tell(2)
        self.watch('--once', '--exec', 'sh', '-c', 'exec <&-; sleep 0.2')
        self.assertIn('was ended by signal 15', self.watch('--once', '--tries', 1, '--exec', 'sh', '-c', 'kill -TERM $$', expected=UNAVAILABLE))
        self.assertEqual(self.acknowledged(), 1)

    def test_a_file_to_set_aside_is_its_own(self):
        aside = self.place / 'aside'
        aside.write_text('notes of mine\n')
        self.assertIn('are no events', self.watch('--set-aside', aside, '--exec', 'true', expected=DATA))
        self.assertEqual(aside.read_text(), 'notes of mine\n')
        self.assertIn('is no file', self.watch('--set-aside', '/dev/null', '--exec', 'true', expected=CANNOT_MAKE))
        aside.unlink()
        process = self.start('--set-aside', aside, '--exec', 'true')
        self.wait_until(aside.exists, 'the file')
        time.sleep(0.1)
        self.assertIn('another program', self.watch('--set-aside', aside, '--exec', 'true', expected=TEMPORARY))
        process.terminate()
        self.assertEqual(process.wait(10), 0)


class Presence(WatchTest):
    def test_a_registry_that_is_not_there_is_named_within_two_seconds_and_when_it_is_back(self):
        self.addCleanup(lambda: self.registry.is_alive() or self.registry.start())
        self.tell()
        process = self.start()
        self.wait_until(lambda: self.acknowledged() == 1, 'the first event')
        self.assertEqual(self.words(), '')
        endpoint = re.escape(self.registry.endpoints['events'])
        self.registry.kill()
        self.shared.clear()
        gone = time.monotonic()
        self.wait_until(lambda: re.search(f'the registry at {endpoint} is not there: the connection was lost', self.words()), 'word of it', 4)
        self.assertLess(time.monotonic() - gone, 2)
        late = self.place / 'late'
        with open(late, 'wb') as said:
            second = self.start('--ack', 'none', '--from', self.first, stderr=said)
        begun = time.monotonic()
        self.wait_until(lambda: re.search(f'the registry at {endpoint} is not there; it is tried', late.read_text()), 'word of it', 4)
        self.assertLess(time.monotonic() - begun, 2)
        self.end(second)
        self.registry.start()
        self.wait_until(lambda: re.search(f'the registry at {endpoint} is there\n', self.words()), 'word that it is back')
        self.tell()
        self.wait_until(lambda: len(self.heard()) == 2 and self.acknowledged() == 2, 'the second event')
        self.assertEqual(len(self.words().splitlines()), 2, self.words())
        self.assertIsNone(process.poll())


    def test_a_registry_that_is_stopped_while_the_connection_stands_is_named_when_a_heartbeat_is_overdue(self):
        self.tell()
        self.start()
        self.wait_until(lambda: self.acknowledged() == 1, 'the first event')
        endpoint = re.escape(self.registry.endpoints['events'])
        self.registry.signal(signal.SIGSTOP)
        self.addCleanup(self.registry.signal, signal.SIGCONT)
        stopped = time.monotonic()
        time.sleep(2.2)
        self.assertEqual(self.words(), '', 'it may have nothing to say')
        self.wait_until(self.words, 'word of it', 8)
        self.assertLess(time.monotonic() - stopped, 10)
        self.assertRegex(self.words(), f'the registry at {endpoint} has said nothing for 8 s, though it owes a word each 5 s\n$')
        self.registry.signal(signal.SIGCONT)
        self.wait_until(lambda: re.search(f'the registry at {endpoint} is heard again\n$', self.words()), 'word that it is heard')
        self.tell()
        self.wait_until(lambda: len(self.heard()) == 2 and self.acknowledged() == 2, 'the second event')


class Typed(unittest.TestCase):
    def test_what_does_not_go_together_is_said(self):
        for words, why in ((['--ack', 'ja'], 'stdin or none'), (['--format', 'xml'], 'json or cloudevents'),
                           (['--format', 'cloudevents'], 'want --source'), (['--source', SYSTEM], 'is for CloudEvents'),
                           (['--format', 'cloudevents', '--source', 'toestemmingen'], 'is a URI'),
                           (['--tries', '2'], 'are for --exec'), (['--set-aside', 'x'], 'are for --exec'),
                           (['--tries', '0', '--exec', 'true'], '--tries wants'), (['--time-limit', '1e3', '--exec', 'true'], '--time-limit wants'),
                           (['--ack', 'stdin', '--exec', 'true'], 'is for standard output'), (['--ca', 'x'], 'are for --http'),
                           (['--http', 'https://x.nl', '--source', SYSTEM, '--format', 'json'], 'sends CloudEvents'),
                           (['--http', 'https://x.nl', '--source', SYSTEM, '--exec', 'true'], 'exclude'),
                           (['--http', 'https://x.nl'], 'want --source'), (['--ack', 'none', '--position', 'p'], 'nothing is'),
                           (['--http', 'http://x.nl', '--source', SYSTEM], 'wants https'), (['--http', ''], 'empty text'),
                           (['--http', 'https://jan:geheim@x.nl', '--source', SYSTEM], 'does not belong'),
                           (['--http', 'https://x.nl/?sleutel=geheim', '--source', SYSTEM], 'without')):
            with self.subTest(words):
                ran = tool('watch/consent-watch', '--key', 'none.key', *words)
                self.assertEqual(ran.returncode, USAGE, ran.stderr)
                self.assertIn(why, ran.stderr)
                self.assertNotIn('geheim', ran.stderr)


if __name__ == '__main__':
    unittest.main()
