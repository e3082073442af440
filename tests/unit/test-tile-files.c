/* Where the files of a log lie, as C2SP tlog-tiles says, and how entries stand in them. */
#include <stdlib.h>
#include <string.h>
#include "merkle/tile_files.h"
#include "testing.h"

static void test_each_file_has_the_path_of_the_format (void **state)
{
    (void)state;
    static const struct {
        unsigned level;
        uint64_t index;
        unsigned width;
        const char *path;
    } files[] = {
        {0, 0, 256, "tile/0/000"},
        {0, 0, 1, "tile/0/000.p/1"},
        {0, 999, 255, "tile/0/999.p/255"},
        {1, 1000, 256, "tile/1/x001/000"},
        {0, 273, 112, "tile/0/273.p/112"},
        {0, 1234067, 256, "tile/0/x001/x234/067"}, /* the example of the format */
        {7, 999999, 256, "tile/7/x999/999"},
        {TILES_ENTRIES, 5, 256, "tile/entries/005"},
        {TILES_ENTRIES, 1000000, 17, "tile/entries/x001/x000/000.p/17"},
        {0, UINT64_MAX, 255, "tile/0/x018/x446/x744/x073/x709/x551/615.p/255"},
        {TILES_ENTRIES, UINT64_MAX, 255, "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"},
    };
    for (size_t i = 0; i < COUNT (files); i++) {
        char path[TILES_PATH];
        tiles_path (files[i].level, files[i].index, files[i].width, path);
        assert_string_equal (path, files[i].path);
    }
}

/* Its length in two bytes, the higher one first, and then the entry. */
static void test_entries_are_read_one_behind_the_other (void **state)
{
    (void)state;
    static const uint8_t file[] = {0, 2, 'a', 'b', 0, 0, 0, 1, 'c'};
    struct bytes rest = {file, sizeof file}, entry;
    assert_true (tiles_next_entry (&rest, &entry));
    assert_int_equal (entry.size, 2);
    assert_memory_equal (entry.data, "ab", 2);
    assert_true (tiles_next_entry (&rest, &entry));
    assert_int_equal (entry.size, 0);
    assert_true (tiles_next_entry (&rest, &entry));
    assert_int_equal (entry.size, 1);
    assert_ptr_equal (entry.data, file + 8);
    assert_int_equal (rest.size, 0);
    assert_false (tiles_next_entry (&rest, &entry));
    rest = (struct bytes){file + 4, 2}; /* an empty one is the last */
    assert_true (tiles_next_entry (&rest, &entry));
    assert_int_equal (entry.size + rest.size, 0);
}

/* In a block of its own: what is read behind its end is noticed. */
static void test_an_entry_that_is_cut_off_is_none (void **state)
{
    (void)state;
    for (size_t size = 0; size <= 2 + 300; size++) {
        uint8_t *file = calloc (1, size + (size == 0));
        assert_non_null (file);
        if (size >= 2) {
            file[0] = 300 >> 8;
            file[1] = 300 & 0xff;
        }
        struct bytes rest = {file, size}, entry;
        assert_int_equal (tiles_next_entry (&rest, &entry), size == 2 + 300);
        assert_int_equal (rest.size, size == 2 + 300 ? 0 : size);
        free (file);
    }
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (test_each_file_has_the_path_of_the_format),
        cmocka_unit_test (test_entries_are_read_one_behind_the_other),
        cmocka_unit_test (test_an_entry_that_is_cut_off_is_none),
    };
    return cmocka_run_group_tests (tests, NULL, NULL);
}
