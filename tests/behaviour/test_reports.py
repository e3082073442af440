"""What the controller must answer (A5): what went to a party, what a user did, what was disclosed about somebody."""
import csv
import datetime
import io
import json
import re
import stat
import unittest
import xml.etree.ElementTree

import envelope_pb2 as wire
import rights_pb2

import lives
from client import check_request, claim_urgent_reasons
from harness import OwnInstanceTest, RegistryTest, now, today, tool
from lives import DELTA, HORIZON
from old_store import OldStore

NO_SUCH, USAGE, CANNOT_CREATE, NO_PERMISSION = 66, 64, 73, 77
TODAY, YESTERDAY, TOMORROW = today(), today() - datetime.timedelta(1), today() + datetime.timedelta(1)
WHOLE = ('--from', YESTERDAY, '--to', TOMORROW)


class ReportTest(RegistryTest):
    def ctl(self, what, *arguments, party='operator', stdin=''):
        return tool('ctl/consentctl', 'report', what, '--key', self.registry.key_file(party), *arguments, stdin=stdin)

    def made(self, what, *arguments, stdin=''):
        done = self.ctl(what, *arguments, stdin=stdin)
        self.assertEqual((done.returncode, done.stderr), (0, ''))
        return done.stdout

    def data(self, what, *arguments, stdin=''):
        return json.loads(self.made(what, '--json', *arguments, stdin=stdin))

    def rows(self, what, *arguments, stdin=''):
        """As a spreadsheet reads it; RFC 4180."""
        path = self.registry.directory / 'report.csv'
        self.assertEqual(self.made(what, '--out', path, *arguments, stdin=stdin), '')
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        raw = path.read_bytes()
        path.unlink()
        self.assertEqual(raw.count(b'\n'), raw.count(b'\r\n'))
        headings, *rows = csv.reader(io.StringIO(raw.decode(), newline=''), strict=True)
        return [dict(zip(headings, row, strict=True)) for row in rows]

    def assertRefused(self, code, told, what, *arguments, party='operator', stdin=''):
        done = self.ctl(what, *arguments, party=party, stdin=stdin)
        self.assertEqual((done.returncode, done.stdout), (code, ''))
        self.assertIn(told, done.stderr)
        self.assertEqual(done.stderr.count('\n'), 1)

    def pseudonym(self, bsn):
        return self.client('operator').audit(bsn=bsn)[-1].object.hex()


