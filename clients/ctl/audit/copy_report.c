#include "copy_report.h"
#include <sodium.h>
#include <string.h>
#include <time.h>
#include "ask.h"
#include "unconst.h"

enum { BUSY_MS = 1000, IDLE_MS = 5000 };

int64_t copy_report_clock (void)
{
    struct timespec now;
    clock_gettime (CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct copy_report copy_report_new (struct ctl *ctl, const char *name)
{
    struct copy_report self = {.ctl = ctl, .name = name, .fault = ""};
    randombytes_buf (self.copier, sizeof self.copier);
    return self;
}

bool copy_report_is_due (const struct copy_report *self, uint64_t number, const char *fault, bool rests)
{
    int64_t since = copy_report_clock () - self->told_at;
    if (self->name == NULL)
        return false;
    return self->told_at == 0 || strcmp (self->fault, fault) != 0 || since >= IDLE_MS ||
           (number > self->number && (rests || since >= BUSY_MS));
}

int copy_report_tell (struct copy_report *self, uint64_t number, const char *fault, uint64_t checkpoint,
                      struct bytes *note)
{
    Consentd__LogCopiedRequest body;
    consentd__log_copied_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_COPIED, log_copied, &body);
    Consentd__Reply *reply;
    *note = (struct bytes){NULL, 0};
    if (self->name == NULL)
        return 0;
    body.name = unconst (self->name);
    body.copier = (ProtobufCBinaryData){sizeof self->copier, self->copier};
    body.number = number;
    body.fault = unconst (fault);
    body.checkpoint = checkpoint;
    int error = ask (self->ctl, &request, CONSENTD__REPLY__BODY_LOG_COPIED, &reply);
    if (error)
        return error;
    self->told_at = copy_report_clock ();
    self->number = number;
    self->fault = fault;
    self->newest = reply->log_copied->newest;
    size_t size = reply->log_copied->checkpoint.len;
    if (size > 0)
        *note = (struct bytes){arena_memdup (self->ctl->arena, reply->log_copied->checkpoint.data, size), size};
    consentd__reply__free_unpacked (reply, NULL);
    return 0;
}
