// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/** Prints what the server's own reader finds in files: file, key and value, each ended by NUL. */
public final class ReadProperties {
    private ReadProperties() {}

    public static void main(String[] files) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        for (String file : files) {
            Properties properties = new Properties();
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                properties.load(in);
            }
            for (Map.Entry<Object, Object> entry : properties.entrySet()) {
                out.print(file + '\0' + entry.getKey() + '\0' + entry.getValue() + '\0');
            }
        }
        out.flush();
    }
}
