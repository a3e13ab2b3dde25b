package io.wspool.testkit;

import java.lang.reflect.Proxy;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.Logger;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.helpers.NOPMDCAdapter;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/** Prints what the pool logs at INFO and above, for a JVM with {@code -Dslf4j.provider=} and this class's name. */
public final class PrintedLog implements SLF4JServiceProvider {
    private static Logger logger(String name) {
        return (Logger) Proxy.newProxyInstance(
                Logger.class.getClassLoader(), new Class<?>[] {Logger.class}, (self, method, arguments) -> {
                    if (method.getReturnType() == boolean.class) {
                        return false; // whoever asks first wants to tell details
                    }
                    if (method.getName().equals("getName")) {
                        return name;
                    }
                    if (name.startsWith("io.wspool") && method.getName().matches("info|warn|error")) {
                        System.out.println(method.getName() + " " + text(arguments));
                    }
                    return null;
                });
    }

    private static String text(Object[] arguments) {
        Object[] values = new Object[arguments.length - 1];
        System.arraycopy(arguments, 1, values, 0, values.length);
        Object[] all = values.length == 1 && values[0] instanceof Object[] array ? array : values;
        return MessageFormatter.arrayFormat((String) arguments[0], all).getMessage();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return PrintedLog::logger;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return new BasicMarkerFactory();
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return new NOPMDCAdapter();
    }

    @Override
    public String getRequestedApiVersion() {
        return "2.0.99";
    }

    @Override
    public void initialize() {}
}
