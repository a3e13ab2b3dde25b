/**
 * The door: how a user opens a pool, sends through it and closes it.
 * <p>Behind the door stand the places of the pool, each of which outlives its connections; the supervisor that fills
 * them; the dispatcher that picks the healthiest live channel for a send; and the recycler that renews the stalest.
 * Control and data meet here in one array only, the live channels: the supervisor replaces it whole, senders read it
 * once a send.
 * <p>Uses {@code channel}, {@code wire}, {@code health}, {@code loop}, {@code measure}, {@code api}. Nothing of ours
 * uses this room: what a channel has to tell leaves it through its owner's interface.
 */
package io.wspool;
