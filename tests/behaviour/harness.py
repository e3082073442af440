"""An instance of the registry for a test: scratch directory, keys, parties, configuration and the daemon.

    registry = Instance()
    registry.start()
    reply = registry.client('kernteam').check(bsn, categories=['naw'])

Started by tests/run.py, which makes Python of proto/ and says in CONSENTD_BUILD which build is tested. CONSENTD_LOGS,
if set, is a directory in which the log of every daemon is kept.
"""
import contextlib
import datetime
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import zoneinfo

import zmq

import envelope_pb2 as wire
from client import Client, grant_request, subject_request

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ['CONSENTD_BUILD'])
# A build without the sanitizers, which do not go with what some tests preload into the daemon.
PLAIN = pathlib.Path(os.environ.get('CONSENTD_PLAIN', BUILD))
AMSTERDAM = zoneinfo.ZoneInfo('Europe/Amsterdam')
DAY = 86_400_000
os.umask(0o022)  # whatever the tester's is: what others may write the daemon does not read

# id: kind, role, further lines of the party file
PARTIES = {
    'kernteam': ('kernteam', 'sociale-team', {'gemeentecode': '1884'}),
    'wijkteam': ('kernteam', 'partner', {}),
    'wmo-team': ('wmo-team', 'sociale-team', {}),
    'zorgaanbieder-horizon': ('zorgaanbieder', 'partner', {'agreement-from': '2020-01-01', 'agb': '99990001'}),
    'zorgaanbieder-delta': ('zorgaanbieder', 'partner', {'agreement-from': '2020-01-01'}),
    'huisarts-dorp': ('huisarts', 'partner', {}),
    'school-brug': ('school', 'partner', {}),
    'gemeente': ('gemeente', 'partner', {}),
    'veiligheidshuis': ('veiligheidshuis', 'partner', {'agreement-from': '2020-01-01'}),
    'cak': ('cak', 'partner', {'agreement-from': '2020-01-01'}),
    'svb': ('svb', 'partner', {'agreement-from': '2020-01-01'}),
    'toezicht': ('gemeente', 'toezichthouder', {}),
    'operator': ('operator', 'operator', {}),
}

# What an instance changes of the example that comes with the project.
SETTINGS = {
    'events': '{events}',
    'requests': '{requests} ipc://run/requests',
    'size': '64',
    'reserve': '8',
    'connections': '64',
    'cache': '16',
}
MORE_ROLES = '    toezichthouder = "check check-for-others explain"\n'

# The key that signs the log, and the one by which others verify that (C2SP signed-note).
LOG_SECRET = 'PRIVATE+KEY+gemeente-voorbeeld.nl/toestemmingen+ad35b953+ATeNkAaoN1b3SIy1QRnN8BNJeQW9UmkQh37JWeItYkJf'
LOG_KEY = 'gemeente-voorbeeld.nl/toestemmingen+ad35b953+AfUdSdgK9gsfPGZB1geCuvwzn8FFgTKbrSKP1BX6CTdG'

CERTIFICATE = '''\
metadata
curve
    public-key = "{public}"
    secret-key = "{secret}"
'''


def is_plain(build=PLAIN):
    return b'__asan_init' not in (build / 'daemon' / 'consentd').read_bytes()


def is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(('127.0.0.1', port))
        except OSError:
            return False
        return True


_taken = []


def is_ours(port):
    """Takes a port until this process ends, so that no test of another process takes it too: not before the registry
    has bound it, nor while that is stopped. The name is the kernel's, and leaves no file."""
    name = socket.socket(socket.AF_UNIX)
    try:
        name.bind(f'\0consentd-test-port-{port}')
    except OSError:
        name.close()
        return False
    _taken.append(name)
    return True


def free_port(in_a_row=1):
    """Below those that the machine gives to whoever connects: another test's client would take it meanwhile."""
    while True:
        port = random.randrange(10000, 32000)
        if all(is_ours(port + further) and is_free(port + further) for further in range(in_a_row)):
            return port


def configuration(endpoints):
    """The example, with the settings above."""
    text = (SOURCE / 'config' / 'consentd.conf').read_text()
    for name, value in SETTINGS.items():
        text, count = re.subn(rf'(?m)^( +{name} = )"[^"]*"', rf'\1"{value.format(**endpoints)}"', text)
        if count != 1:
            raise AssertionError(f'config/consentd.conf has no setting {name}')
    return text.replace('roles\n', 'roles\n' + MORE_ROLES, 1)


