#include "deliver.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include "delivery/pause.h"
#include "delivery/stopping.h"
#include "text/escape.h"

int deliver_aside (struct deliver *self, const char *path, struct fault *fault)
{
    struct line_file_end end;
    int error = line_file_open (&self->aside, path, fault);
    self->has_aside = true;
    if (!error)
        error = line_file_end (&self->aside, &end, fault);
    if (error)
        return error;
    if (end.last.data ? *(const char *)end.last.data != '{' : !end.is_all)
        return fault_set (fault, EX_DATAERR, "%s: what is in it are no events; nothing is added to it", path);
    if (end.last.data)
        escape_line (stderr, "consent-watch: %s has events that were set aside: see to them, and empty it", path);
    return line_file_cut (&self->aside, &end, fault);
}

/* 0, or an exit code with its line printed. */
static int set_aside (struct deliver *self, const char *text, uint64_t number, const char *why)
{
    struct fault fault;
    char *line;
    int size = asprintf (&line, "%s\n", text);
    if (size < 0)
        abort ();
    int error = line_file_add (&self->aside, line, (size_t)size, &fault);
    free (line);
    if (error)
        escape_line (stderr, "consent-watch: %s", fault.sentence);
    else
        escape_line (stderr, "consent-watch: event %" PRIu64 " is set aside in %s: %s %s", number,
                     self->aside.path, self->destination->name, why);
    return error;
}

/* It was not taken, and is not tried again. */
static int give_up (struct deliver *self, const char *text, uint64_t number,
                    const struct destination_answer *answer)
{
    const char *why = answer->fault.sentence;
    if (self->has_aside && !answer->any_event)
        return set_aside (self, text, number, why);
    escape_line (
        stderr, "consent-watch: event %" PRIu64 " is not acknowledged, and comes again at the next start: %s %s%s",
        number, self->destination->name, why,
        self->has_aside ? ". It would be so of any event, so none is set aside" : "");
    return EX_UNAVAILABLE;
}

/* False: somebody asked to stop. */
static bool wait (const struct deliver *self, unsigned tried, uint64_t number,
                  const struct destination_answer *answer)
{
    long pause = pause_after (tried, answer->pause);
    escape_line (stderr, "consent-watch: %s %s; event %" PRIu64 " again in %.1f s", self->destination->name,
                 answer->fault.sentence, number, (double)pause / 1000);
    stopping_pause (pause);
    return !stopping_is_asked ();
}

int deliver (struct deliver *self, const char *text, uint64_t number)
{
    for (unsigned tried = 1;; tried++) {
        struct destination_answer answer = {.outcome = DESTINATION_TOOK};
        self->destination->put (self->destination, text, number, &answer);
        switch (answer.outcome) {
        case DESTINATION_TOOK:
            return 0;
        case DESTINATION_STOPPED:
            return DELIVER_STOPPED;
        case DESTINATION_BROKEN:
            escape_line (stderr, "consent-watch: %s", answer.fault.sentence);
            return answer.fault.code;
        case DESTINATION_REFUSES:
            return give_up (self, text, number, &answer);
        case DESTINATION_LATER:
            if (tried == self->tries)
                return give_up (self, text, number, &answer);
            if (!wait (self, tried, number, &answer))
                return DELIVER_STOPPED;
        }
    }
}

int deliver_look (struct deliver *self)
{
    struct destination_answer answer = {.outcome = DESTINATION_TOOK};
    if (self->destination->look)
        self->destination->look (self->destination, &answer);
    if (answer.outcome != DESTINATION_BROKEN)
        return 0;
    escape_line (stderr, "consent-watch: %s", answer.fault.sentence);
    return answer.fault.code;
}

void deliver_close (struct deliver *self)
{
    destination_close (&self->destination);
    if (self->has_aside)
        line_file_close (&self->aside);
}
