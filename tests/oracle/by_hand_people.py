"""Section 4 by hand from the text of the rules, which stands beside the cases: corrections above all."""

from datetime import date

from people import (ALWAYS, NEVER, Capability, Person, Representative, Signature, birthday, has_age, lapses_at,
                    m8_may_withdraw, start_of, who_must)

K, W = 'kaag-en-braassem-2015', 'wmo-jeugdwet-2026'
HOUR = 3_600_000
SIGNED = date(2026, 3, 2)
LONG_AGO = date(2015, 1, 1)


def at(day, hour=12):
    return start_of(day) + hour * HOUR


MOTHER, FATHER = (Representative(name, 'ouder-met-gezag', LONG_AGO) for name in ('mother', 'father'))
GUARDIAN = Representative('guardian', 'voogd', LONG_AGO)
MONEY = Representative('money', 'bewindvoerder', LONG_AGO)


def person(birth=date(2000, 1, 1), *representatives, **more):
    return Person(birth, representatives=representatives, **more)


def signed(*signers, when=at(SIGNED)):
    return tuple(Signature(signer, when) for signer in signers)


def lapse(pack, who, *signers, when=at(SIGNED)):
    return lapses_at(pack, who, signed(*signers, when=when))


def must(pack, who, when=at(SIGNED)):
    needed = who_must(pack, who, when)
    return None if needed is None else ' '.join(sorted(needed))


def may(pack, who, name, signers=(), when=at(SIGNED)):
    return m8_may_withdraw(pack, who, name, when, signed(*signers, when=at(date(2026, 2, 2))))


CHILD, YOUTH, ADULT = date(2016, 5, 1), date(2012, 5, 1), date(2000, 5, 1)
FATHER_REFUSED = FATHER._replace(refused=date(2026, 2, 1))

