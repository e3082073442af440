/* The options of an adapter. */
#include "program_parts.h"
#include "message.h"
#include "spool/went.h"
#include "text/option_fault.h"
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#define SHORTS "hqvV"

enum {
    OPTION_KEY = 256,
    OPTION_TO,
    OPTION_FROM,
    OPTION_PURPOSE,
    OPTION_USER,
    OPTION_CASE,
    OPTION_MAPPING,
    OPTION_SCHEMAS,
    OPTION_SCHEMA,
    OPTION_OUTPUT_SCHEMA,
    OPTION_LIMIT,
    OPTION_OUT,
    OPTION_REPORT,
    OPTION_LEDGER,
    OPTION_LEDGER_DAYS,
    OPTION_SPOOL,
    OPTION_FORMER_KEY,
    OPTION_CONSUMER,
    OPTION_HOLD_DAYS,
    OPTION_FROM_EVENT,
    OPTION_REQUEST,
    OPTION_ONCE,
    OPTION_JSON,
    OPTION_DRY_RUN
};

static const struct option options[] = {{"key", required_argument, NULL, OPTION_KEY},
                                        {"to", required_argument, NULL, OPTION_TO},
                                        {"from", required_argument, NULL, OPTION_FROM},
                                        {"purpose", required_argument, NULL, OPTION_PURPOSE},
                                        {"user", required_argument, NULL, OPTION_USER},
                                        {"case", required_argument, NULL, OPTION_CASE},
                                        {"mapping", required_argument, NULL, OPTION_MAPPING},
                                        {"schemas", required_argument, NULL, OPTION_SCHEMAS},
                                        {"schema", required_argument, NULL, OPTION_SCHEMA},
                                        {"output-schema", required_argument, NULL, OPTION_OUTPUT_SCHEMA},
                                        {"limit", required_argument, NULL, OPTION_LIMIT},
                                        {"out", required_argument, NULL, OPTION_OUT},
                                        {"report", required_argument, NULL, OPTION_REPORT},
                                        {"ledger", required_argument, NULL, OPTION_LEDGER},
                                        {"ledger-days", required_argument, NULL, OPTION_LEDGER_DAYS},
                                        {"spool", required_argument, NULL, OPTION_SPOOL},
                                        {"former-key", required_argument, NULL, OPTION_FORMER_KEY},
                                        {"consumer", required_argument, NULL, OPTION_CONSUMER},
                                        {"hold-days", required_argument, NULL, OPTION_HOLD_DAYS},
                                        {"from-event", required_argument, NULL, OPTION_FROM_EVENT},
                                        {"request", no_argument, NULL, OPTION_REQUEST},
                                        {"once", no_argument, NULL, OPTION_ONCE},
                                        {"json", no_argument, NULL, OPTION_JSON},
                                        {"dry-run", no_argument, NULL, OPTION_DRY_RUN},
                                        {"quiet", no_argument, NULL, 'q'},
                                        {"verbose", no_argument, NULL, 'v'},
                                        {"help", no_argument, NULL, 'h'},
                                        {"version", no_argument, NULL, 'V'},
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
    case OPTION_SCHEMAS:
        return &self->order.schema_directory;
    case OPTION_SCHEMA:
        return &self->order.input_schema;
    case OPTION_OUTPUT_SCHEMA:
        return &self->order.output_schema;
    case OPTION_LIMIT:
        return &self->limit;
    case OPTION_OUT:
        return &self->output;
    case OPTION_REPORT:
        return &self->report;
    case OPTION_LEDGER:
        return &self->ledger_directory;
    case OPTION_SPOOL:
        return &self->spool.directory;
    case OPTION_FORMER_KEY:
        return &self->former_key;
    case OPTION_CONSUMER:
        return &self->spool.consumer;
    case OPTION_HOLD_DAYS:
        return &self->hold_days;
    case OPTION_FROM_EVENT:
        return &self->from_event;
    case OPTION_LEDGER_DAYS:
        return &self->ledger_days;
    case OPTION_MAPPING:
        return self->mapping_file_count < PROGRAM_MAPPINGS_MAX ? &self->mapping_files[self->mapping_file_count++]
                                                               : NULL;
    default:
        return NULL;
    }
}

