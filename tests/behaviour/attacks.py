"""Attacks on the log by somebody who has the disk of the registry and all of its keys, and who of those outside notices.

The log of a stopped registry is written anew by tests/attack/rewrite-log, which makes everything good again that the
registry looks at. Two witnesses have seen and signed its newest checkpoint before: `cak` is written in Python from
docs/protocol.md, `svb` is consent-watch; they share no code. An export of the log lies elsewhere, and somebody holds a
proof of one line. Then it is started again, and each of them looks."""
import copy
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import envelope_pb2 as wire

from client import check_request
from harness import BUILD, LOG_KEY, SOURCE, Instance, tool, valid_bsns
from partner import NoAnswer
import witness

sys.path.insert(0, str(SOURCE / 'tests' / 'oracle'))
import tlog  # noqa: E402

KEY = tlog.read_key(LOG_KEY)
LINES = 300    # one full tile, of which the registry keeps the hash, and a part of the next
PATIENCE = 4.0  # seconds from the start after which a witness that has noticed nothing has noticed nothing
REWRITE = BUILD / 'tests' / 'attack' / 'rewrite-log'
WATCH = BUILD / 'clients' / 'watch' / 'consent-watch'
CONTRADICTED = 79  # its exit code


class Partner:
    """A witness of a partner's own: it keeps the newest checkpoint that it has seen, asks for the proof that a newer one
    continues it, and signs that."""

    def __init__(self, party, signer):
        self.party, self.signer, self.key = party, signer, signer.key
        self.size, self.root, self.client, self.registry = 0, None, None, None

    def again(self):
        """The same as it is now, which can then go another way."""
        made = Partner(self.party, self.signer)
        made.size, made.root = self.size, self.root
        return made

    def connect(self, registry):
        self.registry, self.client = registry, registry.client(self.party, 'events')

    def leave(self):
        self.registry.close(self.client)
        self.client = None

    def sign(self, note):
        signed = self.client.ask('log_cosign', key=self.key, size=self.size, signature=self.signer.sign(note))
        if signed.status != wire.OK:
            raise AssertionError(f'the signature of a witness is refused: {signed.field}: {signed.message}')

    def look(self, timeout=10.0):
        """None: what the registry shows continues what was seen; else what does not fit."""
        request = wire.Request()
        request.log_checkpoint.earlier = self.size
        reply = self.client.call(request, timeout)
        if reply.status == wire.INVALID:
            return f'it has fewer than the {self.size} lines that were signed'
        if reply.status != wire.OK:
            return 'it has no checkpoint any more'
        size, root = tlog.read_checkpoint(reply.log_checkpoint.checkpoint, KEY)
        proof = reply.log_checkpoint.proof
        path = [proof[at:at + 32] for at in range(0, len(proof), 32)]
        if self.size and not tlog.is_consistent(0, self.size, size, self.root, root, path):
            return f'its {size} lines do not begin with the {self.size} that were signed'
        if (size, root) != (self.size, self.root):
            self.size, self.root = size, root
            self.sign(reply.log_checkpoint.checkpoint)
        return None


