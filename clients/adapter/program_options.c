/* The options of an adapter. */
#include "program_parts.h"
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

static void print_help (const struct program *program)
{
    printf (
        "Usage: %s --key FILE %s[OPTION]... [MESSAGE.xml | -]\n%s\n"
        "%s\n"
        "  --key FILE            key file of the sending party\n"
        "  --to PARTY            who receives it%s%s%s\n"
        "  --from PARTY          who sends it (the party of the key)\n"
        "  --purpose CODE        what for (%s)\n"
        "  --user REFERENCE      who acts, an opaque reference of your own, never a BSN (%s)\n"
        "  --case REFERENCE      the case, if the consent is bound to one\n"
        "  --mapping FILE        which element is which category; may be given several times\n"
        "                        (%s,\n"
        "                        in $CONSENTD_ADAPTERS or else %s)\n"
        "  --schema XSD          XML Schema of the message\n"
        "  --output-schema XSD   XML Schema of what is passed on\n"
        "  --out FILE            where to, instead of standard output\n"
        "  --report FILE         what became of each element, as JSON\n"
        "  --spool DIR           messages that are put into DIR/in go by themselves (docs/spool.md); with it:\n"
        "  --request               asks once for the consent that a held message lacks\n"
        "  --hold-days N           for so many days a message is held at most (30); 0: not at all\n"
        "  --consumer NAME         who listens, for the registry (spool-%s)\n"
        "  --from-event N          begins to listen with this event\n"
        "  --former-key FILE       the key file before this one, once after it was replaced\n"
        "  --once                  ends when there is nothing more to do now\n"
        "  --quiet, --json         says nothing of what goes well; the summary as JSON\n"
        "  --help, --version\n\n"
        "Exit code: 0 passed on, whole or thinned; 1 held: nothing is passed on; 64 and up: an error, nothing is\n"
        "passed on (65 the message, 66 no input, 69 no answer from the registry, 73 and 74 no output, 77 not "
        "allowed,\n78 the set-up).\n",
        program->name, program->recipient ? "" : "--to PARTY ", program->more_usage, program->summary,
        program->recipient ? " (" : "", program->recipient ? program->recipient : "",
        program->recipient ? ")" : "", program->purpose, program->name, program->mappings, ADAPTER_CONFIG_DIR,
        program->name);
}

enum {
    OPTION_KEY = 256,
    OPTION_TO,
    OPTION_FROM,
    OPTION_PURPOSE,
    OPTION_USER,
    OPTION_CASE,
    OPTION_MAPPING,
    OPTION_SCHEMA,
    OPTION_OUTPUT_SCHEMA,
    OPTION_OUT,
    OPTION_REPORT,
    OPTION_SPOOL,
    OPTION_FORMER_KEY,
    OPTION_CONSUMER,
    OPTION_HOLD_DAYS,
    OPTION_FROM_EVENT,
    OPTION_REQUEST,
    OPTION_ONCE,
    OPTION_QUIET,
    OPTION_JSON,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option options[] = {{"key", required_argument, NULL, OPTION_KEY},
                                        {"to", required_argument, NULL, OPTION_TO},
                                        {"from", required_argument, NULL, OPTION_FROM},
                                        {"purpose", required_argument, NULL, OPTION_PURPOSE},
                                        {"user", required_argument, NULL, OPTION_USER},
                                        {"case", required_argument, NULL, OPTION_CASE},
                                        {"mapping", required_argument, NULL, OPTION_MAPPING},
                                        {"schema", required_argument, NULL, OPTION_SCHEMA},
                                        {"output-schema", required_argument, NULL, OPTION_OUTPUT_SCHEMA},
                                        {"out", required_argument, NULL, OPTION_OUT},
                                        {"report", required_argument, NULL, OPTION_REPORT},
                                        {"spool", required_argument, NULL, OPTION_SPOOL},
                                        {"former-key", required_argument, NULL, OPTION_FORMER_KEY},
                                        {"consumer", required_argument, NULL, OPTION_CONSUMER},
                                        {"hold-days", required_argument, NULL, OPTION_HOLD_DAYS},
                                        {"from-event", required_argument, NULL, OPTION_FROM_EVENT},
                                        {"request", no_argument, NULL, OPTION_REQUEST},
                                        {"once", no_argument, NULL, OPTION_ONCE},
                                        {"quiet", no_argument, NULL, OPTION_QUIET},
                                        {"json", no_argument, NULL, OPTION_JSON},
                                        {"help", no_argument, NULL, OPTION_HELP},
                                        {"version", no_argument, NULL, OPTION_VERSION},
                                        {NULL, 0, NULL, 0}};

static const char *option_name (int option)
{
    for (const struct option *one = options; one->name; one++)
        if (one->val == option)
            return one->name;
    return "";
}

/* Where to put the value of an option. NULL: it has no place of its own. */
static const char **option_value (struct run *self, int option)
{
    switch (option) {
    case OPTION_KEY:
        return &self->key;
    case OPTION_TO:
        return &self->order.recipient;
    case OPTION_FROM:
        return &self->order.provider;
    case OPTION_PURPOSE:
        return &self->order.purpose;
    case OPTION_USER:
        return &self->order.user;
    case OPTION_CASE:
        return &self->order.case_ref;
    case OPTION_SCHEMA:
        return &self->order.input_schema;
    case OPTION_OUTPUT_SCHEMA:
        return &self->order.output_schema;
    case OPTION_OUT:
        return &self->output;
    case OPTION_REPORT:
        return &self->report;
    case OPTION_SPOOL:
        return &self->spool.directory;
    case OPTION_FORMER_KEY:
        return &self->spool.former_key;
    case OPTION_CONSUMER:
        return &self->spool.consumer;
    case OPTION_HOLD_DAYS:
        return &self->hold_days;
    case OPTION_FROM_EVENT:
        return &self->from_event;
    case OPTION_MAPPING:
        return self->mapping_file_count < PROGRAM_MAPPINGS_MAX ? &self->mapping_files[self->mapping_file_count++]
                                                               : NULL;
    default:
        return NULL;
    }
}

/* The option's flag. NULL: it has none. */
static bool *option_flag (struct run *self, int option)
{
    switch (option) {
    case OPTION_REQUEST:
        return &self->spool.request;
    case OPTION_ONCE:
        return &self->spool.once;
    case OPTION_QUIET:
        return &self->spool.quiet;
    case OPTION_JSON:
        return &self->spool.json;
    default:
        return NULL;
    }
}

int program_read_options (struct run *self, int argc, char **argv, int *code)
{
    opterr = 0; /* getopt would repeat what was typed */
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        const char **value = option_value (self, option);
        if (value && !*optarg) {
            *code =
                program_complain (self, EX_USAGE, option_name (option), "is given as an empty text: leave it out");
            return 1;
        } else if (value) {
            *value = optarg;
        } else if (option_flag (self, option)) {
            *option_flag (self, option) = true;
        } else if (option == OPTION_HELP) {
            print_help (self->program);
            *code = 0;
            return 1;
        } else if (option == OPTION_VERSION) {
            printf ("%s %s\n", self->program->name, CONSENTD_VERSION);
            *code = 0;
            return 1;
        } else {
            *code = program_complain (self, EX_USAGE, "",
                                      "an unknown option, one without its value, or too many mappings");
            return 1;
        }
    }
    if (optind < argc)
        self->input = argv[optind++];
    *code = EX_USAGE;
    if (optind < argc)
        return program_complain (self, 1, "", "one message at a time");
    if (!self->key || !self->order.recipient)
        return program_complain (self, 1, self->key ? "--to" : "--key", "is needed; see --help");
    return 0;
}
