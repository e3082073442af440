"""What people put into the folders of a spool, and take away from under it: nothing is lost by it, and it is said."""
import json
import os
import resource
import shutil
import signal
import subprocess
import threading
import unittest

from spooling import D1, REPORT, Gate, message
from test_erasure import ErasureTest
from terminal import shown_at, width
from test_spool import SpoolTest, WIJKTEAM

CUT = 'd' * 234 + '.part' + 'q' * 10  # while it is under way, its name is cut so that it ends as one being written


class Folders(SpoolTest):
    def test_a_message_whose_name_is_cut_to_that_of_a_report_is_a_message(self):
        bsn, spool = self.person(), self.spool()
        for number, length in enumerate(range(209, 214)):  # a name is cut at one of these
            (spool.path / 'in' / ('d' * length + '.report.json' + 'q' * 20)).write_text(message(bsn, number))
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(len(list((spool.path / 'held').iterdir())), 10)
        self.granted(bsn, categories=D1)
        result = spool.once()
        self.assertEqual((result.returncode, len(self.disclosures())), (0, 5), result.stderr)
        self.assertEqual(list((spool.path / 'held').iterdir()), [])

    def test_however_much_lies_there_that_nobody_can_take_the_rest_goes(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        for number in range(16400):  # more than are remembered at once, and older
            (spool.path / 'in' / str(number)).symlink_to('nowhere')
        spool.put('a.xml', message(bsn))
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('sent')), (0, ['a.xml']), result.stderr[-1000:])
        self.assertEqual(result.stderr.count('stays there'), 16400)

    def test_a_message_whose_name_is_cut_while_the_registry_is_away_goes_when_it_is_back(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        (spool.path / 'in' / CUT).write_text(message(bsn))
        self.registry.stop()
        self.assertEqual(spool.once().returncode, 69)
        self.registry.start()
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual((len(spool.names('sent')), spool.names('work/in')), (1, []))

    def test_a_folder_that_is_removed_under_it_costs_no_message(self):
        bsn = self.person()
        self.granted(bsn, categories=D1)
        for number, (folder, name, text) in enumerate([('sent', 'a.xml', message(bsn)), ('failed', 'b.xml', '<x'),
                                                       ('held', 'c.xml', message(self.person(), 2))]):
            spool = self.started()
            spool.wait_for(lambda there=spool: (there.path / 'ledger' / 'ledger.mdb').exists(), 'the spool does not begin')
            shutil.rmtree(spool.path / folder)
            (spool.path / folder).mkdir(mode=0o700)
            spool.put(name, text)
            code = spool.process.wait(60)
            spool.process = None
            self.assertIn(code, (73, 74), spool.said())
            self.assertIn(folder, spool.said())
            self.assertEqual(spool.once().returncode, 0)
            self.assertEqual((spool.names(folder), spool.names('in')), ([name], []), number)
        self.assertEqual(len(self.disclosures()), 1)

    def test_a_spool_may_be_named_by_a_link_and_nothing_in_it_may_be_one(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        elsewhere = spool.path.rename(spool.directory / 'elsewhere')
        spool.path.symlink_to('elsewhere')
        spool.put('a.xml', message(bsn))
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('sent')), (0, ['a.xml']), result.stderr)
        self.assertEqual(spool.held('list').returncode, 0)
        (elsewhere / 'sent').rename(spool.directory / 'sent')
        (elsewhere / 'sent').symlink_to(spool.directory / 'sent')
        refused = spool.once()
        self.assertEqual((refused.returncode, '/sent: Not a directory' in refused.stderr), (73, True), refused.stderr)
        spool.path.unlink()
        spool.path.symlink_to('nowhere')
        self.assertEqual(spool.once().returncode, 73)

    def test_what_is_no_message_stays_and_that_is_said_once(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        (spool.directory / 'elsewhere.xml').write_text(message(bsn))
        (spool.path / 'in' / 'link.xml').symlink_to(spool.directory / 'elsewhere.xml')
        (spool.path / 'in' / 'folder').mkdir()
        os.mkfifo(spool.path / 'in' / 'pipe')
        spool.put('a.xml', message(bsn, 2))
        said = spool.once().stderr
        self.assertEqual([said.count(what) for what in ('in/link.xml stays there: it is a link', 'in/folder stays there', 'in/pipe stays there')],
                         [1, 1, 1], said)
        self.assertEqual((spool.names('in'), spool.names('sent')), (['folder', 'link.xml', 'pipe'], ['a.xml']))

    def test_what_is_held_is_counted_once_however_often_it_is_decided(self):
        bsn, spool = self.person(), self.spool()
        spool.put('a.xml', message(bsn))
        spool.put('b.xml', message(bsn, 2))
        spool.once()
        self.granted(bsn, categories=D1[1:])
        self.assertEqual(json.loads(spool.once('--json').stdout),
                         {'sent': 0, 'held': 2, 'failed': 0, 'waits': 0, 'held_by_code': {'DENIED': 2}})


class Taken(SpoolTest):
    def decided(self):
        """A spool that could not move what it had decided, since somebody removed sent/ at that moment."""
        bsn, spool, opened = self.person(), self.spool(), threading.Event()
        self.granted(bsn, categories=D1, one_time=True)
        gate = Gate(self.registry, lambda: list((spool.path / 'work').glob('*.out')) and not opened.is_set())
        self.addCleanup(gate.close)
        spool.use_key(gate.key_file('kernteam'))
        spool.start()
        spool.put('a.xml', message(bsn))
        spool.wait_for(self.disclosures, 'nothing is disclosed')
        shutil.rmtree(spool.path / 'sent')
        opened.set()
        self.assertEqual(spool.process.wait(60), 74, spool.said())
        spool.process = None
        (spool.path / 'sent').mkdir(mode=0o700)
        return spool

    def test_who_takes_the_place_of_what_was_decided_is_told_and_holds_up_nothing_else(self):
        spool, other = self.decided(), self.person()
        self.granted(other, categories=D1)
        (spool.path / 'sent' / 'a.xml').write_text('of somebody else')
        spool.put('b.xml', message(other, 2))
        for _ in range(2):
            result = spool.once()
            self.assertEqual((result.returncode, spool.names('sent')), (74, ['a.xml', 'b.xml']), result.stderr)
            self.assertEqual(result.stderr.count('sent/a.xml: somebody put another file of this name'), 1, result.stderr)
            self.assertIn('waiting 1', result.stderr)
            self.assertEqual(spool.text('sent', 'a.xml'), 'of somebody else')
        (spool.path / 'sent' / 'a.xml').unlink()
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(spool.report('sent', 'a.xml')['outcome'], 'THINNED')
        self.assertIn('BerichtIdentificatie', spool.text('sent', 'a.xml'))
        self.assertEqual((len(self.disclosures()), spool.names('work/in')), (2, []))


class Damage(SpoolTest):
    PAGE, LEAF = 4096, 2

    def pages(self, path):
        """The pages that hold records, by their flags (LMDB)."""
        content = path.read_bytes()
        return [at for at in range(2 * self.PAGE, len(content), self.PAGE)
                if int.from_bytes(content[at + 10:at + 12], 'little') & self.LEAF]

    def test_damage_that_is_found_in_the_midst_is_told_by_name_with_what_to_do(self):
        bsn, spool = self.person(), self.spool()
        spool.put('a.xml', message(bsn))
        self.assertEqual(spool.once().returncode, 0)
        ledger = spool.path / 'ledger' / 'ledger.mdb'
        whole, found = ledger.read_bytes(), []
        for at in self.pages(ledger):
            content = bytearray(whole)
            content[at + self.PAGE - 20] ^= 0xff  # in the record that was put there first
            ledger.write_bytes(content)
            result = spool.once()
            self.assertNotIn('Bad message', result.stderr)
            self.assertIn(result.returncode, (0, 74, 78), result.stderr)
            found.append('ledger is damaged: something in it cannot be read' in result.stderr)
            if found[-1]:
                self.assertIn('move ledger/ledger.mdb away', result.stderr)
                break
        self.assertTrue(any(found))
        ledger.unlink()
        self.granted(bsn, categories=D1)
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('sent'), len(self.disclosures())), (0, ['a.xml'], 1), result.stderr)


