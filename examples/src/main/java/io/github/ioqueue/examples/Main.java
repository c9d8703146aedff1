package io.github.ioqueue.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line behind {@code ./ioq}. Exit codes: 0 success, 1 failure, 2 wrong arguments. */
@Command(
        name = "ioq",
        description = "Example programs of ioqueue.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        subcommands = {EchoCommand.class, ConnectCommand.class, DemoCommand.class})
public final class Main implements Runnable {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    Main() {}

    /** Runs one command. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setParameterExceptionHandler(Main::wrongArguments)
                .setExecutionExceptionHandler((failure, command, parsed) -> failed(failure, command));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "which program? One of " + spec.subcommands().keySet());
    }

    private static int wrongArguments(ParameterException wrong, String[] args) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println(oneLine(name + ": " + wrong.getMessage()) + " (" + name + " --help tells more)");
        return 2;
    }

    private static int failed(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof IOException || failure instanceof UncheckedIOException) {
            String name = command.getCommandSpec().qualifiedName();
            command.getErr().println(oneLine(name + ": " + failure.getMessage()));
            return 1;
        }
        throw failure;
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s*\\R\\s*", "; ");
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"ioqueue " + (version == null ? "(not packaged)" : version)};
        }
    }
}
