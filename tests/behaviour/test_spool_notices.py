"""What a spool says of what went, when that is no more as it was: also of what it did not hear in time."""
import json
import shutil
import unittest

from documented import Page
from harness import PLAIN, Instance
from spooling import D1, Gate, message
from test_clock import LIBRARY, can_be_told_a_time
from test_erasure import ErasureTest
from test_rectification import RectificationTest
from test_spool import HORIZON, SpoolTest, WIJKTEAM


class NoticeTest(SpoolTest):
    def notice_of(self, spool, kind):
        spool.wait_for(lambda: list((spool.path / 'notices').glob(f'*-{kind}.json')), f'there is no notice of {kind}')
        path, = (spool.path / 'notices').glob(f'*-{kind}.json')
        return json.loads(path.read_text())


class AboutData(NoticeTest, RectificationTest, ErasureTest):
    def passed_on(self):
        """The wijkteam received data of somebody, and passed them on by its spool."""
        bsn, spool = self.person(), self.of_the_wijkteam()
        self.disclosed(bsn, recipients=[WIJKTEAM])
        self.granted(bsn, providers=[WIJKTEAM], categories=D1)
        spool.put('a.xml', message(bsn, sender='1885'))
        spool.wait_until_in('sent', 'a.xml')
        return bsn, spool

    def disclosed(self, bsn, recipients=(), categories=('naw', 'geboortedatum')):
        for recipient in recipients:
            self.granted(bsn, recipients=[recipient], categories=categories, purpose='registratie-hulpvraag')
            self.assertPermit(self.client('kernteam').disclose(bsn, categories, recipient=recipient, purpose='registratie-hulpvraag'))

    def assertAboutIt(self, notice, bsn):
        self.assertEqual([(one['file'], one['recipient']) for one in notice['messages']], [('a.xml', HORIZON)])
        self.assertNotIn(bsn, json.dumps(notice))

    def test_of_what_was_corrected(self):
        bsn, spool = self.passed_on()
        self.assertOk(self.correct(bsn, '1981-05-17', self.opened(bsn, 'RECTIFICATION')))
        notice = self.notice_of(spool, 'gegevens-verbeterd')
        self.assertAboutIt(notice, bsn)
        self.assertEqual(notice['event']['categories'], ['geboortedatum'])
        self.assertEqual(spool.stop(), 0, spool.said())

    def test_of_who_was_erased_once_and_then_nothing_is_known_of_it_any_more(self):
        bsn, spool = self.passed_on()
        subject, = spool.report('sent', 'a.xml')['subjects']
        self.erased(self.asked(bsn, 'GRANTED_IN_PART'), bsn)
        spool.wait_for(lambda: self.notices(spool), 'there is no notice')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual([len(notice['messages']) for notice in self.notices(spool)], [1])
        self.assertAboutIt(self.notices(spool)[0], bsn)
        self.assertEqual(self.notices(spool)[0]['event']['subject_ref'], subject)


