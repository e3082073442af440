"""What a spool says of what went, when that is no more as it was: also of what it did not hear in time."""
import json
import shutil
import unittest

from documented import Page
from harness import PLAIN, Instance
from spooling import D1, message
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


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Missed(NoticeTest):
    """The registry dropped events that nobody took."""

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.offset = self.registry.write('offset', '+0h')
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('    overdue = "24"', '    keep-days = "2"\n    overdue = "24"'))
        self.registry.start({'LD_PRELOAD': str(LIBRARY), 'FAKETIME_TIMESTAMP_FILE': str(self.offset), 'FAKETIME_NO_CACHE': '1',
                             'FAKETIME_DONT_FAKE_MONOTONIC': '1'})
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

    def test_what_went_is_looked_through_and_it_goes_on_by_itself(self):
        spool = self.spool()
        self.sent(spool, ['used.xml'], one_time=True)
        consents = self.sent(spool, ['stands.xml', 'early.xml', 'part.xml', 'late.xml'])
        kernteam = self.client('kernteam')
        self.assertOk(kernteam.revoke(consents['early.xml']))
        self.assertOk(kernteam.revoke(consents['part.xml'], categories=['email']))
        self.move(50)
        kinds = lambda: [alarm.kind for alarm in self.client('operator').status().status_report.alarms]
        self.registry.wait_for(lambda: 'events-dropped' in kinds(), 'the registry to drop events')
        self.assertOk(self.client('kernteam').revoke(consents['late.xml']))
        bsn = self.person()
        self.granted(bsn, categories=D1)
        spool.put('new.xml', message(bsn, 9))
        result = spool.once()
        self.assertEqual((result.returncode, 'new.xml' in spool.names('sent')), (0, True), result.stderr)
        self.assertRegex(result.stderr, r'cannot resume with event \d+: older than what is kept: it was dropped')
        self.assertIn('3 of the 5 messages that went need to be seen to', result.stderr)
        notice = self.notice_of(spool, 'gebeurtenissen-gemist')
        self.assertEqual(sorted((one['file'], one['why'], one['consent_id'] == consents[one['file']].hex()) for one in notice['messages']),
                         [('early.xml', 'REVOKED', True), ('late.xml', 'REVOKED', True), ('part.xml', 'WITHDRAWN_IN_PART', True)])
        Page().check('SpoolMissed', notice, 'notice')
        for one in notice['messages']:
            Page().check_parts(('SpoolWent', 'SpoolEnded'), one, one['file'])
        again = spool.once()
        self.assertEqual((again.returncode, 'dropped' in again.stderr), (0, False), again.stderr)
        self.assertEqual(list((spool.path / 'notices').glob('*-toestemming-ingetrokken*')), [], 'it is told once')
        self.assertOk(self.client('kernteam').revoke(consents['stands.xml']))
        spool.start()
        spool.wait_for(lambda: len(list((spool.path / 'notices').glob('*-toestemming-ingetrokken*.json'))) == 1, 'it does not listen')
        self.assertEqual(spool.stop(), 0, spool.said())


if __name__ == '__main__':
    unittest.main()