class Breach(OwnInstanceTest, ReportTest):
    def setUp(self):
        super().setUp()
        team = self.client('kernteam')
        self.anna, self.bob, self.eve = self.person(), self.person(), self.person()
        for bsn in (self.anna, self.bob):
            self.granted(bsn, categories=['naw', 'toewijzing'], case_ref='zaak-7' if bsn == self.bob else '')
        self.granted(self.eve, recipients=[DELTA])
        self.first = team.disclose(self.anna, ['naw', 'toewijzing'])
        self.assertPermit(self.first)
        self.assertVerdict(team.disclose(self.anna, ['naw', 'budget']), 'PARTIAL')
        asked = self.client(HORIZON).disclose(self.bob, ['naw'], case_ref='zaak-7')
        self.assertPermit(asked)
        self.reference = asked.check.subject_ref.hex()
        self.assertPermit(team.check(self.eve, recipient=DELTA))      # only asked
        self.assertPermit(team.disclose(self.eve, recipient=DELTA))   # to another
        self.assertVerdict(team.disclose(self.eve), 'DENY')

    def test_a5_it_tells_how_many_people_which_categories_on_which_ground_and_when(self):
        data = self.data('breach', '--party', HORIZON, *WHOLE)
        self.assertEqual((data['people_count'], data['special_people'], data['disclosures'], data['items']), (2, 0, 3, 4))
        self.assertEqual({one['category']: (one['special'], one['people'], one['disclosures']) for one in data['categories']},
                         {'naw': ('NO', 2, 3), 'toewijzing': ('NO', 1, 1)})
        self.assertEqual(data['grounds'], [{'ground': 'consent', 'items': 4}])
        self.assertEqual(data['unreadable'], 0)
        self.assertLess(data['first'], data['last'])
        text = self.made('breach', '--party', HORIZON, *WHOLE)
        for line in (r'went to +zorgaanbieder-horizon', r'people +2\n', r'disclosures +3\n',
                     r'naw +Naam, adres en woonplaats +NO +2 +3\n', r'consent +4\n'):
            self.assertRegex(text, line)

    def test_a5_each_person_has_a_line_and_who_asked_can_find_the_person(self):
        rows = {row['subject']: row for row in self.rows('breach', '--party', HORIZON, *WHOLE)}
        self.assertEqual(set(rows), {self.pseudonym(self.anna), self.pseudonym(self.bob)})
        anna, bob = rows[self.pseudonym(self.anna)], rows[self.pseudonym(self.bob)]
        self.assertEqual(anna['known as'], f'kernteam:{self.first.check.subject_ref.hex()}')
        self.assertEqual(bob['known as'], f'{HORIZON}:{self.reference}')
        self.assertEqual((anna['disclosures'], anna['categories'], anna['cases']), ('2', 'naw; toewijzing', ''))
        self.assertEqual((bob['disclosures'], bob['categories'], bob['cases']), ('1', 'naw', 'zaak-7'))
        self.assertEqual((bob['providers'], bob['purposes'], bob['special']), ('kernteam', 'toekenning', 'no'))
        people = self.data('breach', '--party', HORIZON, *WHOLE)['people']
        self.assertEqual([one['known_as'] for one in people],
                         [[{'party': 'kernteam', 'subject_ref': self.first.check.subject_ref.hex()}],
                          [{'party': HORIZON, 'subject_ref': self.reference}]])
        self.assertEqual(people[0]['decisions'][0], self.first.check.decision)

    def test_a5_special_data_and_an_urgent_reason_are_told(self):
        urgent = check_request(self.eve, ['deskundigenadvies'], recipient=DELTA, mode='DISCLOSE')
        self.assertPermit(self.client('kernteam').call(claim_urgent_reasons(urgent)))
        data = self.data('breach', '--party', DELTA, *WHOLE)
        self.assertEqual((data['people_count'], data['special_people'], data['people'][0]['special']), (1, 1, True))
        self.assertEqual({one['category']: one['special'] for one in data['categories']},
                         {'naw': 'NO', 'deskundigenadvies': 'HEALTH'})
        self.assertEqual([one['ground'] for one in data['grounds']], ['consent', 'urgent reasons vitaal-belang'])

    def test_only_what_went_within_the_period_counts(self):
        after = now() + 1
        while now() <= after:
            pass
        last = self.client('kernteam').disclose(self.anna, ['toewijzing'])
        self.assertPermit(last)
        since = datetime.datetime.fromtimestamp(after / 1000, datetime.timezone.utc).isoformat(timespec='milliseconds')
        data = self.data('breach', '--party', HORIZON, '--from', since, '--to', TOMORROW)
        self.assertEqual((data['people_count'], data['people'][0]['decisions']), (1, [last.check.decision]))
        data = self.data('breach', '--party', HORIZON, '--from', YESTERDAY, '--to', since)
        self.assertEqual((data['people_count'], data['disclosures']), (2, 3))
        self.assertEqual(self.data('breach', '--party', HORIZON, '--from', YESTERDAY, '--to', YESTERDAY)['people'], [])

    def test_checks_of_a_batch_count_and_an_answer_that_is_given_again_does_not(self):
        batch = wire.Request()
        for bsn in (self.anna, self.eve):
            batch.batch.checks.add().CopyFrom(check_request(bsn, ['naw'], mode='DISCLOSE').check)
        self.assertOk(self.client('kernteam').call(batch))
        again = check_request(self.bob, ['naw'], mode='DISCLOSE', case_ref='zaak-7')
        self.assertPermit(self.client('kernteam').call(again))
        self.assertTrue(self.client('kernteam').call(again).replayed)
        data = self.data('breach', '--party', HORIZON, *WHOLE)
        self.assertEqual((data['people_count'], data['disclosures'], data['items'], data['unreadable']), (2, 5, 6, 0))

    def test_a_line_that_cannot_be_read_is_told(self):
        decision = self.first.check.decision
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.damage_line(decision)
        self.registry.start(options=['--restored'])
        self.shared.clear()
        done = self.ctl('breach', '--party', HORIZON, *WHOLE, '--json')
        data = json.loads(done.stdout)
        self.assertEqual((data['unreadable'], data['disclosures']), (1, 2))
        self.assertIn('1 lines of the log cannot be read', done.stderr)

    def test_a_party_that_was_removed_is_reported_all_the_same(self):
        self.assertOk(self.client('operator').party_remove(HORIZON))
        self.assertEqual(self.data('breach', '--party', HORIZON, *WHOLE)['people_count'], 2)

    def test_more_lines_than_a_page_are_counted_and_the_report_is_one_line_of_the_log(self):
        lives.busy(self, 230)
        before = self.client('operator').audit()[-1].number
        self.assertEqual(self.data('breach', '--party', DELTA, *WHOLE)['disclosures'], 46 + 1)
        later = [entry for entry in self.client('operator').audit(after=before) if entry.action == 'audit-list']
        self.assertEqual(len(later), 1 + 1)  # that of the report, and that of looking after it before

    def test_a_period_that_ends_before_it_begins_and_other_bad_input_is_refused(self):
        party = ('--party', HORIZON)
        self.assertRefused(USAGE, 'ends before it begins', 'breach', *party, '--from', TODAY, '--to', YESTERDAY)
        self.assertRefused(USAGE, 'has not begun', 'breach', *party, '--from', TOMORROW, '--to', TOMORROW)
        self.assertRefused(USAGE, '--from: this day does not exist', 'breach', *party, '--from', '2026-02-30', '--to', TODAY)
        self.assertRefused(USAGE, '--to: not a day', 'breach', *party, '--from', YESTERDAY, '--to', 'nu')
        self.assertRefused(USAGE, '--to', 'breach', *party, '--from', YESTERDAY)
        self.assertRefused(USAGE, '--format is text, csv or json', 'breach', *party, *WHOLE, '--format', 'svg')
        self.assertRefused(NO_SUCH, 'NOT_FOUND', 'breach', '--party', 'onbekend', *WHOLE)
        self.assertRefused(NO_SUCH, 'nergens', 'breach', *party, *WHOLE, '--policy', 'nergens')
        self.assertRefused(NO_PERMISSION, '', 'breach', *party, *WHOLE, party='kernteam')
        path = self.registry.write('er-al.csv', 'van een ander', 0o600)
        self.assertRefused(CANNOT_CREATE, 'nothing is written', 'breach', *party, *WHOLE, '--out', path)
        self.assertEqual(path.read_text(), 'van een ander')


