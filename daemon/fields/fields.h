/* Describes a struct once. A table has one entry for each field of the struct. By the table the struct is written
   to bytes of protobuf and read from them, as a record of ours or as a message of the protocol.

   The .proto defines numbers and types in the bytes. A table is joined once, by the names of the fields, with each
   message that it serves. Every field of the message has an entry, unless only a part of the message is wanted. A
   message need not have all entries, except a record, which holds all.

   An entry is written as {TEXT (statement, motivation), .in_full = true}: a macro for what the C compiler can
   check, and the other properties by name. */
#pragma once
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "bytes.h"
#include "rules/statement.h"

struct arena;
struct fields;
struct joined;

/* What a field is in the struct, and in the bytes. */
enum field_kind {
    FIELD_TEXT,     /* const char *: string. NULL is written as "". "" is read if there is none */
    FIELD_TEXTS,    /* struct text_set: repeated string */
    FIELD_WORDS,    /* struct text_set: repeated string, in the outermost message. The texts of its fields with a
                       higher number, and of the messages in them, each once: such a field has a word's number, from
                       1, as a varint instead of a string. When words are written they are found, and the member is
                       not looked at */
    FIELD_DAY,      /* struct day: string "YYYY-MM-DD"; none: month 0 */
    FIELD_FLAG,     /* bool: bool */
    FIELD_NUMBER,   /* uint32_t or uint64_t: uint32 or uint64 */
    FIELD_MOMENT,   /* moment: sint64; in the protocol int64, where 0 is written for MOMENT_NEVER */
    FIELD_CHOICE,   /* an enum, from `least` to `most`: uint32, or an enum with the same numbers */
    FIELD_FIXED,    /* uint8_t[] or struct id: bytes of that size. With `flag`: a bool says whether they are there.
                       Without: they are always written, and a record without them is damaged */
    FIELD_FIXED_AT, /* const uint8_t *: bytes of `most`. NULL: none */
    FIELD_BYTES,    /* struct bytes: bytes; in a request they have the size `most`, if that is set */
    FIELD_NUMBERS,  /* uint32_t[], or a struct of them: repeated uint32, without the zeroes at the end */
    FIELD_NUMBERS_LIST, /* pointer to uint32_t: repeated uint32, or enum. Only written */
    FIELD_FIXED_LIST,   /* pointer to arrays of bytes: repeated bytes, each of that size */
    FIELD_CODES,        /* struct rule_codes: repeated enum with the same numbers. Only written */
    FIELD_CODES_LIST,   /* pointer to struct rule_codes: repeated bytes, one byte a code. None: NULL */
    FIELD_GROUP,  /* a struct in the struct, or a part of its fields: a message. If the message that is joined has
                     no field of that name, the group's fields are its own */
    FIELD_LIST,   /* pointer to structs: repeated message */
    FIELD_PACKED, /* struct bytes: a message, in its bytes. Size 0: none */
    FIELD_PACKED_LIST, /* pointer to struct bytes: repeated message, each in its bytes. Only written */
    FIELD_PASSED_OVER, /* no member: the field is known, and neither read nor written */
};

struct field {
    /* The member. Its last part is the name of the field; in a group also "GROUP_NAME". If two entries have one
       name, the one serves whose type is that of the field. */
    const char *name;
    const char *also; /* another name of the field in messages; NULL: none */
    enum field_kind kind;
    uint32_t offset, size; /* of the member */
    uint32_t beside; /* the offset of a list's count, of the flag of FIELD_FIXED or a group, or of a choice */
    bool has_beside; /* `beside` is set */
    bool is_pointer; /* of a group: the member points to the struct; such a group is only written */
    const struct fields *inner; /* of a group or a list */
    uint32_t least, most;       /* of a choice, or of a number in a request; `most` of FIELD_FIXED_AT */
    bool is_chosen;             /* of a group: it is there only if the number beside it is `least`; only written */
    bool required;              /* of a group that is a message: always written; without it a record is damaged */
    bool unstored;              /* records do not have it */
    bool in_full;               /* only for readers that see the struct in full (struct fields) */
    bool in_log;                /* the log shows it to operators: nothing that a person is, or wrote (A3) */
    /* What only the reader of requests looks at (codec/wire.h): */
    uint8_t sort;       /* an enum syntax_sort, of texts and bytes; of a body its verb */
    bool needed;        /* it must be given */
    bool as_given;      /* of texts: they are not sorted, and doubles stay */
    uint32_t otherwise; /* of a number with `least` and `most`: what 0 stands for */
};

