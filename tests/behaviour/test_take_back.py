"""What takes back (StatusAanlevering 3): of what went, of what is held, and of what never went."""
import json
import os
import random
import re
import time
import unittest

from harness import PLAIN, SOURCE, OwnInstanceTest, let_work, tool
from spooling import Gate, Spool, message
from test_restriction import restriction_request
from test_spool_look import everything

HORIZON = 'zorgaanbieder-horizon'
MAPPINGS = SOURCE / 'config' / 'adapters'
LAWS = ('wmo', 'jw')


def told(bsn, number, *products, kind='wmo305'):
    """A message about this subject, of products as (number of the allocation, status)."""
    text = re.sub('Bsn>[0-9]{9}<', f'Bsn>{bsn}<', message(bsn, number, f'{kind}.xml'))
    name = 'StartProduct' if kind.endswith('305') else 'StopProduct'
    start, end = text.index(f'<w:{name}>'), text.index(f'</w:{name}>') + len(f'</w:{name}>')
    one = text[start:end]
    made = ''.join(one.replace('>4171<', f'>{allocation}<').replace('Aanlevering>1<', f'Aanlevering>{status}<')
                   for allocation, status in products)
    return text[:start] + made + text[end:]


class TakeBackTest(OwnInstanceTest):
    def prepare(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'))

    def setUp(self):
        super().setUp()
        self.registry.change_party('gemeente', 'gemeente', 'partner', gemeentecode='1884')

    def spool(self, *options, **more):
        mappings = [word for law in LAWS for number in ('305', '307') for word in ('--mapping', MAPPINGS / f'{law}{number}.map')]
        spool = Spool(self.registry, *mappings, '--to', 'gemeente', *options, program='adapter/consent-adapter', party=HORIZON, **more)
        self.addCleanup(spool.destroy)
        return spool

    def restrict(self, bsn, lift=False):
        """Holds every message about the subject, which cannot go without this."""
        self.assertOk(self.client('kernteam').call(restriction_request('lift_restriction' if lift else 'restrict_data', bsn, ['geslacht'])))

    def went(self, spool, *names):
        """Puts messages (name, text) there, lets the spool do what it can, and gives what is in sent/, held/ and failed/."""
        for name, text in names:
            spool.put(name, text)
        result = spool.once()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(spool.names('in'), [])
        return tuple(spool.names(folder) for folder in ('sent', 'held', 'failed'))

    def single(self, spool, name, *options):
        result = tool('adapter/consent-adapter', '--key', self.registry.key_file(HORIZON), '--to', 'gemeente', '--mapping',
                      MAPPINGS / 'wmo305.map', '--ledger', spool.path / 'ledger', *options, self.registry.directory / name)
        self.assertEqual(result.returncode, 0, result.stderr)

    def disclosures(self):
        return [entry for entry in self.client('operator').audit()
                if entry.action == 'check' and 'DISCLOSE' in entry.details and entry.result in ('permit', 'partial')]

    def takes_back(self, spool, folder, name):
        told_of = spool.report(folder, name)['takes_back']
        return told_of['products'], told_of['went'], told_of['held']


class OfWhatWent(TakeBackTest):
    def test_what_went_is_noted_as_taken_back_once_and_the_report_says_of_how_many(self):
        for kind in ('wmo305', 'jw307'):
            with self.subTest(kind):
                bsn, spool = self.person(), self.spool()
                self.went(spool, ('first.xml', told(bsn, 1, (1, 1), (2, 1), kind=kind)))
                self.went(spool, ('changed.xml', told(bsn, 2, (1, 2), kind=kind)))
                self.went(spool, ('other.xml', told(bsn, 3, (3, 1), kind=kind)))
                removal = told(bsn, 4, (1, 3), kind=kind).replace('ToewijzingNummer>', 'ToewijzingNummer> ', 1)  # the same number
                ends = self.went(spool, ('removal.xml', removal))
                self.assertEqual(ends, (['changed.xml', 'first.xml', 'other.xml', 'removal.xml'], [], []))
                self.assertEqual(self.takes_back(spool, 'sent', 'removal.xml'), (1, 2, 0))
                self.assertIsNone(spool.report('sent', 'first.xml')['takes_back'])
                self.assertNotIn(bsn, json.dumps(spool.report('sent', 'removal.xml')))
                self.went(spool, ('again.xml', told(bsn, 5, (1, 3), kind=kind)))
                self.assertEqual(self.takes_back(spool, 'sent', 'again.xml'), (1, 0, 0))
                self.went(spool, ('anew.xml', told(bsn, 6, (1, 1), kind=kind)))
                self.went(spool, ('anew-back.xml', told(bsn, 7, (1, 3), kind=kind)))
                self.assertEqual(self.takes_back(spool, 'sent', 'anew-back.xml'), (1, 1, 0))

    def test_another_subject_another_sort_of_message_or_another_product_is_left_alone(self):
        bsn, other, spool = self.person(), self.person(), self.spool()
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1))), ('b.xml', told(other, 2, (1, 1))),
                  ('c.xml', told(bsn, 3, (1, 1), kind='wmo307')), ('d.xml', told(bsn, 4, (2, 1))))
        self.went(spool, ('removal.xml', told(bsn, 5, (1, 3))))
        self.assertEqual(self.takes_back(spool, 'sent', 'removal.xml'), (1, 1, 0))

    def test_what_never_went_is_taken_back_as_any_other_goes(self):
        bsn, spool = self.person(), self.spool()
        self.assertEqual(self.went(spool, ('a.xml', told(bsn, 1, (1, 3)))), (['a.xml'], [], []))
        self.assertEqual(self.takes_back(spool, 'sent', 'a.xml'), (1, 0, 0))
        self.assertEqual(len(self.disclosures()), 1)

    def test_a_notice_still_tells_of_what_was_taken_back_and_says_so(self):
        bsn, spool = self.person(), self.spool()
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1), (2, 1))))
        self.went(spool, ('removal.xml', told(bsn, 2, (1, 3))))
        self.granted(bsn, purpose='extern-overleg', categories=['naw'], days=30, one_time=True)
        spool.start()
        spool.wait_for(lambda: (spool.path / 'ledger' / 'position').exists(), 'it does not listen')
        self.restrict(bsn)
        spool.wait_for(lambda: list((spool.path / 'notices').glob('*-gegevens-afgeschermd.json')), 'there is no notice')
        self.assertEqual(spool.stop(), 0, spool.said())
        notice = json.loads(next((spool.path / 'notices').iterdir()).read_text())
        self.assertEqual({one['file']: (one['products'], one['taken_back']) for one in notice['messages']},
                         {'a.xml': (2, 1), 'removal.xml': (0, 0)})

    def test_single_runs_know_it_by_their_ledger(self):
        ledger, report = self.registry.directory / 'ledger', self.registry.directory / 'report.json'

        def run(text, *options):
            return tool('adapter/consent-adapter', '--key', self.registry.key_file(HORIZON), '--to', 'gemeente', '--mapping',
                        MAPPINGS / f'{kind}.map', '--report', report, *options, self.registry.write('in.xml', text))
        for kind in ('wmo305', 'jw307'):
            bsn = self.person()
            removal = told(bsn, 2, (1, 3), kind=kind)
            for options, went in ((('--ledger', ledger), 0), (('--ledger', ledger), 1), ((), 0)):
                if went:
                    self.assertEqual(run(told(bsn, 1, (1, 1), kind=kind), '--ledger', ledger).returncode, 0)
                    removal = told(bsn, 3, (1, 3), kind=kind)
                for _ in range(2):  # the same command again says the same
                    result = run(removal, *options)
                    self.assertEqual(result.returncode, 0, result.stderr)
                    self.assertEqual(json.loads(report.read_text())['takes_back'], {'products': 1, 'went': went, 'held': 0})