class User(ReportTest):
    def test_a5_every_line_of_the_user_and_of_nobody_else(self):
        bsn = self.person()
        team = self.client('kernteam')
        other = check_request(bsn)
        other.check.user = 'mw-zwart'
        decision = team.call(other).check.decision
        denied = check_request(bsn, ['budget'], recipient=DELTA)
        denied.check.user = 'mw-zwart'
        second = self.client(DELTA).call(denied).check.decision
        entries = self.data('user', 'mw-zwart', *WHOLE)['entries']
        self.assertEqual([(entry['number'], entry['party'], entry['action']) for entry in entries],
                         [(decision, 'kernteam', 'check'), (second, DELTA, 'check')])
        self.assertEqual([row['number'] for row in self.rows('user', 'mw-zwart', '--party', DELTA)], [str(second)])
        self.assertRegex(self.made('user', 'mw-zwart'), rf'(?m)^ *{decision} .* kernteam +requests +check +deny ')
        self.assertEqual(self.made('user', 'mw-zwar'), 'No lines.\n')
        self.assertEqual(self.data('user', 'mw-zwart', '--to', YESTERDAY)['lines'], 0)

    def test_who_looks_is_a_user_too(self):
        self.made('user', 'niemand', '--user', 'beheerder-4')
        entries = self.data('user', 'beheerder-4')['entries']
        self.assertEqual({(entry['party'], entry['action']) for entry in entries}, {('operator', 'audit-list')})

    def test_bad_input_is_refused(self):
        self.assertRefused(USAGE, 'ends before it begins', 'user', 'x', '--from', TODAY, '--to', YESTERDAY)
        self.assertRefused(USAGE, '', 'user')
        self.assertRefused(NO_SUCH, 'NOT_FOUND', 'user', 'x', '--party', 'onbekend')
        self.assertRefused(NO_PERMISSION, 'FORBIDDEN', 'user', 'x', party='kernteam')


