"""A view of the registry, as consent-view has it: a process that answers a question a line."""
import json
import selectors
import subprocess
import time

from harness import BUILD

PROGRAM = BUILD / 'clients' / 'view' / 'consent-view'


class View:
    def __init__(self, case, key, *options):
        self.case = case
        self.process = subprocess.Popen([PROGRAM, '--key', key, *map(str, options)], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        case.addCleanup(self.close)

    def close(self):
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def ended(self):
        """Its exit code and what it said, once its questions have ended."""
        said = self.process.communicate(timeout=30)
        return self.process.returncode, said[1].decode()

    def send(self, line):
        self.process.stdin.write(line.encode() + b'\n')
        self.process.stdin.flush()

    def line(self, timeout=20):
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            self.case.assertTrue(selector.select(timeout), 'the view answers')
        return json.loads(self.process.stdout.readline())

    def ask(self, subject, provider='kernteam', recipient='zorgaanbieder-horizon', purpose='toekenning', category='naw', case=''):
        self.send(f'{subject} {provider} {recipient} {purpose} {category} {case}')
        return self.line()

    def status(self):
        self.send('status')
        return self.line()

    def wait(self, what, condition, ask, timeout=20.0):
        """What `ask` answers, once `condition` holds of it."""
        end = time.monotonic() + timeout
        while not condition(answer := ask()):
            self.case.assertLess(time.monotonic(), end, f'{what}: {answer}, {self.status()}')
            time.sleep(0.02)
        return answer

    def wait_for(self, why, ask, timeout=20.0):
        return self.wait(why, lambda answer: answer['why'] == why, ask, timeout)
