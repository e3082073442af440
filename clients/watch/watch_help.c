#include "watch_help.h"

#include <stdio.h>

static const char OPTIONS[] =
    "Usage: consent-watch --key FILE [OPTION]... [--exec PROGRAM [ARGUMENT]...]\n"
    "\n"
    "Hears from the consent registry which consents were withdrawn, used up or ended,\n"
    "how requests were answered and which data were restricted, as far as that concerns\n"
    "the party of the key. Each event is one JSON object on a line of standard output,\n"
    "or is handed to a program. It is acknowledged only after that, so none is missed;\n"
    "after a crash the last one may come twice (same number).\n"
    "It also watches the registry's log: each checkpoint that the registry signs of it must\n"
    "continue the one before, which is kept with the position. A registry that was put back\n"
    "or rewritten cannot show such a one.\n"
    "\n"
    "  -k, --key FILE          key file of the party; only its owner may read it\n"
    "  -p, --position FILE     keep here, durably, which event was handled last, and go\n"
    "                          on after it; without, the registry's own record counts\n"
    "  -f, --from NUMBER       start at this event, whatever the position says\n"
    "  -n, --count NUMBER      stop after so many events\n"
    "  -1, --once              stop after one event\n"
    "  -x, --exec PROGRAM ...  run PROGRAM for each event, with the JSON on its standard\n"
    "                          input; an exit code other than 0 means: the same event\n"
    "                          again, after a pause. Must come last.\n"
    "  -w, --witness FILE      sign each checkpoint that continues what was seen, with the key\n"
    "                          in this file, and send that to the registry, which publishes\n"
    "                          it; needs --position\n"
    "      --new-witness-key FILE --name NAME\n"
    "                          make such a key in a new file, print by which key others verify\n"
    "                          what it signs, and do nothing else; NAME says whose it is:\n"
    "                          svb.example/witness\n"
    "  -h, --help              show this\n"
    "  -V, --version           show the version\n"
    "\n";

static const char LINES[] =
    "A line:\n"
    "  {\"number\":7,\"type\":\"nl.toestemmingen.toestemming-ingetrokken\",\n"
    "   \"time\":\"2026-03-31T09:15:02.417Z\",\"consent_id\":\"9f0c...\",\"subject_ref\":\"51ab...\",\n"
    "   \"providers\":[\"kernteam\"],\"recipients\":[\"cak\"],\"categories\":[\"naw\"],\n"
    "   \"purpose\":\"toekenning\",\"whole\":true,\"revision\":1042, ...}\n"
    "Every line has all keys; docs/json.md explains them.\n"
    "Its type is nl.toestemmingen. and then\n"
    "  toestemming-ingetrokken   a consent was withdrawn; \"whole\": nothing of it is left\n"
    "  toestemming-verlopen      it is past its end\n"
    "  toestemming-vervallen     it lapsed: the subject has to sign himself, or has died\n"
    "  toestemming-verbruikt     it was for one disclosure, and that was made\n"
    "  verzoek-beantwoord        a request of this party has an \"answer\": GRANTED (with what\n"
    "                            was granted), REFUSED or DEFERRED\n"
    "  toestemming-gegeven       the subject consents, as far as it is about this party\n"
    "  toestemming-geweigerd     the subject refuses\n"
    "  toestemming-hersteld      it had lapsed, and stands again by a correction\n"
    "  verplichting-ontstaan     a \"decision\" that another party asked for gives this party\n"
    "                            an \"obligation\"\n"
    "  gegevens-afgeschermd      these categories, or \"whole\": all data, are restricted\n"
    "  afscherming-opgeheven     such a restriction was lifted\n"
    "  gebeurtenis-overgeslagen  the event of this number could not be read: an operator passed\n"
    "                            it over, and knows why\n"
    "  betrokkene-verwijderd     the subject was erased: it stands in the place of what this party\n"
    "                            had not heard about the subject\n"
    "  toestemming-verbeterd     it was recorded wrongly and counts for nothing: what was signed\n"
    "                            is another consent, a toestemming-gegeven to who is in it\n"
    "  gegevens-verbeterd        these categories, which this party received, were corrected: the\n"
    "                            same is to be done here, and the \"obligation\" of that\n"
    "                            \"decision\" reported done before \"due\"\n"
    "  gegevens-te-verwijderen   the subject was erased: erase what was received, and report so\n"
    "  verzoek-ontvangen         to who has the permission rights: the \"request\" of a subject,\n"
    "                            \"rights\" is its kind, \"due\" when it must be decided\n"
    "  verzoek-over-tijd         it was not decided by then\n"
    "  register-alarm            to operators: an \"alarm\" about a \"party\"\n"
    "\n";

static const char EXITS[] =
    "Exit code:\n"
    "   0  stopped by SIGTERM or SIGINT, or the count is reached\n"
    "  64  the command line is wrong\n"
    "  73  no file could be made for a new key\n"
    "  74  an event could not be put out, or the position not kept\n"
    "  75  another subscriber of this party has taken over\n"
    "  76  events may have been missed: ask again about all data that you hold, then\n"
    "      start anew with --from\n"
    "  77  the registry does not admit this key, or not to events\n"
    "  78  the key file, the position file or the key of the witness is wrong\n"
    "  79  the registry's log is not the one that it signed before: believe nothing of this\n"
    "      registry; the evidence is in POSITION.contradiction, and every start with this\n"
    "      position ends so\n";

void watch_help_print (void)
{
    fputs (OPTIONS, stdout);
    fputs (LINES, stdout);
    fputs (EXITS, stdout);
}
