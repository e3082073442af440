"""Cases computed by hand from the text of the rules, which stands beside them, and checks of the tables."""

import itertools
import os

from rules import cell_of, decide
from packs import CATEGORIES, FLOWS, HEALTH, KINDS, OTHER_SPECIAL, PACKS, PURPOSES, STATUTES, UR, WR
from situations import CLAIMS, NOW, SCENARIOS


def outcome(pack, cell, scenario='none', claim='none', age='from-16', mode='DISCLOSE', origin='wmo', restriction='none',
            agreement='in-force'):
    """The outcome of one situation, in words: `cell` is provider, recipient, purpose and category."""
    result = decide(cell_of(pack, *cell.split()), agreement, restriction, age,
                    next(s for s in SCENARIOS if s.name == scenario), next(c for c in CLAIMS if c.name == claim), mode,
                    origin)
    return ' '.join(str(part) for part in result)


K, W = 'kaag-en-braassem-2015', 'wmo-jeugdwet-2026'
TO_CARE = 'kernteam zorgaanbieder toekenning naw'
TO_CAK = 'kernteam cak eigen-bijdrage bsn'
OF_GP = 'huisarts kernteam integraal-plan gezondheid'
TO_SCHOOL = 'kernteam school extern-overleg naw'
TO_VEILIG_THUIS = 'zorgaanbieder veilig-thuis escalatie gezondheid'

