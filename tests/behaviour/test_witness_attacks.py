"""Who notices that the log was written anew by somebody who has all keys of the registry, and when (attacks.py).
`scripts/attacks BUILD` prints it as a table."""
import unittest

import attacks

SOON = 2000  # milliseconds after the registry is ready: by then both witnesses have noticed


class WitnessAttacks(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scene = attacks.Scene()
        cls.addClassCleanup(cls.scene.destroy)
        cls.rows = {}
        for kind, row in attacks.every(cls.scene):
            cls.rows.setdefault(kind, []).append(row)
        print(attacks.table([row for rows in cls.rows.values() for row in rows]))

    def each(self, *kinds):
        for row in (row for kind in kinds for row in self.rows[kind]):
            with self.subTest(row.name):
                yield row

    def assertNobody(self, row):
        self.assertEqual((row.witnesses, row.registry, row.export, row.both, row.fsck, row.proof, row.alone, row.verify),
                         ({}, None, None, None, None, None, None, None))

    def test_where_nothing_was_done_nobody_complains(self):
        for row in self.each('nothing'):
            self.assertNobody(row)

    def test_both_witnesses_notice_every_log_that_was_written_anew(self):
        self.assertEqual(len(self.rows['rewritten']), 12)
        for row in self.each('rewritten', 'put back'):
            self.assertEqual(set(row.witnesses), {'cak', 'svb'})
            for milliseconds, said in row.witnesses.values():
                self.assertLess(milliseconds, SOON)
                self.assertRegex(said, 'not begin with|fewer than|lines, and it signed')

    def test_an_export_and_a_proof_from_before_show_it_to_whoever_looks(self):
        for row in self.each('rewritten', 'put back'):
            self.assertRegex(row.export, 'changed, or put back|put back to an earlier state')
            self.assertRegex(row.fsck, 'does not begin with|put back')
            self.assertRegex(row.proof, 'does not begin with|put back')

    def test_who_knows_no_more_than_the_keys_of_both_witnesses_gets_no_log_that_they_signed(self):
        """But one of yesterday they had signed, yesterday."""
        for row in self.each('rewritten'):
            self.assertIn('witnesses', row.both)
        for row in self.each('put back'):
            self.assertIsNone(row.both)

    def test_who_has_nothing_from_before_notices_nothing(self):
        """The reason for it all: the registry starts without a word, its chain is whole, and its log is signed."""
        for row in self.each('rewritten', 'put back'):
            self.assertIsNone(row.registry)
            self.assertIsNone(row.alone)
            self.assertIsNone(row.verify)

    def test_whatever_is_not_made_good_the_registry_notices_itself(self):
        said = {row.name: row.registry for row in self.rows['control']}
        for part in ('the chain of hashes', "the store's sums and seal", 'all of that'):
            self.assertIn('does not start', said[f'changed, and {part} left'])
        for part in ("the tree's tiles", 'the stored checkpoint'):
            self.assertEqual(said[f'changed, and {part} left'], 'alarm log-forked')
        self.assertIn('does not start', said["changed, and the store's witness file left"])

    def test_a_line_changed_under_its_tree_is_noticed_by_who_reads_it_with_its_proof(self):
        """What was signed is as it was, so no witness has anything to notice: that line is only no line of it any more."""
        for row in self.each('under the tree'):
            self.assertEqual((row.witnesses, row.registry, row.export), ({}, None, None))
            self.assertIn('not those of its checkpoint', row.alone)
            self.assertIn('not those that were signed', row.verify)

    def test_what_nobody_has_seen_a_checkpoint_of_can_be_changed(self):
        """The second or so between the last checkpoint and the stop."""
        for row in self.each('not signed'):
            self.assertNobody(row)

    def test_two_logs_are_noticed_when_two_who_saw_different_ones_compare(self):
        for row in self.each('split'):
            self.assertNobody(row)
            self.assertLessEqual(row.signed, self.scene.covered)  # no line of either, since it was parted, is signed by both
        for row in self.each('compared'):
            self.assertIn('others are shown another log', row.fsck)
        for row in self.each('met'):
            self.assertEqual(set(row.witnesses), {'cak', 'svb'})


if __name__ == '__main__':
    unittest.main()
