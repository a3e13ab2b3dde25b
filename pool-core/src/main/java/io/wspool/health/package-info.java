/**
 * Decisions as pure functions of numbers and time: is a channel well, what does a send over it cost, when to ping, when
 * to give up, when to dial again.
 * <p>Time comes in as an argument, in nanoseconds; nothing here waits, reads a clock or rolls dice. For a channel it is the
 * time during which its loop was served, so a pause on this side is held against no peer. So every bound that the pool
 * promises is computed and tested in this room, from both sides, without a network.
 * <p>Uses {@code api}. No Netty; it decides and never acts.
 */
package io.wspool.health;