class OfWhatIsHeld(TakeBackTest):
    def test_both_end_and_nothing_is_disclosed(self):
        for kind in ('jw305', 'wmo307'):
            with self.subTest(kind):
                bsn, spool = self.person(), self.spool()
                self.restrict(bsn)
                self.assertEqual(self.went(spool, ('a.xml', told(bsn, 1, (1, 1), kind=kind))), ([], ['a.xml'], []))
                ends = self.went(spool, ('removal.xml', told(bsn, 2, (1, 3), kind=kind)))
                self.assertEqual(ends, ([], [], ['a.xml', 'removal.xml']))
                for name in ends[2]:
                    report = spool.report('failed', name)
                    self.assertEqual((report['outcome'], report['code'], report['file']), ('HELD', 'TAKEN_BACK', name))
                self.assertEqual(self.takes_back(spool, 'failed', 'removal.xml'), (1, 0, 1))
                self.assertEqual(spool.text('failed', 'a.xml'), told(bsn, 1, (1, 1), kind=kind))
                self.restrict(bsn, lift=True)
                self.assertEqual(self.went(spool), ([], [], ['a.xml', 'removal.xml']))
                self.assertEqual([path.name for path in (spool.path / 'work').glob('*.*')], [])
        self.assertEqual(self.disclosures(), [])

    def test_of_what_holds_more_only_the_one_product_goes_no_more(self):
        bsn, spool = self.person(), self.spool()
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1), (2, 1))))
        self.assertEqual(self.went(spool, ('removal.xml', told(bsn, 2, (1, 3)))), ([], ['a.xml'], ['removal.xml']))
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool), (['a.xml'], [], ['removal.xml']))
        self.assertNotIn('ToewijzingNummer>1<', spool.text('sent', 'a.xml'))
        self.assertIn('ToewijzingNummer>2<', spool.text('sent', 'a.xml'))
        outcomes = {one['path']: one['outcome'] for one in spool.report('sent', 'a.xml')['elements']}
        self.assertEqual(outcomes['Client/StartProducten/StartProduct[1]'], 'TAKEN_BACK')
        self.went(spool, ('rest.xml', told(bsn, 3, (2, 3))))
        self.assertEqual(self.takes_back(spool, 'sent', 'rest.xml'), (1, 1, 0))

    def test_what_takes_back_and_tells_more_goes_with_what_is_left(self):
        bsn, spool = self.person(), self.spool()
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1))))
        self.assertEqual(self.went(spool, ('b.xml', told(bsn, 2, (1, 3), (2, 1)))), ([], ['b.xml'], ['a.xml']), 'though it is held itself')
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool), (['b.xml'], [], ['a.xml']))
        self.assertNotIn('ToewijzingNummer>1<', spool.text('sent', 'b.xml'))
        self.assertIn('ToewijzingNummer>2<', spool.text('sent', 'b.xml'))
        self.assertEqual(self.takes_back(spool, 'sent', 'b.xml'), (1, 0, 1))

    def test_of_what_others_send_to_this_party_too(self):
        bsn = self.person()
        spool = Spool(self.registry, '--mapping', MAPPINGS / 'wmo305.map', '--to', 'gemeente', program='adapter/consent-adapter', party='gemeente')
        self.addCleanup(spool.destroy)
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1), (3, 1))))
        self.assertEqual(spool.report('held', 'a.xml')['provider'], HORIZON)
        self.assertEqual(self.went(spool, ('b.xml', told(bsn, 2, (1, 3), (2, 1)))), ([], ['a.xml', 'b.xml'], []))
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool), (['a.xml', 'b.xml'], [], []))
        for name, gone, left in ('a.xml', 1, 3), ('b.xml', 1, 2):
            self.assertNotIn(f'ToewijzingNummer>{gone}<', spool.text('sent', name))
            self.assertIn(f'ToewijzingNummer>{left}<', spool.text('sent', name))

    def test_what_changes_something_that_went_ends_and_what_takes_it_back_goes(self):
        for before in (True, False):  # whether the ledger knows that it went, or only the message says so
            with self.subTest(before=before):
                bsn, spool = self.person(), self.spool()
                if before:
                    self.went(spool, ('a.xml', told(bsn, 1, (1, 1))))
                self.restrict(bsn)
                self.went(spool, ('changed.xml', told(bsn, 2, (1, 2))))
                ends = self.went(spool, ('removal.xml', told(bsn, 3, (1, 3))))
                self.assertEqual(ends[1:], (['removal.xml'], ['changed.xml']))
                self.restrict(bsn, lift=True)
                self.assertEqual(self.went(spool)[0], ['a.xml', 'removal.xml'] if before else ['removal.xml'])
                self.assertEqual(self.takes_back(spool, 'sent', 'removal.xml'), (1, int(before), 1))

    def test_what_is_held_for_another_reason_ends_as_well(self):
        bsn, spool = self.person(), self.spool()
        wrong = told(bsn, 1, (1, 1)).replace('>Verzonnen<', f'>{bsn}<')
        self.assertEqual(self.went(spool, ('a.xml', wrong)), ([], ['a.xml'], []))
        self.assertEqual(spool.report('held', 'a.xml')['code'], 'BSN_IN_TEXT')
        self.assertEqual(self.went(spool, ('removal.xml', told(bsn, 2, (1, 3)))), ([], [], ['a.xml', 'removal.xml']))

    def test_what_takes_back_but_may_not_be_sent_so_takes_back_nothing(self):
        bsn, spool = self.person(), self.spool()
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1))))
        wrong = told(bsn, 2, (1, 3)).replace('>99990001<', '>99990009<')
        self.assertEqual(self.went(spool, ('removal.xml', wrong)), ([], ['a.xml', 'removal.xml'], []))
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool), (['a.xml'], ['removal.xml'], []))

    def test_of_both_at_once_the_one_that_was_written_first_is_first(self):
        bsn, spool = self.person(), self.spool()
        self.restrict(bsn)
        texts = [('z.xml', told(bsn, 1, (1, 1))), ('y.xml', told(bsn, 2, (1, 3))), ('x.xml', told(bsn, 3, (1, 1)))]
        self.assertEqual(self.went(spool, *texts), ([], ['x.xml'], ['y.xml', 'z.xml']))
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool), (['x.xml'], [], ['y.xml', 'z.xml']), 'what was written later is another beginning')

    def test_what_is_held_and_was_written_later_is_another_beginning_too(self):
        bsn, spool = self.person(), self.spool()
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1))))
        spool.put('older.xml', told(bsn, 2, (1, 3)))
        os.utime(spool.path / 'in' / 'older.xml', (time.time() - 3600,) * 2)
        self.assertEqual(self.went(spool), ([], ['a.xml', 'older.xml'], []))
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool), (['a.xml', 'older.xml'], [], []))
        self.assertIn('ToewijzingNummer>1<', spool.text('sent', 'a.xml'))

    def test_of_a_folder_of_many_what_was_written_first_is_decided_first(self):
        bsn, spool = self.person(), self.spool()
        place = spool.path / 'in'
        for number in range(600):  # more than one group takes
            (place / f'f{number}.xml').write_text('<broken')
        names = [entry.name for entry in os.scandir(place)]
        removal, product = names[0], names[-1]  # the directory gives them the wrong way round
        for name, text, ago in (product, told(bsn, 1, (1, 1)), 100), (removal, told(bsn, 2, (1, 3)), 50):
            (place / name).write_text(text)
            os.utime(place / name, (time.time() - ago,) * 2)
        self.assertEqual(spool.once('--quiet').returncode, 0)
        self.assertEqual(spool.report('sent', removal)['takes_back']['went'], 1)
        self.assertLess(spool.report('sent', product)['decision'], spool.report('sent', removal)['decision'])

    def test_what_takes_back_what_is_in_the_group_before_is_decided_after_it(self):
        """Also where that is about to be disclosed while this one is asked about."""
        bsn, spool = self.person(), self.spool()
        texts = [('product.xml', told(bsn, 1, (1, 1))), *((f'f{number}.xml', '<broken') for number in range(520)),
                 ('removal.xml', told(bsn, 2, (1, 3)))]
        for number, (name, text) in enumerate(texts):
            (spool.path / 'in' / name).write_text(text)
            os.utime(spool.path / 'in' / name, (time.time() - 3600 + number,) * 2)
        self.assertEqual(spool.once('--quiet').returncode, 0)
        self.assertEqual(self.takes_back(spool, 'sent', 'removal.xml'), (1, 1, 0))

    def test_a_single_run_with_the_ledger_of_a_spool_takes_back_what_that_holds(self):
        bsn, spool = self.person(), self.spool()
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1))))
        removal = self.registry.write('removal.xml', told(bsn, 2, (1, 3)))
        held = tool('adapter/consent-adapter', '--key', self.registry.key_file(HORIZON), '--to', 'gemeente', '--mapping',
                    MAPPINGS / 'wmo305.map', '--ledger', spool.path / 'ledger', removal)
        self.assertEqual((held.returncode, held.stdout), (1, ''))
        self.assertIn('taken back before it went', held.stderr)
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool), ([], [], ['a.xml']))


