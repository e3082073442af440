"""What was acknowledged is there after a restart and after kill -9, and nobody is left without an answer."""
import hashlib
import itertools
import os
import random
import threading
import unittest

import envelope_pb2 as wire

from client import check_request, grant_request, revoke_request
from harness import OwnInstanceTest
from old_store import OldStore
from partner import NoAnswer


class Load(threading.Thread):
    """A social team at work on its own connection: grants, disclosures and revocations, noting what was acknowledged.

    Several are under way at any time. Stops by itself when it was told that the daemon has ended, and nothing more comes.
    """
    WINDOW = 16

    def __init__(self, registry, bsns):
        super().__init__()
        self.client = registry.client('kernteam')
        self.bsns = itertools.cycle(bsns)
        self.waiting = {}       # key: (verb, bsn, consent id)
        self.granted = set()    # consent ids
        self.revoked = set()
        self.disclosed = set()  # decision numbers
        self.statuses = []
        self.ending = False  # answers no longer lead to new requests
        self.over = False    # the daemon has ended

    def send(self, verb, request, bsn, consent=None):
        self.waiting[self.client.send(request)] = (verb, bsn, consent)

    def begin(self):
        bsn = next(self.bsns)
        self.send('grant', grant_request(bsn), bsn)

    def run(self):
        for _ in range(self.WINDOW):
            self.begin()
        while self.waiting:
            over = self.over  # as it was before the silence
            try:
                reply = self.client.receive(1.5)
            except NoAnswer:
                if over:
                    return
                continue
            self.take(reply, *self.waiting.pop(reply.idempotency_key))

    def take(self, reply, verb, bsn, consent):
        self.statuses.append(reply.status)
        if reply.status == wire.OK and verb == 'grant':
            consent = reply.consent_recorded.consent_id
            self.granted.add(consent)
            if not self.ending:
                self.send('disclose', check_request(bsn, mode='DISCLOSE'), bsn, consent)
        elif reply.status == wire.OK and verb == 'disclose':
            self.disclosed.add(reply.check.decision)
            if not self.ending and random.random() < 0.5:
                self.send('revoke', revoke_request(consent), bsn, consent)
            elif not self.ending:
                self.begin()
        elif reply.status == wire.OK:
            if not reply.revoke.already:
                self.revoked.add(consent)
            if not self.ending:
                self.begin()


class AllThere:
    """What was acknowledged to a load is there, and its line of the log is where it was said to be."""

    def assertAllThere(self, load):
        kernteam = self.client('kernteam')
        for consent in load.granted:
            shown = kernteam.consent_show(consent)
            self.assertOk(shown)
            if consent in load.revoked:
                self.assertEqual(len(shown.consent_show.consent.withdrawals), 1)
        entries = {entry.number: entry for entry in self.assertChain()}
        for decision in load.disclosed:
            self.assertEqual(entries[decision].action, 'check')

    def assertChain(self):
        before = bytes(32)
        entries = self.client('operator').audit(raw=True)
        for number, entry in enumerate(entries, 1):
            self.assertEqual(entry.number, number)
            self.assertEqual(entry.hash, hashlib.blake2b(before + entry.raw, digest_size=32).digest())
            before = entry.hash
        return entries


