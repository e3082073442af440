#include "headers.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* A name of a header, by RFC 9110. The library also takes one with a blank before the colon, which others read as
   the name without it. */
static bool is_token (const char *name)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-.^_`|~";
    return *name && strspn (name, signs) == strlen (name);
}

/* A value lies behind its name in what came. Where it goes on in a line of its own, libmicrohttpd 0.9.75 puts that
   line at the end of the name, elsewhere: "Transfer-Encoding:" with "chunked" below it would be a header of which
   nobody has heard, and "Content-:" with "Length" below it one that counts. */
static bool is_in_one_line (const char *name, const char *value)
{
    return !value || (uintptr_t)value > (uintptr_t)name + strlen (name);
}

static enum MHD_Result take (void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    struct headers *self = context;
    const struct {
        const char *name, **place;
    } known[] = {
        {MHD_HTTP_HEADER_CONTENT_TYPE, &self->type},
        {MHD_HTTP_HEADER_CONTENT_LENGTH, &self->length},
        {MHD_HTTP_HEADER_TRANSFER_ENCODING, &self->encoding},
        {MHD_HTTP_HEADER_HOST, &self->host},
        {"X-Request-ID", &self->id},
        {"Idempotency-Key", &self->key},
        {MHD_HTTP_HEADER_CONTENT_ENCODING, &self->coding},
    };
    self->is_query = self->is_query || kind == MHD_GET_ARGUMENT_KIND;
    if (kind != MHD_HEADER_KIND)
        return MHD_YES;
    self->is_strange = self->is_strange || !is_token (name);
    self->is_folded = self->is_folded || !is_in_one_line (name, value);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp (name, known[i].name) == 0) {
            self->is_double = self->is_double || *known[i].place;
            *known[i].place = value ? value : "";
        }
    return MHD_YES;
}

void headers_read (struct headers *self, struct MHD_Connection *connection)
{
    *self = (struct headers){.type = NULL};
    MHD_get_connection_values (connection, MHD_HEADER_KIND, take, self);
    MHD_get_connection_values (connection, MHD_GET_ARGUMENT_KIND, take, self);
}

/* A body with a length or in chunks, never both. */
bool headers_judge (const struct headers *self, const char *version, struct refusal *refusal)
{
    if (self->is_strange)
        return refuse (refusal, 400, "a header has no name of letters, digits and signs, right before its colon");
    if (self->is_folded)
        return refuse (refusal, 400, "a header goes on in a line of its own");
    if (self->is_double)
        return refuse (refusal, 400, "a header is there twice");
    if (self->length && self->encoding)
        return refuse (refusal, 400, "Content-Length: beside Transfer-Encoding");
    if (self->encoding && strcasecmp (self->encoding, "chunked") != 0)
        return refuse (refusal, 400, "Transfer-Encoding: not chunked");
    return !self->encoding || strcmp (version, MHD_HTTP_VERSION_1_0) != 0 ||
           refuse (refusal, 400, "Transfer-Encoding: HTTP/1.0 has none");
}
