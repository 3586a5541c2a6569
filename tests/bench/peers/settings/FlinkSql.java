import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.TableResult;

/**
 * Runs a script of Flink SQL in one process: SCRIPT.sql. The last statement is the job.
 *
 * <p>Says "running" once the job does.
 */
public final class FlinkSql {
    public static void main(String[] arguments) throws Exception {
        TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
        TableResult last = null;
        for (String statement : Files.readString(Path.of(arguments[0])).split(";\\s*\n")) {
            String words = statement.replaceAll("(?m)^--.*\n", "").strip();
            if (words.startsWith("SET ")) {
                String[] setting = words.substring(4).split("'");
                tables.getConfig().set(setting[1], setting[3]);
            } else if (!words.isEmpty()) {
                last = tables.executeSql(words);
            }
        }
        JobClient job = last.getJobClient().orElseThrow();
        while (job.getJobStatus().get() != JobStatus.RUNNING) {
            if (job.getJobStatus().get().isTerminalState()) {
                break;
            }
            Thread.sleep(20);
        }
        System.out.println("running");
        job.getJobExecutionResult().get();
    }
}
