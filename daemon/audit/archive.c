#include "archive.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "big_endian.h"
#include "config/config.h"
#include "config/file.h"
#include "tree.h"

enum { KEPT = 8, MARK_SIZE = VAULT_HASH_SIZE + 8 };

/* A bundle that was read, and found to be what it must be. */
struct kept {
    bool is_used;
    uint64_t index, used_at;
    struct archive_bundle bundle;
};

struct archive {
    struct kept kept[KEPT];
    uint64_t turn, uses;
    struct archive_fault fault[ARCHIVE_FAULTS];
    size_t fault_count, told;
};

struct archive *archive_new (void)
{
    struct archive *self = calloc (1, sizeof *self);
    if (self == NULL)
        abort ();
    return self;
}

void archive_destroy (struct archive **self_p)
{
    if (*self_p == NULL)
        return;
    for (size_t i = 0; i < KEPT; i++)
        free ((*self_p)->kept[i].bundle.data);
    free (*self_p);
    *self_p = NULL;
}

void archive_begin_turn (struct archive *self)
{
    self->turn++;
}

/* --- Marks -------------------------------------------------------------------------------------------- */

/* No line is so short: with its hash it has at least a head and a seal. */
bool archive_is_mark (struct bytes value)
{
    return value.size == MARK_SIZE;
}

static uint64_t bundle_of (uint64_t number)
{
    return (number - 1) / MERKLE_TILE_WIDTH;
}

static int get (struct turn *turn, uint64_t number, struct bytes *value)
{
    uint8_t key[8];
    put_be64 (key, number);
    return store_get (turn->txn, STORE_AUDIT, (struct bytes){key, sizeof key}, value);
}

int archive_find_mark (struct turn *turn, uint64_t number, struct archive_mark *mark)
{
    struct bytes value;
    int rc = number > 0 ? get (turn, (bundle_of (number) + 1) * MERKLE_TILE_WIDTH, &value) : STORE_NOT_FOUND;
    if (rc != 0 || !archive_is_mark (value))
        return rc < 0 ? rc : STORE_NOT_FOUND;
    memcpy (mark->hash, value.data, sizeof mark->hash);
    mark->time = (moment)get_be64 ((const uint8_t *)value.data + VAULT_HASH_SIZE);
    return 0;
}

int archive_put_mark (struct turn *turn, uint64_t index, const struct archive_mark *mark)
{
    uint8_t key[8], value[MARK_SIZE];
    put_be64 (key, (index + 1) * MERKLE_TILE_WIDTH);
    memcpy (value, mark->hash, sizeof mark->hash);
    put_be64 (value + VAULT_HASH_SIZE, (uint64_t)mark->time);
    return store_put (turn->txn, STORE_AUDIT, (struct bytes){key, sizeof key},
                      (struct bytes){value, sizeof value});
}

/* They leave in their order: so those that have left come before those that have not. */
int archive_count (struct turn *turn, uint64_t *lines)
{
    uint64_t low = 0, high = turn->state.audit_number / MERKLE_TILE_WIDTH;
    int rc = 0;
    while (rc == 0 && low < high) {
        uint64_t middle = low + (high - low) / 2;
        struct archive_mark unused;
        rc = archive_find_mark (turn, middle * MERKLE_TILE_WIDTH + 1, &unused);
        low = rc == 0 ? middle + 1 : low;
        high = rc == 0 ? high : middle;
        rc = rc == STORE_NOT_FOUND ? 0 : rc;
    }
    *lines = low * MERKLE_TILE_WIDTH;
    return rc;
}

int archive_hash_before (struct turn *turn, uint64_t index, uint8_t hash[VAULT_HASH_SIZE])
{
    struct bytes value;
    memset (hash, 0, VAULT_HASH_SIZE);
    int rc = index > 0 ? get (turn, index * MERKLE_TILE_WIDTH, &value) : 0;
    if (rc == 0 && index > 0 && value.size >= VAULT_HASH_SIZE) /* of a line the hash comes first, too */
        memcpy (hash, value.data, VAULT_HASH_SIZE);
    else if (rc == 0 && index > 0)
        rc = RECORD_DAMAGED;
    return rc == STORE_NOT_FOUND ? RECORD_DAMAGED : rc;
}

/* --- What is wrong with it ---------------------------------------------------------------------------- */

const struct archive_fault *archive_fault (const struct archive *self, size_t index)
{
    return index < self->fault_count ? &self->fault[index] : NULL;
}

const struct archive_fault *archive_untold (const struct archive *self)
{
    for (size_t i = 0; i < self->fault_count && self->told < ARCHIVE_FAULTS; i++)
        if (!self->fault[i].is_told)
            return &self->fault[i];
    return NULL;
}

void archive_tell (struct archive *self)
{
    const struct archive_fault *untold = archive_untold (self);
    if (untold == NULL)
        return;
    self->fault[untold - self->fault].is_told = true;
    self->told++;
}

static size_t find_fault (const struct archive *self, uint64_t index)
{
    size_t at = 0;
    while (at < self->fault_count && self->fault[at].index != index)
        at++;
    return at;
}

static void forget_fault (struct archive *self, uint64_t index)
{
    size_t at = find_fault (self, index);
    if (at == self->fault_count)
        return;
    self->fault_count--;
    memmove (self->fault + at, self->fault + at + 1, (self->fault_count - at) * sizeof *self->fault);
    if (self->fault_count == 0)
        self->told = 0;
}

