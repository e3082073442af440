#include "case_pack.h"
#include <string.h>
#include "testing.h"

static const struct change richer[] = {
    {"flows.txt", "admits consent", "admits consent, written-request, urgent-reasons"},
    {"pack.txt", "value team", "value team, cak"},
    {"statutes.txt", "statute wmo-2015",
     "statute other-law\n nl N\n en E\n source S\n origins wmo\n carries-special all\n breaks-secrecy no\n"
     " passes-restriction no\n informing-deferrable no\nstatute wmo-2015"},
    {"ages.txt", NULL,
     "ages under 12\n sign representatives\n source S\nages from 12\n sign subject\n source S\n"},
    {"origins.txt", NULL,
     "origin wmo\n nl N\n en E\n source S\norigin brp\n nl N\n en E\n source S\norigin all-else\n nl N\n en E\n "
     "source "
     "S\n"},
};

int case_pack_try (const char *cases, struct policy **policy_p, struct policy_error *error)
{
    struct policy_faults faults = POLICY_FIRST (error);
    return case_pack_try_all (cases, policy_p, &faults);
}

int case_pack_try_all (const char *cases, struct policy **policy_p, struct policy_faults *faults)
{
    struct change changes[COUNT (richer) + 1];
    memcpy (changes, richer, sizeof richer);
    changes[COUNT (richer)] = (struct change){"cases.txt", NULL, cases};
    return changed_pack_try_all (policy_p, changes, COUNT (changes), faults);
}
