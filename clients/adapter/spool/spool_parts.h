/* What the files of a spool share. */
#pragma once
#include <jansson.h>
#include "arrivals.h"
#include "folders.h"
#include "ledger.h"
#include "removing.h"
#include "spool.h"
#include "workers.h"

enum {
    AHEAD_MAX = 512,         /* messages that are read ahead */
    AHEAD_WHILE_ASKED = 128, /* of those, while answers are awaited; the rest while the disk is */
    ITEMS_MAX =
        3 * AHEAD_MAX + 64, /* of one group: all that three of those may leave, and what is held beside it */
    GROUP_BYTES = 32 * 1024 * 1024, /* of the messages of one group, unless a single one is larger */
    AHEAD_BYTES = 16 * 1024 * 1024,
    ID_TEXT = 2 * LEDGER_KEY + 1,
    KNOWN_MAX = 16,
    SPOOL_STUCK = 1,
    GROUPS = 3,
    LINES = 2,
    CLAIM_LENGTH = 17, /* "0123456789abcdef-": with what a message is claimed, before its name */
};

/* Where a message ends, as far as it is known. */
enum item_end {
    END_NONE, /* it is not known yet */
    END_SENT,
    END_HELD,
    END_FAILED,
    END_WAITS,  /* there was no answer: it stays where it is, and is tried again */
    END_ERASED, /* of a subject who was erased: nothing is left of it but the report */
    ENDS
};

/* A message on its way through a group. */
struct item {
    enum folder from; /* CLAIMED, or HELD: it is decided anew, and stays there meanwhile */
    char name[FOLDERS_NAME];
    uint8_t id[LEDGER_KEY]; /* of this name under way */
    char id_text[ID_TEXT];
    char *text;
    size_t size;
    int64_t came; /* when it was last written, in ns since 1970 */
    struct passage *passage;
    struct passage_need need;
    struct consent_answer **answers; /* to the questions of `need`, as they come */
    size_t open_questions;           /* those that have none yet */
    size_t clients;                  /* that were asked about */
    int written;                     /* what came of its last file in work/: 0 or -errno */
    struct ledger_entry *intent;     /* that it may be disclosed; NULL: what may go of it is not stored yet */
    enum item_end end;
    bool recalled;                  /* a run before may have disclosed it: what was recorded is asked first */
    struct passage_order order;     /* then: the spool's, but with the key under which that was */
    uint8_t secret[PASSAGE_SECRET]; /* of that key */
    bool unrecorded;  /* the registry knows of no such disclosure, of somebody it is about at least */
    int64_t intended; /* when that may have been, by the registry's clock */
    bool doubtful;    /* so long ago that the registry may have forgotten it */
    json_t *decided;  /* as the ledger has it under way, with where it ends; NULL: its report is not stored yet */
    struct ledger_entry *sealed, *went; /* this, and what is kept of it if it goes */
    json_t *held;                       /* as the ledger has it, if it is held */
    char as[FOLDERS_NAME];              /* its name where it ends */
};

/* Messages that are decided together. */
struct group {
    const struct passage_order *order;
    struct item items[ITEMS_MAX];
    size_t count;
    size_t line;      /* the connection over which is asked about them, from their advice to their disclosure */
    bool is_kept;     /* where they lie they are after a power cut too */
    json_t *chosen;   /* the places that they were given, as keys */
    json_t *products; /* of them, by their ids: whether one takes it back */
};

/* What went, on its way to its place beside what goes on. */
struct leaving {
    const struct folders *folders;
    struct workers *workers;
    size_t count, ended; /* those that were ended were said, and what they came from is being removed */
    int failed;          /* one of them; 0 or -errno */
    struct leaving_one {
        char id_text[ID_TEXT], name[FOLDERS_NAME], as[FOLDERS_NAME];
        int result;
        atomic_bool is_done;
    } list[ITEMS_MAX];
};

