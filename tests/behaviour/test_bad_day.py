"""docs/bad-day.md: each section as it stands there, with the fault that it is for."""
import re
import shutil
import signal
import subprocess
import unittest

from client import Client, check_request
from harness import without_limits
from pages import PageTest, commands
from test_clock import LIBRARY, can_be_told_a_time

PAGE = 'bad-day.md'
INCIDENT = '''datalek
    wat           Een medewerker stuurde een lijst met gegevens naar een verkeerd e-mailadres.
    ontdekt-op    2026-01-20
    gevolg        Iemand die u niet kent, kan weten dat u hulp krijgt.
    maatregel     Wie de lijst kreeg, heeft haar gewist.
    advies        Belt of mailt iemand u hierover? Geef dan geen gegevens.
'''


class BadDayTest(PageTest):
    def setUp(self):
        super().setUp()
        for number in (2, 6, 7, 8):
            self.type_all('first-day.md', f'## {number}.', {4: 1} if number == 8 else {})

    def check(self, expected=0, key='kernteam.key'):
        return self.type(f'consentctl --key {key} check --bsn-file bsn --provider kernteam --recipient zorgaanbieder-horizon '
                         '--purpose registratie-hulpvraag --item naw:wmo --disclose', expected)

    def section(self, number, expected=None):
        return self.type_all(PAGE, f'## {number}.', expected)

    def configure(self, old, new):
        path = self.place('/var/lib/consentd/consentd.conf')
        self.assertIn(old, path.read_text())
        path.write_text(path.read_text().replace(old, new))


class BadDay(BadDayTest):
    def test_it_does_not_run(self):
        self.stop(signal.SIGKILL)
        looked = self.section(1, {0: 3, 1: 2, 2: 69})
        self.assertEqual(looked[0].strip(), 'inactive')
        self.assertIn('no registry at', looked[2])
        self.configure('size = "64"', 'size = "much"')
        said = self.type(list(commands(PAGE, '## 2.'))[1], 78)
        self.assertRegex(said, r'consentd\.conf:\d+: .*size')
        self.configure('size = "much"', 'size = "64"')
        self.section(2)
        self.check()
        self.assertIn('ready', self.section(1)[3])

    def test_a_key_leaked(self):
        for number in (3, 4):
            self.type_all('first-day.md', f'## {number}.')
        shutil.copy(self.place('/var/lib/consentd/keys/operator.key'), self.home / 'stolen.key')
        self.type('consentctl --key horizon.key whoami')  # what the thief does
        said = self.section(5)
        self.assertIn('zorgaanbieder-horizon', said[3])
        self.type('consentctl --key horizon-nieuw.key whoami')
        self.type('consentctl --key horizon.key whoami', 77)
        self.type('consentctl --key stolen.key status', 77)
        self.assertNotEqual((self.home / 'stolen.key').read_text(), self.place('/media/keys/once/operator.key').read_text())
        self.assertRegex('\n'.join(said), r'former, accepted too +[0-9a-f]{32}')

    def put_back(self, chosen):
        """The commands of section 6 of these numbers."""
        for number, command in enumerate(commands(PAGE, '## 6.')):
            if number in chosen:
                self.type(command)

    def withdraw(self):
        consent = re.search('[0-9a-f]{32}', self.check())[0]
        self.type(f'consentctl --key kernteam.key consent revoke {consent} --withdrawn-by subject')
        self.check(1)

    def test_the_machine_is_lost(self):
        for number in (3, 4):
            self.type_all('first-day.md', f'## {number}.')
        self.withdraw()
        self.stop(signal.SIGKILL)
        shutil.rmtree(self.place('/var/lib/consentd'))
        self.put_back(range(1, 11))
        self.check()
        self.withdraw()

    def test_the_store_is_damaged(self):
        self.type_all('first-day.md', '## 4.')
        self.stop(signal.SIGKILL)
        store = self.place('/var/lib/consentd/data/consentd.mdb')
        with open(store, 'r+b') as file:
            file.write(b'\xff' * 3 * 4096)
        self.type('systemctl start consentd', 1)
        self.put_back([0, *range(7, 11)])
        self.check()

    def test_data_went_to_whom_they_must_not(self):
        self.check()
        (self.home / 'datalek.txt').write_text(INCIDENT)
        self.section(7)
        self.assertIn('naw', (self.home / 'datalek.csv').read_text())
        self.assertEqual(len(list((self.home / 'brieven').iterdir())), 1)

    def test_a_party_says_that_the_log_was_rewritten(self):
        said = self.section(8)
        self.assertRegex(said[-1], '[0-9a-f]{64}')
        self.assertTrue((self.place('/var/backups/consentd-evidence') / 'data' / 'consentd.mdb').exists())

    def test_the_new_rules_are_wrong(self):
        before = re.search(r'(?m)^decision +(\d+)$', self.check())[1]
        policy = re.search(r'(?m)^policy hash +(\w+)$', self.type('consentctl status'))[1]
        flows = self.place('/var/lib/consentd/policies') / 'wmo-jeugdwet-2026' / 'flows.txt'
        text = flows.read_text()
        flows.write_text(text.replace('recipients  kernteam, wmo-team, zorgaanbieder, ', 'recipients  kernteam, wmo-team, ', 1))
        self.assertNotEqual(text, flows.read_text())
        (flows.parent / 'cases.txt').write_text('')
        self.type('systemctl reload consentd')
        self.check(1)
        for command in commands(PAGE, '## 9.'):
            said = self.type(command.replace('DECISION', before))
        self.assertRegex(said, r'(?m)^last reload +ok$')
        self.assertRegex(said, rf'(?m)^policy hash +{policy}$')
        self.check()


