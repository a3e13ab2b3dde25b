package io.wspool.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server's answer to the upgrade that was not a valid 101.
 *
 * @param status the HTTP status, or 0 where the answer could not be parsed
 * @param reasonPhrase what stood behind it, escaped
 * @param headers the response's headers, names in lower case, in order of appearance, values escaped
 * @param bodyStart at most 4 KiB of the body that had arrived, escaped
 * @param problem what was wrong with the answer, for a person
 */
public record UpgradeRefusal(
        int status, String reasonPhrase, Map<String, List<String>> headers, String bodyStart, String problem) {
    /** Checks and copies. */
    public UpgradeRefusal {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers)); // Map.copyOf would lose the order
    }

    /** The first value of a header, whatever the case of its name, or null. */
    public @Nullable String header(String name) {
        List<String> values = headers.get(name.toLowerCase(Locale.ROOT));
        return values == null || values.isEmpty() ? null : values.get(0);
    }
}
