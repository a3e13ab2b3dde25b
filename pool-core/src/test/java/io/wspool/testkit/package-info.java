/** What tests are built from, in this module and in those that depend on its {@code tests} artifact. */
package io.wspool.testkit;
