"""The situations in which a cell is judged; scenarios.md says the same in words."""

from collections import namedtuple
from datetime import date

import facts
from packs import ORIGINS
from people import Capability, Person, Representative, Signature, day_of, start_of, who_must

HOUR = 3_600_000
TODAY = date(2026, 6, 15)
NOW = start_of(TODAY) + 12 * HOUR


def day(number):
    """So many times 24 hours after the check."""
    return NOW + number * 24 * HOUR


def noon(year, month, number):
    return start_of(date(year, month, number)) + 12 * HOUR

# --- Statements, by the day from the check ----------------------------------------------------------------------------

# Parties and categories are those of an abstract cell: 'provider', 'recipient', 'asked'; 'other' is a category of the
# other half. A purpose is 'asked', 'another' (one that neither is nor serves the asked one) or a code. `one_time` is
# True, False or None, as G7 asks. `signed` is a key of SIGNERS. `revoked` is the day of a withdrawal of `part`: what
# it names, as a mapping of a field of a withdrawal to names. `first` says that it was recorded before a later
# statement of the same moment.
Consent = namedtuple(
    'Consent', 'recorded since until providers recipients categories purpose origins case form evidence one_time '
    'under_secrecy signed revoked part used first',
    defaults=(-30, None, 60, 'provider', 'recipient', 'asked', 'asked', '', None, 'written', True, None, False,
              'those who must', None, (), None, False))
Refusal = namedtuple('Refusal', 'recorded providers recipients categories purpose origins case',
                     defaults=(-30, 'provider', 'recipient', 'asked', 'asked', '', None))
# `refused` is the day from which on M7 refuses the first representative, or `all_refused` all of them. `restricted`
# says after how many statements the restriction was recorded, where the clock tells otherwise.
Scenario = namedtuple('Scenario', 'name statements case death refused all_refused restricted',
                      defaults=('case-1', None, None, False, None))

GRANTED = Consent()
BOTH_HALVES = 'asked other'
FOR_ASKED, FOR_OTHER = (('categories', 'asked'),), (('categories', 'other'),)
LATER = Consent(recorded=-20)
LATER_EXPIRED = Consent(recorded=-20, until=-2)
REFUSED = Refusal()
REFUSED_LATER = Refusal(recorded=-20)
OTHER = GRANTED._replace(providers='other-provider')
TWO_OTHERS = GRANTED._replace(providers='other-provider third-provider', one_time=False)
ONE_TIME = GRANTED._replace(one_time=True)
UNDER_SECRECY = ONE_TIME._replace(under_secrecy=True)
UNCOUNTED = LATER._replace(signed='who does not count')

