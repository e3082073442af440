"""Receipts: what a citizen holds of what was recorded about him, and what anybody can verify of it without the registry.

Everything is verified twice: by consentctl, and by tests/oracle, which shares no code with it."""
import base64
import copy
import hashlib
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import zmq
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

import envelope_pb2 as wire
import rights_pb2

from client import USER, check_request, claim_urgent_reasons, claim_written_request, grant_request, refuse_request
from harness import LOG_KEY, SOURCE, Instance, RegistryTest, tool, valid_bsns, years_ago
from letters import BOUND, LONGEST_AVERAGE, LONGEST_SENTENCE, Readability, sender
from test_erasure import ErasureTest
from witness import Witness

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import dpv  # noqa: E402
import receipt as oracle  # noqa: E402
import sealed_line  # noqa: E402
import tlog  # noqa: E402

HORIZON = 'zorgaanbieder-horizon'
PARENTS = [{'reference': 'ouder-1'}, {'reference': 'ouder-2'}]
GRANT, REVOKE = 18, 20  # bodies of Request
NO, USAGE, NO_SUCH, NOT_MADE, TRY_LATER, NOT_ALLOWED = 1, 64, 66, 73, 75, 77
OTHER_KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
EVIDENCE, WORDS = 'consentd:evidence', 'consentd:words'


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

    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='receipt-'))
        self.addCleanup(shutil.rmtree, self.place)

    def ctl(self, *words, party='operator', expected=0):
        ran = tool('ctl/consentctl', '--key', self.registry.key_file(party), *words)
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran.stdout if expected == 0 else ran.stderr

    def made(self, kind, name, *words, **how):
        """The file of a receipt, and what is in it."""
        path = self.place / f'{kind}-{len(list(self.place.iterdir()))}.json'
        self.ctl('receipt', kind, name, '--out', path, *words, **how)
        return path, json.loads(path.read_text())

    @staticmethod
    def verify(path, *words, key=LOG_KEY):
        """Without the key of any party, and without the registry."""
        return tool('ctl/consentctl', 'receipt', 'verify', path, '--log-key', key, *words)

    def assertProves(self, path, *texts, key=LOG_KEY):
        """By both programs; and what consentctl says of it."""
        ran = self.verify(path, key=key)
        self.assertEqual(ran.returncode, 0, ran.stderr)
        oracle.verify(path.read_bytes(), tlog.read_key(key))
        said = ' '.join(ran.stdout.split())
        self.assertIn('Dit bewijs klopt', said)
        for text in texts:
            self.assertIn(text, said)
        return said

    def assertProvesNothing(self, raw, *texts, key=LOG_KEY, oracles=True):
        path = self.place / 'changed.json'
        path.write_bytes(raw if isinstance(raw, bytes) else json.dumps(raw).encode())
        ran = self.verify(path, key=key)
        self.assertEqual((ran.returncode, ran.stdout), (NO, ''), ran.stderr)
        self.assertIn('dit bewijs klopt niet: ', ran.stderr)
        self.assertEqual(ran.stderr.count('\n'), 1)
        for text in texts:
            self.assertIn(text, ran.stderr)
        if oracles:
            with self.assertRaises(oracle.REFUSALS):
                oracle.verify(path.read_bytes(), tlog.read_key(key))
        return ran.stderr

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


