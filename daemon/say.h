/* What the daemon says of itself while it runs: one line an event, to the journal where standard error is the
   journal, with a level and fields, and else to standard error, as `consentd: ` and the line. Nothing else of the
   daemon writes there after its start. No BSN, name or free text: codes, numbers, ids of parties, files and lines.
 */
#pragma once

/* As the journal numbers them (syslog). */
enum say_level {
    SAY_CRITICAL = 2, /* nothing is decided or recorded until somebody acts */
    SAY_ERROR = 3,    /* something did not happen, or is damaged */
    SAY_WARNING = 4,  /* it may come to that */
    SAY_NOTICE = 5,   /* somebody changed something */
    SAY_INFO = 6,
};

/* `event` is the sort of the line, a word for programs: the field CONSENTD_EVENT. What is not visible in the line
   is escaped, as by escape_text. */
void say (enum say_level level, const char *event, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
/* The same about a party, by its id: the field CONSENTD_PARTY. "": it is about none. */
void say_of_party (enum say_level level, const char *event, const char *party, const char *format, ...)
    __attribute__ ((format (printf, 4, 5)));
