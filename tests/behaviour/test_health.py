"""What monitoring asks: one line, an exit code, and no line in the log."""
import signal
import time
import unittest

import zmq

from harness import OwnInstanceTest, tool

OK, WARNING, CRITICAL, UNKNOWN = range(4)


class Health(OwnInstanceTest):
    def monitor(self):
        self.registry.keys['wacht'] = zmq.curve_keypair()
        self.registry.change_party('wacht', 'operator', 'monitor')
        return self.registry.key_file('wacht')

    def health(self, key, code, *options):
        run = tool('ctl/consentctl', 'health', '--key', key, *options)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        self.assertEqual(run.stdout.count('\n'), 1)
        return run.stdout

    def lines(self):
        return self.client('operator').ask('status').status_report.audit_entries

    def test_it_is_well_and_the_log_has_no_line_of_that(self):
        key = self.monitor()
        self.client('operator').ask('status')
        before = self.lines()
        for _ in range(4):
            self.assertRegex(self.health(key, OK), r'^OK - consentd \S+, kaag-en-braassem-2015/2')
        self.assertEqual(self.lines(), before + 1)  # what was asked here meanwhile
        self.assertEqual([line for line in self.client('operator').audit() if line.party == 'wacht'], [])

    def test_a_monitor_may_do_nothing_else_and_that_is_counted(self):
        key = self.monitor()
        self.assertEqual(tool('ctl/consentctl', 'party', 'list', '--key', key).returncode, 77)
        client = self.registry.client('wacht')
        for verb in ('events_lag', 'snapshot', 'retention_list'):
            self.assertStatus(client.ask(verb), 'FORBIDDEN')
        self.assertOk(self.client('operator').ask('status'))
        self.assertIn('cak has the role partner, which lacks the permission admin',
                      self.health(self.registry.key_file('cak'), UNKNOWN))
        self.assertStatus(self.registry.client('operator', 'requests').ask('status'), 'FORBIDDEN')

    def test_what_is_not_well_is_said(self):
        key = self.monitor()
        path = self.registry.directory / 'consentd.conf'
        good = path.read_text()
        path.write_text(good.replace('connections = "64"', 'connections = "many"'))
        self.registry.reload()
        self.assertIn('WARNING - the last reload changed nothing', self.health(key, WARNING))
        path.write_text(good)
        self.registry.reload()
        self.health(key, OK)

    def test_a_registry_that_is_silent_or_gone_is_critical(self):
        key = self.monitor()
        self.registry.signal(signal.SIGSTOP)
        try:
            self.assertIn('CRITICAL - no answer', self.health(key, CRITICAL, '--timeout', '300'))
        finally:
            self.registry.signal(signal.SIGCONT)
        self.registry.stop()
        begun = time.monotonic()
        self.assertIn(f'CRITICAL - no registry at {self.registry.endpoints["requests"]}', self.health(key, CRITICAL))
        self.assertLess(time.monotonic() - begun, 5)
        self.assertEqual(tool('ctl/consentctl', 'health', '--key', '/nergens').returncode, UNKNOWN)


if __name__ == '__main__':
    unittest.main()
