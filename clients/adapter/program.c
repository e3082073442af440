#include "program.h"
#include "adapter.h"
#include "allocate.h"
#include "attempt.h"
#include "identifier.h"
#include "input.h"
#include "output.h"
#include "report.h"
#include "text/escape.h"
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#ifndef ADAPTER_CONFIG_DIR
#define ADAPTER_CONFIG_DIR "/etc/consentd/adapters"
#endif

enum { MAPPINGS_MAX = 8 };

struct run {
    const struct program *program;
    const char *key, *input, *output, *report;
    const char *mapping_files[MAPPINGS_MAX];
    size_t mapping_file_count;
    struct mapping *mappings[MAPPINGS_MAX + 1]; /* ends with NULL */
    struct adapter_order order;
    char key_text[CONSENT_ID_SIZE]; /* the idempotency key of the question, if none is given */
    consent_t *connection;
    struct consent_answer *answer;
};

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
        "  --idempotency-key KEY asks again what had no answer: the key that was told then\n"
        "  --mapping FILE        which element is which category; may be given several times\n"
        "                        (%s,\n"
        "                        in $CONSENTD_ADAPTERS or else %s)\n"
        "  --schema XSD          XML Schema of the message\n"
        "  --output-schema XSD   XML Schema of what is passed on\n"
        "  --out FILE            where to, instead of standard output\n"
        "  --report FILE         what became of each element, as JSON\n"
        "  --help, --version\n\n"
        "Exit code: 0 passed on, whole or thinned; 1 held: nothing is passed on; 64 and up: an error, nothing is\n"
        "passed on (65 the message, 66 no input, 69 no answer from the registry, 77 not allowed, 78 the "
        "set-up).\n",
        program->name, program->recipient ? "" : "--to PARTY ", program->more_usage, program->summary,
        program->recipient ? " (" : "", program->recipient ? program->recipient : "",
        program->recipient ? ")" : "", program->purpose, program->name, program->mappings, ADAPTER_CONFIG_DIR);
}

static int complain (const struct run *self, int code, const char *what, const char *reason)
{
    escape_line (stderr, "%s: %s%s%s", self->program->name, what, *what ? ": " : "", reason);
    return code;
}

static int read_mappings (struct run *self)
{
    char error[ADAPTER_ERROR];
    for (size_t i = 0; i < self->mapping_file_count; i++) {
        self->mappings[i] = mapping_read (self->mapping_files[i], error, sizeof error);
        if (!self->mappings[i])
            return complain (self, EX_CONFIG, "", error);
    }
    return 0;
}

/* Reads the mappings that come with this adapter. */
static int read_default_mappings (struct run *self)
{
    const char *directory = getenv ("CONSENTD_ADAPTERS");
    char *names = allocate_text (self->program->mappings);
    char *paths[MAPPINGS_MAX] = {NULL};
    for (char *rest = names, *name = strsep (&rest, " "); name && self->mapping_file_count < MAPPINGS_MAX;
         name = strsep (&rest, " ")) {
        size_t i = self->mapping_file_count++;
        if (asprintf (&paths[i], "%s/%s", directory ? directory : ADAPTER_CONFIG_DIR, name) < 0)
            abort ();
        self->mapping_files[i] = paths[i];
    }
    int r = read_mappings (self);
    for (size_t i = 0; i < MAPPINGS_MAX; i++)
        free (paths[i]);
    free (names);
    return r;
}

/* Reads one byte more than allowed, so that the reader notices a message that is too large. */
static int read_input (struct run *self, char **text_p, size_t *size_p)
{
    bool is_file = self->input && strcmp (self->input, "-") != 0;
    *text_p = allocate (MESSAGE_SIZE_MAX + 1, 1);
    ssize_t size = is_file ? input_read (self->input, *text_p, MESSAGE_SIZE_MAX + 1)
                           : (ssize_t)fread (*text_p, 1, MESSAGE_SIZE_MAX + 1, stdin);
    if (!is_file && ferror (stdin))
        size = -errno;
    *size_p = size == -EFBIG ? MESSAGE_SIZE_MAX + 1 : size < 0 ? 0 : (size_t)size;
    return size < 0 && size != -EFBIG
               ? complain (self, EX_NOINPUT, is_file ? self->input : "standard input", input_problem (size))
               : 0;
}

