"""What tests of exports share: a registry that was lived in, a collector of OpenTelemetry to send to, and `consentctl export`."""
import contextlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import envelope_pb2 as wire
import rights_pb2

import lives
from client import USER, check_request
from harness import BUILD, SOURCE, OwnInstanceTest, tool
from receiver import Receiver, reply

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import exported  # noqa: E402

ACTIVITIES = 'https://gemeente-voorbeeld.nl/register-van-verwerkingen/'
SYSTEM = 'urn:nld:oin:00000001234567890000:systeem:toestemmingen'
LOG = 'gemeente-voorbeeld.nl/toestemmingen'
REQUIRED = {'ldv': ['--activities', ACTIVITIES], 'adl': [], 'cloudevents': ['--source', SYSTEM]}
SUBJECTLESS = ('log', 'sign-in')


def number_of(form, record):
    """Which line or event a record is of."""
    if form == 'ldv':
        return record['attributes']['nl.toestemmingen.logregel']
    return record['configuration']['regel'] if form == 'adl' else int(record['sequence'])


class ExportTest(OwnInstanceTest):
    def prepare(self):
        self.registry.set_in_configuration('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"')
        self.registry.lift_limits()

    def setUp(self):
        super().setUp()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='export-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.running = []
        self.addCleanup(self.end_all)
        self.people = []
        self.out = self.place / 'out'

    # --- The registry

    def live(self):
        """People with all sorts of lives; one of them is erased, and some requests are refused."""
        kernteam = self.client('kernteam')
        ordinary = lives.ordinary(self)
        self.people += [lives.withdrawn(self), lives.child(self), lives.ordinary(self), ordinary, next(self.bsns)]
        self.assertOk(kernteam.check(self.people[-1], ['naw', 'gezondheid']))  # who is not known
        self.assertPermit(kernteam.disclose(ordinary, ['naw', 'toewijzing'], case_ref='zaak-2026-118'))
        self.assertVerdict(kernteam.check(ordinary, ['naw', 'gezondheid'], case_ref='zaak-2026-118', all_or_nothing=True), 'PARTIAL')
        self.assertInvalid(kernteam.check(ordinary, purpose='onbekend-doel'), 'check.purpose')
        again = check_request(ordinary, mode='DISCLOSE')
        self.assertOk(kernteam.call(again))
        self.assertTrue(kernteam.call(again).replayed)
        gone = self.person()
        self.granted(gone)
        self.assertPermit(kernteam.check(gone))
        self.assertDenied(kernteam.check(gone, ['gezondheid']), 'CATEGORY_NOT_NEEDED')
        self.erase(gone)
        self.wait_for_checkpoint()

    def erase(self, bsn):
        kernteam = self.client('kernteam')
        self.people.append(bsn)
        opened = kernteam.ask('rights_open', bsn=bsn, kind=rights_pb2.RIGHTS_ERASURE, by='subject', user=USER, wish='alles weg',
                              way=rights_pb2.WAY_COUNTER, identity=rights_pb2.IDENTITY_DOCUMENT)
        number = opened.rights.request.number
        self.assertOk(kernteam.ask('rights_decide', number=number, outcome=rights_pb2.RIGHTS_GRANTED, user=USER))
        while (done := kernteam.ask('rights_erase', number=number, user=USER)).rights_erase.unfinished:
            pass
        self.assertOk(done)
        while kernteam.check(bsn).status == wire.UNAVAILABLE:
            time.sleep(0.01)

    def write_lines(self, count):
        """So many checks of one person."""
        if not self.people:
            self.people.append(self.person())
        kernteam = self.registry.client('kernteam')
        keys = [kernteam.send(check_request(self.people[0])) for _ in range(count)]
        for key in keys:
            self.assertOk(kernteam.reply_to(key, 60))
        self.registry.close(kernteam)
        self.wait_for_checkpoint()

    @contextlib.contextmanager
    def writing(self):
        """Lines come, all the time."""
        done, client, bsn = threading.Event(), self.registry.client('kernteam'), self.people[0]

        def write():
            while not done.is_set():
                for key in [client.send(check_request(bsn)) for _ in range(5)]:
                    client.reply_to(key, 60)
                time.sleep(0.05)
        thread = threading.Thread(target=write)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
            self.registry.close(client)

    def wait_for_checkpoint(self):
        """The log has a name from its first checkpoint on."""
        for _ in range(200):
            if self.client('operator').ask('log_checkpoint').status == wire.OK:
                return
            time.sleep(0.1)
        self.fail('no checkpoint was made')

    def log_lines(self):
        return self.client('operator').audit()

    def lag(self, party='zorgaanbieder-horizon'):
        return {one.party: one for one in self.client('operator').ask('events_lag').events_lag.parties}[party]

    def consumers(self, party='zorgaanbieder-horizon'):
        """How far each system of the party acknowledged."""
        listed = self.client('operator').ask('events_consumers', party=party).events_consumers.consumers
        return {one.consumer: one.acknowledged for one in listed}

    def expected(self, form, lines):
        """The numbers of the lines of which there must be a record."""
        if form == 'ldv':
            return [line.number for line in lines if line.object]
        return [line.number for line in lines if line.action == 'check' and line.result in ('permit', 'partial', 'deny')]

    # --- The export

    def command(self, form, *words, key='operator'):
        return ['--key', self.registry.key_file(key), '--user', 'beheer-1', 'export', form, *REQUIRED[form], *words]

    def export(self, form, *words, expected=0, key='operator'):
        ran = tool('ctl/consentctl', *self.command(form, *words, key=key))
        self.assertEqual(ran.returncode, expected, ran.stdout + ran.stderr)
        return ran

    def start(self, form, *words, key='operator', **how):
        program = BUILD / 'clients' / 'ctl' / 'consentctl'
        run = subprocess.Popen([program, *map(str, self.command(form, *words, key=key))], **{
            'stdout': subprocess.DEVNULL, 'stderr': subprocess.PIPE, 'text': True, **how})
        self.running.append(run)
        return run

    def end_all(self):
        for run in self.running:
            if run.poll() is None:
                run.kill()
            run.communicate()

    def end(self, run, number=signal.SIGTERM, expected=0):
        """Ends it, and returns what it said on standard error."""
        run.send_signal(number)
        said = run.communicate(timeout=60)[1]
        self.assertEqual(run.returncode, expected if number == signal.SIGTERM else -number, said)
        return said

    def records(self, path=None):
        return exported.read((path or self.out).read_text())

    def numbers(self, form, path=None):
        return [number_of(form, record) for record in self.records(path)]

    def wait_until(self, condition, what, timeout=60):
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                said = [run.stderr.read() for run in self.running if run.poll() is not None and run.stderr]
                self.fail(f'waited in vain for {what}: {said}')
            time.sleep(0.02)

    def assertValid(self, form, records):
        self.assertEqual(exported.faults_of(form, records), [])


class Collector(Receiver):
    """A collector of OpenTelemetry: what it took are spans."""

    @staticmethod
    def understand(body):
        return spans_of(json.loads(body))


def spans_of(body):
    """(resource, span) of each span in a request."""
    return [(resource['resource'], span) for resource in body['resourceSpans'] for scope in resource['scopeSpans']
            for span in scope['spans']]


took = reply(200, b'{"partialSuccess":{}}')
Collector.took = staticmethod(took)


def record_of(resource, span):
    """The record that a span was made of."""
    def plain(attributes):
        return {one['key']: one['value'].get('stringValue', None) if 'stringValue' in one['value'] else
                int(one['value']['intValue']) for one in attributes}
    return {'trace_id': span['traceId'], 'span_id': span['spanId'], 'name': span['name'],
            'status': ('Unset', 'Ok', 'Error')[span['status']['code']], 'start_time': int(span['startTimeUnixNano']) // 10 ** 6,
            'end_time': int(span['endTimeUnixNano']) // 10 ** 6, 'resource': plain(resource['attributes']),
            'attributes': plain(span['attributes'])}
