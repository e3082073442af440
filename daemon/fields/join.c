#include "joined.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "unconst.h"

/* A join that is being made. */
struct join {
    const ProtobufCMessageDescriptor *descriptor;
    const ProtobufCFieldDescriptor *wire;
    struct slot *slot;
    unsigned found; /* how many entries serve the field */
};

/* Where the entries of a table are. */
struct within {
    const char *group; /* the group whose entries are fields of the message itself; NULL: none */
    uint32_t offset;
    int32_t via;
    bool in_full;
};

static const char *last_part (const char *name)
{
    const char *dot = strrchr (name, '.');
    return dot ? dot + 1 : name;
}

static bool is_named (const struct field *field, const char *group, const char *name)
{
    const char *own = last_part (field->name);
    if (strcmp (name, own) == 0 || (field->also && strcmp (name, field->also) == 0))
        return true;
    size_t length = group ? strlen (group) : 0;
    return length > 0 && strncmp (name, group, length) == 0 && name[length] == '_' &&
           strcmp (name + length + 1, own) == 0;
}

static const ProtobufCFieldDescriptor *message_of (const ProtobufCMessageDescriptor *descriptor,
                                                   const struct field *group)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if (descriptor->fields[i].type == PROTOBUF_C_TYPE_MESSAGE &&
            is_named (group, NULL, descriptor->fields[i].name))
            return &descriptor->fields[i];
    return NULL;
}

static bool is_in_list (const struct field *field)
{
    switch (field->kind) {
    case FIELD_TEXTS:
    case FIELD_WORDS:
    case FIELD_NUMBERS:
    case FIELD_NUMBERS_LIST:
    case FIELD_FIXED_LIST:
    case FIELD_CODES:
    case FIELD_CODES_LIST:
    case FIELD_LIST:
    case FIELD_PACKED_LIST:
        return true;
    default:
        return false;
    }
}

static bool is_of_type (const struct field *field, const ProtobufCFieldDescriptor *wire)
{
    bool is_packed = (wire->flags & PROTOBUF_C_FIELD_FLAG_PACKED) != 0;
    switch (field->kind) {
    case FIELD_TEXT:
    case FIELD_TEXTS:
    case FIELD_WORDS:
    case FIELD_DAY:
        return wire->type == PROTOBUF_C_TYPE_STRING;
    case FIELD_FLAG:
        return wire->type == PROTOBUF_C_TYPE_BOOL;
    case FIELD_NUMBER:
        return wire->type == (field->size == sizeof (uint64_t) ? PROTOBUF_C_TYPE_UINT64 : PROTOBUF_C_TYPE_UINT32);
    case FIELD_MOMENT:
        return wire->type == PROTOBUF_C_TYPE_SINT64 || wire->type == PROTOBUF_C_TYPE_INT64;
    case FIELD_CHOICE:
        return field->size == sizeof (uint32_t) && field->most > 0 &&
               (wire->type == PROTOBUF_C_TYPE_UINT32 || wire->type == PROTOBUF_C_TYPE_ENUM);
    case FIELD_NUMBERS:
        return wire->type == PROTOBUF_C_TYPE_UINT32 && is_packed;
    case FIELD_NUMBERS_LIST:
        return (wire->type == PROTOBUF_C_TYPE_UINT32 || wire->type == PROTOBUF_C_TYPE_ENUM) && is_packed &&
               field->size == sizeof (uint32_t);
    case FIELD_CODES:
        return wire->type == PROTOBUF_C_TYPE_ENUM && is_packed;
    case FIELD_FIXED:
    case FIELD_FIXED_AT:
    case FIELD_BYTES:
    case FIELD_FIXED_LIST:
    case FIELD_CODES_LIST:
        return wire->type == PROTOBUF_C_TYPE_BYTES;
    case FIELD_GROUP:
    case FIELD_LIST:
    case FIELD_PACKED:
    case FIELD_PACKED_LIST:
        return wire->type == PROTOBUF_C_TYPE_MESSAGE;
    case FIELD_PASSED_OVER:
        return true;
    }
    return false;
}

static void take (struct join *join, const struct field *field, const struct within *within)
{
    bool is_pointer = field->kind == FIELD_GROUP && field->is_pointer;
    bool is_as_many =
        field->kind == FIELD_PASSED_OVER || is_in_list (field) == (join->wire->label == PROTOBUF_C_LABEL_REPEATED);
    bool fits = is_of_type (field, join->wire) && is_as_many &&
                (field->kind != FIELD_LIST || field->size == field->inner->size) &&
                !(is_pointer && within->via >= 0);
    if (!fits)
        return;
    join->found++;
    *join->slot = (struct slot){
        .field = field,
        .wire = join->wire,
        .offset = is_pointer ? 0 : within->offset + field->offset,
        .beside = within->offset + field->beside,
        .via = is_pointer ? (int32_t)(within->offset + field->offset) : within->via,
        .in_full = within->in_full || field->in_full,
    };
}

/* Looks for the entries that serve the field of the message. If the table itself has none, looks in the groups
   that have no field in the message. */
