#include "log_lines.h"
#include <string.h>
#include "big_endian.h"

enum { LENGTH_SIZE = 4 };

struct log_lines log_lines_after (struct ctl *ctl, uint64_t after, uint64_t until, bool follow)
{
    return (struct log_lines){
        .ctl = ctl, .at = after, .until = until, .follow = follow, .more = until == 0 || after < until};
}

static int take_page (struct log_lines *self, const ProtobufCBinaryData *page, log_lines_take *take, void *context)
{
    const uint8_t *at = page->data, *end = at + page->len;
    while (end - at >= LENGTH_SIZE) {
        uint32_t size = get_be32 (at);
        if (size > (size_t)(end - at) - LENGTH_SIZE)
            break;
        int error = take (context, self->at + 1, (struct bytes){at + LENGTH_SIZE, size});
        if (error)
            return error;
        self->at++;
        at += LENGTH_SIZE + size;
    }
    return at == end ? 0 : ctl_fail (EX_PROTOCOL, "the registry sent a page of lines that is not whole");
}

static bool go_on_behind (struct pages *pages, const Consentd__Reply *page)
{
    uint64_t until = page->log_lines->looked_until;
    bool moves = until > pages->request->log_lines->after;
    pages->request->log_lines->after = until;
    return moves;
}

int log_lines_next (struct log_lines *self, log_lines_take *take, void *context)
{
    static const struct paging paging = {.body = CONSENTD__REPLY__BODY_LOG_LINES, .go_on = go_on_behind};
    Consentd__LogLinesRequest body;
    consentd__log_lines_request__init (&body);
    Consentd__Request request = ASK_REQUEST (LOG_LINES, log_lines, &body);
    Consentd__Reply *reply;
    struct arena_mark mark = arena_mark (self->ctl->arena);
    struct pages pages = pages_start (self->ctl, &request, &paging);
    body.after = self->at;
    body.until = self->until;
    body.follow = self->follow;
    memcpy (pages.ticket, self->ticket, pages.ticket_size = self->ticket_size);
    int error = pages_next (&pages, &reply);
    if (!error) {
        memcpy (self->ticket, pages.ticket, self->ticket_size = pages.ticket_size);
        error = take_page (self, &reply->log_lines->lines, take, context);
        if (!error && self->at != reply->log_lines->looked_until)
            error = ctl_fail (EX_PROTOCOL, "the registry sent a page of other lines than it says");
        consentd__reply__free_unpacked (reply, NULL);
    }
    arena_release (self->ctl->arena, mark);
    self->more = pages.more;
    return error;
}

int log_lines_all (struct log_lines *self, log_lines_take *take, void *context)
{
    int error = 0;
    while (self->more && !error)
        error = log_lines_next (self, take, context);
    if (!error && self->at != self->until)
        error = ctl_fail (EX_PROTOCOL, "the registry gave fewer lines than it was asked for");
    return error;
}
