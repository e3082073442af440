#include "held_command.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include "attempt.h"
#include "call.h"
#include "codec/document.h"
#include "config/file_write.h"
#include "held_parts.h"
#include "input.h"
#include "numbers.h"
#include "spool_parts.h"
#include "text/escape.h"
#include "text/help_page.h"
#include "text/option_fault.h"
#include "text/utf8.h"
#include "text/visible.h"

enum { REASON_MAX = 4096 };

int held_complain (const struct held_run *self, int code, const char *what, const char *why)
{
    escape_line (stderr, "%s: held: %s%s%s", self->program, what, *what ? ": " : "", why);
    return code;
}

static const char HELP[] =
    "Usage: %s held list --spool DIR [--json]\n"
    "       %s held show NAME --spool DIR [--json]\n"
    "       %s held release NAME --spool DIR\n"
    "       %s held drop NAME --spool DIR [--reason-file FILE]\n\n"
    "What a spool holds: list says of each message since when it is held, why, and what it waits for; show says "
    "all\n"
    "that is known of one. release has it decided anew, drop moves it to failed/. Both leave that for the spool "
    "to do:\n"
    "within a second if it runs, else at its next start. The reason of a drop is asked, or read from a file.\n\n"
    "  --spool DIR           the spool\n"
    "  --json                one JSON document, for programs\n"
    "  --reason-file FILE    why it is dropped; '-': standard input\n"
    "  -h, --help            this text\n\n"
    "Exit code: 0; 64 the command line; 66 there is no such message, or no such spool; 73 it cannot be written.\n";

static int print_help (const char *program)
{
    struct help_page page;
    fprintf (help_page_begin (&page, stdout), HELP, program, program, program, program);
    help_page_end (&page);
    return fflush (stdout) == 0 ? EX_OK : EX_IOERR;
}

/* ------------------------------------------------------------------------------------------ commands */

/* Leaves a command for the spool: a file that is there whole or not at all. */
static int leave (const struct held_run *self, const char *verb, const char *reason)
{
    char *path, *part, id[CONSENT_ID_SIZE];
    uint8_t random[16];
    attempt_random (random, sizeof random);
    consent_hex (random, sizeof random, id);
    /* The spool reads no name that begins with a dot. */
    if (asprintf (&path, "%s/work/commands/%s", self->directory, id) < 0 ||
        asprintf (&part, "%s/work/commands/.%s", self->directory, id) < 0)
        abort ();
    char *text = document_text (json_pack ("{s:s, s:o, s:o}", "command", verb, "name", name_json (self->name),
                                           "reason", document_string (reason)),
                                0);
    int r = file_replace (part, text, strlen (text));
    if (r == 0 && rename (part, path) != 0)
        r = -1;
    free (part);
    free (path);
    free (text);
    return r == 0 ? EX_OK
                  : held_complain (self, EX_CANTCREAT, self->directory, "the command cannot be left there");
}

/* It is kept in the report: for a person to read, and about nobody. */
static const char *fault_of_reason (const char *reason, size_t size)
{
    if (strlen (reason) != size || !utf8_is_valid (reason, size))
        return "the reason is not text in UTF-8";
    if (!visible_has_any (reason))
        return "wants a reason";
    return numbers_hold_bsn (reason, NULL, 0) ? "the reason holds a number that could be somebody's BSN" : NULL;
}

/* Of a file, or one line that is typed. */
static int read_reason (const struct held_run *self, char reason[REASON_MAX])
{
    ssize_t size = 0;
    if (self->reason_file)
        size = input_read_text (self->reason_file, reason, REASON_MAX - 1);
    else {
        if (isatty (STDIN_FILENO))
            fputs ("Reason: ", stderr);
        size = fgets (reason, REASON_MAX, stdin) ? (ssize_t)strlen (reason) : 0;
        if (size == REASON_MAX - 1 && reason[size - 1] != '\n')
            return held_complain (self, EX_USAGE, "drop", "the reason is too long");
    }
    if (size < 0)
        return held_complain (self, EX_NOINPUT, self->reason_file, input_problem (size));
    while (size > 0 && reason[size - 1] == '\n')
        size--;
    reason[size] = 0;
    const char *fault = fault_of_reason (reason, (size_t)size);
    return fault ? held_complain (self, EX_USAGE, "drop", fault) : 0;
}

static int change (const struct held_run *self, const char *verb)
{
    char reason[REASON_MAX] = "";
    if (!held_is_there (self))
        return held_complain (self, EX_NOINPUT, self->name, "is not held in this spool");
    int r = strcmp (verb, "drop") == 0 ? read_reason (self, reason) : 0;
    return r == 0 ? leave (self, verb, reason) : r;
}

/* ------------------------------------------------------------------------------------------- options */

static int run_verb (const struct held_run *self, const char *verb)
{
    static const char *const verbs[] = {"show", "release", "drop"};
    if (strcmp (verb, "list") == 0 && !self->name)
        return held_list (self);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp (verb, verbs[i]) != 0)
            continue;
        if (!self->name || strchr (self->name, '/'))
            return held_complain (self, EX_USAGE, verb, "wants the name of a message in held/");
        return i == 0 ? held_show (self) : change (self, verb);
    }
    return held_complain (self, EX_USAGE, "", "list, show NAME, release NAME or drop NAME; see held --help");
}

int held_command (const char *program, int argc, char **argv)
{
    static const struct option options[] = {{"spool", required_argument, NULL, 's'},
                                            {"reason-file", required_argument, NULL, 'r'},
                                            {"json", no_argument, NULL, 'j'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    struct held_run self = {.program = program};
    opterr = 0;
    for (int option; (option = getopt_long (argc, argv, "h", options, NULL)) != -1;) {
        if (option == 'h')
            return print_help (program);
        if (option == '?')
            return held_complain (&self, EX_USAGE, "", option_fault (argv, "h", options));
        self.json = self.json || option == 'j';
        if (option == 's')
            self.directory = optarg;
        else if (option == 'r')
            self.reason_file = optarg;
    }
    const char *verb = optind < argc ? argv[optind++] : "";
    self.name = optind < argc ? argv[optind++] : NULL;
    if (!self.directory || optind < argc)
        return held_complain (&self, EX_USAGE, self.directory ? verb : "--spool",
                              self.directory ? "one message at a time" : "is needed; see held --help");
    return run_verb (&self, verb);
}
