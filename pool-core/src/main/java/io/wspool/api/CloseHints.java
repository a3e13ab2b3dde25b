package io.wspool.api;

import java.util.Locale;
import java.util.ResourceBundle;

/**
 * Tells a person in one sentence what a close means and what the pool does next. English, and Chinese for every locale
 * whose language is {@code zh}; the JVM's default locale plays no part.
 * <p><b>Threads:</b> any. Reads a resource the first time; meant for logs and dialogs, not for a hot path. The texts are
 * in {@code close-hints.properties} and {@code close-hints_zh.properties} beside this class.
 */
public final class CloseHints {
    private CloseHints() {}

    /** The hint where the {@linkplain ClosePolicies#standard() standard policy} decides. */
    public static String of(CloseCause cause, Locale locale) {
        return of(cause, ClosePolicies.standard().onClose(cause), locale);
    }

    /** The hint where {@code next} was decided, by whatever policy. */
    public static String of(CloseCause cause, CloseAction next, Locale locale) {
        ResourceBundle texts = texts(locale);
        return switch (cause.kind()) {
            case LOCAL_CLOSE, RECYCLED, HEARTBEAT_TIMEOUT, PROTOCOL_ERROR, OWNER_ABSENT ->
                texts.getString(cause.kind().name()); // no policy is asked: the sentence is whole
            default ->
                texts.getString("sentence")
                        .replace("{meaning}", texts.getString(meaning(cause)))
                        .replace("{next}", texts.getString(next.name()));
        };
    }

    private static String meaning(CloseCause cause) {
        return switch (cause.kind()) {
            case UPGRADE_REFUSED -> refusal(cause);
            case CONNECT_FAILED ->
                ClosePolicies.badCertificate(cause.error()) ? "CONNECT_FAILED.certificate" : "CONNECT_FAILED";
            case NOT_READY, END_OF_STREAM, TRANSPORT_ERROR -> cause.kind().name();
            default -> code(cause.code());
        };
    }

    private static String code(int code) {
        return switch (code) {
            case 1000, 1001, 1002, 1003, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 4401, 4403 ->
                Integer.toString(code);
            default -> code >= 3000 && code <= 4999 ? "3000-4999" : "other";
        };
    }

    private static String refusal(CloseCause cause) {
        UpgradeRefusal refusal = cause.refusal();
        int status = refusal == null ? 0 : refusal.status();
        if (status >= 300 && status <= 399) {
            return "http.3xx";
        }
        if (status >= 500 && status <= 599) {
            return "http.5xx";
        }
        return switch (status) {
            case 401, 403, 404, 426, 429 -> "http." + status;
            default -> "http.other";
        };
    }

    /**
     * Asked for exactly one of the two locales that exist: a search would end at the JVM's default locale where the
     * wanted one is missing, and the switch that forbids this ({@code Control.getNoFallbackControl}) is refused to named
     * modules. The package's name is not written out, so that the bundle is found in a relocated jar as well.
     */
    private static ResourceBundle texts(Locale locale) {
        boolean chinese = locale.getLanguage().equals("zh");
        return ResourceBundle.getBundle(
                CloseHints.class.getPackageName() + ".close-hints", chinese ? Locale.CHINESE : Locale.ROOT);
    }
}