class Watch:
    """A witness that is consent-watch. It keeps what it has seen in its position file, and ends if it is contradicted."""

    def __init__(self, party, place, key):
        self.party, self.place, self.key, self.process = party, place, key, None

    def again(self):
        made = Watch(self.party, pathlib.Path(tempfile.mkdtemp(dir=self.place.parent)), self.key)
        for name in ('position', 'secret'):
            if (self.place / name).exists():
                shutil.copy(self.place / name, made.place)
        return made

    @property
    def size(self):
        path = self.place / 'position'
        note = path.read_bytes().partition(b'\nseen ')[2].partition(b'\n')[2] if path.exists() else b''
        return int(note.split(b'\n')[1]) if note else 0

    def connect(self, registry):
        command = [WATCH, '--key', registry.key_file(self.party), '--position', self.place / 'position', '--witness', self.place / 'secret']
        with open(self.place / 'said', 'wb') as said, open(self.place / 'heard', 'ab') as heard:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=heard, stderr=said)

    def leave(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(10)

    def look(self, timeout=10.0):
        """What it said when it ended; None: it goes on."""
        del timeout
        if self.process.poll() is None:
            return None
        said = (self.place / 'said').read_text().strip()
        if self.process.returncode != CONTRADICTED or not (self.place / 'position.contradiction').exists():
            raise AssertionError(f'consent-watch ended with {self.process.returncode}: {said}')
        return said


def lines_of(export):
    return int((export / 'checkpoint').read_text().split('\n')[1])


class Row:
    """What became of one attack. Each of these says in words what was noticed; None: nothing."""

    def __init__(self, name):
        self.name = name
        self.registry = None
        self.witnesses = {}  # party: (milliseconds after the registry was ready, what)
        self.export = None   # the export from before, gone on with
        self.both = None     # a new export of what both witnesses have signed; None: it was made
        self.fsck = None     # a new export, verified against the checkpoint from before
        self.proof = None    # the same against that of a proof from before
        self.alone = None    # the new export by itself
        self.signed = 0      # lines of a log that both have signed, where two are shown
        self.verify = None   # `audit verify`: the chain, and whether its lines are those that were signed


class Scene:
    """One registry with its log, of which each attack has a copy."""

    def __init__(self):
        self.place = pathlib.Path(tempfile.mkdtemp(prefix='attacks-'))
        self.bsns = valid_bsns()
        self.registry = Instance()
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('checkpoint-seconds = "60"', 'checkpoint-seconds = "1"'))
        self.registry.lift_limits()
        self.registry.start()
        self.seen = {'cak': Partner('cak', witness.Witness('cak.voorbeeld.nl/getuige')), 'svb': self.make_watch('svb')}
        self.write_lines(40)
        self.let_witnesses_sign()
        self.keep('yesterday')
        self.write_lines(LINES - 40)
        self.make_what_others_have()
        self.last = self.status().audit_entries  # nobody has seen a checkpoint of it
        self.keep('today')

    def destroy(self):
        self.registry.destroy()
        shutil.rmtree(self.place)

    def ctl(self, *words, key=True):
        """(exit code, what it said)"""
        command = ['ctl/consentctl', '--key', self.registry.key_file('operator'), '--user', 'beheer-1', *words]
        ran = tool(*command, *(['--log-key', LOG_KEY] if key else []))
        return ran.returncode, (ran.stdout + ran.stderr).strip()

    def must(self, *words, key=True):
        code, said = self.ctl(*words, key=key)
        if code != 0:
            raise AssertionError(f'{words}: {said}')
        return said

    def status(self):
        operator = self.registry.operator()
        told = operator.status().status_report
        self.registry.close(operator)
        return told

    def checkpoint_size(self):
        operator = self.registry.operator()
        told = operator.ask('log_checkpoint')
        self.registry.close(operator)
        return told.log_checkpoint.size if told.status == wire.OK else 0

    def write_lines(self, count):
        """So many checks, each a line about somebody, of which a checkpoint tells."""
        kernteam, bsn = self.registry.client('kernteam'), next(self.bsns)
        keys = [kernteam.send(check_request(bsn)) for _ in range(count)]
        for key in keys:
            kernteam.reply_to(key, 60)
        self.registry.close(kernteam)
        lines = self.status().audit_entries
        self.registry.wait_for(lambda: self.checkpoint_size() >= lines, f'a checkpoint of {lines} lines')

    def make_what_others_have(self):
        self.let_witnesses_sign()
        self.covered = min(one.size for one in self.seen.values())
        self.must('audit', 'export', self.place / 'tree')
        self.must('audit', 'prove', LINES // 2, '--out', self.place / 'proof', key=False)

    def make_watch(self, party):
        place = self.place / party
        place.mkdir()
        made = tool('watch/consent-watch', '--new-witness-key', place / 'secret', '--name', f'{party}.voorbeeld.nl/getuige')
        return Watch(party, place, made.stdout.strip())

    def let_witnesses_sign(self):
        """Both of one checkpoint, of all lines that there are now."""
        lines = self.status().audit_entries
        for one in self.seen.values():
            one.connect(self.registry)
        self.registry.wait_for(lambda: self.both_signed() >= lines, f'both witnesses to sign {lines} lines')
        for one in self.seen.values():
            one.leave()

    def both_signed(self):
        """Lines of the newest checkpoint that both have signed; 0: there is none."""
        for one in self.seen.values():
            if one.look():
                raise AssertionError(f'{one.party} is contradicted by the registry as it was')
        request = wire.Request()
        request.log_checkpoint.witnesses[:] = [one.key for one in self.seen.values()]
        request.log_checkpoint.SetInParent()
        operator = self.registry.operator()
        told = operator.call(request).log_checkpoint
        self.registry.close(operator)
        note = told.cosigned or told.checkpoint
        try:
            for one in self.seen.values():
                tlog.read_cosignature(note, tlog.read_key(one.key, tlog.WITNESS))
        except tlog.Wrong:
            return 0
        return int(note.split(b'\n')[1])

    def keep(self, name):
        """A copy of the registry as it is when it was stopped: its store, and its keys."""
        self.registry.stop()
        for part in ('data', 'keys'):
            shutil.copytree(self.registry.directory / part, self.place / name / part)
        self.registry.start()

    def put(self, name):
        """The stopped registry is as it was then."""
        self.registry.stop()
        for part in ('data', 'keys'):
            shutil.rmtree(self.registry.directory / part)
            shutil.copytree(self.place / name / part, self.registry.directory / part)

    def rewrite(self, *words):
        ran = subprocess.run([REWRITE, *map(str, words)], capture_output=True, text=True, timeout=60,
                             check=False)
        if ran.returncode != 0:
            raise AssertionError(ran.stderr)

    # --- Who notices --------------------------------------------------------------------------------------------------

    def observe(self, name):
        """Starts the registry, and has everybody look."""
        row = Row(name)
        said = len(self.registry.log())
        try:
            self.start_before(row)
            if row.registry is None:
                self.look_afterwards(row)
        finally:
            row.registry = row.registry or self.told_by_registry(said)
            self.registry.stop() if self.registry.is_alive() else None
        return row

    def start_before(self, row):
        """The witnesses are there all the time, and reach it as soon as it can be reached."""
        there = {party: one.again() for party, one in self.seen.items()}
        for one in there.values():
            one.connect(self.registry)
        try:
            self.registry.start()
            begin = time.monotonic()
            self.watch(there, row, begin)
        except AssertionError:
            row.registry = 'does not start: ' + self.registry.log().strip().split('\n')[-1].removeprefix('consentd: ')
        for one in there.values():
            one.leave()

    def watch(self, there, row, begin):
        while time.monotonic() < begin + PATIENCE and not there.keys() <= row.witnesses.keys():
            for party, one in there.items():
                if party in row.witnesses:
                    continue
                try:
                    found = one.look(PATIENCE)
                except NoAnswer:
                    found = None
                if found:
                    row.witnesses[party] = (round((time.monotonic() - begin) * 1000), found)
            time.sleep(0.02)

    def look_afterwards(self, row):
        """Who has a copy from before, and then who has none."""
        for name in ('old', 'new', 'signed'):
            shutil.rmtree(self.place / name, ignore_errors=True)
        shutil.copytree(self.place / 'tree', self.place / 'old')
        code, said = self.ctl('audit', 'verify', key=False)
        row.verify = said if code else None
        row.export = self.refused('audit', 'export', self.place / 'old')
        row.both = self.refused('audit', 'export', self.place / 'signed', *self.asks_for_both())
        row.alone = self.refused('audit', 'export', self.place / 'new')
        if row.alone:
            return  # there is no whole export to compare
        for name, before in (('fsck', self.place / 'tree' / 'checkpoint'), ('proof', self.place / 'proof')):
            setattr(row, name, self.refused('audit', 'fsck', self.place / 'new', '--begins-with', before))
        row.alone = self.refused('audit', 'fsck', self.place / 'new')

    def asks_for_both(self):
        return [word for one in self.seen.values() for word in ('--witness', one.key)]

    def refused(self, *words):
        code, said = self.ctl(*words)
        return said if code else None

    def told_by_registry(self, since):
        """What it says by itself: an alarm, or a line that it does not say at every start."""
        alarms = [alarm.kind for alarm in self.status().alarms] if self.registry.is_alive() else []
        lines = [line for line in self.registry.log()[since:].split('\n') if line and line != 'consentd: ready']
        return f'alarm {alarms[0]}' if alarms else lines[0] if lines else None

    # --- Two logs of one registry -------------------------------------------------------------------------------------

    def twin(self):
        """A second registry of the same copy, with the same keys, at other addresses."""
        self.put('today')
        other = copy.copy(self)
        other.registry = Instance()
        other.registry.keys, other.registry.server_key = self.registry.keys, self.registry.server_key
        for part in ('data', 'keys'):
            shutil.rmtree(other.registry.directory / part)
            shutil.copytree(self.place / 'today' / part, other.registry.directory / part)
        shutil.copy(self.registry.directory / 'consentd.conf', other.registry.directory)
        path = other.registry.directory / 'consentd.conf'
        text = path.read_text()
        for name in ('requests', 'events'):
            text = text.replace(self.registry.endpoints[name], other.registry.endpoints[name])
        path.write_text(text)
        return other

    def split(self):
        """Whoever operates it shows one witness one log, and the other another. Returns a row for each thing that is done."""
        other = self.twin()
        try:
            return self.show_both(other)
        finally:
            other.registry.destroy()
            self.registry.stop()

    def show_both(self, other):
        rows = [Row('two logs, each shown to one witness'), Row('the two exports are compared'),
                Row('each witness is shown the other log')]
        scenes = {'cak': self, 'svb': other}
        there = {party: self.seen[party].again() for party in scenes}
        for number, (party, scene) in enumerate(scenes.items()):
            scene.registry.start()
            there[party].connect(scene.registry)
            scene.write_lines(10 + number)
            lines = scene.checkpoint_size()
            scene.registry.wait_for(lambda: there[party].look() or there[party].size >= lines, f'{party} to sign {lines} lines')
            if there[party].look():
                rows[0].witnesses[party] = (0, there[party].look())
            there[party].leave()
            scene.must('audit', 'export', self.place / party)
        for party in scenes:
            rows[0].alone = rows[0].alone or self.refused('audit', 'fsck', self.place / party)
        rows[0].both = self.refused('audit', 'export', self.place / 'signed-by-both', *self.asks_for_both())
        rows[0].signed = lines_of(self.place / 'signed-by-both')
        rows[0].fsck = self.refused('audit', 'fsck', self.place / 'cak', '--begins-with', self.place / 'tree' / 'checkpoint')
        rows[1].fsck = self.compare(*(self.place / party for party in scenes))
        for party, scene in (('cak', other), ('svb', self)):
            there[party].connect(scene.registry)
            scene.watch({party: there[party]}, rows[2], time.monotonic())
            there[party].leave()
        return rows

    def compare(self, one, other):
        """Whoever has both exports: the longer one must begin with what the checkpoint of the other says."""
        shorter, longer = sorted((one, other), key=lines_of)
        return self.refused('audit', 'fsck', longer, '--begins-with', shorter / 'checkpoint')


# --- The attacks ------------------------------------------------------------------------------------------------------

def made_good(scene):
    """What is done to which line, with everything made good afterwards: name and words."""
    midst, newest = LINES // 2, scene.covered
    for where, line in (('the first line', 1), (f'line {midst}', midst), ('the newest that was signed', newest)):
        other = line + 1 if line == 1 else line - 1
        yield f'{where} changed', ['change', line, 'svb']
        yield f'{where} dropped', ['drop', line]
        yield f'{where} swapped with line {other}', ['swap', line, other]
        yield f'one inserted before {where}', ['insert', line, 'svb']


def not_made_good():
    """The same change, where a part is left as it was: the controls."""
    for part, what in (('chain', 'the chain of hashes'), ('seal', "the store's sums and seal"),
                       ('tiles', "the tree's tiles"), ('checkpoint', 'the stored checkpoint')):
        yield f'changed, and {what} left', ['--leave', part]
    yield 'changed, and all of that left', [word for part in ('chain', 'seal', 'tiles', 'checkpoint') for word in ('--leave', part)]


def attack(scene, name, words, left=()):
    scene.put('today')
    scene.rewrite(*left, scene.registry.directory / 'consentd.conf', *words)
    return scene.observe(name)


def put_back(scene):
    """The whole directory of yesterday: as it is, and where it has more lines again than were signed."""
    scene.put('yesterday')
    yield scene.observe('all of it put back to yesterday')
    scene.put('yesterday')
    scene.registry.start()
    scene.write_lines(LINES * 2)
    scene.registry.stop()
    yield scene.observe('put back, and grown past what was signed')


def witness_left(scene):
    """The small file beside the store, which says how far it was, as it was before."""
    scene.put('today')
    scene.rewrite(scene.registry.directory / 'consentd.conf', 'change', LINES // 2, 'svb')
    shutil.copy(scene.place / 'today' / 'data' / 'consentd.witness', scene.registry.directory / 'data')
    return scene.observe("changed, and the store's witness file left")


def every(scene):
    """(kind, row), one after the other."""
    scene.put('today')
    yield 'nothing', scene.observe('nothing was done')
    for name, words in made_good(scene):
        yield 'rewritten', attack(scene, name, words)
    for row in put_back(scene):
        yield 'put back', row
    change = ['change', LINES // 2, 'svb']
    for name, left in not_made_good():
        yield 'control', attack(scene, name, change, left)
    yield 'control', witness_left(scene)
    yield 'under the tree', attack(scene, 'changed, and tiles and checkpoint left', change,
                                   ['--leave', 'tiles', '--leave', 'checkpoint'])
    yield 'not signed', attack(scene, 'a line changed of which nobody has seen a checkpoint', ['change', scene.last, 'svb'])
    yield from zip(('split', 'compared', 'met'), scene.split())


HEADINGS = ('what was done', 'the registry itself', 'witness cak', 'witness svb', 'export of before, gone on with',
            'new export that asks for the signatures of both', 'new export against the checkpoint of before', 'and against a proof',
            'new export alone', 'audit verify')


def cells(row):
    def after(party):
        return f'{row.witnesses[party][0]} ms' if party in row.witnesses else '-'

    found = ['yes' if one else '-' for one in (row.export, row.both, row.fsck, row.proof, row.alone, row.verify)]
    return [row.name, (row.registry or '-').split(':')[0], after('cak'), after('svb'), *found]


def table(rows):
    """As Markdown. Milliseconds are counted from when the registry was ready."""
    lines = [HEADINGS, ['---'] * len(HEADINGS), *map(cells, rows)]
    return '\n'.join(f'| {" | ".join(line)} |' for line in lines)
