package io.wspool.bench;

import io.wspool.bench.LineProcess.Broken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Interim. */
final class NativeBuild {
    private NativeBuild() {}

    static Path build(Path directory, String name, String... flags) throws Broken {
        try {
            Files.createDirectories(directory);
            for (String file : new String[] {"client.h", "floor_client.c", "echo_server.c"}) {
                try (InputStream in = NativeBuild.class.getResourceAsStream("native/" + file)) {
                    Files.copy(in, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            Path target = directory.resolve(name + flags.length);
            java.util.List<String> command = new java.util.ArrayList<>(java.util.List.of("gcc", "-O2"));
            command.addAll(java.util.List.of(
                    "-o", target.toString(), directory.resolve(name + ".c").toString()));
            command.addAll(java.util.List.of(flags));
            if (!Files.exists(target)
                    && new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
                throw new Broken("gcc fails");
            }
            return target;
        } catch (IOException | InterruptedException e) {
            throw new Broken(e.toString());
        }
    }
}
