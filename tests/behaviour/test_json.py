"""docs/json.md is true: every command that prints JSON is run against a live registry, and compared with that page."""
import copy
import json
import os
import re
import subprocess
import unittest

from datetime import timedelta

from documented import Page, Undocumented
from harness import BUILD, SOURCE, OwnInstanceTest, tool, today, watch, years_ago
from letters import sender
from terminal import shown_at, width
from witness import Witness

PACK = SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015'
NEWER = SOURCE / 'config' / 'policies' / 'wmo-jeugdwet-2026'
HORIZON = 'zorgaanbieder-horizon'
TO_HORIZON = ['--provider', 'kernteam', '--recipient', HORIZON, '--purpose', 'toekenning']
TO_CAK = ['--provider', 'kernteam', '--recipient', 'cak', '--purpose', 'eigen-bijdrage']
FIXTURE_BSN = '999996770'
OK, NO, PARTLY, NOT_ADMITTED, NO_SUCH = 0, 1, 2, 65, 66
# Commands that record nothing: what they show people is looked at too.
SHOWN = {'audit list', 'audit witnesses', 'check', 'consent list', 'consent show', 'due', 'events consumers', 'events lag', 'explain',
         'hold show', 'letter fields', 'obligation list', 'party key list', 'party list', 'party show', 'receipt code',
         'report breach', 'disclosures', 'report figures', 'report user', 'request list', 'request show', 'retention list',
         'rights erase', 'rights list', 'rights show', 'status', 'subject show', 'subject who-may-receive',
         'subject whom-may-i-ask', 'whoami'}


