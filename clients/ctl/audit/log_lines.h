/* Lines of the log as they are stored, asked for page by page. All pages are one line of the log (A1). */
#pragma once
#include "bytes.h"
#include "pages.h"

struct log_lines {
    struct ctl *ctl;
    uint64_t at; /* number of the last line that was taken */
    bool more;   /* there are more, up to `until`. One who follows asks again whether or not */
    uint64_t until;
    bool follow;
    uint8_t ticket[64];
    size_t ticket_size;
};

/* Lines after `after`, up to `until` (0: the newest), or with `follow` without end. */
struct log_lines log_lines_after (struct ctl *ctl, uint64_t after, uint64_t until, bool follow);

/* Takes a line, as it is stored. 0, or what log_lines_next then returns. */
typedef int log_lines_take (void *context, uint64_t number, struct bytes line);
/* Asks for the next page, and has each line of it taken. 0, or an exit code with its line printed. */
int log_lines_next (struct log_lines *self, log_lines_take *take, void *context);
/* Asks for all lines up to `until`. As log_lines_next. */
int log_lines_all (struct log_lines *self, log_lines_take *take, void *context);
