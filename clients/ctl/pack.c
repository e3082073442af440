#include "pack.h"

#include <string.h>
#include "ctl.h"
#include "rules/policy_read.h"
#include "vault.h"

int pack_read (const char *directory, struct policy **policy_p)
{
    struct policy_error error;
    int outcome = policy_read (policy_p, directory, vault_hash, &error);
    if (outcome == 0)
        return 0;
    const char *between = strcmp (error.file, directory) == 0 ? "" : "/";
    const char *file = *between ? error.file : "";
    if (outcome == POLICY_INVALID && error.line > 0)
        return ctl_fail (EX_DATAERR, "%s%s%s:%u: %s", directory, between, file, error.line, error.message);
    return ctl_fail (outcome == POLICY_INVALID ? EX_DATAERR : EX_NOINPUT, "%s%s%s: %s", directory, between, file,
                     error.message);
}
