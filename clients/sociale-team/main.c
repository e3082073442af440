/* sociale-team: passes on allocation messages, thinned, and records consent forms. docs/adapters.md, forms.md. */
#include <string.h>
#include "consent_form.h"
#include "ctl.h"
#include "program.h"
#include "run.h"

int main (int argc, char **argv)
{
    static const struct program sociale_team = {
        .name = "sociale-team",
        .summary = "Passes on a WMO301 or JW301 to a care provider, without what it may not have.\n",
        .recipient = NULL,
        .purpose = "toekenning",
        .mappings = "wmo301.map jw301.map",
        .more_usage = "       sociale-team consent FORM --key FILE    (see sociale-team consent --help)\n",
    };
    if (argc > 1 && strcmp (argv[1], "consent") == 0) {
        ctl_program = sociale_team.name;
        return run_alone (&consent_form_command, (const char *const *)argv + 2, (size_t)argc - 2);
    }
    return program_run (&sociale_team, argc, argv);
}
