"""Cases computed by hand from the text of the rules, which stands beside them, and checks of the tables."""

import itertools
import os

from by_hand_people import BY_HAND_OF_PEOPLE
from facts import Asked, rules_of
from packs import CATEGORIES, FLOWS, HEALTH, KINDS, OTHER_SPECIAL, PACKS, PURPOSES, STATUTES, UR, WR
from rules import Facts, Permit, c9_heard, c9_hears, decide
from situations import (AGES, LISTENERS, NOW, SCENARIOS, SIGNERS, claim_of, moment_of, person_of, restriction_of,
                        statements_of)


def outcome(pack, cell, scenario='none', claim='none', age='from-16', mode='DISCLOSE', origin='wmo', restriction='none',
            agreement='in-force', manager='given', hears=None):
    """The outcome of one situation, in words: `cell` is provider, recipient, purpose and category. `hears` is who
    hears it; None: one who may explain."""
    provider, recipient, purpose, category = cell.split()
    kind, _, own = provider.partition(':')
    rules = rules_of(pack, kind, recipient, purpose, category, own == 'raised', own != 'inactive')
    scenario = next(s for s in SCENARIOS if s.name == scenario)
    purpose = purpose if purpose in ('ondersteuning', 'integraal-plan') else 'asked'
    person = person_of(scenario, age)
    facts = Facts(pack, person, statements_of(scenario, age, pack, purpose, rules.one_time),
                  restriction_of(scenario) if restriction in ('subject', 'category') else None, NOW)
    asked = Asked('provider', 'recipient', purpose, 'asked', origin, scenario.case, mode,
                  None if manager == 'none' else manager, claim_of(claim, pack, person))
    return in_words(facts, decide(facts, rules, asked, agreement == 'missing'), hears)


