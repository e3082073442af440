#include "schema_file.h"
#include "allocate.h"
#include "input.h"
#include <errno.h>
#include <libxml/parser.h>
#include <stdio.h>

enum { DOCUMENTS_MAX = 16, NESTING_MAX = 32 };

struct schema_file {
    xmlDoc *documents[DOCUMENTS_MAX]; /* the first is the schema itself */
    char *paths[DOCUMENTS_MAX];
    size_t count;
};

/* What is gathered of one element's type. */
struct gathering {
    const struct schema_file *schema;
    struct schema_children *children;
    char *error;
    size_t size;
    unsigned depth;
};

/* How often what stands in a group may occur, seen from the element around it. */
struct often {
    bool optional, repeated;
};

static const char SCHEMA[] = "http://www.w3.org/2001/XMLSchema";

static bool is_schema_node (const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns && strcmp ((const char *)node->ns->href, SCHEMA) == 0 &&
           (!name || strcmp ((const char *)node->name, name) == 0);
}

/* The text of an attribute without a namespace, or NULL. Borrowed. */
static const char *attribute (const xmlNode *node, const char *name)
{
    for (const xmlAttr *one = node->properties; one; one = one->next) {
        if (!one->ns && strcmp ((const char *)one->name, name) == 0)
            return one->children && one->children->content ? (const char *)one->children->content : "";
    }
    return NULL;
}

static const char *target_of (const xmlDoc *document)
{
    const char *target = attribute (xmlDocGetRootElement (document), "targetNamespace");
    return target ? target : "";
}

const char *schema_file_target (const struct schema_file *self)
{
    return target_of (self->documents[0]);
}

static int read_document (struct schema_file *self, const char *path, char *error, size_t size);

/* Reads what a document includes and imports. A place on the network is passed over: what is needed of it is then
   not found. */
static int read_others (struct schema_file *self, const xmlDoc *document, const char *path, char *error,
                        size_t size)
{
    const char *slash = strrchr (path, '/');
    int directory = slash ? (int)(slash - path + 1) : 0;
    int r = 0;
    for (const xmlNode *node = xmlDocGetRootElement (document)->children; node && r == 0; node = node->next) {
        const char *place = is_schema_node (node, "include") || is_schema_node (node, "import")
                                ? attribute (node, "schemaLocation")
                                : NULL;
        if (!place || strstr (place, "://"))
            continue;
        char *other;
        if (asprintf (&other, "%.*s%s", *place == '/' ? 0 : directory, path, place) < 0)
            abort ();
        r = read_document (self, other, error, size);
        free (other);
    }
    return r;
}

static xmlDoc *parse (const char *path)
{
    char *text = allocate (SCHEMA_FILE_MAX, 1);
    ssize_t length = input_read (path, text, SCHEMA_FILE_MAX);
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
    xmlDoc *document = length > 0 ? xmlReadMemory (text, (int)length, NULL, NULL, options) : NULL;
    free (text);
    const xmlNode *root = document ? xmlDocGetRootElement (document) : NULL;
    if (root && is_schema_node (root, "schema"))
        return document;
    xmlFreeDoc (document);
    return NULL;
}

static int read_document (struct schema_file *self, const char *path, char *error, size_t size)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp (self->paths[i], path) == 0)
            return 0;
    }
    xmlDoc *document = self->count < DOCUMENTS_MAX ? parse (path) : NULL;
    if (!document) {
        snprintf (error, size, "%s: cannot be used as an XML Schema", path);
        return -EINVAL;
    }
    self->documents[self->count] = document;
    self->paths[self->count++] = allocate_text (path);
    return read_others (self, document, path, error, size);
}

int schema_file_read (const char *path, struct schema_file **self_p, char *error, size_t size)
{
    *self_p = allocate (1, sizeof **self_p);
    int r = read_document (*self_p, path, error, size);
    if (r < 0)
        schema_file_destroy (self_p);
    return r;
}

void schema_file_destroy (struct schema_file **self_p)
{
    if (!*self_p)
        return;
    for (size_t i = 0; i < (*self_p)->count; i++) {
        xmlFreeDoc ((*self_p)->documents[i]);
        free ((*self_p)->paths[i]);
    }
    free (*self_p);
    *self_p = NULL;
}

/* The global declaration of this sort and name. */
static const xmlNode *find_global (const struct schema_file *self, const char *sort, const char *uri,
                                   const char *name)
{
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp (target_of (self->documents[i]), uri) != 0)
            continue;
        for (const xmlNode *node = xmlDocGetRootElement (self->documents[i])->children; node; node = node->next) {
            const char *found = is_schema_node (node, sort) ? attribute (node, "name") : NULL;
            if (found && strcmp (found, name) == 0)
                return node;
        }
    }
    return NULL;
}

/* The namespace of a name in an attribute: "iwmo:CDT_Product". Declarations stand at the node or above it. */
static const char *uri_of_reference (const xmlNode *node, const char *reference)
{
    size_t size = strcspn (reference, ":");
    bool prefixed = reference[size];
    for (const xmlNode *at = node; at && at->type == XML_ELEMENT_NODE; at = at->parent) {
        for (const xmlNs *one = at->nsDef; one; one = one->next) {
            const char *prefix = one->prefix ? (const char *)one->prefix : "";
            if (prefixed ? strncmp (prefix, reference, size) == 0 && strlen (prefix) == size : !*prefix)
                return (const char *)one->href;
        }
    }
    return "";
}

