/* Records as they lie in the ledger: sealed, and with the marks by which they are found. To make one, nothing is
   looked at but the ledger's keys, which stay what they are: so that is done on any thread. */
#include <stdlib.h>
#include <string.h>
#include "allocate.h"
#include "call.h"
#include "codec/document_writer.h"
#include "ledger_inner.h"
#include "unconst.h"

/* The record, and the hashes of its marks, so that they can be taken out with it. */
static char *text_of (const char *record, const char *hashes)
{
    struct document_writer writer;
    document_begin (&writer, 0);
    document_open_object (&writer, NULL);
    document_put_text (&writer, "marks", hashes);
    document_put_document (&writer, "record", record);
    document_close_object (&writer);
    return document_end (&writer);
}

uint8_t *ledger_seal_record (const struct ledger *self, const uint8_t place[LEDGER_PLACE], const char *record,
                             const char *hashes, size_t *size_p)
{
    char *text = text_of (record, hashes);
    size_t size = strlen (text);
    uint8_t *sealed = allocate (size + SEAL_OVERHEAD, 1);
    seal_close (&self->keys, (struct bytes){place, LEDGER_PLACE}, (struct bytes){text, size}, sealed);
    explicit_bzero (text, size);
    free (text);
    *size_p = size + SEAL_OVERHEAD;
    return sealed;
}

struct ledger_entry *ledger_seal_text (const struct ledger *self, enum ledger_table table,
                                       const uint8_t key[LEDGER_KEY], const char *record,
                                       const struct ledger_mark *marks)
{
    struct ledger_entry *entry = allocate (1, sizeof *entry);
    entry->place[0] = (uint8_t)table;
    memcpy (entry->place + 1, key, LEDGER_KEY);
    while (marks[entry->mark_count].kind)
        entry->mark_count++;
    entry->marks = allocate (entry->mark_count, sizeof *entry->marks);
    char *hashes = allocate (entry->mark_count * 2 * SEAL_HASH + 1, 1);
    for (size_t i = 0; i < entry->mark_count; i++) {
        seal_name (&self->keys, marks[i].kind, marks[i].text, entry->marks[i]);
        memcpy (entry->marks[i] + SEAL_HASH, entry->place, LEDGER_PLACE);
        consent_hex (entry->marks[i], SEAL_HASH, hashes + i * 2 * SEAL_HASH);
    }
    entry->sealed = ledger_seal_record (self, entry->place, record, hashes, &entry->size);
    free (hashes);
    return entry;
}

char *ledger_text (const json_t *record)
{
    struct document_writer writer;
    document_begin (&writer, 0);
    document_put_tree (&writer, NULL, unconst (record));
    return document_end (&writer);
}

struct ledger_entry *ledger_seal (const struct ledger *self, enum ledger_table table,
                                  const uint8_t key[LEDGER_KEY], const json_t *record,
                                  const struct ledger_mark *marks)
{
    char *text = ledger_text (record);
    struct ledger_entry *entry = ledger_seal_text (self, table, key, text, marks);
    explicit_bzero (text, strlen (text));
    free (text);
    return entry;
}

void ledger_entry_destroy (struct ledger_entry **self_p)
{
    if (!*self_p)
        return;
    free ((*self_p)->marks);
    free ((*self_p)->sealed);
    free (*self_p);
    *self_p = NULL;
}
