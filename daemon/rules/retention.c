/* T1, KB 20: the periods of retention.txt. A statute's period for one kind of holder is an exception to what holds
   for everybody, so the holder is looked at before the law: under the pack of 2026 the CAK keeps everything 7
   years (Wmo 5.3.4(3)), also what comes from the Jeugdwet, whose file others keep 20 years. */
#include "retention.h"

#include <string.h>

enum { MAJORITY = 18, MONTHS_IN_YEAR = 12 };

/* How well an entry fits a record: a later one is taken before an earlier one. */
enum fit { FITS_NOT, FITS_ANY, FITS_LAW, FITS_HOLDER, FITS_BOTH };

/* `own` NULL: only "any" fits. */
static bool names (const char *named, const char *own)
{
    return own != NULL && strcmp (named, own) == 0;
}

static bool names_any (const char *named)
{
    return strcmp (named, "any") == 0;
}

static enum fit fit_of (const struct policy_retention *entry, const char *kind, const char *origin)
{
    bool holder = names (entry->held_by, kind), law = names (entry->law, origin);
    if ((!holder && !names_any (entry->held_by)) || (!law && !names_any (entry->law)))
        return FITS_NOT;
    if (holder)
        return law ? FITS_BOTH : FITS_HOLDER;
    return law ? FITS_LAW : FITS_ANY;
}

static const struct policy_retention *best_of (const struct policy *policy, code holder, code law,
                                               bool longest_record)
{
    const char *kind = holder == CODE_NONE ? NULL : policy->kinds[holder].entry.code;
    const char *origin = law == CODE_NONE ? NULL : policy->origins[law].entry.code;
    const struct policy_retention *best = NULL;
    enum fit best_fit = FITS_NOT;
    for (size_t i = 0; i < policy->retention_count; i++) {
        const struct policy_retention *entry = &policy->retentions[i];
        enum fit fit = entry->longest_record == longest_record ? fit_of (entry, kind, origin) : FITS_NOT;
        if (fit > best_fit) {
            best = entry;
            best_fit = fit;
        }
    }
    return best;
}

const struct policy_retention *retention_of_record (const struct policy *policy, code holder, code law)
{
    return best_of (policy, holder, law, false);
}

const struct policy_retention *retention_of_consent (const struct policy *policy, code holder, code law)
{
    return best_of (policy, holder, law, true);
}

static moment later_of (moment a, moment b)
{
    return a > b ? a : b;
}

static moment end_after_years (moment from, unsigned years)
{
    return calendar_end_after_months (from, MONTHS_IN_YEAR * years);
}

/* What the years run from, where the record is not from later. */
static moment start_of (const struct policy_retention *entry, const struct retention_facts *facts)
{
    switch (entry->counts_from) {
    case COUNTS_FROM_LAST_CHANGE:
        return facts->last_change;
    case COUNTS_FROM_END_OF_CARE:
        return calendar_start (facts->care_ended);
    default:
        return facts->receipt;
    }
}

moment retention_until (const struct policy_retention *entry, const struct retention_facts *facts)
{
    if (entry->until_majority) {
        if (facts->birth.month == 0)
            return MOMENT_NEVER;
        return later_of (calendar_start (calendar_birthday (facts->birth, MAJORITY)), facts->receipt);
    }
    if (entry->counts_from == COUNTS_FROM_END_OF_CARE && facts->care_ended.month == 0)
        return MOMENT_NEVER;
    return end_after_years (later_of (start_of (entry, facts), facts->receipt), entry->years);
}

moment retention_until_without (const struct policy *policy, moment last_line)
{
    unsigned shortest = 0;
    for (size_t i = 0; i < policy->retention_count; i++) {
        unsigned years = policy->retentions[i].years; /* 0: this entry has none */
        if (years > 0 && (shortest == 0 || years < shortest))
            shortest = years;
    }
    return shortest == 0 ? MOMENT_NEVER : end_after_years (last_line, shortest);
}
