"""Lines of the log by what is asked of them: filters, the newest first, and as they come."""
import json
import re
import select
import subprocess
import time
import unittest

import envelope_pb2 as wire
from client import check_request
from harness import BUILD, DAY, SOURCE, RegistryTest, today, tool


class Filters(RegistryTest):
    def setUp(self):
        super().setUp()
        bsn = self.person()
        self.client('kernteam').check(bsn)
        self.client('cak').check(bsn, recipient='cak', purpose='eigen-bijdrage')
        self.assertStatus(self.client('cak').grant(bsn), 'FORBIDDEN')
        looked = wire.Request(user='mw-zwart')
        looked.consent_list.bsn = bsn
        self.assertOk(self.client('kernteam').call(looked))
        self.bsn = bsn

    def audit(self, **filters):
        return self.client('operator').audit(**filters)

    def test_each_filter_lists_what_it_says_and_all_of_them_together(self):
        every = self.audit()
        newest = every[-1].number
        for filters, holds in (({'parties': ['cak']}, lambda line: line.party == 'cak'),
                               ({'parties': ['cak', 'kernteam']}, lambda line: line.party in ('cak', 'kernteam')),
                               ({'actions': ['check', 'grant']}, lambda line: line.action in ('check', 'grant')),
                               ({'results': ['forbidden']}, lambda line: line.result == 'forbidden'),
                               ({'by_user': 'medewerker-17'}, lambda line: line.user == 'medewerker-17'),
                               ({'by_user': 'niemand'}, lambda line: False),
                               ({'parties': ['cak'], 'actions': ['check'], 'results': ['permit', 'deny'], 'by_user': 'medewerker-17'},
                                lambda line: line.party == 'cak' and line.action == 'check')):
            numbers = [line.number for line in every if holds(line)]
            self.assertEqual(numbers == [], filters.get('by_user') == 'niemand')
            self.assertEqual([line.number for line in self.audit(**filters) if line.number <= newest], numbers, filters)
        about = [line.number for line in self.audit(bsn=self.bsn, parties=['cak'])]
        self.assertEqual(about, [line.number for line in self.audit(bsn=self.bsn) if line.party == 'cak'])
        self.assertEqual(len(about), 1)  # a request that was refused before it was looked at is about nobody

    def test_an_end_in_time_is_not_in_it(self):
        every = self.audit()
        middle = every[len(every) // 2]
        first = next(line.number for line in every if line.time >= middle.time)  # what was counted has a line later on
        self.assertEqual([line.number for line in self.audit(until=middle.time)], list(range(1, first)))
        self.assertEqual(self.audit(until=every[0].time), [])
        page = self.client('operator').ask('audit_list', since=middle.time, until=middle.time + DAY).audit_list
        self.assertEqual(page.entries[0].number, first)

    def test_backwards_the_newest_come_first_page_by_page(self):
        operator, before, numbers = self.client('operator'), 0, []
        newest = operator.ask('audit_list', last=1).audit_list.newest
        while True:
            page = operator.ask('audit_list', after=before, backwards=True, limit=3, parties=['cak', 'kernteam']).audit_list
            numbers += [line.number for line in page.entries]
            if not page.more:
                break
            before = page.looked_until
        kept = [line.number for line in self.audit(parties=['cak', 'kernteam']) if line.number <= newest]
        self.assertEqual([number for number in numbers if number <= newest], kept[::-1])

    def test_a_page_looks_at_a_bounded_number_of_lines(self):
        for _ in range(18):
            batch = [check_request(self.bsn, case_ref=f'zaak-{number}').check for number in range(64)]
            self.assertOk(self.client('kernteam').ask('batch', checks=batch))
        page = self.client('operator').ask('audit_list', by_user='niemand').audit_list
        self.assertEqual((len(page.entries), page.more), (0, True))
        self.assertLess(page.looked_until, page.newest)
        self.assertEqual(self.audit(by_user='niemand'), [])
        page = self.client('operator').ask('audit_list', by_user='niemand', backwards=True).audit_list
        self.assertEqual((len(page.entries), page.more), (0, True))
        self.assertGreater(page.looked_until, 1)

    def test_what_does_not_go_together_is_refused(self):
        for field, wrong in (('until', {'until': 1, 'follow': True}), ('until', {'until': 1000, 'since': 1000}),
                             ('backwards', {'backwards': True, 'since': 1}), ('backwards', {'backwards': True, 'last': 1}),
                             ('backwards', {'backwards': True, 'bsn': self.bsn}), ('backwards', {'backwards': True, 'follow': True}),
                             ('parties', {'parties': [f'partij-{number}' for number in range(65)]}),
                             ('actions', {'actions': [f'a-{number}' for number in range(65)]}),
                             ('results', {'results': [f'r-{number}' for number in range(65)]}),
                             ('by_user', {'by_user': self.bsn})):
            self.assertInvalid(self.client('operator').ask('audit_list', **wrong), f'audit_list.{field}')
        self.assertStatus(self.client('kernteam').ask('audit_list', parties=['cak']), 'FORBIDDEN')

    # --- consentctl

    def listed(self, *words, expected=0):
        ran = tool('ctl/consentctl', '--json', '--key', self.registry.key_file('operator'), 'audit', 'list', *words)
        self.assertEqual(ran.returncode, expected, ran.stderr)
        return json.loads(ran.stdout)['entries'] if expected == 0 else ran.stderr

    def test_without_a_beginning_the_newest_are_listed_in_the_order_of_the_log(self):
        entries = self.listed('--party', 'cak,kernteam', '--action', 'check', '--limit', '2')
        every = [line.number for line in self.audit(actions=['check'], parties=['cak', 'kernteam'])]
        self.assertEqual([entry['number'] for entry in entries], every[-2:])
        first = self.listed('--party', 'cak', '--after', '0', '--limit', '1')
        self.assertEqual(first[0]['number'], self.audit(parties=['cak'])[0].number)
        self.assertEqual([entry['user'] for entry in self.listed('--by-user', 'mw-zwart', '--limit', '1')], ['mw-zwart'])
        self.assertTrue(all(entry['result'] == 'forbidden' for entry in self.listed('--result', 'forbidden')))
        self.assertEqual(self.listed('--until', '2020-01-01'), [])
        self.assertEqual(self.listed('--since', str(today()), '--until', str(today()), '--limit', '1')[0]['number'], 1)
        self.assertIn('--until', self.listed('--until', str(today()), '--follow', expected=64))
        self.assertIn('does not exist', self.listed('--until', '2026-02-30', expected=64))

    def test_a_word_that_no_line_can_have_is_refused_and_named_as_it_was_meant(self):
        for words, said in ((('--action', 'chek'), '--action: .*did you mean check[?]'), (('--result', 'Deny'), 'did you mean deny[?]'),
                            (('--action', 'check,gront', '--follow'), 'did you mean grant[?]'),
                            (('--action', 'zzzzzz'), 'can have this word; see')):
            self.assertRegex(self.listed(*words, expected=64), said)
        self.assertIn('no such party', self.listed('--party', 'cak,kernteem', expected=66))
        self.assertEqual(self.listed('--action', 'upgrade', '--result', 'goes-on'), [])

    def test_who_follows_sees_what_comes(self):
        words = [BUILD / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file('operator'), 'audit', 'list', '--follow',
                 '--party', 'cak', '--limit', '1']
        for form in ([], ['--json']):
            with subprocess.Popen([*map(str, words), *form], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0) as following:
                try:
                    before = self.read_line(following, skip=0 if form else 1)  # the headings
                    self.client('cak').check(self.bsn, recipient='cak', purpose='eigen-bijdrage')
                    after = self.read_line(following)
                finally:
                    following.kill()
            if form:
                before, after = json.loads(before), json.loads(after)
                self.assertEqual((after['party'], after['action']), ('cak', 'check'))
                self.assertGreater(after['number'], before['number'])
            else:
                self.assertRegex(after, r'^ *\d+ +\S+ \S+ +cak +medewerker-17 +check ')

    def test_who_follows_from_a_place_sees_all_from_there_until_nobody_reads(self):
        for _ in range(60):
            self.client('kernteam').check(self.bsn)
        words = [BUILD / 'clients' / 'ctl' / 'consentctl', '--key', self.registry.key_file('operator'), 'audit', 'list', '--follow',
                 '--after', '0', '--json']
        with subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0) as following:
            try:
                numbers = [json.loads(self.read_line(following))['number'] for _ in range(60)]
                self.assertEqual(numbers, list(range(1, 61)))
                following.stdout.close()
                end = time.monotonic() + 20
                while following.poll() is None and time.monotonic() < end:
                    self.client('kernteam').check(self.bsn)
                    time.sleep(0.2)
                self.assertNotIn(following.poll(), (None, 0))
            finally:
                following.kill()

    def read_line(self, process, skip=0):
        end = time.monotonic() + 20
        while True:
            self.assertTrue(select.select([process.stdout], [], [], max(0, end - time.monotonic()))[0], 'nothing came')
            line = process.stdout.readline().decode()
            if skip == 0:
                return line
            skip -= 1


