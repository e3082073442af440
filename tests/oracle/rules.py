"""The rules C3 to C9 and C15: one small function each, that bears its id."""

from collections import namedtuple
from functools import lru_cache

from facts import SECRECY_PARTS, Consent, carries_special
from packs import DEFAULT_ORIGIN, ORDER_OF_GROUNDS, ORIGINS, STATUTES, URGENT_REASONS
from people import who_must
from statements import (conditions_failed, item_of, later_consents, latest_refusal, near_miss, not_named, superseded,
                        withdrawn_for)

# What is known of a subject. `restriction` is the order of the latest restriction that holds for the category, or None.
Facts = namedtuple('Facts', 'pack person statements restriction now')

# --- The gates --------------------------------------------------------------------------------------------------------

Gates = namedtuple('Gates', 'agreement_fails restriction_fails')


def c3_c5(rules, agreement_missing, restricted):
    missing = rules.agreement == 'impossible' or (rules.agreement == 'asked' and agreement_missing)
    return Gates(missing, restricted)


def open_gates(gates):
    return not gates.agreement_fails and not gates.restriction_fails


def statute_passes(law, gates):
    return open_gates(gates) or law.passes_restriction


def urgent_reason_passes(reason, gates):
    return not gates.restriction_fails or reason.passes_restriction


def consent_passes(consent, facts, gates):
    """C5: a consent recorded after the restriction, by the order of recording and not by the clock."""
    if gates.agreement_fails:
        return False
    return not gates.restriction_fails or consent.order > facts.restriction

# --- The grounds: each gives the ground, or None and the reasons ------------------------------------------------------

# `statement` is the number of the consent, from 0; None: the ground is not consent.
Ground = namedtuple('Ground', 'kind code statement', defaults=('-', None))
# `sources` are the numbers of the statements that it comes from; None: it is heard by everybody.
Reason = namedtuple('Reason', 'code sources', defaults=(None,))
UNHEARD = Reason('NO_CONSENT')


@lru_cache(maxsize=None)
def c6_statute(rules, mode, origin, gates):
    laws = [(code, STATUTES[rules.pack][code]) for code in rules.statutes]
    laws = [(code, law) for code, law in laws if statute_passes(law, gates)]
    if not laws:
        return None, ()  # no statute is named: the ground is not tried
    if origin is None and mode == 'ADVISE':
        origin = DEFAULT_ORIGIN
    conditions = (
        ('ORIGIN_UNKNOWN', lambda law: origin is not None or len(law.origins) == len(ORIGINS)),
        ('STATUTE_NOT_FOR_ORIGIN', lambda law: origin is None or origin in law.origins),
        ('STATUTE_NOT_FOR_SPECIAL', lambda law: carries_special(law.carries, rules.special)),
        ('SECRECY', lambda law: law.breaks_secrecy or not rules.secrecy),
    )
    for code, holds in conditions:
        laws = [(name, law) for name, law in laws if holds(law)]
        if not laws:
            return None, (Reason(code),)
    return Ground('statute', laws[0][0]), ()


REASON_ORDER = ('REVOKED EXPIRED NOT_YET_VALID USED_UP OTHER_CASE ORIGIN_NOT_CONSENTED FORM_INSUFFICIENT '
                'REPRESENTATION_LAPSED REFUSED PROVIDER_NOT_CONSENTED RECIPIENT_NOT_CONSENTED CATEGORY_NOT_CONSENTED '
                'WRONG_PURPOSE').split()


def c7_consent(facts, rules, asked, gates):
    consents = [(number, s) for number, s in enumerate(facts.statements) if isinstance(s, Consent)]
    covering = [(number, s) for number, s in consents if not not_named(s, asked)]
    refusal = latest_refusal(facts, asked)
    live = [(number, s, failing_conditions(facts, s, rules, asked))
            for number, s in covering if rules.admits_consent and not superseded(facts, s)]
    good = [(not s.one_time, s.order, number) for number, s, failing in live
            if not failing and not shut_out(facts, s, refusal) and consent_passes(s, facts, gates)]
    if good:
        return Ground('consent', '-', max(good)[2]), ()
    given = {}  # code -> the statements that it comes from
    for number, _, failing in live:
        for code in failing:
            given.setdefault(code, set()).add(number)
    if refusal is not None and not later_consents(facts, asked, facts.statements[refusal]):
        given['REFUSED'] = {refusal}
    if not covering and refusal is None and rules.admits_consent:
        for number, s in consents:
            code = None if superseded(facts, s) else near_miss(facts, s, rules, asked)
            if code:
                given.setdefault(code, set()).add(number)
    reasons = tuple(Reason(code, frozenset(given[code])) for code in REASON_ORDER if code in given)
    return None, reasons or (UNHEARD,)


def failing_conditions(facts, consent, rules, asked):
    failing = conditions_failed(facts, consent, rules, asked)
    return ['REVOKED'] + failing if withdrawn_for(consent, item_of(asked)) else failing


def shut_out(facts, consent, refusal):
    """G10: by the latest refusal that covers the item."""
    return refusal is not None and facts.statements[refusal].order > consent.order


def c8_written_request(facts, rules, claim, gates):
    if not open_gates(gates):
        return None, ()
    # Those who must consent at the check, all of them and nobody else. In no pack any one of them does.
    if rules.written_request and claim.by and claim.by == who_must(facts.pack, facts.person, facts.now):
        return Ground('written-request'), ()
    return None, (Reason('GROUND_NOT_ALLOWED'),)


