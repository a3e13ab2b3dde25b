/**
 * What tests are built from, in this module and in those that depend on its {@code tests} artifact.
 * <p>The test world: {@link io.wspool.testkit.World} runs a real pool, with its time, chance, names and connections, on one thread
 * and from one seed, against {@link io.wspool.testkit.ScriptedServer}s; {@link io.wspool.testkit.Traffic} is its user and
 * {@link io.wspool.testkit.Law} its judge. Beside it: the leak gate, a JVM of its own, parts of the system.
 */
package io.wspool.testkit;
