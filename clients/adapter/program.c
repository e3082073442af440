#include "program_parts.h"
#include "allocate.h"
#include "input.h"
#include "message.h"
#include "spool/held_command.h"
#include "spool/ledger.h"
#include "text/escape.h"
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <libxml/parser.h>

int program_complain (const struct run *self, int code, const char *what, const char *reason)
{
    escape_line (stderr, "%s: %s%s%s", self->program->name, what, *what ? ": " : "", reason);
    return code;
}

static int read_mappings (struct run *self)
{
    char error[PASSAGE_ERROR];
    for (size_t i = 0; i < self->mapping_file_count; i++) {
        self->mappings[i] = mapping_read (self->mapping_files[i], error, sizeof error);
        if (!self->mappings[i])
            return program_complain (self, EX_CONFIG, "", error);
    }
    return 0;
}

/* Reads the mappings that come with this adapter. */
static int read_default_mappings (struct run *self)
{
    const char *directory = getenv ("CONSENTD_ADAPTERS");
    char *names = allocate_text (self->program->mappings);
    char *paths[PROGRAM_MAPPINGS_MAX] = {NULL};
    for (char *rest = names, *name = strsep (&rest, " "); name && self->mapping_file_count < PROGRAM_MAPPINGS_MAX;
         name = strsep (&rest, " ")) {
        size_t i = self->mapping_file_count++;
        if (asprintf (&paths[i], "%s/%s", directory ? directory : ADAPTER_CONFIG_DIR, name) < 0)
            abort ();
        self->mapping_files[i] = paths[i];
    }
    int r = read_mappings (self);
    for (size_t i = 0; i < PROGRAM_MAPPINGS_MAX; i++)
        free (paths[i]);
    free (names);
    return r;
}

/* Reads one byte more than allowed, so that the reader notices a message that is too large. */
static int read_input (struct run *self, char **text_p, size_t *size_p)
{
    bool is_file = self->input && strcmp (self->input, "-") != 0;
    *text_p = allocate (self->order.limit + 1, 1);
    ssize_t size = is_file ? input_read (self->input, *text_p, self->order.limit + 1)
                           : (ssize_t)fread (*text_p, 1, self->order.limit + 1, stdin);
    if (!is_file && ferror (stdin))
        size = -errno;
    *size_p = size == -EFBIG ? self->order.limit + 1 : size < 0 ? 0 : (size_t)size;
    return size < 0 && size != -EFBIG
               ? program_complain (self, EX_NOINPUT, is_file ? self->input : "standard input",
                                   input_problem (size))
               : 0;
}

static int pass_on (struct run *self)
{
    char *text = NULL;
    size_t size = 0;
    int r = read_input (self, &text, &size);
    if (r == 0)
        r = program_drive (self, text, size);
    free (text);
    return r;
}

static int connect_registry (struct run *self)
{
    char error[PASSAGE_ERROR];
    self->connection = consent_open (self->key, error, sizeof error);
    if (!self->connection)
        return program_complain (self, EX_CONFIG, "", error);
    passage_secret (self->connection, self->secret);
    self->order.is_for_either = !self->order.provider;
    if (!self->order.provider)
        self->order.provider = consent_party (self->connection);
    return 0;
}

/* A slip of the pen must not be the end of all validation. */
static int judge_schemas (const struct run *self)
{
    const char *directory = self->order.schema_directory;
    struct stat about;
    if (!directory || (stat (directory, &about) == 0 && S_ISDIR (about.st_mode)))
        return 0;
    return program_complain (self, EX_CONFIG, directory, "is not a directory (--schemas, $CONSENTD_SCHEMAS)");
}

static int run (struct run *self)
{
    int code = judge_schemas (self);
    if (code == 0)
        code = self->mapping_file_count > 0 ? read_mappings (self) : read_default_mappings (self);
    /* A thinned message is still a message of its own kind. */
    if (code == 0 && !self->order.output_schema && !self->mappings[0]->reshapes)
        self->order.output_schema = self->order.input_schema;
    if (code == 0)
        code = connect_registry (self);
    if (code == 0)
        code = program_former_key (self);
    if (code == 0)
        code = program_ledger_open (self);
    if (code != 0)
        return code;
    return self->spool.directory ? program_spool (self) : pass_on (self);
}

int program_run (const struct program *program, int argc, char **argv)
{
    if (argc > 1 && strcmp (argv[1], "held") == 0)
        return held_command (program->name, argc - 1, argv + 1);
    struct run self = {.program = program,
                       .order = {.mappings = (const struct mapping *const *)self.mappings,
                                 .schemas = schemas_new (),
                                 .schema_directory = getenv ("CONSENTD_SCHEMAS"),
                                 .secret = self.secret,
                                 .recipient = program->recipient,
                                 .user = program->name,
                                 .limit = MESSAGE_LIMIT,
                                 .recall = true}};
    int code;
    if (program_read_options (&self, argc, argv, &code) == 0) {
        code = program_judge_files (&self);
        code = code == 0 ? run (&self) : code;
    }
    ledger_destroy (&self.ledger);
    consent_close (&self.connection);
    schemas_destroy (&self.order.schemas);
    for (size_t i = 0; i < PROGRAM_MAPPINGS_MAX; i++)
        mapping_destroy (&self.mappings[i]);
    explicit_bzero (self.secret, sizeof self.secret);
    explicit_bzero (self.former_secret, sizeof self.former_secret);
    xmlCleanupParser ();
    return code;
}
