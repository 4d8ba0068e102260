// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.RemoteIpValve;
import org.apache.catalina.valves.ValveBase;

/**
 * Says whom a server takes a client for, by the valve of Tomcat itself, 8.5 or 10.1.
 *
 * In: number of requests, then each as three texts with their length: the valve's expression, the
 * address of the peer, the value of X-Forwarded-For. Out, for each: the address as Java writes it
 * and the client the application behind the valve sees, as texts with their length.
 */
public final class ProxyOracle {
    private static final Connector CONNECTOR = new Connector();

    private ProxyOracle() {}

    /** What stands behind the valve. */
    private static final class Application extends ValveBase {
        private String client;

        @Override
        public void invoke(Request request, Response response) {
            client = request.getRemoteAddr();
        }
    }

    public static void main(String[] args) throws Exception {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        System.setOut(System.err); // a log must not get between the answers
        while (true) {
            String[][] requests;
            try {
                requests = new String[in.readInt()][];
            } catch (EOFException end) {
                return;
            }
            for (int i = 0; i < requests.length; i++) {
                requests[i] = new String[] {read(in), read(in), read(in)};
            }
            for (String[] request : requests) {
                String peer = InetAddress.getByName(request[1]).getHostAddress();
                write(out, peer);
                write(out, client(request[0], peer, request[2]));
            }
            out.flush();
        }
    }

    private static String client(String expression, String peer, String header) throws Exception {
        RemoteIpValve valve = new RemoteIpValve();
        valve.setInternalProxies(expression);
        Application application = new Application();
        valve.setNext(application);
        org.apache.coyote.Request received = new org.apache.coyote.Request();
        received.remoteAddr().setString(peer);
        received.getMimeHeaders().addValue("X-Forwarded-For").setString(header);
        valve.invoke(request(received), null);
        return application.client;
    }

    /** A request as a connector makes it: 10.1 takes the connector in the constructor, 8.5 later. */
    private static Request request(org.apache.coyote.Request received) throws Exception {
        Constructor<?> constructor = Request.class.getConstructors()[0];
        Request request;
        if (constructor.getParameterCount() == 1) {
            request = (Request) constructor.newInstance(CONNECTOR);
        } else {
            request = (Request) constructor.newInstance();
            Request.class.getMethod("setConnector", Connector.class).invoke(request, CONNECTOR);
        }
        request.setCoyoteRequest(received);
        return request;
    }

    private static String read(DataInputStream in) throws IOException {
        byte[] text = new byte[in.readInt()];
        in.readFully(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
