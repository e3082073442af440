#include "schemas.h"
#include "allocate.h"
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <libxml/parser.h>
#include <libxml/xmlschemas.h>
#include "xml_memory.h"

/* One that was read, or that cannot be: then it is tried no second time. */
struct known {
    struct known *next;
    xmlSchema *schema; /* NULL: it cannot be used */
    char file[];
};

struct schemas {
    pthread_mutex_t lock;
    struct known *first;
};

struct schemas *schemas_new (void)
{
    struct schemas *self = allocate (1, sizeof *self);
    xml_memory_prepare ();
    pthread_mutex_init (&self->lock, NULL);
    return self;
}

void schemas_destroy (struct schemas **self_p)
{
    if (!*self_p)
        return;
    for (struct known *known = (*self_p)->first, *next; known; known = next) {
        next = known->next;
        xmlSchemaFree (known->schema);
        free (known);
    }
    pthread_mutex_destroy (&(*self_p)->lock);
    free (*self_p);
    *self_p = NULL;
}

/* Hides libxml2's own messages, which quote the document. Only their line and number are repeated. */
static void stay_silent (void *context, xmlError *error)
{
    (void)context;
    (void)error;
}

static void ignore_text (void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static xmlSchema *read_schema (const char *file)
{
    struct stat about;
    if (stat (file, &about) < 0 || !S_ISREG (about.st_mode)) /* libxml2 would wait for the writer of a FIFO */
        return NULL;
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt (file);
    if (!parser)
        return NULL;
    xmlSchemaSetParserErrors (parser, ignore_text, ignore_text, NULL);
    xmlSchemaSetParserStructuredErrors (parser, stay_silent, NULL);
    xmlExternalEntityLoader before = xmlGetExternalEntityLoader ();
    xmlSetExternalEntityLoader (xmlNoNetExternalEntityLoader);
    xmlSetStructuredErrorFunc (NULL, stay_silent); /* of the XML itself, which the parser's own do not hear */
    xmlSchema *schema = xmlSchemaParse (parser);
    xmlSetStructuredErrorFunc (NULL, NULL);
    xmlSetExternalEntityLoader (before);
    xmlSchemaFreeParserCtxt (parser);
    return schema;
}

struct first_violation {
    int code;
    const char *why; /* NULL: not of a value */
    char path[256];  /* only of names that the schema knows: an unknown one could be anybody's name */
};

/* What is wrong with a value. NULL: the code is not about one. */
static const char *words_of (int code)
{
    switch (code) {
    case XML_SCHEMAV_CVC_LENGTH_VALID:
        return "has another length than it must have";
    case XML_SCHEMAV_CVC_MINLENGTH_VALID:
        return "is too short";
    case XML_SCHEMAV_CVC_MAXLENGTH_VALID:
        return "is too long";
    case XML_SCHEMAV_CVC_MININCLUSIVE_VALID:
    case XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID:
        return "is too small";
    case XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID:
    case XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID:
        return "is too large";
    case XML_SCHEMAV_CVC_TOTALDIGITS_VALID:
    case XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID:
        return "has too many digits";
    case XML_SCHEMAV_CVC_PATTERN_VALID:
        return "is not written as it must be";
    case XML_SCHEMAV_CVC_ENUMERATION_VALID:
        return "is none of the values that it may have";
    default:
        return code >= XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 && code <= XML_SCHEMAV_CVC_ENUMERATION_VALID
                   ? "is no value of its type"
                   : NULL;
    }
}

/* How many elements of its name stand before it, and whether one stands behind it. */
static unsigned position_of (const xmlNode *node, bool *is_alone)
{
    unsigned position = 1;
    for (const xmlNode *at = node->prev; at; at = at->prev)
        position += at->type == XML_ELEMENT_NODE && xmlStrEqual (at->name, node->name);
    *is_alone = position == 1;
    for (const xmlNode *at = node->next; at && *is_alone; at = at->next)
        *is_alone = at->type != XML_ELEMENT_NODE || !xmlStrEqual (at->name, node->name);
    return position;
}

/* As elements.h has it: "Client/Contactgegevens/Contact[2]/Soort". As much of it as there is room for. */
static void write_path (const xmlNode *node, char *path, size_t size)
{
    bool is_alone;
    const xmlNode *parent = node->parent;
    if (parent && parent->type == XML_ELEMENT_NODE && parent->parent && parent->parent->type == XML_ELEMENT_NODE) {
        write_path (parent, path, size);
        size_t length = strlen (path);
        snprintf (path + length, size - length, "/");
    }
    size_t length = strlen (path);
    unsigned position = position_of (node, &is_alone);
    snprintf (path + length, size - length, is_alone ? "%s" : "%s[%u]", (const char *)node->name, position);
}

static void keep_first (void *context, xmlError *error)
{
    struct first_violation *first = context;
    if (first->code != 0)
        return;
    first->code = error->code;
    first->why = words_of (error->code);
    const xmlNode *node = error->node;
    if (node && node->type == XML_ELEMENT_NODE && first->why)
        write_path (node, first->path, sizeof first->path);
}

static xmlSchema *find_schema (struct schemas *self, const char *file)
{
    pthread_mutex_lock (&self->lock);
    struct known *known = self->first;
    while (known && strcmp (known->file, file) != 0)
        known = known->next;
    if (!known) {
        known = allocate (1, sizeof *known + strlen (file) + 1);
        strcpy (known->file, file);
        bool stopped = xml_memory_stop ();
        known->schema = read_schema (file);
        xml_memory_go_on (stopped);
        known->next = self->first;
        self->first = known;
    }
    pthread_mutex_unlock (&self->lock);
    return known->schema;
}

int schemas_validate (struct schemas *self, const char *file, xmlDoc *document, char *error, size_t error_size)
{
    xmlSchema *schema = find_schema (self, file);
    xmlSchemaValidCtxt *validation = schema ? xmlSchemaNewValidCtxt (schema) : NULL;
    if (!validation) {
        snprintf (error, error_size, "%s: cannot be used as an XML Schema", file);
        return -EINVAL;
    }
    struct first_violation first = {0};
    xmlSchemaSetValidStructuredErrors (validation, keep_first, &first);
    int r = xmlSchemaValidateDoc (validation, document);
    xmlSchemaFreeValidCtxt (validation);
    if (r == 0)
        return 0;
    if (*first.path)
        snprintf (error, error_size, "not valid against the XML Schema: %s %s (libxml2 error %d)", first.path,
                  first.why, first.code);
    else
        snprintf (error, error_size, "not valid against the XML Schema (libxml2 error %d)", first.code);
    return 1;
}
