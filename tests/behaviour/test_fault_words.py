"""What is wrong with a pack or its letters is told in Dutch too: each text of the readers, and what a check says."""
import errno
import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path

from harness import SOURCE, tool

LETTERS = SOURCE / 'clients' / 'ctl' / 'letter'
READERS = [*sorted((SOURCE / 'daemon' / 'policy').rglob('*.c')), SOURCE / 'clients' / 'ctl' / 'policy' / 'pack.c',
           *(LETTERS / f'letter_{name}.c' for name in ('line', 'template', 'law', 'sender', 'folder'))]
LITERAL = r'"(?:[^"\\]|\\.)*"'
TEXT = rf'{LITERAL}(?:\s*{LITERAL})*'
# A call by which a fault is told, or a word is put into one, up to the first text in it.
CALL = re.compile(rf'\b(?:(?!ctl_)\w*fail(?!_)\w*|fail_errno|FAIL\w*|policy_faults_set|policy_error_set|case_take|case_append|policy_in_words) \('
                  rf'(?:""|"cases\.txt"|[^";])*?((?!""|"cases)(?:{TEXT}))')
CONVERSION = re.compile(r'%[.\d]*z?[a-zA-Z]')
NO_FAULTS = {'%s/%s', '%s%s', '%s'}  # names of files, or of what is told elsewhere
PACK = SOURCE / 'config' / 'policies' / 'kaag-en-braassem-2015'


def joined(text):
    return ''.join(one[1:-1] for one in re.findall(LITERAL, text)).replace('\\"', '"')


def told():
    for path in READERS:
        source = re.sub(r'(?s)/\*.*?\*/', '', path.read_text())
        for found in CALL.finditer(source):
            yield path.name, joined(found.group(1))


class FaultWords(unittest.TestCase):
    def setUp(self):
        table = (SOURCE / 'clients' / 'ctl' / 'policy' / 'fault_words.c').read_text()
        pairs = re.findall(rf'\{{\s*({TEXT}),\s*({TEXT})\s*\}}', table)
        self.words = {joined(english): joined(dutch) for english, dutch in pairs}
        self.assertEqual(len(self.words), len(pairs), 'one stands there twice')

    def test_each_text_by_which_a_reader_tells_a_fault_has_a_dutch_one(self):
        texts = [(name, text) for name, text in told() if text not in NO_FAULTS]
        self.assertGreater(len(texts), 130)
        self.assertEqual([one for one in texts if one[1] not in self.words], [])

    def test_both_put_in_the_same_in_the_same_order(self):
        for english, dutch in self.words.items():
            self.assertEqual(CONVERSION.findall(english), CONVERSION.findall(dutch), english)

    def test_a_check_tells_what_is_wrong_in_dutch(self):
        self.assertIn('de brieven: goed\n', tool('ctl/consentctl', 'policy', 'check', PACK, '--language', 'nl').stdout)
        with tempfile.TemporaryDirectory() as place:
            pack = Path(place) / 'pakket'
            shutil.copytree(PACK, pack)
            for name, old, new in (('flows.txt', '\n    purpose', '\n    purpse'), ('categories.txt', 'special +no', 'special nee'),
                                   ('brieven/toestemming.txt', '{ontvangers}', '{ontvnagers}')):
                text = (pack / name).read_text()
                (pack / name).write_text(re.sub(old, new, text, count=1))
            (pack / 'brieven' / 'weigering.txt').unlink()
            told_in = {language: tool('ctl/consentctl', 'policy', 'check', pack, '--language', language).stderr for language in ('nl', 'en')}
        for text in ('bedoelde u "purpose"?', 'deze brief heeft hier geen veld "ontvnagers"; bedoelde u "ontvangers"?', 'weigering.txt: ontbreekt\n',
                     'in de brieven kloppen 2 dingen niet'):
            self.assertIn(text, told_in['nl'])
        places = {language: re.findall(r'(?m)^consentctl: \S+?:(?:\d+:)?', text) for language, text in told_in.items()}
        self.assertEqual(places['nl'], places['en'])
        self.assertEqual([line for line in told_in['nl'].splitlines() if line in told_in['en'].splitlines()], [])

    def test_what_the_system_says_of_a_file_is_dutch_too(self):
        system = {os.strerror(getattr(errno, name)) for name in ('ENOENT', 'EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENAMETOOLONG', 'EIO',
                                                                 'ENXIO', 'EMFILE', 'ENOMEM')}
        self.assertEqual(system - self.words.keys(), set())
        with tempfile.TemporaryDirectory() as place:
            pack = Path(place) / 'pakket'
            shutil.copytree(PACK, pack)
            (pack / 'flows.txt').unlink()
            (pack / 'flows.txt').symlink_to('flows.txt')
            shutil.rmtree(pack / 'brieven')
            (pack / 'brieven').write_text('')
            said = tool('ctl/consentctl', 'policy', 'check', pack, '--language', 'nl').stderr
            said += tool('ctl/consentctl', 'policy', 'check', Path(place) / 'geen', '--language', 'nl').stderr
        for dutch in ('flows.txt: kan niet geopend worden: verwijzingen die nergens uitkomen\n', 'bestaat niet\n'):
            self.assertIn(dutch, said)
        self.assertFalse([text for text in system if text in said], said)


if __name__ == '__main__':
    unittest.main()
