#include "policy_fetch.h"

#include <stdlib.h>
#include <string.h>
#include "check/decision.h"
#include "codec/document.h"
#include "new_directory.h"
#include "call.h"
#include "pack.h"
#include "policy/policy_read.h"
#include "text/escape.h"

static int write_files (struct ctl *ctl, const struct policy *policy, const char *path)
{
    struct policy_text files[POLICY_FILES];
    size_t count;
    if (policy_whole_files (policy->whole, policy->whole_size, files, &count) != 0)
        return ctl_fail (EX_SOFTWARE, "the pack cannot be taken apart");
    struct new_directory directory;
    int error = new_directory_begin (&directory, ctl, path);
    for (size_t i = 0; i < count && !error; i++)
        error = new_directory_add (&directory, ctl, files[i].name, files[i].data, files[i].size);
    if (!error)
        error = new_directory_keep (&directory);
    new_directory_drop (&directory);
    return error;
}

static void tell (struct ctl *ctl, const struct policy *policy, const char *path)
{
    char hash[2 * PACK_HASH + 1];
    consent_hex (policy->hash, sizeof policy->hash, hash);
    if (ctl->json)
        document_print (json_pack ("{s:s, s:s, s:o}", "policy", policy->id, "hash", hash, "directory",
                                   document_string (path)));
    else
        escape_line (stdout, "%s, hash %s, is in %s", policy->id, hash, path);
}

/* Fetches the pack that decided. 0 with *policy_p, or an exit code with its line printed. */
static int fetch (struct ctl *ctl, uint64_t decision, struct policy **policy_p)
{
    struct past_decision past;
    int error = past_decision_fetch (ctl, ctl->arena, decision, &past);
    if (error)
        return error;
    if (past.shown->policy_hash.len != PACK_HASH)
        return ctl_fail (EX_NOPERM, "this key may not see by which pack it was decided");
    error = pack_kept (ctl, past.shown->policy_hash.data, policy_p);
    if (!error && !*policy_p)
        error = ctl_fail (EX_NOINPUT,
                          "the registry does not keep the pack that decided: it is from before it kept them");
    return error;
}

int policy_fetch_run (struct ctl *ctl, const struct options *options)
{
    struct policy *policy = NULL;
    char *end;
    const char *text = options->arguments[0];
    uint64_t number = strtoull (text, &end, 10);
    if (number == 0 || *end != '\0' || *text == '-')
        return ctl_fail (EX_USAGE, "DECISION is the number of a decision: an answer to a check has it");
    int error = fetch (ctl, number, &policy);
    if (!error)
        error = write_files (ctl, policy, options->arguments[1]);
    if (!error)
        tell (ctl, policy, options->arguments[1]);
    policy_destroy (&policy);
    return error;
}
