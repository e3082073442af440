"""Section 4 of the rules: who must sign, whose signature stands, and when a consent has lapsed (M1 to M7, M10).

Moments are milliseconds since 1970, UTC; days are dates in Europe/Amsterdam.
"""

import math
from collections import namedtuple
from datetime import date, datetime, time, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from packs import AGES_OF, REPRESENTATIVES_THAT_COUNT

AMSTERDAM = ZoneInfo('Europe/Amsterdam')
ALWAYS, NEVER = -math.inf, math.inf

# `until` is the first day without authority, `refused` the day from which on M7 refuses him; None: none. `*_recorded`
# is the moment at which the registry learned of that day: it matters only within that very day.
Representative = namedtuple('Representative', 'reference kind since until refused since_recorded until_recorded '
                            'refused_recorded', defaults=(None, None, ALWAYS, ALWAYS, ALWAYS))
Capability = namedtuple('Capability', 'since capable recorded', defaults=(ALWAYS,))
Person = namedtuple('Person', 'birth death representatives capabilities death_recorded',
                    defaults=(None, None, (), (), ALWAYS))
Signature = namedtuple('Signature', 'signer at')  # 'subject' or a representative's reference


@lru_cache(maxsize=None)
def start_of(day):
    return int(datetime.combine(day, time(), AMSTERDAM).timestamp() * 1000)


@lru_cache(maxsize=None)
def day_of(moment):
    return datetime.fromtimestamp(moment // 1000, timezone.utc).astimezone(AMSTERDAM).date()


def ends_at(day, recorded):
    """M5: a change of today ends nothing before its recording; one of an earlier day always was."""
    if day is None:
        return NEVER
    return max(start_of(day), recorded) if recorded != ALWAYS and day_of(recorded) == day else start_of(day)


def birthday(birth, years):
    """Who was born on 29 February turns on 1 March in other years."""
    try:
        return birth.replace(year=birth.year + years)
    except ValueError:
        return date(birth.year + years, 3, 1)


def has_age(person, years, moment):
    return person.birth is not None and start_of(birthday(person.birth, years)) <= moment


def is_dead(person, moment):
    return ends_at(person.death, person.death_recorded) <= moment


# M5 says two things of a change of the very day on which it is recorded: it ends nothing before its recording, and an
# authority that begins today counts for signatures from the beginning of the day. So a signature of that day may be
# read in two ways: as everything was recorded, or with what begins from daybreak on (capability ends and begins
# somebody's authority, so it changes with the day). What ends, ends with its recording in both.
AS_RECORDED, FROM_DAYBREAK = 'as recorded', 'from daybreak'


def begins_at(day, recorded, reading):
    return start_of(day) if reading == FROM_DAYBREAK else ends_at(day, recorded)


def is_capable(person, moment, reading=AS_RECORDED):
    """M4: a dated history; before its first day he is capable."""
    capable = True
    for change in person.capabilities:
        if begins_at(change.since, change.recorded, reading) <= moment:
            capable = change.capable
    return capable


def band_at(pack, person, moment):
    """M1 to M3: whether the subject and whether the representatives must sign at this age."""
    return [(subject, representatives) for years, subject, representatives in AGES_OF[pack]
            if years == 0 or has_age(person, years, moment)][-1]


def signing_age(pack):
    return next(years for years, subject, _ in AGES_OF[pack] if subject)


def may_sign_himself(pack, person, moment, reading=AS_RECORDED):
    return (has_age(person, signing_age(pack), moment) and is_capable(person, moment, reading)
            and not is_dead(person, moment))


def m6_with_authority(person, moment, reading):
    """Those registered with authority, of a kind that counts."""
    return [one for one in person.representatives if one.kind in REPRESENTATIVES_THAT_COUNT
            and begins_at(one.since, one.since_recorded, reading) <= moment < ends_at(one.until, one.until_recorded)]


def m7_refused(one, moment):
    return ends_at(one.refused, one.refused_recorded) <= moment


def who_must(pack, person, moment, reading=AS_RECORDED):
    """Those whose signature is needed at this moment; None: nobody can exercise the rights, or it is not known (M6)."""
    if person.birth is None or is_dead(person, moment):
        return None
    subject, representatives = band_at(pack, person, moment)
    if not is_capable(person, moment, reading):
        subject, representatives = False, True
    signers = {'subject'} if subject else set()
    if representatives:
        registered = m6_with_authority(person, moment, reading)
        needed = {one.reference for one in registered if not m7_refused(one, moment)}
        if not needed:  # M7: if all are refused, a capable subject from 12 signs alone
            return {'subject'} if registered and may_sign_himself(pack, person, moment, reading) else None
        signers |= needed
    return signers


def stands(pack, person, signature, reading):
    """M5: every signature is judged at the moment it was given."""
    if is_dead(person, signature.at):
        return False
    if signature.signer == 'subject':
        return may_sign_himself(pack, person, signature.at, reading)
    return any(one.reference == signature.signer and not m7_refused(one, signature.at)
               for one in m6_with_authority(person, signature.at, reading))


def standing_signatures(pack, person, signatures, reading):
    """The signatures that stand, if they are enough: who must sign, at the moment of the latest of them, is among them
    (M5). None: they are not."""
    standing = [signature for signature in signatures if stands(pack, person, signature, reading)]
    needed = standing and who_must(pack, person, max(signature.at for signature in standing), reading)
    return standing if needed and needed <= {signature.signer for signature in standing} else None


def lapses_as_read(pack, person, signatures, reading):
    standing = standing_signatures(pack, person, signatures, reading)
    if standing is None:
        return ALWAYS
    death = ends_at(person.death, person.death_recorded)
    if any(signature.signer == 'subject' for signature in standing):
        return death
    since = max(signature.at for signature in standing)
    turns = [since, start_of(birthday(person.birth, signing_age(pack)))]
    turns += [begins_at(change.since, change.recorded, reading) for change in person.capabilities]
    return min([turn for turn in turns if turn >= since and may_sign_himself(pack, person, turn, reading)] + [death])


@lru_cache(maxsize=None)
def lapses_at(pack, person, signatures):
    """M5, M10: the moment from which it has lapsed; ALWAYS: by what is known now it never counted; NEVER. It counts as
    long as it does in either reading."""
    return max(lapses_as_read(pack, person, signatures, reading) for reading in (AS_RECORDED, FROM_DAYBREAK))


def counted(pack, person, signatures):
    return lapses_at(pack, person, signatures) != ALWAYS


def m8_may_withdraw(pack, person, who, moment, signatures=()):
    """The subject from 12, capable or not, any one of those who must consent now, or whoever's signature stands: a
    representative while the subject does not alone exercise the rights, and unless refused. A refusal has none."""
    if is_dead(person, moment):
        return False
    needed = who_must(pack, person, moment)
    if who in (needed or ()) or (who == 'subject' and has_age(person, 12, moment)):
        return True
    if not any(one.signer == who and stands(pack, person, one, reading) for one in signatures
               for reading in (AS_RECORDED, FROM_DAYBREAK)):
        return False
    if who == 'subject':
        return True
    refused = any(one.reference == who and m7_refused(one, moment) for one in person.representatives)
    return needed != {'subject'} and not refused
