/** A program that uses the library from outside. */
module consumer {
    requires io.github.ioqueue.ssl;
}
