// A client of the consent registry in Java, from docs/protocol.md and proto/ alone: read it, and write yours.
//
//   protoc --proto_path=proto --include_imports --descriptor_set_out=consent.pb proto/envelope.proto
//   javac -cp /usr/share/java/jna.jar:/usr/share/java/protobuf.jar -d classes ConsentClient.java
//   java -cp /usr/share/java/jna.jar:/usr/share/java/protobuf.jar:classes -Dconsent.proto=consent.pb ConsentClient ...
//     identify KEYFILE agb|gemeentecode|oin VALUE
//     check KEYFILE PROVIDER RECIPIENT PURPOSE CATEGORY[:ORIGIN]... <BSN
//     done KEYFILE DECISION OBLIGATION
//     listen KEYFILE POSITION
//
// It needs libzmq with CURVE by way of JNA (Debian: libjna-java, libzmq5), since Debian's Java bindings have no CURVE, and
// protobuf (libprotobuf-java). Messages are read by the descriptors of proto/, so that no code is generated; yours may
// as well be made with protoc --java_out. Sections are those of docs/protocol.md.
import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public final class ConsentClient {
    static final long ATTEMPT = (long) (1000 * number("CONSENT_ATTEMPT_SECONDS", 2)); // how long one attempt may take
    static final int ATTEMPTS = (int) number("CONSENT_ATTEMPTS", 5);
    static final long PATIENCE = 60_000; // that the registry may put us off in all (L3)
    static final long SILENCE = 15_000; // without a push the subscription is gone (6.1)
    static final int CREDIT = 64; // events that may be pushed before they are acknowledged
    static final SecureRandom RANDOM = new SecureRandom();

    /** The registry answered, and not with OK; or no attempt brought an answer. Nothing is permitted by it. */
    static final class NotPermitted extends Exception {
        private static final long serialVersionUID = 1;

        NotPermitted(String why) {
            super(why);
        }
    }

    /** Events may have been missed: nothing that is held on the ground of a consent counts until it was asked again. */
    static final class Doubt extends Exception {
        private static final long serialVersionUID = 1;

        Doubt(String why) {
            super(why);
        }
    }

    /** The registry lets our key in no more (2.1, 4.3): nothing is permitted, and people must know. */
    static final class KeyRefused extends Exception {
        private static final long serialVersionUID = 1;

        KeyRefused(String why) {
            super(why);
        }
    }

    static double number(String name, double otherwise) {
        String text = System.getenv(name);
        return text == null ? otherwise : Double.parseDouble(text);
    }

    static byte[] newKey() {
        byte[] key = new byte[16];
        RANDOM.nextBytes(key);
        return key;
    }

    // ------------------------------------------------------------------------------------------------ messages (proto/)

    /** The messages of proto/, by their descriptors. A field is named as it is there. */
    static final class Messages {
        final Descriptor request, reply;

        Messages(Path set) throws Exception {
            Map<String, FileDescriptor> files = new HashMap<>();
            for (FileDescriptorProto one : FileDescriptorSet.parseFrom(Files.readAllBytes(set)).getFileList()) {
                FileDescriptor[] imports = one.getDependencyList().stream().map(files::get).toArray(FileDescriptor[]::new);
                files.put(one.getName(), FileDescriptor.buildFrom(one, imports)); // imports come before what imports them
            }
            request = files.get("envelope.proto").findMessageTypeByName("Request");
            reply = files.get("envelope.proto").findMessageTypeByName("Reply");
        }

        /** A message of this type with these fields: name, value, name, value ... */
        static DynamicMessage make(Descriptor type, Object... fields) {
            DynamicMessage.Builder made = DynamicMessage.newBuilder(type);
            for (int i = 0; i < fields.length; i += 2)
                made.setField(type.findFieldByName((String) fields[i]), fields[i + 1]);
            return made.build();
        }

        static Descriptor typeOf(Descriptor type, String field) {
            return type.findFieldByName(field).getMessageType();
        }
    }

    static Object get(DynamicMessage message, String name) {
        return message.getField(message.getDescriptorForType().findFieldByName(name));
    }

    static DynamicMessage part(DynamicMessage message, String name) {
        return (DynamicMessage) get(message, name);
    }

    static boolean has(DynamicMessage message, String name) {
        FieldDescriptor field = message.getDescriptorForType().findFieldByName(name);
        return message.hasField(field);
    }

    static long count(DynamicMessage message, String name) {
        return ((Number) get(message, name)).longValue();
    }

    /** The name of an enum's value; of one that this schema does not have "UNKNOWN_ENUM_VALUE_...". */
    static String word(DynamicMessage message, String name) {
        return ((EnumValueDescriptor) get(message, name)).getName();
    }

    static String hex(ByteString bytes) {
        StringBuilder text = new StringBuilder();
        for (byte one : bytes)
            text.append(String.format("%02x", one));
        return text.toString();
    }

    // -------------------------------------------------------------------------------------------- ZeroMQ and keys (2)

    interface Zmq extends Library {
        Zmq LIB = Native.load("zmq", Zmq.class);
        int PAIR = 0, DEALER = 5, LINGER = 17, IPV6 = 42, CURVE_PUBLICKEY = 48, CURVE_SECRETKEY = 49, CURVE_SERVERKEY = 50,
            DONTWAIT = 1, POLLIN = 1, DISCONNECTED = 0x200, HANDSHAKE_FAILED_AUTH = 0x4000;

        Pointer zmq_ctx_new();

        Pointer zmq_socket(Pointer context, int type);

        int zmq_setsockopt(Pointer socket, int option, byte[] value, NativeLong size);

        int zmq_setsockopt(Pointer socket, int option, IntByReference value, NativeLong size);

        int zmq_connect(Pointer socket, String endpoint);

        int zmq_send(Pointer socket, byte[] bytes, NativeLong size, int flags);

        int zmq_recv(Pointer socket, byte[] bytes, NativeLong size, int flags);

        int zmq_socket_monitor(Pointer socket, String endpoint, int events);

        int zmq_poll(Pointer items, int count, NativeLong milliseconds);

        int zmq_close(Pointer socket);

        int zmq_curve_public(byte[] publicKey, byte[] secretKey);
    }

    static final Pointer CONTEXT = Zmq.LIB.zmq_ctx_new();

    /** Section and name to value (2.5). What a line of it is, no error repeats. */
    static Map<String, String> readKeyFile(Path path) throws IOException {
        for (PosixFilePermission one : Files.getPosixFilePermissions(path))
            if (!one.name().startsWith("OWNER"))
                throw new IOException(path + ": others can read this secret key");
        Pattern entry = Pattern.compile("( *)([\\w./$@-]+) *(?:= *(?:\"([^\"]*)\"|'([^']*)'|([^#\"']*?)))? *(?:#.*)?");
        Map<String, String> values = new HashMap<>();
        String section = "";
        int number = 0;
        for (String line : Files.readAllLines(path)) {
            number++;
            Matcher found = entry.matcher(line);
            if (!found.matches()) {
                if (!line.matches(" *(#.*)?"))
                    throw new IOException(path + ":" + number + ": not a line of a key file");
            } else if (found.group(1).isEmpty()) {
                section = found.group(2);
            } else {
                String value = found.group(3) != null ? found.group(3) : found.group(4) != null ? found.group(4) : found.group(5);
                values.putIfAbsent(section + "/" + found.group(2), value == null ? "" : value);
            }
        }
        byte[] derived = new byte[41];
        Zmq.LIB.zmq_curve_public(derived, zeroEnded(values.get("curve/secret-key")));
        if (!Native.toString(derived).equals(values.get("curve/public-key")))
            throw new IOException(path + ": the public key is not that of the secret key");
        return values;
    }

    static byte[] zeroEnded(String text) {
        return (text + "\0").getBytes(StandardCharsets.US_ASCII);
    }

    /** The registry may have the other of its two keys by now (2.5): the next connection is made with that. */
    static void turnServerKey(Map<String, String> key) {
        String next = key.getOrDefault("metadata/server-key-next", "");
        if (!next.isEmpty())
            key.put("metadata/server-key-next", key.put("metadata/server-key", next));
    }

    /** That was said on a connection of which the key was removed meanwhile (3.3). */
    static boolean refusesKey(DynamicMessage reply) {
        return word(reply, "status").equals("FORBIDDEN") && hex((ByteString) get(reply, "epoch")).matches("0*");
    }

    /** A DEALER of its own (2.2): no routing id, nothing lingers, and only this registry can be at the other end. */
    static final class Connection implements AutoCloseable {
        static final int ITEM = 16; // bytes of a zmq_pollitem_t where pointers have eight

        final Messages messages;
        final Pointer socket = Zmq.LIB.zmq_socket(CONTEXT, Zmq.DEALER), monitor = Zmq.LIB.zmq_socket(CONTEXT, Zmq.PAIR);
        final Memory items = new Memory(2 * ITEM);
        final byte[] buffer = new byte[65_536]; // a reply is no larger, but to what this client does not ask (2.4)
        boolean isLost;

        Connection(Messages messages, Map<String, String> key, String endpoint) throws IOException {
            this.messages = messages;
            set(Zmq.LINGER, 0);
            set(Zmq.IPV6, 1);
            set(Zmq.CURVE_SERVERKEY, key.get("metadata/server-key"));
            set(Zmq.CURVE_PUBLICKEY, key.get("curve/public-key"));
            set(Zmq.CURVE_SECRETKEY, key.get("curve/secret-key"));
            String name = "inproc://monitor-" + Pointer.nativeValue(socket) + "-" + System.nanoTime();
            if (Zmq.LIB.zmq_socket_monitor(socket, name, Zmq.DISCONNECTED | Zmq.HANDSHAKE_FAILED_AUTH) != 0
                || Zmq.LIB.zmq_connect(monitor, name) != 0 || Zmq.LIB.zmq_connect(socket, key.get("metadata/" + endpoint)) != 0)
                throw new IOException("cannot connect");
            items.clear();
            items.setPointer(0, socket);
            items.setShort(12, (short) Zmq.POLLIN);
            items.setPointer(ITEM, monitor);
            items.setShort(ITEM + 12, (short) Zmq.POLLIN);
        }

        void set(int option, int value) {
            Zmq.LIB.zmq_setsockopt(socket, option, new IntByReference(value), new NativeLong(4));
        }

        /** A key that cannot be set would leave the connection without CURVE. */
        void set(int option, String key) throws IOException {
            if (Zmq.LIB.zmq_setsockopt(socket, option, zeroEnded(key), new NativeLong(41)) != 0)
                throw new IOException("a key is not 40 characters of Z85");
        }

        /** Does not wait: a socket of which the key was refused has no queue any more, and receive says why. */
        void send(byte[] message) {
            Zmq.LIB.zmq_send(socket, message, new NativeLong(message.length), Zmq.DONTWAIT);
        }

        /** The next message that can be read, or null when the time is over. What cannot be read is no answer. */
        DynamicMessage receive(long milliseconds) throws KeyRefused {
            long end = System.nanoTime() / 1_000_000 + milliseconds;
            while (Zmq.LIB.zmq_poll(items, 2, new NativeLong(Math.max(0, end - System.nanoTime() / 1_000_000))) > 0) {
                notice();
                int size = Zmq.LIB.zmq_recv(socket, buffer, new NativeLong(buffer.length), Zmq.DONTWAIT);
                try {
                    if (size >= 0 && size <= buffer.length)
                        return DynamicMessage.parseFrom(messages.reply, ByteString.copyFrom(buffer, 0, size));
                } catch (IOException unreadable) {
                    // passed over
                }
            }
            return null;
        }

        /** What the monitor says, if anything: an event and its value, and where. Without it a refused key would only be
            silence (2.1). */
        void notice() throws KeyRefused {
            byte[] told = new byte[6], where = new byte[256];
            while (Zmq.LIB.zmq_recv(monitor, told, new NativeLong(told.length), Zmq.DONTWAIT) == told.length) {
                Zmq.LIB.zmq_recv(monitor, where, new NativeLong(where.length), Zmq.DONTWAIT);
                ByteBuffer event = ByteBuffer.wrap(told).order(ByteOrder.nativeOrder());
                if (event.getShort() == Zmq.DISCONNECTED)
                    isLost = true; // ZeroMQ connects again by itself, but not as a subscriber (6.1)
                else if (event.getInt() == 400)
                    throw new KeyRefused("this key is not, or no longer, that of a party");
            }
        }

        @Override
        public void close() {
            Zmq.LIB.zmq_close(socket);
            Zmq.LIB.zmq_close(monitor);
        }
    }

    // ------------------------------------------------------------------------------------------------- asking (3, 4)

    record Item(String category, String origin) {}

    /** Each of the duties is a Duty of proto/check.proto. */
    record Permitted(List<String> categories, List<String> obligations, List<DynamicMessage> duties) {
        static final Permitted NOTHING = new Permitted(List.of(), List.of(), List.of());
    }

    /** One connection for requests, kept open (2.2). */
    static final class Registry {
        final Messages messages;
        final Map<String, String> key;
        Connection connection;

        Registry(Messages messages, Map<String, String> key) throws IOException {
            this.messages = messages;
            this.key = key;
            connection = new Connection(messages, key, "requests");
        }

        /** The reply, with status OK, to this request. It is sent again, byte for byte the same, until there is one. */
        DynamicMessage call(String verb, DynamicMessage body) throws Exception {
            ByteString id = ByteString.copyFrom(newKey());
            // Once: another run may write other bytes, and that is CONFLICT (4.1).
            byte[] message = Messages.make(messages.request, "version", 1, "idempotency_key", id, verb, body).toByteArray();
            long putOff = 0;
            for (int failed = 0;;) {
                DynamicMessage reply = attempt(message, id);
                String status = reply == null ? "UNAVAILABLE" : word(reply, "status");
                if (status.equals("OK"))
                    return reply;
                if (reply != null && refusesKey(reply))
                    throw new KeyRefused("this key was removed");
                if (!status.equals("UNAVAILABLE") && !status.equals("RETRY"))
                    throw new NotPermitted(status + " " + get(reply, "field") + " " + get(reply, "message"));
                long after = reply == null ? 0 : count(reply, "retry_after_ms");
                if (after > 0 && putOff + after <= PATIENCE) {
                    putOff += after; // this party asks more than it may: come back then, not earlier
                    Thread.sleep(after);
                } else if (++failed == ATTEMPTS) {
                    throw new NotPermitted("no answer");
                } else {
                    Thread.sleep((long) (100 * Math.pow(2, failed) * (0.5 + RANDOM.nextDouble()))); // grows, with some chance in it
                }
            }
        }

        /** The reply to this key, or null. */
        DynamicMessage attempt(byte[] message, ByteString id) throws IOException, KeyRefused {
            connection.send(message);
            long end = System.nanoTime() / 1_000_000 + ATTEMPT;
            DynamicMessage reply;
            while ((reply = connection.receive(end - System.nanoTime() / 1_000_000)) != null)
                if (get(reply, "idempotency_key").equals(id))
                    return reply; // others are late, or nobody's
            connection.close();
            turnServerKey(key);
            connection = new Connection(messages, key, "requests"); // the old one gave no answer (4.1)
            return null;
        }

        /** Ids of the parties that have this identifier: agb, gemeentecode or oin (5). */
        List<String> identify(String identifier, String value) throws Exception {
            Descriptor type = Messages.typeOf(messages.request, "party_identify");
            DynamicMessage asked = Messages.make(type, "identifier", identifier, "value", value);
            List<String> ids = new ArrayList<>();
            for (Object party : (List<?>) get(part(call("party_identify", asked), "party_identify"), "parties"))
                ids.add((String) get((DynamicMessage) party, "id"));
            return ids;
        }

        /** Says that these items are about to be disclosed. Gives those that may be, the names of the obligations, and those
            of them that are to be reported done. Whatever goes wrong is an exception, and then nothing may be. */
        Permitted disclose(String bsn, String[] flow, List<Item> items, String user) throws Exception {
            Descriptor type = Messages.typeOf(messages.request, "check");
            List<DynamicMessage> wanted = new ArrayList<>();
            for (Item one : items)
                wanted.add(Messages.make(Messages.typeOf(type, "items"), "category", one.category(), "origin", one.origin()));
            Object disclose = type.findFieldByName("mode").getEnumType().findValueByName("DISCLOSE");
            DynamicMessage reply = call("check", Messages.make(type, "bsn", bsn, "provider", flow[0], "recipient", flow[1],
                "purpose", flow[2], "items", wanted, "user", user, "mode", disclose));
            List<?> answered = (List<?>) get(part(reply, "check"), "items");
            if ((boolean) get(reply, "revoked_since") || answered.size() != items.size())
                return Permitted.NOTHING; // what an old answer rested on was withdrawn (4.2)
            List<String> permitted = new ArrayList<>(), obligations = new ArrayList<>();
            for (int i = 0; i < items.size(); i++) {
                DynamicMessage one = (DynamicMessage) answered.get(i);
                if (!items.get(i).equals(new Item((String) get(one, "category"), (String) get(one, "origin"))))
                    return Permitted.NOTHING; // no answer to what was asked
                if (word(one, "verdict").equals("PERMIT"))
                    permitted.add(items.get(i).category());
            }
            for (Object one : (List<?>) get(part(reply, "check"), "obligations"))
                obligations.add(((EnumValueDescriptor) one).getName());
            List<DynamicMessage> duties = new ArrayList<>();
            for (Object one : (List<?>) get(part(reply, "check"), "duties"))
                if (get((DynamicMessage) one, "holder").equals(key.get("metadata/party")) && count((DynamicMessage) one, "done_at") == 0)
                    duties.add((DynamicMessage) one);
            return permitted.isEmpty() ? Permitted.NOTHING : new Permitted(permitted, obligations, duties);
        }

        /** What a permit obliges to was done (5.8): before the `due` of its duty. */
        DynamicMessage reportDone(long decision, String obligation, String user) throws Exception {
            Descriptor type = Messages.typeOf(messages.request, "obligation_done");
            Object kind = type.findFieldByName("kind").getEnumType().findValueByName(obligation);
            DynamicMessage done = Messages.make(type, "decision", decision, "kind", kind, "user", user);
            return part(part(call("obligation_done", done), "obligation"), "duty");
        }
    }

    // ----------------------------------------------------------------------------------------------------- events (6)

    /** What was stored of the stream: the number of the last event, and the epoch. On the disk before it is acknowledged. */
    static final class Position {
        final Path path;
        long number;
        String epoch = "";

        Position(Path path) throws IOException {
            this.path = path;
            if (!Files.exists(path))
                return;
            String[] kept = Files.readString(path).trim().split(" ");
            number = Long.parseLong(kept[0]);
            epoch = kept[1];
        }

        void store(long number, String epoch) throws IOException {
            this.number = number;
            this.epoch = epoch;
            Path made = Path.of(path + ".new");
            Files.writeString(made, number + " " + epoch + "\n");
            sync(made, StandardOpenOption.WRITE);
            Files.move(made, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(path.toAbsolutePath().getParent(), StandardOpenOption.READ);
        }

        static void sync(Path path, StandardOpenOption how) throws IOException {
            try (FileChannel file = FileChannel.open(path, how)) {
                file.force(true);
            }
        }
    }

    /** Stores an event durably; only then it is acknowledged. */
    interface Handler {
        void handle(DynamicMessage push);
    }

    /** A subscription. */
    static final class Stream {
        final Messages messages;
        final Map<String, String> key;
        final Position position;
        final Handler handler;
        Connection connection;
        long expected, newest, lacking;

        Stream(Messages messages, Map<String, String> key, Position position, Handler handler) {
            this.messages = messages;
            this.key = key;
            this.position = position;
            this.handler = handler;
        }

        ByteString send(String verb, Object... fields) {
            ByteString id = ByteString.copyFrom(newKey());
            DynamicMessage body = Messages.make(Messages.typeOf(messages.request, verb), fields);
            connection.send(Messages.make(messages.request, "version", 1, "idempotency_key", id, verb, body).toByteArray());
            return id;
        }

        /** On a new connection. False: nothing came; try again later. */
        boolean subscribe() throws Exception {
            if (connection != null)
                connection.close();
            connection = new Connection(messages, key, "events");
            long wanted = position.epoch.isEmpty() ? 0 : position.number + 1;
            ByteString id = send("subscribe", "from", wanted, "credit", CREDIT);
            DynamicMessage reply;
            while ((reply = connection.receive(ATTEMPT)) != null)
                if (get(reply, "idempotency_key").equals(id))
                    return begin(reply, wanted);
            turnServerKey(key);
            return false;
        }

        boolean begin(DynamicMessage reply, long wanted) throws Doubt, KeyRefused {
            if (refusesKey(reply))
                throw new KeyRefused("this key was removed");
            String status = word(reply, "status");
            if (status.equals("UNAVAILABLE") || status.equals("RETRY"))
                return false;
            DynamicMessage told = part(reply, "subscribe");
            if (!status.equals("OK") || (wanted != 0 && count(told, "next") != wanted)
                || count(told, "last_dropped") > position.number)
                throw new Doubt(status + " " + get(reply, "field"));
            believeEpoch(reply);
            expected = count(told, "next");
            newest = count(told, "newest");
            lacking = 0;
            connection.isLost = false; // it may have come only at the second time
            return true;
        }

        String believeEpoch(DynamicMessage reply) throws Doubt {
            String epoch = hex((ByteString) get(reply, "epoch"));
            if (!position.epoch.isEmpty() && !epoch.equals(position.epoch))
                throw new Doubt("another epoch");
            return epoch;
        }

        boolean isCurrent() {
            return expected > newest;
        }

        /** Takes one push. False: nothing came in so long. */
        boolean turn(long milliseconds) throws Exception {
            DynamicMessage reply = connection.receive(milliseconds);
            if (reply == null)
                return false;
            if (!has(reply, "event")) {
                if (word(reply, "status").equals("FORBIDDEN"))
                    throw new KeyRefused("this key is let in no more");
                return true; // an answer to an acknowledgement
            }
            String epoch = believeEpoch(reply);
            DynamicMessage push = part(reply, "event");
            long number = count(push, "number");
            String kind = word(push, "kind");
            if (kind.equals("ENDED") || kind.equals("EVENTS_DROPPED"))
                throw new Doubt(kind);
            if (kind.equals("HEARTBEAT")) {
                heartbeat(number);
            } else if (number <= position.number) {
                acknowledge(number); // stored already
            } else if (number != expected) {
                throw new Doubt("event " + expected + " is missing");
            } else {
                handler.handle(push);
                position.store(number, epoch);
                expected = number + 1;
                acknowledge(number);
            }
            return true;
        }

        /** Every 5 seconds, behind the events that there was credit for: two in a row that count more are a gap. */
        void heartbeat(long counted) throws Doubt {
            newest = counted;
            lacking = counted < expected ? 0 : lacking + 1;
            if (lacking == 2)
                throw new Doubt("event " + expected + " does not come");
        }

        void acknowledge(long number) {
            send("acknowledge", "number", number, "credit", 1);
        }
    }

    // --------------------------------------------------------------------------------------- the commands of a trial run

    static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** A message is held whose sender or receiver is not the party that it is said to be. */
    static int runIdentify(Messages messages, String[] words) throws Exception {
        new Registry(messages, readKeyFile(Path.of(words[1]))).identify(words[2], words[3]).forEach(id -> say("party " + id));
        return 0;
    }

    static int runCheck(Messages messages, String[] words) throws Exception {
        String bsn = new String(System.in.readAllBytes(), StandardCharsets.US_ASCII).trim();
        List<Item> items = new ArrayList<>();
        for (int i = 5; i < words.length; i++) {
            String[] parts = words[i].split(":", 2);
            items.add(new Item(parts[0], parts.length > 1 ? parts[1] : ""));
        }
        try {
            Registry registry = new Registry(messages, readKeyFile(Path.of(words[1])));
            Permitted told = registry.disclose(bsn, new String[] {words[2], words[3], words[4]}, items, "programma-1");
            told.categories().forEach(category -> say("permit " + category));
            told.obligations().forEach(name -> say("obligation " + name));
            told.duties().forEach(duty -> say("duty " + count(duty, "decision") + " " + word(duty, "kind")));
            return 0;
        } catch (NotPermitted | KeyRefused why) {
            if (why instanceof KeyRefused)
                say("refused");
            System.err.println("nothing may be disclosed: " + why.getMessage());
            return 1;
        }
    }

    static int runDone(Messages messages, String[] words) throws Exception {
        Registry registry = new Registry(messages, readKeyFile(Path.of(words[1])));
        DynamicMessage duty = registry.reportDone(Long.parseLong(words[2]), words[3], "programma-1");
        say("done " + count(duty, "decision") + " " + word(duty, "kind"));
        return 0;
    }

    static volatile boolean ended;

    static void waitForEnd() {
        try {
            System.in.readAllBytes();
        } catch (IOException gone) {
            // the same
        }
        ended = true;
    }

    static int runListen(Messages messages, String[] words) throws Exception {
        Thread waiting = new Thread(ConsentClient::waitForEnd);
        waiting.setDaemon(true);
        waiting.start();
        // Where yours blocks what was withdrawn, by `subject_ref`: durably, before it returns.
        Handler handler = push -> {
            String id = hex((ByteString) get(push, "consent_id"));
            say("event " + count(push, "number") + " " + word(push, "kind") + " " + (id.isEmpty() ? "-" : id));
        };
        Stream stream = new Stream(messages, readKeyFile(Path.of(words[1])), new Position(Path.of(words[2])), handler);
        boolean wasCurrent = false;
        try {
            while (!ended) {
                if (!stream.subscribe()) {
                    Thread.sleep(500 + RANDOM.nextInt(1000));
                    continue;
                }
                long heard = System.nanoTime();
                while ((System.nanoTime() - heard) / 1_000_000 < SILENCE && !stream.connection.isLost && !ended) {
                    if (stream.isCurrent() && !wasCurrent) {
                        say("current");
                        wasCurrent = true;
                    }
                    if (stream.turn(200))
                        heard = System.nanoTime();
                }
            }
            return 0;
        } catch (Doubt | KeyRefused why) {
            say("doubt");
            if (why instanceof KeyRefused)
                say("refused");
            System.err.println("nothing that is held on the ground of a consent counts: " + why.getMessage());
            return 2;
        }
    }

    public static void main(String[] words) throws Exception {
        Messages messages = new Messages(Path.of(System.getProperty("consent.proto", "consent.pb")));
        System.exit(switch (words[0]) {
            case "identify" -> runIdentify(messages, words);
            case "check" -> runCheck(messages, words);
            case "done" -> runDone(messages, words);
            default -> runListen(messages, words);
        });
    }
}
