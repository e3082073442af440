/* A receiver of CloudEvents: structured mode, one event a POST, in their order (HTTP binding of CloudEvents, and
   its web hooks). */
#include <stdio.h>
#include <sysexits.h>
#include "delivery/post.h"
#include "destination.h"

enum { GONE = 410 }; /* by web hooks: whoever gets it should send nothing more */

struct http_destination {
    struct destination base;
    struct post *post;
};

static void judge (const struct post_answer *got, struct destination_answer *answer)
{
    answer->pause = got->pause;
    if (got->status >= 200 && got->status < 300)
        answer->outcome = DESTINATION_TOOK;
    else if (got->status == GONE)
        destination_break (answer, EX_UNAVAILABLE, "the receiver answers 410: it takes no events any more");
    else {
        bool is_later = post_may_be_taken_later (got->status);
        answer->any_event = !is_later && !post_is_about_the_body (got->status);
        destination_say (answer, is_later ? DESTINATION_LATER : DESTINATION_REFUSES, "%s", got->problem);
    }
}

static void put (struct destination *base, const char *text, uint64_t number, struct destination_answer *answer)
{
    struct http_destination *self = (struct http_destination *)base;
    struct post_answer got;
    (void)number;
    post_send (self->post, text, &got);
    switch (got.outcome) {
    case POST_ANSWERED:
    case POST_TOO_LONG: /* what it says besides is not read anyhow */
        judge (&got, answer);
        break;
    case POST_UNREACHED:
        answer->any_event = true;
        destination_say (answer, DESTINATION_LATER, "%s", got.problem);
        break;
    case POST_UNANSWERED:
        destination_say (answer, DESTINATION_LATER, "%s", got.problem);
        break;
    case POST_STOPPED:
        answer->outcome = DESTINATION_STOPPED;
        break;
    }
}

static void close_http (struct destination *base)
{
    struct http_destination *self = (struct http_destination *)base;
    post_destroy (&self->post);
}

struct destination *destination_http (const struct destination_receiver *receiver, struct fault *fault)
{
    const struct post_to to = {
        .option = "--http",
        .url = receiver->url,
        .path = "",
        .type = "application/cloudevents+json; charset=UTF-8",
        .program = "consent-watch",
        .ca = receiver->ca,
        .headers = receiver->headers,
        .timeout = receiver->limit,
        .here_or_secret = true,
    };
    struct post *post = post_new (&to, fault);
    if (!post)
        return NULL;
    struct http_destination *self = destination_new (sizeof *self);
    self->base = (struct destination){"the receiver", true, put, close_http, NULL};
    self->post = post;
    return &self->base;
}
