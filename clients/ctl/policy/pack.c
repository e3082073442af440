#include "pack.h"

#include <string.h>
#include "ask.h"
#include "policy/policy_read.h"
#include "vault.h"

int pack_fail (const char *directory, int outcome, const struct policy_error *error)
{
    const char *between = strcmp (error->file, directory) == 0 ? "" : "/";
    const char *file = *between ? error->file : "";
    if (outcome == POLICY_INVALID && error->line > 0)
        return ctl_fail (EX_DATAERR, "%s%s%s:%u: %s", directory, between, file, error->line, error->message);
    return ctl_fail (outcome == POLICY_INVALID ? EX_DATAERR : EX_NOINPUT, "%s%s%s: %s", directory, between, file,
                     error->message);
}

int pack_read (const char *directory, struct policy **policy_p)
{
    struct policy_error error;
    int outcome = policy_read (policy_p, directory, vault_hash, &error);
    return outcome == 0 ? 0 : pack_fail (directory, outcome, &error);
}

int pack_read_untried (const char *directory, struct policy **policy_p)
{
    struct policy_error error;
    int outcome = policy_read_untried (policy_p, directory, vault_hash, &error);
    return outcome == 0 ? 0 : pack_fail (directory, outcome, &error);
}

const char *pack_in_force (struct ctl *ctl, int *error)
{
    if (!ask_is_operator (ctl, error))
        return NULL;
    Consentd__Reply *reply;
    *error = ask_status (ctl, &reply);
    if (*error)
        return NULL;
    const char *directory = arena_strdup (ctl->arena, reply->status_report->policy_directory);
    consentd__reply__free_unpacked (reply, NULL);
    return directory;
}
