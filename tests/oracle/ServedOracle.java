// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import io.antmedia.filter.TokenFilterManager;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Says which stream a server reads from the paths of URLs, by its own filter.
 *
 * In: number of paths, then each as a text with its length. Out, for each: the stream as a text with
 * its length, or the length -1 where the filter gives up or throws.
 */
public final class ServedOracle {
    private ServedOracle() {}

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        System.setOut(System.err); // the server's log must not get between the answers
        while (true) {
            String[] paths;
            try {
                paths = new String[in.readInt()];
            } catch (EOFException end) {
                return;
            }
            for (int i = 0; i < paths.length; i++) {
                byte[] text = new byte[in.readInt()];
                in.readFully(text);
                paths[i] = new String(text, StandardCharsets.UTF_8);
            }
            for (String path : paths) {
                answer(path, out);
            }
            out.flush();
        }
    }

    private static void answer(String path, DataOutputStream out) throws IOException {
        String stream;
        try {
            stream = TokenFilterManager.getStreamId(path);
        } catch (RuntimeException broken) {
            stream = null;
        }
        byte[] text = stream == null ? null : stream.getBytes(StandardCharsets.UTF_8);
        out.writeInt(text == null ? -1 : text.length);
        if (text != null) {
            out.write(text);
        }
    }
}
