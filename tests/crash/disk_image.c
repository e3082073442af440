/* What a power cut may leave: all that was synced, and of the rest any sectors. */
#include "disk.h"
#include <assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

uint64_t disk_random (uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u; /* splitmix64 */
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* --- States ------------------------------------------------------------------------------------------- */

static void set_size (struct disk_content *content, uint64_t size)
{
    if (size > content->room) {
        content->data = realloc (content->data, size);
        assert (content->data != NULL);
        content->room = size;
    }
    if (size > content->size)
        memset (content->data + content->size, 0, size - content->size);
    content->size = size;
}

static void put (struct disk_content *content, uint64_t offset, const uint8_t *data, uint64_t size)
{
    if (size == 0)
        return;
    if (offset + size > content->size)
        set_size (content, offset + size);
    memcpy (content->data + offset, data, size);
}

/* Its place among the names, or -1. */
static int find_name (const struct disk_state *state, const char *name)
{
    for (int i = 0; i < DISK_FILES; i++)
        if (strcmp (state->names[i].name, name) == 0)
            return i;
    return -1;
}

static void set_name (struct disk_state *state, const char *name, int file)
{
    int found = find_name (state, name);
    if (found < 0)
        found = find_name (state, "");
    assert (found >= 0);
    snprintf (state->names[found].name, DISK_NAME, "%s", name);
    state->names[found].file = file;
}

static void drop_name (struct disk_state *state, const char *name, int file)
{
    int found = find_name (state, name);
    if (found >= 0 && state->names[found].file == file)
        state->names[found].name[0] = 0;
}

void disk_state_apply (struct disk_state *state, const struct disk_step *step)
{
    struct disk_content *content = &state->files[step->file];
    switch (step->kind) {
    case DISK_WRITE:
        put (content, step->offset, step->data, step->size);
        break;
    case DISK_TRUNCATE:
        set_size (content, step->size);
        break;
    case DISK_ALLOCATE:
        set_size (content, step->size > content->size ? step->size : content->size);
        break;
    case DISK_LINK:
        set_name (state, step->name, step->file);
        break;
    case DISK_RENAME:
        drop_name (state, step->name, step->file);
        set_name (state, step->to, step->file);
        break;
    case DISK_UNLINK:
        drop_name (state, step->name, step->file);
        break;
    default:
        break;
    }
}

void disk_state_read (struct disk_state *state, const char *directory)
{
    DIR *entries = opendir (directory);
    int files = 1;
    assert (entries != NULL);
    *state = (struct disk_state){.names = {{.name = ""}}};
    for (struct dirent *entry; (entry = readdir (entries)) != NULL;) {
        struct stat status;
        if (entry->d_name[0] == '.')
            continue;
        assert (files < DISK_FILES);
        set_name (state, entry->d_name, files);
        int fd = openat (dirfd (entries), entry->d_name, O_RDONLY | O_CLOEXEC);
        assert (fd >= 0 && fstat (fd, &status) == 0);
        set_size (&state->files[files], (uint64_t)status.st_size);
        assert (read (fd, state->files[files].data, (size_t)status.st_size) == status.st_size);
        close (fd);
        files++;
    }
    closedir (entries);
}

static void write_file (int directory, const char *name, const struct disk_content *content)
{
    /* In place, which is faster than making it anew. */
    int fd = openat (directory, name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    bool written = fd >= 0 && ftruncate (fd, (off_t)content->size) == 0 &&
                   pwrite (fd, content->data, content->size, 0) == (ssize_t)content->size;
    assert (written);
    close (fd);
}

void disk_state_write (const struct disk_state *state, const char *directory)
{
    DIR *entries = opendir (directory);
    assert (entries != NULL);
    for (struct dirent *entry; (entry = readdir (entries)) != NULL;)
        if (entry->d_name[0] != '.' && find_name (state, entry->d_name) < 0)
            unlinkat (dirfd (entries), entry->d_name, 0);
    for (int i = 0; i < DISK_FILES; i++)
        if (state->names[i].name[0] != 0)
            write_file (dirfd (entries), state->names[i].name, &state->files[state->names[i].file]);
    closedir (entries);
}

static bool has_equal (const struct disk_state *a, const struct disk_state *b)
{
    for (int i = 0; i < DISK_FILES; i++) {
        bool found = a->names[i].name[0] == 0;
        const struct disk_content *one = &a->files[a->names[i].file];
        for (int j = 0; !found && j < DISK_FILES; j++) {
            const struct disk_content *other = &b->files[b->names[j].file];
            found = strcmp (a->names[i].name, b->names[j].name) == 0 && one->size == other->size &&
                    (one->size == 0 || memcmp (one->data, other->data, one->size) == 0);
        }
        if (!found)
            return false;
    }
    return true;
}

bool disk_state_is_equal (const struct disk_state *a, const struct disk_state *b)
{
    return has_equal (a, b) && has_equal (b, a);
}

/* `to` may have been used before. */
static void copy_state (struct disk_state *to, const struct disk_state *from)
{
    memcpy (to->names, from->names, sizeof to->names);
    for (int i = 0; i < DISK_FILES; i++) {
        to->files[i].size = from->files[i].size; /* so that nothing is cleared that is then overwritten */
        if (to->files[i].size > to->files[i].room)
            to->files[i].size = 0;
        put (&to->files[i], 0, from->files[i].data, from->files[i].size);
    }
}

void disk_state_free (struct disk_state *state)
{
    for (int i = 0; i < DISK_FILES; i++)
        free (state->files[i].data);
}

/* --- What may be there of one step -------------------------------------------------------------------- */

/* Which sectors get there: each with this chance, of 256. */
struct luck {
    uint64_t sector, chance;
};

static bool is_lucky (const struct luck *luck, uint64_t *seed)
{
    return disk_random (seed) % 256 < luck->chance;
}

static void apply_in_part (struct disk_state *state, const struct disk_step *step, const struct luck *luck,
                           uint64_t *seed)
{
    if (step->kind != DISK_WRITE) {
        if (is_lucky (luck, seed))
            disk_state_apply (state, step);
        return;
    }
    for (uint64_t done = 0, part; done < step->size; done += part) {
        part = luck->sector - (step->offset + done) % luck->sector;
        if (part > step->size - done)
            part = step->size - done;
        if (is_lucky (luck, seed))
            put (&state->files[step->file], step->offset + done, step->data + done, part);
    }
}

/* --- Walking through the trace ------------------------------------------------------------------------ */

void disk_start (struct disk *disk, const struct disk_trace *trace)
{
    *disk = (struct disk){.trace = trace, .told = trace->told, .begun = trace->begun};
    copy_state (&disk->state, &trace->before);
}

void disk_free (struct disk *disk)
{
    disk_state_free (&disk->state);
    free (disk->pending);
}

static bool overlaps (const struct disk_step *a, const struct disk_step *b)
{
    return a->kind == DISK_WRITE && a->offset < b->offset + b->size && b->offset < a->offset + a->size;
}

/* The file whose sync makes a step durable: for a name that is the directory. */
static int owner_of (const struct disk_step *step)
{
    return step->kind == DISK_LINK || step->kind == DISK_RENAME || step->kind == DISK_UNLINK ? DISK_DIRECTORY
                                                                                             : step->file;
}

/* A sync has come back, or failed: takes off what it was about. */
static void settle (struct disk *disk, const struct disk_step *sync)
{
    static const struct luck even = {.sector = 512, .chance = 128};
    const struct disk_step *steps = disk->trace->steps;
    size_t left = 0;
    for (size_t i = 0; i < disk->pending_count; i++) {
        size_t number = disk->pending[i];
        const struct disk_step *step = &steps[number];
        bool concerned =
            owner_of (step) == sync->file &&
            (sync->kind == DISK_SYNC_RANGE
                 ? number == sync->since || (number < sync->since && overlaps (step, &steps[sync->since]))
                 : number < sync->since);
        if (!concerned)
            disk->pending[left++] = number;
        else if (sync->kind == DISK_LOST)
            apply_in_part (&disk->state, step, &even, &disk->seed);
        else
            disk_state_apply (&disk->state, step);
    }
    disk->pending_count = left;
}

static void await_sync (struct disk *disk, size_t number)
{
    if (disk->pending_count == disk->pending_room) {
        disk->pending_room = disk->pending_room * 2 + 64;
        disk->pending = realloc (disk->pending, disk->pending_room * sizeof *disk->pending);
        assert (disk->pending != NULL);
    }
    disk->pending[disk->pending_count++] = number;
}

bool disk_step (struct disk *disk)
{
    if (disk->at == disk->trace->count)
        return false;
    const struct disk_step *step = &disk->trace->steps[disk->at];
    const char *name = disk->trace->first_name[step->file];
    switch (step->kind) {
    case DISK_SYNC:
    case DISK_SYNC_RANGE:
        if (!step->is_data || disk->ignores == NULL || strncmp (name, disk->ignores, strlen (disk->ignores)) != 0)
            settle (disk, step);
        break;
    case DISK_LOST:
        settle (disk, step);
        break;
    case DISK_BEGUN:
        disk->begun = step->turn;
        break;
    case DISK_TOLD:
        disk->told = step->turn;
        break;
    default:
        await_sync (disk, disk->at);
    }
    disk->at++;
    return true;
}

/* --- Images ------------------------------------------------------------------------------------------- */

/* All up to some step, of that one its beginning, and nothing after it. */
static void apply_beginning (const struct disk *disk, struct disk_state *state, uint64_t *seed)
{
    size_t whole = disk_random (seed) % (disk->pending_count + 1);
    for (size_t i = 0; i < whole; i++)
        disk_state_apply (state, &disk->trace->steps[disk->pending[i]]);
    if (whole == disk->pending_count)
        return;
    struct disk_step step = disk->trace->steps[disk->pending[whole]];
    if (step.kind == DISK_WRITE)
        put (&state->files[step.file], step.offset, step.data, disk_random (seed) % step.size);
}

static void apply_sectors (const struct disk *disk, struct disk_state *state, uint64_t *seed)
{
    static const uint64_t chances[] = {0, 8, 64, 128, 192, 248, 256};
    const struct luck luck = {.sector = disk_random (seed) % 2 == 0 ? 512 : 4096,
                              .chance = chances[disk_random (seed) % (sizeof chances / sizeof *chances)]};
    for (size_t i = 0; i < disk->pending_count; i++)
        apply_in_part (state, &disk->trace->steps[disk->pending[i]], &luck, seed);
}

void disk_cut (const struct disk *disk, uint64_t seed, const char *directory)
{
    static struct disk_state state; /* kept, because it is large */
    copy_state (&state, &disk->state);
    if (disk_random (&seed) % 4 == 0)
        apply_beginning (disk, &state, &seed);
    else
        apply_sectors (disk, &state, &seed);
    disk_state_write (&state, directory);
}