class Full(SpoolTest):
    def test_what_is_under_way_when_nothing_can_be_written_is_counted_and_goes_at_the_next_start(self):
        bsn, spool, most = self.person(), self.spool(), 60_000
        self.granted(bsn, categories=D1)
        spool.put('a.xml', message(bsn).replace('Verzonnen<', 'V' * most + '<'))

        def limit():  # as a disk that is full, of what is larger
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        full = subprocess.run([*map(str, spool.command), '--once'], capture_output=True, text=True, timeout=60,
                              env=spool.environment(), preexec_fn=limit, check=False)
        self.assertEqual((full.returncode, 'Nothing more goes' in full.stderr), (74, True), full.stderr)
        self.assertIn('sent 0, held 0, failed 0, waiting 1\n', full.stderr)
        self.assertEqual((spool.once().returncode, spool.names('sent'), len(self.disclosures())), (0, ['a.xml'], 1))


class HeldNames(SpoolTest):
    def test_whatever_a_held_message_is_called_it_can_be_released_and_dropped(self):
        bsn, spool = self.person(), self.spool()
        names = ['-x', 'a b\n.xml', 'c~2', 'd\udcff.xml', "e'$(f).xml", f'van {bsn}.xml', f'{bsn[:4]}.{bsn[4:6]} {bsn[6:]}',
                 ''.join(chr(0xff10 + int(digit)) for digit in bsn)]
        for number, name in enumerate(names):
            spool.put(name, message(bsn, number))
        result = spool.once()
        self.assertEqual((result.returncode, 'held van *********.xml: DENIED' in result.stderr), (0, True), result.stderr)
        self.assertIn('held ****.** ***: DENIED', result.stderr)  # however it is spelled
        for number in (bsn, *names[-2:]):
            self.assertNotIn(number, result.stderr)  # which is kept in a log
        self.assertEqual(len(spool.held('list').stdout.splitlines()), 1 + len(names))
        (spool.path / 'held' / ('c~2' + REPORT)).unlink()
        gone = spool.held('show', 'c~2')
        self.assertEqual((gone.returncode, 'its report is gone' in gone.stderr), (66, True), gone.stderr)
        for name in names:
            self.assertEqual(spool.held('release', '--', name).returncode, 0, name)
            self.assertEqual(spool.held('drop', '--', name, stdin='dubbel\n').returncode, 0, name)
        for name in ('.', '..', '', 'a/b', 'x' * 300):
            self.assertIn(spool.held('drop', '--', name, stdin='dubbel\n').returncode, (64, 66), name)
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual((spool.names('held'), spool.names('failed')), ([], sorted(names)))


    def test_however_long_names_are_the_list_fits_a_terminal_and_has_all_of_them(self):
        bsn, spool = self.person(), self.spool()
        names = ['toewijzing-' + 'q' * 80 + '.xml', 'Zoë toewijzing van de zevenentwintigste november.xml', 'kort.xml']
        for number, name in enumerate(names):
            spool.put(name, message(bsn, number))
        self.assertEqual(spool.once().returncode, 0)
        for columns in (80, 40):
            for arguments in (['list'], ['show', names[0]]):
                shown = shown_at(columns, spool.program, 'held', '--spool', spool.path, *arguments)
                self.assertLessEqual(max(map(width, shown)), columns, shown)
                self.assertIn('DENIED', ' '.join(shown))
                self.assertGreaterEqual(''.join(shown).count('q'), 80)  # none of it is cut off
        piped = spool.held('list').stdout.splitlines()
        self.assertEqual(len(piped), 1 + len(names))
        for name in names:
            self.assertEqual(len([line for line in piped if name in line]), 1, piped)