def in_words(facts, decision, hears):
    if not isinstance(decision, Permit):
        return ' '.join(('deny',) + c9_heard(facts, hears, decision.reasons))
    kind, code, statement = decision.ground
    against = decision.against is not None and c9_hears(facts, hears, [decision.against])
    return 'permit %s %s %d%s' % (kind, code, 0 if statement is None else statement + 1,
                                  ' against-will' if against else '')


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
    (outcome(K, TO_CARE, claim='written-request-by-all-who-must', agreement='missing'), 'deny AGREEMENT_MISSING'),
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
    (outcome(W, 'wmo-team:raised cak eigen-bijdrage bsn'), 'deny SECRECY NO_CONSENT'),
    (outcome(W, 'zorgaanbieder:raised kernteam monitoring naw'), 'permit statute wmo-5.2.2 0'),
    (outcome(K, 'wmo-team:raised zorgaanbieder toekenning naw', 'granted-reusable'), 'deny FORM_INSUFFICIENT'),
    # "A party that is not active has none, whatever its kind"
    (outcome(K, 'school:inactive kernteam integraal-plan naw', 'granted'), 'deny AGREEMENT_MISSING'),
    (outcome(W, 'school:inactive kernteam integraal-plan naw', claim='bemoeizorg'),
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
    (outcome(K, TO_CARE, 'dead', 'written-request-by-all-who-must'), 'deny REPRESENTATION_LAPSED GROUND_NOT_ALLOWED'),
    (outcome(W, TO_CAK, 'dead'), 'permit statute wmo-5.2.1 0'),
    # C8: "`by`, those who must consent at the check, all of them and nobody else"
    (outcome(K, OF_GP, claim='written-request-by-all-who-must'), 'permit written-request - 0'),
    (outcome(K, OF_GP, claim='written-request-by-others'), 'deny NO_CONSENT GROUND_NOT_ALLOWED'),
    (outcome(K, OF_GP, claim='written-request-by-all-who-must', age='unknown'), 'deny NO_CONSENT GROUND_NOT_ALLOWED'),
    # packs.md, C2 in 2015: "wr (KB 5.4: only on assent)"
    (outcome(K, OF_GP, claim='vitaal-belang'), 'deny NO_CONSENT GROUND_NOT_ALLOWED'),
    (outcome(W, OF_GP, claim='vitaal-belang'), 'permit urgent-reasons vitaal-belang 0'),
    (outcome(W, OF_GP, claim='vitaal-belang-without-secrecy'), 'deny NO_CONSENT TRIAGE_INCOMPLETE'),
    (outcome(K, TO_SCHOOL, claim='vitaal-belang-without-secrecy'), 'permit urgent-reasons vitaal-belang 0'),
    (outcome(K, 'kernteam kernteam ondersteuning zrm-justitie', claim='volksgezondheid-incomplete'),
     'deny NO_CONSENT GROUND_NOT_ALLOWED'),
    (outcome(K, OF_GP, claim='unknown-reason'), 'deny NO_CONSENT GROUND_NOT_ALLOWED'),
    # G7: "A request or a statement may say that the professional who acts is bound by secrecy"
    (outcome(W, 'kernteam kernteam ondersteuning naw'), 'permit statute wmo-5.1.1 0'),
    (outcome(W, 'kernteam:raised kernteam ondersteuning naw'), 'deny SECRECY NO_CONSENT'),
    (outcome(W, 'kernteam:raised kernteam ondersteuning naw', claim='vitaal-belang-without-secrecy'),
     'deny SECRECY NO_CONSENT TRIAGE_INCOMPLETE'),
    (outcome(K, 'kernteam:raised school extern-overleg naw', 'granted-under-secrecy'), 'permit consent - 1'),
    # G3: "what only flows with `consent = no` carry (a refusal of it is recorded, and counts)"
    (outcome(K, 'kernteam wmo-team informatie-plan netwerk-naw', 'granted', origin='zvw'),
     'deny NO_CONSENT STATUTE_NOT_FOR_ORIGIN'),
    (outcome(K, 'kernteam wmo-team informatie-plan netwerk-naw', 'granted'), 'permit statute wmo-2015 0'),
    (outcome(K, 'kernteam wmo-team informatie-plan netwerk-naw', 'refused', origin='zvw'),
     'deny REFUSED STATUTE_NOT_FOR_ORIGIN'),
    (outcome(K, 'kernteam wmo-team informatie-plan netwerk-naw', 'refused', origin='jeugdwet'),
     'permit statute jeugdwet 0 against-will'),
    (outcome(K, 'kernteam wmo-team informatie-plan netwerk-geboortedatum'), 'deny CATEGORY_NOT_NEEDED'),
    # packs.md: "C1 kernteam (2026: also wmo-team)"; E2, E3 and D4 are not in the pack of 2015
    (outcome(K, 'kernteam wmo-team ondersteuning naw', 'granted'), 'deny PURPOSE_NOT_IN_FLOW'),
    (outcome(K, 'zorgaanbieder gemeente levering naw', 'granted'), 'deny PURPOSE_NOT_IN_FLOW'),
    (outcome(K, 'gemeente zorgaanbieder verzoek-toewijzing toewijzing', 'granted'), 'deny NO_FLOW'),
    (outcome(W, 'zorgaanbieder gemeente levering naw', origin='aanbieder'), 'permit statute wmo-5.2.2 0'),
    (outcome(W, 'zorgaanbieder opdrachtgever-jeugd levering beeindiging', origin='jeugdwet'),
     'permit statute jeugdwet-7.4.0-2 0'),
    (outcome(W, 'zorgaanbieder gemeente levering naw', agreement='missing'), 'deny AGREEMENT_MISSING'),
    # "a vrijgevestigde, who is bound by secrecy, asks and is answered on consent"
    (outcome(W, 'vrijgevestigde gemeente verzoek-toewijzing verwijzing'), 'deny NO_CONSENT'),
    (outcome(W, 'gemeente vrijgevestigde verzoek-toewijzing toewijzing', 'granted'), 'permit consent - 1'),
    # "verblijfplaats" goes to a provider and to Veilig Thuis, never to the CAK or the SVB
    (outcome(W, 'kernteam zorgaanbieder toekenning verblijfplaats'), 'permit statute wmo-5.2.1 0'),
    (outcome(W, 'kernteam svb pgb verblijfplaats', 'granted'), 'deny CATEGORY_NOT_NEEDED'),
    # G10: "what was revoked, used up, expired or lapsed by then keeps that state and its reason"
    (outcome(K, TO_CARE, 'revoked-then-superseded'), 'deny REVOKED EXPIRED'),
    (outcome(K, TO_CARE, 'superseded-then-revoked'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'revoked-in-one-moment-before'), 'deny REVOKED EXPIRED'),
    (outcome(K, TO_CARE, 'revoked-in-one-moment-after'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'revoked-before-the-later-begins'), 'deny REVOKED EXPIRED'),
    (outcome(K, TO_CARE, 'revoked-as-the-later-begins'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'revoked-in-part-then-superseded'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'used-up-then-superseded'), 'deny EXPIRED USED_UP'),
    (outcome(K, TO_CARE, 'expired-as-superseded'), 'deny EXPIRED OTHER_CASE'),
    (outcome(K, TO_CARE, 'expired-before-the-later-begins'), 'deny EXPIRED OTHER_CASE'),
    (outcome(K, TO_CARE, 'lapsed-then-superseded', age='12-15'), 'deny EXPIRED REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'superseded-then-lapsed', age='12-15'), 'deny EXPIRED REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'superseded-in-order-by-a-clock-put-back'), 'deny EXPIRED'),
    # "nor one under secrecy by one that is not"
    (outcome(K, TO_CARE, 'under-secrecy-then-not-expired'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'under-secrecy-then-under-secrecy-expired'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'not-then-under-secrecy-expired'), 'deny EXPIRED'),
    # "one wholly revoked or lapsed before its valid_from, or that by a correction never counted ... lifts no refusal"
    (outcome(K, TO_CARE, 'later-never-counted'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'refused-then-revoked-before-valid'), 'deny REVOKED REFUSED'),
    (outcome(K, TO_CARE, 'refused-then-granted-then-revoked'), 'deny REVOKED'),
    (outcome(K, TO_CARE, 'refused-then-never-counted'), 'deny REPRESENTATION_LAPSED REFUSED'),
    (outcome(K, TO_CARE, 'refused-then-lapsed', age='12-15'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'refused-then-lapsed-before-valid', age='12-15'), 'deny REPRESENTATION_LAPSED REFUSED'),
    (outcome(K, TO_CARE, 'refused-then-lapsed-before-valid', age='under-12'), 'permit consent - 2'),
    # G10: the order of recording, not the clock
    (outcome(K, TO_CARE, 'granted-then-refused-by-a-clock-put-back'), 'deny REFUSED'),
    # C5: "a consent recorded after the restriction (by the order of recording, not by the clock)"
    (outcome(K, TO_CARE, 'granted-after-restriction-by-a-clock-put-back', restriction='subject'),
     'permit consent - 1'),
    (outcome(K, TO_CARE, 'granted-before-restriction-by-a-clock-put-back', restriction='subject'), 'deny RESTRICTED'),
    # C7: "at least one item of it, differing in that one thing only, is neither withdrawn nor refused"
    (outcome(K, TO_CARE, 'other-provider'), 'deny PROVIDER_NOT_CONSENTED'),
    (outcome(K, TO_CARE, 'other-provider-refused'), 'deny NO_CONSENT'),
    (outcome(K, TO_CARE, 'other-provider-refused-for-other-case'), 'deny PROVIDER_NOT_CONSENTED'),
    (outcome(K, TO_CARE, 'other-provider-refused-then-granted'), 'deny PROVIDER_NOT_CONSENTED'),
    (outcome(K, TO_CARE, 'two-other-providers-one-revoked'), 'deny PROVIDER_NOT_CONSENTED'),
    (outcome(K, TO_CARE, 'two-other-providers-one-refused'), 'deny PROVIDER_NOT_CONSENTED'),
    (outcome(K, TO_CARE, 'other-category-revoked'), 'deny NO_CONSENT'),
    (outcome(K, TO_CARE, 'another-purpose-refused'), 'deny NO_CONSENT'),
    (outcome(K, TO_CARE, 'recipient-itself'), 'deny NO_CONSENT'),
    # C9: "only from statements in which it is itself a named party"
    (outcome(K, TO_CARE, 'near-miss-beside-expired', hears='recipient'), 'deny EXPIRED'),
    (outcome(K, TO_CARE, 'revoked', hears='stranger'), 'deny NO_CONSENT'),
    (outcome(K, TO_CARE, 'other-provider', hears='provider'), 'deny NO_CONSENT'),
    (outcome(K, TO_CARE, 'other-provider', hears='recipient'), 'deny PROVIDER_NOT_CONSENTED'),
    (outcome(K, TO_CAK, 'revoked', 'vitaal-belang', origin='zvw', hears='stranger'),
     'deny NO_CONSENT STATUTE_NOT_FOR_ORIGIN GROUND_NOT_ALLOWED'),
    # C15: "the latest refusal that covers a permitted item stands, no consent for the item being later that was not
    # withdrawn, and the ground is neither consent nor a written request given after the refusal"
    (outcome(W, TO_CAK, 'refused'), 'permit statute wmo-5.2.1 0 against-will'),
    (outcome(W, TO_CAK, 'refused', hears='stranger'), 'permit statute wmo-5.2.1 0'),
    (outcome(W, TO_CAK, 'refused-for-zvw'), 'permit statute wmo-5.2.1 0'),
    (outcome(W, TO_CAK, 'refused-then-granted'), 'permit statute wmo-5.2.1 0'),
    (outcome(W, TO_CAK, 'refused-then-expired'), 'permit statute wmo-5.2.1 0'),
    (outcome(W, TO_CAK, 'refused-then-granted-then-revoked'), 'permit statute wmo-5.2.1 0 against-will'),
    (outcome(W, TO_CAK, 'refused-then-granted-then-revoked-for-another-category'), 'permit statute wmo-5.2.1 0'),
    (outcome(W, TO_CAK, 'refused-then-never-counted'), 'permit statute wmo-5.2.1 0 against-will'),
    (outcome(W, TO_CAK, 'refused-and-dead'), 'permit statute wmo-5.2.1 0 against-will'),
    (outcome(K, OF_GP, 'refused', 'written-request-by-all-who-must'), 'permit written-request - 0'),
    (outcome(K, OF_GP, 'refused', 'written-request-given-before'), 'permit written-request - 0 against-will'),
    (outcome(K, TO_CARE, 'granted-then-refused', 'bemoeizorg'), 'permit urgent-reasons bemoeizorg 0 against-will'),
    # C15: "needs `manager_consulted` ... in every DISCLOSE of an item that would be permitted, whatever the ground but
    # a statute that passes a restriction"
    (outcome(K, TO_VEILIG_THUIS, 'granted', manager='none'), 'deny TRIAGE_INCOMPLETE'),
    (outcome(K, TO_VEILIG_THUIS, 'granted', manager='nobody'), 'permit consent - 1'),
    (outcome(K, TO_VEILIG_THUIS, 'granted', manager='none', mode='ADVISE'), 'permit consent - 1'),
    (outcome(K, TO_VEILIG_THUIS, manager='none'), 'deny NO_CONSENT'),
    (outcome(W, TO_VEILIG_THUIS, manager='none'), 'permit statute wmo-5.2.6 0'),
    (outcome(K, TO_CARE, 'granted', manager='none'), 'permit consent - 1'),
    # "the triage decision's own serves for it, and it for the triage decision"
    (outcome(K, TO_VEILIG_THUIS, claim='vitaal-belang', manager='none'), 'permit urgent-reasons vitaal-belang 0'),
    (outcome(K, TO_VEILIG_THUIS, 'granted', 'vitaal-belang', manager='none'), 'permit consent - 1'),
    (outcome(K, TO_CARE, claim='vitaal-belang-without-manager', manager='given'),
     'permit urgent-reasons vitaal-belang 0'),
    (outcome(K, TO_CARE, claim='vitaal-belang-without-manager', manager='nobody'),
     'deny NO_CONSENT TRIAGE_INCOMPLETE'),
    # M5: "a consent that by a correction would not have counted has lapsed"; M7: "from then on ... neither needed nor
    # counted. If all are refused, a capable subject from 12 signs alone"
    (outcome(K, TO_CARE, 'subject-alone'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'subject-alone', age='under-12'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'subject-alone', age='12-15'), 'deny REPRESENTATION_LAPSED'),
    (outcome(W, TO_SCHOOL, 'subject-alone', age='12-15'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'first-of-those-who-must', age='under-12'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'signed-by-who-does-not-count', age='not-capable'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'representative-refused-since', age='under-12'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'representative-refused-other-signs', age='under-12'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'representative-refused-other-signs', age='not-capable'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'all-refused-before-subject-signs', age='12-15'), 'permit consent - 1'),
    (outcome(K, TO_CARE, 'all-refused-before-subject-signs', age='under-12'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'granted', age='unknown'), 'deny REPRESENTATION_LAPSED'),
    (outcome(K, TO_CARE, 'dead-before'), 'deny REPRESENTATION_LAPSED'),
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
    assert len(KINDS) == 16 and len(CATEGORIES) == 54 and len(PURPOSES) == 14, 'codes'
    assert len(set(CATEGORIES)) == len(CATEGORIES) and set(HEALTH + OTHER_SPECIAL) <= set(CATEGORIES), 'categories'


