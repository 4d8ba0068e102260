// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
package streamward.testdouble;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

import org.apache.catalina.util.NetMask;
import org.red5.server.api.IConnection;
import org.red5.server.api.Red5;
import org.red5.server.api.scope.IScope;
import org.red5.server.api.stream.IStreamPublishSecurity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

import io.antmedia.AppSettings;

/**
 * TEST DOUBLE of the Enterprise edition's publisher address list (see {@link TokenService}).
 *
 * <p>An empty list lets everybody in. Entries are tried in order; one that cannot be read refuses,
 * which is this double's own choice, since what Enterprise does with it is not known.
 */
public class PublisherAddresses implements IStreamPublishSecurity {

    private static final Logger LOG = LoggerFactory.getLogger(PublisherAddresses.class);

    @Autowired
    private AppSettings settings;

    public PublisherAddresses() {
        LOG.warn("ENFORCEMENT DOUBLE (test only) in place of the publisher address list");
    }

    public boolean isPublishAllowed(IScope scope, String stream, String mode, Map<String, String> parameters,
            String metaData, String token, String subscriber, String code) {
        return allowed();
    }

    /** 2.4.3 and 2.6.x. */
    public boolean isPublishAllowed(IScope scope, String stream, String mode, Map<String, String> parameters) {
        return allowed();
    }

    private boolean allowed() {
        String list = settings.getAllowedPublisherCIDR();
        if (list == null || list.trim().isEmpty()) {
            return true;
        }
        IConnection connection = Red5.getConnectionLocal();
        if (connection == null) {
            return false;
        }
        try {
            InetAddress address = InetAddress.getByName(connection.getRemoteAddress());
            for (String entry : list.split(",")) {
                if (new NetMask(entry.trim()).matches(address)) {
                    return true;
                }
            }
        } catch (UnknownHostException | IllegalArgumentException unreadable) {
            return false;
        }
        return false;
    }
}
