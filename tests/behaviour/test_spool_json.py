"""docs/json.md is true of what a spool writes and prints."""
import json
import unittest

from documented import Page
from spooling import D1, REPORT, message
from test_erasure import ErasureTest
from test_spool import SpoolTest, WIJKTEAM

REPORTED = ('Report', 'SpoolReport')
HELD = (*REPORTED, 'SpoolHeld')


class Documents(ErasureTest, SpoolTest):
    def setUp(self):
        super().setUp()
        self.page = Page()

    def check_report(self, spool, folder, name, parts=REPORTED):
        report = spool.report(folder, name)
        self.page.check_parts(parts, report, f'{folder}/{name}')
        return report

    def check_request(self, spool, name, kind):
        self.page.check(kind, self.check_report(spool, 'held', name, HELD)['request'], name)

    def test_every_document_of_a_spool_that_ends(self):
        bsn, spool = self.person(), self.spool()
        consent = self.granted(bsn, categories=D1)
        for name, text in (('goes', message(bsn)), ('held', message(self.person(), 2)), ('broken', '<x'),
                           ('from', message(bsn, 3, sender='0553'))):
            spool.put(name, text)
        *would, summary = [json.loads(line) for line in spool.once('--dry-run', '--json').stdout.splitlines()]
        for one in would:
            self.page.check_parts(('Report', 'SpoolWould'), one, one['file'])
        self.assertEqual({one['would'] for one in would}, {'SENT', 'HELD', 'FAILED'})
        self.page.check('SpoolSummary', summary, 'what would be')
        done = json.loads(spool.once('--json').stdout)
        self.page.check('SpoolSummary', done, 'what was')
        self.assertEqual((done, done['held_by_code']), (summary, {'DENIED': 1, 'WRONG_SENDER': 1}))
        self.check_report(spool, 'sent', 'goes')
        self.check_report(spool, 'failed', 'broken')
        for one in json.loads(spool.held('list', '--json').stdout):
            self.page.check_parts(HELD, one, 'held list')
        self.page.check_parts(HELD, json.loads(spool.held('show', 'from', '--json').stdout), 'held show')
        self.assertEqual(spool.held('drop', 'held', stdin='dubbel\n').returncode, 0)
        self.assertOk(self.client('kernteam').revoke(consent))
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(self.check_report(spool, 'failed', 'held', HELD)['code'], 'DROPPED')
        notice, = self.notices(spool)
        self.page.check('SpoolNotice', notice, 'notice')

    def test_of_requests_and_of_who_was_erased(self):
        bsn, spool, kernteam = self.person(), self.of_the_wijkteam(), self.client('kernteam')
        self.granted(bsn, recipients=[WIJKTEAM], purpose='registratie-hulpvraag')
        self.assertPermit(kernteam.disclose(bsn, recipient=WIJKTEAM, purpose='registratie-hulpvraag'))
        spool.put('a.xml', message(bsn, sender='1885'))
        spool.wait_for(lambda: (spool.path / 'held' / ('a.xml' + REPORT)).exists() and spool.report('held', 'a.xml')['request'], 'not asked')
        self.check_request(spool, 'a.xml', 'SpoolRequest')
        self.erased(self.asked(bsn, 'GRANTED_IN_PART'), bsn)
        spool.wait_until_in('failed', 'a.xml' + REPORT)
        self.page.check('SpoolErased', spool.report('failed', 'a.xml'), 'erased')
        self.assertEqual(spool.stop(), 0, spool.said())

    def test_of_a_request_that_is_not_taken(self):
        conf = self.registry.directory / 'consentd.conf'
        conf.write_text(conf.read_text().replace('partner = "check request events"', 'partner = "check events"'))
        self.registry.restart()
        self.shared = {}
        self.registry.change_party(WIJKTEAM, 'kernteam', 'partner', gemeentecode='1885')
        spool = self.spool('--request', party=WIJKTEAM)
        spool.put('a.xml', message(self.person(), sender='1885'))
        self.assertEqual(spool.once().returncode, 0)
        self.check_request(spool, 'a.xml', 'SpoolNotAsked')


if __name__ == '__main__':
    unittest.main()
