// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.Properties;

/**
 * Says what java.util.Properties reads in documents, and how it would write them.
 *
 * In: number of documents, then each as length and bytes. Out, for each: 1 if it is refused, or 0,
 * the number of entries, each key and value as length and UTF-16, and what store() makes of them.
 */
public final class PropertiesOracle {
    private PropertiesOracle() {}

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        while (true) {
            byte[][] documents;
            try {
                documents = new byte[in.readInt()][];
            } catch (EOFException end) {
                return;
            }
            for (int i = 0; i < documents.length; i++) {
                documents[i] = new byte[in.readInt()];
                in.readFully(documents[i]);
            }
            for (byte[] document : documents) {
                answer(document, out);
            }
            out.flush();
        }
    }

    private static void answer(byte[] document, DataOutputStream out) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new ByteArrayInputStream(document));
        } catch (IllegalArgumentException malformed) {
            out.writeByte(1);
            return;
        }
        out.writeByte(0);
        out.writeInt(properties.size());
        for (Map.Entry<Object, Object> entry : properties.entrySet()) {
            write((String) entry.getKey(), out);
            write((String) entry.getValue(), out);
        }
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        properties.store(stored, null);
        out.writeInt(stored.size());
        stored.writeTo(out);
    }

    /** As UTF-16 char by char, since an encoder would replace a lone surrogate. */
    private static void write(String text, DataOutputStream out) throws IOException {
        out.writeInt(2 * text.length());
        out.writeChars(text);
    }
}