class OfWhatComesLater(TakeBackTest):
    """What is put there after the one that takes it back, though it was written before."""

    def put_older(self, spool, name, text):
        spool.put(name, text)
        os.utime(spool.path / 'in' / name, (time.time() - 3600,) * 2)

    def test_what_was_written_before_goes_no_more_and_what_was_written_later_does(self):
        bsn, spool = self.person(), self.spool()
        self.went(spool, ('removal.xml', told(bsn, 2, (1, 3))))
        self.put_older(spool, 'a.xml', told(bsn, 1, (1, 1)))
        self.put_older(spool, 'both.xml', told(bsn, 3, (1, 2), (2, 1)))
        self.put_older(spool, 'other.xml', told(bsn, 4, (3, 1)))
        ends = self.went(spool, ('anew.xml', told(bsn, 5, (1, 1))))
        self.assertEqual(ends, (['anew.xml', 'both.xml', 'other.xml', 'removal.xml'], [], ['a.xml']))
        self.assertEqual(spool.report('failed', 'a.xml')['code'], 'TAKEN_BACK')
        self.assertNotIn('ToewijzingNummer>1<', spool.text('sent', 'both.xml'))
        self.assertIn('ToewijzingNummer>2<', spool.text('sent', 'both.xml'))
        self.assertIn('ToewijzingNummer>1<', spool.text('sent', 'anew.xml'))
        self.assertEqual(len(self.disclosures()), 4)

    def test_it_is_known_of_what_ended_and_of_what_is_held(self):
        bsn, spool = self.person(), self.spool()
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 1, (1, 1))))
        self.assertEqual(self.went(spool, ('ended.xml', told(bsn, 2, (1, 3)))), ([], [], ['a.xml', 'ended.xml']))
        self.assertEqual(self.went(spool, ('held.xml', told(bsn, 3, (2, 3)))), ([], ['held.xml'], ['a.xml', 'ended.xml']))
        for number in (1, 2):
            self.put_older(spool, f'late{number}.xml', told(bsn, 3 + number, (number, 1)))
        self.assertEqual(self.went(spool)[2], ['a.xml', 'ended.xml', 'late1.xml', 'late2.xml'])
        self.restrict(bsn, lift=True)
        self.assertEqual(self.went(spool)[0], ['held.xml'])

    def test_what_may_not_be_sent_so_takes_back_nothing_until_it_may(self):
        bsn, spool = self.person(), self.spool()
        self.went(spool, ('removal.xml', told(bsn, 2, (1, 3)).replace('>99990001<', '>99990009<')))
        self.put_older(spool, 'a.xml', told(bsn, 1, (1, 1)))
        self.assertEqual(self.went(spool), (['a.xml'], ['removal.xml'], []))

    def test_what_a_single_run_took_back_comes_no_more_out_of_the_spool(self):
        bsn, spool = self.person(), self.spool()
        self.went(spool)
        self.put_older(spool, 'a.xml', told(bsn, 1, (1, 1)))
        removal = self.registry.write('removal.xml', told(bsn, 2, (1, 3)))
        self.single(spool, removal)
        self.assertEqual(self.went(spool), ([], [], ['a.xml']))
        self.assertEqual(self.went(spool, ('anew.xml', told(bsn, 3, (1, 1))))[0], ['anew.xml'])

    def test_what_was_disclosed_before_it_was_taken_back_goes_as_it_was_decided(self):
        bsn, spool = self.person(), self.spool()
        gate = Gate(self.registry, lambda: list((spool.path / 'work').glob('*.out')))
        self.addCleanup(gate.close)
        spool.use_key(gate.key_file(HORIZON))
        spool.start()
        spool.put('a.xml', told(bsn, 1, (1, 1)))
        spool.wait_for(self.disclosures, 'nothing is disclosed')
        spool.kill()
        gate.close()
        spool.use_key(self.registry.key_file(HORIZON))
        self.single(spool, self.registry.write('removal.xml', told(bsn, 2, (1, 3))))
        self.assertEqual(self.went(spool), (['a.xml'], [], []))
        self.assertEqual(len(self.disclosures()), 2)


