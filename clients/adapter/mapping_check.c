#include "mapping_check.h"
#include "allocate.h"
#include "mapping_check_policy.h"
#include "mapping_check_print.h"
#include "mapping_check_schema.h"
#include "policy/policy_read.h"
#include "text/escape.h"
#include "text/help_page.h"
#include "text/option_fault.h"
#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>

enum { SCHEMAS_MAX = 128, ERROR_SIZE = 512 };

struct run {
    const char *name; /* of the command */
    const char *pack, *xsd;
    struct policy *policy;                    /* NULL: none was given */
    struct schema_file *schemas[SCHEMAS_MAX]; /* those that were given */
    size_t schema_count;
    size_t wrong; /* mappings */
};

static void print_help (const char *name)
{
    struct help_page page;
    fprintf (
        help_page_begin (&page, stdout),
        "Usage: %s [OPTION]... MAPPING...\n"
        "Says what becomes of everything in such a message, and whether the mapping is right.\n\n"
        "  --pack DIR    hold it against this policy pack: every code is one of the pack, and the flow carries\n"
        "                what the message cannot go without\n"
        "  --xsd FILE    hold it against this XML Schema of the message: every element has a line. Or a "
        "directory:\n"
        "                the schema in it whose messages these are\n"
        "  --help        this text\n\n"
        "Exit code: 0 in order; 65 a mapping is wrong; 78 the pack or the schema cannot be used.\n",
        name);
    help_page_end (&page);
}

static int complain (const struct run *self, int exit_code, const char *what)
{
    escape_line (stderr, "%s: %s", self->name, what);
    return exit_code;
}

static int read_pack (struct run *self)
{
    struct policy_error error;
    struct policy_faults faults = POLICY_FIRST (&error);
    char text[POLICY_ERROR_TEXT];
    if (!self->pack || policy_read_all (&self->policy, self->pack, NULL, false, &faults) == 0)
        return 0;
    policy_error_text (&error, self->pack, text);
    escape_line (stderr, "%s: %s%s", self->name, self->pack, text);
    return EX_CONFIG;
}

static int read_schema (struct run *self, const char *path)
{
    char error[ERROR_SIZE];
    if (self->schema_count == SCHEMAS_MAX)
        return complain (self, EX_CONFIG, "there are too many XML Schemas");
    if (schema_file_read (path, &self->schemas[self->schema_count], error, sizeof error) < 0)
        return complain (self, EX_CONFIG, error);
    self->schema_count++;
    return 0;
}

/* Reads the schemas in a directory. */
static int read_directory (struct run *self, const char *path)
{
    DIR *directory = opendir (path);
    int r = 0;
    for (struct dirent *entry; r == 0 && directory && (entry = readdir (directory));) {
        const char *dot = strrchr (entry->d_name, '.');
        char *file;
        if (!dot || strcmp (dot, ".xsd") != 0)
            continue;
        if (asprintf (&file, "%s/%s", path, entry->d_name) < 0)
            abort ();
        r = read_schema (self, file);
        free (file);
    }
    if (directory)
        closedir (directory);
    return r;
}

/* Reads the schema that is given, or those of a directory and, as the standards come, of iwmo and ijw in it. */
static int read_schemas (struct run *self)
{
    static const char *const below[] = {"", "/iwmo", "/ijw"};
    struct stat about;
    if (!self->xsd)
        return 0;
    if (stat (self->xsd, &about) < 0 || !S_ISDIR (about.st_mode))
        return read_schema (self, self->xsd);
    int r = 0;
    for (size_t i = 0; r == 0 && i < sizeof below / sizeof *below; i++) {
        char *path;
        if (asprintf (&path, "%s%s", self->xsd, below[i]) < 0)
            abort ();
        r = read_directory (self, path);
        free (path);
    }
    return r;
}

/* The schema whose messages these are; where one file was given, that one. */
static const struct schema_file *find_schema (const struct run *self, const struct mapping *mapping)
{
    struct schema_element root;
    for (size_t i = 0; i < self->schema_count; i++) {
        if (schema_file_root (self->schemas[i], mapping->root->space->uri, mapping->root->name, &root) &&
            strcmp (schema_file_target (self->schemas[i]), mapping->root->space->uri) == 0)
            return self->schemas[i];
    }
    return self->schema_count == 1 ? self->schemas[0] : NULL;
}

