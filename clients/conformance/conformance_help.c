#include "conformance_help.h"

#include <stdio.h>
#include "text/help_page.h"
#include "trial.h"

static const char before[] =
    "Usage: consent-conformance --team FILE --partner FILE [OPTION...] -- COMMAND [WORD...]\n"
    "\n"
    "Tests a partner's client against a scratch registry, never one with people in it: it records subjects and "
    "consents\n"
    "there. It stands between the two, as the registry towards the client: loses answers, puts off, forges, falls "
    "silent.\n"
    "\n"
    "COMMAND is the client, which is started anew for each case with words behind it (docs/clients/README.md):\n"
    "  check KEYFILE PROVIDER RECIPIENT PURPOSE CATEGORY[:ORIGIN]...\n"
    "                        asks DISCLOSE about the BSN on standard input, says 'permit CATEGORY' of each "
    "category that\n"
    "                        it would tell and 'obligation NAME' of each obligation, one a line, and ends; "
    "'refused'\n"
    "                        when its key is let in no more\n"
    "  listen KEYFILE POSITION\n"
    "                        subscribes, keeps its position in that file, says 'current' when it hears "
    "everything,\n"
    "                        'event NUMBER KIND CONSENT_ID' of each event that it stored, 'doubt' when it "
    "believes\n"
    "                        nothing any more that it holds on the ground of a consent, 'refused' as above; ends "
    "when\n"
    "                        standard input does\n"
    "\n"
    "  --team FILE           key file of a party of the scratch registry that may grant, subject and revoke\n"
    "  --partner FILE        key file of the party of which the client is\n"
    "  --provider PARTY      that tells (default: the party of --team)\n"
    "  --purpose CODE        for which (default: toekenning)\n"
    "  --categories A,B      two that the pack lets flow so on consent (default: naw,toewijzing)\n"
    "  --origin CODE         from where they are (default: none is said)\n"
    "  --only NAME           only this case; may be given several times\n"
    "  --quick               without the cases in which a client may wait for a silence of 15 seconds\n"
    "  --patience SECONDS    how long the client may take for one step (default 60)\n"
    "  -h, --help            this text\n"
    "  -V, --version         the version of this program\n"
    "\n"
    "Exit codes: 0 every case is as it must be; 1 one is not; 64 wrong usage; 69 the scratch registry is not "
    "there, or\n"
    "does not let this be recorded; 73 no files can be made; 78 a key file cannot be used.\n"
    "\n"
    "Cases, each with the section of docs/protocol.md that asks for it, and what the client must do:\n";

static void list (const struct conformance_case *cases, FILE *out)
{
    for (; cases->name; cases++)
        fprintf (out, "  %-22s%-5s %s%s\n", cases->name, cases->section, cases->expected,
                 cases->lasts ? " (not with --quick)" : "");
}

void conformance_help (void)
{
    struct help_page page;
    FILE *out = help_page_begin (&page, stdout);
    fputs (before, out);
    list (check_cases, out);
    list (listen_cases, out);
    list (key_cases, out);
    help_page_end (&page);
}
