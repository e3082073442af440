"""consent-conformance, and with it the clients under docs/clients, against a real registry."""
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from harness import BUILD, SOURCE, RegistryTest

PROGRAM = BUILD / 'clients' / 'conformance' / 'consent-conformance'
CLIENTS = SOURCE / 'docs' / 'clients'
PYTHON = [sys.executable, CLIENTS / 'python' / 'consent_client.py']
CARELESS = [sys.executable, SOURCE / 'tests' / 'behaviour' / 'careless_client.py']
HORIZON, DELTA = 'zorgaanbieder-horizon', 'zorgaanbieder-delta'
HURRY = {'CONSENT_ATTEMPT_SECONDS': '1'}
SLOW = {'CONSENT_ATTEMPT_SECONDS': '1.5'}  # to start, on a machine that has more to do
# Where scripts/packages puts what npm installs.
NODE_MODULES = pathlib.Path(os.environ.get('XDG_CACHE_HOME') or pathlib.Path.home() / '.cache') / 'consentd-tests' / 'node_modules'
JARS = [pathlib.Path('/usr/share/java') / name for name in ('jna.jar', 'protobuf.jar')]
# Those in which the client waits in vain, and no case needs that it asks twice.
SILENT = ('nonsense', 'silence', 'stranger', 'no-heartbeat')
# What is done carelessly, the case that must notice, and what it says.
CONTROLS = {
    'forgets_obligations': ('permit', 'does not say the obligation'), 'permits_what_it_asked': ('denied', 'permits'),
    'new_key': ('lost-answer', 'permits'), 'other_bytes': ('lost-answer', ''),
    'believes_what_was_withdrawn': ('withdrawn-since', 'permits'), 'comes_early': ('put-off', 'asked again before'),
    'asks_again_what_is_forbidden': ('forbidden', 'asked again what is forbidden'), 'believes_any_reply': ('mixed-up', 'permits'),
    'permits_what_is_not_denied': ('unknown-verdict', 'permits'), 'looks_at_the_whole': ('item-alone', 'permits'),
    'looks_at_no_status': ('unknown-status', 'permits'), 'waits_for_ever': ('silence', 'has not ended'),
    'asks_with_a_removed_key': ('key-removed', 'asked again after its key was removed'), 'hears_nobody_refuse_it': ('key-refused', 'has not'),
    'knows_one_server_key': ('server-key-next', "(permits ''|has not ended)"),
}
CONTROLS_OF_STREAMS = {
    'does_not_acknowledge': ('withdrawal', 'has not acknowledged'), 'does_not_count': ('gap', "has not said 'doubt'"),
    'minds_no_epoch': ('other-epoch', "has not said 'doubt'"), 'minds_no_loss': ('dropped', "has not said 'doubt'"),
    'subscribes_after_the_end': ('ended', 'subscribed again'), 'subscribes_at_once': ('not-now', 'subscribed'),
    'minds_no_heartbeat': ('heartbeats', "has not said 'doubt'"), 'minds_no_loss_while_away': ('dropped-away', "has not said 'doubt'"),
    'takes_removal_for_a_wait': ('stream-removed', "has not said 'refused'"), 'comes_again': ('stream-refused', 'came again'),
}


def only(*names):
    return [word for name in names for word in ('--only', name)]


