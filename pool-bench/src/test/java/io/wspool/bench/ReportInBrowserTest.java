package io.wspool.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a real browser. Its pictures stay under {@code target/report-page}, to be looked at. */
class ReportInBrowserTest {
    private static final Path DIRECTORY = Path.of("target", "report-page").toAbsolutePath();
    private static ChromeDriver browser;

    @BeforeAll
    static void open() throws IOException {
        Path chromium = Path.of("/usr/bin/chromium");
        Path driver = Path.of("/usr/bin/chromedriver");
        for (Path part : List.of(chromium, driver)) {
            assumeTrue(Files.isExecutable(part), "no " + part + ": apt-get install chromium chromium-driver");
        }
        Files.createDirectories(DIRECTORY);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars");
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logging);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.toFile())
                .build();
        browser = new ChromeDriver(service, options);
    }

    @AfterAll
    static void close() {
        if (browser != null) {
            browser.quit();
        }
    }

    private static String page() throws IOException {
        List<Series> all = new ArrayList<>();
        Group polled = Golden.group("rtt-polled-64", "c/spin");
        String[][] first = {
            {"c/spin", "7.10"},
            {"wspool/polled", "7.27"},
            {"wspool/spinning", "7.31"},
            {"netty/spin", "8.06"},
            {"beast/spin", "8.09"}
        };
        String[][] second = {
            {"c/block", "21"},
            {"wspool/waiting", "21.6"},
            {"wspool/sleeping", "25"},
            {"netty/sleeping", "26"},
            {"vertx/sleeping", "27"},
            {"jdk/sleeping", "38"},
            {"okhttp/sleeping", "33"},
            {"java-websocket/sleeping", "35"},
            {"jetty/sleeping", "41"},
            {"reactor-netty/sleeping", "29"}
        };
        for (String[] one : first) {
            all.add(Golden.lifelike(polled, one[0], Double.parseDouble(one[1]), 24));
        }
        Group sleeping = Golden.group("rtt-sleeping-64", "c/block");
        for (String[] one : second) {
            Series series = Golden.lifelike(sleeping, one[0], Double.parseDouble(one[1]), 12);
            if (one[0].startsWith("j")) {
                series.samples.replaceAll(
                        sample -> series.samples.indexOf(sample) % 4 == 1 ? Golden.collecting(sample) : sample);
            }
            all.add(series);
        }
        Series beast = Golden.series(sleeping, "beast/block");
        beast.trouble = "no Boost headers: apt-get install libboost-dev";
        all.add(beast);
        Map<String, Object> machine = new java.util.LinkedHashMap<>();
        machine.put("command", "pool-bench/latency-report --full --seed 42");
        machine.put("cpu", "a golden processor with a long name @ 2.45 GHz");
        machine.put("order", "drawn anew for each round, seed 42");
        return ReportPage.of(
                Golden.circumstances(machine), all, Ratios.of(all, DispatchCost.unknown("measured with --full")));
    }

    private static void load(String name, String html) throws IOException {
        Path file = DIRECTORY.resolve(name + ".html");
        Files.writeString(file, html);
        browser.get(file.toUri().toString());
    }

    private static void show(int width, String scheme) {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    }

    private static Object run(String script) {
        return browser.executeScript(script);
    }

    private static void picture(String name) throws IOException {
        Map<String, Object> shot = browser.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true, "fromSurface", true));
        Files.write(DIRECTORY.resolve(name + ".png"), Base64.getDecoder().decode((String) shot.get("data")));
    }

    /** Pixels of a canvas that are not transparent, by colour. */
    private static long colours(int canvas) {
        return (Long) run("const c = document.querySelectorAll('canvas')[" + canvas + "];"
                + "const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);"
                + "const seen = new Map(); for (const p of d) if (p >>> 24 === 255) seen.set(p, (seen.get(p) || 0) + 1);"
                + "return [...seen.values()].filter(n => n > 100).length");
    }

    @Test
    void isDrawnInBothColourSchemesAndAtAllWidthsWithoutAWordOnTheConsole() throws IOException {
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {1280, 390}) {
                show(width, scheme);
                load("report", page());
                assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                        .as("console, %s, %d", scheme, width)
                        .isEmpty();
                assertThat(run("return performance.getEntriesByType('resource').length"))
                        .isEqualTo(0L);
                assertThat((Long) run("return document.documentElement.scrollWidth"))
                        .as("no horizontal scroll, %s", scheme)
                        .isLessThanOrEqualTo(width);
                assertThat(browser.findElements(By.tagName("canvas"))).hasSize(8);
                assertThat(colours(0)).as("floor and four lines").isGreaterThanOrEqualTo(5);
                assertThat(colours(4)).as("seven colours and the floor").isGreaterThanOrEqualTo(8);
                picture(scheme + "-" + width);
            }
        }
    }

    @Test
    void aCollectionIsADotInEachOfTheTimeLines() throws IOException {
        show(1280, "light");
        Group group = Golden.group("golden", "jdk/sleeping");
        Series without = Golden.lifelike(group, "jdk/sleeping", 38, 8);
        Series with = Golden.lifelike(group, "jdk/sleeping", 38, 8);
        with.samples.set(4, Golden.collecting(with.samples.get(4)));
        List<Long> lines = new ArrayList<>();
        for (Series series : List.of(without, with)) {
            load("dots", ReportPage.of(Golden.circumstances(Map.of()), List.of(series), List.of()));
            for (int canvas = 0; canvas < 4; canvas++) {
                lines.add(drawn(canvas));
            }
        }
        assertThat(lines.get(4)).as("the curve").isEqualTo(lines.get(0));
        for (int canvas = 1; canvas < 4; canvas++) {
            assertThat(lines.get(4 + canvas)).isGreaterThan(lines.get(canvas));
        }
    }

    /** Pixels of a canvas that are not transparent. */
    private static long drawn(int canvas) {
        return (Long) run("const c = document.querySelectorAll('canvas')[" + canvas + "];"
                + "const d = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);"
                + "return d.filter(p => p >>> 24).length");
    }

    @Test
    void valuesAreShownUnderThePointerOnly() throws IOException {
        show(1280, "light");
        load("hover", page());
        WebElement legend = browser.findElement(By.cssSelector(".curve .u-legend"));
        assertThat(legend.getText())
                .contains("wspool/polled")
                .doesNotContain("µs")
                .doesNotContain("--");
        new Actions(browser)
                .moveToElement(browser.findElement(By.cssSelector(".curve .u-over")))
                .perform();
        assertThat(legend.getText()).containsPattern("c/spin:?\\s*\\d+\\.\\d+ µs");
        picture("hover");
    }

    @Test
    void theLogIsDownloadedFromThePageItself() throws IOException {
        show(1280, "light");
        load("raw", page());
        run(
                "URL.createObjectURL = blob => { blob.text().then(t => { document.title = t.slice(0, 40); }); return '#'; }");
        assertThat(browser.findElement(By.tagName("main")).getText())
                .contains("A curve ends where")
                .doesNotContain("need JavaScript");
        browser.findElement(By.cssSelector("button[data-hlog='rtt-sleeping-64']"))
                .click();
        new org.openqa.selenium.support.ui.WebDriverWait(browser, java.time.Duration.ofSeconds(10))
                .until(b -> b.getTitle().startsWith("#[latencies"));
    }

    @Test
    void strangeDataIsDrawnToo() throws IOException {
        show(1280, "light");
        Group group = Golden.group("<script>", "c/spin");
        List<List<Series>> pages = List.of(
                List.of(Golden.series(group, "c/spin", Golden.sample())),
                List.of(Golden.series(group, "c/spin", Golden.sample(5_000))),
                List.of(Golden.series(group, "c/spin", Golden.sample(0, 3_600_000_000_000L))),
                Stream.iterate(0, i -> i + 1)
                        .limit(20)
                        .map(i -> Golden.lifelike(group, "client-" + i + "/spin", 5 + i, 3))
                        .toList());
        for (List<Series> series : pages) {
            String html = ReportPage.of(
                    Golden.circumstances(Map.of()), series, Ratios.of(series, DispatchCost.unknown("no")));
            load("strange-" + pages.indexOf(series), html);
            assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
            picture("strange-" + pages.indexOf(series));
        }
        assertThat(browser.findElements(By.cssSelector(".curve .u-legend .u-series")))
                .hasSize(21);
    }

    @Test
    void tablesStandWithoutJavaScript() throws IOException {
        show(1280, "light");
        browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", true));
        try {
            load("plain", page());
            picture("plain");
        } finally {
            browser.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", false));
        }
        assertThat(browser.findElements(By.tagName("canvas"))).isEmpty();
        assertThat(browser.findElements(By.className("scripted")))
                .as("what only a script can keep")
                .isNotEmpty()
                .noneMatch(WebElement::isDisplayed);
        assertThat(browser.findElement(By.tagName("main")).getText())
                .contains("Curves and downloads need JavaScript")
                .doesNotContain("Download");
        assertThat(browser.findElement(By.cssSelector("#rtt-polled-64 table")).getText())
                .contains("wspool/polled")
                .contains("heap B each");
    }

    @Test
    void isPrintedOnWhitePaper() throws IOException {
        show(1280, "dark");
        load("print", page());
        Map<String, Object> pdf = browser.executeCdpCommand("Page.printToPDF", Map.of("printBackground", true));
        byte[] bytes = Base64.getDecoder().decode((String) pdf.get("data"));
        Files.write(DIRECTORY.resolve("print.pdf"), bytes);
        assertThat(new String(bytes, 0, 5, StandardCharsets.US_ASCII)).isEqualTo("%PDF-");
    }
}