class Files(ReceiptTest):
    def test_a_consent(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'budget'], case_ref='zaak-2026-118', origins=['wmo'])
        path, receipt = self.made('consent', consent.hex())
        self.assertEqual(path.stat().st_mode & 0o777, 0o600)
        said = self.assertProves(path, 'Er is toestemming gegeven om gegevens te delen.',
                                 'naw (Naam, adres en woonplaats); budget (Budget)', 'kernteam (Kernteam)',
                                 'zorgaanbieder-horizon (Zorgaanbieder)', 'Alleen voor zaak: zaak-2026-118',
                                 'Wie ja zei: de betrokkene zelf', 'register gemeente-voorbeeld.nl/toestemmingen',
                                 'Wat is niet bewezen?', 'Of het nu nog zo is. Vraag dat aan de gemeente.')
        self.assertIn(receipt['consentd:code'], said)
        record = receipt['dpv:hasRecordOfActivity']
        self.assertEqual(record['dct:identifier'], consent.hex())
        self.assertEqual([one['@type'] for one in record['dpv:hasConsentStatus']], ['dpv:ConsentGiven'])
        self.assertNotIn(bsn, path.read_text())
        del receipt[EVIDENCE]
        self.assertNotIn(USER, json.dumps(receipt))

    def test_without_a_file_it_is_printed(self):
        consent = self.granted(self.person())
        receipt = json.loads(self.ctl('receipt', 'consent', consent.hex(), party='kernteam'))
        dpv.validate(receipt)
        path, _ = self.made('consent', consent.hex())
        self.assertEqual(json.loads(path.read_text())['dct:identifier'], receipt['dct:identifier'])
        said = json.loads(self.ctl('--json', 'receipt', 'consent', consent.hex(), '--out', self.place / 'x.json'))
        self.assertEqual({key: said[key] for key in ('code', 'closed', 'letter')},
                         {'code': receipt['consentd:code'], 'closed': False, 'letter': None})
        proven = json.loads(self.verify(path, '--json').stdout)
        self.assertEqual(proven['code'], receipt['consentd:code'])
        self.assertGreaterEqual(proven['size'], proven['number'])

    def test_a_refusal(self):
        refused = self.client('kernteam').refuse(self.person()).consent_recorded.consent_id
        path, receipt = self.made('consent', refused.hex())
        self.assertProves(path, 'Er is nee gezegd tegen het delen van gegevens.', 'Wie nee zei: de betrokkene zelf')
        self.assertEqual(receipt['dpv:hasRecordOfActivity']['dpv:hasConsentStatus'][0]['@type'], 'dpv:ConsentRefused')

    def states(self, receipt):
        return [(one['@type'], one['dpv:isIndicatedBy'][0]['dct:identifier'])
                for one in receipt['dpv:hasRecordOfActivity']['dpv:hasConsentStatus']]

    def test_a_withdrawal_by_the_subject_in_part_and_whole(self):
        consent = self.granted(self.person(), categories=['naw', 'budget'])
        self.assertOk(self.client('kernteam').revoke(consent, categories=['naw']))
        path, receipt = self.made('consent', consent.hex())
        self.assertProves(path, 'Een deel van de toestemming is ingetrokken.', 'Welke gegevens: naw', 'Door: de betrokkene zelf',
                          'Wie bericht kreeg: kernteam (Kernteam); zorgaanbieder-horizon')
        self.assertEqual(self.states(receipt), [('dpv:ConsentGiven', 'subject'), ('dpv:ConsentWithdrawn', 'subject')])
        self.assertIn('consentd:part', receipt['dpv:hasRecordOfActivity']['dpv:hasConsentStatus'][1])
        self.assertOk(self.client(HORIZON).revoke(consent))
        path, receipt = self.made('consent', consent.hex())
        self.assertProves(path, 'Een deel van de toestemming is ingetrokken.', ' De toestemming is ingetrokken.')
        self.assertEqual(len(self.states(receipt)), 3)
        self.assertNotIn('consentd:part', receipt['dpv:hasRecordOfActivity']['dpv:hasConsentStatus'][2])
        again = self.made('consent', consent.hex())[1]  # the same lines: only the checkpoint is newer
        self.assertEqual({**again, EVIDENCE: 0}, {**receipt, EVIDENCE: 0})

    def test_a_withdrawal_by_another_is_a_revocation(self):
        bsn = self.person(years_ago(8), representatives=PARENTS[:1])
        consent = self.granted(bsn, signers=['ouder-1'])
        self.assertOk(self.client('kernteam').revoke(consent, withdrawn_by='ouder-1'))
        path, receipt = self.made('consent', consent.hex(), '--for', 'ouder-1')
        self.assertProves(path, 'Wie ja zei: vertegenwoordiger ouder-1', 'Door: vertegenwoordiger ouder-1')
        self.assertEqual(self.states(receipt), [('dpv:ConsentGiven', 'ouder-1'), ('dpv:ConsentRevoked', 'ouder-1')])
        path, receipt = self.made('consent', consent.hex())  # for the child: nothing of who the parent is
        self.assertProves(path, 'Meer zegt dit bewijs niet over deze regel.')
        self.assertEqual(self.states(receipt), [('dpv:ConsentGiven', 'kernteam'), ('dpv:ConsentUnknown', 'kernteam')])
        self.assertNotIn('ouder-1', path.read_text())
        self.assertTrue(json.loads(self.verify(path, '--json').stdout)['closed'])

    def test_what_answers_a_request(self):
        bsn = self.person()
        asked = self.client(HORIZON).ask_for(bsn).consent_recorded.consent_id
        self.assertOk(self.client('kernteam').grant(bsn, answers=asked, days=30))
        path, receipt = self.made('consent', asked.hex())
        self.assertProves(path)
        self.assertEqual(receipt['dpv:hasRecordOfActivity']['dct:identifier'], asked.hex())

    # KB 14: what was wrong may be about another (R6), so the line of a correction stays closed
    def test_what_corrects_a_consent(self):
        bsn = self.person()
        wrong = self.granted(bsn, categories=['naw', 'budget'])
        opened = self.client('kernteam').ask('rights_open', bsn=bsn, kind=rights_pb2.RIGHTS_RECTIFICATION, by='subject',
                                             wish='anders', identity=rights_pb2.IDENTITY_DOCUMENT, way=rights_pb2.WAY_COUNTER, user=USER)
        self.assertOk(opened)
        number = opened.rights.request.number
        self.assertOk(self.client('kernteam').ask('rights_decide', number=number, outcome=rights_pb2.RIGHTS_GRANTED, user=USER))
        request = grant_request(bsn, categories=['naw'])
        request.grant.corrects, request.grant.request, request.grant.correction_reason = wrong, number, 'van de buurvrouw'
        for field in ('evidence', 'notice', 'signatures', 'form', 'valid_from', 'valid_until'):
            request.grant.ClearField(field)
        right = self.client('kernteam').call(request)
        self.assertOk(right)
        path, receipt = self.made('consent', right.consent_recorded.consent_id.hex())
        self.assertProves(path, 'Er is toestemming gegeven', 'Meer zegt dit bewijs niet over deze regel.')
        path, receipt = self.made('consent', wrong.hex())  # what was recorded first was recorded so
        self.assertProves(path, 'budget (Budget)')

    def test_each_decision_of_a_batch(self):
        bsn, other = self.person(), self.person()
        self.granted(bsn)
        batch = wire.Request()
        for who in (bsn, other):
            batch.batch.checks.append(check_request(who, mode='DISCLOSE').check)
        answers = self.client('kernteam').call(batch).batch.answers
        for answer, told in zip(answers, ('Het mocht.', 'Het mocht niet.')):
            path, receipt = self.made('decision', answer.check.decision)
            self.assertProves(path, told)
            self.assertNotIn(other, path.read_text())

    def test_a_disclosure_and_a_denial(self):
        bsn = self.person()
        consent = self.granted(bsn)
        kernteam = self.client('kernteam')
        shared = kernteam.disclose(bsn)
        path, receipt = self.made('decision', shared.check.decision)
        self.assertProves(path, 'Het mocht.', 'Soort vraag: om daarna te delen wat mag', 'Of er daarna ook iets is gedeeld.', f'met toestemming {consent.hex()}')
        process, = receipt['dpv:hasRecordOfActivity']['dpv:hasProcess']
        self.assertEqual(process['dpv:hasLegalBasis'], {'@type': 'dpv:Consent', 'dct:identifier': consent.hex()})
        path, _ = self.made('decision', kernteam.check(bsn, ['periode']).check.decision)
        self.assertProves(path, 'Het mocht niet.', 'Soort vraag: alleen om te weten of het mag', 'de toestemming noemt dit gegeven niet')
        path, _ = self.made('decision', kernteam.check(bsn, ['naw', 'periode']).check.decision)
        self.assertProves(path, 'Een deel mocht. De rest mocht niet.')
        by_law = kernteam.disclose(bsn, recipient='cak', purpose='eigen-bijdrage', categories=['bsn', 'periode'])
        path, receipt = self.made('decision', by_law.check.decision)
        self.assertProves(path, 'volgens de wet: ')
        self.assertIn('INFORM_SUBJECT', receipt['dpv:hasRecordOfActivity']['consentd:duties'])
        claimed = claim_written_request(check_request(bsn, ['periode'], mode='DISCLOSE'))
        path, _ = self.made('decision', kernteam.call(claimed).check.decision)
        self.assertProves(path, 'omdat er schriftelijk om is gevraagd')
        urgent = claim_urgent_reasons(check_request(bsn, ['deskundigenadvies'], mode='DISCLOSE'))
        path, receipt = self.made('decision', kernteam.call(urgent).check.decision)
        self.assertProves(path, 'Het mocht.', 'Meer zegt dit bewijs niet over deze regel.')
        self.assertNotIn('manager-3', path.read_text())

    def test_who_hears_fewer_reasons_than_there_are_has_them_all_in_the_receipt(self):
        bsn = self.person()
        self.granted(bsn, recipients=['zorgaanbieder-delta'])
        denied = self.client(HORIZON).check(bsn, provider='kernteam', recipient=HORIZON).check
        path, receipt = self.made('decision', denied.decision)
        self.assertProves(path, 'Het mocht niet.')
        told = receipt['dpv:hasRecordOfActivity']['dpv:hasProcess'][0]['consentd:reasons']
        explained = self.client('operator').ask('decision_show', number=denied.decision).decision_show.all_reasons
        if explained:
            self.assertEqual(told, self.client('operator').codes([type('r', (), {'code': one}) for one in explained[0].codes]))

    def test_who_may_not_or_asks_what_is_not_there_gets_no_file(self):
        consent = self.granted(self.person())
        for words, party, code, told in ((('consent', consent.hex()), HORIZON, NOT_ALLOWED, 'FORBIDDEN'),
                                         (('consent', 'f' * 32), 'kernteam', NO_SUCH, 'NOT_FOUND'),
                                         (('decision', '1'), 'kernteam', NO_SUCH, 'NOT_FOUND'),
                                         (('decision', '1x'), 'kernteam', USAGE, 'the decision is a number'),
                                         (('consent', 'kort'), 'kernteam', USAGE, '32 hexadecimal digits')):
            self.assertIn(told, self.ctl('receipt', *words, '--out', self.place / 'none.json', party=party, expected=code))
        self.assertEqual(list(self.place.iterdir()), [])
        self.made('consent', consent.hex())
        taken = next(self.place.iterdir())
        self.assertIn('cannot make', self.ctl('receipt', 'consent', consent.hex(), '--out', taken, expected=NOT_MADE))


