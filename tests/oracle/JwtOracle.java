// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import io.antmedia.filter.JWTFilter;
import io.antmedia.filter.TokenFilterManager;
import io.antmedia.security.TOTPGenerator;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Judges and makes tokens with java-jwt and the classes of the server itself.
 *
 * In: number of requests, then each as five texts with their length: what to do and four arguments,
 * which stay empty where there are fewer. Out, for each: a text with its length.
 */
public final class JwtOracle {
    private JwtOracle() {}

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        System.setOut(System.err); // the server's log must not get between the answers
        while (true) {
            String[][] requests;
            try {
                requests = new String[in.readInt()][5];
            } catch (EOFException end) {
                return;
            }
            for (String[] request : requests) {
                for (int i = 0; i < request.length; i++) {
                    byte[] text = new byte[in.readInt()];
                    in.readFully(text);
                    request[i] = new String(text, StandardCharsets.UTF_8);
                }
            }
            for (String[] request : requests) {
                byte[] answer = answer(request).getBytes(StandardCharsets.UTF_8);
                out.writeInt(answer.length);
                out.write(answer);
            }
            out.flush();
        }
    }

    private static String answer(String[] of) {
        try {
            switch (of[0]) {
                case "library":
                    return JWT.class.getPackage().getImplementationVersion() + " "
                            + JWT.class.getProtectionDomain().getCodeSource().getLocation();
                case "api":
                    return JWTFilter.isJWTTokenValid(of[2], of[1]) ? "accepted" : "refused";
                case "stream":
                    return stream(of[1], of[2], of[3], of[4]);
                case "double":
                    return enforced(of[1], of[2], of[3], of[4]);
                case "make":
                    return JWT.create()
                            .withClaim("streamId", of[2])
                            .withClaim("type", of[3])
                            .withExpiresAt(Instant.ofEpochSecond(Long.parseLong(of[4])))
                            .sign(Algorithm.HMAC256(of[1]));
                case "hash":
                    return DigestUtils.sha256Hex(of[1] + of[2] + of[3]);
                case "totp":
                    return TOTPGenerator.generateTOTPWithTimeConstant(
                            of[1].getBytes(StandardCharsets.UTF_8), 6, "HmacSHA1", Long.parseLong(of[2]));
                case "served":
                    return String.valueOf(TokenFilterManager.getStreamId(of[1]));
                default:
                    throw new IllegalArgumentException(of[0]);
            }
        } catch (JWTVerificationException refusal) {
            return "refused";
        } catch (IllegalStateException broken) {
            throw broken;
        } catch (RuntimeException failure) {
            return "failed: " + failure.getClass().getSimpleName();
        }
    }

    /** The same as the enforcement double has it, which is not there when this is compiled. */
    private static String enforced(String token, String secret, String stream, String type) {
        try {
            Class<?> service = Class.forName("streamward.testdouble.TokenService");
            Object right =
                    service.getMethod("isJwtTokenValid", String.class, String.class, String.class, String.class)
                            .invoke(service.getConstructor().newInstance(), token, secret, stream, type);
            return Boolean.TRUE.equals(right) ? "accepted" : "refused";
        } catch (ReflectiveOperationException | LinkageError missing) {
            throw new IllegalStateException(missing);
        }
    }

    /** A stream's token as the vendor documents it: signature, times, stream and direction. */
    private static String stream(String token, String secret, String stream, String type) {
        DecodedJWT read =
                JWT.require(Algorithm.HMAC256(secret))
                        .withClaim("streamId", stream)
                        .withClaim("type", type)
                        .build()
                        .verify(token);
        return read.getAlgorithm().equals("HS256") ? "accepted" : "refused";
    }
}