class PutBack(NoticeTest):
    def test_nothing_goes_before_it_is_known_whether_the_registry_was_put_back(self):
        conf = self.registry.directory / 'consentd.conf'
        conf.write_text(conf.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"'))
        self.registry.restart()
        self.shared = {}
        bsn, spool, data = self.person(), self.spool(), self.registry.directory / 'data'
        self.granted(bsn, categories=D1)
        self.registry.stop()
        shutil.copytree(data, data.with_name('before'))
        self.registry.start()
        self.shared = {}
        spool.start()
        spool.put('a.xml', message(bsn))
        spool.wait_until_in('sent', 'a.xml')
        size = lambda: self.client('operator').ask('log_checkpoint').log_checkpoint.size
        self.registry.wait_for(lambda: size() > 5, 'a checkpoint')
        spool.wait_for(lambda: 'log' in (spool.path / 'ledger' / 'position').read_text(errors='replace'), 'nothing was seen of the log')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.registry.stop()
        shutil.rmtree(data)
        data.with_name('before').rename(data)
        self.registry.start()
        self.shared = {}
        for number in range(2):
            spool.put(f'{number}.xml', message(bsn, 2 + number))
            result = spool.once()
            self.assertIn(result.returncode, (76, 79), result.stderr)
            self.assertEqual(spool.names('sent'), ['a.xml'], result.stderr)
        self.assertEqual(self.disclosures(), [])


class Later(NoticeTest):
    """A registry that is told what time it is."""
    build, keep_days = PLAIN, 400

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.offset = self.registry.write('offset', '+0h')
        self.told = {'LD_PRELOAD': str(LIBRARY), 'FAKETIME_TIMESTAMP_FILE': str(self.offset), 'FAKETIME_NO_CACHE': '1',
                     'FAKETIME_DONT_FAKE_MONOTONIC': '1'}
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('    overdue = "24"', f'    keep-days = "{self.keep_days}"\n    overdue = "24"'))
        self.registry.start(self.told)
        self.shared = {}

    def move(self, hours):
        following = self.offset.with_name('offset-next')
        following.write_text(f'{hours:+}h')
        following.replace(self.offset)
        self.client('kernteam').whoami()
        self.client('operator').ask('clock_confirm', user='beheer-1')

    def sent(self, spool, names, **more):
        """Messages of this name, each about somebody else and under a consent of its own."""
        consents = {}
        for number, name in enumerate(names):
            bsn = self.person()
            consents[name] = self.granted(bsn, categories=D1, **more)
            spool.put(name, message(bsn, number))
        self.assertEqual(spool.once().returncode, 0)
        return consents

    def behind_a_gate(self, spool):
        """Starts the spool so that its way to the events can be cut."""
        gate = Gate(self.registry, lambda: False, 'events')
        self.addCleanup(gate.close)
        spool.use_key(gate.key_file('kernteam'))
        return gate

    def go_through(self, spool, name):
        bsn = self.person()
        consent = self.granted(bsn, categories=D1)
        spool.put(name, message(bsn, int.from_bytes(name.encode(), 'big') % 10 ** 9))
        spool.wait_until_in('sent', name)
        return consent


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Forgotten(Later):
    """What went is forgotten after --ledger-days, but not before all is heard that could be about it."""

    def test_what_was_not_heard_yet_is_still_told_of_and_what_was_heard_is_forgotten(self):
        spool = self.spool('--ledger-days', '1')
        spool.told = self.told
        consents = self.sent(spool, ['a.xml', 'b.xml'])
        self.assertOk(self.client('kernteam').revoke(consents['a.xml']))
        self.move(72)
        gate = self.behind_a_gate(spool)
        gate.cut()
        spool.start()
        new = self.go_through(spool, 'new.xml')
        self.go_through(spool, 'newer.xml')  # a round after the registry's time was known
        gate.cut(False)
        self.assertEqual([one['file'] for one in self.notice_of(spool, 'toestemming-ingetrokken')['messages']], ['a.xml'])
        self.go_through(spool, 'newest.xml')
        self.assertOk(self.client('kernteam').revoke(consents['b.xml']))
        self.assertOk(self.client('kernteam').revoke(new))
        spool.wait_for(lambda: len(list((spool.path / 'notices').iterdir())) > 1, 'there is no notice of what is new')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual([[one['file'] for one in notice['messages']] for notice in self.notices(spool)], [['a.xml'], ['new.xml']])


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Missed(Later):
    """The registry dropped events that nobody took."""
    keep_days = 2

    def dropped(self):
        self.move(50)
        kinds = lambda: [alarm.kind for alarm in self.client('operator').status().status_report.alarms]
        self.registry.wait_for(lambda: 'events-dropped' in kinds(), 'the registry to drop events')

    def test_it_is_found_out_while_the_spool_runs_too(self):
        spool = self.spool()
        gate = self.behind_a_gate(spool)
        spool.start()
        early, late = self.go_through(spool, 'early.xml'), self.go_through(spool, 'late.xml')
        self.assertOk(self.client('kernteam').revoke(self.go_through(spool, 'first.xml')))
        self.notice_of(spool, 'toestemming-ingetrokken')
        gate.cut()
        self.assertOk(self.client('kernteam').revoke(early))
        self.dropped()
        gate.cut(False)
        missed = self.notice_of(spool, 'gebeurtenissen-gemist')
        self.assertEqual({one['file'] for one in missed['messages']}, {'early.xml', 'first.xml'})
        self.assertOk(self.client('kernteam').revoke(late))
        spool.wait_for(lambda: len(list((spool.path / 'notices').glob('*-toestemming-ingetrokken.json'))) > 1, 'it does not go on')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertRegex(spool.said(), r'the registry dropped events \d+ to \d+')

    def test_what_went_is_looked_through_and_it_goes_on_by_itself(self):
        spool = self.spool()
        self.sent(spool, ['used.xml'], one_time=True)
        consents = self.sent(spool, ['stands.xml', 'early.xml', 'part.xml', 'late.xml'])
        kernteam = self.client('kernteam')
        self.assertOk(kernteam.revoke(consents['early.xml']))
        self.assertOk(kernteam.revoke(consents['part.xml'], categories=['email']))
        self.dropped()
        self.assertOk(self.client('kernteam').revoke(consents['late.xml']))
        bsn = self.person()
        self.granted(bsn, categories=D1)
        spool.put('new.xml', message(bsn, 9))
        result = spool.once()
        self.assertEqual((result.returncode, 'new.xml' in spool.names('sent')), (0, True), result.stderr)
        self.assertRegex(result.stderr, r'the registry dropped events \d+ to \d+')
        self.assertIn('3 of the 5 messages that went need to be seen to', result.stderr)
        notice = self.notice_of(spool, 'gebeurtenissen-gemist')
        self.assertEqual(sorted((one['file'], one['why'], one['consent_id'] == consents[one['file']].hex()) for one in notice['messages']),
                         [('early.xml', 'REVOKED', True), ('late.xml', 'REVOKED', True), ('part.xml', 'WITHDRAWN_IN_PART', True)])
        Page().check('SpoolMissed', notice, 'notice')
        for one in notice['messages']:
            Page().check_parts(('SpoolWent', 'SpoolEnded'), one, one['file'])
        again = spool.once()
        self.assertEqual((again.returncode, 'dropped' in again.stderr), (0, False), again.stderr)
        kept = self.notice_of(spool, 'toestemming-ingetrokken')
        self.assertEqual([one['file'] for one in kept['messages']], ['late.xml'], 'what there still is, is heard too')
        self.assertGreaterEqual(kept['event']['number'], notice['goes_on_with'])
        self.assertOk(self.client('kernteam').revoke(consents['stands.xml']))
        spool.start()
        spool.wait_for(lambda: len(list((spool.path / 'notices').glob('*-toestemming-ingetrokken*.json'))) == 2, 'it does not listen')
        self.assertEqual(spool.stop(), 0, spool.said())


if __name__ == '__main__':
    unittest.main()