/* Where to note an option without a value, or NULL. */
static bool *option_switch (struct run *self, int option)
{
    switch (option) {
    case 'q':
        return &self->quiet;
    case 'v':
        return &self->verbose;
    case OPTION_JSON:
        return &self->json;
    case OPTION_DRY_RUN:
        return &self->order.advise_only;
    case OPTION_REQUEST:
        return &self->spool.request;
    case OPTION_ONCE:
        return &self->spool.once;
    default:
        return NULL;
    }
}

/* 0: go on; otherwise *code is the exit code. */
static int read_option (struct run *self, int option, int *code)
{
    bool *on = option_switch (self, option);
    const char **value = on ? NULL : option_value (self, option);
    if (on) {
        *on = true;
    } else if (value && !*optarg) {
        *code = program_complain (self, EX_USAGE, option_name (option), "is given as an empty text: leave it out");
        return 1;
    } else if (value) {
        *value = optarg;
    } else if (option == 'h') {
        program_print_help (self->program);
        return 1;
    } else if (option == 'V') {
        printf ("%s %s\n", self->program->name, CONSENTD_VERSION);
        return 1;
    } else {
        *code = program_complain (self, EX_USAGE, "--mapping", "is given too often");
        return 1;
    }
    return 0;
}

static bool read_limit (struct run *self)
{
    enum { MIB = 1024 * 1024 };
    char *end = NULL;
    if (!self->limit)
        return true;
    unsigned long number = strtoul (self->limit, &end, 10);
    self->order.limit = (size_t)number * MIB;
    return self->limit[0] >= '1' && self->limit[0] <= '9' && !*end && number <= MESSAGE_LIMIT_MAX / MIB;
}

static bool read_ledger_days (struct run *self)
{
    char *end = NULL;
    self->days = WENT_DAYS;
    if (!self->ledger_days)
        return true;
    unsigned long number = strtoul (self->ledger_days, &end, 10);
    self->days = (unsigned)number;
    return self->ledger_days[0] >= '1' && self->ledger_days[0] <= '9' && !*end && number <= WENT_DAYS_MAX;
}

static bool has_spool_options (const struct run *self)
{
    const struct spool_order *spool = &self->spool;
    return spool->request || spool->once || spool->consumer || self->hold_days || self->from_event;
}

/* Says what does not go together, or is missing. 0: nothing. */
static int judge (struct run *self)
{
    if (self->output && strcmp (self->output, "-") == 0)
        self->output = NULL;
    if (self->report && strcmp (self->report, "-") == 0)
        return program_complain (self, EX_USAGE, "--report", "is a file; --json prints it");
    if (has_spool_options (self) && !self->spool.directory)
        return program_complain (self, EX_USAGE, "--spool", "is needed for an option that is given; see --help");
    if (!self->key)
        return program_complain (self, EX_USAGE, "--key", "is needed; see --help");
    if (!*self->program->mappings && self->mapping_file_count == 0)
        return program_complain (self, EX_USAGE, "--mapping", "is needed; see --help");
    if (!read_limit (self))
        return program_complain (self, EX_USAGE, "--limit", "is a number of MiB from 1 to 256");
    if (!read_ledger_days (self))
        return program_complain (self, EX_USAGE, "--ledger-days", "is a number of days from 1 to 36525");
    if (self->ledger_days && !self->ledger_directory && !self->spool.directory)
        return program_complain (self, EX_USAGE, "--ledger-days", "is of a ledger: --ledger or --spool is needed");
    if (self->json && !self->output && !self->order.advise_only && !self->spool.directory)
        return program_complain (self, EX_USAGE, "--json",
                                 "needs --out or --dry-run: standard output is for the message");
    return 0;
}

int program_read_options (struct run *self, int argc, char **argv, int *code)
{
    opterr = 0; /* getopt would repeat what was typed */
    *code = 0;
    for (int option; (option = getopt_long (argc, argv, SHORTS, options, NULL)) != -1;) {
        if (option == '?')
            return *code = program_complain (self, EX_USAGE, "", option_fault (argv, SHORTS, options));
        if (read_option (self, option, code) != 0)
            return 1;
    }
    if (optind < argc)
        self->input = argv[optind++];
    if (optind < argc)
        *code = program_complain (self, EX_USAGE, "", "one message at a time");
    else
        *code = judge (self);
    return *code;
}
