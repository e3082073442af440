"""Witnesses of the log (A4): parties that hear of each checkpoint, and sign it once they have verified it."""
import pathlib
import re
import shutil
import signal
import sys
import tempfile
import time
import unittest

import envelope_pb2 as wire

from client import check_request
from harness import LOG_KEY, LOG_SECRET, SOURCE, OwnInstanceTest, SmallStoreTest, let_go_until, tool
from partner import NoAnswer
from witness import Witness

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

KEY = tlog.read_key(LOG_KEY)
NO, USAGE, NOT_ADMITTED, LATER = 1, 64, 65, 75


class WitnessTest(OwnInstanceTest):
    def prepare(self):
        self.registry.set_in_configuration('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"')
        self.registry.lift_limits()

    def setUp(self):
        super().setUp()
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


class Refused(WitnessTest):
    """Bad input, and who may do this where."""

    def cosigns(self):
        return len(self.client('operator').ask('log_witnesses').log_witnesses.witnesses)

    def test_what_is_no_cosignature_is_invalid_and_names_its_field(self):
        events, told = self.watch()
        witness, stranger, log = Witness(), Witness('cak.nl/getuige'), Witness(kind=1)
        good = witness.sign(told.checkpoint)
        key = 'log_cosign.key'
        for changed, field in (({'key': ''}, key), ({'key': 'x'}, key), ({'key': witness.key[:-4]}, key), ({'key': LOG_KEY}, key),
                               ({'key': log.key}, key), ({'key': witness.key + ' '}, key), ({'key': 'x' * 1001}, key),
                               ({'key': witness.key.replace('horizon', 'horizom')}, key),
                               ({'size': 0}, 'log_cosign.size'), ({'size': told.size + 1}, 'log_cosign.size'),
                               ({'size': 2 ** 53 + 1}, 'log_cosign.size'), ({'size': 2 ** 64 - 1}, 'log_cosign.size'),
                               *(({'signature': line}, 'log_cosign.signature') for line in (
                                   '', 'x', good + '\n', good + ' ', good + 'A', good[:-1], f'{good}\n{good}', good + '\n' + good * 5,
                                   stranger.sign(told.checkpoint), log.sign(told.checkpoint), good.replace('horizon', 'horizom'),
                                   witness.sign(told.checkpoint.replace(b'gemeente', b'gemeenta')),
                                   witness.sign(told.checkpoint, int(time.time()) + 600),
                                   witness.sign(told.checkpoint, 2 ** 64 - 1)))):
            with self.subTest(**changed):
                self.assertInvalid(self.cosign(events, witness, told, **changed), field)
        for name in ('gemeente-voorbeeld.nl/toestemmingen', 'horizon\u202e', 'horizon\x9b31m', 'hori\u200bzon', '\U000e0041'):
            with self.subTest(name=name):  # one that is taken for the log's own key, or is not what it seems to be
                self.assertInvalid(self.cosign(events, Witness(name), told), key)
        thousand = ''.join(f'{Witness(f"w{i}").sign(told.checkpoint)}\n' for i in range(1000))
        request = wire.Request()
        request.log_cosign.key, request.log_cosign.size, request.log_cosign.signature = witness.key, told.size, thousand
        request.log_cosign.signature = thousand[:60000]
        self.assertInvalid(events.call(request), 'log_cosign.signature')
        self.assertEqual(self.cosigns(), 0)
        self.assertOk(self.cosign(events, witness, told))  # the control
        self.assertEqual(self.cosigns(), 1)

    def test_bytes_behind_or_within_a_message_that_are_none_are_invalid(self):
        events, told = self.watch()
        request = wire.Request(version=1, idempotency_key=bytes(range(16)))
        request.log_watch.earlier = told.size
        for more in (b'\x00', b'\xff\xff', b'\x78\x01', request.SerializeToString()):
            events.send_frames(request.SerializeToString() + more)
            self.assertStatus(events.receive(), 'INVALID')
        request.log_watch.earlier = told.size + 10 ** 6
        self.assertInvalid(events.call(request), 'log_watch.earlier')
        request.log_watch.earlier = 2 ** 53 + 1
        request.idempotency_key = b'1' * 16
        self.assertInvalid(events.call(request), 'log_watch.earlier')
        self.write_line()
        self.pushed(events)  # it watches all the same

    def test_the_checkpoint_of_a_log_that_is_none_of_this_registry_cannot_be_cosigned(self):
        """The text is not what the registry signed: another origin, root or size, an extension."""
        events, told = self.watch()
        witness = Witness()
        text = told.checkpoint.decode()
        origin, size, root = text.split('\n')[:3]
        other = 'A' * 43 + '='
        for forged in (text.replace(origin, 'elders.nl/register'), text.replace(root, other), text.replace(f'\n{size}\n', f'\n0{size}\n'),
                       text.replace(f'\n{size}\n', f'\n{int(size) - 1}\n'), text.replace(root, f'{root}\nmeer')):
            self.assertNotEqual(forged, text)
            self.assertInvalid(self.cosign(events, witness, told, signature=witness.sign(forged.encode())), 'log_cosign.signature')
        self.assertEqual(self.cosigns(), 0)

    def test_a_key_is_of_the_party_that_signed_with_it_first(self):
        events, told = self.watch()
        other, _ = self.watch('cak')
        witness = Witness()
        self.assertOk(self.cosign(events, witness, told))
        self.assertInvalid(self.cosign(other, witness, told), 'log_cosign.key')
        self.assertEqual(self.cosigns(), 1)

    def test_watching_and_signing_are_for_who_hears_events_and_listing_for_operators(self):
        told = self.client('operator').ask('log_checkpoint').log_checkpoint
        witness = Witness()
        for client in (self.registry.client('cak'), self.client('operator'), self.registry.client('toezicht', 'events')):
            self.assertStatus(client.ask('log_watch'), 'FORBIDDEN')
            self.assertStatus(self.cosign(client, witness, told), 'FORBIDDEN')
        for endpoint in ('requests', 'events'):
            self.assertStatus(self.registry.client('cak', endpoint).ask('log_witnesses'), 'FORBIDDEN')
        self.assertEqual(self.cosigns(), 0)

    def test_wishes_that_cannot_be_are_invalid(self):
        operator = self.client('operator')
        keys = [Witness(f'w{i}').key for i in range(13)]
        for verb in ('log_checkpoint', 'log_prove'):
            for witnesses, needed, field in ((['x'], 0, 'witnesses'), ([LOG_KEY], 0, 'witnesses'), (keys, 0, 'witnesses'),
                                             (keys[:2], 3, 'needed'), ([], 13, 'needed'), (keys[:1], 2 ** 32 - 1, 'needed')):
                request = wire.Request()
                body = getattr(request, verb)
                body.witnesses[:], body.needed = witnesses, needed
                if verb == 'log_prove':
                    body.number = 1
                self.assertInvalid(operator.call(request), f'{verb}.{field}')
        self.assertInvalid(operator.ask('log_witnesses', limit=101), 'log_witnesses.limit')


