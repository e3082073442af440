#include "relay_help.h"

#include <stdio.h>
#include "text/help_page.h"

static const char OPTIONS[] =
    "Usage: consent-relay --key FILE --position FILE --stream NAME --source URI [OPTION]...\n"
    "\n"
    "Moves the events of the party of the key from the consent registry into a stream of NATS\n"
    "JetStream: each once, in order, as a CloudEvent (NL GOV) in JSON. Its id is the message's\n"
    "id too: EPOCH-PARTY-NUMBER. docs/relay.md says how the stream is to be made.\n"
    "\n"
    "A NATS server says that it has a message up to two minutes before it has synced it. So an\n"
    "event is acknowledged to the registry only when the server was at work for the settling\n"
    "time since it took the event, or when three servers or more keep the stream. At each start,\n"
    "and after each loss of the connection, the relay looks what the stream has, and publishes\n"
    "again what it lost. While the stream is full or NATS is away, events wait in the registry.\n"
    "\n"
    "  -k, --key FILE          key file of the party; only its owner may read it\n"
    "  -p, --position FILE     keep here, durably, which event settled last, and in FILE.stream\n"
    "                          where that is in the stream\n"
    "      --consumer NAME     which system of the party this is to the registry; relay unless given\n"
    "  -s, --stream NAME       the stream, which must be there\n"
    "      --source URI        who publishes: urn:nld:oin:00000001234567890000:systeem:toestemmingen\n"
    "      --subject SUBJECT   the subject, the relay's alone; consent.PARTY.events unless given\n"
    "  -u, --url URL           of the NATS server, nats://127.0.0.1:4222 unless given; tls:// for\n"
    "                          TLS; several with a comma between them. No password in it\n"
    "      --settle SECONDS    the settling time, 150 unless given. Less than the server needs\n"
    "                          for its sync (120) can lose events when it loses power\n"
    "  -f, --from NUMBER       start at this event, whatever the position and the stream say: the\n"
    "                          way out after exit code 76, see there\n"
    "      --credentials FILE  who we are to NATS: a file of nsc, with a JWT and a seed\n"
    "      --user-file FILE    or: two lines, a user and a password; only its owner may read it\n"
    "      --tls-ca FILE       who vouches for the server: certificates in PEM\n"
    "      --tls-certificate FILE --tls-key FILE\n"
    "                          our own certificate and its key\n"
    "  -h, --help              show this\n"
    "  -V, --version           show the version\n"
    "\n";

static const char EXITS[] =
    "Exit code:\n"
    "   0  stopped by SIGTERM or SIGINT\n"
    "  64  the command line is wrong\n"
    "  74  the position could not be kept\n"
    "  75  another subscriber of this party has taken over\n"
    "  76  events may have been missed: the registry or the stream was put back, or made anew.\n"
    "      Whoever reads the stream must ask again about all data that he holds; then start anew\n"
    "      with --from\n"
    "  77  the registry does not admit this key, or not to events\n"
    "  78  a file or the stream is not as it must be\n"
    "  79  the registry's log is not the one that it signed before: believe nothing of this\n"
    "      registry; the evidence is in POSITION.contradiction\n"
    "That the registry or NATS is not there ends nothing: it is said on stderr, and once they are\n"
    "back.\n";

void relay_help_print (void)
{
    help_page_show (OPTIONS, stdout);
    help_page_show (EXITS, stdout);
}
