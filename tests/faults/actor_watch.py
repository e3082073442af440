"""consent-watch into a file, with a position file of its own."""
from actor import Actor


class Watch(Actor):
    def command(self):
        own = ['--consumer', self.consumer] if self.consumer else []
        return [self.world.build / 'clients' / 'watch' / 'consent-watch', '--key', self.world.key_file(self.party, self),
                '--position', self.place / 'position', *own]

    def streams(self):
        return open(self.file, 'ab')
