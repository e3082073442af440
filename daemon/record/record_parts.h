/* Which table describes which record. For record.c, and for the tests. */
#pragma once
#include "fields/fields.h"

enum record_sort {
    RECORD_STATEMENT,
    RECORD_REQUEST,
    RECORD_SUBJECT,
    RECORD_PARTY,
    RECORD_EVENT,
    RECORD_RECEIVED,
    RECORD_OBLIGATION,
    RECORD_EVIDENCE,
    RECORD_SORTS,
};

extern struct message records[RECORD_SORTS];
