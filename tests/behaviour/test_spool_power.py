"""The power is cut under a spool: what was not synced is gone, and each message has one end and one disclosure all the same.

What the ledger has is durable when it says so (LMDB); of all other files only those are left that were synced (kept-files.c).
"""
import pathlib
import shutil
import signal
import unittest
import xml.etree.ElementTree

from harness import PLAIN, Instance, is_plain
from spooling import D1, Gate, message
from test_clock import can_be_told_a_time
from test_spool_key import KeyTest
from test_spool_time import told

KEPT_FILES = PLAIN / 'tests' / 'crash' / 'kept-files.so'


def lost(whole):
    """What may be there of a file that was not synced; None: not even its name."""
    return [None, b'', whole[:len(whole) // 2]]


class PowerTest(KeyTest):
    build = PLAIN

    def setUp(self):
        self.registry = Instance(PLAIN)
        self.addCleanup(self.registry.destroy)
        self.registry.start()
        self.shared = {}

    def spool(self, *options, **more):
        spool = super().spool(*options, **more)
        spool.kept = spool.directory / 'kept'
        shutil.copytree(spool.path, spool.kept)
        self.watch(spool)
        return spool

    def watch(self, spool, until=0, **slow):
        """It is killed before the sync of this number."""
        spool.told = {'LD_PRELOAD': str(KEPT_FILES), 'KEPT_FILES': str(spool.kept), 'KEPT_UNTIL': str(until), **slow}

    def cut(self, spool, left=0):
        """It was killed. `left`: which part of what was not synced is there all the same."""
        unsynced = {path.name: path.read_bytes() for path in self.work(spool.path) if not (spool.kept / 'work' / path.name).exists()}
        for path in spool.path.iterdir():
            if path.name != 'ledger':
                shutil.rmtree(path)
                if (spool.kept / path.name).exists():
                    shutil.copytree(spool.kept / path.name, path)
        for name, whole in unsynced.items():
            if lost(whole)[left] is not None and (spool.path / 'work').exists():
                (spool.path / 'work' / name).write_bytes(lost(whole)[left])
        spool.told = {}
        return sorted(pathlib.PurePath(name).suffix for name in unsynced)

    @staticmethod
    def work(path):
        return [one for one in (path / 'work').glob('*') if one.is_file()]

    def claimed(self, spool):
        return sorted(path.name.partition('-')[2] for path in (spool.kept / 'work' / 'in').glob('*'))

    def interrupted_behind(self, spool):
        """The message b was read ahead while a was under way; the registry has recorded its disclosure, and it did not hear
        of that."""
        before = len(self.disclosures())
        for number, name in enumerate('ab'):
            bsn = self.person()
            self.granted(bsn, categories=D1, one_time=True)
            (spool.directory / name).write_text(message(bsn, number))

        def is_shut():
            taken = {path.name.partition('-')[2] for path in (spool.path / 'work' / 'in').glob('*')}
            if taken == {'a'} and not (spool.path / 'sent' / 'a').exists():
                return not (spool.path / 'in' / 'b').exists()
            # What may go of b is there, and a is disclosed: the next that is asked is the disclosure of b.
            outputs, reports = (len(list((spool.path / 'work').glob(f'*.{kind}'))) for kind in ('out', 'report'))
            has_gone = (spool.path / 'sent' / 'a').exists()
            return 'b' in taken and (has_gone or reports > 0) and outputs >= (1 if has_gone else 2)

        gate = Gate(self.registry, is_shut)
        self.addCleanup(gate.close)
        spool.use_key(gate.key_file('kernteam'))
        spool.start()
        spool.put('a', (spool.directory / 'a').read_text())
        spool.wait_for(lambda: list((spool.path / 'work' / 'in').glob('*-a')), 'a is not taken')
        spool.put('b', (spool.directory / 'b').read_text())
        spool.wait_for(lambda: len(self.disclosures()) == before + 2, 'b is not disclosed')
        spool.kill()
        gate.close()
        spool.use_key(self.registry.key_file('kernteam'))

    def advised(self):
        return {entry.subject_ref for entry in self.client('operator').audit() if entry.action == 'check' and 'ADVISE' in entry.details}

    def with_another(self, number=2):
        """A spool in which a message a.xml is left of a run before, and another of this name waits behind it."""
        _, spool = self.interrupted()
        bsn = self.person()
        self.granted(bsn, categories=D1, one_time=True)
        spool.put('a.xml', message(bsn, number))
        return spool

    def assertGoneOnce(self, spool, names, before=0):
        self.shared.clear()
        self.assertEqual((spool.names('sent'), spool.names('held'), spool.names('failed')), (names, [], []))
        self.assertEqual(sorted(spool.report('sent', name)['decision'] for name in names),
                         sorted(entry.number for entry in self.disclosures()[before:]))
        for name in names:
            xml.etree.ElementTree.fromstring(spool.text('sent', name))
        self.assertEqual((list((spool.path / 'in').iterdir()), self.work(spool.path)), ([], []))


@unittest.skipUnless(is_plain(), 'no build without sanitizers (CONSENTD_PLAIN)')
class Power(PowerTest):
    def test_what_was_disclosed_goes_though_nothing_is_left_of_what_was_to_go(self):
        for left in range(3):
            with self.subTest(left=left):
                before = len(self.disclosures())
                _, spool = self.interrupted()
                self.assertEqual(self.claimed(spool), ['a.xml'])
                self.cut(spool, left)
                result = spool.once()
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertGoneOnce(spool, ['a.xml'], before)

    def test_so_does_what_was_asked_about_beside_the_disclosure_of_another(self):
        spool = self.spool()
        self.interrupted_behind(spool)
        self.assertEqual(self.claimed(spool), ['a', 'b'], 'the ledger knows of both where they lie')
        self.assertNotIn('.out', self.cut(spool), 'what may go is durable with the end of the group before')
        result = spool.once()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGoneOnce(spool, ['a', 'b'])

    def test_it_may_be_cut_before_any_sync(self):
        for until in range(1, 100):
            before, spool = len(self.disclosures()), self.spool()
            for number, name in enumerate('ab'):
                bsn = self.person()
                self.granted(bsn, categories=D1, one_time=True)
                spool.put(name, message(bsn, number))
            shutil.copytree(spool.path, spool.kept, dirs_exist_ok=True)
            self.watch(spool, until)
            ended = spool.once().returncode
            self.cut(spool, until % 3)
            result = spool.once()
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertGoneOnce(spool, ['a', 'b'], before)
            if ended == 0:
                break
        self.assertGreater(until, 8)

    def test_what_was_not_yet_removed_when_all_was_synced_is_not_forgotten(self):
        """Else the next run takes it for a message that just came, and sends it once more."""
        spool = self.with_another()
        shutil.copytree(spool.path, spool.kept, dirs_exist_ok=True)
        self.watch(spool, KEPT_REMOVAL='2')
        self.assertEqual(spool.once().returncode, -signal.SIGKILL)
        self.assertEqual((spool.names('sent'), list((spool.path / 'work' / 'in').glob('*-a.xml'))), (['a.xml', 'a.xml~2'], []))
        self.assertEqual(self.claimed(spool), ['a.xml', 'a.xml'])
        self.cut(spool)
        result = spool.once()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertGoneOnce(spool, ['a.xml', 'a.xml~2'])


@unittest.skipUnless(is_plain(), 'no build without sanitizers (CONSENTD_PLAIN)')
class SlowMoves(PowerTest):
    def test_the_next_group_gets_its_names_when_the_one_before_has_its_places(self):
        spool = self.with_another()
        held = spool.directory / 'moves-are-held'
        held.touch()
        spool.told = {'LD_PRELOAD': str(KEPT_FILES), 'KEPT_MOVES': str(held)}
        spool.start()
        spool.wait_for(lambda: len(self.advised()) == 2, 'the second is not asked about')
        with self.assertRaisesRegex(AssertionError, 'it waits'):  # with a name it would go on at once
            spool.wait_for(lambda: len(self.disclosures()) == 2, 'it waits', timeout=1)
        held.unlink()
        spool.wait_until_in('sent', 'a.xml~2')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertGoneOnce(spool, ['a.xml', 'a.xml~2'])
        self.assertNotIn('somebody put another file', spool.said())


@unittest.skipUnless(can_be_told_a_time(), 'no libfaketime, or no build without sanitizers (CONSENTD_PLAIN)')
class LongAgo(PowerTest):
    """The registry has forgotten by then what it decided, so the spool is to know that it may have been disclosed."""

    def later(self):
        self.registry.stop()
        self.registry.start(told('+25h'))
        self.shared.clear()

    def test_a_message_lies_where_the_ledger_knows_it_before_it_may_be_disclosed(self):
        _, spool = self.interrupted()
        self.cut(spool)
        self.later()
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('failed')), (0, ['a.xml']), result.stderr)
        self.assertEqual((spool.report('failed', 'a.xml')['code'], len(self.disclosures())), ('IN_DOUBT', 1))

    def test_so_does_what_was_read_ahead(self):
        spool = self.spool()
        self.interrupted_behind(spool)
        self.cut(spool)
        self.later()
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('sent'), spool.names('failed')), (0, ['a'], ['b']), result.stderr)
        self.assertEqual((spool.report('failed', 'b')['code'], len(self.disclosures())), ('IN_DOUBT', 2))


if __name__ == '__main__':
    unittest.main()