def places(node, path=()):
    """Every place in a document: of each object and list, and of each value."""
    yield path
    if isinstance(node, dict):
        for key in node:
            yield from places(node[key], (*path, key))
    elif isinstance(node, list):
        for index, one in enumerate(node):
            yield from places(one, (*path, index))


def at(document, path):
    for step in path:
        document = document[step]
    return document


def changed(document, path, how):
    made = copy.deepcopy(document)
    how(at(made, path[:-1]), path[-1])
    return made


def otherwise(value):
    """Something else of the same sort."""
    if isinstance(value, bool):
        return not value
    if value is None or isinstance(value, (int, float)):
        return (value or 0) + 1
    if isinstance(value, str):
        return (chr(ord(value[0]) ^ 1) + value[1:]) if value else 'x'
    return value[:-1] if isinstance(value, list) and value else {**value, 'dct:extra': 'x'} if isinstance(value, dict) else ['x']


class Changed(ReceiptTest):
    """Whatever is changed in a receipt, it proves nothing any more, and it is said what does not fit."""

    def one_of_each(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'budget'], origins=['wmo'], case_ref='zaak-1')
        shared = self.client('kernteam').disclose(bsn, ['naw', 'periode'], case_ref='zaak-1').check.decision
        self.assertOk(self.client('kernteam').revoke(consent, categories=['naw']))
        refused = self.client('kernteam').call(refuse_request(bsn)).consent_recorded.consent_id
        return [self.made(*what)[1] for what in (('consent', consent.hex()), ('decision', shared), ('consent', refused.hex()))]

    def test_every_field(self):
        """Of one; of all kinds, and in more ways, in test-receipt.c."""
        receipt, tried = self.one_of_each()[0], 0
        for path in places({key: value for key, value in receipt.items() if key not in (EVIDENCE, WORDS)}):
            value = at(receipt, path)
            if not path or (isinstance(value, (dict, list)) and value):
                continue
            said = self.assertProvesNothing(changed(receipt, path, lambda node, key: node.__setitem__(key, otherwise(value))))
            self.assertIn(next(step for step in reversed(path) if isinstance(step, str)), said, path)
            tried += 1
        self.assertGreater(tried, 60)

    def test_every_part_of_the_proof(self):
        receipt = self.one_of_each()[0]
        for index, one in enumerate(receipt[EVIDENCE]):
            for line, text in enumerate(one['consentd:tlogProof'].split('\n')):
                if not text:
                    continue
                lines = one['consentd:tlogProof'].split('\n')
                lines[line] = text[:-2] + ('A' if text[-2] != 'A' else 'B') + text[-1]
                made = copy.deepcopy(receipt)
                made[EVIDENCE][index]['consentd:tlogProof'] = '\n'.join(lines)
                with self.subTest(line=text[:40]):
                    self.assertProvesNothing(made)
            made = copy.deepcopy(receipt)
            key = bytearray(base64.b64decode(one['consentd:key']))
            key[5] ^= 1
            made[EVIDENCE][index]['consentd:key'] = base64.b64encode(key).decode()
            self.assertProvesNothing(made, 'de sleutel in het bewijs opent de regel niet')
            del made[EVIDENCE][index]['consentd:key']  # then it claims more than it proves
            self.assertProvesNothing(made, 'maar in de regel van het register staat')
            made = copy.deepcopy(receipt)
            made[EVIDENCE][index]['consentd:note'] = 'x'
            self.assertProvesNothing(made)
        for lines in ([], receipt[EVIDENCE][1:], receipt[EVIDENCE][:1], receipt[EVIDENCE][::-1], receipt[EVIDENCE] * 2, receipt[EVIDENCE] * 5):
            self.assertProvesNothing({**receipt, EVIDENCE: lines})

    def test_the_lines_of_another(self):
        one, other = (self.made('consent', self.granted(self.person()).hex())[1] for _ in range(2))
        self.assertProvesNothing({**one, EVIDENCE: other[EVIDENCE]}, 'maar in de regel van het register staat')
        mixed = self.one_of_each()[0]
        withdrawn = self.granted(self.person())
        self.assertOk(self.client('kernteam').revoke(withdrawn))
        foreign = self.made('consent', withdrawn.hex())[1]
        self.assertProvesNothing({**mixed, EVIDENCE: [mixed[EVIDENCE][0], foreign[EVIDENCE][1]]})

    def test_the_words_are_no_evidence_and_that_is_said(self):
        path, receipt = self.made('consent', self.granted(self.person()).hex())
        receipt[WORDS]['CATEGORY']['naw'] = 'iets heel anders'
        path.write_text(json.dumps(receipt))
        self.assertProves(path, 'naw (iets heel anders)', 'De woorden tussen haakjes. Die leggen alleen uit wat een code betekent.')
        del receipt[WORDS]
        path.write_text(json.dumps(receipt))
        self.assertNotIn('tussen haakjes', self.assertProves(path))

    def test_what_is_cut_off_or_has_something_behind_it(self):
        path, _ = self.made('consent', self.granted(self.person()).hex())
        raw = path.read_bytes()
        for size in (*range(0, 40), *range(40, len(raw) - 3, 97), len(raw) - 3):
            self.assertProvesNothing(raw[:size], 'dit bestand is geen bewijs, of er is iets van veranderd')
        for behind in (b'x', b'{}', b'\0', raw):
            self.assertProvesNothing(raw + behind, 'dit bestand is geen bewijs, of er is iets van veranderd')
        self.assertProvesNothing(raw.replace(b'"dct:created"', b'"dct:created": "x", "dct:created"', 1))
        (self.place / 'large.json').write_bytes(b' ' * (4 << 20) + raw)
        self.assertEqual(self.verify(self.place / 'large.json').returncode, NO_SUCH)
        path.write_bytes(raw + b'\n\n')
        self.assertProves(path)

    def test_another_key(self):
        path, receipt = self.made('consent', self.granted(self.person()).hex())
        self.assertProvesNothing(receipt, 'het controlepunt is niet ondertekend met de sleutel die u gaf', key=OTHER_KEY)
        own, secret = new_key('gemeente-voorbeeld.nl/toestemmingen')
        self.assertProvesNothing(receipt, 'niet ondertekend met de sleutel die u gaf', key=own)
        ran = tool('ctl/consentctl', 'receipt', 'verify', path)
        self.assertEqual(ran.returncode, USAGE)
        self.assertIn('--log-key ontbreekt', ran.stderr)
        ran = tool('ctl/consentctl', 'receipt', 'verify', self.place / 'nergens.json', '--log-key', LOG_KEY)
        self.assertEqual(ran.returncode, NO_SUCH)

    def test_a_thousand_signatures(self):
        _, receipt = self.made('consent', self.granted(self.person()).hex())
        note = receipt[EVIDENCE][0]['consentd:tlogProof']
        line = note.rstrip('\n').rsplit('\n', 1)[1]
        many = [f'— anders+{n} {base64.b64encode(os.urandom(68)).decode()}'.replace('+', '', 1) for n in range(1000)]
        receipt[EVIDENCE][0]['consentd:tlogProof'] = note + '\n'.join(many) + '\n'
        self.assertProvesNothing(receipt, 'handtekeningen', oracles=False)
        few = [*many[:12], line]  # sixteen at least must be accepted
        receipt[EVIDENCE][0]['consentd:tlogProof'] = note.replace(line, '\n'.join(few))
        path = self.place / 'few.json'
        path.write_text(json.dumps(receipt))
        self.assertProves(path)


