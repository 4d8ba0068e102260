// Copyright: (c) 2026, Streamward maintainers
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

import java.beans.PropertyEditor;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.json.simple.JSONValue;
import org.springframework.beans.factory.annotation.AutowiredAnnotationBeanPostProcessor;
import org.springframework.beans.factory.annotation.QualifierAnnotationAutowireCandidateResolver;
import org.springframework.beans.factory.config.CustomEditorConfigurer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.context.support.PropertySourcesPlaceholderConfigurer;

/**
 * Says what the server's own classes make of a settings file, by the server's own Spring.
 *
 * In: number of requests, then each as two byte strings with their length: the name of a class, and
 * a properties file. Out, for each: the number of fields, then each as its name and its value, a
 * map as JSON, null as an empty text with a zero byte in front; or -1 and the reason why the
 * context does not start.
 */
public final class CatalogueOracle {
    private static final String EDITOR = "io.antmedia.component.AppConfig$JSONObjectEditor";

    private CatalogueOracle() {}

    public static void main(String[] args) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(System.in));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(System.out));
        // Nothing but answers goes out, whatever the server logs.
        System.setOut(System.err);
        while (true) {
            int number;
            try {
                number = in.readInt();
            } catch (EOFException end) {
                return;
            }
            List<byte[]> parts = new ArrayList<>();
            for (int i = 0; i < 2 * number; i++) {
                parts.add(in.readNBytes(in.readInt()));
            }
            for (int i = 0; i < 2 * number; i += 2) {
                answer(new String(parts.get(i), StandardCharsets.UTF_8), parts.get(i + 1), out);
            }
            out.flush();
        }
    }

    private static void answer(String name, byte[] file, DataOutputStream out) throws IOException {
        try {
            Properties properties = new Properties();
            properties.load(new ByteArrayInputStream(file));
            Object bean = start(Class.forName(name), properties);
            List<Field> fields = new ArrayList<>();
            for (Field field : bean.getClass().getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    fields.add(field);
                }
            }
            out.writeInt(fields.size());
            for (Field field : fields) {
                field.setAccessible(true);
                Object value = field.get(bean);
                text(field.getName(), out);
                out.writeByte(value == null ? 0 : 1);
                text(value == null ? "" : value instanceof Map ? JSONValue.toJSONString(value) : value.toString(), out);
            }
        } catch (ReflectiveOperationException | RuntimeException error) {
            Throwable cause = error;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            out.writeInt(-1);
            text(String.valueOf(cause.getMessage()), out);
        }
    }

    private static Object start(Class<?> type, Properties properties) {
        // As in the server's XML: fields are filled in, and the classes' own property sources are not read.
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            context.getDefaultListableBeanFactory()
                .setAutowireCandidateResolver(new QualifierAnnotationAutowireCandidateResolver());
            context.registerBean(AutowiredAnnotationBeanPostProcessor.class);
            PropertySourcesPlaceholderConfigurer configurer = new PropertySourcesPlaceholderConfigurer();
            configurer.setProperties(properties);
            context.registerBean(PropertySourcesPlaceholderConfigurer.class, () -> configurer);
            CustomEditorConfigurer editors = editors();
            if (editors != null) {
                context.registerBean(CustomEditorConfigurer.class, () -> editors);
            }
            context.registerBean(type);
            context.refresh();
            return context.getBean(type);
        }
    }

    /** The editors for JSON, where the version has them. */
    private static CustomEditorConfigurer editors() {
        try {
            Class<? extends PropertyEditor> editor = Class.forName(EDITOR).asSubclass(PropertyEditor.class);
            Map<Class<?>, Class<? extends PropertyEditor>> all = new HashMap<>();
            all.put(org.json.simple.JSONObject.class, editor);
            all.put(Map.class, editor);
            CustomEditorConfigurer configurer = new CustomEditorConfigurer();
            configurer.setCustomEditors(all);
            return configurer;
        } catch (ClassNotFoundException none) {
            return null;
        }
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        byte[] data = text.getBytes(StandardCharsets.UTF_16BE);
        out.writeInt(data.length);
        out.write(data);
    }
}
