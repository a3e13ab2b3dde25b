/** Programs to run and to copy from. */
@org.jspecify.annotations.NullMarked
package io.wspool.examples;