/* A sync of the spool, beside which is read. */
struct syncing {
    struct workers *workers;
    int result; /* 0 or -errno */
    atomic_bool is_done;
};

/* What became of how many. */
struct tally {
    size_t ends[ENDS];
    json_t *held;  /* why each is held by now, by its name in held/ */
    json_t *waits; /* names of those that had no answer yet, as keys */
    size_t left;   /* under way when nothing more could go; 0: nothing kept it */
};

/* Who somebody is, as the registry said. */
struct known {
    char *asked;
    struct consent_parties *parties;
    int64_t until;
};

struct spool {
    const struct spool_order *order;
    struct known known[KNOWN_MAX];
    struct folders folders;
    struct ledger *ledger;    /* of a dry run one in memory, over that of the spool */
    consent_t *checks[LINES]; /* many questions at once, of one group each */
    consent_t *calls;         /* one by one */
    consent_t *events;
    int inotify;
    struct arrivals arrivals; /* in in/ */
    struct workers *workers;  /* for the processors */
    struct workers *readers;  /* the same, beside them: of `ahead` */
    struct leaving leaving;   /* what went: all of it is in `settled` */
    struct removing removing; /* of what it was: the same */
    struct syncing syncing;
    struct group groups[GROUPS];
    struct group *now;   /* that has its end next: it may be disclosed, unless it was taken alone */
    struct group *next;  /* that comes after it: about which is asked beside the disclosures of `now` */
    struct group *ahead; /* that comes after both, and is read beside that */
    bool is_left;        /* something may lie in work/in that no group has */
    bool reads_ahead;    /* there is room in `ahead`, and something in in/ as far as is known */
    bool has_looked;     /* for that, since it began */
    json_t *woken;       /* names in held/ that are to be decided anew, as keys */
    json_t *told;        /* names in in/ of which it was said that they cannot be read, as keys */
    json_t *stuck;       /* ids of what is decided and whose place is taken, as keys */
    json_t *settled;     /* ids of what went and is still under way by the ledger; true: all of it has its place */
    struct tally tally;
    size_t looked_after;             /* so many had gone when what answers nothing was last looked at again */
    size_t total, done;              /* of the messages that were there at the start; 0: they were all looked at */
    int64_t registry_time, noted_at; /* what the registry's clock said, and the steady one then; 0: not yet */
    int64_t forgotten; /* what went before this day is forgotten, as its number since 1970; 0: not known yet */
    char missed[PASSAGE_ERROR]; /* not "": which events were, and nothing was done about it yet */
    uint64_t goes_on_with;      /* then: the first event that the registry still has */
    bool away;                  /* it was said that the registry is not there */
    int status;                 /* of the registry, that ends the spool: it does not admit us */
};

/* say.c: a line on stderr, which begins with the program's name. Returns `code`. */
int spool_say (const struct spool *self, int code, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));
/* Says once that the registry is not there, and why; once that it is back. */
void spool_say_away (struct spool *self, const char *why);
void spool_say_there (struct spool *self);
/* Says what became of a message, unless it is to be quiet. */
void spool_say_end (struct spool *self, const struct item *item);
/* The same of one that went, and came from in/. */
void spool_say_went (struct spool *self, const char *name, const char *as);
/* At a terminal: how far it is with what was there at the start, after a group. */
void spool_show_progress (struct spool *self);
/* Says what would become of it. */
void spool_say_would (struct spool *self, struct item *item);
void spool_say_summary (const struct spool *self);

/* ask.c: asks all questions of the items of `now` and `next`, and tells them the answers. */
void spool_ask (struct spool *self);

/* Says that a file cannot be written. Returns the exit code. */
int spool_say_unwritable (const struct spool *self, const char *what, int error);

/* meet.c: meets what the items of a group need besides answers of a check: who somebody is, and what went or was
   recorded before. */
void spool_meet (struct spool *self, struct group *group);
void spool_forget_known (struct spool *self);
/* Heeds what the registry says instead of an answer. */
void spool_heed (struct spool *self, int status, const char *why);