SCENARIOS = [
    Scenario('none', ()),
    # One consent
    Scenario('granted', (GRANTED,)),
    Scenario('granted-one-time', (ONE_TIME,)),
    Scenario('granted-reusable', (Consent(one_time=False),)),
    Scenario('granted-digital', (Consent(form='digital'),)),
    Scenario('granted-from-now', (Consent(since=0),)),
    Scenario('granted-under-secrecy', (UNDER_SECRECY,)),
    Scenario('revoked', (Consent(revoked=-5),)),
    Scenario('revoked-for-this-category', (Consent(categories=BOTH_HALVES, revoked=-5, part=FOR_ASKED),)),
    Scenario('revoked-for-another-category', (Consent(categories=BOTH_HALVES, revoked=-5, part=FOR_OTHER),)),
    Scenario('expired', (Consent(until=0),)),
    Scenario('not-yet-valid', (Consent(since=1),)),
    Scenario('used-up', (ONE_TIME._replace(used=-5),)),
    Scenario('same-case', (Consent(case='case-1'),)),
    Scenario('other-case', (Consent(case='case-2'),)),
    Scenario('case-not-named', (Consent(case='case-1'),), case=None),
    Scenario('for-zvw', (Consent(origins='zvw'),)),
    Scenario('for-wmo-and-jeugdwet', (Consent(origins='wmo jeugdwet'),)),
    Scenario('oral', (Consent(form='oral', evidence=False),)),
    Scenario('oral-with-evidence', (Consent(form='oral'),)),
    Scenario('written-without-evidence', (Consent(evidence=False),)),
    Scenario('fails-in-everything', (Consent(since=-25, until=-2, origins='zvw', case='case-2', form='oral',
                                             evidence=False, one_time=True, signed='representatives', revoked=-5,
                                             used=-10),)),
    # Who signed
    Scenario('representatives-alone', (Consent(signed='representatives'),)),
    Scenario('subject-should-have-signed', (Consent(signed='representatives at once'),)),
    Scenario('subject-alone', (Consent(signed='subject alone'),)),
    Scenario('first-of-those-who-must', (Consent(signed='first of them'),)),
    Scenario('signed-by-who-does-not-count', (Consent(signed='who does not count'),)),
    Scenario('capable-when-signing', (Consent(signed='capable subject'),)),
    Scenario('representative-refused-since', (GRANTED,), refused=-20),
    Scenario('representative-refused-before', (GRANTED,), refused=-40),
    Scenario('representative-refused-other-signs', (Consent(signed='all but the refused'),), refused=-40),
    Scenario('all-refused-since', (GRANTED,), refused=-20, all_refused=True),
    Scenario('all-refused-before-subject-signs', (Consent(signed='subject alone'),), refused=-40, all_refused=True),
    Scenario('dead', (GRANTED,), death=-5),
    Scenario('dead-before', (GRANTED,), death=-40),
    Scenario('refused-and-dead', (REFUSED,), death=-5),
    # Refusals
    Scenario('refused', (REFUSED,)),
    Scenario('refused-for-zvw', (REFUSED._replace(origins='zvw'),)),
    Scenario('refused-then-granted', (REFUSED, LATER)),
    Scenario('refused-then-granted-then-revoked', (REFUSED, LATER._replace(revoked=-5))),
    Scenario('refused-then-granted-then-revoked-for-this-category',
             (REFUSED, LATER._replace(categories=BOTH_HALVES, revoked=-5, part=FOR_ASKED))),
    Scenario('refused-then-granted-then-revoked-for-another-category',
             (REFUSED, LATER_EXPIRED._replace(categories=BOTH_HALVES, revoked=-5, part=FOR_OTHER))),
    Scenario('refused-then-expired', (REFUSED, LATER_EXPIRED)),
    Scenario('refused-then-not-yet-valid', (REFUSED, LATER._replace(since=1))),
    Scenario('refused-then-granted-for-zvw', (REFUSED, LATER._replace(origins='zvw'))),
    Scenario('refused-then-revoked-before-valid', (REFUSED, LATER._replace(since=-5, revoked=-12))),
    Scenario('refused-then-never-counted', (REFUSED, UNCOUNTED)),
    Scenario('refused-then-lapsed', (REFUSED, Consent(recorded=-25, signed='representatives'))),
    Scenario('refused-then-lapsed-before-valid',
             (REFUSED, Consent(recorded=-25, since=-15, signed='representatives'))),
    Scenario('granted-then-refused', (GRANTED, REFUSED_LATER)),
    Scenario('granted-then-refused-for-zvw', (GRANTED, REFUSED_LATER._replace(origins='zvw'))),
    Scenario('granted-then-refused-for-other-case', (GRANTED, REFUSED_LATER._replace(case='case-2'))),
    Scenario('granted-then-refused-for-same-case', (GRANTED, REFUSED_LATER._replace(case='case-1'))),
    Scenario('granted-then-refused-for-case-not-named', (GRANTED, REFUSED_LATER._replace(case='case-1')), case=None),
    Scenario('granted-then-refused-for-ondersteuning', (GRANTED, REFUSED_LATER._replace(purpose='ondersteuning'))),
    Scenario('granted-then-refused-for-other-recipient',
             (GRANTED, REFUSED_LATER._replace(recipients='other-recipient'))),
    Scenario('granted-then-refused-by-a-clock-put-back', (GRANTED, REFUSED._replace(recorded=-35))),
    Scenario('expired-then-refused', (Consent(until=-25), REFUSED_LATER)),
    Scenario('refused-twice', (REFUSED._replace(recipients='recipient other-recipient'), REFUSED_LATER)),
    # Two consents
    Scenario('superseded-by-expired', (GRANTED, LATER_EXPIRED)),
    Scenario('superseded-by-revoked', (GRANTED, LATER._replace(revoked=-5))),
    Scenario('superseded-in-order-by-a-clock-put-back', (LATER, GRANTED._replace(until=-2))),
    Scenario('superseded-then-revoked', (Consent(case='case-1', revoked=-15), LATER_EXPIRED)),
    Scenario('revoked-then-superseded', (Consent(revoked=-25), LATER_EXPIRED)),
    Scenario('revoked-in-one-moment-before', (Consent(revoked=-20, first=True), LATER_EXPIRED)),
    Scenario('revoked-in-one-moment-after', (Consent(revoked=-20), LATER_EXPIRED)),
    Scenario('revoked-as-the-later-begins', (Consent(revoked=-5), LATER_EXPIRED._replace(since=-5))),
    Scenario('revoked-before-the-later-begins', (Consent(revoked=-12), LATER_EXPIRED._replace(since=-5))),
    Scenario('revoked-in-part-then-superseded',
             (Consent(categories=BOTH_HALVES, revoked=-25, part=FOR_ASKED),
              LATER_EXPIRED._replace(categories=BOTH_HALVES))),
    Scenario('used-up-then-superseded', (ONE_TIME._replace(used=-25), LATER_EXPIRED)),
    Scenario('expired-of-other-case-then-superseded', (Consent(until=-25, case='case-2'), LATER_EXPIRED)),
    Scenario('expired-as-superseded', (Consent(until=-20, case='case-2'), LATER_EXPIRED)),
    Scenario('expired-before-the-later-begins',
             (Consent(until=-10, case='case-2'), LATER_EXPIRED._replace(since=-5))),
    Scenario('lapsed-then-superseded', (Consent(signed='representatives'), Consent(recorded=-15, until=-2))),
    Scenario('superseded-then-lapsed',
             (Consent(case='case-2', signed='representatives'),
              Consent(recorded=-25, until=-2, signed='representatives'))),
    Scenario('later-never-counted', (GRANTED, UNCOUNTED._replace(until=-2))),
    Scenario('later-not-yet-valid', (GRANTED, LATER._replace(since=1))),
    Scenario('later-revoked-before-valid', (GRANTED, LATER._replace(since=-5, revoked=-12))),
    Scenario('later-revoked-as-it-begins', (GRANTED, LATER._replace(since=-5, revoked=-5))),
    Scenario('later-revoked-for-this-category-before-valid',
             (GRANTED, LATER._replace(categories=BOTH_HALVES, since=-5, revoked=-12, part=FOR_ASKED))),
    Scenario('later-narrower-expired', (GRANTED, LATER_EXPIRED._replace(origins='zvw'))),
    Scenario('later-fewer-categories-expired', (Consent(categories=BOTH_HALVES), LATER_EXPIRED)),
    Scenario('for-zvw-superseded-by-wider-expired',
             (Consent(origins='zvw'), LATER_EXPIRED._replace(origins='wmo zvw'))),
    Scenario('same-case-superseded-by-unbound-expired', (Consent(case='case-1'), LATER_EXPIRED)),
    Scenario('for-integraal-plan-then-for-ondersteuning-expired',
             (Consent(purpose='integraal-plan'), LATER_EXPIRED._replace(purpose='ondersteuning'))),
    Scenario('for-ondersteuning-then-for-integraal-plan-expired',
             (Consent(purpose='ondersteuning'), LATER_EXPIRED._replace(purpose='integraal-plan'))),
    Scenario('later-other-case-revoked', (GRANTED, LATER._replace(case='case-2', revoked=-5))),
    Scenario('expired-then-granted', (Consent(until=-25), LATER)),
    Scenario('used-up-then-granted', (ONE_TIME._replace(used=-25), LATER)),
    Scenario('reusable-then-one-time', (Consent(one_time=False), LATER._replace(one_time=True))),
    Scenario('reusable-then-one-time-used-up', (Consent(one_time=False), LATER._replace(one_time=True, used=-5))),
    Scenario('under-secrecy-then-not-expired', (UNDER_SECRECY, LATER_EXPIRED._replace(one_time=True))),
    Scenario('under-secrecy-then-under-secrecy-expired',
             (UNDER_SECRECY, UNDER_SECRECY._replace(recorded=-20, until=-2))),
    Scenario('not-then-under-secrecy-expired', (ONE_TIME, UNDER_SECRECY._replace(recorded=-20, until=-2))),
    Scenario('granted-and-later-for-wmo', (GRANTED, LATER._replace(origins='wmo'))),
    Scenario('two-bad', (Consent(until=-2, case='case-2'), LATER._replace(origins='zvw', revoked=-5))),
    # After the restriction
    Scenario('granted-after-restriction', (Consent(recorded=-5),)),
    Scenario('granted-after-restriction-by-a-clock-put-back', (Consent(recorded=-15),), restricted=0),
    Scenario('granted-before-restriction-by-a-clock-put-back', (Consent(recorded=-5),), restricted=1),
    Scenario('granted-before-and-for-wmo-after-restriction', (GRANTED, Consent(recorded=-5, origins='wmo'))),
    Scenario('granted-after-restriction-then-refused', (Consent(recorded=-5), Refusal(recorded=-3))),
    # Near misses
    Scenario('other-provider', (OTHER,)),
    Scenario('other-recipient', (Consent(recipients='other-recipient'),)),
    Scenario('other-category', (Consent(categories='other'),)),
    Scenario('another-purpose', (Consent(purpose='another'),)),
    Scenario('for-ondersteuning', (Consent(recorded=noon(2026, 3, 15), purpose='ondersteuning'),)),
    Scenario('for-ondersteuning-too-long-ago', (Consent(recorded=noon(2026, 3, 14), purpose='ondersteuning'),)),
    Scenario('for-integraal-plan', (Consent(purpose='integraal-plan'),)),
    Scenario('other-provider-and-recipient', (OTHER._replace(recipients='other-recipient'),)),
    Scenario('other-provider-revoked', (OTHER._replace(revoked=-5),)),
    Scenario('other-provider-revoked-by-name',
             (OTHER._replace(revoked=-5, part=(('providers', 'other-provider'),)),)),
    Scenario('two-other-providers', (TWO_OTHERS,)),
    Scenario('two-other-providers-one-revoked',
             (TWO_OTHERS._replace(revoked=-5, part=(('providers', 'other-provider'),)),)),
    Scenario('two-other-providers-one-refused',
             (TWO_OTHERS, REFUSED_LATER._replace(providers='other-provider'))),
    Scenario('recipient-itself', (Consent(providers='recipient', recipients='recipient other-recipient'),)),
    Scenario('other-category-revoked', (Consent(categories='other', revoked=-5),)),
    Scenario('other-provider-refused', (OTHER, REFUSED_LATER._replace(providers='other-provider'))),
    Scenario('other-provider-refused-for-other-case',
             (OTHER, REFUSED_LATER._replace(providers='other-provider', case='case-2'))),
    Scenario('other-provider-refused-then-granted',
             (REFUSED._replace(providers='other-provider'), OTHER._replace(recorded=-20))),
    Scenario('other-recipient-refused',
             (Consent(recipients='other-recipient'), REFUSED_LATER._replace(recipients='other-recipient'))),
    Scenario('other-category-refused', (Consent(categories='other'), REFUSED_LATER._replace(categories='other'))),
    Scenario('another-purpose-refused', (Consent(purpose='another'), REFUSED_LATER._replace(purpose='another'))),
    Scenario('other-provider-superseded-by-expired',
             (OTHER, LATER_EXPIRED._replace(providers='other-provider'))),
    Scenario('near-misses-together', (Consent(purpose='another'), Consent(recorded=-29, categories='other'),
                                      OTHER._replace(recorded=-28))),
    Scenario('near-miss-beside-expired',
             (Consent(until=-2), Consent(recorded=-29, recipients='other-recipient'))),
    Scenario('near-miss-beside-refusal', (REFUSED, Consent(recorded=-29, recipients='other-recipient'))),
]

