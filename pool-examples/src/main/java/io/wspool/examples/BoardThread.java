package io.wspool.examples;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Shows figures on a board at the board's pace, so that a slow terminal holds up nobody. */
final class BoardThread {
    private final Board board;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread screen = new Thread(task, "board");
        screen.setDaemon(true);
        return screen;
    });
    private final ScheduledFuture<?> showing;

    /** {@code source} is asked on this thread. */
    BoardThread(Board board, Supplier<Figures> source) {
        this.board = board;
        long period = board.period().toNanos();
        showing = thread.scheduleAtFixedRate(() -> board.show(source.get()), period, period, TimeUnit.NANOSECONDS);
    }

    /** Ends with a last picture. A board that failed while it was shown says so now. */
    void stop() throws InterruptedException {
        thread.shutdown(); // ends the period, lets a picture that is being drawn be finished
        thread.awaitTermination(5, TimeUnit.SECONDS);
        board.close();
        if (showing.isDone() && !showing.isCancelled()) {
            try {
                showing.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("the board could not be shown", e.getCause());
            }
        }
    }
}
