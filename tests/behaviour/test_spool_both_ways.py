"""One spool of a party for all that it sends and receives: what answers a message finds it, whichever way that went."""
import json
import os
import re
import time
import unittest

from harness import SOURCE, OwnInstanceTest
from spooling import FIXTURES, Spool

HORIZON = 'zorgaanbieder-horizon'
MAPPINGS = SOURCE / 'config' / 'adapters'
CHAIN = [f'{law}{number}' for law in ('wmo', 'jw') for number in (301, 302, 305, 306, 315, 316, 317, 318, 319)]

# Of whom the return is about, and of whom the request was about that is answered.
SPELLED = {'jw302': '99-9990-342', 'wmo319': '99-9996-770'}


class BothWays(OwnInstanceTest):
    def prepare(self):
        path = self.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('kaag-en-braassem-2015', 'wmo-jeugdwet-2026'))

    def spool(self, *options):
        mappings = [word for name in CHAIN for word in ('--mapping', MAPPINGS / f'{name}.map')]
        spool = Spool(self.registry, *mappings, *options, program='adapter/consent-adapter')
        self.addCleanup(spool.destroy)
        return spool

    def done(self, spool, *names):
        """Puts these fixtures there, and gives where each message is by now, and why."""
        for name in names:
            spool.put(f'{name}.xml', (FIXTURES / f'{name}.xml').read_text())
        ran = spool.once('--quiet')
        self.assertEqual(ran.returncode, 0, ran.stderr)
        return {name.removesuffix('.xml'): spool.report(folder, name)['code'] or folder
                for folder in ('sent', 'held', 'failed') for name in spool.names(folder)}

    def test_an_answer_waits_for_its_request_and_is_about_whom_that_was_about(self):
        for law, request in ('wmo', 'wmo315'), ('jw', 'jw317'):
            with self.subTest(law):
                spool, answer = self.spool(), f'{law}319'
                self.assertEqual(self.done(spool, answer), {answer: 'ANSWERS_NOTHING'})
                self.assertEqual(self.done(spool, request), {answer: 'sent', request: 'sent'})
                asked, told = spool.report('sent', f'{request}.xml'), spool.report('sent', f'{answer}.xml')
                self.assertEqual((asked['provider'], asked['recipient']), (HORIZON, 'kernteam'))
                self.assertEqual((told['provider'], told['recipient']), ('kernteam', HORIZON))
                self.assertEqual(asked['subjects'], told['subjects'])
                # Nobody knows whom an answer is about whose reference was given to two.
                text = (FIXTURES / f'{request}.xml').read_text().replace('HZ-2026', 'HZ-2027')
                another = re.sub(r'(<w:Bsn>)[^<]*', rf'\g<1>{self.person()}', text)
                spool.put('another.xml', another)
                self.assertEqual(self.done(spool)['another'], 'sent')
                spool.put('again.xml', (FIXTURES / f'{answer}.xml').read_text().replace('Identificatie>KB-', 'Identificatie>KC-'))
                self.assertEqual(self.done(spool)['again'], 'ANSWERS_NOTHING')

    def test_what_comes_right_before_an_answer_counts_too(self):
        """The answer is in the group after that of a second request with its reference: it is read before that has its end."""
        spool, bsn = self.spool(), self.person()
        self.done(spool, 'wmo315')
        texts = [('another.xml', re.sub(r'(<w:Bsn>)[^<]*', rf'\g<1>{bsn}',
                                        (FIXTURES / 'wmo315.xml').read_text().replace('HZ-2026', 'HZ-2027'))),
                 *((f'f{number}.xml', '<broken') for number in range(520)),  # more than one group takes
                 ('wmo319.xml', (FIXTURES / 'wmo319.xml').read_text())]
        for number, (name, text) in enumerate(texts):
            (spool.path / 'in' / name).write_text(text)
            os.utime(spool.path / 'in' / name, (time.time() - 3600 + number,) * 2)
        ends = self.done(spool)
        self.assertEqual((ends['another'], ends['wmo319']), ('sent', 'ANSWERS_NOTHING'))

    def test_an_answer_is_to_a_request_under_its_own_law(self):
        """A provider's references of the Wmo and of the Jeugdwet may be the same."""
        spool, asked = self.spool(), ('wmo315', 'jw315')
        answer = (FIXTURES / 'jw319.xml').read_text().replace('HORIZON-317-1', 'HORIZON-315-1')
        spool.put('jw319.xml', answer)
        self.assertEqual(self.done(spool, 'wmo315'), {'wmo315': 'sent', 'jw319': 'ANSWERS_NOTHING'})
        self.assertEqual(self.done(spool, 'jw315', 'wmo319'), dict.fromkeys((*asked, 'jw319', 'wmo319'), 'sent'))
        for law in ('wmo', 'jw'):
            about = [spool.report('sent', f'{law}{number}.xml')['subjects'] for number in (315, 319)]
            self.assertEqual(about[0], about[1])

    def test_a_dry_run_knows_that_what_is_answered_would_have_gone(self):
        spool, names = self.spool(), ('wmo319', 'wmo316', 'wmo315', 'jw319')
        for name in names:
            spool.put(f'{name}.xml', (FIXTURES / f'{name}.xml').read_text())
        *reports, summary = [json.loads(line) for line in spool.once('--dry-run', '--json').stdout.splitlines()]
        self.assertEqual({one['file'].removesuffix('.xml'): one['code'] or one['would'] for one in reports},
                         {'wmo319': 'SENT', 'wmo316': 'SENT', 'wmo315': 'SENT', 'jw319': 'ANSWERS_NOTHING'})
        self.assertEqual((len(reports), summary['sent'], summary['held']), (4, 3, 1))
        self.assertEqual(self.done(spool), dict.fromkeys(names[:3], 'sent') | {'jw319': 'ANSWERS_NOTHING'})

    def test_what_is_given_back_goes_either_way_and_is_no_disclosure(self):
        spool = self.spool()
        sent, received = ['jw301', 'wmo315'], ['jw302', 'wmo316']  # one from us and one to us, and what each gives back
        self.assertEqual(self.done(spool, *received), dict.fromkeys(received, 'ANSWERS_NOTHING'))
        self.assertEqual(self.done(spool, *sent), dict.fromkeys(sent + received, 'sent'))
        decided = [entry for entry in self.client('operator').audit() if entry.action == 'check' and 'DISCLOSE' in entry.details]
        self.assertEqual(len(decided), len(sent))

    def test_a_message_is_called_what_the_standard_lets_it_be_called(self):
        """Any text of up to 12 characters: with blanks in it, and not only of ASCII."""
        spool, name = self.spool(), 'Béguinage 7a'
        for one in 'jw301', 'jw302':
            text = (FIXTURES / f'{one}.xml').read_text()
            self.assertIn('>KB-2026-0417<', text)
            spool.put(f'{one}.xml', text.replace('>KB-2026-0417<', f'>{name}<'))
        self.assertEqual(self.done(spool), {'jw301': 'sent', 'jw302': 'sent'})
        self.assertIn(f'>{name}<', spool.text('sent', 'jw301.xml'))

    def test_what_is_given_back_and_what_names_nobody_hold_no_bsn_in_a_text_either(self):
        """Nobody is asked about the first, and whom the second (319) is about is known when its request is found."""
        spool = self.spool()
        self.done(spool, 'jw301', 'wmo315')
        for name, old in ('jw302', '>HZ-2026-0302<'), ('wmo319', '>KB-2026-0319<'):
            text = (FIXTURES / f'{name}.xml').read_text()
            self.assertIn(old, text)
            spool.put(f'{name}.xml', text.replace(old, f'>{SPELLED[name]}<'))
        told = self.done(spool)
        self.assertEqual({name: told[name] for name in SPELLED}, dict.fromkeys(SPELLED, 'BSN_IN_TEXT'))
        for name, spelled in SPELLED.items():
            self.assertNotIn(spelled, json.dumps(spool.report('held', f'{name}.xml')))

    def test_what_is_neither_from_us_nor_for_us_is_held(self):
        self.registry.change_party('wmo-team', 'wmo-team', 'partner', gemeentecode='0553')
        text, spool = (FIXTURES / 'wmo315.xml').read_text(), self.spool()
        spool.put('for-others.xml', text.replace('Ontvanger>1884<', 'Ontvanger>0553<'))
        spool.put('from-nobody.xml', text.replace('Afzender>99990001<', 'Afzender>99990002<'))
        spool.put('broken.xml', '<w:Bericht')
        self.assertEqual(self.done(spool), {'for-others': 'WRONG_SENDER', 'from-nobody': 'NO_IDENTIFIER', 'broken': 'failed'})
        providers = [spool.report(folder, name)['provider'] for folder, name in
                     (('held', 'for-others.xml'), ('held', 'from-nobody.xml'), ('failed', 'broken.xml'))]
        self.assertEqual(providers, [HORIZON, '', ''], 'who sends it is not said where nobody knows')

    def test_whoever_says_who_sends_gets_nothing_of_another(self):
        spool = self.spool('--from', 'kernteam')
        self.assertEqual(self.done(spool, 'wmo315', 'wmo305'), {'wmo315': 'NO_IDENTIFIER', 'wmo305': 'NO_IDENTIFIER'})


if __name__ == '__main__':
    unittest.main()
