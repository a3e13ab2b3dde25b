/** Benchmarks beside the code they measure: same package, named class and question. */
@org.jspecify.annotations.NullMarked
package io.wspool;
