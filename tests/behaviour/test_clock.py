"""Time that passes, and a clock that goes back: with a daemon that is told a time (libfaketime).

The sanitizers and libfaketime do not go together: these tests use the build that CONSENTD_PLAIN names.
"""
import os
import pathlib
import unittest
from datetime import timedelta

import consent_pb2

from client import grant_request
from harness import BUILD, DAY, Instance, OwnInstanceTest, now, start_of, today, years_ago

LIBRARY = pathlib.Path('/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1')
PLAIN = pathlib.Path(os.environ.get('CONSENTD_PLAIN', BUILD))
PARENTS = [{'reference': 'ouder-1'}, {'reference': 'ouder-2'}]


def can_be_told_a_time():
    return LIBRARY.exists() and b'__asan_init' not in (PLAIN / 'daemon' / 'consentd').read_bytes()


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class Clock(OwnInstanceTest):
    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.registry.start()
        self.shared = {}

    def move(self, days):
        """Restarts the daemon so many days from now."""
        self.registry.stop()
        self.registry.start({'LD_PRELOAD': str(LIBRARY), 'FAKETIME': f'{round(days * 24):+}h',
                             'FAKETIME_DONT_FAKE_MONOTONIC': '1'})
        self.shared.clear()

    def test_a_consent_expires_and_a_clock_that_goes_back_does_not_bring_it_back(self):
        bsn = self.person()
        consent = self.granted(bsn, days=60)
        self.move(59)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.move(61)
        expired = self.client('kernteam').check(bsn)
        self.assertDenied(expired, 'EXPIRED')
        self.assertGreater(expired.check.evaluated_at, now() + 60 * DAY)
        self.move(0)
        again = self.client('kernteam').check(bsn)
        self.assertDenied(again, 'EXPIRED')
        self.assertGreaterEqual(again.check.evaluated_at, expired.check.evaluated_at)
        shown = self.client('kernteam').consent_show(consent).consent_show.consent
        self.assertEqual(shown.state, consent_pb2.Consent.EXPIRED)

    def test_a_consent_for_later_is_in_force_from_its_first_moment(self):
        bsn = self.person()
        self.granted(bsn, valid_from=now() + 10 * DAY)
        self.assertDenied(self.client('kernteam').check(bsn), 'NOT_YET_VALID')
        self.move(11)
        self.assertPermit(self.client('kernteam').check(bsn))

    def test_a_consent_of_the_parents_lapses_on_the_twelfth_birthday(self):
        bsn = self.person(years_ago(12, days=-20), representatives=PARENTS)
        self.granted(bsn, signers=['ouder-1', 'ouder-2'], days=60)
        self.move(19)
        reply = self.client('kernteam').check(bsn)
        self.assertPermit(reply)
        self.assertEqual(reply.check.until, start_of(today() + timedelta(20)))
        self.move(21)
        self.assertDenied(self.client('kernteam').check(bsn), 'REPRESENTATION_LAPSED')

    def test_a_child_of_fifteen_that_turns_sixteen_signs_alone(self):
        bsn = self.person(years_ago(16, days=-20), representatives=PARENTS)
        self.assertRejected(self.client('kernteam').grant(bsn), 'REPRESENTATION_MISSING')
        self.move(21)
        request = grant_request(bsn)
        moved = 21 * DAY
        request.grant.signatures[0].given_at += moved
        request.grant.notice.given_at += moved
        request.grant.valid_until += moved
        self.assertOk(self.client('kernteam').call(request))

    def test_an_agreement_ends_by_the_clock(self):
        self.registry.write_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner',
                                  **{'agreement-from': '2020-01-01', 'agreement-until': str(today() + timedelta(5))})
        self.registry.reload()
        bsn = self.person()
        self.granted(bsn)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.move(6)
        self.assertDenied(self.client('kernteam').check(bsn), 'AGREEMENT_MISSING')

    def test_an_answer_is_replayed_for_a_day_at_least(self):
        request = grant_request(self.person())
        original = self.client('kernteam').call(request)
        self.assertOk(original)
        self.move(23 / 24)
        self.person()
        replay = self.client('kernteam').call(request)
        self.assertTrue(replay.replayed)
        self.assertEqual(replay.consent_recorded, original.consent_recorded)


if __name__ == '__main__':
    unittest.main()