HAND_COMPUTED = [
    # C4: "no flow between these kinds at all; none for this purpose; none for this category"
    (outcome(K, 'cak kernteam eigen-bijdrage bsn'), 'deny NO_FLOW'),
    (outcome(W, 'cak kernteam pgb bsn'), 'deny PURPOSE_NOT_IN_FLOW'),
    (outcome(K, 'kernteam svb pgb geslacht'), 'deny CATEGORY_NOT_NEEDED'),
    # "A flow that would carry one elsewhere (X2 to the veiligheidshuis) does not carry it: CATEGORY_NOT_NEEDED"
    (outcome(K, 'kernteam veiligheidshuis escalatie gezondheid', 'granted'), 'deny CATEGORY_NOT_NEEDED'),
    # C3 is a gate before C4: "the first that fails decides the item"
    (outcome(K, 'cak kernteam eigen-bijdrage bsn', agreement='missing'), 'deny AGREEMENT_MISSING'),
    (outcome(K, 'school kernteam monitoring naw', agreement='missing'), 'deny PURPOSE_NOT_IN_FLOW'),
    # C3: "not asked where the ground is urgent reasons or a statute that passes a restriction"
    (outcome(K, TO_CARE, 'granted', agreement='missing'), 'deny AGREEMENT_MISSING'),
    (outcome(K, TO_CARE, claim='bemoeizorg', agreement='missing'), 'permit urgent-reasons bemoeizorg 0'),
    (outcome(W, TO_CAK, agreement='missing'), 'deny AGREEMENT_MISSING'),
    (outcome(W, TO_VEILIG_THUIS, agreement='missing'), 'permit statute wmo-5.2.6 0'),
    (outcome(K, TO_CARE, claim='written-request-by-one-who-must-consent', agreement='missing'),
     'deny AGREEMENT_MISSING'),
    (outcome(K, TO_CARE, claim='vitaal-belang-incomplete', agreement='missing'),
     'deny AGREEMENT_MISSING TRIAGE_INCOMPLETE'),
    (outcome(K, TO_CARE, claim='volksgezondheid-incomplete', agreement='missing', restriction='subject'),
     'deny AGREEMENT_MISSING'),
    # C5: "What passes all the same: a statute marked so, an urgent reason marked so, a consent recorded after"
    (outcome(K, TO_CARE, 'granted', restriction='category'), 'deny RESTRICTED'),
    (outcome(K, TO_CARE, 'granted', restriction='another-category'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'granted-after-restriction', restriction='subject'), 'permit consent - 1'),
    (outcome(K, TO_CARE, claim='bemoeizorg', restriction='subject'), 'deny RESTRICTED'),
    (outcome(K, TO_CARE, claim='vitaal-belang', restriction='subject'), 'permit urgent-reasons vitaal-belang 0'),
    (outcome(W, TO_VEILIG_THUIS, restriction='subject'), 'permit statute wmo-5.2.6 0'),
    # C6: "In DISCLOSE a statute needs the item's origin, unless it covers every origin; ADVISE takes the default"
    (outcome(W, TO_CAK), 'permit statute wmo-5.2.1 0'),
    (outcome(W, TO_CAK, origin=None), 'deny ORIGIN_UNKNOWN NO_CONSENT'),
    (outcome(W, TO_CAK, origin=None, mode='ADVISE'), 'permit statute wmo-5.2.1 0'),
    (outcome(W, TO_VEILIG_THUIS, origin=None), 'permit statute wmo-5.2.6 0'),
    # "what it has under the Jeugdwet ... only on explicit consent"
    (outcome(W, TO_CAK, origin='jeugdwet'), 'deny STATUTE_NOT_FOR_ORIGIN NO_CONSENT'),
    (outcome(W, TO_CAK, 'granted', origin='jeugdwet'), 'permit consent - 1'),
    (outcome(W, TO_CARE, origin='jeugdwet'), 'permit statute jeugdwet-7.4.0-1 0'),
    (outcome(W, 'kernteam wmo-team ondersteuning zrm-justitie'), 'deny STATUTE_NOT_FOR_SPECIAL NO_CONSENT'),
    # "some only by or to certain kinds (out of scope: as if not named)"
    (outcome(W, 'kernteam huisarts registratie-hulpvraag naw'), 'deny NO_CONSENT'),
    # "A party's own setting may raise its secrecy": then the statute must break it, and the consent be one-time
    (outcome(W, 'wmo-team:professional cak eigen-bijdrage bsn'), 'deny SECRECY NO_CONSENT'),
    (outcome(W, 'zorgaanbieder:professional kernteam monitoring naw'), 'permit statute wmo-5.2.2 0'),
    (outcome(K, 'wmo-team:professional zorgaanbieder toekenning naw', 'granted-reusable'), 'deny FORM_INSUFFICIENT'),
    # "A party that is not active has none, whatever its kind"
    (outcome(K, 'school:inactive kernteam integraal-plan naw', 'granted'), 'deny AGREEMENT_MISSING'),
    (outcome(K, 'school:inactive kernteam integraal-plan naw', claim='bemoeizorg'),
     'permit urgent-reasons bemoeizorg 0'),
    # The order of the grounds: 2015 consent first, 2026 statute first
    (outcome(K, TO_CAK, 'granted'), 'permit consent - 1'),
    (outcome(W, TO_CAK, 'granted'), 'permit statute wmo-5.2.1 0'),
    (outcome(K, TO_CAK, 'revoked', 'vitaal-belang', origin='zvw'),
     'deny REVOKED STATUTE_NOT_FOR_ORIGIN GROUND_NOT_ALLOWED'),
    # G5, G7 at the check
    (outcome(K, TO_CARE, 'oral'), 'deny FORM_INSUFFICIENT'),
    (outcome(K, 'kernteam wmo-team registratie-hulpvraag naw', 'oral'), 'permit consent - 1'),
    (outcome(K, TO_SCHOOL, 'granted-reusable'), 'deny FORM_INSUFFICIENT'),
    (outcome(K, OF_GP, 'reusable-then-one-time'), 'permit consent - 2'),
    (outcome(K, TO_CARE, 'reusable-then-one-time'), 'permit consent - 1'),
    # G10: "a refusal bound to a case also covers a request that names none", "and items without an origin"
    (outcome(K, TO_CARE, 'granted-then-refused-for-case-not-named'), 'deny REFUSED'),
    (outcome(K, TO_CARE, 'granted-then-refused-for-zvw', origin=None), 'deny REFUSED'),
    (outcome(K, TO_CARE, 'granted-then-refused-for-zvw'), 'permit consent - 1'),
    # "only a later consent reinstates"
    (outcome(K, TO_CARE, 'refused-then-granted'), 'permit consent - 2'),
    # "An older version of a consent was treated as active after the newest expired"
    (outcome(K, TO_CARE, 'superseded-by-expired'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'later-revoked-before-valid'), 'permit consent - 1'),
    # "if that one covers its whole scope, purpose and case", and "a compatible purpose is covered"
    (outcome(K, TO_CARE, 'later-fewer-categories-expired'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'same-case-superseded-by-unbound-expired'), 'deny EXPIRED'),
    (outcome(K, OF_GP, 'for-integraal-plan-then-for-ondersteuning-expired'), 'deny EXPIRED'),
    (outcome(K, OF_GP, 'for-ondersteuning-then-for-integraal-plan-expired'), 'permit consent - 1'),
    # C7: "no longer than that purpose's longest validity"; "if no statement covers the item ... exactly one"
    (outcome(K, OF_GP, 'for-ondersteuning'), 'permit consent - 1'),
    (outcome(K, OF_GP, 'for-ondersteuning-too-long-ago'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'for-ondersteuning'), 'deny WRONG_PURPOSE'),
    (outcome(K, TO_CARE, 'near-misses-together'), 'deny PROVIDER_NOT_CONSENTED CATEGORY_NOT_CONSENTED WRONG_PURPOSE'),
    (outcome(K, TO_CARE, 'near-miss-beside-expired'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'other-provider-and-recipient'), 'deny NO_CONSENT'),
    (outcome(K, TO_CARE, 'fails-in-everything'),
     'deny REVOKED EXPIRED USED_UP OTHER_CASE ORIGIN_NOT_CONSENTED FORM_INSUFFICIENT REPRESENTATION_LAPSED'),
    # M5: "a parents' consent lapses on the 12th birthday; a consent that a capable subject gave stays"
    (outcome(K, TO_CARE, 'representatives-alone', age='12-15'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'representatives-alone', age='under-12'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'capable-when-signing', age='not-capable'), 'permit consent - 1'),
    # M10: "The subject's death ends consents; from then nobody consents or withdraws; statutes remain"
    (outcome(K, TO_CARE, 'dead', 'written-request-by-one-who-must-consent'),
     'deny REPRESENTATION_LAPSED GROUND_NOT_ALLOWED'),
    (outcome(W, TO_CAK, 'dead'), 'permit statute wmo-5.2.1 0'),
    # C8
    (outcome(K, OF_GP, claim='written-request-by-one-who-must-consent'), 'permit written-request - 0'),
    (outcome(K, OF_GP, claim='written-request-by-somebody-else'), 'deny NO_CONSENT GROUND_NOT_ALLOWED'),
    (outcome(K, OF_GP, claim='vitaal-belang-without-secrecy'), 'deny NO_CONSENT TRIAGE_INCOMPLETE'),
    (outcome(K, TO_SCHOOL, claim='vitaal-belang-without-secrecy'), 'permit urgent-reasons vitaal-belang 0'),
    (outcome(K, 'kernteam wmo-team ondersteuning zrm-justitie', claim='volksgezondheid-incomplete'),
     'deny NO_CONSENT GROUND_NOT_ALLOWED'),
    (outcome(K, OF_GP, claim='unknown-reason'), 'deny NO_CONSENT GROUND_NOT_ALLOWED'),
]


