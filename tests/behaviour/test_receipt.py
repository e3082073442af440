"""Receipts: what a citizen holds of what was recorded about him, and what anybody can verify of it without the registry.

Everything is verified twice: by consentctl, and by tests/oracle, which shares no code with it."""
import sys
import time

import zmq

import envelope_pb2 as wire

from client import claim_urgent_reasons, check_request
from harness import LOG_KEY, SOURCE, Instance, RegistryTest, valid_bsns, years_ago
from test_erasure import ErasureTest

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import sealed_line  # noqa: E402
import tlog  # noqa: E402

HORIZON = 'zorgaanbieder-horizon'
PARENTS = [{'reference': 'ouder-1'}, {'reference': 'ouder-2'}]
GRANT, REVOKE = 18, 20  # bodies of Request


class ReceiptTest(RegistryTest):
    @classmethod
    def setUpClass(cls):
        """With a party that records statements and may not explain."""
        cls.bsns = valid_bsns()
        cls.registry = Instance()
        cls.addClassCleanup(cls.registry.destroy)
        path = cls.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('roles\n', 'roles\n    balie = "grant rights"\n', 1))
        cls.registry.keys['balie'] = zmq.curve_keypair()
        cls.registry.write_party('balie', 'gemeente', 'balie')
        cls.registry.start()
        cls.shared = {}

    def receipt(self, party='kernteam', **what):
        """The reply, once a checkpoint has the line."""
        for _ in range(100):
            reply = self.client(party).ask('receipt', **what)
            if reply.status != wire.RETRY:
                return reply
            time.sleep(0.1)
        self.fail('no checkpoint is made')

    def given(self, party='kernteam', **what):
        reply = self.receipt(party, **what)
        self.assertOk(reply)
        return reply.receipt

    def prove(self, receipt):
        """Every line is in the tree that the key has signed."""
        size, root = tlog.read_checkpoint(receipt.checkpoint, tlog.read_key(LOG_KEY))
        for line in receipt.lines:
            path = [line.proof[at:at + 32] for at in range(0, len(line.proof), 32)]
            self.assertEqual(tlog.root_of_inclusion(line.number - 1, 0, size, tlog.leaf(line.line), path), root)

    def look_into(self, line):
        """(head, who acted, what was asked) of a line with its key."""
        head, _ = sealed_line.read_head(line.line)
        evidence = sealed_line.message(sealed_line.open_line(line.line, line.key))
        return head, sealed_line.only(evidence, 1).decode(), sealed_line.message(sealed_line.only(evidence, 2))


class Lines(ReceiptTest):
    def test_a_consent_is_proven_at_once_by_its_own_line(self):
        bsn = self.person()
        consent = self.granted(bsn)
        began = time.monotonic()
        receipt = self.given(consent_id=consent)
        self.assertLess(time.monotonic() - began, 10)
        self.prove(receipt)
        self.assertEqual(len(receipt.lines), 1)
        head, user, asked = self.look_into(receipt.lines[0])
        self.assertEqual((head['action'], head['result'], head['party']), ('grant', 'ok', 'kernteam'))
        self.assertEqual(user, 'medewerker-17')
        self.assertIn(b'zorgaanbieder-horizon', sealed_line.only(asked, GRANT))
        self.assertNotIn(bsn.encode(), receipt.SerializeToString() + sealed_line.only(asked, GRANT))

    def test_each_withdrawal_has_its_line_the_newest_seven(self):
        consent = self.granted(self.person(), categories=['naw', 'periode', 'toewijzing'])
        self.assertOk(self.client('kernteam').revoke(consent, categories=['naw']))
        self.assertOk(self.client('kernteam').revoke(consent))
        receipt = self.given(consent_id=consent)
        self.prove(receipt)
        self.assertEqual([self.look_into(line)[0]['action'] for line in receipt.lines], ['grant', 'revoke', 'revoke'])
        self.assertEqual([one.number for one in receipt.lines], sorted(one.number for one in receipt.lines))
        many = self.granted(self.person(), recipients=[HORIZON, 'zorgaanbieder-delta'], categories=['naw', 'periode', 'toewijzing', 'budget'])
        for recipient in (HORIZON, 'zorgaanbieder-delta'):
            for category in ('naw', 'periode', 'toewijzing', 'budget'):
                self.assertOk(self.client('kernteam').revoke(many, recipients=[recipient], categories=[category]))
        lines = self.given(consent_id=many).lines
        self.assertEqual(len(lines), 8)
        self.assertEqual(lines[0].number, self.client('kernteam').consent_show(many).consent_show.consent.number)

    def test_a_key_opens_its_own_line_and_no_other(self):
        bsn = self.person()
        first, second = self.granted(bsn), self.granted(bsn, categories=['periode'])
        one, other = (self.given(consent_id=consent).lines[0] for consent in (first, second))
        self.assertNotEqual(one.key, other.key)
        sealed_line.open_line(one.line, one.key)
        tried = 0
        for line in self.client('operator').ask('log_lines').log_lines.lines, :
            at = 0
            while at < len(line):
                size = int.from_bytes(line[at:at + 4], 'big')
                raw = line[at + 4:at + 4 + size]
                at += 4 + size
                if raw == one.line:
                    continue
                tried += 1
                with self.assertRaises(sealed_line.Damaged):
                    sealed_line.open_line(raw, one.key)
        self.assertGreater(tried, 10)

    def test_a_decision_is_for_those_who_may_explain_it(self):
        bsn = self.person()
        self.granted(bsn)
        shared = self.client('kernteam').disclose(bsn).check.decision
        denied = self.client(HORIZON).check(bsn, ['periode'], provider='kernteam', recipient=HORIZON).check.decision
        for number, result in ((shared, 'permit'), (denied, 'deny')):
            for party in ('operator', 'kernteam', 'toezicht'):
                receipt = self.given(party, decision=number)
                self.prove(receipt)
                self.assertEqual(self.look_into(receipt.lines[0])[0]['result'], result)
        self.assertStatus(self.client(HORIZON).ask('receipt', decision=denied), 'FORBIDDEN')


