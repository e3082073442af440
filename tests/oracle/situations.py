"""The situations in which a cell is judged; scenarios.md says the same in words."""

from collections import namedtuple
from datetime import date

from packs import ORIGINS

# Moments are days from the moment of the check; a span holds its first moment and not its last.
TODAY = date(2026, 6, 15)
NOW = 0
RESTRICTED_ON = -10
TO_RECORD_OF_MARCH_15 = (date(2026, 3, 15) - TODAY).days
TO_RECORD_OF_MARCH_14 = (date(2026, 3, 14) - TODAY).days

# Each of provider, recipient and category is 'asked' or 'other', or the category 'asked and more'. The purpose is 'asked', 'another' (one that neither
# is nor serves the asked one) or a code. `one_time` is True, False or 'as asked' by G7. `signed` is by 'those who
# must', by 'representatives' alone, while the subject was not yet of age or not capable, by 'representatives at once'
# alone, whatever he was, or by the 'capable subject'
# who since may have become incapable. `revoked` is the moment of the revocation of this item, or None; `wholly` says
# whether nothing else of it was left either.
Consent = namedtuple(
    'Consent', 'recorded since until provider recipient category purpose origins case form evidence one_time signed '
    'revoked used wholly',
    defaults=(-30, -30, 60, 'asked', 'asked', 'asked', 'asked', (), None, 'written', True, 'as asked', 'those who must',
              None, False, True))
Refusal = namedtuple('Refusal', 'recorded provider recipient category purpose origins case',
                     defaults=(-30, 'asked', 'asked', 'asked', 'asked', (), None))
Scenario = namedtuple('Scenario', 'name statements request_case dead', defaults=('case-1', False))

GRANTED = Consent()
LATER = Consent(recorded=-20, since=-20)
LATER_EXPIRED = Consent(recorded=-20, since=-20, until=-2)
REFUSED_LATER = Refusal(recorded=-20)

