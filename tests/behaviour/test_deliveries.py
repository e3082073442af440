"""Every consumer hears every event once, and nothing is permitted that was withdrawn, while the daemon, the consumers and
their connections are killed, stopped and cut (V3, V6, V7, C13); and who breaks one of the rules that make it so is noticed.

The long mode of this is scripts/deliveries.
"""
import sys
import time
import unittest

from harness import BUILD, PLAIN, SOURCE, is_plain

sys.path.insert(0, str(SOURCE / 'tests' / 'faults'))
from actor_storing import Hasty, Storing  # noqa: E402
from actor_watch import Watch  # noqa: E402
from run import Plan, report, run, run_script  # noqa: E402
from world import PROVIDERS, TEAM, World  # noqa: E402

LATE_JOURNAL = PLAIN / 'tests' / 'crash' / 'late-journal.so'


class Deliveries(unittest.TestCase):
    def world(self, build=BUILD, preload=None):
        made = World(seed=time.time_ns(), build=build, preload=preload)
        self.addCleanup(made.destroy)
        return made

    def test_v7_everybody_hears_everything_once_whatever_is_killed_stopped_and_cut(self):
        world = self.world()
        world.add_consumers()
        verdict, history = run(world, Plan(deliveries=1000, seconds=12, limit=20, pace=0.1, longest=2.0))
        told = '\n'.join(report(verdict, history, 0))
        self.assertEqual(verdict.faults, [], told)
        self.assertGreater(verdict.counts['permits'], 0, told)
        for what in ('kill daemon', 'kill consumer', 'stop consumer'):
            self.assertGreater(verdict.counts[what], 0, told)

    def killed(self, sort):
        """A consumer of this sort is killed a few times, among others."""
        world = self.world()
        for party in (TEAM, *PROVIDERS[1:]):
            world.add(Storing, party)
        victim = world.add(sort, PROVIDERS[0])

        def script():
            for _ in range(3):
                time.sleep(0.7)
                victim.kill()
                victim.start()

        return run_script(world, script, patience=5)[0]

    def test_who_stores_before_it_acknowledges_loses_nothing_by_dying(self):
        self.assertEqual(self.killed(Storing).faults, [])

    def test_control_who_acknowledges_before_it_stores_is_noticed(self):
        verdict = self.killed(Hasty)
        self.assertIn('missed', verdict.rules(), verdict.faults)
        self.assertEqual([fault for fault in verdict.faults if PROVIDERS[0] not in fault.what], [])

    @unittest.skipUnless(LATE_JOURNAL.exists() and is_plain(), 'no build without sanitizers (CONSENTD_PLAIN)')
    def test_control_what_left_before_it_was_durable_is_noticed(self):
        world = self.world(PLAIN, {'LD_PRELOAD': str(LATE_JOURNAL), 'LATE_JOURNAL': '600'})
        for party in (TEAM, *PROVIDERS):
            world.add(Watch, party)

        def script():
            time.sleep(2)
            world.registry.kill()
            world.start()
            time.sleep(2)

        verdict, _ = run_script(world, script, patience=2)
        self.assertIn('missed', verdict.rules(), verdict.faults[:10])
        self.assertIn('permitted', verdict.rules(), verdict.faults[:10])


if __name__ == '__main__':
    unittest.main()