static const struct consent_answer *ask_registry (void *context, const struct consent_question *question)
{
    struct run *self = context;
    consent_answer_destroy (&self->answer);
    self->answer = consent_check (self->connection, question);
    return self->answer;
}

static int exit_code_of_status (int status)
{
    switch (status) {
    case CONSENT_FORBIDDEN:
    case CONSENT_KEY_REFUSED:
        return EX_NOPERM;
    case CONSENT_INVALID:
    case CONSENT_NOT_FOUND:
        return EX_DATAERR;
    case CONSENT_BAD_REPLY:
    case CONSENT_CONFLICT:
        return EX_PROTOCOL;
    default:
        return status < 0 ? EX_OSERR : EX_UNAVAILABLE;
    }
}

static int exit_code (const struct adapter_result *result)
{
    switch (result->outcome) {
    case ADAPTER_PASSED:
    case ADAPTER_THINNED:
        return PROGRAM_PASSED;
    case ADAPTER_HELD:
        return PROGRAM_HELD;
    case ADAPTER_BAD_MESSAGE:
        return EX_DATAERR;
    case ADAPTER_NO_ANSWER:
        return exit_code_of_status (result->answer->status);
    case ADAPTER_BAD_SCHEMA:
        return EX_CONFIG;
    }
    return EX_SOFTWARE;
}

/* Tells the key. It may not be known whether the disclosure was recorded, or one can ask again later: with the
   same key the recorded answer is given, and a consent for one disclosure is not used up in vain. */
static void tell_key (const struct run *self, int status)
{
    bool unknown = status == CONSENT_TIMEOUT || status == CONSENT_BAD_REPLY || status < 0;
    if (unknown)
        complain (self, 0, "", "it is not known whether the disclosure was recorded; nothing is passed on");
    if (unknown || status == CONSENT_UNAVAILABLE || status == CONSENT_RETRY)
        complain (self, 0, "the same command asks again, and does nothing twice, with --idempotency-key",
                  self->order.idempotency_key);
}

/* Writes the report first: what cannot be accounted for is not passed on. */
static int write_results (struct run *self, const struct adapter_result *result)
{
    if (self->report) {
        char *report = report_json (&self->order, result);
        int r = output_write (self->report, report, strlen (report));
        free (report);
        if (r < 0)
            return complain (self, EX_CANTCREAT, self->report, strerror (-r));
    }
    report_print (stderr, self->program->name, result);
    if (result->outcome == ADAPTER_NO_ANSWER)
        tell_key (self, result->answer->status);
    if (!result->output)
        return exit_code (result);
    int r = output_write (self->output, result->output, result->output_size);
    if (r < 0)
        return complain (self, EX_IOERR, self->output ? self->output : "standard output", strerror (-r));
    return exit_code (result);
}

static int pass_on (struct run *self)
{
    char *text = NULL;
    size_t size = 0;
    int r = read_input (self, &text, &size);
    if (r == 0) {
        struct adapter_registry registry = {.ask = ask_registry, .context = self};
        struct adapter_result result;
        adapter_run (&self->order, &registry, text, size, &result);
        r = write_results (self, &result);
        adapter_result_clear (&result);
    }
    free (text);
    return r;
}

static void make_key (struct run *self)
{
    uint8_t key[ID_BYTES];
    attempt_random (key, sizeof key);
    consent_hex (key, sizeof key, self->key_text);
    self->order.idempotency_key = self->key_text;
}

static int connect_registry (struct run *self)
{
    if (!self->order.idempotency_key)
        make_key (self);
    char error[ADAPTER_ERROR];
    self->connection = consent_open (self->key, error, sizeof error);
    if (!self->connection)
        return complain (self, EX_CONFIG, "", error);
    if (!self->order.provider)
        self->order.provider = consent_party (self->connection);
    return 0;
}