def new_key(name):
    """(verifier key, secret) of a log of somebody else."""
    secret = Ed25519PrivateKey.generate()
    public = b'\1' + secret.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    number = hashlib.sha256(name.encode() + b'\n' + public).digest()[:4]
    return f'{name}+{number.hex()}+{base64.b64encode(public).decode()}', (number, secret)


def varint(value):
    made = b''
    while value > 127:
        made += bytes([value & 127 | 128])
        value >>= 7
    return made + bytes([value])


def put(number, value):
    return varint(number << 3 | 2) + varint(len(value)) + value if isinstance(value, bytes) else varint(number << 3) + varint(value)


class Large(ReceiptTest):
    """A log of somebody else with more lines than a double can count: the line and the tree are made here."""

    NAME = 'voorbeeld.example/groot'

    def forged(self, number, evidence, size=None):
        key, nonce = bytes(range(32)), bytes(24)
        head = bytes([2, 1, 3]) + varint(number) + varint(2 * 1_795_000_000_000) + varint(1) + varint(1) + bytes(16)
        head += b''.join(bytes([len(text)]) + text for text in (b'refuse', b'ok', b'kernteam'))
        bound = b'audit\0\0\1' + struct.pack('>Q', number)
        line = head + b'\0\1' + nonce + ChaCha20Poly1305(key).encrypt(bytes(4) + nonce[16:], evidence, bound)
        left, size = hashlib.sha256(b'de rest').digest(), size or number
        root = tlog.node(left, tlog.leaf(line))
        text = f'{self.NAME}\n{size}\n{base64.b64encode(root).decode()}\n'
        verifier, (name, secret) = new_key(self.NAME)
        note = f'{text}\n— {self.NAME} {base64.b64encode(name + secret.sign(text.encode())).decode()}\n'
        proof = ['c2sp.org/tlog-proof@v1', 'extra ' + base64.b64encode(line).decode(), f'index {number - 1}',
                 base64.b64encode(left).decode(), '', note]
        lines = [oracle.Line(number, line, key)] if size == number else []
        claims = oracle.Receipt(self.NAME, lines).claims() if lines else {'@type': 'dpv:ConsentReceipt'}
        return verifier, {**claims, EVIDENCE: [{'consentd:tlogProof': '\n'.join(proof), 'consentd:key': base64.b64encode(key).decode()}]}

    def refusal(self):
        scope = put(1, b'kernteam') + put(2, HORIZON.encode()) + put(3, b'naw') + put(4, b'toekenning')
        request = put(1, 1) + put(GRANT + 1, put(2, scope) + put(4, put(1, b'subject') + put(2, 1_794_999_000_000)))
        return put(1, b'u-1') + put(2, request) + put(3, put(1, 1) + put(18, put(1, bytes(range(16)))))

    def test_a_number_beyond_two_to_the_53(self):
        for number in ((1 << 53) + 1, (1 << 62) + 1):
            key, receipt = self.forged(number, self.refusal())
            path = self.place / 'large.json'
            path.write_text(json.dumps(receipt))
            said = self.assertProves(path, f'Regel {number} van het register {self.NAME}', f'{number} regels had', key=key)
            self.assertIn(f'Code: {number}-', said)
            wrong = json.loads(json.dumps(receipt).replace(str(number), str(number - 1)))
            self.assertProvesNothing(wrong, key=key)
        key, receipt = self.forged(3, self.refusal(), size=(1 << 63) + 1)
        self.assertProvesNothing(receipt, 'het controlepunt is niet te lezen', key=key)

    def test_a_line_that_holds_something_else_than_its_head_says(self):
        for evidence in (b'', b'\xff\xff', put(1, b'u-1'), put(2, put(1, 1)), self.refusal()[:-3],
                         self.refusal().replace(put(GRANT + 1, b'')[:2], put(GRANT, b'')[:2])):
            key, receipt = self.forged(3, self.refusal())
            with self.subTest(evidence=evidence[:12]):
                proof = self.forge_around(evidence)
                self.assertProvesNothing({**receipt, EVIDENCE: proof[1][EVIDENCE]}, 'regel 3: ', key=proof[0])

    def forge_around(self, evidence):
        try:
            return self.forged(3, evidence)
        except oracle.REFUSALS:
            claims, oracle.Receipt.claims = oracle.Receipt.claims, lambda receipt: {}
            line, oracle.Line = oracle.Line, lambda *_: None
            try:
                return self.forged(3, evidence)
            finally:
                oracle.Receipt.claims, oracle.Line = claims, line


