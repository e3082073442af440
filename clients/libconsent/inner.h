/* What functions of the library tell each other, besides 0, -errno and enum consent_status: in one list, so that
   none has the number of another, nor of what the caller is told. */
#pragma once

enum {
    INNER_FROM = 128, /* above every enum consent_status */
    /* link.h */
    LINK_SILENT,     /* nothing within the time given */
    LINK_MESSAGE,    /* a message can be received */
    LINK_LOST,       /* the connection is gone; messages that were sent may be lost */
    LINK_REFUSED,    /* the registry does not admit our key, and will not on this link */
    LINK_SIGNAL,     /* a signal was handled */
    LINK_UNREADABLE, /* a message came that is not a reply */
    /* key_file.h */
    KEY_FILE_INVALID, /* not there, not a key file, or open to others; `error` says which */
    /* position.h */
    POSITION_NONE,    /* there is no such file: the subscriber has not listened before */
    POSITION_INVALID, /* there is a file, and it is not a position: never take that for a new start */
    /* events.h */
    STREAM_NOTHING, /* it was handled, and the caller need not know */
};
