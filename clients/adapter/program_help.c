#include "program_parts.h"
#include <stdio.h>
#include "text/help_page.h"

static void print_usage (const struct program *program, FILE *out)
{
    fprintf (out, "Usage: %s --key FILE [OPTION]... [MESSAGE.xml | -]\n%s\n%s\n", program->name,
             program->more_usage, program->summary);
}

static void print_options (const struct program *program, FILE *out)
{
    const char *of_message = "whom the message names";
    fprintf (out,
             "  --key FILE            key file of the party that sends it, or that receives it\n"
             "  --to PARTY            who receives it (%s)\n"
             "  --from PARTY          who sends it (the party of the key, or who sends to it)\n"
             "  --purpose CODE        what for (what the mapping says)\n"
             "  --user REFERENCE      who acts, an opaque reference of your own, never a BSN (%s)\n"
             "  --case REFERENCE      the case, if the consent is bound to one\n",
             program->recipient ? program->recipient : of_message, program->name);
    fprintf (out, "  --mapping FILE        which element is which category; may be given several times\n");
    if (*program->mappings)
        fprintf (out,
                 "                        (%s,\n"
                 "                        in $CONSENTD_ADAPTERS or else %s)\n",
                 program->mappings, ADAPTER_CONFIG_DIR);
    fprintf (
        out,
        "  --schemas DIR         where the XML Schemas of the standard are ($CONSENTD_SCHEMAS); what goes out is\n"
        "                        held against the one that the mapping names\n"
        "  --schema XSD          XML Schema of the message\n"
        "  --output-schema XSD   XML Schema of what is passed on, instead of the mapping's\n"
        "  --limit MIB           how large a message may be: 1 to 256 (8)\n"
        "  --out FILE            where to, instead of standard output\n"
        "  --report FILE         what became of each element, as JSON\n"
        "  --json                that on standard output; with --out or --dry-run\n"
        "  --ledger DIR          remembers what went: what answers it may go, too; the `ledger` of a spool will "
        "do\n"
        "  --ledger-days N       for so many days that is known: 1 to 36525 (7305: 20 years); also of a spool\n"
        "  --former-key FILE     the key file before this one: with --spool or --ledger once after it was "
        "replaced, "
        "and for\n"
        "                        a message that was begun under it\n"
        "  --dry-run             asks what would become of it: nothing is passed on, or recorded as told; with\n"
        "                        --spool of each message in DIR/in\n"
        "  -q, --quiet           says nothing of what is left out\n"
        "  -v, --verbose         says more\n"
        "  -h, --help            this text\n"
        "  -V, --version         the version of this program\n");
}

static void print_spool (const struct program *program, FILE *out)
{
    fprintf (
        out,
        "  --spool DIR           messages that are put into DIR/in go by themselves (docs/spool.md); with it:\n"
        "  --request               asks once for the consent that a held message lacks\n"
        "  --hold-days N           for so many days a message is held at most (30); 0: not at all\n"
        "  --consumer NAME         who listens, for the registry (spool-%s)\n"
        "  --from-event N          begins to listen with this event\n"
        "  --once                  ends when there is nothing more to do now\n"
        "       %s held --help    what is held\n",
        program->name, program->name);
}

void program_print_help (const struct program *program)
{
    struct help_page page;
    FILE *out = help_page_begin (&page, stdout);
    print_usage (program, out);
    print_options (program, out);
    print_spool (program, out);
    fprintf (
        out,
        "\nExit code\n"
        "  0 passed on, whole or thinned      1 held: nothing is passed on\n"
        "  64 wrong usage                     65 the message is wrong, or the registry refuses the question\n"
        "  66 no such input                   69 the registry cannot be reached, or cannot decide now\n"
        "  70 a fault of the program          73 cannot create a file      74 output failed\n"
        "  75 try again later                 77 the key may not do this   78 wrong key file, mapping or schema\n"
        "The same command again is the same decision, and does nothing twice.\n");
    help_page_end (&page);
}
