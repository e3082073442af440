"""A spool of an adapter for a test: its directory, messages that are put into it, and the program.

    spool = Spool(registry)
    spool.put('a.xml', message(bsn))
    spool.once()
    spool.names('sent')
"""
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

from harness import BUILD, SOURCE

FIXTURES = SOURCE / 'tests' / 'fixtures'
FIXTURE_BSN = '999996770'
REPORT = '.report.json'
# Everything of the fixture that the flow for a care provider knows.
D1 = ['bsn', 'naw', 'geboortedatum', 'geslacht', 'correspondentie', 'telefoon', 'email', 'vertegenwoordiger',
      'verblijfplaats', 'toewijzing', 'periode', 'soort-voorziening', 'omvang', 'budget']


def message(bsn, number=1, name='wmo301.xml', sender='1884'):
    """The fixture, about this subject, from this municipality, with an identification of its own."""
    text = (FIXTURES / name).read_text().replace(FIXTURE_BSN, bsn).replace('Afzender>1884<', f'Afzender>{sender}<')
    text, count = re.subn(r'(<(?:\w+:)?BerichtIdentificatie>\s*<(?:\w+:)?Identificatie>)[^<]*', rf'\g<1>{number:012}', text, count=1)
    if count != 1:
        raise AssertionError(f'{name} has no identification')
    return text


class Gate:
    """Stands between a client and its registry. While it is shut (a condition of the test's), what the registry says
    does not come through; what it is asked does. While it is cut, there is no connection."""

    def __init__(self, registry, is_shut, endpoint='requests'):
        self.is_shut, self.registry, self.endpoint, self.is_cut = is_shut, registry, registry.endpoints[endpoint], False
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.sockets = [self.listener]
        threading.Thread(target=self.accept, daemon=True).start()

    def key_file(self, party):
        """Like the registry's, to where this stands."""
        text = self.registry.key_file(party).read_text()
        port = self.listener.getsockname()[1]
        return self.registry.write(f'gate-{party}.key', text.replace(self.endpoint, f'tcp://127.0.0.1:{port}'), 0o600)

    def cut(self, is_cut=True):
        self.is_cut = is_cut
        for one in self.sockets[1:] if is_cut else []:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def accept(self):
        try:
            while True:
                near = self.listener.accept()[0]
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(('127.0.0.1', int(self.endpoint.rpartition(':')[2])))
                self.sockets += [near, far]
                threading.Thread(target=self.pump, args=(near, far, lambda: False), daemon=True).start()
                threading.Thread(target=self.pump, args=(far, near, self.is_shut), daemon=True).start()
        except OSError:
            pass

    @staticmethod
    def pump(source, target, is_shut):
        try:
            while data := source.recv(1 << 16):
                while is_shut():
                    time.sleep(0.01)
                target.sendall(data)
        except OSError:
            pass

    def close(self):
        self.is_shut = lambda: False
        for one in self.sockets:
            one.close()


class Spool:
    def __init__(self, registry, *options, program='sociale-team/sociale-team', party='kernteam', build=BUILD):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='spool-'))
        self.path = self.directory / 'spool'
        self.command = [build / 'clients' / program, '--key', registry.key_file(party), '--spool', self.path, *options]
        self.program = build / 'clients' / program
        self.process, self.told = None, {}  # `told`: variables of its environment besides
        self.log = self.directory / 'log'
        self.path.mkdir(mode=0o700)
        (self.path / 'in').mkdir(mode=0o700)

    def use_key(self, key):
        self.command[self.command.index('--key') + 1] = key

    def put(self, name, text):
        """As a sender should: written under another name, and renamed."""
        part = self.path / 'in' / f'.{name}'
        part.write_text(text)
        part.rename(self.path / 'in' / name)

    def names(self, folder):
        """The messages there, without their reports."""
        return sorted(path.name for path in (self.path / folder).iterdir() if not path.name.endswith(REPORT))

    def report(self, folder, name):
        return json.loads((self.path / folder / (name + REPORT)).read_text())

    def text(self, folder, name):
        return (self.path / folder / name).read_text()

    def environment(self):
        return dict(os.environ, CONSENTD_ADAPTERS=str(SOURCE / 'config' / 'adapters'), **self.told)

    def once(self, *options):
        """Does what is there to do. Returns the process."""
        return subprocess.run([*map(str, self.command), '--once', *options], capture_output=True, text=True, timeout=120,
                              env=self.environment(), check=False)

    def held(self, *arguments, stdin=''):
        """A command of those who must solve what is held."""
        return subprocess.run([self.program, 'held', '--spool', self.path, *map(str, arguments)], capture_output=True, text=True,
                              timeout=60, input=stdin, check=False, errors='surrogateescape')

    def start(self):
        with open(self.log, 'a', encoding='utf-8') as log:
            self.process = subprocess.Popen([*map(str, self.command)], stderr=log, env=self.environment())

    def stop(self):
        """Ends it in order; returns its exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        self.process = None
        return code

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process = None

    def wait_for(self, condition, what, timeout=20):
        end = time.monotonic() + timeout
        while not condition():
            if time.monotonic() > end:
                raise AssertionError(f'{what}; the spool says:\n{self.said()[-3000:]}')
            time.sleep(0.05)

    def said(self):
        return self.log.read_text() if self.log.exists() else ''

    def wait_until_in(self, folder, name):
        self.wait_for(lambda: (self.path / folder / name).exists(), f'{name} does not come into {folder}/')

    def destroy(self):
        if self.process:
            self.kill()
        shutil.rmtree(self.directory)
