import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The frozen core workload (bench/README.md) on Kafka Streams, written for speed: the Processor API, a streaming JSON
 * reader, compact binary state, one status a touched unit and commit interval.
 *
 * <p>Arguments: broker, run (application id and prefix of its topics), input topic, store (rocksdb or memory), cache
 * bytes, threads, commit interval in ms, state folder.
 */
public final class KafkaStreamsPeer {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int THRESHOLD = 20;

  /** What both depths read of a record; fields that it lacks stay empty or 0. */
  private static final class Event {
    String time = "", change = "", unit = "", day = "", fact = "", kind = "", about = "", key = "";
    int workers, present, members, sign, version;
  }

  private static Event read(byte[] value) {
    Event event = new Event();
    try (JsonParser parser = JSON.createParser(value)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals("time")) {
          event.time = parser.getText();
        } else if (name.equals("data")) {
          readData(parser, event);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
    return event;
  }

  private static void readData(JsonParser parser, Event event) throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      parser.nextToken();
      switch (name) {
        case "change" -> event.change = parser.getText();
        case "unit" -> event.unit = parser.getText();
        case "day" -> event.day = parser.getText();
        case "fact" -> event.fact = parser.getText();
        case "version" -> event.version = parser.getIntValue();
        case "kind" -> event.kind = parser.getText();
        case "about" -> event.about = parser.getText();
        case "key" -> event.key = parser.getText();
        case "workers" -> event.workers = parser.getIntValue();
        case "present" -> event.present = parser.getIntValue();
        case "members" -> event.members = parser.getIntValue();
        case "sign" -> event.sign = parser.getIntValue();
        default -> parser.skipChildren();
      }
    }
  }

  /** Where a person works and which union is home; empty for none. */
  private record Person(String at, String home) {
    static final Person NOBODY = new Person("", "");

    byte[] write() {
      return (at + "\n" + home).getBytes(StandardCharsets.ISO_8859_1);
    }

    static Person read(byte[] bytes) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      int cut = text.indexOf('\n');
      return new Person(text.substring(0, cut), text.substring(cut + 1));
    }
  }

  /** Counts, live covers and the alert of a unit. */
  private static final class Unit {
    long version;
    int workers, present, members;
    boolean open;
    int transitions;
    TreeSet<String> covers = new TreeSet<>();
    String time = "";

    byte[] write() {
      byte[] covers = String.join("\n", this.covers).getBytes(StandardCharsets.ISO_8859_1);
      byte[] time = this.time.getBytes(StandardCharsets.ISO_8859_1);
      return ByteBuffer.allocate(29 + time.length + covers.length)
          .putLong(version).putInt(workers).putInt(present).putInt(members).putInt(transitions)
          .put((byte) (open ? 1 : 0)).putInt(time.length).put(time).put(covers).array();
    }

    static Unit read(byte[] bytes) {
      ByteBuffer from = ByteBuffer.wrap(bytes);
      Unit unit = new Unit();
      unit.version = from.getLong();
      unit.workers = from.getInt();
      unit.present = from.getInt();
      unit.members = from.getInt();
      unit.transitions = from.getInt();
      unit.open = from.get() == 1;
      byte[] time = new byte[from.getInt()];
      from.get(time);
      unit.time = new String(time, StandardCharsets.ISO_8859_1);
      if (from.hasRemaining()) {
        byte[] covers = new byte[from.remaining()];
        from.get(covers);
        for (String key : new String(covers, StandardCharsets.ISO_8859_1).split("\n")) {
          unit.covers.add(key);
        }
      }
      return unit;
    }
  }

  private static byte[] cloudEvent(String id, String source, String type, String subject, String time, String data) {
    return ("{\"specversion\":\"1.0\",\"id\":\"" + id + "\",\"source\":\"/streams/" + source
        + "\",\"type\":\"vn.union-mobility." + type + ".v1\",\"subject\":\"" + subject + "\",\"time\":\"" + time
        + "\",\"datacontenttype\":\"application/json\",\"data\":{" + data + "}}").getBytes(StandardCharsets.UTF_8);
  }

  /** Depth 1, by person: spells and home union, effects on units. */
  private static final class People implements Processor<String, byte[], String, byte[]> {
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, Person> people;

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
      this.context = context;
      people = context.getStateStore("people");
    }

    @Override
    public void process(Record<String, byte[]> record) {
      Event event = KafkaStreamsPeer.read(record.value());
      Person known = people.get(record.key());
      Person person = known == null ? Person.NOBODY : known;
      int member = person.home.isEmpty() ? 0 : 1;
      Person after = person;
      switch (event.change) {
        case "joined" -> {
          if (person.at.isEmpty()) {
            after = new Person(event.unit, person.home);
            effect(record, event, 0, event.unit, 1, member);
          }
        }
        case "departed" -> {
          if (person.at.equals(event.unit)) {
            after = new Person("", person.home);
            effect(record, event, 0, event.unit, -1, -member);
          }
        }
        case "admitted" -> {
          if (!person.home.equals(event.unit)) {
            after = new Person(person.at, event.unit);
            int number = 0;
            if (member == 1) {
              effect(record, event, number++, person.home, 0, -1);
            } else if (!person.at.isEmpty()) {
              effect(record, event, number++, person.at, 0, 1);
            }
            effect(record, event, number, event.unit, 0, 1);
          }
        }
        default -> throw new IllegalArgumentException("unknown change " + event.change);
      }
      if (after != person) {
        people.put(record.key(), after);
      }
    }

    private void effect(Record<String, byte[]> record, Event event, int number, String unit, int workers, int members) {
      StringBuilder data = new StringBuilder(160).append("\"kind\":\"effect\",\"person\":\"").append(record.key())
          .append("\",\"day\":\"").append(event.day).append("\",\"fact\":\"").append(event.fact).append('"');
      if (workers != 0) {
        data.append(",\"workers\":").append(workers).append(",\"present\":").append(workers);
      }
      if (members != 0) {
        data.append(",\"members\":").append(members);
      }
      String id = event.fact + "@" + event.version + "." + number;
      byte[] value = cloudEvent(id, "people", "unit.effect", unit, event.time, data.toString());
      context.forward(new Record<>(unit, value, record.timestamp()));
    }
  }

  /** Depth 2, by unit: counts, cover, the alert; a touched unit's status goes out once a commit interval. */
  private static final class Units implements Processor<String, byte[], String, byte[]> {
    private final long interval;
    private final Map<String, Unit> touched = new LinkedHashMap<>();
    private ProcessorContext<String, byte[]> context;
    private KeyValueStore<String, Unit> units;

    Units(long interval) {
      this.interval = interval;
    }

    @Override
    public void init(ProcessorContext<String, byte[]> context) {
      this.context = context;
      units = context.getStateStore("units");
      try (KeyValueIterator<String, Unit> all = units.all()) { // what a crash may have committed without its status
        all.forEachRemaining(entry -> touched.put(entry.key, entry.value));
      }
      context.schedule(Duration.ofMillis(interval), PunctuationType.WALL_CLOCK_TIME, this::publish);
    }

    @Override
    public void process(Record<String, byte[]> record) {
      Event event = KafkaStreamsPeer.read(record.value());
      if (event.kind.equals("clock")) {
        return;
      }
      String key = record.key();
      Unit known = units.get(key);
      Unit unit = known == null ? new Unit() : known;
      if (event.kind.equals("effect")) {
        unit.workers += event.workers;
        unit.present += event.present;
        unit.members += event.members;
      } else if (event.about.equals("cover")) {
        if (event.sign > 0) {
          unit.covers.add(event.key);
        } else {
          unit.covers.remove(event.key);
        }
      }
      unit.version++;
      unit.time = event.time;
      boolean uncovered = unit.covers.isEmpty();
      if (unit.open ? !uncovered : uncovered && unit.workers >= THRESHOLD && key.charAt(0) == 'e') {
        unit.open = !unit.open;
        unit.transitions++;
        alert(key, unit, record.timestamp());
      }
      units.put(key, unit);
      touched.put(key, unit);
    }

    private void alert(String key, Unit unit, long timestamp) {
      String id = key + "#1";
      String data = "\"id\":\"" + id + "\",\"rule\":\"no-union\",\"unit\":\"" + key + "\",\"version\":"
          + unit.transitions + ",\"state\":\"" + (unit.open ? "open" : "resolved") + "\",\"workers\":" + unit.workers;
      byte[] value = cloudEvent(id + "@" + unit.transitions, "units", "alert.no-union", id, unit.time, data);
      context.forward(new Record<>(id, value, timestamp), "alerts");
    }

    private void publish(long now) {
      touched.forEach((key, unit) -> {
        String data = "\"unit\":\"" + key + "\",\"kind\":\"" + (key.charAt(0) == 'e' ? "enterprise" : "union")
            + "\",\"version\":" + unit.version + ",\"workers\":" + unit.workers + ",\"present\":" + unit.present
            + ",\"members\":" + unit.members + ",\"unions\":["
            + (unit.covers.isEmpty() ? "" : "\"" + String.join("\",\"", unit.covers) + "\"") + "]";
        byte[] value = cloudEvent(key + "@" + unit.version, "units", "unit.status", key, unit.time, data);
        context.forward(new Record<>(key, value, now), "status");
      });
      touched.clear();
    }
  }

  private interface Reader<T> {
    T read(byte[] bytes);
  }

  private interface Writer<T> {
    byte[] write(T value);
  }

  private static <T> Serde<T> serde(Writer<T> writer, Reader<T> reader) {
    Serializer<T> serializer = (topic, value) -> value == null ? null : writer.write(value);
    Deserializer<T> deserializer = (topic, bytes) -> bytes == null ? null : reader.read(bytes);
    return Serdes.serdeFrom(serializer, deserializer);
  }

  private static <T> StoreBuilder<KeyValueStore<String, T>> store(
      String name, boolean inMemory, boolean caching, Serde<T> values) {
    KeyValueBytesStoreSupplier supplier =
        inMemory ? Stores.inMemoryKeyValueStore(name) : Stores.persistentKeyValueStore(name);
    StoreBuilder<KeyValueStore<String, T>> builder =
        Stores.keyValueStoreBuilder(supplier, Serdes.String(), values).withLoggingEnabled(Map.of());
    return caching ? builder.withCachingEnabled() : builder;
  }

  public static void main(String[] arguments) throws InterruptedException {
    String broker = arguments[0], run = arguments[1], input = arguments[2];
    boolean inMemory = arguments[3].equals("memory");
    long cacheBytes = Long.parseLong(arguments[4]);
    long interval = Long.parseLong(arguments[6]);

    Properties settings = new Properties();
    settings.put("bootstrap.servers", broker);
    settings.put("application.id", run);
    settings.put("processing.guarantee", "exactly_once_v2");
    settings.put("num.stream.threads", arguments[5]);
    settings.put("commit.interval.ms", arguments[6]);
    settings.put("statestore.cache.max.bytes", arguments[4]);
    settings.put("state.dir", arguments[7]);
    settings.put("replication.factor", "1");
    settings.put("auto.offset.reset", "earliest");
    settings.put("compression.type", "lz4");
    settings.put("linger.ms", "50");
    settings.put("batch.size", String.valueOf(256 << 10));
    settings.put("buffer.memory", String.valueOf(128L << 20));
    settings.put("max.poll.records", "4000");
    settings.put("max.partition.fetch.bytes", String.valueOf(4 << 20));

    Serializer<String> keys = Serdes.String().serializer();
    Serializer<byte[]> values = Serdes.ByteArray().serializer();
    Deserializer<String> readKeys = Serdes.String().deserializer();
    Deserializer<byte[]> readValues = Serdes.ByteArray().deserializer();
    boolean caching = cacheBytes > 0;
    Topology topology = new Topology();
    topology.addSource("events", readKeys, readValues, input);
    topology.addProcessor("people-step", People::new, "events");
    topology.addStateStore(store("people", inMemory, caching, serde(Person::write, Person::read)), "people-step");
    topology.addSink("effects", run + ".unit.changes", keys, values, "people-step");
    topology.addSource("changes", readKeys, readValues, run + ".unit.changes");
    topology.addProcessor("units-step", () -> new Units(interval), "changes");
    topology.addStateStore(store("units", inMemory, caching, serde(Unit::write, Unit::read)), "units-step");
    topology.addSink("status", run + ".unit.status", keys, values, "units-step");
    topology.addSink("alerts", run + ".alerts", keys, values, "units-step");

    KafkaStreams streams = new KafkaStreams(topology, settings);
    streams.setUncaughtExceptionHandler(error -> {
      error.printStackTrace();
      Runtime.getRuntime().halt(1);
      return null;
    });
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(5))));
    streams.start();
    Thread.currentThread().join();
  }
}
