package consumer;

/** A program that uses the library from outside; {@code ci/consumer.sh} compiles and runs it. */
public final class Main {
    private Main() {}

    /**
     * Runs once and ends.
     *
     * @param args none
     */
    public static void main(String[] args) {
        System.out.println("consumer: ran in " + Main.class.getModule());
    }
}