class Lasting(WitnessTest):
    """What stays over stops and kills, and what ends with a connection, a key or a party."""

    def test_what_was_answered_outlives_a_kill(self):
        witness = Witness()
        for turn in range(4):
            events, told = self.watch()
            self.assertOk(self.cosign(events, witness, told))
            self.registry.kill() if turn % 2 else self.registry.stop()
            self.registry.start()
            self.shared = {}
            [kept] = self.client('operator').ask('log_witnesses').log_witnesses.witnesses
            self.assertEqual((kept.party, kept.key, kept.size), ('zorgaanbieder-horizon', witness.key, told.size))
            found = self.client('operator').ask('log_checkpoint').log_checkpoint
            note = found.cosigned or found.checkpoint
            self.assertEqual(tlog.read_checkpoint(note, KEY)[0], told.size)
            tlog.read_cosignature(note, tlog.read_key(witness.key, tlog.WITNESS))

    def test_a_signature_without_an_answer_can_be_sent_again(self):
        """Killed before it was read, while it is decided, and when it was answered."""
        witness = Witness()
        for moment in ('sent', 'read', 'answered') * 2:
            events, told = self.watch()
            request = wire.Request()
            request.log_cosign.key, request.log_cosign.size = witness.key, told.size
            request.log_cosign.signature = witness.sign(told.checkpoint)
            self.registry.signal(signal.SIGSTOP)
            events.send(request)
            self.registry.wait_for(lambda: self.registry.in_the_kernel('events') >= request.ByteSize(),
                                   'the kernel to have the request')
            let_go_until(self.registry.process, lambda: moment == 'sent' or events.socket.poll(0)
                         or moment == 'read' and self.registry.in_the_kernel('events') == 0)
            self.registry.kill()
            self.registry.start()
            self.shared = {}
            again = self.registry.client('zorgaanbieder-horizon', 'events').call(request)
            self.assertOk(again)
            self.assertEqual(again.log_cosign.size, told.size)
            kept = self.client('operator').ask('log_witnesses').log_witnesses.witnesses
            self.assertEqual([(one.key, one.size) for one in kept], [(witness.key, told.size)])

    def test_a_party_that_is_removed_watches_no_more_and_what_it_signed_stays(self):
        events, told = self.watch('cak')
        staying, _ = self.watch()
        witness = Witness('cak.nl/getuige')
        self.assertOk(self.cosign(events, witness, told))
        self.assertOk(self.client('operator').party_remove('cak'))
        self.assertTrue(events.was_disconnected())
        self.pushed(staying)  # others go on
        [kept] = self.client('operator').ask('log_witnesses').log_witnesses.witnesses
        self.assertEqual((kept.party, kept.size, kept.watches), ('cak', told.size, False))
        other, now = self.watch('svb')
        self.assertInvalid(self.cosign(other, witness, now), 'log_cosign.key')  # nobody takes it over

    def test_who_may_no_longer_hear_events_hears_of_no_checkpoint(self):
        events, _ = self.watch('huisarts-dorp')
        staying, _ = self.watch()
        self.registry.change_party('huisarts-dorp', 'huisarts', 'toezichthouder')
        self.write_line()
        self.pushed(staying)
        with self.assertRaises(NoAnswer):
            self.pushed(events, 2)
        self.assertStatus(events.ask('log_checkpoint'), 'FORBIDDEN')

    def test_keys_of_the_log_change_while_connections_watch(self):
        events, told = self.watch()
        witness, place = Witness(), pathlib.Path(tempfile.mkdtemp(prefix='rotation-'))
        self.addCleanup(shutil.rmtree, place)
        self.assertOk(self.cosign(events, witness, told))
        said = tool('ctl/consentctl', 'audit', 'key', place / 'new.key', '--origin', 'gemeente-voorbeeld.nl/toestemmingen')
        self.assertEqual(said.returncode, 0, said.stderr)
        fresh = (place / 'new.key').read_text().strip()
        self.registry.write('keys/log.key', f'{LOG_SECRET}\n{fresh}\n', 0o600)
        self.registry.reload()
        told = self.follow(events, witness, told, lambda keys: len(keys) == 2)
        new_key = tlog.read_key(next(key for key in told.keys if key != LOG_KEY))
        for key in (KEY, new_key):  # both sign, so that who watches can learn the new one
            self.assertEqual(tlog.read_checkpoint(told.checkpoint, key)[0], told.size)
        self.registry.write('keys/log.key', f'{fresh}\n', 0o600)
        self.registry.reload()
        told = self.follow(events, witness, told, lambda keys: LOG_KEY not in keys)
        self.assertEqual(tlog.read_checkpoint(told.checkpoint, new_key)[0], told.size)
        with self.assertRaises(tlog.Wrong):
            tlog.read_checkpoint(told.checkpoint, KEY)

    def follow(self, events, witness, told, until):
        """Goes on with what is pushed, and signs it, until these keys have signed."""
        while True:
            self.write_line()
            self.pushed(events)
            told = events.ask('log_checkpoint', earlier=told.size).log_checkpoint
            self.assertOk(self.cosign(events, witness, told))
            if until(told.keys) and told.checkpoint.decode().count('— gemeente') == len(told.keys):
                return told

    def test_a_watch_ends_with_its_connection_and_one_connection_has_one(self):
        events, told = self.watch()
        for _ in range(5):
            self.assertOk(events.ask('log_watch', earlier=told.size))
        self.write_line()
        self.pushed(events)
        time.sleep(0.5)
        self.assertFalse(events.socket.poll(0) and wire.Reply.FromString(events.socket.recv()).log_pushed.size == told.size)
        self.registry.close(events)
        again, now = self.watch(earlier=told.size)
        self.assertGreater(now.size, told.size)
        self.write_line()
        self.pushed(again)


