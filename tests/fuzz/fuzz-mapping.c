/* The reader of mappings and of XML Schemas, fed with both: a mapping, a line "=== schema", and the schema that it
   is held against. What is read must be whole: who passes on a message looks no second time. */
#include <libxml/parser.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "mapping_check_print.h"
#include "mapping_check_schema.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void must (bool holds)
{
    if (!holds)
        abort ();
}

/* Every rule can be found from its parent, by the name that it has. */
static void check_rules (const struct mapping_rule *parent)
{
    for (const struct mapping_rule *rule = parent->first_child; rule; rule = rule->next) {
        must (rule->parent == parent && mapping_find (parent, rule->space->uri, rule->name) == rule);
        must ((rule->use == MAPPING_CATEGORY) == (rule->category != NULL));
        check_rules (rule);
    }
}

static bool stands_in (const struct mapping_rule *rule, const struct mapping_rule *above)
{
    while (rule && rule != above)
        rule = rule->parent;
    return rule;
}

static void check_mapping (const struct mapping *mapping)
{
    bool returned = mapping_is_return (mapping);
    check_rules (mapping->root);
    must (mapping->release && mapping->from.count > 0 && mapping->to.count > 0);
    must (mapping->sender.rule && mapping->identification);
    must (returned != (mapping->purpose && mapping->flow));
    must (returned || (mapping->subject != NULL) != (mapping->subject_by != NULL));
    must (!mapping->subject || !mapping->subject->first_child);
    must (!mapping->client || (mapping->subject && stands_in (mapping->subject, mapping->client)));
    must ((mapping->clients == MAPPING_ONE_CLIENT) == (mapping->client == NULL));
    must ((mapping->removal.rule != NULL) == (mapping->removal.same_as.count > 0));
    must (!returned || mapping->returns.identifications.count > 0);
}

static void check_schema (const struct mapping *mapping, const char *text, size_t size)
{
    char path[] = "/tmp/fuzz-mapping-XXXXXX", error[512];
    int descriptor = mkstemp (path);
    FILE *stream = descriptor < 0 ? NULL : fdopen (descriptor, "we");
    must (stream && fwrite (text, 1, size, stream) == size && fclose (stream) == 0);
    struct schema_file *schema;
    if (schema_file_read (path, &schema, error, sizeof error) == 0) {
        struct mapping_findings findings = {0};
        mapping_check_message (mapping, schema, &findings, error, sizeof error);
        mapping_check_shape (mapping, schema, &findings, error, sizeof error);
        mapping_findings_clear (&findings);
        schema_file_destroy (&schema);
    }
    remove (path);
}

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
    static const char mark[] = "\n=== schema\n";
    static FILE *nowhere;
    if (!nowhere)
        nowhere = fopen ("/dev/null", "we");
    const char *text = (const char *)data, *schema = memmem (data, size, mark, sizeof mark - 1);
    size_t length = schema ? (size_t)(schema - text) : size;
    char error[512] = "";
    struct mapping *mapping = mapping_parse ("fuzz.map", text, length, error, sizeof error);
    must ((mapping != NULL) == (*error == 0));
    if (!mapping)
        return 0;
    check_mapping (mapping);
    mapping_check_print (mapping, NULL, nowhere);
    if (schema)
        check_schema (mapping, schema + sizeof mark - 1, size - length - (sizeof mark - 1));
    mapping_destroy (&mapping);
    return 0;
}
