#include "triage_file.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>
#include "ctl.h"
#include "question_file.h"
#include "moments.h"

enum { FILE_LIMIT = 1 << 16 };

static int bad (const char *field, const char *what)
{
    return ctl_fail (EX_DATAERR, "the triage decision: %s: %s", field, what);
}

static int read_inform (const json_t *value, Consentd__Inform *inform)
{
    const char *text = json_string_value (value);
    if (text && strcasecmp (text, "before") == 0)
        *inform = CONSENTD__INFORM__BEFORE;
    else if (text && strcasecmp (text, "after") == 0)
        *inform = CONSENTD__INFORM__AFTER;
    else
        return bad ("inform", "before or after");
    return 0;
}

static int read_field (struct ctl *ctl, const ProtobufCFieldDescriptor *field, const json_t *value, void *at)
{
    const char *text = json_string_value (value);
    switch (field->type) {
    case PROTOBUF_C_TYPE_BOOL:
        if (!json_is_boolean (value))
            return bad (field->name, "true or false");
        *(protobuf_c_boolean *)at = json_is_true (value);
        return 0;
    case PROTOBUF_C_TYPE_ENUM:
        return read_inform (value, at);
    case PROTOBUF_C_TYPE_INT64:
        if (!text || !moment_parse_end (text, at))
            return bad (field->name, moment_fault (text ? text : ""));
        return 0;
    default:
        if (!text)
            return bad (field->name, "a text");
        *(char **)at = arena_strdup (ctl->arena, text);
        return 0;
    }
}

static int read_fields (struct ctl *ctl, json_t *object, Consentd__Triage *triage)
{
    const char *name;
    json_t *value;
    json_object_foreach (object, name, value)
    {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name (triage->base.descriptor, name);
        if (!field)
            return bad ("a name in it", "not a field that 'consentctl check --help' names");
        int error = read_field (ctl, field, value, (char *)triage + field->offset);
        if (error)
            return error;
    }
    return 0;
}

int triage_file_read (struct ctl *ctl, const char *path, Consentd__Triage *triage)
{
    char *text;
    size_t size;
    int error = question_file_read (ctl, path, FILE_LIMIT, &text, &size);
    if (error)
        return error;
    json_t *object = json_loadb (text, size, JSON_REJECT_DUPLICATES, NULL);
    explicit_bzero (text, size);
    error = json_is_object (object) ? read_fields (ctl, object, triage)
                                    : ctl_fail (EX_DATAERR, "%s: not a JSON object", path);
    json_decref (object);
    return error;
}