/* It comes first; where there is no room, the one that was found longest ago goes. */
static int note_fault (struct archive *self, uint64_t index, const char *why)
{
    size_t at = find_fault (self, index);
    bool is_told = at < self->fault_count && self->fault[at].is_told;
    if (at == self->fault_count && self->fault_count < ARCHIVE_FAULTS)
        self->fault_count++;
    else if (at == self->fault_count)
        at--;
    memmove (self->fault + 1, self->fault, at * sizeof *self->fault);
    struct archive_fault *made = &self->fault[0];
    *made = (struct archive_fault){.index = index, .turn = self->turn, .is_told = is_told};
    tiles_path (TILES_ENTRIES, index, MERKLE_TILE_WIDTH, made->path);
    snprintf (made->why, sizeof made->why, "%s", why);
    return ARCHIVE_DAMAGED;
}

/* --- Bundles ------------------------------------------------------------------------------------------ */

bool archive_cut (struct archive_bundle *bundle, const uint8_t before[VAULT_HASH_SIZE])
{
    struct bytes rest = {bundle->data, bundle->size};
    struct merkle_edge edge = {.size = 0};
    struct merkle_filled unused;
    for (size_t i = 0; i < MERKLE_TILE_WIDTH; i++) {
        struct bytes *line = &bundle->line[i];
        if (!tiles_next_entry (&rest, line))
            return false;
        struct merkle_hash leaf = merkle_leaf (*line);
        merkle_add (&edge, &leaf, &unused);
        vault_hash (i > 0 ? bundle->hash[i - 1] : before, VAULT_HASH_SIZE, line->data, line->size,
                    bundle->hash[i]);
    }
    bundle->root = merkle_root (&edge);
    return rest.size == 0;
}

/* 0, or ARCHIVE_DAMAGED with the fault noted. */
static int read_file (struct turn *turn, uint64_t index, struct archive_bundle *bundle)
{
    char path[TILES_PATH];
    struct file_why why;
    const char *directory = turn->config->log_archive;
    if (directory == NULL)
        return note_fault (turn->archive, index, "cannot be read: log/archive is not configured");
    tiles_path (TILES_ENTRIES, index, MERKLE_TILE_WIDTH, path);
    int rc = file_read (arena_printf (turn->arena, "%s/%s", directory, path), TILES_ENTRIES_SIZE, &bundle->data,
                        &bundle->size, &why);
    if (rc != 0)
        return note_fault (turn->archive, index, why.text);
    turn->record_bytes += bundle->size;
    return 0;
}

/* Its tile is what checkpoints were signed of. One that is not stored is made of the lines (audit/tree.h). */
static int compare (struct turn *turn, uint64_t index, const struct archive_mark *mark,
                    const struct archive_bundle *bundle)
{
    struct merkle_hash tile;
    int rc = tree_find_tile (turn, index, &tile);
    if (rc != 0 && rc != STORE_NOT_FOUND)
        return rc;
    bool is_same = vault_equal (bundle->hash[MERKLE_TILE_WIDTH - 1], mark->hash, VAULT_HASH_SIZE) &&
                   (rc == STORE_NOT_FOUND || merkle_same (&tile, &bundle->root));
    return is_same ? 0 : note_fault (turn->archive, index, "is not what was archived");
}

static int read_bundle (struct turn *turn, uint64_t index, const struct archive_mark *mark,
                        struct archive_bundle *bundle)
{
    uint8_t before[VAULT_HASH_SIZE];
    int rc = archive_hash_before (turn, index, before);
    if (rc == 0)
        rc = read_file (turn, index, bundle);
    if (rc == 0 && !archive_cut (bundle, before))
        rc = note_fault (turn->archive, index, "is not a file of 256 lines");
    return rc == 0 ? compare (turn, index, mark, bundle) : rc;
}

/* The one that was used longest ago makes place. */
static struct kept *place_of (struct archive *self, uint64_t index)
{
    struct kept *oldest = &self->kept[0];
    for (size_t i = 0; i < KEPT; i++) {
        if (self->kept[i].is_used && self->kept[i].index == index)
            return &self->kept[i];
        if (self->kept[i].used_at < oldest->used_at)
            oldest = &self->kept[i];
    }
    return oldest;
}

static int find_bundle (struct turn *turn, uint64_t index, const struct archive_mark *mark, struct kept **found)
{
    struct archive *self = turn->archive;
    struct kept *place = place_of (self, index);
    size_t fault = find_fault (self, index);
    *found = place;
    place->used_at = ++self->uses;
    if (place->is_used && place->index == index)
        return 0;
    if (fault < self->fault_count && self->fault[fault].turn == self->turn) {
        struct archive_fault known = self->fault[fault];
        return note_fault (self, index, known.why);
    }
    free (place->bundle.data);
    *place = (struct kept){.index = index, .used_at = self->uses};
    int rc = read_bundle (turn, index, mark, &place->bundle);
    place->is_used = rc == 0;
    if (rc == 0)
        forget_fault (self, index);
    return rc;
}

int archive_read (struct turn *turn, uint64_t number, struct archived_line *line)
{
    struct archive_mark mark;
    struct kept *found;
    int rc = archive_find_mark (turn, number, &mark);
    if (rc == 0)
        rc = find_bundle (turn, bundle_of (number), &mark, &found);
    if (rc != 0)
        return rc;
    size_t at = (number - 1) % MERKLE_TILE_WIDTH;
    line->raw = found->bundle.line[at];
    memcpy (line->hash, found->bundle.hash[at], sizeof line->hash);
    return 0;
}
