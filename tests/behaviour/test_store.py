"""A store that is full still takes withdrawals, and one that is damaged never permits."""
import contextlib
import os
import random
import re
import threading
import unittest

import envelope_pb2 as wire

from client import check_request, grant_request, revoke_request
from harness import OwnInstanceTest, SmallStoreTest, years_ago
from old_store import OldStore, make_earlier
from partner import NoAnswer

PAGE = 4096
HORIZON = 'zorgaanbieder-horizon'
RECORD = 16 + 72
CONFIGURATION = 78
FLIPS = 40
SEED = 2015


class FullStore(SmallStoreTest):
    @staticmethod
    def large_grant(bsn):
        request = grant_request(bsn)
        request.grant.motivation = 'x' * 1000
        return request

    def test_a_full_store_records_and_permits_nothing_and_still_takes_a_withdrawal(self):
        bsns = [self.person() for _ in range(64)]
        kept = self.granted(self.person())
        self.fill([self.large_grant(bsn) for bsn in bsns])
        self.fill([check_request(bsn, mode='DISCLOSE') for bsn in bsns])
        refused = self.client('kernteam').disclose(bsns[0])
        self.assertStatus(refused, 'UNAVAILABLE')
        self.assertIsNone(refused.WhichOneof('body'))
        stream = self.listen(HORIZON)
        revoked = self.client('kernteam').revoke(kept)
        self.assertOk(revoked)
        self.assertEqual(stream.next_event().event.consent_id, kept)
        shown = self.client('kernteam').consent_show(kept)
        if shown.status == wire.OK:
            self.assertEqual(len(shown.consent_show.consent.withdrawals), 1)
        self.registry.restart()
        self.shared.clear()
        # The first to listen for a party began behind what was kept for it, which is gone by now and left room.
        self.fill([check_request(bsn, mode='DISCLOSE') for bsn in bsns])
        self.assertStatus(self.client('kernteam').disclose(bsns[0]), 'UNAVAILABLE')
        again = self.client('kernteam').revoke(kept)
        self.assertOk(again)
        self.assertTrue(again.revoke.already)

    def resize(self, old, new):
        path = self.registry.directory / 'consentd.conf'
        text = path.read_text()
        self.assertIn(f'size = "{old}"', text)
        path.write_text(text.replace(f'size = "{old}"', f'size = "{new}"'))
        self.registry.reload()

    @contextlib.contextmanager
    def looking_at_the_room(self):
        """Blocks that are free on the file system of the store, looked at without a pause."""
        room, done = [], threading.Event()

        def look():
            while not done.is_set():
                room.append(os.statvfs(self.registry.directory).f_bavail)

        looker = threading.Thread(target=look)
        looker.start()
        try:
            yield room
        finally:
            done.set()
            looker.join()

    def status(self):
        reply = self.registry.operator().ask('status')
        self.assertOk(reply)
        return reply.status_report

    def test_an_operator_sees_that_it_is_full_and_makes_room_without_a_restart(self):
        """L5. Said once when it becomes full, once when it no longer is, and not for each request."""
        bsns = [self.person() for _ in range(64)]
        self.granted(bsns[0])
        started = self.status().started_at
        self.fill([self.large_grant(bsn) for bsn in bsns])
        for _ in range(20):
            self.assertStatus(self.client('kernteam').disclose(bsns[0]), 'UNAVAILABLE')
        status = self.status()
        self.assertEqual((status.store_state, status.store_size), ('full', 16 << 20))
        self.assertGreater(status.store_refused, 20)
        log = self.registry.log()
        self.assertEqual(log.count('the store is full'), 1, log)
        self.assertEqual(log.count('more than 80 % full'), 1, log)
        self.resize(16, 32)
        self.assertOk(self.client('kernteam').disclose(bsns[0]))
        status = self.status()
        self.assertEqual((status.store_size, status.started_at), (32 << 20, started))
        self.registry.wait_for(lambda: 'has room again' in self.registry.log(), 'word that there is room', 90)
        self.assertEqual(self.status().store_state, 'ample')
        lines = [(line.action, line.result, line.details) for line in self.client('operator').audit(
            after=max(0, self.status().audit_entries - 60))]
        for action, result, said in (('store', 'room', 'refused'), ('check', 'unavailable', ', since ')):
            self.assertTrue([details for *what, details in lines if what == [action, result] and said in details], lines)
        self.registry.restart()

    def test_a_size_that_cannot_be_set_aside_changes_nothing_and_none_shrinks(self):
        consent = self.granted(self.person())
        with self.looking_at_the_room() as room:
            self.resize(16, 1 << 20)  # a tebibyte
        self.assertGreater(min(room), room[0] // 2, 'others had no room meanwhile')
        self.assertIn('cannot set its size aside', self.registry.log().splitlines()[-1])
        status = self.status()
        self.assertEqual(status.store_size, 16 << 20)
        self.assertIn('cannot set its size aside', status.last_reload)
        self.assertEqual((self.registry.directory / 'data' / 'consentd.mdb').stat().st_size, 16 << 20)
        self.resize(1 << 20, 24)
        self.assertEqual(self.status().store_size, 24 << 20)
        self.resize(24, 17)
        self.assertIn('cannot shrink', self.registry.log())
        self.assertEqual((self.status().store_size, self.status().last_reload), (24 << 20, 'ok'))
        self.assertOk(self.client('kernteam').revoke(consent))
        self.registry.restart()
        self.shared.clear()
        self.assertEqual(self.status().store_size, 24 << 20)

    def test_a_store_that_is_full_to_its_last_page_starts_and_is_mended(self):
        """L5. There is no room, not even for a withdrawal or the line of the start: nothing is lost, or permitted."""
        bsn, kept = self.person(), self.granted(self.person())
        permitted = self.person()
        self.granted(permitted)
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.fill()
        self.registry.start()
        self.shared.clear()
        kernteam = self.client('kernteam')
        for request in (check_request(permitted), check_request(permitted, mode='DISCLOSE'), grant_request(bsn),
                        revoke_request(kept)):
            reply = kernteam.call(request)
            self.assertStatus(reply, 'UNAVAILABLE')
            self.assertIsNone(reply.WhichOneof('body'))
        self.assertEqual(self.status().store_state, 'full')
        self.assertIn('the store is full', self.registry.log())
        self.resize(16, 32)
        self.assertPermit(kernteam.disclose(permitted))
        self.assertOk(kernteam.grant(bsn))
        revoked = kernteam.revoke(kept)
        self.assertOk(revoked)
        self.assertFalse(revoked.revoke.already)
        self.registry.restart()

    def test_a_store_that_an_earlier_program_filled_to_its_last_page_is_taken_up_when_it_is_larger(self):
        permitted = self.person()
        self.granted(permitted)
        self.registry.stop()
        make_earlier(self.registry)
        with OldStore(self.registry) as store:
            store.make_schema_2()
            store.fill()
        full = self.registry.run('--upgrade')
        self.assertEqual(full.returncode, CONFIGURATION, full.stderr)
        self.assertIn('make store/size larger, and run this again', full.stderr)
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('size = "16"', 'size = "32"'))
        done = self.registry.run('--upgrade')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.registry.start()
        self.shared.clear()
        self.assertPermit(self.client('kernteam').disclose(permitted))


