import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;

/**
 * Records of the log by type and month of the fact, kept in a topic: TOPIC,TOPIC OUT SETTINGS.properties…
 *
 * <p>Says "running" once every thread has its partitions. The value that goes through the repartition topic is empty:
 * counting needs none.
 */
public final class StreamsFigure {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final byte[] NOTHING = {};

    public static void main(String[] arguments) throws IOException {
        List<String> topics = Arrays.asList(arguments[0].split(","));
        Properties settings = new Properties();
        for (int each = 2; each < arguments.length; each++) {
            try (Reader file = Files.newBufferedReader(Path.of(arguments[each]))) {
                settings.load(file);
            }
        }
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(topics, Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()))
                .map((entity, event) -> KeyValue.pair(cell(event), NOTHING))
                .groupByKey(Grouped.with("cell", Serdes.String(), Serdes.ByteArray()))
                .count(Materialized.as("figure"))
                .toStream()
                .to(arguments[1], Produced.with(Serdes.String(), Serdes.Long()));
        KafkaStreams streams = new KafkaStreams(builder.build(), settings);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                System.out.println("running");
            }
        });
        streams.setUncaughtExceptionHandler(failure -> {
            failure.printStackTrace();
            Runtime.getRuntime().halt(1);
            return null;
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
        streams.start();
    }

    private static String cell(byte[] event) {
        try {
            JsonNode read = JSON.readTree(event);
            return read.get("type").textValue() + " " + read.get("time").textValue().substring(0, 7);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
