"""Every consumer hears every event once, and nothing is permitted that was withdrawn, while the daemon, the consumers and
their connections are killed, stopped and cut (V3, V6, V7, C13); and who breaks one of the rules that make it so is noticed.

The long mode of this is scripts/deliveries.
"""
import signal
import sys
import time
import unittest

from harness import BUILD, PLAIN, SOURCE

sys.path.insert(0, str(SOURCE / 'tests' / 'faults'))
from actor_storing import Hasty, Storing  # noqa: E402
from actor_view import View  # noqa: E402
from actor_watch import Watch  # noqa: E402
from run import Plan, report, run, run_script  # noqa: E402
from world import PROVIDERS, TEAM, World, can_be_late, late_writes, power_cuts  # noqa: E402

LIMIT = 6.5  # seconds; a heartbeat comes every five

needs_late_writes = unittest.skipUnless(can_be_late, 'no build without sanitizers (CONSENTD_PLAIN)')


class Deliveries(unittest.TestCase):
    def world(self, build=BUILD, preload=None):
        made = World(seed=time.time_ns(), build=build, preload=preload)
        self.addCleanup(made.destroy)
        return made

    def assertAllHeard(self, world):
        world.add_consumers()
        verdict, history = run(world, Plan(deliveries=1000, seconds=7, limit=15, pace=0.1, longest=2.0))
        told = '\n'.join(report(verdict, history, 0))
        self.assertEqual(verdict.faults, [], told)
        self.assertGreater(verdict.counts['permits'], 0, told)
        for what in ('kill daemon', 'kill consumer', 'stop consumer'):
            self.assertGreater(verdict.counts[what], 0, told)

    def test_v7_everybody_hears_everything_once_whatever_is_killed_stopped_and_cut(self):
        self.assertAllHeard(self.world())

    @needs_late_writes
    def test_v7_nor_do_power_cuts_lose_anything_that_left(self):
        """What was not synced is gone when the daemon is killed."""
        self.assertAllHeard(self.world(PLAIN, power_cuts()))

    def killed(self, sort, when):
        """A consumer of this sort is killed a few times, among others."""
        world = self.world()
        for party in (TEAM, *PROVIDERS[1:]):
            world.add(Storing, party)
        victim = world.add(sort, PROVIDERS[0])

        def script(_):
            for _ in range(3):
                when(victim)
                victim.kill()
                victim.start()

        return run_script(world, script, patience=5)[0]

    @staticmethod
    def once_ahead(victim):
        end = time.monotonic() + 20
        while not victim.is_ahead() and time.monotonic() < end:
            time.sleep(0.01)

    def test_who_stores_before_it_acknowledges_loses_nothing_by_dying(self):
        self.assertEqual(self.killed(Storing, lambda _: time.sleep(0.5)).faults, [])

    def test_control_who_acknowledges_before_it_stores_is_noticed(self):
        verdict = self.killed(Hasty, self.once_ahead)
        self.assertIn('missed', verdict.rules(), verdict.faults)
        self.assertEqual([fault for fault in verdict.faults if PROVIDERS[0] not in fault.what], [])

    @needs_late_writes
    def test_control_what_left_before_it_was_durable_is_noticed(self):
        world = self.world(PLAIN, late_writes('600'))
        for party in (TEAM, *PROVIDERS):
            world.add(Watch, party)

        def script(_):
            time.sleep(2)
            world.registry.kill()
            world.start()
            time.sleep(2)

        verdict, _ = run_script(world, script, patience=2)
        self.assertIn('missed', verdict.rules(), verdict.faults[:10])

    @unittest.skipUnless((BUILD / 'clients' / 'view' / 'consent-view').exists(), 'no consent-view')
    def test_a_view_that_is_cut_off_permits_nothing_after_its_limit_and_one_without_a_limit_is_noticed(self):
        """Both are cut off for longer than the limit, while all that stood by then is withdrawn; then they are stopped, and
        hear of all at once."""
        world = self.world()
        for party in (TEAM, *PROVIDERS):
            world.add(Storing, party)
        views = [world.add(View, TEAM, 'kijk', limit=LIMIT), world.add(View, TEAM, 'blind', limit=LIMIT, silence=3600)]

        def permits():
            return {one['view'] for one in world.history.of('answer') if one['permitted']}

        def script(work):
            world.registry.wait_for(lambda: len(permits()) == 2, 'both views to permit something')
            for view in views:
                view.link.stall()
            work.ending = True
            time.sleep(LIMIT + 2)
            for view in views:
                view.signal(signal.SIGSTOP)
                view.link.go_on()
            time.sleep(0.5)
            for view in views:
                view.signal(signal.SIGCONT)
            time.sleep(1)

        verdict, _ = run_script(world, script)
        self.assertEqual(verdict.rules(), {'view'}, verdict.faults[:10])
        self.assertEqual([fault for fault in verdict.faults if 'blind' not in fault.what], [])


if __name__ == '__main__':
    unittest.main()