class EarlierStore(OwnInstanceTest):
    def test_a_store_of_the_schema_before_is_taken_up_with_all_that_it_holds(self):
        self.assert_is_taken_up(3)

    def test_a_store_of_schema_2_is_taken_up_with_all_that_it_holds(self):
        self.assert_is_taken_up(2)

    def assert_is_taken_up(self, schema):
        bsn, other = self.person(), self.person()
        child = self.person(years_ago(11), representatives=[{'reference': 'ouder-1'}])
        stands, ended = self.granted(bsn), self.granted(other)
        self.granted(child, signers=['ouder-1'])
        self.assertOk(self.client('kernteam').revoke(ended))
        self.assertOk(self.client('kernteam').refuse(other))
        self.assertOk(self.client(HORIZON).ask_for(bsn, categories=['budget']))
        self.assertPermit(self.client('kernteam').disclose(bsn, recipient='cak', purpose='eigen-bijdrage'))
        people = (bsn, other, child)
        before, lines = self.held(people), self.client('operator').audit()
        self.assertEqual([what for what, *_ in before['checks']], ['PERMIT', 'DENY', 'PERMIT'])
        for part in before.values():
            self.assertTrue(part)
        self.registry.stop()
        make_earlier(self.registry)
        if schema == 2:
            with OldStore(self.registry) as store:
                store.make_schema_2()
        refused = self.registry.run()
        self.assertEqual(refused.returncode, CONFIGURATION)
        self.assertIn('take it up with consentd --upgrade CONFIGURATION', refused.stderr)
        self.assert_is_tried_on_a_copy()
        upgraded = self.registry.run('--upgrade')
        self.assertEqual(upgraded.returncode, 0, upgraded.stderr)
        self.assertIn('3 of 3 subjects taken up', upgraded.stderr)
        again = self.registry.run('--upgrade')
        self.assertEqual((again.returncode, again.stderr), (0, 'consentd: the store is of this version\n'))
        self.registry.start()
        for _ in range(2):  # taken up, and then as any other
            self.shared.clear()
            self.assertEqual(self.held(people), before)
            self.assertEqual(self.client('operator').audit()[:len(lines)], lines)
            self.registry.restart()
        self.shared.clear()
        again = self.client('kernteam').revoke(ended)
        self.assertOk(again)
        self.assertTrue(again.revoke.already)
        self.assertOk(self.client('kernteam').revoke(stands))
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def assert_is_tried_on_a_copy(self):
        store = self.registry.directory / 'data' / 'consentd.mdb'
        before = store.read_bytes()
        tried = self.registry.run('--upgrade', '--dry-run')
        self.assertEqual(tried.returncode, 0, tried.stderr)
        self.assertIn('3 of 3 subjects taken up', tried.stderr)
        self.assertIn('a copy of the store was taken up, in ', tried.stderr)
        self.assertEqual(store.read_bytes(), before)
        self.assertEqual([path.name for path in self.registry.directory.glob('data*')], ['data'])
        self.assertEqual(self.registry.run().returncode, CONFIGURATION)  # it is as it was
        self.assertEqual(self.registry.run('--dry-run').returncode, 64)

    def held(self, people):
        """What is kept of them, as those who may see it are shown it. Nothing of it depends on when it is asked."""
        kernteam, horizon, operator = (self.client(party) for party in ('kernteam', HORIZON, 'operator'))
        checks = [kernteam.check(bsn).check for bsn in people]
        return {
            'checks': [(kernteam.verdict_name(one.verdict), list(one.items), one.subject_ref) for one in checks],
            'subjects': [kernteam.subject_show(bsn).subject_show for bsn in people],
            'consents': [kernteam.consent_list(bsn).consent_list.consents for bsn in people],
            'own part': [horizon.consent_list(bsn).consent_list.consents for bsn in people],
            'waiting': kernteam.waiting(),
            'duties': kernteam.ask('obligation_list', bsn=people[0]).obligation_list.duties,
            'due': kernteam.ask('due_list').due_list.entries,
            'events': self.heard(),
            'parties': operator.ask('party_list').party_list.parties,
        }

    def heard(self):
        """Every event of the provider, from the first on."""
        lag = {one.party: one.newest for one in self.client('operator').ask('events_lag').events_lag.parties}
        stream = self.registry.client(HORIZON, 'events')
        self.assertOk(stream.subscribe(number=1))
        events = [stream.next_event(every=True).event for _ in range(lag[HORIZON])]
        self.registry.close(stream)
        return events


