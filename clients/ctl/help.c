#include "help.h"

#include <string.h>
#include "ctl.h"
#include "text/help_page.h"
#include "text/likely.h"

const struct command *const command_families[] = {
    check_commands,
    explain_commands,
    permits_commands,
    vocabulary_commands,
    whoami_commands,
    statement_commands,
    consent_commands,
    request_commands,
    receipt_commands,
    subject_commands,
    restriction_commands,
    hold_commands,
    due_commands,
    obligation_commands,
    rights_commands,
    overview_commands,
    letter_commands,
    policy_commands,
    setup_commands,
    status_commands,
    health_commands,
    party_commands,
    party_text_commands,
    party_key_commands,
    events_commands,
    clock_commands,
    config_commands,
    keys_commands,
    backup_commands,
    retention_commands,
    audit_commands,
    audit_checkpoint_commands,
    audit_export_commands,
    audit_archive_commands,
    audit_copy_commands,
    audit_fsck_commands,
    audit_prove_commands,
    audit_witnesses_commands,
    report_commands,
    export_commands,
    NULL,
};

/* Where a group of families begins, in the list of all commands. */
static const struct {
    const struct command *first;
    const char *heading;
} groups[] = {
    {check_commands, "Questions"},    {statement_commands, "Consents, refusals, and what is asked for"},
    {subject_commands, "A person"},   {policy_commands, "Policy packs"},
    {setup_commands, "The registry"}, {audit_commands, "The log, and reports on it"},
};

enum { SUMMARY_COLUMN = 34, OPTION_COLUMN = 32 };

/* The number of words in the name, if `words` begin with them. Else 0. */
static size_t count_same (const char *name, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strcspn (name, " ");
        if (strlen (words[i]) != size || memcmp (words[i], name, size) != 0)
            return 0;
        name += size;
        if (*name == '\0')
            return i + 1;
        name++;
    }
    return 0;
}

const struct command *command_find (const char *const *words, size_t count, size_t *used)
{
    for (size_t i = 0; command_families[i]; i++) {
        for (const struct command *command = command_families[i]; command->name; command++) {
            *used = count_same (command->name, words, count);
            if (*used > 0)
                return command;
        }
    }
    return NULL;
}

static const struct command *likely_named (const char *typed, size_t size)
{
    struct likely likely = likely_begin (typed, size);
    const struct command *found = NULL;
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *command = command_families[i]; command->name; command++)
            if (likely_try (&likely, command->name))
                found = command;
    return found;
}

/* Of more words the last may be arguments. */
const struct command *command_likely (const char *const *words, size_t count)
{
    const struct command *found = NULL;
    for (; count > 0 && !found; count--) {
        char typed[64] = "";
        size_t size = 0;
        for (size_t i = 0; i < count && size < sizeof typed; i++)
            size += (size_t)snprintf (typed + size, sizeof typed - size, "%s%s", i > 0 ? " " : "", words[i]);
        if (size < sizeof typed)
            found = likely_named (typed, size);
    }
    return found;
}

static bool begins_with (const struct command *command, const char *word)
{
    size_t size = strlen (word);
    return strncmp (command->name, word, size) == 0 && command->name[size] == ' ';
}

bool command_is_family (const char *word)
{
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *command = command_families[i]; command->name; command++)
            if (begins_with (command, word))
                return true;
    return false;
}

const char *command_family_likely (const char *word, struct arena *arena)
{
    struct likely likely = likely_begin (word, strlen (word));
    const char *found = NULL;
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *command = command_families[i]; command->name; command++) {
            const char *family = arena_printf (arena, "%.*s", (int)strcspn (command->name, " "), command->name);
            if (command->name[strlen (family)] && likely_try (&likely, family))
                found = family;
        }
    return found;
}

static void print_summary (const struct command *command, FILE *out)
{
    int room = SUMMARY_COLUMN;
    room -= fprintf (out, "  %s%s%s", command->name, command->arguments ? " " : "",
                     command->arguments ? command->arguments : "");
    fprintf (out, "%*s%s\n", room > 1 ? room : 2, "", command->summary);
}

