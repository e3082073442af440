"""What tests of consent-watch share: a registry, a party that listens, and the program with its standard output somewhere."""
import contextlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

from harness import BUILD, SOURCE, RegistryTest

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import exported  # noqa: E402

PROGRAM = BUILD / 'clients' / 'watch' / 'consent-watch'
HORIZON = 'zorgaanbieder-horizon'
SYSTEM = 'urn:nld:oin:00000001234567890000:systeem:toestemmingen'
USAGE, DATA, UNAVAILABLE, CANNOT_MAKE, IO, TEMPORARY = 64, 65, 69, 73, 74, 75


class WatchTest(RegistryTest):
    """Each test hears what it makes itself: everything from before is acknowledged."""

    def setUp(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='watch-'))
        self.addCleanup(shutil.rmtree, self.place)
        self.out, self.said = self.place / 'heard', self.place / 'said'
        stream = self.registry.client(HORIZON, 'events')
        self.first = self.lag().newest + 1
        self.assertOk(stream.subscribe(number=self.first))
        if self.first > 1:
            self.assertOk(stream.acknowledge(self.first - 1))
        self.registry.close(stream)

    def lag(self):
        return {one.party: one for one in self.client('operator').ask('events_lag').events_lag.parties}[HORIZON]

    def acknowledged(self):
        """How many of the events of this test."""
        return self.lag().acknowledged - self.first + 1

    def tell(self, count=1):
        return [self.granted(self.person()).hex() for _ in range(count)]

    def command(self, *arguments):
        return [PROGRAM, '--key', self.registry.key_file(HORIZON), *map(str, arguments)]

    def start(self, *arguments, **how):
        """Its standard output is a file, unless `how` says otherwise."""
        with open(self.out, 'ab') as out, open(self.said, 'ab') as said:
            process = subprocess.Popen(self.command(*arguments), **{'stdin': subprocess.DEVNULL, 'stdout': out, 'stderr': said, **how})
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                with contextlib.suppress(OSError):  # what was not sent yet goes nowhere
                    pipe.close()

    def watch(self, *arguments, expected=0, **how):
        """Runs it to its end, and returns what it said on standard error."""
        process = self.start(*arguments, **how)
        self.assertEqual(process.wait(30), expected, self.words())
        return self.words()

    def words(self):
        return self.said.read_text()

    def heard(self):
        return [json.loads(line) for line in exported_lines(self.out)]

    def numbers(self):
        """Of the events of this test, from 1."""
        return [event['number'] - self.first + 1 for event in self.heard()]

    def wait_until(self, condition, what, timeout=20):
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                self.fail(f'waited in vain for {what}: {self.words()}')
            time.sleep(0.02)

    def assertValid(self, events):
        self.assertEqual(exported.faults_of('cloudevents', events), [])


def exported_lines(path):
    """Whole lines; half a one is a failure."""
    text = path.read_text()
    if text and not text.endswith('\n'):
        raise AssertionError(f'half a line: {text[-80:]}')
    return text.splitlines()