# --- The subject ------------------------------------------------------------------------------------------------------

AGES = ['under-12', '12-15', 'from-16', 'not-capable', 'unknown']
BIRTHS = {'under-12': date(2018, 1, 10), '12-15': date(2012, 1, 10), 'from-16': date(2009, 1, 10),
          'not-capable': date(1986, 1, 10), 'unknown': None}
YEARS_AGO = date(2020, 1, 1)
PARENTS, MENTOR = ('parent-1', 'parent-2'), ('mentor',)


def representatives_of(age):
    return MENTOR if age == 'not-capable' else PARENTS


def those_who_must(age, pack):
    """Of a plain consent. Of who is of an unknown age all who might be."""
    if age in ('under-12', 'not-capable'):
        return representatives_of(age)
    both = age == 'unknown' or (age == '12-15' and pack == 'kaag-en-braassem-2015')
    return ('subject',) + PARENTS if both else ('subject',)


def all_but_refused(signers):
    return tuple(one for one in signers if one not in ('parent-1', 'mentor')) or MENTOR


SIGNERS = {
    'those who must': those_who_must,
    'representatives': lambda age, pack: representatives_of(age),
    'representatives at once': lambda age, pack: representatives_of(age),
    'capable subject': lambda age, pack: PARENTS if age == 'under-12' else ('subject',),
    'subject alone': lambda age, pack: ('subject',),
    'first of them': lambda age, pack: those_who_must(age, pack)[:1],
    'who does not count': lambda age, pack: ('bewindvoerder',),
    'all but the refused': lambda age, pack: all_but_refused(those_who_must(age, pack)),
}


