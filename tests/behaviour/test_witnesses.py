"""Witnesses of the log (A4): parties that hear of each checkpoint, and sign it once they have verified it."""
import pathlib
import shutil
import sys
import tempfile
import time
import unittest

import envelope_pb2 as wire

from harness import LOG_KEY, SOURCE, OwnInstanceTest, tool
from partner import NoAnswer
from witness import Witness

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

KEY = tlog.read_key(LOG_KEY)
NO, USAGE, NOT_ADMITTED, LATER = 1, 64, 65, 75


class WitnessTest(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.registry.stop()
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"'))
        self.registry.lift_limits()
        self.registry.start()
        self.shared = {}
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').status == wire.OK, 'a checkpoint')

    def watch(self, party='zorgaanbieder-horizon', earlier=0):
        """A connection that watches, and what it is told at first."""
        events = self.registry.client(party, 'events')
        reply = events.ask('log_watch', earlier=earlier)
        self.assertOk(reply)
        return events, reply.log_checkpoint

    def pushed(self, events, timeout=30.0):
        """The next checkpoint that is pushed; what else came early stays."""
        for index, reply in enumerate(events.early):
            if reply.WhichOneof('body') == 'log_pushed':
                return events.early.pop(index).log_pushed
        reply = events.receive(timeout)
        self.assertEqual(reply.WhichOneof('body'), 'log_pushed')
        return reply.log_pushed

    def cosign(self, events, witness, told, **changed):
        fields = {'key': witness.key, 'size': told.size, 'signature': witness.sign(told.checkpoint), **changed}
        return events.ask('log_cosign', **fields)

    def write_line(self):
        self.client('kernteam').check(next(self.bsns))

    def lines(self):
        return self.client('operator').ask('status').status_report.audit_entries


class Watching(WitnessTest):
    def test_each_new_checkpoint_is_pushed_and_continues_the_one_before(self):
        events, told = self.watch()
        size, root = tlog.read_checkpoint(told.checkpoint, KEY)
        self.assertEqual((size, list(told.keys), told.proof), (told.size, [LOG_KEY], b''))
        for _ in range(3):
            self.write_line()
            pushed = self.pushed(events)
            self.assertEqual(tlog.read_checkpoint(pushed.checkpoint, KEY)[0], pushed.size)
            told = events.ask('log_checkpoint', earlier=size).log_checkpoint
            now = tlog.read_checkpoint(told.checkpoint, KEY)
            self.assertGreater(now[0], size)
            proof = [told.proof[at:at + 32] for at in range(0, len(told.proof), 32)]
            self.assertTrue(tlog.is_consistent(0, size, now[0], root, now[1], proof))
            size, root = now

    def test_a_cosignature_is_published_with_its_checkpoint(self):
        events, told = self.watch()
        witness = Witness()
        reply = self.cosign(events, witness, told)
        self.assertOk(reply)
        self.assertEqual(reply.log_cosign.size, told.size)
        self.assertAlmostEqual(self.cosigned_at(witness), time.time(), delta=60)

    def cosigned_at(self, witness):
        found = self.client('operator').ask('log_checkpoint', needed=1).log_checkpoint
        return tlog.read_cosignature(found.cosigned or found.checkpoint, tlog.read_key(witness.key, tlog.WITNESS))

    def test_watching_and_cosigning_bring_no_new_checkpoint_without_end(self):
        events, told = self.watch()
        witness = Witness()
        self.assertOk(self.cosign(events, witness, told))
        for _ in range(30):  # its own line, and that of the new key, are signed; then it is quiet
            try:
                self.pushed(events, 4)
            except NoAnswer:
                break
            told = events.ask('log_checkpoint', earlier=told.size).log_checkpoint
            self.assertOk(self.cosign(events, witness, told))
        else:
            self.fail('there is always a newer one')
        self.assertEqual(told.size, self.lines())
        self.registry.stop()  # what was counted gets its lines at the next start, without waiting for a minute
        self.registry.start()
        self.shared = {}
        self.write_line()
        about = [(line.action, line.result) for line in self.client('operator').audit() if line.party == 'zorgaanbieder-horizon']
        self.assertEqual([line for line in about if line[0].startswith('log-')], [('log-watch', 'ok'), ('log-cosign', 'ok')])


class Published(WitnessTest):
    """What those who want witnesses get, and what they do not."""

    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='witnesses-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.tree = self.place / 'tree'
        self.one, self.other = Witness('horizon.nl/getuige'), Witness('cak.nl/getuige')
        self.both = ['--witness', self.one.key, '--witness', self.other.key]
        self.events = {self.one: self.watch()[0], self.other: self.watch('cak')[0]}

    def ctl(self, *words, expected=0, log_key=LOG_KEY):
        command = ['ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'beheer-1', 'audit', *words]
        ran = tool(*command, *(['--log-key', log_key] if log_key else []))
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout if expected == 0 else ran.stderr

    def quiet(self):
        """The newest checkpoint, which has all lines."""
        operator = self.client('operator')
        self.registry.wait_for(lambda: operator.ask('log_checkpoint').log_checkpoint.size >= self.lines(), 'a checkpoint')
        return operator.ask('log_checkpoint').log_checkpoint

    def sign(self, *witnesses):
        """They sign the newest checkpoint; its lines."""
        told = self.quiet()
        for witness in witnesses:
            self.assertOk(self.cosign(self.events[witness], witness, told))
        return told.size

    def test_an_export_goes_up_to_what_its_witnesses_have_signed(self):
        size = self.sign(self.one, self.other)
        self.write_line()
        newer = self.sign(self.one)
        self.assertGreater(newer, size)
        self.assertIn(f'{size} lines of', self.ctl('export', self.tree, *self.both))
        said = self.ctl('fsck', self.tree, *self.both)
        self.assertIn('Seen by the witness horizon.nl/getuige', said)
        self.assertIn('Seen by the witness cak.nl/getuige', said)
        self.assertEqual(tlog.verify_tree(self.tree, KEY), size)  # the second program too
        for witness in (self.one, self.other):
            tlog.read_cosignature((self.tree / 'checkpoint').read_bytes(), tlog.read_key(witness.key, tlog.WITNESS))
        self.assertIn('nothing is new', self.ctl('export', self.tree, *self.both))
        self.assertIn(f'{newer - size} of them new', self.ctl('export', self.tree, *self.both, '--witnesses', '1'))
        said = self.ctl('fsck', self.tree, *self.both, expected=NO)
        self.assertIn('is signed by 1 of the 2 witnesses that are needed, and not by cak.nl/getuige', said)
        self.ctl('fsck', self.tree, *self.both, '--witnesses', '1')
        self.assertIn(f'{newer} lines are here, and the witnesses have signed {size}',
                      self.ctl('export', self.tree, *self.both, expected=LATER))

    def test_a_signature_that_comes_later_is_added(self):
        size = self.sign(self.one)
        self.ctl('export', self.tree, '--witness', self.one.key)
        self.ctl('fsck', self.tree, *self.both, expected=NO)
        self.assertOk(self.cosign(self.events[self.other], self.other, self.of_size(size)))
        self.assertIn('nothing is new', self.ctl('export', self.tree, *self.both))
        self.ctl('fsck', self.tree, *self.both)

    def of_size(self, size):
        """The checkpoint of so many lines, as it was published."""
        told = self.client('operator').ask('log_checkpoint').log_checkpoint
        note = told.cosigned or told.checkpoint
        self.assertEqual(tlog.read_checkpoint(note, KEY)[0], size)
        return type('Told', (), {'size': size, 'checkpoint': note})

    def test_what_nobody_has_signed_is_not_given_out_as_witnessed(self):
        self.sign(self.one)
        said = self.ctl('export', self.tree, *self.both, expected=NO)
        self.assertIn("the registry's newest checkpoint is signed by 1 of the 2 witnesses", said)
        self.assertFalse((self.tree / 'checkpoint').exists())
        self.ctl('export', self.tree)
        stranger = ['--witness', Witness('cak.nl/getuige').key]  # the same name, another key
        self.assertIn('signed by 0 of the 1', self.ctl('fsck', self.tree, *stranger, expected=NO))
        self.assertIn('signed by 0 of the 1', self.ctl('checkpoint', *stranger, expected=NO))
        self.assertIn('no checkpoint that has this line has their signatures',
                      self.ctl('prove', '3', '--out', self.place / 'none', *stranger, expected=NOT_ADMITTED))
        self.assertFalse((self.place / 'none').exists())

    def test_a_line_is_proved_by_what_the_witnesses_have_signed(self):
        size = self.sign(self.one, self.other)
        self.write_line()
        self.quiet()
        proof = self.place / 'proof'
        self.ctl('prove', '3', '--out', proof, *self.both)
        said = self.ctl('proof', proof, *self.both)
        self.assertIn(f'when it had {size} lines', said)
        self.assertIn('Seen by the witness cak.nl/getuige', said)
        self.assertEqual(tlog.verify_proof(proof.read_bytes(), KEY)[::2], (3, size))
        self.assertIn('no checkpoint that has this line', self.ctl('prove', size + 1, '--out', self.place / 'none', *self.both,
                                                                  expected=NOT_ADMITTED))
        self.ctl('prove', '3', '--out', self.place / 'newest')
        self.assertIn('signed by 0 of the 2', self.ctl('proof', self.place / 'newest', *self.both, expected=NO))

    def test_operators_see_who_has_signed_how_much_and_when(self):
        self.assertIn('No witness has signed yet', self.ctl('witnesses', log_key=None))
        size = self.sign(self.one, self.other)
        self.write_line()
        newest = self.sign(self.one)
        self.registry.close(self.events[self.other])
        self.registry.wait_for(lambda: not self.client('operator').ask('log_witnesses').log_witnesses.witnesses[0].watches,
                               'the connection to be gone')
        told = self.client('operator').ask('log_witnesses').log_witnesses
        self.assertEqual([(one.party, one.key, one.size, one.watches) for one in told.witnesses],
                         [('cak', self.other.key, size, False), ('zorgaanbieder-horizon', self.one.key, newest, True)])
        for one in told.witnesses:
            self.assertAlmostEqual(one.signed_at / 1000, time.time(), delta=60)
            self.assertAlmostEqual(one.heard_at / 1000, time.time(), delta=60)
        rows = [line.split() for line in self.ctl('witnesses', log_key=None).splitlines()]
        self.assertEqual(rows[1][:4], ['cak', 'cak.nl/getuige', str(size), str(told.size - size)])
        self.assertEqual(rows[2][-2:], ['yes', self.one.key])

    def test_keys_of_witnesses_are_asked_for_as_such(self):
        for words, named in ((['--witness', LOG_KEY], "--witness: not a key that is a witness's"),
                             (['--witness', 'x'], "--witness: not a key that is a witness's"),
                             (['--witnesses', '1'], '--witnesses goes with --witness'),
                             (['--witness', self.one.key, '--witness', self.one.key], '--witness: a key is given twice'),
                             ([*self.both, '--witnesses', '3'], '--witnesses'), ([*self.both, '--witnesses', '0'], '--witnesses'),
                             (['--witness', Witness().key] * 7 + self.both * 3, '--witness: at most 12 keys')):
            self.assertIn(named, self.ctl('export', self.tree, *words, expected=USAGE))
        self.assertIn('--log-key: not a key that signs a log', self.ctl('export', self.tree, log_key=self.one.key, expected=USAGE))


if __name__ == '__main__':
    unittest.main()