BY_HAND_OF_PEOPLE = [
    # Section 3: "who was born on 29 February turns on 1 March in other years"
    (birthday(date(2012, 2, 29), 14), date(2026, 3, 1)),
    (birthday(date(2012, 2, 29), 12), date(2024, 2, 29)),
    # "Ages turn at the start of the birthday there"
    (has_age(person(date(2010, 3, 2)), 16, start_of(SIGNED)), True),
    (has_age(person(date(2010, 3, 2)), 16, start_of(SIGNED) - 1), False),
    # M1, M2, M3, M4
    (must(K, person(CHILD, MOTHER, FATHER)), 'father mother'),
    (must(K, person(YOUTH, MOTHER, FATHER)), 'father mother subject'),
    (must(W, person(YOUTH, MOTHER, FATHER)), 'subject'),
    (must(K, person(ADULT, MOTHER)), 'subject'),
    (must(K, person(ADULT, MOTHER, capabilities=(Capability(LONG_AGO, False),))), 'mother'),
    (must(K, person(ADULT, MOTHER, capabilities=(Capability(LONG_AGO, False), Capability(SIGNED, True)))), 'subject'),
    # M6: "of a kind that the pack counts (... not a bewindvoerder)"; "none is registered"; "birth date is not known"
    (must(K, person(CHILD, MONEY, GUARDIAN)), 'guardian'),
    (must(K, person(CHILD, MONEY)), None),
    (must(K, person(None, MOTHER)), None),
    (must(W, person(YOUTH)), 'subject'),
    (must(K, person(YOUTH)), None),
    # "with authority at that moment"
    (must(K, person(CHILD, MOTHER, FATHER._replace(until=SIGNED))), 'mother'),
    (must(K, person(CHILD, MOTHER, FATHER._replace(since=date(2026, 3, 3)))), 'mother'),
    # M7: "neither needed nor counted. If all are refused, a capable subject from 12 signs alone."
    (must(K, person(CHILD, MOTHER, FATHER_REFUSED)), 'mother'),
    (must(K, person(YOUTH, FATHER_REFUSED)), 'subject'),
    (must(K, person(CHILD, FATHER_REFUSED)), None),
    (must(K, person(ADULT, FATHER_REFUSED, capabilities=(Capability(LONG_AGO, False),))), None),
    # M10: "from then nobody consents or withdraws"
    (must(K, person(ADULT, death=SIGNED)), None),
    (may(K, person(ADULT, death=SIGNED), 'subject'), False),
    # M5: "a parents' consent lapses on the 12th birthday"
    (lapse(K, person(date(2014, 4, 1), MOTHER, FATHER), 'mother', 'father'), start_of(date(2026, 4, 1))),
    # "a consent that a capable subject gave stays when he becomes incapable"
    (lapse(K, person(ADULT, capabilities=(Capability(date(2026, 4, 1), False),)), 'subject'), NEVER),
    # "is, or at any moment since was, required ... for good": capable for one day
    (lapse(K, person(ADULT, MOTHER, capabilities=(Capability(LONG_AGO, False), Capability(date(2026, 4, 1), True),
                                                  Capability(date(2026, 4, 2), False))), 'mother'),
     start_of(date(2026, 4, 1))),
    # "judged as if it had always been known": who signed alone as an adult and turns out to have been ten
    (lapse(K, person(CHILD, MOTHER), 'subject'), ALWAYS),
    (lapse(K, person(ADULT, MOTHER), 'subject'), NEVER),
    # a child signed for by the parents turns out to have been an adult; a father who had no authority; a kind; death
    (lapse(K, person(ADULT, MOTHER, FATHER), 'mother', 'father'), ALWAYS),
    (lapse(K, person(CHILD, MOTHER, FATHER), 'mother'), ALWAYS),
    (lapse(K, person(CHILD, MOTHER), 'mother', 'father'), start_of(date(2028, 5, 1))),
    (lapse(K, person(CHILD, MOTHER._replace(kind='bewindvoerder')), 'mother'), ALWAYS),
    (lapse(K, person(ADULT, death=date(2026, 3, 1)), 'subject'), ALWAYS),
    (lapse(K, person(ADULT, death=date(2026, 5, 1)), 'subject'), start_of(date(2026, 5, 1))),
    (lapse(K, person(ADULT, capabilities=(Capability(date(2026, 3, 1), False),)), 'subject'), ALWAYS),
    # a birth date that is not known: who must sign is not known either (M6)
    (lapse(K, person(None, MOTHER), 'subject', 'mother'), ALWAYS),
    # "at the moment of the latest signature that stands": the parents signed before the birthday, the child after it
    (lapses_at(K, person(date(2014, 3, 1), MOTHER, FATHER),
               signed('mother', 'father', when=at(date(2026, 2, 1))) + signed('subject')), NEVER),
    (lapses_at(W, person(date(2014, 3, 1), MOTHER, FATHER),
               signed('mother', 'father', when=at(date(2026, 2, 1))) + signed('subject')), NEVER),
    # "a change of today ends nothing before its recording": authority that ends today, recorded at three
    (lapse(K, person(CHILD, MOTHER, FATHER._replace(until=SIGNED, until_recorded=at(SIGNED, 15))), 'mother', 'father'),
     start_of(date(2028, 5, 1))),
    (must(K, person(CHILD, MOTHER, FATHER._replace(until=SIGNED, until_recorded=at(SIGNED, 15))), at(SIGNED, 15)),
     'mother'),
    (lapse(K, person(ADULT, death=SIGNED, death_recorded=at(SIGNED, 15)), 'subject'), at(SIGNED, 15)),
    (lapse(K, person(ADULT, MOTHER, capabilities=(Capability(SIGNED, False, at(SIGNED, 15)),)), 'subject'), NEVER),
    # but a correction of an earlier day was always so
    (lapse(K, person(CHILD, MOTHER, FATHER._replace(until=date(2026, 3, 1), until_recorded=at(SIGNED, 15))), 'father'),
     ALWAYS),
    # "an authority that begins today counts for signatures from the beginning of the day"
    (lapse(K, person(CHILD, MOTHER._replace(since=SIGNED)), 'mother', when=at(SIGNED, 0)), start_of(date(2028, 5, 1))),
    (lapse(K, person(CHILD, MOTHER._replace(since=SIGNED, since_recorded=at(SIGNED, 15))), 'mother'),
     start_of(date(2028, 5, 1))),
    # and ends nothing before its recording: a father of today was not needed yet, but his signature counts
    (lapse(K, person(CHILD, MOTHER, FATHER._replace(since=SIGNED, since_recorded=at(SIGNED, 15))), 'mother'),
     start_of(date(2028, 5, 1))),
    (must(K, person(CHILD, MOTHER, FATHER._replace(since=SIGNED, since_recorded=at(SIGNED, 15))), at(SIGNED, 15)),
     'father mother'),
    # capable again from today, and not known before today not to have been: the signature of this morning counts
    (lapse(K, person(ADULT, MOTHER, capabilities=(Capability(date(2026, 2, 1), False, at(SIGNED, 15)),
                                                  Capability(SIGNED, True, at(SIGNED, 15)))), 'subject'), NEVER),
    # the same of a youth who signed beside his father: his own signature stands, so nothing lapses with the recording
    (lapse(K, person(YOUTH, FATHER, capabilities=(Capability(date(2026, 2, 1), False, at(SIGNED, 15)),
                                                  Capability(SIGNED, True, at(SIGNED, 15)))), 'father', 'subject'),
     NEVER),
    # not capable from today: the mother's authority begins, and her signature of this morning counts
    (lapse(K, person(ADULT, MOTHER, capabilities=(Capability(SIGNED, False, at(SIGNED, 15)),)), 'mother'), NEVER),
    # capable from today: what the mother signed this morning ends with the recording
    (lapse(K, person(ADULT, MOTHER, capabilities=(Capability(LONG_AGO, False),
                                                  Capability(SIGNED, True, at(SIGNED, 15)))), 'mother'),
     at(SIGNED, 15)),
    # M8: "the subject from 12, capable or not"
    (may(K, person(YOUTH, MOTHER), 'subject'), True),
    (may(K, person(CHILD, MOTHER), 'subject'), False),
    (may(K, person(ADULT, MOTHER, capabilities=(Capability(LONG_AGO, False),)), 'subject'), True),
    # "any one of those who must consent now"
    (may(K, person(CHILD, MOTHER, FATHER), 'father'), True),
    (may(K, person(CHILD, MOTHER, FATHER_REFUSED), 'father'), False),
    (may(K, person(CHILD, MONEY), 'money'), False),
    (may(W, person(YOUTH, MOTHER), 'mother'), False),
    # "or whoever's signature stands under the consent (a representative while the subject does not alone exercise the
    # rights, and unless refused under M7)"
    (may(K, person(CHILD, MOTHER, FATHER._replace(until=date(2026, 2, 15))), 'father', ['mother', 'father']), True),
    (may(K, person(CHILD, MOTHER, FATHER._replace(until=date(2026, 2, 15), refused=date(2026, 2, 20))), 'father',
         ['mother', 'father']), False),
    (may(W, person(date(2014, 3, 1), MOTHER), 'mother', ['mother']), False),
    (may(K, person(date(2014, 3, 1), MOTHER), 'mother', ['mother']), True),
]