class ConformanceTest(RegistryTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = {party: cls.registry.key_file(party) for party in ('kernteam', HORIZON, DELTA)}

    def conformance(self, command, *options, party=HORIZON, **environment):
        return subprocess.run([PROGRAM, '--team', self.keys['kernteam'], '--partner', self.keys[party], *options, '--', *map(str, command)], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=300, check=False, env={**os.environ, **HURRY, **environment})

    def ran(self, command, *words, stdin='', **environment):
        """The lines of a client that is run by itself."""
        return subprocess.run([*map(str, command), *map(str, words)], capture_output=True, text=True, timeout=60, check=True,
                              input=stdin, env={**os.environ, **environment}).stdout.splitlines()

    def assertWorks(self, command, **environment):
        """It knows who somebody is, and does what a permit obliges it to."""
        key = self.keys[HORIZON]
        self.assertEqual(self.ran(command, 'identify', key, 'gemeentecode', '1884', **environment), ['party kernteam'])
        said = self.ran(command, 'check', key, HORIZON, 'gemeente', 'declaratie', 'toewijzing:wmo', stdin=self.person(), **environment)
        self.assertEqual(said[:-1], ['permit toewijzing', 'obligation KEEP_SECRET', 'obligation INFORM_SUBJECT'])
        word, decision, name = said[-1].split()
        self.assertEqual((word, name), ('duty', 'INFORM_SUBJECT'))
        self.assertEqual(self.ran(command, 'done', key, decision, name, **environment), [f'done {decision} {name}'])

    def assertGood(self, ran, count):
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        self.assertRegex(ran.stdout, rf'(?m)^{count} ok, 0 FAIL$')

    def assertComplete(self, command, **environment):
        """It is as it must be in every case that there is."""
        told = subprocess.run([PROGRAM, '--help'], capture_output=True, text=True, check=True).stdout
        others = [name for name in re.findall(r'(?m)^  ([a-z-]+) +[2-6]', told) if name not in SILENT]
        self.assertEqual(len(others), 27)
        first = others.index('withdrawal')  # of those that listen, which are one consumer of the party: one after another
        chains = [(only(*others[:first]), {}), (only(*others[first:]), {}), (only(*SILENT), {'party': DELTA, 'CONSENT_ATTEMPTS': '1'})]
        with concurrent.futures.ThreadPoolExecutor(len(chains)) as beside:
            ran = [beside.submit(self.conformance, command, *cases, **how, **environment) for cases, how in chains]
        for one, (cases, _) in zip(ran, chains):
            self.assertGood(one.result(), len(cases) // 2)


class Python(ConformanceTest):
    def test_the_client_in_python_does_all_that_the_protocol_asks(self):
        self.assertWorks(PYTHON)
        self.assertComplete(PYTHON)

    def test_the_example_of_a_key_file_is_one(self):
        example = re.search(r'(?s)### 2\.5 .*?\n\n((?:    [^\n]*\n|\n)+)', (SOURCE / 'docs' / 'protocol.md').read_text()).group(1)
        path = self.registry.write('example.key', re.sub('(?m)^    ', '', example), 0o600)
        read = subprocess.run([sys.executable, '-c', 'import consent_client as c, json, sys; print(json.dumps(c.read_key_file(sys.argv[1])))',
                               path], capture_output=True, text=True, check=True, cwd=CLIENTS / 'python')
        for name in ('party', 'requests', 'events', 'server-key', 'log-key'):
            self.assertIn(f'"{name}": "', read.stdout)


class Nodejs(ConformanceTest):
    @unittest.skipUnless(shutil.which('node') and (NODE_MODULES / 'zeromq').exists(),
                         f'node, or zeromq and protobufjs in {NODE_MODULES}, is not there: see scripts/install-packages')
    def test_the_client_in_javascript_does_all_that_the_protocol_asks(self):
        client, modules = ['node', CLIENTS / 'nodejs' / 'consent_client.js'], str(NODE_MODULES)
        self.assertWorks(client, NODE_PATH=modules)
        self.assertComplete(client, NODE_PATH=modules, **SLOW)


class Java(ConformanceTest):
    @unittest.skipUnless(shutil.which('javac') and all(jar.exists() for jar in JARS),
                         'javac, libjna-java or libprotobuf-java is not installed: see scripts/install-packages')
    def compiled(self, made):
        """Its command. Classes are kept as they are once loaded, since it is started anew for each case."""
        subprocess.run(['protoc', f'--proto_path={SOURCE / "proto"}', '--include_imports', f'--descriptor_set_out={made}/consent.pb',
                        SOURCE / 'proto' / 'envelope.proto'], check=True)
        jars = ':'.join(map(str, JARS))
        quick = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC']
        subprocess.run(['javac', *(f'-J{option}' for option in quick), '-Xlint:all', '-Werror', '-cp', jars, '-d', f'{made}/classes',
                        CLIENTS / 'java' / 'ConsentClient.java'], check=True)
        shutil.make_archive(f'{made}/client', 'zip', f'{made}/classes')
        words = ['-cp', f'{jars}:{made}/client.zip', f'-Dconsent.proto={made}/consent.pb', 'ConsentClient']
        self.ran(['java', *quick, f'-XX:ArchiveClassesAtExit={made}/loaded.jsa', *words], 'identify', self.keys[HORIZON], 'gemeentecode', '1884')
        return ['java', *quick, f'-XX:SharedArchiveFile={made}/loaded.jsa', *words]

    def test_the_client_in_java_does_all_that_the_protocol_asks(self):
        with tempfile.TemporaryDirectory(prefix='consent-java-') as made:
            client = self.compiled(made)
            self.assertWorks(client)
            self.assertComplete(client, **SLOW)


class Controls(ConformanceTest):
    def careless(self, how, case, party):
        return self.conformance(CARELESS, '--patience', '6', *only(case), CARELESS=how, party=party)

    def streams(self, party, ways):
        """One after another: they are one consumer of the party."""
        return {how: self.careless(how, CONTROLS_OF_STREAMS[how][0], party) for how in ways}

    def test_whatever_a_client_does_carelessly_is_noticed(self):
        ways = list(CONTROLS_OF_STREAMS)
        with concurrent.futures.ThreadPoolExecutor(4) as beside:
            streams = [beside.submit(self.streams, HORIZON, ways[:5]), beside.submit(self.streams, DELTA, ways[5:])]
            checks = {how: beside.submit(self.careless, how, case, HORIZON) for how, (case, _) in CONTROLS.items()}
        ran = {how: one.result() for how, one in checks.items()} | streams[0].result() | streams[1].result()
        for how, (case, seen) in (CONTROLS | CONTROLS_OF_STREAMS).items():
            with self.subTest(how):
                self.assertEqual(ran[how].returncode, 1, ran[how].stdout + ran[how].stderr)
                self.assertRegex(ran[how].stdout, rf'^FAIL {case} [^\n]*\n     the client {seen}[^\n]*\n0 ok, 1 FAIL\n$')

    def test_a_client_that_cannot_be_started_is_no_good_one(self):
        ran = self.conformance(['/nowhere/client'], *only('permit', 'withdrawal'))
        self.assertEqual((ran.returncode, ran.stdout.count('FAIL ')), (1, 2), ran.stdout)

    def test_what_is_not_the_clients_fault_is_told_apart(self):
        team, partner = self.keys['kernteam'], self.keys[HORIZON]
        for code, options in ((64, ('--team', team, '--partner', partner)), (64, ('--team', team, '--', 'true')),
                              (64, ('--team', team, '--partner', partner, '--only', 'alles', '--', 'true')),
                              (64, ('--team', team, '--partner', partner, '--categories', 'naw', '--', 'true')),
                              (78, ('--team', team, '--partner', self.registry.directory / 'weg.key', '--', 'true')),
                              (69, ('--team', partner, '--partner', partner, '--', 'true')),
                              (69, ('--team', team, '--partner', partner, '--purpose', 'nergens', '--', 'true'))):
            ran = subprocess.run([PROGRAM, *map(str, options)], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((ran.returncode, ran.stdout), (code, ''), ran.stderr)
            self.assertTrue(ran.stderr.startswith('consent-conformance: '))


if __name__ == '__main__':
    unittest.main()