static void look (struct join *join, const struct fields *fields, const struct within *within)
{
    unsigned before = join->found;
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *one = &fields->field[i];
        const ProtobufCFieldDescriptor *own = one->kind == FIELD_GROUP ? message_of (join->descriptor, one) : NULL;
        if (one->kind != FIELD_GROUP ? is_named (one, within->group, join->wire->name) : own == join->wire)
            take (join, one, within);
    }
    bool is_own = join->found > before;
    for (size_t i = 0; i < fields->count && !is_own; i++) {
        const struct field *one = &fields->field[i];
        if (one->kind != FIELD_GROUP || message_of (join->descriptor, one) != NULL)
            continue;
        struct within inner = {one->name, within->offset + one->offset, within->via,
                               within->in_full || one->in_full};
        if (one->is_pointer)
            inner.offset = 0, inner.via = (int32_t)(within->offset + one->offset);
        look (join, one->inner, &inner);
    }
}

static const struct joined *make (const struct message *message, const struct fields *fields,
                                  const ProtobufCMessageDescriptor *descriptor, const char **fault);

/* Every entry that is stored has a field. */
static bool is_whole (const struct joined *self, const struct fields *fields, const char **fault)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *one = &fields->field[i];
        bool found = one->unstored;
        for (unsigned j = 0; j < self->count; j++)
            found = found || self->slot[j].field == one;
        if (!found && (one->kind != FIELD_GROUP || !is_whole (self, one->inner, fault))) {
            *fault = *fault ? *fault : one->name;
            return false;
        }
    }
    return true;
}

/* Notes what readers ask of the slot most often. */
static void note (struct joined *self, unsigned index)
{
    const struct slot *slot = &self->slot[index];
    const struct field *field = slot->field;
    bool is_needed = field->required || (field->kind == FIELD_FIXED && !field->has_beside) ||
                     (field->kind == FIELD_CHOICE && field->least > 0);
    if (slot->wire->id < JOINED_LOW)
        self->low[slot->wire->id] = (uint8_t)(index + 1);
    if (field->kind == FIELD_WORDS)
        self->has_words = true;
    if (field->kind == FIELD_TEXT && slot->via < 0)
        self->texts |= slot_bit (index);
    if (is_needed)
        self->needed |= slot_bit (index);
}

static bool fill (const struct message *message, struct joined *self, const char **fault)
{
    static const struct field passed_over = {PASSED_OVER ("")};
    for (unsigned i = 0; i < self->count; i++) {
        struct join join = {self->descriptor, &self->descriptor->fields[i], &self->slot[i], 0};
        look (&join, self->fields, &(struct within){.via = -1});
        if (join.found == 0 && message->is_part)
            *join.slot = (struct slot){.field = &passed_over, .wire = join.wire, .via = -1};
        else if (join.found != 1) {
            *fault = join.wire->name;
            return false;
        }
        note (self, i);
        if (join.slot->field->inner != NULL) {
            join.slot->inner = make (message, join.slot->field->inner, join.wire->descriptor, fault);
            if (join.slot->inner == NULL)
                return false;
        }
    }
    return !message->is_record || is_whole (self, self->fields, fault);
}

static void unmake (const struct joined *self)
{
    for (unsigned i = 0; i < self->count; i++)
        if (self->slot[i].inner != NULL)
            unmake (self->slot[i].inner);
    free (unconst (self));
}

static const struct joined *make (const struct message *message, const struct fields *fields,
                                  const ProtobufCMessageDescriptor *descriptor, const char **fault)
{
    struct joined *made = calloc (1, sizeof *made + descriptor->n_fields * sizeof made->slot[0]);
    if (made == NULL)
        abort ();
    made->fields = fields;
    made->descriptor = descriptor;
    made->count = descriptor->n_fields;
    if (made->count <= JOINED_FIELDS && fill (message, made, fault))
        return made;
    *fault = *fault ? *fault : descriptor->name;
    unmake (made);
    return NULL;
}

const char *message_join (struct message *self)
{
    const char *fault = NULL;
    if (self->joined == NULL)
        self->joined = make (self, self->fields, self->descriptor, &fault);
    return fault;
}

const struct joined *message_joined (struct message *self)
{
    const char *fault = self->joined != NULL ? NULL : message_join (self);
    if (fault != NULL) {
        fprintf (stderr, "consentd: the field %s of %s has no entry, or one that does not fit\n", fault,
                 self->descriptor->name);
        abort ();
    }
    return self->joined;
}

bool slot_is_in_log (const struct slot *self)
{
    const struct joined *inner = self->inner;
    if (inner == NULL)
        return self->field->in_log && self->wire->type != PROTOBUF_C_TYPE_MESSAGE;
    bool shows_any = !self->field->is_chosen;
    for (unsigned i = 0; i < inner->count; i++)
        shows_any |= inner->slot[i].field->in_log;
    return self->field->in_log && shows_any;
}

void fields_clear (const struct fields *fields, void *to)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = &fields->field[i];
        void *at = (char *)to + field->offset;
        if (field->kind == FIELD_TEXT && *(const char **)at == NULL)
            *(const char **)at = "";
        if (field->kind == FIELD_GROUP && !field->is_pointer)
            fields_clear (field->inner, at);
    }
}