static const xmlNode *find_named (const struct schema_file *self, const char *sort, const xmlNode *node,
                                  const char *reference)
{
    const char *colon = strchr (reference, ':');
    return find_global (self, sort, uri_of_reference (node, reference), colon ? colon + 1 : reference);
}

static bool is_built_in (const xmlNode *node, const char *reference)
{
    return strcmp (uri_of_reference (node, reference), SCHEMA) == 0;
}

static int refuse (struct gathering *self, const xmlNode *node)
{
    snprintf (self->error, self->size, "line %ld of the XML Schema: '%s' is not understood here",
              xmlGetLineNo (node), (const char *)node->name);
    return -EINVAL;
}

static struct often occurrence (const xmlNode *node, struct often around)
{
    const char *least = attribute (node, "minOccurs"), *most = attribute (node, "maxOccurs");
    return (struct often){.optional = around.optional || (least && strtol (least, NULL, 10) == 0),
                          .repeated = around.repeated || (most && strcmp (most, "0") && strcmp (most, "1"))};
}

static const char *uri_of_local (const xmlNode *node)
{
    const char *form = attribute (node, "form");
    if (!form)
        form = attribute (xmlDocGetRootElement (node->doc), "elementFormDefault");
    return form && strcmp (form, "qualified") == 0 ? target_of (node->doc) : "";
}

static int add_element (struct gathering *self, const xmlNode *node, struct often often)
{
    struct schema_children *children = self->children;
    const char *reference = attribute (node, "ref"), *most = attribute (node, "maxOccurs");
    const xmlNode *declared = reference ? find_named (self->schema, "element", node, reference) : node;
    if (!declared || children->count == SCHEMA_CHILDREN_MAX || !attribute (declared, "name"))
        return refuse (self, node);
    if (most && strcmp (most, "0") == 0)
        return 0;
    struct schema_element element = {.uri = reference ? target_of (declared->doc) : uri_of_local (node),
                                     .name = attribute (declared, "name"),
                                     .required = !often.optional,
                                     .repeated = often.repeated,
                                     .node = declared};
    for (size_t i = 0; i < children->count; i++) {
        struct schema_element *known = &children->elements[i];
        if (strcmp (known->name, element.name) == 0 && strcmp (known->uri, element.uri) == 0) {
            known->repeated = true; /* it stands in two places of the same parent */
            known->required |= element.required;
            return 0;
        }
    }
    children->elements[children->count++] = element;
    return 0;
}

static int gather (struct gathering *self, const xmlNode *around, struct often often);

/* Gathers one part of a group or of a type. */
static int gather_part (struct gathering *self, const xmlNode *node, struct often around)
{
    static const char *const silent[] = {"annotation",   "attribute",     "attributeGroup",
                                         "anyAttribute", "simpleContent", "simpleType",
                                         "key",          "keyref",        "unique"};
    struct often often = occurrence (node, around);
    if (is_schema_node (node, "element"))
        return add_element (self, node, often);
    if (is_schema_node (node, "choice"))
        often.optional = true; /* one of them is there, and none of them always */
    if (is_schema_node (node, "sequence") || is_schema_node (node, "all") || is_schema_node (node, "choice"))
        return gather (self, node, often);
    if (is_schema_node (node, "complexContent") || is_schema_node (node, "complexType"))
        return gather (self, node, around);
    const char *base = attribute (node, "base"), *reference = attribute (node, "ref");
    if (is_schema_node (node, "group") && reference) {
        const xmlNode *group = find_named (self->schema, "group", node, reference);
        return group ? gather (self, group, often) : refuse (self, node);
    }
    if (is_schema_node (node, "extension") && base) {
        const xmlNode *type = find_named (self->schema, "complexType", node, base);
        int r = type ? gather (self, type, around) : refuse (self, node);
        return r < 0 ? r : gather (self, node, around);
    }
    if (is_schema_node (node, "restriction"))
        return gather (self, node, around);
    for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
        if (is_schema_node (node, silent[i]))
            return 0;
    }
    return refuse (self, node);
}

static int gather (struct gathering *self, const xmlNode *around, struct often often)
{
    if (self->depth == NESTING_MAX)
        return refuse (self, around);
    self->depth++;
    int r = 0;
    for (const xmlNode *node = around->children; node && r == 0; node = node->next) {
        if (node->type == XML_ELEMENT_NODE)
            r = gather_part (self, node, often);
    }
    self->depth--;
    return r;
}

bool schema_file_root (const struct schema_file *self, const char *uri, const char *name,
                       struct schema_element *root)
{
    const xmlNode *node = find_global (self, "element", uri, name);
    if (node)
        *root = (struct schema_element){.uri = uri, .name = name, .required = true, .node = node};
    return node;
}

int schema_file_children (const struct schema_file *self, const struct schema_element *parent,
                          struct schema_children *children, char *error, size_t size)
{
    struct gathering gathering = {.schema = self, .children = children, .error = error, .size = size};
    const char *name = attribute (parent->node, "type");
    children->count = 0;
    if (!name)
        return gather (&gathering, parent->node, (struct often){0});
    const xmlNode *type = find_named (self, "complexType", parent->node, name);
    if (type)
        return gather (&gathering, type, (struct often){0});
    return is_built_in (parent->node, name) || find_named (self, "simpleType", parent->node, name)
               ? 0
               : refuse (&gathering, parent->node);
}
