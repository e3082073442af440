"""A consumer of a partner's own (storing.py): an honest one, a slow one, one that never acknowledges, and one that does so
before it has stored what it acknowledges: a control, which must lose events."""
import json
import pathlib
import sys

from actor import Actor

PROGRAM = pathlib.Path(__file__).with_name('storing.py')


class Storing(Actor):
    behaviour = {'order': 'store', 'credit': 64, 'pause': 0}

    def command(self):
        public, secret = self.world.registry.keys[self.party]
        settings = {'endpoint': f'tcp://127.0.0.1:{self.link.port}', 'server_key': self.world.registry.server_key.decode(),
                    'public_key': public.decode(), 'secret_key': secret.decode(), 'file': str(self.file),
                    'position': str(self.place / 'position'), 'consumer': self.consumer, **self.behaviour}
        path = self.place / 'settings'
        path.write_text(json.dumps(settings))
        path.chmod(0o600)
        return [sys.executable, PROGRAM, path]


class Slow(Storing):
    """One event at a time, and something to do after each."""
    behaviour = {'order': 'store', 'credit': 2, 'pause': 0.02}


class Never(Storing):
    """Hears as much as there is credit for, and acknowledges nothing."""
    keeps_all = False
    behaviour = {'order': 'never', 'credit': 1024, 'pause': 0}


class Hasty(Storing):
    """Acknowledges, and then stores: what it had acknowledged when it died is lost."""
    behaviour = {'order': 'acknowledge', 'credit': 64, 'pause': 0.5}

    def is_ahead(self):
        """It has acknowledged what it has not stored."""
        acknowledged = (self.place / 'position').read_text()
        return bool(acknowledged) and int(acknowledged) > self.newest()
