package io.github.ioqueue.tests.throwing;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place where the library calls code of others, as docs/throwing.md has it.
 *
 * @param type the interface, or the class whose method takes a functional interface of the JDK
 * @param method the method
 * @param cost what a throw costs
 * @param told who is told of it
 */
record Hook(String type, String method, String cost, String told) {

    private static final java.nio.file.Path PAGE = java.nio.file.Path.of("..", "docs", "throwing.md");
    private static final Pattern CODE = Pattern.compile("`([\\w.]+)`");
    private static final int COLUMNS = 4;

    String name() {
        return type + "." + method;
    }

    boolean costsNothing() {
        return cost.equals("nothing");
    }

    boolean costsTheLoop() {
        return cost.equals("the loop");
    }

    /** Who of these is to be told: each one, or one of them. */
    boolean isToldTo(List<String> who) {
        String text = told.replace("`", "");
        return text.contains(" or ")
                ? List.of(text.split(" or ", -1)).stream().anyMatch(who::contains)
                : List.of(text.split(" and ", -1)).stream().allMatch(who::contains);
    }

    boolean tellsNobody() {
        return told.equals("nobody");
    }

    /** The rows of the tables of the page. */
    static List<Hook> all() {
        List<Hook> hooks = new ArrayList<>();
        for (String line : page().lines().toList()) {
            String[] cells = line.split(" *\\| *", 0);
            if (cells.length == COLUMNS + 1 && cells[1].startsWith("`")) {
                Matcher names = CODE.matcher(cells[1]);
                names.find();
                String type = names.group(1);
                while (names.find()) {
                    hooks.add(new Hook(type, names.group(1), cells[COLUMNS - 1], cells[COLUMNS]));
                }
            }
        }
        return hooks;
    }

    static String page() {
        try {
            return Files.readString(PAGE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public String toString() {
        return name();
    }
}
