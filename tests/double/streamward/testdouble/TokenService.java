// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
package streamward.testdouble;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Date;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import com.amazonaws.util.Base32;
import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;

import org.red5.server.api.scope.IScope;
import org.red5.server.api.stream.IStreamPlaybackSecurity;
import org.red5.server.api.stream.IStreamPublishSecurity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;

import io.antmedia.AppSettings;
import io.antmedia.datastore.db.DataStoreFactory;
import io.antmedia.datastore.db.types.Token;
import io.antmedia.security.ITokenService;
import io.antmedia.security.TOTPGenerator;

/**
 * TEST DOUBLE of the Enterprise edition's token service: what it accepts and refuses shows how the
 * collection deals with a server that enforces, and proves nothing about Enterprise itself.
 *
 * <p>It follows the documented rules. Settings are read at every call, never kept, so a wrong key, a
 * stale twin or an old secret shows. The methods of all supported servers stand side by side, without
 * {@code @Override}: each version calls its own.
 */
public class TokenService implements ITokenService, IStreamPublishSecurity, IStreamPlaybackSecurity {

    private static final Logger LOG = LoggerFactory.getLogger(TokenService.class);
    private static final int SHORTEST_SECRET = 32;
    private static final String PUBLISH = "publish";
    private static final String PLAY = "play";

    private final Map<String, String> streamOfSession = new ConcurrentHashMap<>();
    private final Map<String, String> subscriberSessions = new ConcurrentHashMap<>();

    @Autowired
    private AppSettings settings;

    @Autowired
    private DataStoreFactory stores;

    public TokenService() {
        LOG.warn("ENFORCEMENT DOUBLE (test only) in place of the token service");
    }

    // --- JWT

    public boolean checkJwtToken(String token, String stream, String session, String type) {
        return known(session, stream)
                || isJwtTokenValid(token, settings.getJwtStreamSecretKey(), stream, type) && remember(session, stream);
    }

    /** 2.4.3. */
    public boolean checkJwtToken(String token, String stream, String type) {
        return checkJwtToken(token, stream, null, type);
    }

    public boolean isJwtTokenValid(String token, String secret, String stream, String type) {
        if (token == null || stream == null || type == null || !strong(secret)) {
            return false;
        }
        try {
            DecodedJWT decoded = JWT.decode(token);
            if (!"HS256".equals(decoded.getAlgorithm())) {
                return false;
            }
            Algorithm.HMAC256(secret).verify(decoded);
            Date expires = decoded.getExpiresAt();
            return stream.equals(decoded.getClaim("streamId").asString())
                    && type.equals(decoded.getClaim("type").asString())
                    && (expires == null || expires.after(new Date()));
        } catch (RuntimeException refused) {
            return false;
        }
    }

    public Token createJwtToken(String stream, long expires, String type, String room) {
        String secret = settings.getJwtStreamSecretKey();
        if (!strong(secret)) {
            return null;
        }
        String value = JWT.create()
                .withClaim("streamId", stream)
                .withClaim("type", type)
                .withExpiresAt(new Date(expires * 1000))
                .sign(Algorithm.HMAC256(secret));
        return token(value, stream, expires, type, room);
    }

    private static boolean strong(String secret) {
        return secret != null && secret.length() >= SHORTEST_SECRET;
    }

    // --- one-time tokens and hashes

    public boolean checkToken(String id, String stream, String session, String type) {
        if (known(session, stream)) {
            return true;
        }
        return id != null
                && stores.getDataStore().validateToken(token(id, stream, 0, type, null)) != null
                && remember(session, stream);
    }

    public Token createToken(String stream, long expires, String type, String room) {
        return token(java.util.UUID.randomUUID().toString(), stream, expires, type, room);
    }

    public boolean checkHash(String hash, String stream, String session, String type) {
        String secret = settings.getTokenHashSecret();
        if (known(session, stream)) {
            return true;
        }
        return secret != null && !secret.isEmpty()
                && sha256(stream + type + secret).equals(hash)
                && remember(session, stream);
    }