/* group.c: takes the items of `now` to their end, and those of `next` to where they may be disclosed. 0 or an exit
   code, with a line printed. */
int spool_drive (struct spool *self);
bool spool_any_needs (const struct group *group, enum passage_need_kind kind);
/* What came of the files of all items of a group in work/. 0 or -errno. */
int spool_written (const struct group *group);
/* Makes all durable, also that what went is removed: it can be forgotten then, and a start after a crash does not
   take it once more. What comes next is read meanwhile. 0 or -errno. */
int spool_sync (struct spool *self);
void spool_begin_syncing (struct spool *self);
/* Within a change: of what went, and was where it is to be at the last sync, that it is under way. */
void spool_forget_settled (struct spool *self);
/* That was committed. */
void spool_was_forgotten (struct spool *self);
/* Makes durable what went, and forgets it is under way. 0 or an exit code. */
int spool_settle (struct spool *self);

/* intend.c: of one item that may go: notes when that was found. */
void spool_note_intended (const struct spool *self, struct item *item);
/* After that: stores what may go of it in work/, and makes what the ledger is to know. On any thread. */
void spool_store (const struct spool *self, struct item *item);
/* The same of all items of a group that may go, and of which it was not done yet. 0 or -errno. */
int spool_store_all (struct spool *self, struct group *group);
/* Within a change: that they may be disclosed from its commit on. */
void spool_put_intents (struct spool *self, const struct group *group);
/* That was committed: each has its name, and is to be disclosed next. What went before has its place. */
void spool_begin_disclosing (struct spool *self, struct group *group);
/* All of this, of the items of `now` alone. 0 or an exit code. */
int spool_intend (struct spool *self);

/* finish.c: where each item of `now` ends: its report, what the ledger keeps, and the moves. With the same sync
   and the same commit those of `next` may be disclosed. 0 or an exit code. */
int spool_finish (struct spool *self);
/* Of one item of a group that may be disclosed now: the name under which it goes then. */
void spool_name (const struct spool *self, const struct group *group, struct item *item);
/* Of one item that has its name: stores its report in work/, and makes what the ledger is to keep. On any thread.
 */
void spool_report (const struct spool *self, struct item *item);

/* moves.c: moves what the ledger says has been decided; also what a run before left. 0 or -errno; -EEXIST: its
   place is taken. */
int spool_move (struct spool *self, const char *id_text, const json_t *decided);
/* Where it ends. */
enum folder spool_place_of (enum item_end end);
enum folder spool_folder_of (const json_t *decided);
/* Begins to move an item that went, and came from in/. Of one group at a time. */
void spool_leave (struct spool *self, const struct item *item);
/* Ends those that have their place by now: says so, and begins to remove what they came from. */
void spool_let_leave (struct spool *self);
/* Waits until all of them have their place, or are stuck, and ends them. 0 or an exit code. */
int spool_await (struct spool *self);
/* Notes of what went that nothing is left in work/in, `all`: of all of it, after it was waited for. 0 or -errno.
 */
int spool_note_removed (struct spool *self, bool all);
void leaving_begin (struct leaving *self, const struct folders *folders);
void leaving_end (struct leaving *self);

/* stuck.c: moves it, or says that its place is taken. 0, SPOOL_STUCK or -errno. */
int spool_let_go (struct spool *self, const char *id_text, const json_t *decided);
bool spool_is_stuck (const struct spool *self, const char *id_text);
/* It was decided, and its place is taken. 0 or -errno. */
int spool_stick (struct spool *self, const char *id_text);
/* Tries again. 0 or an exit code. */
int spool_try_stuck (struct spool *self);

/* Within a change: what it takes back. */
void spool_take_back (struct spool *self, const struct item *item);

/* Where an item whose way is over ends. */
enum item_end spool_end_of (const struct item *item);

