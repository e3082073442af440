"""consentctl at a terminal: what it asks for is not shown, tables fit, and long work shows that it goes on."""
import fcntl
import os
import pty
import select
import subprocess
import termios
import time
import unittest
from datetime import timedelta

from harness import BUILD, RegistryTest, today, tool
from terminal import shown_at, width

ECHO = termios.ECHO
LFLAG = 3


def take_terminal():
    """In the program's process: its standard input is the terminal that controls it, so that /dev/tty is that one."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


# Every program, and each help of its own that it has.
HELP = ['ctl/consentctl help --all', 'ctl/consentctl consent grant -h', 'watch/consent-watch -h', 'relay/consent-relay -h',
        'view/consent-view -h', 'http/consent-http --help', 'conformance/consent-conformance -h', 'adapter/consent-adapter -h',
        'adapter/consent-adapter mapping check --help', 'cak/cak held --help', 'sociale-team/sociale-team -h',
        'sociale-team/sociale-team import --help', '../daemon/consentd --help']


class Help(unittest.TestCase):
    def test_it_fits_the_terminal_and_a_pipe_gets_it_as_it_is_written(self):
        for program, *words in (line.split() for line in HELP):
            with self.subTest(program=program, words=words):
                piped = tool(program, *words).stdout
                shown = shown_at(80, BUILD / 'clients' / program, *words)
                self.assertLessEqual(max(map(width, shown)), 80, [line for line in shown if width(line) > 80])
                self.assertEqual(' '.join(shown).split(), piped.split())
                self.assertEqual(shown_at(200, BUILD / 'clients' / program, *words), piped.splitlines())


class Terminal(RegistryTest):
    def at_terminal(self, party, *arguments):
        try:
            self.terminal, inside = pty.openpty()
        except OSError as error:
            self.skipTest(f'this machine gives no terminal: {error}')
        self.addCleanup(os.close, self.terminal)
        self.addCleanup(os.close, inside)  # held open, so that its settings can be seen afterwards
        command = [BUILD / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file(party), *arguments]
        process = subprocess.Popen(command, stdin=inside, stdout=inside, stderr=inside, start_new_session=True,
                                   preexec_fn=take_terminal)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()

    def is_shown(self):
        return bool(termios.tcgetattr(self.terminal)[LFLAG] & ECHO)

    def read_until(self, word):
        """What the terminal shows, up to this word."""
        shown, end = '', time.monotonic() + 20
        while word not in shown:
            if not select.select([self.terminal], [], [], max(0, end - time.monotonic()))[0]:
                self.fail(f'waited in vain for "{word}": {shown!r}')
            shown += os.read(self.terminal, 4096).decode()
        return shown

    def test_a_bsn_is_asked_and_not_shown(self):
        bsn = self.person()
        process = self.at_terminal('kernteam', 'subject', 'show')
        shown = self.read_until('BSN: ')
        self.assertFalse(self.is_shown())
        os.write(self.terminal, f'{bsn}\n'.encode())
        shown += self.read_until('1980-05-17')
        self.assertEqual(process.wait(20), 0)
        self.assertNotIn(bsn, shown)
        self.assertTrue(self.is_shown())

    def test_an_interrupted_question_leaves_the_terminal_as_it_was(self):
        process = self.at_terminal('kernteam', 'subject', 'show')
        self.read_until('BSN: ')
        os.write(self.terminal, b'\x03')
        self.assertNotEqual(process.wait(20), 0)
        self.assertTrue(self.is_shown())

    def test_a_table_fits_the_terminal_and_a_pipe_gets_all_of_it(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['budget', 'naw', 'toewijzing'])
        self.granted(bsn, categories=['telefoon'])
        self.assertOk(self.client('kernteam').revoke(consent, categories=['budget']))
        words = ['--key', self.registry.key_file('kernteam'), 'consent', 'list']
        piped = tool('ctl/consentctl', *words, stdin=bsn).stdout.splitlines()
        self.assertGreater(max(map(width, piped)), 120)
        self.assertEqual(len(piped), 3)
        self.assertIn(consent.hex(), piped[1])
        command = [BUILD / 'clients' / 'ctl' / 'consentctl', *words]
        for columns in (80, 72):
            shown = shown_at(columns, *command, stdin=bsn)
            self.assertLessEqual(max(map(width, shown)), columns, shown)
            self.assertRegex(shown[-1], r'^Not shown: .*RECORDED \(--wide\)$')
            text = ' '.join(shown)
            self.assertIn(consent.hex()[:8], text)
            self.assertNotIn(consent.hex()[:9], text)
            for word in ('GRANTED', 'part', 'toekenning', 'toewijzing', 'telefoon'):
                self.assertIn(word, text)
        self.assertEqual(shown_at(80, *command, '--wide', stdin=bsn), piped)
        self.assertRegex(piped[1], r' \d{4}-\d\d-\d\d \d\d:\d\d\+0[12] ')

    def test_what_is_shown_of_an_id_is_taken_for_it(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['budget', 'naw']).hex()
        key = ('--key', self.registry.key_file('kernteam'))
        for digits in (consent[:8], consent[:13], consent):
            self.assertIn(consent, tool('ctl/consentctl', *key, 'consent', 'show', digits).stdout)
        revoked = tool('ctl/consentctl', *key, 'consent', 'revoke', consent[:9], '--withdrawn-by', 'subject', '--category', 'budget')
        self.assertEqual(revoked.returncode, 0, revoked.stderr)
        self.assertIn('GRANTED in part', tool('ctl/consentctl', *key, 'consent', 'list', stdin=bsn).stdout)
        other = f'{int(consent[:8], 16) ^ 1:08x}'
        for digits, code, said in ((consent[:7], 64, 'at least the first 8'), (other, 66, 'no such consent'),
                                   (consent[:8] + 'x', 64, 'hexadecimal')):
            for words in (('consent', 'show', digits), ('consent', 'revoke', digits, '--withdrawn-by', 'subject')):
                ran = tool('ctl/consentctl', *key, *words)
                self.assertEqual((ran.returncode, ran.stdout), (code, ''))
                self.assertIn(said, ran.stderr)

    def test_what_cannot_be_taken_back_is_asked_first(self):
        for answer, code, said in ((b'\n', 1, 'nothing was done'), (b'yn\n', 1, 'nothing was done'),
                                   (b'y\n', 65, 'nothing is wrong with the clock')):
            process = self.at_terminal('operator', 'clock', 'reset')
            self.assertIn('A new epoch begins', self.read_until('Go on? [y/N] '))
            os.write(self.terminal, answer)
            self.read_until(said)
            self.assertEqual(process.wait(20), code)

    def test_a_motivation_is_asked_and_shown_and_the_bsn_is_not(self):
        bsn = self.person()
        process = self.at_terminal('kernteam', 'request', 'make', '--provider', 'kernteam', '--recipient',
                                   'zorgaanbieder-horizon', '--category', 'naw', '--purpose', 'toekenning', '--valid-until',
                                   str(today() + timedelta(30)))
        shown = self.read_until('Motivation: ')
        self.assertTrue(self.is_shown())
        os.write(self.terminal, b'hulp thuis\n')
        shown += self.read_until('BSN: ')
        self.assertFalse(self.is_shown())
        os.write(self.terminal, f'{bsn}\n'.encode())
        self.assertEqual(process.wait(20), 0)
        self.assertIn('hulp thuis', shown)
        self.assertNotIn(bsn, shown)

    def test_a_birth_date_is_asked_of_a_new_subject(self):
        bsn = next(self.bsns)
        process = self.at_terminal('kernteam', 'subject', 'add', '--bsn-file', self.registry.write('bsn', bsn, 0o600))
        self.read_until('Birth date')
        os.write(self.terminal, b'1990-01-02\n')
        self.assertEqual(process.wait(20), 0)
        self.assertEqual(self.client('kernteam').subject_show(bsn).subject_show.birth_date, '1990-01-02')

    def test_a_reason_is_asked_at_the_terminal(self):
        bsn = self.person()
        process = self.at_terminal('kernteam', 'restriction', 'set', '--whole', '--bsn-file',
                                   self.registry.write('bsn', bsn, 0o600))
        self.read_until('Reason: ')
        os.write(self.terminal, b'bezwaar ingediend\n')
        self.assertEqual(process.wait(20), 0)
        restrictions = self.client('kernteam').subject_show(bsn).subject_show.restrictions
        self.assertEqual([one.reason for one in restrictions], ['bezwaar ingediend'])

    def test_an_overview_shows_progress_at_a_terminal_only(self):
        bsn = self.person()
        path = self.registry.write('bsn', bsn)
        self.at_terminal('kernteam', 'overview', '--bsn-file', path, '--format', 'text')
        self.assertRegex(self.read_until('Overzicht van uw gegevens'), r'\r\d+ of \d+ lines of the log\r\x1b\[K')
        quiet = tool('ctl/consentctl', 'overview', '--key', self.registry.key_file('kernteam'), stdin=bsn)
        self.assertEqual((quiet.returncode, quiet.stderr), (0, ''))

    def test_a_report_shows_progress_at_a_terminal_only(self):
        self.at_terminal('operator', 'report', 'user', 'niemand')
        self.assertRegex(self.read_until('No lines.'), r'\r\d+ of \d+ lines of the log\r\x1b\[K')
        self.assertEqual(tool('ctl/consentctl', '--key', self.registry.key_file('operator'), 'report', 'user', 'niemand').stderr,
                         '')

    def test_verifying_the_log_shows_progress_at_a_terminal_only(self):
        process = self.at_terminal('operator', 'audit', 'verify')
        shown = self.read_until('chain whole')
        self.assertEqual(process.wait(20), 0)
        self.assertRegex(shown, r'\r\d+ of \d+ entries')
        result = tool('ctl/consentctl', 'audit', 'verify', '--key', self.registry.key_file('operator'))
        self.assertEqual((result.returncode, result.stderr), (0, ''))


if __name__ == '__main__':
    unittest.main()
