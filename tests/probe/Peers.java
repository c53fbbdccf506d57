import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** One JVM, a listener for each way a Gateway's can hang. Prints the ports, one line: name=port name=port … */
public class Peers {
    static final List<Socket> kept = new ArrayList<>();

    public static void main(String[] args) throws Exception {
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        ServerSocket deaf = new ServerSocket(0, 50, loopback);
        ServerSocket unread = new ServerSocket(0, 50, loopback);
        ServerSocket silent = new ServerSocket(0, 50, loopback);
        ServerSocket single = new ServerSocket(0, 50, loopback);
        ServerSocket closing = new ServerSocket(0, 50, loopback);
        ServerSocket full = new ServerSocket(0, 1, loopback);
        start(() -> { while (true) kept.add(unread.accept()); });
        start(() -> { while (true) { Socket s = silent.accept(); start(() -> drain(s)); } });
        // Parses the header on the listening thread: whoever says nothing keeps all others out.
        start(() -> { while (true) drain(single.accept()); });
        start(() -> {
            while (true) {
                Socket s = closing.accept();
                s.getInputStream().read(new byte[64]);
                s.close();
            }
        });
        System.out.println("deaf=" + deaf.getLocalPort() + " unread=" + unread.getLocalPort()
            + " silent=" + silent.getLocalPort() + " single=" + single.getLocalPort()
            + " closing=" + closing.getLocalPort() + " full=" + full.getLocalPort());
        System.in.read();
        System.exit(0);
    }

    interface Work { void run() throws Exception; }

    static void start(Work work) {
        Thread thread = new Thread(() -> { try { work.run(); } catch (Exception ended) { } });
        thread.setDaemon(true);
        thread.start();
    }

    static void drain(Socket s) throws Exception {
        InputStream in = s.getInputStream();
        while (in.read() >= 0) { }
    }
}
