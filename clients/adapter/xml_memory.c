#include "xml_memory.h"

#include <libxml/parser.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SEES_EACH_PIECE true
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SEES_EACH_PIECE true
#endif
#ifndef SEES_EACH_PIECE
#define SEES_EACH_PIECE false
#endif

enum { ROOM = 256 * 1024 /* bytes; what does not fit is the heap's */ };

/* Before each piece. */
struct piece {
    alignas (max_align_t) size_t size;
};

/* Of one thread. What it never touches takes no memory. */
struct step {
    bool is_open;
    bool is_spilt; /* something of it is the heap's */
    size_t used;
    alignas (max_align_t) uint8_t room[ROOM];
};

static _Thread_local struct step step;
static bool is_prepared;

static size_t size_in_room (size_t size)
{
    return sizeof (struct piece) + ((size + alignof (max_align_t) - 1) & ~(alignof (max_align_t) - 1));
}

static struct piece *piece_of (void *memory)
{
    return (struct piece *)memory - 1;
}

static bool is_in_room (const void *memory)
{
    return (uintptr_t)memory - (uintptr_t)step.room < ROOM;
}

static bool is_last (struct piece *piece)
{
    return (uint8_t *)piece + size_in_room (piece->size) == step.room + step.used;
}

static void *lend (size_t size)
{
    if (!step.is_open)
        return malloc (size);
    if (size > ROOM || size_in_room (size) > ROOM - step.used) {
        step.is_spilt = true;
        return malloc (size);
    }
    struct piece *piece = (struct piece *)(void *)(step.room + step.used);
    piece->size = size;
    step.used += size_in_room (size);
    return piece + 1;
}

/* The last piece makes room for the next; all others wait for the end. */
static void take_back (void *memory)
{
    if (!is_in_room (memory))
        free (memory);
    else if (is_last (piece_of (memory)))
        step.used = (size_t)((uint8_t *)piece_of (memory) - step.room);
}

static void *lend_more (void *memory, size_t size)
{
    if (!is_in_room (memory))
        return memory ? realloc (memory, size) : lend (size);
    struct piece *piece = piece_of (memory);
    size_t before = piece->size;
    if (is_last (piece))
        step.used = (size_t)((uint8_t *)piece - step.room);
    void *moved = lend (size); /* the same place, if it was the last and there is room */
    if (moved && moved != memory)
        memcpy (moved, memory, before < size ? before : size);
    return moved;
}

static char *lend_copy (const char *text)
{
    size_t size = strlen (text) + 1;
    char *copy = lend (size);
    return copy ? memcpy (copy, text, size) : NULL;
}

void xml_memory_prepare (void)
{
    xmlInitParser (); /* what libxml2 keeps for ever is the heap's */
    if (!SEES_EACH_PIECE && !is_prepared)
        is_prepared = xmlMemSetup (take_back, lend, lend_more, lend_copy) == 0;
}

void xml_memory_begin (void)
{
    step.is_open = is_prepared;
    step.is_spilt = false;
    step.used = 0;
}

void xml_memory_end (void)
{
    xmlResetLastError (); /* which libxml2 keeps for the thread */
    step.is_open = false;
    step.used = 0;
}

bool xml_memory_stop (void)
{
    bool was_open = step.is_open;
    step.is_open = false;
    return was_open;
}

void xml_memory_go_on (bool stopped)
{
    step.is_open = stopped;
}

void xml_memory_free (xmlDoc *document)
{
    if (!step.is_open || step.is_spilt)
        xmlFreeDoc (document);
}