def triage_missing(claim, rules, manager):
    """The check's manager_consulted serves for the triage decision too (C15); that nobody could be does not."""
    missing = claim.missing if rules.secrecy else claim.missing - SECRECY_PARTS
    return missing - {'manager_consulted'} if manager == 'given' else missing


def c8_urgent_reasons(rules, claim, manager, gates):
    reason = URGENT_REASONS.get(claim.reason)
    if not rules.urgent_reasons or not reason or not carries_special(reason.carries, rules.special):
        return None, (Reason('GROUND_NOT_ALLOWED'),) if open_gates(gates) else ()
    if not urgent_reason_passes(reason, gates):
        return None, ()
    if not triage_missing(claim, rules, manager):
        return Ground('urgent-reasons', claim.reason), ()
    return None, (Reason('TRIAGE_INCOMPLETE'),)


def c8_without_consent(facts, rules, claim, manager, gates):
    if claim.kind is None:
        return None, ()
    if claim.kind == 'written-request':
        return c8_written_request(facts, rules, claim, gates)
    return c8_urgent_reasons(rules, claim, manager, gates)

# --- The check --------------------------------------------------------------------------------------------------------

Permit = namedtuple('Permit', 'ground against')  # `against`: the number of the refusal that it goes against, or None
Deny = namedtuple('Deny', 'reasons')


def gated_reasons(gates, without_consent):
    """Under a failed gate: its code, and the triage where an urgent reason that would pass lacked only that."""
    code = 'AGREEMENT_MISSING' if gates.agreement_fails else 'RESTRICTED'
    return (Reason(code),) + tuple(r for r in without_consent if r.code == 'TRIAGE_INCOMPLETE')


def c15_against(facts, asked):
    """The latest refusal that covers the item and stands, no consent for it being later that was not withdrawn."""
    refusal = latest_refusal(facts, asked)
    if refusal is None:
        return None
    later = later_consents(facts, asked, facts.statements[refusal])
    return None if any(not withdrawn_for(s, item_of(asked)) for s in later) else refusal


def c15_against_ground(facts, ground, claim, refusal):
    """`refusal` is that of c15_against."""
    if refusal is None or ground.kind == 'consent':
        return None
    if ground.kind == 'written-request' and claim.given_at > facts.statements[refusal].recorded:
        return None
    return refusal


def c15_manager_missing(rules, ground, claim, mode, manager):
    """A purpose marked manager-first, in DISCLOSE, whatever the ground but a statute that passes a restriction."""
    if not rules.manager_first or mode != 'DISCLOSE' or manager is not None:
        return False
    if ground.kind == 'statute' and STATUTES[rules.pack][ground.code].passes_restriction:
        return False
    return claim.kind != 'urgent-reasons' or 'manager_consulted' in claim.missing


def first_ground(rules, results):
    """The first that holds, in the order of the pack, or None."""
    return next((results[name][0] for name in ORDER_OF_GROUNDS[rules.pack] if results[name][0]), None)


def reasons_of(rules, gates, results):
    if not open_gates(gates):
        return gated_reasons(gates, results['without-consent'][1])
    return tuple(reason for name in ORDER_OF_GROUNDS[rules.pack] for reason in results[name][1])


def no_flow(rules, gates):
    """C3 comes before C4, and where there is no flow no ground can pass it."""
    return Deny((Reason('AGREEMENT_MISSING' if gates.agreement_fails else rules.gate),))


def conclude(facts, rules, claim, mode, manager, gates, results, refusal):
    """From what the three grounds came to (each a ground or None, and reasons) to the item's decision."""
    ground = first_ground(rules, results)
    if not ground:
        return Deny(reasons_of(rules, gates, results))
    if c15_manager_missing(rules, ground, claim, mode, manager):
        return Deny((Reason('TRIAGE_INCOMPLETE'),))
    return Permit(ground, c15_against_ground(facts, ground, claim, refusal))


def decide(facts, rules, asked, agreement_missing):
    """One item of a check, but for ALL_OR_NOTHING."""
    gates = c3_c5(rules, agreement_missing, facts.restriction is not None)
    if rules.gate:
        return no_flow(rules, gates)
    results = {
        'statute': c6_statute(rules, asked.mode, asked.origin, gates),
        'consent': c7_consent(facts, rules, asked, gates),
        'without-consent': c8_without_consent(facts, rules, asked.claim, asked.manager, gates),
    }
    return conclude(facts, rules, asked.claim, asked.mode, asked.manager, gates, results, c15_against(facts, asked))

# --- Who hears what (C9) ----------------------------------------------------------------------------------------------

def named_in(statement, party):
    return party in statement.providers or party in statement.recipients


def c9_hears(facts, listener, sources):
    """`listener` is the caller's party; None: one who may explain."""
    return listener is None or sources is None or any(named_in(facts.statements[n], listener) for n in sources)


def c9_heard(facts, listener, reasons):
    """The codes that the listener hears: NO_CONSENT only where of C7's reasons none may be heard."""
    codes = [reason.code for reason in reasons if c9_hears(facts, listener, reason.sources)]
    if len(codes) == len(reasons) or any(r.sources is not None and r.code in codes for r in reasons):
        return tuple(codes)
    place = next(i for i, reason in enumerate(reasons) if reason.sources is not None)
    return tuple(codes[:place]) + ('NO_CONSENT',) + tuple(codes[place:])