class OfADryRun(TakeBackTest):
    """What one message would do to another is told before it does it."""

    def assertComesTrue(self, spool, *names, **expected):
        for name, text in names:
            spool.put(name, text)
        before = everything(spool.path)
        looked = spool.once('--dry-run', '--json')
        *reports, summary = [json.loads(line) for line in looked.stdout.splitlines()]
        self.assertEqual(everything(spool.path), before)
        would = {report['file'].removesuffix('.xml'): (report['would'], report['code'] or '') for report in reports}
        self.assertEqual(len(reports), len(would), 'each is told of once')
        self.assertEqual({name: code or end for name, (end, code) in would.items()}, expected, looked.stderr)
        self.assertEqual(summary['sent'] + summary['held'] + summary['failed'], len(reports))
        ran = spool.once()
        self.assertEqual(ran.returncode, 0, ran.stderr)
        for name, (end, code) in would.items():
            self.assertIn(f'{name}.xml', spool.names(end.lower()))
            became = spool.report(end.lower(), f'{name}.xml')
            self.assertEqual((became['code'] or '', became['takes_back']),
                             (code, next(report['takes_back'] for report in reports if report['file'] == f'{name}.xml')))

    def test_of_what_goes_and_of_what_is_held(self):
        for restricted in (False, True):
            with self.subTest(restricted=restricted):
                bsn, spool = self.person(), self.spool()
                if restricted:
                    self.restrict(bsn)
                ends = dict.fromkeys(('z', 'y', 'x', 'v'), 'DENIED' if restricted else 'SENT')
                if restricted:
                    ends.update(dict.fromkeys(('z', 'y'), 'TAKEN_BACK'))
                self.assertComesTrue(spool, ('z.xml', told(bsn, 1, (1, 1))), ('y.xml', told(bsn, 2, (1, 3))), ('x.xml', told(bsn, 3, (1, 1))),
                                     ('v.xml', told(bsn, 4, (2, 3))), **ends)

    def test_beside_what_is_in_the_ledger_and_of_two_that_take_back_the_same(self):
        bsn, spool = self.person(), self.spool()
        self.went(spool, ('sent.xml', told(bsn, 1, (1, 1))))
        self.restrict(bsn)
        self.went(spool, ('a.xml', told(bsn, 2, (2, 1))), ('c.xml', told(bsn, 3, (3, 1), (4, 1))))
        self.assertComesTrue(spool, ('back1.xml', told(bsn, 4, (1, 3))), ('back2.xml', told(bsn, 5, (2, 3))), ('back2too.xml', told(bsn, 6, (2, 3))),
                             ('both.xml', told(bsn, 7, (3, 3), (5, 1))),
                             back1='DENIED', back2='TAKEN_BACK', back2too='DENIED', both='DENIED')