    private static String sha256(String text) {
        try {
            StringBuilder hex = new StringBuilder();
            for (byte part : MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8))) {
                hex.append(String.format("%02x", part));
            }
            return hex.toString();
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Token token(String id, String stream, long expires, String type, String room) {
        Token token = new Token();
        token.setTokenId(id);
        token.setStreamId(stream);
        token.setExpireDate(expires);
        token.setType(type);
        token.setRoomId(room);
        return token;
    }

    // --- time-based codes of subscribers whom the server does not know; registered ones are not modelled

    public boolean checkTimeBasedSubscriber(String subscriber, String stream, String session, String code, String type) {
        String secret = PUBLISH.equals(type) ? settings.getTimeTokenSecretForPublish() : settings.getTimeTokenSecretForPlay();
        if (known(session, stream)) {
            return true;
        }
        if (subscriber == null || stream == null || code == null || secret == null || secret.isEmpty()) {
            return false;
        }
        String key = TOTPGenerator.getSecretCodeForNotRecordedSubscriberId(subscriber, stream, type, secret);
        return TOTPGenerator.generateTOTP(Base32.decode(key), settings.getTimeTokenPeriod(), 6, "HmacSHA1").equals(code)
                && remember(session, stream);
    }

    /** 2.4.3 and 2.6.x, which have no secret for them: refused, so that no test passes by accident. */
    public boolean checkTimeBasedSubscriber(String subscriber, String stream, String session, String code, boolean publish) {
        return false;
    }

    // --- RTMP

    public boolean isPublishAllowed(IScope scope, String stream, String mode, Map<String, String> parameters,
            String metaData, String token, String subscriber, String code) {
        if (settings.isEnableTimeTokenForPublish() && !checkTimeBasedSubscriber(subscriber, stream, null, code, PUBLISH)) {
            return false;
        }
        return allowed(stream, token, PUBLISH,
                settings.isPublishTokenControlEnabled(),
                settings.isHashControlPublishEnabled(),
                settings.isPublishJwtControlEnabled());
    }

    /** 2.4.3 and 2.6.x. */
    public boolean isPublishAllowed(IScope scope, String stream, String mode, Map<String, String> parameters) {
        String token = parameters == null ? null : parameters.get("token");
        return isPublishAllowed(scope, stream, mode, parameters, null, token, null, null);
    }

    public boolean isPlayAllowed(IScope scope, String stream, String mode, Map<String, String> parameters,
            String metaData, String token, String subscriber, String code) {
        if (settings.isEnableTimeTokenForPlay() && !checkTimeBasedSubscriber(subscriber, stream, null, code, PLAY)) {
            return false;
        }
        return allowed(stream, token, PLAY,
                settings.isPlayTokenControlEnabled(),
                settings.isHashControlPlayEnabled(),
                settings.isPlayJwtControlEnabled());
    }

    public boolean isPlaybackAllowed(IScope scope, String stream, int start, int length, boolean flush) {
        return true;
    }

    private boolean allowed(String stream, String token, String type, boolean once, boolean hash, boolean jwt) {
        return (!once || checkToken(token, stream, null, type))
                && (!hash || checkHash(token, stream, null, type))
                && (!jwt || checkJwtToken(token, stream, null, type));
    }

    // --- a session that once passed for a stream keeps passing for that stream

    private boolean known(String session, String stream) {
        return session != null && stream != null && stream.equals(streamOfSession.get(session));
    }

    private boolean remember(String session, String stream) {
        if (session != null) {
            streamOfSession.put(session, stream);
        }
        return true;
    }

    public Map<String, String> getAuthenticatedMap() {
        return streamOfSession;
    }

    public Map<String, String> getSubscriberAuthenticatedMap() {
        return subscriberSessions;
    }
}
