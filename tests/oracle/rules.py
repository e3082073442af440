"""The rules C3 to C8, with what they rest on: one small function each, that bears its id."""

from collections import namedtuple
from datetime import date, timedelta
from functools import lru_cache

from packs import (AGREEMENT_ASKED, COMPATIBLE, DEFAULT_ORIGIN, FLOWS, HEALTH, LONGEST_MONTHS, MAY_RECEIVE_SPECIAL,
                   ORDER_OF_GROUNDS, ORIGINS, OTHER_SPECIAL, PROFESSIONAL, STATUTES, THIRD_PARTIES, UR, URGENT_REASONS,
                   WR)
from situations import NOW, RESTRICTED_ON, TODAY, Consent, Refusal

# --- What the rules look at in a cell ---------------------------------------------------------------------------------

# `agreement` is 'asked', 'not asked' or, of a party that is not active, 'impossible'. `gate` is the code of C4 or None.
# The rest is empty where C4 fails.
Cell = namedtuple('Cell', 'pack agreement gate statutes written_request urgent_reasons special secrecy third_party '
                  'one_time purpose', defaults=(None, (), False, False, None, False, False, False, None))


def special(category):
    return 'health' if category in HEALTH else 'other' if category in OTHER_SPECIAL else None


def carries_special(carries, sort):
    """Does what carries `carries` (none, health, all) carry a category of this sort?"""
    return sort is None or carries == 'all' or (carries == 'health' and sort == 'health')


def carries_category(flow, recipient, category):
    return category in flow.categories and (special(category) is None or recipient in MAY_RECEIVE_SPECIAL)


def c4_flow(pack, provider, recipient, purpose, category):
    """The flow that joins the four, or the code of what is missing."""
    flows = [f for f in FLOWS if pack in f.besides and provider in f.providers and recipient in f.recipients]
    if not flows:
        return None, 'NO_FLOW'
    flows = [f for f in flows if f.purpose == purpose]
    if not flows:
        return None, 'PURPOSE_NOT_IN_FLOW'
    flows = [f for f in flows if carries_category(f, recipient, category)]
    if not flows:
        return None, 'CATEGORY_NOT_NEEDED'
    return flows[0], None


def agreement_of(provider, recipient, own):
    if own == 'inactive':
        return 'impossible'
    return 'asked' if provider in AGREEMENT_ASKED or recipient in AGREEMENT_ASKED else 'not asked'


def cell_of(pack, party, recipient, purpose, category):
    provider, _, own = party.partition(':')
    agreement = agreement_of(provider, recipient, own)
    flow, gate = c4_flow(pack, provider, recipient, purpose, category)
    if gate:
        return Cell(pack, agreement, gate)
    besides = flow.besides[pack]
    statutes = tuple(b[0] for b in besides if b not in (WR, UR)
                     and (b[1] is None or provider in b[1]) and (b[2] is None or recipient in b[2]))
    secrecy = provider in PROFESSIONAL or own == 'professional'
    served = purpose if purpose in ('ondersteuning', 'integraal-plan') else None
    return Cell(pack, agreement, None, statutes, WR in besides, UR in besides, special(category), secrecy,
                recipient in THIRD_PARTIES, secrecy or flow.one_time, served)

# --- The gates --------------------------------------------------------------------------------------------------------

Gates = namedtuple('Gates', 'agreement_fails restriction_fails')


def c3_c5(cell, agreement, restriction):
    missing = cell.agreement == 'impossible' or (cell.agreement == 'asked' and agreement == 'missing')
    return Gates(missing, restriction in ('subject', 'category'))


def open_gates(gates):
    return not gates.agreement_fails and not gates.restriction_fails


def statute_passes(law, gates):
    return open_gates(gates) or law.passes_restriction


def urgent_reason_passes(reason, gates):
    return not gates.restriction_fails or reason.passes_restriction


def consent_passes(consent, gates):
    if gates.agreement_fails:
        return False
    return not gates.restriction_fails or consent.recorded > RESTRICTED_ON

# --- The grounds: each gives the ground, or None and the reasons ------------------------------------------------------

Ground = namedtuple('Ground', 'kind code statement', defaults=('-', 0))