class OfWhatIsKnown(TakeBackTest):
    def test_the_same_command_again_leaves_one_entry_in_the_ledger(self):
        bsn, spool = self.person(), self.spool()
        self.went(spool)
        self.registry.write('a.xml', told(bsn, 1, (1, 1)))
        for _ in range(3):
            self.single(spool, 'a.xml', '--out', self.registry.directory / 'out.xml')
        self.assertEqual(len(self.disclosures()), 1)
        self.went(spool, ('removal.xml', told(bsn, 2, (1, 3))))
        self.assertEqual(self.takes_back(spool, 'sent', 'removal.xml'), (1, 1, 0))

    def test_for_how_long_it_is_known_is_a_number_of_days_of_a_ledger(self):
        bsn, spool = self.person(), self.spool('--ledger-days', '1')
        self.assertEqual(self.went(spool, ('a.xml', told(bsn, 1, (1, 1)))), (['a.xml'], [], []))
        self.went(spool, ('removal.xml', told(bsn, 2, (1, 3))))
        self.assertEqual(self.takes_back(spool, 'sent', 'removal.xml'), (1, 1, 0), 'it is of today')
        for options in (('--ledger-days', '0', '--ledger', 'x'), ('--ledger-days', '36526', '--ledger', 'x'),
                        ('--ledger-days', '7x', '--ledger', 'x'), ('--ledger-days', '7')):
            refused = tool('adapter/consent-adapter', '--key', self.registry.key_file(HORIZON), '--mapping', MAPPINGS / 'wmo305.map',
                           *options, 'a.xml')
            self.assertEqual((refused.returncode, refused.stdout), (64, ''))
            self.assertIn('--ledger-days', refused.stderr)