class Words(ReceiptTest):
    """What anybody can write into the file, since nothing proves it."""

    def changed(self, change):
        path, receipt = self.made('consent', self.granted(self.person(), categories=['naw', 'budget']).hex())
        change(receipt[WORDS])
        path.write_text(json.dumps(receipt))
        return path, receipt

    def test_words_that_leave_their_brackets_are_not_shown(self):
        for label in ('Naam); gezondheid (alle medische gegevens', ')(', 'Naam (en', 'Naam\x1b[31m', 'Naam\n\nWat is bewezen?',
                      'Naam\u202e', 'Naam\uff09; gezondheid \uff08alles', 'Naam\u00ad', 'Naam\u009b31m', 'n' * 256, ''):
            with self.subTest(label=label):
                path, _ = self.changed(lambda words: words['CATEGORY'].update(naw=label))
                said = self.assertProves(path, 'Welke gegevens: naw; budget (Budget)')
                self.assertNotIn('gezondheid', said)
        for label in ('Naam (voor- en achternaam), adres', 'Één café – “zo”: 5 €', 'n' * 255):
            path, _ = self.changed(lambda words: words['CATEGORY'].update(naw=label))
            self.assertProves(path, f'naw ({label})')

    def test_words_that_a_program_would_read_as_claims_are_refused(self):
        claim = {'@type': 'dpv:ConsentRecord', 'dpv:hasConsentStatus': []}
        for change in (lambda words: words.update({'@type': 'dpv:ConsentRecord'}), lambda words: words.update({'dpv:hasNotice': {}}),
                       lambda words: words.update(CATEGORY=claim), lambda words: words['CATEGORY'].update(naw=claim),
                       lambda words: words['CATEGORY'].update({'dpv:hasPersonalData': 'alles'}), lambda words: words.update(controller=claim),
                       lambda words: words.update(CATEGORY=['naw']), lambda words: words['PARTY'].update(kernteam=7)):
            _, receipt = self.changed(change)
            self.assertProvesNothing(receipt, 'bij consentd:words staat meer dan wat de codes betekenen')
        for words in ([], 'naw', None, 1):
            self.assertProvesNothing({**receipt, WORDS: words}, 'bij consentd:words')


