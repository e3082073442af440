"""The overview of somebody who was erased, of whom a statute requires that something is kept (R1, R7, T1)."""
import unittest

from client import USER
from harness import months_on, start_of, today
from letters import BOUND, LONGEST_AVERAGE, LONGEST_SENTENCE, Readability
from lives import HORIZON
from test_erasure import ErasureTest
from test_overview import CODES, Blocks, OverviewTest

MONTHS = {number: name for number, name in enumerate(
    'januari februari maart april mei juni juli augustus september oktober november december'.split(), 1)}


def in_words(day):
    return f'{day.day} {MONTHS[day.month]} {day.year}'


class Kept(OverviewTest, ErasureTest):
    def life(self):
        """Two disclosures on a consent that is withdrawn, one that was refused, and another consent."""
        kernteam, bsn = self.client('kernteam'), self.person()
        consent = self.granted(bsn, categories=['naw', 'budget'])
        self.granted(bsn, categories=['email'])
        decisions = [self.decided(kernteam.check(bsn, ['naw'], mode='DISCLOSE')),
                     self.decided(kernteam.check(bsn, ['budget'], mode='DISCLOSE'))]
        self.assertDenied(kernteam.check(bsn, ['bsn'], mode='DISCLOSE'), 'CATEGORY_NOT_CONSENTED')
        self.assertOk(kernteam.revoke(consent))
        return bsn, decisions

    def decided(self, reply):
        self.assertPermit(reply)
        return reply.check.decision

    def erased_in_part(self, bsn):
        number = self.opened(bsn, 'ERASURE')
        self.assertOk(self.decide(number, 'GRANTED_IN_PART'))
        self.erased(number, bsn)
        return number

    def test_r7_what_is_kept_is_told_with_its_end_and_its_article(self):
        bsn, decisions = self.life()
        number = self.erased_in_part(bsn)
        data = self.data(bsn)
        kept = {entry['line']['number']: entry['line'] for entry in data['entries']
                if entry['line'] and entry['line']['kept']}
        self.assertEqual([line['action'] for line in kept.values()],
                         ['grant', 'check', 'check', 'revoke', 'rights-open', 'rights-decide'])
        self.assertEqual([one for one in kept if kept[one]['action'] == 'check'], decisions)
        self.assertIn(number, kept)
        for decision in decisions:
            self.assertEqual(kept[decision]['kept_by'], ['Wmo 5.3.4 as in 2015 (KB 20 toelichting)'])
            self.assertEqual(kept[decision]['check']['recipient'], HORIZON)
        # Of what is not kept there is only that it was.
        others = [entry['line'] for entry in data['entries']
                  if entry['line'] and not entry['line']['kept'] and entry['line']['number'] < max(kept)]
        self.assertEqual([line['action'] for line in others if line['action'] == 'check'], ['check'])
        self.assertTrue(all(not line['check'] and not line['reply'] for line in others))

    def test_r7_the_letter_says_it_in_plain_dutch(self):
        bsn, _ = self.life()
        self.erased_in_part(bsn)
        text = self.letter(bsn)
        last = in_words(months_on(today(), 12 * 15))
        why = 'Dat zegt artikel 5.3.4 van de Wet maatschappelijke ondersteuning.'
        part = text[text.index('Wat wij van de wet moeten bewaren'):text.index('Wat er over u zelf staat')]
        for said in ('Uw gegevens zijn gewist. Een deel moet blijven, want dat zegt de wet.',
                     '2 keer dat gegevens zijn doorgegeven', '1 toestemming', '1 intrekking van een toestemming', why,
                     'Wat u ons vroeg', 'Wat wij daarop zeiden', 'Daardoor mochten gegevens worden doorgegeven.'):
            self.assertIn(said, part)
        self.assertEqual(part.count(last), 5, part)
        self.assertIn('Uw gegevens zijn 2 keer doorgegeven.', text)  # what is kept is told
        self.assertIn('Er gelden geen toestemmingen van u. Wat wij moeten bewaren', text)
        self.assertNotIn('Welke gegevens: Burgerservicenummer', text)  # what is erased is not
        self.assertEqual(CODES.findall(text), [])
        reading = Readability(Blocks(self.made(bsn, '--format', 'html')).blocks)
        print(f'overview of what is kept: Flesch-Douma {reading.ease:.1f}, {reading.average:.1f} words a sentence, '
              f'the longest {len(reading.longest)}')
        self.assertGreaterEqual(reading.ease, BOUND)
        self.assertLessEqual(reading.average, LONGEST_AVERAGE)
        self.assertLessEqual(len(reading.longest), LONGEST_SENTENCE, ' '.join(reading.longest))

    def test_r7_of_who_is_not_erased_nothing_is_said_of_keeping(self):
        bsn, _ = self.life()
        self.assertNotIn('Wat wij van de wet moeten bewaren', self.letter(bsn))
        self.assertFalse(any(entry['line'] and entry['line']['kept'] for entry in self.data(bsn)['entries']))

    def test_kb_15_the_kept_request_can_be_objected_to(self):
        bsn, _ = self.life()
        number = self.erased_in_part(bsn)
        self.assertIn(number, self.numbers(bsn))
        objection = self.opened(bsn, 'OBJECTION', against=number)
        self.assertOk(self.decide(objection, 'REFUSED'))
        self.assertIn('Wat u ons vroeg', self.letter(bsn))


if __name__ == '__main__':
    unittest.main()