def check_tables():
    """The tables themselves: every code is known, and no two flows of a pack join the same four."""
    for flow in FLOWS:
        assert set(flow.providers) <= set(KINDS) and set(flow.recipients) <= set(KINDS), flow.name
        assert flow.purpose in PURPOSES and set(flow.categories) <= set(CATEGORIES), flow.name
        for pack, admitted in flow.besides.items():
            assert all(b in (WR, UR) or b[0] in STATUTES[pack] for b in admitted), flow.name
    for pack in PACKS:
        joined = [c for f in FLOWS if pack in f.besides
                  for c in itertools.product(f.providers, f.recipients, [f.purpose], f.categories)]
        assert len(joined) == len(set(joined)), pack
    assert len(KINDS) == 16 and len(CATEGORIES) == 51 and len(PURPOSES) == 12, 'codes'
    assert len(set(CATEGORIES)) == len(CATEGORIES) and set(HEALTH + OTHER_SPECIAL) <= set(CATEGORIES), 'categories'


def check_scenarios():
    """scenarios.md tells of every scenario, in the same order."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'scenarios.md')) as text:
        scenarios = text.read().split('## Scenarios')[1].split('## Age')[0]
    told = [line.split('`')[1] for line in scenarios.splitlines() if line.startswith('| `')]
    assert told == [s.name for s in SCENARIOS], 'scenarios.md does not tell of the same scenarios'
    for scenario in SCENARIOS:
        recorded = [s.recorded for s in scenario.statements]
        assert recorded == sorted(set(recorded)) and all(day < NOW for day in recorded), scenario.name


def self_check():
    check_tables()
    check_scenarios()
    wrong = [(number, got, expected) for number, (got, expected) in enumerate(HAND_COMPUTED, 1) if got != expected]
    for case in wrong:
        print('case %d: %s, expected %s' % case)
    print('%d cases computed by hand, %d differ' % (len(HAND_COMPUTED), len(wrong)))
    return 1 if wrong else 0