enum {
    OPTION_KEY = 256,
    OPTION_TO,
    OPTION_FROM,
    OPTION_PURPOSE,
    OPTION_USER,
    OPTION_CASE,
    OPTION_IDEMPOTENCY_KEY,
    OPTION_MAPPING,
    OPTION_SCHEMA,
    OPTION_OUTPUT_SCHEMA,
    OPTION_OUT,
    OPTION_REPORT,
    OPTION_HELP,
    OPTION_VERSION
};

static const struct option options[] = {{"key", required_argument, NULL, OPTION_KEY},
                                        {"to", required_argument, NULL, OPTION_TO},
                                        {"from", required_argument, NULL, OPTION_FROM},
                                        {"purpose", required_argument, NULL, OPTION_PURPOSE},
                                        {"user", required_argument, NULL, OPTION_USER},
                                        {"case", required_argument, NULL, OPTION_CASE},
                                        {"idempotency-key", required_argument, NULL, OPTION_IDEMPOTENCY_KEY},
                                        {"mapping", required_argument, NULL, OPTION_MAPPING},
                                        {"schema", required_argument, NULL, OPTION_SCHEMA},
                                        {"output-schema", required_argument, NULL, OPTION_OUTPUT_SCHEMA},
                                        {"out", required_argument, NULL, OPTION_OUT},
                                        {"report", required_argument, NULL, OPTION_REPORT},
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
    case OPTION_IDEMPOTENCY_KEY:
        return &self->order.idempotency_key;
    case OPTION_SCHEMA:
        return &self->order.input_schema;
    case OPTION_OUTPUT_SCHEMA:
        return &self->order.output_schema;
    case OPTION_OUT:
        return &self->output;
    case OPTION_REPORT:
        return &self->report;
    case OPTION_MAPPING:
        return self->mapping_file_count < MAPPINGS_MAX ? &self->mapping_files[self->mapping_file_count++] : NULL;
    default:
        return NULL;
    }
}

/* 0: go on; otherwise *code is the exit code. */
static int read_options (struct run *self, int argc, char **argv, int *code)
{
    opterr = 0; /* getopt would repeat what was typed */
    for (int option; (option = getopt_long (argc, argv, "", options, NULL)) != -1;) {
        const char **value = option_value (self, option);
        if (value && !*optarg) {
            *code = complain (self, EX_USAGE, option_name (option), "is given as an empty text: leave it out");
            return 1;
        } else if (value) {
            *value = optarg;
        } else if (option == OPTION_HELP) {
            print_help (self->program);
            *code = 0;
            return 1;
        } else if (option == OPTION_VERSION) {
            printf ("%s %s\n", self->program->name, CONSENTD_VERSION);
            *code = 0;
            return 1;
        } else {
            *code =
                complain (self, EX_USAGE, "", "an unknown option, one without its value, or too many mappings");
            return 1;
        }
    }
    if (optind < argc)
        self->input = argv[optind++];
    *code = EX_USAGE;
    if (optind < argc)
        return complain (self, 1, "", "one message at a time");
    if (!self->key || !self->order.recipient)
        return complain (self, 1, self->key ? "--to" : "--key", "is needed; see --help");
    return 0;
}

int program_run (const struct program *program, int argc, char **argv)
{
    struct run self = {.program = program,
                       .order = {.mappings = (const struct mapping *const *)self.mappings,
                                 .recipient = program->recipient,
                                 .purpose = program->purpose,
                                 .user = program->name}};
    int code;
    if (read_options (&self, argc, argv, &code) != 0)
        return code;
    code = self.mapping_file_count > 0 ? read_mappings (&self) : read_default_mappings (&self);
    /* A thinned message is still a message of its own kind. */
    if (code == 0 && !self.order.output_schema && !self.mappings[0]->reshapes)
        self.order.output_schema = self.order.input_schema;
    if (code == 0)
        code = connect_registry (&self);
    if (code == 0)
        code = pass_on (&self);
    consent_answer_destroy (&self.answer);
    consent_close (&self.connection);
    for (size_t i = 0; i < MAPPINGS_MAX; i++)
        mapping_destroy (&self.mappings[i]);
    xmlCleanupParser ();
    return code;
}