def without_limits(text):
    """A configuration by which one party alone may take what many together could (L3)."""
    text = re.sub(r'(?m)^( +requests-(?:per-second|burst) = )"[^"]*"', r'\1"1000000"', text)
    return text.replace('\nlimits\n', '\nlimits\n    log-burst = "1000000"\n')


def valid_bsns():
    """Numbers of the range that is kept for tests, which pass the 11-test."""
    for number in range(999_900_006, 999_999_991):
        digits = [int(digit) for digit in str(number)]
        weighted = sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1)))
        if (weighted - digits[8]) % 11 == 0:
            yield str(number)


def now():
    return int(time.time() * 1000)


def today():
    return datetime.datetime.now(AMSTERDAM).date()


def start_of(day):
    """The moment at which a calendar day starts in Amsterdam."""
    return int(datetime.datetime.combine(day, datetime.time(), AMSTERDAM).timestamp() * 1000)


def months_on(day, months):
    """The same calendar day so many months on, clipped to the end of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    first_of_next = datetime.date(*((year + 1, 1) if month == 11 else (year, month + 2)), 1)
    return min(datetime.date(year, month + 1, 1) + datetime.timedelta(day.day - 1),
               first_of_next - datetime.timedelta(1))


def years_ago(years, days=0):
    """The birth date of someone who became `years` old `days` days ago."""
    return months_on(today(), -12 * years) - datetime.timedelta(days)


def tool(path, *arguments, stdin=''):
    """Runs one of the project's clients to its end: 'ctl/consentctl'."""
    environment = dict(os.environ, CONSENTD_ADAPTERS=str(SOURCE / 'config' / 'adapters'))
    return subprocess.run([BUILD / 'clients' / path, *map(str, arguments)], input=stdin, capture_output=True, text=True,
                          timeout=60, env=environment, check=False)


