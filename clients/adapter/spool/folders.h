/* The folders of a spool, and how files move between them.

       in/       messages that are to go. Who puts one there renames it, or writes it and closes it
       sent/     NAME: what went of it; NAME.report.json: what became of it. The report is there first
       held/     the same, of what does not go yet: as it came
       failed/   the same, of what will never go
       notices/  what happened afterwards to what went
       work/     what is under way, and commands; nobody else's

   All are of one file system, and of this user alone. A message has a name of its own in the folder where it ends:
   one that is taken there becomes NAME~2. Results are 0 or -errno, unless said otherwise. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include "bytes.h"

enum folder {
    FOLDER_IN,
    FOLDER_SENT,
    FOLDER_HELD,
    FOLDER_FAILED,
    FOLDER_NOTICES,
    FOLDER_WORK,
    FOLDER_CLAIMED,
    FOLDER_COMMANDS,
    FOLDERS
};

enum {
    FOLDERS_NAME = 256, /* of a file, with its NUL */
    FOLDERS_REFUSED = 1
};

#define FOLDERS_REPORT ".report.json"

struct folders {
    const char *path;
    int root;   /* -1: not open */
    bool looks; /* what is not there is not made */
    int of[FOLDERS];
};

/* Opens the folders, and makes those that are missing; the spool's own directory if its parent is there. 0, or
   FOLDERS_REFUSED with one sentence: they cannot be made, are of another user, or another process has them. To be
   closed in any case. */
int folders_open (struct folders *self, const char *path, char *error, size_t size);
/* Opens those that are there, and makes none. 0, or FOLDERS_REFUSED: there is no in/, or as above. To be closed in
   any case. */
int folders_look (struct folders *self, const char *path, char *error, size_t size);
void folders_close (struct folders *self);
/* The one that somebody removed since, or FOLDERS. What is moved into such a one would be lost. */
enum folder folders_gone (const struct folders *self);
/* "held". Static. */
const char *folders_name (enum folder folder);

/* Only whole messages: not a hidden file, nor one whose name says that it is being written. */
bool folders_is_message (const char *name);
bool folders_is_report (const char *name);

bool folders_has (const struct folders *self, enum folder folder, const char *name);
/* Writes a file that was not there, or in the place of one that a crash left. It is not durable yet. */
int folders_write (const struct folders *self, enum folder folder, const char *name, struct bytes content);
/* Reads an open file of at most `limit` bytes; -EFBIG: it is larger. Caller owns *content_p, which has a NUL
 * behind it. */
int folders_read (int file, size_t limit, char **content_p, size_t *size_p);
/* No such file is no error. */
int folders_remove (const struct folders *self, enum folder folder, const char *name);
/* Never replaces: -EEXIST. */
struct folders_move {
    enum folder from;
    const char *name;
    enum folder to;
    const char *as;
};
int folders_move (const struct folders *self, const struct folders_move *move);

/* The `number`th name like `name` (1: itself, as far as it leaves room for its report). */
void folders_like (const char *name, unsigned number, char like[FOLDERS_NAME]);
/* Neither a message nor a report has this name in the folder. */
bool folders_is_free (const struct folders *self, enum folder folder, const char *name);
/* NAME.report.json */
void folders_report_name (const char *name, char report[FOLDERS_NAME + sizeof FOLDERS_REPORT]);

/* How many names there are that do not begin with a dot; none of a folder that is not open. */
size_t folders_count (const struct folders *self, enum folder folder);

/* All that was written and moved so far survives a power cut. */
int folders_sync (const struct folders *self);