class Documents(OwnInstanceTest):
    def setUp(self):
        super().setUp()
        self.page, self.ran = Page(), set()

    def ctl(self, party, command, *arguments, stdin='', expected=OK, told=None):
        """Runs it, compares what it prints with the page, and returns that."""
        ran = tool('ctl/consentctl', '--json', '--key', self.registry.key_file(party), *command.split(), *arguments,
                   stdin=stdin)
        self.assertEqual(ran.returncode, expected, ran.stderr)
        document = json.loads(ran.stdout)
        if expected in (NOT_ADMITTED, NO_SUCH):
            self.page.check_failure(document, command)
            self.assertNotIn(document['status'], ('OK', None))
            self.assertEqual(document['exit_code'], expected)
        else:
            self.page.check_command(told or command, document)
        self.ran.add(told or command)
        if command in SHOWN:
            self.show(party, *command.split(), *arguments, stdin=stdin)
        return document

    def show(self, party, *words, stdin):
        for line in shown_at(80, BUILD / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file(party), *words,
                             stdin=stdin):
            self.assertLessEqual(width(line), 80, f'{words}: {line}')

    def file(self, text):
        return self.registry.write(f'file-{len(list(self.registry.directory.iterdir()))}', text, 0o600)

    def test_every_command_prints_the_document_that_is_told_of_it(self):
        self.operate()
        self.change_parties()
        bsn = self.record_a_subject()
        consent = self.ask_and_grant(bsn)
        self.check_and_oblige(bsn)
        self.exercise_rights(bsn)
        self.look_back(consent)
        self.write_letters(consent, bsn)
        self.overview(bsn)
        self.ctl('kernteam', 'consent revoke', consent, '--withdrawn-by', 'subject', '--category', 'budget')
        self.ctl('kernteam', 'consent show', consent)
        self.ctl('operator', 'letter withdrawal', consent)
        self.report(bsn)
        self.export()
        self.keep()
        self.read_packs()
        listed = re.findall(r'(?m)^  ([a-z]+(?: [a-z-]+)*) ', tool('ctl/consentctl', 'help').stdout.partition('Options of')[0])
        self.assertEqual(self.ran, set(listed) | {'check --batch'})
        self.assertEqual(self.ran, set(self.page.commands()))

    def operate(self):
        report = self.ctl('operator', 'status')['status_report']
        self.assertGreaterEqual(report['turns'], 1)  # the one in which it is answered is counted, as the request is
        self.assertGreaterEqual(report['requests'], report['turns'])
        self.ctl('operator', 'health')
        self.ctl('operator', 'keys server', self.registry.directory / 'keys' / 'server-2.key')
        self.ctl('operator', 'keys vault', self.registry.directory / 'keys' / 'vault-2.key')
        self.assertEqual(self.ctl('operator', 'keys list')['keys_list']['subjects'], 0)
        self.ctl('operator', 'config check', self.registry.directory / 'consentd.conf')
        self.registry.set_in_configuration('cache = "16"', 'cache = "32"')
        self.assertEqual(len(self.ctl('operator', 'config diff')['config_diff']['changes']), 1)
        self.registry.set_in_configuration('cache = "32"', 'cache = "16"')
        self.assertEqual(self.ctl('operator', 'whoami')['whoami']['endpoint'], 'operators')
        self.assertFalse(self.ctl('operator', 'vocabulary')['vocabulary']['more'])
        self.ctl('operator', 'clock confirm')
        self.ctl('operator', 'clock reset', '--yes', expected=NOT_ADMITTED)
        self.ctl('operator', 'events lag')
        self.ctl('operator', 'events consumers')
        self.ctl('operator', 'events forget', 'cak', 'weg', '--reason-file', self.file('vervangen'), expected=NO_SUCH)
        backup = self.ctl('operator', 'backup', self.registry.directory / 'backup')
        self.assertEqual((backup['subjects'], backup['statements']), (0, 0))
        self.assertEqual(backup['bytes'], (self.registry.directory / 'backup' / 'consentd.mdb').stat().st_size)
        self.ctl('operator', 'events skip', 'cak', '1', '--reason-file', self.file('onleesbaar'), expected=NOT_ADMITTED)
        self.ctl('operator', 'setup', self.registry.directory / 'other', '--template', SOURCE / 'config' / 'consentd.conf',
                 '--policy', PACK, '--controller', 'Gemeente Voorbeeld')

    def change_parties(self):
        keys, texts = self.registry.directory, self.registry.directory / 'texts'
        self.ctl('operator', 'party add', 'zorgaanbieder-nieuw', '--kind', 'zorgaanbieder', '--role', 'partner',
                 '--agreement-from', '2026-01-01', '--out', keys / 'nieuw.key')
        self.ctl('operator', 'party key add', 'zorgaanbieder-nieuw', '--name', '2027', '--out', keys / 'nieuw-2.key')
        self.ctl('operator', 'party key list', 'zorgaanbieder-nieuw')
        self.ctl('operator', 'party key remove', 'zorgaanbieder-nieuw', 'first')
        self.ctl('operator', 'party show', 'zorgaanbieder-nieuw')
        self.ctl('operator', 'party list')
        self.ctl('operator', 'party export', texts)
        self.assertEqual(self.ctl('operator', 'party apply', texts, '--yes')['party_apply']['changes'], [])
        text = (texts / 'zorgaanbieder-nieuw.party').read_text()
        (texts / 'zorgaanbieder-nieuw.party').write_text(text.replace('2026-01-01', '2026-02-01'))
        self.assertEqual(len(self.ctl('operator', 'party apply', texts, '--yes')['party_apply']['changes']), 1)
        self.ctl('operator', 'party remove', 'zorgaanbieder-nieuw')

    def export(self):
        out = self.registry.directory
        self.ctl('operator', 'export ldv', '--activities', 'https://gemeente.example/', '--out', out / 'ldv')
        self.ctl('operator', 'export adl', '--out', out / 'adl')
        self.ctl(HORIZON, 'export cloudevents', '--source', 'urn:nld:oin:00000001234567890000:systeem:x', '--out', out / 'events')

    def keep(self):
        self.ctl('operator', 'retention list', '--until', '2099-12-31')
        self.ctl('operator', 'retention run')

    def record_a_subject(self):
        bsn, why = next(self.bsns), self.file('op verzoek')
        self.ctl('kernteam', 'subject add', '--birth-date-file', self.file(str(years_ago(40))), '--representative',
                 'mentor-1:mentor:2020-01-01', stdin=bsn)
        self.ctl('kernteam', 'subject set', '--not-capable-from', '2019-02-01', '--capable-from', '2019-03-01',
                 '--care-ended', 'wmo:2020-01-01', '--yes', stdin=bsn)
        self.assertIsNone(self.ctl('kernteam', 'restriction set', '--category', 'naw', '--reason-file', why,
                                   stdin=bsn)['refusals'] or None)
        self.ctl('kernteam', 'subject show', stdin=bsn)
        self.ctl('operator', 'subject who-may-receive', stdin=bsn)
        self.ctl('kernteam', 'subject whom-may-i-ask', 'integraal-plan', stdin=bsn)
        self.ctl('kernteam', 'restriction lift', '--category', 'naw', '--reason-file', why, stdin=bsn)
        self.assertTrue(self.ctl('kernteam', 'hold set', '--reference', 'zaak-1', '--reason-file', why,
                                 stdin=bsn)['hold']['holds'])
        self.ctl('kernteam', 'hold show', stdin=bsn)
        self.ctl('kernteam', 'subject show', stdin=bsn)
        self.ctl('kernteam', 'hold lift', '--reference', 'zaak-1', '--reason-file', why, stdin=bsn)
        return bsn

    def ask_and_grant(self, bsn):
        motivation = ['--motivation-file', self.file('voor de hulp')]
        scope = [*TO_HORIZON, '--category', 'naw', '--category', 'budget', *motivation, '--valid-until',
                 str(today() + timedelta(20))]
        asked = [self.ctl(HORIZON, 'request make', *scope, stdin=bsn)['consent_recorded']['consent_id']
                 for _ in range(2)]
        self.ctl('kernteam', 'request defer', asked[0], '--reason-file', self.file('twijfelt'))
        self.assertEqual(len(self.ctl('kernteam', 'request list')['waiting_list']['requests']), 2)
        self.ctl('kernteam', 'request show', asked[0])
        self.ctl('kernteam', 'consent refuse', '--answers', asked[1], '--signer', 'subject', *motivation, stdin=bsn)
        signed = ['--signer', 'subject', '--form', 'written', '--evidence-reference', 'd-1', '--evidence-file',
                  self.file('getekend'), '--notice', 'folder:1:nl']
        self.ctl('kernteam', 'consent grant', '--answers', asked[0], *signed, stdin=bsn)
        refused = self.ctl('kernteam', 'consent grant', *scope, '--category', 'gezondheid', *signed, stdin=bsn,
                           expected=NOT_ADMITTED)
        self.assertTrue(refused['refusals'])
        consents = self.ctl('kernteam', 'consent list', stdin=bsn)['consent_list']['consents']
        return next(one['consent_id'] for one in consents if one['state'] == 'GRANTED')

    def check_and_oblige(self, bsn):
        items = ['--item', 'naw:wmo', '--item', 'gezondheid:wmo']
        advice = self.ctl('kernteam', 'check', *TO_HORIZON, *items, stdin=bsn, expected=PARTLY)
        self.assertEqual([item['verdict'] for item in advice['check']['items']], ['PERMIT', 'DENY'])
        told = self.ctl('kernteam', 'check', *TO_CAK, '--item', 'bsn:wmo', '--disclose', stdin=bsn)['check']['decision']
        check = {'bsn': bsn, 'items': ['naw:wmo']}
        self.ctl('kernteam', 'check', '--batch', self.file(json.dumps([check, {**check, 'purpose': 'onzin'}])),
                 *TO_HORIZON[:4], '--purpose', 'toekenning', expected=PARTLY, told='check --batch')
        self.assertTrue(self.ctl('kernteam', 'due')['due_list']['entries'])
        self.assertTrue(self.ctl('kernteam', 'obligation list', stdin=bsn)['obligation_list']['duties'])
        self.ctl('kernteam', 'obligation defer', str(told), 'inform-subject', '--until', str(today() + timedelta(20)),
                 '--reason-file', self.file('druk'), expected=NOT_ADMITTED)
        self.ctl('kernteam', 'obligation done', str(told), 'inform-subject')

    def exercise_rights(self, bsn):
        came = ['--by', 'subject', '--way', 'post', '--identity', 'signature', '--wish-file', self.file('alles')]
        number = str(self.ctl('kernteam', 'rights open', '--kind', 'access', *came, stdin=bsn)['rights']['request']['number'])
        self.ctl('kernteam', 'rights extend', number, '--reason-file', self.file('druk'), expected=NOT_ADMITTED)
        self.ctl('kernteam', 'rights hear', number, '--until', str(today() + timedelta(9)), '--note-file', self.file('wie'))
        self.ctl('kernteam', 'rights hear', number, '--came', 'objects', '--note-file', self.file('liever niet'))
        self.ctl('kernteam', 'rights decide', number, '--outcome', 'in-part', '--reason-file', self.file('om een ander'),
                 '--article', 'KB 13.4')
        self.assertEqual(self.ctl('kernteam', 'rights show', number)['rights']['request']['state'], 'RIGHTS_GRANTED_IN_PART')
        self.ctl('kernteam', 'rights open', '--kind', 'objection', '--against', number, *came, stdin=bsn)
        self.assertEqual(len(self.ctl('kernteam', 'rights list')['rights_list']['requests']), 1)
        erased = self.ctl('kernteam', 'rights open', '--kind', 'erasure', *came, stdin=bsn)
        erased = erased['rights']['request']['number']
        self.assertEqual(self.ctl('kernteam', 'rights erase', erased, '--dry-run')['rights_erase']['number'], erased)
        entries = self.ctl('kernteam', 'due', '--until', str(today() + timedelta(30)))['due_list']['entries']
        self.assertIn('RIGHTS_DUE', [entry['kind'] for entry in entries])

    def write_letters(self, consent, bsn):
        folder = self.registry.directory / 'policies' / 'kaag-en-braassem-2015' / 'brieven'
        (folder / 'gemeente.txt').write_text(sender())
        letter = self.ctl('operator', 'letter consent', consent)
        self.assertEqual((letter['letter'], letter['title']), ('toestemming', 'Uw toestemming'))
        self.assertIn(['Zorgaanbieder Horizon'], [row for block in letter['blocks'] for row in block['rows']])
        told = self.ctl('kernteam', 'obligation list', stdin=bsn)['obligation_list']['duties'][0]['decision']
        self.ctl('operator', 'letter obligation', str(told), 'inform-subject')
        number = self.ctl('kernteam', 'rights list', stdin='')['rights_list']['requests'][0]['number']
        self.ctl('operator', 'letter request', str(number))
        self.ctl('operator', 'letter fields', 'intrekking')
        self.give_receipts(consent, str(told))

    def give_receipts(self, consent, decision):
        place = self.registry.directory
        key = self.client('operator').ask('log_checkpoint').log_checkpoint.keys[0]
        given = self.ctl('kernteam', 'receipt consent', consent, '--out', place / 'receipt.json')
        self.assertIsNone(given['letter'])
        given = self.ctl('operator', 'receipt decision', decision, '--out', place / 'other.json', '--letter', place / 'bewijs.txt')
        self.assertEqual(given['letter']['letter'], 'bewijs')
        self.assertEqual(self.ctl('operator', 'receipt verify', place / 'other.json', '--log-key', key)['code'], given['code'])
        self.assertEqual(self.ctl('operator', 'receipt code', given['code'])['number'], int(decision))

    def look_back(self, consent):
        entries = self.ctl('operator', 'audit list', '--after', '0', '--limit', '1000')['entries']
        self.assertIn(consent, json.dumps(entries))
        self.assertTrue(all(entry['details'] is not None for entry in entries))
        self.ctl('operator', 'audit verify')
        self.evidence()
        decision = next(entry['number'] for entry in entries if entry['action'] == 'check')
        self.assertTrue(self.ctl('operator', 'explain', str(decision))['items'][0]['steps'])
        self.assertFalse(self.ctl('kernteam', 'explain', str(decision))['without_steps'])
        self.ctl('operator', 'policy fetch', str(decision), self.registry.directory / 'pack-of-then')
        again = self.ctl('operator', 'policy replay', NEWER, '--since', str(today()), expected=NO)
        self.assertTrue(again['differences'] and again['groups'])
        self.assertTrue(self.ctl('operator', 'policy diff', PACK, NEWER, '--since', str(today()), expected=NO)['replay']['items'])

    def evidence(self):
        place = self.registry.directory
        self.registry.stop()
        conf = place / 'consentd.conf'
        conf.write_text(conf.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"\n    archive = "archive"'))
        self.registry.start()
        self.shared = {}
        self.registry.wait_for(lambda: self.client('operator').ask('log_checkpoint').status == 1, 'a checkpoint')
        checkpoint = self.ctl('operator', 'audit checkpoint')
        key = checkpoint['keys'][0]
        self.ctl('operator', 'audit export', place / 'tree', '--log-key', key)
        self.ctl('operator', 'audit archive', '--dry-run')
        self.assertGreater(self.ctl('operator', 'audit copy', '--to', place / 'copy', '--log-key', key)['lines'], 3)
        verified = self.ctl('operator', 'audit fsck', place / 'tree', '--log-key', key)
        self.assertGreaterEqual(verified['size'], checkpoint['size'])
        self.ctl('operator', 'audit prove', '3', '--out', place / 'proof')
        self.assertEqual(self.ctl('operator', 'audit proof', place / 'proof', '--log-key', key)['number'], 3)
        self.witnesses(key)
        self.ctl('operator', 'audit key', place / 'new.key', '--origin', 'gemeente-voorbeeld.nl/toestemmingen')

    def witnesses(self, key):
        witness, events = Witness(), self.registry.client(HORIZON, 'events')
        told = events.ask('log_watch').log_checkpoint
        signed = events.ask('log_cosign', key=witness.key, size=told.size, signature=witness.sign(told.checkpoint))
        self.assertEqual(signed.log_cosign.size, told.size)
        self.assertEqual(self.ctl('operator', 'audit witnesses')['log_witnesses']['witnesses'][0]['party'], HORIZON)
        place, by = self.registry.directory, ('--log-key', key, '--witness', witness.key)
        for words in (('export', place / 'witnessed'), ('fsck', place / 'witnessed'), ('checkpoint',)):
            self.assertEqual(self.ctl('operator', 'audit ' + words[0], *words[1:], *by)['witnesses'][0]['key'], witness.key)
        self.ctl('operator', 'audit prove', '2', '--out', place / 'witnessed.proof', *by)
        self.assertEqual(len(self.ctl('operator', 'audit proof', place / 'witnessed.proof', *by)['witnesses']), 1)

    def overview(self, bsn):
        entries = self.ctl('kernteam', 'overview', stdin=bsn)['entries']
        self.assertTrue(all(any(entry[part] for entry in entries) for part in ('subject', 'consent', 'obligation', 'line')))

    def report(self, bsn):
        period = ('--from', str(today() - timedelta(1)), '--to', str(today()))
        breach = self.ctl('operator', 'report breach', '--party', 'cak', *period)
        self.assertTrue(all(breach[part] for part in ('categories', 'grounds', 'people')))
        figures = self.ctl('operator', 'report figures', '--year', str(today().year))
        self.assertTrue(figures['reasons'] and figures['rights'])
        listed = self.ctl('operator', 'disclosures', stdin=bsn)['disclosures']
        self.assertTrue(listed)
        self.assertEqual(self.ctl('operator', 'report disclosures', stdin=bsn)['disclosures'], listed)
        self.ctl('kernteam', 'consent list', '--user', 'mw-zwart', stdin=bsn)
        self.assertTrue(self.ctl('operator', 'report user', 'mw-zwart', *period)['entries'])

    def read_packs(self):
        for pack in (PACK, NEWER):
            self.ctl('operator', 'policy check', pack)
            self.ctl('operator', 'policy show', pack)
            self.ctl('operator', 'policy test', pack)
        self.ctl('operator', 'policy diff', PACK, NEWER, expected=NO)
        self.ctl('operator', 'policy register', self.registry.directory / 'policies' / 'kaag-en-braassem-2015')

    def test_whatever_fails_is_one_document_too(self):
        key, gone = self.registry.key_file('operator'), self.registry.directory / 'weg'
        away = self.registry.write('away.key', key.read_text().replace('ipc://', 'ipc:///nowhere'), 0o600)
        for words, code, said in ((['consent', 'shew'], 64, 'did you mean'), (['status', '--jsn'], 64, 'did you mean'),
                                  ([], 64, ''), (['consent', 'show', '999900006'], 64, 'BSN'),
                                  (['--key', gone, 'status'], 78, 'weg'), (['--key', away, 'status'], 69, 'nowhere'),
                                  (['--key', key, 'policy', 'check', gone], 66, 'weg'),
                                  (['--key', key, 'consent', 'show', 'ab' * 16], 66, 'no such consent'),
                                  (['--key', self.registry.key_file('cak'), 'audit', 'list'], 77, 'cak')):
            ran = tool('ctl/consentctl', '--json', *words)
            self.assertEqual(ran.returncode, code, ran.stderr)
            document = json.loads(ran.stdout)
            self.page.check_failure(document, str(words))
            self.assertEqual((document['exit_code'], document['status'] is None), (code, not ran.stderr.startswith(
                ('consentctl: NOT_FOUND', 'consentctl: FORBIDDEN'))))
            self.assertIn(said, document['message'])
            for line in document['lines']:
                self.assertIn(line, ran.stderr)
            self.assertNotIn('999900006', ran.stdout)

    def test_a_name_that_is_not_utf_8_is_null_in_an_otherwise_whole_document(self):
        name = os.fsdecode(os.fsencode(self.registry.directory) + b'/caf\xe9')
        made = tool('ctl/consentctl', 'setup', name, '--json', '--template', SOURCE / 'config' / 'consentd.conf',
                    '--policy', PACK, '--controller', 'Gemeente Voorbeeld')
        self.assertEqual(made.returncode, OK, made.stderr)
        document = json.loads(made.stdout)
        self.assertEqual((document['directory'], document['policy']), (None, 'kaag-en-braassem-2015'))
        report = self.registry.directory / 'report.json'
        adapted = tool('sociale-team/sociale-team', '--key', self.registry.key_file('kernteam'), '--to',
                       os.fsdecode(b'caf\xe9'), '--report', report, SOURCE / 'tests' / 'fixtures' / 'wmo301.xml')
        self.assertEqual(adapted.returncode, NOT_ADMITTED, adapted.stderr)
        self.assertIsNone(json.loads(report.read_text())['recipient'])

    def test_each_line_of_consent_watch_is_an_event(self):
        bsn = self.person()
        asked = self.client(HORIZON).ask_for(bsn).consent_recorded.consent_id
        consent = self.client('kernteam').grant(bsn, answers=asked, days=30).consent_recorded.consent_id
        self.assertPermit(self.client('kernteam').disclose(bsn))
        self.assertOk(self.client('kernteam').ask('restrict_data', bsn=bsn, whole=True, reason='r', user='m-1'))
        self.assertOk(self.client('kernteam').revoke(consent))
        heard = watch('--count', 4, '--key', self.registry.key_file(HORIZON))
        self.assertEqual(heard.returncode, 0, heard.stderr)
        events = [json.loads(line) for line in heard.stdout.splitlines()]
        for event in events:
            self.page.check('Event', event, 'consent-watch')
        told = {event['type'].removeprefix('nl.toestemmingen.'): event for event in events}
        self.assertEqual(told['verzoek-beantwoord']['answer'], 'GRANTED')
        self.assertEqual(told['toestemming-ingetrokken']['consent_id'], consent.hex())
        self.assertEqual([told['gegevens-afgeschermd'][key] for key in ('consent_id', 'answer', 'whole')], ['', None, True])

    def test_with_snapshot_consent_watch_begins_with_what_stands(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['budget', 'naw'])
        self.assertOk(self.client('kernteam').revoke(consent, categories=['budget']))
        self.assertOk(self.client('kernteam').refuse(bsn, categories=['bsn']))
        self.assertOk(self.client('kernteam').ask('restrict_data', bsn=bsn, whole=True, reason='r', user='m-1'))
        heard = self.registry.directory / 'heard'
        command = [BUILD / 'clients' / 'watch' / 'consent-watch', '--snapshot', '--once', '--key', self.registry.key_file(HORIZON)]
        with heard.open('w') as out, subprocess.Popen(command, stdout=out, stdin=subprocess.DEVNULL) as running:
            self.registry.wait_for(lambda: len(heard.read_text().splitlines()) == 3, 'what stands')
            self.assertOk(self.client('kernteam').revoke(consent))
            self.assertEqual(running.wait(20), 0)
        *standing, event = [json.loads(line) for line in heard.read_text().splitlines()]
        for one in standing:
            self.page.check('Standing', one, 'consent-watch')
        told = {one['standing']: one for one in standing}
        self.assertEqual(set(told), {'consent', 'refusal', 'restriction'})
        self.assertEqual(told['consent']['consent_id'], consent.hex())
        self.assertEqual([part['categories'] for part in told['consent']['withdrawn']], [['budget']])
        self.assertEqual((told['restriction']['categories'], told['restriction']['whole']), (['naw'], True))
        self.assertEqual((told['refusal']['categories'], told['refusal']['valid_until']), (['bsn'], None))
        self.assertEqual((event['type'], event['number']),
                         ('nl.toestemmingen.toestemming-ingetrokken', told['consent']['number'] + 1))

    def test_a_report_of_an_adapter_says_what_became_of_each_element(self):
        self.bsns = iter([FIXTURE_BSN])
        report = self.registry.directory / 'report.json'
        outcomes = []
        for grant, message in ((False, 'wmo301.xml'), (True, 'wmo301.xml'), (True, None)):
            if grant and message:
                categories = ['bsn', 'naw', 'geboortedatum', 'geslacht', 'verblijfplaats', 'toewijzing', 'periode',
                              'soort-voorziening', 'omvang', 'budget']
                self.granted(self.person(), categories=categories)
            path = SOURCE / 'tests' / 'fixtures' / message if message else self.file('<Bericht/>')
            tool('sociale-team/sociale-team', '--key', self.registry.key_file('kernteam'), '--to', HORIZON, '--report',
                 report, path)
            document = json.loads(report.read_text())
            self.page.check('Report', document, 'sociale-team')
            outcomes.append(document['outcome'])
            report.unlink()
        self.assertEqual(outcomes, ['HELD', 'THINNED', 'BAD_MESSAGE'])


class ThePage(unittest.TestCase):
    """That what is compared with the page can differ from it."""

    def setUp(self):
        self.page = Page()
        self.event = {'number': 1, 'type': 'nl.x', 'time': '2026-11-21T19:04:00.000Z', 'consent_id': '0a' * 16,
                      'subject_ref': '', 'providers': ['kernteam'], 'recipients': [], 'categories': [], 'purpose': '',
                      'whole': False, 'revision': 3, 'answer': None, 'obligation': None, 'decision': 0, 'alarm': '',
                      'party': '', 'consumer': '', 'request': 0, 'rights': None, 'due': None}

    def test_what_is_not_as_it_says_is_found(self):
        self.page.check('Event', self.event, 'event')
        for key, wrong in (('number', '1'), ('number', True), ('time', '2026-11-21T19:04:00Z'), ('time', 1795000000000),
                           ('time', ''), ('consent_id', '0A' * 16), ('consent_id', None), ('providers', 'kernteam'),
                           ('providers', [1]), ('whole', 0), ('answer', 'granted'), ('answer', 'PERHAPS'), ('answer', '')):
            with self.subTest(key, wrong=wrong), self.assertRaises(Undocumented):
                self.page.check('Event', {**self.event, key: wrong}, 'event')
        for key in self.event:
            less = copy.copy(self.event)
            del less[key]
            with self.subTest(key), self.assertRaises(Undocumented):
                self.page.check('Event', less, 'event')
        with self.assertRaises(Undocumented):
            self.page.check('Event', {**self.event, 'epoch': ''}, 'event')

    def test_a_message_has_all_its_fields_in_the_documents_and_only_what_was_said_in_the_log(self):
        scope = {'providers': ['kernteam'], 'recipients': [], 'categories': [], 'purpose': 'toekenning'}
        whole = {field.name: scope.get(field.name, []) if field.label == field.LABEL_REPEATED else scope.get(field.name, '')
                 for field in self.page.messages['Scope'].fields}
        self.page.check('Scope', whole, 'scope')
        with self.assertRaises(Undocumented):
            self.page.check('Scope', {'providers': ['kernteam']}, 'scope')
        self.page.check('what was said of Scope', {'providers': ['kernteam']}, 'scope')
        for wrong in ({'providers': []}, {'purpose': ''}, {'provider': 'kernteam'}):
            with self.subTest(wrong), self.assertRaises(Undocumented):
                self.page.check('what was said of Scope', wrong, 'scope')


if __name__ == '__main__':
    unittest.main()