class WhoMayNot(ReceiptTest):
    def test_who_may_not_ask_learns_nothing_of_what_there_is(self):
        consent = self.granted(self.person())
        decision = self.client('kernteam').check(self.person()).check.decision
        here = [self.client(HORIZON).ask('receipt', **what) for what in ({'consent_id': consent}, {'decision': decision})]
        nowhere = [self.client(HORIZON).ask('receipt', **what) for what in ({'consent_id': bytes(range(16))}, {'decision': 1 << 40})]
        for one, other in zip(here, nowhere):
            self.assertStatus(one, 'FORBIDDEN')
            self.assertEqual((one.status, one.field, one.message), (other.status, other.field, other.message))

    def test_what_there_is_not_is_not_found(self):
        consent = self.granted(self.person())
        asked = self.client(HORIZON).ask_for(self.person()).consent_recorded.consent_id
        grant = self.given(consent_id=consent).lines[0].number
        said = {self.receipt(**what).message for what in ({'consent_id': bytes(range(16))}, {'consent_id': asked})}
        self.assertEqual(said, {'no such consent or refusal'})
        for number in (1 << 40, grant):  # a line that is no decision is none
            self.assertStatus(self.receipt(decision=number), 'NOT_FOUND')
            self.assertEqual(self.receipt(decision=number).message, 'no such decision')
        self.assertInvalid(self.receipt(), 'receipt.consent_id')
        self.assertInvalid(self.receipt(consent_id=consent, decision=3), 'receipt.consent_id')
        self.assertInvalid(self.receipt(consent_id=consent, reader='ouder-9'), 'receipt.reader')


class OfOthers(ReceiptTest):
    # M9, R6
    def test_a_line_with_another_person_in_it_stays_closed(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2'])
        for reader in ('subject', 'ouder-1', 'ouder-2'):
            with self.subTest(reader):
                receipt = self.given(consent_id=consent, reader=reader)
                self.prove(receipt)
                self.assertEqual(receipt.lines[0].key, b'')
        self.assertOk(self.client('kernteam').revoke(consent, withdrawn_by='ouder-2'))
        for reader, keys in (('ouder-1', [False, False]), ('ouder-2', [False, True]), ('subject', [False, False])):
            with self.subTest(reader):
                self.assertEqual([line.key != b'' for line in self.given(consent_id=consent, reader=reader).lines], keys)

    def test_a_representative_who_does_not_exercise_the_rights_gets_none(self):
        bsn = self.person(years_ago(18, 1), representatives=PARENTS)
        consent = self.granted(bsn)
        self.assertRejected(self.receipt(consent_id=consent, reader='ouder-1'), 'REPRESENTATION_MISSING')

    def test_a_triage_stays_closed(self):
        bsn = self.person()
        claimed = claim_urgent_reasons(check_request(bsn, ['deskundigenadvies'], mode='DISCLOSE'))
        decision = self.client('kernteam').call(claimed)
        self.assertPermit(decision)
        receipt = self.given('operator', decision=decision.check.decision)
        self.prove(receipt)
        self.assertEqual(receipt.lines[0].key, b'')

    def test_the_user_of_another_party_is_not_shown_to_who_may_not_explain(self):
        consent = self.granted(self.person())
        self.assertOk(self.client(HORIZON).revoke(consent))
        self.assertEqual([line.key != b'' for line in self.given(consent_id=consent).lines], [True, True])
        self.assertEqual([line.key != b'' for line in self.given('balie', consent_id=consent).lines], [False, False])


class Erased(ReceiptTest, ErasureTest):
    def test_after_an_erasure_there_is_none_of_what_is_kept_either(self):
        bsn = self.person()
        consent = self.granted(bsn)
        decision = self.client('kernteam').disclose(bsn).check.decision
        before = self.given(consent_id=consent)
        self.erased(self.asked(bsn, 'GRANTED_IN_PART'), bsn)
        self.prove(before)
        self.assertEqual(self.look_into(before.lines[0])[0]['action'], 'grant')
        for what in ({'consent_id': consent}, {'decision': decision}):
            self.assertStatus(self.receipt('operator', **what), 'NOT_FOUND')
