package io.wspool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The main sources of this module, for the tests that read them. */
final class Sources {
    private static final Path ROOT = Path.of("src", "main", "java");
    private static final Pattern NO_CODE = Pattern.compile(
            "\"\"\".*?\"\"\"|\"(?:[^\"\\\\\n]++|\\\\.)*+\"|'(?:[^'\\\\\n]++|\\\\.)++'|//[^\n]*+|/\\*.*?\\*/",
            Pattern.DOTALL);

    private Sources() {}

    /** File name with its package, to its text; without {@code module-info}. */
    static Map<String, String> all() throws IOException {
        Map<String, String> sources = new TreeMap<>();
        try (Stream<Path> files = Files.walk(ROOT)) {
            for (Path file : (Iterable<Path>) files.filter(f -> f.toString().endsWith(".java"))::iterator) {
                if (!file.endsWith("module-info.java")) {
                    sources.put(ROOT.relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return sources;
    }

    /** The package of a file named as in {@link #all}. */
    static String packageOf(String file) {
        return file.substring(0, file.lastIndexOf('/')).replace('/', '.');
    }

    /** The source without its comments and literals. */
    static String code(String source) {
        return NO_CODE.matcher(source).replaceAll(" ");
    }
}
