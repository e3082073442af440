#include "pages.h"

#include <stdlib.h>
#include <string.h>
#include "unconst.h"

struct pages pages_start (struct ctl *ctl, Consentd__Request *request, const struct paging *paging)
{
    return (struct pages){.ctl = ctl, .request = request, .paging = paging, .more = true};
}

/* --- Members by their names ------------------------------------------------------------------------------ */

static void *member (const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return (char *)unconst (message) + field->offset;
}

/* The body of a request or reply. All members of a oneof are at the same place. */
static ProtobufCMessage *body_of (const ProtobufCMessage *message, unsigned body_case)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field (message->descriptor, body_case);
    return *(ProtobufCMessage **)member (message, field);
}

static void *find_member (const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name (message->descriptor, name);
    return field ? member (message, field) : NULL;
}

static bool has_more (const Consentd__Reply *page)
{
    const protobuf_c_boolean *more = find_member (body_of (&page->base, page->body_case), "more");
    return more && *more;
}

struct pages_list pages_list_of (const Consentd__Reply *reply)
{
    ProtobufCMessage *body = body_of (&reply->base, reply->body_case);
    const ProtobufCFieldDescriptor *field = body->descriptor->fields;
    while (field->label != PROTOBUF_C_LABEL_REPEATED || field->type != PROTOBUF_C_TYPE_MESSAGE)
        field++;
    return (struct pages_list){member (body, field), (size_t *)(void *)((char *)body + field->quantifier_offset)};
}

/* --- One page -------------------------------------------------------------------------------------------- */

static bool go_on_at_next (struct pages *self, const Consentd__Reply *page)
{
    const ProtobufCBinaryData *next = find_member (body_of (&page->base, page->body_case), "next");
    ProtobufCBinaryData *after = find_member (body_of (&self->request->base, self->request->body_case), "after");
    if (next->len > 0)
        *after = (ProtobufCBinaryData){next->len, arena_memdup (self->ctl->arena, next->data, next->len)};
    return next->len > 0;
}

static void take_ticket (struct pages *self, const ProtobufCBinaryData *ticket)
{
    self->ticket_size = ticket->len <= sizeof self->ticket ? ticket->len : 0;
    if (self->ticket_size > 0)
        memcpy (self->ticket, ticket->data, self->ticket_size);
}

int pages_next (struct pages *self, Consentd__Reply **page_p)
{
    self->request->listing = (ProtobufCBinaryData){self->ticket_size, self->ticket};
    int error = ask (self->ctl, self->request, self->paging->body, page_p);
    self->more = false;
    if (error)
        return error;
    take_ticket (self, &(*page_p)->listing);
    bool (*go_on) (struct pages *, const Consentd__Reply *) =
        self->paging->go_on ? self->paging->go_on : go_on_at_next;
    self->more = has_more (*page_p) && go_on (self, *page_p);
    return 0;
}

/* --- All of them ----------------------------------------------------------------------------------------- */

static void swap_bytes (ProtobufCBinaryData *a, ProtobufCBinaryData *b)
{
    ProtobufCBinaryData kept = *a;
    *a = *b;
    *b = kept;
}

/* Appends the items of the page to those of `all`. The end of the list is then that of the page. */
static void append_page (Consentd__Reply *all, Consentd__Reply *page)
{
    struct pages_list to = pages_list_of (all), from = pages_list_of (page);
    void **items = realloc (*to.items, (*to.count + *from.count + 1) * sizeof *items);
    if (!items)
        abort ();
    if (*from.count > 0)
        memcpy (items + *to.count, *from.items, *from.count * sizeof *items);
    *to.items = items;
    *to.count += *from.count;
    *from.count = 0;
    ProtobufCMessage *body = body_of (&all->base, all->body_case);
    const ProtobufCMessage *other = body_of (&page->base, page->body_case);
    ProtobufCBinaryData *next = find_member (body, "next");
    if (next)
        swap_bytes (next, find_member (other, "next"));
}

static void set_more (Consentd__Reply *all, bool more)
{
    *(protobuf_c_boolean *)find_member (body_of (&all->base, all->body_case), "more") = more;
}

/* Adds the page to `all`, and takes it over. */
static int add_page (Consentd__Reply *all, Consentd__Reply *page, const struct paging *paging)
{
    bool same = !paging->is_same || paging->is_same (all, page);
    if (same)
        append_page (all, page);
    consentd__reply__free_unpacked (page, NULL);
    return same ? 0 : PAGES_CHANGED;
}

int pages_all (struct ctl *ctl, Consentd__Request *request, const struct paging *paging, Consentd__Reply **all_p)
{
    struct pages pages = pages_start (ctl, request, paging);
    Consentd__Reply *all, *page;
    int error = pages_next (&pages, &all);
    if (error)
        return error;
    while (!error && pages.more) {
        error = pages_next (&pages, &page);
        if (!error)
            error = add_page (all, page, paging);
    }
    set_more (all, false);
    if (error)
        consentd__reply__free_unpacked (all, NULL);
    else
        *all_p = all;
    return error;
}
