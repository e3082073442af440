"""consentctl backup: one moment of a registry that is in use, whole or not there, and what is restored from it."""
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import envelope_pb2 as wire

from client import grant_request
from harness import BUILD, Instance, OwnInstanceTest, SmallStoreTest, tool
from old_store import OldStore
from test_durability import Load

NO, NOT_NOW, NOT_ADMITTED, CANNOT_CREATE, IO_FAILED, MAY_NOT = 1, 69, 65, 73, 74, 77
HORIZON = 'zorgaanbieder-horizon'


class BackupTest(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='backup-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.target = self.place / 'copy'

    def command(self, target=None):
        key = self.registry.key_file('operator')
        return [BUILD / 'clients' / 'ctl' / 'consentctl', '--key', key, '--user', 'beheer-1', 'backup', target or self.target]

    def back_up(self, expected=0, target=None):
        done = subprocess.run(self.command(target), capture_output=True, text=True, timeout=100, check=False)
        self.assertEqual(done.returncode, expected, done.stderr)
        return done.stdout if expected == 0 else done.stderr

    def assertNothingThere(self):
        """Not even the directory, which the run had made; nor a file under the final name."""
        self.assertFalse(self.target.exists())

    def lines(self):
        """What the log says of backups: (party, user, result, details)."""
        return [(line.party, line.user, line.result, line.details) for line in self.client('operator').audit()
                if line.action == 'backup']

    def restored(self, target=None):
        """A fresh registry of which the store is the copy."""
        fresh = Instance()
        self.addCleanup(fresh.destroy)
        for party in fresh.directory.glob('parties/*'):
            party.unlink()  # they are in the store
        shutil.copy(self.registry.directory / 'keys' / 'vault.key', fresh.directory / 'keys' / 'vault.key')
        shutil.copytree(self.registry.directory / 'keys' / 'subjects', fresh.directory / 'keys' / 'subjects')
        copied = fresh.directory / 'data' / 'consentd.mdb'
        shutil.copy((target or self.target) / 'consentd.mdb', copied)
        copied.chmod(0o600)
        fresh.keys = self.registry.keys
        path = fresh.directory / 'consentd.conf'
        path.write_text((self.registry.directory / 'consentd.conf').read_text().replace(
            self.registry.endpoints['requests'], fresh.endpoints['requests']).replace(
            self.registry.endpoints['events'], fresh.endpoints['events']))
        said = fresh.run()
        self.assertEqual(said.returncode, 78)
        self.assertIn('consentd.journal is missing', said.stderr)
        fresh.start(options=['--restored'])
        return fresh

    def assertWhole(self, registry):
        """The chain of the log, by the project's own client."""
        verified = tool('ctl/consentctl', '--key', registry.key_file('operator'), 'audit', 'verify')
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.assertIn('chain whole', verified.stdout)


class Whole(BackupTest):
    def assertOneState(self, registry, bsns):
        """No record without its line, and no line without its record."""
        kernteam, operator = registry.client('kernteam'), registry.operator()
        lines = operator.audit()
        of = {action: [line for line in lines if line.action == action and line.result in ('ok', 'permit')]
              for action in ('grant', 'revoke', 'check', 'subject-set')}
        held = {consent.consent_id: consent for bsn in bsns for consent in self.consents_of(kernteam, bsn)}
        status = operator.status().status_report
        self.assertEqual((status.consents, status.subjects), (len(of['grant']), len(of['subject-set'])))
        self.assertEqual(len(held), len(of['grant']))
        revoked = sum(len(consent.withdrawals) for consent in held.values())
        self.assertEqual(revoked, len(of['revoke']))
        for line in of['check']:
            shown = operator.ask('decision_show', number=line.number)
            self.assertOk(shown)
            self.assertEqual(shown.decision_show.number, line.number)
        return held, {line.number for line in of['check']}

    def consents_of(self, client, bsn):
        after, found = b'', []
        while True:
            reply = client.consent_list(bsn, after=after, limit=32)
            self.assertOk(reply)
            found += reply.consent_list.consents
            if not reply.consent_list.more:
                return found
            after = found[-1].consent_id

    def test_what_was_answered_before_a_backup_under_load_is_in_it_and_it_is_one_state(self):
        self.registry.stop()
        self.registry.lift_limits()
        self.registry.start()
        bsns = [self.person() for _ in range(30)]
        loads = [Load(self.registry, bsns[part::3]) for part in range(3)]
        for load in loads:
            load.start()
        self.registry.wait_for(lambda: all(load.granted and load.revoked and load.disclosed for load in loads), 'answers', 60)
        before = after = 0
        while after == before:  # until one is made while others are answered
            shutil.rmtree(self.target, ignore_errors=True)
            before = sum(len(load.statuses) for load in loads)
            answered = [(set(load.granted), set(load.revoked), set(load.disclosed)) for load in loads]
            said = self.back_up()
            after = sum(len(load.statuses) for load in loads)
        for load in loads:
            load.ending = True
        for load in loads:
            load.join(60)
        fresh = self.restored()
        held, decisions = self.assertOneState(fresh, bsns)
        for granted, revoked, disclosed in answered:
            self.assertGreater(len(granted), 0)
            self.assertLessEqual(granted, set(held))
            self.assertLessEqual(revoked, {consent for consent, one in held.items() if one.withdrawals})
            self.assertLessEqual(disclosed, decisions)
        self.assertIn(f'{len(held)} statements', said)
        self.assertWhole(fresh)
        self.assertWhole(self.registry)
        fresh.restart()  # without --restored, from then on
        self.assertWhole(fresh)

    def test_a_backup_says_what_it_holds_and_is_in_the_log(self):
        bsn = self.person()
        self.granted(bsn)
        said = self.back_up()
        entries = self.client('operator').audit(raw=True)
        number = next(entry.number for entry in entries if (entry.action, entry.result) == ('backup', 'begun'))
        self.assertIn(f'{self.target}/consentd.mdb: 1 subjects, 1 statements, {number} audit entries', said)
        self.assertIn(entries[number - 1].hash.hex(), said)
        file = self.target / 'consentd.mdb'
        self.assertEqual((self.target.stat().st_mode & 0o777, file.stat().st_mode & 0o777), (0o700, 0o600))
        self.assertEqual(list(self.target.iterdir()), [file])
        self.assertNotIn(bsn.encode(), file.read_bytes())
        self.assertNotIn((self.registry.directory / 'keys' / 'vault.key').read_text().strip().encode(), file.read_bytes())
        self.assertEqual([line[:3] for line in self.lines()],
                         [('operator', 'beheer-1', result) for result in ('begun', 'given', 'ok')])
        given, ended = (re.search(r'"note":"(\d+) bytes(.*?)"', line[3]) for line in self.lines()[1:])
        self.assertEqual((given[1], given[2], ended[2]), (ended[1], '', ', verified'))
        fresh = self.restored()
        self.assertPermit(fresh.client('kernteam').check(bsn))
        self.assertNotEqual(fresh.operator().status().epoch, self.client('operator').status().epoch)

    def test_a_log_that_is_broken_is_no_backup(self):
        self.granted(self.person())
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.damage_line(3)
        with self.assertRaisesRegex(AssertionError, 'the end of the log is damaged'):
            self.registry.start()  # what that line answered could be done again
        self.registry.start(options=['--restored'])
        self.assertIn('broken at entry 3', self.back_up(NO))
        self.assertNothingThere()
        self.assertEqual([line[2] for line in self.lines()], ['begun', 'given', 'given-up'])


class Refused(BackupTest):
    def ask(self, registry_client, backup, place=0, **more):
        return registry_client.ask('backup', backup=backup, **{'from': place}, **more)

    def test_only_who_operates_makes_one(self):
        for party in ('kernteam', HORIZON):
            client = self.registry.client(party, 'operators')
            self.assertTrue(client.was_refused())  # it is not let in, so it can ask nothing
        for party in ('kernteam', HORIZON, 'operator'):
            self.assertStatus(self.ask(self.registry.client(party), b'x' * 16), 'FORBIDDEN')
        self.assertEqual({line[2] for line in self.lines()}, {'forbidden'})

    def test_one_is_made_at_a_time_and_who_gives_up_makes_room_for_the_next(self):
        operator = self.client('operator')
        begun = self.ask(operator, b'a' * 16)
        self.assertOk(begun)
        self.assertIn('another backup is under way', self.back_up(NOT_NOW))
        self.assertNothingThere()
        for place, more in ((1, {}), (0, {'give_up': True}), (0, {'verified': True})):
            self.assertInvalid(self.ask(operator, b'b' * 16, place, **more), 'backup.from')
        self.assertInvalid(self.ask(operator, b'a' * 16, verified=True), 'backup.from')  # it has not all of it
        self.assertOk(self.ask(operator, b'a' * 16, give_up=True))
        self.assertInvalid(self.ask(operator, b'a' * 16, len(begun.backup.piece)), 'backup.from')
        self.back_up()
        said = [(result, details) for _, _, result, details in self.lines() if result not in ('invalid', 'unavailable')]
        self.assertEqual([result for result, _ in said], ['begun', 'given-up', 'begun', 'given', 'ok'])
        self.assertIn(f'{len(begun.backup.piece)} bytes: whoever made it gave it up', said[1][1])

    def test_the_last_piece_can_be_asked_again_and_has_one_line(self):
        operator, place, reply = self.client('operator'), 0, None
        while reply is None or reply.backup.more:
            last = place
            reply = self.ask(operator, b'c' * 16, place)
            self.assertOk(reply)
            self.assertEqual(self.ask(operator, b'c' * 16, place).backup.piece[:len(reply.backup.piece)], reply.backup.piece)
            place += len(reply.backup.piece)
        again = self.ask(operator, b'c' * 16, last)
        self.assertEqual(again.backup, reply.backup)
        self.assertEqual([line[2] for line in self.lines()], ['begun', 'given'])
        self.assertOk(self.ask(operator, b'c' * 16, place, verified=True))
        self.assertInvalid(self.ask(operator, b'c' * 16, place, verified=True), 'backup.from')
        self.assertEqual([line[2] for line in self.lines()], ['begun', 'given', 'ok', 'invalid'])

    def test_a_directory_with_something_in_it_is_left_as_it_is(self):
        self.target.mkdir(0o700)
        for name in ('consentd.mdb', 'other'):
            file = self.target / name
            file.write_text('mine')
            self.assertIn('not empty', self.back_up(CANNOT_CREATE))
            self.assertEqual([one.name for one in self.target.iterdir()], [name])
            self.assertEqual(file.read_text(), 'mine')
            file.unlink()
        self.target.chmod(0o777)
        self.assertIn('others can write', self.back_up(CANNOT_CREATE))
        self.target.chmod(0o700)
        self.assertIn('is not empty', self.back_up(CANNOT_CREATE, self.registry.directory / 'data'))
        self.assertIn('cannot make', self.back_up(CANNOT_CREATE, self.place / 'no' / 'such'))
        self.assertEqual(self.lines(), [])  # the registry was not asked
        self.back_up()


class Full(SmallStoreTest, BackupTest):
    """A store that is full: there are many pieces, and no page for the backup."""

    def setUp(self):
        SmallStoreTest.setUp(self)
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='backup-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.target = self.place / 'copy'
        people = [self.person() for _ in range(48)]
        self.kept = self.granted(self.person())
        requests = [grant_request(bsn) for bsn in people]
        for request in requests:
            request.grant.motivation = 'x' * 1000
        self.fill(requests)

    def in_the_middle(self):
        """A backup that has begun and is not done; it is held there."""
        for _ in range(100):  # where it was too quick, another
            made = subprocess.Popen(self.command(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.addCleanup(made.stdout.close)
            self.addCleanup(made.stderr.close)
            while made.poll() is None:
                made.send_signal(signal.SIGSTOP)
                if [line[2] for line in self.lines()][-1:] == ['begun']:
                    self.assertTrue((self.target / 'consentd.mdb.new').exists())
                    return made
                made.send_signal(signal.SIGCONT)
                time.sleep(0.002)
            shutil.rmtree(self.target)
        self.fail('no backup was ever seen in its middle')

    def test_a_full_store_is_backed_up_and_takes_a_withdrawal_after_it_was_restored(self):
        used = self.client('operator').status().status_report.store_used
        self.back_up()
        self.assertLess((self.target / 'consentd.mdb').stat().st_size, used + (1 << 20))
        fresh = self.restored()
        self.assertWhole(fresh)
        self.assertOk(fresh.client('kernteam').revoke(self.kept))

    def test_whoever_takes_it_is_killed_and_nothing_has_the_name_and_it_is_given_up(self):
        made = self.in_the_middle()
        made.send_signal(signal.SIGKILL)
        made.wait()
        self.assertEqual([one.name for one in self.target.iterdir()], ['consentd.mdb.new'])
        self.registry.wait_for(lambda: 'a backup was given up' in self.registry.log(), 'the end of it', 60)
        *who, details = self.lines()[-1]
        self.assertEqual(who, ['operator', 'beheer-1', 'given-up'])
        self.assertIn('whoever made it has gone', details)
        self.back_up()  # into the same directory
        self.assertEqual([one.name for one in self.target.iterdir()], ['consentd.mdb'])

    def test_one_of_which_the_maker_was_killed_holds_up_no_other(self):
        made = self.in_the_middle()
        made.send_signal(signal.SIGKILL)
        made.wait()
        self.back_up()
        results = [(line[2], line[3]) for line in self.lines()]
        self.assertEqual([result for result, _ in results][-5:], ['begun', 'given-up', 'begun', 'given', 'ok'])
        self.assertIn('whoever made it has gone', results[-4][1])

    def test_one_of_which_the_maker_is_slow_is_not_taken_away_by_another(self):
        made = self.in_the_middle()
        self.assertIn('another backup is under way', self.back_up(NOT_NOW, self.place / 'other'))
        made.send_signal(signal.SIGCONT)
        self.assertEqual(made.wait(100), 0)

    def test_the_daemon_is_killed_and_nothing_has_the_name(self):
        made = self.in_the_middle()
        self.registry.kill()
        made.send_signal(signal.SIGCONT)
        self.assertIn(made.wait(100), (NOT_NOW, IO_FAILED))
        self.assertNothingThere()
        self.registry.start()
        self.shared.clear()
        self.back_up()

    def test_the_disk_it_goes_to_is_full_and_the_registry_hears_of_it(self):
        small = self.place / 'small'
        small.mkdir()
        mounted = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'none', small], capture_output=True, text=True,
                                 check=False)
        if mounted.returncode != 0:
            self.skipTest(f'no file system can be mounted here: {mounted.stderr.strip()}')
        self.addCleanup(subprocess.run, ['umount', '-l', small], check=False)
        self.assertIn('No space left', self.back_up(IO_FAILED, small / 'copy'))
        self.assertEqual(list(small.iterdir()), [])
        self.assertIn('given-up', [line[2] for line in self.lines()])
        self.back_up()


if __name__ == '__main__':
    unittest.main()