class Words(unittest.TestCase):
    """What `--action` and `--result` take is what the daemon writes."""

    daemon = '\n'.join(path.read_text() for path in sorted((SOURCE / 'daemon').rglob('*.c')))

    def known(self, name):
        text = (SOURCE / 'clients' / 'ctl' / 'audit' / 'audit_words.h').read_text()
        return ''.join(re.findall(r'"([^"]*)"', re.search(rf'#define {name}\b((?:.*\\\n)*.*)', text)[1])).split()

    def literals(self, pattern, text=None):
        """Every text between quotes in what the pattern finds."""
        return {word for found in re.findall(pattern, text or self.daemon) for word in re.findall(r'"([^"]*)"', found)}

    def test_every_action_is_known(self):
        verbs = (SOURCE / 'daemon' / 'dispatch' / 'verb_table.c').read_text()
        written = (self.literals(r'\.name = "[^"]*"', verbs) | self.literals(r'\baction = [^,;]*')
                   | self.literals(r'\bbroker_log \(self, "[^"]*"') | self.literals(r'struct told_as \w+ = [^;]*'))
        self.assertGreater(len(written), 80)
        self.assertEqual(sorted(self.known('AUDIT_ACTIONS')), sorted(written))

    def test_every_result_is_known(self):
        written = (self.literals(r'\bresult = [^,;]*') | self.literals(r'status_names\[\] = {[^}]*')
                   | self.literals(r'VERDICT_PERMIT \? [^;]*') | self.literals(r'\[ALARM_\w+\] = "[^"]*"')
                   | self.literals(r'party_change_name \(enum [^}]*') | self.literals(r'\bbroker_log \(self, "[^"]*", ("[^"]*")')
                   | self.literals(r'broker_log_start \(self, [^;]*') | self.literals(r'auth_log_refused \(turn, [^;]*')
                   | self.literals(r'log_erase \(turn, [^;]*?("[^"]*")') | self.literals(r'log_ending \(turn, [^;]*')
                   | self.literals(r'\[ROOM_\w+\] = {("[^"]*")'))
        self.assertGreater(len(written), 40)
        only_metrics, not_written = {'again'}, {'the same'}
        self.assertEqual(sorted(self.known('AUDIT_RESULTS')),
                         sorted(word for word in written - only_metrics - not_written if '%' not in word))


if __name__ == '__main__':
    unittest.main()
