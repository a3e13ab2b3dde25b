package io.wspool.modulepath;

/**
 * A user's program that finds the library on the module path. In a package of its own, because a package that the
 * module has is not looked for on the class path.
 */
public final class ModuleMain {
    private ModuleMain() {}

    public static void main(String[] args) {
        System.out.println(ModuleLayer.boot().findModule("io.wspool").orElseThrow());
    }
}
