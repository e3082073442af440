"""What the daemon says of itself: to the journal with a level and fields where standard error is the journal, and else the
same line on standard error."""
import os
import re
import socket
import subprocess
import unittest

from harness import SOURCE, Instance

NOTHING_ELSE = {'say.c', 'streams.c', 'main.c', 'offline.c', 'text/progress.c',          # before the start, and for who waits for --upgrade
                'arena.c', 'fields/join.c', 'store/store_pages.c'}  # the last word of a program that cannot go on
# A journal of our own stands where systemd's would.
ELSEWHERE = '''\
#!/bin/sh
exec unshare --map-root-user --mount sh -c 'mount -t tmpfs none /run && mkdir -p /run/systemd/journal &&
    ln -s "$1" /run/systemd/journal/socket && shift && exec "$@"' sh {socket} {program} "$@"
'''


def can_be_elsewhere():
    ran = subprocess.run(['unshare', '--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'none', '/run'], capture_output=True,
                         check=False)
    return ran.returncode == 0


class Journaled(Instance):
    """A registry of which standard error is a journal, which is the test's."""

    def __init__(self):
        super().__init__()
        self.entries = []
        self.journal = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.journal.bind(str(self.directory / 'journal'))
        self.journal.setblocking(False)
        wrapper = self.write('elsewhere', ELSEWHERE.format(socket=self.directory / 'journal', program=self.program), 0o755)
        self.program = wrapper
        self.log_path.touch()

    def stream(self):
        status = os.stat(self.log_path)
        return f'{status.st_dev}:{status.st_ino}'

    def said(self):
        while True:
            try:
                entry = self.journal.recv(65536).decode()
            except BlockingIOError:
                return self.entries
            self.entries.append(dict(line.split('=', 1) for line in entry.splitlines()))

    def log(self):
        """As the harness knows it, whichever way it was said."""
        return super().log() + ''.join(f'consentd: {entry["MESSAGE"]}\n' for entry in self.said())

    def destroy(self):
        super().destroy()
        self.journal.close()


@unittest.skipUnless(can_be_elsewhere(), 'a journal of our own needs namespaces, which this machine does not give')
class Journal(unittest.TestCase):
    def setUp(self):
        self.registry = Journaled()
        self.addCleanup(self.registry.destroy)

    def entry(self, event):
        self.registry.wait_for(lambda: any(entry['CONSENTD_EVENT'] == event for entry in self.registry.said()), event)
        found = [entry for entry in self.registry.said() if entry['CONSENTD_EVENT'] == event]
        self.assertEqual({entry['SYSLOG_IDENTIFIER'] for entry in found}, {'consentd'})
        for entry in found:
            del entry['SYSLOG_IDENTIFIER'], entry['CONSENTD_EVENT']
        self.registry.entries = [entry for entry in self.registry.entries if entry not in found]
        return found

    def test_each_line_has_a_level_and_what_it_is_of(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('unknown-per-hour = "200"', 'unknown-per-hour = "1"'))
        self.registry.start({'JOURNAL_STREAM': self.registry.stream()})
        self.assertEqual(self.entry('ready'), [{'MESSAGE': 'ready', 'PRIORITY': '6'}])
        team = self.registry.client('kernteam')
        for bsn in ('999990007', '999990019', '999990020'):
            team.check(bsn, categories=['naw'])
        self.assertEqual(self.entry('alarm'), [{'MESSAGE': 'alarm: many-unknown-subjects: party kernteam', 'PRIORITY': '4',
                                                'CONSENTD_PARTY': 'kernteam'}])
        self.registry.reload()
        self.assertEqual(self.entry('reload'), [{'MESSAGE': 'reload: ok', 'PRIORITY': '5'}])
        self.registry.set_in_configuration('clock-jump = "24"', 'clock-jump = "0"')
        self.registry.reload()
        refused, = self.entry('reload')
        self.assertEqual(refused['PRIORITY'], '3')
        self.assertRegex(refused['MESSAGE'], r'^reload: \S*consentd\.conf:\d+: .*clock-jump')
        self.assertEqual(self.registry.log_path.read_text(), '')

    def test_a_file_that_is_not_the_journal_has_the_lines_itself(self):
        self.registry.start({'JOURNAL_STREAM': '1:1'})
        self.assertIn('consentd: ready\n', self.registry.log_path.read_text())
        self.assertEqual(self.registry.said(), [])


class Sources(unittest.TestCase):
    def test_nothing_else_writes_to_standard_error(self):
        daemon = SOURCE / 'daemon'
        writers = {str(path.relative_to(daemon)) for path in daemon.rglob('*.c')
                   if re.search(r'\b(stderr|perror|STDERR_FILENO|psignal|warnx?|errx?) ?[,;()]', path.read_text())}
        self.assertEqual(writers, NOTHING_ELSE)

    def test_each_event_is_a_word(self):
        said = re.findall(r'\bsay(?:_of_party)? \([^,;]+?,\s*"([^"]*)"',
                          ''.join(path.read_text() for path in (SOURCE / 'daemon').rglob('*.c')))
        self.assertGreater(len(said), 25)
        self.assertEqual([event for event in said if not re.fullmatch(r'[a-z]+(-[a-z]+)*', event)], [])


if __name__ == '__main__':
    unittest.main()
