"""The pages of docs/ that an operator follows step by step, run as they stand, in a directory instead of on a whole machine.

What only a machine of one's own has is put in its place: /var/lib/consentd and the like are directories below a scratch one, and
systemctl, runuser, apt and install are the small programs below. The real ones are in scripts/package-try, with systemd itself.
"""
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from harness import PLAIN, SOURCE, free_port

SYSTEMCTL = r'''#!/bin/bash
# start, stop, restart, reload and is-active for the one daemon; enable and is-enabled for any unit.
set -euo pipefail
running () { [ -f "$MACHINE/pid" ] && kill -0 "$(cat "$MACHINE/pid")" 2>/dev/null; }
start () {
    running && return
    : >"$MACHINE/journal.now"
    setsid $CONSENTD_PREFIX consentd "$MACHINE/var/lib/consentd/consentd.conf" </dev/null >/dev/null 2>"$MACHINE/journal.now" 9>&- &
    echo $! >"$MACHINE/pid"
    for ((tries = 0; tries < 600; tries++)); do
        grep -q '^consentd: ready' "$MACHINE/journal.now" && return
        running || { cat "$MACHINE/journal.now" >&2; exit 1; }
        sleep 0.05
    done
    echo "systemctl: it does not become ready" >&2
    exit 1
}
stop () {
    running || return 0
    kill -TERM "$(cat "$MACHINE/pid")"
    while running; do sleep 0.05; done
}
case $1 in
    enable) shift; for unit; do [ "$unit" = --now ] || touch "$MACHINE/enabled.$unit"; [ "$unit" != consentd ] || start; done ;;
    is-enabled) shift; for unit; do [ -e "$MACHINE/enabled.$unit" ] && echo enabled || exit 1; done ;;
    start) start ;;
    stop) stop ;;
    restart) stop; start ;;
    reload)
        consentd --check "$MACHINE/var/lib/consentd/consentd.conf" >&2
        before=$(grep -c '^consentd: reload' "$MACHINE/journal.now" || true)
        kill -HUP "$(cat "$MACHINE/pid")"
        until [ "$(grep -c '^consentd: reload' "$MACHINE/journal.now")" -gt "$before" ]; do running && sleep 0.05; done ;;
    is-active) running && echo active || { echo inactive; exit 3; } ;;
    *) echo "systemctl: $*" >&2; exit 64 ;;
esac
'''
RUNUSER = '#!/bin/bash\n# runuser -u USER -- COMMAND: there is one user here.\nshift 3\nexec "$@"\n'
INSTALL = r'''#!/bin/bash
# install without -o and -g, for which one must be root.
words=()
while [ $# -gt 0 ]; do case $1 in -o|-g) shift ;; *) words+=("$1") ;; esac; shift; done
exec /usr/bin/install "${words[@]}"
'''
APT = '#!/bin/bash\n# What is built is there already.\n[ "$1" = install ]\n'
CHOWN = '#!/bin/bash\n# There is one user here.\n'
JOURNALCTL = '#!/bin/bash\ncat "$MACHINE/journal.now"\n'
PROGRAMS = {'systemctl': SYSTEMCTL, 'runuser': RUNUSER, 'install': INSTALL, 'apt': APT, 'chown': CHOWN, 'journalctl': JOURNALCTL}
PLACES = ('/var/lib', '/var/backups', '/media', '/mnt', '/run', '/usr/local/bin', '/etc/horizon')
FOLDERS = ('daemon', 'clients/ctl', 'clients/watch', 'clients/view')


def commands(page, section=None):
    """What a page says to type, a command at a time, in order; within `section` ('## 3'), if it is given."""
    text = (SOURCE / 'docs' / page).read_text()
    if section:
        text = re.split(r'(?m)^## ', text[text.index(f'\n{section}') + 1:].removeprefix('## '))[0]
    for block in re.findall(r'(?:^    .*\n)+', text, re.MULTILINE):
        whole = ''.join(line.removeprefix('    ') for line in block.splitlines(keepends=True)).replace('\\\n', ' ')
        yield from whole.splitlines()


