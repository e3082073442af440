/* How long a record is kept (bewaartermijn; T1, KB 20): which entry of the policy pack's retention.txt is about
   it, and until when it asks that the record is kept. Pure.

   A record here is what one party holds under one law (an origin of the pack): of a disclosure there are two, one
   with the provider and one with the recipient. */
#pragma once
#include "calendar.h"
#include "policy.h"

/* The entry about a record that a party of this kind holds under this law. An entry that names the kind goes
   before one for "any"; of those, one that names the law goes before one for "any". `law` CODE_NONE: only an entry
   for any law is about it. NULL: the pack has no period for such a record. Never an entry with the period
   `longest-record`. */
const struct policy_retention *retention_of_record (const struct policy *policy, code holder, code law);
/* The same among the entries with the period `longest-record`: by it the consent itself is kept, as long as the
   longest record that it justified. */
const struct policy_retention *retention_of_consent (const struct policy *policy, code holder, code law);

/* What the end of a period depends on. */
struct retention_facts {
    moment receipt;     /* at which this record came to be: the moment of the disclosure */
    moment last_change; /* the latest disclosure about this subject under this law. Before `receipt`: not told, and
                           `receipt` is taken */
    struct day birth;   /* of the subject; month 0: not known */
    struct day care_ended; /* of the subject under this law, as recorded; month 0: no day is */
};

/* The first moment at which the entry does not ask any more that the record is kept; never before its receipt. It
   is never earlier for a later `last_change`. Years run in the calendar of Amsterdam, up to and including the same
   day of the month, clipped to the end of the month. `until-majority`: the start of the 18th birthday;
   MOMENT_NEVER where the birth date is not known; the receipt where the subject was of age by then. The entry is
   not one of retention_of_consent. Years from the end of care run from the recorded day, or from the receipt of
   what came later; MOMENT_NEVER where no day is recorded. */
moment retention_until (const struct policy_retention *entry, const struct retention_facts *facts);

/* Own choice: the same for a file no record of which has a period, counted from the last line about the subject:
   the shortest period in years that the pack has. MOMENT_NEVER: the pack has none. */
moment retention_until_without (const struct policy *policy, moment last_line);

/* What keeps the file of a subject though all its periods are past. The numbers are those of RetainedBy in
   proto/admin.proto. */
enum retained_by {
    RETAINED_BY_CONSENT = 1, /* one is in force, or will be: the periods are then not looked at */
    RETAINED_BY_HOLD,        /* a legal hold stands */
    RETAINED_BY_REFUSAL,     /* of somebody living stands (G8) */
    RETAINED_BY_RESTRICTION,
    RETAINED_BY_REQUEST,    /* of the subject is not decided, or an erasure not carried out */
    RETAINED_BY_OBJECTION,  /* may still be made */
    RETAINED_BY_OBLIGATION, /* is open */
    RETAINED_BY_ASKING,     /* a party waits for a consent that it asked for */
    RETAINED_BY_EVENT,      /* a party has not acknowledged all that it was told about the subject */
    RETAINED_BY_DAMAGE,     /* something cannot be read: nobody knows what must be kept */
    RETAINED_BY,
};
