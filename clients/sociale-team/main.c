/* sociale-team: passes on allocation messages, thinned, and records consent forms. docs/adapters.md, forms.md. */
#include <string.h>
#include "blank_form.h"
#include "consent_form.h"
#include "ctl.h"
#include "import.h"
#include "program.h"
#include "run.h"
#include "streams.h"

int main (int argc, char **argv)
{
    static const struct program sociale_team = {
        .name = "sociale-team",
        .summary = "Passes on a WMO301 or JW301 to a care provider, without what it may not have.\n",
        .recipient = NULL,
        .mappings = "wmo301.map jw301.map",
        .more_usage =
            "       sociale-team consent FORM --key FILE    (see sociale-team consent --help)\n"
            "       sociale-team form --policy DIR          (see sociale-team form --help)\n"
            "       sociale-team import FILE --key FILE --result FILE    (see sociale-team import --help)\n",
    };
    static const struct command *const commands[] = {&consent_form_command, &blank_form_command, &import_command};
    streams_hold ();
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp (argv[1], commands[i]->name) == 0) {
            ctl_program = sociale_team.name;
            return run_alone (commands[i], (const char *const *)argv + 2, (size_t)argc - 2);
        }
    }
    return program_run (&sociale_team, argc, argv);
}