class Disclosures(ReportTest):
    def test_a5_each_disclosure_of_the_subject_and_no_other(self):
        bsn, other = lives.ordinary(self), lives.withdrawn(self)
        told = self.data('disclosures', '--subject', stdin=bsn)['disclosures']
        self.assertEqual([(one['recipient'], one['data'], one['grounds'], one['case_ref']) for one in told],
                         [(HORIZON, ['naw:wmo', 'toewijzing:wmo'], ['consent'], 'zaak-2026-118'),
                          (HORIZON, ['naw:wmo'], ['consent'], 'zaak-2026-118'),
                          (HORIZON, ['budget:wmo'], ['consent'], ''),
                          ('cak', ['naw:wmo'], ['statute wmo-2015'], '')])
        self.assertEqual({one['user'] for one in told}, {'medewerker-17'})
        rows = self.rows('disclosures', stdin=bsn)
        self.assertEqual([(row['to'], row['data']) for row in rows],
                         [(one['recipient'], ', '.join(one['data'])) for one in told])
        text = self.made('disclosures', stdin=bsn)
        self.assertRegex(text, r'kernteam +kernteam +cak +eigen-bijdrage +naw:wmo +statute wmo-2015')
        self.assertNotIn(bsn, text)
        self.assertEqual(len(self.data('disclosures', stdin=other)['disclosures']), 1)

    def test_r5_it_is_no_earlier_overview_for_the_subject(self):
        bsn = lives.ordinary(self)
        self.made('disclosures', stdin=bsn)
        made = tool('ctl/consentctl', 'overview', '--json', '--key', self.registry.key_file('kernteam'), stdin=bsn)
        self.assertIsNone(json.loads(made.stdout)['previous_at'])

    def test_somebody_of_whom_nothing_is_known_and_bad_input(self):
        self.assertEqual(self.made('disclosures', stdin=self.person(born=None)), 'No disclosures.\n')
        self.assertRefused(65, '', 'disclosures', stdin='123456789')
        self.assertRefused(USAGE, 'ends before it begins', 'disclosures', '--from', TODAY, '--to', YESTERDAY)
        self.assertRefused(NO_PERMISSION, 'FORBIDDEN', 'disclosures', party='kernteam', stdin=self.person())