def history_of(scenario):
    """Of which signer the subject's history makes sense: the first that is not plain."""
    signers = [s.signed for s in scenario.statements if isinstance(s, Consent)]
    return next((signer for signer in signers if signer != 'those who must'), None)


def capabilities_of(age, history):
    alone = history == 'representatives' and age in ('from-16', 'not-capable')
    if age == 'not-capable' and history == 'capable subject':
        return (Capability(day_of(day(-25)), False),)
    changes = ()
    if age == 'not-capable' or alone:
        changes += (Capability(YEARS_AGO, False),)
    if alone:
        changes += (Capability(day_of(day(-20)), True),)
    if alone and age == 'not-capable':
        changes += (Capability(day_of(day(-10)), False),)
    return changes


def representative(scenario, age, name):
    refused = scenario.refused is not None and (scenario.all_refused or name in ('parent-1', 'mentor'))
    kind = 'mentor' if age == 'not-capable' else 'ouder-met-gezag'
    return Representative(name, kind, YEARS_AGO, refused=day_of(day(scenario.refused)) if refused else None)


def person_of(scenario, age):
    history = history_of(scenario)
    birth = BIRTHS[age]
    if age == '12-15' and history == 'representatives':
        birth = day_of(day(-20)).replace(year=day_of(day(-20)).year - 12)
    since = day_of(day(-20)) if history is None else YEARS_AGO
    representatives = tuple(representative(scenario, age, name) for name in representatives_of(age))
    return Person(birth, None if scenario.death is None else day_of(day(scenario.death)),
                  representatives + (Representative('bewindvoerder', 'bewindvoerder', since),),
                  capabilities_of(age, history))

