"""Time that passes, and a clock that jumps or goes back (C14): with a daemon that is told a time (libfaketime).

The sanitizers and libfaketime do not go together: these tests use the build that CONSENTD_PLAIN names.
"""
import pathlib
import unittest
from datetime import timedelta

import consent_pb2

from client import grant_request, revoke_request
from harness import DAY, PLAIN, Instance, OwnInstanceTest, is_plain, now, start_of, today, tool, years_ago

LIBRARY = pathlib.Path('/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1')
PARENTS = [{'reference': 'ouder-1'}, {'reference': 'ouder-2'}]


def can_be_told_a_time():
    return LIBRARY.exists() and is_plain()


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
        consent = self.granted(bsn, days=42)
        self.move(41)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.move(43)
        expired = self.client('kernteam').check(bsn)
        self.assertDenied(expired, 'EXPIRED')
        self.assertGreater(expired.check.evaluated_at, now() + 42 * DAY)
        self.move(0)
        self.assertStatus(self.client('kernteam').check(bsn), 'UNAVAILABLE')
        self.assertOk(self.client('operator').ask('clock_confirm', user='beheer-1'))
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
        self.registry.change_party('zorgaanbieder-horizon', 'zorgaanbieder', 'partner',
                                  **{'agreement-from': '2020-01-01', 'agreement-until': str(today() + timedelta(5))})
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


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class ClockThatJumps(OwnInstanceTest):
    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.offset = self.registry.write('offset', '+0h')
        self.start()

    def start(self):
        self.registry.start({'LD_PRELOAD': str(LIBRARY), 'FAKETIME_TIMESTAMP_FILE': str(self.offset),
                             'FAKETIME_NO_CACHE': '1', 'FAKETIME_DONT_FAKE_MONOTONIC': '1'})
        self.shared = {}

    def jump(self, hours):
        """The daemon's wall clock is from now on so many hours from the right time, while it runs."""
        following = self.offset.with_name('offset-next')
        following.write_text(f'{hours:+}h')
        following.replace(self.offset)

    def clock(self, verb):
        reply = self.client('operator').ask(f'clock_{verb}', user='beheer-1')
        self.assertOk(reply)
        return reply

    def status(self):
        return self.client('operator').status().status_report

    def log_of_clock(self):
        return [(entry.result, entry.party, entry.user) for entry in self.client('operator').audit()
                if entry.action == 'clock']

    def assertStopped(self, bsn):
        kernteam = self.client('kernteam')
        for reply in (kernteam.check(bsn), kernteam.disclose(bsn), kernteam.grant(bsn), kernteam.refuse(bsn),
                      kernteam.subject_set(bsn, today() - timedelta(20_000))):
            self.assertStatus(reply, 'UNAVAILABLE')
            self.assertIn('clock', reply.message)
            self.assertLess(abs(reply.time - now()), DAY)
        self.assertOk(kernteam.whoami())
        self.assertTrue(self.status().clock_stopped)

    def test_a_jump_within_the_hours_is_followed(self):
        bsn = self.person()
        self.granted(bsn)
        self.jump(23)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertFalse(self.status().clock_stopped)

    def test_ten_jumps_of_23_hours_do_not_put_the_registry_days_ahead(self):
        bsn = self.person()
        self.granted(bsn, days=5)
        for jump in range(1, 11):
            self.jump(23 * jump)
            reply = self.client('kernteam').check(bsn)
            if jump == 1:
                self.assertPermit(reply)
            else:
                self.assertStatus(reply, 'UNAVAILABLE')
            self.assertLess(reply.time, now() + DAY)
        self.assertEqual(self.log_of_clock(), [('stopped', '', '')])

    def test_a_start_weeks_ahead_waits_for_an_operator(self):
        bsn = self.person()
        self.granted(bsn, days=60)
        for days, stops in ((44, False), (90, True)):
            self.registry.stop()
            self.jump(24 * days)
            self.start()
            if stops:
                self.assertStatus(self.client('kernteam').check(bsn), 'UNAVAILABLE')
                self.assertLess(self.status().kept_time, now() + 50 * DAY)
            else:
                self.assertPermit(self.client('kernteam').check(bsn))
        self.clock('confirm')
        self.assertDenied(self.client('kernteam').check(bsn), 'EXPIRED')

    def test_a_healthy_clock_is_not_reset(self):
        before = self.status()
        reply = self.client('operator').ask('clock_reset', user='beheer-1')
        self.assertInvalid(reply, 'clock_reset')
        self.assertIn('nothing is wrong', reply.message)
        self.assertEqual(self.client('operator').whoami().epoch, self.client('kernteam').whoami().epoch)
        self.assertEqual([entry.result for entry in self.client('operator').audit() if entry.action == 'clock'],
                         ['invalid'])
        self.assertLessEqual(before.kept_time, self.status().kept_time)

    def test_a_registry_that_stands_still_ahead_of_the_clock_may_be_reset(self):
        bsn = self.person()
        self.granted(bsn)
        self.jump(12)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.jump(1)
        self.assertPermit(self.client('kernteam').check(bsn))
        self.assertFalse(self.status().clock_stopped)
        self.assertLess(self.clock('reset').status_report.kept_time, now() + DAY / 12)

    def test_a_jump_ahead_stops_decisions_until_it_is_confirmed(self):
        bsn = self.person()
        self.granted(bsn, days=60)
        self.jump(61 * 24)
        self.assertStopped(bsn)
        told = self.status()
        self.assertLess(abs(told.kept_time - now()), DAY)
        self.assertGreater(told.wall_time, now() + 60 * DAY)
        confirmed = self.clock('confirm').status_report
        self.assertFalse(confirmed.clock_stopped)
        self.assertGreater(confirmed.kept_time, now() + 60 * DAY)
        self.assertDenied(self.client('kernteam').check(bsn), 'EXPIRED')
        self.assertEqual(self.log_of_clock(), [('stopped', '', ''), ('confirmed', 'operator', 'beheer-1')])

    def test_a_jump_back_stops_decisions_and_confirmed_brings_nothing_to_life(self):
        bsn = self.person()
        self.granted(bsn, days=60)
        self.jump(61 * 24)
        self.assertStopped(bsn)
        self.clock('confirm')
        self.assertDenied(self.client('kernteam').check(bsn), 'EXPIRED')
        self.jump(0)
        self.assertStatus(self.client('kernteam').check(bsn), 'UNAVAILABLE')
        self.assertTrue(self.status().clock_stopped)
        self.assertGreater(self.clock('confirm').status_report.kept_time, now() + 60 * DAY)
        self.assertDenied(self.client('kernteam').check(bsn), 'EXPIRED')

    def test_what_was_refused_for_the_clock_is_done_when_it_is_sent_again(self):
        bsn = self.person()
        self.jump(100)
        request = grant_request(bsn)
        self.assertStatus(self.client('kernteam').call(request), 'UNAVAILABLE')
        self.clock('confirm')
        reply = self.client('kernteam').call(request)
        self.assertOk(reply)
        self.assertFalse(reply.replayed)

    def test_a_withdrawal_is_taken_and_heard_while_the_clock_is_stopped(self):
        bsn = self.person()
        consent = self.granted(bsn)
        stream = self.listen('zorgaanbieder-horizon')
        self.jump(100)
        self.assertStopped(bsn)
        self.assertOk(self.client('kernteam').call(self.withdrawal_said_later(consent)))
        event = stream.next_event()
        self.assertEqual(event.event.consent_id, consent)
        self.assertLess(abs(event.event.time - now()), DAY)
        self.clock('confirm')
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def withdrawal_said_later(self, consent):
        """As it comes from a partner whose clock says what the registry's own does not say yet."""
        request = revoke_request(consent)
        request.revoke.withdrawn_at = now() + 99 * 3_600_000
        return request

    def test_neither_a_restart_nor_a_clock_that_comes_back_starts_decisions(self):
        bsn = self.person()
        self.jump(100)
        self.assertStopped(bsn)
        self.registry.stop()
        self.start()
        self.assertStopped(bsn)
        self.jump(0)
        self.assertStopped(bsn)
        self.clock('confirm')
        self.assertOk(self.client('kernteam').check(bsn))
        self.registry.stop()
        self.start()
        self.assertOk(self.client('kernteam').check(bsn))

    def test_a_reset_goes_back_in_a_new_epoch_and_undoes_no_withdrawal_and_no_use(self):
        bsn, other, third = self.person(), self.person(), self.person()
        self.granted(bsn, days=60)
        withdrawn = self.granted(other, days=80)
        self.granted(third, days=80, one_time=True)
        self.jump(61 * 24)
        self.assertStopped(bsn)
        before = self.clock('confirm')
        self.assertDenied(self.client('kernteam').check(bsn), 'EXPIRED')
        self.assertOk(self.client('kernteam').revoke(withdrawn))
        self.assertPermit(self.client('kernteam').disclose(third))
        self.jump(0)
        self.assertStatus(self.client('kernteam').check(bsn), 'UNAVAILABLE')
        reset = self.clock('reset')
        self.assertNotEqual(reset.epoch, before.epoch)
        self.assertGreater(reset.revision, 0)
        self.assertLess(abs(reset.status_report.kept_time - now()), DAY)
        for _ in range(2):
            self.assertPermit(self.client('kernteam').check(bsn))
            self.assertDenied(self.client('kernteam').check(other), 'REVOKED')
            self.assertDenied(self.client('kernteam').check(third), 'USED_UP')
            self.assertEqual(self.client('kernteam').whoami().epoch, reset.epoch)
            self.registry.stop()
            self.start()
        results = [result for result, _, _ in self.log_of_clock()]
        self.assertEqual(results, ['stopped', 'confirmed', 'stopped', 'reset'])

    def test_a_reset_brings_no_consent_back_that_was_superseded_by_one_that_was_withdrawn(self):
        bsn = self.person()
        self.granted(bsn, days=150)
        self.jump(61 * 24)
        self.assertStopped(bsn)
        self.clock('confirm')
        later = self.granted(bsn, days=150)
        self.assertOk(self.client('kernteam').revoke(later))
        self.jump(0)
        self.assertStatus(self.client('kernteam').check(bsn), 'UNAVAILABLE')
        self.clock('reset')
        self.assertDenied(self.client('kernteam').check(bsn), 'REVOKED')

    def test_answers_are_replayed_across_a_reset_and_a_restart(self):
        request = grant_request(self.person())
        original = self.client('kernteam').call(request)
        self.assertOk(original)
        self.jump(100)
        self.assertStatus(self.client('kernteam').call(request), 'UNAVAILABLE')
        self.clock('reset')
        self.jump(0)
        self.assertStatus(self.client('kernteam').call(request), 'UNAVAILABLE')
        self.clock('reset')
        for _ in range(2):
            again = self.client('kernteam').call(request)
            self.assertTrue(again.replayed)
            self.assertEqual(again.consent_recorded, original.consent_recorded)
            self.registry.stop()
            self.start()

    def test_the_operator_sees_and_ends_it_with_consentctl(self):
        bsn = self.person()
        self.jump(100)
        self.assertStopped(bsn)
        key = self.registry.key_file('operator')
        told = tool('ctl/consentctl', '--key', key, 'status')
        self.assertRegex(told.stdout, r'decisions +stopped: the clock jumped')
        done = tool('ctl/consentctl', '--key', key, '--user', 'beheer-2', 'clock', 'confirm')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r'decisions +go on')
        self.assertOk(self.client('kernteam').check(bsn))
        done = tool('ctl/consentctl', '--key', key, '--user', 'beheer-2', 'clock', 'reset', '--yes')
        self.assertEqual(done.returncode, 65, done.stderr)
        self.assertIn('nothing is wrong with the clock', done.stderr)
        self.jump(0)
        self.assertStatus(self.client('kernteam').check(bsn), 'UNAVAILABLE')
        done = tool('ctl/consentctl', '--key', key, '--user', 'beheer-2', 'clock', 'reset')
        self.assertEqual(done.returncode, 64, done.stderr)
        self.assertRegex(done.stderr, r"(?s)registry's time from .* A new epoch begins.*--yes")
        self.assertTrue(self.status().clock_stopped)
        done = tool('ctl/consentctl', '--key', key, '--user', 'beheer-2', 'clock', 'reset', '--yes')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual([(result, user) for result, _, user in self.log_of_clock()],
                         [('stopped', ''), ('confirmed', 'beheer-2'), ('invalid', 'beheer-2'), ('stopped', ''),
                          ('reset', 'beheer-2')])


if __name__ == '__main__':
    unittest.main()
