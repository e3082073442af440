"""What others do at the worst moment to a spool, or put into it: nothing goes that may not, and it goes on."""
import threading
import unittest

from harness import SOURCE, tool
from spooling import D1, FIXTURE_BSN, FIXTURES, Gate, Spool, message
from test_spool import HORIZON, SpoolTest

SECRET = 'geheim-van-deze-machine'


class Between(SpoolTest):
    """A withdrawal after the advice and before the disclosure."""

    def withdrawn_between(self, **part):
        bsn, spool, shut = self.person(), self.spool(), threading.Event()
        consent = self.granted(bsn, categories=D1)
        gate = Gate(self.registry, shut.is_set)
        self.addCleanup(gate.close)
        spool.use_key(gate.key_file('kernteam'))
        spool.start()
        spool.put('first.xml', message(bsn))
        spool.wait_until_in('sent', 'first.xml')  # who the parties are is known now
        shut.set()
        advised = self.advised()
        spool.put('a.xml', message(bsn, 2))
        spool.wait_for(lambda: self.advised() > advised, 'nothing is asked')
        self.assertOk(self.client('kernteam').revoke(consent, **part))
        shut.clear()
        return spool

    def advised(self):
        return sum('ADVISE' in entry.details for entry in self.client('operator').audit() if entry.action == 'check')

    def test_of_all_it_is_held_and_nothing_was_disclosed(self):
        spool = self.withdrawn_between()
        spool.wait_until_in('held', 'a.xml')
        self.assertEqual((spool.report('held', 'a.xml')['code'], len(self.disclosures())), ('DENIED', 1))
        self.assertEqual(spool.stop(), 0, spool.said())
        self.assertEqual(sorted(path.name for path in (spool.path / 'work').iterdir()), ['commands', 'in'])

    def test_of_a_part_it_goes_without_that(self):
        spool = self.withdrawn_between(categories=['budget'])
        spool.wait_until_in('sent', 'a.xml')
        self.assertIn('Budget', spool.text('sent', 'first.xml'))
        self.assertNotIn('Budget', spool.text('sent', 'a.xml'))
        self.assertEqual(spool.stop(), 0, spool.said())


class Returns(SpoolTest):
    def test_a_return_message_goes_if_it_answers_what_the_ledger_of_the_spool_knows(self):
        conf = self.registry.directory / 'consentd.conf'
        conf.write_text(conf.read_text().replace('"check check-for-others explain"', '"check check-for-others explain events"'))
        self.registry.restart()
        self.shared, self.bsns = {}, iter([FIXTURE_BSN])
        self.registry.change_party('toezicht', 'gemeente', 'toezichthouder')
        self.granted(self.person(), categories=D1)
        mappings, key = SOURCE / 'config' / 'adapters', self.registry.key_file('toezicht')
        spool = Spool(self.registry, '--from', HORIZON, '--to', 'kernteam', '--mapping', mappings / 'wmo302.map',
                      program='adapter/consent-adapter', party='toezicht')
        self.addCleanup(spool.destroy)
        text = (FIXTURES / 'wmo302.xml').read_text()
        spool.put('early.xml', text)
        self.assertEqual(spool.once().returncode, 0)
        self.assertEqual(spool.report('held', 'early.xml')['code'], 'ANSWERS_NOTHING')
        sent = tool('adapter/consent-adapter', '--key', key, '--from', 'kernteam', '--to', HORIZON, '--mapping', mappings / 'wmo301.map',
                    '--ledger', spool.path / 'ledger', FIXTURES / 'wmo301.xml')
        self.assertEqual(sent.returncode, 0, sent.stderr)
        spool.put('other.xml', text.replace(FIXTURE_BSN, '999990019'))
        would = spool.once('--dry-run').stdout
        self.assertIn('other.xml: would be held: ANSWERS_NOTHING', would)
        first = spool.once()
        self.assertEqual(first.returncode, 0, first.stderr)
        self.assertEqual((spool.names('sent'), spool.names('held')), (['early.xml'], ['other.xml']))
        self.assertEqual(len(self.disclosures()), 1, 'a return message is not asked about')


class Files(SpoolTest):
    def test_what_cannot_be_a_message_fails_by_itself_and_says_nothing_of_what_is_in_it(self):
        bsn, spool = self.person(), self.spool()
        self.granted(bsn, categories=D1)
        secret = spool.directory / 'secret'
        secret.write_text(SECRET)
        text = message(bsn)
        head, _, rest = text.partition('?>')
        doctype = f'{head}?><!DOCTYPE w [<!ENTITY e SYSTEM "file://{secret}"><!ENTITY l "{"l" * 1000}">]>{rest}'
        files = {'dtd': doctype.encode(), 'entity': doctype.replace('>Jansen<', '>&e;<').encode(),
                 'surrogate': text.encode().replace(b'</w:Bericht>', b'\xed\xa0\x80</w:Bericht>'),
                 'reference': text.replace('</w:Bericht>', '&#xD800;</w:Bericht>').encode(), 'nul': text.encode() + b'\0',
                 'empty': b'', 'deep': b'<a>' * 100_000, 'half': text.encode()[:-20]}
        for name, content in files.items():
            (spool.path / 'in' / name).write_bytes(content)
        with open(spool.path / 'in' / 'enormous', 'wb') as file:
            file.write(text.encode().replace(b'</w:Bericht>', b''))
            file.truncate(100 << 20)
        spool.put('good.xml', message(bsn, 2))
        result = spool.once()
        self.assertEqual((result.returncode, spool.names('sent'), spool.names('failed')),
                         (0, ['good.xml'], sorted([*files, 'enormous'])), result.stderr)
        self.assertIn('larger than the limit of 8 MiB', spool.report('failed', 'enormous')['error'])
        told = result.stderr + ''.join(path.read_text() for path in (spool.path / 'failed').glob('*.json'))
        self.assertEqual([word for word in (SECRET, bsn, 'Jansen') if word in told], [])
        self.assertEqual(spool.names('work/in'), [])


if __name__ == '__main__':
    unittest.main()
