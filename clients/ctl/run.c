#include "run.h"

#include <czmq.h>
#include <stdarg.h>
#include <string.h>
#include "bsn.h"
#include "complete/complete.h"
#include "ctl.h"
#include "default_key.h"
#include "failure.h"
#include "text/escape.h"
#include "help.h"
#include "moments.h"
#include "recording_key.h"
#include "table.h"
#include "user.h"

enum { MEMORY_LIMIT = 256 << 20, COMMAND_WORDS = 3, FAMILY_MEMORY = 64 << 10 };

const char *ctl_program = "consentctl";

int ctl_fail (int code, const char *format, ...)
{
    char *line;
    va_list list;
    va_start (list, format);
    int size = vasprintf (&line, format, list);
    va_end (list);
    if (size < 0)
        abort ();
    /* A message may hold text of the daemon, or names of files. It becomes one line, and cannot steer a
       terminal. */
    escape_line (stderr, "%s: %s", ctl_program, line);
    failure_note (code, line);
    free (line);
    return code;
}

static int set_globals (struct ctl *ctl, const struct options *options)
{
    const char *key = options_text (options, "key"), *user = options_text (options, "user");
    const char *environment = getenv ("CONSENT_KEY");
    unsigned long timeout = 0, wait = 0;
    if (!key && environment && !*environment) /* otherwise it is not clear whose key would be used */
        return ctl_fail (EX_USAGE, "CONSENT_KEY is an empty text: unset it, or say which key file");
    ctl->key_named_by = key ? "--key" : environment ? "CONSENT_KEY" : NULL;
    if (!key)
        key = environment;
    ctl->key_file = key ? key : default_key (ctl->arena);
    ctl->user = user ? user : user_logged_in (ctl->arena);
    ctl->json = options_has (options, "json");
    table_set_wide (options_has (options, "wide"));
    int error = options_number (options, "timeout", 1, 600000, &timeout);
    if (!error)
        error = options_number (options, "wait", 1, 86400, &wait);
    ctl->timeout = (int)timeout;
    ctl->wait = (int)wait * 1000;
    return error;
}

/* Finds the key file. 0, or EX_USAGE with its line printed. */
static int set_key (struct ctl *ctl, const struct options *options)
{
    const char *key = options_text (options, "idempotency-key");
    moment now = moment_now ();
    ctl->key_given = key != NULL;
    if (!key)
        recording_key_new (ctl->key, now);
    else if (!recording_key_read (key, ctl->key))
        return ctl_fail (EX_USAGE, "--idempotency-key: not 32 hexadecimal digits");
    ctl->now = recording_key_moment (ctl->key, now);
    return 0;
}

int run_prepare (struct ctl *ctl, const struct options *options)
{
    int code = set_globals (ctl, options);
    return code ? code : set_key (ctl, options);
}

static int run_command (const struct options *options)
{
    struct ctl ctl = {.arena = arena_new (MEMORY_LIMIT)};
    int code = run_prepare (&ctl, options);
    if (!code)
        code = options->command->run (&ctl, options);
    if (!code && ctl.key_given && !ctl.key_used)
        ctl_fail (0, "note: --idempotency-key means nothing here: nothing is recorded");
    consent_close (&ctl.registry);
    arena_destroy (&ctl.arena);
    return code;
}

/* The words of a command line, in two groups. */
struct words {
    const char *name[COMMAND_WORDS]; /* the words that name the command */
    size_t name_count;
    const char **rest;
    size_t rest_count;
};

/* Finds the words that name the command among the global options. 0, or EX_USAGE with its line printed. */
static int sort_words (struct words *self, const char *const *words, size_t count)
{
    size_t i = 0, used;
    for (; i < count && !command_find (self->name, self->name_count, &used) && self->name_count < COMMAND_WORDS;
         i++) {
        if (words[i][0] != '-') {
            self->name[self->name_count++] = words[i];
            continue;
        }
        struct given_option taken;
        size_t first = i;
        int error = options_take (NULL, words, count, &i, &taken);
        if (error)
            return error;
        for (; first <= i; first++)
            self->rest[self->rest_count++] = words[first];
    }
    for (; i < count; i++)
        self->rest[self->rest_count++] = words[i];
    return 0;
}

static bool is_among (const char *word, const struct words *words)
{
    for (size_t i = 0; i < words->rest_count; i++)
        if (strcmp (words->rest[i], word) == 0)
            return true;
    return false;
}