class Full(BadDayTest):
    size = 16

    def make_small(self):
        super().make_small()
        path = self.place('/var/lib/consentd/consentd.conf')
        path.write_text(without_limits(path.read_text()))

    def fill(self):
        """Checks by the social team, many at a time, until none of many can be recorded."""
        key = (self.home / 'kernteam.key').read_text()
        value = {name: re.search(rf'(?m)^ +{name} = "(.*)"$', key)[1] for name in ('public-key', 'secret-key', 'server-key', 'requests')}
        team = Client(value['requests'], *(value[name].encode() for name in ('server-key', 'public-key', 'secret-key')))
        self.addCleanup(team.close)
        for _ in range(2000):
            keys = [team.send(check_request('999996770', mode='DISCLOSE')) for _ in range(64)]
            statuses = {team.status_name(team.reply_to(key)) for key in keys}
            if statuses == {'UNAVAILABLE'}:
                return
            self.assertLessEqual(statuses, {'OK', 'UNAVAILABLE'})
        self.fail('the store is never full')

    def test_it_is_given_more_room(self):
        self.fill()
        self.check(69)
        self.assertRegex(self.type('consentctl status'), r'(?m)^\S.* full\b')
        self.type('consentctl health', 2)
        said = self.section(3)
        self.assertRegex(said[-1], r'(?m)^last reload +ok$')
        self.assertRegex(said[-1], r'\b4096(\.0)? MiB')
        self.check()

    def test_the_disk_is_full_too(self):
        self.stop()
        data = self.place('/var/lib/consentd/data')
        small = ['mount', '-t', 'tmpfs', '-o', 'size=24m,mode=0700', 'none', str(self.machine / 'small')]
        (self.machine / 'small').mkdir()
        if subprocess.run(small, capture_output=True, check=False).returncode != 0:
            self.skipTest('no file system can be mounted here')
        self.addCleanup(subprocess.run, ['umount', '-l', self.machine / 'small'], check=True)
        self.addCleanup(self.stop)
        shutil.copytree(data, self.machine / 'small', dirs_exist_ok=True)
        shutil.rmtree(data)
        data.symlink_to(self.machine / 'small')
        self.type('systemctl start consentd')
        said = self.section(3)
        self.assertRegex(said[-1], r'(?m)^last reload .*No space left')
        self.check()


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Clock(BadDayTest):
    def at(self, days):
        """Starts the daemon on a machine whose clock is so many days off."""
        told = f'env LD_PRELOAD={LIBRARY} FAKETIME={days * 24:+}h FAKETIME_DONT_FAKE_MONOTONIC=1' if days else ''
        self.environment['CONSENTD_PREFIX'] = told
        self.type('systemctl restart consentd')

    def test_it_was_wrong_and_was_not_believed(self):
        self.at(400)
        look, confirm, _ = commands(PAGE, '## 4.')
        self.assertRegex(self.type(look), r'(?m)^decisions +stopped')
        self.check(69)
        self.at(0)
        self.assertRegex(self.type(look), r'(?m)^decisions +stopped')
        self.type(confirm)
        self.check()

    def test_it_was_wrong_and_was_believed(self):
        self.at(20)
        self.check()
        self.at(0)
        look, _, reset = commands(PAGE, '## 4.')
        self.assertRegex(self.type(look), r'(?m)^decisions +stopped')
        self.type(reset)
        self.check()
        self.assertRegex(self.type(look), r'(?m)^decisions +go on')


if __name__ == '__main__':
    unittest.main()