class Work(SpoolTest):
    def test_what_was_made_of_a_message_that_is_held_after_all_is_not_kept(self):
        bsn, spool = self.person(), self.started()
        consent = self.granted(bsn, categories=D1)
        spool.put('a.xml', message(bsn))
        spool.wait_until_in('sent', 'a.xml')
        self.assertOk(self.client('kernteam').revoke(consent, categories=['email']))
        spool.put('b.xml', message(bsn))  # the same once more: it was decided, and may not go any more
        spool.wait_until_in('held', 'b.xml')
        self.assertEqual(spool.report('held', 'b.xml')['code'], 'REVOKED_SINCE')
        self.assertEqual([path.name for path in (spool.path / 'work').iterdir() if path.suffix == '.out'], [])
        self.assertEqual(spool.stop(), 0, spool.said())


class Events(SpoolTest):
    def test_who_may_have_missed_events_is_told_how_to_begin_anew(self):
        bsn, spool = self.person(), self.started()
        consent = self.granted(bsn, categories=D1)
        spool.put('a.xml', message(bsn))
        spool.wait_until_in('sent', 'a.xml')
        self.assertOk(self.client('kernteam').revoke(consent))
        spool.wait_for(lambda: self.notices(spool), 'there is no notice')
        self.assertEqual(spool.stop(), 0, spool.said())
        spool.command += ['--from-event', '1']
        spool.start()
        self.assertEqual(spool.process.wait(60), 76, spool.said())
        spool.process = None
        self.assertIn('begin anew with --from-event', spool.said())


