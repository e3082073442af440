#include "collector.h"

#include <stdio.h>
#include <stdlib.h>
#include "delivery/post.h"

struct collector {
    struct post *post;
};

struct collector *collector_new (const struct sink_collector *where, int *error)
{
    const struct post_to to = {
        .option = "--otlp",
        .url = where->url,
        .path = "/v1/traces", /* what OTLP calls the place for them */
        .type = "application/json",
        .program = "consentctl",
        .ca = where->ca,
        .headers = where->headers,
        .timeout = where->timeout,
    };
    struct fault fault;
    struct post *post = post_new (&to, &fault);
    if (!post) {
        *error = ctl_fail (fault.code, "%s", fault.sentence);
        return NULL;
    }
    struct collector *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    self->post = post;
    *error = 0;
    return self;
}

void collector_destroy (struct collector **self_p)
{
    struct collector *self = *self_p;
    if (self) {
        post_destroy (&self->post);
        free (self);
    }
    *self_p = NULL;
}

static enum collector_outcome outcome_of (long status)
{
    if (status == 200)
        return COLLECTOR_TOOK;
    if (status == 413)
        return COLLECTOR_TOO_BIG;
    return post_may_be_taken_later (status) ? COLLECTOR_LATER : COLLECTOR_REFUSES;
}

static void judge_taken (const struct collector *self, const struct post_answer *got,
                         struct collector_answer *answer)
{
    struct otlp_answer said;
    if (!otlp_answer_read (got->text, got->size, &said)) {
        answer->outcome = COLLECTOR_LATER;
        snprintf (answer->message, sizeof answer->message, "answers 200, but not as OTLP does");
        return;
    }
    answer->rejected = said.rejected;
    if (post_has_header_in (self->post, said.message))
        snprintf (said.message, sizeof said.message, "(its words hold a header of --header-file)");
    snprintf (answer->message, sizeof answer->message, "%s", said.message);
}

void collector_post (struct collector *self, const char *body, struct collector_answer *answer)
{
    struct post_answer got;
    post_send (self->post, body, &got);
    *answer = (struct collector_answer){.outcome = COLLECTOR_LATER, .pause = got.pause};
    snprintf (answer->message, sizeof answer->message, "%s", got.problem);
    if (got.outcome == POST_STOPPED)
        answer->outcome = COLLECTOR_STOPPED;
    else if (got.outcome == POST_ANSWERED)
        answer->outcome = outcome_of (got.status);
    if (got.outcome == POST_ANSWERED && answer->outcome == COLLECTOR_TOOK)
        judge_taken (self, &got, answer);
}
