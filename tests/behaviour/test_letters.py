"""Letters to the subject and to representatives: what they tell, what they leave out, and what is refused."""
import json
import os
import re
import shutil
import stat
import time
import unittest
from datetime import datetime, timedelta

import check_pb2
import envelope_pb2 as wire
import rights_pb2

from client import claim_urgent_reasons, claim_written_request, check_request
from harness import AMSTERDAM, SOURCE, RegistryTest, months_on, start_of, tool, today, years_ago
from letters import BOUND, LONGEST_AVERAGE, LONGEST_SENTENCE, Readability, sender

MONTHS = 'januari februari maart april mei juni juli augustus september oktober november december'.split()
HORIZON = 'zorgaanbieder-horizon'
PARENTS = [{'reference': 'ouder-1'}, {'reference': 'ouder-2'}]
ADDRESS = 'Mevrouw A. de Vries\nDorpsstraat 1\n\n1234 AB Voorbeeld\n'
CODE = re.compile(r'[0-9a-f]{32}|\b[A-Z]{2,}_[A-Z_]+\b|\b(kernteam|zorgaanbieder-horizon|ouder-\d|naw|toekenning|wmo-\d)\b')


def in_words(day):
    return f'{day.day} {MONTHS[day.month - 1]} {day.year}'


class LettersTest(RegistryTest):
    pack = 'kaag-en-braassem-2015'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folder = cls.registry.directory / 'policies' / cls.pack / 'brieven'
        (cls.folder / 'gemeente.txt').write_text(sender())

    def file(self, name, text):
        path = self.registry.directory / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def ctl(self, *arguments, party='operator', code=0, told='', stdin=''):
        done = tool('ctl/consentctl', '--key', self.registry.key_file(party), *arguments, stdin=stdin)
        self.assertEqual(done.returncode, code, done.stderr)
        self.assertIn(told, done.stderr)
        return done.stdout

    def letter(self, *arguments, **how):
        return self.ctl('letter', *arguments, **how)

    def flat(self, *arguments, **how):
        """The letter with its lines joined, and without the lines below headings."""
        return ' '.join(re.sub(r'(?m)^(=+|--+)$', '', self.letter(*arguments, **how)).split())

    def assertSays(self, letter, *texts):
        for text in texts:
            self.assertIn(text, letter)

    def assertPlain(self, letter, but=''):
        """No code stands in it, but the reference of the case in its place."""
        self.assertIsNone(CODE.search(letter.replace(but, '')), letter)


