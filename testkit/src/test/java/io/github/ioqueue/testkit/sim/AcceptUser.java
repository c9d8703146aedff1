package io.github.ioqueue.testkit.sim;

import io.github.ioqueue.AcceptOp;
import io.github.ioqueue.IoKey;
import io.github.ioqueue.IoSocket;
import io.github.ioqueue.Submission;
import java.io.IOException;

/** Accepts, now and then not, and goes on after failures. */
final class AcceptUser implements SimUser {

    private final Simulation simulation;
    private final IoKey key;
    private final AcceptOp accept = new AcceptOp();

    AcceptUser(Simulation simulation, IoSocket socket) throws IOException {
        this.simulation = simulation;
        this.key = simulation.queue.register(socket, this);
        submit();
    }

    private void submit() {
        while (!accept.isPending() && !key.isClosed()) {
            simulation.submitted();
            if (key.submit(accept) == Submission.PENDING) {
                return;
            }
            accepted();
        }
    }

    private void accepted() {
        IOException failure = accept.failure();
        if (failure != null) {
            simulation.explained(failure);
            return;
        }
        try {
            StreamUser.accepted(simulation, accept.accepted());
        } catch (IOException e) {
            simulation.explained(e);
        }
    }

    @Override
    public void onAcceptComplete(IoKey k, AcceptOp op) {
        accepted();
        if (simulation.isFinishing() || !simulation.oneIn(8)) {
            submit();
        }
    }

    @Override
    public void act() {
        if (simulation.oneIn(6)) {
            key.cancel(accept);
        } else {
            submit();
        }
    }

    @Override
    public void goOnReading() {
        submit();
    }

    @Override
    public void finish() {}

    @Override
    public void close() {
        key.close();
    }

    @Override
    public void judge() {}
}
