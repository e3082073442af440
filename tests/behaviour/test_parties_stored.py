"""Parties are as durable as anything else: with a full store, a kill at any moment, and whatever pack comes."""
import random
import threading
import time
import unittest

import zmq

import envelope_pb2 as wire
from client import check_request, grant_request
from faulty_disk import FaultyDiskTest
from harness import PARTIES, Instance, OwnInstanceTest, SmallStoreTest, tool
from partner import NoAnswer

HORIZON = 'zorgaanbieder-horizon'
KILLS = 6
SEED = 18


class FullStore(SmallStoreTest):
    def test_a_party_that_could_not_be_recorded_is_not_let_in_and_who_fills_the_store_can_be_removed(self):
        bsns = [self.person() for _ in range(64)]
        for request in (grant_request, check_request):
            requests = [request(bsn) for bsn in bsns]
            for one in requests:
                if request is grant_request:
                    one.grant.motivation = 'x' * 1000
            self.fill(requests)
        operator = self.registry.operator()
        self.registry.keys['huisarts-west'] = public, _ = zmq.curve_keypair()
        self.assertStatus(operator.party_add('huisarts-west', 'huisarts', 'partner', public), 'UNAVAILABLE')
        new = self.registry.client('huisarts-west')
        new.send_frames(b'')
        with self.assertRaises(NoAnswer):
            new.receive(1.0)
        self.assertOk(operator.party_remove('kernteam'))
        self.registry.restart()
        operator = self.registry.operator()
        self.assertStatus(operator.party_remove('huisarts-west'), 'NOT_FOUND')
        parties = {party.id: party for party in operator.ask('party_list').party_list.parties}
        self.assertNotIn('huisarts-west', parties)
        self.assertFalse(parties['kernteam'].active)
        again = self.registry.client('kernteam')
        again.send_frames(b'')
        with self.assertRaises(NoAnswer):
            again.receive(1.0)


class Changing(threading.Thread):
    """An operator who adds, changes and removes parties, several requests under way, and notes what was answered."""

    def __init__(self, registry, prefix):
        super().__init__()
        self.client, self.prefix = registry.operator(), prefix
        self.wanted = {}  # key of the request: id, role, active
        self.answered = {}  # id: (role, active), as of the last answer
        self.pending = {}  # id: what may or may not have become of it
        self.count, self.is_over = 0, False

    def send(self, number):
        party = f'{self.prefix}-{number % 20}'
        active, role = number % 7 != 6, ('partner', 'sociale-team')[number % 2]
        request = wire.Request()
        one = request.party_apply.parties.add(id=party, kind='huisarts', role=role, active=active)
        two = request.party_apply.parties.add(id=f'{party}-b', kind='huisarts', role=role, active=active)
        for place, changed in enumerate((one, two)):
            if active:
                changed.keys.add(name='first', public_key=f'{self.prefix[-1]}{place}{number % 20:038}')
        self.wanted[self.client.send(request)] = party, role, active
        self.pending.setdefault(party, []).append((role, active))

    def next_reply(self):
        """What was sent before the registry was killed still comes."""
        while True:
            last = self.is_over
            try:
                return self.client.receive(0.2)
            except NoAnswer:
                if last:
                    raise

    def run(self):
        try:
            for number in range(10000):
                self.send(number)
                while len(self.wanted) > 8:
                    reply = self.next_reply()
                    party, role, active = self.wanted.pop(reply.idempotency_key)
                    self.count += 1
                    if reply.status == wire.OK:
                        self.answered[party] = role, active
                        self.pending[party].pop(0)
        except (NoAnswer, zmq.ZMQError):
            return


class Durability(OwnInstanceTest):
    def test_a_kill_at_any_moment_leaves_every_change_that_was_answered_and_none_by_half(self):
        chance = random.Random(SEED)
        answered = 0
        for kill in range(KILLS):
            changing = Changing(self.registry, f'p{kill % 10}')
            changing.start()
            goal = 3 * kill
            self.registry.wait_for(lambda: changing.count >= goal, f'{goal} answers')
            time.sleep(chance.uniform(0, 0.02))
            self.registry.kill()
            changing.is_over = True
            changing.join()
            self.registry.start()
            listed, after = {}, ''
            operator = self.registry.operator()
            while True:
                page = operator.ask('party_list', after=after).party_list
                listed.update({party.id: party for party in page.parties})
                if not page.more:
                    break
                after = page.parties[-1].id
            for party, known in changing.answered.items():
                answered += 1
                found = listed[party]
                self.assertIn((found.role, found.active), [known, *changing.pending[party]])
            for party in [id for id in listed if id.startswith(changing.prefix) and not id.endswith('-b')]:
                pair = listed[party], listed[f'{party}-b']  # one request changed both
                self.assertEqual((pair[0].role, pair[0].active), (pair[1].role, pair[1].active))
            self.registry.close(operator)
        self.assertGreater(answered, 0)

    def test_the_log_has_a_line_for_every_change_that_is_in_force(self):
        before = {party: 'partner' for party in ('cak', 'svb')}
        for party in before:
            self.registry.change_party(party, party, 'sociale-team', **{'agreement-from': '2020-01-01'})
        self.registry.kill()
        self.registry.start()
        lines = [entry.details for entry in self.registry.operator().audit() if entry.result == 'changed']
        self.assertEqual(len(lines), 2)
        self.assertIn('cak: role partner -> sociale-team', lines[0])