def check_scenarios():
    """scenarios.md tells of every scenario, in the same order."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'scenarios.md')) as text:
        scenarios = text.read().split('## Scenarios')[1].split('## Age')[0]
    told = [line.split('`')[1] for line in scenarios.splitlines() if line.startswith('| `')]
    assert told == [s.name for s in SCENARIOS], 'scenarios.md does not tell of the same scenarios'
    for scenario in SCENARIOS:
        assert all(moment_of(s.recorded) < NOW for s in scenario.statements), scenario.name
        for pack, age in itertools.product(PACKS, AGES):
            for statement in statements_of(scenario, age, pack, 'asked', False):
                assert statement.providers | statement.recipients < set(LISTENERS), scenario.name
    for pack, age, signer in itertools.product(PACKS, AGES, SIGNERS):
        assert SIGNERS[signer](age, pack), (signer, age)


def self_check():
    check_tables()
    check_scenarios()
    cases = HAND_COMPUTED + BY_HAND_OF_PEOPLE
    wrong = [(number, got, expected) for number, (got, expected) in enumerate(cases, 1) if got != expected]
    for case in wrong:
        print('case %d: %s, expected %s' % case)
    print('%d cases computed by hand, %d differ' % (len(cases), len(wrong)))
    return 1 if wrong else 0
