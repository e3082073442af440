/* Reading the journal: what happened after the last checkpoint, and where that ends. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "big_endian.h"
#include "journal_parts.h"
#include "vault.h"

/* A frame as it lies in the file. */
struct frame {
    uint8_t head[AT_CONTENT];
    uint8_t *content;
    size_t room; /* of content */
};

static size_t content_size (const struct frame *frame)
{
    return (size_t)get_be64 (frame->head + AT_SIZE);
}

static int read_fully (int fd, void *data, size_t size, uint64_t offset)
{
    char *to = data;
    while (size > 0) {
        ssize_t count = pread (fd, to, size, (off_t)offset);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return count < 0 ? -errno : -EIO;
        to += count;
        size -= (size_t)count;
        offset += (uint64_t)count;
    }
    return 0;
}

/* The head has the shape of a frame's that could lie at `offset`. */
static bool fits (const struct journal *self, uint64_t offset, const uint8_t *head)
{
    return memcmp (head + AT_MAGIC, journal_frame_magic, sizeof journal_frame_magic) == 0 &&
           get_be64 (head + AT_SIZE) <= self->size - offset - AT_CONTENT;
}

/* Reads what lies at `offset`, if it has the shape of a frame. 0, STORE_NOT_FOUND or negative. */
static int read_head (const struct journal *self, uint64_t offset, struct frame *frame)
{
    if (offset + AT_CONTENT > self->size)
        return STORE_NOT_FOUND;
    int rc = read_fully (self->fd, frame->head, AT_CONTENT, offset);
    if (rc != 0)
        return rc;
    return fits (self, offset, frame->head) ? 0 : STORE_NOT_FOUND;
}

/* Reads the content that belongs to the head. 0; STORE_NOT_FOUND: the frame is not whole; or negative. */
static int read_content (const struct journal *self, uint64_t offset, struct frame *frame)
{
    uint8_t mac[JOURNAL_MAC_SIZE];
    size_t size = content_size (frame);
    if (size > frame->room) {
        free (frame->content);
        frame->content = malloc (size);
        if (frame->content == NULL)
            abort ();
        frame->room = size;
    }
    int rc = read_fully (self->fd, frame->content, size, offset + AT_CONTENT);
    if (rc != 0)
        return rc;
    vault_mac (self->key, (struct bytes){frame->head, AT_MAC}, (struct bytes){frame->content, size}, mac);
    return vault_equal (mac, frame->head + AT_MAC, sizeof mac) ? 0 : STORE_NOT_FOUND;
}

/* The frame that comes after `last`. 0, STORE_NOT_FOUND or negative. */
static int read_next (const struct journal *self, uint64_t offset, const struct journal_point *last,
                      struct frame *frame)
{
    int rc = read_head (self, offset, frame);
    if (rc == 0 && (get_be64 (frame->head + AT_NUMBER) != last->number + 1 ||
                    memcmp (frame->head + AT_PREVIOUS, last->mac, JOURNAL_MAC_SIZE) != 0))
        rc = STORE_NOT_FOUND;
    return rc == 0 ? read_content (self, offset, frame) : rc;
}

/* The frame at `offset`, whose head is given, is whole, comes after frame `missing`, and knows that one as
   durable. 0, STORE_DAMAGED: so it is; or negative. */
static int judge_behind (const struct journal *self, uint64_t offset, const uint8_t *head, uint64_t missing,
                         struct frame *frame)
{
    if (!fits (self, offset, head) || get_be64 (head + AT_NUMBER) <= missing ||
        get_be64 (head + AT_DURABLE) < missing)
        return 0;
    memcpy (frame->head, head, AT_CONTENT);
    int rc = read_content (self, offset, frame);
    return rc == 0 ? STORE_DAMAGED : rc == STORE_NOT_FOUND ? 0 : rc;
}

/* Looks behind the end for a whole frame that knows frame `missing` as durable. Frames of before the last restart
   have lower numbers. A frame that was written while the one before it was not durable yet may be whole, and the
   one before it not: nobody was told of either. 0, STORE_DAMAGED or negative. */
static int look_behind (const struct journal *self, uint64_t missing, struct frame *frame)
{
    enum { CHUNK = 64 * JOURNAL_PAGE };
    uint8_t *chunk = malloc (CHUNK);
    if (chunk == NULL)
        abort ();
    int rc = 0;
    for (uint64_t offset = self->end; rc == 0 && offset < self->size; offset += CHUNK) {
        size_t size = self->size - offset < CHUNK ? (size_t)(self->size - offset) : CHUNK;
        rc = read_fully (self->fd, chunk, size, offset);
        for (size_t at = 0; rc == 0 && at < size; at += JOURNAL_PAGE)
            rc = judge_behind (self, offset + at, chunk + at, missing, frame);
    }
    free (chunk);
    return rc;
}

static int replay (struct journal *self, struct frame *frame, journal_take *take, void *context)
{
    int rc;
    while ((rc = read_next (self, self->end, &self->last, frame)) == 0) {
        struct bytes content = {frame->content, content_size (frame)};
        rc = take (context, content);
        if (rc != 0)
            return rc;
        self->last.number++;
        memcpy (self->last.mac, frame->head + AT_MAC, JOURNAL_MAC_SIZE);
        self->end += frame_size (content.size);
    }
    if (rc == STORE_NOT_FOUND)
        rc = self->is_read ? 0 : look_behind (self, self->last.number + 1, frame);
    self->is_read = rc == 0;
    return rc;
}

int journal_replay (struct journal *self, const struct journal_point *from, journal_take *take, void *context)
{
    struct frame frame = {.content = NULL};
    self->last = *from;
    self->end = FIRST_FRAME;
    int rc = replay (self, &frame, take, context);
    free (frame.content);
    return rc;
}