class PageTest(unittest.TestCase):
    build, size = PLAIN, 64  # the programs as people have them; MiB of the store

    def setUp(self):
        self.machine = pathlib.Path(tempfile.mkdtemp(prefix='consentd-'))
        self.addCleanup(shutil.rmtree, self.machine)
        self.addCleanup(self.stop)
        (self.machine / 'bin').mkdir()
        for name, text in PROGRAMS.items():
            (self.machine / 'bin' / name).write_text(text)
            (self.machine / 'bin' / name).chmod(0o755)
        self.home = self.machine / 'root'
        (self.home / '.config' / 'consentd').mkdir(parents=True)
        (self.home / '.config' / 'consentd' / 'operator.key').symlink_to(self.place('/var/lib/consentd/keys/operator.key'))
        for place in PLACES:
            self.place(place).mkdir(parents=True, exist_ok=True)
        self.ports, self.begun = free_port(2), []
        self.addCleanup(self.stop_begun)
        path = ':'.join([str(self.machine / 'bin'), *(str(self.build / folder) for folder in FOLDERS), os.environ['PATH']])
        self.environment = {**os.environ, 'PATH': path, 'HOME': str(self.home), 'MACHINE': str(self.machine), 'CONSENTD_PREFIX': ''}
        self.environment.pop('CONSENT_KEY', None)

    def place(self, path):
        return self.machine / path.removeprefix('/')

    def on_this_machine(self, command):
        """The command with the places of a scratch directory, and a registry that is small and has ports of its own."""
        command = command.replace('/usr/share/consentd/', f'{SOURCE}/config/')
        for place in PLACES:
            command = re.sub(rf'(?<![\w./-]){place}(?=[/\s"]|$)', str(self.place(place)), command)
        if ' consentctl setup ' in f' {command}':
            command += f' --template {SOURCE}/config/consentd.conf --port {self.ports}'
            command += '' if ' --policy ' in command else f' --policy {SOURCE}/config/policies/kaag-en-braassem-2015'
        return command

    def type(self, command, expected=0, stdin=''):
        """Runs one command of a page; what it said."""
        ran = subprocess.run(['bash', '-euc', self.on_this_machine(command)], cwd=self.home, env=self.environment, text=True,
                             input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120, check=False)
        self.assertEqual(ran.returncode, expected, f'{command}\n{ran.stdout}')
        if 'consentctl setup /var/lib/consentd ' in f'{command} ':
            self.make_small()
        return ran.stdout

    def begin(self, command):
        """Starts one that goes on until it is stopped; `stop_begun` does that. What it says is in the file that is returned."""
        said = self.machine / f'said.{len(self.begun)}'
        with open(said, 'wb') as output:
            # A shell that runs the tests in its background has SIGINT ignored by all that they start.
            typed = f'exec env --default-signal=INT {self.on_this_machine(command)}'
            self.begun.append(subprocess.Popen(['bash', '-euc', typed], cwd=self.home, env=self.environment, stdin=subprocess.PIPE,
                                               stdout=output, stderr=output))
        return said

    def stop_begun(self):
        """Ends what was begun and still runs, as Ctrl-C does; the exit codes."""
        for process in self.begun:
            process.send_signal(signal.SIGINT)
            process.stdin.close()
        return [process.wait(20) for process in self.begun]

    def until_ready(self, command):
        """A daemon in the foreground, which somebody stops when it says that it is ready."""
        said = self.begin(command)
        self.wait_for(lambda: 'consentd: ready' in said.read_text(), command)
        self.assertEqual(self.stop_begun()[-1], 0)

    def make_small(self):
        configuration = self.place('/var/lib/consentd/consentd.conf')
        text = re.sub(r'(?m)^(    size = )"\d+"', rf'\g<1>"{self.size}"', configuration.read_text())
        configuration.write_text(re.sub(r'(?m)^(    reserve = )"\d+"', r'\1"8"', text))

    def type_all(self, page, section, expected=None):
        """All commands of a section; `expected`: the exit codes that are not 0, by the number of the command, from 0."""
        return [self.type(command, (expected or {}).get(number, 0)) for number, command in enumerate(commands(page, section))]

    def process(self):
        file = self.machine / 'pid'
        return int(file.read_text()) if file.exists() else None

    def is_running(self):
        if self.process() is None:
            return False
        try:
            os.kill(self.process(), 0)
        except ProcessLookupError:
            return False
        return True

    def wait_for(self, condition, what):
        end = time.monotonic() + 30
        while not condition():
            self.assertLess(time.monotonic(), end, f'waited in vain for {what() if callable(what) else what}')
            time.sleep(0.02)

    def stop(self, number=signal.SIGTERM):
        if not self.is_running():
            return
        os.kill(self.process(), number)
        end = time.monotonic() + 20
        while self.is_running() and time.monotonic() < end:
            time.sleep(0.02)