/* Prints the text. Each of its lines begins in the same column. */
static void print_option (const struct option *option, FILE *out)
{
    int used = fprintf (out, "  --%s%s%s%s", option->name, option->value ? " " : "",
                        option->value ? option->value : "", option->flags & OPTION_REPEATED ? " ..." : "");
    if (used > OPTION_COLUMN - 2)
        used = fprintf (out, "\n") - 1;
    fprintf (out, "%*s", OPTION_COLUMN - used, "");
    for (const char *line = option->help; *line; line++) {
        fputc (*line, out);
        if (*line == '\n')
            fprintf (out, "%*s", OPTION_COLUMN, "");
    }
    fputs (option->flags & OPTION_REQUIRED ? " (required)" : "", out);
    fputc ('\n', out);
}

static void print_options (const char *heading, const struct option *options, FILE *out)
{
    fprintf (out, "\n%s\n", heading);
    for (const struct option *option = options; option->name; option++)
        if (!(option->flags & OPTION_PERSONAL))
            print_option (option, out);
}

static void print_exit_codes (FILE *out)
{
    fputs ("\nExit code\n"
           "  0 permitted, done, whole    1 denied, broken    2 partly permitted\n"
           "  64 wrong usage              65 wrong data, or not admitted by the rules\n"
           "  66 no such input            69 the registry cannot be reached, or cannot decide now\n"
           "  70 a fault of the program   73 cannot create a file      74 input or output failed\n"
           "  75 try again later          77 the key may not do this   78 wrong key file or configuration\n",
           out);
}

static void print_heading (const struct command *family, FILE *out)
{
    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        if (groups[i].first == family)
            fprintf (out, "\n%s\n", groups[i].heading);
}

static void print_overview (FILE *out)
{
    fputs ("consentctl: operate a registry of consents, and ask it.\n\n"
           "Usage: consentctl [OPTIONS] COMMAND ...\n"
           "       consentctl help [COMMAND | --all], consentctl COMMAND --help\n"
           "       consentctl complete -- PROGRAM [WORD]...  (what shells ask when a tab is typed)\n",
           out);
    for (size_t i = 0; command_families[i]; i++) {
        print_heading (command_families[i], out);
        for (const struct command *command = command_families[i]; command->name; command++)
            print_summary (command, out);
    }
    print_options ("Options of every command", global_options, out);
    fputs ("\nA BSN is never given on the command line: it is read from standard input, from --bsn-file FILE, or "
           "asked;\nneither is what people write: each has an option that ends on -file, and '-' is standard "
           "input.\n",
           out);
    print_exit_codes (out);
}

void help_print_overview (FILE *out)
{
    struct help_page page;
    print_overview (help_page_begin (&page, out));
    help_page_end (&page);
}

static void print_family (const char *word, FILE *out)
{
    fputs ("Commands\n", out);
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *command = command_families[i]; command->name; command++)
            if (begins_with (command, word))
                print_summary (command, out);
    fprintf (out, "\nSee 'consentctl %s COMMAND --help'.\n", word);
}

void help_print_family (const char *word, FILE *out)
{
    struct help_page page;
    print_family (word, help_page_begin (&page, out));
    help_page_end (&page);
}

/* The command's own part, without what is said of every command. */
static void print_command (const struct command *command, FILE *out)
{
    fprintf (out, "%s %s: %s\n\nUsage: %s %s%s%s%s\n", ctl_program, command->name, command->summary, ctl_program,
             command->name, command->options ? " [OPTIONS]" : "", command->arguments ? " " : "",
             command->arguments ? command->arguments : "");
    if (command->details)
        fprintf (out, "\n%s\n", command->details);
    if (command->options)
        print_options ("Options (... may be given several times; codes and parties also with commas between them)",
                       command->options, out);
}

void help_print_command (const struct command *command, FILE *out)
{
    struct help_page page;
    FILE *to = help_page_begin (&page, out);
    print_command (command, to);
    print_options ("Options of every command", global_options, to);
    help_page_end (&page);
}

void help_print_all (FILE *out)
{
    struct help_page page;
    FILE *to = help_page_begin (&page, out);
    print_overview (to);
    for (size_t i = 0; command_families[i]; i++)
        for (const struct command *command = command_families[i]; command->name; command++) {
            fputs ("\n\n", to);
            print_command (command, to);
        }
    help_page_end (&page);
}
