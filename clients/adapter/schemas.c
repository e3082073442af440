#include "schemas.h"
#include "allocate.h"
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
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
    char element[64]; /* only a name that the schema knows: an unknown one could be anybody's name */
};

static void keep_first (void *context, xmlError *error)
{
    struct first_violation *first = context;
    if (first->code != 0)
        return;
    first->code = error->code;
    const xmlNode *node = error->node;
    bool of_value =
        error->code >= XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 && error->code <= XML_SCHEMAV_CVC_ENUMERATION_VALID;
    if (node && node->type == XML_ELEMENT_NODE && of_value)
        snprintf (first->element, sizeof first->element, " at %s", (const char *)node->name);
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
    snprintf (error, error_size, "not valid against the XML Schema%s (libxml2 error %d)", first.element,
              first.code);
    return 1;
}