class SlowDisk(FaultyDiskTest):
    """With a disk that holds back: what it does not have has not happened, to nobody."""

    def test_a_removal_counts_when_the_disk_has_it_and_not_before(self):
        operator, horizon = self.client('operator'), self.client(HORIZON)
        self.assertOk(horizon.whoami())
        request = wire.Request()
        request.party_remove.id = HORIZON
        asked = wire.Request()
        asked.whoami.SetInParent()
        self.becomes('hold')
        key = operator.send(request)
        with self.assertRaises(NoAnswer):
            operator.reply_to(key, 1.0)
        with self.assertRaises(NoAnswer):
            horizon.call(asked, 0.5)  # nor does anybody else hear of it
        self.becomes_sound()
        self.assertOk(operator.reply_to(key))
        self.registry.kill()
        self.start()
        again = self.registry.client(HORIZON)
        again.send_frames(b'')
        self.assertTrue(again.was_refused())


class Fit(OwnInstanceTest):
    """Under another pack, and other roles, than those with which a party came."""

    def edit(self, old, new):
        path = self.registry.directory / 'consentd.conf'
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new))

    def rename_kind(self, kind):
        """The pack no longer has it."""
        for path in (self.registry.directory / 'policies' / 'kaag-en-braassem-2015').glob('*.txt'):
            path.write_text(path.read_text().replace(kind, f'{kind}-oud'))

    def test_a_reload_that_would_strand_a_party_is_refused_with_its_name_and_not_for_one_that_was_removed(self):
        self.rename_kind('huisarts')
        self.registry.reload()
        report = self.client('operator').status().status_report
        self.assertIn('huisarts-dorp (kind)', report.last_reload)
        self.assertOk(self.client('huisarts-dorp').whoami())
        self.assertOk(self.client('operator').party_remove('huisarts-dorp'))
        self.registry.reload()
        report = self.client('operator').status().status_report
        self.assertEqual((report.last_reload, list(report.unfit)), ('ok', []))
        self.registry.restart()
        self.assertEqual(self.registry.log().count('takes part in nothing'), 0)
        check = self.registry.run('--check')
        self.assertEqual((check.returncode, check.stderr), (0, ''))

    def test_a_start_goes_on_without_the_party_that_does_not_fit_and_says_so_everywhere(self):
        self.rename_kind('huisarts')
        self.registry.restart()
        self.shared.clear()
        self.assertIn('party huisarts-dorp takes part in nothing: kind: ', self.registry.log())
        operator = self.client('operator')
        self.assertIn('huisarts-dorp: kind: ', operator.status().status_report.unfit[0])
        late = self.registry.client('huisarts-dorp')
        late.send_frames(b'')
        self.assertTrue(late.was_refused())
        self.assertOk(self.client('cak').whoami())
        self.assertIn('unfit', [entry.result for entry in operator.audit() if entry.action == 'party'])
        self.registry.change_party('huisarts-dorp', 'huisarts-oud', 'partner')
        self.assertOk(self.registry.client('huisarts-dorp').whoami())
        self.assertEqual(list(operator.status().status_report.unfit), [])

    def test_a_check_of_the_configuration_works_beside_the_daemon_and_says_what_it_leaves(self):
        result = self.registry.run('--check')
        self.assertEqual((result.returncode, result.stderr), (0, ''))
        self.assertIn('parties: in the store', result.stdout)
        fresh = Instance()
        self.addCleanup(fresh.destroy)
        self.assertIn(f'parties: {len(PARTIES)}, which the first start takes up', fresh.run('--check').stdout)

    def test_an_operator_is_brought_in_at_a_start_where_none_can_sign_in(self):
        self.edit('operator = "admin', 'beheer = "admin')
        self.registry.restart()
        self.shared.clear()
        self.assertIn('no party is an operator', self.registry.log())
        self.registry.keys['operator-2'] = zmq.curve_keypair()
        self.registry.write_party('operator-2', 'operator', 'koning')
        self.registry.stop()
        path = self.registry.directory / 'parties' / 'operator-2.party'
        refused = self.registry.run('--operator', path)
        self.assertEqual(refused.returncode, 78)
        self.assertIn('operator-2.party:2: "role"', refused.stderr)
        self.registry.write_party('operator-2', 'operator', 'beheer')
        self.registry.start(options=('--operator', path))
        client = self.registry.client('operator-2', 'operators')
        self.assertOk(client.status())
        lines = [(entry.party, entry.result) for entry in client.audit() if 'operator-2' in entry.details]
        self.assertIn(('', 'added'), lines)
        self.registry.restart()
        self.assertOk(self.registry.client('operator-2', 'operators').status())

    def test_a_registry_that_is_set_up_takes_its_first_operator_up(self):
        directory = self.registry.directory / 'new'
        result = tool('ctl/consentctl', 'setup', directory, '--template', self.registry.directory / 'consentd.conf',
                      '--policy', self.registry.directory / 'policies' / 'kaag-en-braassem-2015')
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('kind = "operator"', (directory / 'parties' / 'operator.party').read_text())
        self.assertEqual((directory / 'parties' / 'operator.party').stat().st_mode & 0o077, 0)


if __name__ == '__main__':
    unittest.main()