class OfWhatIsKilled(TakeBackTest):
    def test_whenever_it_is_killed_each_has_one_end_and_takes_back_what_it_does(self):
        spool, people = self.spool(build=PLAIN), [self.person() for _ in range(16)]
        for bsn in people[::2]:
            self.restrict(bsn)
        self.went(spool, *((f'a{number}.xml', told(bsn, number, (1, 1))) for number, bsn in enumerate(people)))
        for number, bsn in enumerate(people):
            spool.put(f'b{number}.xml', told(bsn, 100 + number, (1, 3)))
        kills = 0
        while kills < 60 and (spool.names('in') or list((spool.path / 'work' / 'in').iterdir()) or spool.names('held')):
            spool.start()
            let_work(spool.process, 0.003 + random.random() * 0.025)
            spool.kill()
            kills += 1
        sent, held, failed = self.went(spool)
        self.assertEqual(held, [])
        self.assertEqual(sorted(sent), sorted(f'{letter}{number}.xml' for letter in 'ab' for number in range(1, 16, 2)))
        self.assertEqual(sorted(failed), sorted(f'{letter}{number}.xml' for letter in 'ab' for number in range(0, 16, 2)))
        for number in range(1, 16, 2):
            self.assertEqual(self.takes_back(spool, 'sent', f'b{number}.xml'), (1, 1, 0))
            self.assertEqual(self.takes_back(spool, 'failed', f'b{number - 1}.xml'), (1, 0, 1))
            self.assertEqual(spool.report('failed', f'a{number - 1}.xml')['code'], 'TAKEN_BACK')
        self.assertEqual(len(self.disclosures()), 16)
        self.assertGreater(kills, 1)