class Erased(ErasureTest, SpoolTest):
    def test_of_a_subject_who_is_erased_the_spool_keeps_nothing_that_it_held(self):
        bsn, spool = self.person(), self.started()
        self.granted(bsn, categories=['naw'])
        spool.put('a.xml', message(bsn))
        spool.wait_until_in('held', 'a.xml')
        subject, = spool.report('held', 'a.xml')['subjects']
        self.erased(self.asked(bsn), bsn)
        spool.wait_for(lambda: (spool.path / 'failed' / 'a.xml.report.json').exists(), 'the message is not ended')
        spool.wait_for(lambda: spool.names('held') == [], 'the message is kept')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual(spool.names('failed'), [])
        report = spool.report('failed', 'a.xml')
        self.assertEqual((report['code'], report['file']), ('ERASED', 'a.xml'))
        self.assertEqual(set(report) & {'subjects', 'clients', 'elements', 'decision'}, set())
        left = b''.join(path.read_bytes() for path in spool.path.rglob('*') if path.is_file())
        self.assertNotIn(bsn.encode(), left)
        self.assertNotIn(subject.encode(), left)


class Asked(SpoolTest):
    def test_what_was_granted_for_one_time_is_asked_for_anew_by_what_did_not_go_with_it(self):
        bsn, spool, kernteam = self.person(), self.of_the_wijkteam(), self.client('kernteam')
        for numbers in ((1, 2), (3,)):  # two that wait for the same answer, and one that comes later
            for number in numbers:
                spool.put(f'{number}.xml', message(bsn, number, sender='1885'))
                spool.wait_until_in('held', f'{number}.xml')
            for _ in numbers:
                spool.wait_for(lambda: kernteam.waiting(bsn), 'nothing is asked for')
                went, (asked,) = len(spool.names('sent')), kernteam.waiting(bsn)
                self.assertOk(kernteam.grant(bsn, providers=[WIJKTEAM], categories=list(asked.scope.categories), origins=['wmo'],
                                             answers=asked.consent_id, days=30, one_time=True))
                spool.wait_for(lambda: len(spool.names('sent')) == went + 1, 'nothing goes')
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual(len(self.disclosures()), 3)


if __name__ == '__main__':
    unittest.main()
