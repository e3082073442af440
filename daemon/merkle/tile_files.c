#include "tile_files.h"
#include <stdio.h>

/* Behind the `size` bytes that are there. Numbers in groups of three digits, all but the last with an x before:
   x001/x234/067. */
static size_t put_number (uint64_t number, char path[TILES_PATH], size_t size)
{
    char group[8][8];
    size_t count = 0;
    do {
        snprintf (group[count], sizeof group[count], "%s%03u", count == 0 ? "" : "x", (unsigned)(number % 1000));
        count++;
        number /= 1000;
    } while (number > 0);
    while (count > 0) {
        count--;
        size += (size_t)snprintf (path + size, TILES_PATH - size, "%s%s", group[count], count > 0 ? "/" : "");
    }
    return size;
}

void tiles_path (unsigned level, uint64_t index, unsigned width, char path[TILES_PATH])
{
    size_t size = level == TILES_ENTRIES ? (size_t)sprintf (path, "tile/entries/")
                                         : (size_t)sprintf (path, "tile/%u/", level);
    size = put_number (index, path, size);
    if (width < MERKLE_TILE_WIDTH)
        sprintf (path + size, ".p/%u", width);
}

bool tiles_next_entry (struct bytes *rest, struct bytes *entry)
{
    const uint8_t *at = rest->data;
    if (rest->size < 2)
        return false;
    size_t size = (size_t)(at[0] << 8 | at[1]);
    if (size > rest->size - 2)
        return false;
    *entry = (struct bytes){at + 2, size};
    *rest = (struct bytes){at + 2 + size, rest->size - 2 - size};
    return true;
}