def watch(*arguments):
    """Runs consent-watch to its end. Its standard output is a file, so that it acknowledges; what is in it is in `stdout`."""
    with tempfile.NamedTemporaryFile('w+', prefix='heard-') as heard:
        ran = subprocess.run([BUILD / 'clients' / 'watch' / 'consent-watch', *map(str, arguments)], stdin=subprocess.DEVNULL,
                             stdout=heard, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        ran.stdout = pathlib.Path(heard.name).read_text()
        return ran


def at_work(pid):
    """(seconds that the process was at work, whether it is now)"""
    fields = pathlib.Path(f'/proc/{pid}/stat').read_text().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK'), fields[0] == 'R'


def stop_all_of(process):
    """SIGSTOP, and waits until each thread of it stands still: until then one may still read what is sent to it."""
    process.send_signal(signal.SIGSTOP)
    end = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < end:
        states = [thread_state(task) for task in pathlib.Path(f'/proc/{process.pid}/task').glob('*/stat')]
        if all(state in ('T', None) for state in states):
            return
        time.sleep(0.001)


def thread_state(stat):
    """"R", "S", "T" ..., or None: it is gone."""
    try:
        return stat.read_text().rsplit(')', 1)[1].split()[0]
    except (OSError, IndexError):
        return None


def work_of(call):
    """For how many seconds the processes were at work that it waits for."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    call()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def let_work(process, seconds):
    """Until the process was at work for so long, which is as far on a slow machine as on a fast one, or waits for something,
    or has ended."""
    known, since = 0, time.monotonic()
    while process.poll() is None:
        now_at_work, runs = at_work(process.pid)
        if now_at_work >= seconds:
            return
        if runs or now_at_work != known:
            known, since = now_at_work, time.monotonic()
        elif time.monotonic() - since > 0.2:
            return
        time.sleep(0.002)


def let_go_until(process, reached):
    """Until `reached`, or it has ended. It goes a millisecond at a time, and stands still while one looks, as it does
    afterwards: so it is caught in the midst on a fast machine and on a slow one."""
    while not reached() and process.poll() is None:
        process.send_signal(signal.SIGCONT)
        time.sleep(0.001)
        stop_all_of(process)


class Instance:
    def __init__(self, build=BUILD):
        self.program = build / 'daemon' / 'consentd'
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='consentd-'))
        port = free_port(in_a_row=2)
        self.endpoints = {
            'requests': f'tcp://127.0.0.1:{port}',
            'requests-ipc': f'ipc://{self.directory}/run/requests',
            'events': f'tcp://127.0.0.1:{port + 1}',
            'operators': f'ipc://{self.directory}/run/operators',
        }
        self.process = None
        self.clients = []
        for name in ('run', 'data', 'keys', 'parties'):
            (self.directory / name).mkdir(mode=0o700)
        shutil.copytree(SOURCE / 'config' / 'policies', self.directory / 'policies')
        for path in (self.directory / 'policies', *(self.directory / 'policies').rglob('*')):
            path.chmod(path.stat().st_mode & ~0o022)  # a checkout may be its group's; no registry is
        self.write('consentd.conf', configuration(self.endpoints))
        self.server_key, secret = zmq.curve_keypair()
        certificate = CERTIFICATE.format(public=self.server_key.decode(), secret=secret.decode())
        self.write('keys/server.key', certificate, 0o600)
        self.write('keys/vault.key', os.urandom(32).hex() + '\n', 0o600)
        self.write('keys/log.key', LOG_SECRET + '\n', 0o600)
        self.keys = {}
        for party, (kind, role, more) in PARTIES.items():
            self.keys[party] = zmq.curve_keypair()
            self.write_party(party, kind, role, **more)

    def set_in_configuration(self, old, new):
        """From the next start on this stands where that stood, once."""
        path = self.directory / 'consentd.conf'
        text = path.read_text()
        if text.count(old) != 1:
            raise AssertionError(f'consentd.conf has {old} {text.count(old)} times')
        path.write_text(text.replace(old, new))

    def write(self, name, text, mode=0o644):
        path = self.directory / name
        path.write_text(text)
        path.chmod(mode)
        return path

    def write_party(self, party, kind, role, **more):
        lines = {'kind': kind, 'role': role, 'public-key': self.keys[party][0].decode(), **more}
        numbers = {name: lines.pop(name) for name in ('agb', 'gemeentecode', 'oin') if name in lines}
        text = ''.join(f'{name} = "{value}"\n' for name, value in lines.items())
        text += 'identifiers\n' * bool(numbers) + ''.join(f'    {name} = "{value}"\n' for name, value in numbers.items())
        self.write(f'parties/{party}.party', text)

    def change_party(self, party, kind, role, **more):
        """The same of a registry that runs, where parties are in the store: as `consentctl party apply` does."""
        numbers = {name: text for name, text in PARTIES.get(party, ('', '', {}))[2].items() if name in ('agb', 'gemeentecode')}
        more = {**numbers, **more}
        request = wire.Request()
        one = request.party_apply.parties.add(id=party, kind=kind, role=role, active=more.pop('active', 'yes') == 'yes')
        one.keys.add(name='first', public_key=self.keys[party][0].decode())
        for name, value in more.items():
            setattr(one, name.replace('-', '_'), value)
        client = self.operator()
        reply = client.call(request)
        self.close(client)
        if reply.status != wire.OK:
            raise AssertionError(f'{party} is not changed: {reply.field}: {reply.message}')

    def lift_limits(self):
        """From the next start on one party alone may take what many together could (L3)."""
        self.write('consentd.conf', without_limits((self.directory / 'consentd.conf').read_text()))

    def key_file(self, party):
        """A secret key file as consentctl makes it, for the project's own clients."""
        public, secret = self.keys[party]
        metadata = {'party': party, 'server-key': self.server_key.decode(), 'requests': self.endpoints['requests'],
                    'events': self.endpoints['events']}
        if party == 'operator':
            metadata['operators'] = self.endpoints['operators']
        lines = ''.join(f'    {name} = "{value}"\n' for name, value in metadata.items())
        text = CERTIFICATE.format(public=public.decode(), secret=secret.decode())
        return self.write(f'{party}.key', text.replace('metadata\n', 'metadata\n' + lines), 0o600)

    @property
    def log_path(self):
        return self.directory / 'log'

    def log(self):
        return self.log_path.read_text(errors='replace') if self.log_path.exists() else ''

    def run(self, *arguments):
        """Runs the daemon to its end, for what it says of a configuration."""
        command = [self.program, *arguments, self.directory / 'consentd.conf']
        return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)

    def start(self, more_environment=None, options=()):
        """Starts the daemon and waits until it says that it is ready."""
        ready = self.log().count('consentd: ready')
        environment = dict(os.environ, UBSAN_OPTIONS='halt_on_error=1:print_stacktrace=1', **(more_environment or {}))
        with open(self.log_path, 'ab') as log:
            self.process = subprocess.Popen([self.program, *options, self.directory / 'consentd.conf'], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=environment)
        try:
            self.wait_for(lambda: self.log().count('consentd: ready') > ready, 'the daemon to be ready')
        except AssertionError:
            self.kill()
            raise
        return self

    def wait_for(self, condition, what, timeout=60.0):
        end = time.monotonic() + timeout
        while not condition():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f'waited in vain for {what}; the log says:\n{self.log()[-4000:]}')
            time.sleep(0.01)

    def processor_time(self):
        """Seconds that the daemon was at work: whatever else the machine does meanwhile does not count."""
        return at_work(self.process.pid)[0]

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def signal(self, number):
        if number == signal.SIGSTOP:
            stop_all_of(self.process)
        else:
            self.process.send_signal(number)

    @contextlib.contextmanager
    def held(self):
        """The daemon stands still while the block sends to `requests`. It is given a list, to which it adds how many bytes
        each message has. All of them are with the kernel before the daemon goes on: however quick that is, what was sent
        last waits beside what was sent first."""
        sent = []
        self.signal(signal.SIGSTOP)
        try:
            yield sent
            self.wait_for(lambda: self.in_the_kernel() >= sum(sent), 'the kernel to have what was sent')
        finally:
            self.signal(signal.SIGCONT)

    def in_the_kernel(self, endpoint='requests'):
        """How many bytes are on their way to the endpoint: sent and not received, or received and not read."""
        port = f':{int(self.endpoints[endpoint].rsplit(":", 1)[1]):04X}'
        waiting = 0
        for line in pathlib.Path('/proc/net/tcp').read_text().splitlines()[1:]:
            _, here, there, state, queues, *_ = line.split()
            unsent, unread = (int(queue, 16) for queue in queues.split(':'))
            if state == '01':  # established
                waiting += unread * here.endswith(port) + unsent * there.endswith(port)
        return waiting

    def reload(self):
        """SIGHUP, and waits until the daemon says in its log what became of it."""
        said = self.log().count('consentd: reload')
        self.signal(signal.SIGHUP)
        self.wait_for(lambda: self.log().count('consentd: reload') > said, 'word of the reload')

    def stop(self):
        """SIGTERM. A daemon that leaks, or that a sanitizer complains about, does not end with 0."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.signal(signal.SIGTERM)
            self.signal(signal.SIGCONT)  # a test may have failed while it stood still
        try:
            code = self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError('the daemon did not stop on SIGTERM') from None
        self.process = None
        if code != 0 or self.sanitizer_complained():
            raise AssertionError(f'the daemon ended with {code}; its log says:\n{self.log()[-4000:]}')

    def ended(self, timeout=60):
        """Waits until the daemon has ended by itself, and returns its exit code."""
        code = self.process.wait(timeout)
        self.process = None
        return code

    def kill(self):
        """As a power cut for the process: no chance to tidy up."""
        self.process.kill()
        self.process.wait()
        self.process = None

    def sanitizer_complained(self):
        log = self.log()
        return 'runtime error:' in log or 'Sanitizer' in log

    def restart(self):
        self.stop()
        self.start()

    def client(self, party, endpoint='requests', socket_type=zmq.DEALER, route=b''):
        """A new connection with this party's key. It is closed with the instance."""
        return self.client_with(*self.keys[party], endpoint, socket_type, route)

    def client_with(self, public, secret, endpoint='requests', socket_type=zmq.DEALER, route=b''):
        client = Client(self.endpoints[endpoint], self.server_key, public, secret, socket_type, route)
        self.clients.append(client)
        return client

    def operator(self):
        return self.client('operator', 'operators')

    def close(self, client):
        self.clients.remove(client)
        client.close()

    def destroy(self):
        while self.clients:
            self.close(self.clients[0])
        try:
            self.stop()
        finally:
            if 'CONSENTD_LOGS' in os.environ and self.log_path.exists():
                shutil.copy(self.log_path, pathlib.Path(os.environ['CONSENTD_LOGS']) / f'{self.directory.name}.log')
            shutil.rmtree(self.directory)


