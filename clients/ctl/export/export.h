/* consentctl export: what its commands share. */
#pragma once
#include "sink.h"

#define EXPORT_CONSUMER "export" /* of the party of the key, unless another is named */

/* What was asked of an export. */
struct export_order {
    struct ctl *ctl;
    const struct export_form *form;
    const char *position; /* file; NULL: none */
    uint64_t from;        /* the first line or event; 0: not given */
    int64_t since;        /* a moment; 0: not given */
    bool follow;          /* goes on until somebody asks to stop */
    struct sink *sink;
    struct export_mark last;       /* of what is in the file that it adds to */
    const char *to;                /* the name of that file, or the address */
    struct activities *activities; /* of ldv; else NULL */
    const char *source;            /* of cloudevents */
    const char *consumer;          /* of cloudevents; NULL: not given */
};

/* What came of it. */
struct export_tally {
    uint64_t records;    /* that went out */
    uint64_t until;      /* the last line or event that was looked at */
    uint64_t unreadable; /* lines that are missing or damaged */
};

/* 0, also if somebody asked to stop, or an exit code with its line printed. */
int export_lines (const struct export_order *order, struct export_tally *tally);
int export_events (const struct export_order *order, struct export_tally *tally);