class Consents(LettersTest):
    def test_a_consent_is_confirmed_with_all_that_was_agreed(self):
        bsn = self.person()
        consent = self.granted(bsn, categories=['naw', 'gespreksverslag'], case_ref='zaak-2026-118', origins=['wmo']).hex()
        letter = self.flat('consent', consent, '--to-file', self.file('address', ADDRESS))
        self.assertSays(letter, 'Gemeente Voorbeeld Postbus 1 1234 AB Voorbeeld', 'Mevrouw A. de Vries Dorpsstraat 1',
                        f'Datum: {in_words(today())}', f'Ons kenmerk: {consent}', 'Uw toestemming',
                        '- Gespreksverslag - Naam, adres en woonplaats', '- Kernteam Voorbeeld', '- Zorgaanbieder Horizon',
                        'Waarvoor: Toekennen van een maatwerkvoorziening', f'Vanaf: {in_words(today())}',
                        'Alleen voor zaak: zaak-2026-118', 'Alleen gegevens uit: Wet maatschappelijke ondersteuning 2015',
                        f'- u, op {in_words(today())}', 'Wilt u de toestemming intrekken? Dat mag altijd.',
                        'Autoriteit Persoonsgegevens', 'fg@voorbeeld.example', 'namens burgemeester en wethouders')
        self.assertPlain(letter, but=consent)
        self.assertNotIn('gevoelige gegevens', letter)
        self.assertNotIn('weggelaten', letter)
        self.assertNotIn(bsn, letter)

    def test_one_use_and_special_data_are_said(self):
        bsn = self.person()
        consent = self.granted(bsn, providers=['kernteam'], recipients=['huisarts-dorp'], purpose='extern-overleg',
                               categories=['naw', 'integraal-plan'], one_time=True).hex()
        self.assertSays(self.flat('consent', consent), 'voor één keer. Na die keer mag het niet meer.')
        self.assertNotIn('Dat was op', self.flat('consent', consent))
        self.assertPermit(self.client('kernteam').disclose(bsn, recipient='huisarts-dorp', purpose='extern-overleg'))
        self.assertSays(self.flat('consent', consent), f'Dat was op {in_words(today())}.')
        special = self.granted(bsn, categories=['deskundigenadvies']).hex()
        self.assertSays(self.flat('consent', special), 'Daar zijn gevoelige gegevens bij.')

    # M9
    def test_a_representative_reads_nothing_of_the_other_one_and_that_is_said(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        consent = self.granted(bsn, signers=['ouder-1', 'ouder-2']).hex()
        mine = self.flat('consent', consent, '--for', 'ouder-1')
        self.assertSays(mine, 'U vertegenwoordigt iemand.', f'- u, op {in_words(today())}', 'Wij hebben iets weggelaten')
        self.assertEqual(mine.count(f', op {in_words(today())}'), 1)
        self.assertPlain(mine, but=consent)
        own = self.flat('consent', consent)
        self.assertEqual(own.count(f'- een vertegenwoordiger, op {in_words(today())}'), 2)
        self.assertNotIn('weggelaten', own)
        self.assertPlain(own, but=consent)

    def test_who_may_not_see_who_signed_gets_a_letter_without_it(self):
        consent = self.granted(self.person()).hex()
        pack = ('--policy', self.registry.directory / 'policies' / self.pack)
        self.assertIn('Wie gaf toestemming?', self.flat('consent', consent, *pack, party='kernteam'))
        self.assertNotIn('Wie gaf toestemming?', self.flat('consent', consent, *pack, party=HORIZON))
        self.letter('consent', consent, *pack, party='school-brug', code=66, told='NOT_FOUND')
        self.letter('consent', consent, party='kernteam', code=64, told='--policy DIR')

    def test_a_refusal_is_confirmed(self):
        reply = self.client('kernteam').refuse(self.person())
        self.assertOk(reply)
        refusal = reply.consent_recorded.consent_id.hex()
        letter = self.flat('consent', refusal)
        self.assertSays(letter, 'U gaf geen toestemming', f'Op {in_words(today())} hebben wij dat vastgelegd.',
                        '- Naam, adres en woonplaats', '- Zorgaanbieder Horizon', 'Bedenkt u zich? Dat mag altijd.')
        self.assertPlain(letter, but=refusal)

    def test_what_has_ended_or_was_only_asked_is_not_confirmed(self):
        bsn = self.person()
        asked = self.client(HORIZON).ask_for(bsn)
        self.assertOk(asked)
        self.letter('consent', asked.consent_recorded.consent_id.hex(), code=65, told='REQUESTED: there is nothing to confirm')
        consent = self.granted(bsn)
        self.letter('withdrawal', consent.hex(), code=65, told='nothing of this consent was withdrawn')
        self.assertOk(self.client('kernteam').revoke(consent))
        self.letter('consent', consent.hex(), code=65, told='letter withdrawal')
        self.letter('consent', 'f' * 32, code=66, told='NOT_FOUND')
        self.letter('consent', 'kort', code=64, told='32 hexadecimal digits')


class Withdrawals(LettersTest):
    def test_who_has_read_it_and_who_has_not_is_told(self):
        streams = {party: self.listen(party) for party in ('kernteam', HORIZON)}
        consent = self.granted(self.person(), recipients=[HORIZON, 'zorgaanbieder-delta'])
        self.assertOk(self.client('kernteam').revoke(consent))
        letter = self.flat('withdrawal', consent.hex())
        self.assertSays(letter, 'De toestemming is ingetrokken', 'Er is niets meer van over.', f'Ingetrokken op {in_words(today())}',
                        'Wie trok de toestemming in? Dat deed u.', f'Dit geldt vanaf {in_words(today())} om ',
                        '- Naam, adres en woonplaats')
        self.assertNotIn('Wie heeft het bericht gelezen?', letter)
        self.assertPlain(letter, but=consent.hex())
        for party, stream in streams.items():
            event = stream.next_event(5.0).event
            self.assertOk(stream.acknowledge(event.number))
        read, _, waiting = self.flat('withdrawal', consent.hex()).partition('Wie heeft het bericht nog niet gelezen?')
        read = read.partition('Wie heeft het bericht gelezen?')[2]
        self.assertSays(read, '- Kernteam Voorbeeld', '- Zorgaanbieder Horizon')
        self.assertNotIn('Delta', read)
        self.assertIn('- Zorgaanbieder Delta', waiting)

    def test_each_part_is_told_by_itself_and_to_whom_it_concerned(self):
        consent = self.granted(self.person(), recipients=[HORIZON, 'zorgaanbieder-delta'], categories=['naw', 'periode'])
        self.assertOk(self.client('kernteam').revoke(consent, recipients=[HORIZON], categories=['naw']))
        self.assertOk(self.client('kernteam').revoke(consent, categories=['naw']))
        letter = self.flat('withdrawal', consent.hex())
        self.assertIn('Een deel van een toestemming is ingetrokken.', letter)
        first, second = letter.split('Ingetrokken op ')[1:]
        self.assertIn('- Zorgaanbieder Horizon', first)
        self.assertNotIn('Delta', first)
        self.assertIn('- Zorgaanbieder Delta', second)
        self.assertNotIn('Horizon', second)
        self.assertNotIn('Periode', letter)
        self.assertIn('Een deel is later ingetrokken.', self.flat('consent', consent.hex()))

    def test_who_may_not_see_who_has_read_what_names_who_was_told(self):
        consent = self.granted(self.person())
        self.assertOk(self.client('kernteam').revoke(consent))
        letter = self.flat('withdrawal', consent.hex(), '--policy', self.registry.directory / 'policies' / self.pack,
                           party=HORIZON)
        self.assertIn('Wie kreeg het bericht? - Kernteam Voorbeeld - Zorgaanbieder Horizon', letter)
        self.assertNotIn('gelezen?', letter)

    # M9
    def test_another_representative_is_left_out(self):
        consent = self.granted(self.person(years_ago(8), representatives=PARENTS), signers=['ouder-1', 'ouder-2'])
        self.assertOk(self.client('kernteam').revoke(consent, withdrawn_by='ouder-2'))
        self.assertSays(self.flat('withdrawal', consent.hex(), '--for', 'ouder-2'), 'Dat deed u.')
        other = self.flat('withdrawal', consent.hex(), '--for', 'ouder-1')
        self.assertNotIn('Dat deed', other)
        self.assertIn('Wij hebben iets weggelaten', other)
        self.assertIn('Dat deed een vertegenwoordiger.', self.flat('withdrawal', consent.hex()))


class Notices(LettersTest):
    def test_the_subject_hears_what_was_told_to_whom_and_on_which_ground(self):
        bsn = self.person()
        reply = self.client('kernteam').disclose(bsn, recipient='cak', purpose='eigen-bijdrage', categories=['bsn', 'periode'])
        self.assertPermit(reply)
        letter = self.flat('obligation', reply.check.decision, 'inform-subject')
        self.assertSays(letter, 'Er zijn gegevens over u gedeeld', f'Op {in_words(today())} zijn', f'Ons kenmerk: {reply.check.decision}',
                        'Wie gaf de gegevens? Kernteam Voorbeeld', 'het CAK',
                        'Vaststellen en innen van de eigen bijdrage', '- Burgerservicenummer - Periode',
                        'Dit mocht zonder toestemming. Dat staat in de wet. Het is deze regel: - Wmo 2015, hoofdstuk 5',
                        'Dit heet verzet. Het staat in artikel 21 van de AVG.')
        self.assertPlain(letter)
        self.assertNotIn('nee tegen gezegd', letter)
        self.assertNotIn(bsn, letter)
        self.letter('obligation', reply.check.decision, 'inform-of-source', code=65, told='brought no duty to tell the subject the source', stdin=bsn)
        self.letter('obligation', reply.check.decision, 'record-in-plan', code=64, told='inform-subject')
        self.letter('obligation', 'eerste', 'inform-subject', code=64, told='the decision is a number')
        self.letter('obligation', '999999', 'inform-subject', code=66, told='NOT_FOUND')

    def test_an_urgent_reason_against_the_will_is_said_in_words(self):
        bsn = self.person()
        scope = dict(recipient='veiligheidshuis', purpose='escalatie')
        self.assertOk(self.client('kernteam').refuse(bsn, recipients=['veiligheidshuis'], purpose='escalatie'))
        self.file('policies/' + self.pack + '/brieven/gemeente.txt', sender() + '\norganisatie veiligheidshuis\n    naam  het Veiligheidshuis\n')
        request = claim_urgent_reasons(check_request(bsn, mode='DISCLOSE', **scope))
        reply = self.client('kernteam').call(request)
        self.assertPermit(reply)
        letter = self.flat('obligation', reply.check.decision, 'inform-subject')
        self.assertSays(letter, 'het Veiligheidshuis', 'Er was een dringende reden: - Vitaal belang van de betrokkene',
                        'U had hier nee tegen gezegd. Toch was het nodig.')
        self.assertPlain(letter)
        self.assertNotIn('manager-3', letter)

    # HR 7
    def test_a_youth_and_a_representative_each_have_a_letter(self):
        bsn = self.person(years_ago(13), representatives=PARENTS)
        reply = self.client('kernteam').disclose(bsn, recipient='cak', purpose='eigen-bijdrage', categories=['bsn'])
        self.assertPermit(reply)
        youth = self.flat('obligation', reply.check.decision, 'INFORM_YOUTH')
        self.assertSays(youth, 'Er is iets over jou verteld', 'Ben je het er niet mee eens?', '- Burgerservicenummer')
        parent = self.flat('obligation', reply.check.decision, 'inform-representative')
        self.assertSays(parent, 'U vertegenwoordigt iemand.', 'gegevens over die persoon gedeeld', '- Burgerservicenummer')
        for letter in (youth, parent):
            self.assertPlain(letter)

    def test_a_written_request_of_both_parents_names_neither(self):
        bsn = self.person(years_ago(8), representatives=PARENTS)
        request = claim_written_request(check_request(bsn, mode='DISCLOSE'), by='ouder-1 ouder-2')
        reply = self.client('kernteam').call(request)
        self.assertPermit(reply)
        letter = self.flat('obligation', reply.check.decision, 'inform-representative')
        self.assertSays(letter, 'er is in een brief om gevraagd', 'Wij hebben iets weggelaten')
        self.assertPlain(letter)

    # KB 10.2
    def test_who_received_data_tells_from_whom(self):
        bsn = self.person()
        reply = self.client('zorgaanbieder-horizon').disclose(bsn, provider=HORIZON, recipient='gemeente', purpose='declaratie',
                                                              categories=['toewijzing'])
        self.assertPermit(reply)
        self.assertNotIn(check_pb2.INFORM_OF_SOURCE, [duty.kind for duty in reply.check.duties])  # another holds it
        letter = self.flat('obligation', reply.check.decision, 'inform-of-source', stdin=bsn)
        self.assertSays(letter, 'Wij hebben gegevens over u gekregen', 'Zorgaanbieder Horizon', '- Toewijzing')
        self.assertPlain(letter)


class Requesting(LettersTest):
    def open(self, bsn, kind='RIGHTS_ACCESS', by='subject', wish='alles over mijn aanvraag', **more):
        fields = dict(bsn=bsn, kind=rights_pb2.RightsKind.Value(kind), by=by, wish=wish, way=rights_pb2.WAY_POST,
                      identity=rights_pb2.IDENTITY_DOCUMENT, user='medewerker-3', **more)
        reply = self.client('kernteam').ask('rights_open', **fields)
        self.assertOk(reply)
        return reply.rights.request

    def decide(self, number, outcome, **more):
        reply = self.client('kernteam').ask('rights_decide', number=number, outcome=rights_pb2.RightsState.Value(outcome),
                                            user='medewerker-3', **more)
        self.assertOk(reply)
        return reply.rights.request

    def last_day(self, end):
        return in_words(datetime.fromtimestamp(end / 1000 - 1, AMSTERDAM).date())


class Requests(Requesting):
    """KB 13 to 16: each letter about a request of the subject."""

    def test_the_receipt_has_its_number_what_was_asked_and_the_last_day_for_the_answer(self):
        bsn = self.person()
        request = self.open(bsn)
        letter = self.flat('request', request.number)
        self.assertSays(letter, 'Wij hebben uw verzoek', f'Nummer van uw verzoek: {request.number}', 'U vroeg om: inzage in gegevens',
                        'U schreef of zei: alles over mijn aanvraag', f'Wij kregen het op: {in_words(today())}',
                        f'Uiterlijk op {self.last_day(request.due)}.', 'vragen om te helpen bij het gesprek')
        self.assertEqual(self.last_day(request.due), in_words(today() + timedelta(28)))
        self.assertPlain(letter)
        self.assertNotIn(bsn, letter)
        self.letter('request', request.number, '--about', 'outcome', code=65, told='it was not decided')
        self.letter('request', request.number, '--about', 'extension', code=65, told='it was not put off')
        self.letter('request', request.number, '--about', 'iets', code=64, told='receipt, extension or outcome')
        self.letter('request', 'eerste', code=64, told='a request has a number')
        self.letter('request', '999999', code=66, told='NOT_FOUND')
        self.letter('request', request.number, '--policy', self.registry.directory / 'policies' / self.pack, party=HORIZON, code=77)

    def test_a_refusal_has_its_reasons_the_article_and_six_weeks_for_an_objection(self):
        for outcome, title in (('RIGHTS_REFUSED', 'Ons antwoord op uw verzoek: nee'),
                               ('RIGHTS_GRANTED_IN_PART', 'Ons antwoord op uw verzoek: voor een deel')):
            with self.subTest(outcome=outcome):
                request = self.open(self.person(), 'RIGHTS_ERASURE')
                decided = self.decide(request.number, outcome, reason='Wij moeten dit bewaren.', article='Wmo 5.3.4')
                letter = self.flat('request', request.number)
                self.assertSays(letter, title, 'Wij moeten dit bewaren.', 'verwijdering van gegevens',
                                'Ons besluit steunt op artikel 5.3.4 van de Wet maatschappelijke ondersteuning.',
                                f'binnen zes weken, dus uiterlijk op {self.last_day(decided.objection_until)}.',
                                f'Dat besluit namen wij op {in_words(today())}.', 'Autoriteit Persoonsgegevens')
                self.assertPlain(letter)
                self.assertIn('Wij hebben uw verzoek gekregen.', self.flat('request', request.number, '--about', 'receipt'))

    def test_an_erasure_in_part_names_what_stays_by_which_law_and_until_when(self):
        bsn = self.person()
        self.granted(bsn)
        self.assertPermit(self.client('kernteam').disclose(bsn))
        whole, part = self.open(bsn, 'RIGHTS_ERASURE'), self.open(bsn, 'RIGHTS_ERASURE')
        self.decide(whole.number, 'RIGHTS_GRANTED')
        self.letter('request', whole.number, code=65, told='decide it again, as in-part')
        self.decide(part.number, 'RIGHTS_GRANTED_IN_PART', reason='Een deel moeten wij bewaren.', article='Wmo 5.3.4')
        letter = self.flat('request', part.number)
        last = months_on(today(), 15 * 12)
        for holder in ('Kernteam', 'Zorgaanbieder'):
            self.assertSays(letter, 'De wet zegt dat dit moet blijven.', 'Wet maatschappelijke ondersteuning', holder,
                            in_words(last), 'artikel 5.3.4 van de Wet maatschappelijke ondersteuning')
        self.assertPlain(letter)
        kernteam = self.client('kernteam')
        self.assertOk(kernteam.ask('rights_erase', number=part.number, user='medewerker-3'))
        end = time.monotonic() + 20
        while kernteam.check(bsn).status == wire.UNAVAILABLE:  # until it is through
            self.assertLess(time.monotonic(), end)
        self.letter('request', part.number, code=65, told='its letter is made before')
        nothing = self.open(self.person(), 'RIGHTS_ERASURE')
        self.decide(nothing.number, 'RIGHTS_GRANTED_IN_PART', reason='Een ander wil dit.', article='KB 14')
        self.assertNotIn('moet blijven', self.flat('request', nothing.number))

    def test_what_is_granted_needs_no_reasons_and_a_refused_objection_names_the_court(self):
        bsn = self.person()
        request = self.open(bsn)
        self.decide(request.number, 'RIGHTS_GRANTED')
        self.assertSays(self.flat('request', request.number), 'Ons antwoord op uw verzoek: ja', 'Wij doen wat u vraagt.')
        refused = self.open(bsn)
        self.decide(refused.number, 'RIGHTS_REFUSED', reason='U vroeg dit vorige week al.', article='KB 13.1')
        objection = self.open(bsn, 'RIGHTS_OBJECTION', against=refused.number)
        self.assertSays(self.flat('request', objection.number), 'Wij hebben uw bezwaar gekregen.')
        self.decide(objection.number, 'RIGHTS_REFUSED', reason='Er is niets veranderd.', article='KB 13.1')
        letter = self.flat('request', objection.number)
        self.assertSays(letter, 'U krijgt geen gelijk.', 'artikel 13.1 van ons privacyreglement', 'in beroep gaan bij de rechtbank')
        self.assertNotIn('bezwaar maken', letter)

    def test_what_another_said_is_left_out_and_a_request_that_was_stopped_has_no_letter(self):
        request = self.open(self.person())
        said = dict(number=request.number, user='medewerker-3')
        self.assertOk(self.client('kernteam').ask('rights_hear', until=start_of(today() + timedelta(9)), note='de buurvrouw', **said))
        self.assertSays(self.flat('request', request.number), 'Daarom vragen wij die persoon eerst wat hij ervan vindt.')
        self.assertOk(self.client('kernteam').ask('rights_hear', came=rights_pb2.VIEW_OBJECTS, note='liever niet', **said))
        self.decide(request.number, 'RIGHTS_GRANTED_IN_PART', reason='Iets gaat over een ander.', article='KB 13.4')
        letter = self.flat('request', request.number)
        self.assertSays(letter, 'Wij hebben iets weggelaten dat over iemand anders gaat.')
        self.assertNotIn('buurvrouw', letter)
        self.assertNotIn('liever niet', letter)
        stopped = self.open(self.person())
        self.decide(stopped.number, 'RIGHTS_WITHDRAWN')
        self.letter('request', stopped.number, code=65, told='withdrawn')


class LaterAnswers(Requesting):
    """Under the pack of 2026, which lets an answer come later."""
    pack = 'wmo-jeugdwet-2026'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = cls.registry.directory / 'consentd.conf'
        path.write_text(path.read_text().replace('policies/kaag-en-braassem-2015', f'policies/{cls.pack}'))
        cls.registry.reload()

    def test_an_answer_that_comes_later_says_why_and_when_and_reads_at_b1(self):
        request = self.open(self.person())
        reply = self.client('kernteam').ask('rights_extend', number=request.number, user='medewerker-3',
                                            reason='Wij zoeken nog in het archief.')
        self.assertOk(reply)
        letter = self.flat('request', request.number)
        self.assertSays(letter, 'Ons antwoord komt later', 'Waarom duurt het langer? Wij zoeken nog in het archief.',
                        f'U zou uiterlijk op {self.last_day(request.due)} antwoord krijgen.',
                        f'Dat wordt nu uiterlijk {self.last_day(reply.rights.request.due)}.')
        self.assertPlain(letter)
        self.assertGreater(reply.rights.request.due, request.due)
        self.assertIn(f'Uiterlijk op {self.last_day(request.due)}.', self.flat('request', request.number, '--about', 'receipt'))
        reading = Readability(json.loads(self.letter('request', request.number, '--json'))['blocks'])
        self.assertGreaterEqual(reading.ease, BOUND)
        self.assertLessEqual(reading.average, LONGEST_AVERAGE)

    def test_a_letter_names_only_laws_on_which_the_pack_rests(self):
        request = self.open(self.person())
        self.decide(request.number, 'RIGHTS_REFUSED', reason='Wij moeten dit bewaren.', article='UAVG 41')
        self.assertSays(self.flat('request', request.number), 'Ons besluit steunt op artikel 41 van de Uitvoeringswet AVG.')
        earlier = self.open(self.person())
        self.decide(earlier.number, 'RIGHTS_REFUSED', reason='Wij moeten dit bewaren.', article='KB 13.4')
        self.assertEqual(self.letter('request', earlier.number, code=65, told='the pack wmo-jeugdwet-2026/2 rests on no law called as in "KB 13.4"'), '')
        past = self.registry.directory / 'policies' / 'kaag-en-braassem-2015'
        (past / 'brieven' / 'gemeente.txt').write_text(sender())
        self.assertSays(self.flat('request', earlier.number, '--policy', past), 'artikel 13.4 van ons privacyreglement')

    def test_a_statute_of_today_is_named_in_the_words_of_the_pack(self):
        bsn = self.person()
        reply = self.client('kernteam').disclose(bsn, recipient='cak', purpose='eigen-bijdrage', categories=['bsn'])
        self.assertPermit(reply)
        self.assertSays(self.flat('obligation', reply.check.decision, 'inform-subject'),
                        '- Wmo 2015, artikel 5.2.1: het college aan aanbieder, CAK en SVB')


class Articles(unittest.TestCase):
    """Every article that the words of a pack name is of a law on which the pack rests (brieven/wetten.txt)."""

    def words(self, pack):
        folder = SOURCE / 'config' / 'policies' / pack / 'brieven'
        laws = re.findall(r'(?m)^ +naam +([^,\n]+)', (folder / 'wetten.txt').read_text())
        texts = {path.name: ' '.join(re.sub(r'(?m)^# ?', '', path.read_text()).split()) for path in folder.glob('*.txt')}
        del texts['wetten.txt']
        return laws, texts

    def test_no_letter_of_today_names_the_regulation_of_2015(self):
        laws, texts = self.words('wmo-jeugdwet-2026')
        self.assertNotIn('ons privacyreglement', laws)
        for name, text in texts.items():
            self.assertNotRegex(text, r'privacyreglement|\bKB\b', name)
        self.assertIn('ons privacyreglement', self.words('kaag-en-braassem-2015')[0])

    def test_each_article_that_is_named_is_of_a_law_of_the_pack(self):
        for pack, least in (('wmo-jeugdwet-2026', 14), ('kaag-en-braassem-2015', 8)):
            laws, texts = self.words(pack)
            laws += ['het privacyreglement'] * ('ons privacyreglement' in laws)
            named = 0
            for name, text in texts.items():
                for article in re.findall(r'artikel \d[^.]{0,40}? van ((?:de|het|ons) [^.,:)]+)', text):
                    named += 1
                    self.assertTrue(article.startswith(tuple(laws)), f'{pack}, {name}: {article}')
                if pack == 'wmo-jeugdwet-2026':  # there is no regulation of which an article could stand alone
                    self.assertNotRegex(text, r'artikel \d+(?!\d)(?!(?:, lid \d+,|, \d+ en \d+)? van )', name)
            self.assertGreaterEqual(named, least, pack)


class Files(LettersTest):
    def setUp(self):
        self.consent = self.granted(self.person()).hex()

    def test_a_letter_is_a_new_file_of_ones_own_and_whole(self):
        path = self.registry.directory / 'brief.html'
        self.addCleanup(path.unlink)
        self.assertEqual(self.letter('consent', self.consent, '--out', path), '')
        self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
        page = path.read_text()
        self.assertTrue(page.startswith('<!DOCTYPE html>\n<html lang="nl">'))
        self.assertIn('<title>Uw toestemming</title>', page)
        self.assertNotIn('<script', page)
        self.assertNotRegex(page, r'(src|href)=|url\(|@import')
        self.letter('consent', self.consent, '--out', path, code=73, told='nothing is written')
        self.assertEqual(path.read_text(), page)
        self.letter('consent', self.consent, '--out', '/nowhere/brief', code=73, told='nothing is written')

    def test_a_program_gets_the_document_and_the_file_too(self):
        path = self.registry.directory / 'brief.txt'
        self.addCleanup(path.unlink)
        document = json.loads(self.letter('consent', self.consent, '--json', '--out', path))
        self.assertEqual((document['file'], document['title']), (str(path), 'Uw toestemming'))
        self.assertEqual(path.read_text(), self.letter('consent', self.consent))
        alone = json.loads(self.letter('consent', self.consent, '--json'))
        self.assertEqual((alone['file'], alone['blocks']), ('', document['blocks']))

    def test_the_fields_of_a_template_are_told_to_who_writes_it(self):
        told = self.letter('fields', 'intrekking')
        self.assertRegex(told, r'(?m)^intrekking: nog-niet-gelezen-door +list +must, within \[als\] ')
        self.assertRegex(told, r'(?m)^weggelaten +- +\[als\], must ')
        self.letter('fields', 'rekening', code=64, told='there are bewijs, datalek, formulier, informeren, informeren-herkomst')

    def test_a_pdf_is_made_where_weasyprint_is_and_else_its_package_is_named(self):
        path = self.registry.directory / 'brief.pdf'
        if shutil.which('weasyprint'):
            self.letter('consent', self.consent, '--out', path)
            self.assertTrue(path.read_bytes().startswith(b'%PDF-'))
            self.assertEqual(stat.S_IMODE(path.stat().st_mode), 0o600)
            path.unlink()
        before, os.environ['PATH'] = os.environ['PATH'], '/nowhere'
        try:
            self.letter('consent', self.consent, '--out', path, code=69, told='install the package weasyprint')
        finally:
            os.environ['PATH'] = before
        self.assertFalse(path.exists())

    def test_what_is_given_wrongly_writes_nothing(self):
        path = self.registry.directory / 'niets'
        wrong = {'leeg': (b' \n', 65, 'holds no text'), 'lang': (b'x' * 1001, 65, 'at most 1000 bytes'),
                 'regels': (b'a\n' * 9, 65, 'at most 8 lines'), 'half': (b'Zo\xc3', 65, 'not UTF-8'), 'nul': (b'a\0b', 65, 'not UTF-8')}
        for name, (text, code, told) in wrong.items():
            with self.subTest(name=name):
                self.letter('consent', self.consent, '--to-file', self.file(name, text), '--out', path, code=code, told=told)
        self.letter('consent', self.consent, '--to-file', '/nowhere', '--out', path, code=66, told='cannot read')
        self.letter('consent', self.consent, '--format', 'doc', '--out', path, code=64, told='text, html, pdf')
        self.assertFalse(path.exists())

    def test_what_people_wrote_is_text_in_every_form(self):
        address = self.file('address', '<script>alert(1)</script>\n{doel} [einde]\n= Kop\n')
        text = self.letter('consent', self.consent, '--to-file', address)
        self.assertIn('<script>alert(1)</script>\n{doel} [einde]\n= Kop\n', text)
        page = self.letter('consent', self.consent, '--to-file', address, '--format', 'html')
        self.assertIn('&lt;script&gt;alert(1)&lt;/script&gt;<br>', page)
        self.assertNotIn('<script', page)


class Templates(LettersTest):
    def setUp(self):
        self.pack_directory = self.registry.directory / 'policies' / self.pack
        kept = {path: path.read_bytes() for path in self.folder.iterdir()}
        self.consent = self.granted(self.person()).hex()

        def restore():
            for path in self.folder.iterdir():
                path.unlink()
            for path, text in kept.items():
                path.write_bytes(text)
        self.addCleanup(restore)

    def change(self, name, old, new):
        path = self.folder / name
        text = path.read_text()
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1))

    def assertRefused(self, told, code=65):
        out = self.registry.directory / 'niets'
        self.ctl('policy', 'check', self.pack_directory, code=code, told=told)
        self.letter('consent', self.consent, '--out', out, code=code, told=told)
        self.assertFalse(out.exists())

    def test_the_words_are_those_of_the_template(self):
        self.change('toestemming.txt', 'Beste lezer,', 'Geachte {gemeente},')
        self.assertIn('Geachte Gemeente Voorbeeld,', self.letter('consent', self.consent))

    def test_a_template_that_is_wrong_is_refused_with_file_and_line(self):
        line = (self.folder / 'toestemming.txt').read_text().splitlines().index('- {ontvangers}') + 1
        where = f'{self.pack_directory}/brieven/toestemming.txt:{line}: '
        for new, told in (('- {ontvnagers}', where + 'this letter has no field "ontvnagers" here; did you mean "ontvangers"?'),
                          ('- iedereen', f'{self.pack_directory}/brieven/toestemming.txt: the field "ontvangers" is missing'),
                          ('[elke ontvangers]', where + '"ontvangers" is no group; only a group can be repeated'),
                          ('[deel toestemming]', where + 'there is no file deel-toestemming.txt'),
                          ('- {ontvangers', where + 'a "{" begins the name of a field'),
                          ('- ' + 1000 * 'x', where + 'a line of more than 1000 bytes')):
            with self.subTest(new=new[:40]):
                self.change('toestemming.txt', '- {ontvangers}', new)
                self.assertRefused(told)
                self.change('toestemming.txt', new, '- {ontvangers}')
        self.ctl('policy', 'check', self.pack_directory)

    def test_all_faults_are_told_at_once_each_once_and_those_of_the_pack_too(self):
        pack = self.registry.directory / 'met-fouten'
        shutil.copytree(self.pack_directory, pack)
        for name, old, new in (('purposes.txt', '\npurpose ', '\npurpse '), ('brieven/toestemming.txt', '- {ontvangers}', '- {ontvnagers}'),
                               ('brieven/gemeente.txt', 'naam', 'naaam'), ('brieven/wetten.txt', '\nwet ', '\nwte ')):
            text = (pack / name).read_text()
            self.assertIn(old, text)
            (pack / name).write_text(text.replace(old, new, 1))
        slot = (pack / 'brieven' / 'deel-slot.txt')  # which many letters have
        slot.write_text(slot.read_text() + '\n| geen waarde\n')
        (pack / 'brieven' / 'weigering.txt').unlink()
        said = tool('ctl/consentctl', 'policy', 'check', pack)
        self.assertEqual(said.returncode, 65)
        self.assertIn('weigering.txt: missing', said.stderr)
        for one in ('purposes.txt:', 'toestemming.txt:', 'gemeente.txt:', 'wetten.txt:', 'deel-slot.txt:'):
            self.assertEqual(len(re.findall(rf'(?m)^.*/{one}.*$', said.stderr)), 1, said.stderr)
        self.assertIn('things are wrong in its letters', said.stderr)

    def test_a_part_that_holds_itself_is_refused(self):
        (self.folder / 'deel-slot.txt').write_text('[deel slot]\n')
        self.assertRefused(f'{self.pack_directory}/brieven/deel-slot.txt:1: a part can hold no part')

    def test_a_file_that_is_no_text_too_large_missing_or_unknown_is_refused(self):
        path = self.folder / 'weigering.txt'
        path.write_bytes(b'= half \xc3\n')
        self.assertRefused('brieven/weigering.txt:1: not UTF-8')
        path.write_bytes(b'\n' * 65537)
        self.assertRefused('brieven/weigering.txt: larger than 64 KiB')
        path.unlink()
        self.assertRefused('brieven/weigering.txt: missing')
        (self.folder / 'weigerign.txt').write_text('= Kop\n')
        self.assertRefused('brieven/weigerign.txt: no letter has this name; did you mean "weigering.txt"?')

    def test_a_letter_wants_all_of_its_sender_and_the_names_of_organisations(self):
        for key in ('naam', 'adres', 'telefoon', 'e-mail', 'functionaris', 'functionaris-e-mail', 'ondertekening'):
            with self.subTest(key=key):
                text = re.sub(rf'(?m)^    {key} .*\n', '', sender().partition('\norganisatie')[0])
                (self.folder / 'gemeente.txt').write_text(text)
                self.letter('consent', self.consent, code=78, told=f'brieven/gemeente.txt: "gemeente" has no "{key}", which a letter needs')
        (self.folder / 'gemeente.txt').write_text(sender().replace('organisatie zorgaanbieder-horizon', 'organisatie ander'))
        self.letter('consent', self.consent, code=78, told='brieven/gemeente.txt has no "organisatie zorgaanbieder-horizon"')
        (self.folder / 'gemeente.txt').write_text(sender().replace('telefoon ', 'telefon '))
        self.assertRefused('brieven/gemeente.txt:5: unknown key "telefon"; did you mean "telefoon"?')
        (self.folder / 'gemeente.txt').write_text(sender() + sender())
        self.assertRefused('"gemeente" stands once')

    def test_the_packs_hash_does_not_depend_on_its_letters(self):
        before = self.ctl('policy', 'check', self.pack_directory)
        self.change('toestemming.txt', 'Beste lezer,', 'Dag,')
        self.assertEqual(self.ctl('policy', 'check', self.pack_directory), before)
        self.registry.reload()
        self.assertOk(self.client('kernteam').check(self.person()))


