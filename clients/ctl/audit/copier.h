/* Copies the log to a sink, line by line, and sees to it that the copy is of that log: what is there already is
   compared with the registry before anything is added, and all of it with each checkpoint from then on. */
#pragma once
#include "copy_files.h"
#include "copy_pipe.h"
#include "copy_position.h"
#include "copy_report.h"
#include "copy_text.h"
#include "copy_tree.h"

struct copier {
    struct ctl *ctl;
    struct copy_files files;       /* where it goes: here, */
    struct copy_pipe pipe;         /* or there */
    struct copy_sink *sink;        /* one of the two */
    const char *position_file;     /* how far a pipe is */
    struct copy_position position; /* as of the last line that was taken */
    uint64_t positioned;           /* its lines, as it was written last */
    int64_t positioned_at;         /* when that was; steady */
    bool is_syslog, follows;
    struct copy_sender sender;
    struct log_trust trust;
    struct copy_tree tree;
    struct copy_batch batch;
    struct copy_report report;
    uint64_t number;         /* of the last line that was taken */
    uint64_t before;         /* lines that there were at the start */
    int64_t held_since;      /* the sink takes nothing more; steady; 0: it does */
    bool held_told;          /* that was said */
    int64_t asked_at;        /* when it was asked for a checkpoint; steady */
    struct checkpoint heard; /* the newest that is known; size 0: none */
    char note[NOTE_SIZE];    /* the same, signed, to be kept beside the files */
    size_t note_size;
    bool note_is_new;
};

/* Whether the sink is the directory. */
bool copier_to_files (const struct copier *self);
/* Reads what is there, compares it, and copies what is new; with `follows` for ever. 0, or an exit code with its
   line printed. */
int copier_run (struct copier *self);
void copier_free (struct copier *self);
