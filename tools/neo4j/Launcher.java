import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/**
 * Runs one Neo4j Community server on 127.0.0.1 with authentication on: {@code Launcher HOME PORT},
 * port 0 meaning any free one. Prints {@code READY port} once the password is set and queries are
 * answered; stops on SIGTERM.
 *
 * <p>Environment: NEO4J_LAUNCH_PASSWORD (required; not an argument, since those are visible to
 * every user of the machine), NEO4J_LAUNCH_PARENT (stop when this process ends),
 * NEO4J_LAUNCH_IDLE_FILE with NEO4J_LAUNCH_IDLE_SECONDS (stop when nobody touched the file for so
 * long), NEO4J_LAUNCH_PAGECACHE_MB, NEO4J_LAUNCH_TX_MB.
 */
public final class Launcher {
    private static final long MB = 1024 * 1024;
    private static final String HOST = "127.0.0.1";

    public static void main(String[] args) {
        try {
            run(args);
        } catch (Exception failure) {
            // Neo4j's own threads would keep a half-started server alive.
            failure.printStackTrace();
            System.exit(1);
        }
    }

    private static void run(String[] args) throws Exception {
        if (args.length != 2) {
            throw new IllegalArgumentException("usage: Launcher HOME PORT");
        }
        String password = System.getenv("NEO4J_LAUNCH_PASSWORD");
        if (password == null || password.isEmpty()) {
            throw new IllegalArgumentException("NEO4J_LAUNCH_PASSWORD is not set");
        }
        Path home = Path.of(args[0]).toAbsolutePath();
        Files.createDirectories(home);
        int port = Integer.parseInt(args[1]);
        if (port == 0) {
            port = freePort();
        }

        DatabaseManagementService dbms = start(home, new SocketAddress(HOST, port));
        CountDownLatch stop = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            dbms.shutdown();
            stop.countDown();
        }));

        // Neo4j refuses to set a password to what it is, which is the case on every later start;
        // so another one comes first.
        setPassword(dbms, UUID.randomUUID().toString());
        setPassword(dbms, password);
        if (!dbms.database(GraphDatabaseSettings.DEFAULT_DATABASE_NAME).isAvailable(60_000)) {
            throw new IllegalStateException("the database did not become available within a minute");
        }
        System.out.println("READY " + port);
        System.out.flush();

        watchParent();
        watchIdle();
        stop.await();
    }

    private static DatabaseManagementService start(Path home, SocketAddress bolt) {
        return new DatabaseManagementServiceBuilder(home)
                .setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, bolt)
                // Drivers that use neo4j:// are sent to the advertised address.
                .setConfig(BoltConnector.advertised_address, bolt)
                .setConfig(GraphDatabaseSettings.auth_enabled, true)
                // Tests try wrong passwords on purpose; a lock-out would fail their neighbours.
                .setConfig(GraphDatabaseSettings.auth_max_failed_attempts, 0)
                .setConfig(GraphDatabaseSettings.pagecache_memory, megabytes("NEO4J_LAUNCH_PAGECACHE_MB", 64))
                .setConfig(GraphDatabaseSettings.memory_transaction_global_max_size, megabytes("NEO4J_LAUNCH_TX_MB", 256))
                // Tests load one small graph after another: without this every plan is made again for each.
                .setConfig(GraphDatabaseSettings.cypher_min_replan_interval,
                        Duration.ofSeconds(Long.parseLong(System.getenv().getOrDefault("NEO4J_LAUNCH_REPLAN_SECONDS", "10"))))
                .setConfig(GraphDatabaseSettings.preallocate_logical_logs, false)
                .setConfig(GraphDatabaseSettings.preallocate_store_files, false)
                .setConfig(GraphDatabaseSettings.keep_logical_logs, "keep_none")
                .setConfig(GraphDatabaseSettings.logical_log_rotation_threshold, megabytes("NEO4J_LAUNCH_LOG_MB", 16))
                .setConfig(GraphDatabaseSettings.filewatcher_enabled, false)
                .setConfig(GraphDatabaseSettings.udc_enabled, false)
                .setConfig(GraphDatabaseSettings.shutdown_transaction_end_timeout, Duration.ofSeconds(2))
                .build();
    }

    private static void setPassword(DatabaseManagementService dbms, String password) {
        dbms.database(GraphDatabaseSettings.SYSTEM_DATABASE_NAME).executeTransactionally(
                "ALTER USER neo4j SET PASSWORD $password CHANGE NOT REQUIRED", Map.of("password", password));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    private static long megabytes(String variable, long fallback) {
        String text = System.getenv(variable);
        return (text == null || text.isEmpty() ? fallback : Long.parseLong(text)) * MB;
    }

    /** Ends this server with the process that asked for it, even when that one was killed. */
    private static void watchParent() {
        String pid = System.getenv("NEO4J_LAUNCH_PARENT");
        if (pid == null || pid.isEmpty()) {
            return;
        }
        ProcessHandle.of(Long.parseLong(pid)).ifPresentOrElse(
                parent -> parent.onExit().thenRun(() -> System.exit(0)),
                () -> new Thread(() -> System.exit(0)).start());
    }

    /** Ends a server that was started on the fly and is not borrowed any more. */
    private static void watchIdle() {
        String file = System.getenv("NEO4J_LAUNCH_IDLE_FILE");
        String seconds = System.getenv("NEO4J_LAUNCH_IDLE_SECONDS");
        if (file == null || file.isEmpty() || seconds == null || seconds.isEmpty()) {
            return;
        }
        Path path = Path.of(file);
        long limit = Long.parseLong(seconds) * 1000;
        Thread watcher = new Thread(() -> {
            long started = System.currentTimeMillis();
            while (true) {
                try {
                    Thread.sleep(Math.min(5_000, limit));
                } catch (InterruptedException interrupted) {
                    return;
                }
                long touched;
                try {
                    touched = Files.getLastModifiedTime(path).toMillis();
                } catch (IOException gone) {
                    touched = 0; // No file, no borrower since the start.
                }
                if (System.currentTimeMillis() - Math.max(touched, started) > limit) {
                    System.exit(0);
                }
            }
        }, "idle-watcher");
        watcher.setDaemon(true);
        watcher.start();
    }

    private Launcher() {}
}
