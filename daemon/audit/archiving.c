#include "archiving.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "archive.h"
#include "big_endian.h"
#include "config/config.h"
#include "config/file.h"
#include "log.h"
#include "tree.h"

enum { WIDTH = MERKLE_TILE_WIDTH };

int archiving_find_until (struct turn *turn, uint64_t *until)
{
    uint64_t archived, older, newest = turn->state.audit_number, most = newest > WIDTH ? newest - WIDTH : 0;
    int rc = archive_count (turn, &archived);
    if (rc == 0)
        rc = audit_find_before_about (turn, turn->now - turn->config->archive_after, &older);
    if (rc != 0)
        return rc;
    most = older < most ? older : most;
    if (turn->state.checkpoint_size < most)
        most = turn->state.checkpoint_size;
    most -= most % WIDTH;
    *until = most > archived ? most : archived;
    return 0;
}

static int refuse (char why[ARCHIVING_WHY], uint64_t index, const char *what)
{
    char path[TILES_PATH];
    tiles_path (TILES_ENTRIES, index, WIDTH, path);
    snprintf (why, ARCHIVING_WHY, "%s: %s", path, what);
    return ARCHIVE_DAMAGED;
}

static int read_file (struct turn *turn, uint64_t index, struct archive_bundle *bundle, char why[ARCHIVING_WHY])
{
    char path[TILES_PATH];
    struct file_why problem;
    tiles_path (TILES_ENTRIES, index, WIDTH, path);
    const char *whole = arena_printf (turn->arena, "%s/%s", turn->config->log_archive, path);
    if (file_read_itself (whole, TILES_ENTRIES_SIZE, &bundle->data, &bundle->size, &problem) != 0)
        return refuse (why, index, problem.text);
    turn->record_bytes += bundle->size;
    return 0;
}

/* Line by line: the bytes, and the hash that chains it. */
static int compare_lines (struct turn *turn, uint64_t index, const struct archive_bundle *bundle, moment *time,
                          char why[ARCHIVING_WHY])
{
    for (size_t i = 0; i < WIDTH; i++) {
        struct arena_mark mark = arena_mark (turn->arena);
        struct audit_record stored;
        uint64_t number = index * WIDTH + i + 1;
        int rc = audit_read (turn, number, &stored);
        bool is_same = rc == 0 && stored.raw.size == bundle->line[i].size &&
                       memcmp (stored.raw.data, bundle->line[i].data, stored.raw.size) == 0 &&
                       vault_equal (stored.hash, bundle->hash[i], VAULT_HASH_SIZE);
        *time = stored.head.time;
        arena_release (turn->arena, mark);
        if (rc == AUDIT_NOT_FOUND || rc == RECORD_DAMAGED)
            snprintf (why, ARCHIVING_WHY, "line %llu of the log cannot be read", (unsigned long long)number);
        if (rc != 0)
            return rc == AUDIT_NOT_FOUND ? RECORD_DAMAGED : rc;
        if (!is_same)
            return refuse (why, index, "does not have the lines of this log");
    }
    return 0;
}

/* The tree has its hash from here on, since it could not be made again where the file is lost. */
static int compare_tile (struct turn *turn, uint64_t index, const struct archive_bundle *bundle,
                         char why[ARCHIVING_WHY])
{
    struct merkle_hash tile;
    int rc = tree_find_tile (turn, index, &tile);
    if (rc == STORE_NOT_FOUND)
        return tree_put_tile (turn, index, &bundle->root);
    if (rc == 0 && !merkle_same (&tile, &bundle->root)) {
        snprintf (why, ARCHIVING_WHY, "the lines up to %llu are not those of which the log's tree is made",
                  (unsigned long long)(index + 1) * WIDTH);
        return RECORD_DAMAGED;
    }
    return rc;
}

static int delete_lines (struct turn *turn, uint64_t index)
{
    int rc = 0;
    for (uint64_t number = index * WIDTH + 1; number < (index + 1) * WIDTH && rc == 0; number++) {
        uint8_t key[8];
        put_be64 (key, number);
        rc = store_delete (turn->txn, STORE_AUDIT, (struct bytes){key, sizeof key});
    }
    return rc;
}

int archiving_take_out (struct turn *turn, uint64_t index, char why[ARCHIVING_WHY])
{
    struct archive_bundle bundle = {.data = NULL};
    struct archive_mark mark;
    uint8_t before[VAULT_HASH_SIZE];
    why[0] = '\0';
    int rc = archive_hash_before (turn, index, before);
    if (rc == 0)
        rc = read_file (turn, index, &bundle, why);
    if (rc == 0 && !archive_cut (&bundle, before))
        rc = refuse (why, index, "is not a file of 256 lines");
    if (rc == 0)
        rc = compare_lines (turn, index, &bundle, &mark.time, why);
    if (rc == 0)
        rc = compare_tile (turn, index, &bundle, why);
    if (rc == 0)
        rc = delete_lines (turn, index);
    if (rc == 0) {
        memcpy (mark.hash, bundle.hash[WIDTH - 1], sizeof mark.hash);
        rc = archive_put_mark (turn, index, &mark);
    }
    free (bundle.data);
    if (rc == RECORD_DAMAGED && why[0] == '\0')
        snprintf (why, ARCHIVING_WHY, "line %llu of the log cannot be read", (unsigned long long)index * WIDTH);
    return rc;
}
