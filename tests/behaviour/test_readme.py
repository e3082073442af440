"""The commands of README.md, run as they stand there."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import time
import unittest

from harness import BUILD, SOURCE, free_port

PROGRAMS = ('consentctl', 'consentd', 'consent-watch')
PARTIAL = 2


def told():
    """Every command of the README, whole and without its prompt, in the order in which it is told."""
    text = (SOURCE / 'README.md').read_text().replace('\\\n', ' ')
    lines = re.findall(rf'(?m)^    (?:\$ )?((?:{"|".join(PROGRAMS)}) .*)$', text)
    return [' '.join(line.split()) for line in lines]


class Readme(unittest.TestCase):
    def setUp(self):
        self.commands = told()
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix='consentd-'))
        self.addCleanup(shutil.rmtree, self.directory)
        (self.directory / 'config').symlink_to(SOURCE / 'config')
        (self.directory / 'bsn').write_text('999996770\n')
        (self.directory / 'born').write_text('1951-02-03\n')
        (self.directory / 'why').write_text('hulp bij het huishouden\n')
        (self.directory / 'form.pdf').write_text('getekend')
        folders = [BUILD / 'daemon', BUILD / 'clients' / 'ctl', BUILD / 'clients' / 'watch']
        self.environment = dict(os.environ, PATH=':'.join([*map(str, folders), os.environ['PATH']]))

    def take(self, start):
        """The one command that begins so: each is run once, and none is left over."""
        found = [command for command in self.commands if command.startswith(start)]
        self.assertEqual(len(found), 1, f'{start}: {found}')
        self.commands.remove(found[0])
        return found[0]

    def run_told(self, command, expected=0):
        result = subprocess.run(['bash', '-c', command], cwd=self.directory, env=self.environment, capture_output=True,
                                text=True, stdin=subprocess.DEVNULL, timeout=60, check=False)
        self.assertEqual(result.returncode, expected, f'{command}\n{result.stdout}{result.stderr}')
        return result.stdout

    def begin(self, command, **options):
        """Runs it until it is asked to stop, at the end of the test at the latest."""
        process = subprocess.Popen(command.split(), cwd=self.directory, env=self.environment, stdin=subprocess.DEVNULL,
                                   **options)
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        if process.poll() is None:
            process.terminate()
        self.assertEqual(process.wait(20), 0)

    def wait_for(self, condition, what):
        end = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), end, f'waited in vain for {what}')
            time.sleep(0.02)

    def set_up(self):
        """A registry as the README makes one, on a port of its own and with a smaller store."""
        self.run_told(f'{self.take("consentctl setup DIR --template")} --port {free_port(2)}')
        configuration = self.directory / 'DIR' / 'consentd.conf'
        text = re.sub(r'(?m)^(    size = )"\d+"', r'\1"64"', configuration.read_text())
        configuration.write_text(re.sub(r'(?m)^(    reserve = )"\d+"', r'\1"8"', text))
        with open(self.directory / 'log', 'wb') as log:
            self.begin(self.take('consentd '), stderr=log)
        self.wait_for(lambda: 'consentd: ready' in (self.directory / 'log').read_text(), 'the daemon')
        self.run_told('consentctl --key DIR/keys/operator.key party add kernteam --kind kernteam --role sociale-team '
                      '--out kernteam.key')
        self.run_told(self.take('consentctl --key DIR/keys/operator.key party add'))

    def test_every_command_does_what_is_told(self):
        self.set_up()
        self.run_told(self.take('consentctl --key kernteam.key subject add'))
        recorded = self.run_told(self.take('consentctl --key kernteam.key consent grant'))
        consent = re.search('[0-9a-f]{32}', recorded)[0]
        asked = self.run_told(self.take('consentctl --key zorgaanbieder-horizon.key request make'))
        request = re.search('[0-9a-f]{32}', asked)[0]
        self.assertIn(request, self.run_told(self.take('consentctl --key kernteam.key request list')))
        self.run_told(self.take('consentctl --key kernteam.key consent refuse').replace(' ID ', f' {request} '))
        said = self.run_told(self.take('consentctl --key kernteam.key check'), PARTIAL)
        self.assertEqual(self.shape(said), self.shape((SOURCE / 'README.md').read_text()))
        decision = re.search(r'(?m)^decision +(\d+)$', said)[1]
        why = self.run_told(self.take('consentctl --key DIR/keys/operator.key explain').replace('DECISION', decision))
        self.assertIn('CATEGORY_NOT_NEEDED: dit gegeven is voor dit doel niet nodig', why)
        self.assertIn(consent, self.run_told(self.take('consentctl --key kernteam.key consent list')))
        self.run_told(self.take('consentctl --key kernteam.key consent revoke').replace(' ID ', f' {consent} '))
        listen, file = self.take('consent-watch ').split(' >>')
        with open(self.directory / file, 'ab') as heard:
            self.begin(listen, stdout=heard)
        self.wait_for(lambda: 'ingetrokken' in (self.directory / file).read_text(), 'word of the withdrawal')
        heard = [json.loads(line) for line in (self.directory / file).read_text().splitlines()]
        self.assertEqual([event['consent_id'] for event in heard if event['type'].endswith('ingetrokken')], [consent])
        self.assertIn(request, [event['consent_id'] for event in heard if event['type'].endswith('beantwoord')])
        self.assertEqual(self.commands, [])

    @staticmethod
    def shape(text):
        """The answer to the check, with its lines as they are but for the id of the consent."""
        lines = [re.sub('[0-9a-f]{32}', 'ID', line.strip()) for line in text.splitlines()]
        start = lines.index('PARTIAL')
        return lines[start:start + 5]


if __name__ == '__main__':
    unittest.main()
