// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import io.antmedia.AppSettings;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Says what the server's own code reads out of texts.
 *
 * In: number of requests, then each as two texts with their length: a kind, and a text. Out, for
 * each, a number: of kind `whole` the number, of `encoders` how many there are; the smallest one
 * when the server fails over it.
 */
public final class TextsOracle {
    private TextsOracle() {}

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        System.setOut(System.err); // the server's log must not get between the answers
        while (true) {
            String[][] requests;
            try {
                requests = new String[in.readInt()][];
            } catch (EOFException end) {
                return;
            }
            for (int i = 0; i < requests.length; i++) {
                requests[i] = new String[] {read(in), read(in)};
            }
            for (String[] request : requests) {
                out.writeInt(answer(request[0], request[1]));
            }
            out.flush();
        }
    }

    private static int answer(String kind, String text) {
        try {
            if (kind.equals("whole")) {
                return Integer.valueOf(text);
            }
            return AppSettings.encodersStr2List(text).size();
        } catch (RuntimeException failed) {
            return Integer.MIN_VALUE;
        }
    }

    private static String read(DataInputStream in) throws IOException {
        byte[] text = new byte[in.readInt()];
        in.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
