"""The metrics (docs/monitoring.md): a file that Prometheus reads, with numbers about the registry, of parties and never of
people; and the rules and the dashboard that go with it, which name nothing that is not there."""
import json
import re
import shutil
import signal
import stat
import subprocess
import unittest

from prometheus_client.openmetrics.parser import text_string_to_metric_families

import envelope_pb2 as wire
from harness import PARTIES, SOURCE, Instance, OwnInstanceTest, RegistryTest, tool
from old_store import OldStore

SETTINGS = 'metrics\n    file = "{}"\n    every = "1"\n'

OBSERVE = SOURCE / 'config' / 'observe'
REGISTRY = {'registry': 'Gemeente Voorbeeld'}


def families(text):
    return {family.name: family for family in text_string_to_metric_families(text)}


class MetricsTest(RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.path = cls.registry.directory / 'run' / 'consentd.prom'
        cls.registry.set_in_configuration('metrics\n', SETTINGS.format('run/consentd.prom'))
        cls.registry.reload()

    def text(self):
        """What is written from now on."""
        self.path.unlink(missing_ok=True)
        self.registry.signal(signal.SIGHUP)  # sooner than in a second
        self.registry.wait_for(self.path.exists, 'the metrics')
        return self.path.read_text()

    def families(self):
        return families(self.text())

    def value(self, name, **labels):
        found = [sample.value for family in self.families().values() for sample in family.samples
                 if sample.name == name and sample.labels == {**REGISTRY, **labels}]
        self.assertEqual(len(found), 1, f'{name} {labels}')
        return found[0]


class Written(MetricsTest):
    def test_it_is_what_a_parser_of_openmetrics_takes(self):
        found = self.families()
        self.assertGreater(len(found), 30)
        for family in found.values():
            self.assertTrue(family.name.startswith('consentd_'), family.name)
            self.assertTrue(family.documentation, family.name)
            self.assertNotEqual(family.type, 'unknown')
        self.assertEqual(stat.S_IMODE(self.path.stat().st_mode), 0o644)

    def test_the_page_has_each_of_them_as_it_is(self):
        page = (SOURCE / 'docs' / 'monitoring.md').read_text()
        rows = set(re.findall(r'(?m)^\| `(consentd_\w+)` \| (\w+) \| [^|]*\| (.*) \|$', page))
        self.assertEqual(rows, {(family.name + '_total' * (family.type == 'counter'), family.type, family.documentation)
                                for family in self.families().values()})

    def test_requests_count_by_verb_and_by_what_came_of_them(self):
        bsn = self.person()
        team = self.client('kernteam')
        denied = dict(verb='check', result='deny')
        before = self.count(**denied)
        team.check(bsn, categories=['naw'])
        self.assertGreater(self.count(**denied), before)
        refused = self.count(verb='status', result='forbidden')
        request = wire.Request()
        request.status.SetInParent()
        self.assertEqual(team.call(request).status, wire.FORBIDDEN)
        self.assertEqual(self.count(verb='status', result='forbidden'), refused + 1)

    def count(self, **labels):
        samples = self.families()['consentd_requests'].samples
        return sum(sample.value for sample in samples if sample.labels == {**REGISTRY, **labels})

    def test_times_are_of_what_happened(self):
        self.client('kernteam').check(self.person(), categories=['naw'])
        found = self.families()
        checks = {sample.labels['le']: sample.value for sample in found['consentd_answer_seconds'].samples
                  if sample.name.endswith('_bucket') and sample.labels['verb'] == 'check'}
        self.assertGreater(checks['+Inf'], 0)
        self.assertEqual(checks['10.0'], checks['+Inf'])
        for name in ('consentd_turn_seconds', 'consentd_sync_seconds'):
            total, = (sample.value for sample in found[name].samples if sample.name.endswith('_count'))
            took, = (sample.value for sample in found[name].samples if sample.name.endswith('_sum'))
            self.assertGreater(total, 0)
            self.assertTrue(0 < took < 60, took)

    def test_they_name_who_waits_and_what_each_costs(self):
        self.client('kernteam').check(self.person(), categories=['naw'])
        self.assertGreater(self.value('consentd_cost_units_total', party='kernteam'), 0)
        self.assertEqual(self.value('consentd_waiting_requests', party='kernteam'), 0)

    def test_events_wait_for_each_consumer_until_it_acknowledges(self):
        both = {}
        for name in ('one', 'two'):
            both[name] = self.registry.client('zorgaanbieder-horizon', 'events')
            self.assertOk(both[name].subscribe(consumer=name))
        self.assertOk(self.client('kernteam').revoke(self.granted(self.person())))
        push = both['one'].next_event()
        self.assertOk(both['one'].acknowledge(push.event.number))
        self.text()
        self.registry.wait_for(lambda: self.waiting().get('two', 0) > 0, 'an event that waits')
        self.assertEqual(self.waiting()['one'], 0)
        labels = dict(party='zorgaanbieder-horizon', consumer='two')
        self.assertTrue(0 <= self.value('consentd_events_oldest_seconds', **labels) < 60)
        self.assertEqual(self.value('consentd_consumer_listening', **labels), 1)

    def waiting(self):
        found = families(self.path.read_text())['consentd_events_waiting']
        return {sample.labels['consumer']: sample.value for sample in found.samples}

    def test_nothing_of_a_person_is_in_them(self):
        bsn = self.person()
        self.client('kernteam').check(bsn, categories=['naw'])
        text = self.text()
        self.assertNotIn(bsn, text)
        self.assertNotRegex(text, r'(?<![\d.])9999\d{5}(?!\d)')
        known = {'registry', 'verb', 'result', 'party', 'consumer', 'share', 'copy', 'kind', 'le', 'version', 'policy', 'hash'}
        self.assertLessEqual(set(re.findall(r'[{,](\w+)="', text)), known)


class Damaged(OwnInstanceTest):
    def test_what_is_damaged_of_one_party_keeps_nothing_of_the_others_back(self):
        path, last = self.registry.directory / 'run' / 'consentd.prom', sorted(PARTIES)[-1]
        self.registry.set_in_configuration('metrics\n', SETTINGS.format('run/consentd.prom'))
        for party in ('cak', last):
            self.assertOk(self.registry.client(party, 'events').subscribe(consumer='one'))
        self.registry.stop()
        with OldStore(self.registry) as store:
            store.flip('cursor', last.encode())  # nothing waits of which it could be made anew
        self.registry.start()
        self.registry.wait_for(lambda: path.exists() and 'consumer="one"' in path.read_text(), 'a round to end', 10)
        waiting = families(path.read_text())['consentd_events_waiting']
        self.assertIn(('cak', 0), [(sample.labels['party'], sample.value) for sample in waiting.samples])


class Observed(MetricsTest):
    """The rules and the dashboard that come with it: config/observe."""

    def expressions(self):
        rules = (OBSERVE / 'consentd.rules.yml').read_text()
        dashboard = json.loads((OBSERVE / 'consentd-dashboard.json').read_text())
        found = re.findall(r'(?m)^ +expr: (.*)$', rules)
        found += [target['expr'] for panel in dashboard['panels'] for target in panel.get('targets', [])]
        return found + [one['query']['query'] for one in dashboard['templating']['list'] if one['type'] == 'query']

    def test_they_name_what_there_is(self):
        self.client('kernteam').check(self.person(), categories=['naw'])
        samples = {}
        for family in self.families().values():
            for sample in family.samples:
                samples.setdefault(sample.name, set()).update(sample.labels)
        for name, label in (('log_copy_behind_seconds', 'copy'), ('log_copy_faulty', 'copy'), ('events_waiting', 'consumer'),
                            ('events_oldest_seconds', 'consumer'), ('consumer_listening', 'consumer')):
            samples.setdefault(f'consentd_{name}', {'registry', label} | ({'party'} if label == 'consumer' else set()))
        expressions = self.expressions()
        self.assertGreater(len(expressions), 50)
        used = set()
        for expression in expressions:
            for name, labels in re.findall(r'\b(consentd_\w+)(?:\{([^}]*)\})?', expression):
                self.assertIn(name, samples, expression)
                self.assertLessEqual(set(re.findall(r'(\w+)=~?"', labels)), samples[name], expression)
                used.add(re.sub('_(bucket|sum|count)$', '', name))
        unused = {re.sub('_(bucket|sum|count)$', '', name) for name in samples} - used
        self.assertLessEqual(unused, {'consentd_messages_cut_off_total', 'consentd_revision', 'consentd_erasing'})

    def test_each_rule_says_what_is_wrong_and_what_to_do(self):
        rules = (OBSERVE / 'consentd.rules.yml').read_text()
        alerts = re.split(r'(?m)^ +- alert: ', rules)[1:]
        names = [alert.split('\n')[0] for alert in alerts]
        self.assertEqual(len(names), len(set(names)))
        for alert in alerts:
            self.assertRegex(alert, r'labels: \{severity: (critical|warning)\}')
            self.assertRegex(alert, r'summary: ".+"\n +description: ".+"')

    @unittest.skipUnless(shutil.which('promtool'), 'promtool (Debian: prometheus, 100 MB) is not here: nothing judges the expressions')
    def test_promtool_takes_them_and_the_metrics(self):
        subprocess.run(['promtool', 'check', 'rules', OBSERVE / 'consentd.rules.yml'], check=True, capture_output=True, timeout=60)
        ran = subprocess.run(['promtool', 'test', 'rules', SOURCE / 'tests' / 'fixtures' / 'consentd.rules.test.yml'], check=False, capture_output=True, text=True,
                             timeout=60)
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        # The text of a textfile has the names of OpenMetrics, in which HELP is of a counter without _total.
        ran = subprocess.run(['promtool', 'check', 'metrics'], input=self.text(), capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual([line for line in ran.stderr.splitlines() if not line.endswith('_total no help text')], [])


class Settings(unittest.TestCase):
    def setUp(self):
        self.registry = Instance()
        self.addCleanup(self.registry.destroy)

    def set(self, path):
        self.registry.set_in_configuration('metrics\n', SETTINGS.format(path))

    def ctl(self, *words):
        return tool('ctl/consentctl', '--key', self.registry.key_file('operator'), *words)

    def test_a_reload_begins_and_ends_them_and_a_stop_takes_them_away(self):
        registry = self.registry.start()
        first, second = registry.directory / 'run' / 'first.prom', registry.directory / 'run' / 'second.prom'
        self.set(first)
        registry.reload()
        registry.wait_for(first.exists, 'the metrics')
        registry.set_in_configuration('first.prom', 'second.prom')
        registry.reload()
        registry.wait_for(second.exists, 'the metrics elsewhere')
        self.assertFalse(first.exists())
        registry.set_in_configuration(SETTINGS.format(second), 'metrics\n')
        registry.reload()
        registry.wait_for(lambda: not second.exists(), 'no metrics')
        self.set(second)
        registry.reload()
        registry.wait_for(second.exists, 'the metrics again')
        registry.stop()
        self.assertEqual([path.name for path in (registry.directory / 'run').glob('*.prom*')], [])

    def test_a_directory_that_others_may_write_is_refused(self):
        shared = self.registry.directory / 'shared'
        shared.mkdir()
        shared.chmod(0o777)
        self.set(shared / 'consentd.prom')
        ran = self.registry.run('--check')
        self.assertEqual(ran.returncode, 78)
        self.assertRegex(ran.stderr, r'consentd\.conf:\d+: .*shared')

    def test_each_place_that_cannot_be_written_is_said(self):
        self.set(self.registry.directory / 'none' / 'consentd.prom')
        registry = self.registry.start()
        registry.wait_for(lambda: '/none/consentd.prom' in registry.log(), 'word of the first place')
        registry.set_in_configuration('none/consentd.prom', 'nor-here/consentd.prom')
        registry.reload()
        registry.wait_for(lambda: '/nor-here/consentd.prom' in registry.log(), 'word of the second place')
        self.assertEqual(registry.log().count('the metrics cannot be written'), 2)

    def test_what_cannot_be_written_is_said_once_and_stops_nothing(self):
        self.set(self.registry.directory / 'none' / 'consentd.prom')
        registry = self.registry.start()
        registry.wait_for(lambda: 'the metrics cannot be written' in registry.log(), 'word of it')
        health, status = self.ctl('health'), self.ctl('status')
        self.assertEqual((health.returncode, health.stdout.split(' - ')[0]), (1, 'WARNING'))
        self.assertIn('the metrics cannot be written', health.stdout)
        self.assertRegex(status.stdout, r'1 thing is not well:\n *WARNING +the metrics cannot be written')
        self.assertRegex(status.stdout, r'\nmetrics +.*/none/consentd.prom: No such file')
        (registry.directory / 'none').mkdir(0o755)
        registry.wait_for((registry.directory / 'none' / 'consentd.prom').exists, 'the metrics')
        self.assertEqual(registry.log().count('the metrics cannot be written'), 1)
        registry.wait_for(lambda: self.ctl('health').returncode == 0, 'all to be well')
        self.assertIn('All is well.', self.ctl('status').stdout)


if __name__ == '__main__':
    unittest.main()