class Answers(TakeBackTest):
    """What is answered by hand: single runs that share a ledger, of who may send for both."""
    requests = {'306': '305', '308': '307', '316': '315', '318': '317', '325': '323'}

    def prepare(self):
        super().prepare()
        self.ledger = self.registry.directory / 'ledger'

    def single(self, name, *options, ledger=True, message=None):
        sender, receiver = ('gemeente', HORIZON) if name[-3:] in ('319', *self.requests) else (HORIZON, 'gemeente')
        options += ('--ledger', self.ledger) if ledger else ()
        return tool('adapter/consent-adapter', '--key', self.registry.key_file('toezicht'), '--from', sender, '--to', receiver,
                    '--mapping', MAPPINGS / f'{name}.map', *options, message or SOURCE / 'tests' / 'fixtures' / f'{name}.xml')

    def test_a_return_goes_when_what_it_answers_went_and_is_no_disclosure(self):
        self.registry.change_party('toezicht', 'gemeente', 'toezichthouder')
        for law in LAWS:
            for answer, request in self.requests.items():
                with self.subTest(f'{law}{answer}'):
                    held = self.single(f'{law}{answer}')
                    self.assertEqual((held.returncode, held.stdout), (1, ''), held.stderr)
                    sent = self.single(f'{law}{request}')
                    self.assertEqual(sent.returncode, 0, sent.stderr)
                    before = len(self.disclosures())
                    returned = self.single(f'{law}{answer}')
                    self.assertEqual((returned.returncode, bool(returned.stdout)), (0, True), returned.stderr)
                    self.assertEqual(self.single(f'{law}{answer}', ledger=False).returncode, 1)
                    self.assertEqual(len(self.disclosures()), before)

    def test_an_answer_that_names_nobody_is_about_whom_the_request_was_about(self):
        self.registry.change_party('toezicht', 'gemeente', 'toezichthouder')
        for law, request in (('wmo', '315'), ('jw', '317')):
            with self.subTest(law):
                held = self.single(f'{law}319')
                self.assertEqual((held.returncode, held.stdout), (1, ''), held.stderr)
                self.assertEqual(self.single(f'{law}{request}').returncode, 0)
                answered = self.single(f'{law}319')
                self.assertEqual((answered.returncode, bool(answered.stdout)), (0, True), answered.stderr)
                asked, told_of = self.disclosures()[-2:]
                self.assertEqual(asked.subject_ref, told_of.subject_ref)


if __name__ == '__main__':
    unittest.main()
