#define SD_JOURNAL_SUPPRESS_LOCATION /* which line of this file it is matters to nobody */
#include "say.h"
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <systemd/sd-journal.h>
#include <unistd.h>
#include "text/escape.h"

enum { FIELDS = 5 };

/* systemd says which file the journal's stream is; what somebody put in its place is not (systemd.exec(5)). */
static bool is_journal (void)
{
    const char *stream = getenv ("JOURNAL_STREAM");
    unsigned long long device, inode;
    struct stat here;
    return stream != NULL && sscanf (stream, "%llu:%llu", &device, &inode) == 2 &&
           fstat (STDERR_FILENO, &here) == 0 && here.st_dev == device && here.st_ino == inode;
}

__attribute__ ((format (printf, 1, 0))) static char *print_list (const char *format, va_list list)
{
    char *made = NULL;
    if (vasprintf (&made, format, list) < 0)
        abort ();
    return made;
}

__attribute__ ((format (printf, 1, 2))) static char *print (const char *format, ...)
{
    va_list list;
    va_start (list, format);
    char *made = print_list (format, list);
    va_end (list);
    return made;
}

/* False: the journal did not take it. */
static bool tell_journal (enum say_level level, const char *event, const char *party, const char *line)
{
    int count = 0;
    char *fields[FIELDS];
    struct iovec parts[FIELDS];
    fields[count++] = print ("MESSAGE=%s", line);
    fields[count++] = print ("PRIORITY=%d", level);
    fields[count++] = print ("SYSLOG_IDENTIFIER=consentd");
    fields[count++] = print ("CONSENTD_EVENT=%s", event);
    if (party[0] != '\0')
        fields[count++] = print ("CONSENTD_PARTY=%s", party);
    for (int i = 0; i < count; i++)
        parts[i] = (struct iovec){fields[i], strlen (fields[i])};
    bool taken = sd_journal_sendv (parts, count) == 0;
    for (int i = 0; i < count; i++)
        free (fields[i]);
    return taken;
}

static void tell (enum say_level level, const char *event, const char *party, char *text)
{
    char *line = escape_text (text);
    if (!is_journal () || !tell_journal (level, event, party, line))
        fprintf (stderr, "consentd: %s\n", line);
    free (line);
    free (text);
}

void say (enum say_level level, const char *event, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    char *text = print_list (format, list);
    va_end (list);
    tell (level, event, "", text);
}

void say_of_party (enum say_level level, const char *event, const char *party, const char *format, ...)
{
    va_list list;
    va_start (list, format);
    char *text = print_list (format, list);
    va_end (list);
    tell (level, event, party, text);
}
