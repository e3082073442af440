/* consentctl policy check | show | diff | test | replay | fetch | register: packs on this machine. Only the last
   three, and diff with --since, ask the daemon. */
#include "ctl.h"
#include "call.h"
#include "codec/document.h"
#include "letter/letter_folder.h"
#include "pack.h"
#include "policy_coverage.h"
#include "policy_compare.h"
#include "policy_fetch.h"
#include "policy_test.h"
#include "policy_register.h"
#include "policy_replay.h"
#include "policy_show.h"
#include "policy/policy_read.h"

static const struct option policy_check_options[] = {
    LANGUAGE_OPTION,
    {NULL, NULL, NULL, 0},
};

/* A pack that cannot be read may have letters all the same: all that is wrong is told at once. */
static int run_check (struct ctl *ctl, const struct options *options)
{
    struct policy *policy = NULL;
    struct letter_folder letters;
    const char *directory = options->arguments[0];
    enum language language;
    int error = language_read (options, &language);
    if (error)
        return error;
    error = pack_read (directory, &policy);
    bool has_letters = error != EX_NOINPUT && letter_folder_is_there (ctl, directory);
    int letters_error = has_letters ? letter_folder_read (ctl, directory, &letters) : 0;
    if (!error)
        error = letters_error;
    char hash[65] = "";
    if (policy)
        consent_hex (policy->hash, sizeof policy->hash, hash);
    if (!error && ctl->json)
        document_print (json_pack ("{s:b, s:s, s:s, s:b}", "valid", true, "policy", policy->id, "hash", hash,
                                   "letters", has_letters));
    else if (!error)
        printf (in_language (language, "%s: ok, hash %s\n%s", "%s: goed, hash %s\n%s"), policy->id, hash,
                has_letters ? in_language (language, "its letters: ok\n", "de brieven: goed\n") : "");
    policy_destroy (&policy);
    return error;
}

static const struct option policy_test_options[] = {
    {"coverage", NULL, "show of each flow how many of its cells the cases ask about, and what none of them names",
     0},
    LANGUAGE_OPTION,
    {NULL, NULL, NULL, 0},
};

static json_t *tested_json (struct ctl *ctl, const struct policy *policy, size_t *failed)
{
    json_t *document = policy_test_json (policy, failed);
    json_object_set_new (document, "coverage", policy_coverage_json (ctl->arena, policy));
    return document;
}

static int run_test (struct ctl *ctl, const struct options *options)
{
    struct policy *policy;
    bool with_coverage = options_has (options, "coverage");
    enum language language;
    int error = language_read (options, &language);
    if (!error)
        error = pack_read_untried (options->arguments[0], &policy);
    if (error)
        return error;
    size_t failed = 0;
    if (ctl->json)
        document_print (tested_json (ctl, policy, &failed));
    else
        failed = policy_test_print (policy, language, stdout);
    if (with_coverage && !ctl->json)
        policy_coverage_print (ctl->arena, policy, language, stdout);
    policy_destroy (&policy);
    return failed > 0 ? CTL_NO : 0;
}

const struct command policy_commands[] = {
    {"policy check", "DIR", "is this policy pack valid? If not: all that is wrong, with file, line and field",
     "Its letters, in the folder brieven, are checked too. Exit code 65 if anything is wrong.",
     policy_check_options, run_check},
    {"policy show", "DIR", "a policy pack as a table: who may tell what to whom, and on which ground",
     "As HTML or PDF it is one sheet of A4, landscape: a row for each flow, a column for each sort of data, "
     "special data\n"
     "marked, with the statutes and who signs at which age.",
     policy_show_options, policy_show_run},
    {"policy diff", "OLD NEW", "what the pack NEW decides otherwise than OLD, cell by cell",
     "Cells (provider, recipient, purpose and category) that change alike are shown together, under their flow;\n"
     "then what else differs. Labels, sources and comments decide nothing and are not compared.\n"
     "With --since also in people: how many of the decisions since then come out otherwise, and which way; that "
     "needs "
     "the\nkey of an operator that may explain. Exit code 0 if the packs decide alike, 1 if anything differs.",
     policy_compare_options, policy_compare_run},
    {"policy test", "DIR", "try the cases that the pack carries: what is asked, and what comes out",
     "Exit code 1 if one comes out otherwise than cases.txt says.", policy_test_options, run_test},
    {"policy replay", "DIR", "decide past decisions again under this pack, and show what would differ",
     "The decisions come from the registry's log, with what each was made on as it was then. Nothing changes.\n"
     "Exit code 0 if all come out the same, 1 if not.",
     policy_replay_options, policy_replay_run},
    {"policy fetch", "DECISION DIR",
     "the pack by which a decision was made, from the registry into the new directory DIR",
     "The registry keeps each pack by which it decided. Exit code 66 if it decided before it kept them.", NULL,
     policy_fetch_run},
    {"policy register", "DIR", "the register of processing (AVG 30), of the pack and the registry's parties",
     "Who the controller is comes from gemeente.txt in the folder brieven of the pack, and measures of security "
     "too. Needs\n"
     "the key of an operator, for the parties.",
     policy_register_options, policy_register_run},
    {NULL, NULL, NULL, NULL, NULL, NULL},
};
