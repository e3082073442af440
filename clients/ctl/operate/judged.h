/* What is not well with a registry, by what it says of itself: `status` shows it, and `health` sums it up. */
#pragma once
#include <stddef.h>

struct arena;
typedef struct Consentd__StatusReply Consentd__StatusReply;

/* As plugins of Nagios and those after it end. */
enum level { LEVEL_OK, LEVEL_WARNING, LEVEL_CRITICAL, LEVEL_UNKNOWN };

enum { JUDGED = 16 };

struct judged {
    struct arena *arena;
    enum level level; /* the worst that was found */
    size_t count;
    struct {
        enum level level;
        const char *what;
        const char *then; /* what to do, or what it means until then; NULL: nothing */
    } item[JUDGED];
};

/* "OK", "WARNING", "CRITICAL", "UNKNOWN" */
const char *judged_name (enum level level);
/* Adds one. The texts are copied. */
void judged_add (struct judged *self, enum level level, const char *what, const char *then);
/* Adds all that is not well, the gravest first. */
void judged_status (struct judged *self, const Consentd__StatusReply *status);