/* look.c: says what would become of what is in in/. 0 or an exit code. */
int spool_look (struct spool *self);
/* look_end.c: where the items of a group would end, beside which the ones in `again` wait for the next: their
   names, as keys. What may yet end otherwise, as others do, goes into `later` under the name that it would have in
   held/, unless it is `last`; of all others it is said. 0 or an exit code. */
struct look_end {
    json_t *again;
    json_t *later;
    bool answers; /* something may answer what went */
    bool last;
};
int spool_look_end (struct spool *self, struct look_end *look);

/* run.c: a connection of one's own; the ledger. 0 or an exit code. */
int spool_open_registry (struct spool *self, consent_t **registry_p);
int spool_open_checks (struct spool *self); /* those for questions */
int spool_open_ledger (struct spool *self);

/* ahead.c: has in `now` what is to be decided, and in `next` what is to be asked about beside it. */
int spool_watch (struct spool *self); /* 0 or an exit code */
void spool_take (struct spool *self);
/* While these are under way: takes one message more, to be read, of what comes after them. */
void spool_read_one (struct spool *self);
/* put_off.c: of what takes back, and what that is about, only the first stays: in `now` before `next`, which this
   is about if it has items, and within the group. */
void spool_put_off (struct spool *self, struct group *group);

/* take.c: adds a message to a group; what cannot be read stays. To `ahead` only: it is begun at once, by a reader.
 */
void spool_add (struct spool *self, struct group *to, enum folder from, const char *name);
/* Takes it out of in/, and adds it. */
void spool_claim (struct spool *self, struct group *to, const char *name);
/* A group is not to have more. */
bool spool_is_full (const struct group *group, size_t most, size_t most_bytes);
/* Begins the passages of what was added to `now`, and was not yet. */
void spool_begin (struct spool *self);
/* The work of a reader: of `context`, which is a group, begins the passage of one item. */
void spool_begin_item (void *context, size_t number);
void spool_clear (struct spool *self, struct group *group);

/* commands.c: does what people left to be done (held_command.h). 0 or an exit code. */
int spool_obey (struct spool *self);

/* recover.c: what a run before left. 0 or an exit code. */
int spool_recover (struct spool *self);
/* All that is held is to be decided anew. 0 or -errno. */
int spool_wake_all (struct spool *self);

/* hear.c: begins to listen. 0 or an exit code. */
int spool_listen (struct spool *self);
/* Listens until the registry answered that, or is found not to be there: before anything goes it is known whether
   it was put back. 0 or an exit code. */
int spool_hear_first (struct spool *self);
/* Subscribes, from an event on; 0: where it was. 0 or an exit code. */
int spool_subscribe (struct spool *self, uint64_t from);
/* Writes a notice under this name, durably. Takes it over. 0 or -errno. */
int spool_write_notice (struct spool *self, const char *base, json_t *notice);
/* gap.c: events were missed: looks through what went, and listens again. While the registry is away nothing of
   that happens: it is called again. 0 or an exit code. */
int spool_begin_anew (struct spool *self);
/* Takes the events that come within so many ms: notices, and what is decided anew. 0 or an exit code. */
int spool_hear (struct spool *self, int wait);

/* forget.c: forgets a part of what went longer ago than is to be known. 0 or an exit code. */
int spool_forget (struct spool *self);

/* Names of files are bytes; in JSON they are hexadecimal digits. Caller owns the return value. */
json_t *name_json (const char *name);
void name_of_json (const json_t *text, char name[FOLDERS_NAME]);
void name_of_digits (const char *digits, char name[FOLDERS_NAME]);
/* ms since 1970, by this machine. */
int64_t spool_now (void);

/* time.c: notes what time an advice that was just given says it is. */
void spool_note_time (struct spool *self, int64_t evaluated_at);
/* The registry gave an advice since the start. */
bool spool_knows_time (const struct spool *self);
/* ms since 1970, by the registry; by this machine as long as that is not known. */
int64_t spool_time (const struct spool *self);