class DamagedStore(OwnInstanceTest):
    """One bit in the store is wrong. What may come: no start, no answer, UNAVAILABLE, a denial. Never a permit."""

    def test_no_flipped_bit_brings_back_what_was_withdrawn_or_refused(self):
        revoked, refused = self.person(), self.person()
        consent = self.granted(revoked)
        self.granted(refused)
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertOk(self.client('kernteam').refuse(refused))
        self.registry.stop()
        store = self.registry.directory / 'data' / 'consentd.mdb'
        sound = store.read_bytes()
        used = [page for page in range(0, len(sound), PAGE) if any(sound[page:page + PAGE])]
        chance = random.Random(SEED)
        outcomes = []
        for _ in range(FLIPS):
            damaged = bytearray(sound)
            place = chance.choice([offset for offset in range(*self.page(chance, used)) if sound[offset]])
            damaged[place] ^= 1 << chance.randrange(8)
            store.write_bytes(damaged)
            outcomes += [self.outcome(bsn) for bsn in (revoked, refused)]
        self.assertNotIn('PERMIT', outcomes)
        self.assertIn('DENY', outcomes)

    def test_a_record_that_cannot_be_read_permits_nothing_and_is_in_the_log(self):
        damaged, sound = self.person(), self.person()
        self.granted(damaged)
        self.granted(sound)
        grants = [entry for entry in self.client('operator').audit() if entry.action == 'grant']
        pseudonym = grants[-2].object
        self.registry.stop()
        store = self.registry.directory / 'data' / 'consentd.mdb'
        data = bytearray(store.read_bytes())
        # A record as it lies: the subject's pseudonym, the wrapped key, the version, and what is sealed.
        places = [at for at in (match.start() for match in re.finditer(re.escape(pseudonym), data))
                  if data[at + RECORD:at + RECORD + 2] == b'\0\3']
        self.assertTrue(places)
        for at in places:
            data[at + RECORD + 40] ^= 1
        store.write_bytes(data)
        self.registry.start()
        self.shared.clear()
        reply = self.client('kernteam').disclose(damaged)
        self.assertStatus(reply, 'UNAVAILABLE')
        self.assertIsNone(reply.WhichOneof('body'))
        self.assertPermit(self.client('kernteam').disclose(sound))
        lines = [(entry.party, entry.action, entry.result) for entry in self.client('operator').audit()]
        self.assertIn(('kernteam', 'request', 'unavailable'), lines)

    @staticmethod
    def page(chance, used):
        page = chance.choice(used)
        return page, page + PAGE

    def outcome(self, bsn):
        try:
            self.registry.start()
        except AssertionError:
            return 'no start'
        client = self.registry.client('kernteam')
        try:
            reply = client.call(check_request(bsn, mode='DISCLOSE'), 5)
        except NoAnswer:
            return 'no answer'
        finally:
            self.registry.kill()
            self.registry.close(client)
        if reply.status == wire.OK:
            return client.verdict_name(reply.check.verdict)
        return client.status_name(reply)


if __name__ == '__main__':
    unittest.main()
