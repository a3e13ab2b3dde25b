"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const sections = new Map(data.sections.map(s => [s.name, s]));
  // Okabe and Ito's colours, told apart by those who do not see all colours; yellow last, it is weak on white
  const COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442"];
  const DASHES = [[], [8, 3], [2, 3], [10, 3, 2, 3]];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const style = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const micros = v => v == null ? "" : v >= 1e6 ? +(v / 1e6).toPrecision(3) + " s" : v >= 1e3 ? +(v / 1e3).toPrecision(3) + " ms" : +v.toPrecision(3) + " µs";

  const percentile = x => {
    if (x <= 1) return "0";
    const nines = Math.round(Math.log10(x));
    if (Math.abs(x - 10 ** nines) < 1e-9) return nines < 2 ? "90" : nines === 2 ? "99" : "99." + "9".repeat(nines - 2);
    return String(+(100 * (1 - 1 / x)).toFixed(Math.max(1, nines)));
  };

  // a logarithm has no zero
  const positive = v => v == null ? v : Math.max(v, 0.001);

  const stroke = (series, others) => series.floor
    ? {colour: style("--text"), dash: [4, 4]}
    : {colour: COLOURS[others % COLOURS.length], dash: DASHES[Math.floor(others / COLOURS.length) % DASHES.length]};

  function lines(section, values) {
    let others = 0;
    return section.series.map(s => {
      const {colour, dash} = stroke(s, s.floor ? 0 : others++);
      return {label: s.label, stroke: colour, dash, width: 2, spanGaps: true,
        points: {show: values(s).filter(v => v != null).length < 2}, value: (u, v) => v == null ? "–" : micros(v)};
    });
  }

  function axes(xAxis) {
    const grid = {stroke: style("--line"), width: 1};
    const base = {stroke: style("--soft"), grid, ticks: grid, font: "12px system-ui, sans-serif"};
    return [{...base, ...xAxis}, {...base, size: 62, values: (u, splits) => splits.map(v => v == null ? "" : micros(v))}];
  }

  // decades alone leave a narrow range without labels
  function logSplits(u, axis, min, max) {
    const all = [];
    if (max / min < 4) {
      const step = [1, 2, 2.5, 5, 10].map(m => m * 10 ** Math.floor(Math.log10((max - min) / 5))).find(s => (max - min) / s <= 5);
      for (let v = Math.ceil(min / step); v * step <= max; v++) all.push(+(v * step).toPrecision(6));
      return all;
    }
    for (let d = Math.floor(Math.log10(min)); d <= Math.ceil(Math.log10(max)); d++)
      for (const m of max / min > 300 ? [1] : [1, 2, 5])
        all.push(+(m * 10 ** d).toPrecision(6));
    return all.filter(v => v >= min && v <= max);
  }

  const yRange = (u, min, max) => min == null ? [1, 10] : [Math.max(0.001, min / 1.1), Math.max(max, 0.002) * 1.1];

  function curve(box, section) {
    const x = section.x;
    // a single point has no width
    const end = Math.max(2, x[x.length - 1]);
    return [{
      width: box.clientWidth, height: box.clientWidth < 500 ? 300 : 380, padding: [12, 28, 0, 0],
      scales: {x: {distr: 3, time: false, range: () => [1, end]}, y: {distr: 3, range: yRange}},
      series: [{label: "percentile", value: (u, v) => v == null ? "–" : percentile(v)}, ...lines(section, s => s.y)],
      axes: axes({splits: () => [1, 10, 100, 1e3, 1e4, 1e5, 1e6].filter(v => v <= end).concat(end < 10 ? [end] : []),
        values: (u, splits) => splits.map(percentile), space: 30, label: "percentile", labelSize: 22}),
      legend: {markers: {dash: (u, i) => u.series[i].dash && u.series[i].dash.length ? "dashed" : "solid"}},
    }, [x, ...section.series.map(s => s.y.map(positive))]];
  }

  function rounds(box, section, which) {
    const x = Array.from({length: section.rounds}, (_, i) => i + 1);
    return [{
      title: (which === "max" ? "longest" : which) + " of each round", width: box.clientWidth, height: 210, padding: [4, 16, 0, 0],
      scales: {x: {time: false, range: () => [1, Math.max(2, section.rounds)]}, y: {distr: 3, range: yRange}},
      series: [{label: "round"}, ...lines(section, s => s[which]).map((l, i) => ({...l, width: 1.5,
        points: {...l.points, size: 7, fill: l.stroke, filter: (u, at, show) => show ? null : section.series[i].gc}}))],
      axes: axes({values: (u, splits) => splits.map(v => Number.isInteger(v) ? v : "")}),
      legend: {show: false}, cursor: {y: false},
    }, [x, ...section.series.map(s => x.map((_, i) => positive(s[which][i] ?? null)))]];
  }

  const plots = [];

  function draw() {
    while (plots.length) plots.pop().destroy();
    for (const box of document.querySelectorAll(".plot")) {
      const section = sections.get(box.dataset.section);
      const [options, values] = box.dataset.rounds ? rounds(box, section, box.dataset.rounds) : curve(box, section);
      options.axes[1].splits = logSplits;
      const plot = new uPlot(options, values, box);
      plot.box = box;
      plots.push(plot);
    }
  }

  function fit() {
    for (const plot of plots)
      if (plot.width !== plot.box.clientWidth) plot.setSize({width: plot.box.clientWidth, height: plot.height});
  }

  document.addEventListener("click", event => {
    const name = event.target.dataset && event.target.dataset.hlog;
    if (!name) return;
    const url = URL.createObjectURL(new Blob([sections.get(name).hlog], {type: "text/plain"}));
    const link = document.createElement("a");
    link.href = url;
    link.download = name + ".hlog";
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  });
  document.addEventListener("touchstart", event => {
    for (const plot of plots) plot.box.classList.toggle("touched", plot.box.contains(event.target));
  }, {passive: true});

  draw();
  dark.addEventListener("change", draw);
  addEventListener("resize", fit);
  // paper is white
  addEventListener("beforeprint", draw);
  addEventListener("afterprint", draw);
})();
