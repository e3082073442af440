"""Witnesses of the log (A4): parties that hear of each checkpoint, and sign it once they have verified it."""
import sys
import time
import unittest

import envelope_pb2 as wire

from harness import LOG_KEY, SOURCE, OwnInstanceTest
from partner import NoAnswer
from witness import Witness

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

KEY = tlog.read_key(LOG_KEY)


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


if __name__ == '__main__':
    unittest.main()
