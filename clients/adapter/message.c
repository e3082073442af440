#include "message.h"
#include "encoding.h"
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <libxml/parser.h>
#include "xml_memory.h"

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

static xmlDoc *parse (struct bytes text, char error[MESSAGE_ERROR])
{
    xmlParserCtxt *parser = xmlNewParserCtxt ();
    if (!parser)
        abort ();
    parser->sax->internalSubset = stop_at_document_type;
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA |
                  XML_PARSE_IGNORE_ENC | XML_PARSE_BIG_LINES | XML_PARSE_COMPACT;
    /* It is UTF-8, also for the parser: of the encoding by name it would make a copy first. */
    xmlDoc *document = xmlCtxtReadMemory (parser, text.data, (int)text.size, NULL, NULL, options);
    if (!document || !parser->wellFormed || !parser->nsWellFormed) {
        snprintf (error, MESSAGE_ERROR, "line %d: the XML is broken (libxml2 error %d)", parser->lastError.line,
                  parser->lastError.code);
        xml_memory_free (document);
        document = NULL;
    }
    xmlFreeParserCtxt (parser);
    return document;
}

int message_read (struct bytes text, size_t limit, xmlDoc **document_p, struct message_extras *extras,
                  char error[MESSAGE_ERROR])
{
    char *converted = NULL;
    *document_p = NULL;
    *extras = (struct message_extras){0};
    if (text.size > limit) {
        snprintf (error, MESSAGE_ERROR, "larger than the limit of %zu MiB (--limit)", limit / (1024 * 1024));
        return -EINVAL;
    }
    int r = encoding_to_utf8 (&text, &converted, error);
    if (r == 0)
        r = message_scan (text, limit, error);
    if (r == 0)
        *document_p = parse (text, error);
    free (converted);
    if (!*document_p)
        return -EINVAL;
    remove_extras ((*document_p)->children, extras);
    return 0;
}