class Reading(Requesting):
    """Every letter of an example life reads at B1: see letters.py for the measure and the bound."""

    def life(self):
        """Each letter as (arguments)."""
        bsn, child = self.person(), self.person(years_ago(13), representatives=PARENTS)
        consent = self.granted(bsn, categories=['naw', 'deskundigenadvies'], case_ref='zaak-17', origins=['wmo']).hex()
        joint = self.granted(child, signers=['subject', 'ouder-1', 'ouder-2'])
        refusal = self.client('kernteam').refuse(bsn, recipients=['zorgaanbieder-delta']).consent_recorded.consent_id.hex()
        once = self.granted(bsn, recipients=['huisarts-dorp'], purpose='extern-overleg', one_time=True)
        self.assertPermit(self.client('kernteam').disclose(bsn, recipient='huisarts-dorp', purpose='extern-overleg'))
        self.assertOk(self.client('kernteam').revoke(joint, withdrawn_by='ouder-2'))
        told = {}
        for who in (bsn, child):
            told[who] = self.client('kernteam').disclose(who, recipient='cak', purpose='eigen-bijdrage', categories=['bsn']).check.decision
        source = self.client(HORIZON).disclose(bsn, provider=HORIZON, recipient='gemeente', purpose='declaratie',
                                               categories=['toewijzing']).check.decision
        open_, yes = (self.open(bsn).number for _ in range(2))
        no, part = (self.open(bsn, 'RIGHTS_ERASURE').number for _ in range(2))
        self.decide(yes, 'RIGHTS_GRANTED', reason='U krijgt een overzicht bij deze brief.')
        self.decide(no, 'RIGHTS_REFUSED', reason='Wij moeten dit van de wet bewaren.', article='Wmo 5.3.4')
        self.decide(part, 'RIGHTS_GRANTED_IN_PART', reason='Een deel moeten wij van de wet bewaren.', article='Wmo 5.3.4')
        return [('request', open_), ('request', yes), ('request', no), ('request', part),
                ('consent', consent), ('consent', once.hex()), ('consent', refusal),
                ('withdrawal', joint.hex()), ('withdrawal', joint.hex(), '--for', 'ouder-1'),
                ('obligation', told[bsn], 'inform-subject'), ('obligation', told[child], 'inform-youth'),
                ('obligation', told[child], 'inform-representative'), ('obligation', source, 'inform-of-source', '--bsn-file', self.file('bsn', bsn))]

    def test_every_letter_reads_at_b1(self):
        for arguments in self.life():
            with self.subTest(letter=arguments[0]):
                document = json.loads(self.letter(*arguments, '--json'))
                reading = Readability(document['blocks'])
                print(f"{document['letter']}: Flesch-Douma {reading.ease:.1f}, {reading.average:.1f} words a sentence, "
                      f'{reading.words} words')
                self.assertGreaterEqual(reading.ease, BOUND, document['letter'])
                self.assertLessEqual(reading.average, LONGEST_AVERAGE)
                self.assertLessEqual(len(reading.longest), LONGEST_SENTENCE, reading.longest)
                self.assert_each_article_once(' '.join(block['text'] for block in document['blocks']))

    def assert_each_article_once(self, text):
        """And the law of which it is, in plain words."""
        articles = re.findall(r'artikel [\d.]+\d', text)
        self.assertEqual(len(articles), len(set(articles)), articles)
        self.assertEqual('AVG' in text, 'de wet over privacy' in text)

    def test_the_measure_tells_plain_from_hard(self):
        plain = [{'kind': 'PARAGRAPH', 'text': 'Wij delen uw gegevens. U kunt dat stoppen. Bel ons dan.'}]
        hard = [{'kind': 'PARAGRAPH', 'text': 'De verantwoordelijke verstrekt persoonsgegevens overeenkomstig de toepasselijke '
                 'wettelijke bepalingen, tenzij zwaarwegende belangen van betrokkenen zich daartegen verzetten.'}]
        self.assertGreater(Readability(plain).ease, BOUND + 20)
        self.assertLess(Readability(hard).ease, BOUND - 20)


if __name__ == '__main__':
    unittest.main()