/* Holds the shape that goes out against its own schema, which stands beside the mapping. */
static int check_shape (const struct run *self, const struct mapping *mapping, struct mapping_findings *findings)
{
    char error[ERROR_SIZE];
    struct schema_file *schema = NULL;
    char *path = mapping_find_schema (mapping, NULL);
    int r = 0;
    if (!path)
        mapping_fault (findings, 0, "there is no schema %s beside it, by which what goes out could be judged",
                       mapping->schema ? mapping->schema : "of its shape");
    else if (schema_file_read (path, &schema, error, sizeof error) < 0 ||
             mapping_check_shape (mapping, schema, findings, error, sizeof error) < 0)
        r = complain (self, EX_CONFIG, error);
    schema_file_destroy (&schema);
    free (path);
    return r;
}

static int check_schemas (const struct run *self, const struct mapping *mapping, struct mapping_findings *findings)
{
    char error[ERROR_SIZE];
    const struct schema_file *schema = find_schema (self, mapping);
    if (schema && mapping_check_message (mapping, schema, findings, error, sizeof error) < 0)
        return complain (self, EX_CONFIG, error);
    if (!schema && self->xsd)
        mapping_note (findings, 0, "no schema in %s is of these messages: it is not held against one", self->xsd);
    return mapping->reshapes ? check_shape (self, mapping, findings) : 0;
}

static int check_mapping (struct run *self, const char *file)
{
    char error[ERROR_SIZE];
    struct mapping *mapping = mapping_read (file, error, sizeof error);
    if (!mapping) {
        self->wrong++;
        escape_line (stdout, "%s", error);
        return 0;
    }
    struct mapping_findings findings = {0};
    mapping_check_print (mapping, self->policy, stdout);
    if (self->policy)
        mapping_check_policy (mapping, self->policy, &findings);
    int r = check_schemas (self, mapping, &findings);
    mapping_findings_print (&findings, mapping->name, stdout);
    bool by_schema = find_schema (self, mapping);
    if (r == 0)
        printf ("%s: %s%s\n\n", mapping->name, findings.faults > 0 ? "wrong" : "in order",
                self->policy && by_schema ? ""
                : self->policy            ? "; not held against a schema (--xsd)"
                : by_schema               ? "; not held against a policy (--pack)"
                                          : "; not held against a policy (--pack) or a schema (--xsd)");
    self->wrong += findings.faults > 0;
    mapping_findings_clear (&findings);
    mapping_destroy (&mapping);
    return r;
}

static int read_options (struct run *self, int argc, char **argv)
{
    static const struct option options[] = {{"pack", required_argument, NULL, 'p'},
                                            {"xsd", required_argument, NULL, 'x'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    opterr = 0;
    optind = 0; /* the words before were read by getopt too */
    for (int option; (option = getopt_long (argc, argv, "h", options, NULL)) != -1;) {
        if (option == 'p')
            self->pack = optarg;
        else if (option == 'x')
            self->xsd = optarg;
        else if (option == 'h')
            return -1;
        else
            return complain (self, EX_USAGE, option_fault (argv, "h", options));
    }
    return optind < argc ? 0 : complain (self, EX_USAGE, "a mapping is needed; see --help");
}

int mapping_check_run (int argc, char **argv)
{
    struct run self = {.name = argv[0]};
    int r = read_options (&self, argc, argv);
    if (r < 0) {
        print_help (self.name);
        return 0;
    }
    if (r == 0)
        r = read_pack (&self);
    if (r == 0)
        r = read_schemas (&self);
    for (int i = optind; r == 0 && i < argc; i++)
        r = check_mapping (&self, argv[i]);
    for (size_t i = 0; i < self.schema_count; i++)
        schema_file_destroy (&self.schemas[i]);
    policy_destroy (&self.policy);
    return r == 0 && self.wrong > 0 ? EX_DATAERR : r;
}
