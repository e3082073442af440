/* The inside of the journal: shared by journal*.c, and included by nothing else. */
#pragma once
#include <pthread.h>
#include "histogram.h"
#include "journal.h"

enum { JOURNAL_LIFE_SIZE = 8 };

/* Where the parts of a frame are. Numbers are big-endian. The mac is over all before it, and the content. */
enum {
    AT_MAGIC = 0,
    AT_SIZE = AT_MAGIC + 8, /* of the content */
    AT_NUMBER = AT_SIZE + 8,
    AT_DURABLE = AT_NUMBER + 8, /* the newest number that was durable when this was written */
    AT_LIFE = AT_DURABLE + 8, /* random, anew at each opening of the journal, and where a frame came to nothing */
    AT_PREVIOUS = AT_LIFE + JOURNAL_LIFE_SIZE,
    AT_MAC = AT_PREVIOUS + JOURNAL_MAC_SIZE,
    AT_CONTENT = AT_MAC + JOURNAL_MAC_SIZE,
    FIRST_FRAME = JOURNAL_PAGE, /* behind the page that says what the file is */
};

/* What the helper does. It does one thing at a time. */
enum helper_state {
    HELPER_IDLE,
    HELPER_SYNCING,  /* asked, and not finished */
    HELPER_FINISHED, /* finished, which is not noted yet */
};

struct journal {
    int fd;
    const struct vault_key *key;
    uint64_t size;             /* of the file */
    uint64_t end;              /* where the next frame begins */
    struct journal_point last; /* the newest frame */
    uint8_t life[JOURNAL_LIFE_SIZE];
    uint64_t durable; /* the newest frame that is on the disk */
    bool is_dead;     /* a sync failed */
    bool is_read;     /* its end is known, and nothing is behind it that counts */
    struct histogram syncs;

    /* journal_sync.c. The mutex guards the members before `told`, which the helper shares. */
    pthread_mutex_t mutex;
    pthread_cond_t asked, finished;
    enum helper_state state;
    bool stopping;
    int result;      /* of the helper's last sync: 0 or -errno */
    int64_t took;    /* us: the same */
    uint64_t target; /* what will be durable when the helper has finished */
    bool has_helper;
    pthread_t helper;
    int told; /* an eventfd */
};

/* The whole pages that a frame with so much content takes, in bytes. */
static inline uint64_t frame_size (uint64_t content)
{
    return (AT_CONTENT + content + JOURNAL_PAGE - 1) / JOURNAL_PAGE * JOURNAL_PAGE;
}

extern const uint8_t journal_frame_magic[8];

/* Makes and ends what the helper needs. The helper itself begins with its first work. */
void journal_sync_prepare (struct journal *self);
void journal_sync_end (struct journal *self);