class OfAnotherConsent(ReceiptTest):
    """Lines of one person, of which a key was taken away: nobody sees any more of which consent they are."""

    def setUp(self):
        super().setUp()
        bsn = self.person()
        one, other = self.granted(bsn), self.granted(bsn, categories=['periode'])
        self.assertOk(self.client('kernteam').revoke(other))
        self.given, self.ended = (self.made('consent', consent.hex())[1][EVIDENCE] for consent in (one, other))
        self.given = self.made('consent', one.hex())[1][EVIDENCE]

    def joined(self, *evidence):
        lines = []
        for one in evidence:
            number = int(one['consentd:tlogProof'].split('\nindex ')[1].split('\n')[0]) + 1
            _, line, _ = tlog.verify_proof(one['consentd:tlogProof'].encode(), tlog.read_key(LOG_KEY))
            lines.append(oracle.Line(number, line, base64.b64decode(one['consentd:key']) if 'consentd:key' in one else None))
        path = self.place / 'joined.json'
        path.write_text(json.dumps({**oracle.Receipt('gemeente-voorbeeld.nl/toestemmingen', lines).claims(), EVIDENCE: [*evidence]}))
        return path

    @staticmethod
    def closed(one):
        return {'consentd:tlogProof': one['consentd:tlogProof']}

    def test_a_withdrawal_without_its_key_is_not_said_to_be_of_this_consent(self):
        for lines in ((self.given[0], self.closed(self.ended[1])), (self.closed(self.given[0]), self.closed(self.ended[1])),
                      (self.closed(self.given[0]), self.ended[1])):
            path = self.joined(*lines)
            said = self.assertProves(path, 'toestemming van deze persoon', 'Dit bewijs zegt niet of dat de toestemming hierboven is.')
            self.assertNotIn('De toestemming is ingetrokken', said)
            state = json.loads(path.read_text())['dpv:hasRecordOfActivity']['dpv:hasConsentStatus'][1]
            self.assertIsNone(state['consentd:ofThisConsent'])
            self.assertProvesNothing(path.read_text().replace('"consentd:ofThisConsent": null', '"consentd:ofThisConsent": true').encode(),
                                     'consentd:ofThisConsent')

    def test_with_its_key_it_is_that_of_its_own(self):
        said = self.assertProves(self.joined(*self.ended), 'De toestemming is ingetrokken.')
        self.assertNotIn('Dit bewijs zegt niet of dat', said)
        with self.assertRaises(oracle.REFUSALS):
            self.joined(self.given[0], self.ended[1])