SCENARIOS = [
    Scenario('none', ()),
    # One consent
    Scenario('granted', (GRANTED,)),
    Scenario('granted-one-time', (Consent(one_time=True),)),
    Scenario('granted-reusable', (Consent(one_time=False),)),
    Scenario('granted-digital', (Consent(form='digital'),)),
    Scenario('granted-from-now', (Consent(since=NOW),)),
    Scenario('revoked', (Consent(revoked=-5),)),
    Scenario('revoked-for-this-category', (Consent(category='asked and more', revoked=-5, wholly=False),)),
    Scenario('revoked-for-another-category', (Consent(category='asked and more'),)),
    Scenario('expired', (Consent(until=NOW),)),
    Scenario('not-yet-valid', (Consent(since=1),)),
    Scenario('used-up', (Consent(one_time=True, used=True),)),
    Scenario('same-case', (Consent(case='case-1'),)),
    Scenario('other-case', (Consent(case='case-2'),)),
    Scenario('case-not-named', (Consent(case='case-1'),), request_case=None),
    Scenario('for-zvw', (Consent(origins=('zvw',)),)),
    Scenario('for-wmo-and-jeugdwet', (Consent(origins=('wmo', 'jeugdwet')),)),
    Scenario('oral', (Consent(form='oral', evidence=False),)),
    Scenario('oral-with-evidence', (Consent(form='oral'),)),
    Scenario('written-without-evidence', (Consent(evidence=False),)),
    Scenario('representatives-alone', (Consent(signed='representatives'),)),
    Scenario('subject-should-have-signed', (Consent(signed='representatives at once'),)),
    Scenario('capable-when-signing', (Consent(signed='capable subject'),)),
    Scenario('dead', (GRANTED,), dead=True),
    Scenario('fails-in-everything', (Consent(since=-25, until=-2, origins=('zvw',), case='case-2', form='oral',
                                             evidence=False, one_time=True, signed='representatives', revoked=-5,
                                             used=True),)),
    # Refusals
    Scenario('refused', (Refusal(),)),
    Scenario('refused-then-granted', (Refusal(), LATER)),
    Scenario('refused-then-granted-then-revoked', (Refusal(), LATER._replace(revoked=-5))),
    Scenario('granted-then-refused', (GRANTED, REFUSED_LATER)),
    Scenario('granted-then-refused-for-zvw', (GRANTED, REFUSED_LATER._replace(origins=('zvw',)))),
    Scenario('granted-then-refused-for-other-case', (GRANTED, REFUSED_LATER._replace(case='case-2'))),
    Scenario('granted-then-refused-for-same-case', (GRANTED, REFUSED_LATER._replace(case='case-1'))),
    Scenario('granted-then-refused-for-case-not-named', (GRANTED, REFUSED_LATER._replace(case='case-1')),
             request_case=None),
    Scenario('granted-then-refused-for-ondersteuning', (GRANTED, REFUSED_LATER._replace(purpose='ondersteuning'))),
    Scenario('granted-then-refused-for-other-recipient', (GRANTED, REFUSED_LATER._replace(recipient='other'))),
    Scenario('expired-then-refused', (Consent(until=-25), REFUSED_LATER)),
    # Two consents
    Scenario('superseded-by-expired', (GRANTED, LATER_EXPIRED)),
    Scenario('superseded-by-revoked', (GRANTED, LATER._replace(revoked=-5))),
    Scenario('later-not-yet-valid', (GRANTED, LATER._replace(since=1))),
    Scenario('later-revoked-before-valid', (GRANTED, LATER._replace(since=-5, revoked=-12))),
    Scenario('later-revoked-as-it-begins', (GRANTED, LATER._replace(since=-5, revoked=-5))),
    Scenario('later-revoked-for-this-category-before-valid',
             (GRANTED, LATER._replace(category='asked and more', since=-5, revoked=-12, wholly=False))),
    Scenario('later-narrower-expired', (GRANTED, LATER_EXPIRED._replace(origins=('zvw',)))),
    Scenario('later-fewer-categories-expired', (Consent(category='asked and more'), LATER_EXPIRED)),
    Scenario('for-zvw-superseded-by-wider-expired',
             (Consent(origins=('zvw',)), LATER_EXPIRED._replace(origins=('wmo', 'zvw')))),
    Scenario('same-case-superseded-by-unbound-expired', (Consent(case='case-1'), LATER_EXPIRED)),
    Scenario('for-integraal-plan-then-for-ondersteuning-expired',
             (Consent(purpose='integraal-plan'), LATER_EXPIRED._replace(purpose='ondersteuning'))),
    Scenario('for-ondersteuning-then-for-integraal-plan-expired',
             (Consent(purpose='ondersteuning'), LATER_EXPIRED._replace(purpose='integraal-plan'))),
    Scenario('later-other-case-revoked', (GRANTED, LATER._replace(case='case-2', revoked=-5))),
    Scenario('expired-then-granted', (Consent(until=-25), LATER)),
    Scenario('used-up-then-granted', (Consent(one_time=True, used=True), LATER)),
    Scenario('reusable-then-one-time', (Consent(one_time=False), LATER._replace(one_time=True))),
    Scenario('reusable-then-one-time-used-up', (Consent(one_time=False), LATER._replace(one_time=True, used=True))),
    Scenario('granted-and-later-for-wmo', (GRANTED, LATER._replace(origins=('wmo',)))),
    Scenario('two-bad', (Consent(until=-2, case='case-2'), LATER._replace(origins=('zvw',), revoked=-5))),
    # After the restriction
    Scenario('granted-after-restriction', (Consent(recorded=-5, since=-5),)),
    Scenario('granted-before-and-for-wmo-after-restriction',
             (GRANTED, Consent(recorded=-5, since=-5, origins=('wmo',)))),
    Scenario('granted-after-restriction-then-refused', (Consent(recorded=-5, since=-5), Refusal(recorded=-3))),
    # Near misses
    Scenario('other-provider', (Consent(provider='other'),)),
    Scenario('other-recipient', (Consent(recipient='other'),)),
    Scenario('other-category', (Consent(category='other'),)),
    Scenario('another-purpose', (Consent(purpose='another'),)),
    Scenario('for-ondersteuning', (Consent(recorded=TO_RECORD_OF_MARCH_15, since=TO_RECORD_OF_MARCH_15,
                                           purpose='ondersteuning'),)),
    Scenario('for-ondersteuning-too-long-ago', (Consent(recorded=TO_RECORD_OF_MARCH_14, since=TO_RECORD_OF_MARCH_14,
                                                        purpose='ondersteuning'),)),
    Scenario('for-integraal-plan', (Consent(purpose='integraal-plan'),)),
    Scenario('other-provider-and-recipient', (Consent(provider='other', recipient='other'),)),
    Scenario('other-provider-revoked', (Consent(provider='other', revoked=-5),)),
    Scenario('other-provider-revoked-by-name', (Consent(provider='other', revoked=-5),)),
    Scenario('other-provider-superseded-by-expired',
             (Consent(provider='other'), LATER_EXPIRED._replace(provider='other'))),
    Scenario('near-misses-together', (Consent(purpose='another'), Consent(recorded=-29, category='other'),
                                      Consent(recorded=-28, provider='other'))),
    Scenario('near-miss-beside-expired', (Consent(until=-2), Consent(recorded=-29, recipient='other'))),
    Scenario('near-miss-beside-refusal', (Refusal(), Consent(recorded=-29, recipient='other'))),
]

AGES = ['under-12', '12-15', 'from-16', 'not-capable', 'unknown']
RESTRICTIONS = ['none', 'subject', 'category', 'another-category']
AGREEMENTS = ['in-force', 'missing']
MODES = ['ADVISE', 'DISCLOSE']
ITEM_ORIGINS = [None] + ORIGINS

# `triage` is 'complete' (for this very provider), 'incomplete', or 'without-secrecy': without the four conditions of a
# provider who is bound by professional secrecy.
Claim = namedtuple('Claim', 'name kind by reason triage', defaults=(None, None, None, None))
CLAIMS = [
    Claim('none'),
    Claim('written-request-by-one-who-must-consent', 'written-request', by='one-who-must'),
    Claim('written-request-by-somebody-else', 'written-request', by='somebody-else'),
    Claim('vitaal-belang', 'urgent-reasons', reason='vitaal-belang', triage='complete'),
    Claim('veiligheid-derden', 'urgent-reasons', reason='veiligheid-derden', triage='complete'),
    Claim('volksgezondheid', 'urgent-reasons', reason='volksgezondheid', triage='complete'),
    Claim('bemoeizorg', 'urgent-reasons', reason='bemoeizorg', triage='complete'),
    Claim('vitaal-belang-incomplete', 'urgent-reasons', reason='vitaal-belang', triage='incomplete'),
    Claim('volksgezondheid-incomplete', 'urgent-reasons', reason='volksgezondheid', triage='incomplete'),
    Claim('vitaal-belang-without-secrecy', 'urgent-reasons', reason='vitaal-belang', triage='without-secrecy'),
    Claim('unknown-reason', 'urgent-reasons', reason='nieuwsgierigheid', triage='complete'),
    Claim('unknown-reason-incomplete', 'urgent-reasons', reason='nieuwsgierigheid', triage='incomplete'),
]
