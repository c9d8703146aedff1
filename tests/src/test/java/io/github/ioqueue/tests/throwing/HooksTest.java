package io.github.ioqueue.tests.throwing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page about throwing has every place where the library calls code of others. */
class HooksTest {

    /** Packages that are not exported, or not the library. */
    private static final List<String> OTHERS = List.of(".tests", ".testkit", ".internal", ".examples");

    /** Hooks, or all of a type, that need no row, with the reason. */
    private static final Map<String, String> EXEMPT = Map.ofEntries(
            Map.entry("StreamSocket", "called by handlers and layers, which are in the table themselves"),
            Map.entry("SocketPort", "in the table with each kind of socket"),
            Map.entry("IoBackend.name", "a constant, read when text is made"),
            Map.entry("TlsBackend.name", "a constant, read when text is made"),
            Map.entry("TlsBackend.version", "called by its user alone"),
            Map.entry("TlsBackend.capabilities", "a constant"),
            Map.entry("TlsBackend.algorithms", "called by its user alone"),
            Map.entry("Framing.framer", "called by the constructor of Framed, in the user's own call"),
            Map.entry("Framing.encode", "called in the user's own call of send"),
            Map.entry("Framing.encodedBytes", "called in the user's own call of send"),
            Map.entry("Framing.send", "called by its user alone"),
            Map.entry("Framing.fit", "called by its user alone"),
            Map.entry("Answer.onResolved", "a task of the queue"),
            Map.entry("HandlerCalls.HandlerCalls", "part of a layer, which is in the table itself"),
            Map.entry("SlowCallbacks.SlowCallbacks", "called by a probe, which is in the table itself"),
            Map.entry("Transport", "implemented by the library's own sockets"),
            Map.entry("Exporter.export", "called by the engine of a backend, which is in the table itself"),
            Map.entry("JsseTraits.JsseTraits", "the same"),
            Map.entry("IoQueueConfig.IoQueueConfig", "the clock, which is in the table"),
            Map.entry("TlsConfig.TlsConfig", "the executor of handshakes, which is in the table"));

    private static final List<Class<?>> TYPES = publicTypes();

    private static List<Class<?>> publicTypes() {
        Stream<JavaClass> all = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.github.ioqueue").stream();
        return all.filter(HooksTest::isOfTheLibrary)
                .<Class<?>>map(JavaClass::reflect)
                .toList();
    }

    private static boolean isOfTheLibrary(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(JavaClass::getModifiers).stream()
                        .allMatch(outer -> outer.contains(JavaModifier.PUBLIC))
                && OTHERS.stream().noneMatch(("." + type.getPackageName() + ".")::contains);
    }

    /** Of interfaces that others implement, each method; of all types, each that takes a functional interface of the JDK. */
    private static Set<String> hooksOfTheCode() {
        Set<String> hooks = new TreeSet<>();
        TYPES.forEach(type -> {
            Executable[] all = Stream.of(type.getDeclaredMethods(), type.getDeclaredConstructors())
                    .flatMap(Arrays::stream)
                    .toArray(Executable[]::new);
            for (Executable each : all) {
                if (!each.isSynthetic()
                        && (Modifier.isPublic(each.getModifiers()) || Modifier.isProtected(each.getModifiers()))
                        && (isImplemented(type, each) || takesCode(each))) {
                    hooks.add(name(type, each));
                }
            }
        });
        return hooks;
    }

    private static boolean isImplemented(Class<?> type, Executable method) {
        return type.isInterface() && !type.isSealed() && !Modifier.isStatic(method.getModifiers());
    }

    private static boolean takesCode(Executable method) {
        return Arrays.stream(method.getParameters())
                .map(Parameter::getType)
                .anyMatch(type -> type == Executor.class
                        || type == ThreadFactory.class
                        || (type.getName().startsWith("java.") && type.isAnnotationPresent(FunctionalInterface.class)));
    }

    /** A builder's method is named after what it builds. */
    private static String name(Class<?> type, Executable method) {
        Class<?> named = type.getSimpleName().equals("Builder") ? type.getEnclosingClass() : type;
        return named.getSimpleName() + "." + (method instanceof Method ? method.getName() : type.getSimpleName());
    }

    private static Set<String> hooksOfThePage() {
        return Hook.all().stream().map(Hook::name).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void thePageHasEveryHook() {
        Set<String> missing = hooksOfTheCode();
        missing.removeAll(hooksOfThePage());
        missing.removeIf(hook -> EXEMPT.containsKey(hook) || EXEMPT.containsKey(hook.substring(0, hook.indexOf('.'))));
        assertThat(missing).as("not in docs/throwing.md").isEmpty();
    }

    @Test
    void everyHookOfThePageIsInTheCode() {
        Set<String> methods = TYPES.stream()
                .flatMap(type -> Arrays.stream(type.getMethods()).map(method -> name(type, method)))
                .collect(Collectors.toSet());
        assertThat(methods).containsAll(hooksOfThePage());
    }

    @Test
    void nothingIsExemptThatIsNotThere() {
        Set<String> there = hooksOfTheCode();
        there.addAll(
                there.stream().map(hook -> hook.substring(0, hook.indexOf('.'))).toList());
        assertThat(there).containsAll(EXEMPT.keySet());
    }

    @Test
    void everyHookOfThePageIsPlayed() {
        Set<String> played = Case.all().map(each -> each.hook().name()).collect(Collectors.toCollection(TreeSet::new));
        assertThat(played).isEqualTo(hooksOfThePage());
    }
}