class Durability(AllThere, OwnInstanceTest):
    def known(self, count):
        """The BSNs of so many adults that the registry knows."""
        return [self.person() for _ in range(count)]

    def test_a_restart_keeps_everything(self):
        bsn, child = self.person(), self.person()
        consent = self.granted(bsn)
        self.granted(child, one_time=True)
        disclosure = check_request(child, mode='DISCLOSE')
        disclosed = self.client('kernteam').call(disclosure)
        self.assertPermit(disclosed)
        before = self.client('operator').status()
        ref = self.client('kernteam').check(bsn).check.subject_ref
        self.registry.restart()
        self.shared.clear()
        after = self.client('operator').status()
        self.assertEqual(after.epoch, before.epoch)
        self.assertGreaterEqual(after.revision, before.revision)
        self.assertGreaterEqual(after.time, before.time)
        self.assertEqual((after.status_report.consents, after.status_report.subjects),
                         (before.status_report.consents, before.status_report.subjects))
        reply = self.client('kernteam').check(bsn)
        self.assertPermit(reply)
        self.assertEqual((reply.check.items[0].consent_id, reply.check.subject_ref), (consent, ref))
        self.assertDenied(self.client('kernteam').check(child), 'USED_UP')
        replay = self.client('kernteam').call(disclosure)
        self.assertTrue(replay.replayed)
        self.assertEqual((replay.time, replay.revision, replay.check), (disclosed.time, disclosed.revision,
                                                                        disclosed.check))
        self.assertChain()

    def test_a_restored_backup_begins_a_new_epoch_and_keeps_it(self):
        bsn = self.person()
        self.granted(bsn)
        self.registry.stop()
        store = self.registry.directory / 'data' / 'consentd.mdb'
        backup = store.read_bytes()
        self.registry.start()
        self.shared.clear()
        self.assertOk(self.client('kernteam').refuse(bsn))
        known = self.client('kernteam').whoami()
        self.registry.stop()
        store.write_bytes(backup)
        self.registry.start(options=['--restored'])
        self.shared.clear()
        restored = self.client('kernteam').whoami()
        self.assertNotEqual(restored.epoch, known.epoch)
        request = wire.Request()
        request.whoami.SetInParent()
        request.at_least_revision, request.at_least_epoch = known.revision, known.epoch
        self.assertInvalid(self.client('kernteam').call(request), 'at_least_epoch')
        self.assertIn(('start', 'restored'), [(entry.action, entry.result) for entry in self.client('operator').audit()])
        self.registry.restart()
        self.shared.clear()
        self.assertEqual(self.client('kernteam').whoami().epoch, restored.epoch)
        self.assertChain()

    def refused_start(self):
        refused = self.registry.run()
        self.assertEqual(refused.returncode, 78, refused.stderr)
        self.assertEqual(len(refused.stderr.splitlines()), 1, refused.stderr)
        return refused.stderr

    def test_an_older_store_is_refused_until_somebody_says_that_it_was_restored(self):
        """Else an older consent overruled a refusal that was answered OK."""
        bsn, data = self.person(), self.registry.directory / 'data'
        self.granted(bsn)
        self.registry.stop()
        backup = {name: (data / name).read_bytes() for name in ('consentd.mdb', 'consentd.journal')}
        self.registry.start()
        self.shared.clear()
        self.assertOk(self.client('kernteam').refuse(bsn))
        self.registry.stop()
        for name, content in backup.items():
            (data / name).write_bytes(content)
        self.assertIn('older than its witness', self.refused_start())
        self.registry.start(options=['--restored'])
        self.registry.restart()

    def test_a_log_whose_end_was_cut_off_is_refused(self):
        bsn = self.person()
        self.granted(bsn)
        lines = len(self.client('operator').audit())
        self.assertOk(self.client('kernteam').refuse(bsn))
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.cut_log(lines + 1)
        self.assertIn('the log lacks lines that it had', self.refused_start())

    def test_a_kill_under_load_loses_nothing_that_was_acknowledged(self):
        revision = 0
        for round_ in range(3):
            loads = [Load(self.registry, self.known(30)) for _ in range(2)]
            for load in loads:
                load.start()
            self.registry.wait_for(lambda: sum(len(load.statuses) for load in loads) > 100 * (round_ + 1), 'answers', 60)
            self.registry.kill()
            for load in loads:
                load.over = True
                load.join(60)
            self.registry.start()
            self.shared.clear()
            for load in loads:
                self.assertAllThere(load)
            now = self.client('operator').status()
            self.assertGreater(now.revision, revision)
            revision = now.revision

    def test_what_is_sent_again_after_a_kill_is_done_once(self):
        bsns = [self.person() for _ in range(40)]
        requests = [grant_request(bsn) for bsn in bsns]
        client = self.registry.client('kernteam')
        for request in requests:
            client.send(request)
        first_answer = client.receive()
        self.assertOk(first_answer)
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        for bsn, request in zip(bsns, requests):
            self.assertOk(self.client('kernteam').call(request))
            self.assertEqual(len(self.client('kernteam').consent_list(bsn).consent_list.consents), 1)

    def test_sigterm_under_load_leaves_nobody_without_an_answer(self):
        load = Load(self.registry, self.known(30))
        load.start()
        self.registry.wait_for(lambda: len(load.statuses) > 100, 'answers', 60)
        load.ending = True
        self.registry.stop()
        load.over = True
        load.join(60)
        self.assertFalse(load.is_alive())
        self.assertEqual(load.waiting, {}, 'asked before the stop and never answered')
        self.assertTrue(set(load.statuses) <= {wire.OK, wire.UNAVAILABLE}, set(load.statuses))
        self.registry.start()
        self.shared.clear()
        self.assertAllThere(load)

    def test_the_position_of_a_subscriber_outlives_a_kill(self):
        stream = self.registry.client('zorgaanbieder-horizon', 'events')
        self.assertOk(stream.subscribe())
        for _ in range(3):
            self.granted(self.person())
        self.assertEqual([stream.next_event(every=True).event.number for _ in range(3)], [1, 2, 3])
        self.assertOk(stream.acknowledge(2))
        self.registry.kill()
        self.registry.start()
        self.shared.clear()
        again = self.registry.client('zorgaanbieder-horizon', 'events')
        self.assertEqual(again.subscribe().subscribe.next, 3)
        self.assertEqual(again.next_event(every=True).event.number, 3)

    def test_a_second_daemon_on_the_same_instance_does_not_start(self):
        second = self.registry.run()
        self.assertNotEqual(second.returncode, 0)
        self.assertEqual(len(second.stderr.strip().splitlines()), 1, second.stderr)
        self.assertOk(self.client('kernteam').whoami())

    def test_another_vault_key_opens_nothing(self):
        self.granted(self.person())
        self.registry.stop()
        self.registry.write('keys/vault.key', os.urandom(32).hex() + '\n', 0o600)
        refused = self.registry.run()
        self.assertNotEqual(refused.returncode, 0)
        self.assertTrue(refused.stderr.startswith('consentd: '))


if __name__ == '__main__':
    unittest.main()