class Flooded(WitnessTest):
    """L3, L4: nobody keeps another from its answer by watching or signing."""

    def prepare(self):
        super().prepare()
        path = self.registry.directory / 'consentd.conf'
        text = re.sub(r'(?m)^( +requests-per-second = )"[^"]*"', r'\1"5"', path.read_text())
        text = re.sub(r'(?m)^( +requests-burst = )"[^"]*"', r'\1"20"', text)
        path.write_text(re.sub(r'(?m)^( +connections = )"[^"]*"', r'\1"4"', text))

    @staticmethod
    def asked_at_once(client, count, verb, fields):
        """The replies to so many requests that are sent one after the other, however long each takes."""
        keys = []
        for _ in range(count):
            request = wire.Request()
            body = getattr(request, verb)
            body.SetInParent()
            for name, value in fields.items():
                setattr(body, name, value)
            keys.append(client.send(request))
        return [client.reply_to(key) for key in keys]

    def test_who_watches_or_signs_too_often_is_told_when_to_come_back(self):
        events, told = self.watch()
        witness = Witness()
        signed = {'key': witness.key, 'size': told.size, 'signature': witness.sign(told.checkpoint)}
        for verb, fields in (('log_watch', {'earlier': 1}), ('log_cosign', signed), ('log_cosign', {**signed, 'signature': 'x'}),
                             ('log_checkpoint', {'earlier': 1})):
            last = self.asked_at_once(events, 30, verb, fields)[-1]
            self.assertStatus(last, 'UNAVAILABLE')
            self.assertGreater(last.retry_after_ms, 0)
        self.assertOk(self.watch('cak')[0].ask('log_watch'))  # others are not kept from theirs
        self.write_line()
        self.pushed(events)  # and it goes on to hear
        time.sleep(2)
        self.assertNotEqual(events.ask('log_watch').status, wire.UNAVAILABLE)

    def test_of_more_connections_that_watch_the_idle_ones_are_closed(self):
        watching = []
        for _ in range(9):
            events = self.registry.client('zorgaanbieder-horizon', 'events')
            while (reply := events.ask('log_watch')).status == wire.UNAVAILABLE:
                time.sleep(reply.retry_after_ms / 1000)
            self.assertOk(reply)
            watching.append(events)
        other, _ = self.watch('cak')
        self.write_line()
        newest, heard = self.pushed(other).size, set()

        def hear():
            for place, events in enumerate(watching):
                while events.socket.poll(0):
                    if wire.Reply.FromString(events.socket.recv()).log_pushed.size >= newest:
                        heard.add(place)
            return len(heard)
        self.registry.wait_for(lambda: hear() >= 4, 'four to hear of it')
        time.sleep(1)
        self.assertEqual(hear(), 4)

    def test_who_does_not_read_holds_nobody_up(self):
        deaf = [self.watch()[0] for _ in range(3)]
        events, told = self.watch('cak')
        for _ in range(5):
            self.write_line()
            told = self.pushed(events)
        self.assertTrue(all(one.socket.poll(5000) for one in deaf))
        self.assertGreaterEqual(told.size, self.lines() - 3)


class Full(SmallStoreTest):
    def test_a_full_registry_signs_what_it_still_records(self):
        """Withdrawals have room to the last (L5): what witnesses see of the log must have them."""
        bsns = [self.person() for _ in range(64)]
        kept = [self.granted(self.person()) for _ in range(8)]
        self.fill([check_request(bsn, mode='DISCLOSE') for bsn in bsns])
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"'))
        self.registry.reload()
        operator = self.client('operator')
        for consent in kept:
            self.assertOk(self.client('kernteam').revoke(consent))
            lines = operator.ask('status').status_report.audit_entries
            self.registry.wait_for(lambda: operator.ask('log_checkpoint').log_checkpoint.size >= lines, 'a checkpoint', 10)


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
