"""What the tests of letters share: who sends them, and how well they read."""
import re

SENDER = '''\
gemeente
    naam                 Gemeente Voorbeeld
    adres                Postbus 1
    adres                1234 AB Voorbeeld
    telefoon             14 0123
    e-mail               privacy@voorbeeld.example
    functionaris         onze functionaris gegevensbescherming
    functionaris-e-mail  fg@voorbeeld.example
    ondertekening        Met vriendelijke groet,
    ondertekening        namens burgemeester en wethouders
'''
MEASURES = '''
maatregel versleuteling
    tekst  Wat wordt bewaard is versleuteld.

maatregel logboek
    tekst  Alles staat in een logboek.
'''
NAMES = {
    'kernteam': 'Kernteam Voorbeeld',
    'wijkteam': 'Wijkteam Oost',
    'wmo-team': 'Team Wmo',
    'zorgaanbieder-horizon': 'Zorgaanbieder Horizon',
    'zorgaanbieder-delta': 'Zorgaanbieder Delta',
    'huisarts-dorp': 'Huisartsenpraktijk Dorp',
    'school-brug': 'Basisschool De Brug',
    'gemeente': 'Gemeente Voorbeeld',
    'cak': 'het CAK',
    'svb': 'de SVB',
}


def sender():
    """A brieven/gemeente.txt in which nothing is missing."""
    return SENDER + MEASURES + ''.join(f'\norganisatie {party}\n    naam  {name}\n' for party, name in NAMES.items())


# --- Readability: Flesch-Douma -----------------------------------------------------------------------------
#
# W.H. Douma, De leesbaarheid van landbouwbladen (Bulletin 17, Landbouwhogeschool Wageningen, 1960): Flesch's reading
# ease for Dutch, 206.84 - 0.93 x words a sentence - 77 x syllables a word. 100 is very easy, 0 very hard; Douma calls
# 60 to 70 "standaard", 70 to 80 "vrij gemakkelijk", and 50 to 60 "vrij moeilijk".
#
# The bound is 70, the foot of "vrij gemakkelijk". B1 (Raad van Europa) is commonly placed at "standaard" and easier; the
# lower half of "standaard" already asks for more schooling, and a letter about rights has long words that it cannot do
# without (toestemming, persoonsgegevens), so the words around them must be easier than B1 asks. Besides, sentences have
# at most 10 words on average, and none more than 20: the figure alone would let one long sentence hide among short ones.

BOUND, LONGEST_AVERAGE, LONGEST_SENTENCE = 70, 10, 20
VOWELS = re.compile(r'aai|ooi|oei|eeu|ieu|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|au|ou|[aeiouy]|[áéíóúàèëïöüêâîôû]', re.IGNORECASE)
WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’.@-](?=[^\W_]))*")


def syllables(word):
    return max(1, len(VOWELS.findall(word)))


def sentences(blocks):
    """The words that the writer of a template answers for: sentences of paragraphs and items, and no names, figures, or
    labels of the pack, which stand in items and facts of their own."""
    for block in blocks:
        if block['kind'] == 'PARAGRAPH':
            yield from (one for one in re.split(r'(?<=[.?!:])\s+', block['text']) if one)
        elif block['kind'] == 'HEADING':
            yield block['text']


class Readability:
    def __init__(self, blocks):
        self.sentences = [found for found in (WORD.findall(one) for one in sentences(blocks)) if found]
        words = [word for sentence in self.sentences for word in sentence]
        self.words = len(words)
        self.average = self.words / len(self.sentences)
        self.longest = max(self.sentences, key=len)
        self.ease = 206.84 - 0.93 * self.average - 77 * sum(map(syllables, words)) / self.words
