package io.wspool.channel;

import io.wspool.loop.QueuedMessage;
import org.jspecify.annotations.Nullable;

/** Messages that wait on the loop for one channel, in order. Linked through the messages themselves: no allocation. Loop only. */
final class WaitingList {
    private @Nullable QueuedMessage head;
    private @Nullable QueuedMessage tail;

    @Nullable
    QueuedMessage peek() {
        return head;
    }

    boolean isEmpty() {
        return head == null;
    }

    void addLast(QueuedMessage message) {
        message.next = null;
        if (tail == null) {
            head = message;
        } else {
            tail.next = message;
        }
        tail = message;
    }

    void addFirst(QueuedMessage message) {
        message.next = head;
        head = message;
        if (tail == null) {
            tail = message;
        }
    }

    void insertAfter(QueuedMessage before, QueuedMessage message) {
        message.next = before.next;
        before.next = message;
        if (tail == before) {
            tail = message;
        }
    }

    @Nullable
    QueuedMessage poll() {
        QueuedMessage first = head;
        if (first != null) {
            head = first.next;
            first.next = null;
            if (head == null) {
                tail = null;
            }
        }
        return first;
    }

    /** Takes the message behind {@code before}, or the first if {@code before} is null. */
    @Nullable
    QueuedMessage pollAfter(@Nullable QueuedMessage before) {
        if (before == null) {
            return poll();
        }
        QueuedMessage taken = before.next;
        if (taken != null) {
            before.next = taken.next;
            taken.next = null;
            if (tail == taken) {
                tail = before;
            }
        }
        return taken;
    }
}
