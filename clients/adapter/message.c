#include "message.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <libxml/parser.h>
#include <libxml/xmlsave.h>
#include <libxml/xmlschemas.h>

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

/* The scan has refused every document type before. If the parser should see one all the same, it stops before
   reading it. */
static void stop_at_document_type (void *context, const xmlChar *name, const xmlChar *public_id,
                                   const xmlChar *system_id)
{
    (void)name;
    (void)public_id;
    (void)system_id;
    xmlStopParser (context);
}

static void remove_attributes (xmlNode *element, struct message_extras *extras)
{
    while (element->properties) {
        xmlRemoveProp (element->properties);
        extras->attributes++;
    }
}

/* Keeps only elements and text. Goes no deeper than the scan allowed. */
static void remove_extras (xmlNode *node, struct message_extras *extras)
{
    while (node) {
        xmlNode *next = node->next;
        bool drop = true;
        if (node->type == XML_ELEMENT_NODE) {
            remove_attributes (node, extras);
            remove_extras (node->children, extras);
            drop = false;
        } else if (node->type == XML_TEXT_NODE) {
            drop = false;
        } else if (node->type == XML_COMMENT_NODE) {
            extras->comments++;
        } else if (node->type == XML_PI_NODE) {
            extras->instructions++;
        }
        if (drop) {
            xmlUnlinkNode (node);
            xmlFreeNode (node);
        }
        node = next;
    }
}

int message_read (struct bytes text, xmlDoc **document_p, struct message_extras *extras, char *error,
                  size_t error_size)
{
    *document_p = NULL;
    *extras = (struct message_extras){0};
    int r = message_scan (text.data, text.size, error, error_size);
    if (r < 0)
        return r;
    xmlParserCtxt *parser = xmlNewParserCtxt ();
    if (!parser)
        abort ();
    parser->sax->internalSubset = stop_at_document_type;
    int options =
        XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA | XML_PARSE_IGNORE_ENC;
    xmlDoc *document = xmlCtxtReadMemory (parser, text.data, (int)text.size, NULL, NULL, options);
    if (!document || !parser->wellFormed || !parser->nsWellFormed) {
        snprintf (error, error_size, "line %d: the XML is broken (libxml2 error %d)", parser->lastError.line,
                  parser->lastError.code);
        xmlFreeDoc (document);
        document = NULL;
    }
    xmlFreeParserCtxt (parser);
    if (!document)
        return -EINVAL;
    remove_extras (document->children, extras);
    *document_p = document;
    return 0;
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
    xmlSchema *schema = xmlSchemaParse (parser);
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

int message_validate (xmlDoc *document, const char *file, char *error, size_t error_size)
{
    xmlSchema *schema = read_schema (file);
    xmlSchemaValidCtxt *validation = schema ? xmlSchemaNewValidCtxt (schema) : NULL;
    if (!validation) {
        snprintf (error, error_size, "%s: cannot be used as an XML Schema", file);
        xmlSchemaFree (schema);
        return -EINVAL;
    }
    struct first_violation first = {0};
    xmlSchemaSetValidStructuredErrors (validation, keep_first, &first);
    int r = xmlSchemaValidateDoc (validation, document);
    xmlSchemaFreeValidCtxt (validation);
    xmlSchemaFree (schema);
    if (r == 0)
        return 0;
    snprintf (error, error_size, "not valid against the XML Schema%s (libxml2 error %d)", first.element,
              first.code);
    return 1;
}

char *message_write (xmlDoc *document, size_t *size_p)
{
    xmlBuffer *buffer = xmlBufferCreate ();
    xmlSaveCtxt *save = buffer ? xmlSaveToBuffer (buffer, "UTF-8", XML_SAVE_FORMAT) : NULL;
    if (!save || xmlSaveDoc (save, document) < 0 || xmlSaveClose (save) < 0)
        abort ();
    *size_p = (size_t)xmlBufferLength (buffer);
    char *text = malloc (*size_p + 1);
    if (!text)
        abort ();
    memcpy (text, xmlBufferContent (buffer), *size_p);
    text[*size_p] = 0;
    xmlBufferFree (buffer);
    return text;
}
