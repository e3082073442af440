/* Writes the log of a registry that is stopped anew, with all of its keys. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "outcome.h"
#include "rewrite.h"

static const char usage[] =
    "rewrite-log [--leave chain|tiles|checkpoint|seal]... CONFIGURATION change NUMBER PARTY | drop NUMBER |\n"
    "            swap NUMBER NUMBER | insert NUMBER PARTY\n"
    "Only for tests: tests/behaviour/test_witness_attacks.py. What is left is not made good.";

static int fail (const char *why)
{
    fprintf (stderr, "rewrite-log: %s\n", why);
    return 1;
}

static unsigned left_of (const char *name)
{
    static const char *const names[] = {"chain", "tiles", "checkpoint", "seal"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp (name, names[i]) == 0)
            return 1U << i;
    return 0;
}

static enum rewrite_kind kind_of (const char *name)
{
    static const char *const names[] = {"", "change", "drop", "swap", "insert"};
    for (int i = 1; i < (int)(sizeof names / sizeof *names); i++)
        if (strcmp (name, names[i]) == 0)
            return (enum rewrite_kind)i;
    return REWRITE_NOTHING;
}

/* KIND NUMBER, and what else it takes. */
static bool read_rewrite (char **words, int count, struct rewrite *rewrite)
{
    if (count < 2)
        return false;
    rewrite->kind = kind_of (words[0]);
    rewrite->number = strtoull (words[1], NULL, 10);
    if (rewrite->kind == REWRITE_DROP || rewrite->kind == REWRITE_NOTHING)
        return count == 2 && rewrite->kind != REWRITE_NOTHING;
    rewrite->party = count == 3 ? words[2] : "";
    rewrite->other = rewrite->kind == REWRITE_SWAP ? strtoull (rewrite->party, NULL, 10) : 0;
    return count == 3;
}

int main (int argc, char **argv)
{
    struct settings_error error = {""};
    struct rewrite rewrite = {.party = ""};
    struct in_force in_force;
    struct registry registry;
    int at = 1;
    for (; at + 1 < argc && strcmp (argv[at], "--leave") == 0 && left_of (argv[at + 1]) != 0; at += 2)
        rewrite.left |= left_of (argv[at + 1]);
    if (at >= argc || !read_rewrite (argv + at + 1, argc - at - 1, &rewrite))
        return fail (usage);
    if (in_force_read (&in_force, argv[at], &error) != 0)
        return fail (error.text);
    const struct registry_options options = {.vault_key = in_force.config->vault_key,
                                             .store = registry_store_options (in_force.config)};
    int rc = registry_open (&registry, &options, &in_force, 0, &error);
    if (rc == 0)
        rc = rewrite_log (&registry, &in_force, &rewrite);
    registry_close (&registry);
    in_force_release (&in_force);
    return rc == 0 ? 0 : fail (error.text[0] != '\0' ? error.text : outcome_sentence (rc));
}
