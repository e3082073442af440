#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "codec/document.h"
#include "headers.h"
#include "refusal.h"
#include "routes.h"

struct request {
    struct call call;
    const struct route *route;
    char id[REQUEST_ID + 1];  /* X-Request-ID; "": none */
    char key[REQUEST_ID + 1]; /* Idempotency-Key; "": none */
    char *body;               /* REQUEST_BODY bytes; NULL: none came */
    size_t size;
    size_t came;            /* bytes of the body, with those that were passed over */
    struct refusal refusal; /* what is already known to be wrong */
};

/* --- Answers ------------------------------------------------------------------------------------------- */

static enum MHD_Result send_text (struct MHD_Connection *connection, const struct request *request, int status,
                                  char *text)
{
    struct MHD_Response *response = MHD_create_response_from_buffer (
        text ? strlen (text) : 0, text ? text : (char *)"", text ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    if (text)
        MHD_add_response_header (response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
    MHD_add_response_header (response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    if (request && *request->id)
        MHD_add_response_header (response, "X-Request-ID", request->id);
    if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
        MHD_add_response_header (response, MHD_HTTP_HEADER_ALLOW, route_method (request->route));
    if (status == MHD_HTTP_SERVICE_UNAVAILABLE)
        MHD_add_response_header (response, MHD_HTTP_HEADER_RETRY_AFTER, "1");
    /* Of a body that was not read to its end nothing is taken for the next request. */
    if (status != MHD_HTTP_OK)
        MHD_add_response_header (response, MHD_HTTP_HEADER_CONNECTION, "close");
    enum MHD_Result result = MHD_queue_response (connection, (unsigned)status, response);
    MHD_destroy_response (response);
    return result;
}

static enum MHD_Result send_reply (struct MHD_Connection *connection, const struct request *request,
                                   const struct reply *reply)
{
    char *text = json_is_string (reply->body) ? json_dumps (reply->body, JSON_ENCODE_ANY | JSON_ENSURE_ASCII)
                                              : json_dumps (reply->body, JSON_COMPACT | JSON_ENSURE_ASCII);
    if (!text)
        abort ();
    return send_text (connection, request, reply->status, text);
}

static enum MHD_Result send_refusal (struct MHD_Connection *connection, const struct request *request)
{
    struct reply reply = {request->refusal.status, json_string (request->refusal.text)};
    enum MHD_Result result = send_reply (connection, request, &reply);
    json_decref (reply.body);
    return result;
}

/* --- Headers ------------------------------------------------------------------------------------------- */

/* Letters, digits and what identifiers have between them: nothing that would need an escape anywhere. */
static bool is_plain (const char *text, size_t size)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:~+/=";
    return size > 0 && size <= REQUEST_ID && strspn (text, signs) >= size;
}

static bool take_id (struct request *self, const char *id)
{
    if (!id)
        return true;
    if (!is_plain (id, strlen (id)))
        return refuse (&self->refusal, 400, "X-Request-ID: not 1 to %d letters, digits and -_.:~+/=", REQUEST_ID);
    snprintf (self->id, sizeof self->id, "%s", id);
    return true;
}

/* As the draft of the IETF writes it, a text in quotation marks; or bare. */
static bool take_key (struct request *self, const char *key)
{
    size_t size = key ? strlen (key) : 0;
    if (size >= 2 && key[0] == '"' && key[size - 1] == '"') {
        key++;
        size -= 2;
    }
    if (key && (size < 16 || !is_plain (key, size)))
        return refuse (&self->refusal, 400,
                       "Idempotency-Key: not 16 to %d letters, digits and -_.:~+/=", REQUEST_ID);
    snprintf (self->key, sizeof self->key, "%.*s", (int)size, key ? key : "");
    return true;
}

/* JSON, which is in UTF-8 whether that is said or not. */
static bool is_json (const char *type)
{
    size_t word = strcspn (type, "; \t");
    const char *more = type + word + strspn (type + word, "; \t");
    return word == strlen ("application/json") && strncasecmp (type, "application/json", word) == 0 &&
           (!*more || strcasecmp (more, "charset=utf-8") == 0 || strcasecmp (more, "charset=\"utf-8\"") == 0);
}

static bool judge_body (struct request *self, const struct headers *headers)
{
    if (headers->length && strtoull (headers->length, NULL, 10) > REQUEST_BODY)
        return refuse (&self->refusal, 413, "the body is larger than %d bytes", REQUEST_BODY);
    if (strcmp (route_method (self->route), "POST") != 0)
        return true;
    if (!headers->type || !is_json (headers->type))
        return refuse (&self->refusal, 400, "Content-Type: not application/json, in UTF-8");
    return !headers->coding || strcasecmp (headers->coding, "identity") == 0 ||
           refuse (&self->refusal, 400, "Content-Encoding: the body is to be sent as it is");
}

static bool judge (struct request *self, const struct headers *headers, const char *method)
{
    if (!take_id (self, headers->id))
        return false;
    if (!self->route)
        return refuse (&self->refusal, 404, "there is nothing at this path");
    if (strcmp (method, route_method (self->route)) != 0)
        return refuse (&self->refusal, 405, "this path knows only %s", route_method (self->route));
    if (headers->is_query)
        return refuse (&self->refusal, 400,
                       "the path has a query: nothing is asked in an address, which others keep");
    return take_key (self, headers->key) && judge_body (self, headers);
}

/* --- The request --------------------------------------------------------------------------------------- */

/* Its headers are there; `line` is the first one: method, path, version. What is refused by them is answered
 * before the body is read. */
static enum MHD_Result begin (struct server *server, struct MHD_Connection *connection, const char *const line[3],
                              struct request **request_p)
{
    struct headers headers;
    const struct bridge_party *party = server_party (server, connection);
    if (!party)
        return send_text (connection, NULL, MHD_HTTP_FORBIDDEN, NULL);
    struct request *self = calloc (1, sizeof *self);
    if (!self)
        abort ();
    *request_p = self;
    self->call = (struct call){.bridge = server->bridge, .pool = server->pool, .party = party};
    self->route = route_of (line[1]);
    headers_read (&headers, connection);
    return headers_judge (&headers, line[2], &self->refusal) && judge (self, &headers, line[0])
               ? MHD_YES
               : send_refusal (connection, self);
}

/* A piece of the body. The library can send an answer only when all of it came: so a little more is passed over.
   False: that was not a little. */
static bool take_body (struct request *self, const char *data, size_t size)
{
    self->came += size;
    if (self->came > REQUEST_BODY)
        refuse (&self->refusal, 413, "the body is larger than %d bytes", REQUEST_BODY);
    if (self->refusal.status)
        return self->came <= REQUEST_PASSED;
    if (!self->body && !(self->body = malloc (REQUEST_BODY)))
        abort ();
    memcpy (self->body + self->size, data, size);
    self->size += size;
    return true;
}

static enum MHD_Result answer (struct server *server, struct MHD_Connection *connection, struct request *self)
{
    struct reply reply = {.body = NULL};
    if (self->refusal.status)
        return send_refusal (connection, self);
    self->call.key = *self->key ? self->key : NULL;
    self->call.body = self->body;
    self->call.size = self->size;
    server_busy (server, connection, true);
    route_answer (self->route, &self->call, &reply);
    server_busy (server, connection, false);
    enum MHD_Result result = send_reply (connection, self, &reply);
    json_decref (reply.body);
    return result;
}

enum MHD_Result request_handle (void *server, struct MHD_Connection *connection, const char *url,
                                const char *method, const char *version, const char *data, size_t *size,
                                void **request_p)
{
    struct request *self = *request_p;
    if (!self)
        return begin (server, connection, (const char *const[]){method, url, version},
                      (struct request **)request_p);
    if (*size == 0)
        return answer (server, connection, self);
    size_t came = *size;
    *size = 0;
    return take_body (self, data, came) ? MHD_YES : MHD_NO;
}

void request_end (void *server, struct MHD_Connection *connection, void **request_p,
                  enum MHD_RequestTerminationCode how)
{
    struct request *self = *request_p;
    (void)how;
    server_wait (server, connection);
    if (!self)
        return;
    if (self->body)
        explicit_bzero (self->body, self->size);
    free (self->body);
    free (self);
    *request_p = NULL;
}
