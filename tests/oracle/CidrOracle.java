// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import io.antmedia.AppSettings;
import io.antmedia.filter.IPFilterDashboard;
import io.antmedia.settings.ServerSettings;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.catalina.util.NetMask;

/**
 * Says whom values let in, by the classes of the server itself.
 *
 * In: number of requests, then each as two texts with their length: a value, and addresses joined
 * by blanks. Out, for each: the number of entries that Tomcat's NetMask takes and of those it
 * refuses, cut as the server cuts, the numbers of entries that the dashboard's and that an
 * application's settings hold, and for each address three bytes: whether NetMask, the dashboard
 * filter and an application's list let it in.
 */
public final class CidrOracle {
    private static final IPFilterDashboard FILTER = new IPFilterDashboard();
    private static final AppSettings APP = new AppSettings();

    private CidrOracle() {}

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
                answer(request[0], request[1].split(" "), out);
            }
            out.flush();
        }
    }

    private static String read(DataInputStream in) throws IOException {
        byte[] text = new byte[in.readInt()];
        in.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void answer(String value, String[] addresses, DataOutputStream out)
            throws IOException {
        List<NetMask> masks = new ArrayList<>();
        int refused = 0;
        for (String entry : value.isEmpty() ? new String[0] : value.split("\\s*,\\s*")) {
            try {
                masks.add(new NetMask(entry));
            } catch (IllegalArgumentException dropped) {
                refused++;
            }
        }
        ServerSettings server = new ServerSettings();
        server.setAllowedDashboardCIDR(value);
        APP.setRemoteAllowedCIDR(value);
        out.writeInt(masks.size());
        out.writeInt(refused);
        out.writeInt(server.getAllowedCIDRList().size());
        out.writeInt(APP.getAllowedCIDRList().size());
        for (String address : addresses) {
            InetAddress client = InetAddress.getByName(address);
            out.writeBoolean(masks.stream().anyMatch(mask -> mask.matches(client)));
            out.writeBoolean(FILTER.checkCIDRList(server.getAllowedCIDRList(), address));
            out.writeBoolean(FILTER.checkCIDRList(APP.getAllowedCIDRList(), address));
        }
    }
}
