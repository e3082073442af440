/* Which table describes which record. For record.c, and for the tests. */
#pragma once
#include "fields/fields.h"
#include "rules/subject.h"

enum record_sort {
    RECORD_STATEMENT,
    RECORD_REQUEST,
    RECORD_SUBJECT,
    RECORD_SUBJECT_FILE,
    RECORD_PARTY,
    RECORD_EVENT,
    RECORD_CURSOR,
    RECORD_CONSUMER,
    RECORD_RECEIVED,
    RECORD_OBLIGATION,
    RECORD_RIGHTS,
    RECORD_EVIDENCE,
    RECORD_SORTS,
};

/* A subject's facts alone. */
struct subject_facts {
    struct subject subject;
    uint32_t statements; /* before schema 4 of the store: how many records of statements belonged to it */
    uint32_t parts;      /* of facts before a change; 0: all */
};

extern struct message records[RECORD_SORTS];