class RegistryTest(unittest.TestCase):
    """Tests that share one instance; each has subjects of its own, so none sees what another did."""

    @classmethod
    def setUpClass(cls):
        cls.bsns = valid_bsns()
        cls.registry = Instance()
        cls.addClassCleanup(cls.registry.destroy)
        cls.registry.start()
        cls.shared = {}

    def client(self, party):
        """This party's connection, the same for all tests of the class."""
        if party not in self.shared:
            self.shared[party] = self.registry.operator() if party == 'operator' else self.registry.client(party)
        return self.shared[party]

    def person(self, born=datetime.date(1980, 5, 17), **more):
        """A new subject, recorded with this birth date; None: not recorded at all. Returns the BSN."""
        bsn = next(self.bsns)
        if born is not None:
            self.assertOk(self.client('kernteam').call(subject_request(bsn, born, **more)))
        return bsn

    def listen(self, party):
        """A subscription of this party to what is yet to come, whatever the other tests of the class made."""
        lag = {one.party: one.newest for one in self.client('operator').ask('events_lag').events_lag.parties}
        stream = self.registry.client(party, 'events')
        self.assertOk(stream.subscribe(number=lag.get(party, 0) + 1))
        return stream

    def granted(self, bsn, **scope):
        """Records a consent and returns its id."""
        reply = self.client('kernteam').grant(bsn, **scope)
        self.assertOk(reply)
        return reply.consent_recorded.consent_id

    def granted_for(self, milliseconds, bsn, **scope):
        """Records a consent that ends so soon, or later if it could not be recorded as fast; returns its id and its end."""
        while True:
            request = grant_request(bsn, **scope)
            request.grant.valid_until = now() + milliseconds
            reply = self.client('kernteam').call(request)
            if reply.status == wire.OK:
                return reply.consent_recorded.consent_id, request.grant.valid_until
            self.assertIn(reply.status, (wire.INVALID, wire.REJECTED), reply.message)
            milliseconds *= 2
            self.assertLess(milliseconds, 60_000, reply.message)

    def assertPermitUntil(self, end, ask):
        """Each answer is a permit until that moment of the registry, and at least one is. Returns the first one after it."""
        permitted = False
        while True:
            reply = ask()
            if reply.time >= end:
                self.assertTrue(permitted, 'no answer came before the end')
                return reply
            self.assertPermit(reply)
            permitted = True
            time.sleep(0.01)

    def assertStatus(self, reply, status):
        self.assertEqual(Client.status_name(reply), status, f'field "{reply.field}", message "{reply.message}", '
                         f'refusals {Client.codes(reply.refusals)}')

    def assertOk(self, reply):
        self.assertStatus(reply, 'OK')

    def assertRejected(self, reply, *codes):
        self.assertStatus(reply, 'REJECTED')
        self.assertEqual(Client.codes(reply.refusals), list(codes))

    def assertInvalid(self, reply, field):
        self.assertStatus(reply, 'INVALID')
        self.assertEqual(reply.field, field)
        self.assertTrue(reply.message)

    def assertVerdict(self, reply, verdict):
        self.assertOk(reply)
        self.assertEqual(Client.verdict_name(reply.check.verdict), verdict,
                         [Client.codes(item.reasons) for item in reply.check.items])

    def assertPermit(self, reply):
        self.assertVerdict(reply, 'PERMIT')

    def assertDenied(self, reply, *codes):
        """Every item is denied, each for exactly these reasons in this order."""
        self.assertVerdict(reply, 'DENY')
        for item in reply.check.items:
            self.assertEqual(Client.codes(item.reasons), list(codes))


