/* Where an export goes: a file, standard output, or a collector of OpenTelemetry. */
#pragma once
#include "form.h"
#include "ctl.h"

enum { SINK_STOPPED = -1 };

struct sink {
    size_t most;       /* records that one put has about, at most */
    uint64_t rejected; /* records that the collector took notice of and does not keep */
    bool is_passing;   /* what is put may be lost with whoever reads it: a pipe, a terminal or another device */
    /* Puts these records out, in their order. 0: they are there for good; SINK_STOPPED: somebody asked to stop,
       and they may or may not be; or an exit code with its line printed. */
    int (*put) (struct sink *self, json_t *records);
    void (*close) (struct sink *self);
};

/* Appends to a file, or makes it (mode 0600). What is of a line that was not written to its end is cut off, and
   *last is the mark of the last record that is there: zeroes if there is none. Nobody else may append to it
   meanwhile. NULL with *error: an exit code with its line printed, as where the file has something else. */
struct sink *sink_to_file (const char *path, const struct export_form *form, struct export_mark *last, int *error);
/* Standard output. */
struct sink *sink_to_output (void);

/* Where a collector is, and how it is asked. */
struct sink_collector {
    const char *url;     /* as it was given */
    const char *ca;      /* file with who vouches for it; NULL: those of the machine */
    const char *headers; /* file with lines of a header, which may be secret; NULL: none */
    const char *kept;    /* file in which records are kept that it rejects */
    long timeout;        /* ms that a request may take */
    bool patient;        /* tries again until somebody asks to stop; else a few times */
};
/* NULL with *error as above. */
struct sink *sink_to_collector (const struct sink_collector *where, int *error);

void sink_close (struct sink **self_p);