# --- From days to facts -----------------------------------------------------------------------------------------------

def moment_of(number):
    """Of a day from the check; a moment stands for itself."""
    return number if abs(number) > 10_000 else day(number)


def order_after(scenario, at):
    """The order of what is recorded at this moment: after every statement of then or before."""
    return 10 * sum(moment_of(s.recorded) <= at for s in scenario.statements) + 5


def names(text):
    return frozenset(text.split())


def withdrawals_of(scenario, spec):
    if spec.revoked is None:
        return ()
    part = {field: names(text) for field, text in spec.part}
    order = order_after(scenario, day(spec.revoked)) - (10 if spec.first else 0)
    return (facts.Withdrawal(order, day(spec.revoked), part.get('providers'), part.get('recipients'),
                             part.get('categories')),)


def scope_of(spec, purpose):
    return (names(spec.providers), names(spec.recipients), names(spec.categories),
            purpose if spec.purpose == 'asked' else spec.purpose, names(spec.origins), spec.case)


def statement_of(scenario, index, age, pack, purpose, one_time):
    spec = scenario.statements[index]
    order, recorded = 10 * (index + 1), moment_of(spec.recorded)
    if isinstance(spec, Refusal):
        return facts.Refusal(order, recorded, *scope_of(spec, purpose))
    signatures = tuple(Signature(signer, recorded) for signer in SIGNERS[spec.signed](age, pack))
    used = None if spec.used is None else facts.Use(order_after(scenario, day(spec.used)), day(spec.used))
    return facts.Consent(order, recorded, recorded if spec.since is None else day(spec.since), day(spec.until),
                         *scope_of(spec, purpose), spec.form, spec.evidence,
                         one_time if spec.one_time is None else spec.one_time, spec.under_secrecy, signatures,
                         withdrawals_of(scenario, spec), used)