class Witnessed(ReceiptTest):
    def sign(self, witness):
        """The newest checkpoint, as a party that listens does."""
        events = self.registry.client(HORIZON, 'events')
        newest = events.ask('log_checkpoint').log_checkpoint
        self.assertOk(events.ask('log_cosign', key=witness.key, size=newest.size, signature=witness.sign(newest.checkpoint)))
        self.registry.close(events)

    def test_who_saw_it_is_named(self):
        consent, one, other = self.granted(self.person()).hex(), Witness(), Witness('delta.nl/getuige')
        self.made('consent', consent)
        said = self.ctl('receipt', 'consent', consent, '--witness', one.key, '--out', self.place / 'none.json', expected=TRY_LATER)
        self.assertIn('not with these signatures: ask again in a moment', said)
        self.assertFalse((self.place / 'none.json').exists())
        self.sign(one)
        path, _ = self.made('consent', consent, '--witness', one.key, '--log-key', LOG_KEY)
        text = ' '.join(self.verify(path, '--witness', one.key).stdout.split())
        self.assertRegex(text, r'Op \d+ \w+ 20\d\d om \d\d\.\d\d uur stond dit er al\. Dat zag getuige horizon.nl/getuige\.')
        self.assertIn('Of de tijd klopt die erbij staat. Dat is de tijd van de klok van het register.', text)
        self.assertNotIn('er is geen getuige genoemd', text)
        self.assertIn('er is geen getuige genoemd', self.assertProves(path))
        signed = json.loads(self.verify(path, '--witness', one.key, '--json').stdout)['signed']
        self.assertEqual([found['key'] for found in signed], [one.key])
        ran = self.verify(path, '--witness', one.key, '--witness', other.key)
        self.assertEqual(ran.returncode, NO)
        self.assertIn('het controlepunt is niet ondertekend door elke getuige die u noemde', ran.stderr)
        ran = self.verify(path, '--witness', one.key, '--witness', other.key, '--witnesses', '1')
        self.assertEqual(ran.returncode, 0, ran.stderr)
        ran = self.verify(path, '--witness', other.key)
        self.assertEqual(ran.returncode, NO)
        self.sign(other)
        path, _ = self.made('consent', consent, '--witness', one.key, '--witness', other.key, '--witnesses', '1')
        self.assertEqual(self.verify(path, '--witness', other.key).returncode, 0)
        self.assertInvalid(self.receipt(consent_id=bytes.fromhex(consent), needed=13), 'receipt.needed')

    def test_a_cosignature_that_was_changed_counts_for_nothing(self):
        consent, witness = self.granted(self.person()).hex(), Witness()
        self.made('consent', consent)
        self.sign(witness)
        _, receipt = self.made('consent', consent, '--witness', witness.key)
        note = receipt[EVIDENCE][0]['consentd:tlogProof']
        last = note.rstrip('\n').rsplit(' ', 1)[1]
        receipt[EVIDENCE][0]['consentd:tlogProof'] = note.replace(last, last[:20] + ('A' if last[20] != 'A' else 'B') + last[21:])
        path = self.place / 'changed.json'
        path.write_text(json.dumps(receipt))
        ran = self.verify(path, '--witness', witness.key)
        self.assertEqual((ran.returncode, ran.stdout), (NO, ''))
        self.assertIn('dit bewijs klopt niet: het controlepunt is niet ondertekend door elke getuige', ran.stderr)


class Codes(ReceiptTest):
    def test_the_code_of_the_letter_is_that_of_the_receipt(self):
        path, receipt = self.made('consent', self.granted(self.person()).hex())
        other = self.made('consent', self.granted(self.person()).hex())[1]['consentd:code']
        code = receipt['consentd:code']
        self.assertEqual(code, oracle.code_of(int(code.split('-')[0]), tlog.leaf(
            tlog.verify_proof(receipt[EVIDENCE][0]['consentd:tlogProof'].encode(), tlog.read_key(LOG_KEY))[1])))
        self.assertRegex(code, r'^\d+(-[0-9A-HJKMNP-TV-Z]{4}){4}$')
        for typed in (code, code.lower(), code.replace('-', ' '), code[:-19] + code[-19:].replace('1', 'l').replace('0', 'o')):
            self.assertEqual(self.verify(path, '--code', typed).returncode, 0, typed)
        ran = self.verify(path, '--code', other)
        self.assertEqual(ran.returncode, NO)
        self.assertIn(f'dit bewijs klopt wel, maar het is niet dat van de code {other}: het heeft {code}', ran.stderr)
        for typed in (code[:-1], code + '0', code[:-1] + ('2' if code[-1] != '2' else '3'), 'x' + code, '0' + code):
            ran = self.verify(path, '--code', typed)
            self.assertEqual(ran.returncode, USAGE, typed)
            self.assertIn('kijk of u hem goed hebt overgenomen', ran.stderr)


    def test_whoever_rings_with_a_code_is_told_which_line_it_is(self):
        code = self.made('consent', self.granted(self.person()).hex())[1]['consentd:code']
        said = self.ctl('receipt', 'code', code.lower())
        self.assertRegex(said, rf'{code} +{code.split("-")[0]} .* kernteam +grant +ok')
        number, rest = code.split('-', 1)
        self.assertIn('have it read again', self.ctl('receipt', 'code', f'{int(number) - 1}-{rest}', expected=USAGE))
        other = oracle.code_of(int(number) - 1, hashlib.sha256(b'een ander register').digest())
        self.assertIn('has another code: ', self.ctl('receipt', 'code', other, expected=NO))