class OwnInstanceTest(RegistryTest):
    """The same with a fresh instance for each test, for those that stop, kill or change it."""

    @classmethod
    def setUpClass(cls):
        cls.bsns = valid_bsns()

    def setUp(self):
        self.registry = Instance()
        self.addCleanup(self.registry.destroy)
        self.prepare()
        self.registry.start()
        self.shared = {}

    def prepare(self):
        """What is to be changed of the instance before it starts: to start it twice takes seconds."""


class SmallStoreTest(OwnInstanceTest):
    """The same with a store that is soon full, and no limits that would keep a test from filling it."""

    def prepare(self):
        self.registry.set_in_configuration('size = "64"', 'size = "16"')
        self.registry.lift_limits()

    def fill(self, requests):
        """Sends these again and again, as new ones, until none of them is recorded, and again none: what the registry does in
        between may leave some room."""
        client, in_vain = self.registry.client('kernteam'), 0
        for _ in range(1000):
            keys = []
            for request in requests:
                request.idempotency_key = b''
                keys.append(client.send(request))
            statuses = {client.reply_to(key, 30).status for key in keys}
            self.assertTrue(statuses <= {wire.OK, wire.UNAVAILABLE}, statuses)
            in_vain = 0 if wire.OK in statuses else in_vain + 1
            if in_vain == 3:
                return
        self.fail('the store is never full')
