#include "complete.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "bsn.h"
#include "complete_parts.h"

enum { PATIENCE = 10 }; /* s; nothing here takes so long, but a machine that is overloaded */

/* No program but these is run to see its help. */
static const char *const programs[] = {"cak",
                                       "consent-adapter",
                                       "consent-conformance",
                                       "consent-http",
                                       "consent-relay",
                                       "consent-view",
                                       "consent-watch",
                                       "consentd",
                                       "sociale-team",
                                       "svb",
                                       NULL};

void complete_offer (const struct completing *self, const char *word, const char *about)
{
    if (strncmp (word, self->typed, strlen (self->typed)) != 0)
        return;
    printf ("%.*s%s\t", (int)self->before_size, self->before, word);
    for (; about && *about; about++)
        putchar (*about == '\n' ? ' ' : *about);
    putchar ('\n');
}

void complete_offer_files (void)
{
    puts (":files");
}

void complete_offer_directories (void)
{
    puts (":directories");
}

static void be_silent (void)
{
    int nowhere = open ("/dev/null", O_WRONLY | O_CLOEXEC);
    if (nowhere >= 0 && nowhere != STDERR_FILENO) {
        dup2 (nowhere, STDERR_FILENO);
        close (nowhere);
    }
}

int complete_run (const char *const *words, size_t count)
{
    be_silent ();
    alarm (PATIENCE);
    if (count > 0 && strcmp (words[0], "--") == 0) {
        words++;
        count--;
    }
    if (count < 2 || bsn_is_among (words, count))
        return 0;
    const char *slash = strrchr (words[0], '/'), *program = slash ? slash + 1 : words[0];
    struct completing self = {words[count - 1], "", 0, words + 1, count - 2};
    if (strcmp (program, "consentctl") == 0)
        complete_command (self);
    for (size_t i = 0; programs[i]; i++)
        if (strcmp (program, programs[i]) == 0)
            complete_program (self, program);
    return 0;
}