def statements_of(scenario, age, pack, purpose, one_time):
    return tuple(statement_of(scenario, index, age, pack, purpose, one_time)
                 for index in range(len(scenario.statements)))


def restriction_of(scenario):
    """The order of the restriction of day -10."""
    if scenario.restricted is not None:
        return 10 * scenario.restricted + 5
    return order_after(scenario, day(-10))

# --- The request ------------------------------------------------------------------------------------------------------

# What is not restricted, or what another category's restriction leaves alone, is 'none'.
RESTRICTIONS = ['none', 'subject', 'category']
AGREEMENTS = ['in-force', 'missing']
MODES = ['ADVISE', 'DISCLOSE']
MANAGERS = ['none', 'given', 'nobody']
ITEM_ORIGINS = [None] + ORIGINS
# Who hears the answer: who may explain, parties that statements name, and one that none names.
LISTENERS = ['explain', 'provider', 'recipient', 'other-provider', 'third-provider', 'other-recipient', 'stranger']

ANYTHING = frozenset(['necessity'])
CLAIMS = {
    'none': facts.Claim(),
    'written-request-by-all-who-must': facts.Claim('written-request', given_at=day(-1)),
    'written-request-given-before': facts.Claim('written-request', given_at=day(-40)),
    'written-request-by-others': facts.Claim('written-request', by=frozenset(['others']), given_at=day(-1)),
    'vitaal-belang': facts.Claim('urgent-reasons', reason='vitaal-belang'),
    'veiligheid-derden': facts.Claim('urgent-reasons', reason='veiligheid-derden'),
    'volksgezondheid': facts.Claim('urgent-reasons', reason='volksgezondheid'),
    'bemoeizorg': facts.Claim('urgent-reasons', reason='bemoeizorg'),
    'vitaal-belang-incomplete': facts.Claim('urgent-reasons', reason='vitaal-belang', missing=ANYTHING),
    'volksgezondheid-incomplete': facts.Claim('urgent-reasons', reason='volksgezondheid', missing=ANYTHING),
    'vitaal-belang-without-secrecy': facts.Claim('urgent-reasons', reason='vitaal-belang',
                                                 missing=facts.SECRECY_PARTS),
    'vitaal-belang-without-manager': facts.Claim('urgent-reasons', reason='vitaal-belang',
                                                 missing=frozenset(['manager_consulted'])),
    'unknown-reason': facts.Claim('urgent-reasons', reason='nieuwsgierigheid'),
}


def claim_of(name, pack, person):
    claim = CLAIMS[name]
    if claim.kind == 'written-request' and not claim.by:
        return claim._replace(by=frozenset(who_must(pack, person, NOW) or ['subject']))
    return claim
