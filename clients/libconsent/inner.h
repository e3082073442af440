/* Results of the library's inner functions, besides 0, -errno and enum consent_status. They are one list, so that
   no two have the same number, and none has the number of a status that the caller sees. */
#pragma once

enum {
    INNER_FROM = 128, /* above every enum consent_status */
    /* link.h */
    LINK_SILENT,     /* nothing came in time */
    LINK_MESSAGE,    /* a message can be received */
    LINK_LOST,       /* the connection is gone; messages that were sent may be lost */
    LINK_REFUSED,    /* the registry refused our key; this link will not be admitted */
    LINK_SIGNAL,     /* a signal was handled */
    LINK_UNREADABLE, /* a message came that is not a reply */
    /* presence.h */
    PRESENCE_ABSENT, /* nobody takes connections at the endpoint */
    /* key_file.h */
    KEY_FILE_INVALID, /* the file is missing, is no key file, or is open to others; `error` says which */
    /* position.h */
    POSITION_NONE,    /* there is no such file: the subscriber has not listened before */
    POSITION_INVALID, /* there is a file, and it is not a position: never take that for a new start */
    /* events.h */
    STREAM_NOTHING, /* the message was handled, and the caller need not know */
};