class Letters(ReceiptTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for pack in ('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'):
            (cls.registry.directory / 'policies' / pack / 'brieven' / 'gemeente.txt').write_text(sender())

    def letter(self, kind, name, *words, form='txt'):
        """(the receipt, the letter as blocks, the file of the letter)"""
        path, letter = self.place / f'{name}.json', self.place / f'{name}.{form}'
        said = json.loads(self.ctl('--json', 'receipt', kind, name, '--out', path, '--letter', letter, *words))
        self.assertEqual(letter.stat().st_mode & 0o777, 0o600)
        self.assertEqual((said['letter']['letter'], said['letter']['file']), ('bewijs', str(letter)))
        return json.loads(path.read_text()), said['letter'], letter

    def life(self):
        bsn, child = self.person(), self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, categories=['naw', 'budget'])
        kernteam = self.client('kernteam')
        decisions = [kernteam.disclose(bsn), kernteam.check(bsn, ['naw', 'periode']), kernteam.check(bsn, ['periode'])]
        self.assertOk(kernteam.revoke(consent, categories=['naw']))
        self.assertOk(kernteam.revoke(consent))
        refused = kernteam.refuse(bsn, recipients=['zorgaanbieder-delta']).consent_recorded.consent_id
        closed = self.granted(child, signers=['ouder-1', 'ouder-2'])
        return [('consent', consent.hex()), ('consent', refused.hex()), ('consent', closed.hex(), '--for', 'ouder-1'),
                *(('decision', str(one.check.decision)) for one in decisions)]

    def test_every_letter_reads_at_b1_in_both_packs(self):
        for arguments in self.life():
            for pack in ('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'):
                with self.subTest(arguments=arguments, pack=pack):
                    receipt, document, path = self.letter(*arguments, '--policy', self.registry.directory / 'policies' / pack)
                    reading = Readability(document['blocks'])
                    self.assertGreaterEqual(reading.ease, BOUND)
                    self.assertLessEqual(reading.average, LONGEST_AVERAGE)
                    self.assertLessEqual(len(reading.longest), LONGEST_SENTENCE, reading.longest)
                    self.assertIn(receipt['consentd:code'], path.read_text())
                    self.assertNotRegex(path.read_text(), r'\b(kernteam|zorgaanbieder-horizon|ouder-\d|naw|toekenning)\b')
                    for file in (path, path.with_suffix('.json')):
                        file.unlink()

    def test_what_it_says_of_each(self):
        consent, refused, closed, shared, part, denied = self.life()
        for arguments, texts in ((consent, ('Er is toestemming gegeven', '- Naam, adres en woonplaats', '- een deel, op ', ' uur: Naam, adres en woonplaats', '- helemaal, op ')),
                                 (refused, ('Er is nee gezegd', '- Zorgaanbieder Delta')),
                                 (closed, ('U vertegenwoordigt iemand.', 'Er is toestemming gegeven', 'Wij hebben iets weggelaten')),
                                 (shared, ('Dat mocht.', 'Of dat echt is gebeurd, zegt dit bewijs niet.')),
                                 (part, ('Een deel mocht, en een deel niet.', 'Deze gegevens mochten niet: - Periode')),
                                 (denied, ('Dat mocht niet.', 'Deze gegevens mochten niet:'))):
            text = ' '.join(self.letter(*arguments)[2].read_text().split())
            for one in (*texts, 'Bewaar ook het bestand', 'Vastgelegd door: Kernteam Voorbeeld', 'Vraag dat aan ons.'):
                self.assertIn(one, text)

    def test_the_qr_code_of_the_printed_letter_is_read_again(self):
        consent = self.granted(self.person()).hex()
        receipt, document, path = self.letter('consent', consent, form='pdf')
        subprocess.run(['pdftoppm', '-r', '150', '-png', path, self.place / 'page'], check=True, timeout=60)
        read = [subprocess.run(['zbarimg', '-q', '--raw', page], capture_output=True, text=True, timeout=60, check=False).stdout
                for page in sorted(self.place.glob('page*.png'))]
        _, line, _ = tlog.verify_proof(receipt[EVIDENCE][0]['consentd:tlogProof'].encode(), tlog.read_key(LOG_KEY))
        code = receipt['consentd:code']
        self.assertEqual(''.join(read).strip(), f'Bewijs {code} van gemeente-voorbeeld.nl/toestemmingen. SHA-256 van de regel: '
                         f'{tlog.leaf(line).hex()}. Controleren: consentctl receipt verify BESTAND --code {code}')
        self.assertIn('QR', [block['kind'] for block in document['blocks']])

    def test_the_page_asks_for_nothing_and_holds_the_code_as_a_picture(self):
        page = self.letter('consent', self.granted(self.person()).hex(), form='html')[2].read_text()
        self.assertIn('<svg class="qr"', page)
        self.assertNotRegex(page, r'<script|<img|url\(|src=')
        self.assertNotRegex(page.replace('http://www.w3.org/2000/svg', ''), r'https?://')

    def test_without_its_words_there_is_neither_letter_nor_receipt(self):
        consent = self.granted(self.person()).hex()
        said = self.ctl('receipt', 'consent', consent, '--out', self.place / 'a.json', '--letter', self.place / 'a.txt',
                        party='kernteam', expected=USAGE)
        self.assertIn('--policy DIR', said)
        self.assertEqual(list(self.place.iterdir()), [])


class Erased(ReceiptTest, ErasureTest):
    def test_what_somebody_holds_still_proves_after_an_erasure(self):
        bsn = self.person()
        held = [self.made('consent', self.granted(bsn).hex())[0],
                self.made('decision', self.client('kernteam').check(bsn, ['periode']).check.decision)[0]]
        self.erased(self.asked(bsn), bsn)
        for path in held:
            self.assertProves(path)
        self.registry.restart()
        self.shared = {}
        for path in held:
            self.assertProves(path)

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
