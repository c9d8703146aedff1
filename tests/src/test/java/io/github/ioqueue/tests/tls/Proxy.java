package io.github.ioqueue.tests.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** An attacker in the middle of one connection: passes bytes on, injects others, and ends streams when it is told to. */
final class Proxy implements AutoCloseable {

    private final ServerSocket listener;
    private volatile boolean cut;
    private volatile Socket client;
    private volatile Socket server;

    Proxy(int port) throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        new Thread(() -> serve(port), "proxy").start();
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Ends both streams, cleanly as TCP goes. */
    void cut() {
        cut = true;
        end(client);
        end(server);
    }

    /** Injects bytes into the stream to the server, or to the client. */
    void inject(boolean toServer, byte[] bytes) throws IOException {
        write(toServer ? server : client, bytes, bytes.length);
    }

    /** Ends the stream to the server, or to the client, and passes nothing on there any more. */
    void forgeEnd(boolean toServer) {
        end(toServer ? server : client);
    }

    private static void write(Socket to, byte[] bytes, int n) throws IOException {
        synchronized (to) {
            to.getOutputStream().write(bytes, 0, n);
        }
    }

    private void serve(int port) {
        try {
            client = listener.accept();
            server = new Socket(InetAddress.getLoopbackAddress(), port);
            new Thread(() -> pass(client, server), "proxy forth").start();
            pass(server, client);
        } catch (IOException e) {
            // Closed.
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[4096];
        try {
            for (int n = from.getInputStream().read(buffer);
                    n >= 0;
                    n = from.getInputStream().read(buffer)) {
                if (!cut) {
                    write(to, buffer, n);
                }
            }
        } catch (IOException e) {
            // One of them is closed.
        }
        end(to);
    }

    private static void end(Socket socket) {
        try {
            socket.shutdownOutput();
        } catch (IOException e) {
            // It has ended.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : new Socket[] {client, server}) {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