class Figures(OwnInstanceTest, ReportTest):
    SVG = '{http://www.w3.org/2000/svg}'

    def setUp(self):
        super().setUp()
        lives.ordinary(self)
        self.withdrawn = lives.withdrawn(self)
        team = self.client('kernteam')
        self.assertDenied(team.check(self.person()), 'NO_CONSENT')
        self.assertDenied(team.check(self.person(), purpose='eigen-bijdrage'), 'PURPOSE_NOT_IN_FLOW')
        asked = {'bsn': self.withdrawn, 'by': 'subject', 'user': 'mw-1', 'way': rights_pb2.WAY_POST,
                 'identity': rights_pb2.IDENTITY_DIGID}
        for days, outcome in ((9, rights_pb2.RIGHTS_GRANTED), (3, rights_pb2.RIGHTS_GRANTED), (0, rights_pb2.RIGHTS_WITHDRAWN)):
            opened = team.ask('rights_open', kind=rights_pb2.RIGHTS_ACCESS, **asked,
                              received=str(TODAY - datetime.timedelta(days)))
            self.assertOk(opened)
            self.assertOk(team.ask('rights_decide', number=opened.rights.request.number, outcome=outcome, user='mw-1'))

    def test_a5_the_counts_of_a_year(self):
        data = self.data('figures', '--year', TODAY.year)
        self.assertEqual(data['disclosures'], {'permitted': 5, 'partly': 0, 'denied': 1})
        self.assertEqual(data['advice'], {'permitted': 0, 'partly': 0, 'denied': 3})
        self.assertEqual({one['code']: one['checks'] for one in data['reasons']},
                         {'CATEGORY_NOT_NEEDED': 1, 'REVOKED': 1, 'REFUSED': 1, 'NO_CONSENT': 1, 'PURPOSE_NOT_IN_FLOW': 1})
        self.assertEqual([data[name] for name in ('asked', 'consents', 'refusals', 'withdrawals', 'restrictions', 'unreadable')],
                         [1, 3, 1, 2, 1, 0])
        rights = {one['kind']: one for one in data['rights']}
        access = rights['RIGHTS_ACCESS']
        self.assertEqual([access[name] for name in ('received', 'decided', 'granted', 'withdrawn', 'late', 'median_days')],
                         [3, 3, 2, 1, 0, 3])
        self.assertEqual((rights['RIGHTS_RECTIFICATION']['received'], rights['RIGHTS_RECTIFICATION']['median_days']), (1, None))

    def test_v8_how_long_it_took_until_the_last_party_had_heard(self):
        data = self.data('figures', '--year', TODAY.year)
        self.assertEqual((data['heard'], data['not_heard'], data['heard_unknown'], data['median_heard_ms']), (0, 2, 0, None))
        self.assertIn('niet bekend', self.made('figures', '--year', TODAY.year))
        revoked = [entry.time for entry in self.client('operator').audit() if entry.action == 'revoke']
        for party in ('kernteam', DELTA):
            lives.acknowledge_all(self, party)
        last = [entry.time for entry in self.client('operator').audit() if entry.action == 'acknowledge'][-1]
        data = self.data('figures', '--year', TODAY.year)
        self.assertEqual((data['heard'], data['not_heard'], data['heard_unknown']), (2, 0, 0))
        self.assertEqual(data['median_heard_ms'], last - revoked[1])  # the lower of two

    def test_the_table_and_the_csv_have_the_same_figures(self):
        rows = {(row['onderdeel'], row['wat']): row['aantal'] for row in self.rows('figures', '--from', YESTERDAY, '--to', TODAY)}
        self.assertEqual(rows['Vragen bij een verstrekking', 'toegestaan'], '5')
        self.assertEqual(rows['Waarom er nee werd gezegd', 'er is geen toestemming'], '1')
        self.assertEqual(rows['Verzoeken van betrokkenen, beslist', 'Inzage: mediane tijd tot het antwoord'], '3 dagen')
        text = self.made('figures', '--from', YESTERDAY, '--to', TODAY)
        for (section, what), number in rows.items():
            self.assertRegex(text, rf'(?m)^{re.escape(section)} +{re.escape(what)} +{number}$')

    def test_the_picture_says_every_figure_in_words_too_and_runs_nothing(self):
        path = self.registry.directory / 'cijfers.svg'
        self.made('figures', '--year', TODAY.year, '--out', path)
        root = xml.etree.ElementTree.parse(path).getroot()
        self.assertEqual((root.tag, root.get('role')), (self.SVG + 'svg', 'img'))
        self.assertEqual({one.tag.removeprefix(self.SVG) for one in root.iter()},
                         {'svg', 'title', 'desc', 'style', 'rect', 'line', 'text', 'tspan'})
        self.assertTrue(root.find(self.SVG + 'title').text)
        told, texts = root.find(self.SVG + 'desc').text, [''.join(one.itertext()) for one in root.iter(self.SVG + 'text')]
        for row in self.rows('figures', '--year', TODAY.year):
            self.assertIn(f'{row["wat"]} {row["aantal"]}', told)
            self.assertIn(row['wat'], texts)
            self.assertIn(row['aantal'], texts)
        bars = {(rect.get('x'), rect.get('y')): int(rect.get('width')) for rect in root.iter(self.SVG + 'rect') if rect.get('x')}
        width = int(root.get('viewBox').split()[2])
        self.assertTrue(all(0 <= bar <= width - 2 * 16 - 76 for bar in bars.values()))
        sizes = [int(size) for size in re.findall(r'font-size: (\d+)px', root.find(self.SVG + 'style').text)]
        self.assertGreaterEqual(min(sizes) * 390 / width, 11)  # on a telephone
        lines = [line for one in root.iter(self.SVG + 'text') if one.get('class') == 'label' for line in one.itertext()]
        self.assertLessEqual(max(map(len, lines)), 55)
        self.assertIn('voor dit doel is tussen deze soorten partijen geen ', lines)

    def test_nothing_in_it_is_about_a_person(self):
        everything = self.made('figures', '--year', TODAY.year, '--json') + self.made('figures', '--year', TODAY.year)
        for secret in (self.withdrawn, self.pseudonym(self.withdrawn), 'medewerker-17', 'mw-1', 'zaak-2026-118'):
            self.assertNotIn(secret, everything)

    def test_a_year_in_the_future_and_other_bad_input_is_refused(self):
        self.assertRefused(USAGE, 'the year has not begun', 'figures', '--year', TODAY.year + 1)
        self.assertRefused(USAGE, '--year', 'figures', '--year', 'dit jaar')
        self.assertRefused(USAGE, 'give --year, or else', 'figures')
        self.assertRefused(USAGE, 'give --year, or else', 'figures', '--year', TODAY.year, '--from', YESTERDAY)
        self.assertRefused(USAGE, 'ends before it begins', 'figures', '--from', TODAY, '--to', YESTERDAY)
        self.assertRefused(USAGE, 'json or svg', 'figures', '--year', TODAY.year, '--format', 'png')
        self.assertRefused(NO_PERMISSION, 'FORBIDDEN', 'figures', '--year', TODAY.year, party='kernteam')


if __name__ == '__main__':
    unittest.main()