/* Names the command that was likely meant, and never what was typed: it may be personal. */
static int fail_unknown (const char *const *names, size_t count)
{
    const struct command *likely = command_likely (names, count);
    if (likely)
        return ctl_fail (EX_USAGE, "there is no such command: did you mean 'consentctl %s'? See 'consentctl help'",
                         likely->name);
    struct arena *arena = arena_new (FAMILY_MEMORY);
    const char *family = command_is_family (names[0]) ? names[0] : command_family_likely (names[0], arena);
    int error =
        family && family != names[0]
            ? ctl_fail (EX_USAGE,
                        "there is no such command: did you mean 'consentctl %s ...'? See 'consentctl help %s'",
                        family, family)
            : ctl_fail (EX_USAGE, "there is no such command; see 'consentctl help%s%s'", family ? " " : "",
                        family ? family : "");
    arena_destroy (&arena);
    return error;
}

/* Handles "--help", "--version", a family alone, and a command that does not exist. */
static int run_without_command (const struct words *words)
{
    if (is_among ("--version", words) || is_among ("-V", words)) {
        puts ("consentctl " CONSENTD_VERSION);
        return 0;
    }
    bool help = is_among ("--help", words) || is_among ("-h", words);
    if (words->name_count == 0) {
        help_print_overview (help ? stdout : stderr);
        return help ? 0 : EX_USAGE;
    }
    bool family = command_is_family (words->name[0]);
    if (family && (help || words->name_count == 1)) {
        help_print_family (words->name[0], help ? stdout : stderr);
        return help ? 0 : EX_USAGE;
    }
    return fail_unknown (words->name, words->name_count);
}

/* Handles "help consent grant", and "help --all". */
static int run_help (const char *const *names, size_t count)
{
    size_t used;
    const struct command *command = command_find (names, count, &used);
    if (command)
        help_print_command (command, stdout);
    else if (count == 1 && strcmp (names[0], "--all") == 0)
        help_print_all (stdout);
    else if (count > 0 && command_is_family (names[0]))
        help_print_family (names[0], stdout);
    else if (count > 0)
        return fail_unknown (names, count);
    else
        help_print_overview (stdout);
    return 0;
}

static int run_found (const struct command *command, const char *const *words, size_t count)
{
    struct options options;
    int error = options_parse (&options, command, words, count);
    if (error)
        return error;
    if (options_has (&options, "help")) {
        help_print_command (command, stdout);
        return 0;
    }
    if (options_has (&options, "version")) {
        printf ("%s %s\n", ctl_program, CONSENTD_VERSION);
        return 0;
    }
    return run_command (&options);
}

static int run_sorted (const struct words *words)
{
    size_t used;
    const struct command *command = command_find (words->name, words->name_count, &used);
    return command ? run_found (command, words->rest, words->rest_count) : run_without_command (words);
}

static int fail_bsn (void)
{
    return ctl_fail (EX_USAGE,
                     "a BSN does not belong on a command line, where others see it: give it on standard input "
                     "or with --bsn-file");
}

static int run_any (const char *const *words, size_t count)
{
    if (count > 0 && strcmp (words[0], "complete") == 0)
        return complete_run (words + 1, count - 1);
    if (bsn_is_among (words, count))
        return fail_bsn ();
    if (count > 0 && strcmp (words[0], "help") == 0)
        return run_help (words + 1, count - 1);
    struct words sorted = {.rest = calloc (count + 1, sizeof *sorted.rest)};
    if (!sorted.rest)
        abort ();
    int code = sort_words (&sorted, words, count);
    if (!code)
        code = run_sorted (&sorted);
    free (sorted.rest);
    return code;
}

static int finish (int code)
{
    if (fflush (stdout) != 0 || ferror (stdout))
        return ctl_fail (EX_IOERR, "cannot write to standard output: %s", strerror (errno));
    return code;
}

static bool wants_json (const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp (words[i], "--json") == 0)
            return true;
    return false;
}

int run_words (const char *const *words, size_t count)
{
    if (wants_json (words, count))
        failure_expect ();
    int code = finish (run_any (words, count));
    failure_tell (code);
    return finish (code);
}

int run_alone (const struct command *command, const char *const *words, size_t count)
{
    return finish (bsn_is_among (words, count) ? fail_bsn () : run_found (command, words, count));
}