struct fields {
    const struct field *field;
    size_t count;
    size_t size; /* of the struct */
    /* The offset of a bool in the struct, which says whether the struct and what is in it are shown in full. 0:
       the struct is shown as the one that it is in; the outermost is shown in full. */
    size_t full;
};

/* The offset of a member of that type, which the compiler checks. */
#define FIELD_OFFSET(tag, member, type)                                                              \
    (offsetof (struct tag, member) +                                                                 \
     0 * sizeof (struct {                                                                            \
         _Static_assert(__builtin_types_compatible_p (__typeof__ (((struct tag *)0)->member), type), \
                        #member " is of another type");                                              \
         char none;                                                                                  \
     }))
#define FIELD_SIZE(tag, member) sizeof (((struct tag *)0)->member)
#define FIELD_TYPED(kind_, tag, member, type) \
    .name = #member, .kind = kind_, .offset = FIELD_OFFSET (tag, member, type), .size = FIELD_SIZE (tag, member)
#define FIELD_SIZED(kind_, tag, member, size_) \
    .name = #member, .kind = kind_, .offset = offsetof (struct tag, member), .size = size_
#define FIELD_COUNTED(kind_, tag, member, count_)                        \
    FIELD_SIZED (kind_, tag, member, sizeof *((struct tag *)0)->member), \
        .beside = FIELD_OFFSET (tag, count_, size_t), .has_beside = true

#define TEXT(tag, member) FIELD_TYPED (FIELD_TEXT, tag, member, const char *)
#define TEXTS(tag, member) FIELD_TYPED (FIELD_TEXTS, tag, member, struct text_set)
#define WORDS_OF(tag, member) FIELD_TYPED (FIELD_WORDS, tag, member, struct text_set)
#define DAY(tag, member) FIELD_TYPED (FIELD_DAY, tag, member, struct day)
#define FLAG(tag, member) FIELD_TYPED (FIELD_FLAG, tag, member, bool)
#define NUMBER(tag, member) FIELD_TYPED (FIELD_NUMBER, tag, member, uint64_t)
#define NUMBER32(tag, member) FIELD_TYPED (FIELD_NUMBER, tag, member, uint32_t)
#define MOMENT(tag, member) FIELD_TYPED (FIELD_MOMENT, tag, member, moment)
#define CHOICE(tag, member, least_, most_) \
    FIELD_SIZED (FIELD_CHOICE, tag, member, FIELD_SIZE (tag, member)), .least = least_, .most = most_
#define FIXED(tag, member) FIELD_SIZED (FIELD_FIXED, tag, member, FIELD_SIZE (tag, member))
#define FIXED_IF(tag, member, flag_) \
    FIXED (tag, member), .beside = FIELD_OFFSET (tag, flag_, bool), .has_beside = true
#define FIXED_AT(tag, member, size_) FIELD_TYPED (FIELD_FIXED_AT, tag, member, const uint8_t *), .most = size_
#define BYTES(tag, member) FIELD_TYPED (FIELD_BYTES, tag, member, struct bytes)
#define NUMBERS(tag, member) FIELD_SIZED (FIELD_NUMBERS, tag, member, FIELD_SIZE (tag, member))
#define NUMBERS_LIST(tag, member, count_) FIELD_COUNTED (FIELD_NUMBERS_LIST, tag, member, count_)
#define FIXED_LIST(tag, member, count_) FIELD_COUNTED (FIELD_FIXED_LIST, tag, member, count_)
/* Of a table for struct rule_codes itself, which has only this field. */
#define CODES(name_) .name = name_, .kind = FIELD_CODES
#define CODES_LIST(tag, member, count_) FIELD_COUNTED (FIELD_CODES_LIST, tag, member, count_)
#define LIST(tag, member, count_, fields_) FIELD_COUNTED (FIELD_LIST, tag, member, count_), .inner = fields_
#define PACKED(tag, member) FIELD_TYPED (FIELD_PACKED, tag, member, struct bytes)
#define PACKED_LIST(tag, member, count_) FIELD_COUNTED (FIELD_PACKED_LIST, tag, member, count_)
/* A struct in the struct; a struct that is there only if a bool says so; a struct that is pointed to; some fields
   of the struct itself. */
#define GROUP(tag, member, fields_) \
    FIELD_SIZED (FIELD_GROUP, tag, member, FIELD_SIZE (tag, member)), .inner = fields_
#define GROUP_IF(tag, member, flag_, fields_) \
    GROUP (tag, member, fields_), .beside = FIELD_OFFSET (tag, flag_, bool), .has_beside = true
#define GROUP_AT(tag, member, fields_) \
    FIELD_SIZED (FIELD_GROUP, tag, member, sizeof *((struct tag *)0)->member), .inner = fields_, .is_pointer = true
#define PART(name_, fields_) .name = name_, .kind = FIELD_GROUP, .inner = fields_
#define PART_IF(name_, tag, flag_, fields_) \
    PART (name_, fields_), .beside = FIELD_OFFSET (tag, flag_, bool), .has_beside = true
/* One of several: `member_` points to its struct if `which_`, an enum, is `value`. Written also if it is empty. */
#define ONE_OF(name_, tag, member, which_, value, fields_)                                                    \
    .name = name_, .kind = FIELD_GROUP, .offset = FIELD_OFFSET (tag, member, const void *), .inner = fields_, \
    .is_pointer = true, .beside = offsetof (struct tag, which_), .is_chosen = true, .least = value,           \
    .required = true
#define PASSED_OVER(name_) .name = name_, .kind = FIELD_PASSED_OVER
/* A number of a request, from least_ up to most_; 0 stands for otherwise_. */
#define NUMBER_IN(tag, member, least_, most_, otherwise_) \
    NUMBER32 (tag, member), .least = least_, .most = most_, .otherwise = otherwise_

#define FIELDS_OF(tag, array) .field = array, .count = sizeof array / sizeof *array, .size = sizeof (struct tag)

/* A table and the message that it serves. Static, one for each pair. The first use sets `joined`. */
struct message {
    const struct fields *fields;
    const ProtobufCMessageDescriptor *descriptor;
    bool is_record; /* every entry that is stored must have its field */
    bool is_part;   /* fields of the message that have no entry are passed over */
    const struct joined *joined;
};

/* Joins the two, if they are not joined yet. NULL, or the name of the first field that does not fit: a field of
   the message with no entry, with two entries, or with an entry of another kind; or an entry of a record with no
   field. A message that does not fit is never read or written: the process ends. */
const char *message_join (struct message *self);

/* Writes the struct into the arena. */
struct bytes fields_write (struct message *message, const void *from, struct arena *arena);
/* How many bytes that would be. */
size_t fields_size (struct message *message, const void *from);

/* Reads a struct from bytes that we wrote ourselves. Fields that the message does not have are ignored. The bytes
   are the arena's, or live as long: the struct's texts stay in them. Each text is moved one byte to the left, over
   its length, so that there is room for its NUL. Sets all of the struct; what has no field in the message is zero.
   False: the bytes are no such struct, and `to` may not be used. */
bool fields_read (struct message *message, struct arena *arena, uint8_t *data, size_t size, void *to);

/* Absent text is "": sets every text of the struct, and of the structs in it, that is NULL. */
void fields_clear (const struct fields *fields, void *to);