@lru_cache(maxsize=None)
def c6_statute(cell, mode, origin, gates):
    laws = [(code, STATUTES[cell.pack][code]) for code in cell.statutes]
    laws = [(code, law) for code, law in laws if statute_passes(law, gates)]
    if not laws:
        return None, ()  # no statute is named: the ground is not tried
    if origin is None and mode == 'ADVISE':
        origin = DEFAULT_ORIGIN
    conditions = (
        ('ORIGIN_UNKNOWN', lambda law: origin is not None or len(law.origins) == len(ORIGINS)),
        ('STATUTE_NOT_FOR_ORIGIN', lambda law: origin is None or origin in law.origins),
        ('STATUTE_NOT_FOR_SPECIAL', lambda law: carries_special(law.carries, cell.special)),
        ('SECRECY', lambda law: law.breaks_secrecy or not cell.secrecy),
    )
    for code, holds in conditions:
        laws = [(name, law) for name, law in laws if holds(law)]
        if not laws:
            return None, (code,)
    return Ground('statute', laws[0][0]), ()


def months_after(day, months):
    """The same calendar day so many months on, clipped to the end of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue


def serves_purpose(purpose, cell):
    """Is the statement's purpose the asked one, or one that the pack declares compatible with it?"""
    return purpose in ('asked', cell.purpose) or (purpose, cell.purpose) in COMPATIBLE


def names(statement, cell):
    """Which of the four the statement does not name."""
    missing = [code for code, named in (('PROVIDER_NOT_CONSENTED', statement.provider == 'asked'),
                                        ('RECIPIENT_NOT_CONSENTED', statement.recipient == 'asked'),
                                        ('CATEGORY_NOT_CONSENTED', statement.category != 'other'),
                                        ('WRONG_PURPOSE', serves_purpose(statement.purpose, cell))) if not named]
    return missing


def expired(consent, cell):
    if consent.until <= NOW:
        return True
    if (consent.purpose, cell.purpose) not in COMPATIBLE:
        return False
    # Serving a compatible purpose it lasts no longer than that purpose's longest validity (C7, G6).
    first = TODAY + timedelta(days=min(consent.since, consent.recorded))
    return TODAY > months_after(first, LONGEST_MONTHS.get(cell.purpose, 12))


def one_time(consent, cell):
    return cell.one_time if consent.one_time == 'as asked' else consent.one_time


def g5_g7_form_suffices(consent, cell):
    if cell.special or cell.third_party:
        if consent.form not in ('written', 'digital') or not consent.evidence:
            return False
    return one_time(consent, cell) or not cell.one_time


def m5_lapsed(consent, scenario, age):
    """M5 and M10: the subject's own signature is or was required since, and does not stand; or the subject died."""
    if scenario.dead:
        return True
    stands = {
        'those who must': age in ('12-15', 'from-16', 'unknown'),
        'representatives': False,
        'representatives at once': False,
        'capable subject': age != 'under-12',
    }[consent.signed]
    required = {
        'under-12': False,
        '12-15': True,
        'from-16': True,
        # M4: not while incapable; in the scenario of the representatives alone he was capable a while since.
        'not-capable': consent.signed == 'representatives',
        'unknown': True,  # C12: he may be old enough
    }[age]
    return required and not stands


def conditions_failed(consent, scenario, cell, age, origin):
    checks = (
        ('REVOKED', consent.revoked is not None),
        ('EXPIRED', expired(consent, cell)),
        ('NOT_YET_VALID', consent.since > NOW),
        ('USED_UP', consent.used),
        ('OTHER_CASE', consent.case is not None and consent.case != scenario.request_case),
        ('ORIGIN_NOT_CONSENTED', bool(consent.origins) and origin not in consent.origins),
        ('FORM_INSUFFICIENT', not g5_g7_form_suffices(consent, cell)),
        ('REPRESENTATION_LAPSED', m5_lapsed(consent, scenario, age)),
    )
    return [code for code, fails in checks if fails]


def g10_refusal_covers(refusal, scenario, cell, origin):
    if names(refusal, cell):
        return False
    if refusal.case is not None and scenario.request_case not in (None, refusal.case):
        return False
    return not refusal.origins or origin is None or origin in refusal.origins


def g10_supersedes(later, older, cell):
    if later.since > NOW:
        return False
    if later.revoked is not None and later.wholly and later.revoked < later.since:
        return False
    parties = (later.provider, later.recipient) == (older.provider, older.recipient)
    categories = later.category in (older.category, older.category + ' and more')
    purpose = later.purpose == older.purpose or (later.purpose, older.purpose) in COMPATIBLE
    origins = not later.origins or (bool(older.origins) and set(older.origins) <= set(later.origins))
    case = later.case is None or later.case == older.case
    lasting = one_time(older, cell) or not one_time(later, cell)
    return parties and categories and purpose and origins and case and lasting


REASON_ORDER = ('REVOKED EXPIRED NOT_YET_VALID USED_UP OTHER_CASE ORIGIN_NOT_CONSENTED FORM_INSUFFICIENT '
                'REPRESENTATION_LAPSED REFUSED PROVIDER_NOT_CONSENTED RECIPIENT_NOT_CONSENTED CATEGORY_NOT_CONSENTED '
                'WRONG_PURPOSE').split()


