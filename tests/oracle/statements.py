"""The statements of a subject against one item: what covers it, what shut it out, what a later one superseded (G10)."""

import itertools
from datetime import date
from functools import lru_cache

from facts import Consent, Refusal
from packs import COMPATIBLE, LONGEST_MONTHS
from people import NEVER, day_of, lapses_at


def serves_purpose(statement, purpose):
    """The purpose is the statement's own, or one that the pack declares compatible with it."""
    return statement.purpose == purpose or (statement.purpose, purpose) in COMPATIBLE


def not_named(statement, asked):
    """Which of the four the statement does not name."""
    named = (('PROVIDER_NOT_CONSENTED', asked.provider in statement.providers),
             ('RECIPIENT_NOT_CONSENTED', asked.recipient in statement.recipients),
             ('CATEGORY_NOT_CONSENTED', asked.category in statement.categories),
             ('WRONG_PURPOSE', serves_purpose(statement, asked.purpose)))
    return [code for code, is_named in named if not is_named]


def items_of(statement):
    """Every item of it; a party with itself is none (G3)."""
    return [item for item in itertools.product(statement.providers, statement.recipients, statement.categories)
            if item[0] != item[1]]


def takes_away(withdrawal, item):
    return all(part is None or one in part
               for one, part in zip(item, (withdrawal.providers, withdrawal.recipients, withdrawal.categories)))


def withdrawn_for(consent, item):
    return any(takes_away(withdrawal, item) for withdrawal in consent.withdrawals)


@lru_cache(maxsize=None)
def wholly_withdrawn(consent):
    """The withdrawal with which nothing was left of it, or None."""
    left = items_of(consent)
    for withdrawal in sorted(consent.withdrawals):
        left = [item for item in left if not takes_away(withdrawal, item)]
        if not left:
            return withdrawal
    return None

# --- Refusals ---------------------------------------------------------------------------------------------------------

def g10_covers(refusal, asked):
    """A refusal bound to a case covers a request that names none too; one that names origins covers those, and items
    without an origin."""
    if not_named(refusal, asked):
        return False
    if refusal.case is not None and asked.case not in (None, refusal.case):
        return False
    return not refusal.origins or asked.origin is None or asked.origin in refusal.origins


def latest_refusal(facts, asked):
    """The number of the latest refusal that covers the item, or None."""
    covering = [number for number, s in enumerate(facts.statements)
                if isinstance(s, Refusal) and g10_covers(s, asked)]
    return max(covering, key=lambda number: facts.statements[number].order, default=None)


def g10_counts(facts, consent):
    """Not wholly revoked or lapsed before its valid_from, and not one that by a correction never counted: such a one
    supersedes nothing, and lifts no refusal."""
    withdrawal = wholly_withdrawn(consent)
    if withdrawal and withdrawal.at < consent.since:
        return False
    return lapses_at(facts.pack, facts.person, consent.signatures) >= consent.since


def later_consents(facts, asked, refusal):
    """The consents for the item that were recorded after the refusal, and may lift it."""
    return [s for s in facts.statements if isinstance(s, Consent) and s.order > refusal.order
            and not not_named(s, asked) and g10_counts(facts, s)]

# --- Superseding ------------------------------------------------------------------------------------------------------

def covers_scope(later, older):
    return (later.providers >= older.providers and later.recipients >= older.recipients
            and later.categories >= older.categories and serves_purpose(later, older.purpose)
            and (not later.origins or (bool(older.origins) and older.origins <= later.origins))
            and later.case in (None, older.case))


def may_supersede(later, older):
    """Never a reusable one by a one-time one, nor one under secrecy by one that is not."""
    return (later.order > older.order and covers_scope(later, older) and (older.one_time or not later.one_time)
            and (later.under_secrecy or not older.under_secrecy))


def granted_at(facts, consent, moment, order):
    """Not revoked, used up, expired or lapsed by then; within one moment the order of recording tells."""
    for end in (wholly_withdrawn(consent), consent.used):
        if end and (end.at < moment or (end.at == moment and end.order < order)):
            return False
    return consent.until > moment and lapses_at(facts.pack, facts.person, consent.signatures) > moment


def superseded(facts, older):
    """By one whose moment has come, and at that moment the older one was granted."""
    for later in facts.statements:
        if not isinstance(later, Consent) or not may_supersede(later, older) or not g10_counts(facts, later):
            continue
        moment = max(later.since, later.recorded)
        if moment <= facts.now and granted_at(facts, older, moment, later.order):
            return True
    return False

# --- C7's conditions --------------------------------------------------------------------------------------------------

def months_after(day, months):
    """The same calendar day so many months on, clipped to the end of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue


def expired(consent, asked, now):
    if consent.until <= now:
        return True
    if (consent.purpose, asked.purpose) not in COMPATIBLE:
        return False
    # Serving a compatible purpose it lasts no longer than that purpose's longest validity (C7, G6).
    first = day_of(min(consent.since, consent.recorded))
    return day_of(now) > months_after(first, LONGEST_MONTHS.get(asked.purpose, 12))


def g5_g7_form_suffices(consent, rules):
    if (rules.special or rules.third_party) and not (consent.form in ('written', 'digital') and consent.evidence):
        return False
    return consent.one_time or not rules.one_time


def conditions_failed(facts, consent, rules, asked):
    """All but REVOKED, which is of the item."""
    lapse = lapses_at(facts.pack, facts.person, consent.signatures)
    checks = (
        ('EXPIRED', expired(consent, asked, facts.now)),
        ('NOT_YET_VALID', consent.since > facts.now),
        ('USED_UP', consent.used is not None),
        ('OTHER_CASE', consent.case is not None and consent.case != asked.case),
        ('ORIGIN_NOT_CONSENTED', bool(consent.origins) and asked.origin not in consent.origins),
        ('FORM_INSUFFICIENT', not g5_g7_form_suffices(consent, rules)),
        ('REPRESENTATION_LAPSED', lapse != NEVER and lapse <= facts.now),
    )
    return [code for code, fails in checks if fails]


def item_of(asked):
    return (asked.provider, asked.recipient, asked.category)


def near_items(consent, asked, missing):
    """The items of the consent that differ from the asked one in that one thing only."""
    providers = consent.providers if missing == 'PROVIDER_NOT_CONSENTED' else (asked.provider,)
    recipients = consent.recipients if missing == 'RECIPIENT_NOT_CONSENTED' else (asked.recipient,)
    categories = consent.categories if missing == 'CATEGORY_NOT_CONSENTED' else (asked.category,)
    purpose = consent.purpose if missing == 'WRONG_PURPOSE' else asked.purpose
    return [asked._replace(provider=p, recipient=r, category=c, purpose=purpose)
            for p, r, c in itertools.product(providers, recipients, categories) if p != r]


def near_miss(facts, consent, rules, asked):
    """The one of the four but for which it would serve, or None."""
    missing = not_named(consent, asked)
    if len(missing) != 1 or conditions_failed(facts, consent, rules, asked):
        return None
    for near in near_items(consent, asked, missing[0]):
        refusal = latest_refusal(facts, near)
        refused = refusal is not None and facts.statements[refusal].order > consent.order
        if not refused and not withdrawn_for(consent, item_of(near)):
            return missing[0]
    return None