@lru_cache(maxsize=None)
def c7_consent(cell, scenario, age, origin, gates):
    statements = list(enumerate(scenario.statements, 1))  # in the order of recording
    consents = [(number, s) for number, s in statements if isinstance(s, Consent)]
    live = [(number, s) for number, s in consents
            if not any(later > number and g10_supersedes(other, s, cell) for later, other in consents)]
    refusals = [number for number, s in statements
                if isinstance(s, Refusal) and g10_refusal_covers(s, scenario, cell, origin)]
    last_refusal = max(refusals, default=0)

    def serves(number, consent):
        return number > last_refusal and not conditions_failed(consent, scenario, cell, age, origin)

    good = [(not one_time(s, cell), number) for number, s in live
            if not names(s, cell) and serves(number, s) and consent_passes(s, gates)]
    if good:
        return Ground('consent', '-', max(good)[1]), ()

    covering = [(number, s) for number, s in consents if not names(s, cell)]
    reasons = {code for number, s in covering if (number, s) in live
               for code in conditions_failed(s, scenario, cell, age, origin)}
    if last_refusal and not any(number > last_refusal for number, _ in covering):
        reasons.add('REFUSED')
    if not covering and not refusals:
        near = [names(s, cell) for number, s in live if serves(number, s)]
        reasons = {missing[0] for missing in near if len(missing) == 1} or {'NO_CONSENT'}
    return None, tuple(code for code in REASON_ORDER + ['NO_CONSENT'] if code in reasons)


def one_who_must_consent(claim, scenario, age):
    """Does the written request come from one who must consent? M6: of an unknown age nobody is known to; M10."""
    return claim.by == 'one-who-must' and age != 'unknown' and not scenario.dead


def triage_complete(claim, cell):
    return claim.triage == 'complete' or (claim.triage == 'without-secrecy' and not cell.secrecy)


def c8_written_request(cell, claim, scenario, age, gates):
    if not open_gates(gates):
        return None, ()
    if cell.written_request and one_who_must_consent(claim, scenario, age):
        return Ground('written-request'), ()
    return None, ('GROUND_NOT_ALLOWED',)


def c8_urgent_reasons(cell, claim, gates):
    reason = URGENT_REASONS.get(claim.reason)
    if not cell.urgent_reasons or not reason or not carries_special(reason.carries, cell.special):
        return None, ('GROUND_NOT_ALLOWED',) if open_gates(gates) else ()
    if not urgent_reason_passes(reason, gates):
        return None, ()
    if triage_complete(claim, cell):
        return Ground('urgent-reasons', claim.reason), ()
    return None, ('TRIAGE_INCOMPLETE',)


def c8_without_consent(cell, claim, scenario, age, gates):
    if claim.kind is None:
        return None, ()
    if claim.kind == 'written-request':
        return c8_written_request(cell, claim, scenario, age, gates)
    return c8_urgent_reasons(cell, claim, gates)

# --- The check --------------------------------------------------------------------------------------------------------

def gated_reasons(cell, gates, without_consent):
    """Under a failed gate: its code, and the triage where an urgent reason that would pass lacked only that."""
    code = 'AGREEMENT_MISSING' if gates.agreement_fails else 'RESTRICTED'
    return (code,) + tuple(r for r in without_consent if r == 'TRIAGE_INCOMPLETE')


def judge(cell, gates, results):
    """The outcome of the three grounds, each a pair of a ground or None and reasons, in the order of the pack."""
    in_order = [results[name] for name in ORDER_OF_GROUNDS[cell.pack]]
    for ground, _ in in_order:
        if ground:
            return ('permit',) + tuple(ground)
    if not open_gates(gates):
        return ('deny',) + gated_reasons(cell, gates, results['without-consent'][1])
    return ('deny',) + tuple(code for _, reasons in in_order for code in reasons)


def no_flow(cell, gates):
    """C3 comes before C4, and where there is no flow no ground can pass it."""
    return ('deny', 'AGREEMENT_MISSING' if gates.agreement_fails else cell.gate)


def decide(cell, agreement, restriction, age, scenario, claim, mode, origin):
    gates = c3_c5(cell, agreement, restriction)
    if cell.gate:
        return no_flow(cell, gates)
    return judge(cell, gates, {
        'statute': c6_statute(cell, mode, origin, gates),
        'consent': c7_consent(cell, scenario, age, origin, gates),
        'without-consent': c8_without_consent(cell, claim, scenario, age, gates),
    })
